// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/remote/redis_settings.h"
#include "gateway/remote/redis_slots.h"

#include <QTest>

#include <string>

using namespace postern;
using namespace postern::gateway;

// What clients of Redis must know by themselves: addresses, hash slots, redirections.
class tst_RedisSlots : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hashesKeys_data();
    void hashesKeys();
    void readsAddresses_data();
    void readsAddresses();
    void readsRedirections_data();
    void readsRedirections();
    void readsSlotRanges();
    void readsSettings_data();
    void readsSettings();
};

void tst_RedisSlots::hashesKeys_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("slot");
    // what CLUSTER KEYSLOT of Redis 8 says
    QTest::newRow("the specification's check value") << QByteArray("123456789") << 12739;
    QTest::newRow("foo") << QByteArray("foo") << 12182;
    QTest::newRow("empty") << QByteArray("") << 0;
    QTest::newRow("a tag") << QByteArray("{foo}.bar") << 12182;
    QTest::newRow("the first tag only") << QByteArray("x{foo}{bar}") << 12182;
    QTest::newRow("an empty tag is none") << QByteArray("{}foo") << 9500;
    QTest::newRow("an open tag is none") << QByteArray("{foo") << 13308;
}

void tst_RedisSlots::hashesKeys()
{
    QFETCH(QByteArray, key);
    QFETCH(int, slot);
    QCOMPARE(static_cast<int>(redisSlot(key.toStdString())), slot);
}

void tst_RedisSlots::readsAddresses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown"); // empty: refused
    QTest::newRow("4.7 host:port") << QByteArray("127.0.0.1:7000") << QByteArray("127.0.0.1:7000");
    QTest::newRow("host") << QByteArray("redis.example") << QByteArray("redis.example:6379");
    QTest::newRow("IPv6") << QByteArray("[::1]:7000") << QByteArray("[::1]:7000");
    QTest::newRow("IPv6, no port") << QByteArray("[::1]") << QByteArray("[::1]:6379");
    QTest::newRow("nothing") << QByteArray("") << QByteArray();
    QTest::newRow("only a port") << QByteArray(":7000") << QByteArray();
    QTest::newRow("port 0") << QByteArray("h:0") << QByteArray();
    QTest::newRow("port 65536") << QByteArray("h:65536") << QByteArray();
    QTest::newRow("a port that is none") << QByteArray("h:70x") << QByteArray();
    QTest::newRow("a huge port") << QByteArray("h:99999999999999999999") << QByteArray();
    QTest::newRow("an open bracket") << QByteArray("[::1") << QByteArray();
}

void tst_RedisSlots::readsAddresses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, shown);
    const auto address = parseRedisAddress(text.toStdString());
    QCOMPARE(address ? QByteArray::fromStdString(address->text()) : QByteArray(), shown);
}

void tst_RedisSlots::readsRedirections_data()
{
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<QByteArray>("read"); // empty: none
    QTest::newRow("MOVED") << QByteArray("MOVED 3999 127.0.0.1:6381")
                           << QByteArray("3999 127.0.0.1:6381");
    QTest::newRow("ASK") << QByteArray("ASK 3999 127.0.0.1:6381")
                         << QByteArray("ask 3999 127.0.0.1:6381");
    QTest::newRow("the same host")
        << QByteArray("MOVED 3999 :6381") << QByteArray("3999 asked:6381");
    QTest::newRow("IPv6 as Redis writes it")
        << QByteArray("MOVED 0 ::1:6381") << QByteArray("0 [::1]:6381");
    QTest::newRow("another error") << QByteArray("MOVEDX 1 h:1") << QByteArray();
    QTest::newRow("no address") << QByteArray("MOVED 3999") << QByteArray();
    QTest::newRow("no such slot") << QByteArray("MOVED 16384 h:1") << QByteArray();
    QTest::newRow("no number") << QByteArray("MOVED x h:1") << QByteArray();
    QTest::newRow("no port") << QByteArray("MOVED 1 h:x") << QByteArray();
    QTest::newRow("empty") << QByteArray("") << QByteArray();
}

void tst_RedisSlots::readsRedirections()
{
    QFETCH(QByteArray, error);
    QFETCH(QByteArray, read);
    RedisValue value;
    value.type = RedisValue::Type::Error;
    value.text = error.toStdString();
    const auto redirect = parseRedisRedirect(value, {"asked", 6379});
    std::string shown;
    if (redirect)
        shown = (redirect->ask ? "ask " : "") + std::to_string(redirect->slot) + " "
            + redirect->to.text();
    QCOMPARE(QByteArray::fromStdString(shown), read);
}

void tst_RedisSlots::readsSlotRanges()
{
    const auto integer = [](std::int64_t number) {
        RedisValue value;
        value.type = RedisValue::Type::Integer;
        value.integer = number;
        return value;
    };
    const auto list = [](std::vector<RedisValue> items) {
        RedisValue value;
        value.type = RedisValue::Type::Array;
        value.items = std::move(items);
        return value;
    };
    RedisValue host;
    host.type = RedisValue::Type::Text;
    host.text = "10.0.0.1";
    const RedisValue named = list({host, integer(7000)}),
                     unnamed = list({RedisValue(), integer(7001)});
    const auto ranges = parseRedisSlots(
        list({list({integer(0), integer(9), named}), list({integer(10), integer(16383), unnamed})}),
        {"asked", 1});
    QVERIFY(ranges.has_value());
    QCOMPARE(ranges->size(), std::size_t(2));
    QVERIFY(ranges->at(0) == (RedisSlotRange{0, 9, {"10.0.0.1", 7000}}));
    QVERIFY(ranges->at(1) == (RedisSlotRange{10, 16383, {"asked", 7001}}));
    for (const RedisValue &bad :
         {RedisValue(), list({}), list({integer(1)}), list({list({integer(0), integer(1)})}),
          list({list({integer(5), integer(4), named})}),
          list({list({integer(0), integer(16384), named})}),
          list({list({integer(-1), integer(4), named})}),
          list({list({integer(0), integer(4), list({host, integer(0)})})})})
        QVERIFY(!parseRedisSlots(bad, {"asked", 1}));
}

void tst_RedisSlots::readsSettings_data()
{
    QTest::addColumn<QByteArray>("policy");
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("timeout");
    QTest::addColumn<int>("idle");
    QTest::newRow("4.7 redis") << QByteArray("redis") << QByteArray(R"({"redis_host":"h"})")
                               << QByteArray("h:6379") << 1000 << 10'000;
    QTest::newRow("4.7 redis, all")
        << QByteArray("redis")
        << QByteArray(R"({"redis_host":"h","redis_port":7,"redis_timeout":50,)"
                      R"("redis_keepalive_timeout":70})")
        << QByteArray("h:7") << 50 << 70;
    QTest::newRow("4.7 redis-cluster")
        << QByteArray("redis-cluster")
        << QByteArray(R"({"redis_cluster_nodes":["a:1","b:2"],"redis_cluster_name":"c"})")
        << QByteArray("a:1, b:2") << 1000 << 10'000;
    QTest::newRow("4.7 redis-sentinel")
        << QByteArray("redis-sentinel")
        << QByteArray(R"({"redis_sentinels":[{"host":"a","port":1}],"redis_master_name":"m",)"
                      R"("redis_read_timeout":20})")
        << QByteArray("a:1") << 20 << 60'000;
    QTest::newRow("4.7 a node that is none")
        << QByteArray("redis-cluster") << QByteArray(R"({"redis_cluster_nodes":["a:x"]})")
        << QByteArray() << 0 << 0;
    QTest::newRow("4.7 a port that is none")
        << QByteArray("redis") << QByteArray(R"({"redis_host":"h","redis_port":70000})")
        << QByteArray() << 0 << 0;
}

void tst_RedisSlots::readsSettings()
{
    QFETCH(QByteArray, policy);
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, text);
    QFETCH(int, timeout);
    QFETCH(int, idle);
    auto json = *parseJson(config.toStdString());
    const auto settings = readRedisSettings(json, policy.toStdString());
    QCOMPARE(settings ? QByteArray::fromStdString(settings->text()) : QByteArray(), text);
    if (!settings)
        return;
    QCOMPARE(static_cast<int>(settings->timeout.count()), timeout);
    QCOMPARE(static_cast<int>(settings->idle.count()), idle);
    // who connects with another password shares nothing, and the password is not in the name
    json.set("redis_password", Json("tell-nobody"));
    const auto other = readRedisSettings(json, policy.toStdString());
    QVERIFY(other && other->identity != settings->identity);
    QVERIFY(!other->identity.contains("tell-nobody"));
}

QTEST_GUILESS_MAIN(tst_RedisSlots)
#include "tst_redis_slots.moc"
