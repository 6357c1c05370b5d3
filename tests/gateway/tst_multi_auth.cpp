// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "gateway/pipeline/explain.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

namespace {

constexpr std::string_view kAll =
    R"({"auth_plugins":[{"basic-auth":{}},{"key-auth":{"query":"apikey"}},{"jwt-auth":{}},{"hmac-auth":{}}]})";

} // namespace

class tst_MultiAuth : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneIsEnough_data();
    void oneIsEnough();
    void refusesWhenAllDo();
    void triesInOrder();
    void keepsTheLastChallenge_data();
    void keepsTheLastChallenge();
    void anonymousInsideAnEntryAlwaysSucceeds();
    void anUnknownAnonymousConsumerIsAFailure();
    void usesTheEntrysConfiguration();
    void isNobodysLogin();
    void severalPluginsOnARouteAreAnd();
    void checksConfigurations_data();
    void checksConfigurations();
    void fillsInTheEntrysDefaults();
    void explains();

private:
    static void configure(PipelineFixture &gateway, std::string_view multi = kAll);
};

void tst_MultiAuth::configure(PipelineFixture &gateway, std::string_view multi)
{
    gateway.put(
        "consumers/foo",
        R"({"username":"foo","plugins":{"basic-auth":{"username":"foo","password":"bar"}}})");
    gateway.put("consumers/kim", R"({"username":"kim"})");
    gateway.put("consumers/kim/credentials/c", R"({"plugins":{"key-auth":{"key":"kim-key"}}})");
    gateway.put("consumers/jon",
                R"({"username":"jon","plugins":{"jwt-auth":{"key":"jon-key","secret":"s"}}})");
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},"plugins":{"multi-auth":)"
                    + std::string(multi) + "}}");
}

void tst_MultiAuth::oneIsEnough_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("consumer");
    QTest::newRow("basic-auth") << QByteArray("Authorization") << QByteArray("Basic Zm9vOmJhcg==")
                                << QByteArray("foo");
    QTest::newRow("key-auth, a credential")
        << QByteArray("apikey") << QByteArray("kim-key") << QByteArray("kim");
    QTest::newRow("jwt-auth") << QByteArray("Authorization")
                              << QByteArray::fromStdString(mintHs256(R"({"key":"jon-key"})", "s"))
                              << QByteArray("jon");
}

void tst_MultiAuth::oneIsEnough()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, consumer);
    PipelineFixture gateway;
    configure(gateway);
    const std::string header = name.toStdString(), text = value.toStdString();
    QCOMPARE(gateway.get("/get", {{header, text}, {"X-Consumer-Username", "root"}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), consumer.toStdString());
    QCOMPARE(gateway.upstreamHeader("X-Credential-Identifier"),
             std::string(consumer == "kim" ? "c" : ""));
}

void tst_MultiAuth::refusesWhenAllDo()
{
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Authorization Failed\"}\n"));
    QCOMPARE(gateway.failure(), std::string("no-login-fits"));
    QCOMPARE(gateway.steps(),
             std::string("route ok; extract failed credential-missing; extract failed "
                         "credential-missing; extract failed credential-missing; extract failed "
                         "credential-missing; plugin failed no-login-fits"));
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJheg=="}, {"apikey", "x"}}), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Authorization Failed\"}\n"));
    QCOMPARE(gateway.exchange.consumer, nullptr);
    QVERIFY(!gateway.exchange.request.headers.contains("X-Consumer-Username"));
}

void tst_MultiAuth::triesInOrder()
{
    // both are right: the first one's consumer is attached, the other is not tried
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}, {"apikey", "kim-key"}}),
             200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("foo"));
    QVERIFY(gateway.replyHeader("WWW-Authenticate").empty());
    configure(gateway, R"({"auth_plugins":[{"key-auth":{}},{"basic-auth":{}}]})");
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}, {"apikey", "kim-key"}}),
             200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("kim"));
    // several members in one entry
    configure(gateway, R"({"auth_plugins":[{"key-auth":{},"basic-auth":{}},{"jwt-auth":{}}]})");
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("foo"));
}

void tst_MultiAuth::keepsTheLastChallenge_data()
{
    QTest::addColumn<QByteArray>("multi");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("challenge"); // empty: none
    QTest::newRow("[Q] of the last failing plugin")
        << QByteArray(R"({"auth_plugins":[{"jwt-auth":{}},{"basic-auth":{"realm":"r"}}]})") << 401
        << QByteArray("Basic realm=\"r\"");
    QTest::newRow("[Q] on success, too, of one that failed before")
        << QByteArray(R"({"auth_plugins":[{"basic-auth":{}},{"key-auth":{}}]})") << 200
        << QByteArray("Basic realm=\"basic\"");
    QTest::newRow("none when the first one succeeds")
        << QByteArray(R"({"auth_plugins":[{"key-auth":{}},{"basic-auth":{}}]})") << 200
        << QByteArray();
}

void tst_MultiAuth::keepsTheLastChallenge()
{
    QFETCH(QByteArray, multi);
    QFETCH(int, status);
    QFETCH(QByteArray, challenge);
    PipelineFixture gateway;
    configure(gateway, multi.toStdString());
    QCOMPARE(gateway.get("/get", {{"apikey", "kim-key"}}), status);
    ResponseHead head;
    head.status = status;
    if (status == 401)
        head.headers = gateway.exchange.reply.headers; // as the gateway's own answers begin
    filterResponse(gateway.exchange, head);
    QCOMPARE(head.headers.size(), challenge.isEmpty() ? 0U : 1U);
    QCOMPARE(std::string(head.headers.value("WWW-Authenticate")), challenge.toStdString());
}

void tst_MultiAuth::anonymousInsideAnEntryAlwaysSucceeds()
{
    PipelineFixture gateway;
    configure(gateway,
              R"({"auth_plugins":[{"basic-auth":{}},{"key-auth":{"anonymous_consumer":"guest"}},)"
              R"({"jwt-auth":{}}]})");
    gateway.put("consumers/guest", R"({"username":"guest"})");
    QCOMPARE(gateway.get("/get"), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("guest"));
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("foo"));
}

void tst_MultiAuth::anUnknownAnonymousConsumerIsAFailure()
{
    PipelineFixture gateway;
    configure(
        gateway,
        R"({"auth_plugins":[{"key-auth":{"anonymous_consumer":"guest"}},{"basic-auth":{}}]})");
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Authorization Failed\"}\n"));
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}}), 200);
}

void tst_MultiAuth::usesTheEntrysConfiguration()
{
    PipelineFixture gateway;
    configure(gateway,
              R"({"auth_plugins":[{"basic-auth":{}},)"
              R"({"key-auth":{"header":"X-Key","hide_credentials":true}}]})");
    QCOMPARE(gateway.get("/get", {{"apikey", "kim-key"}}), 401);
    QCOMPARE(gateway.get("/get", {{"X-Key", "kim-key"}}), 200);
    QVERIFY(!gateway.exchange.request.headers.contains("X-Key"));
}

void tst_MultiAuth::isNobodysLogin()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/kim/credentials/m",
                R"({"plugins":{"multi-auth":{"auth_plugins":[{"key-auth":{}},{"jwt-auth":{}}]}}})");
    gateway.put("consumers/foo",
                R"({"username":"foo","plugins":{"basic-auth":{"username":"foo","password":"bar"},)"
                R"("multi-auth":{"auth_plugins":[{"key-auth":{}},{"jwt-auth":{}}]}}})");
    QVERIFY(gateway.compiler.problems().empty());
    QCOMPARE(gateway.get("/get", {{"apikey", "kim-key"}}), 200);
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}}), 200);
}

void tst_MultiAuth::severalPluginsOnARouteAreAnd()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},)"
                R"("plugins":{"key-auth":{},"basic-auth":{}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", "kim-key"}}), 401);
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}}), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Missing API key in request\"}\n"));
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}, {"apikey", "kim-key"}}),
             200);
    // E-22: the last one to attach wins
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("kim"));
}

void tst_MultiAuth::checksConfigurations_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("error"); // empty: fine
    const auto row = [](const char *name, const char *config, const char *error) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(error);
    };
    row("two", R"({"auth_plugins":[{"basic-auth":{}},{"key-auth":{}}]})", "");
    row("multi-auth itself is of type auth",
        R"({"auth_plugins":[{"key-auth":{}},{"multi-auth":{"auth_plugins":[{"key-auth":{}},{"jwt-auth":{}}]}}]})",
        "");
    row("required", "{}", "property \"auth_plugins\" is required");
    row("at least two", R"({"auth_plugins":[{"key-auth":{}}]})",
        "property \"auth_plugins\" validation failed: expect array to have at least 2 items");
    row("unknown", R"({"auth_plugins":[{"key-auth":{}},{"none-auth":{}}]})",
        "none-auth plugin did not found");
    row("not of type auth",
        R"({"auth_plugins":[{"acl":{"allow_labels":{"a":["b"]}}},{"key-auth":{}}]})",
        "acl plugin is not supported");
    row("their own checks", R"({"auth_plugins":[{"key-auth":{}},{"hmac-auth":{"clock_skew":0}}]})",
        "plugin hmac-auth check schema failed: property \"clock_skew\" validation failed: expected "
        "0 to be at least 1");
}

void tst_MultiAuth::checksConfigurations()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, error);
    Json value = *parseJson(config.toStdString());
    const auto result = checkPluginConfig("multi-auth", value, false);
    const std::string prefix = "failed to check the configuration of plugin multi-auth err: ";
    QCOMPARE(result ? std::string() : result.error().detail,
             error.isEmpty() ? std::string() : prefix + error.toStdString());
}

void tst_MultiAuth::fillsInTheEntrysDefaults()
{
    Json value = *parseJson(R"({"auth_plugins":[{"basic-auth":{}},{"key-auth":{"header":"k"}}]})");
    QVERIFY(checkPluginConfig("multi-auth", value, false).has_value());
    const Json &entries = *value.find("auth_plugins");
    QCOMPARE(entries.items()[0].find("basic-auth")->stringOr("realm", ""),
             std::string_view("basic"));
    QCOMPARE(entries.items()[1].find("key-auth")->stringOr("header", ""), std::string_view("k"));
    QCOMPARE(entries.items()[1].find("key-auth")->stringOr("query", ""),
             std::string_view("apikey"));
}

void tst_MultiAuth::explains()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.get("/get", {{"apikey", "kim-kez"}});
    Json trace = traceToJson(gateway.exchange.trace, *gateway.snapshot, {}, {});
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("denied"));
    QCOMPARE(trace.stringOr("reason", ""), std::string_view("no-login-fits"));
    QCOMPARE(std::string(trace.find("steps")->items().back().stringOr("text", "")),
             std::string("none of basic-auth, key-auth, jwt-auth, hmac-auth accepted the request"));
    QVERIFY(trace.find("fix")->dump().contains("send what one of them accepts"));
    gateway.get("/get", {{"apikey", "kim-key"}});
    trace = traceToJson(gateway.exchange.trace, *gateway.snapshot, {}, {});
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("allowed"));
}

QTEST_GUILESS_MAIN(tst_MultiAuth)
#include "tst_multi_auth.moc"
