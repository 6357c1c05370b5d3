// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/control_api.h"

#include "core/json/json.h"
#include "core/json/parse.h"
#include "gateway/admin/apisix/authentication.h"
#include "gateway/control/control_capture.h"
#include "gateway/control/control_clock.h"
#include "gateway/control/control_objects.h"
#include "gateway/control/control_reply.h"
#include "gateway/control/trace_filter.h"
#include "gateway/control/trace_stream.h"
#include "gateway/http/header_list.h"
#include "gateway/pipeline/explain.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <string_view>
#include <utility>

namespace postern::gateway {

namespace {

using Call = ControlApi::Call;

constexpr std::string_view kLines = "application/x-ndjson";

void getHealth(const Call &call)
{
    const GatewayStatus status = call.host.status();
    const auto uptime = std::chrono::duration_cast<std::chrono::milliseconds>(status.uptime);
    Json body = Json::object({
        {"status", "ok"},
        {"version", status.version},
        {"profile", status.profile},
        {"revision", status.revision},
        {"uptime_s", static_cast<double>(uptime.count()) / 1000},
        {"workers", static_cast<std::uint64_t>(status.workers)},
        {"connections", status.connections},
        {"requests", status.requests},
    });
    const std::array<std::pair<std::string_view, const std::string *>, 4> urls{
        {{"proxy", &status.proxy},
         {"https", &status.https},
         {"admin", &status.admin},
         {"control", &status.control}}};
    for (const auto &[name, url] : urls)
        body.set(name, url->empty() ? Json() : Json(*url));
    sendJson(call.responder, 200, body);
}

Json problemsOf(const std::vector<CompileProblem> &problems)
{
    Json list = Json::array();
    for (const CompileProblem &problem : problems) {
        list.push_back(Json::object({{"key", problem.key},
                                     {"code", slug(problem.error.code)},
                                     {"message", describe(problem.error)},
                                     {"where", problem.error.where}}));
    }
    return list;
}

void getProblems(const Call &call)
{
    sendJson(call.responder, 200, Json::object({{"problems", problemsOf(call.host.problems())}}));
}

void postSecretsReload(const Call &call)
{
    call.host.reloadSecrets([&host = call.host, responder = call.responder](std::size_t asked) {
        std::vector<CompileProblem> problems = host.problems();
        std::erase_if(problems, [](const CompileProblem &problem) {
            return problem.error.code != Errc::SecretManager
                && problem.error.code != Errc::SecretMember
                && problem.error.code != Errc::SecretUnresolved;
        });
        sendJson(responder, 200,
                 Json::object({{"asked", static_cast<std::uint64_t>(asked)},
                               {"problems", problemsOf(problems)}}));
    });
}

// The newest `limit` traces that the client wants, newest last.
std::vector<Json> selectTraces(const TracePage &page, ControlHost &host, const TraceFilter &filter)
{
    const auto snapshot = host.snapshot();
    const std::vector<CompileProblem> problems = host.problems();
    std::vector<Json> wanted;
    for (const TraceView &trace : page.traces | std::views::reverse) {
        if (wanted.size() == filter.limit)
            break;
        if (trace.record->id <= filter.since || !filter.matches(*trace.record))
            continue;
        Json json = traceToJson(*trace.record, *snapshot, trace.findings, problems);
        if (filter.matches(json))
            wanted.push_back(std::move(json));
    }
    std::ranges::reverse(wanted);
    return wanted;
}

void sendTraces(const Responder &responder, std::vector<Json> traces, bool lines)
{
    if (!lines) {
        sendJson(responder, 200, Json::object({{"traces", Json(std::move(traces))}}));
        return;
    }
    std::string text;
    for (const Json &trace : traces)
        text += trace.dump() + "\n";
    responder.send(200, {{"Content-Type", std::string(kLines)}, {"Cache-Control", "no-store"}},
                   text);
}

void getTraces(const Call &call)
{
    const auto filter = parseTraceFilter(call.request);
    if (!filter) {
        sendError(call.responder, filter.error());
        return;
    }
    const bool lines = call.request.header("accept").contains(kLines);
    const TraceQuery query{.since = filter->since,
                           .limit = filter->selects() ? 0 : filter->limit,
                           .id = {},
                           .cursor = {}};
    call.host.collectTraces(query,
                            [&host = call.host, responder = call.responder, filter = *filter,
                             lines](const TracePage &page) {
                                sendTraces(responder, selectTraces(page, host, filter), lines);
                            });
}

void streamTraces(const Call &call)
{
    auto filter = parseTraceFilter(call.request);
    if (!filter) {
        sendError(call.responder, filter.error());
        return;
    }
    bool replay = call.request.argument("since").second;
    // A browser's or a library's EventSource comes back with this after a broken connection.
    if (const auto last = call.request.header("last-event-id"); !last.empty()) {
        if (const auto id = parseTraceId(last)) {
            filter->since = *id;
            replay = true;
        }
    }
    TraceStream::start(call.host, call.responder, *filter, replay);
}

void getTrace(const Call &call)
{
    TraceQuery query{.since = 0, .limit = 1, .id = {}, .cursor = {}};
    if (call.argument != "last") {
        const auto id = parseTraceId(call.argument);
        if (!id) {
            sendError(call.responder,
                      {Errc::InvalidArgument, "not a trace id: ten characters as 01JF8Z6Q3M", {}});
            return;
        }
        query.id = *id;
    }
    call.host.collectTraces(
        query,
        [&host = call.host, responder = call.responder,
         last = call.argument == "last"](const TracePage &page) {
            if (page.traces.empty()) {
                sendError(responder,
                          {Errc::NotFound,
                           last ? "no request was answered yet"
                                : "no such trace; only the newest are kept",
                           {}});
                return;
            }
            const TraceView &trace = page.traces.back();
            const auto snapshot = host.snapshot();
            sendJson(responder, 200,
                     traceToJson(*trace.record, *snapshot, trace.findings, host.problems()));
        });
}

void getClock(const Call &call) { sendJson(call.responder, 200, describeClock(call.host.clock())); }

void postClock(const Call &call)
{
    const auto change = parseJson(call.request.body);
    if (!change) {
        sendError(call.responder, change.error());
        return;
    }
    if (const auto changed = changeClock(call.host.clock(), *change); !changed) {
        sendError(call.responder, changed.error());
        return;
    }
    getClock(call);
}

struct Endpoint
{
    std::string_view method;
    std::string_view path;
    bool takesRest; ///< one more path segment follows
    void (*run)(const Call &call);
};

// An exact path comes before one that takes the rest.
constexpr std::array<Endpoint, 14> kEndpoints{{
    {"GET", "/v1/healthcheck", false, getHealth},
    {"GET", "/v1/problems", false, getProblems},
    {"POST", "/v1/secrets/reload", false, postSecretsReload},
    {"GET", "/v1/clock", false, getClock},
    {"POST", "/v1/clock", false, postClock},
    {"GET", "/v1/capture", false, getCapture},
    {"POST", "/v1/capture", false, postCapture},
    {"GET", "/v1/exchanges/", true, getExchange},
    {"GET", "/v1/revision", false, getRevision},
    {"GET", "/v1/objects", false, getObjects},
    {"POST", "/v1/objects", false, postObjects},
    {"GET", "/v1/traces", false, getTraces},
    {"GET", "/v1/traces/stream", false, streamTraces},
    {"GET", "/v1/traces/", true, getTrace},
}};

bool matchesPath(const Endpoint &endpoint, std::string_view path)
{
    if (!endpoint.takesRest)
        return path == endpoint.path;
    return path.size() > endpoint.path.size() && path.starts_with(endpoint.path)
        && !path.substr(endpoint.path.size()).contains('/');
}

} // namespace

ControlApi::ControlApi(ControlHost &host, ControlOptions options)
    : m_host(host),
      m_options(std::move(options))
{
}

Result<void> ControlApi::admit(const ServiceRequest &request) const
{
    if (request.peer == "unix")
        return {};
    if (!hostIsOwn(request))
        return fail(Errc::Permission, "the Host header names another server", "Host");
    if (request.hasHeader("origin"))
        return fail(Errc::Permission, "web pages may not call the control API", "Origin");
    const std::string_view key = request.header("x-api-key");
    if (key.empty())
        return fail(Errc::CredentialMissing, "send the admin key", "X-API-KEY");
    if (m_options.adminKey.empty() || !equalConstantTime(key, m_options.adminKey.view()))
        return fail(Errc::CredentialUnknown, "not the admin key", "X-API-KEY");
    return {};
}

void ControlApi::handle(const ServiceRequest &request, const Responder &responder)
{
    if (const auto admitted = admit(request); !admitted) {
        sendError(responder, admitted.error());
        return;
    }
    if (request.bodyTooLarge) {
        sendError(responder, {Errc::HttpBodyTooLarge, {}, {}});
        return;
    }
    std::string allow;
    for (const Endpoint &endpoint : kEndpoints) {
        if (!matchesPath(endpoint, request.path))
            continue;
        // HEAD of an endless answer would never end.
        const bool head =
            request.method == "HEAD" && endpoint.method == "GET" && endpoint.run != streamTraces;
        if (request.method == endpoint.method || head) {
            const auto rest = endpoint.takesRest ? request.path.substr(endpoint.path.size()) : "";
            endpoint.run({m_host, request, responder, rest});
            return;
        }
        allow.append(allow.empty() ? "" : ", ").append(endpoint.method);
        if (endpoint.path.starts_with("/v1/traces"))
            break; // "/v1/traces/stream" is no trace id
    }
    if (allow.empty())
        sendError(responder, {Errc::NotFound, "the control API has no " + request.path, {}});
    else
        sendError(responder, {Errc::Unsupported, "method " + request.method, {}},
                  {{"Allow", allow}});
}

} // namespace postern::gateway
