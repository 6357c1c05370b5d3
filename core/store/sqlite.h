// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace postern {

/// A prepared statement, kept for its whole life. Bound texts must live until the step that uses
/// them has returned. Its connection's thread only.
class SqliteStatement
{
public:
    SqliteStatement() = default;

    SqliteStatement &bind(int index, std::string_view text) noexcept; ///< index from 1
    SqliteStatement &bind(int index, std::uint64_t number) noexcept;
    SqliteStatement &bindBlob(int index, std::string_view octets) noexcept;

    /// \return true if there is a row. Errors as SqliteDatabase::lastError.
    [[nodiscard]] Result<bool> step();
    /// Runs to the end, then makes the statement ready for the next use.
    [[nodiscard]] Result<void> run();
    void reset() noexcept;

    [[nodiscard]] std::string_view text(int column) const noexcept; ///< until the next step
    [[nodiscard]] std::uint64_t number(int column) const noexcept;
    [[nodiscard]] bool isNull(int column) const noexcept;

private:
    friend class SqliteDatabase;
    struct Finalize
    {
        void operator()(sqlite3_stmt *statement) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

/// Puts a statement back to its start at the end of a scope, so that it holds no read lock.
class SqliteReset
{
public:
    explicit SqliteReset(SqliteStatement &statement) noexcept : m_statement(statement) {}
    ~SqliteReset() { m_statement.reset(); }
    SqliteReset(const SqliteReset &) = delete;
    SqliteReset &operator=(const SqliteReset &) = delete;

private:
    SqliteStatement &m_statement;
};

/// One SQLite connection. One thread at a time.
class SqliteDatabase
{
public:
    enum class Access : std::uint8_t { ReadOnly, ReadWrite, Create };

    /// \return the connection, or StoreOpen, Permission. SQLite reads the file at the first
    /// statement: damage shows there.
    [[nodiscard]] static Result<SqliteDatabase>
    open(const std::filesystem::path &path, Access access, std::chrono::milliseconds busyTimeout);

    /// Runs statements without results. Errors as lastError().
    [[nodiscard]] Result<void> execute(const char *sql);
    [[nodiscard]] Result<SqliteStatement> prepare(std::string_view sql);
    /// The first column of the first row as a number, 0 without a row.
    [[nodiscard]] Result<std::uint64_t> queryNumber(std::string_view sql);
    [[nodiscard]] Result<std::string> queryText(std::string_view sql);

    [[nodiscard]] std::uint64_t changedRows() const noexcept; ///< by the last statement
    void rollback() noexcept; ///< nothing happens outside a transaction

    /// What the last call failed with: StoreLocked, StoreCorrupt, Permission, Io (disk full
    /// included), LimitExceeded, StoreOpen; SQLite's words in detail, the file in where.
    [[nodiscard]] Error lastError() const;

private:
    struct Close
    {
        void operator()(sqlite3 *connection) const noexcept;
    };
    std::unique_ptr<sqlite3, Close> m_connection;
};

/// A write transaction: begins at once (one writer), rolls back unless committed.
class SqliteWrite
{
public:
    explicit SqliteWrite(SqliteDatabase &database) noexcept : m_database(database) {}
    ~SqliteWrite() { m_database.rollback(); }
    SqliteWrite(const SqliteWrite &) = delete;
    SqliteWrite &operator=(const SqliteWrite &) = delete;

    [[nodiscard]] Result<void> begin() { return m_database.execute("BEGIN IMMEDIATE"); }
    [[nodiscard]] Result<void> commit() { return m_database.execute("COMMIT"); }

private:
    SqliteDatabase &m_database;
};

} // namespace postern
