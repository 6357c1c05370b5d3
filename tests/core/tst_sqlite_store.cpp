// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite_store.h"
#include "tests/support/store_conformance.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <format>
#include <fstream>
#include <random>
#include <set>

using namespace postern;
using namespace std::chrono_literals;

namespace {

Transaction put(std::string key, std::string value)
{
    return {.puts = {{std::move(key), std::move(value)}}, .deletes = {}, .expects = {}};
}

std::string readFile(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void writeFile(const std::filesystem::path &path, std::string_view octets)
{
    std::ofstream(path, std::ios::binary) << octets;
}

} // namespace

class tst_SqliteStore : public StoreConformance
{
    Q_OBJECT
    std::unique_ptr<Store> makeStore() override
    {
        m_file = m_dir.filePath(QStringLiteral("store%1.db").arg(m_count++)).toStdString();
        return open();
    }
    std::unique_ptr<Store> open(const StoreOptions &options = {}) const
    {
        auto store = openStore(uri(), options);
        if (!store)
            qWarning("%s", describe(store.error()).c_str());
        return store ? std::move(*store) : nullptr;
    }
    [[nodiscard]] std::string uri() const { return "sqlite:" + m_file.string(); }
    [[nodiscard]] Error openError(const StoreOptions &options = {}) const
    {
        auto store = openStore(uri(), options);
        return store ? Error{} : store.error();
    }
    void newFile()
    {
        m_file = m_dir.filePath(QStringLiteral("f%1.db").arg(m_count++)).toStdString();
    }
    /// Runs the writer from `first` on; with `killAfter` it is killed once it has said so many
    /// numbers. Returns what it said.
    std::vector<long> runWriter(long first, int killAfter) const;

private Q_SLOTS:
    void keepsDocumentsAndRevisionsOverRestarts();
    void makesAFileForItsOwnerOnly();
    void refusesUnsuitableFiles_data();
    void refusesUnsuitableFiles();
    void noticesDamageInTheMiddle();
    void saysWhenItIsLocked();
    void readsOnlyWhenAsked();
    void seesCommitsOfOtherConnections();
    void reportsForeignCommitsBeforeItsOwn();
    void saysWhenItSleptTooLong();
    void twoProcessesWriteWithoutLoss();
    void seesCommitsOfAnotherProcess();
    void survivesKill9();
    void losesNothingOnAFullDisk();
    void hidesSecretsInTheFile();
    void refusesAnotherKey();
    void opensWithAPassphrase();
    void makesNoKeyWithoutSecrets();
    void leavesSecretsInClearWhenAsked();

private:
    QTemporaryDir m_dir;
    int m_count = 0;
    std::filesystem::path m_file;
};

void tst_SqliteStore::keepsDocumentsAndRevisionsOverRestarts()
{
    newFile();
    {
        const auto store = open();
        QVERIFY(store->commit(put("/a", R"({"n":1})")));
        QVERIFY(store->commit(put("/b", R"({"n":2})")));
        QVERIFY(store->commit({.puts = {}, .deletes = {"/b"}, .expects = {}}));
    }
    const auto store = open();
    QCOMPARE(*store->revision(), 3U);
    QCOMPARE(store->list("")->size(), 1U);
    QCOMPARE((*store->get("/a"))->createRevision, 1U);
    QCOMPARE(*store->commit(put("/c", "1")), 4U);
}

void tst_SqliteStore::makesAFileForItsOwnerOnly()
{
    newFile();
    const auto store = open();
    QVERIFY(store->commit(put("/a", "1")));
    for (const char *suffix : {"", "-wal"}) {
        struct stat status = {};
        QCOMPARE(::stat((m_file.string() + suffix).c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0600U);
    }
}

void tst_SqliteStore::refusesUnsuitableFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::newRow("no database")
        << QByteArray("hello, I am a text file of some length\n").repeated(40)
        << int(Errc::StoreCorrupt);
    QTest::newRow("header only") << QByteArray("SQLite format 3\0", 16) + QByteArray(84, '\xFF')
                                 << int(Errc::StoreCorrupt);
    QTest::newRow("another application") << QByteArray("other") << int(Errc::StoreOpen);
    QTest::newRow("newer version") << QByteArray("newer") << int(Errc::StoreOpen);
    QTest::newRow("a folder") << QByteArray("folder") << int(Errc::StoreOpen);
    QTest::newRow("no such folder") << QByteArray("nowhere") << int(Errc::StoreOpen);
}

void tst_SqliteStore::refusesUnsuitableFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    newFile();
    if (content == "other" || content == "newer") {
        auto database = SqliteDatabase::open(m_file, SqliteDatabase::Access::Create, 1s);
        QVERIFY(database->execute(
            content == "other" ? "CREATE TABLE t(x)"
                               : "PRAGMA application_id = 1347638350; PRAGMA user_version = 9"));
    } else if (content == "folder") {
        std::filesystem::create_directory(m_file);
    } else if (content == "nowhere") {
        m_file = m_dir.filePath(QStringLiteral("no/such/folder.db")).toStdString();
    } else {
        writeFile(m_file, content.toStdString());
    }
    const std::string before = content == "other" ? readFile(m_file) : std::string();
    const Error error = openError();
    QCOMPARE(int(error.code), code);
    QVERIFY2(error.where.contains(m_file.string()), error.where.c_str());
    if (content == "other")
        QVERIFY2(readFile(m_file) == before, "a foreign file must not be touched");
}

void tst_SqliteStore::noticesDamageInTheMiddle()
{
    newFile();
    {
        const auto store = open();
        Transaction transaction;
        for (int i = 0; i < 3'000; ++i)
            transaction.puts.push_back({std::format("/r/{:06}", i), std::string(100, 'x')});
        QVERIFY(store->commit(transaction));
    }
    std::string octets = readFile(m_file);
    QVERIFY(octets.size() > 200'000);
    for (std::size_t page = 5; page < 40; ++page)
        octets.replace(page * 4096, 64, std::string(64, '\xA5'));
    writeFile(m_file, octets);
    const auto store = openStore(uri());
    const Errc code = store ? (*store)->list("").error().code : store.error().code;
    QCOMPARE(code, Errc::StoreCorrupt);
    writeFile(m_file, std::string_view(octets).substr(0, 4096 * 3 + 100));
    QCOMPARE(openStore(uri()).and_then([](const auto &cut) { return cut->list(""); }).error().code,
             Errc::StoreCorrupt);
}

void tst_SqliteStore::saysWhenItIsLocked()
{
    newFile();
    const auto store = open({.keyFile = {}, .passphrase = {}, .busyTimeout = 20ms});
    auto other = SqliteDatabase::open(m_file, SqliteDatabase::Access::ReadWrite, 1s);
    QVERIFY(other->execute("BEGIN IMMEDIATE"));
    QCOMPARE(store->commit(put("/a", "1")).error().code, Errc::StoreLocked);
    QVERIFY(store->list(""));
    QVERIFY(other->execute("COMMIT"));
    QCOMPARE(*store->commit(put("/a", "1")), 1U);
}

void tst_SqliteStore::readsOnlyWhenAsked()
{
    newFile();
    const StoreOptions readOnly{.keyFile = {}, .passphrase = {}, .readOnly = true};
    QCOMPARE(openError(readOnly).code, Errc::StoreOpen);
    QVERIFY(!std::filesystem::exists(m_file));
    const auto writer = open();
    QVERIFY(writer->commit(put("/a", "1")));
    const auto reader = open(readOnly);
    QCOMPARE((*reader->get("/a"))->value, std::string("1"));
    QCOMPARE(reader->commit(put("/b", "1")).error().code, Errc::Permission);
}

void tst_SqliteStore::seesCommitsOfOtherConnections()
{
    newFile();
    const auto mine = open();
    const auto other = open();
    std::string seen;
    mine->watch([&seen](const std::vector<Change> &changes) {
        for (const Change &change : changes)
            seen += std::format("{}:{}={} ", change.revision, change.key,
                                change.document ? change.document->value : "gone");
    });
    QVERIFY(mine->poll());
    QCOMPARE(seen, std::string());
    const std::string consumer = R"({"plugins":{"key-auth":{"key":"k"}}})";
    QVERIFY(other->commit(put("/a", "1")));
    QVERIFY(other->commit(put("/b", "1")));
    QVERIFY(other->commit(put("/a", "2")));
    QVERIFY(other->commit({.puts = {}, .deletes = {"/b"}, .expects = {}}));
    QVERIFY(other->commit(put("/apisix/consumers/c", consumer)));
    QCOMPARE(seen, std::string());
    QVERIFY(mine->poll());
    QCOMPARE(seen, "3:/a=2 4:/b=gone 5:/apisix/consumers/c=" + consumer + " ");
    seen.clear();
    QVERIFY(mine->poll());
    QCOMPARE(seen, std::string());
}

void tst_SqliteStore::reportsForeignCommitsBeforeItsOwn()
{
    newFile();
    const auto mine = open();
    const auto other = open();
    std::string seen;
    mine->watch([&seen](const std::vector<Change> &changes) {
        for (const Change &change : changes)
            seen += std::format("{}:{} ", change.revision, change.key);
    });
    QVERIFY(other->commit(put("/theirs", "1")));
    QCOMPARE(*mine->commit(put("/mine", "1")), 2U);
    QVERIFY(mine->poll());
    QCOMPARE(seen, std::string("1:/theirs 2:/mine "));
}

void tst_SqliteStore::saysWhenItSleptTooLong()
{
    newFile();
    const auto mine = open();
    QVERIFY(mine->commit(put("/a", "1")));
    auto other = SqliteDatabase::open(m_file, SqliteDatabase::Access::ReadWrite, 1s);
    QVERIFY(other->execute("DELETE FROM changes; INSERT INTO changes VALUES(20000, '/b')"));
    QCOMPARE(mine->poll().error().code, Errc::Conflict);
    QVERIFY(mine->poll());
    QCOMPARE(*mine->commit(put("/c", "1")), 20'001U);
}

std::vector<long> tst_SqliteStore::runWriter(long first, int killAfter) const
{
    QProcess writer;
    writer.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    writer.start(QCoreApplication::applicationDirPath() + QStringLiteral("/store_writer"),
                 {QString::fromStdString(uri()), QString::number(first)});
    std::vector<long> said;
    const auto read = [&] {
        while (writer.canReadLine())
            said.push_back(writer.readLine().trimmed().toLong());
    };
    while (int(said.size()) < killAfter && writer.waitForReadyRead(20'000))
        read();
    writer.kill();
    writer.waitForFinished();
    read();
    return said;
}

void tst_SqliteStore::twoProcessesWriteWithoutLoss()
{
    newFile();
    QVERIFY(open());
    QProcess a;
    QProcess b;
    const QString program =
        QCoreApplication::applicationDirPath() + QStringLiteral("/store_writer");
    const QString where = QString::fromStdString(uri());
    a.start(program, {where, QStringLiteral("1000"), QStringLiteral("50")});
    b.start(program, {where, QStringLiteral("2000"), QStringLiteral("50")});
    QVERIFY(a.waitForFinished(120'000) && b.waitForFinished(120'000));
    QCOMPARE(a.exitCode(), 0);
    QCOMPARE(b.exitCode(), 0);
    const auto store = open();
    QCOMPARE(store->list("/apisix/routes/")->size(), 100U);
    QCOMPARE(*store->revision(), 100U);
}

void tst_SqliteStore::seesCommitsOfAnotherProcess()
{
    newFile();
    const auto store = open();
    std::set<std::string> seen;
    store->watch([&seen](const std::vector<Change> &changes) {
        for (const Change &change : changes)
            seen.insert(change.key);
    });
    const std::vector<long> said = runWriter(1, 3);
    QVERIFY(said.size() >= 3);
    QVERIFY(store->poll());
    for (const long number : said)
        QVERIFY(seen.contains(std::format("/apisix/routes/{}", number)));
}

void tst_SqliteStore::survivesKill9()
{
    newFile();
    std::mt19937 random(20'260'722);
    std::set<long> acknowledged;
    for (int round = 0; round < 20; ++round) {
        const auto said = runWriter(round * 1'000'000L, 1 + int(random() % 40));
        QVERIFY(!said.empty());
        acknowledged.insert(said.begin(), said.end());
        const auto store = open();
        QVERIFY(store);
        std::set<std::string> keys;
        const auto documents = store->list("");
        QVERIFY(documents);
        for (const Document &document : *documents)
            keys.insert(document.key);
        for (const long number : acknowledged)
            QVERIFY2(keys.contains(std::format("/apisix/routes/{}", number)),
                     std::format("{} was acknowledged and is lost", number).c_str());
        // The last commit is there wholly: its consumer is, its predecessor's is not.
        long last = round * 1'000'000L;
        while (keys.contains(std::format("/apisix/routes/{}", last + 1)))
            ++last;
        QVERIFY(keys.contains(std::format("/apisix/consumers/c{}", last)));
        QVERIFY(!keys.contains(std::format("/apisix/consumers/c{}", last - 1)));
    }
    auto database = SqliteDatabase::open(m_file, SqliteDatabase::Access::ReadWrite, 1s);
    QCOMPARE(*database->queryText("PRAGMA integrity_check"), std::string("ok"));
}

void tst_SqliteStore::losesNothingOnAFullDisk()
{
#if defined(__SANITIZE_ADDRESS__)
    QSKIP("the sanitizer's own files would meet the limit");
#endif
    newFile();
    const auto store = open();
    QVERIFY(store->commit(put("/kept", "1")));
    // A file size limit fails writes as a full disk does (EFBIG instead of ENOSPC).
    std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {std::filesystem::file_size(m_file.string() + "-wal") + 5'000,
                                 before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto full = store->commit(put("/big", std::string(200'000, 'x')));
    ::setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY(!full);
    QCOMPARE(full.error().code, Errc::Io);
    QVERIFY(!store->get("/big")->has_value());
    QVERIFY(store->get("/kept")->has_value());
    QCOMPARE(*store->commit(put("/after", "1")), 2U);
    auto database = SqliteDatabase::open(m_file, SqliteDatabase::Access::ReadWrite, 1s);
    QCOMPARE(*database->queryText("PRAGMA integrity_check"), std::string("ok"));
}

void tst_SqliteStore::hidesSecretsInTheFile()
{
    newFile();
    const std::string value =
        R"({"username":"jack","plugins":{"jwt-auth":{"key":"public-key-id","secret":"jack-hs256-secret"}}})";
    const auto store = open();
    QVERIFY(store->commit(put("/apisix/consumers/jack", value)));
    QCOMPARE((*store->get("/apisix/consumers/jack"))->value, value);
    for (const char *suffix : {"", "-wal"}) {
        const std::string raw = readFile(m_file.string() + suffix);
        QVERIFY2(!raw.contains("jack-hs256-secret"), suffix);
        QVERIFY(*suffix == '\0' || raw.contains("public-key-id"));
    }
    const auto again = open();
    QCOMPARE((*again->get("/apisix/consumers/jack"))->value, value);
    struct stat status = {};
    QCOMPARE(::stat((m_file.string() + ".key").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
}

void tst_SqliteStore::refusesAnotherKey()
{
    newFile();
    QVERIFY(open()->commit(put("/apisix/consumers/j", R"({"plugins":{"key-auth":{"key":"k"}}})")));
    const std::filesystem::path key = m_file.string() + ".key";
    const std::string right = readFile(key);
    writeFile(key, std::string(32, 'x'));
    QCOMPARE(openError().code, Errc::StoreSeal);
    writeFile(key, right + "x");
    QCOMPARE(openError().code, Errc::StoreSeal);
    std::filesystem::remove(key);
    QCOMPARE(openError().code, Errc::StoreSeal);
    QVERIFY2(!std::filesystem::exists(key), "a lost key must not be replaced");
    QCOMPARE(openError({.keyFile = {}, .passphrase = "x"}).code, Errc::StoreSeal);
    writeFile(key, right);
    QCOMPARE(openError().code, Errc::Permission);
    QCOMPARE(::chmod(key.c_str(), 0600), 0);
    QVERIFY(open());
}

void tst_SqliteStore::opensWithAPassphrase()
{
    newFile();
    const StoreOptions options{.keyFile = {}, .passphrase = "correct horse"};
    const std::string value = R"({"plugins":{"basic-auth":{"username":"u","password":"p w"}}})";
    QVERIFY(open(options)->commit(put("/apisix/consumers/j", value)));
    QVERIFY(!std::filesystem::exists(m_file.string() + ".key"));
    QCOMPARE((*open(options)->get("/apisix/consumers/j"))->value, value);
    QCOMPARE(openError({.keyFile = {}, .passphrase = "wrong"}).code, Errc::StoreSeal);
    QCOMPARE(openError().code, Errc::StoreSeal);
}

void tst_SqliteStore::makesNoKeyWithoutSecrets()
{
    newFile();
    QVERIFY(open()->commit(put("/apisix/routes/1", R"({"plugins":{"key-auth":{}}})")));
    QVERIFY(!std::filesystem::exists(m_file.string() + ".key"));
}

void tst_SqliteStore::leavesSecretsInClearWhenAsked()
{
    newFile();
    const auto store = open({.keyFile = {}, .passphrase = {}, .seal = false});
    const std::string value = R"({"plugins":{"key-auth":{"key":"in-the-clear"}}})";
    QVERIFY(store->commit(put("/apisix/consumers/j", value)));
    QVERIFY(readFile(m_file.string() + "-wal").contains("in-the-clear"));
    QVERIFY(!std::filesystem::exists(m_file.string() + ".key"));
}

QTEST_GUILESS_MAIN(tst_SqliteStore)
#include "tst_sqlite_store.moc"
