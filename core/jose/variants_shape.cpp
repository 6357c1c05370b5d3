// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/variant_maker.h"

#include <algorithm>

// The compact form itself: parts, characters, base64url.
namespace postern {

namespace {

using Maker = VariantMaker;

std::string dot(const std::string &a, const std::string &b, const std::string &c)
{
    return a + '.' + b + '.' + c;
}

std::string signatureOf(const std::string &token) { return token.substr(token.rfind('.') + 1); }
std::string inputOf(const std::string &token) { return token.substr(0, token.rfind('.')); }

/// The text with white space behind it, so long that its base64 needs padding.
std::string paddable(std::string text)
{
    while (text.size() % 3 == 0)
        text.push_back(' ');
    return text;
}

std::string padded(const std::string &text)
{
    std::string out = encodeBase64Url(paddable(text));
    while (out.size() % 4 != 0)
        out.push_back('=');
    return out;
}

/// Sets a bit that decoding drops. \return empty if the text has none
std::string withUnusedBit(std::string text)
{
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (text.size() % 4 == 0)
        return {};
    text.back() = kAlphabet[kAlphabet.find(text.back()) | 1U];
    return text;
}

/// A token whose signature text has a character that the two alphabets write differently.
std::string withTellingSignature(const Maker &m)
{
    std::string token = m.good();
    for (int i = 0; i < 64 && signatureOf(token).find_first_of("-_") == std::string::npos; ++i)
        token = m.signedTexts(m.base().headerText, m.withClaim("jti", std::to_string(i)));
    return signatureOf(token).find_first_of("-_") == std::string::npos ? std::string() : token;
}

std::string standardAlphabet(std::string text)
{
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    return text;
}

constexpr VariantRow kRows[] = {
    {"control", "the good token, unchanged", kAny, kValid, Wire::Accepted,
     [](const Maker &m) { return m.good(); }},
    {"signature-missing", "the signature part is left out, two parts remain", kAny,
     atParse("segments"), Wire::Invalid,
     [](const Maker &m) { return m.headerPart() + '.' + m.payloadPart(); }},
    {"signature-empty", "the signature part is empty", kAny, atSignature("signature"),
     Wire::Invalid, [](const Maker &m) { return dot(m.headerPart(), m.payloadPart(), {}); }},
    {"header-empty", "the header part is empty", kAny, atParse("segments"), Wire::Invalid,
     [](const Maker &m) { return m.good().substr(m.headerPart().size()); }},
    {"four-parts", "one part too many", kAny, atParse("segments"), Wire::Invalid,
     [](const Maker &m) { return m.good() + ".e30"; }},
    {"jwe-five-parts", "five parts, as an encrypted token has", kAny, atParse("jwe"), Wire::Invalid,
     [](const Maker &) {
         return encodeBase64Url(R"({"alg":"dir","enc":"A256GCM"})") + "..AAAA.AAAA.AAAA";
     }},
    {"space-inside", "a space in the middle of the payload part", kAny, atParse("characters"),
     Wire::Invalid, [](const Maker &m) { return m.good().insert(m.headerPart().size() + 3, " "); }},
    {"tab-in-signature", "a tab in the middle of the signature part", kAny, atParse("characters"),
     Wire::Refused, [](const Maker &m) { return m.good().insert(m.good().size() - 4, "\t"); }},
    {"padding", "header and payload padded with =, and signed so", kAny, atParse("base64"),
     Wire::Accepted,
     [](const Maker &m) {
         return m.signedParts(padded(m.base().headerText), padded(m.base().payloadText));
     }},
    {"standard-alphabet", "header and payload in base64 with + and /, and signed so", kAny,
     atParse("base64"), Wire::Accepted,
     [](const Maker &m) {
         const std::string payload = encodeBase64Url(m.withClaim("x", ">>>>>>"));
         const std::string standard = standardAlphabet(payload);
         return standard == payload ? std::string() : m.signedParts(m.headerPart(), standard);
     }},
    {"unused-bits-header", "a bit that decoding drops is set in the header part, and signed so",
     kAny, atParse("base64"), Wire::Accepted,
     [](const Maker &m) {
         const std::string header = withUnusedBit(encodeBase64Url(paddable(m.base().headerText)));
         return m.signedParts(header, m.payloadPart());
     }},
    {"signature-padding", "the signature part is padded with =", kHmac, atParse("base64"),
     Wire::Accepted,
     [](const Maker &m) {
         const std::size_t rest = signatureOf(m.good()).size() % 4;
         return rest == 0 ? std::string() : m.good() + std::string(4 - rest, '=');
     }},
    {"signature-unused-bits", "a bit that decoding drops is set in the signature's last character",
     kAny, atParse("base64"), Wire::Accepted,
     [](const Maker &m) {
         const std::string signature = withUnusedBit(signatureOf(m.good()));
         return signature.empty() ? signature : inputOf(m.good()) + '.' + signature;
     }},
    {"signature-alphabet", "the signature part in base64 with + and /", kAny, atParse("base64"),
     Wire::Refused,
     [](const Maker &m) {
         const std::string token = withTellingSignature(m);
         return token.empty() ? token : inputOf(token) + '.' + standardAlphabet(signatureOf(token));
     }},
    {"base64-length", "the signature part has one character too many for base64url", kAny,
     atParse("base64"), Wire::Refused,
     [](const Maker &m) {
         std::string signature = signatureOf(m.good());
         while (signature.size() % 4 != 1)
             signature.push_back('A');
         return inputOf(m.good()) + '.' + signature;
     }},
};

} // namespace

std::span<const VariantRow> shapeVariants() noexcept { return kRows; }

} // namespace postern
