// SPDX-License-Identifier: Apache-2.0
#include "core/store/store_keys.h"

#include "core/store/sqlite_schema.h"

namespace postern {

Result<std::vector<std::string>> storeKeys(std::string_view uri, std::string_view prefix,
                                           std::size_t limit)
{
    constexpr std::string_view kSqlite = "sqlite:";
    if (!uri.starts_with(kSqlite))
        return fail(Errc::Unsupported, "the store is no file", std::string(uri));
    StoreOptions options;
    options.readOnly = true;
    options.busyTimeout = std::chrono::milliseconds(0);
    Result<SqliteDatabase> database = openSqliteStoreFile(uri.substr(kSqlite.size()), options);
    if (!database)
        return std::unexpected(database.error());
    auto statement = database->prepare("SELECT key FROM documents WHERE key >= ?1 ORDER BY key");
    if (!statement)
        return std::unexpected(statement.error());
    std::vector<std::string> keys;
    Result<bool> row = statement->bind(1, prefix).step();
    for (; row && *row && keys.size() < limit; row = statement->step()) {
        if (!statement->text(0).starts_with(prefix))
            return keys;
        keys.emplace_back(statement->text(0));
    }
    if (!row)
        return std::unexpected(row.error());
    return keys;
}

} // namespace postern
