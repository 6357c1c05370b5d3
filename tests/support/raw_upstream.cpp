// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_upstream.h"

#include <QtGlobal>

#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::test {
namespace {

/// A socket on a loopback port of its own, and that port.
std::pair<int, std::uint16_t> boundSocket()
{
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (made < 0 || ::bind(made, reinterpret_cast<const sockaddr *>(&address), size) != 0
        || ::getsockname(made, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        qFatal("no socket on loopback: %s", std::strerror(errno));
    return {made, ntohs(address.sin_port)};
}

} // namespace

RawMessage RawUpstream::Connection::readRequest()
{
    RawMessage message = readMessage(false, std::chrono::hours(1));
    if (message.complete) {
        const std::lock_guard lock(m_upstream.m_mutex);
        m_upstream.m_requests.push_back(message);
    }
    return message;
}

/// Before the descriptor is closed: its number may be given out again, and the destructor of the
/// server must not shut down a stranger's.
void RawUpstream::Connection::forget() noexcept
{
    const std::lock_guard lock(m_upstream.m_mutex);
    m_upstream.m_open.erase(m_watched);
}

void RawUpstream::Connection::close() noexcept
{
    forget();
    RawStream::close();
}

void RawUpstream::Connection::reset() noexcept
{
    forget();
    RawStream::reset();
}

RawUpstream::RawUpstream(Script script) : m_script(std::move(script))
{
    std::tie(m_listener, m_port) = boundSocket();
    ::listen(m_listener, 1024);
    m_acceptor = std::thread([this] { acceptAll(); });
}

RawUpstream::~RawUpstream()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        for (const int descriptor : m_open)
            ::shutdown(descriptor, SHUT_RDWR);
    }
    ::shutdown(m_listener, SHUT_RDWR);
    m_acceptor.join();
    for (std::thread &thread : m_threads)
        thread.join();
    ::close(m_listener);
}

void RawUpstream::acceptAll()
{
    for (;;) {
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            return;
        const int on = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const std::lock_guard lock(m_mutex);
        if (m_ending) {
            ::close(descriptor);
            return;
        }
        m_open.insert(descriptor);
        m_threads.emplace_back([this, descriptor, number = m_connections++] {
            Connection connection(*this, descriptor, number);
            m_script(connection);
        });
    }
}

std::vector<RawMessage> RawUpstream::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

std::size_t RawUpstream::requestCount() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests.size();
}

RawMessage RawUpstream::lastRequest() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests.empty() ? RawMessage{} : m_requests.back();
}

RawUpstream::Script RawUpstream::answering(std::string octets)
{
    return [octets = std::move(octets)](Connection &connection) {
        while (connection.readRequest().complete && connection.send(octets)) {}
    };
}

RawUpstream::Script RawUpstream::echoing()
{
    return [](Connection &connection) {
        for (;;) {
            const RawMessage request = connection.readRequest();
            if (!request.complete || !connection.send(ok(request.head + request.body)))
                return;
        }
    };
}

std::string RawUpstream::ok(std::string_view body)
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"
        + std::string(body);
}

std::uint16_t closedPort()
{
    return boundSocket().second; // held, so that nobody else listens there
}

} // namespace postern::test
