// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include "gateway/admin/apisix/import.h"

#include <QTemporaryDir>
#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;
using std::chrono::seconds;

// Objects with a time to live. apisix.md 1.4 step 7, 1.2.
class tst_AdminLeases : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ends_data();
    void ends();
    void laterWriteDecides_data();
    void laterWriteDecides();
    void refusesWhatIsNoNumber_data();
    void refusesWhatIsNoNumber();
    void outlivesARestart();
    void heedsOtherProcesses();
    void endsWithTheObject();
    void keepsOutOfTheWay();
    void filesEndLeases();
    void failedWriteKeepsTheLease();

private:
    static bool exists(AdminApi &api, const char *target)
    {
        return api.send("GET", target).status == 200;
    }
};

namespace {

constexpr const char *kRoute = R"({"uri":"/","plugins":{}})";

} // namespace

void tst_AdminLeases::ends_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("ttl");
    QTest::addColumn<int>("lives");
    const auto row = [](const char *name, const char *method, const char *ttl, int lives) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(ttl) << lives;
    };
    row("1.4 ttl: PUT", "PUT", "5", 5);
    row("1.4 ttl: POST", "POST", "5", 5);
    row("1.4 ttl: PATCH", "PATCH", "5", 5);
    row("1.4 ttl: a fraction", "PUT", "2.5", 2);
    row("1.4 ttl: below a second", "PUT", "0", 1);
    row("1.4 ttl: negative", "PUT", "-7", 1);
    row("1.4 ttl: exponent", "PUT", "1e1", 10);
    row("1.4 ttl: no end in sight", "PUT", "1e300", 2'000'000'000);
}

void tst_AdminLeases::ends()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, ttl);
    QFETCH(const int, lives);
    AdminApi api;
    const std::string key = method == "POST" ? "routes/00000000000000000001" : "routes/1";
    if (method == "PATCH")
        api.send("PUT", "routes/1", kRoute);
    const std::string target = method == "POST" ? "routes" : "routes/1";
    const auto reply = api.send(method.toStdString(), target + "?ttl=" + ttl.toStdString(), kRoute);
    QVERIFY(reply.status < 300);
    const std::size_t published = api.published;
    QVERIFY(api.clock.advance(seconds(lives) - std::chrono::milliseconds(1)));
    api.admin.expire(api.clock.now());
    QCOMPARE(api.send("GET", key).status, 200);
    QCOMPARE(api.published, published); // nothing happens while nothing ends
    QVERIFY(api.clock.advance(seconds(2)));
    api.admin.expire(api.clock.now());
    QCOMPARE(api.send("GET", key).status, lives > 1'000'000 ? 200 : 404);
}

void tst_AdminLeases::laterWriteDecides_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("stays");
    const auto row = [](const char *name, const char *method, const char *target, bool stays) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << stays;
    };
    row("1.4 ttl: PUT without ttl ends the lease", "PUT", "routes/1", true);
    row("1.4 ttl: PATCH without ttl ends the lease", "PATCH", "routes/1", true);
    row("1.4 ttl: PUT with a longer one", "PUT", "routes/1?ttl=60", true);
    row("1.4 ttl: PUT with a shorter one", "PUT", "routes/1?ttl=1", false);
    row("1.4 ttl: of another object", "PUT", "routes/2", false);
    row("1.4 ttl: a GET changes nothing", "GET", "routes/1?ttl=60", false);
}

void tst_AdminLeases::laterWriteDecides()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const bool, stays);
    AdminApi api;
    api.send("PUT", "routes/1?ttl=5", kRoute);
    QVERIFY(api.send(method.toStdString(), target.toStdString(), kRoute).status < 300);
    QVERIFY(api.clock.advance(seconds(6)));
    api.admin.expire(api.clock.now());
    QCOMPARE(exists(api, "routes/1"), stays);
}

void tst_AdminLeases::refusesWhatIsNoNumber_data()
{
    addRequestColumns();
    for (const char *method : {"GET", "PUT", "POST", "DELETE", "PATCH"}) {
        for (const char *ttl : {"soon", "", "5s", "1%202", "nan"}) {
            QTest::addRow("1.2 ttl %s %s", method, ttl)
                << QByteArray(method) << QByteArray("routes/1?ttl=") + ttl << QByteArray(kRoute)
                << 400 << QByteArray("invalid argument ttl: should be a number");
        }
    }
}

void tst_AdminLeases::refusesWhatIsNoNumber()
{
    AdminApi api;
    checkCurrentRow(api);
}

void tst_AdminLeases::outlivesARestart()
{
    const QTemporaryDir folder;
    const std::string uri = "sqlite:" + folder.filePath(QStringLiteral("a.db")).toStdString();
    {
        AdminApi api(AdminApi::withoutKey(), openStore(uri).value());
        QCOMPARE(api.send("PUT", "routes/1?ttl=5", kRoute).status, 201);
        QCOMPARE(api.send("PUT", "routes/2?ttl=60", kRoute).status, 201);
        QCOMPARE(api.send("PUT", "routes/3?ttl=5", kRoute).status, 201);
        QCOMPARE(api.send("PUT", "routes/3", kRoute).status, 200);
    }
    AdminApi api(AdminApi::withoutKey(), openStore(uri).value());
    QVERIFY(api.config.load());
    QVERIFY(exists(api, "routes/1"));
    QVERIFY(api.clock.advance(seconds(6)));
    api.admin.expire(api.clock.now());
    QVERIFY(!exists(api, "routes/1"));
    QVERIFY(exists(api, "routes/2"));
    QVERIFY(exists(api, "routes/3"));
    QCOMPARE(api.config.store().list("/postern/leases/")->size(), 1U);
}

void tst_AdminLeases::heedsOtherProcesses()
{
    const QTemporaryDir folder;
    const std::string uri = "sqlite:" + folder.filePath(QStringLiteral("a.db")).toStdString();
    AdminApi one(AdminApi::withoutKey(), openStore(uri).value());
    AdminApi two(AdminApi::withoutKey(), openStore(uri).value());
    one.send("PUT", "routes/1?ttl=5", kRoute);
    one.send("PUT", "routes/2?ttl=5", kRoute);
    two.send("PUT", "routes/1", kRoute); // for good
    two.send("PUT", "routes/2?ttl=60", kRoute); // for longer
    QVERIFY(one.clock.advance(seconds(10)));
    one.admin.expire(one.clock.now());
    QVERIFY(exists(one, "routes/1"));
    QVERIFY(exists(one, "routes/2"));
    QVERIFY(one.clock.advance(seconds(60)));
    one.admin.expire(one.clock.now());
    QVERIFY(exists(one, "routes/1"));
    QVERIFY(!exists(one, "routes/2"));
}

void tst_AdminLeases::endsWithTheObject()
{
    AdminApi api;
    api.send("PUT", "consumers?ttl=5", R"({"username":"jack"})");
    api.send("PUT", "consumers/jack/credentials/c?ttl=5", "{}");
    QCOMPARE(api.send("DELETE", "consumers/jack").status, 200);
    QVERIFY(api.config.store().list("/postern/")->empty());
    api.send("PUT", "consumers", R"({"username":"jack"})");
    QVERIFY(api.clock.advance(seconds(6)));
    api.admin.expire(api.clock.now());
    QVERIFY(exists(api, "consumers/jack"));
}

void tst_AdminLeases::keepsOutOfTheWay()
{
    AdminApi api;
    api.send("PUT", "routes/1?ttl=5", kRoute);
    // one revision a write, as ever, and nothing in any list
    QCOMPARE(*api.config.store().revision(), 1U);
    QCOMPARE(jsonOf(api.send("GET", "routes/1")).find("modifiedIndex")->asInteger(), 1);
    QCOMPARE(jsonOf(api.send("GET", "routes")).find("total")->asInteger(), 1);
    QVERIFY(api.config.problems().empty());
    // two that end at once end in one revision
    api.send("PUT", "routes/2?ttl=5", kRoute);
    QVERIFY(api.clock.advance(seconds(6)));
    api.admin.expire(api.clock.now());
    QCOMPARE(*api.config.store().revision(), 3U);
    QCOMPARE(jsonOf(api.send("GET", "routes")).find("total")->asInteger(), 0);
    api.admin.expire(api.clock.now());
    QCOMPARE(*api.config.store().revision(), 3U);
}

void tst_AdminLeases::filesEndLeases()
{
    auto store = openStore("memory:").value();
    Store *const raw = store.get();
    AdminApi api(AdminApi::withoutKey(), std::move(store));
    api.send("PUT", "routes/1?ttl=5", kRoute);
    api.send("PUT", "routes/2?ttl=5", kRoute);
    static const auto file = std::make_shared<const ConfigFile>(ConfigFile{"f", {}});
    std::vector<ConfigObject> objects;
    objects.push_back({"routes",
                       "",
                       "1",
                       Json::object({{"uri", "/"}, {"plugins", Json::object()}}),
                       {},
                       file,
                       nullptr});
    QVERIFY(importObjects(api.config, std::move(objects)));
    QCOMPARE(raw->list("/postern/leases/")->size(), 1U);
    QVERIFY(api.clock.advance(seconds(6)));
    api.admin.expire(api.clock.now());
    QVERIFY(exists(api, "routes/1"));
    QVERIFY(!exists(api, "routes/2"));
}

void tst_AdminLeases::failedWriteKeepsTheLease()
{
    AdminApi api;
    api.send("PUT", "routes/1?ttl=5", kRoute);
    QCOMPARE(api.send("PUT", "routes/1", "{}").status, 400);
    QVERIFY(api.clock.advance(seconds(6)));
    api.admin.expire(api.clock.now());
    QVERIFY(!exists(api, "routes/1"));
}

QTEST_GUILESS_MAIN(tst_AdminLeases)
#include "tst_admin_leases.moc"
