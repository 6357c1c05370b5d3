// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/control/client.h"
#include "gateway/vault/dev_vault.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"
#include "tests/support/tls_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <format>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

namespace {

constexpr int kPatience = 20'000; // ms; retries come after 1, 2, 5 s

std::string answerWith(int status, std::string_view body)
{
    return std::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                       body.size(), body);
}

/// Holds connections back until it is opened.
class Gate
{
public:
    void open()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_open = true;
        }
        m_opened.notify_all();
    }
    void pass()
    {
        std::unique_lock lock(m_mutex);
        m_opened.wait(lock, [this] { return m_open; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_opened;
    bool m_open = false;
};

} // namespace

/// References to a secret manager in a running gateway; numbers name sections of apisix.md.
class tst_VaultSecrets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void asksAsTheOriginalDoes();
    void normalisesPaths_data();
    void normalisesPaths();
    void takesTheMember_data();
    void takesTheMember();
    void failsClosedAndSaysWhy_data();
    void failsClosedAndSaysWhy();
    void brokenManagersNeverHurt_data();
    void brokenManagersNeverHurt();
    void malformedReferencesAreNamed_data();
    void malformedReferencesAreNamed();
    void deadManagerIsAskedAgain();
    void slowManagerSlowsNobody();
    void valueIsReadAgainAfterItsTime();
    void reloadAsksAtOnce();
    void oldValueIsUsedWhileTheManagerIsAway();
    void writtenAgainIsReadAgain();
    void whatWasJustStoredIsFound_data();
    void whatWasJustStoredIsFound();
    void managerObjectsComeAndGo();
    void tokenMayBeAVariable();
    void overTls_data();
    void overTls();
    void anyStringOfAPlugin();
    void unresolvedTextIsUsedAsItStands();
    void oneAnswerServesEveryMember();
    void othersMembersAreNotNeeded();
    void developmentStoreChecksItsToken();

private:
    [[nodiscard]] int manager(std::string_view uri, std::string_view more = {},
                              std::string_view id = "v");
    [[nodiscard]] int credential(std::string_view key, std::string_view consumer = "jack");
    [[nodiscard]] int login(std::string_view key, std::string_view target = "/guarded");
    [[nodiscard]] Json control(const std::string &target) const;
    [[nodiscard]] Json lastTrace() const { return control("/v1/traces/last"); }
    [[nodiscard]] bool store(const DevVault &vault, std::string_view json,
                             std::string_view path = "kv/apisix/jack") const;
    [[nodiscard]] static std::string url(const RawUpstream &vault)
    {
        return std::format("http://127.0.0.1:{}", vault.port());
    }
    [[nodiscard]] static DevVaultOptions anyPort() { return {.port = 0}; }
    [[nodiscard]] std::unique_ptr<DevVault> startVault(std::uint16_t port = 0) const;

    std::unique_ptr<RawUpstream> m_upstream;
    std::unique_ptr<GatewayFixture> m_gateway;
};

void tst_VaultSecrets::init()
{
    m_upstream = std::make_unique<RawUpstream>(RawUpstream::echoing());
    m_gateway = std::make_unique<GatewayFixture>();
    m_gateway->options.environment = [](const std::string &name) -> std::optional<std::string> {
        return name == "VAULT" ? std::optional<std::string>("root") : std::nullopt;
    };
    QVERIFY(m_gateway->start());
    QVERIFY(m_gateway->route("free", "/free", m_upstream->port()));
    QVERIFY(m_gateway->route("guarded", "/guarded", m_upstream->port(),
                             R"(, "plugins": {"key-auth": {}})"));
    QCOMPARE(m_gateway->admin("PUT", "/consumers", R"({"username": "jack"})").status(), 201);
    QCOMPARE(m_gateway
                 ->admin("PUT", "/consumers",
                         R"({"username": "jill", "plugins": {"key-auth": {"key": "plain"}}})")
                 .status(),
             201);
}

void tst_VaultSecrets::cleanup()
{
    m_gateway.reset();
    m_upstream.reset();
}

int tst_VaultSecrets::manager(std::string_view uri, std::string_view more, std::string_view id)
{
    const std::string prefix = more.contains("prefix") ? "" : R"("prefix": "kv/apisix", )";
    const std::string token = more.contains("\"token\"") ? "" : R"("token": "root", )";
    return m_gateway
        ->admin("PUT", std::format("/secrets/vault/{}", id),
                std::format(R"({{{}{}"uri": "{}"{}}})", prefix, token, uri, more))
        .status();
}

int tst_VaultSecrets::credential(std::string_view key, std::string_view consumer)
{
    return m_gateway
        ->admin("PUT", std::format("/consumers/{}/credentials/c", consumer),
                std::format(R"({{"plugins": {{"key-auth": {{"key": "{}"}}}}}})", key))
        .status();
}

int tst_VaultSecrets::login(std::string_view key, std::string_view target)
{
    return m_gateway
        ->ask(std::format("GET {} HTTP/1.1\r\nHost: a.example\r\napikey: {}\r\n\r\n", target, key))
        .status();
}

Json tst_VaultSecrets::control(const std::string &target) const
{
    const ControlClient client({.unixPath = m_gateway->options.controlSocket});
    const auto answer = client.send({.target = target});
    return answer ? parseJson(answer->body).value_or(Json()) : Json();
}

std::unique_ptr<DevVault> tst_VaultSecrets::startVault(std::uint16_t port) const
{
    auto vault = DevVault::start({.port = port});
    if (!vault) {
        qWarning("%s", describe(vault.error()).c_str());
        return nullptr;
    }
    const ControlClient client({.host = "127.0.0.1", .port = (*vault)->port()});
    const auto made = client.send({.method = "POST",
                                   .target = "/v1/sys/mounts/kv",
                                   .headers = {{"X-Vault-Token", "root"}},
                                   .body = R"({"type":"kv","options":{"version":"1"}})"});
    return made && made->status == 204 ? std::move(*vault) : nullptr;
}

bool tst_VaultSecrets::store(const DevVault &vault, std::string_view json,
                             std::string_view path) const
{
    const ControlClient client({.host = "127.0.0.1", .port = vault.port()});
    const auto kept = client.send({.method = "PUT",
                                   .target = std::format("/v1/{}", path),
                                   .headers = {{"X-Vault-Token", "root"}},
                                   .body = std::string(json)});
    return kept && kept->status == 204;
}

void tst_VaultSecrets::asksAsTheOriginalDoes()
{
    RawUpstream vault(RawUpstream::answering(answerWith(200, R"({"data":{"key":"k1"}})")));
    QCOMPARE(manager(url(vault), R"(, "namespace": "team")"), 201);
    QCOMPARE(vault.requestCount(), 0U); // nobody refers to it
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login("k1"), 200); // at once: the PUT waited for it
    const RawMessage request = vault.lastRequest();
    QCOMPARE(request.startLine, std::string("GET /v1/kv/apisix/jack HTTP/1.1"));
    QCOMPARE(request.header("X-Vault-Token"), std::string("root"));
    QCOMPARE(request.header("X-Vault-Namespace"), std::string("team"));
    QCOMPARE(request.body, std::string("{}"));
    QCOMPARE(login("$secret://vault/v/jack/key"), 401);
    QCOMPARE(login("k2"), 401);
    // Requests cost the manager nothing.
    QCOMPARE(vault.requestCount(), 1U);
    const RawMessage stored = m_gateway->admin("GET", "/consumers/jack/credentials/c");
    QVERIFY(stored.body.contains("$secret://vault/v/jack/key"));
    QVERIFY(!stored.body.contains("k1"));
}

void tst_VaultSecrets::normalisesPaths_data()
{
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<QByteArray>("prefix");
    QTest::addColumn<QByteArray>("reference");
    QTest::addColumn<QByteArray>("target");
    const auto row = [](const char *name, const char *base, const char *prefix, const char *path,
                        const char *target) {
        QTest::newRow(name) << QByteArray(base) << QByteArray(prefix) << QByteArray(path)
                            << QByteArray(target);
    };
    row("5.3 prefix and path", "", "kv/apisix", "jack/key", "/v1/kv/apisix/jack");
    row("5.3 slashes around the prefix", "", "/kv/apisix/", "jack/key", "/v1/kv/apisix/jack");
    row("5.3 doubled slashes", "", "kv//apisix", "a//b/key", "/v1/kv/apisix/a/b");
    row("5.1 the path may be deep", "", "kv", "a/b/c/key", "/v1/kv/a/b/c");
    row("5.3 a path in the uri", "/base", "kv", "jack/key", "/base/v1/kv/jack");
    row("a blank", "", "kv", "jack o/key", "/v1/kv/jack%20o");
    row("a question mark", "", "kv", "ja?ck/key", "/v1/kv/ja%3Fck");
}

void tst_VaultSecrets::normalisesPaths()
{
    QFETCH(const QByteArray, base);
    QFETCH(const QByteArray, prefix);
    QFETCH(const QByteArray, reference);
    QFETCH(const QByteArray, target);
    RawUpstream vault(RawUpstream::answering(answerWith(200, R"({"data":{"key":"k1"}})")));
    QCOMPARE(manager(url(vault) + base.toStdString(),
                     std::format(R"(, "prefix": "{}")", prefix.toStdString())),
             201);
    QCOMPARE(credential("$secret://vault/v/" + reference.toStdString()), 201);
    QCOMPARE(vault.lastRequest().startLine, std::format("GET {} HTTP/1.1", target.toStdString()));
    QCOMPARE(login("k1"), 200);
}

void tst_VaultSecrets::takesTheMember_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("key");
    const auto row = [](const char *name, int status, const char *body, const char *key) {
        QTest::newRow(name) << status << QByteArray(body) << QByteArray(key);
    };
    row("5.3 KV version 1", 200, R"({"data":{"key":"k1","other":"o"}})", "k1");
    row("5.3 the status is not looked at", 500, R"({"data":{"key":"k1"}})", "k1");
    row("5.3 errors beside data do not count", 200, R"({"errors":["x"],"data":{"key":"k1"}})",
        "k1");
    row("J-66: a member beside what looks like version 2", 200,
        R"({"data":{"key":"k1","data":{"key":"k2"},"metadata":{}}})", "k1");
    row("a number", 200, R"({"data":{"key":17}})", "17");
}

void tst_VaultSecrets::takesTheMember()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, key);
    RawUpstream vault(RawUpstream::answering(answerWith(status, body.toStdString())));
    QCOMPARE(manager(url(vault)), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login(key.toStdString()), 200);
}

void tst_VaultSecrets::failsClosedAndSaysWhy_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, const std::string &answer, const char *code,
                        const char *says) {
        QTest::newRow(name) << QByteArray::fromStdString(answer) << QByteArray(code)
                            << QByteArray(says);
    };
    row("J-73: wrong token", answerWith(403, R"({"errors":["permission denied"]})"),
        "secret-manager", "answered status 403: permission denied");
    row("5.3 no JSON", answerWith(200, "<html>"), "secret-manager",
        "answered status 200, and no JSON object");
    row("5.3 no data", answerWith(200, "{}"), "secret-manager", "answered status 200 without data");
    row("5.3 data is no object", answerWith(200, R"({"data":[1]})"), "secret-manager",
        "answered status 200 without data");
    row("sealed", answerWith(503, R"({"errors":["Vault is sealed"]})"), "secret-manager",
        "answered status 503: Vault is sealed");
    row("5.3 no such member", answerWith(200, R"({"data":{"other":"hidden"}})"), "secret-member",
        "has no member \"key\"");
    row("5.3 a member that is null", answerWith(200, R"({"data":{"key":null}})"), "secret-member",
        "has no member \"key\"");
    row("J-66: an answer of KV version 2",
        answerWith(200, R"({"data":{"data":{"key":"k2"},"metadata":{"version":1}}})"),
        "secret-member", "version 2 of the KV engine; as in APISIX only version 1 is read");
    row("nothing at that path", answerWith(404, R"({"errors":[]})"), "secret-member",
        "has nothing at kv/apisix/jack");
    row("J-66: a path of KV version 2",
        answerWith(404,
                   R"({"data":null,"warnings":["Invalid path for a versioned K/V secrets )"
                   R"(engine."]})"),
        "secret-member", "Invalid path for a versioned K/V secrets engine.");
    row("no HTTP", "SSH-2.0-x\r\n", "secret-manager", "not an HTTP answer");
    row("the connection ends", "", "secret-manager", "the connection ended before the answer");
}

void tst_VaultSecrets::failsClosedAndSaysWhy()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QByteArray, code);
    QFETCH(const QByteArray, says);
    RawUpstream vault([octets = answer.toStdString()](RawUpstream::Connection &connection) {
        if (connection.readRequest().complete && !octets.empty())
            connection.send(octets);
        connection.close();
    });
    QCOMPARE(manager(url(vault)), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login("$secret://vault/v/jack/key"), 401); // never the reference's own text
    const Json trace = lastTrace();
    QCOMPARE(trace.stringOr("reason", ""), std::string_view("credential-unknown"));
    const std::string text = trace.dump();
    const std::string place =
        std::format("the secret of credential c of jack could not be resolved: ");
    QVERIFY2(text.contains(place), text.c_str());
    QVERIFY2(
        trace.find("notes")->dump().contains(
            Json(says.toStdString()).dump().substr(1, Json(says.toStdString()).dump().size() - 2)),
        text.c_str());
    QVERIFY2(trace.find("fix")->dump().contains("the gateway asks again by itself"), text.c_str());
    QVERIFY2(!text.contains("hidden") && !text.contains("\"root\""), "no value, no token");
    const Json problems = control("/v1/problems");
    QCOMPARE(problems.find("problems")->size(), 1U);
    const Json &problem = problems.find("problems")->items().front();
    QCOMPARE(problem.stringOr("key", ""), std::string_view("/apisix/consumers/jack/credentials/c"));
    QCOMPARE(problem.stringOr("code", ""), std::string_view(code.constData()));
    // Nobody else notices.
    QCOMPARE(login("plain"), 200);
}

void tst_VaultSecrets::brokenManagersNeverHurt_data()
{
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char *name, const std::string &answer) {
        QTest::newRow(name) << QByteArray::fromStdString(answer);
    };
    row("an endless body", answerWith(200, std::string(3U * 1024 * 1024, 'x')));
    row("a body nested too deeply", answerWith(200, std::string(100'000, '[')));
    row("an endless header", "HTTP/1.1 200 OK\r\nX: " + std::string(512UL * 1024, 'x'));
    row("a length that does not fit", "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{}");
    row("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ");
    row("octets", std::string("\x00\xff\x16\x03\x01 \r\n\r\n", 10));
}

void tst_VaultSecrets::brokenManagersNeverHurt()
{
    QFETCH(const QByteArray, answer);
    RawUpstream vault([octets = answer.toStdString()](RawUpstream::Connection &connection) {
        if (connection.readRequest().complete)
            connection.send(octets);
        connection.close();
    });
    QCOMPARE(manager(url(vault)), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login("$secret://vault/v/jack/key"), 401);
    QCOMPARE(control("/v1/problems").find("problems")->size(), 1U);
    QCOMPARE(login("plain"), 200);
}

void tst_VaultSecrets::malformedReferencesAreNamed_data()
{
    QTest::addColumn<QByteArray>("reference");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, const char *reference, const char *says) {
        QTest::newRow(name) << QByteArray(reference) << QByteArray(says);
    };
    row("5.1 no manager", "$secret://vault", "error format: no secret manager");
    row("5.1 no id", "$secret://vault/v", "error format: no secret conf id");
    row("5.1 no key", "$secret://vault/v/", "error format: no secret key id");
    row("5.3 no slash", "$secret://vault/v/key", "error key format, key: key");
    row("5.3 no path", "$secret://vault/v//key", "can't find main key, key: /key");
    row("5.3 no member", "$secret://vault/v/jack/", "can't find sub key, key: jack/");
    row("5.1 unknown object", "$secret://vault/none/jack/key", "no secret conf");
    row("5.1 unknown manager", "$secret://consul/v/jack/key", "no secret manager: consul");
    row("aws is not resolved", "$secret://aws/a/jack/key",
        "this gateway does not resolve references to aws");
    row("gcp is not resolved", "$secret://gcp/a/jack/key",
        "this gateway does not resolve references to gcp");
}

void tst_VaultSecrets::malformedReferencesAreNamed()
{
    QFETCH(const QByteArray, reference);
    QFETCH(const QByteArray, says);
    QCOMPARE(manager("http://127.0.0.1:1"), 201);
    QCOMPARE(
        m_gateway
            ->admin("PUT", "/secrets/aws/a", R"({"access_key_id":"a","secret_access_key":"s"})")
            .status(),
        201);
    QCOMPARE(m_gateway->admin("PUT", "/secrets/gcp/a", R"({"auth_file":"f"})").status(), 201);
    QCOMPARE(credential(reference.toStdString()), 201);
    QCOMPARE(login(reference.toStdString()), 401);
    const std::string notes = lastTrace().dump();
    QVERIFY2(notes.contains(says.toStdString()), notes.c_str());
    QVERIFY(lastTrace().find("fix")->size() > 0);
}

void tst_VaultSecrets::deadManagerIsAskedAgain()
{
    auto vault = startVault();
    QVERIFY(vault);
    const std::uint16_t port = vault->port();
    vault.reset();
    QCOMPARE(manager(std::format("http://127.0.0.1:{}", port)), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login("k1"), 401);
    const std::string trace = lastTrace().dump();
    const std::string says = std::format("vault 127.0.0.1:{}: nobody answers there: Connection "
                                         "refused",
                                         port);
    QVERIFY2(trace.contains(says), trace.c_str());
    // It comes up, but has nothing: said as well, without a restart or a write.
    vault = startVault(port);
    QVERIFY(vault);
    QTRY_VERIFY_WITH_TIMEOUT(control("/v1/problems").dump().contains("has nothing at kv/apisix/"),
                             kPatience);
    QVERIFY(store(*vault, R"({"key":"k1"})"));
    QTRY_COMPARE_WITH_TIMEOUT(login("k1"), 200, kPatience);
    QCOMPARE(control("/v1/problems").find("problems")->size(), 0U);
}

void tst_VaultSecrets::slowManagerSlowsNobody()
{
    const auto gate = std::make_shared<Gate>();
    RawUpstream vault([gate](RawUpstream::Connection &connection) {
        if (!connection.readRequest().complete)
            return;
        gate->pass();
        connection.send(answerWith(200, R"({"data":{"key":"k1"}})"));
    });
    QCOMPARE(manager(url(vault), R"(, "timeout": 60)"), 201);
    const std::string body = R"({"plugins": {"key-auth": {"key": "$secret://vault/v/jack/key"}}})";
    RawStream waiting = RawStream::connectTo(m_gateway->adminPort());
    waiting.send(std::format("PUT /apisix/admin/consumers/jack/credentials/c HTTP/1.1\r\n"
                             "Host: 127.0.0.1:{}\r\nX-API-KEY: {}\r\nContent-Length: {}\r\n\r\n{}",
                             m_gateway->adminPort(), m_gateway->options.adminKey, body.size(),
                             body));
    QTRY_COMPARE_WITH_TIMEOUT(vault.requestCount(), 1U, kPatience);

    // While it says nothing, one request after the other is answered, each waited for.
    std::vector<std::chrono::microseconds> took;
    RawStream client = m_gateway->connect();
    for (int i = 0; i < 2000; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        QVERIFY(client.send("GET /free HTTP/1.1\r\nHost: a.example\r\n\r\n"));
        QCOMPARE(client.readMessage().status(), 200);
        took.push_back(std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - begin));
    }
    std::ranges::sort(took);
    qInfo("with a manager that never answers: p50 %lld us, p99 %lld us",
          static_cast<long long>(took[took.size() / 2].count()),
          static_cast<long long>(took[took.size() * 99 / 100].count()));
    QCOMPARE(login("plain"), 200);
    QCOMPARE(login("k1"), 401);
    QVERIFY(lastTrace().dump().contains("has not answered yet"));
    // Nor do other writes wait, or another manager's secrets.
    QVERIFY(m_gateway->route("late", "/late", m_upstream->port()));
    QCOMPARE(m_gateway->get("/late").status(), 200);
    RawUpstream quick(RawUpstream::answering(answerWith(200, R"({"data":{"key":"k2"}})")));
    QCOMPARE(manager(url(quick), {}, "quick"), 201);
    QCOMPARE(credential("$secret://vault/quick/jill/key", "jill"), 201);
    QCOMPARE(login("k2"), 200);
    QCOMPARE(vault.requestCount(), 1U);
    QVERIFY(waiting.staysQuietFor(std::chrono::milliseconds(1)));

    gate->open();
    QCOMPARE(waiting.readMessage().status(), 201);
    QCOMPARE(login("k1"), 200);
}

void tst_VaultSecrets::valueIsReadAgainAfterItsTime()
{
    auto vault = startVault();
    QVERIFY(vault && store(*vault, R"({"key":"k1"})"));
    QCOMPARE(manager(vault->url()), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login("k1"), 200);
    QVERIFY(store(*vault, R"({"key":"k2"})"));
    QVERIFY(m_gateway->gateway().clock().advance(std::chrono::seconds(290)));
    QCOMPARE(login("k1"), 200); // 5.4: hit 300 s
    QVERIFY(m_gateway->gateway().clock().advance(std::chrono::seconds(11)));
    QTRY_COMPARE_WITH_TIMEOUT(login("k2"), 200, kPatience);
    QCOMPARE(login("k1"), 401);
}

void tst_VaultSecrets::reloadAsksAtOnce()
{
    auto vault = startVault();
    QVERIFY(vault && store(*vault, R"({"key":"k1"})"));
    const std::uint16_t port = vault->port();
    QCOMPARE(manager(vault->url()), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login("k1"), 200);
    QVERIFY(store(*vault, R"({"key":"k2"})"));
    QCOMPARE(login("k2"), 401); // it is kept
    const ControlClient client({.unixPath = m_gateway->options.controlSocket});
    const auto reload = [&client] {
        const auto answer = client.send({.method = "POST", .target = "/v1/secrets/reload"});
        return answer ? answer->body : describe(answer.error());
    };
    QCOMPARE(reload(), "{\"asked\":1,\"problems\":[]}\n");
    QCOMPARE(login("k2"), 200); // no waiting: the answer came after the snapshot
    QCOMPARE(login("k1"), 401);
    vault.reset();
    const std::string away = reload();
    QVERIFY2(away.contains("\"code\":\"secret-manager\"") && away.contains(std::to_string(port)),
             away.c_str());
    QCOMPARE(login("k2"), 200); // what was read stays in use
}

void tst_VaultSecrets::oldValueIsUsedWhileTheManagerIsAway()
{
    auto vault = startVault();
    QVERIFY(vault && store(*vault, R"({"key":"k1"})"));
    const std::uint16_t port = vault->port();
    QCOMPARE(manager(vault->url()), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    vault.reset();
    QVERIFY(m_gateway->gateway().clock().advance(std::chrono::seconds(301)));
    QTRY_VERIFY_WITH_TIMEOUT(
        control("/v1/problems").dump().contains("the value read before is still used"), kPatience);
    QCOMPARE(login("k1"), 200);
    // It is back and says that there is no such secret any more: that counts.
    vault = startVault(port);
    QVERIFY(vault);
    QTRY_COMPARE_WITH_TIMEOUT(login("k1"), 401, kPatience);
}

void tst_VaultSecrets::writtenAgainIsReadAgain()
{
    auto vault = startVault();
    QVERIFY(vault && store(*vault, R"({"key":"k1"})"));
    QCOMPARE(manager(vault->url()), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QVERIFY(store(*vault, R"({"key":"k2"})"));
    QCOMPARE(login("k1"), 200);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 200); // 5.4: once per object revision
    QCOMPARE(login("k2"), 200);
    QCOMPARE(login("k1"), 401);
}

void tst_VaultSecrets::whatWasJustStoredIsFound_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("plugins");
    QTest::newRow("8.1 nothing at that path before") << QByteArray() << QByteArray();
    QTest::newRow("other members before") << QByteArray(R"({"other":"o"})") << QByteArray();
    QTest::newRow("among several logins")
        << QByteArray()
        << QByteArray(R"("multi-auth": {"auth_plugins": [{"basic-auth": {}}, )"
                      R"({"key-auth": {}}]})");
}

void tst_VaultSecrets::whatWasJustStoredIsFound()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, plugins);
    auto vault = startVault();
    QVERIFY(vault);
    if (!before.isEmpty())
        QVERIFY(store(*vault, before.toStdString()));
    if (!plugins.isEmpty())
        QVERIFY(m_gateway->route("guarded", "/guarded", m_upstream->port(),
                                 std::format(", \"plugins\": {{{}}}", plugins.toStdString())));
    QCOMPARE(manager(vault->url()), 201);
    QElapsedTimer since;
    since.start();
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    const std::string json = R"({"key":"k1"})";
    QVERIFY(store(*vault, json));
    const int next = login("k1"); // the very next request, as the original reads on demand
    // By itself the gateway asks again after 200 ms. If that was before the value was stored, a
    // pause follows.
    if (next != 200 && since.elapsed() >= 200)
        QTRY_COMPARE_WITH_TIMEOUT(login("k1"), 200, kPatience);
    else
        QCOMPARE(next, 200);
    const Json trace = lastTrace();
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("allowed"));
    QVERIFY(!trace.find("steps")->dump().contains("credential-unknown"));
    QCOMPARE(login("k2"), 401);
}

void tst_VaultSecrets::managerObjectsComeAndGo()
{
    auto vault = startVault();
    QVERIFY(vault && store(*vault, R"({"key":"k1"})")
            && store(*vault, R"({"key":"k2"})", "kv/other/jack"));
    // The credential first, its manager later.
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login("k1"), 401);
    QCOMPARE(manager(vault->url()), 201);
    QCOMPARE(login("k1"), 200);
    QCOMPARE(m_gateway->admin("PATCH", "/secrets/vault/v/prefix", R"("kv/other")").status(), 200);
    QCOMPARE(login("k1"), 401); // 5.4: a change below /secrets counts at once
    QCOMPARE(login("k2"), 200);
    QCOMPARE(manager("http://127.0.0.1:1"), 200); // nobody there: what is known is of another one
    QCOMPARE(login("k2"), 401);
    QCOMPARE(manager(vault->url()), 200);
    QCOMPARE(login("k1"), 200);
    QCOMPARE(m_gateway->admin("DELETE", "/secrets/vault/v").status(), 200);
    QCOMPARE(login("k1"), 401); // J-64
    QVERIFY(lastTrace().dump().contains("no secret conf"));
}

void tst_VaultSecrets::tokenMayBeAVariable()
{
    auto vault = startVault();
    QVERIFY(vault && store(*vault, R"({"key":"k1"})"));
    const std::string fromVariable = R"(, "token": "$env://VAULT")"; // moc stumbles over // here
    QCOMPARE(manager(vault->url(), fromVariable), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login("k1"), 200); // J-75
    const std::string fromNothing = R"(, "token": "$env://UNSET")";
    QCOMPARE(manager(vault->url(), fromNothing), 200);
    QCOMPARE(login("k1"), 401); // 5.4: the text itself is sent
    QVERIFY(lastTrace().dump().contains("answered status 403: permission denied"));
}

void tst_VaultSecrets::overTls_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<QByteArray>("names");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("https") << true << true << QByteArray("IP:127.0.0.1") << QByteArray();
    QTest::newRow("https, nobody vouches for it")
        << true << false << QByteArray("IP:127.0.0.1") << QByteArray("is not trusted");
    QTest::newRow("https, another name") << true << true << QByteArray("DNS:vault.example")
                                         << QByteArray("is for vault.example, not for 127.0.0.1");
    QTest::newRow("J-70: https at a server that speaks HTTP")
        << false << true << QByteArray() << QByteArray("the server does not speak TLS there");
}

void tst_VaultSecrets::overTls()
{
    QFETCH(const bool, tls);
    QFETCH(const bool, trusted);
    QFETCH(const QByteArray, names);
    QFETCH(const QByteArray, says);
    const QTemporaryDir folder;
    const TlsIdentity authority = makeAuthority("Test Authority");
    const TlsIdentity other = makeAuthority("Other Authority");
    QFile file(folder.filePath(QStringLiteral("ca.pem")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString((trusted ? authority : other).pem()));
    file.close();
    qputenv("SSL_CERT_FILE", file.fileName().toUtf8());
    const std::string good = answerWith(200, R"({"data":{"key":"k1"}})");
    RawUpstream::Script script = RawUpstream::answering(good);
    if (tls)
        script = answeringOverTls(issue(authority, {.alternatives = names.toStdString()}), good);
    else
        script = [](RawUpstream::Connection &connection) {
            connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            connection.waitForEnd();
        };
    RawUpstream vault(script);
    QCOMPARE(manager(std::format("https://127.0.0.1:{}", vault.port())), 201);
    QCOMPARE(credential("$secret://vault/v/jack/key"), 201);
    QCOMPARE(login("k1"), says.isEmpty() ? 200 : 401);
    const std::string trace = lastTrace().dump();
    QVERIFY2(trace.contains(says.toStdString()), trace.c_str());
    qunsetenv("SSL_CERT_FILE");
}

void tst_VaultSecrets::anyStringOfAPlugin()
{
    auto vault = startVault();
    QVERIFY(vault && store(*vault, R"({"key":"k1","host":"one.example"})"));
    QCOMPARE(manager(vault->url()), 201);
    constexpr std::string_view kRewrite =
        R"("proxy-rewrite": {"headers": {"set": {"X-Own": "$secret://vault/v/jack/key"}}})";
    QVERIFY(m_gateway->route("r", "/r", m_upstream->port(),
                             std::format(R"(, "plugins": {{{}}})", kRewrite)));
    QVERIFY(m_gateway->get("/r").body.contains("X-Own: k1"));
    // The same below a service, a plugin config, a global rule and a consumer.
    const auto holds = [&](std::string_view path, std::string_view member, std::string_view route) {
        const std::string body = std::format(R"({{{}"plugins": {{{}}}}})", member, kRewrite);
        return m_gateway->admin("PUT", path, body).status() == 201
            && (route.empty()
                || m_gateway->route("r", "/r", m_upstream->port(), std::format(R"(, {})", route)));
    };
    QVERIFY(holds("/services/s", "", R"("service_id": "s")"));
    QVERIFY(m_gateway->get("/r").body.contains("X-Own: k1"));
    QVERIFY(holds("/plugin_configs/p", "", R"("plugin_config_id": "p")"));
    QVERIFY(m_gateway->get("/r").body.contains("X-Own: k1"));
    QVERIFY(holds("/global_rules/g", "", ""));
    QVERIFY(m_gateway->get("/free").body.contains("X-Own: k1"));
    // A new value reaches all of them.
    QVERIFY(store(*vault, R"({"key":"k2"})"));
    QVERIFY(m_gateway->gateway().clock().advance(std::chrono::seconds(301)));
    QTRY_VERIFY_WITH_TIMEOUT(m_gateway->get("/free").body.contains("X-Own: k2"), kPatience);
    QVERIFY(m_gateway->get("/r").body.contains("X-Own: k2"));
}

void tst_VaultSecrets::unresolvedTextIsUsedAsItStands()
{
    RawUpstream vault(RawUpstream::answering(answerWith(200, R"({"data":{}})")));
    QCOMPARE(manager(url(vault)), 201);
    const auto echoing = [this](std::string_view id, std::string_view body) {
        return m_gateway->route(id, std::format("/{}", id), m_upstream->port(),
                                std::format(R"(, "plugins": {{"echo": {{"body": "{}"}}}})", body));
    };
    QVERIFY(echoing("e", "$env://UNSET"));
    QCOMPARE(m_gateway->get("/e").body, std::string("$env://UNSET"));
    QVERIFY(lastTrace().find("notes")->dump().contains("route e refers to $env://UNSET: "));
    QCOMPARE(m_gateway->admin("DELETE", "/routes/e").status(), 200);
    QVERIFY(echoing("r", "$secret://vault/v/jack/key"));
    const RawMessage answer = m_gateway->get("/r");
    QCOMPARE(answer.status(), 200); // 5.4: the request goes on
    QCOMPARE(answer.body, std::string("$secret://vault/v/jack/key"));
    const Json trace = lastTrace();
    const std::string notes = trace.find("notes")->dump();
    QVERIFY2(notes.contains("route r refers to $secret://vault/v/jack/key: "), notes.c_str());
    QVERIFY2(notes.contains("has no member \\\"key\\\""), notes.c_str());
    QVERIFY(trace.find("fix")->size() > 0);
    const Json problems = control("/v1/problems");
    QCOMPARE(problems.find("problems")->size(), 1U);
    QCOMPARE(problems.find("problems")->items().front().stringOr("key", ""),
             std::string_view("/apisix/routes/r"));
    // Another route's trace does not speak of it.
    QCOMPARE(m_gateway->get("/free").status(), 200);
    QVERIFY(!lastTrace().dump().contains("refers to"));
    QCOMPARE(m_gateway->admin("DELETE", "/routes/r").status(), 200);
    QCOMPARE(control("/v1/problems").find("problems")->size(), 0U);
}

void tst_VaultSecrets::oneAnswerServesEveryMember()
{
    RawUpstream vault(RawUpstream::answering(answerWith(200, R"({"data":{"a":"k1","b":"k2"}})")));
    QCOMPARE(manager(url(vault)), 201);
    const RawMessage put = m_gateway->admin(
        "PUT", "/consumers",
        R"({"username":"jo","plugins":{"key-auth":{"key":"$secret://vault/v/jo/a"},)"
        R"("basic-auth":{"username":"jo","password":"$secret://vault/v/jo/b"}}})");
    QCOMPARE(put.status(), 201);
    QCOMPARE(login("k1"), 200);
    QCOMPARE(vault.requestCount(), 1U);
}

void tst_VaultSecrets::othersMembersAreNotNeeded()
{
    // One login of two cannot be had: the other one works, and is the consumer's.
    RawUpstream vault(RawUpstream::answering(answerWith(200, R"({"data":{"a":"k1"}})")));
    QCOMPARE(manager(url(vault)), 201);
    const std::string jo =
        R"({"username":"jo","plugins":{"key-auth":{"key":"$secret://vault/v/jo/a"},)"
        R"("basic-auth":{"username":"jo","password":"$secret://vault/v/jo/b"}}})";
    QCOMPARE(m_gateway->admin("PUT", "/consumers", jo).status(), 201);
    QCOMPARE(login("k1"), 200);
    QCOMPARE(control("/v1/problems").find("problems")->size(), 1U);
}

void tst_VaultSecrets::developmentStoreChecksItsToken()
{
    auto vault = startVault();
    QVERIFY(vault);
    const ControlClient client({.host = "127.0.0.1", .port = vault->port()});
    for (const char *token : {"", "wrong", "roo", "root2"}) {
        const auto answer =
            client.send({.target = "/v1/kv/x", .headers = {{"X-Vault-Token", token}}});
        QVERIFY(answer);
        QCOMPARE(answer->status, 403);
        QVERIFY(
            parseJson(answer->body)
                ->operator==(Json::object({{"errors", Json(Json::Array{"permission denied"})}})));
    }
    QCOMPARE(client.send({.target = "/v1/sys/health"})->status, 200);
}

QTEST_GUILESS_MAIN(tst_VaultSecrets)
#include "tst_vault_secrets.moc"
