// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/json/json.h"
#include "gateway/upstream/health_report.h"

#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

class HealthMonitor;
struct CompiledUpstream;
struct UpstreamTls;

/// A set of HTTP status codes.
using StatusSet = std::bitset<600>;

/// How many results in a row move a node to the other side; 0: such results do not count.
struct HealthLimits
{
    StatusSet healthyStatuses, unhealthyStatuses;
    unsigned successes = 0, httpFailures = 0, tcpFailures = 0, timeouts = 0;
};

/// The `checks` of an upstream, with defaults filled in. APISIX 3.18, upstream.
struct HealthChecks
{
    enum class Type : std::uint8_t { Http, Https, Tcp };
    Type type = Type::Http;
    Duration timeout = std::chrono::seconds(1);
    std::size_t concurrency = 10;
    std::string host; ///< `active.host`; empty: the node's
    std::optional<std::uint16_t> port; ///< `active.port`
    std::string request; ///< what is sent, but for the Host field and the end of the head
    std::string body;
    bool verify = true; ///< `active.https_verify_certificate`
    std::shared_ptr<const UpstreamTls> tls; ///< of https checks; who compiles the upstream sets it
    Duration healthyInterval = std::chrono::seconds(1); ///< of nodes that are in use
    Duration unhealthyInterval = std::chrono::seconds(1);
    HealthLimits active;
    std::optional<HealthLimits> passive; ///< nullopt: traffic is not looked at
    std::string reportedType; ///< as it stands in the document

    /// From a valid `checks` object.
    [[nodiscard]] static HealthChecks compile(const Json &checks);
};

/// What a check or a request found.
enum class HealthResult : std::uint8_t { Success, HttpFailure, TcpFailure, Timeout };

/// One address that is checked, shared by everything that was compiled from the same object, so
/// that its state outlives a recompilation. Counts as lua-resty-healthcheck does: a success clears
/// the failures and the other way round. Written by the monitor's thread, read by any.
class HealthTarget
{
public:
    HealthTarget(std::string host, std::uint16_t port, std::string hostname)
        : m_host(std::move(host)),
          m_hostname(std::move(hostname)),
          m_port(port)
    {
    }

    /// Counts a result against its limit; 0: does not count. The monitor's thread only.
    /// \return true if the status is another one now
    bool record(HealthResult result, unsigned limit) noexcept;
    void setAddress(std::string ip); ///< the monitor's thread only
    [[nodiscard]] const std::string &address() const noexcept { return m_address; }

    [[nodiscard]] HealthStatus status() const noexcept
    {
        return m_status.load(std::memory_order_relaxed);
    }
    [[nodiscard]] HealthCounters counters() const noexcept;
    [[nodiscard]] bool out() const noexcept { return status() >= HealthStatus::MostlyUnhealthy; }

    [[nodiscard]] const std::string &host() const noexcept { return m_host; }
    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    [[nodiscard]] const std::string &hostname() const noexcept { return m_hostname; }
    [[nodiscard]] bool is(const HealthTarget &other) const noexcept
    {
        return m_port == other.m_port && m_host == other.m_host && m_hostname == other.m_hostname;
    }

private:
    std::string m_host, m_hostname;
    std::string m_address; ///< what the name was resolved to last
    std::uint16_t m_port;
    std::atomic<HealthStatus> m_status{HealthStatus::Healthy};
    std::atomic<std::uint32_t> m_counters{0}; ///< an octet per HealthResult
};

/// What workers see of an upstream's checks: which nodes are out, and where to tell what traffic
/// found. Reading takes no lock. Made by HealthMonitor::adopt(). Any thread.
class UpstreamHealth : public std::enable_shared_from_this<UpstreamHealth>
{
public:
    UpstreamHealth(std::string resource, HealthChecks checks, std::weak_ptr<HealthMonitor> monitor)
        : m_resource(std::move(resource)),
          m_checks(std::move(checks)),
          m_monitor(std::move(monitor))
    {
    }

    /// The upstream is used: its active checks begin, unless they have.
    void use()
    {
        if (!m_used.load(std::memory_order_relaxed))
            begin();
    }
    [[nodiscard]] bool used() const noexcept { return m_used.load(std::memory_order_relaxed); }
    /// \param node index in the upstream's list
    [[nodiscard]] bool out(std::size_t node) const noexcept { return m_byNode[node]->out(); }

    /// Whether passive checks take this status of an answer for a failure.
    [[nodiscard]] bool counts(int status) const noexcept;
    /// What traffic found on a node (passive checks). Costs nothing while all is well.
    void reportStatus(std::size_t node, int status);
    void reportFailure(std::size_t node, HealthResult failure);

    [[nodiscard]] const std::string &resource() const noexcept { return m_resource; }
    [[nodiscard]] const HealthChecks &checks() const noexcept { return m_checks; }
    [[nodiscard]] const HealthTarget &target(std::size_t node) const noexcept
    {
        return *m_byNode[node];
    }
    /// Each address once.
    [[nodiscard]] const std::vector<std::shared_ptr<HealthTarget>> &targets() const noexcept
    {
        return m_targets;
    }
    /// The Host field of checks.
    [[nodiscard]] std::string hostField(const HealthTarget &target) const;
    /// What the certificate of https checks has to be for: the same without port and brackets.
    [[nodiscard]] std::string serverName(const HealthTarget &target) const;
    [[nodiscard]] CheckedUpstream report() const;

private:
    friend class HealthMonitor;
    void begin();
    void tell(std::size_t node, HealthResult result, unsigned limit);

    std::string m_resource; ///< storage key of the object that has the checks
    HealthChecks m_checks;
    std::weak_ptr<HealthMonitor> m_monitor;
    std::vector<std::shared_ptr<HealthTarget>> m_byNode, m_targets;
    std::string m_upstreamHost; ///< with pass_host rewrite
    bool m_nodeHost = false; ///< pass_host node
    std::atomic<bool> m_used{false};
};

} // namespace postern::gateway
