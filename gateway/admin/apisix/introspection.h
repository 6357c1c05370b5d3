// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/apisix/reply.h"
#include "gateway/config_service.h"

#include <optional>
#include <string_view>

namespace postern::gateway {

// Of plugins only those are told that the configuration offers: see ConfigService::setPlugins().

/// Every plugin: name -> {version, priority, schema, ...}; empty for a subsystem other than "http".
[[nodiscard]] Json describePlugins(std::string_view subsystem, const ConfigService &config);

/// `GET /plugins/list`: names by priority, highest first. apisix.md 1.12.
[[nodiscard]] AdminReply pluginListReply(const ServiceRequest &request,
                                         const ConfigService &config);
/// `GET /plugins/{name}`, `GET /plugins?all=true`, `GET /schema/plugins/{name}`.
[[nodiscard]] AdminReply pluginReply(const ServiceRequest &request, std::string_view name,
                                     const ConfigService &config);
/// `GET /schema/{object}`
[[nodiscard]] AdminReply schemaReply(std::string_view name, const ConfigService &config);
/// `POST /schema/validate/{type}`: the object schema only, no plugin or reference checks.
/// \param type plural ("routes")
[[nodiscard]] AdminReply validateReply(std::string_view type, std::optional<Json> body,
                                       const ConfigService &config);

} // namespace postern::gateway
