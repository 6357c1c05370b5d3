// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/admin/apisix/authentication.h"
#include "gateway/control/apisix_control.h"
#include "tests/support/admin_api.h"
#include "tests/support/gateway_fixture.h"

#include <QTest>

#include <format>
#include <map>
#include <memory>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

namespace {

/// Health checks that know what they are told.
class KnownHealth final : public HealthReport
{
public:
    std::map<std::string, CheckedUpstream, std::less<>> known;

    [[nodiscard]] std::vector<CheckedUpstream> checkedUpstreams() const override
    {
        std::vector<CheckedUpstream> all;
        for (const auto &[name, upstream] : known)
            all.push_back(upstream);
        return all;
    }
    [[nodiscard]] std::optional<CheckedUpstream>
    checkedUpstream(std::string_view name) const override
    {
        const auto found = known.find(name);
        return found == known.end() ? std::nullopt : std::optional(found->second);
    }
};

ServiceRequest requestTo(std::string_view method, std::string_view path,
                         ServiceHeaders headers = {})
{
    ServiceRequest request;
    request.method = method;
    request.target = request.path = path;
    request.headers = std::move(headers);
    request.peer = "127.0.0.1";
    return request;
}

} // namespace

/// apisix.md 7: the control API under APISIX's paths.
class tst_ApisixControl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void schema();
    void lists_data();
    void lists();
    void emptyListsAreObjects_data();
    void emptyListsAreObjects();
    void oneItem_data();
    void oneItem();
    void itemsHaveTheirDefaults();
    void domainsAreTold_data();
    void domainsAreTold();
    void brokenItemsAreNotLoaded();
    void pluginMetadata();
    void healthOfAll();
    void healthOfOne_data();
    void healthOfOne();
    void healthAsPage();
    void actions();
    void unknownPaths_data();
    void unknownPaths();
    void foreignRequestsAreRefused_data();
    void foreignRequestsAreRefused();
    void networkNamesAreTaken();
    void onItsOwnPort();
    void closedUnlessWanted();
    void keysAndVersionsInStandaloneMode();

private:
    AdminReply ask(std::string_view path, std::string_view method = "GET",
                   ServiceHeaders headers = {}) const
    {
        return ApisixControl({m_api->config, &m_health})
            .answer(requestTo(method, path, std::move(headers)));
    }
    /// Into the store without a check: what other parts of the gateway may have written.
    void store(std::string key, std::string value)
    {
        Transaction transaction;
        transaction.puts.push_back({std::move(key), std::move(value)});
        QVERIFY(m_api->config.commit(std::move(transaction)));
    }

    std::unique_ptr<AdminApi> m_api;
    KnownHealth m_health;
};

void tst_ApisixControl::init()
{
    m_api = std::make_unique<AdminApi>();
    m_health.known.clear();
    QCOMPARE(m_api
                 ->send("PUT", "services/s1",
                        R"({"name":"one","upstream":{"nodes":{"127.0.0.1:80":1}}})")
                 .status,
             201);
    QCOMPARE(m_api
                 ->send("PUT", "upstreams/u1",
                        R"({"nodes":[{"host":"127.0.0.1","port":80,"weight":1}]})")
                 .status,
             201);
    QCOMPARE(m_api
                 ->send("PUT", "routes/r1",
                        R"({"uri":"/a","service_id":"s1","plugins":{"key-auth":{}}})")
                 .status,
             201);
    QCOMPARE(m_api
                 ->send("PUT", "routes/r2",
                        R"({"uri":"/b","upstream":{"nodes":{"example.com":2,"[::1]:8080":1}}})")
                 .status,
             201);
}

void tst_ApisixControl::schema()
{
    const AdminReply reply = ask("/v1/schema");
    QCOMPARE(reply.status, 200);
    const Json body = jsonOf(reply);
    const Json *main = body.find("main");
    QVERIFY(main);
    for (const char *name :
         {"consumer", "consumer_group", "global_rule", "plugin_config", "plugins", "proto", "route",
          "service", "upstream", "upstream_hash_vars_schema", "upstream_hash_header_schema"})
        QVERIFY2(main->contains(name), name);
    QVERIFY(main->find("route")->find("properties")->contains("uri"));
    const Json *plugin = body.find("plugins")->find("key-auth");
    QVERIFY(plugin);
    QCOMPARE(plugin->find("priority")->lexeme(), std::string_view("2500"));
    QCOMPARE(plugin->stringOr("type", ""), std::string_view("auth"));
    QCOMPARE(plugin->find("version")->lexeme(), std::string_view("0.1"));
    QVERIFY(plugin->contains("schema") && plugin->contains("consumer_schema"));
    QVERIFY(body.find("stream_plugins"));
}

void tst_ApisixControl::lists_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArrayList>("keys");
    QTest::newRow("7 /v1/routes") << QByteArray("/v1/routes")
                                  << QByteArrayList{"/apisix/routes/r1", "/apisix/routes/r2"};
    QTest::newRow("7 /v1/services")
        << QByteArray("/v1/services") << QByteArrayList{"/apisix/services/s1"};
    QTest::newRow("7 /v1/upstreams")
        << QByteArray("/v1/upstreams") << QByteArrayList{"/apisix/upstreams/u1"};
}

void tst_ApisixControl::lists()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArrayList, keys);
    const AdminReply reply = ask(path.toStdString());
    QCOMPARE(reply.status, 200);
    const Json list = jsonOf(reply);
    QVERIFY(list.isArray());
    QByteArrayList told;
    for (const Json &item : list.items()) {
        told.append(QByteArray::fromStdString(std::string(item.stringOr("key", ""))));
        QVERIFY(item.find("value")->isObject());
        QVERIFY(item.find("modifiedIndex")->isNumber() && item.find("createdIndex")->isNumber());
        QVERIFY(item.find("has_domain")->isBool());
    }
    QCOMPARE(told, keys);
}

void tst_ApisixControl::emptyListsAreObjects_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path :
         {"/v1/routes", "/v1/services", "/v1/upstreams", "/v1/plugin_metadatas", "/v1/healthcheck"})
        QTest::addRow("7 %s", path) << QByteArray(path);
}

void tst_ApisixControl::emptyListsAreObjects()
{
    QFETCH(QByteArray, path);
    m_api = std::make_unique<AdminApi>();
    QCOMPARE(ask(path.toStdString()).body, std::string("{}\n"));
}

void tst_ApisixControl::oneItem_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("told"); // key, or error_msg
    const auto row = [](const char *name, const char *path, int status, const char *told) {
        QTest::newRow(name) << QByteArray(path) << status << QByteArray(told);
    };
    row("7 /v1/route/{id}", "/v1/route/r1", 200, "/apisix/routes/r1");
    row("7 /v1/service/{id}", "/v1/service/s1", 200, "/apisix/services/s1");
    row("7 /v1/upstream/{id}", "/v1/upstream/u1", 200, "/apisix/upstreams/u1");
    row("7 route not found", "/v1/route/none", 404, "route[none] not found");
    row("7 service not found", "/v1/service/none", 404, "service[none] not found");
    row("7 upstream not found", "/v1/upstream/none", 404, "upstream[none] not found");
    row("7 the id ends at a slash", "/v1/route/r1/more", 200, "/apisix/routes/r1");
}

void tst_ApisixControl::oneItem()
{
    QFETCH(QByteArray, path);
    QFETCH(int, status);
    QFETCH(QByteArray, told);
    const AdminReply reply = ask(path.toStdString());
    QCOMPARE(reply.status, status);
    const Json body = jsonOf(reply);
    QCOMPARE(QByteArray::fromStdString(
                 std::string(body.stringOr(status == 200 ? "key" : "error_msg", ""))),
             told);
}

void tst_ApisixControl::itemsHaveTheirDefaults()
{
    const Json item = jsonOf(ask("/v1/route/r1"));
    const Json *value = item.find("value");
    QCOMPARE(value->stringOr("id", ""), std::string_view("r1"));
    QCOMPARE(value->find("priority")->lexeme(), std::string_view("0"));
    QCOMPARE(value->find("status")->lexeme(), std::string_view("1"));
    QCOMPARE(value->find("plugins")->find("key-auth")->stringOr("header", ""),
             std::string_view("apikey"));
    const Json other = jsonOf(ask("/v1/route/r2"));
    const Json *upstream = other.find("value")->find("upstream");
    QCOMPARE(upstream->stringOr("type", ""), std::string_view("roundrobin"));
    QCOMPARE(upstream->stringOr("scheme", ""), std::string_view("http"));
    QCOMPARE(upstream->stringOr("pass_host", ""), std::string_view("pass"));
    QCOMPARE(upstream->stringOr("hash_on", ""), std::string_view("vars"));
    QCOMPARE(upstream->find("nodes")->dump(),
             std::string(R"([{"host":"example.com","port":80,"weight":2},)"
                         R"({"host":"[::1]","port":8080,"weight":1}])"));
}

void tst_ApisixControl::domainsAreTold_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("domain");
    QTest::newRow("7 a name") << QByteArray("/v1/route/r2") << true;
    QTest::newRow("7 an address") << QByteArray("/v1/service/s1") << false;
    QTest::newRow("7 an address in a list") << QByteArray("/v1/upstream/u1") << false;
    QTest::newRow("7 no upstream") << QByteArray("/v1/route/r1") << false;
}

void tst_ApisixControl::domainsAreTold()
{
    QFETCH(QByteArray, path);
    QFETCH(bool, domain);
    QCOMPARE(jsonOf(ask(path.toStdString())).find("has_domain")->asBool(), domain);
}

void tst_ApisixControl::brokenItemsAreNotLoaded()
{
    store("/apisix/routes/broken", R"({"id":"broken","uri":"/x","plugins":{"nonsense":{}}})");
    QVERIFY(!ask("/v1/routes").body.contains("broken"));
}

void tst_ApisixControl::pluginMetadata()
{
    QCOMPARE(ask("/v1/plugin_metadatas").body, std::string("{}\n"));
    store("/apisix/plugin_metadata/example", R"({"skey":"val","ikey":1})");
    QCOMPARE(ask("/v1/plugin_metadatas").body,
             std::string("[{\"skey\":\"val\",\"ikey\":1,\"id\":\"example\"}]\n"));
    QCOMPARE(ask("/v1/plugin_metadata/example").body,
             std::string("{\"skey\":\"val\",\"ikey\":1,\"id\":\"example\"}\n"));
    const AdminReply none = ask("/v1/plugin_metadata/none");
    QCOMPARE(none.status, 404);
    QCOMPARE(messageOf(none), QByteArray("plugin metadata[none] not found"));
}

namespace {

constexpr const char *kChecked =
    R"({"id":"c","nodes":{"127.0.0.1:1980":1},"checks":{"active":{"type":"tcp"}}})";

CheckedUpstream twoNodes(std::string name)
{
    return {std::move(name),
            "http",
            {{"127.0.0.1", 1980, "one", HealthStatus::Healthy, {.success = 3}},
             {"127.0.0.2",
              1981,
              "<two>",
              HealthStatus::Unhealthy,
              {.success = 0, .httpFailure = 1, .tcpFailure = 2, .timeoutFailure = 4}}}};
}

} // namespace

void tst_ApisixControl::healthOfAll()
{
    QCOMPARE(ask("/v1/healthcheck").body, std::string("{}\n"));
    store("/apisix/upstreams/c", kChecked);
    store("/apisix/routes/c",
          R"({"id":"c","uri":"/c","upstream":{"nodes":{"127.0.0.1:1":1},"checks":{"active":{}}}})");
    m_health.known.emplace("/apisix/upstreams/c", twoNodes("/apisix/upstreams/c"));
    const Json list = jsonOf(ask("/v1/healthcheck"));
    // What has checks, routes first; a checker that has seen nothing yet has no nodes.
    if (m_api->config.compiler().problems().empty()) {
        QCOMPARE(list.size(), std::size_t{2});
        QCOMPARE(list.items()[0].dump(),
                 std::string(R"({"name":"/apisix/routes/c","type":"http","nodes":{}})"));
    }
    QCOMPARE(
        list.items().back().dump(),
        std::string(
            R"({"name":"/apisix/upstreams/c","type":"http","nodes":[)"
            R"({"ip":"127.0.0.1","port":1980,"hostname":"one","status":"healthy","counter":{"success":3,"http_failure":0,"tcp_failure":0,"timeout_failure":0}},)"
            R"({"ip":"127.0.0.2","port":1981,"hostname":"<two>","status":"unhealthy","counter":{"success":0,"http_failure":1,"tcp_failure":2,"timeout_failure":4}}]})"));
}

void tst_ApisixControl::healthOfOne_data()
{
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *rest, int status, const char *text) {
        QTest::newRow(name) << QByteArray(rest) << status << QByteArray(text);
    };
    row("7 no checker", "routes/r1", 404, "no checker for routes[r1]");
    row("7 no checker for a service", "services/s1", 404, "no checker for services[s1]");
    row("7 not found", "routes/none", 404, "routes[none] not found");
    row("7 upstream not found", "upstreams/none", 404, "upstreams[none] not found");
    row("7 stream routes are never there", "stream_routes/1", 404, "stream_routes[1] not found");
    row("7 invalid type", "x/1", 400, "invalid src type x");
    row("7 no id", "routes", 404, "missing src id for src type routes");
    row("7 empty id", "routes/", 404, "missing src id for src type routes");
}

void tst_ApisixControl::healthOfOne()
{
    QFETCH(QByteArray, rest);
    QFETCH(int, status);
    QFETCH(QByteArray, text);
    const AdminReply reply = ask("/v1/healthcheck/" + rest.toStdString());
    QCOMPARE(messageOf(reply), text);
    QCOMPARE(reply.status, status);

    store("/apisix/upstreams/c", kChecked);
    const Json unknown = jsonOf(ask("/v1/healthcheck/upstreams/c"));
    QCOMPARE(unknown.dump(),
             std::string(R"({"name":"/apisix/upstreams/c","type":"tcp","nodes":{}})"));
}

void tst_ApisixControl::healthAsPage()
{
    store("/apisix/upstreams/c", kChecked);
    m_health.known.emplace("/apisix/upstreams/c", twoNodes("/apisix/upstreams/c"));
    const AdminReply reply =
        ask("/v1/healthcheck/upstreams/c", "GET", {{"Accept", "text/html,application/xhtml+xml"}});
    QCOMPARE(reply.status, 200);
    QVERIFY(headerOf(reply, "Content-Type").startsWith("text/html"));
    for (const char *part :
         {"<title>APISIX upstream check status</title>", "<h1>APISIX upstream check status</h1>",
          "<td>1</td>", "<td>127.0.0.1:1980</td>", "<td>healthy</td>", "<td>127.0.0.2:1981</td>",
          "<td>unhealthy</td>", "<td>4</td>", "<th>TIMEOUT Failures</th>",
          "<td>/apisix/upstreams/c</td>"})
        QVERIFY2(reply.body.contains(part), part);
    QVERIFY(!reply.body.contains("<two>"));
    QVERIFY(headerOf(ask("/v1/healthcheck", "GET", {{"Accept", "text/html"}}), "Content-Type")
                .startsWith("text/html"));
}

void tst_ApisixControl::actions()
{
    const AdminReply gc = ask("/v1/gc", "POST");
    QCOMPARE(gc.status, 200);
    QVERIFY(gc.body.empty());
    const AdminReply reload = ask("/v1/plugins/reload", "PUT");
    QCOMPARE(reload.status, 200);
    QCOMPARE(reload.body, std::string("done"));
}

void tst_ApisixControl::unknownPaths_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    const auto row = [](const char *method, const char *path) {
        QTest::addRow("7 %s %s", method, path) << QByteArray(method) << QByteArray(path);
    };
    row("GET", "/");
    row("GET", "/v1");
    row("GET", "/v1/none");
    row("GET", "/v1/routes/1");
    row("GET", "/v2/routes");
    row("GET", "/v1/gc");
    row("POST", "/v1/plugins/reload");
    row("DELETE", "/v1/routes");
    row("GET", "/v1/traces");
}

void tst_ApisixControl::unknownPaths()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    const AdminReply reply = ask(path.toStdString(), method.toStdString());
    QCOMPARE(reply.status, 404);
    QVERIFY(headerOf(reply, "Content-Type").startsWith("text/html"));
}

void tst_ApisixControl::foreignRequestsAreRefused_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<int>("status");
    QTest::newRow("own address") << QByteArray("127.0.0.1:9090") << QByteArray() << 200;
    QTest::newRow("localhost") << QByteArray("localhost:9090") << QByteArray() << 200;
    QTest::newRow("IPv6") << QByteArray("[::1]:9090") << QByteArray() << 200;
    QTest::newRow("a name bound anew") << QByteArray("evil.example:9090") << QByteArray() << 403;
    QTest::newRow("a page") << QByteArray("127.0.0.1:9090") << QByteArray("http://evil.example")
                            << 403;
    QTest::newRow("a page of this machine")
        << QByteArray("localhost:9090") << QByteArray("http://localhost:8080") << 403;
}

void tst_ApisixControl::foreignRequestsAreRefused()
{
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, origin);
    QFETCH(int, status);
    ServiceHeaders headers{{"Host", host.toStdString()}};
    if (!origin.isEmpty())
        headers.emplace_back("Origin", origin.toStdString());
    QCOMPARE(ask("/v1/routes", "GET", headers).status, status);
    QCOMPARE(ask("/v1/plugins/reload", "PUT", headers).status, status);
}

void tst_ApisixControl::networkNamesAreTaken()
{
    ServiceRequest request;
    request.headers = {{"Host", "gateway:9090"}};
    QVERIFY(!hostIsOwn(request));
    request.toLoopback = false; // as a container is reached by its name
    QVERIFY(hostIsOwn(request));
}

void tst_ApisixControl::onItsOwnPort()
{
    GatewayFixture gateway;
    gateway.options.controlApisix = Endpoint{"127.0.0.1", 0};
    QVERIFY(gateway.start());
    QVERIFY(gateway.route("1", "/x", 9));
    const auto address = gateway.gateway().addresses().controlApisix;
    QVERIFY(address && address->port != 0);
    QVERIFY(
        gateway.gateway().addresses().controlApisixUrl().ends_with(std::to_string(address->port)));
    const auto get = [&address](const char *path) {
        RawStream stream = RawStream::connectTo(address->port);
        stream.send(
            std::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", path,
                        address->port));
        return stream.readMessage();
    };
    const RawMessage route = get("/v1/route/1");
    QCOMPARE(route.status(), 200);
    QCOMPARE(route.header("content-type"), std::string("application/json"));
    QVERIFY(route.header("server").starts_with("APISIX/"));
    QVERIFY(route.body.contains("/apisix/routes/1"));
    const RawMessage none = get("/v1/nothing");
    QCOMPARE(none.status(), 404);
    QVERIFY(none.body.contains("<html>"));
    QCOMPARE(get("/v1/healthcheck").body, std::string("{}\n"));
}

void tst_ApisixControl::closedUnlessWanted()
{
    GatewayFixture gateway;
    QVERIFY(gateway.start());
    QVERIFY(!gateway.gateway().addresses().controlApisix);
    QVERIFY(!gateway.gateway().addresses().status);
    QVERIFY(gateway.gateway().addresses().controlApisixUrl().empty());
}

void tst_ApisixControl::keysAndVersionsInStandaloneMode()
{
    ApisixControlSource source{m_api->config, nullptr,
                               [](std::string_view key) { return key.ends_with("r1") ? 7 : 3; }};
    const ApisixControl control(source);
    const Json one = jsonOf(control.answer(requestTo("GET", "/v1/route/r1")));
    QCOMPARE(one.stringOr("key", ""), std::string_view("/routes/r1"));
    QCOMPARE(one.find("modifiedIndex")->lexeme(), std::string_view("7"));
    const Json two = jsonOf(control.answer(requestTo("GET", "/v1/route/r2")));
    QCOMPARE(two.find("modifiedIndex")->lexeme(), std::string_view("3"));
}

QTEST_GUILESS_MAIN(tst_ApisixControl)
#include "tst_apisix_control.moc"
