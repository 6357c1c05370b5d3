// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <filesystem>

namespace postern {

/// The user's directory for sockets of running gateways, made if it is not there: mode 0700, owned
/// by this user, no symbolic link. `$POSTERN_HOME/run` if that is set, else
/// `$XDG_RUNTIME_DIR/postern`, else (also when that cannot be made) `/tmp/postern-<uid>`.
/// \return the path, or Permission (somebody else's directory is in the way) or Io
[[nodiscard]] Result<std::filesystem::path> runtimeDirectory();

} // namespace postern
