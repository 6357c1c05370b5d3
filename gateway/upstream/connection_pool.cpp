// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/connection_pool.h"

#include "gateway/upstream/proxy_stream.h"

#include <algorithm>
#include <cerrno>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::gateway {

UpstreamConnection::UpstreamConnection(Reactor &reactor, ConnectionPool &pool, int fd) noexcept
    : descriptor(fd),
      m_reactor(reactor),
      m_pool(pool)
{
}

UpstreamConnection::~UpstreamConnection()
{
    if (tls)
        tls->close();
    ::close(descriptor); // also takes it out of epoll
}

void UpstreamConnection::onEvents(std::uint32_t events)
{
    if (stream)
        stream->onUpstreamEvents(events);
    else
        m_pool.lost(*this);
}

void UpstreamConnection::watch(std::uint32_t events)
{
    if (events == m_watching)
        return;
    if (!m_added) {
        static_cast<void>(m_reactor.add(descriptor, this, events));
        m_added = true;
    } else {
        m_reactor.modify(descriptor, this, events);
    }
    m_watching = events;
}

bool UpstreamConnection::stillOpen() const noexcept
{
    char octet;
    const ssize_t got = ::recv(descriptor, &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EINTR);
}

bool UpstreamConnection::write(std::string_view octets)
{
    if (m_out.empty() && connected) {
        while (!octets.empty()) {
            const ssize_t sent = sendTo(descriptor, tls.get(), octets.data(), octets.size());
            if (sent < 0) {
                if (errno == EINTR)
                    continue;
                if (errno != EAGAIN)
                    return false;
                break;
            }
            octets.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    if (!octets.empty()) {
        m_out.append(octets);
        if (connected)
            watch(m_watching | EPOLLOUT);
    }
    return true;
}

bool UpstreamConnection::flush()
{
    while (m_sent < m_out.size()) {
        const ssize_t sent =
            sendTo(descriptor, tls.get(), m_out.data() + m_sent, m_out.size() - m_sent);
        if (sent < 0) {
            if (errno == EINTR)
                continue;
            if (errno != EAGAIN)
                return false;
            watch(m_watching | EPOLLOUT);
            return true;
        }
        m_sent += static_cast<std::size_t>(sent);
    }
    m_out.clear();
    m_sent = 0;
    if (m_out.capacity() > 16U * 1024)
        m_out.shrink_to_fit();
    watch((m_watching & ~static_cast<std::uint32_t>(EPOLLOUT)));
    return true;
}

ConnectionPool::~ConnectionPool() = default;

std::unique_ptr<UpstreamConnection> ConnectionPool::take() noexcept
{
    const auto now = m_reactor.now();
    while (!m_idle.empty()) {
        auto connection = std::move(m_idle.back());
        m_idle.pop_back();
        if (connection->idleUntil > now)
            return connection;
        m_reactor.remove(connection->descriptor);
        m_reactor.retire(std::move(connection));
    }
    return nullptr;
}

void ConnectionPool::put(std::unique_ptr<UpstreamConnection> connection, std::size_t limit,
                         Reactor::Clock::time_point until)
{
    connection->stream = nullptr;
    connection->idleUntil = until;
    if (m_idle.size() >= limit) {
        m_reactor.retire(std::move(connection));
        return;
    }
    connection->watch(EPOLLIN);
    m_idle.push_back(std::move(connection));
}

void ConnectionPool::dropIdle(Reactor::Clock::time_point now)
{
    std::erase_if(m_idle, [this, now](auto &connection) {
        if (connection->idleUntil > now)
            return false;
        m_reactor.retire(std::move(connection));
        return true;
    });
    std::erase_if(m_secured, [now](auto &entry) {
        entry.second->dropIdle(now);
        return entry.second.use_count() == 1 && entry.second->size() == 0;
    });
}

std::size_t ConnectionPool::size() const noexcept
{
    std::size_t all = m_idle.size();
    for (const auto &[identity, pool] : m_secured)
        all += pool->size();
    return all;
}

std::shared_ptr<ConnectionPool> ConnectionPool::secured(const std::string &identity)
{
    std::shared_ptr<ConnectionPool> &found = m_secured[identity];
    if (!found)
        found = std::make_shared<ConnectionPool>(m_reactor, m_address);
    return found;
}

void ConnectionPool::lost(UpstreamConnection &connection)
{
    const auto found = std::ranges::find_if(
        m_idle, [&connection](const auto &idle) { return idle.get() == &connection; });
    if (found == m_idle.end())
        return;
    m_reactor.remove(connection.descriptor);
    m_reactor.retire(std::move(*found));
    m_idle.erase(found);
}

} // namespace postern::gateway
