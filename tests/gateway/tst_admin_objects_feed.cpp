// SPDX-License-Identifier: Apache-2.0
#include "gateway/change_journal.h"
#include "gateway/control/client.h"
#include "tests/support/object_clients.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;
using postern::test::keysOf;
using postern::test::ObjectClient;

namespace {

constexpr std::string_view kJack = R"({"username":"jack","labels":{"team":"platform"}})";
constexpr std::string_view kKey = R"({"plugins":{"key-auth":{"key":"jacks-secret-key"}}})";
constexpr std::string_view kVault = R"({"uri":"http://127.0.0.1:1","prefix":"kv","token":"t"})";
constexpr std::string_view kLogFormat = R"({"log_format":{"a":"$host"}})";
constexpr std::string_view kRoute = R"({"uri":"/get","plugins":{"key-auth":{}}})";

} // namespace

// Clients that show the configuration are told what changed, and not only by whom they asked.
class tst_AdminObjectsFeed : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsEverythingFirst_data() { ObjectClient::addRows(); }
    void tellsEverythingFirst();
    void tellsChanges_data() { ObjectClient::addRows(); }
    void tellsChanges();
    void tellsTheLastOfSeveral_data() { ObjectClient::addRows(); }
    void tellsTheLastOfSeveral();
    void seesOtherProcesses_data() { ObjectClient::addRows(); }
    void seesOtherProcesses();
    void tellsEverythingWhenItMust_data() { ObjectClient::addRows(); }
    void tellsEverythingWhenItMust();
    void knowsAnotherGateway();
    void listsWithoutControlApi();
    void carriesManyConsumers();
    void guardsTheEndpoint_data();
    void guardsTheEndpoint();
    void journalIsBounded_data();
    void journalIsBounded();
};

void tst_AdminObjectsFeed::tellsEverythingFirst()
{
    QFETCH(const bool, remote);
    ObjectClient client;
    QVERIFY(client.open(remote));
    QVERIFY(client.put("/consumers/jack", kJack));
    QVERIFY(client.put("/consumers/jack/credentials/one", kKey));
    QVERIFY(client.put("/routes/1", kRoute));
    // What the gateway notes for itself is no object.
    QVERIFY(client->request("PUT", "/routes/2?ttl=60", *parseJson(kRoute)).has_value());

    const auto feed = client->objects(0);
    QVERIFY2(feed, feed ? "" : describe(feed.error()).c_str());
    QVERIFY(feed->complete);
    QCOMPARE(keysOf(*feed), "/consumers/jack /consumers/jack/credentials/one /routes/1 /routes/2");
    const ObjectChange &credential = feed->changes[1];
    QCOMPARE(credential.value.find("plugins")->find("key-auth")->stringOr("key", ""),
             "jacks-secret-key");
    QCOMPARE(credential.value.stringOr("id", ""), "one");
    QVERIFY(credential.value.find("create_time")->asInteger().value_or(0) > 1'700'000'000);
    QVERIFY(credential.modified > feed->changes[0].modified);
    QCOMPARE(feed->revision, feed->changes[3].modified);
    // As a GET shows it.
    const auto shown = client->request("GET", "/consumers/jack");
    QVERIFY(shown && *shown->find("value") == feed->changes[0].value);
}

void tst_AdminObjectsFeed::tellsChanges()
{
    QFETCH(const bool, remote);
    ObjectClient client;
    QVERIFY(client.open(remote));
    QVERIFY(client.put("/consumers/jack", kJack));
    QVERIFY(client.put("/consumers/jack/credentials/one", kKey));
    QVERIFY(client.put("/routes/1", kRoute));
    const auto before = client->objects(0);
    QVERIFY(before);

    auto nothing = client->objects(before->revision);
    QVERIFY(nothing && !nothing->complete && nothing->changes.empty());
    QCOMPARE(nothing->revision, before->revision);

    QVERIFY(client.put("/routes/2", kRoute));
    QVERIFY(client.remove("/consumers/jack"));
    const auto after = client->objects(before->revision);
    QVERIFY(after && !after->complete);
    QCOMPARE(keysOf(*after), "/routes/2 -/consumers/jack -/consumers/jack/credentials/one");
    QVERIFY(after->changes[0].modified > before->revision);
    QCOMPARE(after->changes[1].modified, after->revision);
    nothing = client->objects(after->revision);
    QVERIFY(nothing && nothing->changes.empty());
}

void tst_AdminObjectsFeed::tellsTheLastOfSeveral()
{
    QFETCH(const bool, remote);
    ObjectClient client;
    QVERIFY(client.open(remote));
    QVERIFY(client.put("/routes/1", kRoute));
    const auto before = client->objects(0);
    QVERIFY(before);
    QVERIFY(client.put("/routes/2", kRoute));
    QVERIFY(client.put("/routes/3", kRoute));
    QVERIFY(client.put("/routes/2", R"({"uri":"/last","plugins":{}})"));
    QVERIFY(client.remove("/routes/3"));
    const auto after = client->objects(before->revision);
    QVERIFY(after);
    QCOMPARE(keysOf(*after), "/routes/2 -/routes/3");
    QCOMPARE(after->changes[0].value.stringOr("uri", ""), "/last");
}

void tst_AdminObjectsFeed::seesOtherProcesses()
{
    QFETCH(const bool, remote);
    ObjectClient client;
    QVERIFY(client.open(remote));
    QVERIFY(client.put("/routes/1", kRoute));
    const auto before = client->objects(0);
    QVERIFY(before);

    const auto other = openStore(client.store());
    QVERIFY(other);
    Transaction theirs;
    theirs.puts.push_back({"/apisix/routes/9", R"({"id":"9","uri":"/theirs","plugins":{}})"});
    theirs.deletes.emplace_back("/apisix/routes/1");
    QVERIFY((*other)->commit(std::move(theirs)));

    const auto after = client->objects(before->revision);
    QVERIFY(after && !after->complete);
    QCOMPARE(keysOf(*after), "-/routes/1 /routes/9");
    QCOMPARE(after->changes[1].value.stringOr("uri", ""), "/theirs");
}

void tst_AdminObjectsFeed::tellsEverythingWhenItMust()
{
    QFETCH(const bool, remote);
    ObjectClient client;
    QVERIFY(client.open(remote));
    QVERIFY(client.put("/routes/1", kRoute));
    const auto all = client->objects(0);
    QVERIFY(all);
    const auto future = client->objects(all->revision + 1000);
    QVERIFY(future && future->complete);
    QCOMPARE(keysOf(*future), "/routes/1");
    QCOMPARE(future->revision, all->revision);
}

// A memory store begins anew with its gateway: the same numbers mean other commits.
void tst_AdminObjectsFeed::knowsAnotherGateway()
{
    ObjectClient client;
    QVERIFY(client.open(true));
    QVERIFY(client.put("/routes/1", kRoute));
    const auto before = client->objects(0);
    QVERIFY(before);
    const std::string socket = client.fixture().options.controlSocket;
    client.fixture().stop();
    test::GatewayFixture second;
    second.options.controlSocket = socket;
    QVERIFY(second.start());
    QCOMPARE(second.admin("PUT", "/routes/7", kRoute).status(), 201);
    QCOMPARE(second.admin("PUT", "/routes/8", kRoute).status(), 201);
    const auto after = client->objects(before->revision);
    QVERIFY(after && after->complete);
    QCOMPARE(keysOf(*after), "/routes/7 /routes/8");
}

// As with a real APISIX: type by type, and the credentials consumer by consumer.
void tst_AdminObjectsFeed::listsWithoutControlApi()
{
    ObjectClient client;
    QVERIFY(client.open(true));
    QVERIFY(client.put("/consumers/jack", kJack));
    QVERIFY(client.put("/consumers/jack/credentials/one", kKey));
    QVERIFY(client.put("/routes/1", kRoute));
    QVERIFY(client.put("/secrets/vault/1", kVault));
    QVERIFY(client.put("/plugin_metadata/request-id", "{}")
            || client.put("/plugin_metadata/http-logger", kLogFormat));
    const auto fast = client->objects(0);
    QVERIFY(client.connect({}));
    const auto listed = client->objects(0);
    QVERIFY2(listed, listed ? "" : describe(listed.error()).c_str());
    QVERIFY(listed->complete);
    QCOMPARE(keysOf(*listed), keysOf(*fast));
    QCOMPARE(listed->revision, fast->revision);
    QVERIFY(listed->changes[0].value == fast->changes[0].value);
    const auto applied = client->apply({{"/routes/1", {}, 0}});
    QVERIFY(!applied && applied.error().code == Errc::Unsupported);
}

void tst_AdminObjectsFeed::carriesManyConsumers()
{
    constexpr int kMany = 20'000;
    test::GatewayFixture gateway;
    for (int i = 0; i < kMany; ++i)
        gateway.options.objects.push_back({"consumers",
                                           {},
                                           std::format("user{}", i),
                                           Json::object({{"username", std::format("user{}", i)}}),
                                           {},
                                           {},
                                           {}});
    QVERIFY(gateway.start());
    const auto admin =
        openRemoteAdmin({gateway.gateway().addresses().adminUrl(), gateway.options.adminKey,
                         "unix:" + gateway.options.controlSocket});
    const auto all = admin->objects(0);
    QVERIFY(all && all->complete);
    QCOMPARE(all->changes.size(), std::size_t(kMany));
    QVERIFY(admin->request("DELETE", "/consumers/user7"));
    const auto after = admin->objects(all->revision);
    QVERIFY(after && !after->complete);
    QCOMPARE(keysOf(*after), "-/consumers/user7");
}

void tst_AdminObjectsFeed::guardsTheEndpoint_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *target, const char *key, int status) {
        QTest::newRow(name) << QByteArray(target) << QByteArray(key) << status;
    };
    row("with the key", "/v1/objects", "fixture-admin-key", 200);
    row("the revision alone", "/v1/revision", "fixture-admin-key", 200);
    row("a wrong key", "/v1/objects", "wrong", 401);
    row("no key", "/v1/revision", "", 401);
    row("since: a word", "/v1/objects?since=yesterday", "fixture-admin-key", 400);
    row("since: negative", "/v1/objects?since=-1", "fixture-admin-key", 400);
    row("since: too large a number", "/v1/objects?since=99999999999999999999", "fixture-admin-key",
        400);
    row("since: empty", "/v1/objects?since=", "fixture-admin-key", 400);
    row("since: another instance", "/v1/objects?since=1&instance=nobody", "fixture-admin-key", 200);
    row("no such method", "/v1/objects/1", "fixture-admin-key", 404);
}

void tst_AdminObjectsFeed::guardsTheEndpoint()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, key);
    QFETCH(const int, status);
    test::GatewayFixture gateway;
    gateway.options.controlTcp = Endpoint{"127.0.0.1", 0};
    QVERIFY(gateway.start());
    QCOMPARE(gateway.admin("PUT", "/routes/1", kRoute).status(), 201);
    ClientRequest request{"GET", target.toStdString()};
    if (!key.isEmpty())
        request.headers.emplace_back("X-API-KEY", key.toStdString());
    const ServerAddress address{.host = "127.0.0.1",
                                .port = gateway.gateway().addresses().controlTcp->port};
    const auto answer = ControlClient(address).send(request);
    QVERIFY(answer);
    QCOMPARE(answer->status, status);
    QVERIFY(parseJson(answer->body).has_value());
    QCOMPARE(answer->body.contains("/routes/1"), status == 200 && target != "/v1/revision");
}

void tst_AdminObjectsFeed::journalIsBounded_data()
{
    QTest::addColumn<int>("commits");
    QTest::addColumn<int>("keysEach");
    QTest::newRow("many commits") << int(ChangeJournal::kKept) + 100 << 1;
    QTest::newRow("commits of many keys") << 20 << int(ChangeJournal::kKept / 10);
    QTest::newRow("one commit of too many") << 1 << int(ChangeJournal::kKept) + 1;
}

void tst_AdminObjectsFeed::journalIsBounded()
{
    QFETCH(const int, commits);
    QFETCH(const int, keysEach);
    ChangeJournal journal;
    journal.restart(10);
    std::uint64_t revision = 10;
    for (int i = 0; i < commits; ++i) {
        std::vector<Change> changes;
        ++revision;
        for (int k = 0; k < keysEach; ++k)
            changes.push_back({std::format("/apisix/routes/{}-{}", i, k), nullptr, revision});
        journal.note(changes);
    }
    QCOMPARE(journal.revision(), revision);
    QVERIFY(!journal.since(10)); // the first commits are forgotten
    QVERIFY(!journal.since(9));
    QVERIFY(!journal.since(revision + 1));
    QVERIFY(journal.since(revision) && journal.since(revision)->empty());
    if (commits > 1) {
        const auto last = journal.since(revision - 1);
        QVERIFY(last);
        QCOMPARE(last->size(), std::size_t(keysEach)); // a commit whole or not at all
    }
}

QTEST_GUILESS_MAIN(tst_AdminObjectsFeed)
#include "tst_admin_objects_feed.moc"
