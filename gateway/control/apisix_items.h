// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/store/store.h"
#include "gateway/control/apisix_control.h"

#include <optional>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// A stored object as APISIX's data plane has it in memory: `{key, value, modifiedIndex,
/// createdIndex, has_domain, ...}`, defaults filled in, nodes as a list.
/// \param type "routes", "services", "upstreams"
[[nodiscard]] Json loadedItem(const ApisixControlSource &source, std::string_view type,
                              const Document &document);

/// A list as the original encodes it: an empty one is an empty object.
[[nodiscard]] Json shownList(Json::Array items);

/// The documents of a type that are loaded: those that could not be compiled are left out.
[[nodiscard]] Result<std::vector<Document>> loadedDocuments(const ApisixControlSource &source,
                                                            std::string_view type);

/// The key as the original shows it: without prefix in standalone modes.
[[nodiscard]] std::string_view shownKey(const ApisixControlSource &source, std::string_view key);

} // namespace postern::gateway
