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

QTEST_GUILESS_MAIN(tst_SharedStore)
#include "tst_shared_store.moc"
