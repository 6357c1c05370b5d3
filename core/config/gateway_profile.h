// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace postern {

/// A difference in the schema of an object of the Admin API.
struct SchemaDifference
{
    std::string_view schema; ///< "consumer"
    std::string_view patch; ///< JSON: members to replace, at any depth
};

/// What becomes of jwt-auth's `claims_to_verify`.
enum class ListedClaims : std::uint8_t {
    NotKnown, ///< passed over: `exp` and `nbf` are checked where they are present
    IfPresent, ///< listed claims are checked where they are present, the others never
    Required, ///< listed claims must be there and are checked, the others never
};

/// What a release of APISIX, or API7, does in another way than the newest APISIX. Everything else
/// is as APISIX 3.18 does it. Read when a configuration is compiled, never by a request.
/// Immutable; any thread.
struct GatewayProfile
{
    std::string_view name; ///< "apisix-3.18"
    std::string_view title; ///< for people

    /// API7: a user name has up to 512 characters instead of 256 (seed row C-06); a credential
    /// needs a name (C-13), plugins (C-14), and one in them (C-15).
    std::span<const SchemaDifference> schemas{};
    /// API7: no two credentials of a consumer have one name (C-13).
    bool uniqueCredentialNames = false;
    /// Up to 3.15 a token without `exp` and `nbf` is refused, since the library demands one of them
    /// where a grace period is set, and it always is (J-31).
    bool someTimeClaim = false;
    /// 3.16 has the list, 3.17 makes the listed claims required; API7 does as 3.16 (J-32). An empty
    /// list is none in all of them.
    ListedClaims listedClaims = ListedClaims::Required;
    /// Up to 3.17 X-Forwarded-Host is the host without its port (J-38).
    bool forwardedHostHasPort = true;
};

/// Every profile, the newest APISIX first.
[[nodiscard]] std::span<const GatewayProfile> gatewayProfiles() noexcept;
/// Their names.
[[nodiscard]] std::vector<std::string_view> gatewayProfileNames();
/// The profile of that name, or nullptr.
[[nodiscard]] const GatewayProfile *findGatewayProfile(std::string_view name) noexcept;
/// The profile of who asks for none: the newest APISIX.
[[nodiscard]] const GatewayProfile &defaultGatewayProfile() noexcept;

} // namespace postern
