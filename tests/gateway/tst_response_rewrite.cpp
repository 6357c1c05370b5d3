// SPDX-License-Identifier: Apache-2.0
#include "tests/support/plugin_gateway.h"

#include <QTest>

#include <array>
#include <utility>

using namespace postern;
using namespace postern::test;

namespace {

/// "GET /r from http://a and http://b\n"
constexpr std::array<std::pair<const char *, const char *>, 5> kEncoded{
    {{"gzip",
      "1f8b08000000000002ff73770d51d02f52482bcacf55c8282929b0d2d74f5448cc4b817192b8005d1f9d07220000"
      "00"},
     {"deflate", "789c73770d51d02f52482bcacf55c8282929b0d2d74f5448cc4b817192b800ba5a0a86"},
     {"br", "8b1080474554202f722066726f6d20687474703a2f2f6120616e6420687474703a2f2f620a03"},
     {"identity", "474554202f722066726f6d20687474703a2f2f6120616e6420687474703a2f2f620a"},
     {"GZIP",
      "1f8b08000000000002ff73770d51d02f52482bcacf55c8282929b0d2d74f5448cc4b817192b8005d1f9d07220000"
      "00"}}};

} // namespace

/// response-rewrite: APISIX 3.18, 4.16.
class tst_ResponseRewrite : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_gateway.start()); }
    void refuses_data();
    void refuses();
    void rewritesTheBody_data();
    void rewritesTheBody();
    void editsHeaders();
    void removesFieldsSetToNothing_data();
    void removesFieldsSetToNothing();
    void appliesToOwnReplies();
    void asksItsVars_data();
    void asksItsVars();
    void filtersEncodedBodies_data();
    void filtersEncodedBodies();
    void leavesUnknownCodingsAlone();
    void cutsAtItsLimit();

private:
    PluginGateway m_gateway;
};

void tst_ResponseRewrite::refuses_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *config, const char *text) {
        QTest::newRow(config) << QByteArray(config) << QByteArray(text);
    };
    row(R"json({"status_code": 599})json",
        R"(property "status_code" validation failed: expected 599 to be at most 598)");
    row(R"json({"body": "a", "body_base64": true})json", R"(invalid base64 content)");
    row(R"json({"body_base64": true})json", R"(invalid base64 content)");
    row(R"json({"body": "", "body_base64": true})json", R"(invalid base64 content)");
    row(R"json({"vars": [["status", "=", 200]]})json",
        R"(failed to validate the 'vars' expression: invalid operator '=')");
    row(R"json({"body": "b", "vars": ["status", "==", 200]})json",
        R"(failed to validate the 'vars' expression: rule should be wrapped inside brackets)");
    row(R"json({"headers": {"a b": "\u00e9"}})json", ""); // no characters are checked here
    row(R"json({"filters": []})json",
        R"(property "filters" validation failed: expect array to have at least 1 items)");
    row(R"json({"filters": [{"regex": "a"}]})json",
        R"(property "filters" validation failed: failed to validate item 1: property "replace" is required)");
    row(R"json({"filters": [{"regex": "a", "replace": "b", "scope": "two"}]})json",
        R"(property "filters" validation failed: failed to validate item 1: property "scope" validation failed: matches none of the enum values)");
}

void tst_ResponseRewrite::refuses()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, text);
    QCOMPARE(m_gateway.refusal(R"("response-rewrite": )" + config.toStdString()),
             text.toStdString());
}

void tst_ResponseRewrite::rewritesTheBody_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("start");
    const auto row = [](const char *name, const char *config, const char *start) {
        QTest::newRow(name) << QByteArray(config) << QByteArray(start);
    };
    row("body", R"json({"body": "new body\n"})json", "new body\n");
    row("empty body", R"json({"body": ""})json", "");
    row("base64", R"json({"body": "SGVsbG8K", "body_base64": true})json", "Hello\n");
    row("filter once", R"json({"filters": [{"regex": "x", "replace": "y"}]})json",
        "GET /r/yxx HTTP");
    row("filter global",
        R"json({"filters": [{"regex": "x", "scope": "global", "replace": "y"}]})json",
        "GET /r/yyy HTTP");
    row("filter with groups", R"json({"filters": [{"regex": "(G)(E)", "replace": "$2$1"
}]
})json",
        "EGT /r/xxx HTTP");
    row("filter with options",
        R"json({"filters": [{"regex": "get", "replace": "PUT", "options": "joi"}]})json",
        "PUT /r/xxx HTTP");
    row("filters in order", R"json({"filters": [{"regex": "GET", "replace": "A"},
        {"regex": "A", "replace": "B"}]})json",
        "B /r/xxx HTTP");
    row("filter without a match", R"json({"filters": [{"regex": "nothing", "replace": "y"}]})json",
        "GET /r/xxx HTTP");
}

void tst_ResponseRewrite::rewritesTheBody()
{
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, start);
    QVERIFY(m_gateway.use(R"("response-rewrite": )" + config.toStdString()));
    const RawMessage answer = m_gateway.get("/r/xxx");
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.complete);
    if (config.contains("\"body\""))
        QCOMPARE(answer.body, start.toStdString());
    else
        QVERIFY2(answer.body.starts_with(start.toStdString()), answer.body.c_str());
    QCOMPARE(answer.header("Content-Length"), std::string("-"));
}

void tst_ResponseRewrite::editsHeaders()
{
    PluginGateway gateway;
    QVERIFY(gateway.start([](RawUpstream::Connection &connection) {
        while (connection.readRequest().complete)
            connection.send("HTTP/1.1 200 OK\r\nETag: \"x\"\r\nLast-Modified: now\r\nX-A: old\r\n"
                            "X-Gone: x\r\nSet-Cookie: a=1\r\nContent-Encoding: gzip\r\n"
                            "Content-Length: 2\r\n\r\nok");
    }));
    QVERIFY(gateway.use(
        R"("response-rewrite": {"status_code": 201, "headers": {)"
        R"("set": {"X-A": "$status $remote_addr", "X-N": 7, "X-At": "$balancer_ip:$balancer_port"}, "remove": ["X-Gone"],)"
        R"( "add": ["Set-Cookie: b=2"]}})"));
    RawMessage answer = gateway.get("/r");
    QCOMPARE(answer.status(), 201);
    QCOMPARE(answer.body, std::string("ok"));
    QCOMPARE(answer.header("Content-Length"), std::string("2"));
    QCOMPARE(answer.header("ETag"), std::string("\"x\""));
    QCOMPARE(answer.header("Content-Encoding"), std::string("gzip"));
    QCOMPARE(answer.header("X-A"), std::string("201 127.0.0.1"));
    QCOMPARE(answer.header("X-N"), std::string("7"));
    QCOMPARE(answer.header("X-Gone"), std::string("-"));
    QCOMPARE(answer.count("Set-Cookie"), std::size_t{2});
    QVERIFY(answer.header("X-At").starts_with("127.0.0.1:"));
    QVERIFY(gateway.use(R"("response-rewrite": {"body": "new", "headers": {"X-A": "flat"}})"));
    answer = gateway.get("/r");
    QCOMPARE(answer.header("X-A"), std::string("flat"));
    QCOMPARE(answer.header("ETag"), std::string("-"));
    QCOMPARE(answer.header("Last-Modified"), std::string("-"));
    QCOMPARE(answer.header("Content-Encoding"), std::string("-"));
    QCOMPARE(answer.header("Content-Length"), std::string("-"));
}

void tst_ResponseRewrite::removesFieldsSetToNothing_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::newRow("flat form") << QByteArray(R"({"X-A": "", "X-C": "c"})");
    QTest::newRow("set") << QByteArray(R"({"set": {"X-A": "", "X-C": "c"}})");
    QTest::newRow("set to a variable without a value")
        << QByteArray(R"({"set": {"X-A": "$arg_none", "X-C": "c"}})");
    QTest::newRow("set to what begins with a line end")
        << QByteArray(R"({"set": {"X-A": "$arg_line", "X-C": "c"}})");
}

void tst_ResponseRewrite::removesFieldsSetToNothing()
{
    QFETCH(const QByteArray, headers);
    PluginGateway gateway;
    QVERIFY(gateway.start(RawUpstream::answering("HTTP/1.1 200 OK\r\nX-A: 1\r\nX-B: b\r\nx-a: 2"
                                                 "\r\nContent-Length: 2\r\n\r\nok")));
    QVERIFY(gateway.use(R"("response-rewrite": {"headers": )" + headers.toStdString() + "}"));
    const RawMessage answer = gateway.get("/r?line=%0d%0ax");
    QCOMPARE(answer.count("X-A"), std::size_t{0});
    QCOMPARE(answer.header("X-B"), std::string("b"));
    QCOMPARE(answer.header("X-C"), std::string("c"));
}

void tst_ResponseRewrite::appliesToOwnReplies()
{
    QVERIFY(m_gateway.use(
        R"("key-auth": {}, "response-rewrite": {"status_code": 200,)"
        R"( "body": "{}", "headers": {"set": {"Content-Type": "application/json"}}})"));
    const RawMessage answer = m_gateway.get("/r");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.body, std::string("{}"));
    QCOMPARE(answer.header("Content-Type"), std::string("application/json"));
    QCOMPARE(answer.count("Content-Type"), std::size_t{1});
}

void tst_ResponseRewrite::asksItsVars_data()
{
    QTest::addColumn<QByteArray>("vars");
    QTest::addColumn<bool>("applies");
    QTest::newRow("status") << QByteArray(R"([["status", "==", 200]])") << true;
    QTest::newRow("another status") << QByteArray(R"([["status", "==", 500]])") << false;
    QTest::newRow("request") << QByteArray(R"([["arg_a", "==", "1"]])") << true;
    QTest::newRow("nothing") << QByteArray("[]") << true;
}

void tst_ResponseRewrite::asksItsVars()
{
    QFETCH(const QByteArray, vars);
    QFETCH(const bool, applies);
    QVERIFY(m_gateway.use(
        std::format(R"("response-rewrite": {{"body": "new", "vars": {}}})", vars.toStdString())));
    QCOMPARE(m_gateway.get("/r?a=1").body == "new", applies);
}

void tst_ResponseRewrite::filtersEncodedBodies_data()
{
    QTest::addColumn<QByteArray>("coding");
    QTest::addColumn<QByteArray>("octets");
    for (const auto &[coding, hex] : kEncoded)
        QTest::newRow(coding) << QByteArray(coding) << QByteArray::fromHex(hex);
}

void tst_ResponseRewrite::filtersEncodedBodies()
{
    QFETCH(const QByteArray, coding);
    QFETCH(const QByteArray, octets);
    PluginGateway gateway;
    QVERIFY(gateway.start(RawUpstream::answering(
        std::format("HTTP/1.1 200 OK\r\nContent-Encoding: {}\r\nContent-Length: {}\r\n\r\n{}",
                    coding.toStdString(), octets.size(), octets.toStdString()))));
    QVERIFY(gateway.use(R"("response-rewrite": {"filters": [)"
                        R"({"regex": "http:", "replace": "https:", "scope": "global"}]})"));
    const RawMessage answer = gateway.get("/r");
    QCOMPARE(answer.body, std::string("GET /r from https://a and https://b\n"));
    QCOMPARE(answer.header("Content-Encoding"), std::string("-"));
    // without filters the octets go on as they are
    QVERIFY(gateway.use(R"("response-rewrite": {"headers": {"X-A": "b"}})"));
    const RawMessage untouched = gateway.get("/r");
    QCOMPARE(untouched.body, octets.toStdString());
    QCOMPARE(untouched.header("Content-Encoding"), coding.toStdString());
}

void tst_ResponseRewrite::cutsAtItsLimit()
{
    QVERIFY(m_gateway.use(R"("response-rewrite": {"max_resp_body_size": 6,)"
                          R"( "filters": [{"regex": "G", "replace": "g"}]})"));
    QCOMPARE(m_gateway.get("/r").body, std::string("gET /r"));
}

void tst_ResponseRewrite::leavesUnknownCodingsAlone()
{
    PluginGateway gateway;
    QVERIFY(gateway.start([](RawUpstream::Connection &connection) {
        while (connection.readRequest().complete)
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 2\r\n\r\nok");
    }));
    QVERIFY(gateway.use(R"("response-rewrite": {"filters": [{"regex": "o", "replace": "x"}]})"));
    const RawMessage answer = gateway.get("/r");
    QCOMPARE(answer.body, std::string("ok"));
    QCOMPARE(answer.header("Content-Encoding"), std::string("zstd"));
}

QTEST_GUILESS_MAIN(tst_ResponseRewrite)
#include "tst_response_rewrite.moc"
