// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/sqlite.h"
#include "core/store/store.h"

#include <filesystem>

namespace postern {

/// Opens a store's file: made with mode 0600 if absent, recognised by its application_id
/// ("PSTN") and user_version, in WAL mode with synchronous=FULL.
/// \return the connection, or StoreOpen (another application's file, a newer version's file),
/// StoreLocked, StoreCorrupt, Permission, Io
[[nodiscard]] Result<SqliteDatabase> openSqliteStoreFile(const std::filesystem::path &path,
                                                         const StoreOptions &options);

} // namespace postern
