// SPDX-License-Identifier: Apache-2.0
#include "gui/models/whole_configuration.h"

#include <array>
#include <span>

namespace postern::gui {

namespace {

/// Files have no place for the last one: that is told.
constexpr std::array<std::string_view, 14> kCollections{
    "/routes",         "/services",     "/upstreams",   "/consumers",       "/consumer_groups",
    "/plugin_configs", "/global_rules", "/ssls",        "/plugin_metadata", "/protos",
    "/secrets/vault",  "/secrets/aws",  "/secrets/gcp", "/stream_routes"};

std::vector<gateway::ObjectChange> objectsOf(const Workspace &workspace,
                                             std::span<const std::string_view> collections)
{
    std::vector<gateway::ObjectChange> objects;
    const auto add = [&](const std::string &key) {
        if (const Json *const value = workspace.value(key))
            objects.push_back({key, *value, 0});
    };
    for (const std::string_view collection : collections) {
        for (const std::string &key : workspace.keys(collection)) {
            add(key);
            if (collection != "/consumers")
                continue;
            for (const std::string &credential : workspace.keys(key + "/credentials"))
                add(credential);
        }
    }
    return objects;
}

} // namespace

std::vector<gateway::ObjectChange> wholeConfiguration(const Workspace &workspace)
{
    return objectsOf(workspace, kCollections);
}

std::vector<gateway::ObjectChange> allConsumers(const Workspace &workspace)
{
    constexpr std::array<std::string_view, 1> kConsumers{"/consumers"};
    return objectsOf(workspace, kConsumers);
}

} // namespace postern::gui
