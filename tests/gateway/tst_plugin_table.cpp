// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/json/schema.h"
#include "gateway/pipeline/plugin.h"
#include "tests/core/jose_samples.h"

#include <QTest>

#include <algorithm>
#include <filesystem>
#include <set>

using namespace postern;
using namespace postern::gateway;

class tst_PluginTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesAndPrioritiesAreUnique();
    void isSortedByPriority();
    void placesEachPlugin_data();
    void placesEachPlugin();
    void everySchemaCompiles();
    void schemasAreShownWithMeta();
    void everyFileIsOnTheList();
    void checksConfigurations_data();
    void checksConfigurations();
    void fillsDefaults();
};

void tst_PluginTable::namesAndPrioritiesAreUnique()
{
    std::set<std::string_view> names;
    std::set<int> priorities;
    for (const PluginSpec *spec : builtinPlugins()) {
        QVERIFY2(names.insert(spec->name).second, spec->name.data());
        QVERIFY2(priorities.insert(spec->apisixPriority).second, spec->name.data());
        QCOMPARE(findPlugin(spec->name), spec);
        QVERIFY(!spec->summary.empty());
        QVERIFY(spec->make);
        QCOMPARE(!spec->loginMember.empty(), spec->makeCredential != nullptr);
        QVERIFY(spec->loginMember.empty() || spec->kind == PluginKind::Auth);
    }
    QCOMPARE(findPlugin("no-such"), nullptr);
}

void tst_PluginTable::isSortedByPriority()
{
    int last = 1'000'000;
    for (const PluginSpec *spec : builtinPlugins()) {
        QVERIFY(spec->apisixPriority < last);
        last = spec->apisixPriority;
    }
}

void tst_PluginTable::placesEachPlugin_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("priority");
    QTest::addColumn<int>("phases");
    const auto row = [](const char *name, int priority, int phases) {
        QTest::newRow((std::string("3.2 ") + name).c_str())
            << QByteArray(name) << priority << phases;
    };
    row("request-id", 12015, Phase::Rewrite | Phase::HeaderFilter);
    row("fault-injection", 11000, Phase::Rewrite);
    row("mocking", 10900, Phase::Access);
    row("cors", 4000, Phase::Rewrite | Phase::HeaderFilter);
    row("ip-restriction", 3000, Phase::Access);
    // besides, it takes challenges of entries that failed off an answer
    row("multi-auth", 2600, Phase::Rewrite | Phase::HeaderFilter);
    row("hmac-auth", 2530, Phase::Rewrite);
    row("basic-auth", 2520, Phase::Rewrite);
    row("jwt-auth", 2510, Phase::Rewrite);
    row("key-auth", 2500, Phase::Rewrite);
    row("acl", 2410, Phase::Access);
    row("consumer-restriction", 2400, Phase::Access);
    row("attach-consumer-label", 2399, Phase::BeforeProxy);
    row("proxy-rewrite", 1008, Phase::Rewrite);
    // its headers go on the answer in header_filter
    row("limit-count", 1002, Phase::Access | Phase::HeaderFilter);
    row("traffic-split", 966, Phase::Access);
    row("redirect", 900, Phase::Rewrite);
    row("response-rewrite", 899, Phase::HeaderFilter | Phase::BodyFilter);
    row("public-api", 501, Phase::Access);
    row("prometheus", 500, Phase::Log);
    row("echo", 412, Phase::HeaderFilter | Phase::BodyFilter);
}

void tst_PluginTable::placesEachPlugin()
{
    QFETCH(const QByteArray, name);
    QFETCH(const int, priority);
    QFETCH(const int, phases);
    const PluginSpec *const plugin = findPlugin(name.toStdString());
    QVERIFY(plugin);
    QCOMPARE(plugin->apisixPriority, priority);
    QCOMPARE(static_cast<int>(plugin->phases), phases);
}

void tst_PluginTable::everySchemaCompiles()
{
    for (const PluginSpec *spec : builtinPlugins()) {
        for (const std::string_view text :
             {spec->schema, spec->consumerSchema, spec->metadataSchema}) {
            if (text.empty())
                continue;
            const auto json = parseJson(text);
            QVERIFY2(json.has_value(), spec->name.data());
            QVERIFY2(Schema::compile(*json).has_value(), spec->name.data());
        }
    }
}

void tst_PluginTable::schemasAreShownWithMeta()
{
    for (const PluginSpec *spec : builtinPlugins()) {
        const Json *properties = pluginSchema(*spec).find("properties");
        QVERIFY(properties && properties->contains("_meta"));
    }
    const Json &consumer = pluginSchema(*findPlugin("jwt-auth"), true);
    QVERIFY(consumer.find("properties")->contains("public_key")
            || consumer.contains("dependencies"));
    QCOMPARE(&pluginSchema(*findPlugin("acl"), true), &pluginSchema(*findPlugin("acl")));
}

void tst_PluginTable::everyFileIsOnTheList()
{
    const std::filesystem::path folder =
        std::filesystem::path(POSTERN_SOURCE_DIR) / "gateway" / "plugins";
    std::size_t files = 0;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        std::string name = entry.path().stem().string();
        // jwt_sign is an endpoint of jwt-auth
        if (entry.path().extension() != ".cpp" || name == "builtin" || name == "jwt_sign")
            continue;
        ++files;
        std::ranges::replace(name, '_', '-');
        QVERIFY2(findPlugin(name), name.c_str());
    }
    QCOMPARE(files, builtinPlugins().size());
}

void tst_PluginTable::checksConfigurations_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<bool>("consumer");
    QTest::addColumn<QByteArray>("error"); // empty: fine
    const auto row = [](const char *title, const char *name, const std::string &config,
                        bool consumer, const std::string &error) {
        QTest::newRow(title) << QByteArray(name) << QByteArray::fromStdString(config) << consumer
                             << QByteArray::fromStdString(error);
    };
    const auto failed = [](const std::string &name, const std::string &why) {
        return "failed to check the configuration of plugin " + name + " err: " + why;
    };
    row("empty is fine", "jwt-auth", "{}", false, "");
    row("an empty array is an empty table", "jwt-auth", "[]", false, "");
    row("unknown", "x", "{}", false, "unknown plugin [x]");
    row("no object", "key-auth", "\"x\"", false, "invalid plugin conf \"x\" for plugin [key-auth]");
    row("J-33 only exp and nbf", "jwt-auth", R"({"claims_to_verify":["iat"]})", false,
        failed(
            "jwt-auth",
            "property \"claims_to_verify\" validation failed: failed to validate item 1: matches "
            "none of the enum values"));
    row("disabled passes whatever it says", "acl", R"({"_meta":{"disable":true}})", false, "");
    row("J-21 key is required", "jwt-auth", R"({"secret":"s"})", true,
        failed("jwt-auth", "property \"key\" is required"));
    row("J-22 secret is required", "jwt-auth", R"({"key":"k"})", true,
        failed("jwt-auth", "property \"secret\" is required when using HS based algorithms"));
    row("empty secret", "jwt-auth", R"({"key":"k","secret":""})", true,
        failed("jwt-auth",
               "property \"secret\" validation failed: string too short, expected at least 1, got "
               "0"));
    row("J-106 public key is required", "jwt-auth", R"({"key":"k","algorithm":"RS256"})", true,
        failed("jwt-auth",
               "failed to validate dependent schema for \"algorithm\": value should match only one "
               "schema, but matches none"));
    row("J-109 not base64", "jwt-auth", R"({"key":"k","secret":"x!","base64_secret":true})", true,
        failed("jwt-auth", "base64_secret required but the secret is not in base64 format"));
    row("4.1 base64 without its padding", "jwt-auth",
        R"({"key":"k","secret":"YWI","base64_secret":true})", true, "");
    row("4.1 base64 ends at the first =", "jwt-auth",
        R"({"key":"k","secret":"YWI=!","base64_secret":true})", true, "");
    row("4.1 base64 of an impossible length", "jwt-auth",
        R"({"key":"k","secret":"YWJjZ","base64_secret":true})", true,
        failed("jwt-auth", "base64_secret required but the secret is not in base64 format"));
    row("4.1 a public key that is none is kept", "jwt-auth",
        R"({"key":"k","algorithm":"RS256","public_key":"p"})", true, "");
    row("4.1 an armour that holds no key is kept", "jwt-auth",
        R"({"key":"k","algorithm":"ES256","public_key":"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"})",
        true, "");
    row("base64 of a reference is not looked at", "jwt-auth",
        R"({"key":"k","secret":"$env://X","base64_secret":true})", true, "");
    row("J-78 the manual's key", "jwt-auth",
        R"({"key":"k","algorithm":"RS256","public_key":)" + Json(samples::kPublicKeyPem).dump()
            + "}",
        true, "");
    row("J-79 a private key may be there", "jwt-auth",
        R"({"key":"k","secret":"s","private_key":"p"})", true, "");
    row("A-08 neither list", "acl", "{}", false,
        failed("acl",
               "object matches none of the required: [\"allow_labels\"] or [\"deny_labels\"]"));
    row("A-12 code too small", "acl", R"({"deny_labels":{"a":["b"]},"rejected_code":199})", false,
        failed("acl",
               "property \"rejected_code\" validation failed: expected 199 to be at least "
               "200"));
    row("A-22 separator is required", "acl",
        R"({"deny_labels":{"a":["b"]},"external_user_label_field_parser":"segmented_text"})", false,
        failed("acl", "allOf 1 failed: then clause did not match"));
    row("key-auth needs a key", "key-auth", "{}", true,
        failed("key-auth", "property \"key\" is required"));
    row("basic-auth needs a username", "basic-auth", R"({"password":"p"})", true,
        failed("basic-auth", "property \"username\" is required"));
    row("basic-auth needs a password", "basic-auth", R"({"username":"u"})", true,
        failed("basic-auth", "property \"password\" is required"));
    row("basic-auth: a realm without quotes", "basic-auth", R"({"realm":"a\"b"})", false,
        failed("basic-auth",
               "property \"realm\" validation failed: failed to match pattern "
               "\"^[\\\\x20-\\\\x21\\\\x23-\\\\x5b\\\\x5d-\\\\x7e]+$\" with \"a\\\"b\""));
    row("3.3 filter", "key-auth", R"({"_meta":{"filter":[["arg_a","==","b"]]}})", false, "");
    row("3.3 bad filter", "key-auth", R"({"_meta":{"filter":[["arg_a","=","b"]]}})", false,
        "failed to validate the 'vars' expression: invalid operator '='");
}

void tst_PluginTable::checksConfigurations()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, config);
    QFETCH(bool, consumer);
    QFETCH(QByteArray, error);
    Json value = *parseJson(config.toStdString());
    const auto result = checkPluginConfig(name.toStdString(), value, consumer);
    QCOMPARE(result ? std::string() : result.error().detail, error.toStdString());
}

void tst_PluginTable::fillsDefaults()
{
    Json route = Json::object();
    QVERIFY(checkPluginConfig("jwt-auth", route, false).has_value());
    QCOMPARE(route.stringOr("key_claim_name", ""), std::string_view("key"));
    QCOMPARE(route.stringOr("header", ""), std::string_view("authorization"));
    Json login = *parseJson(R"({"key":"k","secret":"s"})");
    QVERIFY(checkPluginConfig("jwt-auth", login, true).has_value());
    QCOMPARE(login.stringOr("algorithm", ""), std::string_view("HS256"));
    // J-78: a missing line break is named
    Json broken = *parseJson(R"({"key":"k","algorithm":"RS256","public_key":)"
                             + Json("-----BEGIN PUBLIC KEY-----" + samples::kPublicKeyBody
                                    + "\n-----END PUBLIC KEY-----")
                                   .dump()
                             + "}");
    const auto refused = checkPluginConfig("jwt-auth", broken, true);
    QVERIFY(!refused);
    QVERIFY2(refused.error().detail.contains("BEGIN"), refused.error().detail.c_str());
}

QTEST_GUILESS_MAIN(tst_PluginTable)
#include "tst_plugin_table.moc"
