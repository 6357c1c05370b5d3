// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "tests/support/admin_api.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/tls_server.h"

#include <QTest>

#include <format>
#include <memory>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

namespace {

constexpr std::string_view kConfigs = "/apisix/admin/configs";
constexpr const char *kRoute =
    R"({"id":"r1","uri":"/r1","upstream":{"nodes":{"127.0.0.1:1980":1},"type":"roundrobin"}})";

AdminOptions apiDriven()
{
    AdminOptions options = AdminApi::withoutKey();
    options.provider = Provider::Api;
    return options;
}

std::string routes(std::string_view items, std::string_view more = {})
{
    return std::format(R"({{"routes":[{}]{}}})", items, more);
}

std::string route(std::string_view id, std::string_view uri, std::string_view more = {})
{
    return std::format(R"({{"id":"{}","uri":"{}"{},"upstream":{{"nodes":{{"127.0.0.1:1":1}}}}}})",
                       id, uri, more);
}

} // namespace

/// apisix.md 6.2: the configuration is replaced as a whole over the Admin API.
class tst_StandaloneApi : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void tellsTheEmptyConfiguration();
    void tellsTheEmptyConfigurationAsYaml();
    void refusals_data();
    void refusals();
    void acceptsAndTells();
    void acceptsYaml();
    void keepsWhatHasTheSameDigest();
    void versions_data();
    void versions();
    void replacesByType();
    void holdsBackBySameModifiedIndex();
    void credentialsAmongConsumers();
    void takesEveryType();
    void otherPathsAreNotThere_data();
    void otherPathsAreNotThere();
    void asksForTheKey();
    void theDataPlaneFollows();
    void takesALongConfiguration();

private:
    AdminReply put(std::string_view body, std::string_view contentType = "application/json")
    {
        return m_api->sendRaw("PUT", kConfigs, body,
                              {{"X-Digest", std::format("d{}", ++m_digests)},
                               {"Content-Type", std::string(contentType)}});
    }
    [[nodiscard]] Json get() { return jsonOf(m_api->sendRaw("GET", kConfigs)); }
    [[nodiscard]] QByteArrayList keys()
    {
        QByteArrayList keys;
        const auto documents = m_api->config.store().list("/");
        for (const Document &document : *documents)
            keys.append(QByteArray::fromStdString(document.key));
        return keys;
    }
    [[nodiscard]] std::string stored(std::string_view key)
    {
        const auto document = m_api->config.store().get(key);
        return document && *document ? (*document)->value : std::string();
    }

    std::unique_ptr<AdminApi> m_api;
    int m_digests = 0;
};

void tst_StandaloneApi::init() { m_api = std::make_unique<AdminApi>(apiDriven()); }

void tst_StandaloneApi::tellsTheEmptyConfiguration()
{
    const AdminReply reply = m_api->sendRaw("GET", kConfigs);
    QCOMPARE(reply.status, 200);
    QCOMPARE(headerOf(reply, "Content-Type"), QByteArray("application/json"));
    QCOMPARE(headerOf(reply, "X-Digest"), QByteArray());
    QCOMPARE(headerOf(reply, "X-Last-Modified"), QByteArray());
    const Json body = jsonOf(reply);
    for (const char *type :
         {"routes", "services", "upstreams", "consumers", "consumer_groups", "plugin_configs",
          "global_rules", "plugin_metadata", "ssls", "protos", "secrets", "stream_routes"}) {
        const Json *version = body.find(std::string(type) + "_conf_version");
        QVERIFY2(version && version->lexeme() == "0", type);
        QVERIFY2(!body.contains(type), type);
    }
    const AdminReply head = m_api->sendRaw("HEAD", kConfigs);
    QCOMPARE(head.status, 200);
    QVERIFY(head.body.empty());
}

void tst_StandaloneApi::tellsTheEmptyConfigurationAsYaml()
{
    const AdminReply reply = m_api->sendRaw("GET", kConfigs, {}, {{"Accept", "application/yaml"}});
    QCOMPARE(headerOf(reply, "Content-Type"), QByteArray("application/yaml"));
    QVERIFY(reply.body.contains("\nssls_conf_version: 0\n"));
    QVERIFY(reply.body.starts_with("routes_conf_version: 0\n"));
}

void tst_StandaloneApi::refusals_data()
{
    QTest::addColumn<QByteArray>("digest"); // empty: none
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("text");
    const auto json = [](const char *name, const std::string &body, const char *text) {
        QTest::newRow(name) << QByteArray("d") << QByteArray("application/json")
                            << QByteArray::fromStdString(body) << QByteArray(text);
    };
    const auto yaml = [](const char *name, const char *body, const char *text) {
        QTest::newRow(name) << QByteArray("d") << QByteArray("application/yaml") << QByteArray(body)
                            << QByteArray(text);
    };
    QTest::newRow("6.2 PUT without X-Digest")
        << QByteArray() << QByteArray("application/json") << QByteArray("{}")
        << QByteArray("missing digest header");
    json("6.2 PUT empty body", "", "invalid request body: empty request body");
    json("6.2 PUT bad JSON", "{abcd",
         "invalid request body: Expected object key string but found invalid token at character 2");
    json("6.2 PUT a number", "7", "invalid request body: the configuration is an object");
    yaml("6.2 PUT bad YAML", "a: [", "invalid request body: invalid yaml request body");
    yaml("6.2 PUT YAML that is text", "hello", "invalid request body: invalid yaml request body");
    yaml("6.2 PUT empty YAML", "# nothing", "invalid request body: invalid yaml request body");
    yaml("6.2 PUT YAML with aliases without end", "a: &a [*a]",
         "invalid request body: invalid yaml request body");
    json("6.2 PUT invalid item: schema", R"({"routes":[{"id":"r1","uri":123,"upstream_id":"1"}]})",
         "invalid configuration: property \"uri\" validation failed: wrong type: expected string, "
         "got number");
    json("6.2 PUT invalid item: plugin", R"({"routes":[{"id":"r1","uri":"/","plugins":{"x":{}}}]})",
         "unknown plugin [x]");
    json("6.2 PUT invalid item: a plugin's configuration",
         R"({"routes":[{"id":"r1","uri":"/","plugins":{"echo":{}}}]})",
         "failed to check the configuration of plugin echo err: expect object to have at least 1 "
         "properties");
    json("6.2 PUT invalid item: consumer", R"({"consumers":[{"username":"u","plugins":{"x":{}}}]})",
         "invalid plugins configuration: unknown plugin [x]");
    json("6.2 PUT the same id twice", routes(std::string(kRoute) + "," + kRoute),
         "found duplicate id r1 in routes");
    json("6.2 PUT the same user name twice", R"({"consumers":[{"username":"u"},{"username":"u"}]})",
         "found duplicate username u in consumers");
    json("6.2 PUT the same credential twice",
         R"({"consumers":[{"id":"user/credentials/c"},{"id":"user/credentials/c"}]})",
         "found duplicate credential id user/credentials/c in consumers");
    json("6.2 PUT version not a number", R"({"routes_conf_version":"adc"})",
         "routes_conf_version must be a number");
    json("6.2 PUT version lower than stored", R"({"routes_conf_version":-1})",
         "routes_conf_version must be greater than or equal to (0)");
    json("6.2 PUT stream routes", R"({"stream_routes":[{"id":"1"}]})",
         "stream mode is disabled, can not add stream routes");
    json("6.2 PUT a secret without manager", R"({"secrets":[{"id":"1","uri":"http://x"}]})",
         "invalid secret id: 1");
    json(
        "6.2 PUT modifiedIndex not a number",
        R"({"routes":[{"id":"r1","uri":"/","modifiedIndex":"1"}]})",
        "invalid configuration: property \"modifiedIndex\" validation failed: wrong type: expected "
        "integer, got string");
}

void tst_StandaloneApi::refusals()
{
    QFETCH(QByteArray, digest);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, text);
    ServiceHeaders headers{{"Content-Type", type.toStdString()}};
    if (!digest.isEmpty())
        headers.emplace_back("X-Digest", digest.toStdString());
    const AdminReply reply = m_api->sendRaw("PUT", kConfigs, body.toStdString(), headers);
    QCOMPARE(messageOf(reply), text);
    QCOMPARE(reply.status, 400);
    // Nothing of it is stored, the version neither.
    QVERIFY(keys().isEmpty());
    QCOMPARE(get().find("routes_conf_version")->lexeme(), std::string_view("0"));
}

void tst_StandaloneApi::acceptsAndTells()
{
    const AdminReply reply = m_api->sendRaw("PUT", kConfigs, routes(kRoute), {{"X-Digest", "abc"}});
    QCOMPARE(reply.status, 202);
    QVERIFY(reply.body.empty());
    QCOMPARE(headerOf(reply, "X-Digest"), QByteArray("abc"));
    QCOMPARE(headerOf(reply, "X-Last-Modified"), QByteArray::number(qint64{AdminApi::kNow}));
    for (const char *method : {"GET", "HEAD"}) {
        const AdminReply told = m_api->sendRaw(method, kConfigs);
        QCOMPARE(told.status, 200);
        QCOMPARE(headerOf(told, "X-Digest"), QByteArray("abc"));
        QCOMPARE(headerOf(told, "X-Last-Modified"), QByteArray::number(qint64{AdminApi::kNow}));
    }
    const Json body = get();
    QCOMPARE(body.find("routes_conf_version")->lexeme(), std::string_view("1"));
    QCOMPARE(body.find("ssls_conf_version")->lexeme(), std::string_view("1"));
    // as it was sent: no defaults
    QCOMPARE(*body.find("routes"), *parseJson(routes(kRoute))->find("routes"));
    QCOMPARE(body.stringOr("X-Digest", ""), std::string_view("abc"));
    QCOMPARE(body.find("X-Last-Modified")->asInteger(), std::optional(AdminApi::kNow));
    const std::string yaml =
        m_api->sendRaw("GET", kConfigs, {}, {{"Accept", "application/yaml"}}).body;
    QVERIFY(yaml.contains("routes:\n"));
    QVERIFY2(yaml.contains("id: r1"), yaml.c_str());
    QVERIFY(!yaml.starts_with("---") && !yaml.ends_with("..."));
    // What it tells can be sent again: the same versions, nothing changes.
    QCOMPARE(put(yaml, "application/yaml").status, 202);
    QCOMPARE(*get().find("routes"), *body.find("routes"));
    QCOMPARE(keys(), QByteArrayList{"/apisix/routes/r1"});
}

void tst_StandaloneApi::acceptsYaml()
{
    const AdminReply reply = put("routes:\n- id: r2\n  uri: /r2\n  plugins:\n    key-auth:\n"
                                 "  upstream: {nodes: {\"127.0.0.1:1\": 1}}\n",
                                 "application/yaml; charset=utf-8");
    QCOMPARE(reply.status, 202);
    QCOMPARE(keys(), QByteArrayList{"/apisix/routes/r2"});
}

void tst_StandaloneApi::keepsWhatHasTheSameDigest()
{
    const auto send = [this](std::string_view body) {
        return m_api->sendRaw("PUT", kConfigs, body, {{"x-digest", "same"}});
    };
    QCOMPARE(send(routes(kRoute)).status, 202);
    const AdminReply again = send(routes(R"({"id":"r9","uri":7})")); // not even looked at
    QCOMPARE(again.status, 204);
    QVERIFY(again.body.empty());
    QCOMPARE(keys(), QByteArrayList{"/apisix/routes/r1"});
    QCOMPARE(get().find("routes_conf_version")->lexeme(), std::string_view("1"));
    QCOMPARE(messageOf(send("{")), // but it must be a configuration
             QByteArray("invalid request body: Expected object key string but found T_END at "
                        "character 2"));
}

void tst_StandaloneApi::versions_data()
{
    QTest::addColumn<QByteArray>("body"); // behind {"routes_conf_version":100,"routes":[r1]}
    QTest::addColumn<QByteArray>("refusal");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArrayList>("keys");
    const auto row = [](const char *name, const std::string &body, const char *refusal,
                        const char *version, const QByteArrayList &keys) {
        QTest::newRow(name) << QByteArray::fromStdString(body) << QByteArray(refusal)
                            << QByteArray(version) << keys;
    };
    row("6.2 omitted: one more", routes(route("r2", "/r2")), "", "101", {"/apisix/routes/r2"});
    row("6.2 omitted, nothing in it: emptied", "{}", "", "101", {});
    row("6.2 greater replaces", routes(route("r2", "/r2"), R"(,"routes_conf_version":200)"), "",
        "200", {"/apisix/routes/r2"});
    row("6.2 greater without items empties", R"({"routes_conf_version":200})", "", "200", {});
    row("6.2 equal keeps", routes(route("r2", "/r2"), R"(,"routes_conf_version":100)"), "", "100",
        {"/apisix/routes/r1"});
    row("6.2 equal without items keeps", R"({"routes_conf_version":100})", "", "100",
        {"/apisix/routes/r1"});
    row("6.2 lower is refused", R"({"routes_conf_version":99})",
        "routes_conf_version must be greater than or equal to (100)", "100", {"/apisix/routes/r1"});
    row("6.2 not a number is refused", R"({"routes_conf_version":null})",
        "routes_conf_version must be a number", "100", {"/apisix/routes/r1"});
    row("6.2 a lower one of another type refuses all",
        routes(route("r2", "/r2"), R"(,"upstreams_conf_version":0)"),
        "upstreams_conf_version must be greater than or equal to (1)", "100",
        {"/apisix/routes/r1"});
}

void tst_StandaloneApi::versions()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, refusal);
    QFETCH(QByteArray, version);
    QFETCH(QByteArrayList, keys);
    QCOMPARE(put(routes(kRoute, R"(,"routes_conf_version":100)")).status, 202);
    const AdminReply reply = put(body.toStdString());
    QCOMPARE(reply.status, refusal.isEmpty() ? 202 : 400);
    QCOMPARE(messageOf(reply), refusal);
    QCOMPARE(QByteArray::fromStdString(std::string(get().find("routes_conf_version")->lexeme())),
             version);
    QCOMPARE(this->keys(), keys);
    QCOMPARE(get().contains("routes"), !keys.isEmpty());
}

void tst_StandaloneApi::replacesByType()
{
    QCOMPARE(put(R"({"routes":[)" + std::string(kRoute)
                 + R"(],"upstreams":[{"id":"u","nodes":{"127.0.0.1:1":1}}],)"
                   R"("consumers":[{"username":"jack"}]})")
                 .status,
             202);
    QCOMPARE(
        keys(),
        (QByteArrayList{"/apisix/consumers/jack", "/apisix/routes/r1", "/apisix/upstreams/u"}));
    const std::size_t published = m_api->published;
    QCOMPARE(
        put(R"({"upstreams_conf_version":1,"routes":[{"id":"r5","uri":"/","upstream_id":"u"}]})")
            .status,
        202);
    QCOMPARE(keys(), (QByteArrayList{"/apisix/routes/r5", "/apisix/upstreams/u"}));
    QCOMPARE(m_api->published, published + 1); // one step
}

void tst_StandaloneApi::holdsBackBySameModifiedIndex()
{
    const auto send = [this](int index, std::string_view uri) {
        return put(routes(route("r1", uri, std::format(R"(,"modifiedIndex":{})", index)))).status;
    };
    QCOMPARE(send(1, "/one"), 202);
    QVERIFY(stored("/apisix/routes/r1").contains("/one"));
    QCOMPARE(send(1, "/two"), 202);
    QVERIFY(stored("/apisix/routes/r1").contains("/one"));
    QVERIFY(get().dump().contains("/two")); // GET tells what was put
    QCOMPARE(send(2, "/two"), 202);
    QVERIFY(stored("/apisix/routes/r1").contains("/two"));
    // Without one it is always loaded again.
    const auto revision = [this] {
        return (*m_api->config.store().get("/apisix/routes/r1"))->modRevision;
    };
    QCOMPARE(put(routes(route("r1", "/three"))).status, 202);
    const auto before = revision();
    QCOMPARE(put(routes(route("r1", "/three"))).status, 202);
    QVERIFY(revision() > before);
}

void tst_StandaloneApi::credentialsAmongConsumers()
{
    QCOMPARE(
        put(R"({"consumers":[{"id":"john_1/credentials/a","plugins":{"key-auth":{"key":"k"}}},)"
            R"({"username":"john_1"}]})")
            .status,
        202);
    QCOMPARE(
        keys(),
        (QByteArrayList{"/apisix/consumers/john_1", "/apisix/consumers/john_1/credentials/a"}));
}

void tst_StandaloneApi::takesEveryType()
{
    const TlsIdentity leaf = issue(makeAuthority("authority"));
    const Json ssl = Json::object(
        {{"id", "c"}, {"sni", "a.example"}, {"cert", leaf.pem()}, {"key", leaf.keyPem()}});
    const AdminReply reply = put(std::format(
        R"({{"routes":[{}],"services":[{{"id":"s"}}],)"
        R"("upstreams":[{{"id":"u","nodes":{{"127.0.0.1:1":1}}}}],)"
        R"("consumers":[{{"username":"jack","group_id":"g"}}],)"
        R"("consumer_groups":[{{"id":"g","plugins":{{}}}}],)"
        R"("plugin_configs":[{{"id":"p","plugins":{{}}}}],)"
        R"("global_rules":[{{"id":"1","plugins":{{}}}}],)"
        R"("plugin_metadata":[{{"id":"key-auth","note":1}}],"ssls":[{}],)"
        R"("protos":[{{"id":"1","content":"syntax"}}],)"
        R"("secrets":[{{"id":"vault/1","uri":"http://127.0.0.1:1","prefix":"kv","token":"t"}}],)"
        R"("stream_routes":[],"plugins":[{{"name":"key-auth"}}]}})",
        kRoute, ssl.dump()));
    QCOMPARE(messageOf(reply), QByteArray());
    QCOMPARE(reply.status, 202);
    QCOMPARE(keys(),
             (QByteArrayList{"/apisix/consumer_groups/g", "/apisix/consumers/jack",
                             "/apisix/global_rules/1", "/apisix/plugin_configs/p",
                             "/apisix/plugin_metadata/key-auth", "/apisix/protos/1",
                             "/apisix/routes/r1", "/apisix/secrets/vault/1", "/apisix/services/s",
                             "/apisix/ssls/c", "/apisix/upstreams/u"}));
    QCOMPARE(put("{}").status, 202);
    QVERIFY(keys().isEmpty());
}

void tst_StandaloneApi::otherPathsAreNotThere_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("6.2 POST configs") << QByteArray("POST") << QByteArray("/apisix/admin/configs");
    QTest::newRow("DELETE configs") << QByteArray("DELETE") << QByteArray("/apisix/admin/configs");
    QTest::newRow("6.3 GET validate")
        << QByteArray("GET") << QByteArray("/apisix/admin/configs/validate");
    QTest::newRow("1.2 routes") << QByteArray("GET") << QByteArray("/apisix/admin/routes");
    QTest::newRow("1.2 PUT a route") << QByteArray("PUT") << QByteArray("/apisix/admin/routes/1");
    QTest::newRow("1.2 plugins") << QByteArray("GET") << QByteArray("/apisix/admin/plugins/list");
    QTest::newRow("1.2 schema") << QByteArray("GET") << QByteArray("/apisix/admin/schema/route");
    QTest::newRow("1.2 probe") << QByteArray("HEAD") << QByteArray("/apisix/admin");
    QTest::newRow("1.2 root") << QByteArray("GET") << QByteArray("/");
}

void tst_StandaloneApi::otherPathsAreNotThere()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    const AdminReply reply = m_api->sendRaw(method.toStdString(), path.toStdString(), "{}");
    QCOMPARE(reply.status, 404);
    QVERIFY(headerOf(reply, "Content-Type").startsWith("text/html"));
    QVERIFY(keys().isEmpty());
}

void tst_StandaloneApi::asksForTheKey()
{
    AdminOptions options = apiDriven();
    options.requireKey = true;
    options.adminKey = "admin-key";
    options.viewerKey = "viewer-key";
    AdminApi api(options);
    const auto ask = [&api](std::string_view method, const char *key) {
        return api.sendRaw(method, kConfigs, "{}", {{"X-API-KEY", key}, {"X-Digest", "d"}}).status;
    };
    QCOMPARE(api.sendRaw("GET", kConfigs).status, 401);
    QCOMPARE(ask("HEAD", "wrong"), 401);
    QCOMPARE(ask("GET", "viewer-key"), 200);
    QCOMPARE(ask("PUT", "viewer-key"), 401);
    QCOMPARE(ask("PUT", "admin-key"), 202);
}

void tst_StandaloneApi::theDataPlaneFollows()
{
    GatewayFixture gateway;
    gateway.options.store = "api:";
    QVERIFY(gateway.start());
    const auto send = [&gateway](int digest, std::string_view body) {
        RawStream stream = RawStream::connectTo(gateway.adminPort());
        stream.send(std::format("PUT /apisix/admin/configs HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                "X-API-KEY: {}\r\nX-Digest: {}\r\nContent-Length: {}\r\n\r\n{}",
                                gateway.options.adminKey, digest, body.size(), body));
        return stream.readMessage().status();
    };
    const auto login = [&gateway](std::string_view key) {
        return gateway.ask(std::format("GET /r1 HTTP/1.1\r\nHost: a\r\napikey: {}\r\n\r\n", key))
            .status();
    };
    const std::string mock =
        R"({"id":"r1","uri":"/r1","plugins":{"key-auth":{},"mocking":{"response_example":"hi"}}})";
    QCOMPARE(gateway.get("/r1").status(), 404);
    QCOMPARE(send(1,
                  routes(mock,
                         R"(,"consumers":[{"username":"jack"},{"id":"jack/credentials/a",)"
                         R"("plugins":{"key-auth":{"key":"auth-a"}}}])")),
             202);
    QCOMPARE(gateway.get("/r1").status(), 401); // the answer comes after the data plane follows
    QCOMPARE(login("auth-a"), 200);
    QCOMPARE(login("other"), 401);
    QCOMPARE(send(2, routes(mock)), 202);
    QCOMPARE(login("auth-a"), 401);
    QCOMPARE(send(3, "{}"), 202);
    QCOMPARE(gateway.get("/r1").status(), 404);
}

void tst_StandaloneApi::takesALongConfiguration()
{
    // Longer than what a single object may have (1.2).
    std::string items;
    for (int i = 0; i < 10'000; ++i)
        items += (i ? "," : "") + route(std::format("r{}", i), std::format("/path/number/{}/*", i));
    std::string body = routes(items);
    body.resize(2'000'000, ' ');
    GatewayFixture gateway;
    gateway.options.store = "api:";
    QVERIFY(gateway.start());
    RawStream stream = RawStream::connectTo(gateway.adminPort());
    stream.send(std::format("PUT /apisix/admin/configs HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            "X-API-KEY: {}\r\nX-Digest: d\r\nContent-Length: {}\r\n\r\n",
                            gateway.options.adminKey, body.size()));
    stream.send(body);
    QCOMPARE(stream.readMessage(false, std::chrono::seconds(60)).status(), 202);
}

QTEST_GUILESS_MAIN(tst_StandaloneApi)
#include "tst_standalone_api.moc"
