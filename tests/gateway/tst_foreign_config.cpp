// SPDX-License-Identifier: Apache-2.0
#include "gateway/convert/foreign_config.h"

#include "core/json/parse.h"

#include <QTest>

#include <algorithm>

using namespace postern;
using namespace postern::gateway;

class tst_ForeignConfig : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsFilesApart_data();
    void tellsFilesApart();
    void readsConsumersOfKong();
    void takesEachKindOfKongLogin_data();
    void takesEachKindOfKongLogin();
    void readsConsumersOfAdc();
    void namesWhatStaysOut();
    void leavesOutNamesThatCannotBe();
    void idsAreUnique();
    void survivesOddValues();

private:
    static Json value(const char *json) { return parseJson(json).value(); }
    static QStringList keys(const ForeignConfig &config)
    {
        QStringList all;
        for (const ObjectChange &object : config.objects)
            all << QString::fromStdString(object.key);
        return all;
    }
};

void tst_ForeignConfig::tellsFilesApart_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("isKong");
    QTest::addColumn<bool>("isAdc");
    QTest::newRow("a format version is Kong's")
        << QByteArray(R"({"_format_version":"3.0","consumers":[]})") << true << false;
    QTest::newRow("a credential with a type is adc's")
        << QByteArray(R"({"consumers":[{"credentials":[{"type":"key-auth"}]}]})") << false << true;
    QTest::newRow("a service with its routes is adc's")
        << QByteArray(R"({"services":[{"name":"s","routes":[]}]})") << false << true;
    QTest::newRow("a credential with an id alone is ours")
        << QByteArray(R"({"consumers":[{"username":"a","credentials":[{"id":"x"}]}]})") << false
        << false;
}

void tst_ForeignConfig::tellsFilesApart()
{
    QFETCH(const QByteArray, json);
    const Json root = value(json.constData());
    QTEST(isKongConfig(root), "isKong");
    QTEST(isAdcConfig(root), "isAdc");
}

void tst_ForeignConfig::readsConsumersOfKong()
{
    const ForeignConfig read = readKongConfig(value(R"({"_format_version":"3.0",
        "consumers":[{"username":"alice","custom_id":"7",
            "keyauth_credentials":[{"key":"k1"},{"key":"k2"}]},{"custom_id":"8"}]})"));
    QCOMPARE(keys(read),
             (QStringList{QStringLiteral("/consumers/alice"),
                          QStringLiteral("/consumers/alice/credentials/cred-alice-key-auth"),
                          QStringLiteral("/consumers/alice/credentials/cred-alice-key-auth-2"),
                          QStringLiteral("/consumers/8")}));
    QCOMPARE(read.objects[0].value.dump(), R"({"username":"alice","labels":{"custom_id":"7"}})");
    QCOMPARE(read.objects[2].value.dump(), R"({"plugins":{"key-auth":{"key":"k2"}}})");
    QVERIFY(read.leftOut.empty());
}

void tst_ForeignConfig::takesEachKindOfKongLogin_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("theirs");
    QTest::addColumn<QByteArray>("ours");
    QTest::newRow("a key") << QByteArray("keyauth_credentials") << QByteArray(R"({"key":"k"})")
                           << QByteArray(R"({"key-auth":{"key":"k"}})");
    QTest::newRow("a password") << QByteArray("basicauth_credentials")
                                << QByteArray(R"({"username":"u","password":"p"})")
                                << QByteArray(R"({"basic-auth":{"username":"u","password":"p"}})");
    QTest::newRow("HMAC's user name is the key id")
        << QByteArray("hmacauth_credentials") << QByteArray(R"({"username":"u","secret":"s"})")
        << QByteArray(R"({"hmac-auth":{"key_id":"u","secret_key":"s"}})");
    QTest::newRow("a JWT key pair, ids and tags aside")
        << QByteArray("jwt_secrets")
        << QByteArray(
               R"({"id":"1","tags":["t"],"key":"i","algorithm":"RS256","rsa_public_key":"P"})")
        << QByteArray(R"({"jwt-auth":{"key":"i","algorithm":"RS256","public_key":"P"}})");
}

void tst_ForeignConfig::takesEachKindOfKongLogin()
{
    QFETCH(const QByteArray, list);
    QFETCH(const QByteArray, theirs);
    Json consumer = Json::object({{"username", "a"}});
    Json logins = Json::array();
    logins.push_back(value(theirs.constData()));
    consumer.set(list.toStdString(), std::move(logins));
    Json consumers = Json::array();
    consumers.push_back(std::move(consumer));
    const ForeignConfig read = readKongConfig(Json::object({{"consumers", std::move(consumers)}}));
    QCOMPARE(read.objects.size(), 2U);
    QTEST(QByteArray::fromStdString(read.objects[1].value.find("plugins")->dump()), "ours");
}

void tst_ForeignConfig::readsConsumersOfAdc()
{
    const ForeignConfig read = readAdcConfig(value(R"({"consumers":[{"username":"alice",
        "description":"d","labels":{"team":"x"},"plugins":{"limit-count":{"count":1}},
        "credentials":[{"name":"one","type":"key-auth","config":{"key":"k1"}},
                       {"type":"basic-auth","config":{"username":"u","password":"p"}}]}]})"));
    QCOMPARE(keys(read),
             (QStringList{QStringLiteral("/consumers/alice"),
                          QStringLiteral("/consumers/alice/credentials/one"),
                          QStringLiteral("/consumers/alice/credentials/cred-alice-basic-auth")}));
    QCOMPARE(
        read.objects[0].value.dump(),
        R"({"username":"alice","desc":"d","labels":{"team":"x"},"plugins":{"limit-count":{"count":1}}})");
    QCOMPARE(read.objects[1].value.dump(), R"({"plugins":{"key-auth":{"key":"k1"}}})");
}

void tst_ForeignConfig::namesWhatStaysOut()
{
    const Json root = value(R"({"_format_version":"3.0","plugins":[{"name":"cors"}],
        "services":[{"name":"s","routes":[{"name":"r"},{"name":"q"}]}],"routes":[{"name":"t"}],
        "consumers":[{"username":"alice","acls":[{"group":"x"}]}]})");
    using What = LeftOut::What;
    const std::vector<LeftOut> expected{{What::Extras, "alice", 1},
                                        {What::Services, "", 1},
                                        {What::Routes, "", 3},
                                        {What::List, "plugins", 1}};
    QVERIFY(readKongConfig(root).leftOut == expected);
}

void tst_ForeignConfig::leavesOutNamesThatCannotBe()
{
    for (const auto read : {readKongConfig, readAdcConfig}) {
        const ForeignConfig config =
            read(value(R"({"consumers":[{"username":"bad name"},{},{"username":"good_name-1"}]})"));
        QCOMPARE(keys(config), QStringList{QStringLiteral("/consumers/good_name-1")});
        QCOMPARE(config.leftOut.size(), 2U);
        QVERIFY(config.leftOut[0] == (LeftOut{LeftOut::What::Consumer, "bad name", 1}));
    }
}

void tst_ForeignConfig::idsAreUnique()
{
    const ForeignConfig read = readAdcConfig(value(R"({"consumers":[{"username":"a","credentials":[
        {"name":"x","type":"key-auth","config":{"key":"1"}},
        {"name":"x","type":"key-auth","config":{"key":"2"}}]}]})"));
    QCOMPARE(
        keys(read),
        (QStringList{QStringLiteral("/consumers/a"), QStringLiteral("/consumers/a/credentials/x"),
                     QStringLiteral("/consumers/a/credentials/x-2")}));
}

void tst_ForeignConfig::survivesOddValues()
{
    for (const char *const json :
         {R"({"consumers":7})", R"({"consumers":["x",null,[1]]})", R"({"services":{"a":1}})",
          R"({"consumers":[{"username":7,"credentials":"x","keyauth_credentials":[3]}]})"}) {
        const Json root = value(json);
        QVERIFY(readKongConfig(root).objects.empty());
        QVERIFY(readAdcConfig(root).objects.empty());
        QVERIFY(!isAdcConfig(root));
    }
}

QTEST_GUILESS_MAIN(tst_ForeignConfig)
#include "tst_foreign_config.moc"
