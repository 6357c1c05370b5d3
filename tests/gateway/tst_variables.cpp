// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/plugin.h"
#include "gateway/pipeline/variables.h"
#include "gateway/router/snapshot.h"
#include "gateway/upstream/balancer.h"

#include <QTest>

#include <chrono>
#include <memory>
#include <string>

using namespace postern;
using namespace postern::gateway;

/// nginx's and APISIX's variables, and templates made of them. APISIX 3.18, vars expressions.
class tst_Variables : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void values_data();
    void values();
    void absent_data();
    void absent();
    void responseVariables();
    void pathParameters_data();
    void pathParameters();
    void templates_data();
    void templates();
    void templatesEscape();

private:
    CompiledRoute m_route;
    CompiledConsumer m_consumer;
    UpstreamNode m_node;
    NodeState m_state;
    Exchange m_exchange;
};

void tst_Variables::init()
{
    m_exchange.clear();
    Request &request = m_exchange.request;
    request.method = "POST";
    request.target = request.rawTarget = "/a%20b?x=1%2B1&y&x=2";
    request.path = "/a b";
    request.query = "x=1%2B1&y&x=2";
    request.host = "A.example:9080";
    request.hostName = "a.example";
    request.peer = "10.0.0.7";
    request.socketPeer = "127.0.0.1";
    request.peerPort = 4711;
    request.localPort = 9080;
    request.headers.append("Host", "A.example:9080");
    request.headers.append("X-Tag", "one");
    request.headers.append("x_under", "u");
    request.headers.append("x-tag", "two");
    request.headers.append("Cookie", "a=1; b=2");
    request.headers.append("Content-Type", "text/plain");
    request.headers.append("Content-Length", "3");
    request.headers.append("Authorization", "Basic amFjazpzZWNyZXQ=");
    m_route.id = "r1";
    m_route.name = "route one";
    m_route.serviceId = "s1";
    m_route.serviceName = "service one";
    m_consumer.username = "jack";
    m_consumer.groupId = "g1";
    m_node = {"node.example", 1980, 1, 0};
    m_state.node = &m_node;
    m_exchange.nodeAddress = "127.0.0.9:1980";
    m_exchange.route = &m_route;
    m_exchange.consumer = &m_consumer;
    m_exchange.node = &m_state;
    m_exchange.now = Timestamp(std::chrono::milliseconds(1'800'000'000'250));
    m_exchange.body.text = "abc";
    m_exchange.requestId = "id-1";
    m_exchange.captures = {"/a b", "group"};
    request.headSize = 40;
    m_exchange.trace.requestBytes = 3;
    m_exchange.responseHeadSize = 60;
    m_exchange.trace.responseBytes = 1;
    m_exchange.trace.upstreamStatus = 200;
    m_exchange.started = {};
    m_exchange.started += std::chrono::seconds(1);
    m_exchange.decided = m_exchange.started + std::chrono::milliseconds(250);
    m_exchange.trace.totalNs = 1'250'000'000;
    auto upstream = std::make_shared<CompiledUpstream>();
    upstream->scheme = "https";
    m_route.upstream = upstream;
}

void tst_Variables::values_data()
{
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *name, const char *value) {
        QTest::newRow(name) << QByteArray(value);
    };
    row("uri", "/a b");
    row("document_uri", "/a b");
    row("request_uri", "/a b?x=1%2B1&y&x=2");
    row("real_request_uri", "/a%20b?x=1%2B1&y&x=2");
    row("args", "x=1%2B1&y&x=2");
    row("query_string", "x=1%2B1&y&x=2");
    row("is_args", "?");
    row("request", "POST /a%20b?x=1%2B1&y&x=2 HTTP/1.1");
    row("request_method", "POST");
    row("method", "POST");
    row("host", "a.example");
    row("http_host", "A.example:9080");
    row("scheme", "http");
    row("https", "");
    row("server_port", "9080");
    row("server_protocol", "HTTP/1.1");
    row("remote_addr", "10.0.0.7");
    row("realip_remote_addr", "127.0.0.1");
    row("remote_port", "4711");
    row("remote_user", "jack");
    row("http_x_tag", "one, two");
    row("http_X-Tag", "one, two");
    row("http_x_under", "u");
    row("content_type", "text/plain");
    row("content_length", "3");
    row("arg_x", "1+1");
    row("arg_y", "");
    row("cookie_b", "2");
    row("request_body", "abc");
    row("msec", "1800000000.250");
    row("time_iso8601", "2027-01-15T08:00:00+00:00");
    row("time_local", "15/Jan/2027:08:00:00 +0000");
    row("consumer_name", "jack");
    row("consumer_group_id", "g1");
    row("route_id", "r1");
    row("route_name", "route one");
    row("service_id", "s1");
    row("service_name", "service one");
    row("balancer_ip", "127.0.0.9");
    row("request_length", "43"); // 2.4 head and body
    row("bytes_sent", "61");
    row("body_bytes_sent", "1");
    row("request_time", "1.250");
    row("upstream_response_time", "1.000");
    row("upstream_status", "200");
    row("upstream_scheme", "https");
    row("balancer_port", "1980");
    row("upstream_addr", "127.0.0.9:1980");
    row("upstream_unresolved_host", "node.example");
    row("apisix_request_id", "id-1");
    row("1", "group");
}

void tst_Variables::values()
{
    const Variable variable{std::string_view(QTest::currentDataTag())};
    QFETCH(const QByteArray, value);
    const auto text = variable.text(m_exchange);
    QVERIFY(text);
    QCOMPARE(std::string(*text), value.toStdString());
}

void tst_Variables::absent_data()
{
    QTest::addColumn<int>("dummy");
    for (const char *name : {"http_nothing", "arg_z", "cookie_z", "status", "sent_http_x",
                             "nonsense", "http_", "", "2", "URI", "uri_param_id"})
        QTest::newRow(*name ? name : "(empty)") << 0;
}

void tst_Variables::absent()
{
    const std::string_view tag = QTest::currentDataTag();
    QVERIFY(!Variable(tag == "(empty)" ? std::string_view() : tag).text(m_exchange));
    Exchange empty;
    for (const char *name :
         {"consumer_name", "route_id", "service_id", "balancer_ip", "args", "remote_user",
          "request_body", "content_type", "upstream_status", "upstream_addr",
          "upstream_response_time", "request_time", "server_addr", "graphql_name"})
        QVERIFY2(!Variable(name).text(empty), name);
}

void tst_Variables::responseVariables()
{
    ResponseHead head{503, {}};
    head.headers.append("X-Cache", "miss");
    m_exchange.response = &head;
    QCOMPARE(std::string(*Variable("status").text(m_exchange)), std::string("503"));
    QCOMPARE(std::string(*Variable("sent_http_x_cache").text(m_exchange)), std::string("miss"));
}

void tst_Variables::pathParameters_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("middle") << QByteArray("/u/:id/x") << QByteArray("/u/7/x") << QByteArray("7");
    QTest::newRow("end") << QByteArray("/u/:id") << QByteArray("/u/seven") << QByteArray("seven");
    QTest::newRow("second") << QByteArray("/:a/:id") << QByteArray("/1/2") << QByteArray("2");
    QTest::newRow("rest") << QByteArray("/u/*id") << QByteArray("/u/a/b") << QByteArray("a/b");
}

void tst_Variables::pathParameters()
{
    QFETCH(const QByteArray, pattern);
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, value);
    const std::string uri = pattern.toStdString();
    const std::string text = path.toStdString();
    m_exchange.matchedPattern = uri;
    m_exchange.request.path = text;
    const auto found = Variable("uri_param_id").text(m_exchange);
    QVERIFY(found);
    QCOMPARE(std::string(*found), value.toStdString());
}

void tst_Variables::templates_data()
{
    QTest::addColumn<QByteArray>("made");
    QTest::addColumn<QByteArray>("plain");
    const auto row = [](const char *text, const char *made, const char *plain = nullptr) {
        QTest::newRow(text) << QByteArray(made) << QByteArray(plain ? plain : made);
    };
    row("nothing", "nothing");
    row("$uri", "/a b");
    row("<$uri>", "</a b>");
    row("${uri}x", "/a bx");
    row("${ uri }", "/a b");
    row("$arg_x$cookie_a", "1+11");
    row("$arg_z|${arg_z}|", "||");
    row("${arg_z ?? none}", "none");
    row("${arg_x ?? none}", "1+1");
    row("${arg_z??}", "");
    row("\\$uri", "\\$uri");
    row("\\${uri}", "\\${uri}");
    row("$", "$");
    row("$ $$", "$ $$");
    row("${", "${");
    row("${}", "${}");
    row("a$-b", "a$-b");
    row("$uri.html", "", "/a b.html"); // a dot belongs to a name, but not in redirect's uri
    row("$1-$2", "group-");
}

void tst_Variables::templates()
{
    QFETCH(const QByteArray, made);
    QFETCH(const QByteArray, plain);
    const std::string_view text = QTest::currentDataTag();
    QCOMPARE(std::string(Template(text).evaluate(m_exchange)), made.toStdString());
    QCOMPARE(std::string(Template(text, Template::Names::Plain).evaluate(m_exchange)),
             plain.toStdString());
}

void tst_Variables::templatesEscape()
{
    const auto escape = [](std::string_view text) { return "[" + std::string(text) + "]"; };
    QCOMPARE(std::string(Template("/x?$uri&${z ?? y}").evaluate(m_exchange, escape)),
             std::string("/x?[/a b]&[y]"));
}

QTEST_GUILESS_MAIN(tst_Variables)
#include "tst_variables.moc"
