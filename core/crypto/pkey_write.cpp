// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/openssl_error.h"
#include "core/crypto/pkey.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include <array>
#include <format>

namespace postern {

namespace {

constexpr int kRounds =
    210'000; // about 60 ms; OWASP's advice for PBKDF2 with SHA-512, above it here
constexpr int kSaltSize = 16;
constexpr std::string_view kCannot = "the key cannot be written";

/// PrivateKeyInfo around an ML-DSA seed: only the last octet of the object identifier and the seed
/// differ. OpenSSL's own default adds the expanded key, up to 4.9 kB more. RFC 9881 6.
constexpr std::array<unsigned char, 22> kSeedHead = {0x30, 0x34, 0x02, 0x01, 0x00, 0x30, 0x0b, 0x06,
                                                     0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
                                                     0x03, 0x00, 0x04, 0x22, 0x80, 0x20};
constexpr std::size_t kSetAt = 17;

struct SetOctet
{
    const char *name;
    unsigned char octet;
};
constexpr std::array<SetOctet, 3> kSets = {
    {{"ML-DSA-44", 17}, {"ML-DSA-65", 18}, {"ML-DSA-87", 19}}};

/// PKCS#8 of the seed alone; empty for other keys and for keys without their seed.
Secret seedInfo(const Pkey &pkey)
{
    for (const SetOctet &set : kSets) {
        if (EVP_PKEY_is_a(pkey.get(), set.name) != 1)
            continue;
        const Secret seed = octetsOf(pkey, OSSL_PKEY_PARAM_ML_DSA_SEED);
        if (seed.empty())
            return {};
        std::string der(reinterpret_cast<const char *>(kSeedHead.data()), kSeedHead.size());
        der[kSetAt] = static_cast<char>(set.octet);
        der.append(seed.view());
        Secret out{std::string_view(der)};
        wipe(der);
        return out;
    }
    return {};
}

std::string contentOf(const Bio &bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Bio memoryFor(bool secret) { return Bio(BIO_new(secret ? BIO_s_secmem() : BIO_s_mem())); }

Pkcs8 infoOf(const Pkey &pkey)
{
    const Secret seed = seedInfo(pkey);
    if (seed.empty())
        return Pkcs8(EVP_PKEY2PKCS8(pkey.get()));
    const unsigned char *data = seed.bytes().data();
    return Pkcs8(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &data, static_cast<long>(seed.size())));
}

using Write = int (*)(BIO *, const Pkey &);

Result<std::string> written(const Pkey &pkey, bool secret, Write write)
{
    const Bio bio = memoryFor(secret);
    if (!bio || write(bio.get(), pkey) != 1)
        return std::unexpected(openSslError(Errc::Crypto, kCannot));
    return contentOf(bio);
}

} // namespace

Result<std::string> writePem(const Pkey &pkey, bool includePrivate)
{
    if (!includePrivate)
        return written(pkey, false, [](BIO *bio, const Pkey &key) {
            return PEM_write_bio_PUBKEY(bio, key.get());
        });
    return written(pkey, true, [](BIO *bio, const Pkey &key) {
        const Pkcs8 info = infoOf(key);
        return info ? PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, info.get()) : 0;
    });
}

Result<std::string> writeDer(const Pkey &pkey, bool includePrivate)
{
    if (!includePrivate)
        return written(pkey, false,
                       [](BIO *bio, const Pkey &key) { return i2d_PUBKEY_bio(bio, key.get()); });
    return written(pkey, true, [](BIO *bio, const Pkey &key) {
        const Pkcs8 info = infoOf(key);
        return info ? i2d_PKCS8_PRIV_KEY_INFO_bio(bio, info.get()) : 0;
    });
}

Result<std::string> writeEncryptedPem(const Pkey &pkey, const Secret &passphrase)
{
    const Pkcs8 info = infoOf(pkey);
    AlgorithmIdentifier scheme(PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kRounds, nullptr, kSaltSize,
                                                 nullptr, NID_hmacWithSHA256));
    if (!info || !scheme)
        return std::unexpected(openSslError(Errc::Crypto, kCannot));
    const EncryptedPkcs8 encrypted(
        PKCS8_set0_pbe(reinterpret_cast<const char *>(passphrase.bytes().data()),
                       static_cast<int>(passphrase.size()), info.get(), scheme.get()));
    if (!encrypted)
        return std::unexpected(openSslError(Errc::Crypto, kCannot));
    (void)scheme.release(); // belongs to the result
    const Bio bio = memoryFor(false);
    if (!bio || PEM_write_bio_PKCS8(bio.get(), encrypted.get()) != 1)
        return std::unexpected(openSslError(Errc::Crypto, kCannot));
    return contentOf(bio);
}

Result<Pkey> publicPkey(const Pkey &pkey)
{
    unsigned char *der = nullptr;
    const int size = i2d_PUBKEY(pkey.get(), &der);
    if (size <= 0)
        return std::unexpected(openSslError(Errc::Crypto, "the public part cannot be taken"));
    const unsigned char *at = der;
    Pkey out(d2i_PUBKEY(nullptr, &at, size));
    OPENSSL_free(der);
    if (!out)
        return std::unexpected(openSslError(Errc::Crypto, "the public part cannot be taken"));
    return out;
}

} // namespace postern
