// SPDX-License-Identifier: Apache-2.0
#include "tests/support/store_conformance.h"

#include <QTest>

#include <format>

using namespace postern;

namespace {

Transaction put(std::string key, std::string value)
{
    return {.puts = {{std::move(key), std::move(value)}}, .deletes = {}, .expects = {}};
}

std::string joinKeys(const std::vector<Document> &documents)
{
    std::string text;
    for (const Document &document : documents)
        text.append(document.key).append(" ");
    return text;
}

std::string printed(const std::vector<Change> &changes)
{
    std::string text;
    for (const Change &change : changes)
        text += std::format("{}:{}={} ", change.revision, change.key,
                            change.document ? change.document->value : "gone");
    return text;
}

} // namespace

void StoreConformance::init()
{
    m_store.reset();
    m_store = makeStore();
    QVERIFY(m_store);
}

void StoreConformance::startsEmptyAtRevisionZero()
{
    QCOMPARE(*m_store->revision(), 0U);
    QVERIFY(m_store->list("")->empty());
    QVERIFY(!m_store->get("/apisix/routes/1")->has_value());
}

void StoreConformance::givesBackExactlyWhatWasPut_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("blanks and order")
        << QByteArray("/apisix/routes/1") << QByteArray(R"({ "uri" : "/b" ,"id":"1", "a":1.50})");
    QTest::newRow("not ASCII") << QByteArray("/apisix/routes/\xC3\xA4")
                               << QByteArray("{\"desc\":\"\xE2\x82\xAC\"}");
    QTest::newRow("big number") << QByteArray("/apisix/routes/n")
                                << QByteArray(R"({"n":18446744073709551617})");
    QTest::newRow("escapes") << QByteArray("/apisix/routes/e")
                             << QByteArray(R"({"d":"a\u0000\"\\\/\n"})");
    QTest::newRow("consumer with a secret")
        << QByteArray("/apisix/consumers/jack")
        << QByteArray(R"({"username":"jack", "plugins":{"key-auth":{ "key" :"jack-\u006bey"}}})");
    QTest::newRow("credential with a secret")
        << QByteArray("/apisix/consumers/jack/credentials/c1")
        << QByteArray(R"({"plugins":{"jwt-auth":{"key":"k","secret":"sealed:v1:no"}}})");
    QTest::newRow("64 KiB") << QByteArray("/apisix/routes/long")
                            << QByteArray("\"") + QByteArray(65'536, 'x') + QByteArray("\"");
    QTest::newRow("scalar") << QByteArray("/apisix/gen_id") << QByteArray("1");
}

void StoreConformance::givesBackExactlyWhatWasPut()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    const auto revision = m_store->commit(put(key.toStdString(), value.toStdString()));
    QVERIFY2(revision, revision ? "" : describe(revision.error()).c_str());
    const auto document = m_store->get(key.toStdString());
    QVERIFY(document && document->has_value());
    QCOMPARE((*document)->key, key.toStdString());
    QCOMPARE((*document)->value, value.toStdString());
    QCOMPARE(m_store->list("/apisix/")->front().value, value.toStdString());
}

void StoreConformance::countsRevisionsAsEtcd()
{
    QCOMPARE(*m_store->commit(put("/a", "1")), 1U);
    QCOMPARE(*m_store->commit(put("/b", "1")), 2U);
    QCOMPARE(*m_store->commit(put("/a", "2")), 3U);
    QCOMPARE((*m_store->get("/a"))->createRevision, 1U);
    QCOMPARE((*m_store->get("/a"))->modRevision, 3U);
    QCOMPARE((*m_store->get("/b"))->modRevision, 2U);
    QCOMPARE(*m_store->commit({.puts = {}, .deletes = {"/a"}, .expects = {}}), 4U);
    QCOMPARE(*m_store->commit(put("/a", "3")), 5U);
    QCOMPARE((*m_store->get("/a"))->createRevision, 5U);
    QCOMPARE(*m_store->revision(), 5U);
}

void StoreConformance::putsAllOrNothing()
{
    QVERIFY(m_store->commit(put("/a", "1")));
    const auto refused = m_store->commit(
        {.puts = {{"/a", "2"}, {"/b", "2"}}, .deletes = {"/c"}, .expects = {{"/a", 7}}});
    QCOMPARE(refused.error().code, Errc::Conflict);
    QCOMPARE(refused.error().where, std::string("/a"));
    QCOMPARE((*m_store->get("/a"))->value, std::string("1"));
    QVERIFY(!m_store->get("/b")->has_value());
    QCOMPARE(*m_store->revision(), 1U);
    QCOMPARE(*m_store->commit({.puts = {{"/a", "2"}, {"/b", "2"}}, .deletes = {}, .expects = {}}),
             2U);
    QCOMPARE((*m_store->get("/a"))->modRevision, 2U);
    QCOMPARE((*m_store->get("/b"))->modRevision, 2U);
}

void StoreConformance::refusesFailedExpectations_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<qulonglong>("expected");
    QTest::addColumn<bool>("passes");
    QTest::newRow("present, right") << QByteArray("/a") << 2ULL << true;
    QTest::newRow("present, old") << QByteArray("/a") << 1ULL << false;
    QTest::newRow("present, must not exist") << QByteArray("/a") << 0ULL << false;
    QTest::newRow("absent, must not exist") << QByteArray("/x") << 0ULL << true;
    QTest::newRow("absent, revision wanted") << QByteArray("/x") << 1ULL << false;
}

void StoreConformance::refusesFailedExpectations()
{
    QFETCH(QByteArray, key);
    QFETCH(qulonglong, expected);
    QFETCH(bool, passes);
    QVERIFY(m_store->commit(put("/a", "1")));
    QVERIFY(m_store->commit(put("/a", "2")));
    Transaction transaction = put("/b", "1");
    transaction.expects.push_back({key.toStdString(), expected});
    const auto revision = m_store->commit(transaction);
    QCOMPARE(revision.has_value(), passes);
    QCOMPARE(m_store->get("/b")->has_value(), passes);
    if (!passes)
        QCOMPARE(revision.error().code, Errc::Conflict);
}

void StoreConformance::listsByPrefixInByteOrder()
{
    for (const char *key : {"/r/b", "/r/B", "/r/a\xC3\xA4", "/r/a", "/r/10", "/r/9", "/r", "/s/1",
                            "/r/a/x", "/r0", "/q/1", "/r/\xFF"})
        QVERIFY(m_store->commit(put(key, "1")));
    QCOMPARE(joinKeys(*m_store->list("/r/")),
             std::string("/r/10 /r/9 /r/B /r/a /r/a/x /r/a\xC3\xA4 /r/b /r/\xFF "));
    QCOMPARE(joinKeys(*m_store->list("/r/a")), std::string("/r/a /r/a/x /r/a\xC3\xA4 "));
    QCOMPARE(joinKeys(*m_store->list("/r/\xFF")), std::string("/r/\xFF "));
    QCOMPARE(m_store->list("")->size(), 12U);
    QVERIFY(m_store->list("/zzz")->empty());
}

void StoreConformance::deletesKeys()
{
    QVERIFY(m_store->commit({.puts = {{"/a", "1"}, {"/b", "1"}}, .deletes = {}, .expects = {}}));
    QCOMPARE(*m_store->commit({.puts = {{"/c", "1"}}, .deletes = {"/a", "/x"}, .expects = {}}), 2U);
    QCOMPARE(joinKeys(*m_store->list("")), std::string("/b /c "));
}

void StoreConformance::changesNothingWithoutARevision()
{
    QVERIFY(m_store->commit(put("/a", "1")));
    QCOMPARE(*m_store->commit({}), 1U);
    QCOMPARE(*m_store->commit({.puts = {}, .deletes = {"/x"}, .expects = {{"/a", 1}}}), 1U);
    QCOMPARE(*m_store->revision(), 1U);
}

void StoreConformance::refusesUnsoundTransactions()
{
    const auto code = [this](const Transaction &transaction) {
        return m_store->commit(transaction).error().code;
    };
    QCOMPARE(code({.puts = {{"/a", "1"}, {"/a", "2"}}, .deletes = {}, .expects = {}}),
             Errc::InvalidArgument);
    QCOMPARE(code({.puts = {{"/a", "1"}}, .deletes = {"/a"}, .expects = {}}),
             Errc::InvalidArgument);
    QCOMPARE(code(put("", "1")), Errc::InvalidArgument);
    QCOMPARE(*m_store->revision(), 0U);
}

void StoreConformance::reportsChangesToTheWatcher()
{
    std::string seen;
    m_store->watch([&seen](const std::vector<Change> &changes) { seen += printed(changes); });
    QVERIFY(m_store->commit(put("/a", "1")));
    QVERIFY(m_store->commit({.puts = {{"/b", "2"}}, .deletes = {"/a", "/x"}, .expects = {}}));
    QVERIFY(!m_store->commit({.puts = {{"/c", "1"}}, .deletes = {}, .expects = {{"/b", 9}}}));
    QVERIFY(m_store->commit({}));
    QVERIFY(m_store->poll());
    QCOMPARE(seen, std::string("1:/a=1 2:/a=gone 2:/b=2 "));
    m_store->watch({});
    QVERIFY(m_store->commit(put("/d", "1")));
    QCOMPARE(seen, std::string("1:/a=1 2:/a=gone 2:/b=2 "));
}

void StoreConformance::takesALargeTransaction()
{
    Transaction transaction;
    for (int i = 0; i < 5'000; ++i)
        transaction.puts.push_back(
            {std::format("/apisix/consumers/c{}", i),
             std::format(R"({{"username":"c{0}","plugins":{{"key-auth":{{"key":"k{0}"}}}}}})", i)});
    QCOMPARE(*m_store->commit(transaction), 1U);
    const auto documents = m_store->list("/apisix/consumers/");
    QCOMPARE(documents->size(), 5'000U);
    QCOMPARE(documents->back().key, std::string("/apisix/consumers/c999"));
    QCOMPARE(documents->back().value,
             std::string(R"({"username":"c999","plugins":{"key-auth":{"key":"k999"}}})"));
}
