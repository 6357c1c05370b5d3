// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/remote/redis_client.h"
#include "gateway/remote/redis_settings.h"
#include "gateway/server/reactor.h"
#include "gateway/upstream/resolver.h"

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace postern::gateway {

/// The Redis clients of all workers. Each worker has its own ones on its own reactor: no lock, no
/// other thread. Plugins reach it through PluginEnv; equal settings share connections, also over
/// a change of configuration.
class RedisClients
{
public:
    explicit RedisClients(Resolver &resolver) : m_resolver(resolver) {}
    ~RedisClients();
    RedisClients(const RedisClients &) = delete;
    RedisClients &operator=(const RedisClients &) = delete;

    /// Names the next worker's reactor. Before the workers run.
    void attach(Reactor &reactor);
    /// The worker's own client; in its thread. nullptr if there is no such worker (any more).
    [[nodiscard]] RedisClient *client(std::size_t worker,
                                      const std::shared_ptr<const RedisSettings> &settings);
    [[nodiscard]] Reactor *reactor(std::size_t worker) const noexcept;
    /// Ends all connections. After the workers have ended, before their reactors do.
    void close();

private:
    struct Place
    {
        Reactor *reactor;
        std::unordered_map<std::string, std::unique_ptr<RedisClient>> clients; ///< by identity
    };

    Resolver &m_resolver;
    std::vector<Place> m_places; ///< a worker each
};

} // namespace postern::gateway
