// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/gateway.h"
#include "tests/support/raw_stream.h"

#include <QTemporaryDir>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace postern::test {

/// A real gateway in this process on free ports, with an empty memory store. Configured over its
/// Admin API, as users do.
class GatewayFixture
{
public:
    /// Loopback, one worker, no built-in upstream; change what a test is about, then start().
    GatewayFixture();

    gateway::GatewayOptions options;
    /// \return false if it does not start (the reason is printed)
    [[nodiscard]] bool start();
    void stop() { m_gateway.reset(); }

    [[nodiscard]] gateway::Gateway &gateway() noexcept { return *m_gateway; }
    [[nodiscard]] std::uint16_t proxyPort() const noexcept;
    [[nodiscard]] std::uint16_t adminPort() const noexcept;

    /// One request to the Admin API, over a connection of its own.
    RawMessage admin(std::string_view method, std::string_view path, std::string_view json = {});
    /// Puts a route to 127.0.0.1:port. \param more further members, ", \"methods\": ..."
    /// \param upstreamMore further members of its upstream
    /// \return true if it was accepted
    [[nodiscard]] bool route(std::string_view id, std::string_view uri, std::uint16_t port,
                             std::string_view more = {}, std::string_view upstreamMore = {});

    [[nodiscard]] RawStream connect(int receiveBuffer = 0) const;
    /// Sends these octets over a new connection and reads one answer.
    [[nodiscard]] RawMessage ask(std::string_view octets) const;
    [[nodiscard]] RawMessage get(std::string_view target) const;

private:
    QTemporaryDir m_directory;
    std::unique_ptr<gateway::Gateway> m_gateway;
};

} // namespace postern::test
