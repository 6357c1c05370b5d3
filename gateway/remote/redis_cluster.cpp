// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_client.h"
#include "gateway/remote/redis_servers.h"
#include "gateway/remote/redis_slots.h"

#include <format>
#include <optional>
#include <utility>
#include <vector>

namespace postern::gateway {
namespace {

constexpr unsigned kMostRedirects = 5;

class RedisCluster final : public RedisClient, private RedisReceiver
{
public:
    RedisCluster(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings)
        : m_place(place),
          m_settings(settings),
          m_servers(place, settings, settings->login, *this),
          m_inquiry(settings->servers)
    {
    }

    void send(std::unique_ptr<RedisCall> call) override
    {
        if (!m_slots.empty())
            return forward(std::move(call));
        m_waiting.push_back(std::move(call));
        learn();
    }
    [[nodiscard]] bool slotted() const noexcept override { return true; }
    [[nodiscard]] bool idle() const noexcept override
    {
        return m_waiting.empty() && m_servers.idle();
    }

private:
    void forward(std::unique_ptr<RedisCall> call)
    {
        const std::uint16_t slot = redisSlot(call->words[call->keyWord]);
        if (RedisServer *server = m_slots[slot])
            return server->send(std::move(call));
        finishCall(*call,
                   std::unexpected(RedisFault{RedisFault::Kind::Unsent,
                                              Error{Errc::LimitStore,
                                                    std::format("no node serves slot {}", slot),
                                                    m_settings->text()}}));
    }

    void answered(std::unique_ptr<RedisCall> call, RedisAnswer answer) override
    {
        if (call->keyWord == 0) // our own question
            return finishCall(*call, std::move(answer));
        if (!answer)
            return failed(std::move(call), std::move(answer));
        const auto redirect = answer->isError() ? parseRedisRedirect(*answer, *call->at)
                                                : std::optional<RedisRedirect>();
        if (redirect && call->tries < kMostRedirects)
            return follow(std::move(call), *redirect);
        if (answer->isError("CLUSTERDOWN"))
            m_slots.clear(); // who serves what is asked anew
        finishCall(*call, std::move(answer));
    }

    void follow(std::unique_ptr<RedisCall> call, const RedisRedirect &redirect)
    {
        RedisServer &server = m_servers.at(redirect.to);
        ++call->tries;
        call->asking = redirect.ask;
        if (!redirect.ask) {
            m_inquiry.add(redirect.to);
            if (!m_slots.empty())
                m_slots[redirect.slot] = &server;
        }
        server.send(std::move(call));
        if (!redirect.ask)
            learn(); // where one slot went others will have gone
    }

    /// A node is gone: perhaps another one has its slots by now.
    void failed(std::unique_ptr<RedisCall> call, RedisAnswer answer)
    {
        if (!m_slots.empty()) {
            const RedisServer *server = m_slots[redisSlot(call->words[call->keyWord])];
            if (server && call->at == &server->address())
                m_slots.clear();
        }
        if (answer.error().kind == RedisFault::Kind::TimedOut || call->tries > 0)
            return finishCall(*call, std::move(answer));
        ++call->tries;
        send(std::move(call));
    }

    void learn()
    {
        if (m_inquiry.running())
            return;
        m_inquiry.start();
        ask();
    }

    void ask()
    {
        auto call = std::make_unique<RedisCall>();
        call->words = {"CLUSTER", "SLOTS"};
        call->deadline = m_place.reactor.now() + m_inquiry.share(m_settings->timeout);
        call->finish = [this](Result<RedisValue> answer, const auto &) {
            learned(std::move(answer));
        };
        m_servers.at(m_inquiry.server()).send(std::move(call));
    }

    void learned(Result<RedisValue> answer)
    {
        const auto ranges = answer ? parseRedisSlots(*answer, m_inquiry.server())
                                   : std::optional<std::vector<RedisSlotRange>>();
        if (!ranges) {
            if (m_inquiry.next())
                return ask();
            giveUp(answer ? Error{Errc::LimitStore,
                                  answer->isError() ? answer->text : "it serves no slots",
                                  m_settings->text()}
                          : std::move(answer.error()));
            return;
        }
        m_slots.assign(kRedisSlots, nullptr);
        for (const RedisSlotRange &range : *ranges) {
            RedisServer &server = m_servers.at(range.master);
            m_inquiry.add(range.master);
            for (std::size_t slot = range.first; slot <= range.last; ++slot)
                m_slots[slot] = &server;
        }
        m_inquiry.stop();
        for (auto &call : std::exchange(m_waiting, {}))
            forwardOrWait(std::move(call));
    }

    /// The map may be gone again: a node before this one in the line refused.
    void forwardOrWait(std::unique_ptr<RedisCall> call)
    {
        if (m_slots.empty())
            send(std::move(call));
        else
            forward(std::move(call));
    }

    void giveUp(const Error &error)
    {
        m_inquiry.stop();
        for (auto &call : std::exchange(m_waiting, {}))
            finishCall(*call, std::unexpected(RedisFault{RedisFault::Kind::Unsent, error}));
    }

    RedisPlace m_place;
    std::shared_ptr<const RedisSettings> m_settings;
    RedisServers m_servers;
    RedisInquiry m_inquiry;
    std::vector<RedisServer *> m_slots; ///< empty: not known, or not to be trusted any more
    std::vector<std::unique_ptr<RedisCall>> m_waiting; ///< for the slots
};

} // namespace

std::unique_ptr<RedisClient> makeRedisCluster(RedisPlace place,
                                              const std::shared_ptr<const RedisSettings> &settings)
{
    return std::make_unique<RedisCluster>(place, settings);
}

} // namespace postern::gateway
