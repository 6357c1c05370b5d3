// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/alg.h"
#include "core/json/reader.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// What APISIX 3.18 jwt-auth does in its own way, for the gateway's data path and the token profile.
namespace postern::apisix {

// What the client is told; the reasons go to the log, here to the trace.
inline constexpr std::string_view kMissingToken = "Missing JWT token in request";
inline constexpr std::string_view kInvalidToken = "JWT token invalid";
inline constexpr std::string_view kMissingKey = "missing user key in JWT token";
inline constexpr std::string_view kUnknownKey = "Invalid user key in JWT token";
inline constexpr std::string_view kRefused = "failed to verify jwt";

/// A PS* signature must have this length, so only 2048-bit keys pass.
inline constexpr std::size_t kPssSize = 256;

/// The algorithms a credential can be configured with; Kong knows the same.
inline constexpr std::array kAlgorithms = {
    Alg::HS256, Alg::HS384, Alg::HS512, Alg::RS256, Alg::RS384, Alg::RS512, Alg::ES256,
    Alg::ES384, Alg::ES512, Alg::PS256, Alg::PS384, Alg::PS512, Alg::EdDSA};

/// \param exp a JSON number's text \param grace seconds of leeway
[[nodiscard]] inline bool expFits(std::string_view exp, std::int64_t now,
                                  std::int64_t grace) noexcept
{
    return compareNumber(exp, now - grace) > 0;
}
/// A token whose nbf is this very second is still refused, unless there is a grace period.
[[nodiscard]] inline bool nbfFits(std::string_view nbf, std::int64_t now,
                                  std::int64_t grace) noexcept
{
    return compareNumber(nbf, now + grace) < 0;
}

} // namespace postern::apisix
