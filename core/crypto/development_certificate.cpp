// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/development_certificate.h"

#include "core/bytes/encoding.h"
#include "core/bytes/secret.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/pkey.h"
#include "core/crypto/random.h"

#include <QtCrypto>

#include <algorithm>
#include <array>
#include <ctime>
#include <format>
#include <utility>

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace postern {
namespace {

using AlternativeNames = OpenSslHandle<GENERAL_NAMES, GENERAL_NAMES_free>;
using Extension = OpenSslHandle<X509_EXTENSION, X509_EXTENSION_free>;

constexpr int kAuthorityBits = 3072;
constexpr std::size_t kSerialSize = 16;

std::unexpected<Error> cryptoFailed(std::string_view what)
{
    return std::unexpected(openSslError(Errc::Crypto, what));
}

std::string textOf(const Bio &bio)
{
    std::string text(bio ? BIO_ctrl_pending(bio.get()) : 0, '\0');
    const int size =
        text.empty() ? 0 : BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
    text.resize(static_cast<std::size_t>(std::max(size, 0)));
    return text;
}

Bio reading(std::string_view octets)
{
    return Bio(BIO_new_mem_buf(octets.data(), static_cast<int>(octets.size())));
}

Result<IssuedCertificate> pemOf(const Certificate &certificate, const Pkey &key)
{
    const Bio out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_X509(out.get(), certificate.get()) != 1)
        return cryptoFailed("the certificate cannot be written");
    auto text = writePem(key, true);
    if (!text)
        return std::unexpected(text.error());
    return IssuedCertificate{textOf(out), std::move(*text)};
}

bool addExtension(X509 *certificate, X509V3_CTX *context, int id, const std::string &value)
{
    const Extension made(X509V3_EXT_conf_nid(nullptr, context, id, value.c_str()));
    return made && X509_add_ext(certificate, made.get(), -1) == 1;
}

bool setSerial(X509 *certificate)
{
    const auto octets = randomOctets(kSerialSize);
    if (!octets)
        return false;
    std::string bytes(octets->view());
    bytes.front() = static_cast<char>(bytes.front() & 0x7f); // positive, RFC 5280 4.1.2.2
    const BigNumber number(BN_bin2bn(reinterpret_cast<const unsigned char *>(bytes.data()),
                                     static_cast<int>(bytes.size()), nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

bool isAddress(const std::string &host)
{
    std::array<unsigned char, 16> room;
    return ::inet_pton(AF_INET, host.c_str(), room.data()) == 1
        || ::inet_pton(AF_INET6, host.c_str(), room.data()) == 1;
}

bool isHostName(std::string_view host)
{
    if (host.starts_with("*."))
        host.remove_prefix(2);
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '-' || c == '.' || c == '_';
    };
    return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, fits)
        && !host.starts_with('.') && !host.contains("..");
}

Result<std::string> alternativeNames(const std::vector<std::string> &hosts)
{
    std::string names;
    for (const std::string &host : hosts) {
        const bool address = isAddress(host);
        if (!address && !isHostName(host))
            return fail(Errc::InvalidArgument, "neither a host name nor an IP address", host);
        names.append(names.empty() ? "" : ",").append(address ? "IP:" : "DNS:").append(host);
    }
    return names;
}

Result<Pkey> privateKeyOf(const IssuedCertificate &issued)
{
    auto loaded = loadPem(issued.key, {});
    if (!loaded)
        return std::unexpected(loaded.error());
    if (!loaded->isPrivate)
        return fail(Errc::KeyFormat, "there is no private key in it");
    return std::move(loaded->pkey);
}

Result<Certificate> certificateOf(std::string_view pem)
{
    clearOpenSslErrors();
    const Bio in = reading(pem);
    Certificate read(in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!read)
        return std::unexpected(openSslError(Errc::KeyFormat, "no certificate in PEM"));
    return read;
}

Result<Certificate> selfSigned(const QCA::PrivateKey &key, std::string_view subject,
                               std::chrono::days life)
{
    QCA::CertificateInfo info;
    info.insert(QCA::CommonName,
                QString::fromUtf8(subject.data(), static_cast<qsizetype>(subject.size())));
    info.insert(QCA::Organization, QStringLiteral("Postern development"));
    QCA::CertificateOptions options;
    options.setInfo(info);
    options.setAsCA(0);
    options.setConstraints({QCA::KeyCertificateSign, QCA::CRLSign});
    const QDateTime now = QDateTime::currentDateTimeUtc();
    options.setValidityPeriod(now.addSecs(-3600), now.addDays(life.count()));
    const QByteArray der = QCA::Certificate(options, key).toDER();
    const auto *data = reinterpret_cast<const unsigned char *>(der.constData());
    Certificate made(d2i_X509(nullptr, &data, static_cast<long>(der.size())));
    if (!made)
        return cryptoFailed("QCA made no certificate");
    return made;
}

/// The key usage is critical, the serial number random, the signature SHA-256: what QCA leaves.
Result<IssuedCertificate> finished(const Certificate &certificate, const Pkey &key)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, certificate.get(), certificate.get(), nullptr, nullptr, 0);
    const bool named = X509_get_ext_by_NID(certificate.get(), NID_subject_key_identifier, -1) >= 0
        || addExtension(certificate.get(), &context, NID_subject_key_identifier, "hash");
    if (!named || !setSerial(certificate.get())
        || X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
        return cryptoFailed("the authority cannot be signed");
    return pemOf(certificate, key);
}

std::string nameText(const X509_NAME *name)
{
    const Bio out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0)
        return {};
    return textOf(out);
}

std::int64_t secondsOf(const ASN1_TIME *time)
{
    std::tm parts{};
    return time && ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

std::string hostText(const GENERAL_NAME &name)
{
    if (name.type == GEN_DNS)
        return {reinterpret_cast<const char *>(ASN1_STRING_get0_data(name.d.dNSName)),
                static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName))};
    const int size = name.type == GEN_IPADD ? ASN1_STRING_length(name.d.iPAddress) : 0;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if ((size != 4 && size != 16)
        || !::inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name.d.iPAddress),
                        text.data(), static_cast<socklen_t>(text.size())))
        return {};
    return text.data();
}

std::vector<std::string> hostsOf(const X509 *certificate)
{
    const AlternativeNames names(static_cast<GENERAL_NAMES *>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> hosts;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        if (std::string host = hostText(*sk_GENERAL_NAME_value(names.get(), i)); !host.empty())
            hosts.push_back(std::move(host));
    }
    return hosts;
}

std::string keyText(const X509 *certificate)
{
    const EVP_PKEY *const key = X509_get0_pubkey(certificate);
    if (!key)
        return "unknown";
    const char *const name = EVP_PKEY_get0_type_name(key);
    return std::format("{} {}", name ? name : "key", EVP_PKEY_get_bits(key));
}

CertificateText describe(X509 *certificate)
{
    CertificateText out;
    out.subject = nameText(X509_get_subject_name(certificate));
    out.issuer = nameText(X509_get_issuer_name(certificate));
    out.hosts = hostsOf(certificate);
    const ASN1_INTEGER *const serial = X509_get0_serialNumber(certificate);
    out.serial = encodeHex({reinterpret_cast<const char *>(ASN1_STRING_get0_data(serial)),
                            static_cast<std::size_t>(ASN1_STRING_length(serial))});
    out.key = keyText(certificate);
    out.signature = OBJ_nid2sn(X509_get_signature_nid(certificate));
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    out.fingerprint = encodeHex({reinterpret_cast<const char *>(digest.data()), size});
    out.notBefore = secondsOf(X509_get0_notBefore(certificate));
    out.notAfter = secondsOf(X509_get0_notAfter(certificate));
    out.authority = X509_check_ca(certificate) > 0;
    return out;
}

} // namespace

Result<IssuedCertificate> makeAuthority(std::string_view subject, std::chrono::days life)
{
    const Secret ready(std::string_view("QCA")); // the first one initialises QCA
    if (!QCA::isSupported("cert") || !QCA::isSupported("pkey"))
        return fail(Errc::Unsupported,
                    "QCA offers no certificates; install its OpenSSL provider (Debian: "
                    "libqca-qt6-plugins)");
    const QCA::PrivateKey made = QCA::KeyGenerator().createRSA(kAuthorityBits);
    if (made.isNull())
        return fail(Errc::Crypto, "QCA made no key");
    auto certificate = selfSigned(made, subject, life);
    if (!certificate)
        return std::unexpected(certificate.error());
    const auto key = loadPem(made.toPEM().toStdString(), {});
    if (!key)
        return std::unexpected(key.error());
    return finished(*certificate, key->pkey);
}

Result<IssuedCertificate> issueCertificate(const IssuedCertificate &authority,
                                           const std::vector<std::string> &hosts,
                                           std::chrono::days life)
{
    if (hosts.empty())
        return fail(Errc::InvalidArgument, "a certificate is for at least one host");
    const auto names = alternativeNames(hosts);
    const auto issuer = certificateOf(authority.certificate);
    const auto issuerKey = privateKeyOf(authority);
    if (!names || !issuer || !issuerKey)
        return std::unexpected(!names ? names.error()
                                      : (!issuer ? issuer.error() : issuerKey.error()));
    if (X509_check_ca(issuer->get()) < 1
        || X509_check_private_key(issuer->get(), issuerKey->get()) != 1)
        return fail(Errc::KeyType, "that is no authority with its own key");

    const Pkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    const Certificate made(X509_new());
    X509 *const certificate = made.get();
    if (!key || !made || !setSerial(certificate))
        return cryptoFailed("no key could be made");
    X509_set_version(certificate, X509_VERSION_3);
    X509_set_pubkey(certificate, key.get());
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_time_adj_ex(X509_getm_notAfter(certificate), static_cast<int>(life.count()), 0, nullptr);
    const std::string common = hosts.front().substr(0, 64); // ub-common-name
    X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_commonName, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char *>(common.data()),
                               static_cast<int>(common.size()), -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer->get()));
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer->get(), certificate, nullptr, nullptr, 0);
    const bool extended =
        addExtension(certificate, &context, NID_basic_constraints, "critical,CA:FALSE")
        && addExtension(certificate, &context, NID_key_usage, "critical,digitalSignature")
        && addExtension(certificate, &context, NID_ext_key_usage, "serverAuth,clientAuth")
        && addExtension(certificate, &context, NID_subject_alt_name, *names)
        && addExtension(certificate, &context, NID_subject_key_identifier, "hash")
        && addExtension(certificate, &context, NID_authority_key_identifier, "keyid");
    if (!extended || X509_sign(certificate, issuerKey->get(), EVP_sha256()) == 0)
        return cryptoFailed("the certificate cannot be signed");
    return pemOf(made, key);
}

Result<std::vector<CertificateText>> describeCertificates(std::string_view octets)
{
    clearOpenSslErrors();
    std::vector<CertificateText> out;
    if (octets.size() <= 16UL * 1024 * 1024) {
        const Bio in = reading(octets);
        while (Certificate each{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)})
            out.push_back(describe(each.get()));
        if (out.empty() && looksLikeDer(octets)) {
            const auto *data = reinterpret_cast<const unsigned char *>(octets.data());
            if (const Certificate one{d2i_X509(nullptr, &data, static_cast<long>(octets.size()))})
                out.push_back(describe(one.get()));
        }
    }
    clearOpenSslErrors();
    if (out.empty())
        return fail(Errc::KeyFormat, "there is no certificate in it");
    return out;
}

} // namespace postern
