// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/plugins/specs.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

class tst_AclPlugin : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void decidesByLabels_data();
    void decidesByLabels();
    void answersAsConfigured();
    void needsAnAuthenticatedSubject();
    void consumerWinsOverExternalUser();
    void anonymousConsumersHaveLabelsToo();
    void tracesWhatDecided();

private:
    static void configure(PipelineFixture &gateway, std::string_view acl);
};

void tst_AclPlugin::configure(PipelineFixture &gateway, std::string_view acl)
{
    gateway.put("consumers/alice",
                R"({"username":"alice","labels":{"team":"platform"},)"
                R"("plugins":{"key-auth":{"key":"alice-key"}}})");
    gateway.put("consumers/bob",
                R"({"username":"bob","labels":{"team":"sales"},)"
                R"("plugins":{"key-auth":{"key":"bob-key"}}})");
    gateway.put("consumers/carol",
                R"({"username":"carol","labels":{"role":"guest"},)"
                R"("plugins":{"key-auth":{"key":"carol-key"}}})");
    gateway.put("consumers/dave",
                R"({"username":"dave","plugins":{"key-auth":{"key":"dave-key"}}})");
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},)"
                R"("plugins":{"key-auth":{},"acl":)"
                    + std::string(acl) + "}}");
}

void tst_AclPlugin::decidesByLabels_data()
{
    QTest::addColumn<QByteArray>("acl");
    QTest::addColumn<QByteArray>("who");
    QTest::addColumn<int>("status");
    const QByteArray allow(R"({"allow_labels":{"team":["platform"]}})");
    const QByteArray deny(R"({"deny_labels":{"role":["guest"]}})");
    const QByteArray both(
        R"({"allow_labels":{"team":["sales"]},"deny_labels":{"team":["sales"]}})");
    QTest::newRow("A-30 allowed") << allow << QByteArray("alice") << 200;
    QTest::newRow("A-31 not on the list") << allow << QByteArray("bob") << 403;
    QTest::newRow("A-36 no labels on an allow route") << allow << QByteArray("dave") << 403;
    QTest::newRow("A-33 denied") << deny << QByteArray("carol") << 403;
    QTest::newRow("A-34 others pass the deny list") << deny << QByteArray("alice") << 200;
    QTest::newRow("A-34 no labels pass the deny list") << deny << QByteArray("dave") << 200;
    QTest::newRow("A-09 deny comes first") << both << QByteArray("bob") << 403;
    QTest::newRow("A-37 labels are alternatives")
        << QByteArray(R"({"allow_labels":{"team":["x"],"role":["guest"]}})") << QByteArray("carol")
        << 200;
    QTest::newRow("A-38 case-sensitive")
        << QByteArray(R"({"allow_labels":{"team":["Platform"]}})") << QByteArray("alice") << 403;
}

void tst_AclPlugin::decidesByLabels()
{
    QFETCH(QByteArray, acl);
    QFETCH(QByteArray, who);
    QFETCH(int, status);
    PipelineFixture gateway;
    configure(gateway, acl.toStdString());
    QCOMPARE(gateway.get("/get", {{"apikey", who.toStdString() + "-key"}}), status);
    if (status == 403)
        QCOMPARE(gateway.body(), std::string("{\"message\":\"The consumer is forbidden.\"}\n"));
}

void tst_AclPlugin::answersAsConfigured()
{
    PipelineFixture gateway;
    configure(gateway,
              R"({"allow_labels":{"team":["platform"]},"rejected_code":401,)"
              R"("rejected_msg":"Access denied: insufficient label permissions."})");
    QCOMPARE(gateway.get("/get", {{"apikey", "bob-key"}}), 401);
    QCOMPARE(gateway.body(),
             std::string("{\"message\":\"Access denied: insufficient label permissions.\"}\n"));
    QVERIFY(gateway.replyHeader("WWW-Authenticate").empty());
}

void tst_AclPlugin::needsAnAuthenticatedSubject()
{
    PipelineFixture gateway;
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},)"
                R"("plugins":{"acl":{"deny_labels":{"a":["b"]},"rejected_code":418}}})");
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Missing authentication.\"}\n"));
    QCOMPARE(gateway.failure(), std::string("not-authenticated"));
}

void tst_AclPlugin::consumerWinsOverExternalUser()
{
    const Json config = *parseJson(R"({"allow_labels":{"groups":["admin"]}})");
    Json withDefaults = config;
    withDefaults.set("external_user_label_field", "groups");
    const auto plugin = aclPlugin.make(withDefaults, {});
    QVERIFY(plugin.has_value());
    Exchange exchange;
    exchange.externalUser = *parseJson(R"({"groups":["admin","user"]})");
    QCOMPARE((*plugin)->access(exchange), Verdict::Continue);
    CompiledConsumer consumer;
    consumer.labels = Json::object({{"groups", "user"}});
    exchange.consumer = &consumer;
    QCOMPARE((*plugin)->access(exchange), Verdict::Respond);
}

void tst_AclPlugin::anonymousConsumersHaveLabelsToo()
{
    PipelineFixture gateway;
    configure(gateway, R"({"allow_labels":{"team":["platform"]}})");
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},"plugins":)"
                R"({"key-auth":{"anonymous_consumer":"alice"},)"
                R"("acl":{"allow_labels":{"team":["platform"]}}}})");
    QCOMPARE(gateway.get("/get"), 200);
}

void tst_AclPlugin::tracesWhatDecided()
{
    PipelineFixture gateway;
    configure(gateway, R"({"deny_labels":{"role":["guest"]}})");
    gateway.get("/get", {{"apikey", "carol-key"}});
    QCOMPARE(gateway.steps(),
             std::string("route ok; extract ok; consumer ok; label failed label-denied"));
    QVERIFY(gateway.traceHolds("deny_labels.role"));
    QVERIFY(gateway.traceHolds("guest"));
}

QTEST_GUILESS_MAIN(tst_AclPlugin)
#include "tst_acl_plugin.moc"
