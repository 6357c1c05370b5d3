// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QElapsedTimer>
#include <QTest>

using namespace postern;
using namespace postern::test;

/// mocking: APISIX 3.18, 4.17.
class tst_Mocking : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void answers();
    void followsTheSchema();
    void delays();

private:
    PluginGateway m_gateway;
};

void tst_Mocking::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"({})",
        R"(object matches none of the required: ["response_example"] or ["response_schema"])");
    row(R"({"response_example": "x", "content_type": "image/png"})",
        R"(unsupported content type!)");
    row(R"({"response_example": "x", "response_status": 99})",
        R"(property "response_status" validation failed: expected 99 to be at least 100)");
    row(R"({"response_example": "x", "content_type": "text/html; charset=x"})", R"()");
}

void tst_Mocking::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("mocking": )" + config.toStdString()), text.toStdString());
}

void tst_Mocking::answers()
{
    const bool taken =
        m_gateway.use(R"("mocking": {"response_example": "{\"at\":\"$remote_addr\"}"})");
    QVERIFY(taken);
    RawMessage answer = m_gateway.get("/r");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.body, std::string(R"({"at":"127.0.0.1"})")); // no line end added
    QCOMPARE(answer.header("Content-Type"), std::string("application/json;charset=utf8"));
    QCOMPARE(answer.header("x-mock-by"), std::string("APISIX/3.18.0"));
    QVERIFY(m_gateway.use(R"("mocking": {"response_example": "hi", "content_type": "text/plain",)"
                          R"( "response_status": 201, "with_mock_header": false,)"
                          R"( "response_headers": {"X-A": "$uri", "X-N": 3}})"));
    answer = m_gateway.get("/r");
    QCOMPARE(answer.status(), 201);
    QCOMPARE(answer.header("Content-Type"), std::string("text/plain"));
    QCOMPARE(answer.header("x-mock-by"), std::string("-"));
    QCOMPARE(answer.header("X-A"), std::string("/r"));
    QCOMPARE(answer.header("X-N"), std::string("3"));
    QVERIFY(m_gateway.use(R"("mocking": {"response_example": "hi",)"
                          R"( "response_headers": {"X-A": "", "X-B": "$arg_none", "X-N": 3}})"));
    answer = m_gateway.get("/r");
    QCOMPARE(answer.header("X-A"), std::string("-")); // an empty field is none
    QCOMPARE(answer.header("X-B"), std::string("-"));
    QCOMPARE(answer.header("X-N"), std::string("3"));
    QCOMPARE(m_gateway.upstreamRequests(), std::size_t{0});
}

void tst_Mocking::followsTheSchema()
{
    constexpr std::string_view kResponse = R"({"type": "object", "properties": {
        "s": {"type": "string", "example": "abc"}, "n": {"type": "number", "example": 1.5},
        "i": {"type": "integer", "example": 3.9}, "b": {"type": "boolean", "example": true},
        "r": {"type": "string"}, "l": {"type": "array", "items": {"type": "integer", "example": 4}},
        "o": {"type": "object", "properties": {"x": {"type": "string", "example": "<&>"}}}}})";
    QVERIFY(m_gateway.use(std::format(R"("mocking": {{"response_schema": {}}})", kResponse)));
    const auto body = parseJson(m_gateway.get("/r").body);
    QVERIFY(body);
    QCOMPARE(body->find("s")->asString(), std::string("abc"));
    QCOMPARE(body->find("n")->asDouble(), 1.5);
    QCOMPARE(body->find("i")->asInteger(), std::int64_t{3});
    QVERIFY(body->find("b")->asBool());
    QVERIFY(!body->find("r")->asString().empty());
    QVERIFY(body->find("l")->size() >= 1 && body->find("l")->size() <= 3);
    QCOMPARE(body->find("l")->items().front().asInteger(), std::int64_t{4});
    QVERIFY(m_gateway.use(std::format(
        R"("mocking": {{"content_type": "text/xml", "response_schema": {}}})", kResponse)));
    const std::string xml = m_gateway.get("/r").body;
    QVERIFY(xml.starts_with("<data>"));
    QVERIFY(xml.ends_with("</data>"));
    QVERIFY(xml.contains("<x>&lt;&amp;&gt;</x>"));
}

void tst_Mocking::delays()
{
    QVERIFY(m_gateway.use(R"("mocking": {"response_example": "x", "delay": 1})"));
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(m_gateway.get("/r").body, std::string("x"));
    QVERIFY(timer.elapsed() >= 1000);
}

QTEST_GUILESS_MAIN(tst_Mocking)
#include "tst_mocking.moc"
