// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// What health checks think of a node. The two in the middle are on their way to the other side:
/// a node is used while it is healthy or mostly healthy.
enum class HealthStatus : std::uint8_t { Healthy, MostlyHealthy, MostlyUnhealthy, Unhealthy };

/// "healthy", "mostly_healthy", "mostly_unhealthy", "unhealthy"
[[nodiscard]] constexpr std::string_view healthStatusName(HealthStatus status) noexcept
{
    constexpr std::array<std::string_view, 4> kNames{"healthy", "mostly_healthy",
                                                     "mostly_unhealthy", "unhealthy"};
    return kNames[static_cast<std::size_t>(status)];
}

/// Results since the last one of the other kind.
struct HealthCounters
{
    unsigned success = 0, httpFailure = 0, tcpFailure = 0, timeoutFailure = 0;
    bool operator==(const HealthCounters &) const = default;
};

struct CheckedNode
{
    std::string ip; ///< the address that is checked; the node's name while it is not known
    std::uint16_t port = 0; ///< that is checked
    std::string hostname; ///< `checks.active.host`, else the node's host
    HealthStatus status = HealthStatus::Healthy;
    HealthCounters counter;
};

/// One object that has `checks`, itself (an upstream) or in its inline upstream.
struct CheckedUpstream
{
    std::string name; ///< storage key: "/apisix/routes/1", "/apisix/upstreams/a"
    std::string type; ///< "http", "https", "tcp"
    std::vector<CheckedNode> nodes; ///< empty until the upstream is used for the first time
};

/// What health checks know, for `GET /v1/healthcheck`. Any thread.
class HealthReport
{
public:
    HealthReport() = default;
    HealthReport(const HealthReport &) = delete;
    HealthReport &operator=(const HealthReport &) = delete;
    virtual ~HealthReport() = default;

    /// By name.
    [[nodiscard]] virtual std::vector<CheckedUpstream> checkedUpstreams() const = 0;
    /// \param name the storage key. \return nullopt: the object has no checks, or is not there
    [[nodiscard]] virtual std::optional<CheckedUpstream>
    checkedUpstream(std::string_view name) const = 0;
};

} // namespace postern::gateway
