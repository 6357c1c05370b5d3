// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite_store.h"

#include "core/crypto/random.h"
#include "core/store/sqlite_schema.h"

#include <algorithm>
#include <array>
#include <format>
#include <unordered_set>
#include <utility>

namespace postern {
namespace {

constexpr std::uint64_t kKeptRevisions = 10'000;
constexpr std::uint64_t kPruneEvery = 1'000;
constexpr std::string_view kCheckPlace = "meta\nseal_check";
constexpr std::size_t kSaltSize = 32;

} // namespace

SqliteStore::SqliteStore(SqliteDatabase database, std::filesystem::path path, StoreOptions options)
    : m_database(std::move(database)),
      m_path(std::move(path)),
      m_options(std::move(options))
{
}

Result<std::unique_ptr<Store>> SqliteStore::open(const std::filesystem::path &path,
                                                 const StoreOptions &options)
{
    Result<SqliteDatabase> database = openSqliteStoreFile(path, options);
    if (!database)
        return std::unexpected(std::move(database.error()));
    std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(*database), path, options));
    Result<void> ready = store->prepare();
    if (ready)
        ready = store->loadSealer();
    if (!ready)
        return std::unexpected(std::move(ready.error()));
    const Result<std::uint64_t> dataVersion = store->readDataVersion();
    const Result<std::uint64_t> revision = store->revision();
    if (!dataVersion || !revision)
        return std::unexpected(!dataVersion ? dataVersion.error() : revision.error());
    store->m_dataVersion = *dataVersion;
    store->m_seen = *revision;
    return store;
}

Result<void> SqliteStore::prepare()
{
    const std::array<std::pair<SqliteStatement *, std::string_view>, 13> wanted{
        {{&m_statements.get,
          "SELECT key, value, create_revision, mod_revision FROM documents "
          "WHERE key = ?1"},
         {&m_statements.list,
          "SELECT key, value, create_revision, mod_revision FROM documents "
          "WHERE key >= ?1 ORDER BY key"},
         {&m_statements.revision, "SELECT max(revision) FROM changes"},
         {&m_statements.put,
          "INSERT INTO documents(key, value, create_revision, mod_revision) "
          "VALUES(?1, ?2, ?3, ?3) ON CONFLICT(key) DO UPDATE SET "
          "value = excluded.value, mod_revision = excluded.mod_revision "
          "RETURNING create_revision"},
         {&m_statements.erase, "DELETE FROM documents WHERE key = ?1"},
         {&m_statements.log, "INSERT INTO changes(revision, key) VALUES(?1, ?2)"},
         {&m_statements.expect, "SELECT mod_revision FROM documents WHERE key = ?1"},
         {&m_statements.changes,
          "SELECT c.revision, c.key, d.key, d.value, d.create_revision, d.mod_revision "
          "FROM changes c LEFT JOIN documents d ON d.key = c.key "
          "WHERE c.revision > ?1 AND (d.key IS NULL OR d.mod_revision = c.revision) "
          "ORDER BY c.revision, c.key"},
         {&m_statements.oldest, "SELECT min(revision) FROM changes"},
         {&m_statements.prune, "DELETE FROM changes WHERE revision <= ?1"},
         {&m_statements.dataVersion, "PRAGMA data_version"},
         {&m_statements.readMeta, "SELECT value FROM meta WHERE name = ?1"},
         {&m_statements.writeMeta, "INSERT INTO meta(name, value) VALUES(?1, ?2)"}}};
    for (const auto &[place, sql] : wanted) {
        Result<SqliteStatement> statement = m_database.prepare(sql);
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        *place = std::move(*statement);
    }
    return {};
}

Result<Document> SqliteStore::document(const SqliteStatement &row, int firstColumn)
{
    Document document{.key = std::string(row.text(firstColumn)),
                      .value = {},
                      .createRevision = row.number(firstColumn + 2),
                      .modRevision = row.number(firstColumn + 3)};
    const std::string_view stored = row.text(firstColumn + 1);
    if (!mayHoldSealed(stored)) {
        document.value = stored;
        return document;
    }
    // Another process may have sealed the first secret after this one opened the file.
    if (!m_sealer) {
        if (const Result<void> loaded = loadSealer(); !loaded)
            return std::unexpected(loaded.error());
    }
    Result<std::string> opened = m_sealer ? m_sealer->openDocument(document.key, stored)
                                          : Result<std::string>(std::string(stored));
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    document.value = std::move(*opened);
    return document;
}

Result<std::optional<Document>> SqliteStore::get(std::string_view key)
{
    const SqliteReset reset(m_statements.get);
    const Result<bool> row = m_statements.get.bind(1, key).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::nullopt;
    return document(m_statements.get, 0).transform([](Document found) {
        return std::optional(std::move(found));
    });
}

Result<std::vector<Document>> SqliteStore::list(std::string_view prefix)
{
    const SqliteReset reset(m_statements.list);
    std::vector<Document> found;
    Result<bool> row = m_statements.list.bind(1, prefix).step();
    for (; row && *row; row = m_statements.list.step()) {
        if (!m_statements.list.text(0).starts_with(prefix))
            return found;
        Result<Document> next = document(m_statements.list, 0);
        if (!next)
            return std::unexpected(std::move(next.error()));
        found.push_back(std::move(*next));
    }
    if (!row)
        return std::unexpected(row.error());
    return found;
}

Result<std::uint64_t> SqliteStore::revision()
{
    const SqliteReset reset(m_statements.revision);
    const Result<bool> row = m_statements.revision.step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? m_statements.revision.number(0) : 0;
}

Result<std::uint64_t> SqliteStore::commit(Transaction transaction)
{
    if (m_options.readOnly)
        return fail(Errc::Permission, "the store was opened read-only", m_path.string());
    if (const auto sound = checkTransaction(transaction); !sound)
        return std::unexpected(sound.error());
    std::vector<std::string> texts;
    texts.reserve(transaction.puts.size());
    for (const Transaction::Put &put : transaction.puts) {
        Result<std::string> value = sealed(put);
        if (!value)
            return std::unexpected(std::move(value.error()));
        texts.push_back(std::move(*value));
    }
    SqliteWrite write_(m_database);
    if (const auto begun = write_.begin(); !begun)
        return std::unexpected(begun.error());
    const Result<std::uint64_t> before = revision();
    if (!before)
        return before;
    if (const auto met = checkExpectations(transaction); !met)
        return std::unexpected(met.error());
    // What other processes committed meanwhile is reported first, in order.
    Result<std::vector<Change>> foreign;
    if (m_watcher && *before > m_seen)
        foreign = changesSince(m_seen);
    Result<std::vector<Change>> own = write(std::move(transaction), texts, *before + 1);
    if (!own)
        return std::unexpected(std::move(own.error()));
    if (own->empty())
        return *before;
    if (const auto done = write_.commit(); !done)
        return std::unexpected(done.error());
    m_seen = *before + 1;
    if (foreign)
        report(*foreign);
    report(*own);
    return m_seen;
}

Result<void> SqliteStore::checkExpectations(const Transaction &transaction)
{
    for (const Transaction::Expect &expect : transaction.expects) {
        const SqliteReset reset(m_statements.expect);
        const Result<bool> row = m_statements.expect.bind(1, expect.key).step();
        if (!row)
            return std::unexpected(row.error());
        const std::uint64_t actual = *row ? m_statements.expect.number(0) : 0;
        if (actual != expect.modRevision)
            return std::unexpected(conflict(expect, actual));
    }
    return {};
}

/// Puts the sealed texts on disk; the changes hold what was put, for the watcher.
Result<std::vector<Change>> SqliteStore::write(Transaction transaction,
                                               const std::vector<std::string> &texts,
                                               std::uint64_t next)
{
    std::vector<Change> changes;
    changes.reserve(transaction.deletes.size() + transaction.puts.size());
    for (const std::string &key : transaction.deletes) {
        if (const auto done = m_statements.erase.bind(1, key).run(); !done)
            return std::unexpected(done.error());
        if (m_database.changedRows() == 0)
            continue;
        if (const auto logged = log(next, key); !logged)
            return std::unexpected(logged.error());
        changes.push_back({key, nullptr, next});
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        Transaction::Put &put = transaction.puts[i];
        Result<bool> row = m_statements.put.bind(1, put.key).bind(2, texts[i]).bind(3, next).step();
        const std::uint64_t created = row && *row ? m_statements.put.number(0) : 0;
        const Result<void> done = row ? m_statements.put.run() : std::unexpected(row.error());
        m_statements.put.reset();
        const Result<void> logged = done ? log(next, put.key) : done;
        if (!logged)
            return std::unexpected(logged.error());
        auto document = std::make_shared<const Document>(
            Document{put.key, std::move(put.value), created, next});
        changes.push_back({std::move(put.key), std::move(document), next});
    }
    if (const auto pruned = prune(next); !pruned)
        return std::unexpected(pruned.error());
    return changes;
}

Result<void> SqliteStore::log(std::uint64_t revision, std::string_view key)
{
    return m_statements.log.bind(1, revision).bind(2, key).run();
}

Result<void> SqliteStore::prune(std::uint64_t revision)
{
    if (revision % kPruneEvery != 0 || revision <= kKeptRevisions)
        return {};
    return m_statements.prune.bind(1, revision - kKeptRevisions).run();
}

Result<void> SqliteStore::poll()
{
    const Result<std::uint64_t> version = readDataVersion();
    if (!version)
        return std::unexpected(version.error());
    if (*version == m_dataVersion)
        return {};
    // Begun before the version is taken over: a failure here is tried again at the next poll.
    if (const auto begun = m_database.execute("BEGIN"); !begun)
        return begun;
    const Result<std::uint64_t> now = revision();
    Result<std::vector<Change>> changes = now ? changesSince(m_seen) : std::unexpected(now.error());
    m_database.rollback();
    if (!changes && changes.error().code != Errc::Conflict)
        return std::unexpected(std::move(changes.error()));
    m_dataVersion = *version;
    m_seen = *now;
    if (!changes)
        return std::unexpected(std::move(changes.error()));
    report(*changes);
    return {};
}

Result<std::vector<Change>> SqliteStore::changesSince(std::uint64_t revision)
{
    {
        const SqliteReset reset(m_statements.oldest);
        const Result<bool> row = m_statements.oldest.step();
        if (!row)
            return std::unexpected(row.error());
        if (m_statements.oldest.number(0) > revision + 1)
            return fail(Errc::Conflict, "too many commits by other processes; list again",
                        m_path.string());
    }
    const SqliteReset reset(m_statements.changes);
    std::vector<Change> changes;
    Result<bool> row = m_statements.changes.bind(1, revision).step();
    for (; row && *row; row = m_statements.changes.step()) {
        Change change{std::string(m_statements.changes.text(1)), nullptr,
                      m_statements.changes.number(0)};
        if (!m_statements.changes.isNull(2)) {
            Result<Document> found = document(m_statements.changes, 2);
            if (!found)
                return std::unexpected(std::move(found.error()));
            change.document = std::make_shared<const Document>(std::move(*found));
        }
        changes.push_back(std::move(change));
    }
    if (!row)
        return std::unexpected(row.error());
    // A key that was touched and then deleted is listed for each of its commits; the last counts.
    std::unordered_set<std::string_view> told;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        if (!told.insert(change->key).second)
            change->revision = 0;
    }
    std::erase_if(changes, [](const Change &change) { return change.revision == 0; });
    return changes;
}

void SqliteStore::report(const std::vector<Change> &changes) const
{
    if (m_watcher && !changes.empty())
        m_watcher(changes);
}

Result<std::uint64_t> SqliteStore::readDataVersion()
{
    const SqliteReset reset(m_statements.dataVersion);
    const Result<bool> row = m_statements.dataVersion.step();
    if (!row)
        return std::unexpected(row.error());
    return m_statements.dataVersion.number(0);
}

Result<std::string> SqliteStore::readMeta(std::string_view name)
{
    const SqliteReset reset(m_statements.readMeta);
    const Result<bool> row = m_statements.readMeta.bind(1, name).step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? std::string(m_statements.readMeta.text(0)) : std::string();
}

Result<void> SqliteStore::writeMeta(std::string_view name, std::string_view value)
{
    return m_statements.writeMeta.bind(1, name).bindBlob(2, value).run();
}

Result<std::string> SqliteStore::sealed(const Transaction::Put &put)
{
    // Text that looks sealed is sealed even where sealing is off: it must read back as it came.
    if (!m_options.seal && !mayHoldSealed(put.value))
        return put.value;
    if (!m_sealer) {
        if (!holdsSecrets(put.key, put.value))
            return put.value;
        if (const auto made = makeSealer(); !made)
            return std::unexpected(made.error());
    }
    return m_sealer->sealDocument(put.key, put.value);
}

Result<Secret> SqliteStore::masterKey(std::string_view salt, bool create) const
{
    if (!m_options.passphrase.empty())
        return keyFromPassphrase(m_options.passphrase, salt);
    const std::filesystem::path file =
        m_options.keyFile.empty() ? m_path.string() + ".key" : m_options.keyFile;
    return create ? makeKeyFile(file) : readKeyFile(file);
}

Result<void> SqliteStore::loadSealer()
{
    const Result<std::string> salt = readMeta("seal_salt");
    const Result<std::string> kind = readMeta("seal_key");
    const Result<std::string> check = readMeta("seal_check");
    if (!salt || !kind || !check)
        return std::unexpected(!salt ? salt.error() : !kind ? kind.error() : check.error());
    if (salt->empty())
        return {};
    if (*kind == "passphrase" && m_options.passphrase.empty())
        return fail(Errc::StoreSeal, "the store is sealed with a passphrase and none was given",
                    m_path.string());
    if (*kind == "file" && !m_options.passphrase.empty())
        return fail(Errc::StoreSeal, "the store is sealed with a key file, not a passphrase",
                    m_path.string());
    const Result<Secret> master = masterKey(*salt, false);
    Result<Sealer> sealer = master ? Sealer::make(*master, *salt) : std::unexpected(master.error());
    if (!sealer)
        return std::unexpected(std::move(sealer.error()));
    if (!sealer->open(*check, kCheckPlace))
        return fail(Errc::StoreSeal,
                    *kind == "passphrase" ? "the passphrase is wrong"
                                          : "the key file belongs to another store",
                    m_path.string());
    m_sealer = std::move(*sealer);
    wipe(m_options.passphrase);
    return {};
}

Result<void> SqliteStore::makeSealer()
{
    SqliteWrite write_(m_database);
    if (const auto begun = write_.begin(); !begun)
        return begun;
    // Another process may have been first.
    if (const auto loaded = loadSealer(); !loaded || m_sealer)
        return loaded;
    const Result<std::string> salt = randomOctets(kSaltSize).transform(
        [](const Secret &octets) { return std::string(octets.view()); });
    const Result<Secret> master = salt ? masterKey(*salt, true) : std::unexpected(salt.error());
    Result<Sealer> sealer = master ? Sealer::make(*master, *salt) : std::unexpected(master.error());
    if (!sealer)
        return std::unexpected(std::move(sealer.error()));
    const std::string_view kind = m_options.passphrase.empty() ? "file" : "passphrase";
    const Result<void> done =
        sealer->seal("postern", kCheckPlace)
            .and_then([&](const std::string &check) { return writeMeta("seal_check", check); })
            .and_then([&] { return writeMeta("seal_salt", *salt); })
            .and_then([&] { return writeMeta("seal_key", kind); })
            .and_then([&] { return write_.commit(); });
    if (!done)
        return done;
    m_sealer = std::move(*sealer);
    wipe(m_options.passphrase);
    return {};
}

} // namespace postern
