// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/acceptor.h"

#include "gateway/server/socket.h"

#include <utility>

namespace postern::gateway {

Acceptor::Acceptor(std::function<void(int)> accepted) : m_accepted(std::move(accepted)) {}

Acceptor::~Acceptor() { stop(); }

Result<std::uint16_t> Acceptor::bind(const std::string &host, std::uint16_t port)
{
    const auto descriptor = listenTcp(host, port);
    if (!descriptor)
        return std::unexpected(descriptor.error());
    m_listener = std::make_unique<Listener>(m_reactor, *descriptor, m_accepted);
    return localAddress(*descriptor).port();
}

Result<void> Acceptor::start()
{
    if (const auto started = m_listener->start(); !started)
        return started;
    m_thread = std::thread([this] { m_reactor.run(); });
    return {};
}

void Acceptor::stop()
{
    if (m_thread.joinable()) {
        m_reactor.stop();
        m_thread.join();
    }
    m_listener.reset();
}

} // namespace postern::gateway
