// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QTest>

using namespace postern;
using namespace postern::test;

/// public-api: APISIX 3.18, 4.11.
class tst_PublicApi : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void servesMetrics_data();
    void servesMetrics();
    void answers404_data();
    void answers404();

private:
    PluginGateway m_gateway;
};

void tst_PublicApi::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"({"uri": 1})",
        R"(property "uri" validation failed: wrong type: expected string, got number)");
    row(R"({})", R"()");
}

void tst_PublicApi::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("public-api": )" + config.toStdString()), text.toStdString());
}

void tst_PublicApi::servesMetrics_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("plugins");
    QTest::addColumn<int>("status");
    const QByteArray config(R"("public-api": {"uri": "/apisix/prometheus/metrics"})");
    QTest::newRow("4.11 the plugin's uri") << QByteArray("GET") << config << 200;
    QTest::newRow("4.11 only its method") << QByteArray("POST") << config << 404;
    QTest::newRow("4.11 behind an auth plugin")
        << QByteArray("GET") << config + R"(, "key-auth": {})" << 401;
}

void tst_PublicApi::servesMetrics()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, plugins);
    QFETCH(const int, status);
    QVERIFY(m_gateway.use(plugins.toStdString()));
    const RawMessage answer = m_gateway.ask(method.toStdString(), "/r");
    QCOMPARE(answer.status(), status);
    QCOMPARE(answer.body.contains("apisix_node_info{"), status == 200);
    QCOMPARE(m_gateway.upstreamRequests(), std::size_t{0});
}

void tst_PublicApi::answers404_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::newRow("the request's path") << QByteArray("{}");
    QTest::newRow("its own uri") << QByteArray(R"({"uri": "/apisix/nothing"})");
}

void tst_PublicApi::answers404()
{
    QFETCH(const QByteArray, config);
    QVERIFY(m_gateway.use(R"("public-api": )" + config.toStdString()));
    const RawMessage answer = m_gateway.get("/r");
    QCOMPARE(answer.status(), 404);
    QCOMPARE(answer.header("Content-Type"), std::string("text/html; charset=utf-8"));
    QVERIFY(answer.body.contains("404 Not Found"));
    QCOMPARE(m_gateway.upstreamRequests(), std::size_t{0});
}

QTEST_GUILESS_MAIN(tst_PublicApi)
#include "tst_public_api.moc"
