// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTemporaryDir>
#include <QTest>

#include <format>

using namespace postern;
using namespace postern::test;

namespace {

constexpr auto kPatience = 20'000; // milliseconds until the other gateway must have looked

} // namespace

// Two gateways on one store, as the gateway groups of API7 share their consumers: C-03.
class tst_SharedStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void consumersAreGlobal();
    void groupsFilterRoutesOnly();
};

void tst_SharedStore::consumersAreGlobal()
{
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("reached")));
    const QTemporaryDir folder;
    const std::string store =
        "sqlite:" + folder.filePath(QStringLiteral("shared.db")).toStdString();
    GatewayFixture first, second;
    first.options.store = second.options.store = store;
    QVERIFY(first.start());
    QVERIFY(first.route("1", "/r", upstream.port(), R"(, "plugins": {"key-auth": {}})"));
    QVERIFY(second.start());

    const auto statusAt = [](const GatewayFixture &gateway, std::string_view key) {
        return gateway
            .ask(std::format("GET /r HTTP/1.1\r\nHost: a.example\r\napikey: {}\r\n\r\n", key))
            .status();
    };
    QCOMPARE(first.admin("PUT", "/consumers", R"({"username":"jack"})").status(), 201);
    QCOMPARE(first
                 .admin("PUT", "/consumers/jack/credentials/one",
                        R"({"plugins":{"key-auth":{"key":"from-the-first"}}})")
                 .status(),
             201);
    QCOMPARE(statusAt(first, "from-the-first"), 200);
    QTRY_COMPARE_WITH_TIMEOUT(statusAt(second, "from-the-first"), 200, kPatience);
    QCOMPARE(second.admin("GET", "/consumers/jack").status(), 200);

    // And the other way round; both lose what one deletes.
    QCOMPARE(second
                 .admin("PUT", "/consumers/jack/credentials/two",
                        R"({"plugins":{"key-auth":{"key":"from-the-second"}}})")
                 .status(),
             201);
    QTRY_COMPARE_WITH_TIMEOUT(statusAt(first, "from-the-second"), 200, kPatience);
    QCOMPARE(second.admin("DELETE", "/consumers/jack").status(), 200);
    QCOMPARE(statusAt(second, "from-the-first"), 401);
    QTRY_COMPARE_WITH_TIMEOUT(statusAt(first, "from-the-first"), 401, kPatience);
}

void tst_SharedStore::groupsFilterRoutesOnly()
{
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("reached")));
    const QTemporaryDir folder;
    GatewayFixture east, west, all;
    east.options.store = west.options.store = all.options.store =
        "sqlite:" + folder.filePath(QStringLiteral("shared.db")).toStdString();
    east.options.routing.gatewayGroup = "east";
    west.options.routing.gatewayGroup = "west";
    QVERIFY(east.start());
    const std::string labelled =
        R"(, "labels": {"gateway_group": "east"}, "plugins": {"key-auth": {}})";
    QVERIFY(east.route("1", "/east", upstream.port(), labelled));
    QVERIFY(east.route("2", "/both", upstream.port(), R"(, "plugins": {"key-auth": {}})"));
    QCOMPARE(east.admin("PUT", "/consumers",
                        R"({"username":"jack","plugins":{"key-auth":{"key":"jack-key"}}})")
                 .status(),
             201);
    QVERIFY(west.start());
    QVERIFY(all.start());

    const auto statusAt = [](const GatewayFixture &gateway, std::string_view path) {
        return gateway
            .ask(
                std::format("GET {} HTTP/1.1\r\nHost: a.example\r\napikey: jack-key\r\n\r\n", path))
            .status();
    };
    QCOMPARE(statusAt(east, "/east"), 200);
    QCOMPARE(statusAt(west, "/east"), 404);
    QCOMPARE(statusAt(all, "/east"), 200);
    for (const GatewayFixture *const gateway : {&east, &west, &all})
        QCOMPARE(statusAt(*gateway, "/both"), 200);
    QCOMPARE(west.admin("GET", "/routes/1").status(), 200); // the store is one

    // A route that moves to another group.
    QCOMPARE(west.admin("PATCH", "/routes/1", R"({"labels":{"gateway_group":"west"}})").status(),
             200);
    QCOMPARE(statusAt(west, "/east"), 200);
    QTRY_COMPARE_WITH_TIMEOUT(statusAt(east, "/east"), 404, kPatience);
}

QTEST_GUILESS_MAIN(tst_SharedStore)
#include "tst_shared_store.moc"
