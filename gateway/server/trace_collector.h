// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/control/control_host.h"
#include "gateway/pipeline/explain.h"
#include "gateway/server/reactor.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace postern::gateway {

class Worker;

/// Gathers traces from the workers' rings for the control thread, and analyses refused tokens
/// there. The rings stay their workers' own: each worker copies what is asked for and posts it
/// back.
class TraceCollector
{
public:
    explicit TraceCollector(Reactor &control) noexcept : m_control(control) {}

    /// In the control thread; calls back there.
    void collect(const std::vector<std::unique_ptr<Worker>> &workers, const TraceQuery &query,
                 std::function<void(TracePage)> done);

    /// A token was refused because of its signature. In a worker; never blocks. The token is wiped
    /// after the analysis.
    void refused(std::uint64_t traceId, std::string_view token,
                 const std::shared_ptr<const Snapshot> &snapshot);

private:
    struct Gathering;
    void analyse(std::uint64_t traceId, std::string_view token, const Snapshot &snapshot);
    void finish(Gathering &gathering);

    Reactor &m_control;
    std::atomic<unsigned> m_waiting{0}; ///< refused tokens on their way to the control thread
    std::unordered_map<std::uint64_t, std::vector<TokenFinding>> m_findings;
    std::deque<std::uint64_t> m_order; ///< of m_findings, oldest first
};

} // namespace postern::gateway
