// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/handle.h"
#include "core/error.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace postern::gateway {

/// The client's side of one TLS connection, without its socket: what came is fed in, what is to be
/// sent is taken out. TLS 1.2 or later; the system's trust store (OpenSSL's SSL_CERT_FILE and
/// SSL_CERT_DIR replace it); the certificate must be for the host, RFC 9525. One thread.
class TlsClient
{
public:
    enum class Step : std::uint8_t {
        Done,
        WantsInput, ///< feed() what comes next, then call again
        Ended, ///< the peer closed as TLS demands it (close_notify)
    };

    /// \param host name or IP address as the user wrote it, IPv6 without brackets
    /// \param trust authorities to believe; nullptr: the system's trust store
    /// \return the session before its handshake, or InvalidArgument, Crypto
    [[nodiscard]] static Result<TlsClient> create(const std::string &host,
                                                  X509_STORE *trust = nullptr);

    /// \return Remote says what is wrong, with whose certificate, and what to do
    [[nodiscard]] Result<Step> handshake();
    /// After the handshake: appends plain octets to `input`.
    [[nodiscard]] Result<Step> read(std::string &input);
    /// After the handshake: the octets' records are left in takeOutput().
    [[nodiscard]] Result<void> write(std::string_view octets);

    void feed(std::string_view received);
    /// What must be sent now, also after a failure (the alert); may be empty.
    [[nodiscard]] std::string takeOutput();

private:
    using Context = OpenSslHandle<SSL_CTX, SSL_CTX_free>;
    using Session = OpenSslHandle<SSL, SSL_free>;

    /// What the verification found; the session points to it.
    struct Refusal
    {
        std::string host;
        std::string text; ///< empty: nothing is wrong
        bool ownTrust = false; ///< the authorities are not the system's
    };

    TlsClient(Context context, Session session, const std::string &host);
    static int noteRefusal(int ok, X509_STORE_CTX *store) noexcept;
    [[nodiscard]] Result<Step> outcome(int returned, std::string_view doing);

    std::unique_ptr<Refusal> m_refusal; ///< outlives the session
    Context m_context;
    Session m_session;
};

} // namespace postern::gateway
