// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/socket.h"

#include "gateway/server/port_owner.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr int kBacklog = 4096;

Errc listenErrc(int code)
{
    if (code == EADDRINUSE)
        return Errc::PortInUse;
    return code == EACCES || code == EPERM ? Errc::Permission : Errc::CannotStart;
}

std::unexpected<Error> listenFailed(int descriptor, int code, const std::string &where)
{
    if (descriptor >= 0)
        ::close(descriptor);
    return fail(listenErrc(code), std::strerror(code), where);
}

} // namespace

std::string SocketAddress::host() const
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET) {
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in *>(&storage)->sin_addr,
                    text.data(), text.size());
        return text.data();
    }
    if (storage.ss_family == AF_INET6) {
        const auto &address = reinterpret_cast<const sockaddr_in6 *>(&storage)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&address)) {
            ::inet_ntop(AF_INET, address.s6_addr + 12, text.data(), text.size());
            return text.data();
        }
        ::inet_ntop(AF_INET6, &address, text.data(), text.size());
        return text.data();
    }
    return "unix";
}

bool SocketAddress::isLoopback() const noexcept
{
    if (storage.ss_family == AF_INET)
        return ntohl(reinterpret_cast<const sockaddr_in *>(&storage)->sin_addr.s_addr) >> 24 == 127;
    if (storage.ss_family != AF_INET6)
        return false;
    const in6_addr &address = reinterpret_cast<const sockaddr_in6 *>(&storage)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&address)
        || (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == 127);
}

std::uint16_t SocketAddress::port() const noexcept
{
    if (storage.ss_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in *>(&storage)->sin_port);
    if (storage.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6 *>(&storage)->sin6_port);
    return 0;
}

std::string SocketAddress::text() const
{
    const std::string name = host();
    const bool bracket = name.find(':') != std::string::npos;
    return (bracket ? "[" + name + "]" : name) + ":" + std::to_string(port());
}

Result<SocketAddress> SocketAddress::fromNumeric(const std::string &host, std::uint16_t port)
{
    SocketAddress made;
    auto *v4 = reinterpret_cast<sockaddr_in *>(&made.storage);
    if (::inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        made.size = sizeof(sockaddr_in);
        return made;
    }
    std::string bare = host;
    if (bare.size() > 2 && bare.front() == '[' && bare.back() == ']')
        bare = bare.substr(1, bare.size() - 2);
    auto *v6 = reinterpret_cast<sockaddr_in6 *>(&made.storage);
    if (::inet_pton(AF_INET6, bare.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        made.size = sizeof(sockaddr_in6);
        return made;
    }
    return fail(Errc::InvalidArgument, "not an IP address: " + host);
}

Result<int> listenTcp(const std::string &host, std::uint16_t port)
{
    std::string numeric = host;
    if (host.empty() || host == "localhost")
        numeric = "127.0.0.1";
    else if (host == "*")
        numeric = "0.0.0.0";
    const std::string where = host + ":" + std::to_string(port);
    const auto address = SocketAddress::fromNumeric(numeric, port);
    if (!address)
        return fail(Errc::CannotStart, "listen on an IP address, localhost or *", where);
    const int descriptor =
        ::socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return listenFailed(-1, errno, where);
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(descriptor, address->get(), address->size) != 0
        || ::listen(descriptor, kBacklog) != 0) {
        auto failure = listenFailed(descriptor, errno, where);
        if (failure.error().code == Errc::PortInUse)
            failure.error().detail = portInUseText(port);
        return failure;
    }
    return descriptor;
}

Result<int> listenUnixSocket(const std::string &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return fail(Errc::CannotStart, "the path of a unix socket has at most 107 characters",
                    path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return listenFailed(-1, errno, path);
    const auto *raw = reinterpret_cast<const sockaddr *>(&address);
    int bound = ::bind(descriptor, raw, sizeof address);
    if (bound != 0 && errno == EADDRINUSE) {
        const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool alive = ::connect(probe, raw, sizeof address) == 0;
        ::close(probe);
        if (alive)
            return listenFailed(descriptor, EADDRINUSE, path);
        ::unlink(path.c_str());
        bound = ::bind(descriptor, raw, sizeof address);
    }
    if (bound != 0 || ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0
        || ::listen(descriptor, kBacklog) != 0)
        return listenFailed(descriptor, errno, path);
    return descriptor;
}

SocketAddress localAddress(int descriptor) noexcept
{
    SocketAddress address;
    address.size = sizeof address.storage;
    ::getsockname(descriptor, reinterpret_cast<sockaddr *>(&address.storage), &address.size);
    return address;
}

SocketAddress peerAddress(int descriptor) noexcept
{
    SocketAddress address;
    address.size = sizeof address.storage;
    ::getpeername(descriptor, reinterpret_cast<sockaddr *>(&address.storage), &address.size);
    return address;
}

Result<int> startConnect(const SocketAddress &address)
{
    const int descriptor =
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return fail(Errc::UpstreamConnect, std::strerror(errno), address.text());
    setNoDelay(descriptor);
    if (::connect(descriptor, address.get(), address.size) != 0 && errno != EINPROGRESS) {
        const int code = errno;
        ::close(descriptor);
        return fail(Errc::UpstreamConnect, std::strerror(code), address.text());
    }
    return descriptor;
}

int connectError(int descriptor) noexcept
{
    int code = 0;
    socklen_t size = sizeof code;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) != 0)
        return errno;
    return code;
}

void setNoDelay(int descriptor) noexcept
{
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace postern::gateway
