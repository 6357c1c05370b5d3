// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"
#include "gateway/pipeline/expression.h"

namespace postern::gateway {
namespace {

// Said before the schema, whose own text about these would be unreadable.
Result<void> checkPairs(const Json &route)
{
    if (route.contains("host") && route.contains("hosts"))
        return fail(Errc::Schema, "only one of host or hosts is allowed");
    if (route.contains("remote_addr") && route.contains("remote_addrs"))
        return fail(Errc::Schema, "only one of remote_addr or remote_addrs is allowed");
    return {};
}

Result<void> checkVars(const Json &route)
{
    const Json *vars = route.find("vars");
    if (!vars)
        return {};
    return Expression::compile(*vars)
        .transform([](const Expression &) {})
        .transform_error([](Error &&error) {
            return Error{
                Errc::Schema, "failed to validate the 'vars' expression: " + error.detail, {}};
        });
}

Result<void> checkRoute(Json &route, const Subject &, const CheckContext &context)
{
    return checkPairs(route)
        .and_then([&] { return checkSchema("route", route); })
        .and_then([&]() -> Result<void> {
            const Json *upstream = route.find("upstream");
            return upstream ? checkUpstream(*upstream).and_then(
                                  [&] { return checkUpstreamTls(*upstream, context); })
                            : Result<void>();
        })
        .and_then([&] { return refuseUnsupported("route", route); })
        .and_then(
            [&] { return checkReference(route, "upstream_id", "upstreams", "upstream", context); })
        .and_then(
            [&] { return checkReference(route, "service_id", "services", "service", context); })
        .and_then([&] {
            return checkReference(route, "plugin_config_id", "plugin_configs", "plugin config",
                                  context);
        })
        .and_then([&] { return checkPlugins(route.find("plugins"), false, context); })
        .and_then([&] { return checkVars(route); });
}

} // namespace

constexpr ResourceSpec routesResource{
    .type = "routes", .kind = "route", .schema = "route", .listFilter = true, .check = checkRoute};

} // namespace postern::gateway
