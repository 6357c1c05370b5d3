// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/server/reactor.h"
#include "gateway/upstream/health_probe.h"
#include "gateway/upstream/resolver.h"
#include "gateway/upstream/upstream_health.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace postern::gateway {

/// Runs the active checks of all upstreams and counts what traffic tells, on one thread of its own
/// that starts with the first upstream that is used. Any thread, but for what checkers call.
class HealthMonitor final : public HealthReport, public std::enable_shared_from_this<HealthMonitor>
{
public:
    /// \param resolver must outlive stop()
    explicit HealthMonitor(Resolver &resolver);
    ~HealthMonitor() override;

    /// Nodes that are somewhere else, as for traffic. Before the first use().
    /// \param builtinPort of the built-in upstream, which speaks no TLS; 0: there is none
    void setAliases(UpstreamAliases aliases, std::uint16_t builtinPort)
    {
        m_aliases = std::move(aliases);
        m_builtinPort = builtinPort;
    }
    /// Ends the thread; nothing is checked any more.
    void stop();

    /// What an upstream that was just compiled has to look at. An address that the same object had
    /// before keeps its state.
    /// \param resource storage key of the object that has the checks
    [[nodiscard]] std::shared_ptr<UpstreamHealth>
    adopt(const std::string &resource, HealthChecks checks, const CompiledUpstream &upstream);
    /// The object is gone, or has no checks any more.
    void drop(std::string_view resource);

    // for UpstreamHealth
    void begin(const std::string &resource);
    void count(const std::shared_ptr<HealthTarget> &target, HealthResult result, unsigned limit);

    [[nodiscard]] std::vector<CheckedUpstream> checkedUpstreams() const override;
    [[nodiscard]] std::optional<CheckedUpstream>
    checkedUpstream(std::string_view name) const override;

private:
    class Checker;
    friend class Checker;

    /// What the object has now; nullptr: it is gone.
    [[nodiscard]] std::shared_ptr<UpstreamHealth> current(const std::string &resource) const;
    /// Ends the checker that an object of that name has left behind. With m_mutex held.
    void forget(std::string_view resource);
    // for checkers, in the monitor's thread
    /// Begins with a first round at once, in place of the checker that there is.
    void startChecker(const std::string &resource);
    /// Finds the address to check and calls back, at once or later.
    void locate(const HealthTarget &target, std::function<void(Result<SocketAddress>)> done);
    void note(HealthTarget &target, const SocketAddress &address);
    [[nodiscard]] bool isBuiltin(const SocketAddress &address) const;
    void retire(const std::string &resource);

    Resolver &m_resolver;
    UpstreamAliases m_aliases;
    std::uint16_t m_builtinPort = 0;
    mutable std::mutex m_mutex; ///< guards what compiling and reporting look at
    std::map<std::string, std::weak_ptr<UpstreamHealth>, std::less<>> m_known; ///< by resource
    bool m_running = false; ///< the thread
    bool m_stopped = false;
    std::thread m_thread;
    Reactor m_reactor;
    // its thread's
    HealthProbe::Running m_probes;
    std::map<std::string, std::unique_ptr<Checker>, std::less<>> m_checkers;
};

} // namespace postern::gateway
