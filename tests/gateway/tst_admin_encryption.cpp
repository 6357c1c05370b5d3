// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;

// What answers show of secrets: ciphertext after a write, the text itself in a GET. apisix.md 1.3,
// 1.14. The cipher has its own test, core/tst_field_encryption.
class tst_AdminEncryption : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsCiphertextAfterAWrite_data();
    void showsCiphertextAfterAWrite();
    void showsTheTextInGet();
    void patchesTheText();
    void logsInWithTheText();
    void findsDuplicatesAmongTexts();
    void postShowsCiphertext();
    void canBeSwitchedOff();

private:
    static AdminOptions encrypting()
    {
        AdminOptions options = AdminApi::withoutKey();
        options.encryption = std::make_shared<const FieldEncryption>(
            FieldEncryption::make(FieldEncryption::defaultKeyring()).value());
        return options;
    }
    static Json plugin(const AdminReply &reply, std::string_view name)
    {
        const Json body = jsonOf(reply);
        const Json *value = body.find("value");
        const Json *plugins = value ? value->find("plugins") : nullptr;
        const Json *config = plugins ? plugins->find(name) : nullptr;
        return config ? *config : Json();
    }
};

void tst_AdminEncryption::showsCiphertextAfterAWrite_data()
{
    QTest::addColumn<QByteArray>("plugin");
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char *plugin, const char *config, const char *shown) {
        QTest::addRow("1.14 %s", plugin)
            << QByteArray(plugin) << QByteArray(config) << QByteArray(shown);
    };
    row("key-auth", R"({"key":"jack-key"})", R"({"key":"1jhUSuP5Dz3oF/IEiJ1SAg=="})");
    row("basic-auth", R"({"username":"foo","password":"the-password"})",
        R"({"username":"foo","password":"WvF5kpaLvIzjuk4GNIMTJg=="})");
    row("jwt-auth", R"({"key":"the-key","secret":"jack-hs256-secret"})",
        R"({"key":"the-key","secret":"LCbMMGEYdDUPPR/xHKxc1Xa2Erom+2+qTm2YutVHwX4="})");
    row("hmac-auth", R"({"key_id":"the-key","secret_key":"the-key"})",
        R"({"key_id":"the-key","secret_key":"JCX7x1qN5e9kHt0GuJfWpw=="})");
}

void tst_AdminEncryption::showsCiphertextAfterAWrite()
{
    QFETCH(const QByteArray, plugin);
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, shown);
    AdminApi api(encrypting());
    const std::string plugins = R"("plugins":{")" + (plugin + "\":" + config).toStdString() + "}";
    const std::string name = plugin.toStdString();
    const auto check = [&](const char *target, const std::string &body) {
        for (const int status : {201, 200}) {
            const AdminReply reply = api.send("PUT", target, body);
            QCOMPARE(reply.status, status);
            QCOMPARE(QByteArray::fromStdString(this->plugin(reply, name).dump()), shown);
        }
    };
    check("consumers", R"({"username":"jack",)" + plugins + "}");
    QCOMPARE(api.send("PUT", "consumers", R"({"username":"jack"})").status, 200);
    check("consumers/jack/credentials/c", "{" + plugins + "}");
}

void tst_AdminEncryption::showsTheTextInGet()
{
    AdminApi api(encrypting());
    const std::string body = R"({"username":"jack","plugins":{"key-auth":{"key":"jack-key"}}})";
    api.send("PUT", "consumers", body);
    QCOMPARE(plugin(api.send("GET", "consumers/jack"), "key-auth").stringOr("key", ""), "jack-key");
    const Json list = jsonOf(api.send("GET", "consumers"));
    QVERIFY(list.dump().contains("jack-key"));
    // J-61: a reference is shown as such, and encrypted after a write like any other text
    const std::string reference =
        R"({"username":"jill","plugins":{"key-auth":{"key":"$env://JILL"}}})";
    const AdminReply written = api.send("PUT", "consumers", reference);
    QVERIFY(!written.body.contains("$env://"));
    QCOMPARE(plugin(api.send("GET", "consumers/jill"), "key-auth").stringOr("key", ""),
             "$env://JILL");
}

void tst_AdminEncryption::patchesTheText()
{
    AdminApi api(encrypting());
    const std::string group =
        R"({"plugins":{"limit-count":{"count":1,"time_window":60,"key":"remote_addr"}}})";
    QCOMPARE(api.send("PUT", "consumer_groups/g", group).status, 201);
    const std::string patch = R"({"plugins":{"limit-count":{"redis_password":"the-key"}}})";
    const AdminReply patched = api.send("PATCH", "consumer_groups/g", patch);
    QCOMPARE(patched.status, 200);
    QCOMPARE(plugin(patched, "limit-count").stringOr("redis_password", ""),
             "JCX7x1qN5e9kHt0GuJfWpw==");
    const AdminReply again = api.send("PATCH", "consumer_groups/g", R"({"desc":"d"})");
    QCOMPARE(plugin(again, "limit-count").stringOr("redis_password", ""),
             "JCX7x1qN5e9kHt0GuJfWpw==");
    QCOMPARE(
        plugin(api.send("GET", "consumer_groups/g"), "limit-count").stringOr("redis_password", ""),
        "the-key");
}

void tst_AdminEncryption::logsInWithTheText()
{
    AdminApi api(encrypting());
    const std::string body = R"({"username":"jack","plugins":{"key-auth":{"key":"jack-key"}}})";
    api.send("PUT", "consumers", body);
    const PluginSpec *keyAuth = findPlugin("key-auth");
    QVERIFY(api.config.compiler().loginOwner(*keyAuth, "jack-key"));
    QVERIFY(!api.config.compiler().loginOwner(*keyAuth, "1jhUSuP5Dz3oF/IEiJ1SAg=="));
}

void tst_AdminEncryption::findsDuplicatesAmongTexts()
{
    AdminApi api(encrypting());
    const std::string jack = R"({"username":"jack","plugins":{"key-auth":{"key":"jack-key"}}})";
    const std::string jill = R"({"username":"jill","plugins":{"key-auth":{"key":"jack-key"}}})";
    QCOMPARE(api.send("PUT", "consumers", jack).status, 201);
    QCOMPARE(messageOf(api.send("PUT", "consumers", jill)),
             QByteArray("duplicate key of plugin key-auth found with consumer: jack"));
}

void tst_AdminEncryption::postShowsCiphertext()
{
    AdminApi api(encrypting());
    const std::string route = R"({"uri":"/","plugins":{"limit-count":{"count":1,"time_window":60,)"
                              R"("redis_password":"the-key"}}})";
    const AdminReply reply = api.send("POST", "routes", route);
    QCOMPARE(reply.status, 201);
    QCOMPARE(plugin(reply, "limit-count").stringOr("redis_password", ""),
             "JCX7x1qN5e9kHt0GuJfWpw==");
}

void tst_AdminEncryption::canBeSwitchedOff()
{
    AdminApi api;
    const std::string body = R"({"username":"jack","plugins":{"key-auth":{"key":"jack-key"}}})";
    QCOMPARE(plugin(api.send("PUT", "consumers", body), "key-auth").stringOr("key", ""),
             "jack-key");
}

QTEST_GUILESS_MAIN(tst_AdminEncryption)
#include "tst_admin_encryption.moc"
