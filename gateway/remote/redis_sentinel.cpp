// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_client.h"
#include "gateway/remote/redis_servers.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <utility>
#include <vector>

namespace postern::gateway {
namespace {

std::optional<RedisAddress> addressOf(const RedisValue &host, const RedisValue &port)
{
    const std::int64_t number = port.number(0);
    if (host.text.empty() || number < 1 || number > 65535)
        return std::nullopt;
    return RedisAddress{host.text, static_cast<std::uint16_t>(number)};
}

/// A member of SENTINEL REPLICAS' flat list of names and values.
const RedisValue *memberOf(const RedisValue &replica, std::string_view name)
{
    for (std::size_t i = 0; i + 1 < replica.items.size(); i += 2) {
        if (replica.items[i].text == name)
            return &replica.items[i + 1];
    }
    return nullptr;
}

bool isUp(const RedisValue &replica)
{
    const RedisValue *flags = memberOf(replica, "flags");
    if (!flags)
        return false;
    constexpr std::array<std::string_view, 3> kDown{"s_down", "o_down", "disconnected"};
    return std::ranges::none_of(
        kDown, [flags](std::string_view mark) { return flags->text.contains(mark); });
}

std::optional<RedisAddress> replicaOf(const RedisValue &answer)
{
    for (const RedisValue &replica : answer.items) {
        const RedisValue *host = memberOf(replica, "ip");
        const RedisValue *port = memberOf(replica, "port");
        if (host && port && isUp(replica))
            return addressOf(*host, *port);
    }
    return std::nullopt;
}

class RedisSentinel final : public RedisClient, private RedisReceiver
{
public:
    RedisSentinel(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings)
        : m_place(place),
          m_settings(settings),
          m_servers(place, settings, settings->login, *this),
          m_sentinels(place, settings, settings->sentinelLogin, *this),
          m_inquiry(settings->servers)
    {
    }

    void send(std::unique_ptr<RedisCall> call) override
    {
        if (m_server)
            return m_server->send(std::move(call));
        m_waiting.push_back(std::move(call));
        discover();
    }
    [[nodiscard]] bool idle() const noexcept override
    {
        return m_waiting.empty() && m_servers.idle() && m_sentinels.idle();
    }

private:
    [[nodiscard]] bool wantsReplica() const noexcept { return m_settings->login.role == "slave"; }

    void answered(std::unique_ptr<RedisCall> call, RedisAnswer answer) override
    {
        if (call->keyWord == 0) // our own question
            return finishCall(*call, std::move(answer));
        // A master that became a replica did not carry the command out.
        const bool demoted = answer && answer->isError("READONLY") && !wantsReplica();
        if (answer && !demoted)
            return finishCall(*call, std::move(answer));
        if (m_server && call->at == &m_server->address())
            m_server = nullptr; // perhaps there is another one by now
        const bool overdue = !answer && answer.error().kind == RedisFault::Kind::TimedOut;
        if (overdue || call->tries > 0)
            return finishCall(*call, std::move(answer));
        ++call->tries;
        send(std::move(call));
    }

    void discover()
    {
        if (m_inquiry.running())
            return;
        m_inquiry.start();
        ask();
    }

    void ask()
    {
        auto call = std::make_unique<RedisCall>();
        call->words = {"SENTINEL", wantsReplica() ? "REPLICAS" : "GET-MASTER-ADDR-BY-NAME",
                       m_settings->masterName};
        call->deadline = m_place.reactor.now() + m_inquiry.share(m_settings->timeout);
        call->finish = [this](Result<RedisValue> answer, const auto &) {
            discovered(std::move(answer));
        };
        m_sentinels.at(m_inquiry.server()).send(std::move(call));
    }

    [[nodiscard]] std::optional<RedisAddress> read(const RedisValue &answer) const
    {
        if (wantsReplica())
            return replicaOf(answer);
        return answer.items.size() == 2 ? addressOf(answer.items[0], answer.items[1])
                                        : std::nullopt;
    }

    void discovered(Result<RedisValue> answer)
    {
        const auto found = answer ? read(*answer) : std::nullopt;
        if (!found) {
            Error error = answer
                ? Error{Errc::LimitStore,
                        answer->isError() ? answer->text
                                          : std::format("it knows no {} of \"{}\"",
                                                        wantsReplica() ? "replica" : "master",
                                                        m_settings->masterName),
                        m_inquiry.server().text()}
                : std::move(answer.error());
            if (m_inquiry.next())
                return ask();
            giveUp(error);
            return;
        }
        m_inquiry.stop();
        m_server = &m_servers.at(*found);
        for (auto &call : std::exchange(m_waiting, {}))
            send(std::move(call));
    }

    void giveUp(const Error &error)
    {
        m_inquiry.stop();
        for (auto &call : std::exchange(m_waiting, {}))
            finishCall(*call, std::unexpected(RedisFault{RedisFault::Kind::Unsent, error}));
    }

    RedisPlace m_place;
    std::shared_ptr<const RedisSettings> m_settings;
    RedisServers m_servers, m_sentinels;
    RedisInquiry m_inquiry;
    RedisServer *m_server = nullptr; ///< what the sentinels named last
    std::vector<std::unique_ptr<RedisCall>> m_waiting;
};

} // namespace

std::unique_ptr<RedisClient> makeRedisSentinel(RedisPlace place,
                                               const std::shared_ptr<const RedisSettings> &settings)
{
    return std::make_unique<RedisSentinel>(place, settings);
}

} // namespace postern::gateway
