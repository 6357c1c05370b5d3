// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <span>
#include <string_view>
#include <vector>

namespace postern {

/// What a claim or header member means.
struct ClaimMeaning
{
    std::string_view name;
    std::string_view meaning; ///< one line
    std::string_view source; ///< "RFC 7519 4.1.1", "APISIX jwt-auth", "Entra ID"
};

/// Claims that one product adds, known by the token's issuer.
struct ClaimPack
{
    std::string_view vendor;
    std::string_view issuer; ///< part of `iss` that tells the vendor
    std::span<const ClaimMeaning> claims;
};

[[nodiscard]] std::span<const ClaimMeaning> registeredClaims() noexcept;
[[nodiscard]] std::span<const ClaimMeaning> headerMembers() noexcept;
[[nodiscard]] std::span<const ClaimPack> claimPacks() noexcept;

/// The members of the payload that are known, in its order. A vendor's meanings count only in
/// tokens of its issuer.
[[nodiscard]] std::vector<ClaimMeaning> meaningsOf(const Json &payload);

} // namespace postern
