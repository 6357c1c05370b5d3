// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/plugins/common/limit_counters.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

#include <atomic>
#include <format>
#include <memory>
#include <thread>
#include <vector>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

// Numbers name sections of apisix.md; J-90 and so on rows of the jwt-auth document.
class tst_LimitCount : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesConfigurations_data();
    void refusesConfigurations();
    void countsInAFixedWindow();
    void slidesWithTheWallClock();
    void rejects_data();
    void rejects();
    void keepsSeparateCounters_data();
    void keepsSeparateCounters();
    void evaluatesVariables();
    void appliesRules();
    void countsNothingWhenARuleCannotBe();
    void appliesARuleWithADefault();
    void sharesAGroup();
    void sharesTheLimitOfAParent_data();
    void sharesTheLimitOfAParent();
    void sharesTheLimitOfAConsumerGroup();
    void keepsTheCountWhileTheConfigurationStays();
    void countsPerConsumer();
    void grantsExactlyTheQuotaToManyThreads();
    void forgetsWhatIsOver();
    void explains();
    void fillsInDefaults();
    void namesHeadersByMetadata();
    void showsSecondsWithTwoDecimals_data();
    void showsSecondsWithTwoDecimals();
    void failsWithoutAWorkerToAsk();
};

namespace {

constexpr const char *kUpstream = R"("upstream":{"nodes":{"n:1":1}})";

std::string routeWith(std::string_view config, std::string_view more = {})
{
    return std::format(R"({{"uri":"/a","plugins":{{"limit-count":{}{}}},{}}})", config, more,
                       kUpstream);
}

/// "limit remaining reset" of the reply.
std::string quota(const PipelineFixture &gateway)
{
    return std::format("{} {} {}", gateway.replyHeader("X-RateLimit-Limit"),
                       gateway.replyHeader("X-RateLimit-Remaining"),
                       gateway.replyHeader("X-RateLimit-Reset"));
}

/// How many of `calls` requests were let through.
int passed(PipelineFixture &gateway, int calls, PipelineFixture::Headers headers = {})
{
    int count = 0;
    for (int i = 0; i < calls; ++i)
        count += gateway.get("/a", headers) == 200 ? 1 : 0;
    return count;
}

} // namespace

void tst_LimitCount::refusesConfigurations_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("message"); // behind "failed to check ... err: "; empty: sound
    const auto row = [](const char *name, const char *config, const char *message) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(message);
    };
    row("4.7: count and time_window", R"({"count":2,"time_window":60})", "");
    row("4.7: from variables", R"({"count":"${http_x ?? 3}","time_window":"$arg_t"})", "");
    row("4.7: nothing", "{}", "value should match only one schema, but matches none");
    row("4.7: no time_window", R"({"count":2})",
        "value should match only one schema, but matches none");
    row("4.7: count of zero", R"({"count":0,"time_window":60})",
        "property \"count\" validation failed: value should match only one schema, but matches "
        "none");
    row("4.7: both styles",
        R"({"count":2,"time_window":60,"rules":[{"count":1,"time_window":1,"key":"$uri"}]})",
        "count/time_window and rules cannot be specified at the same time");
    row("4.7: the same key twice",
        R"({"rules":[{"count":1,"time_window":1,"key":"$uri"},)"
        R"({"count":2,"time_window":2,"key":"$uri"}]})",
        "duplicate key '$uri' in rules");
    row("4.7: group with rules",
        R"({"group":"g","rules":[{"count":1,"time_window":1,"key":"$uri"}]})",
        "group and rules cannot be specified at the same time");
    row("4.7: rejected_code", R"({"count":2,"time_window":60,"rejected_code":199})",
        "property \"rejected_code\" validation failed: expected 199 to be at least 200");
    row("4.7: window_type", R"({"count":2,"time_window":60,"window_type":"jumping"})",
        "property \"window_type\" validation failed: matches none of the enum values");
    const auto policy = [&row](const char *name, const char *members, const char *message) {
        row(name, (std::string(R"({"count":2,"time_window":60,)") + members + "}").c_str(),
            message);
    };
    policy("4.7: redis", R"("policy":"redis","redis_host":"127.0.0.1")", "");
    policy("4.7: redis without redis_host", R"("policy":"redis")", "then clause did not match");
    policy("4.7: redis_port", R"("policy":"redis","redis_host":"127.0.0.1","redis_port":0)",
           "then clause did not match");
    policy("4.7: redis_timeout", R"("policy":"redis","redis_host":"127.0.0.1","redis_timeout":0)",
           "then clause did not match");
    policy("4.7: redis, all members",
           R"("policy":"redis","redis_host":"127.0.0.1","redis_port":1,"redis_username":"u",
              "redis_password":"p","redis_database":1,"redis_timeout":1,"redis_ssl":true,
              "redis_ssl_verify":true,"redis_keepalive_timeout":1,"redis_keepalive_pool":1)",
           "");
    policy(
        "4.7: redis-cluster",
        R"("policy":"redis-cluster","redis_cluster_nodes":["127.0.0.1:1"],"redis_cluster_name":"c")",
        "");
    policy("4.7: redis-cluster without nodes",
           R"("policy":"redis-cluster","redis_cluster_name":"c")", "else clause did not match");
    policy("4.7: redis-cluster without name",
           R"("policy":"redis-cluster","redis_cluster_nodes":["127.0.0.1:1"])",
           "else clause did not match");
    policy("4.7: redis-cluster with no node",
           R"("policy":"redis-cluster","redis_cluster_nodes":[],"redis_cluster_name":"c")",
           "else clause did not match");
    policy("4.7: redis-sentinel",
           R"("policy":"redis-sentinel","redis_sentinels":[{"host":"127.0.0.1","port":1}],
              "redis_master_name":"m","redis_role":"slave","sentinel_username":"u",
              "sentinel_password":"p")",
           "");
    policy("4.7: redis-sentinel without sentinels",
           R"("policy":"redis-sentinel","redis_master_name":"m")", "else clause did not match");
    policy("4.7: redis-sentinel without master name",
           R"("policy":"redis-sentinel","redis_sentinels":[{"host":"127.0.0.1","port":1}])",
           "else clause did not match");
    policy("4.7: redis_role",
           R"("policy":"redis-sentinel","redis_sentinels":[{"host":"127.0.0.1","port":1}],
              "redis_master_name":"m","redis_role":"king")",
           "else clause did not match");
    policy("4.7: an unknown policy", R"("policy":"paper")",
           "property \"policy\" validation failed: matches none of the enum values");
    policy("4.7: sync_interval off", R"("policy":"redis","redis_host":"h1","sync_interval":-1)",
           "");
    policy("4.7: sync_interval", R"("policy":"redis","redis_host":"h1","sync_interval":0.1)", "");
    policy("4.7: sync_interval too short",
           R"("policy":"redis","redis_host":"h1","sync_interval":0.09)",
           "sync_interval should not be smaller than 0.1");
    policy("4.7: sync_interval as long as the window",
           R"("policy":"redis","redis_host":"h1","sync_interval":60)",
           "sync_interval should be smaller than time_window");
    policy("4.7: sync_interval of a local policy", R"("sync_interval":0.01)", "");
}

void tst_LimitCount::refusesConfigurations()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, message);
    Json parsed = *parseJson(config.toStdString());
    const Result<void> sound = checkPluginConfig("limit-count", parsed, false);
    QCOMPARE(sound ? QByteArray() : QByteArray::fromStdString(sound.error().detail),
             message.isEmpty()
                 ? message
                 : "failed to check the configuration of plugin limit-count err: " + message);
}

void tst_LimitCount::countsInAFixedWindow()
{
    PipelineFixture gateway;
    gateway.put("routes/1", routeWith(R"({"count":2,"time_window":30})"));
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(quota(gateway), std::string("2 1 30"));
    gateway.setTime(gateway.now + 10);
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(quota(gateway), std::string("2 0 20"));
    QCOMPARE(gateway.get("/a"), 503);
    QCOMPARE(quota(gateway), std::string("2 0 20"));
    gateway.setTime(gateway.now + 19);
    QCOMPARE(gateway.get("/a"), 503);
    gateway.setTime(gateway.now + 1); // 30 s after the first request
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(quota(gateway), std::string("2 1 30"));
}

void tst_LimitCount::slidesWithTheWallClock()
{
    LimitCounters counters;
    const auto at = [](double seconds) {
        return Timestamp(
            std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)));
    };
    const auto take = [&](double seconds) {
        return counters.takeSliding("k", 10, std::chrono::seconds(10), at(seconds)).granted;
    };
    for (int i = 0; i < 10; ++i)
        QVERIFY(take(1000));
    QVERIFY(!take(1009));
    // 5 s into the next window half of the ten still count
    int granted = 0;
    for (int i = 0; i < 10; ++i)
        granted += take(1015) ? 1 : 0;
    QCOMPARE(granted, 5);
    // a window without requests between forgets everything
    granted = 0;
    for (int i = 0; i < 20; ++i)
        granted += take(1035) ? 1 : 0;
    QCOMPARE(granted, 10);
}

void tst_LimitCount::rejects_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body"); // empty: the page of the status
    QTest::addColumn<bool>("quota");
    QTest::newRow("J-91: by default") << QByteArray() << 503 << QByteArray() << true;
    QTest::newRow("4.7: rejected_code")
        << QByteArray(R"(,"rejected_code":429)") << 429 << QByteArray() << true;
    QTest::newRow("4.7: rejected_msg")
        << QByteArray(R"(,"rejected_code":429,"rejected_msg":"slow \"down\"")") << 429
        << QByteArray("{\"error_msg\":\"slow \\\"down\\\"\"}\n") << true;
    QTest::newRow("4.7: no quota headers")
        << QByteArray(R"(,"show_limit_quota_header":false)") << 503 << QByteArray() << false;
}

void tst_LimitCount::rejects()
{
    QFETCH(QByteArray, members);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, quota);
    PipelineFixture gateway;
    gateway.put("routes/1",
                routeWith(R"({"count":1,"time_window":30)" + members.toStdString() + "}"));
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(gateway.get("/a"), status);
    QCOMPARE(gateway.exchange.reply.page, body.isEmpty());
    if (!body.isEmpty())
        QCOMPARE(gateway.body(), body.toStdString());
    QCOMPARE(gateway.replyHeader("X-RateLimit-Limit"), std::string(quota ? "1" : ""));
    QCOMPARE(gateway.replyHeader("X-RateLimit-Remaining"), std::string(quota ? "0" : ""));
}

void tst_LimitCount::keepsSeparateCounters_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("other"); // of three calls with another x, after three with the first
    QTest::newRow("by the client's address") << QByteArray() << 0;
    QTest::newRow("by a variable") << QByteArray(R"(,"key":"http_x")") << 2;
    QTest::newRow("by several") << QByteArray(
        R"(,"key_type":"var_combination","key":"$uri $http_x")")
                                << 2;
    QTest::newRow("by a constant") << QByteArray(R"(,"key_type":"constant","key":"http_x")") << 0;
    QTest::newRow("an absent variable stands for the address")
        << QByteArray(R"(,"key":"http_y")") << 0;
}

void tst_LimitCount::keepsSeparateCounters()
{
    QFETCH(QByteArray, key);
    QFETCH(int, other);
    PipelineFixture gateway;
    gateway.put("routes/1", routeWith(R"({"count":2,"time_window":30)" + key.toStdString() + "}"));
    QCOMPARE(passed(gateway, 3, {{"x", "one"}}), 2);
    QCOMPARE(passed(gateway, 3, {{"x", "two"}}), other);
}

void tst_LimitCount::evaluatesVariables()
{
    PipelineFixture gateway;
    gateway.put("routes/1",
                routeWith(R"({"count":"${http_x ?? 1}","time_window":"${http_w ?? 10}"})"));
    QCOMPARE(passed(gateway, 5, {{"x", "3"}}), 3);
    gateway.setTime(gateway.now + 10);
    QCOMPARE(passed(gateway, 5), 1);
    QCOMPARE(gateway.get("/a", {{"x", "many"}}), 500);
    QCOMPARE(gateway.failure(), std::string("limit-not-a-number"));
    QCOMPARE(gateway.get("/a", {{"x", "-1"}}), 500);
    for (const char *text : {"0", "1.5", "9007199254740992", "inf", "nan", "2 "})
        QVERIFY2(gateway.get("/a", {{"x", text}}) == 500, text);
    QCOMPARE(gateway.get("/a", {{"x", "9007199254740991"}}), 200);
    QCOMPARE(gateway.get("/a", {{"x", "1e2"}}), 200); // as Lua reads numbers
    QCOMPARE(gateway.replyHeader("X-RateLimit-Limit"), std::string("100"));
    QCOMPARE(gateway.get("/a", {{"x", "50.0"}, {"w", "0"}}), 500);
    gateway.put("routes/1",
                routeWith(R"({"count":"$http_x","time_window":10,"allow_degradation":true})"));
    QCOMPARE(gateway.get("/a"), 200);
}

void tst_LimitCount::appliesRules()
{
    PipelineFixture gateway;
    gateway.put("routes/1", routeWith(R"({"rules":[
        {"count":1,"time_window":10,"key":"$http_user"},
        {"count":2,"time_window":10,"key":"${http_team}","header_prefix":"Team"}]})"));
    QCOMPARE(gateway.get("/a"), 500);
    QCOMPARE(gateway.failure(), std::string("limit-rule-missing"));
    QCOMPARE(gateway.get("/a", {{"user", "u"}, {"team", "t"}}), 200);
    QCOMPARE(gateway.replyHeader("X-1-RateLimit-Remaining"), std::string("0"));
    QCOMPARE(gateway.replyHeader("X-Team-RateLimit-Remaining"), std::string("1"));
    QCOMPARE(gateway.get("/a", {{"user", "u"}, {"team", "t"}}), 503);
    QCOMPARE(gateway.get("/a", {{"team", "t"}}), 200);
    QCOMPARE(gateway.get("/a", {{"team", "t"}}), 503);
    // the same text under two keys is counted twice
    QCOMPARE(gateway.get("/a", {{"user", "same"}, {"team", "same"}}), 200);
    QCOMPARE(gateway.replyHeader("X-Team-RateLimit-Remaining"), std::string("1"));
    gateway.put("routes/1", routeWith(R"({"allow_degradation":true,"rules":[
        {"count":1,"time_window":10,"key":"$http_user"}]})"));
    QCOMPARE(gateway.get("/a"), 200);
}

void tst_LimitCount::countsNothingWhenARuleCannotBe()
{
    PipelineFixture gateway;
    gateway.put("routes/1", routeWith(R"({"rules":[
        {"count":2,"time_window":10,"key":"$http_user"},
        {"count":"$http_quota","time_window":10,"key":"$http_team"}]})"));
    QCOMPARE(gateway.get("/a", {{"user", "u"}, {"team", "t"}}), 500);
    QCOMPARE(gateway.failure(), std::string("limit-not-a-number"));
    QCOMPARE(gateway.get("/a", {{"user", "u"}}), 200); // the other one does not apply
    QCOMPARE(gateway.replyHeader("X-1-RateLimit-Remaining"), std::string("1"));
}

void tst_LimitCount::appliesARuleWithADefault()
{
    PipelineFixture gateway;
    gateway.put("routes/1", routeWith(R"({"rules":[
        {"count":1,"time_window":10,"key":"${http_project ?? apisix}"}]})"));
    QCOMPARE(gateway.get("/a", {{"project", "other"}}), 200);
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(gateway.get("/a"), 503);
    QCOMPARE(gateway.get("/a", {{"project", "apisix"}}), 503);
}

void tst_LimitCount::sharesAGroup()
{
    PluginEnv env;
    env.limitCounters = std::make_shared<LimitCounters>();
    PipelineFixture gateway(env);
    gateway.put("routes/1", routeWith(R"({"count":2,"time_window":30,"group":"g"})"));
    gateway.put("routes/2",
                std::format(R"({{"uri":"/b","plugins":{{"limit-count":)"
                            R"({{"count":2,"time_window":30,"group":"g"}}}},{}}})",
                            kUpstream));
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(gateway.get("/b"), 200);
    QCOMPARE(gateway.get("/a"), 503);
    QCOMPARE(gateway.get("/b"), 503);
}

void tst_LimitCount::sharesTheLimitOfAParent_data()
{
    QTest::addColumn<QByteArray>("parent");
    QTest::addColumn<QByteArray>("member");
    QTest::newRow("4.7: service") << QByteArray("services/p") << QByteArray("service_id");
    QTest::newRow("4.7: plugin config")
        << QByteArray("plugin_configs/p") << QByteArray("plugin_config_id");
}

void tst_LimitCount::sharesTheLimitOfAParent()
{
    QFETCH(const QByteArray, parent);
    QFETCH(const QByteArray, member);
    PluginEnv env;
    env.limitCounters = std::make_shared<LimitCounters>();
    PipelineFixture gateway(env);
    gateway.put(parent.toStdString(),
                R"({"plugins":{"limit-count":{"count":1,"time_window":30}}})");
    for (const char *path : {"/a", "/b"})
        gateway.put(std::format("routes{}", path),
                    std::format(R"({{"uri":"{}","plugins":{{}},"{}":"p",{}}})", path,
                                member.toStdString(), kUpstream));
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(gateway.get("/b"), 503); // the counter is the parent's, not the route's
}

void tst_LimitCount::sharesTheLimitOfAConsumerGroup() // 4.7
{
    PluginEnv env;
    env.limitCounters = std::make_shared<LimitCounters>();
    PipelineFixture gateway(env);
    gateway.put("routes/1",
                std::format(R"({{"uri":"/a","plugins":{{"key-auth":{{}}}},{}}})", kUpstream));
    gateway.put("consumer_groups/g", R"({"plugins":{"limit-count":{"count":1,"time_window":30}}})");
    for (const char *name : {"jack", "jill"})
        gateway.put(std::format("consumers/{}", name),
                    std::format(R"({{"username":"{0}","group_id":"g",)"
                                R"("plugins":{{"key-auth":{{"key":"{0}"}}}}}})",
                                name));
    QCOMPARE(gateway.get("/a", {{"apikey", "jack"}}), 200);
    QCOMPARE(gateway.get("/a", {{"apikey", "jill"}}), 503);
}

void tst_LimitCount::keepsTheCountWhileTheConfigurationStays()
{
    PluginEnv env;
    env.limitCounters = std::make_shared<LimitCounters>();
    PipelineFixture gateway(env);
    gateway.put("routes/1", routeWith(R"({"count":1,"time_window":30})"));
    QCOMPARE(gateway.get("/a"), 200);
    gateway.put(
        "routes/1",
        routeWith(R"({"count":1,"time_window":30})", R"(,"acl":{"_meta":{"disable":true}})"));
    QCOMPARE(gateway.get("/a"), 503);
    gateway.put("routes/1", routeWith(R"({"count":1,"time_window":31})"));
    QCOMPARE(gateway.get("/a"), 200);
}

// The document's last example: jack has three calls, who is anonymous has one.
void tst_LimitCount::countsPerConsumer()
{
    PluginEnv env;
    env.limitCounters = std::make_shared<LimitCounters>();
    PipelineFixture gateway(env);
    gateway.put("consumers/jack", R"({"username":"jack","plugins":{"key-auth":{"key":"k"},
        "limit-count":{"count":3,"time_window":30,"rejected_code":429}}})");
    gateway.put("consumers/anonymous", R"({"username":"anonymous","plugins":{
        "limit-count":{"count":1,"time_window":30,"rejected_code":429}}})");
    for (const char *path : {"/a", "/b"})
        gateway.put(std::format("routes{}", path),
                    std::format(R"({{"uri":"{}","plugins":{{"key-auth":)"
                                R"({{"anonymous_consumer":"anonymous"}}}},{}}})",
                                path, kUpstream));
    QCOMPARE(passed(gateway, 2, {{"apikey", "k"}}), 2);
    QCOMPARE(gateway.get("/b", {{"apikey", "k"}}), 200); // the same counter on another route
    QCOMPARE(gateway.get("/a", {{"apikey", "k"}}), 429);
    QCOMPARE(passed(gateway, 5), 1);
}

void tst_LimitCount::grantsExactlyTheQuotaToManyThreads()
{
    LimitCounters counters;
    std::atomic<int> granted = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int call = 0; call < 1000; ++call)
                granted +=
                    counters.takeFixed("k", 777, std::chrono::seconds(60), Timestamp()).granted;
        });
    threads.clear();
    QCOMPARE(granted.load(), 777);
}

void tst_LimitCount::forgetsWhatIsOver()
{
    LimitCounters counters;
    for (int i = 0; i < 200'000; ++i) {
        const Quota quota =
            counters.takeFixed(std::format("client {}", i), 1, std::chrono::seconds(1),
                               Timestamp(std::chrono::milliseconds(i)));
        QVERIFY(quota.granted);
    }
    QVERIFY2(counters.size() < 150'000, "counters of the past were thrown out");
}

void tst_LimitCount::explains()
{
    PipelineFixture gateway;
    gateway.put("routes/1", routeWith(R"({"count":1,"time_window":30})"));
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(gateway.get("/a"), 503);
    QCOMPARE(gateway.failure(), std::string("limit-reached"));
    QVERIFY(gateway.traceHolds("1 in 30 s"));
}

void tst_LimitCount::fillsInDefaults()
{
    Json config =
        *parseJson(R"({"count":2,"time_window":60,"policy":"redis","redis_host":"127.0.0.1"})");
    QVERIFY(checkPluginConfig("limit-count", config, false).has_value());
    for (const auto &[member, value] : {std::pair{"redis_port", 6379},
                                        {"redis_database", 0},
                                        {"redis_timeout", 1000},
                                        {"redis_keepalive_timeout", 10000},
                                        {"redis_keepalive_pool", 100},
                                        {"rejected_code", 503}}) {
        QVERIFY2(config.find(member), member);
        QCOMPARE(config.find(member)->asInteger().value_or(-1), value);
    }
    for (const char *member : {"redis_ssl", "redis_ssl_verify", "allow_degradation"})
        QVERIFY2(config.find(member) && !config.find(member)->asBool(), member);
}

void tst_LimitCount::namesHeadersByMetadata()
{
    PipelineFixture gateway;
    gateway.put(
        "plugin_metadata/limit-count",
        R"({"limit_header":"X-Custom-Limit","remaining_header":"X-Custom-RateLimit-Rest"})");
    gateway.put("routes/1", routeWith(R"({"count":2,"time_window":30})"));
    gateway.put("routes/2",
                std::format(R"({{"uri":"/b","plugins":{{"limit-count":{{"rules":[)"
                            R"({{"count":1,"time_window":10,"key":"$remote_addr"}}]}}}},{}}})",
                            kUpstream));
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(gateway.replyHeader("X-Custom-Limit"), std::string("2"));
    QCOMPARE(gateway.replyHeader("X-Custom-RateLimit-Rest"), std::string("1"));
    QCOMPARE(gateway.replyHeader("X-RateLimit-Reset"), std::string("30"));
    QCOMPARE(gateway.replyHeader("X-RateLimit-Limit"), std::string());
    QCOMPARE(gateway.get("/b"), 200);
    QCOMPARE(gateway.replyHeader("X-Custom-Limit"), std::string("1")); // no place for the prefix
    QCOMPARE(gateway.replyHeader("X-Custom-1-RateLimit-Rest"), std::string("0"));
    QCOMPARE(gateway.replyHeader("X-1-RateLimit-Reset"), std::string("10"));
}

void tst_LimitCount::showsSecondsWithTwoDecimals_data()
{
    QTest::addColumn<int>("milliseconds"); // since the first request
    QTest::addColumn<QByteArray>("reset");
    QTest::newRow("whole") << 0 << QByteArray("30");
    QTest::newRow("a whole second later") << 1000 << QByteArray("29");
    QTest::newRow("one decimal") << 500 << QByteArray("29.5");
    QTest::newRow("two decimals") << 250 << QByteArray("29.75");
    QTest::newRow("cut off") << 1 << QByteArray("29.99");
    QTest::newRow("a zero between") << 950 << QByteArray("29.05");
    QTest::newRow("less than a second") << 29'500 << QByteArray("0.5");
}

void tst_LimitCount::showsSecondsWithTwoDecimals()
{
    QFETCH(int, milliseconds);
    QFETCH(QByteArray, reset);
    PipelineFixture gateway;
    gateway.put("routes/1", routeWith(R"({"count":9,"time_window":30})"));
    QCOMPARE(gateway.get("/a"), 200);
    gateway.offset = std::chrono::milliseconds(milliseconds);
    QCOMPARE(gateway.get("/a"), 200);
    QCOMPARE(gateway.replyHeader("X-RateLimit-Reset"), reset.toStdString());
}

// Where configurations are only checked there is no worker.
void tst_LimitCount::failsWithoutAWorkerToAsk()
{
    PipelineFixture gateway;
    gateway.put("routes/1", routeWith(R"({"count":9,"time_window":30,"policy":"redis",
        "redis_host":"127.0.0.1"})"));
    QVERIFY(gateway.send("GET", "/a") == Verdict::Suspend);
    QVERIFY(gateway.exchange.wait.then(gateway.exchange) == Verdict::Respond);
    QCOMPARE(gateway.exchange.reply.status, 500);
    QCOMPARE(gateway.failure(), std::string("limit-store"));
}

QTEST_GUILESS_MAIN(tst_LimitCount)
#include "tst_limit_count.moc"
