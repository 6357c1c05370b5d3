// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <format>
#include <memory>
#include <string>

using namespace postern;
using namespace postern::test;

/// The Host that the upstream sees, and the forms a node may have. apisix.md 1.10, 2.7.
class tst_PassHost : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void host_data();
    void host();
    void ipv6Node_data();
    void ipv6Node();

private:
    RawUpstream m_upstream{RawUpstream::echoing()};
    GatewayFixture m_gateway;
};

void tst_PassHost::initTestCase()
{
    const std::string to = std::format("127.0.0.1:{}", m_upstream.port());
    for (const char *node : {"node.example:80", "node.example:443", "node.example:8080", "::1:8080",
                             "::1:80", "10.0.0.9:80"})
        m_gateway.options.aliases[node] = to;
    QVERIFY(m_gateway.start());
}

void tst_PassHost::host_data()
{
    QTest::addColumn<QByteArray>("upstream");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *upstream, const char *expected) {
        QTest::newRow(name) << QByteArray(upstream) << QByteArray(expected);
    };
    row("2.7 pass: the client's, with its port", R"("nodes": {"node.example:8080": 1})",
        "client.example:9080");
    row("2.7 pass, said", R"("pass_host": "pass", "nodes": {"node.example": 1})",
        "client.example:9080");
    row("2.7 node", R"("pass_host": "node", "nodes": {"node.example:8080": 1})",
        "node.example:8080");
    row("2.7 node: not the scheme's own port",
        R"("pass_host": "node", "nodes": {"node.example": 1})", "node.example");
    row("2.7 node: 443 is not http's port",
        R"("pass_host": "node", "nodes": {"node.example:443": 1})", "node.example:443");
    row("2.7 node: an array",
        R"("pass_host": "node", "nodes": [{"host": "node.example", "port": 8080, "weight": 1}])",
        "node.example:8080");
    row("2.7 node: an array without port",
        R"("pass_host": "node", "nodes": [{"host": "node.example", "weight": 1}])", "node.example");
    row("2.7 node: an address", R"("pass_host": "node", "nodes": {"10.0.0.9": 1})", "10.0.0.9");
    row("2.7 node: IPv6", R"("pass_host": "node", "nodes": {"[::1]:8080": 1})", "[::1]:8080");
    row("2.7 node: IPv6 on the scheme's port", R"("pass_host": "node", "nodes": {"[::1]": 1})",
        "[::1]");
    row("2.7 node: IPv6 in an array",
        R"("pass_host": "node", "nodes": [{"host": "::1", "port": 8080, "weight": 1}])",
        "[::1]:8080");
    row("2.7 rewrite", R"("pass_host": "rewrite", "upstream_host": "up.example:99",
        "nodes": {"node.example": 1})",
        "up.example:99");
}

void tst_PassHost::host()
{
    QFETCH(const QByteArray, upstream);
    QFETCH(const QByteArray, expected);
    const RawMessage put = m_gateway.admin(
        "PUT", "/routes/1",
        std::format(R"({{"uri": "/*", "upstream": {{{}}}}})", upstream.toStdString()));
    QVERIFY2(put.status() / 100 == 2, put.body.c_str());
    const RawMessage answer = m_gateway.ask("GET / HTTP/1.1\r\nHost: client.example:9080\r\n\r\n");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(m_upstream.lastRequest().header("host"), expected.toStdString());
    QCOMPARE(m_upstream.lastRequest().header("x-forwarded-host"),
             std::string("client.example:9080"));
}

void tst_PassHost::ipv6Node_data()
{
    QTest::addColumn<QByteArray>("nodes");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("1.10 bare IPv6")
        << QByteArray(R"({"::1": 1})")
        << QByteArray("invalid configuration: IPv6 address must be enclosed with '[' and ']'");
    QTest::newRow("1.10 open bracket")
        << QByteArray(R"({"[::1": 1})")
        << QByteArray("invalid configuration: IPv6 address must be enclosed with '[' and ']'");
    QTest::newRow("1.10 port 0") << QByteArray(R"({"[::1]:0": 1})") << QByteArray("invalid port 0");
    QTest::newRow("1.10 port 65536")
        << QByteArray(R"({"node.example:65536": 1})") << QByteArray("invalid port 65536");
}

void tst_PassHost::ipv6Node()
{
    QFETCH(const QByteArray, nodes);
    QFETCH(const QByteArray, message);
    const RawMessage put = m_gateway.admin("PUT", "/upstreams/1",
                                           std::format(R"({{"nodes": {}}})", nodes.toStdString()));
    QCOMPARE(put.status(), 400);
    QVERIFY2(put.body.contains(message.toStdString()), put.body.c_str());
}

QTEST_GUILESS_MAIN(tst_PassHost)
#include "tst_pass_host.moc"
