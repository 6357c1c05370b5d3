// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/control/client.h"
#include "gateway/server/http_service.h"
#include "gateway/server/reactor.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::testing {

/// Sends octets to a loopback port and reads until the end.
inline std::string exchangeRaw(std::uint16_t port, std::string_view octets)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return {};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (::connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0) {
        while (!octets.empty()) {
            const ssize_t sent = ::send(descriptor, octets.data(), octets.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                break;
            octets.remove_prefix(static_cast<std::size_t>(sent));
        }
        std::array<char, 8192> chunk;
        for (ssize_t got = 0; (got = ::recv(descriptor, chunk.data(), chunk.size(), 0)) > 0;)
            answer.append(chunk.data(), static_cast<std::size_t>(got));
    }
    ::close(descriptor);
    return answer;
}

/// The status of the first answer to those octets; 0 if there is none.
inline int rawStatus(std::uint16_t port, std::string_view octets)
{
    const std::string answer = exchangeRaw(port, octets);
    return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

/// An HttpService on a free loopback port, in a thread of its own, with a blocking client.
class ServiceFixture
{
public:
    explicit ServiceFixture(gateway::HttpService::Handler handler,
                            gateway::ServiceOptions options = {})
        : m_service(m_reactor, std::move(handler), std::move(options))
    {
        m_port = m_service.listen("127.0.0.1", 0).value_or(0);
    }
    ~ServiceFixture() { stop(); }

    /// Also listens on a unix socket. Before run().
    bool listenUnix(const std::string &path) { return m_service.listenUnix(path).has_value(); }
    void run()
    {
        m_thread = std::thread([this] { m_reactor.run(); });
    }
    void stop()
    {
        if (!m_thread.joinable())
            return;
        m_reactor.post([this] { m_service.close(); });
        m_reactor.stop();
        m_thread.join();
    }

    [[nodiscard]] gateway::Reactor &reactor() { return m_reactor; }
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] gateway::ServerAddress address() const
    {
        return {.unixPath = {}, .host = "127.0.0.1", .port = m_port, .basePath = {}};
    }
    [[nodiscard]] Result<gateway::ClientResponse> send(const gateway::ClientRequest &request) const
    {
        return gateway::ControlClient(address()).send(request);
    }
    [[nodiscard]] Result<gateway::ClientResponse> get(const std::string &target,
                                                      gateway::ServiceHeaders headers = {}) const
    {
        return send({.method = "GET", .target = target, .headers = std::move(headers), .body = {}});
    }

private:
    gateway::Reactor m_reactor;
    gateway::HttpService m_service;
    std::uint16_t m_port = 0;
    std::thread m_thread;
};

} // namespace postern::testing
