// SPDX-License-Identifier: Apache-2.0
#include "core/jose/lint_rules.h"

#include <algorithm>
#include <array>
#include <format>

namespace postern {

namespace {

constexpr std::size_t kCookieLimit = 4096;
constexpr std::size_t kHeaderLimit = 8192;

bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept
{
    return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

bool isHmac(const LintSubject &subject)
{
    const AlgInfo *alg = findAlg(subject.jws.alg);
    return alg && alg->keyType == KeyType::Oct;
}

void addFaults(const LintSubject &subject, LintReport &report, auto wanted)
{
    for (const Error &fault : subject.faults) {
        if (wanted(fault))
            report.add(describe(fault), fault.where);
    }
}

/// Whether a lenient decoder reads the part that a strict one refuses.
bool isOnlyNonCanonical(const Error &fault)
{
    // The strict decoder names a character that other decoders take, or bits they ignore.
    return fault.code == Errc::Base64
        && (fault.detail.contains("unused bits") || fault.detail.contains("'='")
            || fault.detail.contains("'+'") || fault.detail.contains("'/'"));
}

bool isNonCanonicalCharacter(const Error &fault)
{
    return fault.code == Errc::TokenCharacters
        && (fault.detail.starts_with("'='") || fault.detail.starts_with("'+'")
            || fault.detail.starts_with("'/'"));
}

void malformed(const LintSubject &subject, LintReport &report)
{
    addFaults(subject, report, [](const Error &fault) {
        return fault.code != Errc::JsonDuplicateMember && fault.code != Errc::JsonDepth
            && fault.code != Errc::TokenEncrypted && fault.code != Errc::Crit
            && !isOnlyNonCanonical(fault) && !isNonCanonicalCharacter(fault);
    });
}

void nonCanonical(const LintSubject &subject, LintReport &report)
{
    addFaults(subject, report, [](const Error &fault) {
        return isOnlyNonCanonical(fault) || isNonCanonicalCharacter(fault);
    });
}

void duplicates(const LintSubject &subject, LintReport &report)
{
    addFaults(subject, report,
              [](const Error &fault) { return fault.code == Errc::JsonDuplicateMember; });
}

void tooDeep(const LintSubject &subject, LintReport &report)
{
    addFaults(subject, report, [](const Error &fault) { return fault.code == Errc::JsonDepth; });
}

void encrypted(const LintSubject &subject, LintReport &report)
{
    for (const Error &fault : subject.faults) {
        if (fault.code == Errc::TokenEncrypted)
            report.add("it is encrypted (JWE): nothing but its header can be looked at");
    }
}

void critical(const LintSubject &subject, LintReport &report)
{
    addFaults(subject, report, [](const Error &fault) { return fault.code == Errc::Crit; });
}

void algNone(const LintSubject &subject, LintReport &report)
{
    if (equalsIgnoringCase(subject.jws.alg, "none"))
        report.add(std::format("alg is \"{}\": anybody can make such a token", subject.jws.alg),
                   "header/alg");
    else if (!subject.jws.signingInput.empty() && subject.jws.signature.empty()
             && subject.faults.empty())
        report.add("the signature is empty", "signature");
}

void algUnknown(const LintSubject &subject, LintReport &report)
{
    const std::string &alg = subject.jws.alg;
    if (!subject.jws.header.isObject() || findAlg(alg) || equalsIgnoringCase(alg, "none"))
        return;
    report.add(alg.empty() ? "the header names no algorithm"
                           : std::format("\"{}\" is no JWS algorithm", alg),
               "header/alg");
}

void algDeprecated(const LintSubject &subject, LintReport &report)
{
    if (subject.jws.alg == "EdDSA")
        report.add("the name EdDSA is deprecated by RFC 9864 in favour of Ed25519 and Ed448",
                   "header/alg");
}

void remoteKey(const LintSubject &subject, LintReport &report)
{
    for (const std::string_view name : {"jku", "x5u"}) {
        if (subject.jws.header.contains(name))
            report.add(
                std::format("{}: a key that the token itself points to is never fetched", name),
                std::format("header/{}", name));
    }
}

void embeddedKey(const LintSubject &subject, LintReport &report)
{
    for (const std::string_view name : {"jwk", "x5c"}) {
        if (subject.jws.header.contains(name))
            report.add(
                std::format("{}: a key inside the token proves nothing and is ignored", name),
                std::format("header/{}", name));
    }
}

void suspiciousKid(const LintSubject &subject, LintReport &report)
{
    const std::string &kid = subject.jws.kid;
    const bool odd =
        kid.contains("..") || kid.contains(" --") || std::ranges::any_of(kid, [](char c) {
            return std::string_view("'\"/\\;|`$<>").contains(c)
                || static_cast<unsigned char>(c) < 0x20;
        });
    if (odd)
        report.add("kid holds characters that are used in attacks on key look-ups", "header/kid");
}

void noKid(const LintSubject &subject, LintReport &report)
{
    const AlgInfo *alg = findAlg(subject.jws.alg);
    if (alg && !isHmac(subject) && subject.jws.kid.empty())
        report.add("no kid: with several keys a verifier cannot tell which one to use",
                   "header/kid");
}

void compressed(const LintSubject &subject, LintReport &report)
{
    if (subject.jws.header.contains("zip"))
        report.add("zip: a signed token is not compressed; the member belongs to JWE",
                   "header/zip");
}

void tooLarge(const LintSubject &subject, LintReport &report)
{
    if (subject.size > kHeaderLimit)
        report.add(std::format("{} bytes: many servers refuse headers over 8 KiB", subject.size));
    else if (subject.size > kCookieLimit)
        report.add(std::format("{} bytes: cookies end at 4 KiB", subject.size));
}

/// Half the order of the curve's group, big-endian.
std::string_view halfOrder(std::string_view alg) noexcept
{
    using namespace std::string_view_literals;
    constexpr std::string_view kP256 =
        "\x7f\xff\xff\xff\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff"
        "\xde\x73\x7d\x56\xd3\x8b\xcf\x42\x79\xdc\xe5\x61\x7e\x31\x92\xa8"sv;
    constexpr std::string_view kSecp256k1 =
        "\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
        "\x5d\x57\x6e\x73\x57\xa4\x50\x1d\xdf\xe9\x2f\x46\x68\x1b\x20\xa0"sv;
    constexpr std::string_view kP384 =
        "\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
        "\xff\xff\xff\xff\xff\xff\xff\xff\xe3\xb1\xa6\xc0\xfa\x1b\x96\xef"
        "\xac\x0d\x06\xd9\x24\x58\x53\xbd\x76\x76\x0c\xb5\x66\x62\x94\xb9"sv;
    constexpr std::string_view kP521 =
        "\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
        "\xff\xfd\x28\xc3\x43\xc1\xdf\x97\xcb\x35\xbf\xe6\x00\xa4\x7b\x84"
        "\xd2\xe8\x1d\xda\xe4\xdc\x44\xce\x23\xd7\x5d\xb7\xdb\x8f\x48\x9c"
        "\x32\x04"sv;
    if (alg == "ES256")
        return kP256;
    if (alg == "ES256K")
        return kSecp256k1;
    if (alg == "ES384")
        return kP384;
    return alg == "ES512" ? kP521 : std::string_view();
}

void malleable(const LintSubject &subject, LintReport &report)
{
    const std::string_view half = halfOrder(subject.jws.alg);
    const std::string_view signature = subject.jws.signature;
    if (half.empty() || signature.size() != 2 * half.size())
        return;
    if (signature.substr(half.size()) > half) // octets compare unsigned
        report.add("s is in the upper half: the same token with n - s verifies too, so do not "
                   "identify tokens by their signature",
                   "signature");
}

using enum LintLevel;
constexpr std::array kChecks{
    LintCheck{{"malformed", Error, "not a token that a strict verifier reads"},
              ToldBy::Verdict,
              malformed},
    LintCheck{{"non-canonical-base64", Error, "padding, + or /, or unused bits in base64url"},
              ToldBy::Verdict,
              nonCanonical},
    LintCheck{{"duplicate-claim", Error, "a member of the header or payload is there twice"},
              ToldBy::Verdict,
              duplicates},
    LintCheck{{"nested-too-deep", Error, "JSON nested deeper than verifiers accept"},
              ToldBy::Verdict,
              tooDeep},
    LintCheck{{"crit-unknown", Error, "crit or b64 demands what verifiers do not understand"},
              ToldBy::Verdict,
              critical},
    LintCheck{{"encrypted", Info, "a JWE: recognised, never verified"}, ToldBy::Verdict, encrypted},
    LintCheck{{"alg-none", Error, "alg none in any spelling, or an empty signature"},
              ToldBy::Verdict,
              algNone},
    LintCheck{
        {"alg-unknown", Error, "alg is missing or no JWS algorithm"}, ToldBy::Verdict, algUnknown},
    LintCheck{{"alg-eddsa-deprecated", Warning, "EdDSA instead of Ed25519 or Ed448 (RFC 9864)"},
              ToldBy::Lint,
              algDeprecated},
    LintCheck{{"remote-key-url", Warning, "jku or x5u in the header"}, ToldBy::Lint, remoteKey},
    LintCheck{{"embedded-key", Warning, "jwk or x5c in the header"}, ToldBy::Lint, embeddedKey},
    LintCheck{{"kid-suspicious", Warning, "a kid with path, quote or control characters"},
              ToldBy::Lint,
              suspiciousKid},
    LintCheck{{"no-kid", Info, "no kid under an asymmetric algorithm"}, ToldBy::Lint, noKid},
    LintCheck{
        {"zip-in-jws", Warning, "the JWE member zip in a signed token"}, ToldBy::Lint, compressed},
    LintCheck{{"malleable-signature", Info, "an ECDSA signature with s in the upper half"},
              ToldBy::Lint,
              malleable},
    LintCheck{{"large-token", Warning, "over 4 KiB (cookies) or 8 KiB (headers)"},
              ToldBy::Lint,
              tooLarge},
};

} // namespace

std::span<const LintCheck> lintHeaderChecks() noexcept { return kChecks; }

} // namespace postern
