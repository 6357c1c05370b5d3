// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "tests/support/admin_api.h"
#include "tests/support/plugin_gateway.h"

#include <QTest>

#include <format>
#include <map>
#include <memory>
#include <string>

using namespace postern;
using namespace postern::test;

/// traffic-split: APISIX 3.18.
class tst_TrafficSplit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void refuses_data();
    void refuses();
    void spreads_data();
    void spreads();
    void matches_data();
    void matches();
    void inlineUpstreamIsItsOwn();
    void serverOfTheRouteIsNotNeeded();
    void missingUpstreamIs500();
    void unusableUpstreamIs500_data();
    void unusableUpstreamIs500();
    void changedUpstreamIsUsedAtOnce();
    void upstreamInUseIsNotDeleted_data();
    void upstreamInUseIsNotDeleted();

private:
    /// Sends `count` requests and counts who answered.
    [[nodiscard]] std::map<std::string, int> counts(int count, std::string_view target = "/r",
                                                    std::string_view fields = {}) const;
    /// "127.0.0.1:port" of a server.
    [[nodiscard]] static std::string node(const RawUpstream &server)
    {
        return std::format("127.0.0.1:{}", server.port());
    }
    /// A traffic-split of these rules; {A} and {B} stand for the servers' nodes.
    [[nodiscard]] bool use(std::string rules);

    PluginGateway m_gateway; // its own upstream answers with "own"
    std::unique_ptr<RawUpstream> m_a, m_b;
};

void tst_TrafficSplit::initTestCase()
{
    m_a = std::make_unique<RawUpstream>(RawUpstream::answering(RawUpstream::ok("a")));
    m_b = std::make_unique<RawUpstream>(RawUpstream::answering(RawUpstream::ok("b")));
    QVERIFY(m_gateway.start(RawUpstream::answering(RawUpstream::ok("own"))));
    for (const auto &[id, server] : {std::pair("a", m_a.get()), std::pair("b", m_b.get())})
        QCOMPARE(m_gateway.gateway
                     .admin("PUT", std::format("/upstreams/{}", id),
                            std::format(R"({{"nodes": {{"{}": 1}}}})", node(*server)))
                     .status(),
                 201);
}

bool tst_TrafficSplit::use(std::string rules)
{
    for (const auto &[mark, server] : {std::pair("{A}", m_a.get()), std::pair("{B}", m_b.get())}) {
        for (std::size_t at = rules.find(mark); at != std::string::npos; at = rules.find(mark))
            rules.replace(at, 3, node(*server));
    }
    return m_gateway.use(std::format(R"("traffic-split": {{"rules": [{}]}})", rules));
}

std::map<std::string, int> tst_TrafficSplit::counts(int count, std::string_view target,
                                                    std::string_view fields) const
{
    std::map<std::string, int> counted;
    for (int i = 0; i < count; ++i)
        ++counted[m_gateway.get(target, fields).body];
    return counted;
}

void tst_TrafficSplit::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"({})", "");
    row(R"({"rules": []})", "");
    row(R"({"rules": [{}]})", "");
    row(R"({"rules": [{"match": [{"vars": [["arg_a", "=", "b"]]}]}]})",
        "failed to validate the 'vars' expression: invalid operator '='");
    row(R"({"rules": [{"match": [{"vars": ["arg_a", "==", "b"]}]}]})",
        "failed to validate the 'vars' expression: rule should be wrapped inside brackets");
    row(R"({"rules": [{"match": [{}]}]})",
        "failed to validate the 'vars' expression: missing argument rule");
    row(R"({"rules": [{"weighted_upstreams": []}]})",
        R"(property "rules" validation failed: failed to validate item 1: property )"
        R"("weighted_upstreams" validation failed: expect array to have at least 1 items)");
    row(R"({"rules": [{"weighted_upstreams": [{"weight": -1}]}]})",
        R"(property "rules" validation failed: failed to validate item 1: property )"
        R"("weighted_upstreams" validation failed: failed to validate item 1: property "weight" )"
        R"(validation failed: expected -1 to be at least 0)");
    row(R"({"rules": [{"weighted_upstreams": [{"upstream": {"nodes": {}, "x": 1}}]}]})",
        R"(property "rules" validation failed: failed to validate item 1: property )"
        R"("weighted_upstreams" validation failed: failed to validate item 1: property )"
        R"("upstream" validation failed: additional properties forbidden, found x)");
    // As the original: the id is looked for when a request comes.
    row(R"({"rules": [{"weighted_upstreams": [{"upstream_id": "nowhere"}]}]})", "");
}

void tst_TrafficSplit::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("traffic-split": )" + config.toStdString()), text.toStdString());
}

void tst_TrafficSplit::spreads_data()
{
    QTest::addColumn<QByteArray>("shares");
    QTest::addColumn<QByteArray>("expected"); // of 12 requests
    const auto row = [](const char *name, const char *shares, const char *expected) {
        QTest::newRow(name) << QByteArray(shares) << QByteArray(expected);
    };
    row("weight 1 by default, absent upstream is the route's", R"({"upstream_id": "a"}, {})",
        "a 6, own 6");
    row("by weight", R"({"upstream_id": "a", "weight": 3}, {"weight": 1})", "a 9, own 3");
    row("two ids and the route's", R"({"upstream_id": "a", "weight": 1},
        {"upstream_id": "b", "weight": 4}, {"weight": 1})",
        "a 2, b 8, own 2");
    row("inline upstreams", R"({"upstream": {"nodes": {"{A}": 1}}, "weight": 1},
        {"upstream": {"nodes": {"{B}": 1}}, "weight": 1})",
        "a 6, b 6");
    row("weight 0 gets nothing", R"({"upstream_id": "a", "weight": 0}, {"upstream_id": "b"})",
        "b 12");
    row("weight 0 everywhere: the route's", R"({"upstream_id": "a", "weight": 0})", "own 12");
}

void tst_TrafficSplit::spreads()
{
    QFETCH(const QByteArray, shares);
    QFETCH(const QByteArray, expected);
    QVERIFY(use(std::format(R"({{"weighted_upstreams": [{}]}})", shares.toStdString())));
    std::string counted;
    for (const auto &[who, count] : counts(12))
        counted += std::format("{}{} {}", counted.empty() ? "" : ", ", who, count);
    QCOMPARE(counted, expected.toStdString());
}

void tst_TrafficSplit::matches_data()
{
    QTest::addColumn<QByteArray>("rules");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("who");
    const auto row = [](const char *name, const char *rules, const char *target, const char *who) {
        QTest::newRow(name) << QByteArray(rules) << QByteArray(target) << QByteArray(who);
    };
    constexpr const char *kOne = R"({"match": [{"vars": [["arg_to", "==", "a"]]}],
        "weighted_upstreams": [{"upstream_id": "a"}]})";
    constexpr const char *kTwo = R"({"match": [{"vars": [["arg_to", "==", "a"]]}],
        "weighted_upstreams": [{"upstream_id": "a"}]},
        {"match": [{"vars": [["arg_to", "==", "b"], ["arg_x", "==", "1"]]},
                   {"vars": [["arg_to", "==", "bee"]]}],
        "weighted_upstreams": [{"upstream_id": "b"}]})";
    row("vars hold", kOne, "/r?to=a", "a");
    row("vars do not hold: the route's upstream", kOne, "/r?to=b", "own");
    row("first rule that matches", kTwo, "/r?to=a", "a");
    row("all of one vars", kTwo, "/r?to=b&x=1", "b");
    row("one condition missing", kTwo, "/r?to=b", "own");
    row("either of several matches", kTwo, "/r?to=bee", "b");
    row("no match member: always", R"({"weighted_upstreams": [{"upstream_id": "b"}]})", "/r", "b");
    row("empty match list", R"({"match": [], "weighted_upstreams": [{"upstream_id": "b"}]})", "/r",
        "b");
    row("a rule without match after others", R"({"match": [{"vars": [["arg_to", "==", "a"]]}],
        "weighted_upstreams": [{"upstream_id": "a"}]},
        {"weighted_upstreams": [{"upstream_id": "b"}]})",
        "/r", "b");
}

void tst_TrafficSplit::matches()
{
    QFETCH(const QByteArray, rules);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, who);
    QVERIFY(use(rules.toStdString()));
    QCOMPARE(m_gateway.get(target.toStdString()).body, who.toStdString());
}

void tst_TrafficSplit::inlineUpstreamIsItsOwn()
{
    const RawUpstream echo(RawUpstream::echoing());
    QVERIFY(use(std::format(R"({{"weighted_upstreams": [{{"upstream": {{"nodes": {{"{}": 1}},
        "pass_host": "rewrite", "upstream_host": "split.example"}}}}]}})",
                            node(echo))));
    QVERIFY(m_gateway.get("/r").body.contains("Host: split.example\r\n"));
    // A silent one: its own time-out holds, not the route's upstream's.
    const RawUpstream silent([](RawUpstream::Connection &peer) {
        peer.readRequest();
        peer.waitForEnd();
    });
    QVERIFY(use(std::format(R"({{"weighted_upstreams": [{{"upstream": {{"nodes": {{"{}": 1}},
        "timeout": {{"connect": 1, "send": 1, "read": 0.2}}}}}}]}})",
                            node(silent))));
    QCOMPARE(m_gateway.get("/r").status(), 504);
}

void tst_TrafficSplit::serverOfTheRouteIsNotNeeded()
{
    const RawMessage put =
        m_gateway.gateway.admin("PUT", "/routes/2",
                                R"({"uri": "/only", "plugins": {"traffic-split": {"rules": [
            {"match": [{"vars": [["arg_to", "==", "a"]]}],
             "weighted_upstreams": [{"upstream_id": "a"}]}]}}})");
    QCOMPARE(put.status(), 201);
    QCOMPARE(m_gateway.get("/only?to=a").body, std::string("a"));
    QCOMPARE(m_gateway.get("/only").status(), 503);
}

void tst_TrafficSplit::missingUpstreamIs500()
{
    QVERIFY(use(R"({"match": [{"vars": [["arg_to", "==", "never"]]}],
        "weighted_upstreams": [{"upstream_id": "nowhere"}]})"));
    const RawMessage answer = m_gateway.get("/r");
    QCOMPARE(answer.status(), 500);
    QCOMPARE(answer.body, std::string("failed to fetch upstream info by upstream id: nowhere"));
}

void tst_TrafficSplit::unusableUpstreamIs500_data()
{
    QTest::addColumn<QByteArray>("settings");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *settings, const char *text) {
        QTest::newRow(settings) << QByteArray(settings) << QByteArray(text);
    };
    row(R"("pass_host": "rewrite")",
        "`upstream_host` can't be empty when `pass_host` is `rewrite`");
    row(R"("type": "chash")", "missing key");
    row(R"("type": "chash", "hash_on": "vars_combinations")", "missing key");
    row(R"("type": "chash", "key": "nothing")",
        R"(invalid configuration: failed to match pattern "^((uri|server_name|server_addr|)"
        R"(request_uri|remote_port|remote_addr|query_string|host|hostname|mqtt_client_id)|)"
        R"(arg_[0-9a-zA-z_-]+)$" with "nothing")");
    row(R"("type": "chash", "key": "uri")", "");
    row(R"("pass_host": "rewrite", "upstream_host": "split.example")", "");
}

/// Written all the same; what is wrong comes out when a request is sent there.
void tst_TrafficSplit::unusableUpstreamIs500()
{
    QFETCH(const QByteArray, settings);
    QFETCH(const QByteArray, text);
    QVERIFY(use(std::format(R"({{"match": [{{"vars": [["arg_to", "==", "a"]]}}],
        "weighted_upstreams": [{{"upstream": {{"nodes": {{"{{A}}": 1}}, {}}}}}]}})",
                            settings.toStdString())));
    const RawMessage answer = m_gateway.get("/r?to=a");
    QCOMPARE(answer.status(), text.isEmpty() ? 200 : 500);
    QCOMPARE(answer.body, text.isEmpty() ? std::string("a") : text.toStdString());
    QCOMPARE(m_gateway.get("/r").body, std::string("own")); // nobody is sent there
}

void tst_TrafficSplit::changedUpstreamIsUsedAtOnce()
{
    const auto put = [this](const RawUpstream &server) {
        return m_gateway.gateway
            .admin("PUT", "/upstreams/moving",
                   std::format(R"({{"nodes": {{"{}": 1}}}})", node(server)))
            .status();
    };
    QCOMPARE(put(*m_a), 201);
    QVERIFY(use(R"({"weighted_upstreams": [{"upstream_id": "moving"}]})"));
    QCOMPARE(m_gateway.get("/r").body, std::string("a"));
    QCOMPARE(put(*m_b), 200);
    QCOMPARE(m_gateway.get("/r").body, std::string("b"));
    QCOMPARE(m_gateway.gateway.admin("DELETE", "/upstreams/moving?force=true").status(), 200);
    QCOMPARE(m_gateway.get("/r").status(), 500);
}

void tst_TrafficSplit::upstreamInUseIsNotDeleted_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("holder");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *kind, const char *target, const char *holder,
                        const char *noun) {
        QTest::addRow("1.8 %s", kind) << QByteArray(target) << QByteArray(holder)
                                      << QByteArray("can not delete this upstream, plugin in ")
                + noun + " is still using it now";
    };
    row("route", "routes/r1", R"({"uri": "/a", @})", "route [r1]");
    row("service", "services/s1", R"({@})", "service [s1]");
    row("plugin_config", "plugin_configs/p1", R"({@})", "plugin_config [p1]");
    row("consumer", "consumers", R"({"username": "jack", @})", "consumer [jack]");
    row("consumer_group", "consumer_groups/g1", R"({@})", "consumer_group [g1]");
    row("global_rules", "global_rules/1", R"({@})", "global_rules [1]");
}

void tst_TrafficSplit::upstreamInUseIsNotDeleted()
{
    QFETCH(const QByteArray, target);
    QFETCH(QByteArray, holder);
    QFETCH(const QByteArray, message);
    AdminApi api;
    QCOMPARE(api.send("PUT", "upstreams/7", R"({"nodes": {}})").status, 201);
    holder.replace("@",
                   R"("plugins": {"traffic-split": {"rules": [
                   {"weighted_upstreams": [{"weight": 1}, {"upstream_id": 7}]}]}})");
    QCOMPARE(api.send("PUT", target.toStdString(), holder.toStdString()).status, 201);
    const auto refused = api.send("DELETE", "upstreams/7");
    QCOMPARE(refused.status, 400);
    QCOMPARE(messageOf(refused), message);
    QCOMPARE(api.send("DELETE", "upstreams/7?force=true").status, 200);
}

QTEST_GUILESS_MAIN(tst_TrafficSplit)
#include "tst_traffic_split.moc"
