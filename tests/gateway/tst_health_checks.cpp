// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/control/client.h"
#include "gateway/router/route_compiler.h"
#include "gateway/upstream/health_monitor.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <atomic>
#include <format>
#include <memory>
#include <string>
#include <vector>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

namespace {

using Peer = RawUpstream::Connection;

/// A server that says its name to traffic and, to checks, what it is told to.
class CheckedServer
{
public:
    explicit CheckedServer(std::string name)
        : m_server([this, name = std::move(name)](Peer &peer) {
              for (;;) {
                  const RawMessage request = peer.readRequest();
                  if (!request.complete)
                      return;
                  const bool check = request.startLine.contains("/check");
                  if (check) {
                      ++checks;
                      if (silent) {
                          peer.waitForEnd();
                          return;
                      }
                  }
                  if (!check && hangsUp)
                      return;
                  const int status = check ? checkStatus.load() : trafficStatus.load();
                  peer.send(std::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\n\r\n{}", status,
                                        name.size(), name));
                  if (check)
                      return;
              }
          })
    {
    }
    [[nodiscard]] std::uint16_t port() const { return m_server.port(); }
    [[nodiscard]] RawMessage lastRequest() const { return m_server.lastRequest(); }

    std::atomic<int> checkStatus{200}, trafficStatus{200}, checks{0};
    std::atomic<bool> silent{false}, hangsUp{false};

private:
    RawUpstream m_server;
};

// Their time-out is longer than a busy machine takes.
constexpr std::string_view kActive =
    R"("active": {"http_path": "/check", "timeout": 20,
       "healthy": {"interval": 1, "successes": 1},
       "unhealthy": {"interval": 1, "http_failures": 1, "tcp_failures": 1, "timeouts": 1}})";
/// Checks that never find anything, for tests of the passive ones.
constexpr std::string_view kIdle =
    R"("active": {"http_path": "/check", "timeout": 20, "healthy": {"interval": 600},
       "unhealthy": {"interval": 600}})";

Json json(std::string_view text)
{
    auto parsed = parseJson(text);
    if (!parsed)
        qFatal("not JSON: %s", std::string(text).c_str());
    return *parsed;
}

} // namespace

/// Health checks of upstreams, active and passive. apisix.md 1.10, section 7.
class tst_HealthChecks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();

    void counts_data();
    void counts();
    void takesDefaults();
    void keepsStatusAcrossCompilations();
    void changedNodesBeginAnew();

    void failingNodeIsOutAndComesBack();
    void checksBeginWithTheFirstRequest();
    void checksEndWithTheirObject();
    void checksOverTcp();
    void silentNodeIsOut();
    void sendsTheRequestItIsTold();
    void allUnhealthyMeansAllAreUsed();
    void everyTriedWhileOthersAreOut();
    void passiveStatusTakesOut();
    void passiveConnectFailuresTakeOut();
    void chashLeavesTheOthersWhereTheyAre();
    void statusOutlivesAChangedRoute();
    void changedChecksBeginAtOnce();
    void checksOfChangedNodesBeginAtOnce();
    void checksOfARemadeObjectBeginAtOnce();

private:
    /// A route 1 to the servers, the first with the highest priority.
    [[nodiscard]] bool route(const std::vector<std::uint16_t> &ports, std::string_view checks,
                             std::string_view more = {}, std::string_view routeMore = {});
    [[nodiscard]] std::string who() { return m_gateway->get("/").body; }
    /// The newest trace as the control API shows it.
    [[nodiscard]] std::string trace() const;
    std::unique_ptr<GatewayFixture> m_gateway;
};

void tst_HealthChecks::init()
{
    m_gateway = std::make_unique<GatewayFixture>();
    QVERIFY(m_gateway->start());
}

bool tst_HealthChecks::route(const std::vector<std::uint16_t> &ports, std::string_view checks,
                             std::string_view more, std::string_view routeMore)
{
    std::string nodes;
    int priority = 0;
    for (const std::uint16_t port : ports)
        nodes +=
            std::format(R"({}{{"host": "127.0.0.1", "port": {}, "weight": 1, "priority": {}}})",
                        nodes.empty() ? "" : ",", port, priority--);
    const RawMessage answer = m_gateway->admin(
        "PUT", "/routes/1",
        std::format(R"({{"uri": "/*"{}, "upstream": {{"nodes": [{}], "checks": {{{}}}{}}}}})",
                    routeMore, nodes, checks, more));
    if (answer.status() / 100 != 2)
        qWarning("%s", answer.body.c_str());
    return answer.status() / 100 == 2;
}

std::string tst_HealthChecks::trace() const
{
    const ControlClient client({.unixPath = m_gateway->options.controlSocket});
    const auto answer = client.send({.target = "/v1/traces/last"});
    return answer ? answer->body : std::string();
}

void tst_HealthChecks::counts_data()
{
    QTest::addColumn<QByteArray>("results"); // S h t o: success, http, tcp, time-out
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("counters"); // success http tcp timeout
    const auto row = [](const char *name, const char *results, const char *status,
                        const char *counters) {
        QTest::newRow(name) << QByteArray(results) << QByteArray(status) << QByteArray(counters);
    };
    row("a new node is healthy", "", "healthy", "0 0 0 0");
    row("successes of a healthy node are not counted", "SSSS", "healthy", "0 0 0 0");
    row("first failure: mostly healthy", "h", "mostly_healthy", "0 1 0 0");
    row("kinds are counted apart", "ht", "mostly_healthy", "0 1 1 0");
    row("http_failures reached", "hhh", "unhealthy", "0 3 0 0");
    row("tcp_failures reached", "tt", "unhealthy", "0 0 2 0");
    row("timeouts reached", "ooo", "unhealthy", "0 0 0 3");
    row("a success clears the failures", "hhS", "mostly_healthy", "1 0 0 0");
    row("successes make it healthy again", "hhSS", "healthy", "2 0 0 0");
    row("failures of an unhealthy node are not counted", "tttt", "unhealthy", "0 0 2 0");
    row("first success of an unhealthy node", "ttS", "mostly_unhealthy", "1 0 0 0");
    row("a failure clears the successes", "ttSt", "mostly_unhealthy", "0 0 1 0");
    row("successes bring it back", "ttSS", "healthy", "2 0 0 0");
}

void tst_HealthChecks::counts()
{
    QFETCH(const QByteArray, results);
    QFETCH(const QByteArray, status);
    QFETCH(const QByteArray, counters);
    HealthTarget target("a", 80, "a");
    for (const char result : results) {
        if (result == 'S')
            target.record(HealthResult::Success, 2);
        else if (result == 'h')
            target.record(HealthResult::HttpFailure, 3);
        else if (result == 't')
            target.record(HealthResult::TcpFailure, 2);
        else
            target.record(HealthResult::Timeout, 3);
    }
    QCOMPARE(healthStatusName(target.status()), std::string_view(status.constData()));
    const HealthCounters now = target.counters();
    QCOMPARE(std::format("{} {} {} {}", now.success, now.httpFailure, now.tcpFailure,
                         now.timeoutFailure),
             counters.toStdString());
    QCOMPARE(target.out(), status == "unhealthy" || status == "mostly_unhealthy");
}

void tst_HealthChecks::takesDefaults()
{
    const HealthChecks checks = HealthChecks::compile(json(R"({"active": {}, "passive": {}})"));
    QCOMPARE(checks.reportedType, std::string("http"));
    QCOMPARE(checks.timeout, Duration(std::chrono::seconds(1)));
    QCOMPARE(checks.concurrency, std::size_t{10});
    QCOMPARE(checks.request, std::string("GET / HTTP/1.1\r\nConnection: close\r\n"));
    QCOMPARE(checks.active.successes, 2U);
    QCOMPARE(checks.active.httpFailures, 5U);
    QCOMPARE(checks.active.tcpFailures, 2U);
    QCOMPARE(checks.active.timeouts, 3U);
    QVERIFY(checks.active.healthyStatuses.test(302) && !checks.active.healthyStatuses.test(204));
    QVERIFY(checks.active.unhealthyStatuses.test(404));
    QVERIFY(checks.passive);
    QCOMPARE(checks.passive->timeouts, 7U);
    QVERIFY(checks.passive->healthyStatuses.test(204));
    QVERIFY(checks.passive->unhealthyStatuses.test(500)
            && !checks.passive->unhealthyStatuses.test(502));
    QVERIFY(!HealthChecks::compile(json(R"({"active": {}})")).passive);
    // Numbers that no timer takes.
    const HealthChecks huge =
        HealthChecks::compile(json(R"({"active": {"timeout": 1e300, "concurrency": -3,
                 "healthy": {"interval": 9000000000000000000}}})"));
    QVERIFY(huge.timeout > Duration::zero() && huge.healthyInterval > Duration::zero());
    QCOMPARE(huge.concurrency, std::size_t{1});
}

void tst_HealthChecks::keepsStatusAcrossCompilations()
{
    Resolver resolver;
    const auto monitor = std::make_shared<HealthMonitor>(resolver);
    PluginEnv env;
    env.health = monitor;
    const Json upstream = json(R"({"nodes": {"127.0.0.1:1": 1}, "checks": {"active": {}}})");
    const auto compile = [&](const Json &document) {
        return *compileUpstream(document, {}, env, "/apisix/routes/1");
    };
    auto before = compile(upstream);
    before->health->targets().front()->record(HealthResult::TcpFailure, 1);
    auto after = compile(upstream);
    QVERIFY(after->health->out(0));
    before.reset();
    QVERIFY(monitor->checkedUpstream("/apisix/routes/1"));
    // Once its object is gone, a new one of that name begins anew.
    monitor->drop("/apisix/routes/1");
    QVERIFY(!monitor->checkedUpstream("/apisix/routes/1"));
    QVERIFY(!compile(upstream)->health->out(0));
}

void tst_HealthChecks::changedNodesBeginAnew()
{
    Resolver resolver;
    const auto monitor = std::make_shared<HealthMonitor>(resolver);
    PluginEnv env;
    env.health = monitor;
    const auto compile = [&](std::string_view nodes) {
        return *compileUpstream(
            json(std::format(R"({{"nodes": {}, "checks": {{"active": {{}}}}}})", nodes)), {}, env,
            "/apisix/upstreams/1");
    };
    const auto before = compile(R"({"127.0.0.1:1": 1, "127.0.0.1:2": 1})");
    before->health->targets()[0]->record(HealthResult::TcpFailure, 1);
    const auto after = compile(R"({"127.0.0.1:3": 1, "127.0.0.1:1": 5})");
    QVERIFY(!after->health->out(0));
    QVERIFY(after->health->out(1)); // the node that was there is known by its address
}

void tst_HealthChecks::failingNodeIsOutAndComesBack()
{
    CheckedServer first("first");
    const CheckedServer second("second");
    QVERIFY(route({first.port(), second.port()}, kActive));
    QCOMPARE(who(), std::string("first"));
    first.checkStatus = 500;
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("second"), 20'000);
    first.checkStatus = 200;
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("first"), 20'000);
}

void tst_HealthChecks::checksBeginWithTheFirstRequest()
{
    const CheckedServer server("a");
    const CheckedServer other("b");
    QVERIFY(route({server.port(), other.port()}, kActive));
    QCOMPARE(server.checks.load(), 0);
    QCOMPARE(who(), std::string("a"));
    QTRY_VERIFY_WITH_TIMEOUT(server.checks > 1 && other.checks > 1, 20'000);
}

void tst_HealthChecks::checksEndWithTheirObject()
{
    const CheckedServer server("a");
    const CheckedServer other("b");
    QVERIFY(route({server.port(), other.port()}, kActive));
    QCOMPARE(who(), std::string("a"));
    QTRY_VERIFY_WITH_TIMEOUT(server.checks > 0, 20'000);
    QCOMPARE(m_gateway->admin("DELETE", "/routes/1").status(), 200);
    // A second route's checks come twice: time enough for the first one's, had they gone on.
    const int before = server.checks;
    const CheckedServer clock("clock");
    QCOMPARE(m_gateway
                 ->admin("PUT", "/routes/2",
                         std::format(R"({{"uri": "/*", "upstream": {{"nodes":
                             {{"127.0.0.1:{}": 1}}, "checks": {{{}}}}}}})",
                                     clock.port(), kActive))
                 .status(),
             201);
    QCOMPARE(who(), std::string("clock"));
    QTRY_VERIFY_WITH_TIMEOUT(clock.checks > 3, 20'000);
    QVERIFY(server.checks <= before + 1); // one may have been under way
}

void tst_HealthChecks::checksOverTcp()
{
    const CheckedServer good("good");
    QVERIFY(route({closedPort(), good.port()},
                  R"("active": {"type": "tcp", "unhealthy": {"tcp_failures": 1}})",
                  R"(, "retries": 0)"));
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("good"), 20'000); // the other is not even tried
    QCOMPARE(good.checks.load(), 0);
}

void tst_HealthChecks::silentNodeIsOut()
{
    CheckedServer first("first");
    const CheckedServer second("second");
    first.silent = true;
    QVERIFY(route({first.port(), second.port()},
                  R"("active": {"http_path": "/check", "timeout": 0.2,
                     "unhealthy": {"timeouts": 1}})"));
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("second"), 20'000);
}

void tst_HealthChecks::sendsTheRequestItIsTold()
{
    const CheckedServer server("a");
    const CheckedServer checked("b"); // `port` sends checks there
    QVERIFY(route({server.port()},
                  std::format(
                      R"("active": {{"http_method": "POST",
        "http_path": "/check?x=1", "host": "check.example", "port": {},
        "http_req_body": "ping", "req_headers": ["X-Probe: yes", "User-Agent: probe"]}})",
                      checked.port())));
    QCOMPARE(who(), std::string("a"));
    QTRY_VERIFY_WITH_TIMEOUT(checked.checks > 0, 20'000);
    const RawMessage request = checked.lastRequest();
    QCOMPARE(request.startLine, std::string("POST /check?x=1 HTTP/1.1"));
    QCOMPARE(request.header("host"), std::string("check.example"));
    QCOMPARE(request.header("x-probe"), std::string("yes"));
    QCOMPARE(request.header("user-agent"), std::string("probe"));
    QCOMPARE(request.header("connection"), std::string("close"));
    QCOMPARE(request.body, std::string("ping"));
    QCOMPARE(server.checks.load(), 0);
}

void tst_HealthChecks::allUnhealthyMeansAllAreUsed()
{
    CheckedServer first("first"), second("second");
    first.checkStatus = second.checkStatus = 500;
    QVERIFY(route({first.port(), second.port()}, kActive));
    const auto said = [this] {
        static_cast<void>(who());
        return trace();
    };
    // A check that has come to its server is not yet counted: the gateway itself says when.
    QTRY_VERIFY_WITH_TIMEOUT(said().contains("every node is unhealthy, so all are used"), 20'000);
    QCOMPARE(who(), std::string("first")); // the first in line again
}

void tst_HealthChecks::everyTriedWhileOthersAreOut()
{
    CheckedServer first("first"), second("second");
    first.checkStatus = 500;
    QVERIFY(route({first.port(), second.port()}, kActive));
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("second"), 20'000);
    second.hangsUp = true;
    const RawMessage answer = m_gateway->get("/");
    QCOMPARE(answer.status(), 502);
    QCOMPARE(answer.header("x-apisix-upstream-status"), std::string("502")); // one try only
}

void tst_HealthChecks::passiveStatusTakesOut()
{
    CheckedServer first("first");
    const CheckedServer second("second");
    QVERIFY(route({first.port(), second.port()},
                  std::format(R"({}, "passive": {{"healthy": {{"http_statuses": [200],
            "successes": 1}}, "unhealthy": {{"http_statuses": [500], "http_failures": 3}}}})",
                              kIdle)));
    first.trafficStatus = 500;
    for (int i = 0; i < 3; ++i)
        QCOMPARE(who(), std::string("first")); // the answer itself is the upstream's
    // Counted in another thread: the next request may still be early, none after it.
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("second"), 20'000);
    first.trafficStatus = 200;
    QCOMPARE(who(), std::string("second")); // nobody asks it, so nobody knows
}

void tst_HealthChecks::passiveConnectFailuresTakeOut()
{
    const CheckedServer good("good");
    QVERIFY(route({closedPort(), good.port()},
                  R"("active": {"type": "tcp", "unhealthy": {"tcp_failures": 254}},
                     "passive": {"unhealthy": {"tcp_failures": 2}})",
                  R"(, "retries": 0)"));
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("good"), 20'000); // the other is not even tried
}

void tst_HealthChecks::chashLeavesTheOthersWhereTheyAre()
{
    std::vector<std::unique_ptr<CheckedServer>> servers;
    std::string nodes;
    for (const char *name : {"a", "b", "c"}) {
        servers.push_back(std::make_unique<CheckedServer>(name));
        nodes += std::format(R"({}"127.0.0.1:{}": 1)", nodes.empty() ? "" : ", ",
                             servers.back()->port());
    }
    QCOMPARE(m_gateway
                 ->admin("PUT", "/routes/1",
                         std::format(R"({{"uri": "/*", "upstream": {{"type": "chash",
                             "key": "uri", "nodes": {{{}}}, "checks": {{{}}}}}}})",
                                     nodes, kActive))
                 .status(),
             201);
    const auto places = [this] {
        std::string found;
        for (int i = 0; i < 40; ++i)
            found += m_gateway->get(std::format("/{}", i)).body;
        return found;
    };
    const std::string before = places();
    QVERIFY(before.contains('a') && before.contains('b') && before.contains('c'));
    servers[1]->checkStatus = 500;
    QTRY_VERIFY_WITH_TIMEOUT(!places().contains('b'), 20'000);
    const std::string after = places();
    for (std::size_t i = 0; i < before.size(); ++i)
        QVERIFY(before[i] == 'b' || after[i] == before[i]);
    servers[1]->checkStatus = 200;
    QTRY_COMPARE_WITH_TIMEOUT(places(), before, 20'000);
}

void tst_HealthChecks::statusOutlivesAChangedRoute()
{
    CheckedServer first("first");
    const CheckedServer second("second");
    QVERIFY(route({first.port(), second.port()}, kActive));
    first.checkStatus = 500;
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("second"), 20'000);
    QVERIFY(route({first.port(), second.port()}, kActive, {}, R"(, "desc": "changed")"));
    QCOMPARE(who(), std::string("second"));
    first.checkStatus = 200;
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("first"), 20'000);
}

// The next round of kIdle is in ten minutes: what is checked below does not wait for it.

void tst_HealthChecks::changedChecksBeginAtOnce()
{
    CheckedServer first("first");
    const CheckedServer second("second");
    QVERIFY(route({first.port(), second.port()}, kIdle));
    QCOMPARE(who(), std::string("first"));
    QTRY_VERIFY_WITH_TIMEOUT(first.checks > 0 && second.checks > 0, 20'000);
    first.checkStatus = 500;
    QVERIFY(route({first.port(), second.port()}, kActive));
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("second"), 20'000);
}

void tst_HealthChecks::checksOfChangedNodesBeginAtOnce()
{
    const CheckedServer first("first");
    const CheckedServer second("second");
    QVERIFY(route({first.port()}, kIdle));
    QCOMPARE(who(), std::string("first"));
    QTRY_VERIFY_WITH_TIMEOUT(first.checks > 0, 20'000);
    QVERIFY(route({first.port(), second.port()}, kIdle));
    QTRY_VERIFY_WITH_TIMEOUT(second.checks > 0, 20'000);
}

void tst_HealthChecks::checksOfARemadeObjectBeginAtOnce()
{
    CheckedServer first("first");
    const CheckedServer second("second");
    QVERIFY(route({first.port(), second.port()}, kIdle));
    QCOMPARE(who(), std::string("first"));
    QTRY_VERIFY_WITH_TIMEOUT(first.checks > 0 && second.checks > 0, 20'000);
    first.checkStatus = 500;
    QCOMPARE(m_gateway->admin("DELETE", "/routes/1").status(), 200);
    QVERIFY(route({first.port(), second.port()}, kActive));
    // Its checks may already have taken the first one out.
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("second"), 20'000);
}

QTEST_GUILESS_MAIN(tst_HealthChecks)
#include "tst_health_checks.moc"
