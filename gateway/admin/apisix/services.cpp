// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"

namespace postern::gateway {
namespace {

Result<void> checkService(Json &service, const Subject &, const CheckContext &context)
{
    return checkSchema("service", service)
        .and_then([&]() -> Result<void> {
            const Json *upstream = service.find("upstream");
            return upstream ? checkUpstream(*upstream).and_then(
                                  [&] { return checkUpstreamTls(*upstream, context); })
                            : Result<void>();
        })
        .and_then([&] { return refuseUnsupported("service", service); })
        .and_then([&] {
            return checkReference(service, "upstream_id", "upstreams", "upstream", context);
        })
        .and_then([&] { return checkPlugins(service.find("plugins"), false, context); });
}

Result<void> checkDelete(std::string_view id, const CheckContext &context)
{
    return refuseIfReferenced(id, "routes", "service_id",
                              "can not delete this service directly, route", context);
}

} // namespace

constexpr ResourceSpec servicesResource{.type = "services",
                                        .kind = "service",
                                        .schema = "service",
                                        .check = checkService,
                                        .checkDelete = checkDelete};

} // namespace postern::gateway
