// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_client.h"

#include "gateway/remote/redis_server.h"

#include <utility>

namespace postern::gateway {
namespace {

class SingleRedis final : public RedisClient, private RedisReceiver
{
public:
    SingleRedis(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings)
        : m_server(place, settings->servers.front(), settings, settings->login, *this)
    {
    }

    void send(std::unique_ptr<RedisCall> call) override { m_server.send(std::move(call)); }
    [[nodiscard]] bool idle() const noexcept override { return m_server.idle(); }

private:
    void answered(std::unique_ptr<RedisCall> call, RedisAnswer answer) override
    {
        // A server that was restarted closes a connection that looked good a moment ago.
        if (!answer && answer.error().kind == RedisFault::Kind::Closed && call->tries == 0) {
            ++call->tries;
            m_server.send(std::move(call));
            return;
        }
        finishCall(*call, std::move(answer));
    }

    RedisServer m_server;
};

} // namespace

std::unique_ptr<RedisClient> makeSingleRedis(RedisPlace place,
                                             const std::shared_ptr<const RedisSettings> &settings)
{
    return std::make_unique<SingleRedis>(place, settings);
}

std::unique_ptr<RedisClient> makeRedisClient(RedisPlace place,
                                             const std::shared_ptr<const RedisSettings> &settings)
{
    switch (settings->kind) {
    case RedisSettings::Kind::Cluster:
        return makeRedisCluster(place, settings);
    case RedisSettings::Kind::Sentinel:
        return makeRedisSentinel(place, settings);
    case RedisSettings::Kind::Single:
        break;
    }
    return makeSingleRedis(place, settings);
}

} // namespace postern::gateway
