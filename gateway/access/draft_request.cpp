// SPDX-License-Identifier: Apache-2.0
#include "gateway/access/draft_request.h"

#include "core/bytes/encoding.h"
#include "gateway/http/uri.h"

#include <algorithm>

namespace postern::gateway {

const std::string *DraftRequest::header(std::string_view name) const noexcept
{
    const auto found = std::ranges::find_if(
        headers, [name](const auto &field) { return equalsIgnoringCase(field.first, name); });
    return found == headers.end() ? nullptr : &found->second;
}

void DraftRequest::addHeader(std::string_view name, std::string_view value)
{
    headers.emplace_back(name, value);
}

void DraftRequest::addArgument(std::string_view name, std::string_view value)
{
    target += target.contains('?') ? '&' : '?';
    target.append(encodePercent(name)).append("=").append(encodePercent(value));
}

bool readDraft(const DraftRequest &draft, Arena &arena, Request &out)
{
    const auto target = splitTarget(draft.target);
    const auto host = parseHost(draft.host, arena);
    if (!target || !host || !normalisePath(target->path, arena, out.path))
        return false;
    out.method = draft.method;
    out.target = out.rawTarget = draft.target;
    out.query = target->query;
    out.host = draft.host;
    out.hostName = host->name;
    out.peer = out.socketPeer = draft.peer;
    out.headOnly = draft.method == "HEAD";
    out.headers.append("Host", draft.host);
    for (const auto &[name, value] : draft.headers)
        out.headers.append(name, value);
    return true;
}

} // namespace postern::gateway
