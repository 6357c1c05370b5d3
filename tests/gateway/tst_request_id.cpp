// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QRegularExpression>
#include <QTest>

#include <set>

using namespace postern;
using namespace postern::test;

/// request-id: APISIX 3.18, 4.12.
class tst_RequestId : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void generates_data();
    void generates();
    void keepsTheClients();
    void keepsTheUpstreams();
    void refusedRequestsHaveOne();

private:
    PluginGateway m_gateway;
};

void tst_RequestId::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"({"algorithm": "x"})",
        R"(property "algorithm" validation failed: matches none of the enum values)");
    row(R"({"range_id": {"length": 5}})",
        R"(property "range_id" validation failed: property "length" validation failed: expected 5 to be at least 6)");
    row(R"({"range_id": {"char_set": "abcde"}})",
        R"(property "range_id" validation failed: property "char_set" validation failed: string too short, expected at least 6, got 5)");
    row(R"({})", R"()");
}

void tst_RequestId::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("request-id": )" + config.toStdString()), text.toStdString());
}

void tst_RequestId::generates_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("form");
    const auto row = [](const char *name, const char *config, const char *form) {
        QTest::newRow(name) << QByteArray(config) << QByteArray("X-Request-Id") << QByteArray(form);
    };
    row("uuid is the default", "{}",
        "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
    row("uuidv7", R"({"algorithm": "uuidv7"})",
        "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
    row("nanoid", R"({"algorithm": "nanoid"})", "^[A-Za-z0-9_-]{21}$");
    row("ksuid", R"({"algorithm": "ksuid"})", "^[0-9A-Za-z]{27}$");
    row("range_id", R"({"algorithm": "range_id"})", "^[0-9A-Za-z]{16}$");
    row("range_id with members",
        R"({"algorithm": "range_id", "range_id": {"length": 9, "char_set": "xyzuvw"}})",
        "^[xyzuvw]{9}$");
    QTest::newRow("another header") << QByteArray(R"({"header_name": "Trace-No"})")
                                    << QByteArray("Trace-No") << QByteArray("^[0-9a-f-]{36}$");
}

void tst_RequestId::generates()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, form);
    QVERIFY(m_gateway.use(R"("request-id": )" + config.toStdString()));
    std::set<std::string> seen;
    for (int i = 0; i < 5; ++i) {
        const RawMessage answer = m_gateway.get("/r");
        const std::string id = answer.header(name.toStdString());
        const QRegularExpression pattern(QString::fromLatin1(form));
        QVERIFY2(pattern.match(QString::fromStdString(id)).hasMatch(), id.c_str());
        QVERIFY(answer.body.contains(name.toStdString() + ": " + id + "\r\n")); // upstream, too
        seen.insert(id);
    }
    QCOMPARE(seen.size(), std::size_t{5});
    QVERIFY(m_gateway.use(R"("request-id": {"include_in_response": false})"));
    QCOMPARE(m_gateway.get("/r").header("X-Request-Id"), std::string("-"));
}

void tst_RequestId::keepsTheClients()
{
    QVERIFY(m_gateway.use(R"("request-id": {})"));
    const RawMessage answer = m_gateway.get("/r", "X-Request-Id: mine\r\n");
    QCOMPARE(answer.header("X-Request-Id"), std::string("mine"));
    QVERIFY(answer.body.contains("X-Request-Id: mine\r\n"));
    // an empty one is none
    QCOMPARE(m_gateway.get("/r", "X-Request-Id: \r\n").header("X-Request-Id").size(),
             std::size_t{36});
}

void tst_RequestId::keepsTheUpstreams()
{
    PluginGateway gateway;
    QVERIFY(gateway.start([](RawUpstream::Connection &connection) {
        static_cast<void>(connection.readRequest());
        connection.send("HTTP/1.1 200 OK\r\nX-Request-Id: theirs\r\nContent-Length: 0\r\n\r\n");
    }));
    QVERIFY(gateway.use(R"("request-id": {})"));
    const RawMessage answer = gateway.get("/r");
    QCOMPARE(answer.header("X-Request-Id"), std::string("theirs"));
    QCOMPARE(answer.count("X-Request-Id"), std::size_t{1});
}

void tst_RequestId::refusedRequestsHaveOne()
{
    QVERIFY(m_gateway.use(R"("request-id": {}, "key-auth": {})"));
    const RawMessage answer = m_gateway.get("/r");
    QCOMPARE(answer.status(), 401);
    QCOMPARE(answer.header("X-Request-Id").size(), std::size_t{36});
}

QTEST_GUILESS_MAIN(tst_RequestId)
#include "tst_request_id.moc"
