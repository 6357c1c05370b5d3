// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/pipeline/explain.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

class tst_ConsumerRestriction : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void decides_data();
    void decides();
    void looksAtEveryType_data();
    void looksAtEveryType();
    void answersAsConfigured_data();
    void answersAsConfigured();
    void needsWhatItLooksAt_data();
    void needsWhatItLooksAt();
    void limitsWhatAConsumerMayReach();
    void anonymousConsumersAreConsumers();
    void checksConfigurations_data();
    void checksConfigurations();
    void explains_data();
    void explains();

private:
    static void configure(PipelineFixture &gateway, std::string_view restriction,
                          std::string_view auth = R"("key-auth":{},)");
};

void tst_ConsumerRestriction::configure(PipelineFixture &gateway, std::string_view restriction,
                                        std::string_view auth)
{
    gateway.put("consumer_groups/people", R"({"plugins":{}})");
    gateway.put("consumers/JohnDoe",
                R"({"username":"JohnDoe","group_id":"people",)"
                R"("plugins":{"key-auth":{"key":"john-key"}}})");
    gateway.put("consumers/FetchBot",
                R"({"username":"FetchBot","plugins":{"key-auth":{"key":"bot-key"}}})");
    gateway.put("services/s1", R"({"upstream":{"nodes":{"127.0.0.1:1":1}}})");
    gateway.put("routes/r1",
                R"({"uri":"/get","service_id":"s1","plugins":{)" + std::string(auth)
                    + R"("consumer-restriction":)" + std::string(restriction) + "}}");
}

void tst_ConsumerRestriction::decides_data()
{
    QTest::addColumn<QByteArray>("restriction");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *restriction, const char *key, int status,
                        const char *method = "GET") {
        QTest::newRow(name) << QByteArray(restriction) << QByteArray(method) << QByteArray(key)
                            << status;
    };
    const char *const white = R"({"whitelist":["JohnDoe"]})";
    const char *const black = R"({"blacklist":["FetchBot"]})";
    const char *const methods = R"({"allowed_by_methods":[{"user":"JohnDoe","methods":["GET"]}]})";
    row("E-15 on the whitelist", white, "john-key", 200);
    row("E-15 not on it", white, "bot-key", 403);
    row("E-16 on the blacklist", black, "bot-key", 403);
    row("E-16 not on it", black, "john-key", 200);
    row("case-sensitive", R"({"blacklist":["fetchbot"]})", "bot-key", 200);
    row("whole names", R"({"whitelist":["JohnDo","JohnDoe2"]})", "john-key", 403);
    row("one of many", R"({"whitelist":["z","y","JohnDoe","a","x"]})", "john-key", 200);
    row("the blacklist comes first", R"({"whitelist":["JohnDoe"],"blacklist":["JohnDoe"]})",
        "john-key", 403);
    row("E-17 a listed method", methods, "john-key", 200);
    row("E-17 another method", methods, "john-key", 403, "POST");
    row("E-17 users not listed may do everything", methods, "bot-key", 200, "POST");
    row("of several rules for one user the first",
        R"({"allowed_by_methods":[{"user":"JohnDoe","methods":["GET"]},)"
        R"({"user":"A","methods":["POST"]},{"user":"JohnDoe","methods":["POST"]}]})",
        "john-key", 403, "POST");
    row("who is on the whitelist may use every method",
        R"({"whitelist":["JohnDoe"],"allowed_by_methods":[{"user":"JohnDoe","methods":["GET"]}]})",
        "john-key", 200, "POST");
    row("who is not stays out, whatever the methods say",
        R"({"whitelist":["JohnDoe"],"allowed_by_methods":[{"user":"FetchBot","methods":["GET"]}]})",
        "bot-key", 403);
    row("not blacklisted: methods count",
        R"({"blacklist":["x"],"allowed_by_methods":[{"user":"FetchBot","methods":["GET"]}]})",
        "bot-key", 403, "PUT");
    row("no rules", R"({"allowed_by_methods":[]})", "bot-key", 200);
    row("a rule without methods allows none", R"({"allowed_by_methods":[{"user":"FetchBot"}]})",
        "bot-key", 403);
}

void tst_ConsumerRestriction::decides()
{
    QFETCH(QByteArray, restriction);
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, key);
    QFETCH(int, status);
    PipelineFixture gateway;
    configure(gateway, restriction.toStdString());
    const std::string sent = key.toStdString();
    const Verdict verdict = gateway.send(method.toStdString(), "/get", {{"apikey", sent}});
    QCOMPARE(verdict == Verdict::Continue ? 200 : gateway.exchange.reply.status, status);
    if (status == 403) {
        QCOMPARE(gateway.body(),
                 std::string("{\"message\":\"The consumer_name is forbidden.\"}\n"));
        QVERIFY(gateway.replyHeader("WWW-Authenticate").empty());
    }
}

void tst_ConsumerRestriction::looksAtEveryType_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("auth");
    const QByteArray key(R"("key-auth":{},)"), none("");
    QTest::newRow("E-18 consumer_name")
        << QByteArray("consumer_name") << QByteArray("JohnDoe") << key;
    QTest::newRow("E-18 consumer_group_id")
        << QByteArray("consumer_group_id") << QByteArray("people") << key;
    QTest::newRow("E-18 service_id, without authentication")
        << QByteArray("service_id") << QByteArray("s1") << none;
    QTest::newRow("E-18 route_id, without authentication")
        << QByteArray("route_id") << QByteArray("r1") << none;
}

void tst_ConsumerRestriction::looksAtEveryType()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, auth);
    const auto with = [&](const char *list, const QByteArray &entry) {
        return QByteArray(R"({"type":")" + type + R"(",")" + list + R"(":[")" + entry + R"("]})")
            .toStdString();
    };
    PipelineFixture gateway;
    configure(gateway, with("whitelist", value), auth.toStdString());
    QCOMPARE(gateway.get("/get", {{"apikey", "john-key"}}), 200);
    configure(gateway, with("whitelist", "other"), auth.toStdString());
    QCOMPARE(gateway.get("/get", {{"apikey", "john-key"}}), 403);
    QCOMPARE(gateway.body(), "{\"message\":\"The " + type.toStdString() + " is forbidden.\"}\n");
    configure(gateway, with("blacklist", value), auth.toStdString());
    QCOMPARE(gateway.get("/get", {{"apikey", "john-key"}}), 403);
}

void tst_ConsumerRestriction::answersAsConfigured_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("E-19 defaults")
        << QByteArray() << 403 << QByteArray("The consumer_name is forbidden.");
    QTest::newRow("E-19 code") << QByteArray(R"(,"rejected_code":401)") << 401
                               << QByteArray("The consumer_name is forbidden.");
    QTest::newRow("E-19 message") << QByteArray(R"(,"rejected_msg":"no")") << 403
                                  << QByteArray("no");
    QTest::newRow("both") << QByteArray(R"(,"rejected_code":200,"rejected_msg":"ok")") << 200
                          << QByteArray("ok");
    QTest::newRow("empty message") << QByteArray(R"(,"rejected_msg":"")") << 403 << QByteArray();
}

void tst_ConsumerRestriction::answersAsConfigured()
{
    QFETCH(QByteArray, more);
    QFETCH(int, status);
    QFETCH(QByteArray, message);
    PipelineFixture gateway;
    configure(gateway, QByteArray(R"({"blacklist":["FetchBot"])" + more + "}").toStdString());
    QVERIFY(gateway.send("GET", "/get", {{"apikey", "bot-key"}}) == Verdict::Respond);
    QCOMPARE(gateway.exchange.reply.status, status);
    QCOMPARE(gateway.body(), "{\"message\":\"" + message.toStdString() + "\"}\n");
}

void tst_ConsumerRestriction::needsWhatItLooksAt_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("E-20 consumer_name") << QByteArray("consumer_name");
    QTest::newRow("E-20 consumer_group_id") << QByteArray("consumer_group_id");
    QTest::newRow("E-20 service_id") << QByteArray("service_id");
}

void tst_ConsumerRestriction::needsWhatItLooksAt()
{
    QFETCH(QByteArray, type);
    PipelineFixture gateway;
    gateway.put("routes/r1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},)"
                R"("plugins":{"consumer-restriction":{"type":")"
                    + type.toStdString()
                    + R"(","blacklist":["x"],"rejected_code":418,"rejected_msg":"never"}}})");
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(),
             "{\"message\":\"The request is rejected, please check the " + type.toStdString()
                 + " for this request\"}\n");
    QCOMPARE(gateway.failure(), std::string("subject-missing"));
}

void tst_ConsumerRestriction::limitsWhatAConsumerMayReach()
{
    PipelineFixture gateway;
    gateway.put("consumers/a",
                R"({"username":"a","plugins":{"key-auth":{"key":"a"},"consumer-restriction":)"
                R"({"type":"route_id","whitelist":["r1"]}}})");
    gateway.put("consumers/b", R"({"username":"b","plugins":{"key-auth":{"key":"b"}}})");
    for (const char *id : {"r1", "r2"})
        gateway.put(std::string("routes/") + id,
                    std::string(R"({"uri":"/)") + id
                        + R"(","upstream":{"nodes":{"127.0.0.1:1":1}},"plugins":{"key-auth":{}}})");
    QCOMPARE(gateway.get("/r1", {{"apikey", "a"}}), 200);
    QCOMPARE(gateway.get("/r2", {{"apikey", "a"}}), 403);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"The route_id is forbidden.\"}\n"));
    QCOMPARE(gateway.get("/r2", {{"apikey", "b"}}), 200);
}

void tst_ConsumerRestriction::anonymousConsumersAreConsumers()
{
    PipelineFixture gateway;
    configure(gateway, R"({"blacklist":["guest"]})",
              R"("key-auth":{"anonymous_consumer":"guest"},)");
    gateway.put("consumers/guest", R"({"username":"guest"})");
    QCOMPARE(gateway.get("/get"), 403);
    QCOMPARE(gateway.get("/get", {{"apikey", "bot-key"}}), 200);
}

void tst_ConsumerRestriction::checksConfigurations_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("error"); // empty: fine
    const auto row = [](const char *name, const char *config, const char *error) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(error);
    };
    row("one list", R"({"blacklist":["a"]})", "");
    row("no list", R"({"type":"route_id"})",
        "object matches none of the required: [\"blacklist\"] or [\"whitelist\"] or "
        "[\"allowed_by_methods\"]");
    row("an empty list", R"({"whitelist":[]})",
        "property \"whitelist\" validation failed: expect array to have at least 1 items");
    row("a number", R"({"whitelist":[1]})",
        "property \"whitelist\" validation failed: failed to validate item 1: wrong type: expected "
        "string, got number");
    row("another type", R"({"type":"label","whitelist":["a"]})",
        "property \"type\" validation failed: matches none of the enum values");
    row("another method", R"({"allowed_by_methods":[{"user":"a","methods":["GET","get"]}]})",
        "property \"allowed_by_methods\" validation failed: failed to validate item 1: property "
        "\"methods\" validation failed: failed to validate item 2: matches none of the enum "
        "values");
    row("no methods", R"({"allowed_by_methods":[{"user":"a","methods":[]}]})",
        "property \"allowed_by_methods\" validation failed: failed to validate item 1: property "
        "\"methods\" validation failed: expect array to have at least 1 items");
    row("a small code", R"({"whitelist":["a"],"rejected_code":199})",
        "property \"rejected_code\" validation failed: expected 199 to be at least 200");
}

void tst_ConsumerRestriction::checksConfigurations()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, error);
    Json value = *parseJson(config.toStdString());
    const auto result = checkPluginConfig("consumer-restriction", value, false);
    const std::string prefix =
        "failed to check the configuration of plugin consumer-restriction err: ";
    QCOMPARE(result ? std::string() : result.error().detail,
             error.isEmpty() ? std::string() : prefix + error.toStdString());
}

void tst_ConsumerRestriction::explains_data()
{
    QTest::addColumn<QByteArray>("restriction");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("fix"); // a part of it
    QTest::newRow("blacklist") << QByteArray(R"({"blacklist":["FetchBot"]})")
                               << QByteArray("consumer_name \"FetchBot\" is on the blacklist")
                               << QByteArray("off the blacklist");
    QTest::newRow("whitelist") << QByteArray(R"({"whitelist":["x"]})")
                               << QByteArray("consumer_name \"FetchBot\" is not on the whitelist")
                               << QByteArray("on the whitelist");
    QTest::newRow("method") << QByteArray(
        R"({"allowed_by_methods":[{"user":"FetchBot","methods":["PUT"]}]})")
                            << QByteArray("consumer_name \"FetchBot\" may not use this method")
                            << QByteArray("allowed_by_methods");
    QTest::newRow("group") << QByteArray(R"({"type":"consumer_group_id","whitelist":["x"]})")
                           << QByteArray("the request has no consumer_group_id")
                           << QByteArray("group_id");
}

void tst_ConsumerRestriction::explains()
{
    QFETCH(QByteArray, restriction);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, fix);
    PipelineFixture gateway;
    configure(gateway, restriction.toStdString());
    gateway.get("/get", {{"apikey", "bot-key"}});
    const Json trace = traceToJson(gateway.exchange.trace, *gateway.snapshot, {}, {});
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("denied"));
    QCOMPARE(std::string(trace.find("steps")->items().back().stringOr("text", "")),
             text.toStdString());
    const std::string fixes = trace.find("fix")->dump();
    QVERIFY2(fixes.contains(fix.toStdString()), fixes.c_str());
}

QTEST_GUILESS_MAIN(tst_ConsumerRestriction)
#include "tst_consumer_restriction.moc"
