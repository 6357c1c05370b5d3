// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/admin/objects/object_change.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace postern::gateway {

/// Something of a foreign file that has no counterpart here, or cannot be one.
struct LeftOut
{
    enum class What : std::uint8_t {
        Services, ///< `count` of them
        Routes, ///< `count` of them, those inside services included
        List, ///< the list `name`: "plugins"
        Consumer, ///< `name`, which is no user name here
        Extras ///< groups and plugins of the consumer `name`
    };
    What what = What::List;
    std::string name;
    std::size_t count = 0;

    bool operator==(const LeftOut &) const = default;
};

/// What a declarative file of another product has of our objects.
struct ForeignConfig
{
    std::vector<ObjectChange> objects; ///< consumers, each followed by its credentials
    std::vector<LeftOut> leftOut;
};

/// kong.yml (decK): consumers with keyauth_credentials, basicauth_credentials,
/// hmacauth_credentials and jwt_secrets. Kong's routes and plugins mean other things and stay out.
[[nodiscard]] ForeignConfig readKongConfig(const Json &root);
/// adc.yaml (APISIX Declarative CLI): consumers with credentials. Services and their routes stay
/// out.
[[nodiscard]] ForeignConfig readAdcConfig(const Json &root);

/// Whether a file says that it is Kong's: `_format_version`.
[[nodiscard]] bool isKongConfig(const Json &root);
/// Whether a file is one of adc's: its consumers' credentials have a type, or its services hold
/// their routes.
[[nodiscard]] bool isAdcConfig(const Json &root);

} // namespace postern::gateway
