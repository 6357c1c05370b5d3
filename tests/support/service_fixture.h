// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/control/client.h"
#include "gateway/server/http_service.h"
#include "gateway/server/reactor.h"

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace postern::testing {

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
