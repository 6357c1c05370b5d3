// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QTest>

using namespace postern;
using namespace postern::test;

/// redirect: APISIX 3.x documentation.
class tst_Redirect : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void redirects_data();
    void redirects();
    void passesWhatDoesNotMatch();

private:
    PluginGateway m_gateway;
};

void tst_Redirect::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"({})", R"(value should match only one schema, but matches none)");
    row(R"({"uri": "/a", "http_to_https": true})",
        R"(value should match only one schema, but matches both schemas 1 and 3)");
    row(R"({"uri": "/"})",
        R"(property "uri" validation failed: string too short, expected at least 2, got 1)");
    row(R"({"uri": "/a", "ret_code": 199})",
        R"(property "ret_code" validation failed: expected 199 to be at least 200)");
    row(R"({"http_to_https": true, "append_query_string": true})",
        R"(only one of `http_to_https` and `append_query_string` can be configured.)");
    row(R"({"regex_uri": ["a"]})",
        R"(property "regex_uri" validation failed: expect array to have at least 2 items)");
    row(R"({"regex_uri": ["^/r/(.*)$", "http://${host}/$1"]})",
        "invalid regex_uri (^/r/(.*)$, http://${host}/$1), err:failed to compile the replacement "
        "template");
    row(R"({"regex_uri": ["^/r/(.*)$", "/$arg_o/$1"]})",
        "invalid regex_uri (^/r/(.*)$, /$arg_o/$1), err:failed to compile the replacement "
        "template");
    row(R"({"regex_uri": ["^/r/(.*)$", "/$1/${1}/$$"]})", "");
}

void tst_Redirect::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("redirect": )" + config.toStdString()), text.toStdString());
}

void tst_Redirect::redirects_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("location");
    const auto row = [](const char *name, const char *config, const char *request, int status,
                        const char *location) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(request) << status
                            << QByteArray(location);
    };
    row("302 is the default", R"({"uri": "/test/add"})", "GET /r", 302, "/test/add");
    row("other codes", R"({"uri": "/test/add", "ret_code": 301})", "GET /r", 301, "/test/add");
    row("a code without page", R"({"uri": "/test/add", "ret_code": 200})", "GET /r", 200,
        "/test/add");
    row("variable", R"({"uri": "$uri/test/add", "ret_code": 301})", "GET /r/x", 301,
        "/r/x/test/add");
    row("variable in braces", R"({"uri": "/${uri}2", "ret_code": 301})", "GET /r", 301, "//r2");
    row("a name ends at a dot", R"({"uri": "$uri.html"})", "GET /r", 302, "/r.html");
    row("absent variable", R"({"uri": "/foo$arg_none"})", "GET /r", 302, "/foo");
    row("escaped", R"({"uri": "/foo\\$uri"})", "GET /r", 302, "/foo\\$uri");
    row("host", R"({"uri": "https://$host/x"})", "GET /r", 302, "https://a.example/x");
    row("https", R"({"http_to_https": true})", "GET /r?a=b", 301, "https://a.example/r?a=b");
    row("https keeps HEAD", R"({"http_to_https": true})", "HEAD /r", 301, "https://a.example/r");
    row("https keeps the method", R"({"http_to_https": true})", "POST /r", 308,
        "https://a.example/r");
    row("pattern", R"({"regex_uri": ["^/r/(.*)/(.*)$", "/new/$2/$1"]})", "GET /r/a/b", 302,
        "/new/b/a");
    row("encoded", R"({"uri": "$uri", "encode_uri": true})", "GET /r%20%E4", 302, "/r%20%E4");
    row("query appended", R"({"uri": "/x", "append_query_string": true})", "GET /r?a=b", 302,
        "/x?a=b");
    row("query appended to a query", R"({"uri": "/x?c=d", "append_query_string": true})",
        "GET /r?a=b", 302, "/x?c=d&a=b");
    row("no query to append", R"({"uri": "/x", "append_query_string": true})", "GET /r", 302, "/x");
    row("a decoded line end ends it", R"({"uri": "$arg_to"})", "GET /r?to=/a%0d%0aSet-Cookie:x",
        302, "/a");
}

void tst_Redirect::redirects()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, request);
    QFETCH(const int, status);
    QFETCH(const QByteArray, location);
    QVERIFY(m_gateway.use(R"("redirect": )" + config.toStdString()));
    const std::string text = request.toStdString();
    const std::size_t blank = text.find(' ');
    const RawMessage answer = m_gateway.ask(text.substr(0, blank), text.substr(blank + 1));
    QCOMPARE(answer.status(), status);
    QCOMPARE(answer.header("Location"), location.toStdString());
    if (status >= 300 && !text.starts_with("HEAD"))
        QVERIFY(answer.body.contains("<center>openresty</center>"));
}

void tst_Redirect::passesWhatDoesNotMatch()
{
    QVERIFY(m_gateway.use(R"("redirect": {"regex_uri": ["^/other", "/new"]})"));
    QCOMPARE(requestLine(m_gateway.get("/r")), std::string("GET /r HTTP/1.1"));
    QVERIFY(m_gateway.use(R"("redirect": {"http_to_https": true})"));
    // APISIX 3.18: who is not trusted cannot say that it came by https
    QCOMPARE(m_gateway.get("/r", "X-Forwarded-Proto: https\r\n").status(), 301);
    PluginGateway trusting;
    trusting.gateway.options.proxyOptions.trusted = {*gateway::IpRange::parse("127.0.0.0/8")};
    QVERIFY(trusting.start());
    QVERIFY(trusting.use(R"("redirect": {"http_to_https": true})"));
    QCOMPARE(trusting.get("/r", "X-Forwarded-Proto: https\r\n").status(), 200);
    QCOMPARE(trusting.get("/r").status(), 301);
}

QTEST_GUILESS_MAIN(tst_Redirect)
#include "tst_redirect.moc"
