// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tls_tunnel.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::test {
namespace {

constexpr std::size_t kRoom = 64UL * 1024;

int connectLoopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0 || ::connect(made, reinterpret_cast<const sockaddr *>(&address), sizeof address))
        return made;
    const timeval patience{20, 0};
    ::setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return made;
}

void unblock(int descriptor)
{
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

} // namespace

TlsTunnel::TlsTunnel(std::uint16_t port, const TlsOffer &offer)
    : m_context(SSL_CTX_new(TLS_client_method())),
      m_socket(connectLoopback(port))
{
    ::signal(SIGPIPE, SIG_IGN);
    SSL_CTX *const context = m_context.get();
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, offer.oldest);
    SSL_CTX_set_max_proto_version(context, offer.newest);
    if (!offer.signatures.empty())
        SSL_CTX_set1_sigalgs_list(context, offer.signatures.c_str());
    if (offer.identity) {
        SSL_CTX_use_certificate(context, offer.identity->certificate.get());
        SSL_CTX_use_PrivateKey(context, offer.identity->key.get());
    }
    std::string alpn;
    for (const std::string &protocol : offer.protocols)
        alpn.append(1, static_cast<char>(protocol.size())).append(protocol);
    if (!alpn.empty())
        SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char *>(alpn.data()),
                                static_cast<unsigned>(alpn.size()));
    m_ssl.reset(SSL_new(context));
    SSL_set_fd(m_ssl.get(), m_socket);
    if (!offer.name.empty())
        SSL_set_tlsext_host_name(m_ssl.get(), offer.name.c_str());
    if (offer.session)
        SSL_set_session(m_ssl.get(), offer.session);
    ERR_clear_error();
    m_established = SSL_connect(m_ssl.get()) == 1;
    if (!m_established) {
        const char *const reason = ERR_reason_error_string(ERR_peek_error());
        m_failure = reason ? reason : "closed";
        return;
    }
    std::array<int, 2> pair{};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data());
    m_stream = RawStream(pair[0]);
    m_inner = pair[1];
    unblock(m_inner);
    unblock(m_socket);
    m_thread = std::thread([this] { pump(); });
}

TlsTunnel::~TlsTunnel()
{
    end();
    if (m_socket >= 0)
        ::close(m_socket);
}

void TlsTunnel::end()
{
    if (!m_thread.joinable())
        return;
    m_stream.close();
    ::shutdown(m_socket, SHUT_RDWR);
    m_thread.join();
    ::close(std::exchange(m_inner, -1));
}

// Copies both ways until both sides are done; holds little, so that who does not read is felt.
void TlsTunnel::pump()
{
    std::string in, out; // from the server, to the server
    bool serverDone = false, clientDone = false, told = false;
    std::array<char, 16UL * 1024> part{};
    while (!(serverDone && in.empty()) || (!clientDone && !serverDone)) {
        if (m_stop)
            return;
        bool moved = false;
        if (!serverDone && in.size() < kRoom) {
            ERR_clear_error();
            const int got = SSL_read(m_ssl.get(), part.data(), static_cast<int>(part.size()));
            const int error = SSL_get_error(m_ssl.get(), got);
            if (got > 0) {
                in.append(part.data(), static_cast<std::size_t>(got));
                moved = true;
            } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
                serverDone = true;
                m_cleanEnd = error == SSL_ERROR_ZERO_RETURN;
            }
        }
        if (!in.empty()) {
            const ssize_t sent = ::send(m_inner, in.data(), in.size(), MSG_NOSIGNAL);
            if (sent > 0) {
                in.erase(0, static_cast<std::size_t>(sent));
                moved = true;
            } else if (sent == 0 || errno != EAGAIN) {
                return;
            }
        }
        if (serverDone && in.empty())
            ::shutdown(m_inner, SHUT_WR);
        if (!clientDone && out.size() < kRoom) {
            const ssize_t got = ::recv(m_inner, part.data(), part.size(), 0);
            if (got > 0) {
                out.append(part.data(), static_cast<std::size_t>(got));
                moved = true;
            } else if (got == 0) {
                clientDone = true;
            }
        }
        if (!out.empty()) {
            ERR_clear_error();
            SSL_set_mode(m_ssl.get(),
                         SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
            const int sent = SSL_write(m_ssl.get(), out.data(), static_cast<int>(out.size()));
            if (sent > 0) {
                out.erase(0, static_cast<std::size_t>(sent));
                moved = true;
            }
        } else if (clientDone && !told) {
            told = true;
            SSL_shutdown(m_ssl.get());
        }
        if (moved)
            continue;
        std::array<pollfd, 2> wait{
            {{m_socket,
              static_cast<short>((in.size() < kRoom && !serverDone ? POLLIN : 0)
                                 | (out.empty() ? 0 : POLLOUT)),
              0},
             {m_inner,
              static_cast<short>((out.size() < kRoom && !clientDone ? POLLIN : 0)
                                 | (in.empty() ? 0 : POLLOUT)),
              0}}};
        ::poll(wait.data(), wait.size(), 100);
    }
}

std::string TlsTunnel::protocol() const
{
    const unsigned char *data = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(m_ssl.get(), &data, &size);
    return data ? std::string(reinterpret_cast<const char *>(data), size) : std::string();
}

std::string TlsTunnel::server() const
{
    const X509 *const certificate = SSL_get0_peer_certificate(m_ssl.get());
    if (!certificate)
        return {};
    const Bio bio(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    std::string text(BIO_ctrl_pending(bio.get()), '\0');
    BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
    return text;
}

std::string TlsTunnel::keyType() const
{
    const X509 *const certificate = SSL_get0_peer_certificate(m_ssl.get());
    return certificate ? EVP_PKEY_get0_type_name(X509_get0_pubkey(certificate)) : "";
}

RawMessage TlsTunnel::ask(std::string_view octets)
{
    if (!m_established)
        return {};
    m_stream.send(octets);
    return m_stream.readMessage(octets.starts_with("HEAD "));
}

bool TlsTunnel::endedCleanly()
{
    static_cast<void>(m_stream.readUntilClose());
    end();
    return m_cleanEnd;
}

std::shared_ptr<SSL_SESSION> TlsTunnel::session()
{
    m_stop = true; // an end without notice would spoil the session
    end();
    SSL_set_shutdown(m_ssl.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    return {SSL_get1_session(m_ssl.get()), SSL_SESSION_free};
}

} // namespace postern::test
