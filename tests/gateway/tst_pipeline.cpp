// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/pipeline/plugin_config.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

class tst_Pipeline : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersUnmatchedRequests();
    void forwardsOpenRoutesUntouched();
    void answersDefects_data();
    void answersDefects();
    void authenticatesBeforeDefects();
    void routeReplacesTheServicesPlugin();
    void disabledPluginsHideTheService();
    void consumersContributePlugins();
    void consumersReplaceTheRoutesPlugin();
    void consumersMayDisableTheRoutesPlugin();
    void authPluginsOfConsumersNeverRun();
    void errorResponseReplacesTheBody_data();
    void errorResponseReplacesTheBody();
    void priorityReorders();
    void routesAskTheirVars();
    void filtersSkipPlugins();
    void globalRulesRunFirst();
    void mergedChainsAreRemembered();
    void tracingCanBeOff();
};

namespace {

constexpr std::string_view kUpstream = R"("upstream":{"nodes":{"127.0.0.1:1":1}})";

std::string route(std::string_view rest) { return R"({"uri":"/get",)" + std::string(rest) + "}"; }

std::string plugins(std::string_view members)
{
    return std::string(kUpstream) + R"(,"plugins":{)" + std::string(members) + "}";
}

constexpr std::string_view kDenyAll = R"("acl":{"allow_labels":{"team":["nobody"]}})";

} // namespace

void tst_Pipeline::answersUnmatchedRequests()
{
    PipelineFixture gateway;
    QCOMPARE(gateway.get("/get"), 404);
    QCOMPARE(gateway.body(), std::string("{\"error_msg\":\"404 Route Not Found\"}\n"));
    QCOMPARE(gateway.steps(), std::string("route failed no-route"));
    QCOMPARE(gateway.exchange.route, nullptr);
}

void tst_Pipeline::forwardsOpenRoutesUntouched()
{
    PipelineFixture gateway;
    gateway.put("routes/1", route(kUpstream));
    QCOMPARE(gateway.get("/get", {{"X-Consumer-Username", "me"}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("me"));
    QCOMPARE(gateway.exchange.route->id, std::string("1"));
    QVERIFY(gateway.exchange.route->upstream);
}

void tst_Pipeline::answersDefects_data()
{
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("service missing")
        << QByteArray(R"("service_id":"9")") << 404 << QByteArray("service-missing");
    QTest::newRow("plugin config missing") << QByteArray(R"("plugins":{},"plugin_config_id":"9")")
                                           << 503 << QByteArray("plugin-config-missing");
    QTest::newRow("upstream missing")
        << QByteArray(R"("upstream_id":"9")") << 502 << QByteArray("upstream-missing");
    QTest::newRow("no upstream") << QByteArray(R"("plugins":{})") << 503
                                 << QByteArray("no-upstream");
    QTest::newRow("no nodes") << QByteArray(R"("upstream":{"nodes":{}})") << 503
                              << QByteArray("no-nodes");
    QTest::newRow("no nodes, array")
        << QByteArray(R"("upstream":{"nodes":[]})") << 503 << QByteArray("no-nodes");
}

void tst_Pipeline::answersDefects()
{
    QFETCH(QByteArray, rest);
    QFETCH(int, status);
    QFETCH(QByteArray, reason);
    PipelineFixture gateway;
    gateway.put("routes/1", route(rest.toStdString()));
    QCOMPARE(gateway.get("/get"), status);
    QVERIFY(gateway.exchange.reply.page);
    QCOMPARE(gateway.failure(), reason.toStdString());
}

void tst_Pipeline::authenticatesBeforeDefects()
{
    PipelineFixture gateway;
    gateway.put("routes/1", route(R"("upstream_id":"9","plugins":{"key-auth":{}})"));
    QCOMPARE(gateway.get("/get"), 401);
    gateway.put("routes/1", route(R"("service_id":"9","plugins":{"key-auth":{}})"));
    QCOMPARE(gateway.get("/get"), 404);
}

void tst_Pipeline::routeReplacesTheServicesPlugin()
{
    PipelineFixture gateway;
    gateway.put("consumers/bob", R"({"username":"bob","plugins":{"key-auth":{"key":"k"}}})");
    gateway.put("services/1", "{" + plugins(R"("key-auth":{"header":"x-service"})") + "}");
    gateway.put("routes/1", route(R"("service_id":"1")"));
    QCOMPARE(gateway.get("/get", {{"x-service", "k"}}), 200);
    gateway.put("routes/1",
                route(R"("service_id":"1","plugins":{"key-auth":{"header":"x-route"}})"));
    QCOMPARE(gateway.get("/get", {{"x-service", "k"}}), 401);
    QCOMPARE(gateway.get("/get", {{"x-route", "k"}}), 200);
}

void tst_Pipeline::disabledPluginsHideTheService()
{
    PipelineFixture gateway;
    gateway.put("services/1", "{" + plugins(R"("key-auth":{})") + "}");
    gateway.put("routes/1", route(R"("service_id":"1")"));
    QCOMPARE(gateway.get("/get"), 401);
    gateway.put("routes/1",
                route(R"("service_id":"1","plugins":{"key-auth":{"_meta":{"disable":true}}})"));
    QCOMPARE(gateway.get("/get"), 200);
}

void tst_Pipeline::consumersContributePlugins()
{
    PipelineFixture gateway;
    gateway.put("routes/1", route(plugins(R"("key-auth":{})")));
    gateway.put("consumers/bob",
                R"({"username":"bob","plugins":{"key-auth":{"key":"k"},)" + std::string(kDenyAll)
                    + "}}");
    gateway.put("consumers/amy", R"({"username":"amy","plugins":{"key-auth":{"key":"a"}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", "k"}}), 403);
    QCOMPARE(gateway.get("/get", {{"apikey", "a"}}), 200);
}

void tst_Pipeline::consumersReplaceTheRoutesPlugin()
{
    PipelineFixture gateway;
    gateway.put("routes/1", route(plugins(R"("key-auth":{},)" + std::string(kDenyAll))));
    gateway.put("consumers/bob",
                R"({"username":"bob","labels":{"team":"sales"},"plugins":{"key-auth":{"key":"k"},)"
                R"("acl":{"allow_labels":{"team":["sales"]}}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", "k"}}), 200);
}

void tst_Pipeline::consumersMayDisableTheRoutesPlugin()
{
    PipelineFixture gateway;
    gateway.put("routes/1", route(plugins(R"("key-auth":{},)" + std::string(kDenyAll))));
    gateway.put("consumers/bob",
                R"({"username":"bob","plugins":{"key-auth":{"key":"k"},)"
                R"("acl":{"_meta":{"disable":true}}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", "k"}}), 200);
}

void tst_Pipeline::authPluginsOfConsumersNeverRun()
{
    PipelineFixture gateway;
    gateway.put("routes/1", route(plugins(R"("key-auth":{})")));
    gateway.put("consumers/bob",
                R"({"username":"bob","plugins":{"key-auth":{"key":"k"},)"
                R"("jwt-auth":{"key":"j","secret":"s"}}})");
    QCOMPARE(gateway.get("/get", {{"apikey", "k"}}), 200);
    QCOMPARE(gateway.steps(), std::string("route ok; extract ok; consumer ok"));
}

void tst_Pipeline::errorResponseReplacesTheBody_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("text") << QByteArray(R"("no entry")") << QByteArray("no entry");
    QTest::newRow("object") << QByteArray(R"({"error":"no entry"})")
                            << QByteArray("{\"error\":\"no entry\"}\n");
}

void tst_Pipeline::errorResponseReplacesTheBody()
{
    QFETCH(QByteArray, response);
    QFETCH(QByteArray, body);
    PipelineFixture gateway;
    gateway.put("routes/1",
                route(plugins(R"("key-auth":{"_meta":{"error_response":)" + response.toStdString()
                              + "}}")));
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(), body.toStdString());
    QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("apikey realm=\"key\""));
}

void tst_Pipeline::priorityReorders()
{
    PipelineFixture gateway;
    gateway.put("routes/1", route(plugins(R"("key-auth":{},"jwt-auth":{})")));
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Missing JWT token in request\"}\n"));
    gateway.put("routes/1",
                route(plugins(R"("key-auth":{"_meta":{"priority":2600}},"jwt-auth":{})")));
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Missing API key in request\"}\n"));
}

void tst_Pipeline::routesAskTheirVars()
{
    PipelineFixture gateway;
    gateway.put("routes/1",
                route(std::string(R"("vars":[["arg_a","==","1"],["http_x","~*","^y"]],)")
                      + std::string(kUpstream)));
    gateway.put("routes/2", R"({"uri":"/g*","upstream":{"nodes":{"127.0.0.1:1":1}}})");
    QCOMPARE(gateway.get("/get?a=1", {{"X", "Yes"}}), 200);
    QCOMPARE(gateway.exchange.route->id, std::string("1"));
    QCOMPARE(gateway.get("/get?a=1"), 200); // falls through to the next candidate
    QCOMPARE(gateway.exchange.route->id, std::string("2"));
    gateway.put("routes/1",
                route(std::string(R"("vars":[["post_arg.a","==",1]],)") + std::string(kUpstream)));
    QCOMPARE(gateway.get("/get"), 200);
    QCOMPARE(gateway.exchange.route->id, std::string("2"));
    gateway.exchange.clear();
    gateway.exchange.snapshot = gateway.snapshot;
    gateway.exchange.request.path = "/get";
    gateway.exchange.request.method = "POST";
    gateway.exchange.request.headers.append("Content-Type", "application/json");
    gateway.exchange.body.complete = false;
    QCOMPARE(decide(gateway.exchange, gateway.merged), Verdict::ReadBody);
    gateway.exchange.body.text = R"({"a":1})";
    gateway.exchange.body.complete = true;
    QCOMPARE(decide(gateway.exchange, gateway.merged), Verdict::Continue);
    QCOMPARE(gateway.exchange.route->id, std::string("1"));
}

void tst_Pipeline::filtersSkipPlugins()
{
    PipelineFixture gateway;
    gateway.put("routes/1",
                route(plugins(R"("key-auth":{"_meta":{"filter":[["arg_a","==","1"]]}})")));
    QCOMPARE(gateway.get("/get?a=1"), 401);
    QCOMPARE(gateway.get("/get?a=2"), 200);
    QCOMPARE(gateway.get("/get"), 200);
}

void tst_Pipeline::globalRulesRunFirst()
{
    PipelineFixture gateway;
    gateway.put("routes/1", route(kUpstream));
    PluginChain rules;
    rules.plugins.push_back(*compilePlugin("key-auth", *parseJson("{}"), PluginEnv()));
    rules.phases = rules.plugins.front().spec->phases;
    auto snapshot = std::make_shared<Snapshot>(*gateway.snapshot);
    snapshot->globalRules = std::make_shared<const PluginChain>(std::move(rules));
    gateway.snapshot = snapshot;
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.get("/nowhere"), 401); // without a route, too
    gateway.put("routes/1", route(kUpstream)); // compiles a snapshot without them
    QCOMPARE(gateway.get("/nowhere"), 404);
}

void tst_Pipeline::mergedChainsAreRemembered()
{
    PipelineFixture gateway;
    gateway.put("routes/1", route(plugins(R"("key-auth":{})")));
    gateway.put("consumers/bob",
                R"({"username":"bob","plugins":{"key-auth":{"key":"k"},)" + std::string(kDenyAll)
                    + "}}");
    gateway.get("/get", {{"apikey", "k"}});
    const PluginChain *first = gateway.exchange.chain;
    const auto held = gateway.exchange.mergedChain;
    gateway.get("/get", {{"apikey", "k"}});
    QCOMPARE(gateway.exchange.chain, first);
    // a chain in use outlives the table it came from
    gateway.merged.clear();
    QCOMPARE(gateway.exchange.chain->plugins.size(), 2U);
}

void tst_Pipeline::tracingCanBeOff()
{
    PipelineFixture gateway;
    gateway.exchange.tracing = false;
    QCOMPARE(gateway.get("/get"), 404);
    QCOMPARE(int(gateway.exchange.trace.events), 0);
}

QTEST_GUILESS_MAIN(tst_Pipeline)
#include "tst_pipeline.moc"
