// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "gateway/pipeline/explain.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

class tst_BasicAuth : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void decides_data();
    void decides();
    void readsAsApisix318Does_data();
    void readsAsApisix318Does();
    void attachesTheConsumer();
    void removesSpoofedHeaders();
    void hidesTheHeader();
    void fallsBackToTheAnonymousConsumer_data();
    void fallsBackToTheAnonymousConsumer();
    void refusesWhenTheAnonymousConsumerIsMissing();
    void leavesOutUnresolvedPasswords();
    void takesTheLastOfEqualNames();
    void explains_data();
    void explains();
    void neverTracesThePassword();

private:
    static void configure(PipelineFixture &gateway, std::string_view plugin = "{}");
    static std::string basic(std::string_view login) { return "Basic " + encodeBase64(login); }
};

void tst_BasicAuth::configure(PipelineFixture &gateway, std::string_view plugin)
{
    gateway.put(
        "consumers/foo",
        R"({"username":"foo","plugins":{"basic-auth":{"username":"foo","password":"bar"}}})");
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},"plugins":{"basic-auth":)"
                    + std::string(plugin) + "}}");
}

void tst_BasicAuth::decides_data()
{
    QTest::addColumn<QByteArray>("header"); // null: not sent
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char *name, const QByteArray &header, int status = 200,
                        const char *message = "", const char *reason = "") {
        QTest::newRow(name) << header << status << QByteArray(message) << QByteArray(reason);
    };
    const char *missing = "Missing authorization in request";
    const char *invalid = "Invalid authorization in request";
    const char *refused = "Invalid user authorization";
    const auto login = [](std::string_view text) { return QByteArray::fromStdString(basic(text)); };
    row("C-18 user and password", login("foo:bar"));
    row("C-18 wrong password", login("foo:baz"), 401, refused, "password");
    row("C-18 none", {}, 401, missing, "credential-missing");
    row("RFC 7617 2: the scheme in any case", "bAsIc Zm9vOmJhcg==");
    row("a tab is a blank", "Basic\tZm9vOmJhcg==");
    row("unknown user", login("bar:bar"), 401, refused, "credential-unknown");
    row("a prefix of the password", login("foo:ba"), 401, refused, "password");
    row("case-sensitive password", login("foo:BAR"), 401, refused, "password");
    row("case-sensitive name", login("FOO:bar"), 401, refused, "credential-unknown");
    row("empty header", "", 401, invalid, "authorization-format");
    row("scheme only", "Basic ", 401, invalid, "authorization-format");
    row("another scheme", "Bearer Zm9vOmJhcg==", 401, invalid, "authorization-format");
    row("no blank", "BasicZm9vOmJhcg==", 401, invalid, "authorization-format");
    row("two blanks", "Basic  Zm9vOmJhcg==", 401, invalid, "authorization-format");
    row("not base64", "Basic aca_a", 401, invalid, "authorization-format");
    row("the url alphabet is none", "Basic Zm9vOi1f_-==", 401, invalid, "authorization-format");
    row("a length that base64 never has", "Basic Zm9vO", 401, invalid, "authorization-format");
    row("no colon", login("foo"), 401, invalid, "authorization-format");
    row("empty password", login("foo:"), 401, invalid, "authorization-format");
    row("nothing but colons behind the name", login("foo:::"), 401, invalid,
        "authorization-format");
    row("empty name", login(":bar"), 401, refused, "credential-unknown");
}

void tst_BasicAuth::decides()
{
    QFETCH(QByteArray, header);
    QFETCH(int, status);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, reason);
    PipelineFixture gateway;
    configure(gateway);
    const std::string value = header.toStdString();
    const int got =
        header.isNull() ? gateway.get("/get") : gateway.get("/get", {{"Authorization", value}});
    QCOMPARE(got, status);
    QCOMPARE(gateway.failure(), reason.toStdString());
    if (status == 401) {
        QCOMPARE(gateway.body(), "{\"message\":\"" + message.toStdString() + "\"}\n");
        QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("Basic realm=\"basic\""));
    }
}

void tst_BasicAuth::readsAsApisix318Does_data()
{
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *stored, const std::string &header,
                        int status) {
        QTest::newRow(name) << QByteArray(stored) << QByteArray::fromStdString(header) << status;
    };
    row("[Q] white space is taken out", "bar", basic(" f o\to : b a\r\nr "), 200);
    row("[Q] of stored passwords it is not", "b ar", basic("foo:b ar"), 401);
    row("[Q] the second colon ends the password", "bar", basic("foo:bar:rest"), 200);
    row("[Q] a stored one with a colon never fits", "b:ar", basic("foo:b:ar"), 401);
    row("[Q] an empty one may come about", "", basic("foo: "), 200);
    row("[Q] and between two colons", "", basic("foo::x"), 200);
    row("the scheme may stand behind something", "bar", "x-" + basic("foo:bar"), 200);
    row("unused bits of base64", "bar", "Basic Zm9vOmJhch==", 200);
    row("padding may be missing", "bar", "Basic Zm9vOmJhcg", 200);
    row("nothing behind the padding is read", "bar", "Basic Zm9vOmJhcg==, x", 200);
    row("octets above 127", "p\xc3\xa4ss", basic("foo:p\xc3\xa4ss"), 200);
}

void tst_BasicAuth::readsAsApisix318Does()
{
    QFETCH(QByteArray, stored);
    QFETCH(QByteArray, header);
    QFETCH(int, status);
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/foo",
                R"({"username":"foo","plugins":{"basic-auth":{"username":"foo","password":)"
                    + jsonText(stored.toStdString()) + "}}}");
    const std::string value = header.toStdString();
    QCOMPARE(gateway.get("/get", {{"Authorization", value}}), status);
}

void tst_BasicAuth::attachesTheConsumer()
{
    PipelineFixture gateway;
    configure(gateway, R"({"realm":"my place"})");
    gateway.put("consumers/jack", R"({"username":"jack","labels":{"custom_id":"495aec6a"}})");
    gateway.put("consumers/jack/credentials/one",
                R"({"plugins":{"basic-auth":{"username":"jim","password":"s"}}})");
    const std::string header = basic("jim:s");
    QCOMPARE(gateway.get("/get", {{"authorization", header}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("jack"));
    QCOMPARE(gateway.upstreamHeader("X-Credential-Identifier"), std::string("one"));
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Custom-ID"), std::string("495aec6a"));
    QCOMPARE(gateway.upstreamHeader("Authorization"), header);
    QCOMPARE(gateway.steps(),
             std::string("route ok; extract ok; lookup ok; signature ok; consumer ok"));
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("Basic realm=\"my place\""));
}

void tst_BasicAuth::removesSpoofedHeaders()
{
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/get",
                         {{"Authorization", "Basic Zm9vOmJhcg=="},
                          {"x-consumer-username", "admin"},
                          {"X-Credential-Identifier", "evil"},
                          {"X-Consumer-Custom-Id", "evil"}}),
             200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("foo"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Credential-Identifier"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Consumer-Custom-ID"));
}

void tst_BasicAuth::hidesTheHeader()
{
    PipelineFixture gateway;
    configure(gateway, R"({"hide_credentials":true})");
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}, {"X-A", "b"}}), 200);
    QVERIFY(!gateway.exchange.request.headers.contains("authorization"));
    QVERIFY(gateway.exchange.request.headers.contains("x-a"));
}

void tst_BasicAuth::fallsBackToTheAnonymousConsumer_data()
{
    QTest::addColumn<QByteArray>("header"); // null: not sent
    QTest::addColumn<bool>("hide");
    QTest::newRow("missing") << QByteArray() << false;
    QTest::newRow("malformed") << QByteArray("Basic !") << false;
    QTest::newRow("wrong password") << QByteArray("Basic Zm9vOmJheg==") << false;
    QTest::newRow("unknown user") << QByteArray("Basic YmFyOmJhcg==") << false;
    QTest::newRow("hidden as well") << QByteArray("Basic YmFyOmJhcg==") << true;
}

void tst_BasicAuth::fallsBackToTheAnonymousConsumer()
{
    QFETCH(QByteArray, header);
    QFETCH(bool, hide);
    PipelineFixture gateway;
    configure(gateway,
              std::string(R"({"anonymous_consumer":"guest","hide_credentials":)")
                  + (hide ? "true}" : "false}"));
    gateway.put("consumers/guest", R"({"username":"guest"})");
    const std::string value = header.toStdString();
    const int got = header.isNull()
        ? gateway.get("/get", {{"X-Credential-Identifier", "e"}})
        : gateway.get("/get", {{"Authorization", value}, {"X-Credential-Identifier", "e"}});
    QCOMPARE(got, 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("guest"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Credential-Identifier"));
    QCOMPARE(gateway.exchange.request.headers.contains("Authorization"), !header.isNull() && !hide);
}

void tst_BasicAuth::refusesWhenTheAnonymousConsumerIsMissing()
{
    PipelineFixture gateway;
    configure(gateway, R"({"anonymous_consumer":"guest"})");
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Invalid user authorization\"}\n"));
    QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("Basic realm=\"basic\""));
    QCOMPARE(gateway.failure(), std::string("consumer-missing"));
}

void tst_BasicAuth::leavesOutUnresolvedPasswords()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/ref",
                R"({"username":"ref","plugins":{"basic-auth":{"username":"ref",)"
                R"("password":"$env://POSTERN_TEST_NOT_SET"}}})");
    const std::string literal = basic("ref:$env://POSTERN_TEST_NOT_SET");
    QCOMPARE(gateway.get("/get", {{"Authorization", literal}}), 401);
    QCOMPARE(gateway.failure(), std::string("credential-unknown"));
    qputenv("POSTERN_TEST_PASSWORD", "env-pass");
    gateway.put("consumers/ref",
                R"({"username":"ref","plugins":{"basic-auth":{"username":"ref",)"
                R"("password":"$env://POSTERN_TEST_PASSWORD"}}})");
    const std::string resolved = basic("ref:env-pass");
    QCOMPARE(gateway.get("/get", {{"Authorization", resolved}}), 200);
}

void tst_BasicAuth::takesTheLastOfEqualNames()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/amy",
                R"({"username":"amy","plugins":{"basic-auth":{"username":"foo","password":"x"}}})");
    QCOMPARE(gateway.get("/get", {{"Authorization", "Basic Zm9vOmJhcg=="}}), 401);
    const std::string header = basic("foo:x");
    QCOMPARE(gateway.get("/get", {{"Authorization", header}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("amy"));
}

void tst_BasicAuth::explains_data()
{
    QTest::addColumn<QByteArray>("header"); // null: not sent
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("fix"); // a part of it
    QTest::newRow("missing") << QByteArray()
                             << QByteArray("nothing found in header \"authorization\"")
                             << QByteArray("curl -u");
    QTest::newRow("scheme") << QByteArray("Bearer x")
                            << QByteArray("no \"Basic\" with something behind it")
                            << QByteArray("send Authorization: Basic, one blank");
    QTest::newRow("base64") << QByteArray("Basic !")
                            << QByteArray("what follows \"Basic\" is not base64")
                            << QByteArray("base64 of user:password");
    QTest::newRow("user") << QByteArray("Basic YmFyOmJhcg==")
                          << QByteArray(
                                 "no consumer has a basic-auth credential with username \"bar\"")
                          << QByteArray("compare the user name");
    QTest::newRow("password") << QByteArray("Basic Zm9vOmJheg==")
                              << QByteArray("the password is not the credential's")
                              << QByteArray("send the password of consumer foo");
    QTest::newRow("colon") << QByteArray::fromStdString(basic("colon:a:b"))
                           << QByteArray("the password fits as it was sent, but APISIX 3.18 ends "
                                         "it at its first colon and takes white space out of it")
                           << QByteArray("give one of colon a password without colon");
}

void tst_BasicAuth::explains()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, fix);
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/colon", R"({"username":"colon"})");
    gateway.put("consumers/colon/credentials/one",
                R"({"plugins":{"basic-auth":{"username":"colon","password":"a:b"}}})");
    const std::string value = header.toStdString();
    if (header.isNull())
        gateway.get("/get");
    else
        gateway.get("/get", {{"Authorization", value}});
    const Json trace = traceToJson(gateway.exchange.trace, *gateway.snapshot, {}, {});
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("denied"));
    QCOMPARE(std::string(trace.find("steps")->items().back().stringOr("text", "")),
             text.toStdString());
    QVERIFY2(trace.find("fix")->dump().contains(fix.toStdString()),
             trace.find("fix")->dump().c_str());
}

void tst_BasicAuth::neverTracesThePassword()
{
    PipelineFixture gateway;
    configure(gateway);
    for (const std::string_view login : {"foo:hunter2", "who:hunter2", "hunter2", "foo:bar"}) {
        const std::string header = basic(login);
        gateway.get("/get", {{"Authorization", header}});
        QVERIFY(!gateway.traceHolds("hunter2"));
        QVERIFY(!gateway.traceHolds("bar"));
        QVERIFY(!gateway.traceHolds(encodeBase64(login)));
    }
}

QTEST_GUILESS_MAIN(tst_BasicAuth)
#include "tst_basic_auth.moc"
