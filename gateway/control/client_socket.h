// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/control/client.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace postern::gateway {

/// One blocking connection with a deadline over everything that is done on it. One thread.
class ClientSocket
{
public:
    using Clock = std::chrono::steady_clock;

    /// \return the connection, or Remote or Timeout naming the address
    [[nodiscard]] static Result<ClientSocket> open(const ServerAddress &address,
                                                   std::chrono::milliseconds timeout);
    ~ClientSocket();
    ClientSocket(ClientSocket &&other) noexcept;
    ClientSocket &operator=(ClientSocket &&) = delete;

    [[nodiscard]] Result<void> send(std::string_view octets);
    /// Appends what comes next to `input`. \return how many octets; 0 at the end
    [[nodiscard]] Result<std::size_t> receive(std::string &input);
    /// From now on the time-out counts from the last octet received.
    void measureSilence() noexcept { m_silence = true; }

private:
    ClientSocket(int descriptor, std::string name, std::chrono::milliseconds timeout);
    [[nodiscard]] Result<void> waitFor(short events);
    [[nodiscard]] Result<void> connectTo(const void *address, unsigned size);

    int m_descriptor;
    std::string m_name;
    std::chrono::milliseconds m_timeout;
    Clock::time_point m_deadline;
    bool m_silence = false;
};

} // namespace postern::gateway
