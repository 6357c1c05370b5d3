// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <atomic>
#include <format>
#include <memory>
#include <string>
#include <vector>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

using Peer = RawUpstream::Connection;

std::string head(std::string_view line, std::string_view fields = {})
{
    return std::format("{}\r\nHost: a.example\r\n{}\r\n", line, fields);
}

RawUpstream::Script closing()
{
    return [](Peer &peer) { peer.readRequest(); };
}

} // namespace

/// How often, where and when a request is tried again. apisix.md 2.7, 2.9.
class tst_Retries : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void counts_data();
    void counts();
    void repeatsByMethod_data();
    void repeatsByMethod();
    void deadlineEndsTheTries();
    void routeTimeoutGoesBeforeTheUpstreams();
    void everyAddressOfANameTakesATurn();
    void deadAddressOfANameCostsNoTry();
    void idleConnectionsAreClosedByTheUpstreamsTime();

private:
    /// A route to these ports, all of one priority each: the first is tried first.
    [[nodiscard]] bool route(const std::vector<std::uint16_t> &ports, std::string_view more,
                             std::string_view routeMore = {});
    std::unique_ptr<GatewayFixture> m_gateway;
};

void tst_Retries::init()
{
    m_gateway = std::make_unique<GatewayFixture>();
    QVERIFY(m_gateway->start());
}

bool tst_Retries::route(const std::vector<std::uint16_t> &ports, std::string_view more,
                        std::string_view routeMore)
{
    std::string nodes;
    int priority = 0;
    for (const std::uint16_t port : ports)
        nodes +=
            std::format(R"({}{{"host": "127.0.0.1", "port": {}, "weight": 1, "priority": {}}})",
                        nodes.empty() ? "" : ",", port, priority--);
    const RawMessage answer =
        m_gateway->admin("PUT", "/routes/1",
                         std::format(R"({{"uri": "/*"{}, "upstream": {{"nodes": [{}]{}}}}})",
                                     routeMore, nodes, more));
    return answer.status() / 100 == 2;
}

void tst_Retries::counts_data()
{
    QTest::addColumn<int>("bad"); // nodes that close on the request, before the good one
    QTest::addColumn<bool>("good");
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("statuses");
    const auto row = [](const char *name, int bad, bool good, const char *more, int status,
                        const char *statuses) {
        QTest::newRow(name) << bad << good << QByteArray(more) << status << QByteArray(statuses);
    };
    row("2.7 retries: nodes - 1 by default", 2, true, "", 200, "-");
    row("2.9 X-APISIX-Upstream-Status names every try", 3, false, "", 502, "502, 502, 502");
    row("2.7 retries 0: none", 1, true, R"(, "retries": 0)", 502, "502");
    row("2.7 retries 1", 2, true, R"(, "retries": 1)", 502, "502, 502");
    row("2.9 more retries than nodes: all tries used", 2, false, R"(, "retries": 9)", 502,
        "502, 502");
    row("2.7 one node is tried again", 1, false, R"(, "retries": 2)", 502, "502, 502, 502");
    row("2.7 one node, no retries by default", 1, false, "", 502, "502");
}

void tst_Retries::counts()
{
    QFETCH(const int, bad);
    QFETCH(const bool, good);
    QFETCH(const QByteArray, more);
    QFETCH(const int, status);
    QFETCH(const QByteArray, statuses);
    std::vector<std::unique_ptr<RawUpstream>> servers;
    std::vector<std::uint16_t> ports;
    for (int i = 0; i < bad; ++i)
        servers.push_back(std::make_unique<RawUpstream>(closing()));
    if (good)
        servers.push_back(std::make_unique<RawUpstream>(RawUpstream::echoing()));
    for (const auto &server : servers)
        ports.push_back(server->port());
    QVERIFY(route(ports, more.toStdString()));
    const RawMessage answer = m_gateway->get("/x");
    QCOMPARE(answer.status(), status);
    QCOMPARE(answer.header("x-apisix-upstream-status"), statuses.toStdString());
}

void tst_Retries::repeatsByMethod_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("repeated");
    for (const char *method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PROPFIND"})
        QTest::addRow("2.7 %s is sent again", method) << QByteArray(method) << true;
    for (const char *method : {"POST", "PATCH", "LOCK"})
        QTest::addRow("2.7 %s is not sent twice", method) << QByteArray(method) << false;
}

void tst_Retries::repeatsByMethod()
{
    QFETCH(const QByteArray, method);
    QFETCH(const bool, repeated);
    const RawUpstream bad(closing());
    const RawUpstream good(RawUpstream::echoing());
    QVERIFY(route({bad.port(), good.port()}, {}));
    const RawMessage answer = m_gateway->ask(head(method.toStdString() + " /x HTTP/1.1"));
    QCOMPARE(answer.status(), repeated ? 200 : 502);
    QCOMPARE(good.requestCount(), std::size_t{repeated ? 1U : 0U});
    QCOMPARE(bad.requestCount(), std::size_t{1});
}

void tst_Retries::deadlineEndsTheTries()
{
    const RawUpstream silent([](Peer &peer) {
        peer.readRequest();
        peer.waitForEnd();
    });
    const RawUpstream good(RawUpstream::echoing());
    // The first node's time-out is longer than what is left for retries.
    QVERIFY(route({silent.port(), good.port()},
                  R"(, "retry_timeout": 0.1, "timeout": {"connect": 1, "send": 1, "read": 0.3})"));
    const RawMessage answer = m_gateway->get("/x");
    QCOMPARE(answer.status(), 502);
    QCOMPARE(answer.header("x-apisix-upstream-status"), std::string("504"));
    QCOMPARE(good.requestCount(), std::size_t{0});
    // The good node has that time, too.
    QVERIFY(route({silent.port(), good.port()},
                  R"(, "retry_timeout": 60, "timeout": {"connect": 20, "send": 20, "read": 3})"));
    QCOMPARE(m_gateway->get("/x").status(), 200);
}

void tst_Retries::routeTimeoutGoesBeforeTheUpstreams()
{
    const RawUpstream silent([](Peer &peer) {
        peer.readRequest();
        peer.waitForEnd();
    });
    QVERIFY(route({silent.port()}, R"(, "timeout": {"connect": 60, "send": 60, "read": 60})",
                  R"(, "timeout": {"connect": 1, "send": 1, "read": 0.2})"));
    QCOMPARE(m_gateway->get("/x").status(), 504);
}

void tst_Retries::everyAddressOfANameTakesATurn()
{
    // 127.0.0.2 and ::1 would need a server each; two ports of one address tell as much.
    const RawUpstream one(RawUpstream::answering(RawUpstream::ok("one")));
    const RawUpstream two(RawUpstream::answering(RawUpstream::ok("two")));
    GatewayFixture gateway;
    std::atomic<int> lookups{0};
    gateway.options.lookup = [&](const std::string &host,
                                 std::uint16_t) -> gateway::Resolver::Found {
        ++lookups;
        if (host != "service.example")
            return fail(Errc::UpstreamResolve, "no such name", host);
        return std::vector{*gateway::SocketAddress::fromNumeric("127.0.0.1", one.port()),
                           *gateway::SocketAddress::fromNumeric("127.0.0.1", two.port())};
    };
    QVERIFY(gateway.start());
    QCOMPARE(gateway
                 .admin("PUT", "/routes/1",
                        R"({"uri": "/*", "upstream": {"nodes": {"service.example:80": 1}}})")
                 .status(),
             201);
    for (int i = 0; i < 6; ++i)
        QCOMPARE(gateway.get("/").status(), 200);
    QCOMPARE(one.requestCount(), std::size_t{3});
    QCOMPARE(two.requestCount(), std::size_t{3});
    QVERIFY(lookups <= 2); // what was found is remembered for a while
}

void tst_Retries::deadAddressOfANameCostsNoTry()
{
    const RawUpstream good(RawUpstream::echoing());
    const std::uint16_t dead = closedPort();
    GatewayFixture gateway;
    gateway.options.lookup = [&](const std::string &, std::uint16_t) -> gateway::Resolver::Found {
        return std::vector{*gateway::SocketAddress::fromNumeric("127.0.0.1", dead),
                           *gateway::SocketAddress::fromNumeric("127.0.0.1", good.port())};
    };
    QVERIFY(gateway.start());
    QCOMPARE(gateway
                 .admin("PUT", "/routes/1",
                        R"({"uri": "/*", "upstream": {"retries": 0,
                            "nodes": {"service.example:80": 1}}})")
                 .status(),
             201);
    for (int i = 0; i < 4; ++i)
        QCOMPARE(gateway.get("/").status(), 200);
}

void tst_Retries::idleConnectionsAreClosedByTheUpstreamsTime()
{
    std::atomic<int> ended{0};
    const RawUpstream upstream([&](Peer &peer) {
        while (peer.readRequest().complete)
            peer.send(RawUpstream::ok("x"));
        ++ended;
    });
    QVERIFY(route({upstream.port()}, R"(, "keepalive_pool": {"idle_timeout": 0.1})"));
    QCOMPARE(m_gateway->get("/").status(), 200);
    QTRY_COMPARE_WITH_TIMEOUT(ended.load(), 1, 20'000); // nobody closed it but the gateway
}

QTEST_GUILESS_MAIN(tst_Retries)
#include "tst_retries.moc"
