// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// An object on its way into a file.
struct ExportItem
{
    std::string key; ///< "/routes/1", as in ObjectChange
    std::string kind, parent, id; ///< as in StorageKey
    Json value; ///< as the file has it, the id not yet put in
};

/// Why a gateway would not take an object of the file.
struct ExportFault
{
    std::size_t item = 0; ///< index
    std::string why; ///< the Admin API's words
};

/// What a gateway refuses of a postern.yaml, which it then would not load at all.
/// \param profile of gatewayProfiles()
[[nodiscard]] std::vector<ExportFault> ownFaults(std::span<const ExportItem> items,
                                                 std::string_view profile);
/// Which items a list of an apisix.yaml holds.
struct ListPositions
{
    std::string_view list; ///< "routes"
    std::vector<std::size_t> items; ///< indexes
};
/// What a gateway leaves out of an apisix.yaml.
/// \param root its lists, as read \param positions of the items in them
[[nodiscard]] std::vector<ExportFault>
standaloneFaults(Json root, std::span<const ListPositions> positions, std::string_view profile);

} // namespace postern::gateway
