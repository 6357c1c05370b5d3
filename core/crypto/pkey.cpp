// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/pkey.h"

#include "core/crypto/openssl_error.h"
#include "core/crypto/pem.h"
#include "core/crypto/protected_key.h"

#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <format>
#include <vector>

namespace postern {

namespace {

/// What OpenSSL's callback needs, and what it tells: whether a passphrase was wanted.
struct Passphrase
{
    std::string_view text;
    bool asked = false;
};

// OpenSSL's own default asks on the terminal; this one never does.
int givePassphrase(char *buffer, int size, int /*writing*/, void *user)
{
    auto &passphrase = *static_cast<Passphrase *>(user);
    passphrase.asked = true;
    if (passphrase.text.empty() || passphrase.text.size() > static_cast<std::size_t>(size))
        return -1;
    std::ranges::copy(passphrase.text, buffer);
    return static_cast<int>(passphrase.text.size());
}

Error refusal(const Passphrase &passphrase, std::string_view what)
{
    if (passphrase.asked) {
        clearOpenSslErrors();
        return {Errc::KeyPassphrase,
                passphrase.text.empty() ? "no passphrase was given" : "the passphrase is wrong",
                {}};
    }
    return openSslError(Errc::KeyFormat, what);
}

/// One try with OpenSSL's decoders, which recognise the structure by themselves.
Pkey decode(std::string_view octets, const char *format, int selection, Passphrase &passphrase)
{
    EVP_PKEY *raw = nullptr;
    const DecoderCtx context(
        OSSL_DECODER_CTX_new_for_pkey(&raw, format, nullptr, nullptr, selection, nullptr, nullptr));
    if (!context)
        return nullptr;
    OSSL_DECODER_CTX_set_pem_password_cb(context.get(), givePassphrase, &passphrase);
    const auto *data = reinterpret_cast<const unsigned char *>(octets.data());
    std::size_t size = octets.size();
    const bool ok = OSSL_DECODER_from_data(context.get(), &data, &size) == 1;
    Pkey pkey(raw);
    if (!ok || size != 0)
        return nullptr;
    return pkey;
}

/// Private first: every private structure carries the public part as well.
Result<LoadedPkey> decodeAny(std::string_view octets, const char *format, Passphrase &passphrase,
                             std::string_view what)
{
    if (Pkey pkey = decode(octets, format, EVP_PKEY_KEYPAIR, passphrase)) {
        clearOpenSslErrors();
        return LoadedPkey{
            std::move(pkey), true, passphrase.asked ? "PKCS#8, encrypted" : "PKCS#8", {}};
    }
    if (passphrase.asked)
        return std::unexpected(refusal(passphrase, what));
    clearOpenSslErrors();
    if (Pkey pkey = decode(octets, format, EVP_PKEY_PUBLIC_KEY, passphrase)) {
        clearOpenSslErrors();
        return LoadedPkey{std::move(pkey), false, "SPKI", {}};
    }
    return std::unexpected(refusal(passphrase, what));
}

std::int64_t secondsOf(const ASN1_TIME *time)
{
    std::tm parts{};
    return time != nullptr && ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

std::string nameText(const X509_NAME *name)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    // UTF-8 as it is; control characters escaped.
    constexpr unsigned long kFlags =
        XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    if (!bio || name == nullptr || X509_NAME_print_ex(bio.get(), name, 0, kFlags) < 0)
        return {};
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

struct LabelForm
{
    std::string_view label, form;
};
constexpr std::array<LabelForm, 8> kForms = {{
    {"PUBLIC KEY", "SPKI"},
    {"RSA PUBLIC KEY", "PKCS#1"},
    {"PRIVATE KEY", "PKCS#8"},
    {"ENCRYPTED PRIVATE KEY", "PKCS#8, encrypted"},
    {"RSA PRIVATE KEY", "PKCS#1"},
    {"EC PRIVATE KEY", "SEC1"},
    {"CERTIFICATE", "X.509 certificate"},
    {"TRUSTED CERTIFICATE", "X.509 certificate"},
}};

std::string_view formOf(const PemBlock &block)
{
    if (block.encrypted && !block.label.starts_with("ENCRYPTED"))
        return "traditional PEM, encrypted";
    const auto *const row = std::ranges::find(kForms, block.label, &LabelForm::label);
    return row == kForms.end() ? "PEM" : row->form;
}

Bio memory(std::string_view octets)
{
    return Bio(BIO_new_mem_buf(octets.data(), static_cast<int>(octets.size())));
}

} // namespace

Result<LoadedPkey> fromCertificate(const Certificate &certificate, std::string_view what)
{
    if (!certificate)
        return std::unexpected(openSslError(Errc::KeyFormat, what));
    Pkey pkey(X509_get_pubkey(certificate.get()));
    if (!pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "the certificate's key"));
    CertificateInfo about{
        .subject = nameText(X509_get_subject_name(certificate.get())),
        .issuer = nameText(X509_get_issuer_name(certificate.get())),
        .notBefore = secondsOf(X509_get0_notBefore(certificate.get())),
        .notAfter = secondsOf(X509_get0_notAfter(certificate.get())),
    };
    return LoadedPkey{std::move(pkey), false, "X.509 certificate", std::move(about)};
}

Result<LoadedPkey> loadPem(std::string_view text, std::string_view passphraseText)
{
    Result<PemBlock> block = readPem(text);
    if (!block)
        return std::unexpected(block.error());
    const std::string what = std::format("the PEM block \"{}\" cannot be read", block->label);
    if (block->label.ends_with("CERTIFICATE")) {
        const Bio bio = memory(block->text);
        return fromCertificate(Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)),
                               what);
    }
    if (block->label.starts_with("OPENSSH"))
        return fail(Errc::KeyFormat,
                    "an OpenSSH private key: convert it with "
                    "`ssh-keygen -p -m PKCS8 -f FILE`");
    if (block->label == "CERTIFICATE REQUEST" || block->label.starts_with("PGP"))
        return fail(Errc::KeyFormat, std::format("\"{}\" is not a key", block->label));
    if (block->encrypted && !passphraseText.empty()) {
        if (Result<LoadedPkey> read = decryptPem(block->text, passphraseText)) {
            read->form = formOf(*block);
            return read;
        }
    }
    Passphrase passphrase{passphraseText};
    Result<LoadedPkey> loaded = decodeAny(block->text, "PEM", passphrase, what);
    wipe(block->text);
    if (loaded)
        loaded->form = formOf(*block);
    if (!loaded && block->encrypted && loaded.error().code == Errc::KeyFormat)
        loaded.error() = {
            Errc::KeyPassphrase, "the passphrase is wrong or the block is damaged", {}};
    return loaded;
}

bool looksLikeDer(std::string_view octets) noexcept
{
    return octets.size() > 2 && octets.front() == '\x30'
        && (static_cast<unsigned char>(octets[1]) >= 0x80 || octets.size() < 130);
}

Result<LoadedPkey> loadDer(std::string_view octets, std::string_view passphraseText)
{
    constexpr std::string_view kWhat = "not a DER key or certificate";
    if (looksLikePkcs12(octets))
        return loadPkcs12(octets, passphraseText);
    Passphrase passphrase{passphraseText};
    Result<LoadedPkey> loaded = decodeAny(octets, "DER", passphrase, kWhat);
    if (loaded || loaded.error().code == Errc::KeyPassphrase)
        return loaded;
    const auto *data = reinterpret_cast<const unsigned char *>(octets.data());
    const Certificate certificate(d2i_X509(nullptr, &data, static_cast<long>(octets.size())));
    if (!certificate) {
        clearOpenSslErrors();
        return loaded;
    }
    return fromCertificate(certificate, kWhat);
}

Secret numberOf(const Pkey &pkey, const char *name, std::size_t width)
{
    BIGNUM *raw = nullptr;
    if (EVP_PKEY_get_bn_param(pkey.get(), name, &raw) != 1) {
        clearOpenSslErrors();
        return {};
    }
    const BigNumber number(raw);
    const std::size_t size = width ? width : static_cast<std::size_t>(BN_num_bytes(raw));
    std::vector<unsigned char> octets(size);
    if (BN_bn2binpad(raw, octets.data(), static_cast<int>(size)) < 0)
        return {};
    Secret secret{std::string_view(reinterpret_cast<const char *>(octets.data()), size)};
    OPENSSL_cleanse(octets.data(), size);
    return secret;
}

Secret octetsOf(const Pkey &pkey, const char *name)
{
    std::size_t size = 0;
    if (EVP_PKEY_get_octet_string_param(pkey.get(), name, nullptr, 0, &size) != 1 || size == 0) {
        clearOpenSslErrors();
        return {};
    }
    std::vector<unsigned char> octets(size);
    if (EVP_PKEY_get_octet_string_param(pkey.get(), name, octets.data(), size, &size) != 1) {
        clearOpenSslErrors();
        return {};
    }
    Secret secret{std::string_view(reinterpret_cast<const char *>(octets.data()), size)};
    OPENSSL_cleanse(octets.data(), octets.size());
    return secret;
}

} // namespace postern
