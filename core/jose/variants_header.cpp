// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/variant_maker.h"

// What the header says: algorithm, key pointers, extensions, JSON.
namespace postern {

namespace {

using Maker = VariantMaker;

/// Signed as before, but with another header; only the header is wrong.
std::string headed(const Maker &m, std::string_view header)
{
    return m.signedTexts(header, m.base().payloadText);
}

/// The good signature under another header: for those who cannot sign.
std::string swapped(const Maker &m, std::string_view header, std::string_view signature)
{
    return encodeBase64Url(header) + '.' + m.payloadPart() + '.' + encodeBase64Url(signature);
}

std::string noneWith(const Maker &m, const char *spelling)
{
    return swapped(m, m.withHeader("alg", spelling), m.signature());
}

/// The same algorithm with another hash: the sibling that a lax verifier would accept.
const AlgInfo *siblingOf(const AlgInfo &alg) noexcept
{
    for (const AlgInfo &other : algorithms()) {
        if (other.keyType == alg.keyType && other.pss == alg.pss && other.alg != alg.alg
            && (alg.keyType == KeyType::Oct || alg.keyType == KeyType::Rsa))
            return &other;
    }
    return nullptr;
}

/// A key pair or secret that the verifier never saw.
Result<Key> strangerOf(const Maker &m) { return Key::generate(m.base().alg); }

std::string byStranger(const Maker &m, std::string_view header)
{
    const Result<Key> key = strangerOf(m);
    return key ? m.signedBy(*key, m.base().alg, header, m.base().payloadText) : std::string();
}

std::string embeddedKey(const Maker &m)
{
    const Result<Key> key = strangerOf(m);
    if (!key)
        return {};
    const bool hmac = m.alg().keyType == KeyType::Oct;
    return m.signedBy(*key, m.base().alg, m.withHeader("jwk", key->toJwk(hmac)),
                      m.base().payloadText);
}

bool keyHasKid(const Maker &m) { return m.base().key && !m.base().key->kid().empty(); }

constexpr VariantRow kRows[] = {
    {"alg-none", "alg none and no signature: an unsigned token", kAny, atHeader("alg-none"),
     Wire::Invalid, [](const Maker &m) { return swapped(m, m.withHeader("alg", "none"), {}); }},
    {"alg-none-signed", "alg none, the good signature kept", kAny, atHeader("alg-none"),
     Wire::Refused, [](const Maker &m) { return noneWith(m, "none"); }},
    {"alg-none-capital", "alg None, for verifiers that forbid one spelling", kAny,
     atHeader("alg-none"), Wire::Refused, [](const Maker &m) { return noneWith(m, "None"); }},
    {"alg-none-upper", "alg NONE", kAny, atHeader("alg-none"), Wire::Refused,
     [](const Maker &m) { return noneWith(m, "NONE"); }},
    {"alg-none-mixed", "alg nOnE", kAny, atHeader("alg-none"), Wire::Refused,
     [](const Maker &m) { return noneWith(m, "nOnE"); }},
    {"alg-none-escaped", "alg none written with a \\u escape", kAny, atHeader("alg-none"),
     Wire::Refused,
     [](const Maker &m) { return swapped(m, R"({"alg":"n\u006fne"})", m.signature()); }},
    {"alg-missing", "a header without alg", kAny, atHeader("alg-missing"), Wire::Refused,
     [](const Maker &m) { return headed(m, R"({"typ":"JWT"})"); }},
    {"alg-number", "alg is a number", kAny, atHeader("alg-type"), Wire::Refused,
     [](const Maker &m) { return headed(m, R"({"alg":256,"typ":"JWT"})"); }},
    {"alg-lower-case", "the right algorithm in lower case", kAny, atHeader("alg-unknown"),
     Wire::Refused,
     [](const Maker &m) {
         std::string name(m.alg().name);
         for (char &c : name)
             c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
         return headed(m, m.withHeader("alg", name));
     }},
    {"alg-sibling", "another hash of the same family, signed that way with the right key",
     kHmac | kRsa, atHeader("alg-not-allowed"), Wire::Refused,
     [](const Maker &m) {
         const AlgInfo *other = siblingOf(m.alg());
         return other
             ? m.signedAs(other->alg, m.withHeader("alg", other->name), m.base().payloadText)
             : std::string();
     }},
    {"alg-asymmetric", "the header says RS256, the signature is the HMAC", kHmac,
     atHeader("alg-not-allowed"), Wire::Refused,
     [](const Maker &m) { return headed(m, m.withHeader("alg", "RS256")); }},
    {"alg-confusion", "HS256 with the public key's PEM text as secret", kPublicKey,
     atHeader("alg-not-allowed"), Wire::Refused,
     [](const Maker &m) {
         const Result<std::string> pem = m.base().key ? m.base().key->toPem(false)
                                                      : Result<std::string>(fail(Errc::KeyMissing));
         return pem ? m.signedWithSecret(*pem, Alg::HS256, m.withHeader("alg", "HS256"))
                    : std::string();
     }},
    {"alg-confusion-trimmed", "the same without the PEM's last line break", kPublicKey,
     atHeader("alg-not-allowed"), Wire::Refused,
     [](const Maker &m) {
         const Result<std::string> pem = m.base().key ? m.base().key->toPem(false)
                                                      : Result<std::string>(fail(Errc::KeyMissing));
         return pem ? m.signedWithSecret(pem->substr(0, pem->find_last_not_of('\n') + 1),
                                         Alg::HS256, m.withHeader("alg", "HS256"))
                    : std::string();
     }},
    {"duplicate-alg", "alg twice, the right one first, then none", kAny,
     atHeader("duplicate-member"), Wire::Refused,
     [](const Maker &m) {
         return headed(m, m.memberBehind(m.base().headerText, R"("alg":"none")"));
     }},
    {"duplicate-alg-none-first", "alg twice, none first, then the right one, signed", kAny,
     atHeader("duplicate-member"), Wire::Accepted,
     [](const Maker &m) {
         return headed(m, m.memberInFront(m.base().headerText, R"("alg":"none")"));
     }},
    {"header-bom", "a byte order mark before the header's JSON", kAny, atHeader("json"),
     Wire::Invalid, [](const Maker &m) { return headed(m, "\xEF\xBB\xBF" + m.base().headerText); }},
    {"header-trailing", "a character behind the header's JSON", kAny, atHeader("json"),
     Wire::Invalid, [](const Maker &m) { return headed(m, m.base().headerText + "x"); }},
    {"header-array", "the header is a JSON array", kAny, atHeader("not-object"), Wire::Unauthorized,
     [](const Maker &m) { return headed(m, "[" + m.base().headerText + "]"); }},
    {"header-reserialised", "spaces in the header's JSON that were not signed", kAny,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) { return swapped(m, m.header().dump(1), m.signature()); }},
    {"crit-unknown", "crit names an extension that nobody knows", kAny, atHeader("crit"),
     Wire::Accepted,
     [](const Maker &m) {
         return headed(
             m, m.memberBehind(m.base().headerText, R"("crit":["x-unknown"],"x-unknown":true)"));
     }},
    {"crit-empty", "crit is an empty list", kAny, atHeader("crit-invalid"), Wire::Accepted,
     [](const Maker &m) { return headed(m, m.withHeader("crit", Json::array())); }},
    {"b64-not-critical", "b64 is false, and crit does not say so", kAny,
     atHeader("b64-not-critical"), Wire::Accepted,
     [](const Maker &m) { return headed(m, m.withHeader("b64", false)); }},
    {"kid-number", "kid is a number", kAny, atHeader("kid-type"), Wire::Accepted,
     [](const Maker &m) { return headed(m, m.withHeader("kid", 1)); }},
    {"kid-traversal", "kid points to /dev/null, signed with the empty file's secret", kHmac,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         // An empty HMAC key and one zero octet are the same key.
         return keyHasKid(m) ? std::string()
                             : m.signedWithSecret({"\0", 1}, m.base().alg,
                                                  m.withHeader("kid", "../../../../dev/null"));
     }},
    {"kid-injection", "kid holds SQL that yields a secret, signed with that secret", kHmac,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         return keyHasKid(m) ? std::string()
                             : m.signedWithSecret("injected", m.base().alg,
                                                  m.withHeader("kid", "x' UNION SELECT 'injected"));
     }},
    {"kid-other", "kid names a key that nobody has; the signature is right", kAny,
     atKey("kid-mismatch"), Wire::Accepted,
     [](const Maker &m) {
         return keyHasKid(m) ? headed(m, m.withHeader("kid", "no-such-key")) : std::string();
     }},
    {"jwk-embedded", "signed with a new key that the header brings along in jwk", kAny,
     atSignature("signature"), Wire::Refused, embeddedKey},
    {"jku-remote", "signed with a new key, jku says where to fetch it", kAny,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         return byStranger(m, m.withHeader("jku", "https://attacker.example/jwks.json"));
     }},
    {"x5u-remote", "signed with a new key, x5u says where to fetch its certificate", kPublicKey,
     atSignature("signature"), Wire::Refused,
     [](const Maker &m) {
         return byStranger(m, m.withHeader("x5u", "https://attacker.example/cert.pem"));
     }},
};

} // namespace

std::span<const VariantRow> headerVariants() noexcept { return kRows; }

} // namespace postern
