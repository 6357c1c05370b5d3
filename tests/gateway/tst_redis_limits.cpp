// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/pkey.h"
#include "tests/support/limited_gateway.h"
#include "tests/support/redis_server.h"
#include "tests/support/tls_server.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <array>
#include <atomic>
#include <format>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace postern;
using namespace postern::test;

// limit-count over real Redis servers. Numbers name sections of apisix.md.
class tst_RedisLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();

    void countsInEveryKindOfStore_data();
    void countsInEveryKindOfStore();
    void slidesInEveryKindOfStore_data();
    void slidesInEveryKindOfStore();
    void keepsTheOriginalsKeys();
    void sendsAScriptOnce();
    void twoGatewaysShareALimitExactly_data();
    void twoGatewaysShareALimitExactly();
    void slidingLimitsAreSharedExactly();
    void logsIn_data();
    void logsIn();
    void speaksTls_data();
    void speaksTls();
    void closesIdleConnections();
    void followsSlotsThatMove();
    void appliesEveryRule();
    void tellsTheStoreFromTimeToTime();
    void looksNamesUp();

private:
    [[nodiscard]] std::string store(const QByteArray &policy) const;
    [[nodiscard]] std::string single() const
    {
        return std::format(R"("policy": "redis", "redis_host": "127.0.0.1", "redis_port": {},
            "redis_timeout": 30000)",
                           m_single.port());
    }
    /// What a key holds, wherever it is.
    [[nodiscard]] std::string valueOf(const QByteArray &policy, const std::string &key) const;

    RedisServer m_single, m_replica, m_sentinel;
    std::array<RedisServer, 3> m_cluster;
};

namespace {

void policies()
{
    QTest::addColumn<QByteArray>("policy");
    for (const char *policy : {"redis", "redis-cluster", "redis-sentinel"})
        QTest::newRow(policy) << QByteArray(policy);
}

/// Sends requests over kept connections from several threads. \return how many got 200
int flood(const std::vector<std::uint16_t> &ports, std::string_view path, int calls)
{
    std::atomic<int> passed = 0, left = calls, odd = 0;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 8; ++i)
        threads.emplace_back([&, port = ports[i % ports.size()]] {
            RawStream stream = RawStream::connectTo(port);
            while (left-- > 0) {
                stream.send(std::format("GET {} HTTP/1.1\r\nHost: a.example\r\n\r\n", path));
                const int status = stream.readMessage().status();
                passed += status == 200 ? 1 : 0;
                odd += status != 200 && status != 503 ? 1 : 0;
            }
        });
    threads.clear();
    return odd == 0 ? passed.load() : -odd.load();
}

} // namespace

void tst_RedisLimits::initTestCase()
{
    QVERIFY2(m_single.start(), "redis-server is part of the environment");
    QVERIFY(m_replica.start({QStringLiteral("--replicaof"), QStringLiteral("127.0.0.1"),
                             QString::number(m_single.port())}));
    QVERIFY(m_sentinel.start(
        {QStringLiteral("sentinel monitor main 127.0.0.1 %1 1").arg(m_single.port())},
        RedisServer::Kind::Sentinel));
    constexpr std::array<std::pair<const char *, const char *>, 3> kSlots{
        {{"0", "5000"}, {"5001", "11000"}, {"11001", "16383"}}};
    for (std::size_t i = 0; i < m_cluster.size(); ++i) {
        QVERIFY(m_cluster[i].start({}, RedisServer::Kind::Cluster));
        QCOMPARE(
            m_cluster[i].command({"CLUSTER", "ADDSLOTSRANGE", kSlots[i].first, kSlots[i].second}),
            std::string("OK"));
        QCOMPARE(m_cluster[0].command(
                     {"CLUSTER", "MEET", "127.0.0.1", std::to_string(m_cluster[i].port()).c_str()}),
                 std::string("OK"));
    }
    for (const RedisServer &node : m_cluster) {
        QVERIFY(node.eventually({"CLUSTER", "INFO"}, "cluster_state:ok"));
        QVERIFY(node.eventually({"CLUSTER", "INFO"}, "cluster_known_nodes:3"));
    }
}

void tst_RedisLimits::init()
{
    QCOMPARE(m_single.command({"FLUSHALL"}), std::string("OK"));
    for (const RedisServer &node : m_cluster)
        QCOMPARE(node.command({"FLUSHALL"}), std::string("OK"));
}

std::string tst_RedisLimits::store(const QByteArray &policy) const
{
    if (policy == "redis")
        return single();
    if (policy == "redis-cluster") // two of three: the third is learnt of
        return std::format(R"("policy": "redis-cluster", "redis_cluster_name": "c",
            "redis_cluster_nodes": ["127.0.0.1:{}", "127.0.0.1:{}"], "redis_timeout": 30000)",
                           m_cluster[0].port(), m_cluster[1].port());
    return std::format(R"("policy": "redis-sentinel", "redis_master_name": "main",
        "redis_connect_timeout": 30000, "redis_read_timeout": 30000,
        "redis_sentinels": [{{"host": "127.0.0.1", "port": {}}}])",
                       m_sentinel.port());
}

std::string tst_RedisLimits::valueOf(const QByteArray &policy, const std::string &key) const
{
    if (policy != "redis-cluster")
        return m_single.command({"GET", key.c_str()});
    return m_cluster[0].command({"GET", key.c_str()}, {QStringLiteral("-c")});
}

void tst_RedisLimits::countsInEveryKindOfStore_data() { policies(); }

void tst_RedisLimits::countsInEveryKindOfStore()
{
    QFETCH(QByteArray, policy);
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    // many keys, so that a cluster's nodes all get some
    for (int i = 0; i < 12; ++i) {
        const std::string id = std::format("r{}", i);
        QVERIFY(limited.route(id,
                              std::format(R"("count": 2, "time_window": 600, "group": "g{}",
            "key_type": "constant", "key": "k", {})",
                                          i, store(policy))));
        const RawMessage first = limited.get(id);
        QCOMPARE(first.status(), 200);
        QCOMPARE(first.header("X-RateLimit-Limit"), std::string("2"));
        QCOMPARE(first.header("X-RateLimit-Remaining"), std::string("1"));
        QCOMPARE(first.header("X-RateLimit-Reset"), std::string("600"));
        QCOMPARE(limited.quota(id), std::string("200 2 0"));
        QCOMPARE(limited.quota(id), std::string("503 2 0"));
        QCOMPARE(valueOf(policy, std::format("plugin-limit-count:v1:g{}:k", i)), std::string("3"));
    }
}

void tst_RedisLimits::slidesInEveryKindOfStore_data() { policies(); }

void tst_RedisLimits::slidesInEveryKindOfStore()
{
    QFETCH(QByteArray, policy);
    LimitedGateway limited;
    limited.gateway.options.clockMode = Clock::Mode::Frozen;
    limited.gateway.options.clockStart = Timestamp(std::chrono::seconds(1'800'000'000));
    QVERIFY(limited.gateway.start());
    Clock &clock = limited.gateway.gateway().clock();
    QVERIFY(limited.route("a",
                          std::format(R"("count": 4, "time_window": 100, "group": "s",
        "window_type": "sliding", "key_type": "constant", "key": "k", {})",
                                      store(policy))));
    for (const char *expected : {"200 4 3", "200 4 2", "200 4 1", "200 4 0", "503 4 0"})
        QCOMPARE(limited.quota("a"), std::string(expected));
    QCOMPARE(valueOf(policy, "plugin-limit-count:s:k.18000000.counter"), std::string("4"));
    // 50 s into the next window half of the four still count
    QVERIFY(clock.advance(std::chrono::seconds(150)).has_value());
    for (const char *expected : {"200 4 1", "200 4 0"})
        QCOMPARE(limited.quota("a"), std::string(expected));
    const RawMessage refused = limited.get("a");
    QCOMPARE(refused.status(), 503);
    // at a rate of 4 in 100 s the estimate is at its limit now: there is room at once
    QCOMPARE(refused.header("X-RateLimit-Reset"), std::string("0"));
    QCOMPARE(valueOf(policy, "plugin-limit-count:s:k.18000001.counter"), std::string("2"));
}

void tst_RedisLimits::keepsTheOriginalsKeys()
{
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a", R"("count": 5, "time_window": 60, )" + single()));
    QVERIFY(limited.route(
        "b", R"("count": 5, "time_window": 60, "window_type": "sliding", )" + single()));
    QCOMPARE(limited.get("a").status(), 200);
    QCOMPARE(limited.get("b").status(), 200);
    const QRegularExpression fixed(
        QStringLiteral("^plugin-limit-count:v1:/apisix/routes/a:[0-9]+:127\\.0\\.0\\.1$"));
    const QRegularExpression sliding(QStringLiteral(
        "^plugin-limit-count:/apisix/routes/b:[0-9]+:127\\.0\\.0\\.1\\.[0-9]+\\.counter$"));
    const std::string first = m_single.command({"KEYS", "plugin-limit-count:v1:*"});
    const std::string second = m_single.command({"KEYS", "*.counter"});
    QVERIFY2(fixed.match(QString::fromStdString(first)).hasMatch(), first.c_str());
    QVERIFY2(sliding.match(QString::fromStdString(second)).hasMatch(), second.c_str());
    // TTL: the window, and twice the window
    const int left = std::stoi(m_single.command({"TTL", first.c_str()}));
    QVERIFY(left > 0 && left <= 60);
    const int leftSliding = std::stoi(m_single.command({"TTL", second.c_str()}));
    QVERIFY(leftSliding > 60 && leftSliding <= 120);
}

void tst_RedisLimits::sendsAScriptOnce()
{
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a", R"("count": 50, "time_window": 60, )" + single()));
    QCOMPARE(m_single.command({"SCRIPT", "FLUSH"}), std::string("OK"));
    QCOMPARE(m_single.command({"CONFIG", "RESETSTAT"}), std::string("OK"));
    for (int i = 0; i < 10; ++i)
        QCOMPARE(limited.get("a").status(), 200);
    const std::string stats = m_single.command({"INFO", "commandstats"});
    QVERIFY2(stats.contains("cmdstat_eval:calls=1,"), stats.c_str());
    QVERIFY2(stats.contains("cmdstat_evalsha:calls=10,"), stats.c_str());
}

void tst_RedisLimits::twoGatewaysShareALimitExactly_data() { policies(); }

// Acceptance 4 of the APISIX face.
void tst_RedisLimits::twoGatewaysShareALimitExactly()
{
    QFETCH(QByteArray, policy);
    LimitedGateway one, other;
    for (LimitedGateway *each : {&one, &other}) {
        each->gateway.options.workers = 2;
        QVERIFY(each->gateway.start());
        QVERIFY(each->route("a", R"("count": 3777, "time_window": 3600, )" + store(policy)));
    }
    QCOMPARE(flood({one.gateway.proxyPort(), other.gateway.proxyPort()}, "/a", 10'000), 3777);
}

void tst_RedisLimits::slidingLimitsAreSharedExactly()
{
    LimitedGateway one, other;
    for (LimitedGateway *each : {&one, &other}) {
        each->gateway.options.workers = 2;
        each->gateway.options.clockMode = Clock::Mode::Frozen;
        each->gateway.options.clockStart = Timestamp(std::chrono::seconds(1'800'000'000));
        QVERIFY(each->gateway.start());
        QVERIFY(each->route(
            "a", R"("count": 555, "time_window": 3600, "window_type": "sliding", )" + single()));
    }
    QCOMPARE(flood({one.gateway.proxyPort(), other.gateway.proxyPort()}, "/a", 2000), 555);
}

void tst_RedisLimits::logsIn_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("reason"); // in the trace
    QTest::addColumn<QByteArray>("fix");
    const auto row = [](const char *name, const char *members, int status, const char *reason,
                        const char *fix) {
        QTest::newRow(name) << QByteArray(members) << status << QByteArray(reason)
                            << QByteArray(fix);
    };
    row("4.7 redis_password", R"(, "redis_password": "top-secret")", 200, "", "");
    row("4.7 redis_username", R"(, "redis_username": "limiter", "redis_password": "user-secret")",
        200, "", "");
    row("4.7 redis_database", R"(, "redis_password": "top-secret", "redis_database": 3)", 200, "",
        "");
    row("4.7 no password", "", 500, "NOAUTH", "set redis_password");
    row("4.7 wrong password", R"(, "redis_password": "wrong-secret")", 500, "WRONGPASS",
        "correct redis_username and redis_password");
    row("4.7 no such database", R"(, "redis_password": "top-secret", "redis_database": 99)", 500,
        "DB index is out of range", "");
    row("4.7 a user without rights",
        R"(, "redis_username": "nobody", "redis_password": "none-secret")", 500, "NOPERM",
        "let the Redis user run");
    row("5.4 a password from the environment", R"(, "redis_password": "$env://REDIS_SECRET")", 200,
        "", "");
}

void tst_RedisLimits::logsIn()
{
    QFETCH(QByteArray, members);
    QFETCH(int, status);
    QFETCH(QByteArray, reason);
    QFETCH(QByteArray, fix);
    qputenv("REDIS_SECRET", "top-secret");
    RedisServer server;
    QVERIFY(server.start({QStringLiteral("--requirepass"), QStringLiteral("top-secret")}));
    const QStringList admin{QStringLiteral("-a"), QStringLiteral("top-secret")};
    QCOMPARE(server.command({"ACL", "SETUSER", "limiter", "on", ">user-secret",
                             "~plugin-limit-count:*", "+@scripting", "+@read", "+@write"},
                            admin),
             std::string("OK"));
    QCOMPARE(server.command({"ACL", "SETUSER", "nobody", "on", ">none-secret"}, admin),
             std::string("OK"));
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a",
                          std::format(R"("count": 2, "time_window": 60, "policy": "redis",
        "redis_host": "localhost", "redis_port": {}, "redis_timeout": 30000{})",
                                      server.port(), members.toStdString())));
    const RawMessage answer = limited.get("a");
    QCOMPARE(answer.status(), status);
    if (status != 200) {
        QCOMPARE(answer.body, std::string("{\"error_msg\":\"failed to limit count\"}\n"));
        QTRY_VERIFY_WITH_TIMEOUT(limited.lastTrace().contains("limit-store"), 20'000);
        const std::string trace = limited.lastTrace();
        QVERIFY2(trace.contains(reason.toStdString()), trace.c_str());
        QVERIFY2(trace.contains(fix.toStdString()), trace.c_str());
        QVERIFY2(trace.contains(std::format("localhost:{}", server.port()))
                     || trace.contains(std::format("127.0.0.1:{}", server.port())),
                 trace.c_str());
        QVERIFY2(!trace.contains("-secret"), trace.c_str());
    }
    if (members.contains("redis_database\": 3"))
        QVERIFY(server.command({"INFO", "keyspace"}, admin).contains("db3:keys=1"));
    // 1.14: what is shown and stored is not the password
    const std::string shown = limited.gateway.admin("GET", "/routes/a").body;
    QVERIFY(shown.contains("redis_host"));
}

void tst_RedisLimits::speaksTls_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<bool>("trusted"); // the server's certificate is from the authority we trust
    QTest::addColumn<int>("status");
    QTest::newRow("4.7 redis_ssl") << QByteArray(R"(, "redis_ssl": true)") << false << 200;
    QTest::newRow("4.7 redis_ssl_verify")
        << QByteArray(R"(, "redis_ssl": true, "redis_ssl_verify": true)") << true << 200;
    QTest::newRow("4.7 redis_ssl_verify, not trusted")
        << QByteArray(R"(, "redis_ssl": true, "redis_ssl_verify": true)") << false << 500;
    QTest::newRow("4.7 redis_ssl_verify, ssl_trusted_certificate")
        << QByteArray(R"(, "redis_ssl": true, "redis_ssl_verify": true)") << false << 200;
    QTest::newRow("4.7 no redis_ssl") << QByteArray() << true << 500;
}

void tst_RedisLimits::speaksTls()
{
    QFETCH(QByteArray, members);
    QFETCH(bool, trusted);
    QFETCH(int, status);
    // what is trusted is read once in a process
    static QTemporaryDir folder;
    static const TlsIdentity authority = makeAuthority("trusted"),
                             stranger = makeAuthority("stranger");
    const auto write = [](const char *name, const std::string &octets) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::WriteOnly)
            && file.write(octets.data(), static_cast<qint64>(octets.size())) > 0;
    };
    QVERIFY(write("ca.pem", authority.pem()));
    qputenv("SSL_CERT_FILE", folder.filePath(QStringLiteral("ca.pem")).toUtf8());
    const TlsIdentity identity = issue(trusted ? authority : stranger);
    QVERIFY(write("server.pem", identity.pem()));
    QVERIFY(write("server.key", writePem(identity.key, true).value_or("")));
    RedisServer server;
    QVERIFY(server.start(
        {QStringLiteral("--tls-cert-file"), folder.filePath(QStringLiteral("server.pem")),
         QStringLiteral("--tls-key-file"), folder.filePath(QStringLiteral("server.key")),
         QStringLiteral("--tls-ca-cert-file"), folder.filePath(QStringLiteral("ca.pem")),
         QStringLiteral("--tls-auth-clients"), QStringLiteral("no")},
        RedisServer::Kind::Tls));
    if (status == 200)
        members += R"(, "redis_timeout": 30000)";
    LimitedGateway limited;
    if (QByteArray(QTest::currentDataTag()).contains("ssl_trusted_certificate")) {
        QVERIFY(write("stranger.pem", stranger.pem()));
        limited.gateway.options.trustedCertificates =
            folder.filePath(QStringLiteral("stranger.pem")).toStdString();
    }
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a",
                          std::format(R"("count": 20, "time_window": 60, "policy": "redis",
        "redis_host": "127.0.0.1", "redis_port": {}{})",
                                      server.port(), members.toStdString())));
    for (int i = 0; i < 5; ++i)
        QCOMPARE(limited.get("a").status(), status);
    if (status == 200)
        QCOMPARE(limited.quota("a"), std::string("200 20 14"));
}

void tst_RedisLimits::closesIdleConnections()
{
    RedisServer server; // of its own: nobody else connects
    QVERIFY(server.start());
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a",
                          std::format(R"("count": 20, "time_window": 60, "policy": "redis",
        "redis_host": "127.0.0.1", "redis_port": {}, "redis_keepalive_timeout": 50,
        "redis_timeout": 5000)",
                                      server.port())));
    QCOMPARE(limited.quota("a"), std::string("200 20 19"));
    QVERIFY(server.eventually({"INFO", "clients"}, "connected_clients:1\r")); // redis-cli itself
    QCOMPARE(limited.quota("a"), std::string("200 20 18"));
}

void tst_RedisLimits::followsSlotsThatMove()
{
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a",
                          R"("count": 50, "time_window": 600, "group": "moving",
        "key_type": "constant", "key": "k", )"
                              + store("redis-cluster")));
    QCOMPARE(limited.quota("a"), std::string("200 50 49"));
    const std::string key = "plugin-limit-count:v1:moving:k";
    const std::string slot = m_cluster[0].command({"CLUSTER", "KEYSLOT", key.c_str()});
    const int number = std::stoi(slot);
    RedisServer &from = m_cluster[number <= 5000 ? 0 : number <= 11000 ? 1 : 2];
    RedisServer &to = m_cluster[number <= 5000 ? 1 : number <= 11000 ? 2 : 0];
    const std::string fromId = from.command({"CLUSTER", "MYID"});
    const std::string toId = to.command({"CLUSTER", "MYID"});
    QCOMPARE(to.command({"CLUSTER", "SETSLOT", slot.c_str(), "IMPORTING", fromId.c_str()}),
             std::string("OK"));
    QCOMPARE(from.command({"CLUSTER", "SETSLOT", slot.c_str(), "MIGRATING", toId.c_str()}),
             std::string("OK"));
    QCOMPARE(limited.quota("a"), std::string("200 50 48")); // the key is still there
    QCOMPARE(from.command({"MIGRATE", "127.0.0.1", std::to_string(to.port()).c_str(), key.c_str(),
                           "0", "5000"}),
             std::string("OK"));
    QCOMPARE(limited.quota("a"), std::string("200 50 47")); // ASK
    for (const RedisServer *node : {&to, &from})
        QCOMPARE(node->command({"CLUSTER", "SETSLOT", slot.c_str(), "NODE", toId.c_str()}),
                 std::string("OK"));
    QCOMPARE(limited.quota("a"), std::string("200 50 46")); // MOVED
    QCOMPARE(limited.quota("a"), std::string("200 50 45"));
}

void tst_RedisLimits::appliesEveryRule()
{
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a",
                          R"("rules": [
        {"count": 2, "time_window": 60, "key": "$http_user"},
        {"count": 5, "time_window": 60, "key": "$remote_addr", "header_prefix": "Addr"}], )"
                              + single()));
    const auto ask = [&limited](std::string_view user) {
        const RawMessage answer = limited.gateway.ask(
            std::format("GET /a HTTP/1.1\r\nHost: a.example\r\nUser: {}\r\n\r\n", user));
        return std::format("{} {} {}", answer.status(), answer.header("X-1-RateLimit-Remaining"),
                           answer.header("X-Addr-RateLimit-Remaining"));
    };
    QCOMPARE(ask("jack"), std::string("200 1 4"));
    QCOMPARE(ask("jack"), std::string("200 0 3"));
    QCOMPARE(ask("jack"), std::string("503 0 -"));
    QCOMPARE(ask("jane"), std::string("200 1 2"));
}

void tst_RedisLimits::tellsTheStoreFromTimeToTime()
{
    LimitedGateway one, other;
    for (LimitedGateway *each : {&one, &other}) {
        QVERIFY(each->gateway.start());
        QVERIFY(each->route("a",
                            R"("count": 10, "time_window": 600, "group": "d",
            "key_type": "constant", "key": "k", "sync_interval": 0.1, )"
                                + single()));
    }
    const auto stored = [this] { return m_single.command({"GET", "plugin-limit-count:v1:d:k"}); };
    QCOMPARE(one.quota("a"), std::string("200 10 9"));
    for (int i = 8; i >= 5; --i)
        QCOMPARE(one.quota("a"), std::format("200 10 {}", i));
    QTRY_COMPARE_WITH_TIMEOUT(stored(), std::string("5"), 30'000);
    // the other one learns of it when it asks first
    QCOMPARE(other.quota("a"), std::string("200 10 4"));
    QTRY_COMPARE_WITH_TIMEOUT(stored(), std::string("6"), 30'000);
    // and the first one with its own next telling, after a request
    QCOMPARE(one.get("a").status(), 200);
    QTRY_COMPARE_WITH_TIMEOUT(stored(), std::string("7"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(one.quota("a").substr(0, 6), std::string("503 10"), 30'000);
}

void tst_RedisLimits::looksNamesUp()
{
    LimitedGateway limited;
    QVERIFY(limited.gateway.start());
    QVERIFY(limited.route("a", R"("count": 2, "time_window": 60, "policy": "redis",
        "redis_host": "no-such-host.invalid", "redis_timeout": 20000)"));
    QCOMPARE(limited.get("a").status(), 500);
    QTRY_VERIFY_WITH_TIMEOUT(limited.lastTrace().contains("the name is not known"), 20'000);
}

QTEST_GUILESS_MAIN(tst_RedisLimits)
#include "tst_redis_limits.moc"
