// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "gateway/http/writer.h"
#include "gateway/observe/capture.h"
#include "gateway/observe/trace_ring.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/router/snapshot.h"
#include "gateway/server/client_connection.h"
#include "gateway/server/options.h"
#include "gateway/server/reactor.h"
#include "gateway/server/socket.h"
#include "gateway/tls/handle.h"
#include "gateway/upstream/balancer.h"
#include "gateway/upstream/connection_pool.h"
#include "gateway/upstream/resolver.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace postern::gateway {

/// What the workers of one gateway share. Outlives them.
struct WorkerShared
{
    ProxyOptions options;
    const Clock *clock = nullptr;
    Resolver *resolver = nullptr;
    UpstreamAliases aliases;
    std::uint16_t builtinPort = 0; ///< of the built-in upstream, which speaks no TLS
    SslContext tls; ///< of the HTTPS listener; its certificates are the snapshot's
    std::uint64_t runId = 0; ///< high bits of the trace ids of this run
    /// Called in the worker for a token whose signature did not fit; must not block.
    std::function<void(std::uint64_t traceId, std::string_view token,
                       const std::shared_ptr<const Snapshot> &)>
        refusedToken;
    std::atomic<std::size_t> connections{0};
};

/// Figures of one worker; read by any thread.
struct WorkerCounters
{
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> allowed{0}, denied{0}, unmatched{0}, failed{0};
    /// Connections by what they do (ClientConnection::State), as of the last sweep: once a second.
    std::array<std::atomic<std::uint64_t>, 3> states{};
};

/// One thread that serves connections: its reactor, its upstream pools, its trace ring, its pointer
/// to the snapshot. Everything but start(), stop(), adopt(), publish() and post() is its thread's.
class Worker
{
public:
    Worker(std::size_t index, WorkerShared &shared);
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    void start();
    /// Finishes what is under way, at most for `grace`, then ends the thread.
    void stop(Duration grace);
    /// Hands an accepted socket over; `tls`: it came in at the HTTPS listener. Any thread.
    void adopt(int descriptor, bool tls = false);
    /// Hands a new snapshot over; `confirmed` is called in the worker once it is in use. Any
    /// thread.
    void publish(std::shared_ptr<const Snapshot> snapshot, std::function<void()> confirmed);
    /// Runs a task in the worker. Any thread.
    void post(std::function<void()> task) { m_reactor.post(std::move(task)); }
    [[nodiscard]] const WorkerCounters &counters() const noexcept { return m_counters; }

    // for connections and streams, in the worker's thread
    [[nodiscard]] std::size_t index() const noexcept { return m_index; }
    [[nodiscard]] Reactor &reactor() noexcept { return m_reactor; }
    [[nodiscard]] const ProxyOptions &options() const noexcept { return m_shared.options; }
    [[nodiscard]] const Clock &clock() const noexcept { return *m_shared.clock; }
    [[nodiscard]] const std::shared_ptr<const Snapshot> &snapshot() const noexcept
    {
        return m_snapshot;
    }
    [[nodiscard]] MergedChains &mergedChains() noexcept { return m_merged; }
    [[nodiscard]] const TraceRing &traces() const noexcept { return m_traces; }
    [[nodiscard]] CaptureRing &captures() noexcept { return m_captures; }
    [[nodiscard]] std::array<char, 64U * 1024> &scratch() noexcept { return m_scratch; }
    [[nodiscard]] std::string &headScratch() noexcept { return m_head; }
    [[nodiscard]] std::vector<std::string_view> &pieces() noexcept { return m_pieces; }
    [[nodiscard]] DateCache &date() noexcept { return m_date; }
    [[nodiscard]] bool stopping() const noexcept { return m_stopping; }

    [[nodiscard]] std::unique_ptr<ClientStream> takeStream();
    void giveStream(std::unique_ptr<ClientStream> stream);
    [[nodiscard]] std::uint64_t nextTraceId() noexcept;
    /// Of the worker that gave this trace id. Any thread.
    [[nodiscard]] static std::size_t indexOf(std::uint64_t traceId) noexcept;
    void record(Exchange &exchange);
    /// Remembers a connection that ended before it asked for anything.
    void recordConnection(const Exchange &exchange);

    /// True if that address is the built-in upstream's.
    [[nodiscard]] bool isBuiltin(const ConnectionPool &pool) const noexcept;
    [[nodiscard]] Balancer &balancer(const std::shared_ptr<const CompiledUpstream> &upstream);
    /// Makes sure of the node's pools, if its addresses are known. Names are looked up by
    /// resolve().
    [[nodiscard]] bool locate(NodeState &node);
    /// Looks the node's name up; calls back in the worker. The node may be gone by then.
    void resolve(const UpstreamNode &node, Resolver::Done done);
    void located(NodeState &node, const std::vector<SocketAddress> &addresses);

    void connectionOpened(ClientConnection &connection);
    void connectionClosed(ClientConnection &connection) noexcept;

private:
    void sweep();
    void visitConnections(Reactor::Clock::time_point now);
    void scheduleSweep();
    void useSnapshot(std::shared_ptr<const Snapshot> snapshot);
    [[nodiscard]] ConnectionPool &pool(const SocketAddress &address);

    std::size_t m_index;
    WorkerShared &m_shared;
    Reactor m_reactor;
    std::shared_ptr<const Snapshot> m_snapshot;
    MergedChains m_merged;
    TraceRing m_traces;
    CaptureRing m_captures;
    DateCache m_date;
    std::map<std::string, std::unique_ptr<ConnectionPool>> m_pools; ///< by address text
    std::unordered_map<std::uint64_t, std::unique_ptr<Balancer>> m_balancers; ///< by upstream uid
    std::vector<std::unique_ptr<ClientStream>> m_streams; ///< spare ones
    ClientConnection *m_first = nullptr; ///< list of the open connections
    std::size_t m_open = 0;
    std::uint64_t m_sequence = 0;
    bool m_sweeping = false;
    bool m_stopping = false;
    WorkerCounters m_counters;
    std::array<char, 64U * 1024> m_scratch;
    std::string m_head;
    std::vector<std::string_view> m_pieces;
    std::thread m_thread;
};

} // namespace postern::gateway
