// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/clock.h"
#include "core/crypto/hmac.h"
#include "core/json/parse.h"
#include "core/json/schema.h"
#include "tests/support/pipeline_fixture.h"
#include "tests/support/plugin_gateway.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <set>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

/// Every example of the plugins' table, as `postern plugin show` prints it: taken by its schema and
/// the Admin API, and doing through a running gateway what it says.
class tst_PluginExamples : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void fitsItsSchema_data();
    void fitsItsSchema();
    void everyPluginIsUsed();
    void works_data();
    void works();

private:
    GatewayFixture m_gateway;
    RawUpstream m_upstream{RawUpstream::echoing()};
};

namespace {

std::string timeNow() { return formatHttpDate(std::chrono::system_clock::now()); }

std::string hmacLogin()
{
    const std::string date = timeNow();
    Hmac mac = *Hmac::make("SHA256", "jack-secret-key");
    if (!mac.begin() || !mac.update("jack-key-id\nGET /api/x\ndate: " + date + "\n"))
        return {};
    return std::format("Date: {}\r\nAuthorization: Signature keyId=\"jack-key-id\",algorithm="
                       "\"hmac-sha256\",headers=\"@request-target date\",signature=\"{}\"\r\n",
                       date, encodeBase64(mac.finish()));
}

std::string jwtLogin(int secondsFromNow)
{
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return "Authorization: Bearer "
        + gateway::testing::mintHs256(
               std::format(R"({{"key":"jack-key","exp":{}}})", now + secondsFromNow),
               "a-secret-of-at-least-32-characters")
        + "\r\n";
}

const std::string kKeyLogin = "apikey: jack-api-key\r\n";
const std::string kBasicLogin = "Authorization: Basic " + encodeBase64("jack:open-sesame") + "\r\n";

struct Use
{
    std::string_view plugin;
    std::string_view what;
    std::string target;
    std::string fields;
    int status;
    std::string holds; ///< in the answer's head or body
    std::string lacks;
    std::string_view companions = {}; ///< plugins beside it: `, "key-auth": {}`
};

std::vector<Use> uses()
{
    constexpr std::string_view kKeyAuth = R"(, "key-auth": {})";
    return {
        {"acl", "a member of the team", "/api/x", kKeyLogin, 200, "GET /api/x", {}, kKeyAuth},
        {"acl", "nobody", "/api/x", {}, 401, "Missing authentication.", {}},
        {"attach-consumer-label",
         "the team",
         "/api/x",
         kKeyLogin,
         200,
         "X-Consumer-Team: platform",
         {},
         kKeyAuth},
        {"basic-auth", "jack", "/api/x", kBasicLogin, 200, "X-Consumer-Username: jack",
         "Authorization: Basic"},
        {"basic-auth", "nobody", "/api/x", {}, 401, "Missing authorization in request", {}},
        {"consumer-restriction", "jack", "/api/x", kKeyLogin, 200, {}, {}, kKeyAuth},
        {"consumer-restriction", "nobody", "/api/x", {}, 401, "please check the consumer_name", {}},
        {"cors",
         "an origin that may",
         "/api/x",
         "Origin: https://app.example.com\r\n",
         200,
         "Access-Control-Allow-Origin: https://app.example.com",
         {}},
        {"cors", "another origin", "/api/x", "Origin: https://evil.example\r\n", 200,
         "Vary: Origin", "Access-Control-Allow-Origin"},
        {"echo", "around the body", "/api/x", {}, 200, "\r\n\r\n-- GET /api/x", {}},
        {"fault-injection", "when asked for", "/api/x?fail=yes", {}, 503, "try again later\n", {}},
        {"fault-injection", "otherwise not", "/api/x", {}, 200, "GET /api/x", {}},
        {"hmac-auth", "signed", "/api/x", hmacLogin(), 200, "X-Consumer-Username: jack", {}},
        {"hmac-auth", "unsigned", "/api/x", {}, 401, "missing Authorization header", {}},
        {"ip-restriction", "from here", "/api/x", {}, 200, {}, {}},
        {"ip-restriction",
         "from elsewhere",
         "/api/x",
         "X-Real-IP: 192.0.2.1\r\n",
         403,
         "only from this machine",
         {}},
        {"jwt-auth", "a fresh token", "/api/x", jwtLogin(60), 200, "X-Consumer-Username: jack",
         "Authorization: Bearer"},
        {"jwt-auth", "an old token", "/api/x", jwtLogin(-60), 401, "failed to verify jwt", {}},
        {"key-auth", "jack", "/api/x", kKeyLogin, 200, "X-Consumer-Username: jack",
         "apikey: jack-api-key"},
        {"key-auth", "nobody", "/api/x", {}, 401, "Missing API key in request", {}},
        {"limit-count", "the first request", "/api/x", {}, 200, "X-RateLimit-Remaining: 1", {}},
        {"mocking", "the example", "/api/x", {}, 201, R"({"id": 7, "name": "jack"})", "GET /api/x"},
        {"multi-auth", "by key", "/api/x", kKeyLogin, 200, "X-Consumer-Username: jack", {}},
        {"multi-auth", "by password", "/api/x", kBasicLogin, 200, "X-Consumer-Username: jack", {}},
        {"multi-auth", "nobody", "/api/x", {}, 401, "Authorization Failed", {}},
        {"proxy-rewrite", "another path", "/api/x", "X-Internal: 1\r\n", 200, "GET /x HTTP",
         "X-Internal"},
        {"proxy-rewrite", "a header", "/api/x", {}, 200, "X-Api-Version: 2", {}},
        {"prometheus", "the figures of the request before", "/api/x", {}, 200, "GET /api/x", {}},
        {"public-api", "the metrics", "/api/x", {}, 200, "apisix_node_info{", "GET /api/x"},
        {"redirect",
         "with the path",
         "/api/x?a=1",
         {},
         301,
         "Location: https://www.example.com/api/x?a=1",
         {}},
        {"request-id", "in the response", "/api/x", {}, 200, "X-Request-Id: ", {}},
        {"response-rewrite",
         "headers and body",
         "/api/x?u=http://a",
         {},
         200,
         "u=https://a",
         "u=http://a"},
        {"traffic-split",
         "a release of its own",
         "/api/x",
         "Release: canary\r\n",
         200,
         "GET /api/x",
         {}},
        {"traffic-split", "everybody else", "/api/x", {}, 200, "GET /api/x", {}},
    };
}

} // namespace

void tst_PluginExamples::initTestCase()
{
    // What the example of traffic-split sends requests to.
    m_gateway.options.aliases = {
        {"httpbin.org:80", std::format("127.0.0.1:{}", m_upstream.port())}};
    QVERIFY(m_gateway.start());
    std::string logins;
    for (const PluginSpec *plugin : builtinPlugins()) {
        if (!plugin->consumerExample.empty())
            logins += std::format(R"({}"{}": {})", logins.empty() ? "" : ", ", plugin->name,
                                  plugin->consumerExample);
    }
    const RawMessage answer = m_gateway.admin(
        "PUT", "/consumers",
        std::format(
            R"({{"username": "jack", "labels": {{"team": "platform"}}, "plugins": {{{}}}}})",
            logins));
    QVERIFY2(answer.status() == 201, answer.body.c_str());
}

void tst_PluginExamples::fitsItsSchema_data()
{
    QTest::addColumn<const PluginSpec *>("plugin");
    for (const PluginSpec *plugin : builtinPlugins())
        QTest::newRow(plugin->name.data()) << plugin;
}

void tst_PluginExamples::fitsItsSchema()
{
    QFETCH(const PluginSpec *, plugin);
    QCOMPARE(plugin->consumerExample.empty(), plugin->consumerSchema.empty());
    for (const bool consumer : {false, true}) {
        const std::string_view text = consumer ? plugin->consumerExample : plugin->example;
        if (consumer && text.empty())
            continue;
        auto config = parseJson(text);
        QVERIFY(config.has_value());
        QVERIFY(config->size() > 0);
        const auto checked = checkPluginConfig(plugin->name, *config, consumer);
        QVERIFY2(checked.has_value(), checked ? "" : checked.error().detail.c_str());
    }
}

void tst_PluginExamples::everyPluginIsUsed()
{
    std::set<std::string_view> used;
    for (const Use &use : uses())
        used.insert(use.plugin);
    for (const PluginSpec *plugin : builtinPlugins())
        QVERIFY2(used.contains(plugin->name), plugin->name.data());
}

void tst_PluginExamples::works_data()
{
    QTest::addColumn<std::size_t>("index");
    std::size_t index = 0;
    for (const Use &use : uses())
        QTest::newRow(std::format("{}: {}", use.plugin, use.what).c_str()) << index++;
}

void tst_PluginExamples::works()
{
    QFETCH(const std::size_t, index);
    const Use use = uses()[index];
    QVERIFY(m_gateway.route("1", "/*", m_upstream.port(),
                            std::format(R"(, "plugins": {{"{}": {}{}}})", use.plugin,
                                        findPlugin(use.plugin)->example, use.companions)));
    const RawMessage answer = m_gateway.ask(
        std::format("GET {} HTTP/1.1\r\nHost: a.example\r\n{}\r\n", use.target, use.fields));
    const std::string all = answer.head + answer.body;
    QVERIFY2(answer.status() == use.status, all.c_str());
    QVERIFY2(all.contains(use.holds), all.c_str());
    QVERIFY2(use.lacks.empty() || !all.contains(use.lacks), all.c_str());
}

QTEST_GUILESS_MAIN(tst_PluginExamples)
#include "tst_plugin_examples.moc"
