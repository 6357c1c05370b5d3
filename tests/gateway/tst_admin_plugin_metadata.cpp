// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include "gateway/admin/apisix/import.h"
#include "gateway/router/consumer_index.h"
#include "gateway/router/router.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;

// plugin_metadata and protos: answers, and which chains are compiled again when the metadata of a
// plugin changes. Numbers name sections of apisix.md.
class tst_AdminPluginMetadata : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data();
    void answers();
    void storesWhatWasSent();
    void compilesUsersAgain_data();
    void compilesUsersAgain();
    void leavesOthersAlone();
    void reportsWhatItCannotRead();
    void importsFromAFile();
    void refusesBrokenProtos_data();
    void refusesBrokenProtos();
    void keepsProtos();
};

void tst_AdminPluginMetadata::answers_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *method, const char *target, const char *body,
                        int status, const char *message = "") {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                            << status << QByteArray(message);
    };
    row("1.10 plugin_metadata: new", "PUT", "plugin_metadata/acl", R"({"a":1})", 201);
    row("1.10 plugin_metadata: again", "PUT", "plugin_metadata/key-auth", R"({"b":2})", 200);
    row("1.10 plugin_metadata: any member without a schema", "PUT", "plugin_metadata/acl",
        R"({"x":{"y":[1,null]},"id":7})", 201);
    row("1.10 plugin_metadata: empty array is an empty object", "PUT", "plugin_metadata/acl", "[]",
        201);
    row("1.10 plugin_metadata: missing plugin name", "PUT", "plugin_metadata", "{}", 400,
        "missing plugin name");
    row("1.10 plugin_metadata: name in the body does not count", "PUT", "plugin_metadata",
        R"({"id":"acl"})", 400, "missing plugin name");
    row("1.10 plugin_metadata: invalid plugin name", "PUT", "plugin_metadata/nope", "{}", 400,
        "invalid plugin name");
    row("1.10 plugin_metadata: no object", "PUT", "plugin_metadata/acl", R"("x")", 400,
        "invalid configuration: wrong type: expected object, got string");
    row("1.4 plugin_metadata: no body", "PUT", "plugin_metadata/acl", "", 400,
        "missing configurations");
    row("1.4 plugin_metadata: create_time", "PUT", "plugin_metadata/acl", R"({"create_time":1})",
        400, "the property is forbidden:  create_time");
    row("1.9 plugin_metadata: POST", "POST", "plugin_metadata/acl", "{}", 405,
        "not supported `POST` method for plugin_metadata");
    row("1.9 plugin_metadata: PATCH", "PATCH", "plugin_metadata/key-auth", "{}", 405,
        "not supported `PATCH` method for plugin_metadata");
    row("1.3 plugin_metadata: GET", "GET", "plugin_metadata/key-auth", "", 200);
    row("1.3 plugin_metadata: GET of none", "GET", "plugin_metadata/acl", "", 404, "Key not found");
    row("1.5 plugin_metadata: DELETE without name", "DELETE", "plugin_metadata", "", 400,
        "missing plugin_metadata id");
    row("1.8 plugin_metadata: DELETE", "DELETE", "plugin_metadata/key-auth", "", 200);
    row("1.3 plugin_metadata: DELETE of none", "DELETE", "plugin_metadata/acl", "", 404,
        "Key not found");
    row("1.12 plugin_metadata: validate", "POST", "schema/validate/plugin_metadata", "{}", 200);
    row("1.12 plugin_metadata: validate no object", "POST", "schema/validate/plugin_metadata", "1",
        400, "wrong type: expected object, got number");
    row("1.12 plugin_metadata: no object schema", "GET", "schema/plugin_metadata", "", 400,
        "not found schema: plugin_metadata");
}

void tst_AdminPluginMetadata::answers()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "plugin_metadata/key-auth", R"({"a":1})").status, 201);
    checkCurrentRow(api);
}

void tst_AdminPluginMetadata::storesWhatWasSent()
{
    AdminApi api;
    QCOMPARE(QByteArray::fromStdString(api.send("PUT", "plugin_metadata/acl", R"({"a":1})").body),
             QByteArray("{\"key\":\"/apisix/plugin_metadata/acl\",\"value\":{\"a\":1}}\n"));
    QCOMPARE(QByteArray::fromStdString(api.send("GET", "plugin_metadata").body),
             QByteArray("{\"total\":1,\"list\":[{\"key\":\"/apisix/plugin_metadata/acl\","
                        "\"value\":{\"a\":1},\"createdIndex\":1,\"modifiedIndex\":1}]}\n"));
}

void tst_AdminPluginMetadata::compilesUsersAgain_data()
{
    QTest::addColumn<QByteArray>("holder");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *holder, const char *body) {
        QTest::newRow(holder) << QByteArray(holder) << QByteArray(body);
    };
    row("routes/r", R"({"uri":"/","plugins":{"key-auth":{}}})");
    row("services/s", R"({"plugins":{"key-auth":{}}})");
    row("plugin_configs/c", R"({"plugins":{"key-auth":{}}})");
    row("global_rules/g", R"({"plugins":{"key-auth":{}}})");
    row("consumer_groups/g", R"({"plugins":{"key-auth":{}}})");
    row("consumers",
        R"({"username":"jack","plugins":{"limit-count":)"
        R"({"count":1,"time_window":60},"key-auth":{"key":"k"}}})");
}

void tst_AdminPluginMetadata::compilesUsersAgain()
{
    QFETCH(const QByteArray, holder);
    QFETCH(const QByteArray, body);
    AdminApi api;
    // every plugin that the snapshot holds, however it is reached
    const auto plugins = [&api] {
        std::vector<const void *> all;
        const Snapshot &snapshot = *api.config.snapshot();
        const auto take = [&all](const std::vector<CompiledPlugin> &some) {
            for (const CompiledPlugin &each : some)
                all.push_back(each.plugin.get());
        };
        for (const auto &route : snapshot.router->routes())
            take(route->merged);
        for (const auto &[id, group] : *snapshot.groups)
            take(group->plugins);
        if (snapshot.globalRules)
            take(snapshot.globalRules->plugins);
        if (const CompiledConsumer *consumer = snapshot.consumers->byName("jack"))
            take(consumer->plugins);
        return all;
    };
    QCOMPARE(api.send("PUT", holder.toStdString(), body.toStdString()).status, 201);
    // makes services and plugin configs visible
    if (holder.startsWith("services"))
        api.send("PUT", "routes/r", R"({"uri":"/","service_id":"s"})");
    if (holder.startsWith("plugin_configs"))
        api.send("PUT", "routes/r", R"({"uri":"/","plugin_config_id":"c","plugins":{}})");
    const char *metadata =
        holder == "consumers" ? "plugin_metadata/limit-count" : "plugin_metadata/key-auth";
    const auto before = api.config.snapshot(); // keeps the old plugins' addresses taken
    const auto first = plugins();
    QCOMPARE(first.size(), 1U);
    QCOMPARE(api.send("PUT", metadata, "{}").status, 201);
    const auto kept = api.config.snapshot();
    const auto second = plugins();
    QCOMPARE(second.size(), 1U);
    QVERIFY(second != first);
    QCOMPARE(api.send("DELETE", metadata).status, 200);
    QCOMPARE(plugins().size(), 1U);
    QVERIFY(plugins() != second);
    QVERIFY(api.config.problems().empty());
}

void tst_AdminPluginMetadata::leavesOthersAlone()
{
    AdminApi api;
    api.send("PUT", "routes/r", R"({"uri":"/","plugins":{"key-auth":{}}})");
    api.send("PUT", "consumers", R"({"username":"jack","plugins":{"key-auth":{"key":"k"}}})");
    const auto before = api.config.snapshot();
    api.send("PUT", "plugin_metadata/acl", "{}");
    QCOMPARE(api.config.snapshot()->router, before->router);
    QCOMPARE(api.config.snapshot()->consumers, before->consumers);
    // a login reads no metadata
    api.send("PUT", "plugin_metadata/key-auth", "{}");
    QCOMPARE(api.config.snapshot()->consumers, before->consumers);
}

void tst_AdminPluginMetadata::reportsWhatItCannotRead()
{
    AdminApi api;
    Transaction broken;
    broken.puts.push_back({"/apisix/plugin_metadata/acl", "1"});
    QVERIFY(api.config.commit(broken));
    QCOMPARE(api.config.problems().size(), 1U);
    QCOMPARE(api.config.problems().front().key, std::string("/apisix/plugin_metadata/acl"));
    QCOMPARE(api.send("PUT", "plugin_metadata/acl", "{}").status, 200);
    QVERIFY(api.config.problems().empty());
}

void tst_AdminPluginMetadata::importsFromAFile()
{
    AdminApi api;
    static const auto file = std::make_shared<const ConfigFile>(ConfigFile{"f", {}});
    std::vector<ConfigObject> objects;
    objects.push_back(
        {"plugin_metadata", "", "acl", Json::object({{"id", "acl"}, {"a", 1}}), {}, file, nullptr});
    QVERIFY(importObjects(api.config, std::move(objects)));
    const auto stored = api.config.store().get("/apisix/plugin_metadata/acl");
    const std::string expected = R"({"a":1})";
    QCOMPARE((*stored)->value, expected);
}

void tst_AdminPluginMetadata::refusesBrokenProtos_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("fault");
    const auto row = [](const char *name, const char *content, const char *fault) {
        QTest::newRow(name) << QByteArray(content) << QByteArray(fault);
    };
    row("a service",
        "syntax = \"proto3\";\npackage p;\nimport \"a.proto\";\n"
        "message A { string name = 1; int32 n = 2; }\n// a comment {\n"
        "service S { rpc Hi (A) returns (A) {} /* { */ }",
        "");
    row("numbers are of their message",
        "message A { message B { int32 a = 1; } int32 b = 1; } message C { int32 c = 1; }", "");
    row("an enum's alias", "enum E { option allow_alias = true; A = 0; B = 0; }", "");
    row("options",
        "message A { option (x) = { a: 1 b: 1 }; option y = 1; reserved 2; "
        "string s = 1 [(z) = { t: \"}\" }, w = 1]; map<string, int32> m = 3; }",
        "");
    row("extensions", "extend A { int32 a = 1; } extend B { int32 b = 1; }", "");
    row("no proto's text", "CgdhLnByb3RvEgFwYgA=", "");
    row("a number twice", "message A {\n  int32 code = 1;\n  string msg = 1;\n}",
        "3:17: field number 1 is taken already");
    row("a number twice, once in a oneof", "message A { int32 a = 1; oneof o { int32 b = 1; } }",
        "1:47: field number 1 is taken already");
    row("a number twice, with options", "message A { int32 a = 1 [x = 2]; int32 b = 1; }",
        "1:45: field number 1 is taken already");
    row("a brace too few", "message A { int32 a = 1;", "1:25: a \"}\" is missing");
    row("a brace too many", "message A {}\n}", "2:1: there is no \"{\" before this \"}\"");
    row("an open string", "syntax = \"proto3;", "1:10: a string has no end");
    row("a string that ends in a backslash", "syntax = \"a\\", "1:10: a string has no end");
    row("an open comment", "syntax /* x", "1:8: a comment has no end");
}

void tst_AdminPluginMetadata::refusesBrokenProtos()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, fault);
    AdminApi api;
    const AdminReply reply = api.send(
        "PUT", "protos/1", Json::object({{"content", Json(content.toStdString())}}).dump());
    QCOMPARE(reply.status, fault.isEmpty() ? 201 : 400);
    if (!fault.isEmpty())
        QCOMPARE(messageOf(reply), "invalid content: " + fault);
}

void tst_AdminPluginMetadata::keepsProtos()
{
    AdminApi api;
    const auto message = [&api](const char *target, const std::string &body) {
        return messageOf(api.send("PUT", target, body));
    };
    const auto sized = [](std::size_t size) {
        return R"({"content":")" + std::string(size, 'x') + "\"}";
    };
    const std::string proto = R"({"content":"syntax = 'proto3';"})";
    QCOMPARE(api.send("PUT", "protos/1", proto).status, 201);
    QCOMPARE(api.send("POST", "protos", proto).status, 201);
    const Json list = jsonOf(api.send("GET", "protos"));
    QCOMPARE(list.find("total")->asInteger(), 2);
    QCOMPARE(message("protos/2", "{}"),
             QByteArray("invalid configuration: property \"content\" is required"));
    QCOMPARE(message("protos/2", sized(0)),
             QByteArray("invalid configuration: property \"content\" validation failed: string too "
                        "short, expected at least 1, got 0"));
    QCOMPARE(api.send("PUT", "protos/2", sized(1048576)).status, 201);
    QCOMPARE(message("protos/2", sized(1048577)),
             QByteArray("invalid configuration: property \"content\" validation failed: string too "
                        "long, expected at most 1048576, got 1048577"));
    QCOMPARE(messageOf(api.send("PATCH", "protos/1", "{}")),
             QByteArray("not supported `PATCH` method for proto"));
    // no route can use one
    const std::string route = R"({"uri":"/","plugins":{"grpc-transcode":{"proto_id":"1"}}})";
    QCOMPARE(message("routes/1", route), QByteArray("unknown plugin [grpc-transcode]"));
    QCOMPARE(api.send("DELETE", "protos/1").status, 200);
}

QTEST_GUILESS_MAIN(tst_AdminPluginMetadata)
#include "tst_admin_plugin_metadata.moc"
