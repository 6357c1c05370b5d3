// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/apisix_items.h"

#include "core/json/parse.h"
#include "core/model/keys.h"
#include "gateway/admin/apisix/check.h"
#include "gateway/admin/apisix/resource.h"
#include "gateway/router/ip_range.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace postern::gateway {
namespace {

constexpr int kHttp = 80;
constexpr int kHttps = 443;

bool isAddress(std::string_view host)
{
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    return IpAddress::parse(host).has_value();
}

/// {"host:port": weight} as [{host, port, weight}].
Json nodeList(const Json &nodes, int defaultPort)
{
    Json list = Json::array();
    for (const auto &[address, weight] : nodes.members()) {
        const std::size_t bracket = address.rfind(']');
        const std::size_t colon = address.rfind(':');
        const bool hasPort =
            colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
        int port = defaultPort;
        if (hasPort)
            std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
        list.push_back(Json::object({{"host", hasPort ? address.substr(0, colon) : address},
                                     {"port", port},
                                     {"weight", weight}}));
    }
    return list;
}

/// Nodes as a list, as they are kept in memory. \return whether one of them is a name
bool unfoldNodes(Json &upstream)
{
    Json *nodes = upstream.find("nodes");
    if (!nodes)
        return false;
    const std::string_view scheme = upstream.stringOr("scheme", "http");
    if (nodes->isObject())
        *nodes = nodeList(*nodes, scheme == "https" || scheme == "grpcs" ? kHttps : kHttp);
    return std::ranges::any_of(
        nodes->items(), [](const Json &node) { return !isAddress(node.stringOr("host", "")); });
}

} // namespace

std::string_view shownKey(const ApisixControlSource &source, std::string_view key)
{
    constexpr std::string_view kPrefix = "/apisix";
    return source.standaloneVersion && key.starts_with(kPrefix) ? key.substr(kPrefix.size()) : key;
}

Json shownList(Json::Array items)
{
    return items.empty() ? Json::object() : Json(std::move(items));
}

Json loadedItem(const ApisixControlSource &source, std::string_view type, const Document &document)
{
    Json value = parseJson(document.value, {.lastDuplicateWins = true}).value_or(Json::object());
    const std::string id(storageId(document.key));
    value.set("id", id);
    // The checks write the defaults; what they find wrong was told when the object was stored.
    static_cast<void>(
        findResource(type)->check(value, {id, {}}, CheckContext::alone(source.config)));
    Json *inner = type == "upstreams" ? &value : value.find("upstream");
    const bool hasDomain = inner && unfoldNodes(*inner);
    const Json modified = source.standaloneVersion ? Json(source.standaloneVersion(document.key))
                                                   : Json(document.modRevision);
    return Json::object({{"key", shownKey(source, document.key)},
                         {"value", std::move(value)},
                         {"modifiedIndex", modified},
                         {"orig_modifiedIndex", modified},
                         {"createdIndex", document.createRevision},
                         {"has_domain", hasDomain},
                         {"clean_handlers", Json::object()},
                         {"update_count", 0}});
}

Result<std::vector<Document>> loadedDocuments(const ApisixControlSource &source,
                                              std::string_view type)
{
    auto documents = source.config.store().list(storagePrefix(type));
    if (!documents)
        return documents;
    std::set<std::string> broken;
    for (const CompileProblem &problem : source.config.compiler().problems())
        broken.insert(problem.key);
    std::erase_if(*documents,
                  [&](const Document &document) { return broken.contains(document.key); });
    return documents;
}

} // namespace postern::gateway
