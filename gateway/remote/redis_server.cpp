// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_server.h"

#include <algorithm>
#include <utility>

namespace postern::gateway {

RedisServer::RedisServer(RedisPlace place, RedisAddress address,
                         std::shared_ptr<const RedisSettings> settings, const RedisLogin &login,
                         RedisReceiver &receiver)
    : m_place(place),
      m_address(std::move(address)),
      m_settings(std::move(settings)),
      m_login(login),
      m_receiver(receiver)
{
}

void RedisServer::send(std::unique_ptr<RedisCall> call)
{
    call->at = &m_address;
    if (m_current)
        return m_current->send(std::move(call));
    RedisConnection::Owner &owner = *this;
    m_current = std::make_unique<RedisConnection>(m_place, m_address, m_settings, m_login, owner,
                                                  m_receiver);
    RedisConnection &made =
        *m_current; // it may have ended, and been replaced, when begin() returns
    made.send(std::move(call));
    made.begin();
}

void RedisServer::late(RedisConnection &connection)
{
    if (m_current.get() == &connection)
        m_late.push_back(std::move(m_current));
}

void RedisServer::ended(RedisConnection &connection)
{
    if (m_current.get() == &connection) {
        m_place.reactor.retire(std::move(m_current));
        return;
    }
    const auto found =
        std::ranges::find(m_late, &connection, &std::unique_ptr<RedisConnection>::get);
    if (found == m_late.end())
        return;
    m_place.reactor.retire(std::move(*found));
    m_late.erase(found);
}

} // namespace postern::gateway
