// SPDX-License-Identifier: Apache-2.0
#include "gui/models/route_edits.h"

#include "gui/models/consumer_edits.h"
#include "gui/models/logins.h"
#include "gui/text/qt_bytes.h"

#include <format>
#include <utility>

namespace postern::gui {

namespace {

constexpr std::string_view kRoutes = "/routes";
constexpr std::string_view kSeveral = "multi-auth"; // asks for one of several logins

} // namespace

std::string routeKey(std::string_view id) { return std::format("{}/{}", kRoutes, id); }

Edit newRoute(const Workspace &workspace)
{
    const std::string id = freeId(workspace, kRoutes, "new-route");
    Json upstream =
        Json::object({{"type", "roundrobin"}, {"nodes", Json::object({{"httpbin.org:80", 1}})}});
    return {routeKey(id),
            Json::object({{"uri", "/get"},
                          {"plugins", Json::object({{"key-auth", Json::object()}})},
                          {"upstream", std::move(upstream)}})};
}

Edit duplicatedRoute(const Workspace &workspace, std::string_view key)
{
    const Json *const value = workspace.value(key);
    const std::string id = freeId(workspace, kRoutes, idOf(key) + "-copy");
    Json copy = value ? shownAs(*value, true) : Json::object();
    if (copy.contains("id"))
        copy.set("id", id);
    return {routeKey(id), std::move(copy)};
}

std::vector<Edit> renamedRoute(const Workspace &workspace, std::string_view key,
                               std::string_view id)
{
    const Json *const value = workspace.value(key);
    if (!value || routeKey(id) == key)
        return {};
    return {{std::string(key), std::nullopt},
            {routeKey(id), value->contains("id") ? withMember(*value, {"id"}, Json(id)) : *value}};
}

std::optional<std::string> guardOf(const Json &route)
{
    const std::vector<std::string> logins = loginsOf(route);
    if (logins.size() > 1 || loginConfig(route, kSeveral))
        return std::nullopt;
    return logins.empty() ? std::string() : logins.front();
}

Json withGuard(const Json &route, std::string_view plugin)
{
    Json guarded = route;
    for (const std::string &login : loginsOf(route)) {
        if (login != plugin)
            guarded = withMember(std::move(guarded), {"plugins", login}, Json());
    }
    if (!plugin.empty() && !loginConfig(guarded, plugin))
        guarded = withMember(std::move(guarded), {"plugins", plugin}, Json::object());
    const Json *const plugins = guarded.find("plugins");
    if (plugins && plugins->size() == 0)
        guarded.erase("plugins");
    return guarded;
}

std::optional<QString> nodeOf(const Json &route)
{
    if (route.contains("upstream_id") || route.contains("service_id"))
        return std::nullopt;
    const Json *const upstream = route.find("upstream");
    const Json *const nodes = upstream ? upstream->find("nodes") : nullptr;
    if (!nodes)
        return upstream && upstream->size() > 0 ? std::nullopt : std::optional(QString());
    if (!nodes->isObject() || nodes->size() > 1)
        return std::nullopt;
    return nodes->size() == 0 ? QString() : toText(nodes->members().begin()->first);
}

Json withNode(const Json &route, const QString &node)
{
    const Json *const upstream = route.find("upstream");
    const Json *const type = upstream ? upstream->find("type") : nullptr;
    Json changed = withMember(route, {"upstream", "type"},
                              type ? *type : Json(std::string_view("roundrobin")));
    return withMember(std::move(changed), {"upstream", "nodes"},
                      node.isEmpty() ? Json::object() : Json::object({{toOctets(node), 1}}));
}

} // namespace postern::gui
