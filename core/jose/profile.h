// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/alg.h"
#include "core/jose/jwt.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace postern {

/// Where a gateway may refuse a token, in the order of the checks.
enum class WireStep : std::uint8_t {
    Parts, ///< fewer than three parts, or not exactly three
    Header,
    Payload,
    Alg, ///< the header's alg is not one the product knows
    SignatureText, ///< the signature is not base64url
    KeyClaimMissing,
    KeyClaimEmpty,
    KeyUnknown, ///< no credential has this key
    AlgMismatch, ///< the header's alg is not the credential's
    KeyUnusable,
    SignatureSize,
    Signature,
    TimeType, ///< a time claim is missing or no number
    Expired,
    NotYetValid,
};
inline constexpr std::size_t kWireSteps = 15;

/// What the client gets. status 0: the product has no such step.
struct WireAnswer
{
    int status = 0;
    std::string_view body; ///< '%' stands for the name of the claim
};

/// How one verifier treats tokens: a row of data, no code of its own.
struct TokenProfile
{
    std::string_view name; ///< "apisix"
    std::string_view title; ///< "APISIX 3.18, plugin jwt-auth"
    bool isGateway = false; ///< false: the RFCs, by verifyToken()
    std::string_view keyClaim = {}; ///< names the consumer
    bool keyClaimInHeader = false; ///< looked for there too
    std::span<const Alg> algs = {};
    bool exactlyThreeParts = false; ///< false: the third keeps the rest
    bool anyAlphabet = false; ///< + and / pass in header and payload
    std::size_t pssSize = 0; ///< the only length a PS* signature may have
    bool timesOnDemand = false; ///< exp and nbf count only if they are required
    bool hasLeeway = false;
    bool nbfNowRefused = false;
    std::string_view challenge = {}; ///< WWW-Authenticate of a refusal
    std::array<WireAnswer, kWireSteps> answers{};
};

/// strict, apisix, kong.
[[nodiscard]] std::span<const TokenProfile> tokenProfiles() noexcept;
/// By name; a product's version behind a dash ("apisix-3.17") means the product. nullptr: unknown
[[nodiscard]] const TokenProfile *findProfile(std::string_view name) noexcept;

/// A point in which a gateway differs from the RFCs, for people.
struct ProfileDifference
{
    std::string_view point, strict, apisix, kong;
};
[[nodiscard]] std::span<const ProfileDifference> profileDifferences() noexcept;

/// What one profile makes of a token, and what its client would see.
struct ProfileVerdict
{
    const TokenProfile *profile = nullptr;
    JwtVerdict verdict;
    int status = 0; ///< of a gateway's answer; 200 when the request goes on, 0 without a gateway
    std::string body;
    std::string challenge; ///< WWW-Authenticate; may be empty
};

/// Verifies as the profile does. A gateway stops at its first refusal. Of the policy a gateway
/// heeds algs (the credential's algorithm is one of them), leeway (if it has any), required (its
/// claims_to_verify) and consumerKey.
[[nodiscard]] ProfileVerdict verifyAs(const TokenProfile &profile, std::string_view token,
                                      const TrustedKeys &trusted, const JwtPolicy &policy,
                                      std::int64_t now);

} // namespace postern
