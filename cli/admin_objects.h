// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/admin_access.h"
#include "cli/output.h"
#include "core/error.h"
#include "core/json/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace postern::cli {

/// The objects of a list answer, secrets masked unless `reveal`.
[[nodiscard]] Json objectsOf(Json answer, bool reveal);

/// The object that a path names: the answer's value. \return NotFound, Remote
[[nodiscard]] Result<Json> getObject(AdminAccess &admin, std::string_view path);
/// The same, printed. \return the exit code
[[nodiscard]] Result<int> showObject(const Console &console, AdminAccess &admin,
                                     std::string_view path, bool reveal);

/// Writes an object that was read before: without the times that the API sets itself.
[[nodiscard]] Result<void> putObject(AdminAccess &admin, std::string_view path, Json object);

/// The names of an object: {"username","jack"}, {"id","cred-jack-jwt-auth"}.
using ObjectNames = std::vector<std::pair<std::string, std::string>>;

/// Says what was done: "added cred-jack-jwt-auth of jack". \return the exit code
int reportDone(const Console &console, std::string_view what, const ObjectNames &names);

} // namespace postern::cli
