// SPDX-License-Identifier: Apache-2.0
#include "gui/models/login_source.h"

#include "gateway/access/access_matrix.h"
#include "gui/session/workspace.h"

#include <algorithm>
#include <array>
#include <format>
#include <string_view>
#include <utility>

namespace postern::gui {

namespace {

constexpr std::array<std::string_view, 9> kCollections{
    "/routes",         "/services",     "/upstreams",       "/consumers", "/consumer_groups",
    "/plugin_configs", "/global_rules", "/plugin_metadata", "/secrets"};

void addCollection(const Workspace &workspace, std::string_view collection, bool staged,
                   std::vector<Document> &documents)
{
    for (const std::string &key : workspace.keys(collection)) {
        const Json *value = staged ? workspace.value(key) : workspace.stored(key);
        if (value)
            documents.push_back({.key = "/apisix" + key, .value = value->dump()});
        if (collection == "/consumers")
            addCollection(workspace, key + "/credentials", staged, documents);
    }
}

} // namespace

std::vector<Document> documentsOf(const Workspace &workspace, bool staged)
{
    std::vector<Document> documents;
    for (const std::string_view collection : kCollections)
        addCollection(workspace, collection, staged, documents);
    return documents;
}

gateway::DraftRequest draftOf(const gateway::WebRequest &request, Timestamp now)
{
    gateway::DraftRequest draft;
    draft.method = request.method;
    draft.target = request.target();
    draft.host = request.host();
    for (const auto &[name, value] : request.headers) {
        if (&value != request.header("Host"))
            draft.headers.emplace_back(name, value);
    }
    draft.body = request.body;
    draft.time = now;
    return draft;
}

Result<gateway::WebRequest> addLogin(std::vector<Document> documents, gateway::WebRequest request,
                                     const std::string &consumer, Timestamp now)
{
    gateway::AccessOptions options;
    options.now = now;
    gateway::AccessMatrix matrix(std::move(documents), std::move(options));
    const auto &rows = matrix.rows();
    const auto row = std::ranges::find(rows, consumer, &gateway::AccessRow::consumer);
    if (row == rows.end() || consumer.empty())
        return fail(Errc::NotFound, std::format("there is no consumer \"{}\"", consumer));
    gateway::DraftRequest draft = draftOf(request, now);
    const std::size_t before = draft.headers.size();
    const std::string target = draft.target;
    const gateway::AccessDetail detail =
        matrix.ask(std::move(draft), static_cast<std::size_t>(row - rows.begin()));
    const bool same = detail.request.headers.size() == before && detail.request.target == target;
    if (same && detail.cell.state == gateway::AccessState::CannotAuthenticate)
        return fail(Errc::NotFound, std::format("{} has no login that this route takes", consumer));
    request.url = request.origin() + detail.request.target;
    gateway::WebRequest::Headers headers;
    if (const std::string *host = request.header("Host"))
        headers.emplace_back("Host", *host);
    headers.insert(headers.end(), detail.request.headers.begin(), detail.request.headers.end());
    request.headers = std::move(headers);
    return request;
}

} // namespace postern::gui
