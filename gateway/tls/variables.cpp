// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls/variables.h"

#include "core/bytes/encoding.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/tls/session.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace postern::gateway {
namespace {

std::string textOf(const Bio &bio)
{
    std::string text(BIO_ctrl_pending(bio.get()), '\0');
    const int size = BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
    text.resize(static_cast<std::size_t>(std::max(size, 0)));
    return text;
}

std::string nameText(const X509_NAME *name)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0)
        return {};
    return textOf(bio);
}

std::string serialText(const X509 *certificate)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || i2a_ASN1_INTEGER(bio.get(), X509_get0_serialNumber(certificate)) < 0)
        return {};
    return textOf(bio);
}

std::string fingerprint(const X509 *certificate)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha1(), digest.data(), &size) != 1) // nginx's choice
        return {};
    return encodeHex({reinterpret_cast<const char *>(digest.data()), size});
}

std::string ofClient(const X509 *certificate, std::string_view name)
{
    if (!certificate)
        return {};
    if (name == "client_s_dn")
        return nameText(X509_get_subject_name(certificate));
    if (name == "client_i_dn")
        return nameText(X509_get_issuer_name(certificate));
    return name == "client_serial" ? serialText(certificate) : fingerprint(certificate);
}

std::string ofSession(const TlsSession &session, std::string_view name)
{
    const SSL *const handle = session.handle();
    if (name == "protocol")
        return SSL_get_version(handle);
    if (name == "cipher")
        return SSL_CIPHER_get_name(SSL_get_current_cipher(handle));
    if (name == "server_name")
        return session.serverName();
    if (name == "session_reused")
        return SSL_session_reused(handle) == 1 ? "r" : ".";
    if (name == "client_verify")
        return session.clientVerdict();
    return ofClient(SSL_get0_peer_certificate(handle), name);
}

} // namespace

std::optional<std::string_view> tlsVariable(Exchange &exchange, std::string_view name)
{
    const std::string text = exchange.tls ? ofSession(*exchange.tls, name) : std::string();
    if (text.empty())
        return std::nullopt;
    return exchange.arena.copy(text);
}

} // namespace postern::gateway
