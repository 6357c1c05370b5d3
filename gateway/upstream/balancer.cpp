// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/balancer.h"

#include "gateway/upstream/balancers.h"
#include "gateway/upstream/upstream_health.h"

#include <algorithm>
#include <array>

namespace postern::gateway {

namespace {

struct Algorithm
{
    std::string_view type;
    std::unique_ptr<Balancer> (*make)(const std::shared_ptr<const CompiledUpstream> &upstream);
};

constexpr std::array kAlgorithms{
    Algorithm{"roundrobin", makeRoundRobin},
    Algorithm{"chash", makeConsistentHash},
    Algorithm{"least_conn", makeLeastConnections},
    Algorithm{"ewma", makeMovingAverage},
};

constexpr std::uint64_t bitOf(std::size_t position) noexcept
{
    return std::uint64_t{1} << (position % 64);
}

constexpr std::size_t kUnused = static_cast<std::size_t>(-1);

} // namespace

Balancer::Balancer(std::shared_ptr<const CompiledUpstream> upstream)
    : m_upstream(std::move(upstream)),
      m_positions(m_upstream->nodes.size(), kUnused)
{
    const auto weighted = [](const UpstreamNode &node) { return node.weight > 0; };
    const bool some = std::ranges::any_of(m_upstream->nodes, weighted);
    for (std::size_t i = 0; i < m_upstream->nodes.size(); ++i) {
        const UpstreamNode &node = m_upstream->nodes[i];
        // Weight 0 is not selected while others exist, or are in. A ring has no points for it.
        if (some && !weighted(node) && (!m_upstream->health || m_upstream->ring))
            continue;
        NodeState state;
        state.node = &node;
        state.index = i;
        m_nodes.push_back(std::move(state));
    }
    m_weighted = some;
    std::ranges::stable_sort(m_nodes, std::ranges::greater{},
                             [](const NodeState &state) { return state.node->priority; });
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        m_nodes[i].position = i;
        m_positions[m_nodes[i].index] = i;
    }
}

NodeState *Balancer::byIndex(std::size_t index) noexcept
{
    const std::size_t position = m_positions[index];
    return position == kUnused ? nullptr : &m_nodes[position];
}

bool Balancer::healthy(const NodeState &state) const noexcept
{
    return !m_health || !m_health->out(state.index);
}

bool Balancer::candidate(const NodeState &state, const Picks &picks) const noexcept
{
    return (picks.tried & bitOf(state.position)) == 0 && healthy(state)
        && (state.node->weight > 0 || !m_needsWeight);
}

/// What is out is left out first; who of the others has a weight goes before who has none.
void Balancer::lookAtHealth(const UpstreamHealth &health)
{
    bool out = false, in = false, weightedIn = false;
    for (const NodeState &state : m_nodes) {
        const bool isOut = health.out(state.index);
        out |= isOut;
        in |= !isOut;
        weightedIn |= !isOut && state.node->weight > 0;
    }
    if (out && in) {
        m_health = &health;
        m_needsWeight = weightedIn;
    }
}

NodeState *Balancer::pickOne(Picks &picks, Exchange &exchange, Reactor::Clock::time_point now)
{
    m_health = nullptr;
    m_needsWeight = m_weighted;
    if (const UpstreamHealth *health = m_upstream->health.get())
        lookAtHealth(*health);
    for (std::size_t from = 0, to = 0; from < m_nodes.size(); from = to) {
        while (to < m_nodes.size() && m_nodes[to].node->priority == m_nodes[from].node->priority)
            ++to;
        const std::span group = std::span(m_nodes).subspan(from, to - from);
        if (NodeState *chosen = choose(group, picks, exchange, now)) {
            picks.tried |= bitOf(chosen->position);
            return chosen;
        }
    }
    return nullptr;
}

bool knowsBalancer(std::string_view type) noexcept
{
    return std::ranges::contains(kAlgorithms, type, &Algorithm::type);
}

std::unique_ptr<Balancer> makeBalancer(const std::shared_ptr<const CompiledUpstream> &upstream)
{
    const auto *found = std::ranges::find(kAlgorithms, upstream->type, &Algorithm::type);
    return found == kAlgorithms.end() ? makeRoundRobin(upstream) : found->make(upstream);
}

} // namespace postern::gateway
