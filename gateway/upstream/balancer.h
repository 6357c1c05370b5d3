// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/router/snapshot.h"
#include "gateway/server/reactor.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

class ConnectionPool;
class UpstreamHealth;
struct Exchange;

/// A worker's view of one upstream node.
struct NodeState
{
    const UpstreamNode *node = nullptr;
    std::size_t index = 0; ///< in the upstream's list
    std::size_t position = 0; ///< in the balancer's list
    int current = 0; ///< roundrobin: whose turn it is
    unsigned active = 0; ///< least_conn: tries under way
    double average = 0; ///< ewma: seconds an answer takes
    Reactor::Clock::time_point measured{}; ///< ewma: when `average` was
    std::vector<ConnectionPool *> pools; ///< one per address; empty: not looked up yet
    std::size_t turn = 0; ///< which of them is next
    std::string nodeText; ///< for the trace
    bool aliased = false; ///< resolved by upstream.aliases
    Reactor::Clock::time_point resolvedUntil{};

    /// The pool of the address whose turn it is.
    [[nodiscard]] ConnectionPool *nextPool() noexcept
    {
        if (pools.size() == 1)
            return pools.front();
        return pools.empty() ? nullptr : pools[turn++ % pools.size()];
    }
};

/// The choices made for one request so far.
struct Picks
{
    std::uint64_t tried = 0; ///< a bit per node (the first 64 are told apart)
    std::optional<std::size_t> ringPosition{}; ///< chash: where the last choice stands
    std::string_view key{}; ///< chash: what was hashed; lives as long as the exchange
};

/// A worker's view of one upstream: whose turn it is. Each algorithm is a file of its own. What
/// they count (turns, connections, times) they count for their worker, not for the gateway: with
/// several workers each spreads its own share of the requests. Its worker's thread only.
class Balancer
{
public:
    explicit Balancer(std::shared_ptr<const CompiledUpstream> upstream);
    Balancer(const Balancer &) = delete;
    Balancer &operator=(const Balancer &) = delete;
    virtual ~Balancer() = default;

    /// The next node: of the highest priority that has one which was not tried yet and is not out
    /// by health checks. When all are out, all are used. Nodes of weight 0 are used when no other
    /// is in (chash: when there is no other). A single node is always the next node.
    /// \return nullptr when every usable node was tried
    [[nodiscard]] NodeState *pick(Picks &picks, Exchange &exchange, Reactor::Clock::time_point now)
    {
        return m_nodes.size() == 1 ? m_nodes.data() : pickOne(picks, exchange, now);
    }
    /// Whether left() wants to be called.
    [[nodiscard]] bool counts() const noexcept { return m_counts; }
    /// What began with a pick is over.
    /// \param took until the whole answer was there; nullopt when there was none
    virtual void left(NodeState &, std::optional<Reactor::Clock::duration> took,
                      Reactor::Clock::time_point now)
    {
        static_cast<void>(took);
        static_cast<void>(now);
    }
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    [[nodiscard]] std::size_t usableNodes() const noexcept { return m_nodes.size(); }
    [[nodiscard]] const std::shared_ptr<const CompiledUpstream> &upstream() const noexcept
    {
        return m_upstream;
    }

protected:
    /// Chooses among nodes of one priority. \return nullptr if none of them is a candidate
    [[nodiscard]] virtual NodeState *choose(std::span<NodeState> group, Picks &picks,
                                            Exchange &exchange, Reactor::Clock::time_point now) = 0;
    [[nodiscard]] bool candidate(const NodeState &state, const Picks &picks) const noexcept;
    /// False when health checks have it out.
    [[nodiscard]] bool healthy(const NodeState &state) const noexcept;
    /// By its index in the upstream; nullptr for a node that is never used (weight 0).
    [[nodiscard]] NodeState *byIndex(std::size_t index) noexcept;

    bool m_counts = false;

private:
    [[nodiscard]] NodeState *pickOne(Picks &picks, Exchange &exchange,
                                     Reactor::Clock::time_point now);

    void lookAtHealth(const UpstreamHealth &health);

    std::shared_ptr<const CompiledUpstream> m_upstream;
    std::vector<NodeState> m_nodes; ///< by priority, highest first
    std::vector<std::size_t> m_positions; ///< in m_nodes, by index in the upstream
    const UpstreamHealth *m_health = nullptr; ///< during a pick: when some are out, but not all
    bool m_weighted = false; ///< some node is
    bool m_needsWeight = false; ///< during a pick: nodes of weight 0 are none
};

/// Whether there is an algorithm of that name ("roundrobin", "chash", "least_conn", "ewma").
[[nodiscard]] bool knowsBalancer(std::string_view type) noexcept;
/// The upstream's balancer. A type that nobody knows is no matter while there is one node.
[[nodiscard]] std::unique_ptr<Balancer>
makeBalancer(const std::shared_ptr<const CompiledUpstream> &upstream);

} // namespace postern::gateway
