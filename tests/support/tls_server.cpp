// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tls_server.h"

#include <array>
#include <memory>
#include <utility>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace postern::test {
namespace {

using Context = OpenSslHandle<SSL_CTX, SSL_CTX_free>;
using Session = OpenSslHandle<SSL, SSL_free>;
using Extension = OpenSslHandle<X509_EXTENSION, X509_EXTENSION_free>;

void setSubject(X509_NAME *name, const std::string &subject)
{
    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char *>(subject.data()),
                               static_cast<int>(subject.size()), -1, 0);
}

void addExtension(X509 *certificate, int id, const std::string &value)
{
    const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str()));
    X509_add_ext(certificate, extension.get(), -1);
}

void setLife(X509 *certificate, std::chrono::hours from, std::chrono::hours until)
{
    X509_gmtime_adj(X509_getm_notBefore(certificate), std::chrono::seconds(from).count());
    X509_gmtime_adj(X509_getm_notAfter(certificate), std::chrono::seconds(until).count());
}

TlsIdentity unsignedIdentity(const std::string &subject, long serial, bool rsa = false)
{
    TlsIdentity made{Pkey(rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})
                              : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")),
                     Certificate(X509_new())};
    X509 *const certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    X509_set_pubkey(certificate, made.key.get());
    setSubject(X509_get_subject_name(certificate), subject);
    return made;
}

// The server's side over a stream, a TLS record at a time.
class TlsServer
{
public:
    TlsServer(RawStream &stream, SSL_CTX *context) : m_stream(stream), m_session(SSL_new(context))
    {
        SSL_set_bio(m_session.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_accept_state(m_session.get());
    }

    bool accept()
    {
        return run([this] { return SSL_do_handshake(m_session.get()); });
    }

    /// \return empty: the client is gone
    std::string readHead()
    {
        std::string head;
        while (!head.contains("\r\n\r\n")) {
            std::array<char, 4096> octets;
            int size = 0;
            if (!run([&] {
                    return size = SSL_read(m_session.get(), octets.data(),
                                           static_cast<int>(octets.size()));
                }))
                return {};
            head.append(octets.data(), static_cast<std::size_t>(size));
        }
        return head;
    }

    void send(const std::string &octets)
    {
        run([&] {
            return SSL_write(m_session.get(), octets.data(), static_cast<int>(octets.size()));
        });
    }

    void end()
    {
        SSL_shutdown(m_session.get());
        flush();
    }

    [[nodiscard]] std::string serverName() const
    {
        const char *const name = SSL_get_servername(m_session.get(), TLSEXT_NAMETYPE_host_name);
        return name ? name : "";
    }

    [[nodiscard]] std::string client() const
    {
        const X509 *const certificate = SSL_get0_peer_certificate(m_session.get());
        if (!certificate)
            return {};
        const Bio out(BIO_new(BIO_s_mem()));
        X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
        std::string text(BIO_ctrl_pending(out.get()), '\0');
        BIO_read(out.get(), text.data(), static_cast<int>(text.size()));
        return text;
    }

private:
    template <class Call> bool run(Call call)
    {
        while (true) {
            const int returned = call();
            const bool more = SSL_get_error(m_session.get(), returned) == SSL_ERROR_WANT_READ;
            if (!flush() || returned > 0 || !more)
                return returned > 0;
            if (!takeRecord())
                return false;
        }
    }

    bool flush()
    {
        BIO *const out = SSL_get_wbio(m_session.get());
        std::string octets(BIO_ctrl_pending(out), '\0');
        if (octets.empty())
            return true;
        BIO_read(out, octets.data(), static_cast<int>(octets.size()));
        return m_stream.send(octets);
    }

    // RFC 8446 5.1: type, version, length of what follows.
    bool takeRecord()
    {
        std::string record = m_stream.readExactly(5);
        if (record.size() < 5)
            return false;
        const auto octet = [&record](std::size_t i) {
            return static_cast<std::size_t>(static_cast<unsigned char>(record[i]));
        };
        record += m_stream.readExactly(octet(3) * 256 + octet(4));
        return BIO_write(SSL_get_rbio(m_session.get()), record.data(),
                         static_cast<int>(record.size()))
            > 0;
    }

    RawStream &m_stream;
    Session m_session;
};

} // namespace

std::string TlsIdentity::pem() const
{
    const Bio out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), certificate.get());
    std::string text(BIO_ctrl_pending(out.get()), '\0');
    BIO_read(out.get(), text.data(), static_cast<int>(text.size()));
    return text;
}

std::string TlsIdentity::keyPem() const
{
    const Bio out(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::string text(BIO_ctrl_pending(out.get()), '\0');
    BIO_read(out.get(), text.data(), static_cast<int>(text.size()));
    return text;
}

TlsIdentity makeAuthority(const std::string &subject)
{
    TlsIdentity made = unsignedIdentity(subject, 1);
    X509 *const certificate = made.certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    setLife(certificate, std::chrono::hours(-72), std::chrono::hours(72));
    addExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    addExtension(certificate, NID_key_usage, "critical,keyCertSign");
    X509_sign(certificate, made.key.get(), EVP_sha256());
    return made;
}

TlsIdentity issue(const TlsIdentity &authority, const TlsNames &names)
{
    static long serial = 1;
    TlsIdentity made = unsignedIdentity(names.subject, ++serial, names.rsa);
    X509 *const certificate = made.certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(authority.certificate.get()));
    setLife(certificate, names.from, names.until);
    addExtension(certificate, NID_subject_alt_name, names.alternatives);
    if (names.authority)
        addExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate, authority.key.get(), EVP_sha256());
    return made;
}

RawUpstream::Script answeringOverTls(const TlsIdentity &identity, std::string octets)
{
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_use_certificate(context.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
    return [context, octets = std::move(octets)](RawUpstream::Connection &connection) {
        TlsServer server(connection, context.get());
        if (server.accept() && !server.readHead().empty()) {
            server.send(octets);
            server.end();
        }
    };
}

RawUpstream::Script echoingOverTls(const TlsIdentity &identity,
                                   std::shared_ptr<TlsMeetings> meetings)
{
    return servingOverTls(identity, std::move(meetings),
                          [](const std::string &head) { return RawUpstream::ok(head); });
}

RawUpstream::Script servingOverTls(const TlsIdentity &identity,
                                   std::shared_ptr<TlsMeetings> meetings,
                                   std::function<std::string(const std::string &head)> answer)
{
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_use_certificate(context.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX *) { return 1; });
    static constexpr unsigned char kSessions = 1;
    SSL_CTX_set_session_id_context(context.get(), &kSessions, 1);
    return [context, meetings = std::move(meetings),
            answer = std::move(answer)](RawUpstream::Connection &connection) {
        TlsServer server(connection, context.get());
        if (!server.accept())
            return;
        {
            const std::scoped_lock lock(meetings->mutex);
            meetings->names.push_back(server.serverName());
            meetings->clients.push_back(server.client());
        }
        for (std::string head; !(head = server.readHead()).empty();) {
            {
                const std::scoped_lock lock(meetings->mutex);
                meetings->requests.push_back(std::to_string(connection.number) + ":" + head);
            }
            server.send(answer(head));
        }
    };
}

} // namespace postern::test
