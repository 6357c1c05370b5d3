// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_locator.h"

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

class RedisSentinel final : public RedisLocator
{
public:
    RedisSentinel(RedisPlace place, const std::shared_ptr<const RedisSettings> &settings)
        : RedisLocator(place, settings),
          m_servers(place, settings, settings->login, *this),
          m_sentinels(place, settings, settings->sentinelLogin, *this)
    {
    }

    void send(std::unique_ptr<RedisCall> call) override
    {
        if (m_server)
            m_server->send(std::move(call));
        else
            wait(std::move(call));
    }
    [[nodiscard]] bool idle() const noexcept override
    {
        return !waiting() && m_servers.idle() && m_sentinels.idle();
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
        retry(std::move(call), std::move(answer));
    }

    [[nodiscard]] RedisServer &asked() override { return m_sentinels.at(m_inquiry.server()); }
    [[nodiscard]] std::vector<std::string> question() const override
    {
        return {"SENTINEL", wantsReplica() ? "REPLICAS" : "GET-MASTER-ADDR-BY-NAME",
                m_settings->masterName};
    }
    [[nodiscard]] std::optional<Error> take(const RedisValue &answer) override
    {
        const auto found = read(answer);
        if (found) {
            m_server = &m_servers.at(*found);
            return std::nullopt;
        }
        std::string why = answer.isError()
            ? answer.text
            : std::format("it knows no {} of \"{}\"", wantsReplica() ? "replica" : "master",
                          m_settings->masterName);
        return Error{Errc::LimitStore, std::move(why), m_inquiry.server().text()};
    }

    [[nodiscard]] std::optional<RedisAddress> read(const RedisValue &answer) const
    {
        if (wantsReplica())
            return replicaOf(answer);
        return answer.items.size() == 2 ? addressOf(answer.items[0], answer.items[1])
                                        : std::nullopt;
    }

    RedisServers m_servers, m_sentinels;
    RedisServer *m_server = nullptr; ///< what the sentinels named last
};

} // namespace

std::unique_ptr<RedisClient> makeRedisSentinel(RedisPlace place,
                                               const std::shared_ptr<const RedisSettings> &settings)
{
    return std::make_unique<RedisSentinel>(place, settings);
}

} // namespace postern::gateway
