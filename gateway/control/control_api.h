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
///     POST /v1/secrets/reload   {"asked":2,"problems":[…]}: every secret of a manager is asked for
///          again; answered when the data plane works with what came
///     GET  /v1/revision         {"revision":7,"instance":"…"}
///     GET  /v1/objects ?since=REV &instance=
///          {"revision":7,"instance":"…","complete":false,"changes":[{"key":"/consumers/jack",
///          "modified":7,"value":{…}}, …]}: what changed after that revision (`value` null: it was
///          deleted), or everything with "complete":true when that cannot be told, or without
///          `since`. Values as stored, secrets in clear. `instance` is that of the answer that REV
///          comes from.
///     POST /v1/objects          {"puts":[{"key":"/routes/1","value":{…}}],"deletes":["/routes/2"],
///          "dry":false}: all or nothing, checked by the rules of the Admin API as if the others
///          were there already; create_time and update_time are taken as given. Answered after the
///          data plane uses it, with {"revision":8,"refusals":[]}, or 400 and
///          {"revision":7,"refusals":[{"key","pointer","message"}]}. "dry":true only checks.
///     GET  /v1/capture
///     POST /v1/capture          {"enabled":true,"body_limit":65536,"bytes":67108864,
///          "secrets":false}: from the next request on, whole exchanges are kept besides their
///          traces, the newest of up to `bytes`. What is absent stays as it is; off at start.
///     GET  /v1/exchanges/{id} ?reveal=true
///          of a trace's id: {"request":{"line","headers":[[name, value]],"raw","body"},"upstream":
///          {…},"response":{…},"timing":{"decided_us","upstream_tried_us","upstream_connected_us",
///          "upstream_first_byte_us","upstream_last_byte_us","total_us"},"credentials":[{"step",
///          "plugin","in","name","fields"}]}: `step` counts the steps of the trace, `fields` the
///          rows of the request's headers. A body is {"size","truncated","text" or "base64"}.
///          Credentials are masked before they are kept; only capture with "secrets":true keeps
///          them, and then only `reveal` shows them. "parsed":false: what came was no request.
///
/// Errors are {"error":{"code":SLUG,"message":TEXT}}. TCP requests to a loopback address with
/// a foreign Host, or with any Origin, are refused (DNS rebinding, cross-site requests).
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
