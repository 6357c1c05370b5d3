// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/client_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

std::string errorText(int code)
{
    return std::strerror(code); // NOLINT(concurrency-mt-unsafe): glibc's is safe
}

struct AddressListFree
{
    void operator()(addrinfo *list) const noexcept { ::freeaddrinfo(list); }
};

} // namespace

ClientSocket::ClientSocket(int descriptor, std::string name, std::chrono::milliseconds timeout,
                           int cancel)
    : m_descriptor(descriptor),
      m_cancel(cancel),
      m_name(std::move(name)),
      m_timeout(timeout),
      m_deadline(Clock::now() + timeout)
{
}

ClientSocket::ClientSocket(ClientSocket &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_cancel(other.m_cancel),
      m_name(std::move(other.m_name)),
      m_timeout(other.m_timeout),
      m_deadline(other.m_deadline),
      m_silence(other.m_silence),
      m_tls(std::move(other.m_tls))
{
}

ClientSocket::~ClientSocket()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<ClientSocket> ClientSocket::open(const ServerAddress &address,
                                        std::chrono::milliseconds timeout, int cancel)
{
    constexpr int kKind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
    const std::string name = address.text();
    if (!address.unixPath.empty()) {
        sockaddr_un target{};
        target.sun_family = AF_UNIX;
        if (address.unixPath.size() >= sizeof target.sun_path)
            return fail(Errc::Remote, "the socket's path is too long", name);
        std::memcpy(target.sun_path, address.unixPath.c_str(), address.unixPath.size() + 1);
        ClientSocket connection(::socket(AF_UNIX, kKind, 0), name, timeout, cancel);
        if (const auto made = connection.connectTo(&target, sizeof target); !made)
            return std::unexpected(made.error());
        return connection;
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    const int code =
        ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
    if (code != 0)
        return fail(Errc::Remote, ::gai_strerror(code), name);
    const std::unique_ptr<addrinfo, AddressListFree> list(found);
    Result<void> made = fail(Errc::Remote, "the name has no address", name);
    for (const addrinfo *entry = list.get(); entry; entry = entry->ai_next) {
        ClientSocket connection(::socket(entry->ai_family, kKind, 0), name, timeout, cancel);
        made = connection.connectTo(entry->ai_addr, entry->ai_addrlen);
        if (!made)
            continue;
        if (address.tls) {
            if (const auto started = connection.startTls(address.host, address.trust.get());
                !started)
                return std::unexpected(started.error());
        }
        return connection;
    }
    return std::unexpected(made.error());
}

Result<void> ClientSocket::connectTo(const void *address, unsigned size)
{
    if (m_descriptor < 0)
        return fail(Errc::Remote, errorText(errno), m_name);
    const auto *target = static_cast<const sockaddr *>(address);
    while (::connect(m_descriptor, target, size) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EINPROGRESS)
            return fail(Errc::Remote, "nobody answers there: " + errorText(errno), m_name);
        if (const auto ready = waitFor(POLLOUT); !ready)
            return ready;
        int code = 0;
        socklen_t codeSize = sizeof code;
        ::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &code, &codeSize);
        if (code != 0)
            return fail(Errc::Remote, "nobody answers there: " + errorText(code), m_name);
        break;
    }
    return {};
}

Result<void> ClientSocket::waitFor(short events)
{
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_deadline - Clock::now());
        if (left.count() <= 0)
            return fail(Errc::Timeout, "no answer", m_name);
        // A negative descriptor is passed over.
        std::array entries{pollfd{.fd = m_descriptor, .events = events, .revents = 0},
                           pollfd{.fd = m_cancel, .events = POLLIN, .revents = 0}};
        const int ready = ::poll(entries.data(), entries.size(),
                                 static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
        if (ready > 0 && entries[1].revents != 0)
            return fail(Errc::Cancelled, {}, m_name);
        if (ready > 0)
            return {};
        if (ready < 0 && errno != EINTR)
            return fail(Errc::Remote, errorText(errno), m_name);
    }
}

Error ClientSocket::named(Error error) const
{
    if (error.where.empty())
        error.where = m_name;
    return error;
}

// What the session wants next. Nothing more comes: that is Remote, as nobody can tell it from an
// answer that was cut off on the way.
Result<void> ClientSocket::feedTls(std::string_view atTheEnd)
{
    if (Clock::now() >= m_deadline)
        return fail(Errc::Timeout, "no answer", m_name);
    std::string received;
    const auto got = receivePlain(received);
    if (!got)
        return std::unexpected(got.error());
    if (*got == 0)
        return fail(Errc::Remote, std::string(atTheEnd), m_name);
    m_tls->feed(received);
    return {};
}

Result<void> ClientSocket::startTls(const std::string &host, X509_STORE *trust)
{
    Result<TlsClient> session = TlsClient::create(host, trust);
    if (!session)
        return std::unexpected(named(session.error()));
    m_tls = std::make_unique<TlsClient>(std::move(*session));
    while (true) {
        const auto step = m_tls->handshake();
        const auto sent = sendPlain(m_tls->takeOutput());
        if (!step)
            return std::unexpected(named(step.error()));
        if (!sent || *step == TlsClient::Step::Done)
            return sent;
        if (*step == TlsClient::Step::Ended)
            return fail(Errc::Remote, "the server ended the TLS handshake", m_name);
        if (const auto fed = feedTls("the connection ended within the TLS handshake; does the "
                                     "server speak TLS there?");
            !fed)
            return fed;
    }
}

Result<void> ClientSocket::send(std::string_view octets)
{
    if (!m_tls)
        return sendPlain(octets);
    if (const auto written = m_tls->write(octets); !written)
        return std::unexpected(named(written.error()));
    return sendPlain(m_tls->takeOutput());
}

Result<std::size_t> ClientSocket::receive(std::string &input)
{
    if (!m_tls)
        return receivePlain(input);
    const std::size_t before = input.size();
    while (true) {
        const auto step = m_tls->read(input);
        if (!step)
            return std::unexpected(named(step.error()));
        if (*step != TlsClient::Step::WantsInput)
            return input.size() - before;
        if (const auto sent = sendPlain(m_tls->takeOutput()); !sent)
            return std::unexpected(sent.error());
        if (const auto fed = feedTls("the connection ended without the end of TLS"); !fed)
            return std::unexpected(fed.error());
    }
}

Result<void> ClientSocket::sendPlain(std::string_view octets)
{
    while (!octets.empty()) {
        const ssize_t sent = ::send(m_descriptor, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            octets.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            if (const auto ready = waitFor(POLLOUT); !ready)
                return ready;
        } else if (errno == EPIPE || errno == ECONNRESET) {
            return {}; // the server may have answered early: read that
        } else if (errno != EINTR) {
            return fail(Errc::Remote, errorText(errno), m_name);
        }
    }
    return {};
}

Result<std::size_t> ClientSocket::receivePlain(std::string &input)
{
    std::array<char, 64UL * 1024> chunk;
    while (true) {
        const ssize_t got = ::recv(m_descriptor, chunk.data(), chunk.size(), 0);
        if (got >= 0) {
            input.append(chunk.data(), static_cast<std::size_t>(got));
            if (m_silence)
                m_deadline = Clock::now() + m_timeout;
            return static_cast<std::size_t>(got);
        }
        if (errno == EAGAIN) {
            if (const auto ready = waitFor(POLLIN); !ready)
                return std::unexpected(ready.error());
        } else if (errno != EINTR) {
            return fail(Errc::Remote, errorText(errno), m_name);
        }
    }
}

} // namespace postern::gateway
