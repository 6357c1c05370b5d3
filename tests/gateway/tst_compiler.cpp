// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/specs.h"
#include "gateway/router/router.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

class tst_Compiler : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void compilesUpstreams();
    void readsNodes_data();
    void readsNodes();
    void choosesTheUpstream_data();
    void choosesTheUpstream();
    void mergesTheService();
    void recompilesDependents();
    void loadsInAnyOrder();
    void leavesDisabledRoutesOut();
    void leavesOutWhatItCannotDo_data();
    void leavesOutWhatItCannotDo();
    void recoversWhenADocumentIsMended();
    void ordersTiesByCreation();
    void keepsCredentialsAcrossConsumerChanges();
    void keepsCredentialsWithoutAConsumer();
    void sharesWhatDidNotChange();
    void oldSnapshotsStayWhole();
    void tellsLoginOwners();
    void holdsManyConsumers();
    void takesAConsumersChangesFromAnywhereInAList();
    void mergesThePluginConfig();
    void joinsGlobalRules();
    void mergesTheConsumerGroup();

private:
    static const CompiledRoute *route(const PipelineFixture &gateway, std::string_view id = "1");
};

const CompiledRoute *tst_Compiler::route(const PipelineFixture &gateway, std::string_view id)
{
    for (const auto &each : gateway.snapshot->router->routes()) {
        if (each->id == id)
            return each.get();
    }
    return nullptr;
}

void tst_Compiler::compilesUpstreams()
{
    PipelineFixture gateway;
    gateway.put("upstreams/u",
                R"({"nodes":{"httpbin.org:80":3},"scheme":"https","pass_host":"rewrite",)"
                R"("upstream_host":"x","retries":0,"retry_timeout":1.5,)"
                R"("timeout":{"connect":0.5,"send":2,"read":3},)"
                R"("keepalive_pool":{"size":7,"idle_timeout":8,"requests":9}})");
    gateway.put("routes/1", R"({"uri":"/a","upstream_id":"u","enable_websocket":true})");
    const CompiledRoute *compiled = route(gateway);
    QVERIFY(compiled && compiled->upstream);
    const CompiledUpstream &upstream = *compiled->upstream;
    QCOMPARE(upstream.id, std::string("u"));
    QCOMPARE(upstream.nodes.at(0).host, std::string("httpbin.org"));
    QCOMPARE(upstream.nodes.at(0).weight, 3);
    QCOMPARE(upstream.passHost, CompiledUpstream::PassHost::Rewrite);
    QCOMPARE(upstream.retries.value_or(9), 0U);
    QCOMPARE(upstream.retryTimeout->count(), 1'500'000'000);
    QCOMPARE(compiled->timeouts.connect.count(), 500'000'000);
    QCOMPARE(upstream.keepaliveSize, 7U);
    QVERIFY(compiled->websocket);
    QVERIFY(!compiled->defect);
}

void tst_Compiler::readsNodes_data()
{
    QTest::addColumn<QByteArray>("nodes");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::newRow("map") << QByteArray(R"({"a.b:81":1})") << QByteArray("a.b") << 81;
    QTest::newRow("map without port") << QByteArray(R"({"a.b":1})") << QByteArray("a.b") << 80;
    QTest::newRow("map, IPv6") << QByteArray(R"({"[::1]:81":1})") << QByteArray("::1") << 81;
    QTest::newRow("array") << QByteArray(R"([{"host":"a","port":82,"weight":1}])")
                           << QByteArray("a") << 82;
    QTest::newRow("array without port")
        << QByteArray(R"([{"host":"a","weight":1}])") << QByteArray("a") << 80;
    QTest::newRow("map without port, https")
        << QByteArray(R"({"a.b":1},"scheme":"https")") << QByteArray("a.b") << 443;
    QTest::newRow("array without port, https")
        << QByteArray(R"([{"host":"a","weight":1}],"scheme":"https")") << QByteArray("a") << 443;
    QTest::newRow("array, IPv6") << QByteArray(R"([{"host":"[::1]","port":82,"weight":1}])")
                                 << QByteArray("::1") << 82;
}

void tst_Compiler::readsNodes()
{
    QFETCH(QByteArray, nodes);
    QFETCH(QByteArray, host);
    QFETCH(int, port);
    PipelineFixture gateway;
    gateway.put("routes/1", R"({"uri":"/a","upstream":{"nodes":)" + nodes.toStdString() + "}}");
    const CompiledRoute *compiled = route(gateway);
    QVERIFY(compiled && compiled->upstream && compiled->upstream->nodes.size() == 1);
    QCOMPARE(compiled->upstream->nodes[0].host, host.toStdString());
    QCOMPARE(int(compiled->upstream->nodes[0].port), port);
}

void tst_Compiler::choosesTheUpstream_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QByteArray>("service");
    QTest::addColumn<QByteArray>("node"); // empty: none
    const QByteArray own(R"("upstream":{"nodes":{"own:1":1}})");
    const QByteArray services(R"("upstream":{"nodes":{"service:1":1}})");
    const QByteArray one(R"("upstream_id":"one")"), two(R"("upstream_id":"two")");
    QTest::newRow("the route's") << own << services << QByteArray("own");
    QTest::newRow("the service's") << QByteArray() << services << QByteArray("service");
    QTest::newRow("inline of the route hides the service's id") << own << two << QByteArray("own");
    QTest::newRow("id of the route over the service's id") << one << two << QByteArray("one");
    QTest::newRow("id of the route over inline of the service")
        << one << services << QByteArray("one");
    QTest::newRow("of both forms on the route the id")
        << own + "," + one << services << QByteArray("one");
    QTest::newRow("of both forms on the service the id")
        << QByteArray() << services + "," + two << QByteArray("two");
    QTest::newRow("nothing") << QByteArray() << QByteArray() << QByteArray();
}

void tst_Compiler::choosesTheUpstream()
{
    QFETCH(QByteArray, route);
    QFETCH(QByteArray, service);
    QFETCH(QByteArray, node);
    PipelineFixture gateway;
    gateway.put("upstreams/one", R"({"nodes":{"one:1":1}})");
    gateway.put("upstreams/two", R"({"nodes":{"two:1":1}})");
    gateway.put("services/s", "{" + service.toStdString() + "}");
    gateway.put("routes/1",
                R"({"uri":"/a","service_id":"s")"
                    + (route.isEmpty() ? std::string() : "," + route.toStdString()) + "}");
    const CompiledRoute *compiled = tst_Compiler::route(gateway);
    QVERIFY(compiled);
    QCOMPARE(compiled->upstream ? compiled->upstream->nodes.at(0).host : std::string(),
             node.toStdString());
    QCOMPARE(compiled->defect == Errc::UpstreamNone, node.isEmpty());
}

void tst_Compiler::mergesTheService()
{
    PipelineFixture gateway;
    gateway.put("services/s",
                R"({"name":"the service","hosts":["a.com"],"enable_websocket":true,)"
                R"("upstream":{"nodes":{"n:1":1}}})");
    gateway.put("routes/1", R"({"uri":"/a","service_id":"s"})");
    gateway.put("routes/2",
                R"({"uri":"/a","service_id":"s","host":"b.com","enable_websocket":false})");
    QCOMPARE(route(gateway)->hosts, std::vector<std::string>{"a.com"});
    QVERIFY(route(gateway)->websocket);
    QCOMPARE(route(gateway)->serviceName, std::string("the service"));
    QVERIFY(route(gateway)->name.empty());
    QCOMPARE(route(gateway, "2")->hosts, std::vector<std::string>{"b.com"});
    QVERIFY(!route(gateway, "2")->websocket);
}

void tst_Compiler::recompilesDependents()
{
    PipelineFixture gateway;
    gateway.put("routes/1", R"({"uri":"/a","service_id":7})");
    gateway.put("routes/2", R"({"uri":"/b","upstream":{"nodes":{"n:1":1}}})");
    QCOMPARE(route(gateway)->defect.value_or(Errc::Internal), Errc::ServiceMissing);
    const CompiledRoute *other = route(gateway, "2");
    gateway.put("services/7", R"({"upstream_id":"u"})");
    QCOMPARE(route(gateway)->defect.value_or(Errc::Internal), Errc::UpstreamMissing);
    gateway.put("upstreams/u", R"({"nodes":{"n:1":1}})");
    QVERIFY(!route(gateway)->defect);
    gateway.put("upstreams/u", R"({"nodes":{"m:1":1}})");
    QCOMPARE(route(gateway)->upstream->nodes[0].host, std::string("m"));
    gateway.remove("services/7");
    QCOMPARE(route(gateway)->defect.value_or(Errc::Internal), Errc::ServiceMissing);
    QCOMPARE(route(gateway, "2"), other); // untouched by all of it
}

void tst_Compiler::loadsInAnyOrder()
{
    PipelineFixture gateway;
    gateway.putAll({{"consumers/jack/credentials/a", R"({"plugins":{"key-auth":{"key":"k"}}})"},
                    {"routes/1", R"({"uri":"/a","service_id":"s","plugins":{"key-auth":{}}})"},
                    {"services/s", R"({"upstream_id":"u"})"},
                    {"upstreams/u", R"({"nodes":{"n:1":1}})"},
                    {"consumers/jack", R"({"username":"jack"})"},
                    {"stream_routes/x", "not even JSON"}});
    QVERIFY(gateway.compiler.problems().empty());
    QCOMPARE(gateway.get("/a", {{"apikey", "k"}}), 200);
}

void tst_Compiler::leavesDisabledRoutesOut()
{
    PipelineFixture gateway;
    gateway.put("routes/1", R"({"uri":"/a","status":0,"upstream":{"nodes":{"n:1":1}}})");
    QVERIFY(!route(gateway));
    QVERIFY(gateway.compiler.problems().empty());
    gateway.put("routes/1", R"({"uri":"/a","status":1,"upstream":{"nodes":{"n:1":1}}})");
    QVERIFY(route(gateway));
}

void tst_Compiler::leavesOutWhatItCannotDo_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const char *rest, Errc code) {
        QTest::newRow(name) << QByteArray(R"({"uri":"/a","upstream":{"nodes":{"n:1":1}})") + rest
                            << static_cast<int>(code);
    };
    row("vars: never silently open", R"(,"vars":[["arg_a","=","b"]]})", Errc::Config);
    row("filter_func", R"(,"filter_func":"function() end"})", Errc::Unsupported);
    row("script", R"(,"script":"x"})", Errc::Unsupported);
    row("unknown plugin: never silently open", R"(,"plugins":{"limit-req":{}}})",
        Errc::PluginUnknown);
    row("not JSON", "", Errc::Json);
}

void tst_Compiler::leavesOutWhatItCannotDo()
{
    QFETCH(QByteArray, document);
    QFETCH(int, code);
    PipelineFixture gateway;
    gateway.put("routes/2", R"({"uri":"/b","upstream":{"nodes":{"n:1":1}}})");
    gateway.put("routes/1", document.toStdString());
    QVERIFY(!route(gateway));
    QVERIFY(route(gateway, "2"));
    const auto problems = gateway.compiler.problems();
    QCOMPARE(problems.size(), 1U);
    QCOMPARE(problems[0].key, std::string("/apisix/routes/1"));
    QCOMPARE(static_cast<int>(problems[0].error.code), code);
}

void tst_Compiler::recoversWhenADocumentIsMended()
{
    PipelineFixture gateway;
    gateway.put("routes/1", "{");
    gateway.put("consumers/a",
                R"({"username":"a","plugins":{"limit-req":{},"key-auth":{"key":"k"}}})");
    QCOMPARE(gateway.compiler.problems().size(), 2U);
    QVERIFY(!gateway.snapshot->consumers->byName("a"));
    gateway.put("routes/1", R"({"uri":"/a","upstream":{"nodes":{"n:1":1}}})");
    gateway.remove("consumers/a");
    QVERIFY(gateway.compiler.problems().empty());
    QVERIFY(route(gateway));
}

void tst_Compiler::ordersTiesByCreation()
{
    PipelineFixture gateway;
    gateway.put("routes/z", R"({"uri":"/a","upstream":{"nodes":{"n:1":1}}})");
    gateway.put("routes/a", R"({"uri":"/a","upstream":{"nodes":{"n:1":1}}})");
    QCOMPARE(gateway.snapshot->router->routes().at(0)->id, std::string("z"));
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(gateway.exchange.route->id, std::string("z"));
}

void tst_Compiler::keepsCredentialsAcrossConsumerChanges()
{
    PipelineFixture gateway;
    gateway.put("consumers/jack", R"({"username":"jack","plugins":{"key-auth":{"key":"inline"}}})");
    gateway.put("consumers/jack/credentials/a", R"({"plugins":{"key-auth":{"key":"a"}}})");
    gateway.put("consumers/jack/credentials/b", R"({"plugins":{"key-auth":{"key":"b"}}})");
    const auto find = [&gateway](std::string_view key) {
        return gateway.snapshot->consumers->find(keyAuthPlugin, key);
    };
    const std::uint64_t uid = find("a")->uid;
    gateway.put("consumers/jack", R"({"username":"jack","labels":{"custom_id":"7"}})");
    QVERIFY(!find("inline"));
    QCOMPARE(find("a")->uid, uid);
    QCOMPARE(find("a")->consumer->customId, std::string("7"));
    QCOMPARE(find("b")->consumer, find("a")->consumer);
    gateway.put("consumers/jack/credentials/a", R"({"plugins":{"key-auth":{"key":"a2"}}})");
    QVERIFY(!find("a"));
    QVERIFY(find("a2"));
    gateway.remove("consumers/jack/credentials/b");
    QVERIFY(!find("b"));
    QCOMPARE(gateway.snapshot->consumers->size(), 1U);
}

void tst_Compiler::keepsCredentialsWithoutAConsumer()
{
    PipelineFixture gateway;
    gateway.put("consumers/jack/credentials/a", R"({"plugins":{"key-auth":{"key":"a"}}})");
    QVERIFY(!gateway.snapshot->consumers->find(keyAuthPlugin, "a"));
    QCOMPARE(gateway.snapshot->consumers->size(), 0U);
    gateway.put("consumers/jack", R"({"username":"jack"})");
    QVERIFY(gateway.snapshot->consumers->find(keyAuthPlugin, "a"));
    gateway.remove("consumers/jack");
    QVERIFY(!gateway.snapshot->consumers->find(keyAuthPlugin, "a"));
    gateway.put("consumers/jack", R"({"username":"jack"})");
    QVERIFY(gateway.snapshot->consumers->find(keyAuthPlugin, "a"));
}

void tst_Compiler::sharesWhatDidNotChange()
{
    PipelineFixture gateway;
    gateway.put("routes/1", R"({"uri":"/a","upstream":{"nodes":{"n:1":1}}})");
    gateway.put("consumers/a", R"({"username":"a"})");
    const auto before = gateway.snapshot;
    gateway.put("consumers/b", R"({"username":"b"})");
    QCOMPARE(gateway.snapshot->router, before->router);
    QCOMPARE(gateway.snapshot->consumers->byName("a"), before->consumers->byName("a"));
    gateway.put("routes/1", R"({"uri":"/b","upstream":{"nodes":{"n:1":1}}})");
    QVERIFY(gateway.snapshot->router != before->router);
}

void tst_Compiler::oldSnapshotsStayWhole()
{
    PipelineFixture gateway;
    gateway.put("consumers/a", R"({"username":"a","plugins":{"key-auth":{"key":"k"}}})");
    const auto before = gateway.snapshot;
    const CompiledCredential *credential = before->consumers->find(keyAuthPlugin, "k");
    gateway.remove("consumers/a");
    gateway.put("consumers/b", R"({"username":"b","plugins":{"key-auth":{"key":"k"}}})");
    QCOMPARE(before->consumers->find(keyAuthPlugin, "k"), credential);
    QCOMPARE(credential->consumer->username, std::string("a"));
    QCOMPARE(gateway.snapshot->consumers->find(keyAuthPlugin, "k")->consumer->username,
             std::string("b"));
    QCOMPARE(gateway.snapshot->consumers->size(), 1U);
}

void tst_Compiler::tellsLoginOwners()
{
    PipelineFixture gateway;
    gateway.put("consumers/a", R"({"username":"a","plugins":{"key-auth":{"key":"inline"}}})");
    gateway.put("consumers/a/credentials/c", R"({"plugins":{"key-auth":{"key":"stored"}}})");
    const auto own = gateway.compiler.loginOwner(keyAuthPlugin, "inline");
    QVERIFY(own && own->username == "a" && own->credentialId.empty());
    QCOMPARE(gateway.compiler.loginOwner(keyAuthPlugin, "stored")->credentialId, std::string("c"));
    QVERIFY(!gateway.compiler.loginOwner(keyAuthPlugin, "other"));
    QVERIFY(!gateway.compiler.loginOwner(jwtAuthPlugin, "inline"));
}

void tst_Compiler::holdsManyConsumers()
{
    constexpr int kMany = 5000;
    PipelineFixture gateway;
    std::vector<std::pair<std::string, std::string>> documents;
    for (int i = 0; i < kMany; ++i) {
        documents.emplace_back(
            std::format("consumers/c{}", i),
            std::format(R"({{"username":"c{}","plugins":{{"key-auth":{{"key":"key-{}"}}}}}})", i,
                        i));
    }
    gateway.putAll(documents);
    QCOMPARE(gateway.snapshot->consumers->size(), std::size_t(kMany));
    for (int i = 0; i < kMany; i += 3)
        gateway.remove(std::format("consumers/c{}", i));
    std::size_t visited = 0;
    gateway.snapshot->consumers->forEach([&visited](const CompiledConsumer &) { ++visited; });
    QCOMPARE(visited, gateway.snapshot->consumers->size());
    for (int i = 0; i < kMany; ++i) {
        const auto *found =
            gateway.snapshot->consumers->find(keyAuthPlugin, std::format("key-{}", i));
        QCOMPARE(found != nullptr, i % 3 != 0);
        if (found)
            QCOMPARE(found->consumer->username, std::format("c{}", i));
    }
}

void tst_Compiler::takesAConsumersChangesFromAnywhereInAList()
{
    PipelineFixture gateway;
    gateway.put("consumers/jack", R"({"username":"jack","plugins":{"key-auth":{"key":"old"}}})");
    gateway.putAll(
        {{"consumers/jill/credentials/b", R"({"plugins":{"key-auth":{"key":"b"}}})"},
         {"consumers/jack/credentials/a", R"({"plugins":{"key-auth":{"key":"a"}}})"},
         {"consumers/jill", R"({"username":"jill","plugins":{"key-auth":{"key":"jill"}}})"},
         {"consumers/jack", R"({"username":"jack","plugins":{"key-auth":{"key":"new"}}})"}});
    const auto owner = [&gateway](std::string_view key) {
        const auto *found = gateway.snapshot->consumers->find(keyAuthPlugin, key);
        return found ? found->consumer->username : std::string();
    };
    QCOMPARE(gateway.snapshot->consumers->size(), 2U);
    QCOMPARE(owner("old"), std::string());
    QCOMPARE(owner("a"), std::string("jack"));
    QCOMPARE(owner("new"), std::string("jack"));
    QCOMPARE(owner("b"), std::string("jill"));
    QCOMPARE(owner("jill"), std::string("jill"));
}

void tst_Compiler::mergesThePluginConfig()
{
    PipelineFixture gateway;
    gateway.put(
        "services/s",
        R"({"plugins":{"key-auth":{"header":"service"},"acl":{"allow_labels":{"a":["b"]}}},)"
        R"("upstream":{"nodes":{"n:1":1}}})");
    gateway.put("routes/1",
                R"({"uri":"/a","service_id":"s","plugin_config_id":1,"plugins":{"jwt-auth":{}}})");
    QCOMPARE(gateway.get("/a"), 503);
    QCOMPARE(gateway.failure(), std::string("plugin-config-missing"));
    gateway.put("plugin_configs/1",
                R"({"plugins":{"key-auth":{"header":"config"},"jwt-auth":{"header":"config"}}})");
    const CompiledRoute *compiled = route(gateway);
    QVERIFY(compiled && !compiled->defect);
    QCOMPARE(compiled->chain.plugins.size(), 3U);
    // of key-auth the config's is used, not the service's; of jwt-auth the route's own
    QCOMPARE(gateway.get("/a"), 401);
    gateway.put("consumers/jack", R"({"username":"jack","plugins":{"key-auth":{"key":"k"}}})");
    gateway.put("routes/1", R"({"uri":"/a","service_id":"s","plugin_config_id":1})");
    gateway.put("plugin_configs/1",
                R"({"plugins":{"key-auth":{"header":"config"},)"
                R"("acl":{"_meta":{"disable":true}}}})");
    QCOMPARE(gateway.get("/a", {{"config", "k"}}), 200);
    QCOMPARE(gateway.get("/a", {{"service", "k"}}), 401);
    gateway.remove("plugin_configs/1");
    QCOMPARE(gateway.get("/a", {{"config", "k"}}), 503);
}

void tst_Compiler::joinsGlobalRules()
{
    PipelineFixture gateway;
    QVERIFY(!gateway.snapshot->globalRules);
    gateway.put("global_rules/1", R"({"plugins":{"acl":{"allow_labels":{"a":["b"]}}}})");
    gateway.put("global_rules/2", R"({"plugins":{"key-auth":{},"jwt-auth":{}}})");
    QVERIFY(gateway.snapshot->globalRules);
    std::vector<std::string_view> names;
    for (const CompiledPlugin &entry : gateway.snapshot->globalRules->plugins)
        names.push_back(entry.spec->name);
    QCOMPARE(names, (std::vector<std::string_view>{"jwt-auth", "key-auth", "acl"}));
    gateway.put("global_rules/3", R"({"plugins":{"jwt-auth":{}}})"); // runs in neither
    QCOMPARE(gateway.snapshot->globalRules->plugins.size(), 2U);
    for (const char *id : {"global_rules/1", "global_rules/2", "global_rules/3"})
        gateway.remove(id);
    QVERIFY(!gateway.snapshot->globalRules);
}

void tst_Compiler::mergesTheConsumerGroup()
{
    PipelineFixture gateway;
    gateway.put("routes/1",
                R"({"uri":"/a","plugins":{"key-auth":{},"acl":{"allow_labels":)"
                R"({"team":["route"]}}},"upstream":{"nodes":{"n:1":1}}})");
    gateway.put("consumers/jack",
                R"({"username":"jack","group_id":"g","labels":{"team":"group"},)"
                R"("plugins":{"key-auth":{"key":"k"}}})");
    const auto status = [&gateway] { return gateway.get("/a", {{"apikey", "k"}}); };
    QCOMPARE(status(), 503);
    QCOMPARE(gateway.failure(), std::string("consumer-group-missing"));
    gateway.put("consumer_groups/g", R"({"plugins":{}})");
    QCOMPARE(status(), 403); // by the route's acl
    gateway.put("consumer_groups/g",
                R"({"plugins":{"acl":{"allow_labels":{"team":["group"]}},"key-auth":{}}})");
    QCOMPARE(status(), 200); // the group's replaces it
    gateway.put("consumers/jack",
                R"({"username":"jack","group_id":"g","labels":{"team":"group"},)"
                R"("plugins":{"key-auth":{"key":"k"},"acl":{"deny_labels":)"
                R"({"team":["group"]}}}})");
    QCOMPARE(status(), 403); // and the consumer's that of the group
    gateway.remove("consumer_groups/g");
    QCOMPARE(status(), 503);
    gateway.put("consumers/jack",
                R"({"username":"jack","group_id":7,"plugins":{"key-auth":{"key":"k"}}})");
    QCOMPARE(status(), 503); // the id is a number, and the group one that is missing
    gateway.put("consumer_groups/7", R"({"plugins":{"acl":{"deny_labels":{"team":["x"]}}}})");
    QCOMPARE(status(), 200);
}

QTEST_GUILESS_MAIN(tst_Compiler)
#include "tst_compiler.moc"
