// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <format>

namespace postern {
namespace {

Errc classify(int code, int systemError) noexcept
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return Errc::StoreLocked;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return Errc::StoreCorrupt;
    case SQLITE_CANTOPEN:
        return systemError == EACCES || systemError == EPERM || systemError == EROFS
            ? Errc::Permission
            : Errc::StoreOpen;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return Errc::Permission;
    case SQLITE_TOOBIG:
        return Errc::LimitExceeded;
    case SQLITE_MISUSE:
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
        return Errc::Internal;
    default:
        return Errc::Io;
    }
}

Error errorOf(sqlite3 *connection)
{
    if (!connection)
        return {Errc::StoreOpen, "out of memory", {}};
    const int code = sqlite3_extended_errcode(connection);
    const int systemError = sqlite3_system_errno(connection);
    Error error{classify(code, systemError), sqlite3_errmsg(connection), {}};
    if (systemError != 0
        && (error.code == Errc::Io || error.code == Errc::StoreOpen
            || error.code == Errc::Permission))
        error.detail += std::format(" ({})", std::strerror(systemError));
    if (const char *file = sqlite3_db_filename(connection, "main"))
        error.where = file;
    return error;
}

} // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt *statement) const noexcept
{
    sqlite3_finalize(statement);
}

void SqliteDatabase::Close::operator()(sqlite3 *connection) const noexcept
{
    sqlite3_close_v2(connection);
}

// A failed bind (text too long) leaves the parameter NULL; the step then fails on NOT NULL.
SqliteStatement &SqliteStatement::bind(int index, std::string_view text) noexcept
{
    sqlite3_bind_text64(m_statement.get(), index, text.data() ? text.data() : "", text.size(),
                        SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

SqliteStatement &SqliteStatement::bind(int index, std::uint64_t number) noexcept
{
    sqlite3_bind_int64(m_statement.get(), index, static_cast<sqlite3_int64>(number));
    return *this;
}

SqliteStatement &SqliteStatement::bindBlob(int index, std::string_view octets) noexcept
{
    sqlite3_bind_blob64(m_statement.get(), index, octets.data() ? octets.data() : "", octets.size(),
                        SQLITE_STATIC);
    return *this;
}

Result<bool> SqliteStatement::step()
{
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return std::unexpected(errorOf(sqlite3_db_handle(m_statement.get())));
}

Result<void> SqliteStatement::run()
{
    Result<bool> row = step();
    while (row && *row)
        row = step();
    // The reset repeats a failed step's code; the error was read before.
    reset();
    if (!row)
        return std::unexpected(std::move(row.error()));
    return {};
}

void SqliteStatement::reset() noexcept { sqlite3_reset(m_statement.get()); }

std::string_view SqliteStatement::text(int column) const noexcept
{
    const void *octets = sqlite3_column_blob(m_statement.get(), column);
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return {static_cast<const char *>(octets), octets ? static_cast<std::size_t>(size) : 0};
}

std::uint64_t SqliteStatement::number(int column) const noexcept
{
    return static_cast<std::uint64_t>(sqlite3_column_int64(m_statement.get(), column));
}

bool SqliteStatement::isNull(int column) const noexcept
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

Result<SqliteDatabase> SqliteDatabase::open(const std::filesystem::path &path, Access access,
                                            std::chrono::milliseconds busyTimeout)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (access == Access::ReadOnly)
        flags |= SQLITE_OPEN_READONLY;
    else
        flags |= SQLITE_OPEN_READWRITE | (access == Access::Create ? SQLITE_OPEN_CREATE : 0);
    sqlite3 *raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    SqliteDatabase database;
    database.m_connection.reset(raw);
    if (code != SQLITE_OK) {
        Error error = database.lastError();
        error.where = path.string();
        return std::unexpected(std::move(error));
    }
    sqlite3_busy_timeout(raw, static_cast<int>(busyTimeout.count()));
    // A database file is input: no schema tricks from it.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    return database;
}

Result<void> SqliteDatabase::execute(const char *sql)
{
    if (sqlite3_exec(m_connection.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return std::unexpected(lastError());
    return {};
}

Result<SqliteStatement> SqliteDatabase::prepare(std::string_view sql)
{
    sqlite3_stmt *raw = nullptr;
    const int code =
        sqlite3_prepare_v3(m_connection.get(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK)
        return std::unexpected(lastError());
    SqliteStatement statement;
    statement.m_statement.reset(raw);
    return statement;
}

Result<std::uint64_t> SqliteDatabase::queryNumber(std::string_view sql)
{
    Result<SqliteStatement> statement = prepare(sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    const Result<bool> row = statement->step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? statement->number(0) : 0;
}

Result<std::string> SqliteDatabase::queryText(std::string_view sql)
{
    Result<SqliteStatement> statement = prepare(sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    const Result<bool> row = statement->step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? std::string(statement->text(0)) : std::string();
}

std::uint64_t SqliteDatabase::changedRows() const noexcept
{
    return static_cast<std::uint64_t>(sqlite3_changes64(m_connection.get()));
}

void SqliteDatabase::rollback() noexcept
{
    // SQLite has rolled back by itself after some failures (disk full, I/O error).
    if (m_connection && sqlite3_get_autocommit(m_connection.get()) == 0)
        sqlite3_exec(m_connection.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Error SqliteDatabase::lastError() const { return errorOf(m_connection.get()); }

} // namespace postern
