// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "gateway/control/control_host.h"
#include "gateway/server/http_service.h"

#include <string>

namespace postern::gateway {

struct ControlOptions
{
    /// The key that TCP clients send as X-API-KEY; empty: TCP clients are refused. A unix socket
    /// is guarded by its file mode and needs no key.
    Secret adminKey;
};

/// The control API: traces, health, clock, configuration problems. The handler of one or two
/// HttpServices (unix socket, loopback TCP) in the control thread; that thread only.
///
///     GET  /v1/healthcheck
///     GET  /v1/traces ?limit= ?since=ID ?decision=denied ?consumer= ?route= ?status=
///          {"traces": [...]}, newest last; one per line with Accept: application/x-ndjson
///     GET  /v1/traces/{id}, /v1/traces/last
///     GET  /v1/traces/stream   server-sent events `trace` and `dropped`; the same filters
///     GET  /v1/clock
///     POST /v1/clock {"advance":"31s"} | {"set":"2030-01-01T00:00:00Z"} |
///          {"mode":"frozen|ticking|real"}, with "force":true to go back
///     GET  /v1/problems
///
/// Errors are {"error":{"code":SLUG,"message":TEXT}}. TCP requests with a foreign Host or any
/// Origin are refused (DNS rebinding, cross-site requests).
class ControlApi
{
public:
    ControlApi(ControlHost &host, ControlOptions options);

    void handle(const ServiceRequest &request, const Responder &responder);

    /// One request on its way.
    struct Call
    {
        ControlHost &host;
        const ServiceRequest &request;
        const Responder &responder;
        std::string argument; ///< what the path has after the endpoint's own
    };

private:
    [[nodiscard]] Result<void> admit(const ServiceRequest &request) const;

    ControlHost &m_host;
    ControlOptions m_options;
};

} // namespace postern::gateway
