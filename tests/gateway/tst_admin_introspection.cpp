// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include "gateway/admin/apisix/schemas.h"

#include <QTest>

#include <array>
#include <string_view>
#include <utility>

using namespace postern;
using namespace postern::gateway;

// plugins/*, schema/*. apisix.md 1.12.
class tst_AdminIntrospection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void listsPluginsByPriority();
    void authenticationComesInItsOrder();
    void showsPluginSchemas();
    void annotatesPluginSchemas();
    void showsAllPlugins();
    void allKeepsToTheSubsystem();
    void injectsMeta_data();
    void injectsMeta();
    void showsObjectSchemas_data();
    void showsObjectSchemas();
    void answers_data();
    void answers();

private:
    AdminApi m_api;
};

void tst_AdminIntrospection::listsPluginsByPriority()
{
    const Json names = jsonOf(m_api.send("GET", "plugins/list"));
    QVERIFY(names.isArray());
    int last = 1 << 30;
    QVERIFY(names.size() >= 3);
    for (const Json &name : names.items()) {
        const PluginSpec *plugin = findPlugin(name.asString());
        QVERIFY(plugin);
        QVERIFY(plugin->apisixPriority <= last);
        last = plugin->apisixPriority;
    }
    QCOMPARE(m_api.send("GET", "plugins/list?subsystem=stream").body, std::string("[]\n"));
}

void tst_AdminIntrospection::authenticationComesInItsOrder()
{
    const std::array<std::pair<std::string_view, int>, 8> expected{
        {{"multi-auth", 2600},
         {"hmac-auth", 2530},
         {"basic-auth", 2520},
         {"jwt-auth", 2510},
         {"key-auth", 2500},
         {"acl", 2410},
         {"consumer-restriction", 2400},
         {"attach-consumer-label", 2399}}};
    const Json names = jsonOf(m_api.send("GET", "plugins/list"));
    const Json all = jsonOf(m_api.send("GET", "plugins?all=true"));
    std::size_t next = 0;
    for (const Json &name : names.items()) {
        if (next < expected.size() && name.asString() == expected[next].first)
            ++next;
    }
    QCOMPARE(next, expected.size());
    for (const auto &[name, priority] : expected) {
        const Json *plugin = all.find(name);
        QVERIFY2(plugin, name.data());
        QCOMPARE(plugin->find("priority")->asInteger(), priority);
        QCOMPARE(plugin->stringOr("type", ""), name.ends_with("-auth") ? "auth" : "");
        QCOMPARE(plugin->contains("consumer_schema"),
                 name.ends_with("-auth") && name != "multi-auth");
    }
}

void tst_AdminIntrospection::showsPluginSchemas()
{
    const Json route = jsonOf(m_api.send("GET", "plugins/jwt-auth"));
    QVERIFY(route.find("properties")->contains("_meta"));
    QVERIFY(route.find("properties")->contains("key_claim_name"));
    const Json consumer = jsonOf(m_api.send("GET", "schema/plugins/jwt-auth?schema_type=consumer"));
    QVERIFY(consumer.find("properties")->contains("secret"));
    QCOMPARE(jsonOf(m_api.send("GET", "schema/plugins/jwt-auth?schema_type=x")), route);
    const Json basic = jsonOf(m_api.send("GET", "schema/plugins/basic-auth?schema_type=consumer"));
    QVERIFY(basic.find("properties")->contains("password"));
    const Json hmac = jsonOf(m_api.send("GET", "schema/plugins/hmac-auth?schema_type=consumer"));
    QVERIFY(hmac.find("properties")->contains("key_id"));
}

void tst_AdminIntrospection::annotatesPluginSchemas()
{
    const auto schema = [this](const std::string &name) {
        return jsonOf(m_api.send("GET", "schema/plugins/" + name));
    };
    const auto login = [&schema](const std::string &name) {
        return schema(name + "?schema_type=consumer");
    };
    for (const PluginSpec *plugin : builtinPlugins()) {
        if (plugin->apisixPriority == 0)
            continue;
        const Json shown = schema(std::string(plugin->name));
        QCOMPARE(shown.stringOr("$comment", ""), "this is a mark for our injected plugin schema");
        const Json *meta = shown.find("properties")->find("_meta")->find("properties");
        QCOMPARE(meta->find("priority")->stringOr("description", ""),
                 "priority of plugins by customized order");
        QCOMPARE(meta->find("filter")->stringOr("description", ""),
                 "filter determines whether the plugin needs to be executed at runtime");
        QVERIFY(meta->find("pre_function")->contains("description"));
    }
    for (const char *name : {"basic-auth", "hmac-auth", "multi-auth"})
        QCOMPARE(schema(name).stringOr("title", ""), "work with route or service object");
    for (const char *name : {"basic-auth", "hmac-auth"})
        QCOMPARE(login(name).stringOr("title", ""), "work with consumer object");
    QVERIFY(!schema("key-auth").contains("title") && !login("jwt-auth").contains("title"));
    // 1.14: what is encrypted at rest
    for (const auto &[name, member] :
         {std::pair("basic-auth", "password"), std::pair("hmac-auth", "secret_key"),
          std::pair("jwt-auth", "secret"), std::pair("key-auth", "key")}) {
        QCOMPARE(login(name).find("encrypt_fields")->dump(), std::string("[\"") + member + "\"]");
        QVERIFY(!login(name).contains("$comment"));
    }
    QCOMPARE(schema("limit-count").find("encrypt_fields")->size(), 2U);
}

void tst_AdminIntrospection::showsAllPlugins()
{
    const Json all = jsonOf(m_api.send("GET", "plugins?all=true"));
    const Json *keyAuth = all.find("key-auth");
    QVERIFY(keyAuth);
    QCOMPARE(keyAuth->find("priority")->asInteger(), 2500);
    QCOMPARE(keyAuth->stringOr("type", ""), "auth");
    QVERIFY(keyAuth->contains("schema") && keyAuth->contains("consumer_schema"));
    QVERIFY(!all.find("acl")->contains("consumer_schema"));
    QVERIFY(!all.find("acl")->contains("type"));
}

void tst_AdminIntrospection::allKeepsToTheSubsystem()
{
    QCOMPARE(m_api.send("GET", "plugins?all=true&subsystem=stream").body, std::string("{}\n"));
    QCOMPARE(jsonOf(m_api.send("GET", "plugins?all=true&subsystem=http")),
             jsonOf(m_api.send("GET", "plugins?all=true")));
    QVERIFY(!jsonOf(m_api.send("GET", "plugins?all=1")).contains("acl"));
    const Json all = jsonOf(m_api.send("GET", "plugins?all=true"));
    for (const PluginSpec *plugin : builtinPlugins()) {
        if (plugin->apisixPriority == 0)
            continue;
        const Json *about = all.find(plugin->name);
        QVERIFY2(about, plugin->name.data());
        QVERIFY(about->contains("version") && about->contains("priority"));
        QCOMPARE(about->contains("metadata_schema"), !plugin->metadataSchema.empty());
    }
}

void tst_AdminIntrospection::injectsMeta_data()
{
    addRequestColumns();
    const auto row = [](const char *meta, bool good) {
        QTest::addRow("1.12 _meta %s", meta)
            << QByteArray("PUT") << QByteArray("plugin_configs/1")
            << QByteArray(R"({"plugins":{"key-auth":{"_meta":)") + meta + "}}}"
            << (good ? 201 : 400) << QByteArray();
    };
    for (const char *meta : {"{}", R"({"disable":false})", R"({"error_response":"no"})",
                             R"({"error_response":{"a":1}})", R"({"priority":-7})",
                             R"({"filter":[]})", R"({"filter":[["arg_a","==","b"]]})"})
        row(meta, true);
    for (const char *meta :
         {"1", R"({"disable":"yes"})", R"({"error_response":1})", R"({"priority":1.5})",
          R"({"filter":"x"})", R"({"filter":[["arg_a","=","b"]]})", R"({"other":1})",
          R"({"pre_function":"return function() end"})"})
        row(meta, false);
}

void tst_AdminIntrospection::injectsMeta()
{
    AdminApi api;
    checkCurrentRow(api);
}

void tst_AdminIntrospection::showsObjectSchemas_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const ObjectSchema *const schema : objectSchemas())
        QTest::newRow(std::string(schema->name).c_str())
            << QByteArray::fromStdString(std::string(schema->name));
    QVERIFY(objectSchemas().size() >= 5);
}

void tst_AdminIntrospection::showsObjectSchemas()
{
    QFETCH(const QByteArray, name);
    const AdminReply reply = m_api.send("GET", "schema/" + name.toStdString());
    QCOMPARE(reply.status, 200);
    QVERIFY(jsonOf(reply).contains("type"));
    // every fragment was put in
    QVERIFY(!reply.body.contains("\"@"));
    QVERIFY(!reply.body.contains(":null"));
}

void tst_AdminIntrospection::answers_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *method, const char *target, const char *body,
                        int status, const char *message) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                            << status << QByteArray(message);
    };
    row("1.12: list of a bad subsystem", "GET", "plugins/list?subsystem=x", "", 400,
        "invalid subsystem passed");
    row("1.12: bad subsystem", "GET", "plugins/key-auth?subsystem=x", "", 400,
        "unsupported subsystem: x");
    row("1.12: unknown plugin", "GET", "plugins/nope", "", 404,
        "plugin not found in subsystem http");
    row("1.12: stream plugin", "GET", "plugins/key-auth?subsystem=stream", "", 404,
        "plugin not found in subsystem stream");
    row("1.12: no consumer schema", "GET", "plugins/acl?schema_type=consumer", "", 400,
        "not found schema");
    row("1.12: no plugin named", "GET", "plugins", "", 404, "plugin not found in subsystem http");
    row("1.12: plugin by its schema path", "GET", "schema/plugins/nope", "", 404,
        "plugin not found in subsystem http");
    row("1.12: bad subsystem by the schema path", "GET", "schema/plugins/acl?subsystem=x", "", 400,
        "unsupported subsystem: x");
    row("1.12: plural object", "GET", "schema/routes", "", 400, "not found schema: routes");
    for (const char *name :
         {"route", "service", "upstream", "consumer", "credential", "consumer_group",
          "plugin_config", "global_rule", "proto", "stream_route", "plugins"})
        row((std::string("1.12: schema of ") + name).c_str(), "GET",
            (std::string("schema/") + name).c_str(), "", 200, "");
    for (const char *type : {"services", "credentials", "stream_routes"})
        row((std::string("1.12: validate ") + type).c_str(), "POST",
            (std::string("schema/validate/") + type).c_str(), "{}", 200, "");
    row("1.12: validate looks at no reference", "POST", "schema/validate/routes",
        R"({"uri":"/","upstream_id":"no"})", 200, "");
    row("1.12: validate looks at no path parameter", "POST", "schema/validate/nodes", "{}", 404,
        "Unsupported resource type: nodes");
    row("1.12: unknown object", "GET", "schema/nope", "", 400, "not found schema: nope");
    row("1.12: valid", "POST", "schema/validate/routes", R"({"uri":"/","plugins":{"nope":{}}})",
        200, "");
    row("1.12: invalid", "POST", "schema/validate/routes", R"({"uri":1})", 400,
        "property \"uri\" validation failed: wrong type: expected string, got number");
    row("1.12: validate an unknown type", "POST", "schema/validate/nope", "{}", 404,
        "Unsupported resource type: nope");
    row("1.12: validate by another method", "PUT", "schema/validate/routes", "{}", 404,
        "not found");
    row("1.12: validate nothing", "POST", "schema/validate/routes", "", 400,
        "wrong type: expected object, got nil");
    row("1.12: validate null", "POST", "schema/validate/routes", "null", 400,
        "wrong type: expected object, got userdata");
    row("1.12: validate broken JSON", "POST", "schema/validate/routes", "{x}", 400,
        "invalid request body: Expected object key string but found invalid token at character "
        "2");
}

void tst_AdminIntrospection::answers()
{
    checkCurrentRow(m_api);
    QCOMPARE(*m_api.config.store().revision(), 0U);
}

QTEST_GUILESS_MAIN(tst_AdminIntrospection)
#include "tst_admin_introspection.moc"
