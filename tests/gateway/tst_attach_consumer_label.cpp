// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

class tst_AttachConsumerLabel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void setsOrRemoves_data();
    void setsOrRemoves();
    void removesTheClientsWithoutAConsumer();
    void ignoresTheCredentialsLabels();
    void runsBehindTheAccessPhase();
    void checksConfigurations_data();
    void checksConfigurations();

private:
    static void configure(PipelineFixture &gateway, std::string_view headers);
};

void tst_AttachConsumerLabel::configure(PipelineFixture &gateway, std::string_view headers)
{
    gateway.put("consumers/jack",
                R"({"username":"jack","labels":{"role":"admin","team":"a,b"},)"
                R"("plugins":{"key-auth":{"key":"k"}}})");
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},)"
                R"("plugins":{"key-auth":{"anonymous_consumer":"guest"},)"
                R"("attach-consumer-label":{"headers":)"
                    + std::string(headers) + "}}}");
    gateway.put("consumers/guest", R"({"username":"guest"})");
}

void tst_AttachConsumerLabel::setsOrRemoves_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("sent"); // a spoofed X-Consumer-Role; null: none
    QTest::addColumn<QByteArray>("value"); // null: absent
    const QByteArray role(R"({"X-Consumer-Role":"$role"})"), none(R"({"X-Consumer-Role":"$none"})");
    QTest::newRow("J-88 the label's value")
        << role << QByteArray("k") << QByteArray() << QByteArray("admin");
    QTest::newRow("J-88 in place of the client's")
        << role << QByteArray("k") << QByteArray("root") << QByteArray("admin");
    QTest::newRow("J-89 no such label") << none << QByteArray("k") << QByteArray() << QByteArray();
    QTest::newRow("J-89 the client's copy goes")
        << none << QByteArray("k") << QByteArray("root") << QByteArray();
    QTest::newRow("a consumer without labels")
        << role << QByteArray("x") << QByteArray("root") << QByteArray();
    QTest::newRow("as it is written") << QByteArray(R"({"X-Consumer-Role":"$team"})")
                                      << QByteArray("k") << QByteArray() << QByteArray("a,b");
    QTest::newRow("the name behind the dollar sign is taken as it is")
        << QByteArray(R"({"X-Consumer-Role":"$$role"})") << QByteArray("k") << QByteArray("root")
        << QByteArray();
    QTest::newRow("names of headers in any case")
        << QByteArray(R"({"x-CONSUMER-role":"$role"})") << QByteArray("k") << QByteArray("root")
        << QByteArray("admin");
}

void tst_AttachConsumerLabel::setsOrRemoves()
{
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, value);
    PipelineFixture gateway;
    configure(gateway, headers.toStdString());
    const std::string apikey = key.toStdString(), spoofed = sent.toStdString();
    const int status = sent.isNull()
        ? gateway.get("/get", {{"apikey", apikey}})
        : gateway.get("/get",
                      {{"apikey", apikey}, {"X-Consumer-Role", spoofed}, {"x-consumer-role", "2"}});
    QCOMPARE(status, 200);
    QCOMPARE(gateway.exchange.request.headers.contains("X-Consumer-Role"), !value.isNull());
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Role"), value.toStdString());
}

void tst_AttachConsumerLabel::removesTheClientsWithoutAConsumer()
{
    PipelineFixture gateway;
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},"plugins":)"
                R"({"attach-consumer-label":{"headers":{"X-Role":"$role","X-Team":"$team"}}}})");
    QCOMPARE(gateway.get("/get", {{"X-Role", "root"}, {"X-Other", "1"}}), 200);
    QCOMPARE(gateway.exchange.request.headers.size(), 1U);
}

void tst_AttachConsumerLabel::ignoresTheCredentialsLabels()
{
    PipelineFixture gateway;
    configure(gateway, R"({"X-Role":"$only"})");
    gateway.put("consumers/jack/credentials/c",
                R"({"labels":{"only":"here"},"plugins":{"key-auth":{"key":"k2"}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", "k2"}}), 200);
    QVERIFY(!gateway.exchange.request.headers.contains("X-Role"));
}

void tst_AttachConsumerLabel::runsBehindTheAccessPhase()
{
    // a consumer's own configuration takes the place of the route's
    PipelineFixture gateway;
    configure(gateway, R"({"X-Role":"$role"})");
    gateway.put("consumers/jack",
                R"({"username":"jack","labels":{"role":"admin"},"plugins":{"key-auth":{"key":"k"},)"
                R"("attach-consumer-label":{"headers":{"X-Own":"$role"}}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", "k"}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Own"), std::string("admin"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Role"));
}

void tst_AttachConsumerLabel::checksConfigurations_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("error"); // empty: fine
    const auto row = [](const char *name, const char *config, const char *error) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(error);
    };
    row("fine", R"({"headers":{"X-A":"$a"}})", "");
    row("required", "{}", "property \"headers\" is required");
    row("at least one", R"({"headers":{}})",
        "property \"headers\" validation failed: expect object to have at least 1 properties");
    row("with a dollar sign", R"({"headers":{"X-A":"a"}})",
        "property \"headers\" validation failed: failed to validate additional property X-A: "
        "failed to match pattern \"^\\\\$.*\" with \"a\"");
    row("a text", R"({"headers":{"X-A":1}})",
        "property \"headers\" validation failed: failed to validate additional property X-A: wrong "
        "type: expected string, got number");
    row("no header can be split", R"({"headers":{"X-A: b\r\nX-B":"$a"}})",
        "property \"headers\" validation failed: invalid header name \"X-A: b\\r\\nX-B\"");
}

void tst_AttachConsumerLabel::checksConfigurations()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, error);
    Json value = *parseJson(config.toStdString());
    const auto result = checkPluginConfig("attach-consumer-label", value, false);
    const std::string prefix =
        "failed to check the configuration of plugin attach-consumer-label err: ";
    QCOMPARE(result ? std::string() : result.error().detail,
             error.isEmpty() ? std::string() : prefix + error.toStdString());
}

QTEST_GUILESS_MAIN(tst_AttachConsumerLabel)
#include "tst_attach_consumer_label.moc"
