// SPDX-License-Identifier: Apache-2.0
#include "core/jose/variant_maker.h"

#include <format>

// Signed correctly; what the payload says is wrong.
namespace postern {

namespace {

using Maker = VariantMaker;

constexpr std::string_view kAudience = "postern-test", kIssuer = "https://issuer.example";

std::string claiming(const Maker &m, const std::string &payload)
{
    return m.signedTexts(m.base().headerText, payload);
}

/// Beyond the gateway's grace, too.
std::string withTime(const Maker &m, std::string_view name, std::int64_t offset)
{
    const std::int64_t grace = offset > 0 ? m.base().grace : -m.base().grace;
    return claiming(m, m.withClaim(name, Json(m.base().now + offset + grace)));
}

std::string withNumber(const Maker &m, std::string_view name, const char *lexeme)
{
    return claiming(m, m.withClaim(name, Json::number(lexeme)));
}

/// exp twice: first and last.
std::string expTwice(const Maker &m, std::int64_t first, std::int64_t last)
{
    Json claims = m.claims();
    claims.erase("exp");
    const std::string text =
        m.memberInFront(claims.dump(), std::format(R"("exp":{})", m.base().now + first));
    return claiming(m, m.memberBehind(text, std::format(R"("exp":{})", m.base().now + last)));
}

/// The payload without its key claim, and with another text in its place.
std::string withoutKey(const Maker &m)
{
    Json claims = m.claims();
    return claims.erase(m.keyClaimName()) ? claiming(m, claims.dump()) : std::string();
}

std::string keyed(const Maker &m, Json value)
{
    return m.keyClaimName().empty() ? std::string()
                                    : claiming(m, m.withClaim(m.keyClaimName(), std::move(value)));
}

constexpr std::int64_t kHour = 3600, kYear = 31'536'000;

constexpr VariantRow kRows[] = {
    {"expired", "exp one second ago", kAny, atClaims("expired"), Wire::Refused,
     [](const Maker &m) { return withTime(m, "exp", -1); }},
    {"expired-now", "exp at this very second: no longer valid", kAny, atClaims("expired"),
     Wire::Refused, [](const Maker &m) { return withTime(m, "exp", 0); }},
    {"expired-long-ago", "exp a year ago", kAny, atClaims("expired"), Wire::Refused,
     [](const Maker &m) { return withTime(m, "exp", -kYear); }},
    {"exp-negative", "exp before 1970", kAny, atClaims("expired"), Wire::Refused,
     [](const Maker &m) { return withNumber(m, "exp", "-1"); }},
    {"exp-string", "exp as a string", kAny, atClaims("numeric-date"), Wire::Refused,
     [](const Maker &m) {
         return claiming(m, m.withClaim("exp", std::to_string(m.base().now + kHour)));
     }},
    {"exp-null", "exp is null", kAny, atClaims("numeric-date"), Wire::Refused,
     [](const Maker &m) { return claiming(m, m.withClaim("exp", nullptr)); }},
    {"exp-infinite", "exp 1e400, beyond every number type", kAny, atClaims("numeric-date"),
     Wire::Accepted, [](const Maker &m) { return withNumber(m, "exp", "1e400"); }},
    {"exp-beyond-64-bits", "exp 2^64 + 1: must not wrap around to 1970", kAny, kValid,
     Wire::Accepted, [](const Maker &m) { return withNumber(m, "exp", "18446744073709551617"); }},
    {"exp-missing", "no exp: lives forever, and the standard allows it", kAny, kValid,
     Wire::Accepted,
     [](const Maker &m) {
         Json claims = m.claims();
         return claims.erase("exp") ? claiming(m, claims.dump()) : std::string();
     }},
    {"nbf-future", "nbf in an hour", kAny, atClaims("not-yet-valid"), Wire::Refused,
     [](const Maker &m) { return withTime(m, "nbf", kHour); }},
    {"nbf-string", "nbf as a string", kAny, atClaims("numeric-date"), Wire::Refused,
     [](const Maker &m) { return claiming(m, m.withClaim("nbf", "0")); }},
    {"iat-string", "iat as a string", kAny, atClaims("numeric-date"), Wire::Accepted,
     [](const Maker &m) { return claiming(m, m.withClaim("iat", "yesterday")); }},
    {"duplicate-exp", "exp twice: in the past, then in the future", kAny,
     atClaims("duplicate-member"), Wire::Accepted,
     [](const Maker &m) { return expTwice(m, -kHour - m.base().grace, kHour); }},
    {"duplicate-exp-reversed", "exp twice: in the future, then in the past", kAny,
     atClaims("duplicate-member"), Wire::Refused,
     [](const Maker &m) { return expTwice(m, kHour, -kHour - m.base().grace); }},
    {"aud-wrong", "for another audience", kAny, atClaims("audience"), Wire::Accepted,
     [](const Maker &m) { return claiming(m, m.withClaim("aud", "someone-else")); }, kAudience},
    {"aud-prefix", "an audience that only begins with the right one", kAny, atClaims("audience"),
     Wire::Accepted,
     [](const Maker &m) { return claiming(m, m.withClaim("aud", std::string(kAudience) + "-2")); },
     kAudience},
    {"aud-missing", "no audience, where one is demanded", kAny, atClaims("claim-missing"),
     Wire::Accepted,
     [](const Maker &m) {
         Json claims = m.claims();
         claims.erase("aud");
         return claiming(m, claims.dump());
     },
     kAudience},
    {"iss-wrong",
     "from another issuer",
     kAny,
     atClaims("issuer"),
     Wire::Accepted,
     [](const Maker &m) { return claiming(m, m.withClaim("iss", "https://attacker.example")); },
     {},
     kIssuer},
    {"iss-slash",
     "the right issuer with a slash behind it",
     kAny,
     atClaims("issuer"),
     Wire::Accepted,
     [](const Maker &m) { return claiming(m, m.withClaim("iss", std::string(kIssuer) + "/")); },
     {},
     kIssuer},
    {"key-missing", "without the claim by which the gateway finds the consumer", kAny,
     atClaims("claim-missing"), Wire::NoKey, withoutKey},
    {"key-unknown", "the key claim of nobody; a verifier with the right key cannot know", kAny,
     kValid, Wire::UnknownKey, [](const Maker &m) { return keyed(m, "no-such-consumer-key"); }},
    {"key-case", "the key claim in another case", kAny, kValid, Wire::UnknownKey,
     [](const Maker &m) {
         std::string text(m.claims().stringOr(m.keyClaimName(), ""));
         for (char &c : text)
             c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
         return text.empty() || text == m.claims().stringOr(m.keyClaimName(), "") ? std::string()
                                                                                  : keyed(m, text);
     }},
    {"key-number", "the key claim is a number", kAny, kValid, Wire::UnknownKey,
     [](const Maker &m) { return keyed(m, 1); }},
    {"duplicate-key", "the key claim twice, once with a \\u escape: the last one counts", kAny,
     atClaims("duplicate-member"), Wire::UnknownKey,
     [](const Maker &m) {
         const std::string_view name = m.keyClaimName();
         if (!m.claims().contains(name) || static_cast<unsigned char>(name.front()) >= 0x80)
             return std::string();
         return claiming(
             m,
             m.memberBehind(m.base().payloadText,
                            std::format(R"("\u{:04x}{}":"no-such-consumer")",
                                        static_cast<unsigned char>(name.front()), name.substr(1))));
     }},
    {"payload-text", "the payload is text, not JSON", kAny, atClaims("payload-json"), Wire::Invalid,
     [](const Maker &m) { return claiming(m, "no JSON at all"); }},
    {"payload-trailing", "a character behind the payload's JSON", kAny, atClaims("payload-json"),
     Wire::Invalid, [](const Maker &m) { return claiming(m, m.base().payloadText + "x"); }},
    {"payload-array", "the payload is a JSON array", kAny, atClaims("payload"), Wire::Unauthorized,
     [](const Maker &m) { return claiming(m, "[" + m.base().payloadText + "]"); }},
};

} // namespace

std::span<const VariantRow> claimVariants() noexcept { return kRows; }

} // namespace postern
