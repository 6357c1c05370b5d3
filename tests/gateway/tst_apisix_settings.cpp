// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

/// What APISIX has in its config.yaml: router flavours and path switches (2.2), trusted addresses
/// (2.8), headers of the debug mode (2.9). Each through a running gateway.
class tst_ApisixSettings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void routes_data();
    void routes();
    void pathParametersAreVariables();
    void forwards_data();
    void forwards();
    void tellsPlugins_data();
    void tellsPlugins();
    void tellsUpstreamStatus_data();
    void tellsUpstreamStatus();
    void variablesOfTheConnection();
};

namespace {

using Setting = void (*)(GatewayOptions &);

constexpr Setting kNothing = [](GatewayOptions &) {};
constexpr Setting kUri = [](GatewayOptions &o) { o.routing.flavour = RouterFlavour::Uri; };
constexpr Setting kParameter = [](GatewayOptions &o) {
    o.routing.flavour = RouterFlavour::UriWithParameter;
};
constexpr Setting kTail = [](GatewayOptions &o) { o.proxyOptions.paths.dropTailSlash = true; };
constexpr Setting kServlet = [](GatewayOptions &o) { o.proxyOptions.paths.servlet = true; };
constexpr Setting kSlash = [](GatewayOptions &o) { o.proxyOptions.paths.keepEncodedSlash = true; };
constexpr Setting kDebug = [](GatewayOptions &o) { o.proxyOptions.debugHeader = true; };
constexpr Setting kStatus = [](GatewayOptions &o) { o.proxyOptions.upstreamStatusHeader = true; };
constexpr Setting kTrusted = [](GatewayOptions &o) {
    o.proxyOptions.trusted = {*IpRange::parse("127.0.0.0/8")};
};
constexpr Setting kOthersTrusted = [](GatewayOptions &o) {
    o.proxyOptions.trusted = {*IpRange::parse("10.0.0.0/8"), *IpRange::parse("::1")};
};

/// Routes by id and their members in front of the upstream.
using Routes = std::vector<std::pair<std::string, std::string>>;

} // namespace

void tst_ApisixSettings::routes_data()
{
    QTest::addColumn<Setting>("change");
    QTest::addColumn<Routes>("routes");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("found"); // route id, or the status
    const auto row = [](const char *name, Setting change, Routes routes, const char *target,
                        const char *found) {
        QTest::newRow(name) << change << std::move(routes) << QByteArray(target)
                            << QByteArray(found);
    };
    const Routes hosts{{"host", R"("uri": "/x/*", "host": "a.example")"},
                       {"none", R"("uri": "/x/y")"}};
    row("2.2 host_uri: a host route beats a host-less exact one", kNothing, hosts, "/x/y", "host");
    row("2.2 uri: path first, host is a filter", kUri, hosts, "/x/y", "none");
    row("2.2 uri_with_parameter: path first, too", kParameter, hosts, "/x/y", "none");
    row("2.2 host_uri: ':' is literal", kNothing, {{"p", R"("uri": "/user/:id")"}}, "/user/7",
        "404");
    row("2.2 uri: ':' is literal", kUri, {{"p", R"("uri": "/user/:id")"}}, "/user/:id", "p");
    row("2.2 uri_with_parameter: one segment", kParameter, {{"p", R"("uri": "/user/:id")"}},
        "/user/7", "p");
    row("2.2 uri_with_parameter: not two", kParameter, {{"p", R"("uri": "/user/:id")"}},
        "/user/7/8", "404");
    const Routes tail{{"t", R"("uri": "/a")"}};
    row("2.2 delete_uri_tail_slash off", kNothing, tail, "/a/", "404");
    row("2.2 delete_uri_tail_slash", kTail, tail, "/a/", "t");
    row("2.2 delete_uri_tail_slash: the root stays", kTail, {{"r", R"("uri": "/")"}}, "/", "r");
    const Routes servlet{{"s", R"("uri": "/a/b")"}};
    row("2.2 normalize_uri_like_servlet off", kNothing, servlet, "/a;x=1/b", "404");
    row("2.2 normalize_uri_like_servlet", kServlet, servlet, "/a;x=1/b;y", "s");
    row("2.9 bad servlet path: dots", kServlet, servlet, "/a/..;/b", "400");
    row("2.9 bad servlet path: empty segment", kServlet, servlet, "/a/;x/b", "400");
    const Routes slash{{"two", R"("uri": "/a/b/c")"}, {"one", R"("uri": "/a/b%2Fc")"}};
    row("2.2 match_uri_encoded_slash off", kNothing, slash, "/a/b%2Fc", "two");
    row("2.2 match_uri_encoded_slash", kSlash, slash, "/a/b%2Fc", "one");
    row("2.2 match_uri_encoded_slash decodes the rest", kSlash, slash, "/%61/b%2Fc", "one");
    row("2.2 match_uri_encoded_slash: dots end it", kSlash, slash, "/a/./b%2Fc", "two");
    row("2.2 match_uri_encoded_slash: encoded dots end it", kSlash, slash, "/x%2Fy/%2e%2e/../a/b/c",
        "two");
    row("2.2 match_uri_encoded_slash: doubled slashes end it", kSlash, slash, "/a//b%2Fc", "two");
}

void tst_ApisixSettings::routes()
{
    QFETCH(const Setting, change);
    QFETCH(const Routes, routes);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, found);
    PluginGateway gateway;
    change(gateway.gateway.options);
    QVERIFY(gateway.start());
    for (const auto &[id, members] : routes) {
        const RawMessage put = gateway.gateway.admin(
            "PUT", "/routes/" + id,
            std::format(R"({{{}, "plugins": {{"mocking": {{"response_example": "$route_id"}}}}}})",
                        members));
        QVERIFY2(put.status() == 201, put.body.c_str());
    }
    const RawMessage answer = gateway.get(target.toStdString());
    QCOMPARE(answer.status() == 200 ? answer.body : std::to_string(answer.status()),
             found.toStdString());
}

void tst_ApisixSettings::pathParametersAreVariables()
{
    PluginGateway gateway;
    kParameter(gateway.gateway.options);
    QVERIFY(gateway.start());
    const RawMessage put = gateway.gateway.admin("PUT", "/routes/1", R"({
        "uri": "/user/:id/*rest",
        "plugins": {"mocking": {"response_example": "$uri_param_id $uri_param_rest"}}})");
    QVERIFY2(put.status() == 201, put.body.c_str());
    QCOMPARE(gateway.get("/user/7/a/b").body, std::string("7 a/b"));
    // The original, too, compares a route's vars before it takes the path apart.
    const RawMessage asked = gateway.gateway.admin("PUT", "/routes/2", R"({
        "uri": "/group/:id", "vars": [["uri_param_id", "==", null]],
        "plugins": {"mocking": {"response_example": "$uri_param_id"}}})");
    QVERIFY2(asked.status() == 201, asked.body.c_str());
    QCOMPARE(gateway.get("/group/8").body, std::string("8"));
}

void tst_ApisixSettings::forwards_data()
{
    QTest::addColumn<Setting>("change");
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("there");
    const auto row = [](const char *name, Setting change, const char *line, bool there) {
        QTest::newRow(name) << change << QByteArray(line) << there;
    };
    row("2.8 X-Forwarded-For goes on by default", kNothing, "X-Forwarded-For: 9.9.9.9, 127.0.0.1",
        true);
    row("2.8 others are replaced by default", kNothing, "X-Forwarded-Proto: http\r\n", true);
    row("2.8 Forwarded is removed by default", kNothing, "Forwarded:", false);
    row("2.8 trusted: X-Forwarded-Proto stays", kTrusted, "X-Forwarded-Proto: https\r\n", true);
    row("2.8 trusted: and only once", kTrusted, "X-Forwarded-Proto: http\r\n", false);
    row("2.8 trusted: X-Forwarded-Host stays", kTrusted, "X-Forwarded-Host: outer\r\n", true);
    row("2.8 trusted: X-Forwarded-Port stays", kTrusted, "X-Forwarded-Port: 4443\r\n", true);
    row("2.8 trusted: Forwarded stays", kTrusted, "Forwarded: for=9.9.9.9\r\n", true);
    row("2.8 trusted: X-Forwarded-For goes on", kTrusted, "X-Forwarded-For: 9.9.9.9, 127.0.0.1",
        true);
    row("2.8 untrusted: X-Forwarded-For is dropped first", kOthersTrusted,
        "X-Forwarded-For: 127.0.0.1\r\n", true);
    row("2.8 untrusted: X-Forwarded-Proto is ours", kOthersTrusted, "X-Forwarded-Proto: http\r\n",
        true);
    row("2.8 untrusted: Forwarded is removed", kOthersTrusted, "Forwarded:", false);
}

void tst_ApisixSettings::forwards()
{
    QFETCH(const Setting, change);
    QFETCH(const QByteArray, line);
    QFETCH(const bool, there);
    PluginGateway gateway;
    change(gateway.gateway.options);
    QVERIFY(gateway.start());
    QVERIFY(gateway.use({}));
    const RawMessage answer = gateway.get(
        "/r",
        "X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: outer\r\n"
        "X-Forwarded-Port: 4443\r\nForwarded: for=9.9.9.9\r\n");
    QCOMPARE(answer.status(), 200);
    QVERIFY2(answer.body.contains("\r\n" + line.toStdString()) == there, answer.body.c_str());
}

void tst_ApisixSettings::tellsPlugins_data()
{
    QTest::addColumn<QByteArray>("plugins");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("2.9 in the order they ran")
        << QByteArray(R"("proxy-rewrite": {"method": "GET"}, "echo": {"body": "b"},
                         "ip-restriction": {"blacklist": ["9.9.9.9"]})")
        << QByteArray("proxy-rewrite#rewrite, ip-restriction#access, echo#header_filter");
    QTest::newRow("2.9 no plugin") << QByteArray() << QByteArray("no plugin");
    QTest::newRow("2.9 on a refusal, too")
        << QByteArray(R"("key-auth": {})") << QByteArray("key-auth#rewrite");
}

void tst_ApisixSettings::tellsPlugins()
{
    QFETCH(const QByteArray, plugins);
    QFETCH(const QByteArray, told);
    PluginGateway gateway;
    kDebug(gateway.gateway.options);
    QVERIFY(gateway.start());
    QVERIFY(gateway.use(plugins.toStdString()));
    QCOMPARE(gateway.get("/r").header("Apisix-Plugins"), told.toStdString());
    PluginGateway quiet;
    QVERIFY(quiet.start());
    QVERIFY(quiet.use(plugins.toStdString()));
    QCOMPARE(quiet.get("/r").header("Apisix-Plugins"), std::string("-"));
}

void tst_ApisixSettings::tellsUpstreamStatus_data()
{
    QTest::addColumn<Setting>("change");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("2.9 nothing by default") << kNothing << 200 << QByteArray("-");
    QTest::newRow("2.9 5xx by default") << kNothing << 503 << QByteArray("503");
    QTest::newRow("2.9 always when switched on") << kStatus << 200 << QByteArray("200");
    QTest::newRow("2.9 5xx once when switched on") << kStatus << 503 << QByteArray("503");
}

void tst_ApisixSettings::tellsUpstreamStatus()
{
    QFETCH(const Setting, change);
    QFETCH(const int, status);
    QFETCH(const QByteArray, told);
    PluginGateway gateway;
    change(gateway.gateway.options);
    QVERIFY(gateway.start(
        RawUpstream::answering(std::format("HTTP/1.1 {} X\r\nContent-Length: 0\r\n\r\n", status))));
    QVERIFY(gateway.use({}));
    QCOMPARE(gateway.get("/r").header("X-APISIX-Upstream-Status"), told.toStdString());
}

void tst_ApisixSettings::variablesOfTheConnection()
{
    PluginGateway gateway;
    QVERIFY(gateway.start());
    QVERIFY(gateway.use(
        R"("response-rewrite": {"headers": {"set": {"X-Server": "$server_addr:$server_port",)"
        R"( "X-Time": "$request_time", "X-Upstream": "$upstream_response_time",)"
        R"( "X-Length": "$request_length", "X-Node": "$balancer_ip"}}})"));
    const RawMessage answer = gateway.get("/r");
    QCOMPARE(answer.header("X-Server"), std::format("127.0.0.1:{}", gateway.gateway.proxyPort()));
    for (const char *name : {"X-Time", "X-Upstream"}) {
        const std::string time = answer.header(name);
        QVERIFY2(time.size() >= 5 && time[time.size() - 4] == '.', time.c_str());
    }
    QCOMPARE(
        answer.header("X-Length"),
        std::to_string(std::string_view("GET /r HTTP/1.1\r\nHost: a.example:9080\r\n\r\n").size()));
    QCOMPARE(answer.header("X-Node"), std::string("127.0.0.1"));
}

QTEST_GUILESS_MAIN(tst_ApisixSettings)
#include "tst_apisix_settings.moc"
