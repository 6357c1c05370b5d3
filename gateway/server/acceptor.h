// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/server/listener.h"
#include "gateway/server/reactor.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace postern::gateway {

/// Accepts TCP connections on a thread of its own and hands the descriptors on.
class Acceptor
{
public:
    /// \param accepted called in the acceptor's thread with a non-blocking descriptor
    explicit Acceptor(std::function<void(int descriptor)> accepted);
    ~Acceptor();
    Acceptor(const Acceptor &) = delete;
    Acceptor &operator=(const Acceptor &) = delete;

    /// Binds; connections wait until start(). \return the port, or PortInUse, Permission,
    /// CannotStart
    Result<std::uint16_t> bind(const std::string &host, std::uint16_t port);
    /// \return Io
    Result<void> start();
    /// Stops accepting; the port is free afterwards.
    void stop();

private:
    std::function<void(int)> m_accepted;
    Reactor m_reactor;
    std::unique_ptr<Listener> m_listener;
    std::thread m_thread;
};

} // namespace postern::gateway
