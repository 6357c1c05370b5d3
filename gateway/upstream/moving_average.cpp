// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/balancers.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::chrono::duration<double> kDecay = std::chrono::seconds(10);

class MovingAverage final : public Balancer
{
public:
    explicit MovingAverage(const std::shared_ptr<const CompiledUpstream> &upstream)
        : Balancer(upstream),
          m_random(static_cast<std::minstd_rand::result_type>(upstream->uid + 1))
    {
        m_counts = true;
        m_candidates.reserve(usableNodes());
    }
    [[nodiscard]] std::string_view name() const noexcept override { return "ewma"; }

    void left(NodeState &state, std::optional<Reactor::Clock::duration> took,
              Reactor::Clock::time_point now) override
    {
        if (!took)
            return;
        const double weight = remaining(state, now);
        const double seconds = std::chrono::duration<double>(*took).count();
        state.average = state.average * weight + seconds * (1.0 - weight);
        state.measured = now;
    }

private:
    /// How much of what was measured then counts now.
    static double remaining(const NodeState &state, Reactor::Clock::time_point now) noexcept
    {
        const std::chrono::duration<double> since =
            std::max(now - state.measured, Reactor::Clock::duration::zero());
        return std::exp(-since / kDecay);
    }

    std::size_t random(std::size_t below)
    {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(m_random);
    }

    NodeState *choose(std::span<NodeState> group, Picks &picks, Exchange &,
                      Reactor::Clock::time_point now) override
    {
        m_candidates.clear();
        for (NodeState &state : group) {
            if (candidate(state, picks))
                m_candidates.push_back(&state);
        }
        if (m_candidates.size() < 2)
            return m_candidates.empty() ? nullptr : m_candidates.front();
        const std::size_t first = random(m_candidates.size());
        std::size_t second = random(m_candidates.size() - 1);
        if (second >= first)
            ++second;
        NodeState *one = m_candidates[first];
        NodeState *other = m_candidates[second];
        const auto score = [now](const NodeState &state) {
            return state.average * remaining(state, now);
        };
        return score(*one) > score(*other) ? other : one;
    }

    std::vector<NodeState *> m_candidates; ///< during a choice
    std::minstd_rand m_random;
};

} // namespace

std::unique_ptr<Balancer> makeMovingAverage(const std::shared_ptr<const CompiledUpstream> &upstream)
{
    return std::make_unique<MovingAverage>(upstream);
}

} // namespace postern::gateway
