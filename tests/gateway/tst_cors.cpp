// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QTest>

using namespace postern;
using namespace postern::test;

/// cors: APISIX 3.18, 4.13.
class tst_Cors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void answersOrigins_data();
    void answersOrigins();
    void answersOriginsOfMetadata_data();
    void answersOriginsOfMetadata();
    void checksMetadata();
    void decidesOnTheClientsOrigin();
    void answersPreflight();
    void echoesAskedHeaders();
    void setsTheOthers();

private:
    PluginGateway m_gateway;
};

void tst_Cors::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"({"allow_credential": true, "allow_origins": "*"})",
        R"(you can not set '*' for other option when 'allow_credential' is true)");
    row(R"({"allow_credential": true})",
        R"(you can not set '*' for other option when 'allow_credential' is true)");
    row(R"({"allow_origins": "a"})",
        R"(property "allow_origins" validation failed: failed to match pattern "^(\\*|\\*\\*|null|\\w+://[^,]+(,\\w+://[^,]+)*)$" with "a")");
    row(R"({"allow_origins_by_regex": []})",
        R"(property "allow_origins_by_regex" validation failed: expect array to have at least 1 items)");
    row(R"({"max_age": "5"})",
        R"(property "max_age" validation failed: wrong type: expected integer, got string)");
    row(R"({"allow_credential": true, "allow_origins": "**", "allow_methods": "**", "allow_headers": "**", "expose_headers": "**"})",
        R"()");
}

void tst_Cors::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("cors": )" + config.toStdString()), text.toStdString());
}

void tst_Cors::answersOrigins_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("vary");
    const auto row = [](const char *name, const char *config, const char *origin,
                        const char *answer, const char *vary) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(origin) << QByteArray(answer)
                            << QByteArray(vary);
    };
    const char *two = R"({"allow_origins": "http://a.com,http://b.com"})";
    const char *regex = R"({"allow_origins_by_regex": [".*\\.test.com$"]})";
    row("everybody", "{}", "http://a.com", "*", "-");
    row("everybody, no origin", "{}", "", "*", "-");
    row("forcefully", R"({"allow_origins": "**"})", "http://a.com", "http://a.com", "Origin");
    row("forcefully, no origin", R"({"allow_origins": "**"})", "", "*", "Origin");
    row("one of two", two, "http://b.com", "http://b.com", "Origin");
    row("none of two", two, "http://c.com", "-", "Origin");
    row("no origin", two, "", "-", "Origin");
    row("the one", R"({"allow_origins": "http://a.com"})", "http://a.com", "http://a.com",
        "Origin");
    row("not the one", R"({"allow_origins": "http://a.com"})", "http://b.com", "-", "Origin");
    row("pattern", regex, "http://a.test.com", "http://a.test.com", "-");
    row("not the pattern", regex, "http://a.test.org", "-", "-");
    row("4.13 pattern beside a list",
        R"({"allow_origins": "http://a.com", "allow_origins_by_regex": [".*\\.test.com$"]})",
        "http://a.test.com", "http://a.test.com", "Origin");
}

void tst_Cors::answersOriginsOfMetadata_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char *name, const char *config, const char *origin,
                        const char *answer) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(origin) << QByteArray(answer);
    };
    const char *one =
        R"({"allow_origins": "http://own.com", "allow_origins_by_metadata": ["ours"]})";
    const char *two =
        R"({"allow_origins": "http://own.com", "allow_origins_by_metadata": ["none", "all"]})";
    row("4.13 the first of a list", one, "http://a.com", "http://a.com");
    row("4.13 the second of a list", one, "http://b.com", "http://b.com");
    row("4.13 another list", one, "http://c.com", "-");
    row("4.13 its own origins count, too", one, "http://own.com", "http://own.com");
    row("4.13 a name that is not there allows nobody",
        R"({"allow_origins": "http://own.com", "allow_origins_by_metadata": ["none"]})",
        "http://a.com", "-");
    row("4.13 a list of everybody", two, "http://x.com", "http://x.com");
    row("4.13 a list, and everybody by default", R"({"allow_origins_by_metadata": ["ours"]})",
        "http://b.com", "http://b.com");
    row("4.13 not in the list, and everybody by default",
        R"({"allow_origins": "*", "allow_origins_by_metadata": ["ours"]})", "http://c.com", "-");
    row("4.13 beside patterns",
        R"({"allow_origins_by_regex": ["z$"], "allow_origins_by_metadata": ["ours"]})",
        "http://a.com", "http://a.com");
}

void tst_Cors::answersOriginsOfMetadata()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, origin);
    QFETCH(const QByteArray, answer);
    PluginGateway gateway;
    QVERIFY(gateway.start());
    QVERIFY(gateway.use(R"("cors": )" + config.toStdString()));
    const auto asked = [&] {
        return gateway.get("/r", "Origin: " + origin.toStdString() + "\r\n")
            .header("Access-Control-Allow-Origin");
    };
    const std::string before = asked();
    const RawMessage put = gateway.gateway.admin(
        "PUT", "/plugin_metadata/cors",
        R"({"allow_origins": {"ours": "http://a.com,http://b.com", "all": "*"}})");
    QVERIFY2(put.status() == 201, put.body.c_str());
    QCOMPARE(asked(), answer.toStdString());
    QCOMPARE(gateway.gateway.admin("DELETE", "/plugin_metadata/cors").status(), 200);
    QCOMPARE(asked(), before);
}

void tst_Cors::checksMetadata()
{
    const RawMessage put = m_gateway.gateway.admin("PUT", "/plugin_metadata/cors",
                                                   R"({"allow_origins": {"ours": "no origin"}})");
    QCOMPARE(put.status(), 400);
    QVERIFY2(put.body.contains("failed to match pattern"), put.body.c_str());
}

void tst_Cors::answersOrigins()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, origin);
    QFETCH(const QByteArray, answer);
    QFETCH(const QByteArray, vary);
    QVERIFY(m_gateway.use(R"("cors": )" + config.toStdString()));
    const RawMessage seen = m_gateway.get(
        "/r", origin.isEmpty() ? std::string() : "Origin: " + origin.toStdString() + "\r\n");
    QCOMPARE(seen.status(), 200);
    QCOMPARE(seen.header("Access-Control-Allow-Origin"), answer.toStdString());
    QCOMPARE(seen.header("Vary"), vary.toStdString());
    const bool allowed = answer != "-";
    QCOMPARE(seen.header("Access-Control-Allow-Methods"), std::string(allowed ? "*" : "-"));
    QCOMPARE(seen.header("Access-Control-Allow-Headers"), std::string(allowed ? "*" : "-"));
    QCOMPARE(seen.header("Access-Control-Max-Age"), std::string(allowed ? "5" : "-"));
    QCOMPARE(seen.header("Access-Control-Expose-Headers"), std::string("-"));
    QCOMPARE(seen.header("Access-Control-Allow-Credentials"), std::string("-"));
}

void tst_Cors::decidesOnTheClientsOrigin() // whatever proxy-rewrite tells the upstream
{
    const bool taken = m_gateway.use(
        R"("cors": {"allow_origins": "http://a.com", "timing_allow_origins": "http://a.com"},)"
        R"( "proxy-rewrite": {"headers": {"Origin": "http://inside.com"}})");
    QVERIFY(taken);
    const RawMessage answer = m_gateway.get("/r", "Origin: http://a.com\r\n");
    const bool changed = answer.body.contains("Origin: http://inside.com\r\n");
    QVERIFY2(changed, answer.body.c_str());
    const std::string origin = "http://a.com";
    QCOMPARE(answer.header("Access-Control-Allow-Origin"), origin);
    QCOMPARE(answer.header("Timing-Allow-Origin"), origin);
}

void tst_Cors::answersPreflight()
{
    QVERIFY(m_gateway.use(R"("cors": {}, "key-auth": {})"));
    const std::size_t before = m_gateway.upstreamRequests();
    const RawMessage answer = m_gateway.ask("OPTIONS", "/r", "Origin: http://a.com\r\n");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.body, std::string());
    QCOMPARE(answer.header("Access-Control-Allow-Origin"), std::string("*"));
    QCOMPARE(m_gateway.upstreamRequests(), before);
    const RawMessage refused = m_gateway.get("/r", "Origin: http://a.com\r\n");
    QCOMPARE(refused.status(), 401);
    QCOMPARE(refused.header("Access-Control-Allow-Origin"), std::string("*"));
}

void tst_Cors::echoesAskedHeaders()
{
    QVERIFY(m_gateway.use(R"("cors": {"allow_origins": "**", "allow_methods": "**",)"
                          R"( "allow_headers": "**", "expose_headers": "X-A,X-B", "max_age": 50,)"
                          R"( "allow_credential": true})"));
    const RawMessage answer =
        m_gateway.get("/r", "Origin: null\r\nAccess-Control-Request-Headers: x-one, x-two\r\n");
    QCOMPARE(answer.header("Access-Control-Allow-Headers"), std::string("x-one, x-two"));
    QCOMPARE(answer.header("Access-Control-Allow-Origin"), std::string("null"));
    QCOMPARE(answer.header("Access-Control-Allow-Methods"),
             std::string("GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,CONNECT,TRACE"));
    QCOMPARE(answer.header("Access-Control-Expose-Headers"), std::string("X-A,X-B"));
    QCOMPARE(answer.header("Access-Control-Max-Age"), std::string("50"));
    QCOMPARE(answer.header("Access-Control-Allow-Credentials"), std::string("true"));
    QCOMPARE(m_gateway.get("/r", "Origin: null\r\n").header("Access-Control-Allow-Headers"),
             std::string("-"));
}

void tst_Cors::setsTheOthers()
{
    const bool taken = m_gateway.use(R"("cors": {"timing_allow_origins": "http://a.com"})");
    QVERIFY(taken);
    QCOMPARE(m_gateway.get("/r", "Origin: http://a.com\r\n").header("Timing-Allow-Origin"),
             std::string("http://a.com"));
    QCOMPARE(m_gateway.get("/r", "Origin: http://b.com\r\n").header("Timing-Allow-Origin"),
             std::string("-"));
    const bool patterns =
        m_gateway.use(R"("cors": {"timing_allow_origins_by_regex": ["\\.a\\.com$"]})");
    QVERIFY(patterns);
    QCOMPARE(m_gateway.get("/r", "Origin: http://x.a.com\r\n").header("Timing-Allow-Origin"),
             std::string("http://x.a.com"));
    QCOMPARE(m_gateway.get("/r", "Origin: http://x.b.com\r\n").header("Timing-Allow-Origin"),
             std::string("-"));
}

QTEST_GUILESS_MAIN(tst_Cors)
#include "tst_cors.moc"
