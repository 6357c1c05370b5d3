// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstdint>
#include <string>

#include <sys/socket.h>

namespace postern::gateway {

/// A socket address of any family we use.
struct SocketAddress
{
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr *get() const noexcept
    {
        return reinterpret_cast<const sockaddr *>(&storage);
    }
    /// The numeric address without port ("127.0.0.1", "::1"); "unix" for a unix socket.
    [[nodiscard]] std::string host() const;
    [[nodiscard]] std::uint16_t port() const noexcept;
    /// In 127.0.0.0/8 or ::1.
    [[nodiscard]] bool isLoopback() const noexcept;
    /// "127.0.0.1:80", "[::1]:80"
    [[nodiscard]] std::string text() const;

    /// From a numeric IPv4 or IPv6 address ("::1" or "[::1]"). \return InvalidArgument for a name
    [[nodiscard]] static Result<SocketAddress> fromNumeric(const std::string &host,
                                                           std::uint16_t port);
};

/// Listens on a numeric address, "localhost" or "*"; non-blocking, close-on-exec.
/// \return the descriptor, or PortInUse, Permission, CannotStart naming the address
[[nodiscard]] Result<int> listenTcp(const std::string &host, std::uint16_t port);
/// The same on a unix socket, mode 0600; the file of a dead listener is replaced.
[[nodiscard]] Result<int> listenUnixSocket(const std::string &path);
/// The local address of a socket.
[[nodiscard]] SocketAddress localAddress(int descriptor) noexcept;
/// The peer's address of a connected socket.
[[nodiscard]] SocketAddress peerAddress(int descriptor) noexcept;

/// Starts a non-blocking connect. \return the descriptor (connecting or connected), or
/// UpstreamConnect
[[nodiscard]] Result<int> startConnect(const SocketAddress &address);
/// The result of a finished connect: 0 or an errno.
[[nodiscard]] int connectError(int descriptor) noexcept;
void setNoDelay(int descriptor) noexcept;

} // namespace postern::gateway
