// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite_schema.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <format>
#include <thread>

namespace postern {
namespace {

constexpr std::uint64_t kApplicationId = 0x5053544e; // "PSTN"
constexpr std::uint64_t kVersion = 1;

// WITHOUT ROWID: the key's tree holds the document; one page less to write per commit. TEXT in
// the default collation compares as memcmp does.
constexpr const char *kSchema = R"(
CREATE TABLE documents(
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    create_revision INTEGER NOT NULL,
    mod_revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE changes(
    revision INTEGER NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY(revision, key)) WITHOUT ROWID;
CREATE TABLE meta(name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
PRAGMA application_id = 1347638350;
PRAGMA user_version = 1;
)";

enum class FileState : std::uint8_t { Empty, Ours };

Result<FileState> inspect(SqliteDatabase &database, const std::filesystem::path &path)
{
    const auto id = database.queryNumber("PRAGMA application_id");
    const auto version = database.queryNumber("PRAGMA user_version");
    const auto tables = database.queryNumber("SELECT count(*) FROM sqlite_schema");
    if (!id || !version || !tables)
        return std::unexpected(!id ? id.error() : !version ? version.error() : tables.error());
    if (*id == 0 && *version == 0 && *tables == 0)
        return FileState::Empty;
    if (*id != kApplicationId)
        return fail(Errc::StoreOpen, "the file is a database of another application",
                    path.string());
    if (*version != kVersion)
        return fail(Errc::StoreOpen,
                    std::format("the file has format {}, this version of Postern reads format {}",
                                *version, kVersion),
                    path.string());
    return FileState::Ours;
}

Result<void> create(SqliteDatabase &database, const std::filesystem::path &path)
{
    SqliteWrite write(database);
    if (const auto begun = write.begin(); !begun)
        return begun;
    // Another process may have been first.
    const Result<FileState> state = inspect(database, path);
    if (!state)
        return std::unexpected(state.error());
    if (*state == FileState::Ours)
        return {};
    if (const auto made = database.execute(kSchema); !made)
        return made;
    return write.commit();
}

/// SQLite does not wait by itself when two processes switch the mode of a new file at once.
Result<void> enterWal(SqliteDatabase &database, std::chrono::milliseconds patience)
{
    using namespace std::chrono_literals;
    for (auto waited = 0ms;; waited += 5ms) {
        const Result<std::string> mode = database.queryText("PRAGMA journal_mode = WAL");
        if (mode && *mode == "wal")
            return {};
        if (mode)
            return fail(Errc::StoreOpen, "the file system does not allow SQLite's WAL mode");
        if (mode.error().code != Errc::StoreLocked || waited >= patience)
            return std::unexpected(mode.error());
        std::this_thread::sleep_for(5ms);
    }
}

/// Before SQLite does it: the database may hold labels and names that are nobody else's business,
/// and its WAL takes over the mode. Only a file made here is closed here; closing a second
/// descriptor of an open database would drop its locks.
Result<void> makePrivateFile(const std::filesystem::path &path)
{
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
        ::close(file);
        return {};
    }
    if (errno == EEXIST)
        return {};
    const Errc code =
        errno == EACCES || errno == EPERM || errno == EROFS ? Errc::Permission : Errc::StoreOpen;
    return fail(code, std::strerror(errno), path.string());
}

} // namespace

Result<SqliteDatabase> openSqliteStoreFile(const std::filesystem::path &path,
                                           const StoreOptions &options)
{
    if (path.empty())
        return fail(Errc::InvalidArgument, "sqlite: needs a path");
    if (!options.readOnly) {
        if (const auto made = makePrivateFile(path); !made)
            return std::unexpected(made.error());
    }
    Result<SqliteDatabase> database = SqliteDatabase::open(
        path,
        options.readOnly ? SqliteDatabase::Access::ReadOnly : SqliteDatabase::Access::ReadWrite,
        options.busyTimeout);
    if (!database)
        return database;
    if (const auto checked = database->execute("PRAGMA cell_size_check = ON"); !checked)
        return std::unexpected(checked.error());
    const Result<FileState> state = inspect(*database, path);
    if (!state)
        return std::unexpected(state.error());
    if (options.readOnly) {
        if (*state == FileState::Empty)
            return fail(Errc::StoreOpen, "the file is empty", path.string());
        return database;
    }
    const Result<void> ready =
        enterWal(*database, options.busyTimeout)
            .and_then([&] { return database->execute("PRAGMA synchronous = FULL"); })
            .and_then([&] { return create(*database, path); });
    if (!ready)
        return std::unexpected(ready.error());
    return database;
}

} // namespace postern
