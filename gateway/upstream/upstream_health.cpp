// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/upstream_health.h"

#include "gateway/http/uri.h"
#include "gateway/http/writer.h"
#include "gateway/upstream/health_monitor.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace postern::gateway {

namespace {

constexpr unsigned kBitsEach = 8;
constexpr std::uint32_t kOctet = 0xff;

constexpr unsigned shiftOf(HealthResult result) noexcept
{
    return static_cast<unsigned>(result) * kBitsEach;
}

constexpr std::uint32_t kSuccesses = kOctet << shiftOf(HealthResult::Success);

const Json &member(const Json &object, std::string_view name)
{
    static const Json none = Json::object();
    const Json *found = object.find(name);
    return found && found->isObject() ? *found : none;
}

unsigned count(const Json &object, std::string_view name, unsigned otherwise)
{
    const Json *found = object.find(name);
    return found ? static_cast<unsigned>(
                       std::clamp<std::int64_t>(found->asInteger().value_or(otherwise), 0, kOctet))
                 : otherwise;
}

Duration seconds(const Json &object, std::string_view name)
{
    constexpr double kLongest = 365.0 * 86'400; // a document may say 1e300
    const Json *found = object.find(name);
    const double value = found && found->isNumber() ? found->asDouble() : 1.0;
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(std::clamp(value, 0.0, kLongest)));
}

StatusSet statuses(const Json &object, std::initializer_list<std::size_t> otherwise)
{
    StatusSet set;
    const Json *found = object.find("http_statuses");
    if (!found) {
        for (const std::size_t status : otherwise)
            set.set(status);
        return set;
    }
    for (const Json &item : found->items()) {
        const auto status = item.asInteger().value_or(0);
        if (status > 0 && std::cmp_less(status, set.size()))
            set.set(static_cast<std::size_t>(status));
    }
    return set;
}

HealthLimits activeLimits(const Json &healthy, const Json &unhealthy)
{
    return {.healthyStatuses = statuses(healthy, {200, 302}),
            .unhealthyStatuses = statuses(unhealthy, {429, 404, 500, 501, 502, 503, 504, 505}),
            .successes = count(healthy, "successes", 2),
            .httpFailures = count(unhealthy, "http_failures", 5),
            .tcpFailures = count(unhealthy, "tcp_failures", 2),
            .timeouts = count(unhealthy, "timeouts", 3)};
}

HealthLimits passiveLimits(const Json &healthy, const Json &unhealthy)
{
    return {.healthyStatuses = statuses(healthy,
                                        {200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301,
                                         302, 303, 304, 305, 306, 307, 308}),
            .unhealthyStatuses = statuses(unhealthy, {429, 500, 503}),
            .successes = count(healthy, "successes", 5),
            .httpFailures = count(unhealthy, "http_failures", 5),
            .tcpFailures = count(unhealthy, "tcp_failures", 2),
            .timeouts = count(unhealthy, "timeouts", 7)};
}

/// A check's request as far as all nodes have it in common.
std::string requestOf(const Json &active, const std::string &body)
{
    std::string request(active.stringOr("http_method", "GET"));
    request.append(" ").append(active.stringOr("http_path", "/"));
    request.append(" HTTP/1.1\r\nConnection: close\r\n");
    if (const Json *fields = active.find("req_headers")) {
        for (const Json &field : fields->items())
            request.append(field.asString()).append("\r\n");
    }
    if (!body.empty())
        appendField(request, "Content-Length", std::uint64_t{body.size()});
    return request;
}

} // namespace

HealthChecks HealthChecks::compile(const Json &checks)
{
    const Json &active = member(checks, "active");
    const Json &healthy = member(active, "healthy");
    const Json &unhealthy = member(active, "unhealthy");
    HealthChecks made;
    made.reportedType = active.stringOr("type", "http");
    if (made.reportedType != "http")
        made.type = made.reportedType == "tcp" ? Type::Tcp : Type::Https;
    made.timeout = seconds(active, "timeout");
    made.concurrency = std::max(1U, count(active, "concurrency", 10));
    made.host = active.stringOr("host", "");
    if (active.contains("port"))
        made.port = static_cast<std::uint16_t>(
            std::clamp<std::int64_t>(active.find("port")->asInteger().value_or(0), 0, 65535));
    made.body = active.stringOr("http_req_body", "");
    if (const Json *verify = active.find("https_verify_certificate"))
        made.verify = verify->asBool();
    made.request = requestOf(active, made.body);
    made.healthyInterval = seconds(healthy, "interval");
    made.unhealthyInterval = seconds(unhealthy, "interval");
    made.active = activeLimits(healthy, unhealthy);
    if (checks.contains("passive")) {
        const Json &passive = member(checks, "passive");
        made.passive = passiveLimits(member(passive, "healthy"), member(passive, "unhealthy"));
    }
    return made;
}

bool HealthTarget::record(HealthResult result, unsigned limit) noexcept
{
    const HealthStatus before = status();
    const bool good = result == HealthResult::Success;
    // Successes of a healthy node and failures of an unhealthy one are not counted.
    if (limit == 0 || before == (good ? HealthStatus::Healthy : HealthStatus::Unhealthy))
        return false;
    const unsigned shift = shiftOf(result);
    std::uint32_t counters = m_counters.load(std::memory_order_relaxed);
    counters &= good ? kSuccesses : ~kSuccesses;
    const std::uint32_t so = std::min((counters >> shift & kOctet) + 1, kOctet);
    counters = (counters & ~(kOctet << shift)) | so << shift;
    m_counters.store(counters, std::memory_order_relaxed);

    HealthStatus after = before;
    if (so >= limit)
        after = good ? HealthStatus::Healthy : HealthStatus::Unhealthy;
    else if (before == HealthStatus::Healthy && !good)
        after = HealthStatus::MostlyHealthy;
    else if (before == HealthStatus::Unhealthy && good)
        after = HealthStatus::MostlyUnhealthy;
    m_status.store(after, std::memory_order_relaxed);
    return after != before;
}

void HealthTarget::setAddress(std::string ip) { m_address = std::move(ip); }

HealthCounters HealthTarget::counters() const noexcept
{
    const std::uint32_t packed = m_counters.load(std::memory_order_relaxed);
    const auto octet = [packed](HealthResult result) { return packed >> shiftOf(result) & kOctet; };
    return {octet(HealthResult::Success), octet(HealthResult::HttpFailure),
            octet(HealthResult::TcpFailure), octet(HealthResult::Timeout)};
}

void UpstreamHealth::begin()
{
    if (m_used.exchange(true))
        return;
    if (const auto monitor = m_monitor.lock())
        monitor->begin(m_resource);
}

bool UpstreamHealth::counts(int status) const noexcept
{
    return m_checks.passive && status >= 0
        && std::cmp_less(status, m_checks.passive->unhealthyStatuses.size())
        && m_checks.passive->unhealthyStatuses.test(static_cast<std::size_t>(status));
}

void UpstreamHealth::reportStatus(std::size_t node, int status)
{
    if (!m_checks.passive || status < 0 || std::cmp_greater_equal(status, StatusSet().size()))
        return;
    const HealthLimits &limits = *m_checks.passive;
    const auto at = static_cast<std::size_t>(status);
    if (limits.healthyStatuses.test(at))
        tell(node, HealthResult::Success, limits.successes);
    else if (limits.unhealthyStatuses.test(at))
        tell(node, HealthResult::HttpFailure, limits.httpFailures);
}

void UpstreamHealth::reportFailure(std::size_t node, HealthResult failure)
{
    if (!m_checks.passive)
        return;
    const HealthLimits &limits = *m_checks.passive;
    switch (failure) {
    case HealthResult::Success:
        break;
    case HealthResult::HttpFailure:
        tell(node, failure, limits.httpFailures);
        break;
    case HealthResult::TcpFailure:
        tell(node, failure, limits.tcpFailures);
        break;
    case HealthResult::Timeout:
        tell(node, failure, limits.timeouts);
        break;
    }
}

void UpstreamHealth::tell(std::size_t node, HealthResult result, unsigned limit)
{
    const std::shared_ptr<HealthTarget> &target = m_byNode[node];
    const HealthStatus settled =
        result == HealthResult::Success ? HealthStatus::Healthy : HealthStatus::Unhealthy;
    if (limit == 0 || target->status() == settled)
        return;
    if (const auto monitor = m_monitor.lock())
        monitor->count(target, result, limit);
}

std::string UpstreamHealth::hostField(const HealthTarget &target) const
{
    if (!m_upstreamHost.empty())
        return m_upstreamHost;
    return m_nodeHost ? target.host() : target.hostname();
}

std::string UpstreamHealth::serverName(const HealthTarget &target) const
{
    return std::string(withoutPort(hostField(target)));
}

CheckedUpstream UpstreamHealth::report() const
{
    CheckedUpstream made{m_resource, m_checks.reportedType, {}};
    if (!used())
        return made;
    for (const auto &target : m_targets)
        made.nodes.push_back({target->address().empty() ? target->host() : target->address(),
                              target->port(), target->hostname(), target->status(),
                              target->counters()});
    return made;
}

} // namespace postern::gateway
