// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls/session.h"

#include "core/crypto/openssl_error.h"
#include "gateway/server/socket.h"
#include "gateway/tls/directory.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509v3.h>

namespace postern::gateway {
namespace {

constexpr int kAppData = 0; // the index that SSL_set_app_data() stands for
constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

TlsSession *sessionOf(const SSL *ssl) noexcept
{
    return static_cast<TlsSession *>(SSL_get_ex_data(ssl, kAppData));
}

// A BIO over the descriptor: OpenSSL's own writes with write(2), which raises SIGPIPE.
int descriptorOf(BIO *bio) noexcept
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

/// Tells OpenSSL what came of a call on the socket.
int told(BIO *bio, ssize_t result, int direction) noexcept
{
    BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
    if (result < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_flags(bio, direction | BIO_FLAGS_SHOULD_RETRY);
    return static_cast<int>(result);
}

int writeSocket(BIO *bio, const char *octets, int size)
{
    return told(bio,
                ::send(descriptorOf(bio), octets, static_cast<std::size_t>(std::max(size, 0)),
                       MSG_NOSIGNAL),
                BIO_FLAGS_WRITE);
}

int readSocket(BIO *bio, char *into, int room)
{
    const ssize_t got =
        ::recv(descriptorOf(bio), into, static_cast<std::size_t>(std::max(room, 0)), 0);
    BIO_clear_flags(bio, BIO_FLAGS_IN_EOF);
    if (got == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return told(bio, got, BIO_FLAGS_READ);
}

long controlSocket(BIO *bio, int command, long, void *)
{
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

using BioMethod = OpenSslHandle<BIO_METHOD, BIO_meth_free>;

const BIO_METHOD *socketMethod()
{
    static const BioMethod method = [] {
        BioMethod made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket"));
        BIO_meth_set_write(made.get(), writeSocket);
        BIO_meth_set_read(made.get(), readSocket);
        BIO_meth_set_ctrl(made.get(), controlSocket);
        return made;
    }();
    return method.get();
}

/// The host_name of a client's hello, lower case; empty if there is none. RFC 6066 3.
std::string helloName(SSL *ssl)
{
    const unsigned char *data = nullptr;
    std::size_t size = 0;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &size) != 1 || size < 5)
        return {};
    const std::span<const unsigned char> octets(data, size);
    const std::size_t length = octets[3] * 256U + octets[4];
    if (octets[2] != TLSEXT_NAMETYPE_host_name || 5 + length > size)
        return {};
    std::string name(reinterpret_cast<const char *>(data) + 5, length);
    if (name.ends_with('.'))
        name.pop_back();
    for (char &octet : name) {
        if (octet >= 'A' && octet <= 'Z')
            octet = static_cast<char>(octet + 32);
    }
    return name;
}

// Where some paths need no certificate, what a client shows is judged when it asks for one.
int acceptAnyway(int, X509_STORE_CTX *) { return 1; }

int chooseProtocol(SSL *, const unsigned char **out, unsigned char *outSize,
                   const unsigned char *in, unsigned int inSize, void *)
{
    unsigned char *chosen = nullptr;
    if (SSL_select_next_proto(&chosen, outSize, kHttp11.data(), kHttp11.size(), in, inSize)
        != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL; // RFC 7301 3.2
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

bool isPlainHttp(int reason) noexcept
{
    return reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST;
}

} // namespace

/// Runs at the client's hello, before a session is resumed or a version chosen.
int chooseCertificate(SSL *ssl, int *alert, void *) noexcept
{
    TlsSession *const session = sessionOf(ssl);
    if (!session) {
        *alert = SSL_AD_INTERNAL_ERROR;
        return SSL_CLIENT_HELLO_ERROR;
    }
    if (std::string name = helloName(ssl); !name.empty())
        session->m_serverName = std::move(name);
    // Without a name (RFC 6066 3 allows none for an address) the address it connected to is one,
    // unless the configuration has another.
    if (session->m_serverName.empty())
        session->m_serverName = localAddress(descriptorOf(SSL_get_rbio(ssl))).host();
    const ServedCertificate *served =
        session->m_directory ? session->m_directory->find(session->m_serverName) : nullptr;
    if (!served) {
        session->m_fault = TlsSession::Fault::ServerName;
        *alert = SSL_AD_UNRECOGNIZED_NAME;
        return SSL_CLIENT_HELLO_ERROR;
    }
    SSL_set_SSL_CTX(ssl, served->context.get());
    SSL_ctrl(ssl, SSL_CTRL_SET_MIN_PROTO_VERSION, served->oldest, nullptr);
    SSL_ctrl(ssl, SSL_CTRL_SET_MAX_PROTO_VERSION, served->newest, nullptr);
    SSL_set_options(ssl, served->without);
    if (served->oldest < TLS1_2_VERSION)
        SSL_set_security_level(ssl, 0);
    // A session begun under another configuration is not resumed: who may come in has changed.
    SSL_set_session_id_context(ssl, reinterpret_cast<const unsigned char *>(&served->uid),
                               sizeof served->uid);
    if (served->client) {
        if (served->client->exempt.empty())
            SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        else
            SSL_set_verify(ssl, SSL_VERIFY_PEER, acceptAnyway);
        SSL_set_verify_depth(ssl, served->client->depth);
    }
    return SSL_CLIENT_HELLO_SUCCESS;
}

SslContext makeServerContext()
{
    clearOpenSslErrors();
    SslContext context(SSL_CTX_new(TLS_server_method()));
    if (!context)
        return nullptr;
    SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr);
    SSL_CTX_set_options(context.get(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                            | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // Sessions are kept by clients, in tickets; nothing grows here.
    SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, nullptr);
    SSL_CTX_set_num_tickets(context.get(), 1);
    SSL_CTX_set_client_hello_cb(context.get(), chooseCertificate, nullptr);
    SSL_CTX_set_alpn_select_cb(context.get(), chooseProtocol, nullptr);
    return context;
}

SslContext makeClientContext()
{
    clearOpenSslErrors();
    SslContext context(SSL_CTX_new(TLS_client_method()));
    if (!context)
        return nullptr;
    SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr);
    SSL_CTX_set_options(context.get(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                            | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_alpn_protos(context.get(), kHttp11.data(), kHttp11.size());
    return context;
}

std::unique_ptr<TlsSession> TlsSession::create(SSL_CTX *context, int descriptor)
{
    clearOpenSslErrors();
    SslHandle ssl(SSL_new(context));
    BIO *const bio = ssl ? BIO_new(socketMethod()) : nullptr;
    if (!bio)
        return nullptr;
    BIO_set_data(bio, reinterpret_cast<void *>(static_cast<std::intptr_t>(descriptor)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl.get(), bio, bio);
    SSL_ctrl(ssl.get(), SSL_CTRL_MODE,
             SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                 | SSL_MODE_RELEASE_BUFFERS,
             nullptr);
    SSL_set_read_ahead(ssl.get(), 1);
    std::unique_ptr<TlsSession> session(new TlsSession(std::move(ssl)));
    SSL_set_ex_data(session->m_ssl.get(), kAppData, session.get());
    return session;
}

std::unique_ptr<TlsSession> TlsSession::serve(SSL_CTX *context, int descriptor,
                                              std::shared_ptr<const TlsDirectory> directory,
                                              Timestamp now, const std::string &unnamed)
{
    auto session = create(context, descriptor);
    if (!session)
        return nullptr;
    session->m_directory = std::move(directory);
    session->m_serverName = unnamed;
    X509_VERIFY_PARAM_set_time(
        SSL_get0_param(session->m_ssl.get()),
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    SSL_set_accept_state(session->m_ssl.get());
    return session;
}

std::unique_ptr<TlsSession> TlsSession::connect(SSL_CTX *context, int descriptor,
                                                const Wanted &wanted)
{
    auto session = create(context, descriptor);
    if (!session)
        return nullptr;
    SSL *const ssl = session->m_ssl.get();
    std::string name = wanted.serverName;
    const bool address = SocketAddress::fromNumeric(name, 0).has_value();
    if (name.ends_with('.'))
        name.pop_back();
    if (name.empty() && wanted.trust) // OpenSSL would take any name then
        return nullptr;
    if (!address && !name.empty())
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    if (wanted.trust) {
        SSL_set1_verify_cert_store(ssl, wanted.trust);
        SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
        SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        if (name.starts_with('['))
            name = name.substr(1, name.size() - 2);
        if (address)
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str());
        else
            SSL_set1_host(ssl, name.c_str());
    }
    SSL_set_connect_state(ssl);
    session->m_serverName = std::move(name);
    return session;
}

TlsSession::Step TlsSession::handshake()
{
    ERR_clear_error();
    const int returned = SSL_do_handshake(m_ssl.get());
    if (returned == 1) {
        m_established = m_holdsInput = true; // it may have read more than the handshake
        m_directory.reset();
        return Step::Done;
    }
    const int error = SSL_get_error(m_ssl.get(), returned);
    if (error == SSL_ERROR_WANT_READ)
        return Step::WantsRead;
    if (error == SSL_ERROR_WANT_WRITE)
        return Step::WantsWrite;
    return failed(error);
}

TlsSession::Step TlsSession::failed(int error)
{
    m_broken = true;
    const unsigned long code = ERR_peek_error();
    const int reason = ERR_GET_REASON(code);
    const long verdict = SSL_get_verify_result(m_ssl.get());
    if (m_fault == Fault::ServerName) {
        m_failure = m_serverName;
    } else if (code == 0 || error == SSL_ERROR_SYSCALL
               || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        m_fault = Fault::PeerGone;
        m_failure = "the other side closed the connection during the handshake";
    } else if (isPlainHttp(reason)) {
        m_fault = Fault::PlainHttp;
        m_failure = "plain HTTP was sent to the HTTPS port";
    } else if (reason > SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
        m_fault = Fault::PeerRefused;
        m_failure = ERR_reason_error_string(code) ? ERR_reason_error_string(code) : "alert";
    } else if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
        m_fault = Fault::Certificate;
        m_failure = "the client showed none";
    } else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        m_fault = Fault::Certificate;
        m_failure = X509_verify_cert_error_string(verdict);
    } else if (reason == SSL_R_WRONG_VERSION_NUMBER) {
        m_failure = "the other side does not speak TLS";
    } else {
        const char *const text = ERR_reason_error_string(code);
        m_failure = text ? text : "unknown reason";
    }
    ERR_clear_error();
    return Step::Failed;
}

ssize_t TlsSession::outcome(int returned) noexcept
{
    const int saved = errno;
    switch (SSL_get_error(m_ssl.get(), returned)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        return -1;
    case SSL_ERROR_ZERO_RETURN:
        m_ended = true;
        return 0;
    case SSL_ERROR_SYSCALL:
        m_broken = true;
        errno = saved != 0 && saved != EAGAIN ? saved : ECONNRESET;
        return -1;
    default:
        m_broken = true;
        ERR_clear_error();
        errno = EPROTO;
        return -1;
    }
}

ssize_t TlsSession::read(char *into, std::size_t room) noexcept
{
    m_holdsInput = m_readWantsWrite = false;
    if (m_ended)
        return 0;
    if (m_broken) {
        errno = ECONNRESET;
        return -1;
    }
    std::size_t filled = 0;
    while (filled < room) {
        ERR_clear_error();
        std::size_t got = 0;
        const int returned = SSL_read_ex(m_ssl.get(), into + filled, room - filled, &got);
        if (returned == 1) {
            filled += got;
            continue;
        }
        m_readWantsWrite = SSL_want(m_ssl.get()) == SSL_WRITING;
        const ssize_t result = outcome(returned);
        if (filled == 0)
            return result;
        m_holdsInput = m_ended || m_broken; // to be told next time
        return static_cast<ssize_t>(filled);
    }
    m_holdsInput = true;
    return static_cast<ssize_t>(filled);
}

ssize_t TlsSession::write(const char *octets, std::size_t size) noexcept
{
    if (size == 0)
        return 0;
    ERR_clear_error();
    std::size_t written = 0;
    const int returned = SSL_write_ex(m_ssl.get(), octets, size, &written);
    if (returned == 1)
        return static_cast<ssize_t>(written);
    const ssize_t result = outcome(returned);
    if (result == 0) { // the peer closed its side of what it reads
        errno = EPIPE;
        return -1;
    }
    return result;
}

void TlsSession::close() noexcept
{
    if (!m_established || m_broken || (SSL_get_shutdown(m_ssl.get()) & SSL_SENT_SHUTDOWN) != 0)
        return;
    ERR_clear_error();
    SSL_shutdown(m_ssl.get());
    ERR_clear_error();
}

bool TlsSession::clientVerified() const noexcept
{
    return SSL_get0_peer_certificate(m_ssl.get())
        && SSL_get_verify_result(m_ssl.get()) == X509_V_OK;
}

std::string TlsSession::clientVerdict() const
{
    if (!SSL_get0_peer_certificate(m_ssl.get()))
        return "NONE";
    const long verdict = SSL_get_verify_result(m_ssl.get());
    if (verdict == X509_V_OK)
        return "SUCCESS";
    return std::string("FAILED:").append(X509_verify_cert_error_string(verdict));
}

} // namespace postern::gateway
