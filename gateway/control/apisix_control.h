// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/apisix/reply.h"
#include "gateway/config_service.h"
#include "gateway/server/http_service.h"
#include "gateway/upstream/health_report.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace postern::gateway {

/// What APISIX's control API tells about.
struct ApisixControlSource
{
    ConfigService &config;
    const HealthReport *health = nullptr; ///< nullptr: nothing is known of nodes
    /// In standalone modes: the version of a loaded item, by storage key. Keys are then shown
    /// without "/apisix".
    std::function<std::int64_t(std::string_view key)> standaloneVersion = {};
};

/// The control API under APISIX's own paths (apisix.md 7): the handler of an HttpService of its own
/// port. No key: it only tells what is loaded. Requests with a foreign Host or any Origin are
/// refused (DNS rebinding, cross-site requests). The admin thread only.
///
///     GET  /v1/schema
///     GET  /v1/routes, /v1/services, /v1/upstreams, /v1/route/{id}, /v1/service/{id},
///          /v1/upstream/{id}
///     GET  /v1/plugin_metadatas, /v1/plugin_metadata/{plugin}
///     GET  /v1/healthcheck, /v1/healthcheck/{routes|services|upstreams}/{id}
///     POST /v1/gc
///     PUT  /v1/plugins/reload
class ApisixControl
{
public:
    explicit ApisixControl(ApisixControlSource source) : m_source(std::move(source)) {}

    void handle(const ServiceRequest &request, const Responder &responder) const;
    /// The same without a socket.
    [[nodiscard]] AdminReply answer(const ServiceRequest &request) const;

private:
    ApisixControlSource m_source;
};

} // namespace postern::gateway
