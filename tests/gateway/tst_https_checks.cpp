// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/client.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/tls_server.h"

#include <QTemporaryFile>
#include <QTest>

#include <atomic>
#include <format>
#include <memory>

using namespace postern;
using namespace postern::test;

namespace {

/// A server over TLS that says its name to traffic and a status of its own to checks.
class SecureServer
{
public:
    SecureServer(std::string name, const TlsIdentity &identity)
        : m_server(servingOverTls(
              identity, met, [this, name = std::move(name)](const std::string &head) {
                  const bool check = head.contains("/check");
                  if (check)
                      ++checks;
                  return std::format("HTTP/1.1 {} X\r\nContent-Length: {}"
                                     "\r\n\r\n{}",
                                     check ? checkStatus.load() : 200, name.size(), name);
              }))
    {
    }
    [[nodiscard]] std::uint16_t port() const { return m_server.port(); }

    std::atomic<int> checkStatus{200}, checks{0};
    std::shared_ptr<TlsMeetings> met = std::make_shared<TlsMeetings>();

private:
    RawUpstream m_server;
};

} // namespace

/// Active health checks over TLS, `checks.active.type: https`. apisix.md 1.10.
class tst_HttpsChecks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();

    void failingNodeIsOutAndComesBack();
    void verifies_data();
    void verifies();
    void sendsTheHostAsName_data();
    void sendsTheHostAsName();
    void brokenHandshakesAreTcpFailures_data();
    void brokenHandshakesAreTcpFailures();
    void oneSilentPeerHoldsUpNothing();
    void leavesTheBuiltinPlain();

private:
    /// \param active members of `checks.active` behind its type
    [[nodiscard]] bool route(std::string_view id, const std::vector<std::uint16_t> &ports,
                             std::string_view active, std::string_view more = {});
    [[nodiscard]] std::string who(std::string_view target = "/1") const
    {
        return m_gateway->get(target).body;
    }
    /// What APISIX's control API says about the checks of that route.
    [[nodiscard]] std::string report(std::string_view id) const;

    std::unique_ptr<TlsIdentity> m_authority, m_identity;
    QTemporaryFile m_trusted;
    std::unique_ptr<GatewayFixture> m_gateway;
};

namespace {

constexpr std::string_view kQuick =
    R"("http_path": "/check", "host": "up.example", "healthy": {"interval": 1, "successes": 1},
       "unhealthy": {"interval": 1, "http_failures": 1, "tcp_failures": 1, "timeouts": 1})";
/// With a time-out that is longer than a busy machine takes.
const std::string kUnhurried = std::string(kQuick) + R"(, "timeout": 20)";

} // namespace

void tst_HttpsChecks::initTestCase()
{
    m_authority = std::make_unique<TlsIdentity>(makeAuthority("authority"));
    m_identity = std::make_unique<TlsIdentity>(
        issue(*m_authority, {.alternatives = "DNS:up.example,IP:127.0.0.1"}));
    QVERIFY(m_trusted.open());
    m_trusted.write(QByteArray::fromStdString(m_authority->pem()));
    m_trusted.flush();
}

void tst_HttpsChecks::init()
{
    m_gateway = std::make_unique<GatewayFixture>();
    m_gateway->options.trustedCertificates = m_trusted.fileName().toStdString();
    m_gateway->options.controlApisix = gateway::Endpoint{"127.0.0.1", 0};
    m_gateway->options.builtinUpstream = true;
    QVERIFY(m_gateway->start());
}

bool tst_HttpsChecks::route(std::string_view id, const std::vector<std::uint16_t> &ports,
                            std::string_view active, std::string_view more)
{
    std::string nodes;
    int priority = 0;
    for (const std::uint16_t port : ports)
        nodes +=
            std::format(R"({}{{"host": "127.0.0.1", "port": {}, "weight": 1, "priority": {}}})",
                        nodes.empty() ? "" : ",", port, priority--);
    const RawMessage answer = m_gateway->admin(
        "PUT", std::format("/routes/{}", id),
        std::format(R"({{"uri": "/{}", "upstream": {{"scheme": "https", "nodes": [{}],
                        "checks": {{"active": {{"type": "https", {}}}}}{}}}}})",
                    id, nodes, active, more));
    if (answer.status() / 100 != 2)
        qWarning("%s", answer.body.c_str());
    return answer.status() / 100 == 2;
}

std::string tst_HttpsChecks::report(std::string_view id) const
{
    const auto control =
        gateway::parseServerAddress(m_gateway->gateway().addresses().controlApisixUrl());
    const auto answer = gateway::ControlClient(*control).send(
        {.target = std::format("/v1/healthcheck/routes/{}", id)});
    return answer ? answer->body : std::string();
}

void tst_HttpsChecks::failingNodeIsOutAndComesBack()
{
    SecureServer first("first", *m_identity);
    const SecureServer second("second", *m_identity);
    QVERIFY(route("1", {first.port(), second.port()}, kUnhurried));
    QCOMPARE(who(), std::string("first"));
    first.checkStatus = 500;
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("second"), 20'000);
    first.checkStatus = 200;
    QTRY_COMPARE_WITH_TIMEOUT(who(), std::string("first"), 20'000);
    QVERIFY(report("1").contains(R"("type":"https")"));
}

void tst_HttpsChecks::verifies_data()
{
    QTest::addColumn<QByteArray>("names");
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<bool>("accepted");
    const auto row = [](const char *title, const char *names, bool trusted, const char *more,
                        bool accepted) {
        QTest::newRow(title) << QByteArray(names) << trusted << QByteArray(more) << accepted;
    };
    constexpr const char *kLax = R"(, "https_verify_certificate": false)";
    row("https_verify_certificate is on: the host's certificate", "DNS:up.example", true, "", true);
    row("https_verify_certificate is on: another name", "DNS:other.example", true, "", false);
    row("https_verify_certificate is on: nobody vouches for it", "DNS:up.example", false, "",
        false);
    row("https_verify_certificate off: another name", "DNS:other.example", true, kLax, true);
    row("https_verify_certificate off: nobody vouches for it", "DNS:up.example", false, kLax, true);
}

// An answer with an unhealthy status tells that a check went through: successes of a healthy node
// are not counted.
void tst_HttpsChecks::verifies()
{
    QFETCH(const QByteArray, names);
    QFETCH(const bool, trusted);
    QFETCH(const QByteArray, more);
    QFETCH(const bool, accepted);
    const TlsIdentity stranger = makeAuthority("stranger");
    SecureServer server(
        "a", issue(trusted ? *m_authority : stranger, {.alternatives = names.toStdString()}));
    server.checkStatus = 500;
    QVERIFY(route("1", {server.port()}, kUnhurried + more.toStdString()));
    static_cast<void>(who()); // checks begin with traffic
    QTRY_VERIFY_WITH_TIMEOUT(report("1").contains(R"("status":"unhealthy")"), 20'000);
    const std::string said = report("1");
    QVERIFY2(said.contains(accepted ? R"("http_failure":1)" : R"("tcp_failure":1)"), said.c_str());
    QCOMPARE(server.checks.load() > 0, accepted);
}

void tst_HttpsChecks::sendsTheHostAsName_data()
{
    QTest::addColumn<QByteArray>("active");
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *title, const char *active, const char *more, const char *name) {
        QTest::newRow(title) << QByteArray(active) << QByteArray(more) << QByteArray(name);
    };
    row("the node's address is no name", "", "", "");
    row("host", R"("host": "up.example", )", "", "up.example");
    row("pass_host rewrite: without the port", R"("host": "x.example", )",
        R"(, "pass_host": "rewrite", "upstream_host": "re.example:8443")", "re.example");
    row("pass_host node", R"("host": "x.example", )", R"(, "pass_host": "node")", "");
}

void tst_HttpsChecks::sendsTheHostAsName()
{
    QFETCH(const QByteArray, active);
    QFETCH(const QByteArray, more);
    QFETCH(const QByteArray, name);
    const SecureServer server("a", *m_identity);
    const SecureServer checked("b", *m_identity); // `port` sends checks there
    QVERIFY(route("1", {server.port()},
                  std::format(R"({}"port": {}, "http_path": "/check",
                                 "https_verify_certificate": false)",
                              active.toStdString(), checked.port()),
                  more.toStdString()));
    QCOMPARE(who(), std::string("a"));
    QTRY_VERIFY_WITH_TIMEOUT(checked.checks > 0, 20'000);
    const std::scoped_lock lock(checked.met->mutex);
    QCOMPARE(checked.met->names.front(), name.toStdString());
    QCOMPARE(checked.met->clients.front(), std::string()); // nothing is shown
}

void tst_HttpsChecks::brokenHandshakesAreTcpFailures_data()
{
    QTest::addColumn<RawUpstream::Script>("script");
    QTest::newRow("a server that speaks HTTP") << RawUpstream::answering(RawUpstream::ok("plain"));
    QTest::newRow("a server that says nothing")
        << RawUpstream::Script([](RawUpstream::Connection &peer) { peer.waitForEnd(); });
    QTest::newRow("a server that hangs up")
        << RawUpstream::Script([](RawUpstream::Connection &peer) {
               static_cast<void>(peer.readExactly(5));
               peer.close();
           });
}

void tst_HttpsChecks::brokenHandshakesAreTcpFailures()
{
    QFETCH(const RawUpstream::Script, script);
    const SecureServer server("a", *m_identity);
    const RawUpstream broken(script);
    QVERIFY(route("1", {server.port()},
                  std::format(R"({}, "timeout": 2, "port": {})", kQuick, broken.port())));
    QCOMPARE(who(), std::string("a"));
    QTRY_VERIFY_WITH_TIMEOUT(report("1").contains(R"("tcp_failure":1)"), 20'000);
    QVERIFY(report("1").contains(R"("timeout_failure":0)"));
}

void tst_HttpsChecks::oneSilentPeerHoldsUpNothing()
{
    const SecureServer server("a", *m_identity);
    const RawUpstream silent([](RawUpstream::Connection &peer) { peer.waitForEnd(); });
    QVERIFY(route("1", {server.port()},
                  std::format(R"({}, "timeout": 600, "port": {})", kQuick, silent.port())));
    QCOMPARE(who(), std::string("a"));
    QTRY_VERIFY_WITH_TIMEOUT(silent.connections() > 0, 20'000);
    const SecureServer other("b", *m_identity);
    QVERIFY(route("2", {other.port()}, kUnhurried));
    QCOMPARE(who("/2"), std::string("b"));
    QTRY_VERIFY_WITH_TIMEOUT(other.checks > 2, 20'000);
}

void tst_HttpsChecks::leavesTheBuiltinPlain()
{
    QCOMPARE(m_gateway
                 ->admin("PUT", "/routes/1",
                         R"({"uri": "/get", "upstream": {"scheme": "https",
                             "nodes": {"httpbin.org:443": 1}, "checks": {"active": {
                             "type": "https", "http_path": "/status/500",
                             "unhealthy": {"http_failures": 1}}}}})")
                 .status(),
             201);
    QCOMPARE(m_gateway->get("/get").status(), 200);
    QTRY_VERIFY_WITH_TIMEOUT(report("1").contains(R"("http_failure":1)"), 20'000);
}

QTEST_GUILESS_MAIN(tst_HttpsChecks)
#include "tst_https_checks.moc"
