// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace postern::cli {

/// Where a shell's words say that the objects are; empty: wherever they are in reach.
struct ObjectReach
{
    std::string config; ///< --config of the line
    std::string store; ///< --store of the line
    std::string directory; ///< -C of the line
};

/// The ids of objects in reach, sorted: of the file and store that the line names; otherwise of
/// those of the newest running gateway of this user, of POSTERN_CONFIG and of the nearest
/// postern.yaml. Reads files only: no server is asked, a locked, broken or very large file has no
/// ids.
/// \param kind "consumers", "credentials", "routes"
/// \param parent of credentials: the consumer; empty: of all
/// \param prefix only ids that start so
[[nodiscard]] std::vector<std::string> objectsInReach(const ObjectReach &reach,
                                                      std::string_view kind,
                                                      std::string_view parent,
                                                      std::string_view prefix);

} // namespace postern::cli
