// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_locator.h"
#include "gateway/remote/redis_slots.h"

#include <format>
#include <optional>
#include <utility>
#include <vector>

namespace postern::gateway {
namespace {

constexpr unsigned kMostRedirects = 5;

class RedisCluster final : public RedisLocator
{
public:
    RedisCluster(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings)
        : RedisLocator(place, settings),
          m_servers(place, settings, settings->login, *this)
    {
    }

    void send(std::unique_ptr<RedisCall> call) override
    {
        // The map may be gone again when those who waited are sent: a node before refused.
        if (m_slots.empty())
            wait(std::move(call));
        else
            forward(std::move(call));
    }
    [[nodiscard]] bool slotted() const noexcept override { return true; }
    [[nodiscard]] bool idle() const noexcept override { return !waiting() && m_servers.idle(); }

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
        retry(std::move(call), std::move(answer));
    }

    [[nodiscard]] RedisServer &asked() override { return m_servers.at(m_inquiry.server()); }
    [[nodiscard]] std::vector<std::string> question() const override
    {
        return {"CLUSTER", "SLOTS"};
    }
    [[nodiscard]] std::optional<Error> take(const RedisValue &answer) override
    {
        const auto ranges = parseRedisSlots(answer, m_inquiry.server());
        if (!ranges)
            return Error{Errc::LimitStore, answer.isError() ? answer.text : "it serves no slots",
                         m_settings->text()};
        m_slots.assign(kRedisSlots, nullptr);
        for (const RedisSlotRange &range : *ranges) {
            RedisServer &server = m_servers.at(range.master);
            m_inquiry.add(range.master);
            for (std::size_t slot = range.first; slot <= range.last; ++slot)
                m_slots[slot] = &server;
        }
        return std::nullopt;
    }

    RedisServers m_servers;
    std::vector<RedisServer *> m_slots; ///< empty: not known, or not to be trusted any more
};

} // namespace

std::unique_ptr<RedisClient> makeRedisCluster(RedisPlace place,
                                              const std::shared_ptr<const RedisSettings> &settings)
{
    return std::make_unique<RedisCluster>(place, settings);
}

} // namespace postern::gateway
