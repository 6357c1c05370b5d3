// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/balancers.h"
#include "gateway/upstream/hash_ring.h"

namespace postern::gateway {

namespace {

class ConsistentHash final : public Balancer
{
public:
    using Balancer::Balancer;
    [[nodiscard]] std::string_view name() const noexcept override { return "chash"; }

private:
    NodeState *choose(std::span<NodeState> group, Picks &picks, Exchange &exchange,
                      Reactor::Clock::time_point) override
    {
        const HashRing *ring = upstream()->ring.get();
        if (!ring || ring->size() == 0)
            return nullptr;
        const int priority = group.front().node->priority;
        const std::size_t size = ring->size();
        std::size_t at = 0;
        // Each priority begins anew with the key. Nodes that are out or of another priority are as
        // if they had no points.
        const NodeState *last =
            picks.ringPosition ? byIndex(ring->nodeAt(*picks.ringPosition)) : nullptr;
        if (last && last->node->priority == priority) {
            at = (*picks.ringPosition + 1) % size;
        } else {
            picks.key = ring->key().of(exchange);
            at = ring->find(picks.key);
        }
        for (std::size_t i = 0; i < size; ++i, at = (at + 1) % size) {
            NodeState *state = byIndex(ring->nodeAt(at));
            if (state && state->node->priority == priority && candidate(*state, picks)) {
                picks.ringPosition = at;
                return state;
            }
        }
        return nullptr;
    }
};

} // namespace

std::unique_ptr<Balancer>
makeConsistentHash(const std::shared_ptr<const CompiledUpstream> &upstream)
{
    return std::make_unique<ConsistentHash>(upstream);
}

} // namespace postern::gateway
