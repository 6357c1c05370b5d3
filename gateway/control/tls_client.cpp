// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/tls_client.h"

#include "core/crypto/openssl_error.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <format>
#include <utility>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace postern::gateway {

namespace {

using AlternativeNames = OpenSslHandle<GENERAL_NAMES, GENERAL_NAMES_free>;

constexpr int kAppData = 0; // the index that SSL_set_app_data() stands for
constexpr int kMostNames = 5;

// At most this much of a stranger's text.
std::string textOf(const Bio &bio)
{
    std::array<char, 200> text{};
    const int size = BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::string nameText(const X509_NAME *name)
{
    const Bio out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0)
        return {};
    return textOf(out);
}

std::string timeText(const ASN1_TIME *time)
{
    const Bio out(BIO_new(BIO_s_mem()));
    if (!out || ASN1_TIME_print(out.get(), time) != 1)
        return "an unreadable time";
    return textOf(out);
}

std::string addressText(const ASN1_OCTET_STRING *octets)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int size = ASN1_STRING_length(octets);
    if ((size != 4 && size != 16)
        || !::inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(octets), text.data(),
                        static_cast<socklen_t>(text.size())))
        return {};
    return text.data();
}

std::string nameText(const GENERAL_NAME &name)
{
    if (name.type == GEN_IPADD)
        return addressText(name.d.iPAddress);
    if (name.type != GEN_DNS)
        return {};
    const auto *text = reinterpret_cast<const char *>(ASN1_STRING_get0_data(name.d.dNSName));
    return {text, static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName))};
}

// The hosts that a certificate is for: "a.example, 10.0.0.1".
std::string hostsOf(const X509 *certificate)
{
    const AlternativeNames names(static_cast<GENERAL_NAMES *>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::string hosts;
    const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    for (int i = 0; i < std::min(count, kMostNames); ++i) {
        const std::string host = nameText(*sk_GENERAL_NAME_value(names.get(), i));
        if (!host.empty())
            hosts.append(hosts.empty() ? "" : ", ").append(host);
    }
    return count > kMostNames ? hosts + " and others" : hosts;
}

std::string trustHint(bool ownTrust)
{
    if (ownTrust)
        return "apisix.ssl.ssl_trusted_certificate does not name its certificate authority";
    const char *file =
        std::getenv(X509_get_default_cert_file_env()); // NOLINT(concurrency-mt-unsafe)
    if (file && *file)
        return std::format("SSL_CERT_FILE={} does not hold its certificate authority", file);
    return "if you trust it, name a file with its certificate authority: SSL_CERT_FILE=ca.pem";
}

std::string refusalText(int code, const X509 *certificate, const std::string &host, bool ownTrust)
{
    const std::string whose =
        std::format("the certificate of {}",
                    certificate ? nameText(X509_get_subject_name(certificate)) : "the server");
    switch (code) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
        return std::format("{}, issued by {}, is not trusted; {}", whose,
                           certificate ? nameText(X509_get_issuer_name(certificate)) : "nobody",
                           trustHint(ownTrust));
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: {
        const std::string hosts = certificate ? hostsOf(certificate) : std::string();
        return std::format("{} is for {}, not for {}; write a host that it names", whose,
                           hosts.empty() ? "no host" : hosts, host);
    }
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return std::format("{} expired on {}; renew it, or set this machine's clock", whose,
                           certificate ? timeText(X509_get0_notAfter(certificate)) : "");
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return std::format("{} is not valid before {}; set this machine's clock", whose,
                           certificate ? timeText(X509_get0_notBefore(certificate)) : "");
    default:
        return std::format("{} is refused: {}", whose, X509_verify_cert_error_string(code));
    }
}

struct ReasonRow
{
    int reason;
    std::string_view text;
};

constexpr std::string_view kNoTls = "the server does not speak TLS there; is it an http:// URL?";
constexpr std::string_view kOldTls = "the server speaks no TLS 1.2 or later; it must be renewed";
constexpr std::array kReasons{
    ReasonRow{SSL_R_WRONG_VERSION_NUMBER, kNoTls},
    ReasonRow{SSL_R_HTTP_REQUEST, kNoTls},
    ReasonRow{SSL_R_PACKET_LENGTH_TOO_LONG, kNoTls},
    ReasonRow{SSL_R_UNSUPPORTED_PROTOCOL, kOldTls},
    ReasonRow{SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, kOldTls},
};

Error tlsError(std::string_view doing)
{
    const int reason = ERR_GET_REASON(ERR_peek_error());
    const auto *const row = std::ranges::find(kReasons, reason, &ReasonRow::reason);
    if (row == kReasons.end())
        return openSslError(Errc::Remote, doing);
    clearOpenSslErrors();
    return {Errc::Remote, std::string(row->text), {}};
}

// Certificate and SNI are checked against the name without the dot of a fully qualified one.
bool setHost(SSL *session, std::string host)
{
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1)
        return true; // RFC 6066 3: no address in SNI
    clearOpenSslErrors();
    if (host.ends_with('.'))
        host.pop_back();
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return !host.empty() && SSL_set1_host(session, host.c_str()) == 1
        && SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data())
        == 1;
}

} // namespace

TlsClient::TlsClient(Context context, Session session, const std::string &host)
    : m_refusal(std::make_unique<Refusal>(host, std::string())),
      m_context(std::move(context)),
      m_session(std::move(session))
{
    SSL_set_ex_data(m_session.get(), kAppData, m_refusal.get());
    SSL_set_verify(m_session.get(), SSL_VERIFY_PEER, noteRefusal);
    SSL_set_connect_state(m_session.get());
}

Result<TlsClient> TlsClient::create(const std::string &host, X509_STORE *trust)
{
    clearOpenSslErrors();
    Context context(SSL_CTX_new(TLS_client_method()));
    if (!context
        || SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr) != 1
        || (!trust && SSL_CTX_set_default_verify_paths(context.get()) != 1))
        return std::unexpected(openSslError(Errc::Crypto, "TLS cannot be set up"));
    Session session(SSL_new(context.get()));
    Bio in(BIO_new(BIO_s_mem()));
    Bio out(BIO_new(BIO_s_mem()));
    if (!session || !in || !out)
        return std::unexpected(openSslError(Errc::Crypto, "TLS cannot be set up"));
    SSL_set_bio(session.get(), in.release(), out.release());
    if (trust)
        SSL_set1_verify_cert_store(session.get(), trust);
    if (!setHost(session.get(), host)) {
        clearOpenSslErrors();
        return fail(Errc::InvalidArgument, "not a host name that a certificate can be for", host);
    }
    TlsClient client(std::move(context), std::move(session), host);
    client.m_refusal->ownTrust = trust != nullptr;
    return client;
}

// Runs within the handshake, at the first thing that is wrong with the chain.
int TlsClient::noteRefusal(int ok, X509_STORE_CTX *store) noexcept
{
    if (ok == 1)
        return 1;
    const auto *const session = static_cast<const SSL *>(
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    if (auto *const refusal = static_cast<Refusal *>(SSL_get_ex_data(session, kAppData)))
        refusal->text =
            refusalText(X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_current_cert(store),
                        refusal->host, refusal->ownTrust);
    return 0;
}

Result<TlsClient::Step> TlsClient::outcome(int returned, std::string_view doing)
{
    switch (SSL_get_error(m_session.get(), returned)) {
    case SSL_ERROR_NONE:
        return Step::Done;
    case SSL_ERROR_WANT_READ:
        return Step::WantsInput;
    case SSL_ERROR_ZERO_RETURN:
        return Step::Ended;
    default:
        break;
    }
    if (m_refusal->text.empty())
        return std::unexpected(tlsError(doing));
    clearOpenSslErrors();
    return fail(Errc::Remote, m_refusal->text);
}

Result<TlsClient::Step> TlsClient::handshake()
{
    clearOpenSslErrors();
    return outcome(SSL_do_handshake(m_session.get()), "the TLS handshake failed");
}

Result<TlsClient::Step> TlsClient::read(std::string &input)
{
    clearOpenSslErrors();
    std::array<char, 16UL * 1024> octets;
    const int size = SSL_read(m_session.get(), octets.data(), static_cast<int>(octets.size()));
    if (size > 0)
        input.append(octets.data(), static_cast<std::size_t>(size));
    return outcome(size, "the TLS connection failed");
}

Result<void> TlsClient::write(std::string_view octets)
{
    clearOpenSslErrors();
    std::size_t written = 0;
    const int returned = SSL_write_ex(m_session.get(), octets.data(), octets.size(), &written);
    // Memory takes everything; no renegotiation is asked for, so nothing has to be read first.
    if (returned == 1 && written == octets.size())
        return {};
    return std::unexpected(tlsError("the TLS connection failed"));
}

void TlsClient::feed(std::string_view received)
{
    std::size_t taken = 0;
    BIO_write_ex(SSL_get_rbio(m_session.get()), received.data(), received.size(), &taken);
}

std::string TlsClient::takeOutput()
{
    BIO *const out = SSL_get_wbio(m_session.get());
    std::string octets(BIO_ctrl_pending(out), '\0');
    std::size_t taken = 0;
    if (!octets.empty())
        BIO_read_ex(out, octets.data(), octets.size(), &taken);
    octets.resize(taken);
    return octets;
}

} // namespace postern::gateway
