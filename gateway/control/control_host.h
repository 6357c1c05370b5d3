// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "gateway/observe/capture.h"
#include "gateway/pipeline/explain.h"
#include "gateway/pipeline/trace.h"
#include "gateway/router/compiler.h"
#include "gateway/router/snapshot.h"
#include "gateway/upstream/health_report.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postern::gateway {

class ApisixAdmin;

/// How far each worker's ring was read: the number of records the worker had written, by worker.
/// Empty: nothing was read yet.
using TraceCursor = std::vector<std::uint64_t>;

struct TraceQuery
{
    std::uint64_t since = 0; ///< only records with a greater id
    std::size_t limit = 0; ///< only the newest so many; 0: all that are kept
    std::optional<std::uint64_t> id = {}; ///< only this one
    /// Only what was written after this cursor. Ids are given when a request begins and records are
    /// written when it ends, so a reader that must miss nothing goes by the cursor.
    TraceCursor cursor = {};
};

struct TraceView
{
    std::shared_ptr<const TraceRecord> record;
    std::vector<TokenFinding> findings; ///< what the analysis of a refused token found
};

struct TracePage
{
    std::vector<TraceView> traces; ///< newest last
    TraceCursor cursor; ///< where to go on
    std::uint64_t lost = 0; ///< written after the query's cursor, but overwritten by now
};

/// What the control API tells about the gateway.
struct GatewayStatus
{
    std::string version;
    std::string profile;
    std::uint64_t revision = 0;
    Duration uptime{};
    std::size_t workers = 0;
    std::uint64_t connections = 0; ///< open on the proxy now
    std::uint64_t requests = 0; ///< answered by the proxy so far
    std::string proxy, https, admin, control; ///< URLs; empty: not there
};

/// The running gateway as the control API sees it. Called in the control thread only.
class ControlHost
{
public:
    ControlHost() = default;
    ControlHost(const ControlHost &) = delete;
    ControlHost &operator=(const ControlHost &) = delete;
    virtual ~ControlHost() = default;

    /// Copies records out of the workers' rings and calls back in the control thread, once, now or
    /// later. The caller may be gone by then: `done` copes.
    virtual void collectTraces(const TraceQuery &query, std::function<void(TracePage)> done) = 0;
    [[nodiscard]] virtual Clock &clock() = 0;
    [[nodiscard]] virtual std::shared_ptr<const Snapshot> snapshot() = 0;
    [[nodiscard]] virtual std::vector<CompileProblem> problems() = 0;
    [[nodiscard]] virtual GatewayStatus status() = 0;
    /// What is kept of exchanges besides their traces.
    [[nodiscard]] virtual CaptureSettings captureSettings() { return {}; }
    /// Calls back, now or later, when the next request is kept so.
    virtual void configureCapture(const CaptureSettings &settings, std::function<void()> done)
    {
        static_cast<void>(settings);
        done();
    }
    /// Calls back, now or later; nullptr: nothing is kept of it.
    virtual void findExchange(std::uint64_t id,
                              std::function<void(std::shared_ptr<const CapturedExchange>)> done)
    {
        static_cast<void>(id);
        done(nullptr);
    }
    /// The Admin API over the configuration; nullptr: there is none.
    [[nodiscard]] virtual ApisixAdmin *admin() { return nullptr; }
    /// Asks the secret managers for every value again. \param done told how many were asked for,
    /// when the data plane works with the answers; may be called at once
    virtual void reloadSecrets(std::function<void(std::size_t)> done) { done(0); }
    /// What health checks know; nullptr: upstreams are not checked.
    [[nodiscard]] virtual const HealthReport *health() { return nullptr; }
};

} // namespace postern::gateway
