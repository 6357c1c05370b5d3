// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/balancers.h"

#include <algorithm>
#include <limits>

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
        // So that the sum of thousands of great weights stays a number.
        const int most = std::numeric_limits<int>::max() / 2 / static_cast<int>(group.size());
        NodeState *best = nullptr;
        int total = 0;
        for (NodeState &state : group) {
            if (!candidate(state, picks))
                continue;
            const int weight = std::clamp(state.node->weight, 1, most);
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
