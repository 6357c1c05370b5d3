// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/router/snapshot.h"

#include <string_view>

namespace postern::gateway {

/// Checks one side of a plugin's configuration: schema with `_meta`, cross checks. Fills in
/// defaults. \return nothing, or the text that checkPluginConfig() puts its prefix before
[[nodiscard]] Result<void> checkPluginSide(const PluginSpec &spec, Json &config, bool consumer);

/// The schema of the plugin's plugin_metadata object; any object where it declares none.
[[nodiscard]] const Json &pluginMetadataSchema(const PluginSpec &spec);
/// Checks a plugin_metadata object. Fills in defaults. \return nothing, or the schema's text
[[nodiscard]] Result<void> checkPluginMetadata(const PluginSpec &spec, Json &metadata);

/// Writes the defaults of a JSON Schema's `properties` (at any depth) into an object. For
/// documents that were validated when they were stored: no check is made.
void fillDefaults(const Json &schema, Json &value);

/// Compiles one plugin of a stored route, service or consumer: defaults, references, `_meta`.
/// References that cannot be resolved stay literal, as in APISIX.
/// \return the plugin (disabled ones are not built), or PluginUnknown, PluginConfig, Unsupported
[[nodiscard]] Result<CompiledPlugin> compilePlugin(std::string_view name, Json config,
                                                   const PluginEnv &env);

/// Compiles the login part of a consumer or credential: references, key.
/// \return the login, or PluginConfig, SecretUnresolved (a login is never left half resolved)
[[nodiscard]] Result<CredentialParts> compileLogin(const PluginSpec &spec, Json config,
                                                   const PluginEnv &env);

} // namespace postern::gateway
