// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/server/reactor.h"
#include "gateway/server/socket.h"
#include "gateway/tls/session.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

class ConnectionPool;
class ProxyStream;

/// One connection to an upstream node, in use by a stream or idle in its pool. Worker's thread
/// only.
class UpstreamConnection final : public EventSource
{
public:
    UpstreamConnection(Reactor &reactor, ConnectionPool &pool, int descriptor) noexcept;
    ~UpstreamConnection() override;

    void onEvents(std::uint32_t events) override;
    /// Changes what is watched; costs a system call only if it differs.
    void watch(std::uint32_t events);
    /// Sends at once what the socket takes, queues the rest.
    /// \return false if the connection is broken
    [[nodiscard]] bool write(std::string_view octets);
    [[nodiscard]] bool flush();
    /// Asks the socket whether the peer has closed or sent something unasked for.
    [[nodiscard]] bool stillOpen() const noexcept;
    [[nodiscard]] std::size_t queued() const noexcept { return m_out.size() - m_sent; }
    /// Where it goes back to.
    [[nodiscard]] ConnectionPool &pool() const noexcept { return m_pool; }

    int descriptor;
    ProxyStream *stream = nullptr; ///< whoever uses it; nullptr while idle
    unsigned served = 0; ///< requests so far
    Reactor::Clock::time_point idleUntil{}; ///< max(): for ever
    bool connected = false; ///< octets can be sent: the TLS handshake is over, too
    std::unique_ptr<TlsSession> tls; ///< nullptr: plain, or not begun yet

private:
    friend class ConnectionPool;
    Reactor &m_reactor;
    ConnectionPool &m_pool;
    std::uint32_t m_watching = 0;
    bool m_added = false;
    std::string m_out;
    std::size_t m_sent = 0;
};

/// Idle keep-alive connections to one address. Worker's thread only.
class ConnectionPool
{
public:
    ConnectionPool(Reactor &reactor, const SocketAddress &address)
        : m_reactor(reactor),
          m_address(address),
          m_text(address.text())
    {
    }
    ~ConnectionPool();
    ConnectionPool(const ConnectionPool &) = delete;
    ConnectionPool &operator=(const ConnectionPool &) = delete;

    /// The most recently used idle connection, or nullptr.
    [[nodiscard]] std::unique_ptr<UpstreamConnection> take() noexcept;
    /// Keeps an idle connection, up to `limit` of them; closes it otherwise.
    /// \param until when it is closed if nobody took it; max(): never
    void put(std::unique_ptr<UpstreamConnection> connection, std::size_t limit,
             Reactor::Clock::time_point until);
    /// Closes what has been idle for too long.
    void dropIdle(Reactor::Clock::time_point now);
    /// An idle connection was closed by the peer.
    void lost(UpstreamConnection &connection);
    [[nodiscard]] std::size_t size() const noexcept;
    /// The pool of TLS connections to this address that are alike in everything (name,
    /// verification, client certificate): no request gets another's. It lives as long as somebody
    /// holds it or something is in it.
    [[nodiscard]] std::shared_ptr<ConnectionPool> secured(const std::string &identity);
    [[nodiscard]] const SocketAddress &address() const noexcept { return m_address; }
    [[nodiscard]] const std::string &text() const noexcept { return m_text; } ///< of the address

private:
    Reactor &m_reactor;
    SocketAddress m_address;
    std::string m_text;
    std::map<std::string, std::shared_ptr<ConnectionPool>> m_secured; ///< by TLS identity
    std::vector<std::unique_ptr<UpstreamConnection>> m_idle; ///< most recently used last
};

} // namespace postern::gateway
