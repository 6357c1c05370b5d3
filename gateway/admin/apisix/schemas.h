// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/gateway_profile.h"
#include "core/json/schema.h"

#include <string_view>
#include <vector>

namespace postern::gateway {

/// A JSON Schema of the Admin API, by APISIX's singular name ("route", "credential").
struct ObjectSchema
{
    std::string_view name;
    Json document; ///< as `GET /apisix/admin/schema/{name}` shows it
    Schema schema;
};

/// Every object schema of this build, each compiled once. apisix.md 1.10. Any thread.
[[nodiscard]] std::vector<const ObjectSchema *> objectSchemas();
/// The schema of that name as the profile has it, or nullptr.
[[nodiscard]] const ObjectSchema *
findObjectSchema(std::string_view name, const GatewayProfile &profile = defaultGatewayProfile());

} // namespace postern::gateway
