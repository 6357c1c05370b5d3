// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QTest>

using namespace postern;
using namespace postern::test;

/// ip-restriction: APISIX 3.18, 4.14.
class tst_IpRestriction : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void decides_data();
    void decides();

private:
    PluginGateway m_gateway;
};

void tst_IpRestriction::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"({})", R"(value should match only one schema, but matches none)");
    row(R"({"whitelist": [], "message": "x"})",
        R"(property "whitelist" validation failed: expect array to have at least 1 items)");
    row(R"({"whitelist": ["1.1.1.1"], "blacklist": ["1.1.1.1"]})",
        R"(value should match only one schema, but matches both schemas 1 and 2)");
    row(R"({"whitelist": ["10.255.256.0/24"]})",
        R"(property "whitelist" validation failed: failed to validate item 1: object matches none of the required)");
    row(R"({"whitelist": ["::1/129"]})", R"(invalid ip address: ::1/129)");
    row(R"({"whitelist": ["1.1.1.1"], "response_code": 405})",
        R"(property "response_code" validation failed: expected 405 to be at most 404)");
    row(R"({"whitelist": ["::1", "fe80::/32", "2001:DB8:0:23:8:800:200C:417A"]})", R"()");
}

void tst_IpRestriction::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("ip-restriction": )" + config.toStdString()), text.toStdString());
}

void tst_IpRestriction::decides_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const char *config, const char *address, int status,
                        const char *message) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(address) << status
                            << QByteArray(message);
    };
    const char *white = R"({"whitelist": ["127.0.0.0/24", "113.74.26.106"]})";
    const char *black = R"({"blacklist": ["113.74.26.106", "fe80::/32"]})";
    const char *usual = "{\"message\":\"Your IP address is not allowed\"}\n";
    row("white: in a block", white, "", 200, "");
    row("white: the address", white, "113.74.26.106", 200, "");
    row("white: another", white, "114.114.114.114", 403, usual);
    row("white: IPv6", white, "2001:db8::2", 403, usual);
    row("black: the address", black, "113.74.26.106", 403, usual);
    row("black: in a block", black, "fe80::1:1", 403, usual);
    row("black: another", black, "2001:db8::2", 200, "");
    row("own text and status",
        R"({"blacklist": ["127.0.0.1"], "message": "Go away", "response_code": 404})", "", 404,
        "{\"message\":\"Go away\"}\n");
}

void tst_IpRestriction::decides()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, address);
    QFETCH(const int, status);
    QFETCH(const QByteArray, message);
    QVERIFY(m_gateway.use(R"("ip-restriction": )" + config.toStdString()));
    const RawMessage answer = m_gateway.get(
        "/r", address.isEmpty() ? std::string() : "X-Real-IP: " + address.toStdString() + "\r\n");
    QCOMPARE(answer.status(), status);
    if (status != 200)
        QCOMPARE(answer.body, message.toStdString());
}

QTEST_GUILESS_MAIN(tst_IpRestriction)
#include "tst_ip_restriction.moc"
