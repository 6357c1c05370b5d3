// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/pkey.h"

#include "core/crypto/openssl_error.h"
#include "core/crypto/pem.h"

#include <openssl/pem.h>

#include <algorithm>
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
        return LoadedPkey{std::move(pkey), true};
    }
    if (passphrase.asked)
        return std::unexpected(refusal(passphrase, what));
    clearOpenSslErrors();
    if (Pkey pkey = decode(octets, format, EVP_PKEY_PUBLIC_KEY, passphrase)) {
        clearOpenSslErrors();
        return LoadedPkey{std::move(pkey), false};
    }
    return std::unexpected(refusal(passphrase, what));
}

Result<LoadedPkey> fromCertificate(const Certificate &certificate, std::string_view what)
{
    if (!certificate)
        return std::unexpected(openSslError(Errc::KeyFormat, what));
    Pkey pkey(X509_get_pubkey(certificate.get()));
    if (!pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "the certificate's key"));
    return LoadedPkey{std::move(pkey), false};
}

Bio memory(std::string_view octets)
{
    return Bio(BIO_new_mem_buf(octets.data(), static_cast<int>(octets.size())));
}

} // namespace

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
    Passphrase passphrase{passphraseText};
    Result<LoadedPkey> loaded = decodeAny(block->text, "PEM", passphrase, what);
    wipe(block->text);
    if (!loaded && block->encrypted && loaded.error().code == Errc::KeyFormat)
        loaded.error() = {
            Errc::KeyPassphrase, "the passphrase is wrong or the block is damaged", {}};
    return loaded;
}

Result<LoadedPkey> loadDer(std::string_view octets, std::string_view passphraseText)
{
    constexpr std::string_view kWhat = "not a DER key or certificate";
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

Result<std::string> writePem(const Pkey &pkey, bool includePrivate)
{
    const Bio bio(BIO_new(includePrivate ? BIO_s_secmem() : BIO_s_mem()));
    const int ok = includePrivate ? PEM_write_bio_PKCS8PrivateKey(bio.get(), pkey.get(), nullptr,
                                                                  nullptr, 0, nullptr, nullptr)
                                  : PEM_write_bio_PUBKEY(bio.get(), pkey.get());
    if (ok != 1)
        return std::unexpected(openSslError(Errc::Crypto, "the key cannot be written"));
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
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
