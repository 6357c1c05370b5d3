// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/apisix/reply.h"
#include "gateway/control/apisix_control.h"
#include "gateway/server/http_service.h"

#include <string_view>

namespace postern::gateway {

/// `GET /v1/healthcheck`: every object with health checks.
[[nodiscard]] AdminReply allHealth(const ApisixControlSource &source,
                                   const ServiceRequest &request);
/// `GET /v1/healthcheck/{type}/{id}`. \param rest "routes/1"
[[nodiscard]] AdminReply oneHealth(const ApisixControlSource &source, const ServiceRequest &request,
                                   std::string_view rest);

} // namespace postern::gateway
