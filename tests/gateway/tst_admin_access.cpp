// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;

namespace {

QByteArray bytes(const std::string &text) { return QByteArray::fromStdString(text); }

constexpr const char *kRoute = R"({"uri":"/","plugins":{}})";

/// A store on a disk that is full; there is one route.
class FullStore final : public Store
{
public:
    Result<std::optional<Document>> get(std::string_view key) override
    {
        if (key == m_route.key)
            return m_route;
        return std::nullopt;
    }
    Result<std::vector<Document>> list(std::string_view prefix) override
    {
        std::vector<Document> found;
        if (m_route.key.starts_with(prefix))
            found.push_back(m_route);
        return found;
    }
    Result<std::uint64_t> commit(Transaction) override { return fail(Errc::Io, "disk full"); }
    Result<std::uint64_t> revision() override { return 0; }
    void watch(Watcher) override {}
    Result<void> poll() override { return {}; }

private:
    Document m_route{"/apisix/routes/1", kRoute, 1, 1};
};

} // namespace

// Who may use the Admin API, what its answers look like in both versions, and which type takes
// which method. apisix.md 1.1, 1.2, 1.3, 1.9.
class tst_AdminAccess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void servesTheRoles_data();
    void servesTheRoles();
    void viewersReadSecretsInClear();
    void looksForTheKeyInOrder_data();
    void looksForTheKeyInOrder();
    void takesTheHeaderAsAVariable_data();
    void takesTheHeaderAsAVariable();
    void checksNothingIfToldSo();
    void servesItsPeersOnly_data();
    void servesItsPeersOnly();
    void tellsItsVersion_data();
    void tellsItsVersion();
    void switchesHeaders();
    void answersOtherPathsWithPages_data();
    void answersOtherPathsWithPages();
    void answersAsVersion2();
    void listsAsVersion2();
    void takesMethods_data();
    void takesMethods();
    void saysThatTheStoreFailed_data();
    void saysThatTheStoreFailed();
};

void tst_AdminAccess::servesTheRoles_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("refusal");
    const auto row = [](const char *name, const char *key, const char *method,
                        const char *refusal) {
        QTest::newRow(name) << QByteArray(key) << QByteArray(method) << QByteArray(refusal);
    };
    row("1.1 first admin", "admin-one", "PUT", "");
    row("1.1 second admin", "admin-two", "PUT", "");
    row("1.1 viewer reads", "viewer-one", "GET", "");
    for (const char *method : {"PUT", "POST", "PATCH", "DELETE"})
        row(std::format("1.1 viewer and {}", method).c_str(), "viewer-one", method,
            "invalid method for role viewer");
    row("1.1 the first entry with the key counts", "twice", "PUT",
        "invalid method for role viewer");
    row("1.1 no such key", "admin", "GET", "wrong apikey");
    row("1.1 key with something behind it", "admin-one ", "GET", "wrong apikey");
    row("1.1 an empty key fits no empty entry", "", "GET", "wrong apikey");
}

void tst_AdminAccess::servesTheRoles()
{
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, refusal);
    AdminOptions options;
    options.keys = {{"a", "admin-one", false}, {"b", "admin-two", false}, {"c", "viewer-one", true},
                    {"d", "twice", true},      {"e", "twice", false},     {"f", "", false}};
    AdminApi api(options);
    const AdminReply reply =
        api.send(method.toStdString(), "routes/1", kRoute, {{"X-API-KEY", key.toStdString()}});
    if (refusal.isEmpty()) {
        QVERIFY(reply.status != 401);
        return;
    }
    QCOMPARE(reply.status, 401);
    QCOMPARE(jsonOf(reply).stringOr("description", ""), std::string_view(refusal));
    QCOMPARE(jsonOf(reply).stringOr("error_msg", ""), "failed to check token");
}

void tst_AdminAccess::viewersReadSecretsInClear() // 1.1
{
    AdminOptions options;
    options.keys = {{"a", "admin-one", false}, {"v", "viewer-one", true}};
    options.encryption = std::make_shared<const FieldEncryption>(
        FieldEncryption::make(FieldEncryption::defaultKeyring()).value());
    AdminApi api(options);
    const auto keyIn = [](const AdminReply &reply) {
        const Json body = jsonOf(reply);
        const Json *value = body.find("value");
        const Json *plugins = value ? value->find("plugins") : nullptr;
        const Json *config = plugins ? plugins->find("key-auth") : nullptr;
        return std::string(config ? config->stringOr("key", "") : "");
    };
    const AdminReply put =
        api.send("PUT", "consumers", R"({"username":"jack","plugins":{"key-auth":{"key":"k"}}})",
                 {{"X-API-KEY", "admin-one"}});
    QCOMPARE(put.status, 201);
    QVERIFY(keyIn(put) != "k"); // it is encrypted in the store
    QCOMPARE(keyIn(api.send("GET", "consumers/jack", {}, {{"X-API-KEY", "viewer-one"}})),
             std::string("k"));
}

void tst_AdminAccess::looksForTheKeyInOrder_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("cookie");
    QTest::addColumn<bool>("good");
    const auto row = [](const char *name, const char *query, const char *header, const char *cookie,
                        bool good) {
        QTest::newRow(name) << QByteArray(query) << QByteArray(header) << QByteArray(cookie)
                            << good;
    };
    row("1.1 query", "k", "", "", true);
    row("1.1 header", "", "k", "", true);
    row("1.1 cookie", "", "", "k", true);
    row("1.1 query before header", "x", "k", "k", false);
    row("1.1 query before header, good", "k", "x", "x", true);
    row("1.1 header before cookie", "", "x", "k", false);
    row("1.1 header before cookie, good", "", "k", "x", true);
}

void tst_AdminAccess::looksForTheKeyInOrder()
{
    QFETCH(const QByteArray, query);
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, cookie);
    QFETCH(const bool, good);
    AdminOptions options;
    options.adminKey = "k";
    AdminApi api(options);
    ServiceHeaders headers;
    if (!cookie.isEmpty())
        headers.emplace_back("Cookie", "x_api_key=" + cookie.toStdString());
    if (!header.isEmpty())
        headers.emplace_back("X-API-KEY", header.toStdString());
    const std::string target = query.isEmpty() ? "routes" : "routes?api_key=" + query.toStdString();
    QCOMPARE(api.send("GET", target, {}, headers).status, good ? 200 : 401);
}

void tst_AdminAccess::takesTheHeaderAsAVariable_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("status");
    for (const char *const header : {"X-API-KEY", "x-api-key", "x_api_key", "X_Api-Key"})
        QTest::addRow("1.1 %s", header) << QByteArray(header) << 200;
    for (const char *const header : {"xapikey", "x api key", "x_api_key_", "apikey"})
        QTest::addRow("1.1 %s is another", header) << QByteArray(header) << 401;
}

void tst_AdminAccess::takesTheHeaderAsAVariable()
{
    QFETCH(const QByteArray, header);
    QFETCH(const int, status);
    AdminOptions options;
    options.adminKey = "k";
    AdminApi api(options);
    ServiceHeaders headers;
    headers.emplace_back(header.toStdString(), "k");
    QCOMPARE(api.send("GET", "routes", {}, headers).status, status);
}

void tst_AdminAccess::checksNothingIfToldSo()
{
    AdminOptions options;
    options.adminKey = "k";
    options.requireKey = false;
    AdminApi api(options);
    QCOMPARE(api.send("PUT", "routes/1", kRoute).status, 201);
    QCOMPARE(api.send("DELETE", "routes/1", {}, {{"X-API-KEY", "wrong"}}).status, 200);
}

void tst_AdminAccess::servesItsPeersOnly_data()
{
    QTest::addColumn<QByteArrayList>("ranges");
    QTest::addColumn<QByteArray>("peer");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArrayList &ranges, const char *peer,
                        int status) {
        QTest::newRow(name) << ranges << QByteArray(peer) << status;
    };
    row("1.1 allow_admin: inside", {"127.0.0.0/24"}, "127.0.0.7", 200);
    row("1.1 allow_admin: outside", {"127.0.0.0/24"}, "127.0.1.7", 403);
    row("1.1 allow_admin: second entry", {"127.0.0.0/24", "10.0.0.5"}, "10.0.0.5", 200);
    row("1.1 allow_admin: IPv6", {"fe80::/10"}, "fe80::1", 200);
    row("1.1 allow_admin: IPv6 is not IPv4", {"0.0.0.0/0"}, "::1", 403);
    row("1.1 allow_admin: a socket on this machine", {"10.0.0.0/8"}, "unix", 200);
    row("1.1 allow_admin: nothing given", {}, "192.0.2.1", 200);
}

void tst_AdminAccess::servesItsPeersOnly()
{
    QFETCH(const QByteArrayList, ranges);
    QFETCH(const QByteArray, peer);
    QFETCH(const int, status);
    AdminOptions options = AdminApi::withoutKey();
    for (const QByteArray &range : ranges)
        options.allowedPeers.push_back(IpRange::parse(range.toStdString()).value());
    AdminApi api(options);
    ServiceRequest request;
    request.method = "GET";
    request.path = request.target = "/apisix/admin/routes";
    request.peer = peer.toStdString();
    const AdminReply reply = api.admin.answer(request);
    QCOMPARE(reply.status, status);
    QCOMPARE(headerOf(reply, "Content-Type").startsWith("text/html"), status == 403);
    request.method = "OPTIONS";
    QCOMPARE(api.admin.answer(request).status, status);
}

void tst_AdminAccess::tellsItsVersion_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("told");
    const auto row = [](const char *name, const char *method, const char *target, const char *body,
                        bool told) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body) << told;
    };
    row("1.1 X-API-VERSION: list", "GET", "routes", "", true);
    row("1.1 X-API-VERSION: missing object", "GET", "routes/none", "", true);
    row("1.1 X-API-VERSION: PUT", "PUT", "routes/1", kRoute, true);
    row("1.1 X-API-VERSION: refused object", "PUT", "routes/1", "{}", true);
    row("1.1 X-API-VERSION: method disabled", "POST", "consumers", "{}", true);
    row("1.1 X-API-VERSION: schema", "GET", "schema/route", "", true);
    row("1.1 X-API-VERSION: plugin", "GET", "plugins/key-auth", "", true);
    row("1.1 X-API-VERSION: unknown type", "GET", "nothing", "", false);
    row("1.1 X-API-VERSION: no such method", "PUT", "schema/route", "", false);
    row("1.1 X-API-VERSION: early 400", "PUT", "routes/1", "{x}", false);
    row("1.1 X-API-VERSION: ttl", "GET", "routes?ttl=x", "", false);
    row("1.1 X-API-VERSION: plugins/list", "GET", "plugins/list", "", false);
    row("1.1 X-API-VERSION: schema/validate", "POST", "schema/validate/routes", kRoute, false);
    row("1.1 X-API-VERSION: reload", "PUT", "plugins/reload", "", false);
    row("1.1 X-API-VERSION: probe", "HEAD", "", "", false);
}

void tst_AdminAccess::tellsItsVersion()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, body);
    QFETCH(const bool, told);
    for (const ApiVersion version : {ApiVersion::V2, ApiVersion::V3}) {
        AdminOptions options = AdminApi::withoutKey();
        options.version = version;
        AdminApi api(options);
        const AdminReply reply =
            api.send(method.toStdString(), target.toStdString(), body.toStdString());
        const QByteArray name = version == ApiVersion::V2 ? "v2" : "v3";
        QCOMPARE(headerOf(reply, "X-API-VERSION"), told ? name : QByteArray());
    }
}

void tst_AdminAccess::switchesHeaders()
{
    AdminOptions options = AdminApi::withoutKey();
    options.cors = false;
    options.serverToken = "APISIX";
    AdminApi api(options);
    for (const AdminReply &reply :
         {api.send("GET", "routes"), api.send("GET", "nothing"), api.sendRaw("GET", "/")}) {
        QCOMPARE(headerOf(reply, "Server"), QByteArray("APISIX"));
        QCOMPARE(headerOf(reply, "Access-Control-Allow-Origin"), QByteArray());
    }
    // and by default every reply has them
    AdminApi other;
    for (const AdminReply &reply :
         {other.send("GET", "routes"), other.send("GET", "nothing"), other.sendRaw("GET", "/")}) {
        QCOMPARE(headerOf(reply, "Server"), QByteArray("APISIX/3.18.0"));
        QCOMPARE(headerOf(reply, "Access-Control-Allow-Origin"), QByteArray("*"));
        QCOMPARE(headerOf(reply, "Access-Control-Allow-Credentials"), QByteArray("true"));
        QCOMPARE(headerOf(reply, "Access-Control-Expose-Headers"), QByteArray("*"));
        QCOMPARE(headerOf(reply, "Access-Control-Max-Age"), QByteArray("3600"));
    }
}

void tst_AdminAccess::answersOtherPathsWithPages_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *method, const char *target, int status) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << status;
    };
    row("1.1 root", "GET", "/", 404);
    row("1.1 another path", "GET", "/apisix/status", 404);
    row("1.1 a longer name", "GET", "/apisix/adminroutes", 404);
    row("1.1 the root itself", "GET", "/apisix/admin", 404);
    row("1.1 HEAD elsewhere", "HEAD", "/apisix/admin/routes", 404);
    row("1.1 HEAD on another path", "HEAD", "/", 404);
    row("1.1 HEAD probe", "HEAD", "/apisix/admin", 200);
    row("1.2 a method that is not routed", "TRACE", "/apisix/admin/routes", 404);
    row("1.1 OPTIONS anywhere", "OPTIONS", "/apisix/admin/nothing", 200);
}

void tst_AdminAccess::answersOtherPathsWithPages()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const int, status);
    AdminOptions options;
    options.adminKey = "k"; // none of them needs it
    AdminApi api(options);
    const AdminReply reply = api.sendRaw(method.toStdString(), target.toStdString());
    QCOMPARE(reply.status, status);
    QCOMPARE(headerOf(reply, "Content-Type").startsWith("text/html"), status == 404);
}

void tst_AdminAccess::answersAsVersion2()
{
    AdminOptions options = AdminApi::withoutKey();
    options.version = ApiVersion::V2;
    AdminApi api(options);
    const QByteArray value =
        R"({"uri":"/","plugins":{},"id":"1","create_time":1734220800,"update_time":1734220800})";
    const QByteArray node = R"({"key":"/apisix/routes/1","value":)" + value;
    AdminReply reply = api.send("PUT", "routes/1", kRoute);
    QCOMPARE(reply.status, 201);
    QCOMPARE(bytes(reply.body), R"({"action":"set","node":)" + node + "}}\n");
    reply = api.send("GET", "routes/1");
    QCOMPARE(bytes(reply.body),
             R"({"action":"get","count":1,"node":)" + node
                 + R"(,"createdIndex":1,"modifiedIndex":1}})" + "\n");
    reply = api.send("PATCH", "routes/1", R"({"desc":"d"})");
    QCOMPARE(reply.status, 200);
    QCOMPARE(jsonOf(reply).stringOr("action", ""), "compareAndSwap");
    QCOMPARE(jsonOf(reply).find("node")->find("value")->stringOr("desc", ""), "d");
    reply = api.send("POST", "routes", kRoute);
    QCOMPARE(reply.status, 201);
    QCOMPARE(jsonOf(reply).stringOr("action", ""), "create");
    QCOMPARE(jsonOf(reply).find("node")->stringOr("key", ""),
             "/apisix/routes/00000000000000000003");
    reply = api.send("DELETE", "routes/1");
    QCOMPARE(reply.status, 200);
    QCOMPARE(jsonOf(reply),
             Json::object({{"action", "delete"},
                           {"deleted", "1"},
                           {"key", "/apisix/routes/1"},
                           {"node", Json::object()}}));
    QCOMPARE(bytes(api.send("DELETE", "routes/1").body),
             QByteArray("{\"message\":\"Key not found\"}\n"));
    QCOMPARE(messageOf(api.send("PUT", "routes/1", "{}")).left(21),
             QByteArray("invalid configuration"));
}

void tst_AdminAccess::listsAsVersion2()
{
    AdminOptions options = AdminApi::withoutKey();
    options.version = ApiVersion::V2;
    AdminApi api(options);
    QCOMPARE(bytes(api.send("GET", "routes").body),
             QByteArray(R"({"action":"get","count":0,"node":{"key":"/apisix/routes","dir":true,)"
                        "\"nodes\":[]}}\n"));
    api.send("PUT", "consumers", R"({"username":"jack"})");
    api.send("PUT", "consumers/jack/credentials/b", "{}");
    api.send("PUT", "consumers/jack/credentials/a", "{}");
    // filters and pages came with v3
    const Json list =
        jsonOf(api.send("GET", "consumers/jack/credentials?name=x&page=1&page_size=1"));
    QCOMPARE(list.find("count")->asInteger(), 2);
    const Json *node = list.find("node");
    QVERIFY(node && node->find("dir")->asBool());
    QCOMPARE(node->stringOr("key", ""), "/apisix/consumers/jack/credentials");
    QCOMPARE(node->find("nodes")->items().at(0).stringOr("key", ""),
             "/apisix/consumers/jack/credentials/a");
    QCOMPARE(node->find("nodes")->items().at(0).find("createdIndex")->asInteger(), 3);
    QVERIFY(!list.contains("total"));
    QCOMPARE(jsonOf(api.send("GET", "consumers")).find("count")->asInteger(), 1);
}

void tst_AdminAccess::takesMethods_data()
{
    addRequestColumns();
    struct Type
    {
        const char *path, *kind;
        bool post, patch;
    };
    constexpr Type kTypes[] = {{"routes", "route", true, true},
                               {"services", "service", true, true},
                               {"upstreams", "upstream", true, true},
                               {"ssls", "ssl", true, true},
                               {"consumers", "consumer", false, false},
                               {"consumers/u/credentials", "credential", false, false},
                               {"consumer_groups", "consumer group", false, true},
                               {"plugin_configs", "plugin config", false, true},
                               {"global_rules", "global rule", false, true},
                               {"plugin_metadata", "plugin_metadata", false, false},
                               {"secrets", "secret", false, true},
                               {"protos", "proto", true, false}};
    for (const auto &[path, kind, post, patch] : kTypes) {
        // where the method is known, the body is what is wrong
        QTest::addRow("1.9 POST %s", path)
            << QByteArray("POST") << QByteArray(path) << QByteArray() << (post ? 400 : 405)
            << (post ? QByteArray("missing configurations")
                     : QByteArray("not supported `POST` method for ") + kind);
        if (!patch)
            QTest::addRow("1.9 PATCH %s", path)
                << QByteArray("PATCH") << QByteArray(path) + "/1" << QByteArray("{}") << 405
                << QByteArray("not supported `PATCH` method for ") + kind;
    }
    for (const char *method : {"GET", "PUT", "POST", "DELETE", "PATCH"}) {
        QTest::addRow("1.2 stream_routes %s", method)
            << QByteArray(method) << QByteArray("stream_routes/1") << QByteArray() << 400
            << QByteArray("stream mode is disabled, can not add stream routes");
        if (strcmp(method, "GET") == 0)
            continue;
        for (const char *type : {"schema/route", "plugins/key-auth"})
            QTest::addRow("1.9 %s %s", method, type)
                << QByteArray(method) << QByteArray(type) << QByteArray() << 404
                << QByteArray("not found");
    }
}

void tst_AdminAccess::takesMethods()
{
    AdminApi api;
    checkCurrentRow(api);
}

void tst_AdminAccess::saysThatTheStoreFailed_data()
{
    addRequestColumns();
    QTest::newRow("1.2 storage failure: PUT")
        << QByteArray("PUT") << QByteArray("routes/1") << QByteArray(kRoute) << 503
        << QByteArray("disk full");
    QTest::newRow("1.2 storage failure: POST")
        << QByteArray("POST") << QByteArray("routes") << QByteArray(kRoute) << 503
        << QByteArray("disk full");
    QTest::newRow("1.2 storage failure: PATCH")
        << QByteArray("PATCH") << QByteArray("routes/1") << QByteArray(R"({"desc":"d"})") << 503
        << QByteArray("disk full");
    QTest::newRow("1.2 storage failure: DELETE") << QByteArray("DELETE") << QByteArray("routes/1")
                                                 << QByteArray() << 503 << QByteArray("disk full");
}

void tst_AdminAccess::saysThatTheStoreFailed()
{
    AdminApi api(AdminApi::withoutKey(), std::make_unique<FullStore>());
    checkCurrentRow(api);
}

QTEST_GUILESS_MAIN(tst_AdminAccess)
#include "tst_admin_access.moc"
