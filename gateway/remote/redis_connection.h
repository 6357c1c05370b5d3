// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/remote/redis_call.h"
#include "gateway/remote/redis_settings.h"
#include "gateway/server/reactor.h"
#include "gateway/upstream/resolver.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

struct redisAsyncContext;

namespace postern::gateway {

/// What a worker's connections to Redis need. Outlives them.
struct RedisPlace
{
    Reactor &reactor;
    Resolver &resolver;
};

/// One connection to a Redis server: looks the name up, connects, speaks TLS, logs in, then sends
/// commands as they come and answers them in order. Lives once: a connection that ended is not used
/// again. Its reactor's thread only; nothing blocks.
class RedisConnection final : public EventSource
{
public:
    /// Told what becomes of the connection.
    class Owner
    {
    public:
        Owner() = default;
        Owner(const Owner &) = delete;
        Owner &operator=(const Owner &) = delete;
        virtual ~Owner() = default;
        /// An answer is overdue: no further commands, what is under way may still be answered.
        virtual void late(RedisConnection &connection) = 0;
        /// It ended; to be retired.
        virtual void ended(RedisConnection &connection) = 0;
    };

    RedisConnection(RedisPlace place, RedisAddress address,
                    std::shared_ptr<const RedisSettings> settings, const RedisLogin &login,
                    Owner &owner, RedisReceiver &receiver);
    ~RedisConnection() override;

    /// Starts connecting. The connection may have ended when this returns.
    void begin();
    /// Takes a command; it is sent as soon as the connection stands.
    void send(std::unique_ptr<RedisCall> call);

    void onEvents(std::uint32_t events) override;

private:
    enum class State : std::uint8_t { Resolving, Connecting, Greeting, Ready, Ended };
    enum class Purpose : std::uint8_t { Call, Auth, Select, Role, Asking };
    struct Sent
    {
        Purpose purpose = Purpose::Call;
        std::unique_ptr<RedisCall> call; ///< nullptr: nobody waits for the answer any more
    };

    void connectTo(const SocketAddress &address);
    void connected();
    [[nodiscard]] bool startTls();
    void greet();
    void ready();
    void transmit(std::unique_ptr<RedisCall> call);
    void put(Sent sent, const std::vector<std::string> &words);
    void flush();
    void settle();
    void received(RedisValue value);
    void greeted(Purpose purpose, const RedisValue &value);
    void end(std::string reason);
    void answer(std::unique_ptr<RedisCall> call, RedisFault::Kind kind, const std::string &reason);
    void arm();
    void expire();
    void expireCalls(Reactor::Clock::time_point now);
    void watch();
    void attachHooks();

    RedisPlace m_place;
    RedisAddress m_address;
    std::shared_ptr<const RedisSettings> m_settings;
    const RedisLogin &m_login; ///< of the settings
    Owner &m_owner;
    RedisReceiver &m_receiver;
    State m_state = State::Resolving;
    int m_connecting = -1; ///< the descriptor until hiredis has it
    redisAsyncContext *m_context = nullptr;
    std::uint32_t m_wanted = 0, m_watched = 0; ///< epoll bits
    bool m_handling = false; ///< hiredis is at work
    bool m_late = false;
    std::string m_fatal; ///< why it must end as soon as hiredis is done
    std::deque<std::unique_ptr<RedisCall>> m_queue; ///< until it stands
    std::deque<Sent> m_sent; ///< in the order of the answers to come
    std::size_t m_greetings = 0; ///< answers until it stands
    Reactor::Clock::time_point m_connectDeadline, m_used, m_timerAt;
    Reactor::TimerId m_timer = 0;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true); ///< for a name's late answer
};

} // namespace postern::gateway
