// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key_lint.h"

#include "core/bytes/encoding.h"
#include "core/crypto/pkey.h"
#include "core/jose/key_data.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <format>
#include <utility>

namespace postern {

namespace {

using enum LintLevel;
using Findings = std::vector<LintFinding>;

constexpr std::size_t kSafeExponentOctets = 3; // 65537; FIPS 186-5 5.4
constexpr std::size_t kSafeSecretOctets = 32;

void note(Findings &findings, std::string_view id, LintLevel level, std::string text)
{
    findings.push_back({.id = id, .level = level, .text = std::move(text), .place = {}});
}

bool startsWithZero(const Json &jwk, std::string_view member)
{
    // "AA" is one zero octet, "AP8" two; the first character alone decides six of its eight bits.
    const Result<std::string> octets = decodeBase64Url(jwk.stringOr(member, ""));
    return octets && octets->size() > 1 && octets->front() == '\0';
}

void lintRsa(const Key::Data &data, const Json &jwk, Findings &findings)
{
    if (numberOf(data.pkey, OSSL_PKEY_PARAM_RSA_E).size() < kSafeExponentOctets)
        note(findings, "small-exponent", Warning,
             "the RSA exponent is below 65537; FIPS 186-5 asks for more");
    if (data.bits < 2048)
        note(findings, "weak-rsa", Error,
             std::format("{} bits; RS and PS algorithms demand 2048", data.bits));
    if (data.roca)
        note(findings, "roca", Error,
             "made by a flawed generator (CVE-2017-15361); the key can be computed");
    for (const std::string_view member : {"n", "e"}) {
        if (startsWithZero(jwk, member))
            note(findings, "leading-zero", Info,
                 std::format("{} is written with a leading zero octet", member));
    }
    if (data.isPrivate && numberOf(data.pkey, OSSL_PKEY_PARAM_RSA_FACTOR1).empty())
        note(findings, "no-crt", Info,
             "only d is given; signing takes seven times as long as with p and q");
}

void lintSecret(const Key::Data &data, Findings &findings)
{
    const std::string_view secret = data.secret.view();
    if (secret.size() < kSafeSecretOctets)
        note(findings, "short-secret", Warning,
             std::format("{} bytes; HS256 demands 32", secret.size()));
    if (std::ranges::all_of(secret, [&](char c) { return c == secret.front(); }))
        note(findings, "repeated-secret", Error, "the secret repeats one octet");
}

void lintUse(const Key::Data &data, Findings &findings)
{
    if (!data.use.empty() && data.use != "sig" && data.use != "enc")
        note(findings, "unknown-use", Warning,
             "the value of use is not registered; the key signs and verifies nothing");
    if (data.use == "enc")
        note(findings, "encryption-key", Info, "use is enc: not for signatures");
    if (!data.declaredName.empty() && !data.declaredAlg)
        note(findings, "encryption-key", Info,
             std::format("{} is not a signature algorithm", data.declaredName));
    if (!data.keyOps)
        return;
    const auto has = [&](std::string_view name) {
        return std::ranges::find(*data.keyOps, name) != data.keyOps->end();
    };
    if (has("sign") && !data.isPrivate)
        note(findings, "key-ops-unusable", Warning,
             "key_ops says sign, but the private part is missing");
    if (!has("sign") && !has("verify"))
        note(findings, "key-ops-unusable", Warning,
             "key_ops allows neither sign nor verify: not for signatures");
}

} // namespace

std::vector<LintFinding> lintKey(const Key &key, const Json &jwk)
{
    const Key::Data &data = key.data();
    Findings findings;
    if (data.type == KeyType::Rsa)
        lintRsa(data, jwk, findings);
    if (data.type == KeyType::Oct)
        lintSecret(data, findings);
    else if (data.isPrivate)
        note(findings, "private-material", Info,
             "holds the private part; publish the public part only");
    lintUse(data, findings);
    if (data.declaredAlg == Alg::EdDSA)
        note(findings, "deprecated-alg", Info,
             std::format("EdDSA is deprecated; its full name here is {} (RFC 9864)", data.curve));
    if (data.type == KeyType::Akp && data.isPrivate && !key.hasJwkPrivate())
        note(findings, "no-seed", Warning,
             "the ML-DSA key was stored without its seed: it has no private JWK");
    return findings;
}

} // namespace postern
