// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/token_variants.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// How the rows of token_variants*.cpp are written. For core/jose only.
namespace postern {

/// Makes tokens that are wrong in exactly one way.
class VariantMaker
{
public:
    explicit VariantMaker(const VariantBase &base);

    [[nodiscard]] const VariantBase &base() const noexcept { return m_base; }
    [[nodiscard]] const AlgInfo &alg() const noexcept { return info(m_base.alg); }
    [[nodiscard]] const Json &header() const noexcept { return m_header; }
    [[nodiscard]] const Json &claims() const noexcept { return m_claims; }
    [[nodiscard]] std::string_view keyClaimName() const noexcept { return m_base.keyClaim; }

    // The good token.
    [[nodiscard]] const std::string &headerPart() const noexcept { return m_headerPart; }
    [[nodiscard]] const std::string &payloadPart() const noexcept { return m_payloadPart; }
    [[nodiscard]] const std::string &signature() const noexcept { return m_signature; }
    [[nodiscard]] std::string good() const;

    // Each gives a whole token, or an empty string if the key cannot sign.
    [[nodiscard]] std::string signedTexts(std::string_view header, std::string_view payload) const;
    /// The parts' text is signed as it is.
    [[nodiscard]] std::string signedParts(const std::string &header,
                                          const std::string &payload) const;
    [[nodiscard]] std::string signedBy(const Key &key, Alg alg, std::string_view header,
                                       std::string_view payload) const;
    /// With the good key, but another algorithm than its own.
    [[nodiscard]] std::string signedAs(Alg alg, std::string_view header,
                                       std::string_view payload) const;
    /// HMAC with these octets under the good header and payload (or others).
    [[nodiscard]] std::string signedWithSecret(std::string_view secret) const;
    [[nodiscard]] std::string signedWithSecret(std::string_view secret, Alg hmac,
                                               std::string_view header) const;
    /// The good header and payload with other signature octets.
    [[nodiscard]] std::string withSignature(std::string_view octets) const;

    [[nodiscard]] std::string withHeader(std::string_view name, Json value) const; ///< header text
    [[nodiscard]] std::string withClaim(std::string_view name, Json value) const; ///< payload text
    /// The good payload with one more member text in front: `{"exp":1,` …
    [[nodiscard]] std::string memberInFront(std::string_view object, std::string_view member) const;
    [[nodiscard]] std::string memberBehind(std::string_view object, std::string_view member) const;

private:
    [[nodiscard]] std::string signInput(const std::string &input, const Key &key, Alg alg) const;

    const VariantBase &m_base;
    Json m_header, m_claims;
    std::string m_headerPart, m_payloadPart, m_signature;
};

/// What APISIX's jwt-auth does.
enum class Wire : std::uint8_t {
    Accepted,
    Invalid, ///< "JWT token invalid"
    NoKey, ///< "missing user key in JWT token"
    UnknownKey, ///< "Invalid user key in JWT token"
    Refused, ///< "failed to verify jwt"
    Unauthorized, ///< 401 with one of these
};

/// To which algorithms a row applies.
enum On : std::uint8_t {
    kHmac = 1,
    kRsa = 2,
    kEc = 4,
    kOkp = 8,
    kAkp = 16,
    kPublicKey = kRsa | kEc | kOkp | kAkp,
    kAny = kHmac | kPublicKey,
};

struct VariantRow
{
    std::string_view id, sentence;
    std::uint8_t on;
    StrictExpectation strict;
    Wire wire;
    /// \return the token; empty: not possible here
    std::string (*make)(const VariantMaker &maker);
    std::string_view audience = {}, issuer = {};
};

inline constexpr StrictExpectation kValid{true, {}, {}};
[[nodiscard]] constexpr StrictExpectation atParse(std::string_view reason)
{
    return {false, "parse", reason};
}
[[nodiscard]] constexpr StrictExpectation atHeader(std::string_view reason)
{
    return {false, "header", reason};
}
[[nodiscard]] constexpr StrictExpectation atKey(std::string_view reason)
{
    return {false, "key", reason};
}
[[nodiscard]] constexpr StrictExpectation atSignature(std::string_view reason)
{
    return {false, "signature", reason};
}
[[nodiscard]] constexpr StrictExpectation atClaims(std::string_view reason)
{
    return {false, "claims", reason};
}

[[nodiscard]] std::span<const VariantRow> shapeVariants() noexcept;
[[nodiscard]] std::span<const VariantRow> headerVariants() noexcept;
[[nodiscard]] std::span<const VariantRow> signatureVariants() noexcept;
[[nodiscard]] std::span<const VariantRow> claimVariants() noexcept;

} // namespace postern
