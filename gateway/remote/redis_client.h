// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/remote/redis_call.h"
#include "gateway/remote/redis_connection.h"
#include "gateway/remote/redis_settings.h"

#include <memory>

namespace postern::gateway {

/// Sends commands where they belong: to the server, to the node that has the key's slot, to the
/// server that the sentinels name. One per worker and configuration; its reactor's thread only.
class RedisClient
{
public:
    RedisClient() = default;
    RedisClient(const RedisClient &) = delete;
    RedisClient &operator=(const RedisClient &) = delete;
    virtual ~RedisClient() = default;

    /// Sends the command. Its `finish` is called with the answer (which may be one of Redis'
    /// errors) or LimitStore, at the latest at its deadline; perhaps before this returns.
    virtual void send(std::unique_ptr<RedisCall> call) = 0;
    /// True if all keys of a command must be in one slot.
    [[nodiscard]] virtual bool slotted() const noexcept { return false; }
    /// No connection is open.
    [[nodiscard]] virtual bool idle() const noexcept = 0;
};

/// \param settings outlive nothing: the client shares them
[[nodiscard]] std::unique_ptr<RedisClient>
makeRedisClient(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings);

// The kinds, for makeRedisClient().
[[nodiscard]] std::unique_ptr<RedisClient>
makeSingleRedis(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings);
[[nodiscard]] std::unique_ptr<RedisClient>
makeRedisCluster(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings);
[[nodiscard]] std::unique_ptr<RedisClient>
makeRedisSentinel(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings);

} // namespace postern::gateway
