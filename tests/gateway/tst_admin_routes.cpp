// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;

namespace {
constexpr const char *kRoute = R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:80":1}}})";
}

// Routes, services and upstreams: envelopes, ids, checks, references. apisix.md 1.1 to 1.5, 1.8.
class tst_AdminRoutes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void putAnswersKeyAndValue();
    void storesOnlyWhatWasSent();
    void getShowsIndexes();
    void keepsCreateTime();
    void postMakesAnIdOfTwentyDigits();
    void deleteAnswersItsKey();
    void publishesBeforeItAnswers();
    void authenticates_data();
    void authenticates();
    void dispatches_data();
    void dispatches();
    void answersWithTheOriginalsHeaders();
    void answersPreflightAndProbe();
    void refusesForeignHosts_data();
    void refusesForeignHosts();
    void postTakesNoId_data();
    void postTakesNoId();
    void checks_data();
    void checks();
    void checksReferences_data();
    void checksReferences();
    void forceSkipsReferenceChecks();
    void ttlEndsAnObject();
};

void tst_AdminRoutes::putAnswersKeyAndValue()
{
    AdminApi api;
    const AdminReply first = api.send("PUT", "routes/1", kRoute);
    QCOMPARE(first.status, 201);
    const Json body = jsonOf(first);
    QCOMPARE(body.members().size(), 2U);
    QCOMPARE(body.stringOr("key", ""), "/apisix/routes/1");
    const Json *value = body.find("value");
    QVERIFY(value);
    QCOMPARE(value->stringOr("id", ""), "1");
    QCOMPARE(value->find("create_time")->asInteger(), AdminApi::kNow);
    QCOMPARE(value->find("update_time")->asInteger(), AdminApi::kNow);
    QVERIFY(first.body.ends_with('\n'));
    QCOMPARE(api.send("PUT", "routes/1", kRoute).status, 200);
}

void tst_AdminRoutes::storesOnlyWhatWasSent()
{
    AdminApi api;
    api.send("PUT", "routes/1", R"({"uri":"/x","plugins":{"key-auth":{}}})");
    const auto stored = api.config.store().get("/apisix/routes/1");
    QCOMPARE(QByteArray::fromStdString((*stored)->value),
             QByteArray(R"({"uri":"/x","plugins":{"key-auth":{}},"id":"1",)"
                        R"("create_time":1734220800,"update_time":1734220800})"));
}

void tst_AdminRoutes::getShowsIndexes()
{
    AdminApi api;
    api.send("PUT", "routes/1", kRoute);
    api.send("PUT", "routes/2", kRoute);
    api.send("PUT", "routes/1", kRoute);
    const Json one = jsonOf(api.send("GET", "routes/1"));
    QCOMPARE(one.find("createdIndex")->asInteger(), 1);
    QCOMPARE(one.find("modifiedIndex")->asInteger(), 3);
    const Json list = jsonOf(api.send("GET", "routes/"));
    QCOMPARE(list.find("total")->asInteger(), 2);
    QCOMPARE(list.find("list")->items().at(0), one);
    QCOMPARE(api.send("GET", "routes/3").status, 404);
    QCOMPARE(messageOf(api.send("GET", "routes/3")), QByteArray("Key not found"));
    QCOMPARE(api.send("GET", "services").body, std::string("{\"total\":0,\"list\":[]}\n"));
}

void tst_AdminRoutes::keepsCreateTime()
{
    AdminApi api;
    api.send("PUT", "routes/1", kRoute);
    QVERIFY(api.clock.advance(std::chrono::seconds(5)));
    const Json value = *jsonOf(api.send("PUT", "routes/1", kRoute)).find("value");
    QCOMPARE(value.find("create_time")->asInteger(), AdminApi::kNow);
    QCOMPARE(value.find("update_time")->asInteger(), AdminApi::kNow + 5);
}

void tst_AdminRoutes::postMakesAnIdOfTwentyDigits()
{
    AdminApi api;
    const AdminReply reply = api.send("POST", "routes", kRoute);
    QCOMPARE(reply.status, 201);
    QCOMPARE(jsonOf(reply).stringOr("key", ""), "/apisix/routes/00000000000000000001");
    QCOMPARE(jsonOf(reply).find("value")->stringOr("id", ""), "00000000000000000001");
    const Json stored = jsonOf(api.send("GET", "routes/00000000000000000001"));
    QCOMPARE(stored.find("modifiedIndex")->asInteger(), 2);
    QCOMPARE(jsonOf(api.send("POST", "routes", kRoute)).stringOr("key", ""),
             "/apisix/routes/00000000000000000003");
}

void tst_AdminRoutes::deleteAnswersItsKey()
{
    AdminApi api;
    api.send("PUT", "routes/1", kRoute);
    const AdminReply reply = api.send("DELETE", "routes/1");
    QCOMPARE(reply.status, 200);
    QCOMPARE(jsonOf(reply), Json::object({{"deleted", "1"}, {"key", "/apisix/routes/1"}}));
    QCOMPARE(api.send("DELETE", "routes/1").status, 404);
}

void tst_AdminRoutes::publishesBeforeItAnswers()
{
    AdminApi api;
    const std::size_t before = api.published;
    api.send("PUT", "routes/1", kRoute);
    QCOMPARE(api.published, before + 1);
    QVERIFY(api.config.snapshot());
    QCOMPARE(api.config.snapshot()->revision, 1U);
}

void tst_AdminRoutes::authenticates_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("refusal");
    const auto row = [](const char *name, const char *method, const char *target,
                        const char *header, const char *value, const char *refusal) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(header)
                            << QByteArray(value) << QByteArray(refusal);
    };
    row("1.1: no key", "GET", "routes", "", "", "missing apikey");
    row("1.1: unknown key", "GET", "routes", "X-API-KEY", "x", "wrong apikey");
    row("1.1: empty key", "GET", "routes", "X-API-KEY", "", "wrong apikey");
    row("1.1: header", "GET", "routes", "x-api-key", "admin-key", "");
    row("1.1: query", "GET", "routes?api_key=admin-key", "", "", "");
    row("1.1: query before header", "GET", "routes?api_key=no", "X-API-KEY", "admin-key",
        "wrong apikey");
    row("1.1: cookie", "GET", "routes", "Cookie", "a=b; x_api_key=admin-key; c=d", "");
    row("1.1: cookie of another name", "GET", "routes", "Cookie", "xx_api_key=admin-key",
        "missing apikey");
    row("1.1: viewer reads", "GET", "routes", "X-API-KEY", "viewer-key", "");
    row("1.1: viewer does not write", "DELETE", "routes/1", "X-API-KEY", "viewer-key",
        "invalid method for role viewer");
    row("1.2: the key before stream mode", "PUT", "stream_routes/1", "", "", "missing apikey");
    row("1.12: schema/validate needs the key", "POST", "schema/validate/routes", "", "",
        "missing apikey");
    row("1.12: plugins/list needs the key", "GET", "plugins/list", "", "", "missing apikey");
}

void tst_AdminRoutes::authenticates()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, refusal);
    AdminOptions options;
    options.adminKey = "admin-key";
    options.viewerKey = "viewer-key";
    AdminApi api(options);
    ServiceHeaders headers;
    if (!header.isEmpty())
        headers.emplace_back(header.toStdString(), value.toStdString());
    const AdminReply reply =
        api.send(method.toStdString(), target.toStdString(), {}, std::move(headers));
    QCOMPARE(reply.status, refusal.isEmpty() ? 200 : 401);
    if (refusal.isEmpty())
        return;
    QCOMPARE(jsonOf(reply),
             Json::object(
                 {{"error_msg", "failed to check token"}, {"description", refusal.toStdString()}}));
    QVERIFY(headerOf(reply, "X-API-VERSION").isEmpty());
}

void tst_AdminRoutes::dispatches_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *method, const char *target, int status,
                        const char *message) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray() << status
                            << QByteArray(message);
    };
    row("1.2: unknown type", "GET", "nothing", 404, "Unsupported resource type: nothing");
    row("1.2: credentials stand below a consumer only", "GET", "credentials", 404,
        "Unsupported resource type: credentials");
    row("1.2: stream routes", "PUT", "stream_routes/1", 400,
        "stream mode is disabled, can not add stream routes");
    row("1.2: method of a read-only type", "PUT", "schema/route", 404, "not found");
    row("1.2: PUT on plugins", "PUT", "plugins/key-auth", 404, "not found");
    row("1.2: reload", "PUT", "plugins/reload", 200, "done");
    row("1.2: reload by another method", "POST", "plugins/reload", 405,
        "please use PUT method to reload the plugins, POST method is not allowed.");
    row("1.2: ttl", "GET", "routes?ttl=soon", 400, "invalid argument ttl: should be a number");
    row("1.4: PUT without body", "PUT", "routes/1", 400, "missing configurations");
    row("1.4: POST without body", "POST", "routes", 400, "missing configurations");
    row("1.5: DELETE without id", "DELETE", "routes", 400, "missing route id");
    row("1.2: a slash at the end", "GET", "routes/", 200, "");
    row("1.2: slashes within", "GET", "routes//", 200, "");
    row("1.2: percent-encoded", "GET", "%72outes", 200, "");
    row("1.2: unknown type by PUT", "PUT", "nothing/1", 404, "Unsupported resource type: nothing");
    row("1.2: no such method of credentials' type", "PUT", "credentials/1", 404,
        "Unsupported resource type: credentials");
    for (const char *method : {"GET", "POST", "DELETE", "PATCH"})
        row((std::string("1.2: reload by ") + method).c_str(), method, "plugins/reload", 405,
            ("please use PUT method to reload the plugins, " + std::string(method)
             + " method is not allowed.")
                .c_str());
    row("1.5: DELETE consumers", "DELETE", "consumers", 400, "missing consumer id");
    row("1.9: consumer groups list as empty", "GET", "consumer_groups", 200, "");
    row("1.9: POST of a consumer group", "POST", "consumer_groups", 405,
        "not supported `POST` method for consumer group");
    row("1.9: PATCH of plugin metadata", "PATCH", "plugin_metadata/x", 405,
        "not supported `PATCH` method for plugin_metadata");
}

void tst_AdminRoutes::dispatches()
{
    AdminApi api;
    checkCurrentRow(api);
}

void tst_AdminRoutes::answersWithTheOriginalsHeaders()
{
    AdminApi api;
    const AdminReply reply = api.send("GET", "routes");
    QCOMPARE(headerOf(reply, "Server"), QByteArray("APISIX/3.18.0"));
    QCOMPARE(headerOf(reply, "Content-Type"), QByteArray("application/json"));
    QCOMPARE(headerOf(reply, "X-API-VERSION"), QByteArray("v3"));
    QCOMPARE(headerOf(reply, "Access-Control-Allow-Origin"), QByteArray("*"));
    QCOMPARE(headerOf(reply, "Access-Control-Allow-Credentials"), QByteArray("true"));
    QCOMPARE(headerOf(reply, "Access-Control-Expose-Headers"), QByteArray("*"));
    QCOMPARE(headerOf(reply, "Access-Control-Max-Age"), QByteArray("3600"));
    QVERIFY(headerOf(api.send("GET", "plugins/list"), "X-API-VERSION").isEmpty());
    QVERIFY(headerOf(api.send("GET", "nothing"), "X-API-VERSION").isEmpty());
}

void tst_AdminRoutes::answersPreflightAndProbe()
{
    AdminOptions options;
    options.adminKey = "admin-key";
    AdminApi api(options);
    const AdminReply preflight = api.send("OPTIONS", "routes/1");
    QCOMPARE(preflight.status, 200);
    QVERIFY(preflight.body.empty());
    QCOMPARE(headerOf(preflight, "Content-Type"), QByteArray("text/plain"));
    QCOMPARE(headerOf(preflight, "Access-Control-Allow-Methods"),
             QByteArray("POST, GET, PUT, OPTIONS, DELETE, PATCH"));
    QCOMPARE(headerOf(preflight, "Access-Control-Allow-Headers"), QByteArray("*"));
    QCOMPARE(api.sendRaw("HEAD", "/apisix/admin").status, 200);
    QCOMPARE(api.sendRaw("HEAD", "/apisix/admin/routes").status, 404);
    QCOMPARE(api.sendRaw("GET", "/").status, 404);
    QVERIFY(headerOf(api.sendRaw("GET", "/apisix"), "Content-Type").startsWith("text/html"));
    QCOMPARE(api.sendRaw("GET", "/apisix/adminx/routes").status, 404);
}

void tst_AdminRoutes::refusesForeignHosts_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("status");
    QTest::newRow("IPv4") << QByteArray("127.0.0.1:9180") << 200;
    QTest::newRow("IPv6") << QByteArray("[::1]:9180") << 200;
    QTest::newRow("localhost") << QByteArray("LocalHost:9180") << 200;
    QTest::newRow("DNS rebinding") << QByteArray("evil.example:9180") << 403;
    QTest::newRow("an address inside a name") << QByteArray("127.0.0.1.evil.example") << 403;
}

void tst_AdminRoutes::refusesForeignHosts()
{
    QFETCH(const QByteArray, host);
    QFETCH(const int, status);
    const ServiceHeaders headers{{"Host", host.toStdString()}};
    AdminApi open(AdminApi::withoutKey());
    QCOMPARE(open.send("GET", "routes", {}, headers).status, status);
    AdminOptions options;
    options.adminKey = "the key";
    AdminApi guarded(options); // a page cannot know the key
    ServiceHeaders withKey = headers;
    withKey.emplace_back("X-API-KEY", "the key");
    QCOMPARE(guarded.send("GET", "routes", {}, withKey).status, 200);
}

void tst_AdminRoutes::checks_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *target, const char *body, int status,
                        const char *message = "") {
        QTest::newRow(name) << QByteArray("PUT") << QByteArray(target) << QByteArray(body) << status
                            << QByteArray(message);
    };
    row("1.5: id in the body", "routes", R"({"id":"a","uri":"/","plugins":{}})", 201);
    row("1.5: numeric id in the body", "routes/7", R"({"id":7,"uri":"/","plugins":{}})", 201);
    row("1.5: 1.0 is the text 1", "routes/1", R"({"id":1.0,"uri":"/","plugins":{}})", 201);
    row("1.5: no id", "routes", R"({"uri":"/","plugins":{}})", 400, "missing route id");
    row("1.5: two ids", "routes/1", R"({"id":"2","uri":"/","plugins":{}})", 400, "wrong route id");
    row("1.5: characters", "routes/a%20b", R"({"uri":"/","plugins":{}})", 400,
        "invalid configuration: property \"id\" validation failed: object matches none of the "
        "required");
    row("1.5: service", "services", "{}", 400, "missing service id");
    row("1.5: upstream", "upstreams", "{}", 400, "missing upstream id");
    row("1.4: create_time", "routes/1", R"({"create_time":1,"uri":"/"})", 400,
        "the property is forbidden:  create_time");
    row("1.4: upstream.create_time", "routes/1",
        R"({"uri":"/","upstream":{"create_time":1,"nodes":{}}})", 400,
        "the property is forbidden:  upstream.create_time");
    row("1.4: plugins.update_time", "routes/1", R"({"uri":"/","plugins":{"update_time":1}})", 400,
        "the property is forbidden:  plugins.update_time");
    row("1.10: empty route", "routes/1", "{}", 400,
        "invalid configuration: allOf 1 failed: value should match only one schema, but matches "
        "none");
    row("1.10: host and hosts", "routes/1", R"({"uri":"/","plugins":{},"host":"a","hosts":["b"]})",
        400, "only one of host or hosts is allowed");
    row("1.10: remote_addr and remote_addrs", "routes/1",
        R"({"uri":"/","plugins":{},"remote_addr":"127.0.0.1","remote_addrs":["127.0.0.2"]})", 400,
        "only one of remote_addr or remote_addrs is allowed");
    row("1.10: remote_addr", "routes/1",
        R"({"uri":"/","plugins":{},"remote_addrs":["127.0.0.0/8","::1","fe80::/10"]})", 201);
    row("1.10: bad remote_addr", "routes/1", R"({"uri":"/","plugins":{},"remote_addr":"1.2.3"})",
        400,
        "invalid configuration: property \"remote_addr\" validation failed: object matches none "
        "of the required");
    row("1.10: method", "routes/1", R"({"uri":"/","plugins":{},"methods":["GOT"]})", 400,
        "invalid configuration: property \"methods\" validation failed: failed to validate item "
        "1: matches none of the enum values");
    row("1.10: unknown member", "routes/1", R"({"uri":"/","plugins":{},"urls":[]})", 400,
        "invalid configuration: additional properties forbidden, found urls");
    row("1.10: uri type", "routes/1", R"({"uri":1,"plugins":{}})", 400,
        "invalid configuration: property \"uri\" validation failed: wrong type: expected string, "
        "got number");
    row("1.10: empty service", "services/1", "{}", 201);
    row("1.10: upstream without nodes", "upstreams/1", "{}", 400,
        "invalid configuration: value should match only one schema, but matches none");
    row("1.10: nodes as array", "upstreams/1",
        R"({"nodes":[{"host":"127.0.0.1","port":80,"weight":1}]})", 201);
    row("1.10: weight", "upstreams/1", R"({"nodes":{"127.0.0.1:80":-1}})", 400,
        "invalid configuration: property \"nodes\" validation failed: object matches none of the "
        "required");
    row("1.10: pass_host rewrite", "upstreams/1", R"({"nodes":{},"pass_host":"rewrite"})", 400,
        "`upstream_host` can't be empty when `pass_host` is `rewrite`");
    row("1.10: IPv6 node", "upstreams/1", R"({"nodes":{"::1:80":1}})", 400,
        "invalid configuration: IPv6 address must be enclosed with '[' and ']'");
    row("1.10: IPv6 node in brackets", "upstreams/1", R"({"nodes":{"[::1]:80":1}})", 201);
    row("1.10: port", "upstreams/1", R"({"nodes":{"127.0.0.1:65536":1}})", 400,
        "invalid port 65536");
    row("1.10: timeout needs all three", "routes/1",
        R"({"uri":"/","plugins":{},"timeout":{"connect":1,"send":1}})", 400,
        "invalid configuration: property \"timeout\" validation failed: property \"read\" is "
        "required");
    row("1.13: unknown plugin", "routes/1", R"({"uri":"/","plugins":{"nope":{}}})", 400,
        "unknown plugin [nope]");
    row("1.13: plugin conf type", "routes/1", R"({"uri":"/","plugins":{"key-auth":"x"}})", 400,
        "invalid plugin conf \"x\" for plugin [key-auth]");
    row("1.13: plugin conf", "routes/1", R"({"uri":"/","plugins":{"key-auth":{"header":1}}})", 400,
        "failed to check the configuration of plugin key-auth err: property \"header\" "
        "validation failed: wrong type: expected string, got number");
    row("1.13: disabled plugin", "routes/1",
        R"({"uri":"/","plugins":{"key-auth":{"header":1,"_meta":{"disable":true}}}})", 201);
    row("A-08: acl needs a list", "routes/1", R"({"uri":"/","plugins":{"acl":{}}})", 400,
        "failed to check the configuration of plugin acl err: object matches none of the "
        "required: [\"allow_labels\"] or [\"deny_labels\"]");
    row("vars", "routes/1", R"({"uri":"/","plugins":{},"vars":[["arg_a","==","1"]]})", 201, "");
    row("vars: bad operator", "routes/1", R"({"uri":"/","plugins":{},"vars":[["arg_a","=","1"]]})",
        400, "failed to validate the 'vars' expression: invalid operator '='");
    row("vars: no brackets", "routes/1", R"({"uri":"/","plugins":{},"vars":["arg_a","==","1"]})",
        400, "failed to validate the 'vars' expression: rule should be wrapped inside brackets");
    row("vars: path into the body", "routes/1",
        R"({"uri":"/","plugins":{},"vars":[[["post_arg.messages[*].content[*].type","has","x"]]]})",
        201, "");
    row("vars: bad path into the body", "routes/1",
        R"({"uri":"/","plugins":{},"vars":[[["post_arg.messages[.content[*].type","has","image_url"]]]})",
        400, "failed to validate the 'vars' expression: invalid expression");
    row("vars: empty", "routes/1", R"({"uri":"/","plugins":{},"vars":[]})", 201);
    row("1.10 chash", "upstreams/1", R"({"nodes":{},"type":"chash","key":"host"})", 201);
    row("1.10 chash without key", "upstreams/1", R"({"nodes":{},"type":"chash"})", 400,
        "missing key");
    row("1.10 chash on the consumer needs no key", "upstreams/1",
        R"({"nodes":{},"type":"chash","hash_on":"consumer"})", 201);
    row("1.10 chash on combinations needs a key", "upstreams/1",
        R"({"nodes":{},"type":"chash","hash_on":"vars_combinations"})", 400, "missing key");
    row("1.10 chash on combinations", "upstreams/1",
        R"({"nodes":{},"type":"chash","hash_on":"vars_combinations","key":"$uri$args"})", 201);
    row("1.10 chash: key is no variable", "upstreams/1",
        R"({"nodes":{},"type":"chash","key":"nothing"})", 400,
        "invalid configuration: failed to match pattern \"^((uri|server_name|server_addr|"
        "request_uri|remote_port|remote_addr|query_string|host|hostname|mqtt_client_id)|"
        "arg_[0-9a-zA-z_-]+)$\" with \"nothing\"");
    row("1.10 chash: key is no header", "upstreams/1",
        R"({"nodes":{},"type":"chash","hash_on":"header","key":"a b"})", 400,
        "invalid configuration: failed to match pattern \"^[a-zA-Z0-9-_]+$\" with \"a b\"");
    row("1.10 type is not enumerated", "upstreams/1", R"({"nodes":{},"type":"fastest"})", 201);
    row("not yet: gRPC", "upstreams/1", R"({"nodes":{},"scheme":"grpc"})", 400,
        "unsupported property \"scheme\": only http and https upstreams are supported");
    row("1.10 checks", "routes/1", R"({"uri":"/","upstream":{"nodes":{},"checks":{"active":{}}}})",
        201);
    row("1.10 checks need an active part", "routes/1",
        R"({"uri":"/","upstream":{"nodes":{},"checks":{"passive":{}}}})", 400,
        "invalid configuration: property \"upstream\" validation failed: property \"checks\" "
        "validation failed: object matches none of the required: [\"active\"] or "
        "[\"active\",\"passive\"]");
    row("1.10 https checks", "upstreams/1", R"({"nodes":{},"checks":{"active":{"type":"https"}}})",
        201);
    row("not yet: discovery", "upstreams/1", R"({"service_name":"a","discovery_type":"dns"})", 400,
        "unsupported property \"service_name\": service discovery is not supported");
}

void tst_AdminRoutes::postTakesNoId_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *target, const char *body,
                        const char *message) {
        QTest::newRow(name) << QByteArray("POST") << QByteArray(target) << QByteArray(body) << 400
                            << QByteArray(message);
    };
    row("1.5: POST with an id in the URL", "routes/1", kRoute, "wrong route id, do not need it");
    row("1.5: POST with an id in the body", "routes", R"({"id":"1","uri":"/","plugins":{}})",
        "wrong route id, do not need it");
    row("1.5: POST of a service with an id", "services/1", "{}",
        "wrong service id, do not need it");
    row("1.5: POST of an upstream with an id", "upstreams/1", R"({"nodes":{}})",
        "wrong upstream id, do not need it");
    row("1.5: POST of a proto with an id", "protos/1", R"({"content":"x"})",
        "wrong proto id, do not need it");
    row("1.4: POST with create_time", "routes", R"({"create_time":1,"uri":"/","plugins":{}})",
        "the property is forbidden:  create_time");
    row("1.4: POST is checked before it gets its id", "routes", "{}",
        "invalid configuration: allOf 1 failed: value should match only one schema, but matches "
        "none");
}

void tst_AdminRoutes::postTakesNoId()
{
    AdminApi api;
    checkCurrentRow(api);
}

void tst_AdminRoutes::checks()
{
    AdminApi api;
    checkCurrentRow(api);
}

void tst_AdminRoutes::checksReferences_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *method, const char *target, const char *body,
                        int status, const char *message = "") {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                            << status << QByteArray(message);
    };
    row("1.8: upstream_id", "PUT", "routes/9", R"({"uri":"/","upstream_id":"no"})", 400,
        "failed to fetch upstream info by upstream id [no], response code: 404");
    row("1.8: numeric upstream_id", "PUT", "routes/9", R"({"uri":"/","upstream_id":1})", 201);
    row("1.8: service_id", "PUT", "routes/9", R"({"uri":"/","service_id":"no"})", 400,
        "failed to fetch service info by service id [no], response code: 404");
    row("1.8: plugin_config_id", "PUT", "routes/9",
        R"({"uri":"/","plugins":{},"plugin_config_id":"no"})", 400,
        "failed to fetch plugin config info by plugin config id [no], response code: 404");
    row("1.8: of a service", "PUT", "services/9", R"({"upstream_id":"no"})", 400,
        "failed to fetch upstream info by upstream id [no], response code: 404");
    row("1.8: upstream of a route", "DELETE", "upstreams/1", "", 400,
        "can not delete this upstream, route [r] is still using it now");
    row("1.8: upstream of a service", "DELETE", "upstreams/2", "", 400,
        "can not delete this upstream, service [s] is still using it now");
    row("1.8: service of a route", "DELETE", "services/s", "", 400,
        "can not delete this service directly, route [q] is still using it now");
    row("1.8: unused", "DELETE", "upstreams/3", "", 200);
    row("1.8: force", "DELETE", "upstreams/1?force=true", "", 200);
    row("1.8: force is exact", "DELETE", "upstreams/1?force=TRUE", "", 400,
        "can not delete this upstream, route [r] is still using it now");
}

void tst_AdminRoutes::checksReferences()
{
    AdminApi api;
    for (const char *id : {"1", "2", "3"})
        QCOMPARE(api.send("PUT", std::string("upstreams/") + id, R"({"nodes":{"a:1":1}})").status,
                 201);
    QCOMPARE(api.send("PUT", "services/s", R"({"upstream_id":"2"})").status, 201);
    QCOMPARE(api.send("PUT", "routes/q", R"({"uri":"/q","service_id":"s"})").status, 201);
    QCOMPARE(api.send("PUT", "routes/r", R"({"uri":"/r","upstream_id":1})").status, 201);
    checkCurrentRow(api);
}

void tst_AdminRoutes::forceSkipsReferenceChecks()
{
    AdminApi api;
    api.send("PUT", "upstreams/1", R"({"nodes":{"a:1":1}})");
    api.send("PUT", "routes/r", R"({"uri":"/r","upstream_id":"1"})");
    QCOMPARE(api.send("DELETE", "upstreams/1?force=true").status, 200);
    QCOMPARE(api.send("GET", "upstreams/1").status, 404);
}

void tst_AdminRoutes::ttlEndsAnObject()
{
    using std::chrono::seconds;
    AdminApi api;
    QCOMPARE(api.send("PUT", "routes/1?ttl=5", kRoute).status, 201);
    QCOMPARE(api.send("PUT", "routes/2?ttl=5", kRoute).status, 201);
    QCOMPARE(api.send("PUT", "routes/2", kRoute).status, 200); // no longer leased
    api.admin.expire(api.clock.now() + seconds(4));
    QCOMPARE(api.send("GET", "routes/1").status, 200);
    api.admin.expire(api.clock.now() + seconds(5));
    QCOMPARE(api.send("GET", "routes/1").status, 404);
    QCOMPARE(api.send("GET", "routes/2").status, 200);
}

QTEST_GUILESS_MAIN(tst_AdminRoutes)
#include "tst_admin_routes.moc"
