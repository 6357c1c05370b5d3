// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"

#include "gateway/admin/apisix/schemas.h"

#include <algorithm>
#include <array>

namespace postern::gateway {
namespace {

// Types without a schema list as empty and refuse writes, so that tools that read every collection
// work. To add one: its own file, its schema in schemas.cpp, and its spec here.

Result<void> refuseStreamRoute(Json &, const Subject &, const CheckContext &)
{
    return fail(Errc::Unsupported, "stream mode is disabled, can not add stream routes");
}

// Known for its schema; the Admin API answers every request to it before it comes here.
constexpr ResourceSpec kStreamRoutes{.type = "stream_routes",
                                     .kind = "stream route",
                                     .schema = "stream_route",
                                     .methods = ResourceSpec::Methods::NoPatch,
                                     .listFilter = true,
                                     .check = refuseStreamRoute};

constexpr std::array kResources{
    &routesResource,         &servicesResource,       &upstreamsResource,     &consumersResource,
    &credentialsResource,    &consumerGroupsResource, &pluginConfigsResource, &globalRulesResource,
    &pluginMetadataResource, &secretsResource,        &protosResource,        &sslsResource,
    &kStreamRoutes,
};

} // namespace

std::span<const ResourceSpec *const> resources() noexcept { return kResources; }

const ResourceSpec *findResource(std::string_view type) noexcept
{
    const auto found = std::ranges::find(kResources, type, &ResourceSpec::type);
    return found == kResources.end() ? nullptr : *found;
}

Result<void> checkSchema(std::string_view name, Json &object, const GatewayProfile &profile)
{
    const ObjectSchema *schema = findObjectSchema(name, profile);
    if (!schema)
        return fail(Errc::Internal, "not found schema: " + std::string(name));
    if (auto valid = schema->schema.validate(object); !valid)
        return fail(Errc::Schema, "invalid configuration: " + valid.error().detail);
    return {};
}

} // namespace postern::gateway
