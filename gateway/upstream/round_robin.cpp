// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/balancers.h"

#include <algorithm>

namespace postern::gateway {

namespace {

class RoundRobin final : public Balancer
{
public:
    using Balancer::Balancer;
    [[nodiscard]] std::string_view name() const noexcept override { return "roundrobin"; }

private:
    NodeState *choose(std::span<NodeState> group, Picks &picks, Exchange &,
                      Reactor::Clock::time_point) override
    {
        NodeState *best = nullptr;
        int total = 0;
        for (NodeState &state : group) {
            if (!candidate(state, picks))
                continue;
            const int weight = std::max(state.node->weight, 1);
            state.current += weight;
            total += weight;
            if (!best || state.current > best->current)
                best = &state;
        }
        if (best)
            best->current -= total;
        return best;
    }
};

} // namespace

std::unique_ptr<Balancer> makeRoundRobin(const std::shared_ptr<const CompiledUpstream> &upstream)
{
    return std::make_unique<RoundRobin>(upstream);
}

} // namespace postern::gateway
