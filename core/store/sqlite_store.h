// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/seal.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"

#include <filesystem>
#include <optional>

namespace postern {

/// Documents in one SQLite file: WAL, synchronous=FULL, one writer at a time over all processes;
/// secret members sealed at rest. A commit is on disk when it returns. Its own thread only.
///
/// Tables: documents(key, value, create_revision, mod_revision); changes(revision, key), the keys
/// each commit touched, kept for the last 10,000 commits at least, from which other processes
/// learn what changed; meta(name, value) for the seal.
class SqliteStore final : public Store
{
public:
    /// \return the store, or StoreOpen, StoreLocked, StoreCorrupt, StoreSeal (wrong key),
    /// Permission
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path &path,
                                                             const StoreOptions &options);

    [[nodiscard]] Result<std::optional<Document>> get(std::string_view key) override;
    [[nodiscard]] Result<std::vector<Document>> list(std::string_view prefix) override;
    [[nodiscard]] Result<std::uint64_t> commit(Transaction transaction) override;
    [[nodiscard]] Result<std::uint64_t> revision() override;
    void watch(Watcher watcher) override { m_watcher = std::move(watcher); }
    /// Conflict if this store slept through more than 10,000 commits: list everything again.
    [[nodiscard]] Result<void> poll() override;

private:
    struct Statements
    {
        SqliteStatement get, list, revision, put, erase, log, expect, changes, oldest, prune;
        SqliteStatement dataVersion, readMeta, writeMeta;
    };

    SqliteStore(SqliteDatabase database, std::filesystem::path path, StoreOptions options);

    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> loadSealer();
    [[nodiscard]] Result<void> makeSealer();
    [[nodiscard]] Result<Secret> masterKey(std::string_view salt, bool create) const;
    [[nodiscard]] Result<std::string> sealed(const Transaction::Put &put);
    [[nodiscard]] Result<Document> document(const SqliteStatement &row, int firstColumn);

    [[nodiscard]] Result<void> checkExpectations(const Transaction &transaction);
    [[nodiscard]] Result<std::vector<Change>>
    write(Transaction transaction, const std::vector<std::string> &texts, std::uint64_t next);
    [[nodiscard]] Result<void> log(std::uint64_t revision, std::string_view key);
    [[nodiscard]] Result<void> prune(std::uint64_t revision);
    [[nodiscard]] Result<std::vector<Change>> changesSince(std::uint64_t revision);
    [[nodiscard]] Result<std::uint64_t> readDataVersion();
    [[nodiscard]] Result<std::string> readMeta(std::string_view name);
    [[nodiscard]] Result<void> writeMeta(std::string_view name, std::string_view value);
    void report(const std::vector<Change> &changes) const;

    SqliteDatabase m_database;
    Statements m_statements; // after m_database: finalized before it closes
    std::filesystem::path m_path;
    StoreOptions m_options;
    std::optional<Sealer> m_sealer;
    Watcher m_watcher;
    std::uint64_t m_seen = 0; // the last revision reported
    std::uint64_t m_dataVersion = 0;
};

} // namespace postern
