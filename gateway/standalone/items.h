// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/config_service.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// The members of a standalone configuration that hold items, in the order in which they are looked
/// at: "routes", "services", ... apisix.md 6.1.
[[nodiscard]] std::span<const std::string_view> standaloneTypes() noexcept;
/// "routes_conf_version"
[[nodiscard]] std::string versionMember(std::string_view type);

/// One item that passed the checks, as it goes into the store.
struct StandaloneItem
{
    std::string_view type; ///< "routes"; "consumers" for credentials, too
    std::string key; ///< of the store
    std::string value; ///< JSON, with its id
    std::size_t index = 0; ///< in its list, from 0
    std::optional<std::int64_t> modifiedIndex;
};

/// What is wrong with one item, or with the whole list.
struct StandaloneFault
{
    std::string_view type;
    std::optional<std::size_t> index; ///< from 0; nullopt: the list
    std::string id; ///< as the item says it; empty if it does not
    std::string text; ///< APISIX's text
    std::string pointer; ///< JSON pointer to the fault in the configuration, as near as is known
};

struct StandaloneItems
{
    std::vector<StandaloneItem> items;
    std::vector<StandaloneFault> faults; ///< in the order of the configuration
    ConfigService::PluginNames plugins; ///< those that may be used, if the configuration says
};

/// Checks every item by the rules of the Admin API, each for itself: what it refers to need not
/// exist. Items without id are called `arr_<1-based index>`. Of items with the same id the later
/// ones are faults. Uses `root` up.
/// \param emptyIsObject `key-auth:` without a value counts as {}: YAML
[[nodiscard]] StandaloneItems readStandaloneItems(ConfigService &config, Json root,
                                                  bool emptyIsObject = false);

} // namespace postern::gateway
