// SPDX-License-Identifier: Apache-2.0
#include "core/jose/profile.h"

#include "core/jose/apisix_rules.h"
#include "core/jose/gateway_verification.h"

#include <algorithm>
#include <utility>

namespace postern {

namespace {

// kong.md 3.5
constexpr std::string_view kKongError = R"({"message":"An unexpected error occurred"})";
constexpr std::string_view kKongBadJson = R"({"message":"Bad token; invalid JSON"})";

constexpr std::string_view kApisixInvalid = R"({"message":"JWT token invalid"})";
constexpr std::string_view kApisixRefused = R"({"message":"failed to verify jwt"})";
static_assert(kApisixInvalid.contains(apisix::kInvalidToken)
              && kApisixRefused.contains(apisix::kRefused));

constexpr TokenProfile kStrict{
    .name = "strict", .title = "RFC 7515, RFC 7519, RFC 8725", .hasLeeway = true};

// In the order of WireStep.
constexpr TokenProfile kApisix{
    .name = "apisix",
    .title = "APISIX 3.18, plugin jwt-auth",
    .isGateway = true,
    .keyClaim = "key",
    .algs = apisix::kAlgorithms,
    .exactlyThreeParts = true,
    .anyAlphabet = true,
    .pssSize = apisix::kPssSize,
    .hasLeeway = true,
    .nbfNowRefused = true,
    .challenge = R"(Bearer realm="jwt")",
    .answers = {{
        {401, kApisixInvalid},
        {401, kApisixInvalid},
        {401, kApisixInvalid},
        {},
        {},
        {401, R"({"message":"missing user key in JWT token"})"},
        {},
        {401, R"({"message":"Invalid user key in JWT token"})"},
        {401, kApisixRefused},
        {401, kApisixRefused},
        {401, kApisixRefused},
        {401, kApisixRefused},
        {401, kApisixRefused},
        {401, kApisixRefused},
        {401, kApisixRefused},
    }},
};

constexpr TokenProfile kKong{
    .name = "kong",
    .title = "Kong 3.x, plugin jwt",
    .isGateway = true,
    .keyClaim = "iss",
    .keyClaimInHeader = true,
    .algs = apisix::kAlgorithms,
    .pssSize = apisix::kPssSize,
    .timesOnDemand = true,
    .challenge = R"(Bearer error="invalid_token")",
    .answers = {{
        {401, kKongBadJson},
        {401, kKongBadJson},
        {401, kKongBadJson},
        {401, R"({"message":"Bad token; invalid alg"})"},
        {401, R"({"message":"Bad token; invalid signature"})"},
        {401, R"({"message":"No mandatory 'iss' in claims"})"},
        {401, R"({"message":"Invalid 'iss' in claims"})"},
        {401, R"({"message":"No credentials found for given 'iss'"})"},
        {401, R"({"message":"Invalid algorithm"})"},
        {401, R"({"message":"Invalid key/secret"})"},
        {500, kKongError},
        {401, R"({"message":"Invalid signature"})"},
        {401, R"({"%":"must be a number"})"},
        {401, R"({"%":"token expired"})"},
        {401, R"({"%":"token not valid yet"})"},
    }},
};

constexpr std::array kProfiles = {kStrict, kApisix, kKong};

constexpr auto kDifferences = std::to_array<ProfileDifference>({
    {"algorithms", "all, also ES256K, Ed25519, Ed448, ML-DSA", "HS, RS, ES, PS 256-512, EdDSA",
     "the same as APISIX"},
    {"key look-up", "kid in the trusted set", "payload claim key", "claim or header member iss"},
    {"algorithm rule", "the caller's list and the key", "equal to the credential's (HS256)",
     "equal to the credential's"},
    {"HMAC key length", "at least the hash", "any", "any"},
    {"PS256/384/512", "modulus length, salt = hash", "256 bytes, any salt", "256 bytes, any salt"},
    {"nbf equal to now", "valid", "refused without a grace period", "valid"},
    {"exp, nbf", "whenever present", "whenever present, or those in claims_to_verify",
     "only those in claims_to_verify"},
    {"leeway", "yes", "lifetime_grace_period", "none"},
    {"padding, alphabet", "refused", "both pass in header and payload", "padding passes"},
    {"more than three parts", "refused", "refused", "the third keeps the rest, then fails"},
    {"duplicate members", "refused", "the last wins", "the last wins"},
    {"crit, kid, typ, aud, sub", "checked", "not looked at", "not looked at"},
});

} // namespace

std::span<const TokenProfile> tokenProfiles() noexcept { return kProfiles; }

const TokenProfile *findProfile(std::string_view name) noexcept
{
    const auto found = std::ranges::find_if(kProfiles, [name](const TokenProfile &profile) {
        return name == profile.name
            || (name.starts_with(profile.name)
                && name.substr(profile.name.size()).starts_with('-'));
    });
    return found == kProfiles.end() ? nullptr : &*found;
}

std::span<const ProfileDifference> profileDifferences() noexcept { return kDifferences; }

ProfileVerdict verifyAs(const TokenProfile &profile, std::string_view token,
                        const TrustedKeys &trusted, const JwtPolicy &policy, std::int64_t now)
{
    if (profile.isGateway)
        return verifyAsGateway(profile, token, trusted, policy, now);
    ProfileVerdict out;
    out.profile = &profile;
    out.verdict = verifyToken(token, trusted, policy, now);
    return out;
}

} // namespace postern
