// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/admin/apisix/check.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace postern::gateway {

/// What is particular about one resource type of the Admin API; everything else (envelope, ids,
/// PATCH, listing) is common. One file per type exports one of these.
struct ResourceSpec
{
    enum class Methods : std::uint8_t {
        All, ///< GET PUT POST DELETE PATCH
        NoPost, ///< POST: 405
        NoPatch, ///< PATCH: 405
        NoPostPatch, ///< both: 405
    };

    std::string_view type; ///< "routes": path segment and storage folder
    std::string_view kind; ///< "route": in messages
    std::string_view schema; ///< "route": name of its object schema; empty: not in this build
    Methods methods = Methods::All;
    bool hasId = true; ///< false: no id rules
    bool idInParent = false; ///< the object's id is "parent/id": secrets below their manager
    /// Without id: the member that names the object. Empty: the URL alone does.
    std::string_view nameMember = "username";
    bool hasTimes = true; ///< create_time and update_time are kept
    bool listFilter = false; ///< understands ?filter=service_id=...
    std::span<const std::string_view> hidden{}; ///< members that no answer shows

    /// The member that holds the name of an object in a file.
    [[nodiscard]] constexpr std::string_view ownName() const noexcept
    {
        return hasId || nameMember.empty() ? "id" : nameMember;
    }

    /// Schema and cross checks with APISIX's texts. May change `object` (defaults): the caller
    /// hands over a throw-away copy. \return the failure's wire text in detail
    Result<void> (*check)(Json &object, const Subject &subject,
                          const CheckContext &context) = nullptr;
    /// Refuses the deletion of what is still referenced. May be nullptr.
    Result<void> (*checkDelete)(std::string_view id, const CheckContext &context) = nullptr;
};

// What each file exports; resources() puts them in order.
extern const ResourceSpec routesResource;
extern const ResourceSpec servicesResource;
extern const ResourceSpec upstreamsResource;
extern const ResourceSpec consumersResource;
extern const ResourceSpec credentialsResource;
extern const ResourceSpec consumerGroupsResource;
extern const ResourceSpec pluginConfigsResource;
extern const ResourceSpec globalRulesResource;
extern const ResourceSpec pluginMetadataResource;
extern const ResourceSpec protosResource;
extern const ResourceSpec secretsResource;
extern const ResourceSpec sslsResource;

/// Every resource type, including those this build cannot store yet (no schema).
[[nodiscard]] std::span<const ResourceSpec *const> resources() noexcept;
/// The type of that name ("routes"), or nullptr.
[[nodiscard]] const ResourceSpec *findResource(std::string_view type) noexcept;

/// Validates against the object schema `name`; the text gets the prefix
/// "invalid configuration: ".
/// \param profile whose schema it is
[[nodiscard]] Result<void> checkSchema(std::string_view name, Json &object,
                                       const GatewayProfile &profile = defaultGatewayProfile());

} // namespace postern::gateway
