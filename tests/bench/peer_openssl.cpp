// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/peer_openssl.h"

#include "core/bytes/encoding.h"
#include "core/crypto/digest.h"
#include "core/jose/ecdsa.h"
#include "core/jose/jws.h"
#include "core/jose/key_data.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

namespace postern::bench {

namespace {

const unsigned char *octets(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

} // namespace

RawOpenSsl::RawOpenSsl(const Subject &of, bool forSigning)
{
    const CompactParts parts = *splitCompact(of.token);
    m_input = parts.signingInput;
    m_signature = *decodeBase64Url(parts.signature);
    if (of.alg.keyType == KeyType::Ec) { // the floor is given its DER for free
        const EcdsaDer der = ecdsaToDer(m_signature);
        m_signature.assign(reinterpret_cast<const char *>(der.octets.data()), der.size);
    }
    m_ready = of.alg.keyType == KeyType::Oct ? prepareMac(of) : prepareKey(of, forSigning);
}

bool RawOpenSsl::prepareMac(const Subject &of)
{
    m_mac.reset(EVP_MAC_CTX_new(fetchedHmac()));
    char name[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end()};
    const Secret &secret = of.key.data().secret;
    return EVP_MAC_init(m_mac.get(), secret.bytes().data(), secret.size(), parameters) == 1;
}

bool RawOpenSsl::prepareKey(const Subject &of, bool forSigning)
{
    m_key.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, of.key.data().pkey.get(), nullptr));
    if (of.alg.keyType == KeyType::Okp) {
        m_primitive.reset(EVP_SIGNATURE_fetch(nullptr, "ED25519", nullptr));
        return (forSigning ? EVP_PKEY_sign_message_init(m_key.get(), m_primitive.get(), nullptr)
                           : EVP_PKEY_verify_message_init(m_key.get(), m_primitive.get(), nullptr))
            == 1;
    }
    m_md = fetchedDigest(of.alg.digest);
    m_digest.reset(EVP_MD_CTX_new());
    if ((forSigning ? EVP_PKEY_sign_init(m_key.get()) : EVP_PKEY_verify_init(m_key.get())) != 1)
        return false;
    if (of.alg.pss && EVP_PKEY_CTX_set_rsa_padding(m_key.get(), RSA_PKCS1_PSS_PADDING) != 1)
        return false;
    if (EVP_PKEY_CTX_set_signature_md(m_key.get(), m_md) != 1)
        return false;
    return !of.alg.pss
        || EVP_PKEY_CTX_set_rsa_pss_saltlen(m_key.get(), RSA_PSS_SALTLEN_DIGEST) == 1;
}

std::size_t RawOpenSsl::mac()
{
    std::size_t size = 0;
    const bool done = EVP_MAC_init(m_mac.get(), nullptr, 0, nullptr) == 1
        && EVP_MAC_update(m_mac.get(), octets(m_input), m_input.size()) == 1
        && EVP_MAC_final(m_mac.get(), m_hash.data(), &size, m_hash.size()) == 1;
    return done ? size : 0;
}

std::string_view RawOpenSsl::digested()
{
    if (!m_md)
        return m_input;
    unsigned int size = 0;
    const bool done = EVP_DigestInit_ex2(m_digest.get(), m_md, nullptr) == 1
        && EVP_DigestUpdate(m_digest.get(), m_input.data(), m_input.size()) == 1
        && EVP_DigestFinal_ex(m_digest.get(), m_hash.data(), &size) == 1;
    return {reinterpret_cast<const char *>(m_hash.data()), done ? size : 0U};
}

bool RawOpenSsl::verify()
{
    if (!m_ready)
        return false;
    if (m_mac)
        return mac() == m_signature.size()
            && CRYPTO_memcmp(m_hash.data(), m_signature.data(), m_signature.size()) == 0;
    const std::string_view what = digested();
    return EVP_PKEY_verify(m_key.get(), octets(m_signature), m_signature.size(), octets(what),
                           what.size())
        == 1;
}

std::size_t RawOpenSsl::sign()
{
    if (!m_ready)
        return 0;
    if (m_mac)
        return mac();
    const std::string_view what = digested();
    std::size_t size = m_out.size();
    return EVP_PKEY_sign(m_key.get(), m_out.data(), &size, octets(what), what.size()) == 1 ? size
                                                                                           : 0;
}

} // namespace postern::bench
