// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "gateway/tls/handle.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <sys/types.h>

namespace postern::gateway {

class TlsDirectory;

/// A server's context: HTTP/1.1 by ALPN, certificates are chosen at the client's hello.
[[nodiscard]] SslContext makeServerContext();
/// A client's context: TLS 1.2 or later, no certificate of its own, nothing verified.
[[nodiscard]] SslContext makeClientContext();

/// One TLS connection on a non-blocking descriptor, which it does not own. One thread.
class TlsSession
{
public:
    enum class Step : std::uint8_t {
        Done,
        WantsRead, ///< call again when there is something to read
        WantsWrite, ///< call again when there is room to write
        Failed, ///< failure() says why
    };
    /// Why a handshake failed, beyond the text.
    enum class Fault : std::uint8_t {
        Other,
        PlainHttp, ///< the client speaks HTTP without TLS
        ServerName, ///< there is no certificate for the name it asks for
        PeerRefused, ///< the peer sent an alert: it does not like our certificate
        PeerGone, ///< it closed the connection
        Certificate, ///< its certificate is not trusted
    };

    /// The server's side. \param directory certificates to choose from; may be nullptr
    /// \param unnamed name of a client that says none; empty: the address it connected to
    [[nodiscard]] static std::unique_ptr<TlsSession>
    serve(SSL_CTX *context, int descriptor, std::shared_ptr<const TlsDirectory> directory,
          Timestamp now, const std::string &unnamed = {});

    /// What a client wants of the other side.
    struct Wanted
    {
        std::string serverName; ///< host without port; an address is not sent as SNI
        X509_STORE *trust = nullptr; ///< nullptr: the certificate is not verified
    };
    [[nodiscard]] static std::unique_ptr<TlsSession> connect(SSL_CTX *context, int descriptor,
                                                             const Wanted &wanted);

    [[nodiscard]] Step handshake();
    [[nodiscard]] bool established() const noexcept { return m_established; }
    [[nodiscard]] const std::string &failure() const noexcept { return m_failure; }
    [[nodiscard]] Fault fault() const noexcept { return m_fault; }

    /// As recv(2): EAGAIN when nothing is there; 0 at the peer's end.
    [[nodiscard]] ssize_t read(char *into, std::size_t room) noexcept;
    /// As send(2): EAGAIN when nothing was taken. What was refused must be offered again, with
    /// more behind it if there is more.
    [[nodiscard]] ssize_t write(const char *octets, std::size_t size) noexcept;
    /// True if read() has something to tell without the descriptor becoming readable.
    [[nodiscard]] bool holdsInput() const noexcept { return m_holdsInput; }
    /// True if read() is worth a call although the descriptor is not readable.
    [[nodiscard]] bool wantsReading() const noexcept { return m_holdsInput || m_readWantsWrite; }
    /// True if read() could not go on for want of room to write.
    [[nodiscard]] bool readWantsWrite() const noexcept { return m_readWantsWrite; }
    /// Tells the peer that this is the end; unless something went wrong, or was told to.
    void close() noexcept;
    /// The connection ends in the middle of something: the peer must be able to notice.
    void abandon() noexcept { m_broken = true; }

    // the server's side, after the client's hello
    /// The name the client asked for, lower case; without one, what stands for it.
    [[nodiscard]] const std::string &serverName() const noexcept { return m_serverName; }
    /// True if the client showed a certificate that the authority vouches for.
    [[nodiscard]] bool clientVerified() const noexcept;
    /// "SUCCESS", "NONE" (no certificate), "FAILED:<reason>", as nginx says it.
    [[nodiscard]] std::string clientVerdict() const;
    [[nodiscard]] const SSL *handle() const noexcept { return m_ssl.get(); }

private:
    explicit TlsSession(SslHandle ssl) noexcept : m_ssl(std::move(ssl)) {}
    friend int chooseCertificate(SSL *ssl, int *alert, void *) noexcept;
    [[nodiscard]] static std::unique_ptr<TlsSession> create(SSL_CTX *context, int descriptor);
    [[nodiscard]] ssize_t outcome(int returned) noexcept;
    Step failed(int error);

    SslHandle m_ssl;
    std::shared_ptr<const TlsDirectory> m_directory; ///< during the handshake
    std::string m_serverName;
    std::string m_failure;
    Fault m_fault = Fault::Other;
    bool m_established = false;
    bool m_broken = false;
    bool m_ended = false;
    bool m_holdsInput = false;
    bool m_readWantsWrite = false;
};

/// recv(2) of a connection that may be TLS.
[[nodiscard]] inline ssize_t receiveFrom(int descriptor, TlsSession *tls, char *into,
                                         std::size_t room) noexcept
{
    return tls ? tls->read(into, room) : ::recv(descriptor, into, room, 0);
}

/// send(2) of a connection that may be TLS; never raises SIGPIPE.
[[nodiscard]] inline ssize_t sendTo(int descriptor, TlsSession *tls, const char *octets,
                                    std::size_t size) noexcept
{
    return tls ? tls->write(octets, size) : ::send(descriptor, octets, size, MSG_NOSIGNAL);
}

} // namespace postern::gateway
