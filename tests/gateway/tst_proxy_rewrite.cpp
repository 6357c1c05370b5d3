// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::test;

/// proxy-rewrite: APISIX 3.18, 4.15.
class tst_ProxyRewrite : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void rewritesTheUri_data();
    void rewritesTheUri();
    void editsHeaders_data();
    void editsHeaders();
    void setsTheHost_data();
    void setsTheHost();
    void setsForwardingFields();
    void changesTheMethod();
    void neverBreaksTheMessage();

private:
    PluginGateway m_gateway;
};

void tst_ProxyRewrite::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"json({})json", R"(expect object to have at least 1 properties)");
    row(R"json({"uri": "a"})json",
        R"(property "uri" validation failed: failed to match pattern "^\\/.*" with "a")");
    row(R"json({"method": "get"})json",
        R"(property "method" validation failed: matches none of the enum values)");
    row(R"json({"regex_uri": ["a", "b", "c"]})json",
        R"(The length of regex_uri should be an even number)");
    row(R"json({"regex_uri": ["a"]})json",
        R"(property "regex_uri" validation failed: expect array to have at least 2 items)");
    row(R"json({"host": "a_b"})json",
        R"(property "host" validation failed: failed to match pattern "^[0-9a-zA-Z-.]+(:\\d{1,5})?$" with "a_b")");
    for (const char *config :
         {R"json({"headers": {}})json", R"json({"headers": {"X-A": []}})json",
          R"json({"headers": {"X-A": [true]}})json", R"json({"headers": {"set": {"X-A": []}}})json",
          R"json({"headers": {"add": {"X-A": [["a"]]}}})json",
          R"json({"headers": {"add": ["X-A: a"]}})json",
          R"json({"headers": {"set": ["X-A: a"]}})json"})
        row(config,
            R"(property "headers" validation failed: value should match only one schema, but matches none)");
    row(R"json({"headers": {"a:b": [{}]}})json", "invalid type as header value");
    for (const char *config :
         {R"json({"headers": {"a:b": "x"}})json", R"json({"headers": {"a b": "x"}})json",
          R"json({"headers": {"\u00e9": "x"}})json", R"json({"headers": {"a\nb": "x"}})json",
          R"json({"headers": {"a b": "x\ny"}})json", R"json({"headers": {"a\u007f": 1}})json"})
        row(config, "invalid field character in header");
    for (const char *config :
         {R"json({"headers": {"a": "x\ny"}})json", R"json({"headers": {"a": "\u00e9"}})json",
          R"json({"headers": {"a": "x\u0001"}})json", R"json({"headers": {"a": ["x", "\t"]}})json"})
        row(config, "invalid value character in header");
    row(R"json({"headers": {"!a~": " ~", "b": 1, "c": ["$arg_x", 2]}})json", "");
    row(R"json({"headers": {"set": {"a b": "x\ny"}}})json", ""); // nor does the original
    for (const char *replacement : {"/$host/$1", "/${host}", "/$", "/${1", "/${1a}", "/${}", "$-"})
        row(std::format(R"json({{"regex_uri": ["^/(.*)", "{}"]}})json", replacement).c_str(),
            std::format("invalid regex_uri(^/(.*), {}): failed to compile the replacement template",
                        replacement)
                .c_str());
    row(R"json({"regex_uri": ["^/r", "/a", "^/(.*)", "/$x"]})json",
        "invalid regex_uri(^/(.*), /$x): failed to compile the replacement template");
    row(R"json({"regex_uri": ["^/(.*)", "/$0$12a${1}b$$$$x"]})json", "");
}

void tst_ProxyRewrite::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("proxy-rewrite": )" + config.toStdString()), text.toStdString());
}

void tst_ProxyRewrite::rewritesTheUri_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("upstream");
    const auto row = [](const char *name, const char *config, const char *target,
                        const char *upstream) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(target) << QByteArray(upstream);
    };
    row("uri", R"json({"uri": "/new"})json", "/r", "/new");
    row("uri keeps the query", R"json({"uri": "/new"})json", "/r?a=b", "/new?a=b");
    row("uri with a query", R"json({"uri": "/new?c=d"})json", "/r?a=b", "/new?c=d&a=b");
    row("uri with a variable", R"json({"uri": "/$arg_new_uri"})json", "/r?new_uri=hello",
        "/hello?new_uri=hello");
    row("uri with an absent variable", R"json({"uri": "/$arg_nothing"})json", "/r", "/");
    row("uri with the whole path", R"json({"uri": "/x$uri"})json", "/r/a%20b", "/x/r/a%20b");
    row("regex_uri", R"json({"regex_uri": ["^/r/(.*)/(.*)", "/$2/$1"]
})json",
        "/r/a/b?q", "/b/a?q");
    row("regex_uri: first match wins",
        R"json({"regex_uri": ["^/r/a", "/one", "^/r/(b)", "/two/$1", "^/r", "/three"]
})json",
        "/r/b", "/two/b");
    row("regex_uri: no match", R"json({"regex_uri": ["^/nothing", "/one"]})json", "/r/%20",
        "/r/%20");
    row("uri beats regex_uri", R"json({"uri": "/u", "regex_uri": ["^/r", "/x"]})json", "/r", "/u");
    row("a question mark of the client stays in the path", R"json({"regex_uri": ["^/r/(.*)", "/$1"]
    })json",
        "/r/a%3Fb", "/a%3Fb");
    row("the path is written out again", R"json({"headers": {"X": "y"}})json", "/r/%61%20",
        "/r/a%20");
    row("use_real_request_uri_unsafe",
        R"json({"regex_uri": ["^/r/(.*)", "/x/$1"], "use_real_request_uri_unsafe": true
    })json",
        "/r/%61%2Fb?q=%20", "/x/%61%2Fb?q=%20");
}

void tst_ProxyRewrite::rewritesTheUri()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, upstream);
    QVERIFY(m_gateway.use(R"("proxy-rewrite": )" + config.toStdString()));
    QCOMPARE(requestLine(m_gateway.get(target.toStdString())),
             "GET " + upstream.toStdString() + " HTTP/1.1");
}

void tst_ProxyRewrite::editsHeaders_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("there");
    QTest::addColumn<QByteArray>("gone");
    const auto row = [](const char *name, const char *config, const char *sent, const char *there,
                        const char *gone) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(sent) << QByteArray(there)
                            << QByteArray(gone);
    };
    row("flat form sets", R"json({"headers": {"X-A": "new", "X-N": 5}})json", "X-A: old\r\n",
        "X-A: new\r\nX-N: 5\r\n", "old");
    row("add keeps", R"json({"headers": {"add": {"X-A": "new"}}})json", "X-A: old\r\n",
        "X-A: old\r\nX-A: new\r\n", "");
    row("set replaces", R"json({"headers": {"set": {"X-A": "new"}}})json", "X-A: old\r\n",
        "X-A: new\r\n", "old");
    row("remove", R"json({"headers": {"remove": ["X-A"]}})json", "X-A: old\r\n", "", "X-A");
    row("4.15 add: several values", R"json({"headers": {"add": {"X-A": ["one", "two"]}}})json",
        "X-A: old\r\n", "X-A: old\r\nX-A: one\r\nX-A: two\r\n", "");
    row("4.15 set: several values", R"json({"headers": {"set": {"X-A": ["one", 2]}}})json",
        "X-A: old\r\n", "X-A: one\r\nX-A: 2\r\n", "old");
    row("4.15 flat form: several values", R"json({"headers": {"X-A": ["$arg_q", 2, "v"]}})json",
        "X-A: old\r\n", "X-A: v\r\nX-A: 2\r\nX-A: v\r\n", "old");
    row("4.15 a list of one", R"json({"headers": {"set": {"X-A": ["one"]}}})json", "X-A: old\r\n",
        "X-A: one\r\n", "old");
    row("add, then set, then remove",
        R"json({"headers": {"remove": ["X-C"], "set": {"X-B": "s", "X-C": "s"}, "add": {"X-B": "a"}}})json",
        "", "X-B: s\r\n", "X-C");
    row("4.15 flat form: an empty value removes", R"json({"headers": {"X-A": "", "X-N": 5}})json",
        "X-A: old\r\nx-a: older\r\n", "X-N: 5\r\n", "old");
    row("4.15 set: an empty value removes", R"json({"headers": {"set": {"X-A": ""}}})json",
        "X-A: old\r\n", "", "X-A");
    row("4.15 set: a variable without a value removes",
        R"json({"headers": {"set": {"X-A": "$arg_none"}}})json", "X-A: old\r\n", "", "X-A");
    row("4.15 set: an empty value before others",
        R"json({"headers": {"set": {"X-A": ["", "one"]}}})json", "X-A: old\r\n", "X-A: one\r\n",
        "old");
    row("4.15 add: an empty value adds nothing",
        R"json({"headers": {"add": {"X-A": "", "X-B": ""}}})json", "X-A: old\r\n", "X-A: old\r\n",
        "X-B");
    row("variables", R"json({"headers": {"set": {"X-A": "$remote_addr/${arg_q}/$arg_none"}}})json",
        "", "X-A: 127.0.0.1/v/\r\n", "");
    row("captures", R"json({"regex_uri": ["^/r/(.*)", "/$1"], "headers": {
        "set" : {"X-A" : "$1-$2"}}
    })json",
        "", "X-A: x-\r\n", "");
}

void tst_ProxyRewrite::editsHeaders()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, sent);
    QFETCH(const QByteArray, there);
    QFETCH(const QByteArray, gone);
    QVERIFY(m_gateway.use(R"("proxy-rewrite": )" + config.toStdString()));
    const RawMessage answer = m_gateway.get("/r/x?q=v", sent.toStdString());
    QVERIFY2(answer.body.contains(there.toStdString()), answer.body.c_str());
    QVERIFY2(gone.isEmpty() || !answer.body.contains(gone.toStdString()), answer.body.c_str());
}

void tst_ProxyRewrite::setsTheHost_data()
{
    QTest::addColumn<QByteArray>("upstreamMore");
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("pass_host pass") << QByteArray() << QByteArray("new.example:1");
    QTest::newRow("pass_host rewrite wins")
        << QByteArray(R"(, "pass_host": "rewrite", "upstream_host": "up.example")")
        << QByteArray("up.example");
}

void tst_ProxyRewrite::setsTheHost()
{
    QFETCH(const QByteArray, upstreamMore);
    QFETCH(const QByteArray, host);
    QVERIFY(
        m_gateway.use(R"("proxy-rewrite": {"host": "new.example:1"})", upstreamMore.toStdString()));
    const RawMessage answer = m_gateway.get("/r");
    QVERIFY2(answer.body.contains("Host: " + host.toStdString() + "\r\n"), answer.body.c_str());
    QVERIFY(answer.body.contains("X-Forwarded-Host: a.example:9080\r\n"));
}

void tst_ProxyRewrite::setsForwardingFields()
{
    QVERIFY(m_gateway.use(
        R"("proxy-rewrite": {"headers": {"X-Forwarded-Proto": "https", "X-Forwarded-Port": 10080}})"));
    const std::string body =
        m_gateway.get("/r", "X-Forwarded-Proto: grpc\r\nX-Forwarded-Port: 8080\r\n").body;
    for (const char *line : {"X-Forwarded-Proto: https", "X-Forwarded-Port: 10080",
                             "X-Forwarded-Host: a.example:9080"}) {
        const std::size_t at = body.find(std::string("\r\n") + line + "\r\n");
        QVERIFY2(at != std::string::npos, body.c_str());
    }
    for (const char *line : {"X-Forwarded-Proto: http\r", "grpc", "8080\r\nX"})
        QVERIFY2(!body.contains(line), body.c_str());
}

void tst_ProxyRewrite::changesTheMethod()
{
    QVERIFY(m_gateway.use(R"("proxy-rewrite": {"method": "POST"})"));
    QCOMPARE(requestLine(m_gateway.get("/r")), std::string("POST /r HTTP/1.1"));
    const RawMessage answer = m_gateway.ask("PUT", "/r", {}, "body");
    QVERIFY(answer.body.ends_with("\r\n\r\nbody"));
}

void tst_ProxyRewrite::neverBreaksTheMessage()
{
    QVERIFY(m_gateway.use(
        R"("proxy-rewrite": {"uri": "/x?$arg_a", "headers": {"set": {"X-A": "$arg_a",)"
        R"( "Content-Length": "99", "Transfer-Encoding": "chunked"}}})"));
    const RawMessage answer = m_gateway.ask("POST", "/r?a=b%20c%0d%0aX-Evil:1", {}, "body");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(requestLine(answer),
             std::string("POST /x?b%20c%0D%0AX-Evil:1&a=b%20c%0d%0aX-Evil:1 HTTP/1.1"));
    QVERIFY(answer.body.contains("X-A: b c\r\n"));
    QVERIFY(!answer.body.contains("\r\nX-Evil"));
    QVERIFY(answer.body.contains("Content-Length: 4\r\n"));
    QVERIFY(!answer.body.contains("chunked"));
}

QTEST_GUILESS_MAIN(tst_ProxyRewrite)
#include "tst_proxy_rewrite.moc"
