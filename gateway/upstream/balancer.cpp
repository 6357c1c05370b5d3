// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/balancer.h"

#include <algorithm>

namespace postern::gateway {

Balancer::Balancer(std::shared_ptr<const CompiledUpstream> upstream)
    : m_upstream(std::move(upstream))
{
    const auto weighted = [](const UpstreamNode &node) { return node.weight > 0; };
    const bool some = std::ranges::any_of(m_upstream->nodes, weighted);
    for (const UpstreamNode &node : m_upstream->nodes) {
        // Weight 0 is not selected while others exist.
        if (some && !weighted(node))
            continue;
        NodeState state;
        state.node = &node;
        m_nodes.push_back(state);
    }
    std::ranges::stable_sort(m_nodes, std::ranges::greater{},
                             [](const NodeState &state) { return state.node->priority; });
    m_usable = m_nodes.size();
}

NodeState *Balancer::pick(std::uint64_t &tried) noexcept
{
    if (m_nodes.size() == 1) {
        if (tried & 1U)
            return nullptr;
        tried |= 1U;
        return m_nodes.data();
    }
    NodeState *best = nullptr;
    std::size_t bestIndex = 0;
    int total = 0;
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        NodeState &state = m_nodes[i];
        if (best && state.node->priority < best->node->priority)
            break;
        if (tried & (std::uint64_t{1} << (i % 64)))
            continue;
        const int weight = std::max(state.node->weight, 1);
        state.current += weight;
        total += weight;
        if (!best || state.current > best->current) {
            best = &state;
            bestIndex = i;
        }
    }
    if (best) {
        best->current -= total;
        tried |= std::uint64_t{1} << (bestIndex % 64);
    }
    return best;
}

} // namespace postern::gateway
