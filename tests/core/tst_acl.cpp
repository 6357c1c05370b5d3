// SPDX-License-Identifier: Apache-2.0
#include "core/access/acl.h"

#include "core/json/parse.h"

#include <QTest>

using namespace postern;

namespace {

Json json(const char *text)
{
    const Result<Json> parsed = parseJson(text);
    return parsed ? *parsed : Json("broken test data");
}

} // namespace

class tst_Acl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void decidesForConsumers_data();
    void decidesForConsumers();
    void decidesForExternalUsers_data();
    void decidesForExternalUsers();
    void refusesTheUnauthenticated();
    void prefersTheConsumer();
    void splitsLabels_data();
    void splitsLabels();
    void refusesConfigurations();
    void explains_data();
    void explains();
};

void tst_Acl::decidesForConsumers_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("labels");
    QTest::addColumn<QByteArray>("outcome"); // "allowed rule value", "slug rule value"
    const auto row = [](const char *name, const char *config, const char *labels,
                        const char *outcome) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(labels) << QByteArray(outcome);
    };
    const char *platform = R"({"allow_labels":{"team":["platform"]}})";
    const char *guests = R"({"deny_labels":{"role":["guest"]}})";
    row("A-30: alice is in the team", platform, R"({"team":"platform"})",
        "allowed allow_labels.team platform");
    row("A-31: bob is not", platform, R"({"team":"sales"})",
        "label-not-allowed allow_labels.team ");
    row("A-33: carol is a guest", guests, R"({"role":"guest"})",
        "label-denied deny_labels.role guest");
    row("A-34: all others pass the deny route", guests, R"({"team":"platform"})", "allowed  ");
    row("A-34: no labels pass the deny route", guests, "{}", "allowed  ");
    row("A-36: no labels on an allow route", platform, "{}",
        "label-not-allowed allow_labels.team ");
    row("A-06: json label", R"({"allow_labels":{"g":["admin"]}})",
        R"({"g":"[\"admin\",\"user\"]"})", "allowed allow_labels.g admin");
    row("A-07: segmented label", R"({"allow_labels":{"g":["user"]}})", R"({"g":"admin,user"})",
        "allowed allow_labels.g user");
    row("A-09: deny is looked at first",
        R"({"allow_labels":{"team":["platform"]},"deny_labels":{"team":["platform"]}})",
        R"({"team":"platform"})", "label-denied deny_labels.team platform");
    row("A-37: labels are alternatives", R"({"allow_labels":{"team":["a"],"role":["x"]}})",
        R"({"team":"b","role":"x"})", "allowed allow_labels.role x");
    row("A-37: values are alternatives", R"({"allow_labels":{"team":["a","b"]}})",
        R"({"team":"b"})", "allowed allow_labels.team b");
    row("A-37: none of several labels", R"({"allow_labels":{"team":["a"],"role":["x"]}})",
        R"({"team":"b"})", "label-not-allowed allow_labels ");
    row("A-38: exact comparison", platform, R"({"team":"Platform"})",
        "label-not-allowed allow_labels.team ");
    row("A-38: no prefix", platform, R"({"team":"platform2"})",
        "label-not-allowed allow_labels.team ");
    row("apisix 4.5: broken JSON has no values, allow fails", platform, R"({"team":"[platform"})",
        "label-not-allowed allow_labels.team ");
    row("apisix 4.5: broken JSON has no values, deny passes", guests, R"({"role":"[guest"})",
        "allowed  ");
    row("apisix 4.5: a number never equals a string", R"({"allow_labels":{"n":["5"]}})",
        R"({"n":"[5]"})", "label-not-allowed allow_labels.n ");
    row("apisix 4.5: parser fields are for external users only",
        R"({"allow_labels":{"g":["a|b"]},"external_user_label_field_parser":"segmented_text",
            "external_user_label_field_separator":"\\|"})",
        R"({"g":"a|b"})", "allowed allow_labels.g a|b");
}

void tst_Acl::decidesForConsumers()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, labels);
    QFETCH(QByteArray, outcome);
    const auto policy = AclPolicy::compile(json(config.constData()));
    QVERIFY(policy);
    const Json has = json(labels.constData());
    const AclDecision decision = decideAcl(*policy, {.consumerLabels = &has});
    const std::string verdict(decision.allowed ? std::string_view("allowed")
                                               : slug(decision.reason));
    QCOMPARE(verdict + " " + decision.rule + " " + decision.value, outcome.toStdString());
    QVERIFY(!decision.detail.empty());
}

void tst_Acl::decidesForExternalUsers_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<bool>("allowed");
    const auto row = [](const char *name, const char *config, const char *user, bool allowed) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(user) << allowed;
    };
    const char *groups = R"({"allow_labels":{"groups":["admin"]}})";
    row("A-03: a claim decides", groups, R"({"groups":"admin"})", true);
    row("A-04: array", groups, R"({"groups":["user","admin"]})", true);
    row("A-20: string with [", groups, R"({"groups":"[\"admin\"]"})", true);
    row("A-20: string with comma", groups, R"({"groups":"user , admin"})", true);
    row("A-20: single value", groups, R"({"groups":"admin"})", true);
    row("A-20: a number has no values", groups, R"({"groups":5})", false);
    row("A-15: the field is groups by default", groups, R"({"roles":"admin"})", false);
    row("A-16: JSONPath", R"({"external_user_label_field":"$..groups",
        "external_user_label_field_key":"groups","allow_labels":{"groups":["b"]}})",
        R"({"realm":{"groups":"a,b"}})", true);
    row("A-17: plain name", R"({"external_user_label_field":"roles",
        "allow_labels":{"roles":["x"]}})",
        R"({"roles":"x"})", true);
    row("A-18: the key defaults to the expression", R"({"external_user_label_field":"$..groups",
        "allow_labels":{"$..groups":["a"]}})",
        R"({"realm":{"groups":"a"}})", true);
    row("A-18: not to its last part", R"({"external_user_label_field":"$..groups",
        "allow_labels":{"groups":["a"]}})",
        R"({"realm":{"groups":"a"}})", false);
    row("A-21: separator is a pattern, blanks are dropped",
        R"({"external_user_label_field_parser":"segmented_text",
        "external_user_label_field_separator":"\\|","allow_labels":{"groups":["qa"]}})",
        R"({"groups":"infra | qa"})", true);
    row("A-21: invalid pattern, allow fails",
        R"({"external_user_label_field_parser":"segmented_text",
        "external_user_label_field_separator":"(","allow_labels":{"groups":["a"]}})",
        R"({"groups":"a"})", false);
    row("A-21: invalid pattern, deny passes",
        R"({"external_user_label_field_parser":"segmented_text",
        "external_user_label_field_separator":"(","deny_labels":{"groups":["a"]}})",
        R"({"groups":"a"})", true);
    row("A-23: json parser on an array", R"({"external_user_label_field_parser":"json",
        "allow_labels":{"groups":["a"]}})",
        R"({"groups":["a"]})", false);
    row("A-23: json parser on plain text", R"({"external_user_label_field_parser":"json",
        "allow_labels":{"groups":["a"]}})",
        R"({"groups":"a"})", false);
    row("A-23: table parser on a string", R"({"external_user_label_field_parser":"table",
        "allow_labels":{"groups":["a"]}})",
        R"({"groups":"a"})", false);
    row("A-23: segmented parser on an array",
        R"({"external_user_label_field_parser":"segmented_text",
        "external_user_label_field_separator":",","allow_labels":{"groups":["a"]}})",
        R"({"groups":["a"]})", false);
    row("A-24: several matches are merged", R"({"external_user_label_field":"$..groups",
        "external_user_label_field_key":"g","allow_labels":{"g":["c"]}})",
        R"({"x":{"groups":"a,b"},"y":{"groups":["c"]}})", true);
    row("deny by a claim", R"({"deny_labels":{"groups":["guest"]}})", R"({"groups":["guest"]})",
        false);
    row("no claim passes deny", R"({"deny_labels":{"groups":["guest"]}})", "{}", true);
}

void tst_Acl::decidesForExternalUsers()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, user);
    QFETCH(bool, allowed);
    const auto policy = AclPolicy::compile(json(config.constData()));
    QVERIFY2(policy, policy ? "" : describe(policy.error()).c_str());
    const Json claims = json(user.constData());
    const AclDecision decision =
        decideAcl(*policy, {.consumerLabels = nullptr, .externalUser = &claims});
    QVERIFY2(decision.allowed == allowed, decision.detail.c_str());
}

void tst_Acl::refusesTheUnauthenticated()
{
    // A-25; the same with a deny list only.
    for (const char *config :
         {R"({"allow_labels":{"a":["b"]}})", R"({"deny_labels":{"a":["b"]}})"}) {
        const AclDecision decision = decideAcl(*AclPolicy::compile(json(config)), {});
        QVERIFY(!decision.allowed);
        QCOMPARE(decision.reason, Errc::NotAuthenticated);
    }
}

void tst_Acl::prefersTheConsumer()
{
    // A-04: the external user would be allowed.
    const auto policy = AclPolicy::compile(json(R"({"allow_labels":{"groups":["admin"]}})"));
    const Json labels = json(R"({"groups":"user"})");
    const Json claims = json(R"({"groups":"admin"})");
    QVERIFY(!decideAcl(*policy, {.consumerLabels = &labels, .externalUser = &claims}).allowed);
}

void tst_Acl::splitsLabels_data()
{
    QTest::addColumn<QByteArray>("label");
    QTest::addColumn<QByteArray>("values"); // joined with ;
    const auto row = [](const char *label, const char *values) {
        QTest::newRow(*label ? label : "empty") << QByteArray(label) << QByteArray(values);
    };
    row("admin", "admin;");
    row("a,b", "a;b;");
    row("a , b", "a;b;");
    row("a,,b", "a;;b;");
    row("a,", "a;;");
    row(R"(["a","b"])", "a;b;");
    row(R"(["a",1,null,"b"])", "a;b;");
    row(R"(["a")", "");
    row(R"({"a":1})", "{\"a\":1};");
    row("", ";");
}

void tst_Acl::splitsLabels()
{
    QFETCH(QByteArray, label);
    QFETCH(QByteArray, values);
    std::string joined;
    for (const std::string &value : labelValues(label.toStdString()))
        joined += value + ";";
    QCOMPARE(joined, values.toStdString());
}

void tst_Acl::refusesConfigurations()
{
    const auto path = AclPolicy::compile(
        json(R"({"allow_labels":{"a":["b"]},"external_user_label_field":"$..["})"));
    QVERIFY(!path);
    QCOMPARE(path.error().code, Errc::JsonPath);
    QVERIFY2(path.error().detail.starts_with("invalid external_user_label_field: "),
             path.error().detail.c_str());
    const auto parser = AclPolicy::compile(
        json(R"({"allow_labels":{"a":["b"]},"external_user_label_field_parser":"xml"})"));
    QCOMPARE(parser.error().code, Errc::PluginConfig);
}

void tst_Acl::explains_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("labels");
    QTest::addColumn<QByteArray>("detail");
    QTest::newRow("one value") << QByteArray(R"({"allow_labels":{"team":["platform"]}})")
                               << QByteArray(R"({"team":"sales"})")
                               << QByteArray("label team is \"sales\"; "
                                             "allow_labels.team wants \"platform\"");
    QTest::newRow("several") << QByteArray(R"({"allow_labels":{"team":["platform","ops"]}})")
                             << QByteArray(R"({"team":"a,b"})")
                             << QByteArray("label team is \"a\" and \"b\"; "
                                           "allow_labels.team wants one of \"platform\", \"ops\"");
    QTest::newRow("label absent") << QByteArray(R"({"allow_labels":{"team":["platform"]}})")
                                  << QByteArray("{}")
                                  << QByteArray("the consumer has no label team; "
                                                "allow_labels.team wants \"platform\"");
    QTest::newRow("A-09: denied") << QByteArray(R"({"deny_labels":{"team":["platform"]}})")
                                  << QByteArray(R"({"team":"platform"})")
                                  << QByteArray("label team is \"platform\"; "
                                                "deny_labels.team matched \"platform\"");
}

void tst_Acl::explains()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, labels);
    QFETCH(QByteArray, detail);
    const Json has = json(labels.constData());
    const AclDecision decision =
        decideAcl(*AclPolicy::compile(json(config.constData())), {.consumerLabels = &has});
    QVERIFY(!decision.allowed);
    QCOMPARE(decision.detail, detail.toStdString());
}

QTEST_GUILESS_MAIN(tst_Acl)
#include "tst_acl.moc"
