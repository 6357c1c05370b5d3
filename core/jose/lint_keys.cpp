// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/jwt.h"
#include "core/jose/key_data.h"
#include "core/jose/lint_rules.h"
#include "core/jose/secret_strength.h"

#include <algorithm>
#include <array>
#include <format>

// Keys and secrets: what is known of the one that signs, or could be found out.
namespace postern {

namespace {

constexpr std::size_t kPlausibleSecret = 16; // octets that base64 text must stand for

const AlgInfo *hmacOf(const LintSubject &subject)
{
    const AlgInfo *alg = findAlg(subject.jws.alg);
    return alg && alg->keyType == KeyType::Oct ? alg : nullptr;
}

/// The HMAC key that was given, if it is one.
const Secret *secretOf(const LintSubject &subject)
{
    const Key *key = subject.options.key;
    return key && key->type() == KeyType::Oct ? &key->data().secret : nullptr;
}

void sampleSecret(const LintSubject &subject, LintReport &report)
{
    if (subject.secret) {
        const SecretMatch &match = *subject.secret;
        const std::string_view as = match.reading == SecretReading::Text ? ""
            : match.reading == SecretReading::Base64                     ? ", read as base64"
                                                                         : ", read as hexadecimal";
        if (subject.fromList)
            report.add(std::format("signed with the secret in line {} of the list{}: anybody can "
                                   "sign such a token",
                                   match.line, as),
                       "signature");
        else if (match.line == 0)
            report.add(
                std::format("signed with \"{}\"{}, which the token itself says", match.text, as),
                "signature");
        else
            report.add(std::format("signed with the well-known sample secret \"{}\"{}: anybody "
                                   "can sign such a token",
                                   match.text, as),
                       "signature");
        return;
    }
    const Secret *secret = secretOf(subject);
    if (!secret)
        return;
    if (std::ranges::find(sampleSecrets(), secret->view()) != sampleSecrets().end())
        report.add("the key is a well-known sample secret: anybody can sign such a token", "key");
    else if (subject.options.secrets
             && std::ranges::find(subject.options.secrets->lines(), secret->view(),
                                  &SecretList::Line::text)
                 != subject.options.secrets->lines().end())
        report.add("the key is in the list of weak secrets", "key");
}

void weakSecret(const LintSubject &subject, LintReport &report)
{
    const AlgInfo *alg = hmacOf(subject);
    if (!alg)
        return;
    const Secret *secret = secretOf(subject);
    const std::size_t size = secret ? secret->size()
        : subject.secret            ? subject.secret->octets
                                    : alg->minKeyBytes;
    if (size < alg->minKeyBytes)
        report.add(std::format("the secret has {} bytes, {} demands {} (RFC 7518 3.2)", size,
                               alg->name, alg->minKeyBytes),
                   "key");
    else if (secret && isCharacterSequence(secret->view()))
        report.add("the secret is one character repeated or a sequence", "key");
}

void guessableSecret(const LintSubject &subject, LintReport &report)
{
    const Secret *secret = hmacOf(subject) ? secretOf(subject) : nullptr;
    if (!secret || !isPrintableText(secret->view()))
        return;
    const double bits = estimatedBits(secret->view());
    if (bits < kGuessableBits)
        report.add(std::format("the secret is text of at most {:.0f} bits of entropy; take one "
                               "from 'postern key new'",
                               bits),
                   "key");
}

void secretLooksBase64(const LintSubject &subject, LintReport &report)
{
    const Secret *secret = hmacOf(subject) ? secretOf(subject) : nullptr;
    if (!secret)
        return;
    const std::string_view text = secret->view();
    const bool hex = decodeHex(text).has_value();
    std::string octets;
    const bool base64 = !hex && decodeBase64AnyInto(text, octets) && !isPrintableText(octets);
    const std::size_t size = hex ? text.size() / 2 : base64 ? octets.size() : 0;
    wipe(octets);
    // Any word reads as base64; digits, both cases and length make it likely.
    const auto has = [text](auto is) { return std::ranges::any_of(text, is); };
    const bool mixed = hex
        || (has([](char c) { return c >= 'a' && c <= 'z'; })
            && has([](char c) { return c >= 'A' && c <= 'Z'; })
            && (has([](char c) { return c >= '0' && c <= '9'; }) || text.ends_with('=')));
    if (size >= kPlausibleSecret && mixed)
        report.add(std::format("the secret looks like {} of {} bytes, and is used as text; "
                               "gateways decode it only if told so (base64_secret)",
                               hex ? "hexadecimal" : "base64", size),
                   "key");
}

void algMismatch(const LintSubject &subject, LintReport &report)
{
    const AlgInfo *alg = findAlg(subject.jws.alg);
    if (!alg)
        return;
    if (subject.options.key) {
        const Result<void> fits = subject.options.key->allows(alg->alg, false, true);
        if (!fits)
            report.add(describe(fits.error()), "header/alg");
    }
    constexpr std::array<std::string_view, 3> kLater = {"ES256K", "Ed25519", "Ed448"};
    if (subject.options.profile != LintProfile::Strict
        && (std::ranges::find(kLater, alg->name) != kLater.end()
            || alg->name.starts_with("ML-DSA")))
        report.add(std::format("{} does not know {}",
                               subject.options.profile == LintProfile::Apisix ? "APISIX" : "Kong",
                               alg->name),
                   "header/alg");
}

using enum LintLevel;
constexpr std::array kChecks{
    LintCheck{{"sample-secret", Error, "signed with a well-known secret (built-in or --weak-list)"},
              ToldBy::Verdict,
              sampleSecret},
    LintCheck{{"weak-secret", Error, "an HMAC secret shorter than the hash, or a sequence"},
              ToldBy::Verdict,
              weakSecret},
    LintCheck{{"guessable-secret", Warning, "a printable secret of less than 80 bits"},
              ToldBy::Lint,
              guessableSecret},
    LintCheck{{"secret-looks-base64", Warning, "a secret used as text that looks encoded"},
              ToldBy::Lint,
              secretLooksBase64},
    LintCheck{{"alg-mismatch", Error, "the key or the gateway does not do the token's algorithm"},
              ToldBy::Verdict,
              algMismatch},
};

} // namespace

std::span<const LintCheck> lintKeyChecks() noexcept { return kChecks; }

} // namespace postern
