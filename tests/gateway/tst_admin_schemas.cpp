// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include "core/json/parse.h"
#include "gateway/admin/apisix/schemas.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;

namespace {

/// What is validated as `{"<member>":<value>}` on top of an otherwise valid object.
struct Member
{
    const char *type; ///< "routes"
    const char *base; ///< a valid object, without the closing brace
    const char *name;
    QByteArrayList good, bad;
};

const char *const kRoute = R"({"uri":"/","plugins":{})";
const char *const kUpstream = R"({"nodes":{"a:1":1})";
const char *const kSet = R"({"id":"1","plugins":{})";

QByteArray text(std::size_t size) { return '"' + QByteArray(qsizetype(size), 'x') + '"'; }

} // namespace

// Every field of apisix.md 1.10 with values that it takes and values that it refuses, through
// schema/validate (1.12), which looks at nothing but the schema. And the defaults, as schema/{name}
// shows them.
class tst_AdminSchemas : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fields_data();
    void fields();
    void objects_data();
    void objects();
    void defaults_data();
    void defaults();

private:
    AdminApi m_api;
};

void tst_AdminSchemas::fields_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("message"); // empty: valid; else what it begins with
    QList<Member> members;
    // common metadata
    for (const auto &[type, base] : {std::pair{"routes", kRoute},
                                     {"services", R"({"plugins":{})"},
                                     {"upstreams", kUpstream},
                                     {"credentials", R"({"plugins":{})"},
                                     {"consumer_groups", R"({"plugins":{},"id":"g")"},
                                     {"plugin_configs", R"({"plugins":{},"id":"g")"},
                                     {"protos", R"({"content":"x")"},
                                     {"consumers", R"({"username":"u")"}}) {
        members << Member{type, base, "desc", {R"("")", text(256)}, {text(257), "1"}}
                << Member{type,
                          base,
                          "labels",
                          {"{}", R"({"a":"b"})", QByteArray(R"({"a":)") + text(256) + "}"},
                          {R"({"a":1})", R"({"a":""})", R"({"a":"b c"})",
                           QByteArray(R"({"a":)") + text(257) + "}", "1"}}
                << Member{type, base, "create_time", {"1"}, {"1.5", "\"1\""}}
                << Member{type, base, "update_time", {"1"}, {"1.5", "\"1\""}}
                << Member{type, base, "surprise", {}, {"1"}};
        if (strcmp(type, "consumers") == 0)
            continue;
        members << Member{type, base, "name", {text(1), text(256)}, {R"("")", text(257), "1"}};
        if (!QByteArray(base).contains("\"id\""))
            members << Member{type,
                              base,
                              "id",
                              {R"("a-b_c.9")", "1", text(64)},
                              {R"("")", R"("a b")", "0", "-1", "1.5", "true", text(65)}};
    }
    const QByteArrayList goodTimeout{R"({"connect":1,"send":0.5,"read":60})"};
    const QByteArrayList badTimeout{R"({"connect":0,"send":1,"read":1})",
                                    R"({"connect":1,"send":1})",
                                    R"({"connect":"1","send":1,"read":1})", "1"};
    const QByteArrayList goodHosts{R"("*")", R"("*.a.example")", R"("A-b.example")", R"("[::1]")"};
    const QByteArrayList badHosts{R"("a b")", R"("a*")", R"("")", "1"};
    const QByteArrayList goodAddresses{R"("127.0.0.1")", R"("10.0.0.0/8")", R"("::1")",
                                       R"("fe80::/10")"};
    const QByteArrayList badAddresses{R"("1.2.3")", R"("10.0.0.0/33")", R"("a.example")", "1"};
    const auto list = [](const QByteArrayList &items) {
        QByteArrayList lists;
        for (const QByteArray &item : items)
            lists << '[' + item + ']';
        return lists;
    };
    const QByteArrayList noLists{"[]", "1", R"("x")"};
    members << Member{"routes",
                      R"({"plugins":{})",
                      "uri",
                      {R"("/")", text(4096)},
                      {R"("")", text(4097), "1"}}
            << Member{"routes",
                      R"({"plugins":{})",
                      "uris",
                      {R"(["/"])", R"(["/a","/b"])"},
                      {"[]", R"(["/","/"])", "[1]", R"("/")"}}
            << Member{"routes", kRoute, "host", goodHosts, badHosts}
            << Member{"routes", kRoute, "hosts", list(goodHosts),
                      list(badHosts) + noLists + QByteArrayList{R"(["a","a"])"}}
            << Member{"routes", kRoute, "remote_addr", goodAddresses, badAddresses}
            << Member{"routes", kRoute, "remote_addrs", list(goodAddresses),
                      list(badAddresses) + noLists + QByteArrayList{R"(["::1","::1"])"}}
            << Member{"routes",
                      kRoute,
                      "methods",
                      {"[]",
                       R"(["GET","POST","PUT","DELETE","PATCH","HEAD","OPTIONS","CONNECT",)"
                       R"("TRACE","PURGE"])"},
                      {R"(["get"])", R"(["GET","GET"])", R"("GET")", "[1]"}}
            << Member{"routes", kRoute, "priority", {"0", "-5", "7.0"}, {"1.5", R"("1")"}}
            << Member{"routes", kRoute, "vars", {"[]", R"([["a","==","b"]])"}, {R"("a")", "1"}}
            << Member{"routes",
                      kRoute,
                      "filter_func",
                      {R"("function(vars) end")"},
                      {R"("function")", R"("return true")", "1"}}
            << Member{"routes", R"({"uri":"/")", "script", {text(10)}, {text(9), text(102401)}}
            << Member{"routes", kRoute, "plugin_config_id", {"1", R"("a")"}, {"0", R"("a b")"}}
            << Member{"routes", R"({"uri":"/")", "upstream_id", {"1", R"("a")"}, {"0", R"("a b")"}}
            << Member{"routes", R"({"uri":"/")", "service_id", {"1", R"("a")"}, {"0", R"("a b")"}}
            << Member{"routes", R"({"uri":"/")", "upstream", {R"({"nodes":{}})"}, {"{}", "1"}}
            << Member{"routes", R"({"uri":"/")", "plugins", {"{}", "[]"}, {"[1]", R"("x")", "null"}}
            << Member{"routes", kRoute, "timeout", goodTimeout, badTimeout}
            << Member{"routes", kRoute, "enable_websocket", {"true", "false"}, {"1", R"("true")"}}
            << Member{"routes", kRoute, "status", {"0", "1"}, {"2", "-1", "true", R"("1")"}};
    members << Member{"services", "{\"name\":\"n\"", "plugins", {"{}"}, {"1"}}
            << Member{"services", "{\"name\":\"n\"", "upstream", {R"({"nodes":{}})"}, {"{}"}}
            << Member{"services", "{\"name\":\"n\"", "upstream_id", {"1"}, {"0"}}
            << Member{"services", "{\"name\":\"n\"", "script", {text(10)}, {text(9)}}
            << Member{"services", "{\"name\":\"n\"", "enable_websocket", {"true"}, {"1"}}
            << Member{"services", "{\"name\":\"n\"", "hosts", list(goodHosts),
                      list(badHosts) + noLists + QByteArrayList{R"(["a","a"])"}};
    members << Member{"upstreams",
                      kUpstream,
                      "type",
                      {R"("roundrobin")", R"("chash")", R"("least_conn")", R"("ewma")", R"("x")"},
                      {"1"}}
            << Member{"upstreams",
                      R"({"name":"n")",
                      "nodes",
                      {"{}", R"({"a:1":0,"b":7})", "[]", R"([{"host":"a","weight":1}])",
                       R"([{"host":"a","port":1,"weight":0,"priority":-3,"metadata":{}}])",
                       R"([{"host":"a","port":65535,"weight":1}])"},
                      {R"({"a:1":-1})", R"({"a:1":1.5})", R"({"a:1":"1"})", R"([{"host":"a"}])",
                       R"([{"weight":1}])", R"([{"host":"a","weight":1,"port":0}])",
                       R"([{"host":"a","weight":1,"port":65536}])", R"("a:1")"}}
            << Member{"upstreams",
                      kUpstream,
                      "scheme",
                      {R"("http")", R"("https")", R"("grpc")", R"("grpcs")", R"("tcp")", R"("tls")",
                       R"("udp")", R"("kafka")"},
                      {R"("ftp")", R"("HTTP")"}}
            << Member{"upstreams",
                      kUpstream,
                      "pass_host",
                      {R"("pass")", R"("node")", R"("rewrite")"},
                      {R"("no")", "1"}}
            << Member{"upstreams", kUpstream, "upstream_host", goodHosts, badHosts}
            << Member{"upstreams", kUpstream, "retries", {"0", "5"}, {"-1", "1.5", R"("1")"}}
            << Member{"upstreams", kUpstream, "retry_timeout", {"0", "1.5"}, {"-1", R"("1")"}}
            << Member{"upstreams", kUpstream, "timeout", goodTimeout, badTimeout}
            << Member{"upstreams",
                      kUpstream,
                      "keepalive_pool",
                      {"{}", R"({"size":1,"idle_timeout":0,"requests":1})"},
                      {R"({"size":0})", R"({"idle_timeout":-1})", R"({"requests":0})", "1"}}
            << Member{"upstreams",
                      kUpstream,
                      "hash_on",
                      {R"("vars")", R"("header")", R"("cookie")", R"("consumer")",
                       R"("vars_combinations")"},
                      {R"("body")", "1"}}
            << Member{"upstreams", kUpstream, "key", {R"("remote_addr")"}, {"1"}}
            << Member{"upstreams",
                      kUpstream,
                      "tls",
                      {"{}", R"({"verify":true})", R"({"client_cert_id":1})"},
                      {R"({"verify":1})", R"({"client_cert":"short","client_key":"short"})"}};
    const auto inActive = [](const char *inner) {
        return QByteArray(R"({"active":{)") + inner + "}}";
    };
    const auto inPassive = [](const char *inner) {
        return QByteArray(R"({"active":{},"passive":{)") + inner + "}}";
    };
    members << Member{
        "upstreams",
        kUpstream,
        "checks",
        {R"({"active":{}})", R"({"active":{},"passive":{}})", inActive(R"("type":"tcp")"),
         inActive(R"("timeout":0.5,"concurrency":1,"host":"a","port":65535)"),
         inActive(R"("http_method":"POST","http_path":"/x","http_req_body":"b")"),
         inActive(R"("https_verify_certificate":false,"req_headers":["A: b"])"),
         inActive(R"("healthy":{"interval":1,"http_statuses":[200,599],"successes":254})"),
         inActive(R"("unhealthy":{"interval":1,"http_statuses":[500],"http_failures":1,)"
                  R"("tcp_failures":254,"timeouts":254})"),
         inPassive(R"("healthy":{"successes":0,"http_statuses":[200]})"),
         inPassive(R"("unhealthy":{"tcp_failures":0,"timeouts":0,"http_failures":254})")},
        {"{}",
         R"({"passive":{}})",
         R"({"active":{},"other":{}})",
         inActive(R"("type":"udp")"),
         inActive(R"("port":0)"),
         inActive(R"("req_headers":[])"),
         inActive(R"("healthy":{"interval":0})"),
         inActive(R"("healthy":{"successes":0})"),
         inActive(R"("healthy":{"successes":255})"),
         inActive(R"("healthy":{"http_statuses":[]})"),
         inActive(R"("healthy":{"http_statuses":[199]})"),
         inActive(R"("healthy":{"http_statuses":[200,200]})"),
         inActive(R"("unhealthy":{"interval":0})"),
         inActive(R"("unhealthy":{"http_failures":0})"),
         inActive(R"("unhealthy":{"tcp_failures":0})"),
         inActive(R"("unhealthy":{"timeouts":255})"),
         inPassive(R"("type":"udp")"),
         inPassive(R"("healthy":{"successes":255})"),
         inPassive(R"("unhealthy":{"tcp_failures":-1})"),
         inPassive(R"("unhealthy":{"timeouts":255})"),
         inPassive(R"("unhealthy":{"http_failures":255})"),
         inPassive(R"("unhealthy":{"http_statuses":[600]})")}};
    members << Member{"consumers",
                      "{\"desc\":\"d\"",
                      "username",
                      {text(1), text(256), R"("a-B_9")"},
                      {R"("")", text(257), R"("a.b")", R"("a b")", "1"}}
            << Member{"consumers", R"({"username":"u")", "group_id", {"1", R"("g")"}, {"0"}}
            << Member{"consumers", R"({"username":"u")", "plugins", {"{}"}, {"1"}}
            << Member{"consumers", R"({"username":"u")", "name", {}, {R"("n")"}}
            << Member{"credentials",
                      "{\"desc\":\"d\"",
                      "plugins",
                      {"{}", R"({"a":{}})"},
                      {R"({"a":{},"b":{}})", "1"}}
            << Member{"consumer_groups", R"({"id":"g")", "plugins", {"{}"}, {"1"}}
            << Member{"plugin_configs", R"({"id":"g")", "plugins", {"{}"}, {"1"}}
            << Member{"global_rules", R"({"id":"g")", "plugins", {"{}"}, {"1"}};
    for (const char *name : {"name", "desc", "labels", "surprise"})
        members << Member{"global_rules", kSet, name, {}, {R"("x")"}};
    members << Member{"protos",
                      "{\"desc\":\"d\"",
                      "content",
                      {text(1), text(1048576)},
                      {R"("")", text(1048577), "1"}};
    const char *const stream = R"({"desc":"d")";
    members << Member{"stream_routes", stream, "remote_addr", goodAddresses, badAddresses}
            << Member{"stream_routes", stream, "server_addr", goodAddresses, badAddresses}
            << Member{"stream_routes", stream, "server_port", {"1"}, {R"("1")"}}
            << Member{"stream_routes", stream, "sni", {R"("*.a.example")"}, {"1"}}
            << Member{"stream_routes", stream, "upstream", {R"({"nodes":{}})"}, {"{}"}}
            << Member{"stream_routes", stream, "upstream_id", {"1"}, {"0"}}
            << Member{"stream_routes", stream, "service_id", {"1"}, {"0"}}
            << Member{"stream_routes", stream, "plugins", {"{}"}, {"1"}}
            << Member{"stream_routes", stream, "protocol", {R"({"name":"mqtt"})"}, {"{}", "1"}}
            << Member{"stream_routes", stream, "surprise", {}, {"1"}};

    for (const Member &member : members) {
        const auto row = [&member](const QByteArray &value, const QByteArray &message) {
            QByteArray shown = value.size() > 90
                ? value.left(20) + "... " + QByteArray::number(value.size() - 2)
                : value;
            QTest::addRow("1.10 %s %s: %s %s", member.type, member.name,
                          message.isEmpty() ? "takes" : "refuses", shown.constData())
                << QByteArray(member.type)
                << QByteArray(member.base) + ",\"" + member.name + "\":" + value + "}" << message;
        };
        for (const QByteArray &value : member.good)
            row(value, {});
        for (const QByteArray &value : member.bad) {
            row(value,
                strcmp(member.name, "surprise") == 0 || value == R"("n")"
                        || (strcmp(member.type, "global_rules") == 0
                            && strcmp(member.name, "plugins") != 0)
                    ? QByteArray("additional properties forbidden, found ") + member.name
                    : QByteArray("property \"") + member.name + "\" validation failed: ");
        }
    }
}

void tst_AdminSchemas::fields()
{
    QFETCH(const QByteArray, type);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, message);
    const AdminReply reply =
        m_api.send("POST", "schema/validate/" + type.toStdString(), body.toStdString());
    if (message.isEmpty()) {
        QVERIFY2(reply.status == 200, reply.body.c_str());
        QVERIFY(reply.body.empty());
        return;
    }
    QCOMPARE(reply.status, 400);
    QVERIFY2(messageOf(reply).startsWith(message), messageOf(reply).constData());
}

void tst_AdminSchemas::objects_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *type, const char *body,
                        const char *message = "") {
        QTest::newRow(name) << QByteArray("POST") << QByteArray("schema/validate/") + type
                            << QByteArray(body) << (*message ? 400 : 200) << QByteArray(message);
    };
    const char *const kNone =
        "allOf 1 failed: value should match only one schema, but matches none";
    row("1.10 route: empty", "routes", "{}", kNone);
    row("1.10 route: uri and uris", "routes", R"({"uri":"/","uris":["/"],"plugins":{}})",
        "allOf 1 failed: value should match only one schema, but matches both schemas 1 and 2");
    for (const char *member :
         {R"("plugins":{})", R"("upstream":{"nodes":{}})", R"("upstream_id":1)",
          R"("service_id":1)", R"("script":"0123456789")"}) {
        row(std::format("1.10 route: uri with {}", member).c_str(), "routes",
            std::format(R"({{"uri":"/",{}}})", member).c_str());
        row(std::format("1.10 route: uris with {}", member).c_str(), "routes",
            std::format(R"({{"uris":["/"],{}}})", member).c_str());
        row(std::format("1.10 route: {} alone", member).c_str(), "routes",
            std::format(R"({{{}}})", member).c_str(), kNone);
    }
    const char *const kNothing =
        R"(object matches none of the required: ["plugins","uri"] or ["upstream","uri"] or )"
        R"(["upstream_id","uri"] or ["service_id","uri"] or ["plugins","uris"] or )"
        R"(["upstream","uris"] or ["upstream_id","uris"] or ["service_id","uris"] or )"
        R"(["script","uri"] or ["script","uris"])";
    row("1.10 route: uri alone", "routes", R"({"uri":"/"})", kNothing);
    row("1.10 route: plugin_config_id does not count", "routes",
        R"({"uri":"/","plugin_config_id":1})", kNothing);
    row("1.10 route: script excludes plugins", "routes",
        R"({"uri":"/","script":"0123456789","plugins":{}})",
        "value wasn't supposed to match schema");
    row("1.10 route: script excludes plugin_config_id", "routes",
        R"({"uri":"/","script":"0123456789","plugin_config_id":1})",
        "value wasn't supposed to match schema");
    row("1.10 service: empty", "services", "{}");
    row("1.10 upstream: neither nodes nor service", "upstreams", "{}",
        "value should match only one schema, but matches none");
    row("1.10 upstream: both", "upstreams",
        R"({"nodes":{},"service_name":"a","discovery_type":"dns"})",
        "value should match only one schema, but matches both schemas 1 and 2");
    row("1.10 upstream: service without discovery_type", "upstreams", R"({"service_name":"a"})",
        "value should match only one schema, but matches none");
    row("1.10 upstream: service", "upstreams", R"({"service_name":"a","discovery_type":"dns"})");
    row("1.10 nested upstream may have an id", "routes",
        R"({"uri":"/","upstream":{"id":"u","name":"n","create_time":1,"nodes":{}}})");
    row("1.10 consumer: username", "consumers", "{}", "property \"username\" is required");
    row("1.10 credential: empty", "credentials", "{}");
    for (const char *type : {"consumer_groups", "plugin_configs", "global_rules"}) {
        row(std::format("1.10 {}: id", type).c_str(), type, R"({"plugins":{}})",
            "property \"id\" is required");
        row(std::format("1.10 {}: plugins", type).c_str(), type, R"({"id":"1"})",
            "property \"plugins\" is required");
    }
    row("1.10 proto: content", "protos", "{}", "property \"content\" is required");
    row("1.12 validate: no body", "routes", "", "wrong type: expected object, got nil");
}

void tst_AdminSchemas::objects() { checkCurrentRow(m_api); }

void tst_AdminSchemas::defaults_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("filled");
    const auto row = [](const char *name, const char *schema, const char *body,
                        const char *filled) {
        QTest::newRow(name) << QByteArray(schema) << QByteArray(body) << QByteArray(filled);
    };
    row("1.10 route", "route", R"({"uri":"/","plugins":{}})",
        R"({"uri":"/","plugins":{},"priority":0,"status":1})");
    row("1.10 upstream", "upstream", R"({"nodes":{}})",
        R"({"nodes":{},"type":"roundrobin","scheme":"http","pass_host":"pass","hash_on":"vars"})");
    row("1.10 upstream: node priority", "upstream", R"({"nodes":[{"host":"a","weight":1}]})",
        R"({"nodes":[{"host":"a","weight":1,"priority":0}],"type":"roundrobin","scheme":"http",)"
        R"("pass_host":"pass","hash_on":"vars"})");
    row("1.10 upstream: keepalive_pool and tls", "upstream",
        R"({"nodes":{},"keepalive_pool":{},"tls":{}})",
        R"({"nodes":{},"keepalive_pool":{"size":320,"idle_timeout":60,"requests":1000},)"
        R"("tls":{"verify":false},"type":"roundrobin","scheme":"http","pass_host":"pass",)"
        R"("hash_on":"vars"})");
    row("1.10 upstream: checks", "upstream",
        R"({"nodes":{},"checks":{"active":{"healthy":{},"unhealthy":{}},)"
        R"("passive":{"healthy":{},"unhealthy":{}}}})",
        R"({"nodes":{},"type":"roundrobin","scheme":"http","pass_host":"pass","hash_on":"vars",)"
        R"("checks":{"active":{"type":"http","timeout":1,"concurrency":10,"http_method":"GET",)"
        R"("http_path":"/","http_req_body":"","https_verify_certificate":true,)"
        R"("healthy":{"interval":1,"http_statuses":[200,302],"successes":2},)"
        R"("unhealthy":{"interval":1,"http_statuses":[429,404,500,501,502,503,504,505],)"
        R"("http_failures":5,"tcp_failures":2,"timeouts":3}},)"
        R"("passive":{"type":"http","healthy":{"http_statuses":[200,201,202,203,204,205,206,207,)"
        R"(208,226,300,301,302,303,304,305,306,307,308],"successes":5},)"
        R"("unhealthy":{"http_statuses":[429,500,503],"tcp_failures":2,"timeouts":7,)"
        R"("http_failures":5}}}})");
}

void tst_AdminSchemas::defaults()
{
    QFETCH(const QByteArray, schema);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, filled);
    const ObjectSchema *found = findObjectSchema(schema.toStdString());
    QVERIFY(found);
    Json object = parseJson(body.toStdString()).value();
    QVERIFY(found->schema.validate(object));
    QCOMPARE(object, parseJson(filled.toStdString()).value());
}

QTEST_GUILESS_MAIN(tst_AdminSchemas)
#include "tst_admin_schemas.moc"
