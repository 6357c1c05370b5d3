// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/remote/redis_connection.h"

#include <memory>
#include <vector>

namespace postern::gateway {

/// One Redis server as one worker sees it: a connection, made when it is needed, that all requests
/// share. A server that refuses costs each attempt no more than its answer; there is no back-off to
/// wait for once it is back. Its reactor's thread only.
class RedisServer final : private RedisConnection::Owner
{
public:
    RedisServer(RedisPlace place, RedisAddress address,
                std::shared_ptr<const RedisSettings> settings, const RedisLogin &login,
                RedisReceiver &receiver);

    void send(std::unique_ptr<RedisCall> call);
    [[nodiscard]] const RedisAddress &address() const noexcept { return m_address; }
    [[nodiscard]] bool idle() const noexcept { return !m_current && m_late.empty(); }

private:
    void late(RedisConnection &connection) override;
    void ended(RedisConnection &connection) override;

    RedisPlace m_place;
    RedisAddress m_address;
    std::shared_ptr<const RedisSettings> m_settings;
    const RedisLogin &m_login;
    RedisReceiver &m_receiver;
    std::unique_ptr<RedisConnection> m_current;
    std::vector<std::unique_ptr<RedisConnection>> m_late; ///< overdue, but not given up
};

} // namespace postern::gateway
