// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/hmac.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <chrono>
#include <format>
#include <string>

using namespace postern;
using namespace postern::test;

/// The authentication plugins as clients and upstreams meet them: over real sockets, configured by
/// the Admin API.
class tst_LoginsOverHttp : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();

    void basicAuth_data();
    void basicAuth();
    void hmacAuth_data();
    void hmacAuth();
    void multiAuthKeepsAChallengeOnSuccess();
    void multiAuthChallengesOnce();
    void anonymousConsumersOfEveryPlugin_data();
    void anonymousConsumersOfEveryPlugin();
    void labelsReachTheUpstream();
    void newCredentialsWorkAtOnce();

private:
    [[nodiscard]] RawMessage get(std::string_view target, std::string_view fields = {}) const;
    [[nodiscard]] bool put(std::string_view path, std::string_view json);
    [[nodiscard]] bool route(std::string_view uri, std::string_view plugins);

    RawUpstream m_upstream{RawUpstream::echoing()};
    GatewayFixture m_gateway;
    int m_routes = 0;
};

namespace {

constexpr std::string_view kDate = "Tue, 19 Jan 2016 11:33:20 GMT";

std::string signedFields(std::string_view line, std::string_view date = kDate)
{
    auto hmac = Hmac::make("SHA256", "my-secret-key");
    if (!hmac || !hmac->begin()
        || !hmac->update(std::format("my-access-key\n{}\ndate: {}\n", line, date)))
        return {};
    return std::format("Date: {}\r\nAuthorization: Signature keyId=\"my-access-key\",algorithm=\""
                       "hmac-sha256\",headers=\"@request-target date\",signature=\"{}\"\r\n",
                       date, encodeBase64(hmac->finish()));
}

} // namespace

RawMessage tst_LoginsOverHttp::get(std::string_view target, std::string_view fields) const
{
    return m_gateway.ask(
        std::format("GET {} HTTP/1.1\r\nHost: a.example\r\n{}\r\n", target, fields));
}

bool tst_LoginsOverHttp::put(std::string_view path, std::string_view json)
{
    return m_gateway.admin("PUT", path, json).status() / 100 == 2;
}

bool tst_LoginsOverHttp::route(std::string_view uri, std::string_view plugins)
{
    return m_gateway.route(std::to_string(++m_routes), uri, m_upstream.port(),
                           std::format(R"(, "plugins": {})", plugins));
}

void tst_LoginsOverHttp::initTestCase()
{
    m_gateway.options.workers = 2;
    m_gateway.options.clockMode = Clock::Mode::Frozen;
    m_gateway.options.clockStart = Timestamp(std::chrono::seconds(1453203200));
    QVERIFY(m_gateway.start());
    QVERIFY(put("/consumers", R"({"username":"jack","labels":{"role":"admin"}})"));
    QVERIFY(put("/consumers", R"({"username":"guest"})"));
    QVERIFY(put("/consumers/jack/credentials/b",
                R"({"plugins":{"basic-auth":{"username":"foo","password":"bar"}}})"));
    QVERIFY(put("/consumers/jack/credentials/h",
                R"({"plugins":{"hmac-auth":{"key_id":"my-access-key",)"
                R"("secret_key":"my-secret-key"}}})"));
    QVERIFY(put("/consumers/jack/credentials/k", R"({"plugins":{"key-auth":{"key":"k"}}})"));
    QVERIFY(route("/basic", R"({"basic-auth":{"hide_credentials":true}})"));
    QVERIFY(route("/hmac/*", R"({"hmac-auth":{}})"));
    QVERIFY(
        route("/multi", R"({"multi-auth":{"auth_plugins":[{"basic-auth":{}},{"key-auth":{}}]}})"));
    QVERIFY(route("/label",
                  R"({"key-auth":{"anonymous_consumer":"guest"},"attach-consumer-label":)"
                  R"({"headers":{"X-Consumer-Role":"$role"}}})"));
    for (const char *plugin : {"basic-auth", "hmac-auth", "jwt-auth", "key-auth"})
        QVERIFY(route(std::format("/open/{}", plugin),
                      std::format(R"({{"{}":{{"anonymous_consumer":"guest"}}}})", plugin)));
}

void tst_LoginsOverHttp::basicAuth_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    QTest::newRow("C-18 user and password")
        << QByteArray("Authorization: Basic Zm9vOmJhcg==\r\n") << 200;
    QTest::newRow("C-18 wrong password")
        << QByteArray("Authorization: Basic Zm9vOmJheg==\r\n") << 401;
    QTest::newRow("C-18 none") << QByteArray() << 401;
}

void tst_LoginsOverHttp::basicAuth()
{
    QFETCH(const QByteArray, fields);
    QFETCH(const int, status);
    const RawMessage answer = get("/basic", fields.toStdString());
    QCOMPARE(answer.status(), status);
    QCOMPARE(answer.header("WWW-Authenticate"),
             std::string(status == 401 ? "Basic realm=\"basic\"" : "-"));
    if (status == 200) {
        QVERIFY(
            answer.body.contains("X-Consumer-Username: jack\r\nX-Credential-Identifier: b\r\n"));
        QVERIFY(!answer.body.contains("Authorization"));
    }
}

void tst_LoginsOverHttp::hmacAuth_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *target, const std::string &fields,
                        int status) {
        QTest::newRow(name) << QByteArray(target) << QByteArray::fromStdString(fields) << status;
    };
    row("signed", "/hmac/a?b=2&a=1", signedFields("GET /hmac/a?b=2&a=1"), 200);
    row("the path is signed decoded", "/hmac/%61%20b?c=%20", signedFields("GET /hmac/a b?c=%20"),
        200);
    row("dot segments are gone before", "/hmac/x/../a", signedFields("GET /hmac/a"), 200);
    row("a lone question mark as well", "/hmac/a?", signedFields("GET /hmac/a"), 200);
    row("another query", "/hmac/a?b=2", signedFields("GET /hmac/a?b=3"), 401);
    row("another method", "/hmac/a", signedFields("POST /hmac/a"), 401);
    row("300 s old", "/hmac/a", signedFields("GET /hmac/a", "Tue, 19 Jan 2016 11:28:20 GMT"), 200);
    row("301 s old", "/hmac/a", signedFields("GET /hmac/a", "Tue, 19 Jan 2016 11:28:19 GMT"), 401);
}

void tst_LoginsOverHttp::hmacAuth()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, fields);
    QFETCH(const int, status);
    const RawMessage answer = get(target.toStdString(), fields.toStdString());
    QCOMPARE(answer.status(), status);
    if (status == 200)
        QVERIFY(answer.body.contains("X-Credential-Identifier: h\r\n"));
    else
        QCOMPARE(answer.header("WWW-Authenticate"), std::string("hmac realm=\"hmac\""));
}

void tst_LoginsOverHttp::multiAuthKeepsAChallengeOnSuccess()
{
    const RawMessage answer = get("/multi", "apikey: k\r\n");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.header("WWW-Authenticate"), std::string("Basic realm=\"basic\""));
    QCOMPARE(get("/multi", "Authorization: Basic Zm9vOmJhcg==\r\n").header("WWW-Authenticate"),
             std::string("-"));
}

void tst_LoginsOverHttp::multiAuthChallengesOnce()
{
    const RawMessage answer = get("/multi");
    QCOMPARE(answer.status(), 401);
    QCOMPARE(answer.body, std::string("{\"message\":\"Authorization Failed\"}\n"));
    QCOMPARE(answer.count("WWW-Authenticate"), 1U);
    QCOMPARE(answer.header("WWW-Authenticate"), std::string("apikey realm=\"key\""));
}

void tst_LoginsOverHttp::anonymousConsumersOfEveryPlugin_data()
{
    QTest::addColumn<QByteArray>("plugin");
    QTest::addColumn<QByteArray>("fields");
    for (const char *plugin : {"basic-auth", "hmac-auth", "jwt-auth", "key-auth"}) {
        QTest::newRow((std::string(plugin) + ", nothing sent").c_str())
            << QByteArray(plugin) << QByteArray();
        QTest::newRow((std::string(plugin) + ", something wrong sent").c_str())
            << QByteArray(plugin) << QByteArray("Authorization: x\r\napikey: x\r\n");
    }
}

void tst_LoginsOverHttp::anonymousConsumersOfEveryPlugin()
{
    QFETCH(const QByteArray, plugin);
    QFETCH(const QByteArray, fields);
    const RawMessage answer =
        get("/open/" + plugin.toStdString(),
            fields.toStdString() + "X-Consumer-Username: root\r\nX-Credential-Identifier: b\r\n");
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.body.contains("X-Consumer-Username: guest\r\n"));
    QVERIFY(!answer.body.contains("X-Credential-Identifier"));
    QCOMPARE(answer.header("WWW-Authenticate"), std::string("-"));
}

void tst_LoginsOverHttp::labelsReachTheUpstream()
{
    QVERIFY(get("/label", "apikey: k\r\nX-Consumer-Role: root\r\n")
                .body.contains("X-Consumer-Role: admin\r\n"));
    QVERIFY(!get("/label", "X-Consumer-Role: root\r\n").body.contains("X-Consumer-Role"));
}

void tst_LoginsOverHttp::newCredentialsWorkAtOnce()
{
    for (int i = 0; i < 20; ++i) {
        const std::string password = std::to_string(i);
        QVERIFY(put(
            "/consumers/jack/credentials/n",
            std::format(R"({{"plugins":{{"basic-auth":{{"username":"new","password":"{}"}}}}}})",
                        password)));
        const std::string fields =
            std::format("Authorization: Basic {}\r\n", encodeBase64("new:" + password));
        QCOMPARE(get("/basic", fields).status(), 200);
        QCOMPARE(m_gateway.admin("DELETE", "/consumers/jack/credentials/n").status(), 200);
        QCOMPARE(get("/basic", fields).status(), 401);
    }
}

QTEST_GUILESS_MAIN(tst_LoginsOverHttp)
#include "tst_logins_over_http.moc"
