// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/tls/handle.h"
#include "tests/support/raw_stream.h"
#include "tests/support/tls_server.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace postern::test {

/// What a test's TLS client offers.
struct TlsOffer
{
    std::string name = {}; ///< SNI; empty: none
    const TlsIdentity *identity = nullptr; ///< its own certificate
    int oldest = 0, newest = 0; ///< versions; 0: OpenSSL's choice
    std::string signatures = {}; ///< "RSA+SHA256", ...; empty: OpenSSL's choice
    std::vector<std::string> protocols = {}; ///< ALPN
    SSL_SESSION *session = nullptr; ///< to resume
};

/// A TLS connection of a test, with OpenSSL as the client: the handshake is made by the
/// constructor, then stream() is what lies inside. Nothing of the server is verified.
class TlsTunnel
{
public:
    TlsTunnel(std::uint16_t port, const TlsOffer &offer = {});
    ~TlsTunnel();
    TlsTunnel(const TlsTunnel &) = delete;
    TlsTunnel &operator=(const TlsTunnel &) = delete;

    [[nodiscard]] bool established() const noexcept { return m_established; }
    [[nodiscard]] const std::string &failure() const noexcept { return m_failure; }
    [[nodiscard]] std::string version() const { return SSL_get_version(m_ssl.get()); }
    [[nodiscard]] std::string protocol() const; ///< chosen by ALPN
    /// Subject of the server's certificate: "CN=server".
    [[nodiscard]] std::string server() const;
    [[nodiscard]] bool resumed() const { return SSL_session_reused(m_ssl.get()) == 1; }
    [[nodiscard]] std::string keyType() const; ///< "RSA", "EC"
    [[nodiscard]] RawStream &stream() noexcept { return m_stream; }
    /// One request and its answer, over this connection.
    RawMessage ask(std::string_view octets);
    /// True if the server ended with close_notify. Ends the tunnel first.
    [[nodiscard]] bool endedCleanly();
    /// Ends the tunnel; \return the session, for resuming it
    [[nodiscard]] std::shared_ptr<SSL_SESSION> session();

private:
    void pump();
    void end();

    gateway::SslContext m_context;
    gateway::SslHandle m_ssl;
    int m_socket = -1, m_inner = -1;
    bool m_established = false;
    bool m_cleanEnd = false;
    std::atomic<bool> m_stop{false}; ///< the pump ends before it reads on
    std::string m_failure;
    RawStream m_stream;
    std::thread m_thread;
};

} // namespace postern::test
