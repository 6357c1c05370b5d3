// SPDX-License-Identifier: Apache-2.0
#include "core/jose/hints.h"

#include "core/bytes/encoding.h"
#include "core/jose/ecdsa.h"
#include "core/jose/jwt.h"
#include "core/jose/key_data.h"
#include "core/jose/signature.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>

namespace postern {

namespace {

bool fits(const DecodedJws &token, Alg alg, const Key &key, bool relaxed = true)
{
    Result<Verifier> verifier = Verifier::make(alg, key, relaxed);
    return verifier && verifier->fits(token.signingInput, token.signature);
}

bool fitsSecret(const DecodedJws &token, Alg alg, std::string_view octets)
{
    const Result<Key> key = Key::fromSecret(Secret(octets));
    return key && fits(token, alg, *key);
}

std::string_view withoutBlanks(std::string_view text) noexcept
{
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::optional<std::string> orNothing(Result<std::string> octets)
{
    if (!octets)
        return std::nullopt;
    return std::move(*octets);
}

/// A way to misread a secret, and what to tell the user if it was the right one.
struct Reading
{
    std::optional<std::string> (*octets)(std::string_view secret);
    std::string_view sentence;
};

constexpr std::array kReadings = {
    Reading{[](std::string_view s) { return orNothing(decodeBase64(s)); },
            "It verifies with the secret taken as base64: the signer decodes the secret first."},
    Reading{[](std::string_view s) { return orNothing(decodeBase64Url(s)); },
            "It verifies with the secret taken as base64url: the signer decodes the secret "
            "first."},
    Reading{[](std::string_view s) { return orNothing(decodeHex(s)); },
            "It verifies with the secret taken as hexadecimal: the signer decodes the secret "
            "first."},
    Reading{[](std::string_view s) { return std::optional(encodeBase64(s)); },
            "It verifies with the base64 text of this secret: the signer uses the text as it "
            "is, undecoded."},
    Reading{[](std::string_view s) { return std::optional(encodeBase64Url(s)); },
            "It verifies with the base64url text of this secret: the signer uses the text as "
            "it is, undecoded."},
    Reading{[](std::string_view s) { return std::optional(encodeHex(s)); },
            "It verifies with the hexadecimal text of this secret: the signer uses the text as "
            "it is, undecoded."},
    Reading{[](std::string_view s) { return std::optional(std::string(s) + '\n'); },
            "It verifies with a line break behind the secret: the signer read it from a file "
            "with a trailing newline."},
    Reading{[](std::string_view s) { return std::optional(std::string(s) + "\r\n"); },
            "It verifies with CR LF behind the secret: the signer read it from a file with a "
            "trailing newline."},
    Reading{[](std::string_view s) { return std::optional(std::string(withoutBlanks(s))); },
            "It verifies without the blanks or line breaks around this secret."},
    Reading{[](std::string_view s) -> std::optional<std::string> {
                const bool quoted = s.size() > 2 && s.front() == s.back()
                    && (s.front() == '"' || s.front() == '\'');
                if (!quoted)
                    return std::nullopt;
                return std::string(s.substr(1, s.size() - 2));
            },
            "It verifies without the quotes around this secret."},
    Reading{[](std::string_view s) { return std::optional(std::format("\"{}\"", s)); },
            "It verifies with quotes around the secret: the signer took them as part of it."},
};

void explainSecret(const DecodedJws &token, Alg alg, std::string_view secret,
                   std::vector<std::string> &out)
{
    for (const Reading &reading : kReadings) {
        std::optional<std::string> octets = reading.octets(secret);
        if (octets && *octets != secret && !octets->empty() && fitsSecret(token, alg, *octets))
            out.emplace_back(reading.sentence);
        if (octets)
            wipe(*octets);
    }
    for (const std::string &sample : sampleSecrets()) {
        if (sample != secret && fitsSecret(token, alg, sample))
            out.push_back(std::format("It verifies with the well-known sample secret \"{}\": it "
                                      "was made with a debugger's or manual's default.",
                                      sample));
    }
    for (const AlgInfo &other : algorithms()) {
        if (other.keyType == KeyType::Oct && other.alg != alg
            && fitsSecret(token, other.alg, secret))
            out.push_back(
                std::format("It verifies as {}: the header says {}.", other.name, info(alg).name));
    }
}

/// The attack of RFC 8725 2.1: the public key's text used as HMAC secret.
void explainConfusion(const DecodedJws &token, Alg alg, const Key &key,
                      std::vector<std::string> &out)
{
    const Result<std::string> pem = key.toPem(false);
    if (!pem)
        return;
    const std::string_view text = withoutBlanks(*pem);
    for (const std::string &secret : {*pem, std::string(text), key.toJwk(false).dump()}) {
        if (!fitsSecret(token, alg, secret))
            continue;
        out.emplace_back("It verifies with the public key's text as HMAC secret: this is the "
                         "algorithm confusion attack, or a signer configured that way.");
        return;
    }
}

void explainKey(const DecodedJws &token, Alg alg, const Key &key, std::vector<std::string> &out)
{
    const AlgInfo &row = info(alg);
    if (row.keyType == KeyType::Ec) {
        DecodedJws raw = token;
        const std::optional<std::string> joined =
            ecdsaFromDer(token.signature, row.signatureSize / 2);
        if (joined) {
            raw.signature = *joined;
            out.emplace_back(fits(raw, alg, key)
                                 ? "The signature fits, but is written as DER; JWS demands "
                                   "r || s of fixed width."
                                 : "The signature is written as DER; JWS demands r || s of "
                                   "fixed width.");
        }
        if (token.signature.size() == row.signatureSize) {
            raw.signature = token.signature.substr(row.signatureSize / 2)
                + token.signature.substr(0, row.signatureSize / 2);
            if (fits(raw, alg, key))
                out.emplace_back("It verifies with r and s swapped: the signer writes s || r.");
        }
    }
    if (row.pss && fits(token, alg, key))
        out.push_back(std::format("It verifies with a PSS salt of another length; {} demands one "
                                  "as long as the hash.",
                                  row.name));
    for (const AlgInfo &other : algorithms()) {
        if (other.alg != alg && other.keyType == row.keyType && row.keyType == KeyType::Rsa
            && fits(token, other.alg, key))
            out.push_back(
                std::format("It verifies as {}: the header says {}.", other.name, row.name));
    }
}

} // namespace

std::vector<std::string> explainMismatch(const DecodedJws &token, const Key &key)
{
    std::vector<std::string> out;
    const AlgInfo *alg = findAlg(token.alg);
    if (!alg)
        return out;
    const bool hmacToken = alg->keyType == KeyType::Oct;
    if (key.type() == KeyType::Oct && hmacToken)
        explainSecret(token, alg->alg, key.data().secret.view(), out);
    else if (hmacToken)
        explainConfusion(token, alg->alg, key, out);
    else if (key.allows(alg->alg, false, true))
        explainKey(token, alg->alg, key, out);
    return out;
}

std::vector<std::string> explainMismatch(const DecodedJws &token, std::string_view secret)
{
    std::vector<std::string> out;
    const AlgInfo *alg = findAlg(token.alg);
    if (alg && alg->keyType == KeyType::Oct)
        explainSecret(token, alg->alg, secret, out);
    return out;
}

} // namespace postern
