// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

using namespace postern;
using namespace postern::test;

/// The order that plugins run in, what `_meta` does to it, and who wins where several objects
/// configure one plugin (APISIX 3.18, 2.6, 3.1, 3.3 to 3.5), as a client sees them: the debug
/// header names what ran. And the variables that routes ask for (2.4).
class tst_PluginEngine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void runsInOrder_data();
    void runsInOrder();
    void mergesWholePlugins_data();
    void mergesWholePlugins();
    void pluginsDoNotSeeAFailedMerge_data();
    void pluginsDoNotSeeAFailedMerge();
    void replacesErrors_data();
    void replacesErrors();
    void challengesWithTheRealm_data();
    void challengesWithTheRealm();
    void refusesRealms_data();
    void refusesRealms();
    void routesByGraphql_data();
    void routesByGraphql();
    void attachesIdentity_data();
    void attachesIdentity();

private:
    [[nodiscard]] bool put(std::string_view path, std::string_view json);

    std::unique_ptr<PluginGateway> m_gateway;
};

namespace {

/// Path and JSON of what is put before the route.
using Objects = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kLogin = "apikey: k\r\n";

Objects consumer(const std::string &plugins, const std::string &more = {})
{
    return {{"/consumers",
             R"({"username": "jack")" + more + R"(, "plugins": {"key-auth": {"key": "k"})"
                 + (plugins.empty() ? "" : ", " + plugins) + "}}"}};
}

} // namespace

void tst_PluginEngine::init()
{
    m_gateway = std::make_unique<PluginGateway>();
    m_gateway->gateway.options.proxyOptions.debugHeader = true;
    QVERIFY(m_gateway->start());
}

bool tst_PluginEngine::put(std::string_view path, std::string_view json)
{
    const RawMessage answer = m_gateway->gateway.admin("PUT", path, json);
    if (answer.status() / 100 != 2)
        qWarning("%s", answer.body.c_str());
    return answer.status() / 100 == 2;
}

void tst_PluginEngine::runsInOrder_data()
{
    QTest::addColumn<Objects>("objects");
    QTest::addColumn<QByteArray>("plugins");
    QTest::addColumn<QByteArray>("ran");
    const auto row = [](const char *name, Objects objects, const char *plugins, const char *ran) {
        QTest::newRow(name) << std::move(objects) << QByteArray(plugins) << QByteArray(ran);
    };
    const std::string global = R"({"plugins": {"proxy-rewrite": {"headers": {"X-G": "1"}},
        "ip-restriction": {"blacklist": ["9.9.9.9"]}, "echo": {"after_body": "g"}}})";
    row("3.1 a phase ends before the next begins", {},
        R"("ip-restriction": {"blacklist": ["9.9.9.9"]}, "proxy-rewrite": {"method": "GET"},
           "echo": {"after_body": "e"}, "request-id": {}, "key-auth": {})",
        "request-id#rewrite, key-auth#rewrite, proxy-rewrite#rewrite, ip-restriction#access, "
        "request-id#header_filter, echo#header_filter");
    row("3.1 global rules first in each phase", {{"/global_rules/1", global}},
        R"("key-auth": {}, "proxy-rewrite": {"method": "GET"}, "acl": {"deny_labels": {"a": ["b"]}})",
        "proxy-rewrite#rewrite, key-auth#rewrite, proxy-rewrite#rewrite, ip-restriction#access, "
        "acl#access, echo#header_filter");
    row("3.1 what the consumer adds rewrites after the route",
        consumer(R"("proxy-rewrite": {"method": "GET"}, "echo": {"after_body": "c"})"),
        R"("key-auth": {}, "request-id": {})",
        "request-id#rewrite, key-auth#rewrite, proxy-rewrite#rewrite, request-id#header_filter, "
        "echo#header_filter");
    row("3.1 what both have rewrites once", consumer(R"("proxy-rewrite": {"method": "GET"})"),
        R"("key-auth": {}, "proxy-rewrite": {"method": "GET"})",
        "key-auth#rewrite, proxy-rewrite#rewrite");
    row("3.1 logins of a consumer never run",
        consumer(R"("basic-auth": {"username": "u", "password": "p"})"), R"("key-auth": {})",
        "key-auth#rewrite");
    row("3.3 disable", {},
        R"("key-auth": {}, "echo": {"after_body": "e", "_meta": {"disable": true}})",
        "key-auth#rewrite");
    row("3.3 priority", {},
        R"("key-auth": {}, "proxy-rewrite": {"method": "GET", "_meta": {"priority": 9999}})",
        "proxy-rewrite#rewrite, key-auth#rewrite");
    row("3.3 priority does not cross to global rules",
        {{"/global_rules/1",
          R"({"plugins": {"request-id": {"_meta": {"priority": 1}, "include_in_response": false}}})"}},
        R"("key-auth": {"_meta": {"priority": 99999}})",
        "request-id#rewrite, key-auth#rewrite, request-id#header_filter");
    row("3.3 filter that holds", {},
        R"("key-auth": {}, "echo": {"after_body": "e", "_meta": {"filter": [["arg_a", "==", "1"]]}})",
        "key-auth#rewrite, echo#header_filter");
    row("3.3 filter that does not", {},
        R"("key-auth": {}, "echo": {"after_body": "e", "_meta": {"filter": [["arg_a", "==", "2"]]}})",
        "key-auth#rewrite");
    row("3.3 filter: asked once for all phases", {},
        R"("key-auth": {}, "request-id": {"_meta": {"filter": [["http_x_request_id", "==", null]]}})",
        "request-id#rewrite, key-auth#rewrite, request-id#header_filter");
    row("3.1 who answers ends the phase", {},
        R"("key-auth": {}, "mocking": {"response_example": "m"}, "ip-restriction": {"whitelist": ["9.9.9.9"]})",
        "key-auth#rewrite, mocking#access");
}

void tst_PluginEngine::runsInOrder()
{
    QFETCH(const Objects, objects);
    QFETCH(const QByteArray, plugins);
    QFETCH(const QByteArray, ran);
    if (std::ranges::none_of(objects, [](const auto &each) { return each.first == "/consumers"; }))
        QVERIFY(put("/consumers", consumer({}).front().second));
    for (const auto &[path, json] : objects)
        QVERIFY(put(path, json));
    QVERIFY(m_gateway->use(plugins.toStdString()));
    const RawMessage answer = m_gateway->get("/r?a=1", kLogin);
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.header("Apisix-Plugins"), ran.toStdString());
}

void tst_PluginEngine::mergesWholePlugins_data()
{
    QTest::addColumn<Objects>("objects");
    QTest::addColumn<QByteArray>("more"); // members of the route
    QTest::addColumn<QByteArray>("from"); // X-From, put there by echo
    const auto echo = [](const char *from) {
        return std::format(R"("echo": {{"after_body": ".", "headers": {{"X-From": "{}"}}}})", from);
    };
    const std::string service =
        std::format(R"({{"plugins": {{{}, "key-auth": {{}}}}}})", echo("service"));
    const std::string set = std::format(R"({{"plugins": {{{}}}}})", echo("plugin_config"));
    const std::string group = std::format(R"({{"plugins": {{{}}}}})", echo("group"));
    const Objects all{
        {"/services/s", service}, {"/plugin_configs/p", set}, {"/consumer_groups/g", group}};
    const auto with = [&all](const Objects &more) {
        Objects made = all;
        made.insert(made.end(), more.begin(), more.end());
        return made;
    };
    const auto row = [](const char *name, const Objects &objects, const std::string &more,
                        const char *from) {
        QTest::newRow(name) << objects << QByteArray::fromStdString(more) << QByteArray(from);
    };
    const std::string own = ", \"plugins\": {" + echo("route") + "}";
    row("2.6 service", all, R"(, "service_id": "s")", "service");
    row("2.6 plugin config over service", all, R"(, "service_id": "s", "plugin_config_id": "p")",
        "plugin_config");
    row("2.6 route over plugin config", all,
        R"(, "service_id": "s", "plugin_config_id": "p")" + own, "route");
    row("2.6 group over route", with(consumer({}, R"(, "group_id": "g")")),
        R"(, "service_id": "s")" + own, "group");
    row("2.6 consumer over group", with(consumer(echo("consumer"), R"(, "group_id": "g")")),
        R"(, "service_id": "s")" + own, "consumer");
    row("2.6 a disabled one hides the lower one", all,
        R"(, "service_id": "s", "plugins": {"echo": {"_meta": {"disable": true}}})", "-");
    row("2.6 whole objects replace, no members mix", all,
        R"(, "service_id": "s", "plugins": {"echo": {"after_body": "."}})", "-");
}

void tst_PluginEngine::mergesWholePlugins()
{
    QFETCH(const Objects, objects);
    QFETCH(const QByteArray, more);
    QFETCH(const QByteArray, from);
    QVERIFY(m_gateway->use({}));
    for (const auto &[path, json] : objects)
        QVERIFY(put(path, json));
    if (std::ranges::none_of(objects, [](const auto &each) { return each.first == "/consumers"; }))
        QVERIFY(put("/consumers", consumer({}).front().second));
    RawUpstream upstream(RawUpstream::echoing());
    QVERIFY(m_gateway->gateway.route("1", "/r*", upstream.port(), more.toStdString()));
    const RawMessage answer = m_gateway->get("/r", kLogin);
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.header("X-From"), from.toStdString());
}

void tst_PluginEngine::pluginsDoNotSeeAFailedMerge_data()
{
    QTest::addColumn<QByteArray>("parent");
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<int>("status");
    QTest::newRow("2.1 service missing")
        << QByteArray("/services/p") << QByteArray("service_id") << 404;
    QTest::newRow("2.1 plugin config missing")
        << QByteArray("/plugin_configs/p") << QByteArray("plugin_config_id") << 503;
}

/// What a route refers to is merged before any phase: no filter edits the page that says that it is
/// missing.
void tst_PluginEngine::pluginsDoNotSeeAFailedMerge()
{
    QFETCH(const QByteArray, parent);
    QFETCH(const QByteArray, member);
    QFETCH(const int, status);
    QVERIFY(put(parent.toStdString(), R"({"plugins": {}})"));
    QVERIFY(put("/global_rules/1",
                R"({"plugins": {"response-rewrite": {"headers": {"X-Global": "1"}}}})"));
    QVERIFY(put("/routes/1",
                std::format(R"({{"uri": "/r*", "upstream": {{"nodes": {{"127.0.0.1:1": 1}}}},
        "plugins": {{"mocking": {{"response_example": "m"}},
                     "echo": {{"body": "b", "headers": {{"X-Route": "1"}}}}}},
        "{}": "p"}})",
                            member.toStdString())));
    RawMessage answer = m_gateway->get("/r");
    QCOMPARE(answer.body, std::string("b")); // while it is there
    QCOMPARE(answer.header("X-Global"), std::string("1"));
    QCOMPARE(answer.header("X-Route"), std::string("1"));
    const RawMessage gone =
        m_gateway->gateway.admin("DELETE", parent.toStdString() + "?force=true");
    QCOMPARE(gone.status(), 200);
    answer = m_gateway->get("/r");
    QCOMPARE(answer.status(), status);
    QVERIFY2(answer.body.starts_with("<html>"), answer.body.c_str());
    QCOMPARE(answer.header("X-Route"), std::string("-"));
    QCOMPARE(answer.header("X-Global"), std::string("-"));
}

void tst_PluginEngine::replacesErrors_data()
{
    QTest::addColumn<QByteArray>("plugin");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("3.3 error_response: text")
        << QByteArray(R"("key-auth": {"_meta": {"error_response": "go away"}})") << 401
        << QByteArray("go away");
    QTest::newRow("3.3 error_response: object")
        << QByteArray(R"("key-auth": {"_meta": {"error_response": {"why": "no key"}}})") << 401
        << QByteArray("{\"why\":\"no key\"}\n");
    QTest::newRow("3.3 error_response: below 400 it is not used")
        << QByteArray(R"("mocking": {"response_example": "m", "_meta": {"error_response": "no"}})")
        << 200 << QByteArray("m");
    QTest::newRow("3.3 error_response: of a page")
        << QByteArray(R"("fault-injection": {"abort": {"http_status": 503},
                         "_meta": {"error_response": "broken"}})")
        << 503 << QByteArray("broken");
}

void tst_PluginEngine::replacesErrors()
{
    QFETCH(const QByteArray, plugin);
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QVERIFY(m_gateway->use(plugin.toStdString()));
    const RawMessage answer = m_gateway->get("/r");
    QCOMPARE(answer.status(), status);
    QCOMPARE(answer.body, body.toStdString());
}

void tst_PluginEngine::challengesWithTheRealm_data()
{
    QTest::addColumn<QByteArray>("plugin");
    QTest::addColumn<QByteArray>("challenge");
    for (const auto &[plugin, scheme, realm] :
         {std::tuple("key-auth", "apikey", "key"), std::tuple("basic-auth", "Basic", "basic"),
          std::tuple("jwt-auth", "Bearer", "jwt"), std::tuple("hmac-auth", "hmac", "hmac")}) {
        QTest::newRow(std::format("3.5 {}: the default", plugin).c_str())
            << QByteArray::fromStdString(std::format(R"("{}": {{}})", plugin))
            << QByteArray::fromStdString(std::format("{} realm=\"{}\"", scheme, realm));
        QTest::newRow(std::format("3.5 {}: its own", plugin).c_str())
            << QByteArray::fromStdString(std::format(R"("{}": {{"realm": "a b'c"}})", plugin))
            << QByteArray::fromStdString(std::format("{} realm=\"a b'c\"", scheme));
    }
}

void tst_PluginEngine::challengesWithTheRealm()
{
    QFETCH(const QByteArray, plugin);
    QFETCH(const QByteArray, challenge);
    QVERIFY(m_gateway->use(plugin.toStdString()));
    const RawMessage answer = m_gateway->get("/r");
    QCOMPARE(answer.status(), 401);
    QCOMPARE(answer.header("WWW-Authenticate"), challenge.toStdString());
}

void tst_PluginEngine::refusesRealms_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    for (const char *plugin : {"key-auth", "basic-auth", "jwt-auth", "hmac-auth"}) {
        const auto row = [plugin](const char *name, const std::string &realm, const char *text) {
            QTest::newRow(std::format("3.5 {}: {}", plugin, name).c_str())
                << QByteArray::fromStdString(
                       std::format(R"("{}": {{"realm": "{}"}})", plugin, realm))
                << QByteArray(text);
        };
        row("empty", "", "string too short, expected at least 1, got 0");
        row("128 characters", std::string(128, 'a'), "");
        row("129 characters", std::string(129, 'a'),
            "string too long, expected at most 128, got 129");
        row("a quote", R"(a\"b)", "failed to match pattern");
        row("a backslash", R"(a\\b)", "failed to match pattern");
        row("a line feed", R"(a\nb)", "failed to match pattern");
        row("not ASCII", "\xc3\xa4", "failed to match pattern");
    }
}

void tst_PluginEngine::refusesRealms()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    const std::string refusal = m_gateway->refusal(config.toStdString());
    QCOMPARE(refusal.empty(), text.isEmpty());
    QVERIFY2(refusal.contains(text.toStdString()), refusal.c_str());
}

void tst_PluginEngine::routesByGraphql_data()
{
    QTest::addColumn<QByteArray>("vars");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *name, const char *vars, const char *type, const char *body,
                        bool matches) {
        QTest::newRow(name) << QByteArray(vars) << QByteArray(type) << QByteArray(body) << matches;
    };
    const char *named = "query getRepo { owner { name } repo { id } }";
    const char *json = R"({"query": "mutation m { like(id: 1) { n } }"})";
    row("2.4 graphql_name", R"(["graphql_name", "==", "getRepo"])", "application/graphql", named,
        true);
    row("2.4 graphql_name of another", R"(["graphql_name", "==", "other"])", "application/graphql",
        named, false);
    row("2.4 graphql_operation", R"(["graphql_operation", "==", "mutation"])", "application/json",
        json, true);
    row("2.4 graphql_root_fields", R"(["graphql_root_fields", "has", "repo"])",
        "application/graphql", named, true);
    row("2.4 graphql_root_fields: not nested ones", R"(["graphql_root_fields", "has", "name"])",
        "application/graphql", named, false);
    row("2.4 graphql of a broken document", R"(["graphql_operation", "==", "query"])",
        "application/graphql", "query {", false);
    row("2.4 graphql: any type but JSON is the document", R"(["graphql_operation", "==", "query"])",
        "text/plain", named, true);
    row("2.4 graphql: a document is not read as JSON", R"(["graphql_operation", "==", "mutation"])",
        "text/plain", json, false);
    row("2.4 graphql: JSON is not the document", R"(["graphql_name", "==", "getRepo"])",
        "application/json", named, false);
    row("2.4 graphql in the query", R"(["graphql_name", "==", "q"])", "", "", true);
}

void tst_PluginEngine::routesByGraphql()
{
    QFETCH(const QByteArray, vars);
    QFETCH(const QByteArray, type);
    QFETCH(const QByteArray, body);
    QFETCH(const bool, matches);
    QVERIFY(put("/routes/1",
                std::format(R"({{"uri": "/graphql", "vars": [{}],
                    "plugins": {{"mocking": {{"response_example": "m"}}}}}})",
                            vars.toStdString())));
    const RawMessage answer = body.isEmpty()
        ? m_gateway->get("/graphql?query=query%20q%20%7B%20a%20%7D")
        : m_gateway->ask("POST", "/graphql", "Content-Type: " + type.toStdString() + "\r\n",
                         body.toStdString());
    QCOMPARE(answer.status(), matches ? 200 : 404);
}

void tst_PluginEngine::attachesIdentity_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("there");
    const auto row = [](const char *name, const char *key, const char *line, bool there) {
        QTest::newRow(name) << QByteArray(key) << QByteArray(line) << there;
    };
    row("3.4 X-Consumer-Username", "k", "X-Consumer-Username: jack", true);
    row("3.4 X-Credential-Identifier of a credential", "c", "X-Credential-Identifier: c1", true);
    row("3.4 X-Credential-Identifier goes for an inline key", "k", "X-Credential-Identifier",
        false);
    row("3.4 X-Consumer-Custom-ID is the consumer's label", "c", "X-Consumer-Custom-ID: 42", true);
    row("3.4 X-Consumer-Custom-ID goes without the label", "a", "X-Consumer-Custom-ID", false);
    row("3.4 spoofed names do not survive", "k", "X-Consumer-Username: admin", false);
    row("3.4 anonymous: the named consumer", "wrong", "X-Consumer-Username: anon", true);
    row("3.4 anonymous: no credential", "wrong", "X-Credential-Identifier", false);
}

void tst_PluginEngine::attachesIdentity()
{
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, line);
    QFETCH(const bool, there);
    QVERIFY(put("/consumers", consumer({}, R"(, "labels": {"custom_id": "42"})").front().second));
    QVERIFY(put("/consumers", R"({"username": "anon", "plugins": {"key-auth": {"key": "a"}}})"));
    QVERIFY(put("/consumers/jack/credentials/c1", R"({"plugins": {"key-auth": {"key": "c"}}})"));
    QVERIFY(m_gateway->use(R"("key-auth": {"anonymous_consumer": "anon"})"));
    const RawMessage answer =
        m_gateway->get("/r",
                       "apikey: " + key.toStdString()
                           + "\r\nX-Consumer-Username: admin\r\nX-Credential-Identifier: x\r\n"
                             "X-Consumer-Custom-ID: 1\r\n");
    QCOMPARE(answer.status(), 200);
    QVERIFY2(answer.body.contains(line.toStdString()) == there, answer.body.c_str());
}

QTEST_GUILESS_MAIN(tst_PluginEngine)
#include "tst_plugin_engine.moc"
