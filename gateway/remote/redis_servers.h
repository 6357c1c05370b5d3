// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/remote/redis_server.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace postern::gateway {

/// The servers that a cluster or its sentinels have named so far. Its reactor's thread only.
class RedisServers
{
public:
    RedisServers(RedisPlace place, std::shared_ptr<const RedisSettings> settings,
                 const RedisLogin &login, RedisReceiver &receiver)
        : m_place(place),
          m_settings(std::move(settings)),
          m_login(login),
          m_receiver(receiver)
    {
    }

    /// Made when it is asked for first.
    [[nodiscard]] RedisServer &at(const RedisAddress &address)
    {
        auto &server = m_servers[address];
        if (!server)
            server =
                std::make_unique<RedisServer>(m_place, address, m_settings, m_login, m_receiver);
        return *server;
    }
    [[nodiscard]] bool idle() const noexcept
    {
        return std::ranges::all_of(m_servers,
                                   [](const auto &entry) { return entry.second->idle(); });
    }

private:
    RedisPlace m_place;
    std::shared_ptr<const RedisSettings> m_settings;
    const RedisLogin &m_login;
    RedisReceiver &m_receiver;
    std::map<RedisAddress, std::unique_ptr<RedisServer>> m_servers;
};

/// Asks one server after the other until one has a useful answer. Starts with the one that had it
/// last. Its reactor's thread only.
class RedisInquiry
{
public:
    explicit RedisInquiry(std::vector<RedisAddress> servers) : m_servers(std::move(servers)) {}

    [[nodiscard]] bool running() const noexcept { return m_left > 0; }
    void start() noexcept { m_left = m_servers.size(); }
    void stop() noexcept { m_left = 0; }
    [[nodiscard]] const RedisAddress &server() const noexcept { return m_servers[m_at]; }
    /// \return false if all were asked
    [[nodiscard]] bool next() noexcept
    {
        m_at = (m_at + 1) % m_servers.size();
        return --m_left > 0;
    }
    /// How long one may take, so that all can be asked within `whole`.
    [[nodiscard]] std::chrono::milliseconds share(std::chrono::milliseconds whole) const noexcept
    {
        return std::max<std::chrono::milliseconds>(
            whole / static_cast<std::int64_t>(m_servers.size()), std::chrono::milliseconds(1));
    }
    /// Servers that turned up: they may be asked, too. At most `kMost` are remembered.
    void add(const RedisAddress &address)
    {
        constexpr std::size_t kMost = 64;
        if (m_servers.size() < kMost && std::ranges::find(m_servers, address) == m_servers.end())
            m_servers.push_back(address);
    }

private:
    std::vector<RedisAddress> m_servers;
    std::size_t m_at = 0;
    std::size_t m_left = 0;
};

} // namespace postern::gateway
