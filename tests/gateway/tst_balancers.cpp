// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/router/route_compiler.h"
#include "gateway/upstream/balancer.h"
#include "gateway/upstream/hash_ring.h"
#include "gateway/upstream/health_monitor.h"

#include <QTest>

#include <chrono>
#include <format>
#include <map>
#include <string>
#include <vector>

using namespace postern;
using namespace postern::gateway;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const CompiledUpstream> compiled(std::string_view json)
{
    const auto document = parseJson(json);
    if (!document)
        qFatal("not JSON: %s", std::string(json).c_str());
    auto made = compileUpstream(*document, {});
    if (!made)
        qFatal("%s", describe(made.error()).c_str());
    return *made;
}

/// An upstream of nodes "a".."z", each with the weight of its place in `weights`.
std::shared_ptr<const CompiledUpstream> nodes(std::string_view type, std::vector<int> weights,
                                              std::string_view more = {})
{
    std::string list;
    char name = 'a';
    for (const int weight : weights)
        list += std::format(R"({}{{"host": "{}", "port": 80, "weight": {}}})",
                            list.empty() ? "" : ",", name++, weight);
    return compiled(std::format(R"({{"type": "{}"{}, "nodes": [{}]}})", type, more, list));
}

/// One worker's balancer and a request to pick for.
struct Picker
{
    explicit Picker(const std::shared_ptr<const CompiledUpstream> &upstream)
        : balancer(makeBalancer(upstream))
    {
    }
    /// The name of the next node; "-" when there is none.
    std::string pick(Picks &picks)
    {
        last = balancer->pick(picks, exchange, now);
        return last ? last->node->host : "-";
    }
    std::string pick()
    {
        Picks picks;
        return pick(picks);
    }
    std::string series(int count)
    {
        std::string order;
        for (int i = 0; i < count; ++i)
            order += pick();
        return order;
    }
    /// The order in which a request that always fails meets the nodes.
    std::string tries(int count)
    {
        Picks picks;
        std::string order;
        for (int i = 0; i < count; ++i)
            order += pick(picks);
        return order;
    }
    std::map<std::string, int> counts(int count)
    {
        std::map<std::string, int> counted;
        for (int i = 0; i < count; ++i)
            ++counted[pick()];
        return counted;
    }

    Exchange exchange;
    std::unique_ptr<Balancer> balancer;
    NodeState *last = nullptr;
    Reactor::Clock::time_point now{1h};
};

/// The node that a chash upstream gives each of many client addresses.
std::map<std::string, std::string> placed(const std::shared_ptr<const CompiledUpstream> &upstream,
                                          int keys)
{
    Picker picker(upstream);
    std::map<std::string, std::string> places;
    for (int i = 0; i < keys; ++i) {
        const std::string address = std::format("10.0.{}.{}", i / 256, i % 256);
        picker.exchange.request.peer = address;
        places[address] = picker.pick();
    }
    return places;
}

int moved(const std::map<std::string, std::string> &before,
          const std::map<std::string, std::string> &after)
{
    int count = 0;
    for (const auto &[key, node] : before)
        count += after.at(key) == node ? 0 : 1;
    return count;
}

} // namespace

class tst_Balancers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roundRobin_data();
    void roundRobin();
    void thousandsOfGreatWeights();
    void triesPrioritiesInOrder_data();
    void triesPrioritiesInOrder();
    void weightlessNodesStandIn_data();
    void weightlessNodesStandIn();
    void singleNodeIsAlwaysNext();
    void unknownTypeMattersWithSeveralNodes();

    void sameKeySameNode();
    void keysSpreadByWeight();
    void addedNodeTakesOnlyItsShare();
    void hashesAsTheOriginal_data();
    void hashesAsTheOriginal();
    void hashesAnewInEveryPriority();
    void hashKey_data();
    void hashKey();
    void retriesLeadAroundTheRing();
    void hugeWeightsAreScaledDown();
    void ringIsSharedByWorkers();

    void leastConnections();
    void idleNodesTakeTurns();
    void leastConnectionsByWeight();
    void endedRequestsNoLongerCount();
    void fasterNodesArePreferred();
    void slowAnswersAreForgotten();
};

void tst_Balancers::roundRobin_data()
{
    QTest::addColumn<std::vector<int>>("weights");
    QTest::addColumn<QByteArray>("order");
    const auto row = [](const char *name, std::vector<int> weights, const char *order) {
        QTest::newRow(name) << std::move(weights) << QByteArray(order);
    };
    row("2.7 roundrobin: equal weights", {1, 1, 1}, "abcabc");
    row("2.7 roundrobin: smooth, not aaaaabc", {5, 1, 1}, "aabacaaaabacaa");
    row("2.7 roundrobin: weight 0 is left out while others exist", {0, 1, 1}, "bcbc");
    row("2.7 roundrobin: weight 0 everywhere", {0, 0}, "abab");
    row("2.7 roundrobin: one node", {7}, "aaa");
}

void tst_Balancers::roundRobin()
{
    QFETCH(const std::vector<int>, weights);
    QFETCH(const QByteArray, order);
    Picker picker(nodes("roundrobin", weights));
    QCOMPARE(picker.series(static_cast<int>(order.size())), order.toStdString());
}

void tst_Balancers::thousandsOfGreatWeights()
{
    auto upstream = std::make_shared<CompiledUpstream>();
    for (int i = 0; i < 5000; ++i)
        upstream->nodes.push_back({std::to_string(i), 80, 1'000'000, 0});
    Picker picker(upstream);
    const auto counted = picker.counts(5000);
    QCOMPARE(counted.size(), std::size_t{5000}); // each once, though the sum is no int
}

void tst_Balancers::triesPrioritiesInOrder_data()
{
    QTest::addColumn<QByteArray>("type");
    for (const char *type : {"roundrobin", "chash", "least_conn", "ewma"})
        QTest::addRow("2.7 priority: %s", type) << QByteArray(type);
}

void tst_Balancers::triesPrioritiesInOrder()
{
    QFETCH(const QByteArray, type);
    Picker picker(compiled(std::format(
        R"({{"type": "{}", "key": "remote_addr", "nodes": [
            {{"host": "low", "port": 1, "weight": 9, "priority": -1}},
            {{"host": "high", "port": 1, "weight": 1, "priority": 2}},
            {{"host": "middle", "port": 1, "weight": 1}},
            {{"host": "high2", "port": 1, "weight": 1, "priority": 2}}]}})",
        type.toStdString())));
    picker.exchange.request.peer = "10.0.0.1";
    Picks picks;
    const std::string first = picker.pick(picks), second = picker.pick(picks);
    QVERIFY(first.starts_with("high") && second.starts_with("high"));
    QVERIFY(first != second);
    QCOMPARE(picker.pick(picks), std::string("middle"));
    QCOMPARE(picker.pick(picks), std::string("low"));
    QCOMPARE(picker.pick(picks), std::string("-")); // every node was tried
    for (const auto &[node, count] : picker.counts(20))
        QVERIFY2(node.starts_with("high"), node.c_str());
}

void tst_Balancers::weightlessNodesStandIn_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("out");
    QTest::addColumn<QByteArray>("order");
    const auto row = [](const char *name, const char *type, const char *out, const char *order) {
        QTest::newRow(name) << QByteArray(type) << QByteArray(out) << QByteArray(order);
    };
    row("2.7 all in: weight 0 is left out", "roundrobin", "", "bdbd");
    row("2.7 one weighted node is left", "roundrobin", "b", "dddd");
    row("2.7 none is left: weight 0 is used", "roundrobin", "bd", "acac");
    row("2.7 none is left, nor one of weight 0", "roundrobin", "bda", "cccc");
    row("2.7 all out: as if all were in", "roundrobin", "abcd", "bdbd");
    row("2.7 a node of weight 0 is out", "roundrobin", "a", "bdbd");
    row("2.7 least_conn: none is left", "least_conn", "bda", "cccc");
    row("2.7 ewma: none is left", "ewma", "bda", "cccc");
    row("2.7 ewma: one weighted node is left", "ewma", "b", "dddd");
}

void tst_Balancers::weightlessNodesStandIn()
{
    QFETCH(const QByteArray, type);
    QFETCH(const QByteArray, out);
    QFETCH(const QByteArray, order);
    Resolver resolver;
    PluginEnv env;
    env.health = std::make_shared<HealthMonitor>(resolver);
    const auto document =
        parseJson(std::format(R"({{"type": "{}", "checks": {{"active": {{}}}}, "nodes": [
            {{"host": "a", "port": 1, "weight": 0}}, {{"host": "b", "port": 1, "weight": 1}},
            {{"host": "c", "port": 1, "weight": 0}}, {{"host": "d", "port": 1, "weight": 1}}]}})",
                              type.toStdString()));
    QVERIFY(document);
    const auto upstream = compileUpstream(*document, {}, env, "/apisix/upstreams/1");
    QVERIFY(upstream);
    for (const auto &target : (*upstream)->health->targets()) {
        if (out.toStdString().contains(target->host()))
            target->record(HealthResult::TcpFailure, 1);
    }
    Picker picker(*upstream);
    QCOMPARE(picker.series(static_cast<int>(order.size())), order.toStdString());
    Picks picks;
    while (picker.pick(picks) != "-") // what is not used is no retry either
        QVERIFY(order.toStdString().contains(picker.last->node->host));
}

void tst_Balancers::singleNodeIsAlwaysNext()
{
    Picker picker(nodes("roundrobin", {1}));
    QCOMPARE(picker.tries(3), std::string("aaa")); // retries 2 of the original: the same node
}

void tst_Balancers::unknownTypeMattersWithSeveralNodes()
{
    QCOMPARE(defectOf(*nodes("fastest", {1, 1})), std::optional(Errc::UpstreamType));
    QCOMPARE(defectOf(*nodes("fastest", {1})), std::optional<Errc>());
    QCOMPARE(defectOf(*nodes("fastest", {})), std::optional(Errc::UpstreamNoNodes));
    QCOMPARE(defectOf(*nodes("ewma", {1, 1})), std::optional<Errc>());
}

void tst_Balancers::sameKeySameNode()
{
    const auto upstream = nodes("chash", {1, 1, 1, 1}, R"(, "key": "remote_addr")");
    QCOMPARE(placed(upstream, 500), placed(upstream, 500));
}

void tst_Balancers::keysSpreadByWeight()
{
    std::map<std::string, int> counted;
    for (const auto &[key, node] :
         placed(nodes("chash", {3, 1}, R"(, "key": "remote_addr")"), 8000))
        ++counted[node];
    QVERIFY2(counted["a"] > 5200 && counted["a"] < 6800, std::to_string(counted["a"]).c_str());
}

void tst_Balancers::addedNodeTakesOnlyItsShare()
{
    const auto before = placed(nodes("chash", {1, 1, 1, 1}, R"(, "key": "remote_addr")"), 5000);
    const auto after = placed(nodes("chash", {1, 1, 1, 1, 1}, R"(, "key": "remote_addr")"), 5000);
    const int count = moved(before, after);
    QVERIFY2(count > 500 && count < 1600, std::to_string(count).c_str()); // about a fifth
    for (const auto &[key, node] : after) // nothing moved but to the new node
        QVERIFY(node == before.at(key) || node == "e");
}

void tst_Balancers::hashesAsTheOriginal_data()
{
    QTest::addColumn<int>("nodes");
    QTest::addColumn<QByteArray>("keys"); // %: 1, 2, 3 ...
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, int nodes, const char *keys, const char *expected) {
        QTest::newRow(name) << nodes << QByteArray(keys) << QByteArray(expected);
    };
    row("1.10 chash of an address, two nodes", 2, "127.0.0.1", "0");
    row("1.10 chash of an address, three nodes", 3, "127.0.0.1", "2");
    row("1.10 chash of a consumer", 2, "jack", "1");
    row("1.10 chash of another consumer", 2, "tom", "0");
    row("1.10 chash of a header", 2, "custom-one", "0");
    row("1.10 chash of a cookie", 2, "cuscookie", "1");
    row("1.10 chash of a combination", 2, "custom-one-custom-two", "0");
    row("1.10 chash of sessions", 2, "chash_val_%", "100101");
}

// Points by the algorithm of lua-resty-balancer: CRC-32 of "host NUL port", then of the point
// before, each started anew behind the node's. Expected values were worked out with zlib's crc32.
void tst_Balancers::hashesAsTheOriginal()
{
    QFETCH(const int, nodes);
    QFETCH(const QByteArray, keys);
    QFETCH(const QByteArray, expected);
    std::vector<UpstreamNode> list;
    for (int i = 0; i < nodes; ++i)
        list.push_back({"127.0.0.1", static_cast<std::uint16_t>(1980 + i), 1, 0});
    const HashRing ring(list, HashKey("vars", "remote_addr"));
    QCOMPARE(ring.size(), static_cast<std::size_t>(nodes) * 160);
    QByteArray order;
    for (int i = 1; order.size() < expected.size(); ++i) {
        const std::string key = QByteArray(keys).replace('%', QByteArray::number(i)).toStdString();
        order += QByteArray::number(static_cast<uint>(ring.nodeAt(ring.find(key))));
    }
    QCOMPARE(order, expected);
}

// Every priority has a ring of its own in the original, where the key is looked up anew.
void tst_Balancers::hashesAnewInEveryPriority()
{
    Picker picker(compiled(R"({"type": "chash", "key": "remote_addr", "nodes": [
        {"host": "127.0.0.1", "port": 1979, "weight": 2, "priority": 1},
        {"host": "127.0.0.2", "port": 1979, "weight": 1, "priority": 1},
        {"host": "127.0.0.3", "port": 1979, "weight": 2, "priority": -1},
        {"host": "127.0.0.4", "port": 1979, "weight": 1, "priority": -1}]})"));
    picker.exchange.request.peer = "127.0.0.1";
    QCOMPARE(picker.tries(5), std::string("127.0.0.1127.0.0.2127.0.0.4127.0.0.3-"));
}

void tst_Balancers::hashKey_data()
{
    QTest::addColumn<QByteArray>("on");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *on, const char *key, const char *expected) {
        QTest::newRow(name) << QByteArray(on) << QByteArray(key) << QByteArray(expected);
    };
    row("1.10 hash_on vars", "vars", "uri", "/a");
    row("1.10 hash_on vars, argument", "vars", "arg_user", "7");
    row("1.10 hash_on vars, absent argument", "vars", "arg_nobody", "10.1.2.3");
    row("2.7 empty key: remote_addr", "vars", "arg_empty", "10.1.2.3");
    row("1.10 hash_on header", "header", "X-Tenant", "blue");
    row("1.10 hash_on header, absent", "header", "X-None", "10.1.2.3");
    row("1.10 hash_on cookie", "cookie", "session", "s1");
    row("1.10 hash_on cookie, absent", "cookie", "none", "10.1.2.3");
    row("1.10 hash_on consumer", "consumer", "", "jack");
    row("1.10 hash_on vars_combinations", "vars_combinations", "$request_method$uri", "GET/a");
    row("1.10 hash_on vars_combinations, nothing in it is there", "vars_combinations", "$arg_none",
        "10.1.2.3");
}

void tst_Balancers::hashKey()
{
    QFETCH(const QByteArray, on);
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, expected);
    CompiledConsumer jack;
    jack.username = "jack";
    Exchange exchange;
    exchange.request.method = "GET";
    exchange.request.target = "/a?user=7&empty=";
    exchange.request.path = "/a";
    exchange.request.query = "user=7&empty=";
    exchange.request.peer = "10.1.2.3";
    exchange.request.headers.append("X-Tenant", "blue");
    exchange.request.headers.append("Cookie", "session=s1");
    exchange.consumer = &jack;
    const HashKey hashed(on.toStdString(), key.toStdString());
    QCOMPARE(hashed.of(exchange), std::string_view(expected.constData()));
}

void tst_Balancers::retriesLeadAroundTheRing()
{
    Picker picker(nodes("chash", {1, 1, 1}, R"(, "key": "remote_addr")"));
    picker.exchange.request.peer = "10.9.8.7";
    std::string tried = picker.tries(4);
    QCOMPARE(tried.back(), '-');
    tried.pop_back();
    std::ranges::sort(tried);
    QCOMPARE(tried, std::string("abc"));
}

void tst_Balancers::hugeWeightsAreScaledDown()
{
    const auto upstream = nodes("chash", {1'000'000, 999'999, 1}, R"(, "key": "remote_addr")");
    QVERIFY(upstream->ring->size() < 200'000);
    std::map<std::string, int> counted;
    for (const auto &[key, node] : placed(upstream, 4000))
        ++counted[node];
    QVERIFY(counted["a"] > 1500 && counted["b"] > 1500);
}

void tst_Balancers::ringIsSharedByWorkers()
{
    const auto upstream = nodes("chash", {1, 1}, R"(, "key": "remote_addr")");
    const Picker one(upstream), other(upstream);
    QCOMPARE(one.balancer->upstream()->ring.get(), other.balancer->upstream()->ring.get());
    QVERIFY(!nodes("roundrobin", {1, 1})->ring);
}

void tst_Balancers::leastConnections()
{
    Picker picker(nodes("least_conn", {1, 1, 1}));
    std::string order = picker.series(3); // nothing ends: each gets one
    std::ranges::sort(order);
    QCOMPARE(order, std::string("abc"));
}

void tst_Balancers::idleNodesTakeTurns()
{
    Picker picker(nodes("least_conn", {1, 1, 1}));
    std::map<std::string, int> counted;
    for (int i = 0; i < 30; ++i) { // "b" is out of the question, as a node that is out
        Picks picks;
        picks.tried = 2;
        ++counted[picker.pick(picks)];
        picker.balancer->left(*picker.last, std::chrono::milliseconds(1), picker.now);
    }
    QCOMPARE(counted, (std::map<std::string, int>{{"a", 15}, {"c", 15}}));
}

void tst_Balancers::leastConnectionsByWeight()
{
    Picker picker(nodes("least_conn", {4, 1}));
    auto counted = picker.counts(10); // nothing ends: the shares are those of the weights
    QCOMPARE(counted["a"], 8);
    QCOMPARE(counted["b"], 2);
}

void tst_Balancers::endedRequestsNoLongerCount()
{
    Picker picker(nodes("least_conn", {1, 1}));
    const std::string busy = picker.pick(); // goes on for ever
    for (int i = 0; i < 10; ++i) {
        QVERIFY(picker.pick() != busy);
        picker.balancer->left(*picker.last, 1ms, picker.now);
    }
}

void tst_Balancers::fasterNodesArePreferred()
{
    Picker picker(nodes("ewma", {1, 1}));
    std::map<std::string, int> counted;
    for (int i = 0; i < 100; ++i) {
        const std::string node = picker.pick();
        ++counted[node];
        picker.now += 100ms;
        picker.balancer->left(*picker.last, node == "a" ? 500ms : 5ms, picker.now);
    }
    QVERIFY2(counted["b"] > 80, std::to_string(counted["b"]).c_str());
}

void tst_Balancers::slowAnswersAreForgotten()
{
    Picker picker(nodes("ewma", {1, 1}));
    std::map<std::string, NodeState *> states;
    while (states.size() < 2) {
        const std::string node = picker.pick();
        states[node] = picker.last;
        picker.balancer->left(*picker.last, node == "a" ? 2s : 1s, picker.now);
        picker.now += 1ms;
    }
    QCOMPARE(picker.series(5), std::string("bbbbb"));
    picker.now += 5min; // what was measured counts for nothing by now
    picker.balancer->left(*states["b"], 1ms, picker.now);
    QCOMPARE(picker.series(5), std::string("aaaaa"));
}

QTEST_GUILESS_MAIN(tst_Balancers)
#include "tst_balancers.moc"
