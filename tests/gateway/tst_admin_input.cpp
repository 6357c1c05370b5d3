// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include "gateway/admin/apisix/import.h"
#include "tests/support/cpu_timer.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;

// Hostile and odd bodies: refused with the documented text, nothing stored. apisix.md 1.2, 1.5,
// 1.13. And objects from configuration files, which go through the same checks.
class tst_AdminInput : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refuses_data();
    void refuses();
    void everyObjectRefusesEveryWrongType_data();
    void everyObjectRefusesEveryWrongType();
    void checksInOrder_data();
    void checksInOrder();
    void ignoresTheContentType();
    void lastDuplicateWins();
    void takesRawLineBreaks();
    void echoesABadBody();
    void largeBodyIsNotRead();
    void importsInOneTransaction();
    void importNamesEveryFault();
    void importsManyObjects();
};

void tst_AdminInput::refuses_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *target, const std::string &body,
                        const char *message) {
        QTest::newRow(name) << QByteArray("PUT") << QByteArray(target)
                            << QByteArray::fromStdString(body) << 400 << QByteArray(message);
    };
    const auto nested = [](const char *open, const char *close, int depth) {
        std::string text;
        for (int i = 0; i < depth; ++i)
            text += open;
        for (int i = 0; i < depth; ++i)
            text += close;
        return text;
    };
    row("1.2: not JSON", "routes/1", "{x}",
        "invalid request body: Expected object key string but found invalid token at character "
        "2");
    row("1.2: not JSON at all", "routes/1", "hello",
        "invalid request body: Expected value but found invalid token at character 1");
    row("1.2: cut short", "routes/1", R"({"uri":"/)",
        "invalid request body: Expected value but found unexpected end of string at character "
        "10");
    row("1.2: two values", "routes/1", "{}{}",
        "invalid request body: Expected the end but found T_OBJ_BEGIN at character 3");
    row("1.2: 10,000 arrays deep", "routes/1", nested("[", "]", 10000),
        "invalid request body: Found too many nested data structures (1001) at character 1001");
    row("1.2: 10,000 objects deep", "routes/1", nested("{\"a\":", "", 10000),
        "invalid request body: Found too many nested data structures (1001) at character 5001");
    row("1.13: text", "routes/1", "\"x\"",
        "invalid configuration: wrong type: expected object, got string");
    row("1.13: number", "routes/1", "5",
        "invalid configuration: wrong type: expected object, got number");
    row("1.13: true", "routes/1", "true",
        "invalid configuration: wrong type: expected object, got boolean");
    row("1.13: null", "routes/1", "null",
        "invalid configuration: wrong type: expected object, got userdata");
    row("1.13: empty array is an empty object", "routes/1", "[]",
        "invalid configuration: allOf 1 failed: value should match only one schema, but matches "
        "none");
    row("1.5: id of 65 characters",
        "routes/12345678901234567890123456789012345678901234567890123456789012345",
        R"({"uri":"/","plugins":{}})",
        "invalid configuration: property \"id\" validation failed: object matches none of the "
        "required");
    row("1.5: id zero", "routes", R"({"id":0,"uri":"/","plugins":{}})",
        "invalid configuration: property \"id\" validation failed: object matches none of the "
        "required");
    row("1.5: id with a fraction", "routes", R"({"id":1.5,"uri":"/","plugins":{}})",
        "invalid configuration: property \"id\" validation failed: object matches none of the "
        "required");
    row("1.5: id of another type", "routes", R"({"id":true,"uri":"/","plugins":{}})",
        "invalid configuration: property \"id\" validation failed: object matches none of the "
        "required");
    row("1.5: id with a slash", "routes", R"({"id":"a/b","uri":"/","plugins":{}})",
        "invalid configuration: property \"id\" validation failed: object matches none of the "
        "required");
    row("1.13: plugins of another type", "routes/1", R"({"uri":"/","plugins":"x"})",
        "invalid configuration: property \"plugins\" validation failed: wrong type: expected "
        "object, got string");
    row("1.13: plugin conf null", "routes/1", R"({"uri":"/","plugins":{"key-auth":null}})",
        "invalid plugin conf null for plugin [key-auth]");
    row("1.13: nodes of another type", "upstreams/1", R"({"nodes":"a:1"})",
        "invalid configuration: property \"nodes\" validation failed: object matches none of the "
        "required");
    row("1.13: duplicate items", "routes/1", R"({"uris":["/a","/b","/a"],"plugins":{}})",
        "invalid configuration: property \"uris\" validation failed: expected unique items but "
        "items 1 and 3 are equal");
    row("1.13: weight with a fraction", "upstreams/1", R"({"nodes":{"a:1":1.5}})",
        "invalid configuration: property \"nodes\" validation failed: object matches none of the "
        "required");
    row("1.13: name too long", "routes/1",
        R"({"uri":"/","plugins":{},"name":")" + std::string(257, 'n') + "\"}",
        "invalid configuration: property \"name\" validation failed: string too long, expected "
        "at most 256, got 257");
}

void tst_AdminInput::refuses()
{
    AdminApi api;
    checkCurrentRow(api);
    QCOMPARE(api.send("GET", "routes").body, std::string("{\"total\":0,\"list\":[]}\n"));
}

void tst_AdminInput::everyObjectRefusesEveryWrongType_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    const char *values[] = {"null",   "true",          "-1",          "1.5",  "\"\"", "[[]]",
                            "[null]", R"({"x":null})", "\"\\u0000\"", "1e400"};
    const std::pair<const char *, QByteArrayList> members[] = {
        {"routes/1",
         {"uri", "uris", "hosts", "remote_addrs", "methods", "labels", "timeout", "upstream",
          "plugins"}},
        {"services/1", {"hosts", "labels", "plugins", "upstream"}},
        {"upstreams/1", {"nodes", "retries", "timeout", "keepalive_pool", "upstream_host"}},
        {"consumers", {"username", "labels", "plugins"}},
    };
    for (const auto &[target, names] : members) {
        for (const QByteArray &name : names) {
            for (const char *value : values) {
                QByteArray body = "{\"" + name + "\":" + value + "}";
                QTest::addRow("%s %s", target, body.constData()) << QByteArray(target) << body;
            }
        }
    }
}

void tst_AdminInput::everyObjectRefusesEveryWrongType()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, body);
    AdminApi api;
    const AdminReply reply = api.send("PUT", target.toStdString(), body.toStdString());
    // Small values may be valid for one member or another ("retries":1 is); a crash or a 5xx never.
    QVERIFY2(reply.status == 400 || reply.status == 201, reply.body.c_str());
    QCOMPARE(*api.config.store().revision(), reply.status == 201 ? 1U : 0U);
    QVERIFY(api.config.compiler().problems().empty());
}

// Of two faults the one that is looked for first is told.
void tst_AdminInput::checksInOrder_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *method, const char *target, const char *body,
                        int status, const char *message) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                            << status << QByteArray(message);
    };
    constexpr const char *kNotJson = "invalid request body: Expected object key string but found "
                                     "invalid token at character 2";
    row("1.2: the type before the body", "PUT", "nothing", "{bad", 404,
        "Unsupported resource type: nothing");
    row("1.2: the method before the body", "PUT", "schema/route", "{bad", 404, "not found");
    row("1.2: stream mode before the body", "PUT", "stream_routes/1", "{bad", 400,
        "stream mode is disabled, can not add stream routes");
    row("1.2: the body before ttl", "PUT", "routes/1?ttl=x", "{bad", 400, kNotJson);
    row("1.2: the body before the disabled method", "POST", "consumers", "{bad", 400, kNotJson);
    row("1.2: ttl before the disabled method", "POST", "consumers?ttl=x", "{}", 400,
        "invalid argument ttl: should be a number");
    row("1.2: a GET's body is read, too", "GET", "routes/1", "{bad", 400, kNotJson);
    row("1.4: the body before the id", "PUT", "routes", "", 400, "missing configurations");
    row("1.4: the id before create_time", "PUT", "routes/9", R"({"id":"1","create_time":1})", 400,
        "wrong route id");
    row("1.4: create_time before the schema", "PUT", "routes/9", R"({"create_time":1,"x":1})", 400,
        "the property is forbidden:  create_time");
}

void tst_AdminInput::checksInOrder()
{
    AdminApi api;
    checkCurrentRow(api);
}

void tst_AdminInput::ignoresTheContentType() // 1.2
{
    AdminApi api;
    for (const char *type : {"text/plain", "application/x-www-form-urlencoded", "nonsense"}) {
        const std::string target = std::format("routes/{}", std::string_view(type).size());
        QCOMPARE(
            api.send("PUT", target, R"({"uri":"/","plugins":{}})", {{"Content-Type", type}}).status,
            201);
    }
}

void tst_AdminInput::lastDuplicateWins()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "routes/1", R"({"uri":"/a","uri":"/b","plugins":{}})").status, 201);
    const Json value = *jsonOf(api.send("GET", "routes/1")).find("value");
    QCOMPARE(value.stringOr("uri", ""), "/b");
}

// lua-cjson takes control characters inside strings as they are.
void tst_AdminInput::takesRawLineBreaks()
{
    AdminApi api;
    const std::string body = "{\"uri\":\"/\",\n\"plugins\":{},\"desc\":\"a\nb\tc \\\"d\n\"}";
    QCOMPARE(api.send("PUT", "routes/1", body).status, 201);
    const Json value = *jsonOf(api.send("GET", "routes/1")).find("value");
    QCOMPARE(value.stringOr("desc", ""), "a\nb\tc \"d\n");
    QCOMPARE(api.send("PATCH", "routes/1/desc", "\"x\r\ny\"").status, 200);
    // a NUL ends the text, an escaped line break is none
    for (const std::string_view bad :
         {std::string_view("{\"desc\":\"a\0\"}", 13), std::string_view("{\"desc\":\"a\\\n\"}")})
        QCOMPARE(api.send("PUT", "routes/1", std::string(bad)).status, 400);
}

void tst_AdminInput::echoesABadBody()
{
    AdminApi api;
    QCOMPARE(jsonOf(api.send("PUT", "routes/1", "{x}")).stringOr("req_body", ""), "{x}");
    // an echo that is no UTF-8 would not be JSON
    const AdminReply reply = api.send("PUT", "routes/1", "{\"uri\":\"/\xff\"}");
    QCOMPARE(reply.status, 400);
    QVERIFY(messageOf(reply).startsWith("invalid request body: "));
    QVERIFY(jsonOf(reply).isObject());
    QCOMPARE(*api.config.store().revision(), 0U);
}

void tst_AdminInput::largeBodyIsNotRead()
{
    AdminApi api;
    const std::string body =
        R"({"uri":"/","plugins":{},"desc":")" + std::string(2U << 20U, 'x') + "\"}";
    const AdminReply reply = api.send("PUT", "routes/1", body);
    QCOMPARE(reply.status, 400);
    QCOMPARE(messageOf(reply),
             QByteArray::fromStdString(
                 std::format("invalid request body: request size {} is greater than the maximum "
                             "size 1572864 allowed",
                             body.size())));
    // cut by the HTTP service at its own limit: the announced size is what is told
    ServiceRequest request;
    request.method = "PUT";
    request.path = "/apisix/admin/routes/1";
    request.bodyTooLarge = true;
    request.bodySize = 99'000'000;
    QVERIFY(messageOf(api.admin.answer(request)).contains("request size 99000000 "));
    QCOMPARE(*api.config.store().revision(), 0U);
}

namespace {

/// An object of the file "f", each on its own line.
ConfigObject object(const char *kind, const char *id, Json value, std::size_t line,
                    const char *parent = "")
{
    auto source = std::make_shared<YamlNode>();
    source->place = {line, 1};
    static const auto file = std::make_shared<const ConfigFile>(ConfigFile{"f", {}});
    return {kind, parent, id, std::move(value), {}, file, std::move(source)};
}

} // namespace

void tst_AdminInput::importsInOneTransaction()
{
    AdminApi api;
    const std::size_t before = api.published;
    std::vector<ConfigObject> objects;
    // in an order in which nothing exists yet
    objects.push_back(object(
        "credentials", "c",
        Json::object({{"plugins", Json::object({{"key-auth", Json::object({{"key", "k"}})}})}}), 9,
        "jack"));
    objects.push_back(object("routes", "r", Json::object({{"uri", "/"}, {"upstream_id", "u"}}), 5));
    objects.push_back(
        object("upstreams", "u", Json::object({{"nodes", Json::object({{"a:1", 1}})}}), 7));
    objects.push_back(object("consumers", "", Json::object({{"username", "jack"}}), 2));
    const auto written = importObjects(api.config, std::move(objects));
    QVERIFY(written);
    QCOMPARE(*written, 4U);
    QCOMPARE(*api.config.store().revision(), 1U);
    QCOMPARE(api.published, before + 1);
    QCOMPARE(api.send("GET", "consumers/jack/credentials/c").status, 200);
    QCOMPARE(jsonOf(api.send("GET", "routes/r")).find("value")->stringOr("id", ""), "r");
}

void tst_AdminInput::importNamesEveryFault()
{
    AdminApi api;
    const Json login = Json::object({{"key-auth", Json::object({{"key", "same"}})}});
    std::vector<ConfigObject> objects;
    objects.push_back(
        object("routes", "ok", Json::object({{"uri", "/"}, {"plugins", Json::object()}}), 1));
    objects.push_back(object("routes", "r", Json::object({{"uri", 1}}), 2));
    objects.push_back(
        object("routes", "ok", Json::object({{"uri", "/"}, {"plugins", Json::object()}}), 3));
    objects.push_back(object("routes", "s", Json::object({{"uri", "/"}, {"service_id", "no"}}), 4));
    objects.push_back(
        object("consumers", "", Json::object({{"username", "a"}, {"plugins", login}}), 5));
    objects.push_back(
        object("consumers", "", Json::object({{"username", "b"}, {"plugins", login}}), 6));
    objects.push_back(object("protos", "g", Json::object({{"content", 1}}), 7));
    const auto written = importObjects(api.config, std::move(objects));
    QVERIFY(!written);
    QByteArrayList faults;
    for (const Error &error : written.error())
        faults << QByteArray::fromStdString(error.where + " " + error.detail);
    QCOMPARE(faults.join('\n'),
             QByteArray(
                 "f:2:1 invalid configuration: property \"uri\" validation failed: wrong type: "
                 "expected string, got number\n"
                 "f:3:1 found duplicate id ok in routes\n"
                 "f:4:1 failed to fetch service info by service id [no], response code: 404\n"
                 "f:6:1 duplicate key of plugin key-auth found with consumer: a\n"
                 "f:7:1 invalid configuration: property \"content\" validation failed: wrong type: "
                 "expected string, got number"));
    QCOMPARE(*api.config.store().revision(), 0U);
}

void tst_AdminInput::importsManyObjects()
{
    AdminApi api;
    std::vector<ConfigObject> objects;
    for (int i = 0; i < 1000; ++i)
        objects.push_back(object(
            "routes", std::format("r{}", i).c_str(),
            Json::object(
                {{"uri", std::format("/r{}/*", i)},
                 {"plugins", Json::object({{"key-auth", Json::object()}})},
                 {"upstream", Json::object({{"nodes", Json::object({{"127.0.0.1:80", 1}})}})}}),
            1));
    for (int i = 0; i < 10'000; ++i)
        objects.push_back(object(
            "consumers", "",
            Json::object({{"username", std::format("c{}", i)},
                          {"plugins",
                           Json::object({{"key-auth",
                                          Json::object({{"key", std::format("key-{}", i)}})}})}}),
            1));
    CpuTimer timer;
    timer.start();
    const auto written = importObjects(api.config, std::move(objects));
    const qint64 took = timer.elapsed();
    QVERIFY(written);
    QCOMPARE(*written, 11'000U);
    qInfo("11,000 objects checked, committed and compiled in %lld ms",
          static_cast<long long>(took));
    QVERIFY2(took < 5000, "linear work only"); // CPU time
}

QTEST_GUILESS_MAIN(tst_AdminInput)
#include "tst_admin_input.moc"
