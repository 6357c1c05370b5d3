// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/router/snapshot.h"
#include "gateway/server/reactor.h"
#include "gateway/server/socket.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postern::gateway {

class ConnectionPool;

/// A worker's view of one upstream node.
struct NodeState
{
    const UpstreamNode *node = nullptr;
    int current = 0; ///< smooth weighted round robin
    std::optional<SocketAddress> address;
    std::string addressText, nodeText; ///< for the trace
    bool aliased = false; ///< resolved by upstream.aliases
    Reactor::Clock::time_point resolvedUntil{};
    ConnectionPool *pool = nullptr;
};

/// A worker's view of one upstream: whose turn it is. Its worker's thread only.
class Balancer
{
public:
    explicit Balancer(std::shared_ptr<const CompiledUpstream> upstream);

    /// The next node, smooth weighted round robin within the highest priority that has a node not
    /// yet tried. \param tried bit per node index (the first 64 nodes are told apart)
    /// \return nullptr when every usable node was tried
    [[nodiscard]] NodeState *pick(std::uint64_t &tried) noexcept;
    [[nodiscard]] std::size_t usableNodes() const noexcept { return m_usable; }
    [[nodiscard]] const std::shared_ptr<const CompiledUpstream> &upstream() const noexcept
    {
        return m_upstream;
    }

private:
    std::shared_ptr<const CompiledUpstream> m_upstream;
    std::vector<NodeState> m_nodes; ///< by priority, highest first
    std::size_t m_usable = 0;
};

} // namespace postern::gateway
