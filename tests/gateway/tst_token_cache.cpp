// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/token_cache.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

namespace {

const Key &signingKey()
{
    static const Key key = *Key::generate(Alg::ES256);
    return key;
}

std::string credential(const Key &key = signingKey())
{
    return R"({"plugins":{"jwt-auth":{"key":"jack-key","algorithm":"ES256","public_key":)"
        + jsonText(*key.toPem(false)) + "}}}";
}

std::string route(std::string_view uri)
{
    return std::format(R"({{"uri":"{}","upstream":{{"nodes":{{"127.0.0.1:1":1}}}},)"
                       R"("plugins":{{"jwt-auth":{{}}}}}})",
                       uri);
}

std::string token(std::string_view more = {})
{
    return mint(R"({"alg":"ES256"})", std::format(R"({{"key":"jack-key"{}}})", more), Alg::ES256,
                signingKey());
}

void configure(PipelineFixture &gateway)
{
    gateway.put("consumers/jack", R"({"username":"jack"})");
    gateway.put("consumers/jack/credentials/one", credential());
    gateway.put("routes/1", route("/get"));
    gateway.put("routes/2", route("/other"));
}

} // namespace

/// The seven conditions under which remembering a verified token is safe.
class tst_TokenCache : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void remembersOnlyWhatFitted();
    void coversEveryByteAndTheRoute();
    void checksClaimsEveryTime();
    void missesAfterAnyChange_data();
    void missesAfterAnyChange();
    void removedCredentialsFailAtOnce();
    void isBoundedInNumberAndAge();
    void keepsDigestsOnly();
    void canBeSwitchedOff();
    void leavesHmacAlone();
};

// 1: never a refused token, never before everything was accepted
void tst_TokenCache::remembersOnlyWhatFitted()
{
    PipelineFixture gateway;
    configure(gateway);
    const std::string expired = token(",\"exp\":1");
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(gateway.get("/get", {{"Authorization", expired}}), 401);
        QVERIFY(!gateway.traceHolds("from cache"));
    }
    const Key other = *Key::generate(Alg::ES256);
    const std::string forged =
        mint(R"({"alg":"ES256"})", R"({"key":"jack-key"})", Alg::ES256, other);
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(gateway.get("/get", {{"Authorization", forged}}), 401);
        QCOMPARE(gateway.failure(), std::string("signature"));
    }
}

// 2: the whole token and the configuration it was verified under
void tst_TokenCache::coversEveryByteAndTheRoute()
{
    PipelineFixture gateway;
    configure(gateway);
    std::string jwt = token();
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    QVERIFY(!gateway.traceHolds("from cache"));
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    QVERIFY(gateway.traceHolds("from cache"));
    QCOMPARE(gateway.get("/other", {{"Authorization", jwt}}), 200);
    QVERIFY(!gateway.traceHolds("from cache"));
    char &last = jwt[jwt.size() - 8];
    last = last == 'A' ? 'B' : 'A';
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 401);
}

// 3: only the signature is remembered
void tst_TokenCache::checksClaimsEveryTime()
{
    PipelineFixture gateway;
    configure(gateway);
    const std::string jwt = token(std::format(",\"exp\":{}", gateway.now + 10));
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    gateway.setTime(gateway.now + 9);
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    QVERIFY(gateway.traceHolds("from cache"));
    gateway.setTime(gateway.now + 1);
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 401);
    QCOMPARE(gateway.failure(), std::string("expired"));
}

void tst_TokenCache::missesAfterAnyChange_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("document");
    QTest::newRow("consumer") << QByteArray("consumers/jack")
                              << QByteArray(R"({"username":"jack","labels":{"a":"b"}})");
    QTest::newRow("credential") << QByteArray("consumers/jack/credentials/one")
                                << QByteArray::fromStdString(credential());
    QTest::newRow("plugin configuration")
        << QByteArray("routes/1") << QByteArray::fromStdString(route("/get"));
}

// 4: consumer, credential and plugin configuration, whatever changed
void tst_TokenCache::missesAfterAnyChange()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, document);
    PipelineFixture gateway;
    configure(gateway);
    const std::string jwt = token();
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    QVERIFY(gateway.traceHolds("from cache"));
    gateway.put(path.toStdString(), document.toStdString());
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    QVERIFY(!gateway.traceHolds("from cache"));
}

// 4: another key under the same name, and no key at all
void tst_TokenCache::removedCredentialsFailAtOnce()
{
    PipelineFixture gateway;
    configure(gateway);
    const std::string jwt = token();
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    gateway.put("consumers/jack/credentials/one", credential(*Key::generate(Alg::ES256)));
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 401);
    gateway.put("consumers/jack/credentials/one", credential());
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    gateway.remove("consumers/jack/credentials/one");
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 401);
    QCOMPARE(gateway.failure(), std::string("credential-unknown"));
}

// 5: entries and age
void tst_TokenCache::isBoundedInNumberAndAge()
{
    TokenCache cache;
    const TokenCache::Scope scope{1, 2, 3};
    for (std::size_t i = 0; i < 3 * TokenCache::kEntries; ++i)
        cache.insert(*TokenCache::digest(std::to_string(i)), scope, 1000, std::nullopt);
    QVERIFY(cache.size() <= TokenCache::kEntries);
    QVERIFY(cache.size() > TokenCache::kEntries / 2);

    const auto digest = *TokenCache::digest("token");
    cache.insert(digest, scope, 1000, std::nullopt);
    QVERIFY(cache.contains(digest, scope, 1000));
    QVERIFY(cache.contains(digest, scope, 1000 + TokenCache::kMaxAge - 1));
    QVERIFY(!cache.contains(digest, scope, 1000 + TokenCache::kMaxAge));
    QVERIFY(!cache.contains(digest, scope, 999)); // the clock was set back
    cache.insert(digest, scope, 1000, 1010);
    QVERIFY(cache.contains(digest, scope, 1009));
    QVERIFY(!cache.contains(digest, scope, 1010));
    const auto late = *TokenCache::digest("late");
    cache.insert(late, scope, 1000, 1000);
    QVERIFY(!cache.contains(late, scope, 999));
}

// 6: hashes, compared in full and with their scope
void tst_TokenCache::keepsDigestsOnly()
{
    TokenCache cache;
    const auto digest = *TokenCache::digest("token");
    QCOMPARE(digest.size(), 32U);
    cache.insert(digest, {1, 2, 3}, 1000, std::nullopt);
    QVERIFY(!cache.contains(digest, {9, 2, 3}, 1000));
    QVERIFY(!cache.contains(digest, {1, 9, 3}, 1000));
    QVERIFY(!cache.contains(digest, {1, 2, 9}, 1000));
    auto near = digest;
    near.back() = static_cast<unsigned char>(near.back() ^ 1U);
    QVERIFY(!cache.contains(near, {1, 2, 3}, 1000));
}

// 7: off by configuration, and shown in the trace when on
void tst_TokenCache::canBeSwitchedOff()
{
    PluginEnv env;
    env.tokenCache = false;
    PipelineFixture gateway(env);
    configure(gateway);
    const std::string jwt = token();
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
        QVERIFY(!gateway.traceHolds("from cache"));
    }
}

void tst_TokenCache::leavesHmacAlone()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/jack/credentials/one",
                R"({"plugins":{"jwt-auth":{"key":"jack-key","secret":"s"}}})");
    const std::string jwt = mintHs256(R"({"key":"jack-key"})", "s");
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
        QVERIFY(!gateway.traceHolds("from cache"));
    }
}

QTEST_GUILESS_MAIN(tst_TokenCache)
#include "tst_token_cache.moc"
