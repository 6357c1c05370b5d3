// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/upstream/balancer.h"

#include <memory>

namespace postern::gateway {

// What each algorithm's file offers; balancer.cpp has the table.

/// Smooth weighted round robin: 5, 1, 1 gives aabacaa, not aaaaabc.
[[nodiscard]] std::unique_ptr<Balancer>
makeRoundRobin(const std::shared_ptr<const CompiledUpstream> &upstream);
/// The node whose point on the circle is before the key's; see HashRing.
[[nodiscard]] std::unique_ptr<Balancer>
makeConsistentHash(const std::shared_ptr<const CompiledUpstream> &upstream);
/// The node with the fewest requests under way for its weight; equals take turns.
[[nodiscard]] std::unique_ptr<Balancer>
makeLeastConnections(const std::shared_ptr<const CompiledUpstream> &upstream);
/// Of two nodes taken at random the one that has answered faster lately (an exponentially weighted
/// average that forgets within 10 s). Weights do not count, as in the original.
[[nodiscard]] std::unique_ptr<Balancer>
makeMovingAverage(const std::shared_ptr<const CompiledUpstream> &upstream);

} // namespace postern::gateway
