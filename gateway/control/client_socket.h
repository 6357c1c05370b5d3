// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/control/client.h"
#include "gateway/control/tls_client.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace postern::gateway {

/// One blocking connection with a deadline over everything that is done on it, TLS where the
/// address asks for it. One thread.
class ClientSocket
{
public:
    using Clock = std::chrono::steady_clock;

    /// \param cancel a descriptor that ends everything with Cancelled once it can be read; -1: none
    /// \return the connection, its TLS handshake done, or Remote or Timeout naming the address
    [[nodiscard]] static Result<ClientSocket>
    open(const ServerAddress &address, std::chrono::milliseconds timeout, int cancel = -1);
    ~ClientSocket();
    ClientSocket(ClientSocket &&other) noexcept;
    ClientSocket &operator=(ClientSocket &&) = delete;

    [[nodiscard]] Result<void> send(std::string_view octets);
    /// Appends what comes next to `input`. \return how many octets; 0 at the end
    [[nodiscard]] Result<std::size_t> receive(std::string &input);
    /// From now on the time-out counts from the last octet received.
    void measureSilence() noexcept { m_silence = true; }

private:
    ClientSocket(int descriptor, std::string name, std::chrono::milliseconds timeout, int cancel);
    [[nodiscard]] Result<void> waitFor(short events);
    [[nodiscard]] Result<void> connectTo(const void *address, unsigned size);
    [[nodiscard]] Result<void> startTls(const std::string &host, X509_STORE *trust);
    [[nodiscard]] Result<void> feedTls(std::string_view atTheEnd);
    [[nodiscard]] Error named(Error error) const;
    [[nodiscard]] Result<void> sendPlain(std::string_view octets);
    [[nodiscard]] Result<std::size_t> receivePlain(std::string &input);

    int m_descriptor;
    int m_cancel;
    std::string m_name;
    std::chrono::milliseconds m_timeout;
    Clock::time_point m_deadline;
    bool m_silence = false;
    std::unique_ptr<TlsClient> m_tls; ///< null: no TLS
};

} // namespace postern::gateway
