// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"

namespace postern::gateway {
namespace {

Result<void> check(Json &upstream, const Subject &, const CheckContext &context)
{
    return checkSchema("upstream", upstream)
        .and_then([&] { return checkUpstream(upstream); })
        .and_then([&] { return checkUpstreamTls(upstream, context); });
}

Result<void> checkDelete(std::string_view id, const CheckContext &context)
{
    return refuseIfReferenced(id, "routes", "upstream_id", "can not delete this upstream, route",
                              context)
        .and_then([&] {
            return refuseIfReferenced(id, "services", "upstream_id",
                                      "can not delete this upstream, service", context);
        });
}

} // namespace

constexpr ResourceSpec upstreamsResource{.type = "upstreams",
                                         .kind = "upstream",
                                         .schema = "upstream",
                                         .check = check,
                                         .checkDelete = checkDelete};

} // namespace postern::gateway
