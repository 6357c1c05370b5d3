// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include <QTest>

#include <format>

// Consumer groups, plugin configs and global rules; numbers name sections of apisix.md.
class tst_AdminPluginSets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
    void patches();
    void deletesAfterWhatUsedIt();
    void groupsOfLimitsAgree_data();
    void groupsOfLimitsAgree();
    void groupsMayChangeWhenNobodyIsLeft();
};

void tst_AdminPluginSets::answers_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *method, const char *target, const char *body,
                        int status, const char *message = "") {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                            << status << QByteArray(message);
    };
    constexpr const char *kKeyAuth = R"({"plugins":{"key-auth":{}}})";
    for (const char *target : {"consumer_groups/n", "plugin_configs/n"}) {
        row(std::format("1.10: {}", target).c_str(), "PUT", target, kKeyAuth, 201);
        row(std::format("1.10: {} without plugins", target).c_str(), "PUT", target, "{}", 400,
            "invalid configuration: property \"plugins\" is required");
        row(std::format("1.13: {} with an unknown plugin", target).c_str(), "PUT", target,
            R"({"plugins":{"nope":{}}})", 400, "unknown plugin [nope]");
        row(std::format("1.10: {} with an unknown member", target).c_str(), "PUT", target,
            R"({"plugins":{},"uri":"/"})", 400,
            "invalid configuration: additional properties forbidden, found uri");
        row(std::format("1.10: {} with name, desc and labels", target).c_str(), "PUT", target,
            R"({"plugins":{},"name":"n","desc":"d","labels":{"a":"b"}})", 201);
    }
    row("1.9: POST of a plugin config", "POST", "plugin_configs", kKeyAuth, 405,
        "not supported `POST` method for plugin config");
    row("1.9: POST of a global rule", "POST", "global_rules", kKeyAuth, 405,
        "not supported `POST` method for global rule");
    row("1.5: PUT without id", "PUT", "global_rules", kKeyAuth, 400, "missing global rule id");
    row("1.10: a global rule", "PUT", "global_rules/n",
        R"({"plugins":{"acl":{"allow_labels":)"
        R"({"a":["b"]}}}})",
        201);
    row("1.10: a global rule has no name", "PUT", "global_rules/n", R"({"plugins":{},"name":"n"})",
        400, "invalid configuration: additional properties forbidden, found name");
    row("1.10: a plugin in two global rules", "PUT", "global_rules/n", kKeyAuth, 400,
        "plugin 'key-auth' already exists in global rule with id 'rule'");
    row("1.10: the same rule again", "PUT", "global_rules/rule", kKeyAuth, 200);
    row("1.8: plugin config in use", "DELETE", "plugin_configs/config", "", 400,
        "can not delete this plugin config, route [r] is still using it now");
    row("1.8: plugin config in use, by force", "DELETE", "plugin_configs/config?force=true", "",
        200);
    row("1.8: consumer group in use", "DELETE", "consumer_groups/group", "", 400,
        "can not delete this consumer group, consumer [jack] is still using it now");
    row("1.8: a global rule has nothing to check", "DELETE", "global_rules/rule", "", 200);
    row("1.8: unknown consumer group", "PUT", "consumers", R"({"username":"jill","group_id":"no"})",
        400, "failed to fetch consumer group info by consumer group id [no], response code: 404");
    row("1.12: schema", "GET", "schema/consumer_group", "", 200);
    row("1.12: validation of an object alone", "POST", "schema/validate/plugin_configs",
        R"({"id":"1"})", 400, "property \"plugins\" is required");
}

void tst_AdminPluginSets::answers()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "consumer_groups/group", R"({"plugins":{}})").status, 201);
    QCOMPARE(api.send("PUT", "consumers", R"({"username":"jack","group_id":"group"})").status, 201);
    QCOMPARE(api.send("PUT", "plugin_configs/config", R"({"plugins":{}})").status, 201);
    QCOMPARE(api.send("PUT", "routes/r", R"({"uri":"/","plugins":{},"plugin_config_id":"config"})")
                 .status,
             201);
    QCOMPARE(api.send("PUT", "global_rules/rule", R"({"plugins":{"key-auth":{}}})").status, 201);
    checkCurrentRow(api);
}

void tst_AdminPluginSets::patches()
{
    AdminApi api;
    api.send("PUT", "plugin_configs/1", R"({"plugins":{"key-auth":{"header":"a"}}})");
    QCOMPARE(
        api.send("PATCH", "plugin_configs/1", R"({"plugins":{"key-auth":{"header":"b"}}})").status,
        200);
    QCOMPARE(api.send("PATCH", "plugin_configs/1/plugins/key-auth", R"({"header":1})").status, 400);
    const postern::Json stored = jsonOf(api.send("GET", "plugin_configs/1"));
    QCOMPARE(stored.find("value")->find("plugins")->find("key-auth")->stringOr("header", ""),
             std::string_view("b"));
}

void tst_AdminPluginSets::deletesAfterWhatUsedIt()
{
    AdminApi api;
    api.send("PUT", "consumer_groups/1", R"({"plugins":{}})");
    api.send("PUT", "consumers", R"({"username":"jack","group_id":1})");
    QCOMPARE(api.send("DELETE", "consumer_groups/1").status, 400);
    QCOMPARE(api.send("DELETE", "consumers/jack").status, 200);
    QCOMPARE(api.send("DELETE", "consumer_groups/1").status, 200);
}

void tst_AdminPluginSets::groupsOfLimitsAgree_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *target, const char *object, const char *limit,
                        bool fits, const char *prefix = "") {
        QTest::newRow(name)
            << QByteArray("PUT") << QByteArray(target)
            << QByteArray::fromStdString(
                   std::format(R"({{{}"plugins":{{"limit-count":{{{}}}}}}})", object, limit))
            << (fits ? 201 : 400)
            << (fits ? QByteArray()
                     : prefix
                        + QByteArray("failed to check the configuration of plugin limit-count err: "
                                     "group conf mismatched"));
    };
    constexpr const char *kUri = R"("uri":"/x",)";
    constexpr const char *kOther = R"("group":"g","count":3,"time_window":60)";
    row("4.7: the same configuration", "routes/n", kUri,
        R"("time_window":60,"group":"g","count":2,"policy":"local")", true);
    row("4.7: another count", "routes/n", kUri, kOther, false);
    row("4.7: one member more", "routes/n", kUri,
        R"("group":"g","count":2,"time_window":60,"rejected_code":429)", false);
    row("4.7: another group", "routes/n", kUri, R"("group":"h","count":3,"time_window":60)", true);
    row("4.7: no group", "routes/n", kUri, R"("count":3,"time_window":60)", true);
    row("4.7: _meta does not count", "routes/n", kUri,
        R"("group":"g","count":2,"time_window":60,"_meta":{"priority":1})", true);
    row("1.13: disabled passes", "routes/n", kUri,
        R"("group":"g","count":3,"time_window":60,"_meta":{"disable":true})", true);
    row("4.7: on a service", "services/n", "", kOther, false);
    row("4.7: in a plugin config", "plugin_configs/n", "", kOther, false);
    row("4.7: in a consumer group", "consumer_groups/n", "", kOther, false);
    row("4.7: in a global rule", "global_rules/n", "", kOther, false);
    row("4.7: on a consumer", "consumers/n", R"("username":"n",)", kOther, false,
        "invalid plugins configuration: ");
    row("4.7: its own change", "services/1", "", kOther, false);
}

void tst_AdminPluginSets::groupsOfLimitsAgree()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "services/1", R"({"plugins":{"limit-count":{
        "count":2,"time_window":60,"group":"g"}}})")
                 .status,
             201);
    checkCurrentRow(api);
}

void tst_AdminPluginSets::groupsMayChangeWhenNobodyIsLeft()
{
    AdminApi api;
    const auto put = [&api](const char *target, int count) {
        return api
            .send("PUT", target,
                  std::format(R"({{"plugins":{{"limit-count":{{"count":{},"time_window":60,)"
                              R"("group":"g"}}}}}})",
                              count))
            .status;
    };
    QCOMPARE(put("services/1", 2), 201);
    QCOMPARE(put("services/1", 2), 200);
    QCOMPARE(put("services/1", 3), 400);
    QCOMPARE(api.send("DELETE", "services/1").status, 200);
    QCOMPARE(put("services/1", 3), 201);
    QCOMPARE(put("plugin_configs/1", 2), 400);
}

QTEST_GUILESS_MAIN(tst_AdminPluginSets)
#include "tst_admin_plugin_sets.moc"
