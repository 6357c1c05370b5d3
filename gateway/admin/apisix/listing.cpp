// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/listing.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "core/model/keys.h"
#include "core/text/pattern.h"
#include "gateway/admin/apisix/number.h"

#include <algorithm>
#include <format>
#include <functional>
#include <optional>
#include <span>

namespace postern::gateway {
namespace {

using Condition = std::function<bool(const Json &)>;

std::optional<Pattern> pattern(const std::string &expression)
{
    auto compiled = Pattern::compile(expression);
    return compiled ? std::optional(*std::move(compiled)) : std::nullopt;
}

// An item without a name is matched as the text "nil", as tostring() makes it.
Condition byName(const std::string &expression)
{
    return [compiled = pattern(expression)](const Json &object) {
        return compiled && compiled->matches(object.stringOr("name", "nil"));
    };
}

Condition byLabel(const std::string &key)
{
    return [key](const Json &object) {
        const Json *labels = object.find("labels");
        return labels && labels->contains(key);
    };
}

Condition byUri(const std::string &expression)
{
    return [compiled = pattern(expression)](const Json &object) {
        if (!compiled)
            return false;
        if (const Json *uri = object.find("uri"); uri && compiled->matches(uri->asString()))
            return true;
        const Json *uris = object.find("uris");
        return uris && std::ranges::any_of(uris->items(), [&](const Json &uri) {
                   return compiled->matches(uri.asString());
               });
    };
}

// The last of repeated arguments counts.
std::optional<std::string> lastArgument(std::string_view query, std::string_view name)
{
    std::optional<std::string> found;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (decodePercent(pair.substr(0, equals), true) == name)
            found = decodePercent(pair.substr(std::min(equals + 1, pair.size())), true);
    }
    return found;
}

// String equality: an id stored as a number never equals, as in the original.
Condition byMember(std::string member, std::string value)
{
    return [member = std::move(member), value = std::move(value)](const Json &object) {
        const Json *stored = object.find(member);
        return stored && stored->isString() && stored->asString() == value;
    };
}

std::vector<Condition> conditions(const ResourceSpec &resource, const ServiceRequest &request)
{
    constexpr std::pair<std::string_view, Condition (*)(const std::string &)> kFilters[] = {
        {"name", byName}, {"label", byLabel}, {"uri", byUri}};
    std::vector<Condition> all;
    for (const auto &[name, make] : kFilters) {
        if (const auto [value, present] = request.argument(name); present)
            all.push_back(make(value));
    }
    const auto [filter, present] = request.argument("filter");
    if (!present || !resource.listFilter)
        return all;
    for (const std::string_view member : {"service_id", "upstream_id"}) {
        if (auto value = lastArgument(filter, member))
            all.push_back(byMember(std::string(member), *std::move(value)));
    }
    return all;
}

void keepMatching(std::vector<Document> &documents, const std::vector<Condition> &all)
{
    if (all.empty())
        return;
    std::erase_if(documents, [&](const Document &document) {
        const auto object = parseJson(document.value, {.lastDuplicateWins = true});
        return !object || !std::ranges::all_of(all, [&](const Condition &condition) {
            return condition(*object);
        });
    });
}

struct Page
{
    std::size_t number = 1;
    std::size_t size = 0;
};

// Paging is on only when both arguments are numbers.
Result<std::optional<Page>> wantedPage(const ServiceRequest &request)
{
    const auto number = luaNumber(request.argument("page").first);
    const auto size = luaNumber(request.argument("page_size").first);
    if (!number || !size)
        return std::nullopt;
    if (!(*size >= 10 && *size <= 500))
        return fail(Errc::InvalidArgument, "page_size must be between 10 and 500");
    const double page = *number >= 1 ? std::min(*number, 1e9) : 1;
    return Page{static_cast<std::size_t>(page), static_cast<std::size_t>(*size)};
}

std::span<const Document> cut(std::vector<Document> &documents, const Page &page)
{
    std::ranges::stable_sort(documents, {}, &Document::createRevision);
    const std::size_t first = std::min((page.number - 1) * page.size, documents.size());
    return std::span(documents).subspan(first, std::min(page.size, documents.size() - first));
}

void appendNodes(std::string &out, std::span<const Document> documents)
{
    for (const Document &document : documents) {
        if (&document != &documents.front())
            out += ',';
        appendNode(out, document);
    }
}

} // namespace

AdminReply folderReply(const ResourceSpec &resource, std::string_view parent,
                       const std::vector<Document> &documents)
{
    std::string folder = storagePrefix(resource.type, parent);
    folder.pop_back();
    AdminReply reply;
    reply.body = std::format(R"({{"action":"get","count":{},"node":{{"key":)", documents.size());
    appendQuoted(reply.body, folder);
    reply.body += R"(,"dir":true,"nodes":[)";
    appendNodes(reply.body, documents);
    reply.body += "]}}\n";
    return reply;
}

AdminReply listReply(const ResourceSpec &resource, const ServiceRequest &request,
                     std::vector<Document> documents)
{
    keepMatching(documents, conditions(resource, request));
    const auto page = wantedPage(request);
    AdminReply reply;
    if (!page) {
        reply.status = 400;
        reply.body = page.error().detail;
        return reply;
    }
    const std::size_t total = documents.size();
    const auto shown = *page ? cut(documents, **page) : std::span<const Document>(documents);
    reply.body = std::format("{{\"total\":{},\"list\":", total);
    if (shown.empty()) {
        // The original's page beyond the end is an empty Lua table, which it writes as an object.
        reply.body += *page ? "{}}\n" : "[]}\n";
        return reply;
    }
    reply.body += '[';
    appendNodes(reply.body, shown);
    reply.body += "]}\n";
    return reply;
}

} // namespace postern::gateway
