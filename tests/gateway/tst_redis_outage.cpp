// SPDX-License-Identifier: Apache-2.0
#include "tests/support/limited_gateway.h"
#include "tests/support/redis_server.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <chrono>
#include <format>
#include <memory>
#include <string>
#include <vector>

using namespace postern;
using namespace postern::test;

// limit-count when its Redis is gone, silent, or somewhere else. apisix.md 4.7.
class tst_RedisOutage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void failsAndRecovers_data();
    void failsAndRecovers();
    void nobodyElseWaits_data();
    void nobodyElseWaits();
    void survivesARestartInTheMiddle_data();
    void survivesARestartInTheMiddle();
    void forgetsWhoWentAway();
    void stopsWhileRequestsWait();
    void findsTheNewMaster();
    void asksTheNextSentinel();
    void logsInAtSentinels();
    void refusesTheWrongRole();
    void doesWithoutANode();
    void aServerThatIsNoCluster();
    void aServerThatIsNoRedis_data();
    void aServerThatIsNoRedis();

private:
    [[nodiscard]] static std::string limit(std::uint16_t port, std::string_view more = {})
    {
        return std::format(R"("count": 1000000, "time_window": 600, "policy": "redis",
            "redis_host": "127.0.0.1", "redis_port": {}{})",
                           port, more);
    }
};

namespace {

const std::string kFailed = "{\"error_msg\":\"failed to limit count\"}\n";

/// Lock-step: one request after the other over one connection. \return how many got 200
int steps(const LimitedGateway &limited, std::string_view path, int count,
          std::vector<double> *milliseconds = nullptr)
{
    RawStream stream = limited.gateway.connect();
    int answered = 0;
    for (int i = 0; i < count; ++i) {
        const auto start = std::chrono::steady_clock::now();
        stream.send(std::format("GET {} HTTP/1.1\r\nHost: a.example\r\n\r\n", path));
        answered += stream.readMessage().status() == 200 ? 1 : 0;
        if (milliseconds)
            milliseconds->push_back(
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                    .count());
    }
    return answered;
}

double percentile(std::vector<double> values, double part)
{
    std::ranges::sort(values);
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

} // namespace

void tst_RedisOutage::failsAndRecovers_data()
{
    QTest::addColumn<bool>("freeze"); // or kill
    QTest::addColumn<bool>("degrade");
    QTest::newRow("4.7 killed, allow_degradation false") << false << false;
    QTest::newRow("4.7 killed, allow_degradation true") << false << true;
    QTest::newRow("4.7 silent, allow_degradation false") << true << false;
    QTest::newRow("4.7 silent, allow_degradation true") << true << true;
}

void tst_RedisOutage::failsAndRecovers()
{
    QFETCH(bool, freeze);
    QFETCH(bool, degrade);
    RedisServer redis;
    QVERIFY(redis.start());
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    const int timeout = freeze ? 2000 : 30'000; // the requests before and after have it, too
    QVERIFY(limited.route(
        "a",
        limit(redis.port(),
              std::format(R"(, "allow_degradation": {}, "redis_timeout": {})", degrade, timeout))));
    QCOMPARE(limited.quota("a"), std::string("200 1000000 999999"));
    if (freeze)
        redis.freeze();
    else
        redis.kill();
    for (int i = 0; i < 3; ++i) {
        const RawMessage answer = limited.get("a");
        QCOMPARE(answer.status(), degrade ? 200 : 500);
        QCOMPARE(answer.body, degrade ? std::string("up") : kFailed);
        QCOMPARE(answer.header("X-RateLimit-Remaining"), std::string("-"));
    }
    QTRY_VERIFY_WITH_TIMEOUT(limited.lastTrace().contains("limit-store"), 20'000);
    const std::string trace = limited.lastTrace();
    const std::string server = std::format("127.0.0.1:{}", redis.port());
    QVERIFY2(trace.contains("the counters in Redis at " + server), trace.c_str());
    QVERIFY2(trace.contains(freeze ? "no answer within 2000 ms" : "Connection refused"),
             trace.c_str());
    QVERIFY2(
        trace.contains(degrade ? "allow_degradation lets it pass" : "start Redis at " + server),
        trace.c_str());
    if (freeze)
        redis.thaw();
    else
        QVERIFY(redis.startAgain());
    QVERIFY(redis.eventually({"PING"}, "PONG"));
    // at once: the very next request counts
    QCOMPARE(limited.quota("a").substr(0, 12), std::string("200 1000000 "));
    QVERIFY(limited.quota("a") != std::string("200 1000000 -"));
}

void tst_RedisOutage::nobodyElseWaits_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::newRow("healthy") << QByteArray("healthy");
    QTest::newRow("killed") << QByteArray("killed");
    QTest::newRow("silent") << QByteArray("silent");
}

// One worker. While requests wait for Redis, another route is answered in lock-step: the counts
// tell; the latencies are for reading.
void tst_RedisOutage::nobodyElseWaits()
{
    QFETCH(QByteArray, state);
    RedisServer redis;
    QVERIFY(redis.start());
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    // silence lasts longer than the whole measurement: a worker that waited would be seen
    QVERIFY(limited.route("a", limit(redis.port(), R"(, "redis_timeout": 60000)")));
    QVERIFY(limited.openRoute("free"));
    QCOMPARE(limited.get("a").status(), 200);
    if (state == "killed")
        redis.kill();
    else if (state == "silent")
        redis.freeze();
    std::vector<RawStream> waiting;
    for (int i = 0; i < 20; ++i) {
        waiting.push_back(limited.gateway.connect());
        waiting.back().send("GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n");
    }
    std::vector<double> latencies;
    QCOMPARE(steps(limited, "/free", 2000, &latencies), 2000);
    qInfo("unrelated route, Redis %s: p50 %.3f ms, p99 %.3f ms", state.constData(),
          percentile(latencies, 0.5), percentile(latencies, 0.99));
    if (state == "silent") {
        QVERIFY(waiting.front().staysQuietFor(std::chrono::milliseconds(1)));
        redis.thaw();
    }
    const int expected = state == "killed" ? 500 : 200;
    for (RawStream &stream : waiting)
        QCOMPARE(stream.readMessage(false, std::chrono::seconds(60)).status(), expected);
}

void tst_RedisOutage::survivesARestartInTheMiddle_data()
{
    QTest::addColumn<bool>("degrade");
    QTest::newRow("4.7 allow_degradation false") << false;
    QTest::newRow("4.7 allow_degradation true") << true;
}

void tst_RedisOutage::survivesARestartInTheMiddle()
{
    QFETCH(bool, degrade);
    RedisServer redis;
    QVERIFY(redis.start());
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route(
        "a",
        limit(redis.port(),
              std::format(R"(, "allow_degradation": {}, "redis_timeout": 30000)", degrade))));
    QVERIFY(limited.openRoute("free"));
    QCOMPARE(steps(limited, "/a", 200), 200);
    redis.kill();
    QCOMPARE(steps(limited, "/a", 200), degrade ? 200 : 0);
    QCOMPARE(steps(limited, "/free", 200), 200);
    QVERIFY(redis.startAgain());
    QCOMPARE(steps(limited, "/a", 200), 200);
    QCOMPARE(redis.command({"DBSIZE"}), std::string("1"));
}

void tst_RedisOutage::forgetsWhoWentAway()
{
    RedisServer redis;
    QVERIFY(redis.start());
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a", limit(redis.port(), R"(, "redis_timeout": 60000)")));
    QVERIFY(limited.openRoute("free"));
    QCOMPARE(limited.get("a").status(), 200);
    redis.freeze();
    for (int i = 0; i < 20; ++i) {
        RawStream stream = limited.gateway.connect();
        stream.send("GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n");
        QCOMPARE(limited.get("free").status(), 200); // the worker has seen it
        stream.reset();
    }
    QCOMPARE(limited.get("free").status(), 200);
    redis.thaw();
    QCOMPARE(limited.get("a").status(), 200);
    QCOMPARE(limited.get("free").status(), 200);
}

void tst_RedisOutage::stopsWhileRequestsWait()
{
    RedisServer redis;
    QVERIFY(redis.start());
    LimitedGateway limited;
    limited.gateway.options.shutdownGrace = std::chrono::milliseconds(50);
    limited.gateway.options.workers = 2;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a", limit(redis.port(), R"(, "redis_timeout": 60000)")));
    QVERIFY(limited.openRoute("free"));
    QCOMPARE(limited.get("a").status(), 200);
    redis.freeze();
    std::vector<RawStream> waiting;
    for (int i = 0; i < 10; ++i) {
        waiting.push_back(limited.gateway.connect());
        waiting.back().send("GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n");
    }
    QCOMPARE(steps(limited, "/free", 10), 10);
    limited.gateway.stop();
    for (RawStream &stream : waiting)
        QVERIFY(stream.endsWithin());
}

void tst_RedisOutage::findsTheNewMaster()
{
    RedisServer master, replica, sentinel;
    QVERIFY(master.start());
    QVERIFY(replica.start({QStringLiteral("--replicaof"), QStringLiteral("127.0.0.1"),
                           QString::number(master.port()),
                           QStringLiteral("--repl-diskless-sync-delay"), QStringLiteral("0")}));
    QVERIFY(
        sentinel.start({QStringLiteral("sentinel monitor main 127.0.0.1 %1 1").arg(master.port()),
                        QStringLiteral("sentinel down-after-milliseconds main 3000"),
                        QStringLiteral("sentinel failover-timeout main 3000")},
                       RedisServer::Kind::Sentinel));
    QVERIFY(sentinel.eventually({"SENTINEL", "REPLICAS", "main"}, std::to_string(replica.port())));
    QVERIFY(replica.eventually({"INFO", "replication"}, "master_link_status:up"));
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a",
                          std::format(R"("count": 9, "time_window": 600,
        "policy": "redis-sentinel", "redis_master_name": "main",
        "redis_connect_timeout": 5000, "redis_read_timeout": 5000,
        "redis_sentinels": [{{"host": "127.0.0.1", "port": {}}}])",
                                      sentinel.port())));
    QCOMPARE(limited.quota("a"), std::string("200 9 8"));
    QCOMPARE(master.command({"WAIT", "1", "10000"}), std::string("1"));
    QTRY_VERIFY_WITH_TIMEOUT(!replica.command({"KEYS", "*"}).empty(), 30'000);
    master.kill();
    QCOMPARE(limited.get("a").status(), 500);
    QVERIFY(sentinel.eventually({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main"},
                                std::to_string(replica.port())));
    QVERIFY(replica.eventually({"ROLE"}, "master"));
    // no restart, no waiting: the next request goes to the new one, which knows the count
    QCOMPARE(limited.quota("a"), std::string("200 9 7"));
}

void tst_RedisOutage::asksTheNextSentinel()
{
    RedisServer master, sentinel;
    QVERIFY(master.start());
    QVERIFY(
        sentinel.start({QStringLiteral("sentinel monitor main 127.0.0.1 %1 1").arg(master.port())},
                       RedisServer::Kind::Sentinel));
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    const auto put = [&](std::string_view id, std::string_view name, std::uint16_t second) {
        return limited.route(id,
                             std::format(R"("count": 9, "time_window": 600,
            "policy": "redis-sentinel", "redis_master_name": "{}",
            "redis_connect_timeout": 5000, "redis_read_timeout": 5000, "redis_sentinels": [
            {{"host": "127.0.0.1", "port": {}}}, {{"host": "127.0.0.1", "port": {}}}])",
                                         name, closedPort(), second));
    };
    QVERIFY(put("a", "main", sentinel.port()));
    QCOMPARE(limited.quota("a"), std::string("200 9 8"));
    QVERIFY(put("b", "other", sentinel.port()));
    QCOMPARE(limited.get("b").status(), 500);
    QTRY_VERIFY_WITH_TIMEOUT(limited.lastTrace().contains("correct redis_master_name"), 20'000);
    QVERIFY(put("c", "main", closedPort()));
    QCOMPARE(limited.get("c").status(), 500);
    QTRY_VERIFY_WITH_TIMEOUT(limited.lastTrace().contains("Connection refused"), 20'000);
}

void tst_RedisOutage::logsInAtSentinels()
{
    RedisServer master, sentinel;
    QVERIFY(master.start({QStringLiteral("--requirepass"), QStringLiteral("data-secret")}));
    QVERIFY(
        sentinel.start({QStringLiteral("sentinel monitor main 127.0.0.1 %1 1").arg(master.port()),
                        QStringLiteral("sentinel auth-pass main data-secret"),
                        QStringLiteral("--requirepass"), QStringLiteral("watch-secret")},
                       RedisServer::Kind::Sentinel));
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    const auto put = [&](std::string_view id, std::string_view more) {
        return limited.route(id,
                             std::format(R"("count": 9, "time_window": 600,
            "policy": "redis-sentinel", "redis_master_name": "main",
            "redis_connect_timeout": 5000, "redis_read_timeout": 5000,
            "redis_sentinels": [{{"host": "127.0.0.1", "port": {}}}]{})",
                                         sentinel.port(), more));
    };
    QVERIFY(put("a", R"(, "redis_password": "data-secret", "sentinel_password": "watch-secret")"));
    QCOMPARE(limited.quota("a"), std::string("200 9 8"));
    QVERIFY(put("b", R"(, "redis_password": "data-secret")"));
    QCOMPARE(limited.get("b").status(), 500);
    QTRY_VERIFY_WITH_TIMEOUT(limited.lastTrace().contains("NOAUTH"), 20'000);
}

void tst_RedisOutage::refusesTheWrongRole()
{
    RedisServer master, replica, sentinel;
    QVERIFY(master.start());
    QVERIFY(replica.start({QStringLiteral("--replicaof"), QStringLiteral("127.0.0.1"),
                           QString::number(master.port())}));
    QVERIFY(
        sentinel.start({QStringLiteral("sentinel monitor main 127.0.0.1 %1 1").arg(master.port())},
                       RedisServer::Kind::Sentinel));
    // known, and connected to
    QVERIFY(sentinel.eventually({"SENTINEL", "REPLICAS", "main"}, "\nslave\n"));
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    const auto put = [&](std::string_view id, std::string_view role) {
        return limited.route(id,
                             std::format(R"("count": 9, "time_window": 600,
            "policy": "redis-sentinel", "redis_master_name": "main", "redis_role": "{}",
            "redis_connect_timeout": 5000, "redis_read_timeout": 5000,
            "redis_sentinels": [{{"host": "127.0.0.1", "port": {}}}])",
                                         role, sentinel.port()));
    };
    QVERIFY(put("a", "slave"));
    QCOMPARE(limited.get("a").status(), 500); // a replica does not count
    QTRY_VERIFY_WITH_TIMEOUT(limited.lastTrace().contains("set redis_role to master"), 20'000);
    // what the sentinel calls the master is told to be a replica
    QVERIFY(put("b", "master"));
    QCOMPARE(limited.quota("b"), std::string("200 9 8"));
    QCOMPARE(master.command({"REPLICAOF", "127.0.0.1", "1"}), std::string("OK"));
    QCOMPARE(limited.get("b").status(), 500);
}

void tst_RedisOutage::doesWithoutANode()
{
    std::array<RedisServer, 2> nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        QVERIFY(nodes[i].start(
            {QStringLiteral("--cluster-require-full-coverage"), QStringLiteral("no")},
            RedisServer::Kind::Cluster));
    QCOMPARE(nodes[0].command({"CLUSTER", "ADDSLOTSRANGE", "0", "8191"}), std::string("OK"));
    QCOMPARE(nodes[1].command({"CLUSTER", "ADDSLOTSRANGE", "8192", "16383"}), std::string("OK"));
    QCOMPARE(
        nodes[0].command({"CLUSTER", "MEET", "127.0.0.1", std::to_string(nodes[1].port()).c_str()}),
        std::string("OK"));
    for (const RedisServer &node : nodes) {
        QVERIFY(node.eventually({"CLUSTER", "INFO"}, "cluster_slots_assigned:16384"));
        QVERIFY(node.eventually({"CLUSTER", "INFO"}, "cluster_state:ok"));
    }
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    // one key on each node
    std::array<std::string, 2> ids;
    for (int i = 0; ids[0].empty() || ids[1].empty(); ++i) {
        const std::string id = std::format("r{}", i);
        const std::string key = std::format("plugin-limit-count:v1:{}:k", id);
        const int slot = std::stoi(nodes[0].command({"CLUSTER", "KEYSLOT", key.c_str()}));
        ids[slot <= 8191 ? 0 : 1] = id;
    }
    for (const std::string &id : ids) {
        QVERIFY(limited.route(id,
                              std::format(R"("count": 9, "time_window": 600, "group": "{}",
            "key_type": "constant", "key": "k", "policy": "redis-cluster", "redis_timeout": 5000,
            "redis_cluster_name": "c", "redis_cluster_nodes": ["127.0.0.1:{}", "127.0.0.1:{}"])",
                                          id, nodes[1].port(), nodes[0].port())));
        QCOMPARE(limited.quota(id), std::string("200 9 8"));
    }
    nodes[1].kill();
    QCOMPARE(limited.get(ids[1]).status(), 500);
    QCOMPARE(limited.quota(ids[0]), std::string("200 9 7"));
    QCOMPARE(limited.get(ids[1]).status(), 500);
    QVERIFY(nodes[1].startAgain());
    QVERIFY(nodes[1].eventually({"CLUSTER", "INFO"}, "cluster_state:ok"));
    QVERIFY(nodes[0].eventually({"CLUSTER", "INFO"}, "cluster_state:ok"));
    QCOMPARE(limited.quota(ids[1]), std::string("200 9 8"));
    QCOMPARE(limited.quota(ids[0]), std::string("200 9 6"));
}

void tst_RedisOutage::aServerThatIsNoCluster()
{
    RedisServer redis;
    QVERIFY(redis.start());
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a",
                          std::format(R"("count": 9, "time_window": 600,
        "policy": "redis-cluster", "redis_cluster_name": "c",
        "redis_cluster_nodes": ["127.0.0.1:{}"])",
                                      redis.port())));
    QCOMPARE(limited.get("a").status(), 500);
    QTRY_VERIFY_WITH_TIMEOUT(limited.lastTrace().contains("use policy redis"), 20'000);
    QVERIFY(limited.route("b", R"("count": 9, "time_window": 600, "policy": "redis-cluster",
        "redis_cluster_name": "c", "redis_cluster_nodes": ["127.0.0.1:x"])"));
    QCOMPARE(limited.get("b").status(), 500);
    QTRY_VERIFY_WITH_TIMEOUT(limited.lastTrace().contains("127.0.0.1:x"), 20'000);
}

void tst_RedisOutage::aServerThatIsNoRedis_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("HTTP") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
    QTest::newRow("closes") << QByteArray();
    QTest::newRow("a status") << QByteArray("+OK\r\n");
    QTest::newRow("a number") << QByteArray(":7\r\n");
    QTest::newRow("a short list") << QByteArray("*1\r\n:7\r\n");
    QTest::newRow("an empty list") << QByteArray("*0\r\n");
    QTest::newRow("a list of lists") << QByteArray("*2\r\n*1\r\n:1\r\n*1\r\n:2\r\n");
    QTest::newRow("a huge list") << QByteArray("*2147483647\r\n");
    QTest::newRow("a huge text") << QByteArray("$9223372036854775807\r\n");
    QTest::newRow("a negative size") << QByteArray("$-7\r\n");
    QTest::newRow("negative numbers") << QByteArray("*2\r\n:-1\r\n:-1\r\n");
    QTest::newRow("more answers than commands")
        << QByteArray("*2\r\n:x\r\n:2\r\n+OK\r\n+OK\r\n+OK\r\n");
    QTest::newRow("deep lists") << QByteArray("*1\r\n").repeated(20) + ":1\r\n";
}

void tst_RedisOutage::aServerThatIsNoRedis()
{
    QFETCH(QByteArray, answer);
    RawUpstream stranger([&answer](RawUpstream::Connection &connection) {
        static_cast<void>(connection.readExactly(20));
        connection.send({answer.constData(), static_cast<std::size_t>(answer.size())});
        if (!answer.isEmpty())
            connection.waitForEnd();
    });
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a", limit(stranger.port(), R"(, "redis_timeout": 500)")));
    QVERIFY(limited.openRoute("free"));
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(limited.get("a").status(), 500);
        QCOMPARE(limited.get("free").status(), 200);
    }
}

QTEST_GUILESS_MAIN(tst_RedisOutage)
#include "tst_redis_outage.moc"
