// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/pipeline.h"
#include "tests/support/plugin_gateway.h"

#include <QElapsedTimer>
#include <QTest>

using namespace postern;
using namespace postern::test;

/// fault-injection: APISIX 3.18, 4.19.
class tst_FaultInjection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void aborts_data();
    void aborts();
    void framesWhatItSays_data();
    void framesWhatItSays();
    void delaysFirst();
    void comesBeforeAuthentication();
    void readsTheBodyForItsVars();

private:
    PluginGateway m_gateway;
};

void tst_FaultInjection::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"({})", R"(expect object to have at least 1 properties)");
    row(R"({"abort": {}})",
        R"(property "abort" validation failed: property "http_status" is required)");
    row(R"({"abort": {"http_status": 100}})",
        R"(property "abort" validation failed: property "http_status" validation failed: expected 100 to be at least 200)");
    row(R"({"delay": {"duration": -1}})",
        R"(property "delay" validation failed: property "duration" validation failed: expected -1 to be at least 0)");
    row(R"({"delay": {"duration": 1, "percentage": 101}})",
        R"(property "delay" validation failed: property "percentage" validation failed: expected 101 to be at most 100)");
    row(R"({"abort": {"http_status": 400, "vars": [[["arg_a", "=", "b"]]]}})",
        R"(invalid operator '=')");
    row(R"({"abort": {"http_status": 400, "vars": [["arg_a", "==", "b"]]}})",
        R"(rule should be wrapped inside brackets)");
    const auto manyVars = [](int count) {
        std::string vars;
        for (int i = 0; i < count; ++i)
            vars.append(i > 0 ? "," : "").append(R"([["arg_a", "==", "b"]])");
        return R"({"abort": {"http_status": 400, "vars": [)" + vars + "]}}";
    };
    row(manyVars(20).c_str(), "");
    row(manyVars(21).c_str(),
        R"(property "abort" validation failed: property "vars" validation failed: expect array to have at most 20 items)");
}

void tst_FaultInjection::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("fault-injection": )" + config.toStdString()),
             text.toStdString());
}

void tst_FaultInjection::aborts_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const char *config, const char *target, int status,
                        const char *body) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(target) << status
                            << QByteArray(body);
    };
    row("text", R"({"abort": {"http_status": 503, "body": "broken\n"}})", "/r", 503, "broken\n");
    row("variables", R"({"abort": {"http_status": 200, "body": "by $remote_addr"}})", "/r", 200,
        "by 127.0.0.1");
    row("never", R"({"abort": {"http_status": 503, "body": "x", "percentage": 0}})", "/r", 0, "");
    row("always", R"({"abort": {"http_status": 503, "body": "x", "percentage": 100}})", "/r", 503,
        "x");
    row("2.9 200 alone", R"({"abort": {"http_status": 200}})", "/r", 200, "");
    row("2.9 201 alone", R"({"abort": {"http_status": 201}})", "/r", 201, "");
    row("2.9 204 alone", R"({"abort": {"http_status": 204}})", "/r", 204, "");
    const char *vars = R"({"abort": {"http_status": 403, "body": "x", "vars": [
        [["arg_name", "==", "jack"], ["arg_age", "!", "<", 18]], [["http_x", "==", "y"]]]}})";
    row("vars: all of one", vars, "/r?name=jack&age=20", 403, "x");
    row("vars: part of one", vars, "/r?name=jack&age=10", 0, "");
    row("vars: none", vars, "/r", 0, "");
}

void tst_FaultInjection::aborts()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, target);
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QVERIFY(m_gateway.use(R"("fault-injection": )" + config.toStdString()));
    const RawMessage answer = m_gateway.get(target.toStdString());
    QCOMPARE(answer.status(), status ? status : 200);
    if (!status) {
        QVERIFY(answer.body.starts_with("GET "));
        return;
    }
    QCOMPARE(answer.body, body.toStdString());
    QVERIFY(m_gateway.use(
        R"("fault-injection": {"abort": {"http_status": 503, "headers": {"X-A": "$uri", "X-N": 1,)"
        R"( "X-B": "", "X-C": "$arg_none"}}})"));
    const RawMessage page = m_gateway.get("/r");
    QVERIFY(page.body.contains("503 Service Temporarily Unavailable"));
    QCOMPARE(page.header("X-A"), std::string("/r"));
    QCOMPARE(page.header("X-N"), std::string("1"));
    QCOMPARE(page.header("X-B"), std::string("-")); // an empty field is none
    QCOMPARE(page.header("X-C"), std::string("-"));
}

void tst_FaultInjection::framesWhatItSays_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("length");
    const auto row = [](const char *name, const char *config, const char *start,
                        const char *encoding, const char *length) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(start) << QByteArray(encoding)
                            << QByteArray(length);
    };
    constexpr const char *text = R"({"abort": {"http_status": 418, "body": "four"}})";
    row("2.9 a plugin's text in chunks", text, "GET /r HTTP/1.1", "chunked", "-");
    row("2.9 HTTP/1.0 has no chunks", text, "GET /r HTTP/1.0", "-", "4");
    row("2.9 pages have a length", R"({"abort": {"http_status": 503}})", "GET /r HTTP/1.1", "-",
        QByteArray::number(qulonglong(gateway::errorPage(503).size())).constData());
    row("2.9 nothing to say", R"({"abort": {"http_status": 200}})", "GET /r HTTP/1.1", "-", "0");
}

void tst_FaultInjection::framesWhatItSays()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, start);
    QFETCH(const QByteArray, encoding);
    QFETCH(const QByteArray, length);
    QVERIFY(m_gateway.use(R"("fault-injection": )" + config.toStdString()));
    const RawMessage answer =
        m_gateway.gateway.ask(start.toStdString() + "\r\nHost: a.example\r\n\r\n");
    QVERIFY(answer.complete);
    QCOMPARE(answer.header("Transfer-Encoding"), encoding.toStdString());
    QCOMPARE(answer.header("Content-Length"), length.toStdString());
}

void tst_FaultInjection::delaysFirst()
{
    QVERIFY(m_gateway.use(R"("fault-injection": {"delay": {"duration": 0.05},)"
                          R"( "abort": {"http_status": 503, "body": "x"}})"));
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(m_gateway.get("/r").status(), 503);
    QVERIFY(timer.elapsed() >= 50); // never early; how late is the machine's business
    QVERIFY(m_gateway.use(R"("fault-injection": {"delay": {"duration": 0.01}})"));
    QVERIFY(m_gateway.ask("POST", "/r", {}, "body").body.ends_with("\r\n\r\nbody"));
}

void tst_FaultInjection::comesBeforeAuthentication()
{
    QVERIFY(m_gateway.use(
        R"("key-auth": {}, "fault-injection": {"abort": {"http_status": 418, "body": "x"}})"));
    QCOMPARE(m_gateway.get("/r").status(), 418);
}

void tst_FaultInjection::readsTheBodyForItsVars()
{
    QVERIFY(m_gateway.use(R"("fault-injection": {"abort": {"http_status": 418, "body": "x",)"
                          R"( "vars": [[["post_arg.a.b", "==", 1]]]}})"));
    const char *json = "Content-Type: application/json\r\n";
    QCOMPARE(m_gateway.ask("POST", "/r", json, R"({"a":{"b":1}})").status(), 418);
    const RawMessage answer = m_gateway.ask("POST", "/r", json, R"({"a":{"b":2}})");
    QVERIFY(answer.body.ends_with(R"({"a":{"b":2}})"));
}

QTEST_GUILESS_MAIN(tst_FaultInjection)
#include "tst_fault_injection.moc"
