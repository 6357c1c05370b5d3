// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_clients.h"

namespace postern::gateway {

namespace {

/// Beyond this many, clients of past configurations are looked for.
constexpr std::size_t kFewClients = 16;

} // namespace

RedisClients::~RedisClients() = default;

void RedisClients::attach(Reactor &reactor) { m_places.push_back({&reactor, {}}); }

Reactor *RedisClients::reactor(std::size_t worker) const noexcept
{
    return worker < m_places.size() ? m_places[worker].reactor : nullptr;
}

RedisClient *RedisClients::client(std::size_t worker,
                                  const std::shared_ptr<const RedisSettings> &settings)
{
    if (worker >= m_places.size())
        return nullptr;
    Place &place = m_places[worker];
    if (const auto known = place.clients.find(settings->identity); known != place.clients.end())
        return known->second.get();
    if (place.clients.size() >= kFewClients)
        std::erase_if(place.clients, [](const auto &entry) { return entry.second->idle(); });
    return place.clients
        .emplace(settings->identity,
                 makeRedisClient(RedisPlace{*place.reactor, m_resolver}, settings))
        .first->second.get();
}

void RedisClients::close() { m_places.clear(); }

} // namespace postern::gateway
