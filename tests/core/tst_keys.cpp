// SPDX-License-Identifier: Apache-2.0
#include "core/model/keys.h"
#include "core/model/secret_members.h"
#include "core/text/pattern.h"
#include "core/text/suggest.h"

#include "../support/cpu_timer.h"

#include <QTest>

#include <array>

using namespace postern;

class tst_Keys : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesKeysApartAndBuildsThem_data();
    void takesKeysApartAndBuildsThem();
    void refusesOtherKeys();
    void givesApisixIds();
    void givesPrefixes();
    void matchesAndSplitsPatterns();
    void boundsPatterns();
    void suggestsWords();
    void knowsSecretMembers();
};

void tst_Keys::takesKeysApartAndBuildsThem_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("parts");
    QTest::newRow("route") << QByteArray("/apisix/routes/1") << QByteArray("routes||1");
    QTest::newRow("consumer") << QByteArray("/apisix/consumers/jack")
                              << QByteArray("consumers||jack");
    QTest::newRow("credential") << QByteArray("/apisix/consumers/jack/credentials/x")
                                << QByteArray("credentials|jack|x");
    QTest::newRow("secret") << QByteArray("/apisix/secrets/vault/1")
                            << QByteArray("secrets|vault|1");
    QTest::newRow("metadata") << QByteArray("/apisix/plugin_metadata/jwt-auth")
                              << QByteArray("plugin_metadata||jwt-auth");
}

void tst_Keys::takesKeysApartAndBuildsThem()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, parts);
    const std::string text = key.toStdString();
    const auto parsed = parseStorageKey(text);
    QVERIFY(parsed);
    std::string joined(parsed->kind);
    joined.append("|").append(parsed->parent).append("|").append(parsed->id);
    QCOMPARE(joined, parts.toStdString());
    QCOMPARE(buildStorageKey(*parsed), text);
}

void tst_Keys::refusesOtherKeys()
{
    for (const char *key :
         {"", "/", "/apisix", "/apisix/", "/apisix/routes", "/apisix/routes/", "/kong/routes/1",
          "/apisix/routes/a/b", "/apisix/consumers/a/b", "/apisix/consumers/a/credentials/",
          "/apisix/consumers//credentials/x", "/apisix/secrets/vault", "/apisix/secrets/vault/",
          "/apisix//1", "/apisix/consumers/a/credentials/b/c"})
        QVERIFY2(!parseStorageKey(key), key);
}

void tst_Keys::givesApisixIds()
{
    QCOMPARE(std::string(storageId("/apisix/routes/1")), std::string("1"));
    QCOMPARE(std::string(storageId("/apisix/consumers/jack/credentials/x")),
             std::string("jack/credentials/x"));
    QCOMPARE(std::string(storageId("/apisix/secrets/vault/1")), std::string("vault/1"));
}

void tst_Keys::givesPrefixes()
{
    QCOMPARE(storagePrefix("routes"), std::string("/apisix/routes/"));
    QCOMPARE(storagePrefix("credentials"), std::string("/apisix/consumers/"));
    QCOMPARE(storagePrefix("credentials", "jack"),
             std::string("/apisix/consumers/jack/credentials/"));
    QCOMPARE(storagePrefix("secrets", "vault"), std::string("/apisix/secrets/vault/"));
}

void tst_Keys::matchesAndSplitsPatterns()
{
    QVERIFY(Pattern::compile("^a+$")->matches("aaa"));
    QVERIFY(!Pattern::compile("^a+$")->matches("aAa"));
    QVERIFY(Pattern::compile("^a+$", Pattern::Option::CaseInsensitive)->matches("aAa"));
    QVERIFY(Pattern::compile("^.$", Pattern::Option::Utf8)->matches("\xC3\xA4"));
    QVERIFY(!Pattern::compile("^.$")->matches("\xC3\xA4"));
    QVERIFY(Pattern::compile("x*")->matches({}));
    using Parts = std::vector<std::string>;
    QVERIFY(*Pattern::compile(",")->split("a,b,") == (Parts{"a", "b", ""}));
    QVERIFY(*Pattern::compile("(,)")->split("a,b") == (Parts{"a", ",", "b"}));
    QVERIFY(*Pattern::compile(",*")->split("ab") == (Parts{"ab"}));
    QVERIFY(*Pattern::compile(",")->split("") == (Parts{""}));
    const auto broken = Pattern::compile("a(");
    QCOMPARE(broken.error().code, Errc::InvalidArgument);
    QVERIFY(broken.error().detail.contains("offset 2"));
}

void tst_Keys::boundsPatterns()
{
    CpuTimer timer;
    timer.start();
    QVERIFY(!Pattern::compile("^(a+)+$")->matches(std::string(5'000, 'a') + "b"));
    QVERIFY(timer.elapsed() < 5'000);
}

void tst_Keys::suggestsWords()
{
    constexpr std::array<std::string_view, 4> words{"jwt-auth", "key-auth", "acl", "cors"};
    QCOMPARE(std::string(closestWord("jwt-atuh", words)), std::string("jwt-auth"));
    QCOMPARE(std::string(closestWord("kye-auth", words)), std::string("key-auth"));
    QCOMPARE(std::string(closestWord("acll", words)), std::string("acl"));
    QCOMPARE(std::string(closestWord("x", words)), std::string());
    QCOMPARE(std::string(closestWord("prometheus", words)), std::string());
    QCOMPARE(didYouMean("cros", words), std::string("; did you mean \"cors\"?"));
    QCOMPARE(didYouMean(std::string(1'000, 'a'), words), std::string());
}

void tst_Keys::knowsSecretMembers()
{
    QCOMPARE(secretMembers("key-auth").size(), 1U);
    QCOMPARE(std::string(secretMembers("hmac-auth").front()), std::string("secret_key"));
    QVERIFY(secretMembers("cors").empty());
    for (const std::string_view plugin : pluginsWithSecrets())
        QVERIFY(!secretMembers(plugin).empty());
}

QTEST_GUILESS_MAIN(tst_Keys)
#include "tst_keys.moc"
