// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/handle.h"
#include "core/jose/ecdsa.h"
#include "core/jose/key_data.h"
#include "core/jose/variant_maker.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

// The signature: bits, length, encoding, and who made it.
namespace postern {

namespace {

using Maker = VariantMaker;

std::string flipped(std::string octets, std::size_t at)
{
    if (at >= octets.size())
        return {};
    octets[at] = static_cast<char>(octets[at] ^ 1);
    return octets;
}

std::string_view secretOf(const Maker &m)
{
    return m.base().key && m.base().key->type() == KeyType::Oct ? m.base().key->data().secret.view()
                                                                : std::string_view();
}

/// Signed with another reading of the right secret.
std::string misread(const Maker &m, const std::string &octets)
{
    return octets.empty() || octets == secretOf(m) ? std::string() : m.signedWithSecret(octets);
}

/// n - s instead of s: the other signature that ECDSA accepts.
std::string malleated(const Maker &m)
{
    const std::string &raw = m.signature();
    if (!m.base().key || raw.size() != m.alg().signatureSize)
        return {};
    BIGNUM *order = nullptr;
    if (EVP_PKEY_get_bn_param(m.base().key->data().pkey.get(), OSSL_PKEY_PARAM_EC_ORDER, &order)
        != 1)
        return {};
    const BigNumber n(order);
    const std::size_t width = raw.size() / 2;
    const BigNumber s(BN_bin2bn(reinterpret_cast<const unsigned char *>(raw.data()) + width,
                                static_cast<int>(width), nullptr));
    if (!s || BN_sub(s.get(), n.get(), s.get()) != 1)
        return {};
    std::string other = raw;
    if (BN_bn2binpad(s.get(), reinterpret_cast<unsigned char *>(other.data()) + width,
                     static_cast<int>(width))
        < 0)
        return {};
    return m.withSignature(other);
}

/// RSASSA-PSS with a salt of another length than the hash.
std::string otherSalt(const Maker &m)
{
    if (!m.alg().pss || !m.base().key || !m.base().key->isPrivate())
        return {};
    const DigestCtx context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *pkey = nullptr;
    const std::string input = m.headerPart() + '.' + m.payloadPart();
    std::string signature(4096, '\0');
    std::size_t size = signature.size();
    const std::string digest(m.alg().digest);
    if (!context
        || EVP_DigestSignInit_ex(context.get(), &pkey, digest.c_str(), nullptr, nullptr,
                                 m.base().key->data().pkey.get(), nullptr)
            != 1
        || EVP_PKEY_CTX_set_rsa_padding(pkey, RSA_PKCS1_PSS_PADDING) != 1
        || EVP_PKEY_CTX_set_rsa_pss_saltlen(pkey, 20) != 1
        || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size,
                          reinterpret_cast<const unsigned char *>(input.data()), input.size())
            != 1)
        return {};
    signature.resize(size);
    return m.withSignature(signature);
}

/// PS* with the signature of RS*, and the reverse: same key, same hash.
std::string otherPadding(const Maker &m)
{
    for (const AlgInfo &other : algorithms()) {
        if (other.keyType == KeyType::Rsa && other.digest == m.alg().digest
            && other.pss != m.alg().pss)
            return m.signedAs(other.alg, m.base().headerText, m.base().payloadText);
    }
    return {};
}

/// Digits with their lowest bit flipped are digits.
std::string payloadBit(const Maker &m)
{
    const Json *exp = m.claims().find("exp");
    const std::string lexeme(exp ? exp->lexeme() : std::string_view());
    const std::size_t at = m.base().payloadText.find(lexeme);
    if (lexeme.empty() || at == std::string::npos)
        return {};
    return m.headerPart() + '.'
        + encodeBase64Url(flipped(m.base().payloadText, at + lexeme.size() - 1)) + '.'
        + encodeBase64Url(m.signature());
}

constexpr VariantRow kRows[] = {
    {"signature-bit", "one bit of the signature flipped", kAny, atSignature("signature"),
     Wire::Refused,
     [](const Maker &m) {
         const std::string octets = flipped(m.signature(), m.signature().size() / 2);
         return octets.empty() ? octets : m.withSignature(octets);
     }},
    {"signature-truncated", "the signature's last octet cut off", kAny,
     atSignature("signature-length"), Wire::Refused,
     [](const Maker &m) {
         return m.signature().empty()
             ? std::string()
             : m.withSignature(m.signature().substr(0, m.signature().size() - 1));
     }},
    {"signature-extended", "a zero octet behind the signature", kAny,
     atSignature("signature-length"), Wire::Refused,
     [](const Maker &m) { return m.withSignature(m.signature() + '\0'); }},
    {"signature-zero", "a signature of zeros in the right length", kAny, atSignature("signature"),
     Wire::Refused,
     [](const Maker &m) { return m.withSignature(std::string(m.signature().size(), '\0')); }},
    {"signature-hex", "the signature as hexadecimal text", kHmac, atSignature("signature-length"),
     Wire::Refused, [](const Maker &m) { return m.withSignature(encodeHex(m.signature())); }},
    {"signature-der", "ECDSA as DER instead of r || s", kEc, atSignature("signature-length"),
     Wire::Refused,
     [](const Maker &m) {
         const EcdsaDer der = ecdsaToDer(m.signature());
         return der.size == 0
             ? std::string()
             : m.withSignature({reinterpret_cast<const char *>(der.octets.data()), der.size});
     }},
    {"signature-swapped", "s || r instead of r || s", kEc, atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         const std::size_t half = m.signature().size() / 2;
         return m.withSignature(m.signature().substr(half) + m.signature().substr(0, half));
     }},
    {"signature-malleated", "n - s instead of s: a second signature that is as good", kEc, kValid,
     Wire::Accepted, malleated},
    {"signature-salt", "PSS with a salt of 20 octets", kRsa, atSignature("signature"),
     Wire::Accepted, otherSalt},
    {"signature-padding-scheme", "PKCS#1 v1.5 where PSS is promised, or the reverse", kRsa,
     atSignature("signature"), Wire::Refused, otherPadding},
    {"signature-neutral", "the neutral element as signature, good for small-order keys only", kOkp,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         std::string octets(m.signature().size(), '\0');
         if (!octets.empty())
             octets[0] = 1;
         return m.withSignature(octets);
     }},
    {"secret-sample", "signed with the sample secret of a well-known debugger", kHmac,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) { return misread(m, "your-256-bit-secret"); }},
    {"secret-word", "signed with the secret \"secret\"", kHmac, atSignature("signature"),
     Wire::Refused, [](const Maker &m) { return misread(m, "secret"); }},
    {"secret-empty", "signed with an empty secret", kHmac, atSignature("signature"), Wire::Refused,
     [](const Maker &m) { return misread(m, std::string(1, '\0')); }},
    {"secret-newline", "signed with the secret and a line break behind it", kHmac,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         return secretOf(m).empty() ? std::string() : misread(m, std::string(secretOf(m)) + '\n');
     }},
    {"secret-base64", "signed with the base64 text of the secret", kHmac, atSignature("signature"),
     Wire::Refused, [](const Maker &m) { return misread(m, encodeBase64(secretOf(m))); }},
    {"secret-key-claim", "signed with the key claim's value as secret", kHmac,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         return misread(m, std::string(m.claims().stringOr(m.keyClaimName(), "")));
     }},
    {"key-other", "signed with a new key of the right kind", kAny, atSignature("signature"),
     Wire::Refused,
     [](const Maker &m) {
         const Result<Key> key = Key::generate(m.base().alg);
         return key ? m.signedBy(*key, m.base().alg, m.base().headerText, m.base().payloadText)
                    : std::string();
     }},
    {"payload-changed", "a claim added after signing", kAny, atSignature("signature"),
     Wire::Refused,
     [](const Maker &m) {
         return m.headerPart() + '.' + encodeBase64Url(m.withClaim("admin", true)) + '.'
             + encodeBase64Url(m.signature());
     }},
    {"payload-bit", "one bit of the payload flipped: the last digit of exp", kAny,
     atSignature("signature"), Wire::Refused, payloadBit},
    {"payload-reserialised", "the same claims, printed anew with spaces after signing", kAny,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         return m.headerPart() + '.' + encodeBase64Url(m.claims().dump(1)) + '.'
             + encodeBase64Url(m.signature());
     }},
    {"payload-of-another", "the signature of another token by the same key", kAny,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         const std::string token =
             m.signedTexts(m.base().headerText, m.withClaim("jti", "another"));
         return token.empty()
             ? token
             : m.headerPart() + '.' + m.payloadPart() + token.substr(token.rfind('.'));
     }},
};

} // namespace

std::span<const VariantRow> signatureVariants() noexcept { return kRows; }

} // namespace postern
