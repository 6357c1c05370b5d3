// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pipeline_fixture.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

class tst_KeyAuth : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void decides_data();
    void decides();
    void attachesTheConsumer();
    void removesSpoofedHeaders();
    void hidesTheSourceUsed();
    void fallsBackToTheAnonymousConsumer();
    void refusesWhenTheAnonymousConsumerIsMissing();
    void neverTracesTheKey();
    void emptyKeysAreKeys();
    void theLastLoadedOfEqualKeysWins();

private:
    static void configure(PipelineFixture &gateway, std::string_view plugin = "{}");
};

void tst_KeyAuth::configure(PipelineFixture &gateway, std::string_view plugin)
{
    gateway.put("consumers/bob", R"({"username":"bob","plugins":{"key-auth":{"key":"bob-key"}}})");
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},"plugins":{"key-auth":)"
                    + std::string(plugin) + "}}");
}

void tst_KeyAuth::decides_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("header"); // null: not sent
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("reason");
    const QByteArray missing("Missing API key in request"), invalid("Invalid API key in request");
    QTest::newRow("header") << QByteArray("/get") << QByteArray("bob-key") << 200 << QByteArray()
                            << QByteArray();
    QTest::newRow("query") << QByteArray("/get?apikey=bob-key") << QByteArray() << 200
                           << QByteArray() << QByteArray();
    QTest::newRow("query, escaped") << QByteArray("/get?apikey=bob%2Dkey") << QByteArray() << 200
                                    << QByteArray() << QByteArray();
    QTest::newRow("nothing") << QByteArray("/get") << QByteArray() << 401 << missing
                             << QByteArray("credential-missing");
    QTest::newRow("wrong") << QByteArray("/get") << QByteArray("bob-kez") << 401 << invalid
                           << QByteArray("credential-unknown");
    QTest::newRow("empty header") << QByteArray("/get") << QByteArray("") << 401 << invalid
                                  << QByteArray("credential-empty");
    QTest::newRow("the header decides when present")
        << QByteArray("/get?apikey=bob-key") << QByteArray("bad") << 401 << invalid
        << QByteArray("credential-unknown");
    QTest::newRow("repeated argument")
        << QByteArray("/get?apikey=bob-key&apikey=bob-key") << QByteArray() << 401 << invalid
        << QByteArray("credential-repeated");
    QTest::newRow("argument without value") << QByteArray("/get?apikey") << QByteArray() << 401
                                            << invalid << QByteArray("credential-empty");
    QTest::newRow("case-sensitive") << QByteArray("/get") << QByteArray("BOB-KEY") << 401 << invalid
                                    << QByteArray("credential-unknown");
}

void tst_KeyAuth::decides()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, header);
    QFETCH(int, status);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, reason);
    PipelineFixture gateway;
    configure(gateway);
    const std::string value = header.toStdString();
    const int got = header.isNull() ? gateway.get(target.toStdString())
                                    : gateway.get(target.toStdString(), {{"ApiKey", value}});
    QCOMPARE(got, status);
    QCOMPARE(gateway.failure(), reason.toStdString());
    if (status == 401) {
        QCOMPARE(gateway.body(), "{\"message\":\"" + message.toStdString() + "\"}\n");
        QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("apikey realm=\"key\""));
    }
}

void tst_KeyAuth::attachesTheConsumer()
{
    PipelineFixture gateway;
    configure(gateway, R"({"realm":"my place"})");
    gateway.put("consumers/jack", R"({"username":"jack","labels":{"custom_id":"495aec6a"}})");
    gateway.put("consumers/jack/credentials/one", R"({"plugins":{"key-auth":{"key":"jack-key"}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", "jack-key"}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("jack"));
    QCOMPARE(gateway.upstreamHeader("X-Credential-Identifier"), std::string("one"));
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Custom-ID"), std::string("495aec6a"));
    QCOMPARE(gateway.upstreamHeader("apikey"), std::string("jack-key"));
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("apikey realm=\"my place\""));
}

void tst_KeyAuth::removesSpoofedHeaders()
{
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/get",
                         {{"apikey", "bob-key"},
                          {"x-consumer-username", "admin"},
                          {"X-Credential-Identifier", "evil"},
                          {"X-Consumer-Username", "root"},
                          {"X-Consumer-Custom-Id", "evil"}}),
             200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("bob"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Credential-Identifier"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Consumer-Custom-ID"));
    QCOMPARE(gateway.exchange.request.headers.size(), 2U);
}

void tst_KeyAuth::hidesTheSourceUsed()
{
    PipelineFixture gateway;
    configure(gateway, R"({"hide_credentials":true})");
    QCOMPARE(gateway.get("/get?apikey=other&x=1", {{"apikey", "bob-key"}}), 200);
    QVERIFY(!gateway.exchange.request.headers.contains("apikey"));
    QCOMPARE(gateway.exchange.request.target, std::string_view("/get?apikey=other&x=1"));
    QCOMPARE(gateway.get("/get?apikey=bob-key&x=1"), 200);
    QCOMPARE(gateway.exchange.request.target, std::string_view("/get?x=1"));
    QVERIFY(gateway.exchange.request.targetChanged);
}

void tst_KeyAuth::fallsBackToTheAnonymousConsumer()
{
    PipelineFixture gateway;
    configure(gateway, R"({"anonymous_consumer":"guest","hide_credentials":true})");
    gateway.put("consumers/guest", R"({"username":"guest"})");
    QCOMPARE(gateway.get("/get"), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("guest"));
    QCOMPARE(gateway.get("/get?apikey=bad", {{"apikey", "bad"}, {"X-Credential-Identifier", "e"}}),
             200);
    QCOMPARE(gateway.exchange.request.target, std::string_view("/get"));
    QVERIFY(!gateway.exchange.request.headers.contains("apikey"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Credential-Identifier"));
    QCOMPARE(gateway.exchange.credential, nullptr);
    // the trace shows both facts
    QCOMPARE(gateway.steps(),
             std::string("route ok; extract ok; lookup failed credential-unknown; plugin note "
                         "not-authenticated; consumer ok"));
}

void tst_KeyAuth::refusesWhenTheAnonymousConsumerIsMissing()
{
    PipelineFixture gateway;
    configure(gateway, R"({"anonymous_consumer":"guest"})");
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Invalid user authorization\"}\n"));
    QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("apikey realm=\"key\""));
    QCOMPARE(gateway.failure(), std::string("consumer-missing"));
}

void tst_KeyAuth::neverTracesTheKey()
{
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/get", {{"apikey", "bob-key"}}), 200);
    QVERIFY(!gateway.traceHolds("bob-"));
    QCOMPARE(gateway.get("/get", {{"apikey", "secret-of-someone"}}), 401);
    QVERIFY(gateway.traceHolds("sec…"));
    QVERIFY(!gateway.traceHolds("secr"));
    QCOMPARE(gateway.get("/get", {{"apikey", "short"}}), 401);
    QVERIFY(!gateway.traceHolds("sho"));
}

void tst_KeyAuth::emptyKeysAreKeys()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/nil", R"({"username":"nil","plugins":{"key-auth":{"key":""}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", ""}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("nil"));
}

void tst_KeyAuth::theLastLoadedOfEqualKeysWins()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/amy", R"({"username":"amy","plugins":{"key-auth":{"key":"bob-key"}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", "bob-key"}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("amy"));
    gateway.remove("consumers/amy");
    QCOMPARE(gateway.get("/get", {{"apikey", "bob-key"}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("bob"));
}

QTEST_GUILESS_MAIN(tst_KeyAuth)
#include "tst_key_auth.moc"
