// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QTest>

using namespace postern;
using namespace postern::test;

/// echo: APISIX 3.18, 4.18.
class tst_Echo : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void edits_data();
    void edits();
    void setsHeaders();
    void leavesHeadAlone();

private:
    PluginGateway m_gateway;
};

void tst_Echo::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"({})", R"(expect object to have at least 1 properties)");
    row(R"({"headers": {"X": "y"}})",
        R"(object matches none of the required: ["before_body"] or ["body"] or ["after_body"])");
    row(R"({"body": 1})",
        R"(property "body" validation failed: wrong type: expected string, got number)");
}

void tst_Echo::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("echo": )" + config.toStdString()), text.toStdString());
}

void tst_Echo::edits_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("before") << QByteArray(R"({"before_body": "a-"})") << QByteArray("a-GET /r ")
                            << QByteArray("\r\n\r\n");
    QTest::newRow("after") << QByteArray(R"({"after_body": "-z"})") << QByteArray("GET /r ")
                           << QByteArray("\r\n\r\n-z");
    QTest::newRow("all three") << QByteArray(
        R"({"before_body": "a-", "body": "b", "after_body": "-z"})")
                               << QByteArray("a-b-z") << QByteArray("a-b-z");
    QTest::newRow("empty body") << QByteArray(R"({"body": ""})") << QByteArray() << QByteArray();
}

void tst_Echo::edits()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, start);
    QFETCH(const QByteArray, end);
    QVERIFY(m_gateway.use(R"("echo": )" + config.toStdString()));
    const RawMessage answer = m_gateway.get("/r");
    QCOMPARE(answer.status(), 200);
    QVERIFY2(answer.body.starts_with(start.toStdString()), answer.body.c_str());
    QVERIFY2(answer.body.ends_with(end.toStdString()), answer.body.c_str());
    if (start == end)
        QCOMPARE(answer.body, start.toStdString());
    QVERIFY(answer.complete);
    QCOMPARE(answer.header("Content-Length"), std::string("-"));
}

void tst_Echo::setsHeaders()
{
    const bool taken = m_gateway.use(
        R"("echo": {"body": "b", "headers": {"Location": "https://x.example", "X-Number": 5,)"
        R"( "X-Empty": "", "X-Text": "$uri"}})");
    QVERIFY(taken);
    const RawMessage answer = m_gateway.get("/r");
    QCOMPARE(answer.header("Location"), std::string("https://x.example"));
    QCOMPARE(answer.header("X-Number"), std::string("5"));
    QCOMPARE(answer.header("X-Text"), std::string("$uri")); // no variables here
    QCOMPARE(answer.header("X-Empty"), std::string("-")); // an empty field is none
}

void tst_Echo::leavesHeadAlone()
{
    QVERIFY(m_gateway.use(R"("echo": {"body": "b"})"));
    RawStream client = m_gateway.gateway.connect();
    for (int i = 0; i < 2; ++i) {
        client.send("HEAD /r HTTP/1.1\r\nHost: a\r\n\r\n");
        QCOMPARE(client.readMessage(true).status(), 200);
    }
}

QTEST_GUILESS_MAIN(tst_Echo)
#include "tst_echo.moc"
