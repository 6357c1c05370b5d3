// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/balancers.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace postern::gateway {

namespace {

class LeastConnections final : public Balancer
{
public:
    explicit LeastConnections(const std::shared_ptr<const CompiledUpstream> &upstream)
        : Balancer(upstream),
          m_lastTurns(usableNodes())
    {
        m_counts = true;
    }
    [[nodiscard]] std::string_view name() const noexcept override { return "least_conn"; }

    void left(NodeState &state, std::optional<Reactor::Clock::duration>,
              Reactor::Clock::time_point) override
    {
        if (state.active > 0)
            --state.active;
    }

private:
    /// What one more request would be for its weight, compared without dividing.
    static bool lighter(const NodeState &one, const NodeState &other) noexcept
    {
        const auto weight = [](const NodeState &state) {
            return static_cast<std::uint64_t>(std::max(state.node->weight, 1));
        };
        return (one.active + std::uint64_t{1}) * weight(other)
            < (other.active + std::uint64_t{1}) * weight(one);
    }

    NodeState *choose(std::span<NodeState> group, Picks &picks, Exchange &,
                      Reactor::Clock::time_point) override
    {
        NodeState *best = nullptr;
        for (NodeState &state : group) {
            if (!candidate(state, picks))
                continue;
            // Of equals the one whose turn was longest ago.
            if (!best || lighter(state, *best)
                || (!lighter(*best, state)
                    && m_lastTurns[state.position] < m_lastTurns[best->position]))
                best = &state;
        }
        if (best) {
            ++best->active;
            m_lastTurns[best->position] = ++m_turn;
        }
        return best;
    }

    std::vector<std::uint64_t> m_lastTurns; ///< by position
    std::uint64_t m_turn = 0;
};

} // namespace

std::unique_ptr<Balancer>
makeLeastConnections(const std::shared_ptr<const CompiledUpstream> &upstream)
{
    return std::make_unique<LeastConnections>(upstream);
}

} // namespace postern::gateway
