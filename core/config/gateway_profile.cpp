// SPDX-License-Identifier: Apache-2.0
#include "core/config/gateway_profile.h"

#include <algorithm>
#include <array>

namespace postern {
namespace {

constexpr std::array kApi7Schemas{
    SchemaDifference{"consumer", R"({"properties":{"username":{"maxLength":512}}})"},
    SchemaDifference{"credential",
                     R"({"properties":{"plugins":{"minProperties":1}},)"
                     R"("required":["name","plugins"]})"},
};

constexpr std::array kProfiles{
    GatewayProfile{.name = "apisix-3.18", .title = "Apache APISIX 3.18; the default"},
    GatewayProfile{.name = "apisix-3.17",
                   .title = "Apache APISIX 3.17: X-Forwarded-Host has no port",
                   .forwardedHostHasPort = false},
    GatewayProfile{.name = "apisix-3.16",
                   .title = "Apache APISIX 3.16: as 3.17; jwt-auth checks listed claims only "
                            "where they are present",
                   .listedClaims = ListedClaims::IfPresent,
                   .forwardedHostHasPort = false},
    GatewayProfile{.name = "apisix-3.15",
                   .title = "Apache APISIX 3.15: as 3.17; jwt-auth passes claims_to_verify over, "
                            "and a token needs exp or nbf",
                   .someTimeClaim = true,
                   .listedClaims = ListedClaims::NotKnown,
                   .forwardedHostHasPort = false},
    GatewayProfile{.name = "api7",
                   .title = "API7, as its manual has it: as 3.16; user names of up to 512 "
                            "characters, a credential has a name of its own and one plugin",
                   .schemas = kApi7Schemas,
                   .uniqueCredentialNames = true,
                   .listedClaims = ListedClaims::IfPresent,
                   .forwardedHostHasPort = false},
};

} // namespace

std::span<const GatewayProfile> gatewayProfiles() noexcept { return kProfiles; }

std::vector<std::string_view> gatewayProfileNames()
{
    std::vector<std::string_view> names;
    for (const GatewayProfile &profile : kProfiles)
        names.push_back(profile.name);
    return names;
}

const GatewayProfile *findGatewayProfile(std::string_view name) noexcept
{
    const auto *const found = std::ranges::find(kProfiles, name, &GatewayProfile::name);
    return found == kProfiles.end() ? nullptr : found;
}

const GatewayProfile &defaultGatewayProfile() noexcept { return kProfiles.front(); }

} // namespace postern
