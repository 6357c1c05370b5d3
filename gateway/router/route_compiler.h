// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/router/snapshot.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// A service, compiled once for all its routes.
struct CompiledService
{
    std::string id, name;
    std::vector<CompiledPlugin> plugins;
    std::vector<std::string> hosts;
    std::shared_ptr<const CompiledUpstream> upstream; ///< inline; nullptr if none
    std::string upstreamId;
    std::optional<bool> websocket;
};

/// What a route refers to. Missing objects are nullptr.
struct RouteContext
{
    const PluginEnv &env;
    std::function<const CompiledService *(std::string_view id)> service;
    std::function<std::shared_ptr<const CompiledUpstream>(std::string_view id)> upstream;
    std::function<const CompiledPluginSet *(std::string_view id)> pluginConfig;
};

/// What a stored document refers to, for finding what a change touches.
struct RouteReferences
{
    std::string serviceId, upstreamId, pluginConfigId;
};

/// An upstream object, stored or inline.
/// \param resource storage key of the object it stands in, which names its health checks
/// \param env who resolves references to secrets, and runs the health checks
/// \return Unsupported for service discovery, CertificateUnusable, SecretUnresolved
[[nodiscard]] Result<std::shared_ptr<const CompiledUpstream>>
compileUpstream(const Json &document, std::string_view id, const PluginEnv &env = {},
                const std::string &resource = {});
/// Why nothing can be proxied there: UpstreamNoNodes, UpstreamType, or nullopt.
[[nodiscard]] std::optional<Errc> defectOf(const CompiledUpstream &upstream) noexcept;
[[nodiscard]] Result<CompiledService> compileService(Json document, std::string_view id,
                                                     const PluginEnv &env);
/// A plugin config, consumer group or global rule, by its storage key and its id.
[[nodiscard]] Result<std::shared_ptr<const CompiledPluginSet>>
compilePluginSet(Json document, std::string_view key, std::string_view id, const PluginEnv &env);
/// A route with its plugin config and service merged in. APISIX 3.18, configuration merge.
/// \return nullptr for a route that is switched off (status 0); Unsupported for what this gateway
/// does not evaluate (filter_func, script): never silently ignored
[[nodiscard]] Result<std::shared_ptr<const CompiledRoute>>
compileRoute(Json document, std::string_view id, const RouteContext &context);
[[nodiscard]] RouteReferences referencesOf(const Json &document);

/// Compiles the members of a `plugins` object that are not for authentication or all of them.
/// \param parent the object's storage key
[[nodiscard]] Result<std::vector<CompiledPlugin>>
compilePlugins(Json *plugins, const PluginEnv &env, std::string_view parent);

} // namespace postern::gateway
