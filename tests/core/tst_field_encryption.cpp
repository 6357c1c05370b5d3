// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/store/field_encryption.h"

#include <QTest>

#include <format>

using namespace postern;

namespace {

QByteArray bytes(const std::string &text) { return QByteArray::fromStdString(text); }

} // namespace

// APISIX's encryption of single members. Rows name sections of apisix.md.
class tst_FieldEncryption : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knownAnswers_data();
    void knownAnswers();
    void everyKeyDecrypts();
    void whatFitsNoKeyIsNothing_data();
    void whatFitsNoKeyIsNothing();
    void refusesKeyrings_data();
    void refusesKeyrings();
    void choosesMembers_data();
    void choosesMembers();
    void showsPrivateKeysEncrypted();
    void opensWhatItShowed();

private:
    FieldEncryption m_default = FieldEncryption::make(FieldEncryption::defaultKeyring()).value();
};

void tst_FieldEncryption::knownAnswers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("base64");
    const auto row = [](const char *text, const char *base64) {
        QTest::addRow("1.14 %s", text) << QByteArray(text) << QByteArray(base64);
    };
    row("the-password", "WvF5kpaLvIzjuk4GNIMTJg==");
    row("the-key", "JCX7x1qN5e9kHt0GuJfWpw==");
    row("auth-one", "4y+JvURBE6ZwRbbgaryrhg==");
    row("jack-key", "1jhUSuP5Dz3oF/IEiJ1SAg==");
    row("jack-hs256-secret", "LCbMMGEYdDUPPR/xHKxc1Xa2Erom+2+qTm2YutVHwX4=");
}

void tst_FieldEncryption::knownAnswers()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, base64);
    QCOMPARE(bytes(m_default.encrypt(text.toStdString()).value()), base64);
    QCOMPARE(bytes(m_default.decrypt(base64.toStdString()).value_or("")), text);
}

void tst_FieldEncryption::everyKeyDecrypts()
{
    const std::string longKey(32, 'k');
    const auto first = FieldEncryption::make({longKey, "qeddd145sfvddff3"});
    QVERIFY(first);
    QCOMPARE(first->decrypt("JCX7x1qN5e9kHt0GuJfWpw==").value_or(""), std::string("the-key"));
    const auto encrypted = first->encrypt("the-key");
    QVERIFY(encrypted && *encrypted != "JCX7x1qN5e9kHt0GuJfWpw==");
    QVERIFY(!m_default.decrypt(*encrypted));
    QCOMPARE(first->decrypt(*encrypted).value_or(""), std::string("the-key"));
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string text(size, 'x');
        QCOMPARE(first->decrypt(first->encrypt(text).value()).value_or("none"), text);
    }
}

void tst_FieldEncryption::whatFitsNoKeyIsNothing_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *text) {
        QTest::newRow(name) << QByteArray(text);
    };
    row("1.14 plain text", "jack-key");
    row("1.14 empty", "");
    row("1.14 base64 of another length", "amFjaw==");
    row("1.14 another key's", "AAAAAAAAAAAAAAAAAAAAAA==");
    row("1.14 a reference", "$env://NAME");
    row("1.14 cut short", "WvF5kpaLvIzjuk4GNIMTJg=");
}

void tst_FieldEncryption::whatFitsNoKeyIsNothing()
{
    QFETCH(const QByteArray, text);
    QVERIFY(!m_default.decrypt(text.toStdString()));
}

void tst_FieldEncryption::refusesKeyrings_data()
{
    QTest::addColumn<QList<int>>("sizes");
    QTest::addColumn<bool>("good");
    QTest::newRow("1.14 none") << QList<int>{} << false;
    QTest::newRow("1.14 sixteen") << QList<int>{16} << true;
    QTest::newRow("1.14 thirty-two") << QList<int>{32, 16} << true;
    QTest::newRow("1.14 twenty-four") << QList<int>{24} << false;
    QTest::newRow("1.14 second one short") << QList<int>{16, 15} << false;
}

void tst_FieldEncryption::refusesKeyrings()
{
    QFETCH(const QList<int>, sizes);
    QFETCH(const bool, good);
    std::vector<std::string> keyring;
    for (const int size : sizes)
        keyring.emplace_back(static_cast<std::size_t>(size), 'k');
    QCOMPARE(FieldEncryption::make(keyring).has_value(), good);
}

void tst_FieldEncryption::choosesMembers_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("plugin");
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<bool>("encrypted");
    const auto row = [](const char *key, const char *plugin, const char *member, bool encrypted) {
        QTest::addRow("1.14 %s %s.%s", key, plugin, member)
            << QByteArray(key) << QByteArray(plugin) << QByteArray(member) << encrypted;
    };
    for (const char *key : {"/apisix/consumers/jack", "/apisix/consumers/jack/credentials/c"}) {
        row(key, "key-auth", "key", true);
        row(key, "basic-auth", "password", true);
        row(key, "basic-auth", "username", false);
        row(key, "jwt-auth", "secret", true);
        row(key, "jwt-auth", "key", false);
        row(key, "jwt-auth", "public_key", false);
        row(key, "jwt-auth", "private_key", false);
        row(key, "hmac-auth", "secret_key", true);
        row(key, "hmac-auth", "key_id", false);
        row(key, "jwe-decrypt", "key", true);
        row(key, "jwe-decrypt", "secret", true);
        row(key, "limit-count", "redis_password", true);
    }
    for (const char *key : {"/apisix/routes/1", "/apisix/services/1", "/apisix/global_rules/1",
                            "/apisix/plugin_configs/1", "/apisix/consumer_groups/1"}) {
        row(key, "limit-count", "redis_password", true);
        row(key, "limit-count", "sentinel_password", true);
        row(key, "limit-count", "redis_host", false);
        row(key, "openid-connect", "client_secret", true);
        row(key, "openid-connect", "client_rsa_private_key", true);
        row(key, "authz-keycloak", "client_secret", true);
        row(key, "key-auth", "key", false); // belongs to consumers
    }
}

void tst_FieldEncryption::choosesMembers()
{
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, plugin);
    QFETCH(const QByteArray, member);
    QFETCH(const bool, encrypted);
    const auto document = [&](const char *value) {
        return std::format(R"({{"a": 1,"plugins":{{"{}":{{"{}":"{}"}}}}}})", plugin.toStdString(),
                           member.toStdString(), value);
    };
    const std::string plain = document("the-key");
    const auto shown = m_default.written(key.toStdString(), plain);
    QVERIFY(shown);
    QCOMPARE(bytes(*shown), bytes(encrypted ? document("JCX7x1qN5e9kHt0GuJfWpw==") : plain));
    // a GET shows what was sent
    QCOMPARE(bytes(m_default.shown(key.toStdString(), plain).value()), bytes(plain));
}

void tst_FieldEncryption::showsPrivateKeysEncrypted()
{
    const std::string upstream = R"({"tls":{"client_cert":"---c","client_key":"---k"}})";
    const std::string key = m_default.encrypt("---k").value();
    const std::string expected =
        std::format(R"({{"tls":{{"client_cert":"---c","client_key":"{}"}}}})", key);
    QCOMPARE(bytes(m_default.written("/apisix/upstreams/1", upstream).value()), bytes(expected));
    QCOMPARE(bytes(m_default.shown("/apisix/upstreams/1", upstream).value()), bytes(expected));
    const std::string route = std::format(R"({{"upstream":{}}})", upstream);
    const std::string shownRoute = std::format(R"({{"upstream":{}}})", expected);
    QCOMPARE(bytes(m_default.written("/apisix/routes/1", route).value()), bytes(shownRoute));
    const std::string ssl = R"({"key":"---k","keys":["---k","$env:K"],"cert":"---c"})";
    const std::string shown =
        std::format(R"({{"key":"{0}","keys":["{0}","$env:K"],"cert":"---c"}})", key);
    QCOMPARE(bytes(m_default.written("/apisix/ssls/1", ssl).value()), bytes(shown));
    // secrets managers are shown as they are
    const std::string manager = R"({"token":"---t"})";
    QCOMPARE(bytes(m_default.written("/apisix/secrets/vault/1", manager).value()), bytes(manager));
    const std::string escaped = R"({"plugins":{"key-auth":{"key":"\u0074he-key"}}})";
    QVERIFY(m_default.written("/apisix/consumers/a", escaped)->contains("JCX7x1qN5e9k"));
}

void tst_FieldEncryption::opensWhatItShowed()
{
    const std::string ssl = R"({"key":"---k","keys":["---a","$env://K"],"token":"x"})";
    Json object = parseJson(m_default.written("/apisix/ssls/1", ssl).value()).value();
    m_default.openKeys("ssls", object);
    QCOMPARE(bytes(object.dump()), bytes(ssl));
    m_default.openKeys("ssls", object);
    QCOMPARE(bytes(object.dump()), bytes(ssl));
    Json odd = parseJson(R"({"upstream":{"tls":{"client_key":5}}})").value();
    const Json before = odd;
    m_default.openKeys("routes", odd);
    QCOMPARE(odd, before);
}

QTEST_GUILESS_MAIN(tst_FieldEncryption)
#include "tst_field_encryption.moc"
