// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/pipeline/explain.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

namespace {

constexpr std::string_view kDate = "Tue, 19 Jan 2016 11:33:20 GMT";
constexpr std::int64_t kNow = 1453203200; // the same
constexpr const char *kSha1 = "qf2fuU37Ut/9bNQefi6kk+eSxp4=";
constexpr const char *kSha256 = "lSJB2efx5kKkSGFisXZgcKBkKqVCQ/AjAOHXS6lT/RM=";
constexpr const char *kSha512 =
    "OPT71zGH7Vaf/UDKv5QGSxQwAbPUPho2IXG6r8sr/NuZn5ZpQeZP6emCxUS+EYuC4qe99t+seW6iyJ8xRmgIbQ==";

std::string authorization(std::string_view signature, std::string_view algorithm = "hmac-sha256",
                          std::string_view headers = "@request-target date",
                          std::string_view keyId = "my-access-key")
{
    return std::format(R"(Signature keyId="{}",algorithm="{}",headers="{}",signature="{}")", keyId,
                       algorithm, headers, signature);
}

} // namespace

class tst_HmacAuth : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knownAnswers_data();
    void knownAnswers();
    void readsTheHeader_data();
    void readsTheHeader();
    void refusesInOrder_data();
    void refusesInOrder();
    void comparesTheClock_data();
    void comparesTheClock();
    void signsWhatWasReceived_data();
    void signsWhatWasReceived();
    void attachesTheConsumer();
    void fallsBackToTheAnonymousConsumer_data();
    void fallsBackToTheAnonymousConsumer();
    void refusesWhenTheAnonymousConsumerIsMissing();
    void hidesTheHeader_data();
    void hidesTheHeader();
    void checksConfigurations_data();
    void checksConfigurations();
    void explains_data();
    void explains();
    void saysWhenNobodyUsesThePlugin();
    void neverTracesSecrets();
    void everyWorkerHasItsOwnContexts();

private:
    static void configure(PipelineFixture &gateway, std::string_view plugin = "{}");
};

void tst_HmacAuth::configure(PipelineFixture &gateway, std::string_view plugin)
{
    gateway.setTime(kNow);
    gateway.put("consumers/jack", R"({"username":"jack"})");
    gateway.put("consumers/jack/credentials/hmac",
                R"({"plugins":{"hmac-auth":{"key_id":"my-access-key",)"
                R"("secret_key":"my-secret-key"}}})");
    gateway.put("routes/1",
                R"({"uri":"/*","upstream":{"nodes":{"127.0.0.1:1":1}},"plugins":{"hmac-auth":)"
                    + std::string(plugin) + "}}");
}

void tst_HmacAuth::knownAnswers_data()
{
    QTest::addColumn<QByteArray>("algorithm");
    QTest::addColumn<QByteArray>("signature");
    QTest::newRow("sha1") << QByteArray("hmac-sha1") << QByteArray(kSha1);
    QTest::newRow("sha256") << QByteArray("hmac-sha256") << QByteArray(kSha256);
    QTest::newRow("sha512") << QByteArray("hmac-sha512") << QByteArray(kSha512);
}

void tst_HmacAuth::knownAnswers()
{
    QFETCH(QByteArray, algorithm);
    QFETCH(QByteArray, signature);
    PipelineFixture gateway;
    configure(gateway);
    const std::string good = authorization(signature.toStdString(), algorithm.toStdString());
    QCOMPARE(gateway.get("/hello", {{"Date", kDate}, {"Authorization", good}}), 200);
    QCOMPARE(gateway.get("/hello", {{"Date", kDate}, {"Authorization", good}}),
             200); // context kept
    QCOMPARE(gateway.get("/hellp", {{"Date", kDate}, {"Authorization", good}}), 401);
    QCOMPARE(gateway.failure(), std::string("signature"));
    QCOMPARE(gateway.get("/hello", {{"Date", kDate}, {"Authorization", good}}), 200);
}

void tst_HmacAuth::readsTheHeader_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const std::string &header, int status = 200) {
        QTest::newRow(name) << QByteArray::fromStdString(header) << status;
    };
    const std::string id = "keyId=\"my-access-key\"", alg = "algorithm=\"hmac-sha256\"",
                      headers = "headers=\"@request-target date\"",
                      sig = std::string("signature=\"") + kSha256 + '"';
    row("as documented", "Signature " + id + "," + alg + "," + headers + "," + sig);
    row("order is free", "Signature " + sig + "," + headers + "," + alg + "," + id);
    row("blanks around", "Signature   " + id + " , " + alg + ",  " + headers + " ," + sig + "  ");
    row("no blank behind the scheme", "Signature" + id + "," + alg + "," + headers + "," + sig);
    row("unknown parameters",
        "Signature x=\"1\"," + id + "," + alg + ",junk," + headers + "," + sig);
    row("of equal parameters the last one",
        "Signature keyId=\"x\"," + id + "," + alg + "," + headers + "," + sig);
    row("[Q] a word that begins in the middle",
        "Signature x-" + id + "," + alg + "," + headers + "," + sig);
    row("without blank between", "Signature " + id + ",," + alg + "," + headers + "," + sig);
    row("padding may be missing",
        "Signature " + id + "," + alg + "," + headers + ",signature=\""
            + std::string(kSha256).substr(0, 43) + '"');
    row("blanks between the parameters", "Signature " + id + " " + alg + " " + headers + " " + sig,
        401);
    row("another case of the scheme", "signature " + id + "," + alg + "," + headers + "," + sig,
        401);
    row("another case of a word",
        "Signature keyid=\"my-access-key\"," + alg + "," + headers + "," + sig, 401);
    row("without quotes", "Signature keyId=my-access-key," + alg + "," + headers + "," + sig, 401);
    row("an open quote", "Signature " + id + "," + alg + "," + headers + ",signature=\"" + kSha256,
        401);
    row("the empty key id", "Signature keyId=\"\"," + alg + "," + headers + "," + sig, 401);
}

void tst_HmacAuth::readsTheHeader()
{
    QFETCH(QByteArray, header);
    QFETCH(int, status);
    PipelineFixture gateway;
    configure(gateway);
    const std::string value = header.toStdString();
    QCOMPARE(gateway.get("/hello", {{"date", kDate}, {"authorization", value}}), status);
}

void tst_HmacAuth::refusesInOrder_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("header"); // null: not sent
    QTest::addColumn<QByteArray>("date"); // null: not sent
    QTest::addColumn<QByteArray>("message"); // behind "client request can't be validated"
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char *name, const char *config, const QByteArray &header,
                        const QByteArray &date, const char *reason, const char *message = "") {
        QTest::newRow(name) << QByteArray(config) << header << date << QByteArray(message)
                            << QByteArray(reason);
    };
    const QByteArray date(kDate.data(), static_cast<qsizetype>(kDate.size())), none;
    const auto sign = [](std::string_view algorithm, std::string_view headers,
                         std::string_view keyId = "my-access-key") {
        return QByteArray::fromStdString(authorization("bad=", algorithm, headers, keyId));
    };
    row("no Authorization", "{}", none, none, "credential-missing",
        ": missing Authorization header");
    row("other scheme", "{}", "Basic Zm9vOmJhcg==", none, "authorization-format",
        ": Authorization header does not start with 'Signature'");
    row("keyId missing", "{}", "Signature algorithm=\"x\",signature=\"x\"", none,
        "signature-parameter");
    row("signature missing", "{}", "Signature keyId=\"x\"", none, "signature-parameter");
    row("algorithm missing", "{}", "Signature keyId=\"x\",signature=\"x\"", none,
        "signature-parameter");
    row("Invalid key_id comes before the algorithm", "{}", sign("x", "", "unknown"), none,
        "credential-unknown");
    row("Invalid algorithm comes before the date", "{}", sign("hmac-md5", ""), none,
        "alg-not-allowed");
    row("not among the allowed ones", R"({"allowed_algorithms":["hmac-sha256"]})",
        sign("hmac-sha1", ""), none, "alg-not-allowed");
    row("Date header missing", "{}", sign("hmac-sha1", ""), none, "date-missing");
    row("Invalid GMT format time", "{}", sign("hmac-sha1", ""), "2016-01-19T11:33:20Z",
        "date-format");
    row("Clock skew exceeded comes before the headers", "{}", sign("hmac-sha1", ""),
        "Tue, 19 Jan 2016 11:38:21 GMT", "clock-skew");
    row("expected header missing in signing: date by default", "{}",
        sign("hmac-sha1", "@request-target"), date, "header-unsigned");
    row("exact case", "{}", sign("hmac-sha1", "Date"), date, "header-unsigned");
    row("each configured one", R"({"signed_headers":["date","x-a"]})", sign("hmac-sha1", "date"),
        date, "header-unsigned");
    row("without the headers parameter", "{}",
        "Signature keyId=\"my-access-key\",algorithm=\"hmac-sha256\",signature=\"x\"", date,
        "header-unsigned");
    row("Invalid signature", "{}", sign("hmac-sha1", "date"), date, "signature");
    row("not base64", "{}",
        "Signature keyId=\"my-access-key\",algorithm=\"hmac-sha256\",headers=\"date\","
        "signature=\"*\"",
        date, "base64");
    row("a signature of another secret", "{}",
        QByteArray::fromStdString(authorization("IBBfk6Ksaw17gG7QgN07jh7+qt7mvleWu6h+5gaQhwM=")),
        date, "signature");
    row("without the last line feed", "{}",
        QByteArray::fromStdString(authorization("KEEuNJFApXyBxVvCcp7Cn9WWGwDN5FX0eIzVIC2lSG4=")),
        date, "signature");
    row("without the keyId line", "{}",
        QByteArray::fromStdString(authorization("H/o4eahAWnu0sUMKv4jzwWSCw1YKJGOj5PIkIt34rbo=")),
        date, "signature");
    row("cut short", "{}", QByteArray::fromStdString(authorization("lSJB2efx5kKkSGFisXZgcKBk")),
        date, "signature");
    row("empty", "{}", QByteArray::fromStdString(authorization("")), date, "signature");
}

void tst_HmacAuth::refusesInOrder()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, date);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, reason);
    PipelineFixture gateway;
    configure(gateway, config.toStdString());
    const std::string value = header.toStdString(), when = date.toStdString();
    const int got = header.isNull() ? gateway.get("/hello")
        : date.isNull()             ? gateway.get("/hello", {{"Authorization", value}})
                        : gateway.get("/hello", {{"Date", when}, {"Authorization", value}});
    QCOMPARE(got, 401);
    QCOMPARE(gateway.failure(), reason.toStdString());
    QCOMPARE(gateway.body(),
             "{\"message\":\"client request can't be validated" + message.toStdString() + "\"}\n");
    QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("hmac realm=\"hmac\""));
}

void tst_HmacAuth::comparesTheClock_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<qint64>("now");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *config, std::int64_t off, int status) {
        QTest::newRow(name) << QByteArray(config) << qint64(kNow + off) << status;
    };
    row("exactly the skew", "{}", 300, 200);
    row("a second more", "{}", 301, 401);
    row("in the future", "{}", -300, 200);
    row("a second more in the future", "{}", -301, 401);
    row("configured", R"({"clock_skew":1})", 1, 200);
    row("configured, a second more", R"({"clock_skew":1})", 2, 401);
    row("large", R"({"clock_skew":9000000000000000000})", 1'000'000'000, 200);
}

void tst_HmacAuth::comparesTheClock()
{
    QFETCH(QByteArray, config);
    QFETCH(qint64, now);
    QFETCH(int, status);
    PipelineFixture gateway;
    configure(gateway, config.toStdString());
    gateway.setTime(now);
    const std::string header = authorization(kSha256);
    QCOMPARE(gateway.get("/hello", {{"Date", kDate}, {"Authorization", header}}), status);
    QCOMPARE(gateway.failure(), std::string(status == 200 ? "" : "clock-skew"));
}

void tst_HmacAuth::signsWhatWasReceived_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("signature");
    const auto row = [](const char *name, const char *method, const char *target,
                        const char *headers, const char *signature) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(headers)
                            << QByteArray(signature);
    };
    row("with query and digest", "POST", "/anything?b=2&a=1", "@request-target date digest",
        "R2TdheaN0RNGYOTjhActERkR35Glidww/oF2DDvBej0=");
    row("date only", "GET", "/hello", "date", "zqS+HChm7DYuaC+jJyoOJis2+gxWJkyQvmN75zpHzeE=");
    row("names as they are written", "GET", "/hello", "Date date",
        "K/xKS0wFbL2s53L+7v8i48giQ1hHbUO1/bcxoAscGeo=");
    row("headers that are not there are left out", "GET", "/hello", "@request-target  x-none date ",
        kSha256);
    row("a header's own case", "GET", "/hello", "@request-target date X-Custom",
        "bGMZQsX7XVG5HFs6OPpS9wjNvYpPloTdl6qVRqRu2j8=");
    row("the path decoded, the query as it came", "GET", "/hel%20lo?q=%20a", "@request-target date",
        "v+6txfSt2r8VtpaDByV3ddVS8dP1dgmxsQL1Rui52Uo=");
}

void tst_HmacAuth::signsWhatWasReceived()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, signature);
    PipelineFixture gateway;
    configure(gateway);
    const std::string header =
        authorization(signature.toStdString(), "hmac-sha256", headers.toStdString());
    const Verdict verdict =
        gateway.send(method.toStdString(), target.toStdString(),
                     {{"Date", kDate},
                      {"Digest", "SHA-256=wF89Qw4B4kyTYkPR4lJbgHfFZJhj66A4TKLYYJIrJOM="},
                      {"x-custom", "one"},
                      {"x-custom", "two"},
                      {"Authorization", header}});
    QVERIFY2(verdict == Verdict::Continue, gateway.steps().c_str());
}

void tst_HmacAuth::attachesTheConsumer()
{
    PipelineFixture gateway;
    configure(gateway, R"({"signed_headers":[],"realm":"here"})");
    // without the headers parameter only the keyId is signed
    const std::string header = "Signature keyId=\"my-access-key\",algorithm=\"hmac-sha256\","
                               "signature=\"tkfcm8/EWulFmYQscudUKrMKbsfaOlnduDo66MtIn80=\"";
    QCOMPARE(gateway.get("/hello",
                         {{"Date", kDate},
                          {"Authorization", header},
                          {"X-Consumer-Username", "admin"},
                          {"X-Consumer-Custom-Id", "evil"}}),
             200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("jack"));
    QCOMPARE(gateway.upstreamHeader("X-Credential-Identifier"), std::string("hmac"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Consumer-Custom-ID"));
    QCOMPARE(gateway.upstreamHeader("Authorization"), header);
    QCOMPARE(
        gateway.steps(),
        std::string("route ok; extract ok; parse ok; lookup ok; claims ok; signature ok; consumer "
                    "ok"));
    QCOMPARE(gateway.get("/hello"), 401);
    QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("hmac realm=\"here\""));
}

void tst_HmacAuth::fallsBackToTheAnonymousConsumer_data()
{
    QTest::addColumn<QByteArray>("header"); // null: not sent
    QTest::newRow("missing") << QByteArray();
    QTest::newRow("malformed") << QByteArray("Signature x");
    QTest::newRow("wrong") << QByteArray::fromStdString(authorization(kSha1));
    QTest::newRow("unknown") << QByteArray::fromStdString(
        authorization(kSha256, "hmac-sha256", "date", "nobody"));
}

void tst_HmacAuth::fallsBackToTheAnonymousConsumer()
{
    QFETCH(QByteArray, header);
    PipelineFixture gateway;
    configure(gateway, R"({"anonymous_consumer":"guest"})");
    gateway.put("consumers/guest", R"({"username":"guest"})");
    const std::string value = header.toStdString();
    QCOMPARE(header.isNull() ? gateway.get("/hello")
                             : gateway.get("/hello", {{"Date", kDate}, {"Authorization", value}}),
             200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("guest"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Credential-Identifier"));
}

void tst_HmacAuth::refusesWhenTheAnonymousConsumerIsMissing()
{
    PipelineFixture gateway;
    configure(gateway, R"({"anonymous_consumer":"guest"})");
    QCOMPARE(gateway.get("/hello"), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Invalid user authorization\"}\n"));
    QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("hmac realm=\"hmac\""));
    QCOMPARE(gateway.failure(), std::string("consumer-missing"));
}

void tst_HmacAuth::hidesTheHeader_data()
{
    QTest::addColumn<QByteArray>("signature");
    QTest::newRow("authenticated") << QByteArray(kSha256);
    QTest::newRow("anonymous") << QByteArray("bad=");
}

void tst_HmacAuth::hidesTheHeader()
{
    QFETCH(QByteArray, signature);
    PipelineFixture gateway;
    configure(gateway, R"({"hide_credentials":true,"anonymous_consumer":"guest"})");
    gateway.put("consumers/guest", R"({"username":"guest"})");
    const std::string header = authorization(signature.toStdString());
    QCOMPARE(gateway.get("/hello", {{"Date", kDate}, {"Authorization", header}}), 200);
    QVERIFY(!gateway.exchange.request.headers.contains("Authorization"));
    QVERIFY(gateway.exchange.request.headers.contains("Date"));
}

void tst_HmacAuth::checksConfigurations_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<bool>("consumer");
    QTest::addColumn<QByteArray>("error"); // empty: fine
    const auto row = [](const char *name, const std::string &config, bool consumer,
                        const char *error) {
        QTest::newRow(name) << QByteArray::fromStdString(config) << consumer << QByteArray(error);
    };
    row("nothing is needed", "{}", false, "");
    row("no algorithm", R"({"allowed_algorithms":[]})", false,
        "property \"allowed_algorithms\" validation failed: expect array to have at least 1 items");
    row("another algorithm", R"({"allowed_algorithms":["hmac-md5"]})", false,
        "property \"allowed_algorithms\" validation failed: failed to validate item 1: matches "
        "none of the enum values");
    row("no skew", R"({"clock_skew":0})", false,
        "property \"clock_skew\" validation failed: expected 0 to be at least 1");
    row("no signed headers", R"({"signed_headers":[]})", false, "");
    row("an empty name", R"({"signed_headers":[""]})", false,
        "property \"signed_headers\" validation failed: failed to validate item 1: string too "
        "short, expected at least 1, got 0");
    row("a long name", R"({"signed_headers":[")" + std::string(51, 'a') + "\"]}", false,
        "property \"signed_headers\" validation failed: failed to validate item 1: string too "
        "long, expected at most 50, got 51");
    row("no body at all", R"({"max_req_body_size":0})", false,
        "property \"max_req_body_size\" validation failed: expected 0 to be at least 1");
    row("a login", R"({"key_id":"a","secret_key":"b"})", true, "");
    row("no key_id", R"({"secret_key":"b"})", true, "property \"key_id\" is required");
    row("no secret_key", R"({"key_id":"a"})", true, "property \"secret_key\" is required");
    row("an empty secret_key", R"({"key_id":"a","secret_key":""})", true,
        "property \"secret_key\" validation failed: string too short, expected at least 1, got 0");
    row("a long key_id", R"({"key_id":")" + std::string(257, 'a') + R"(","secret_key":"b"})", true,
        "property \"key_id\" validation failed: string too long, expected at most 256, got 257");
}

void tst_HmacAuth::checksConfigurations()
{
    QFETCH(QByteArray, config);
    QFETCH(bool, consumer);
    QFETCH(QByteArray, error);
    Json value = *parseJson(config.toStdString());
    const auto result = checkPluginConfig("hmac-auth", value, consumer);
    const std::string prefix = "failed to check the configuration of plugin hmac-auth err: ";
    QCOMPARE(result ? std::string() : result.error().detail,
             error.isEmpty() ? std::string() : prefix + error.toStdString());
}

void tst_HmacAuth::explains_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("fix"); // a part of it
    const auto row = [](const char *name, const std::string &header, const char *date,
                        const char *text, const char *fix) {
        QTest::newRow(name) << QByteArray::fromStdString(header) << QByteArray(date)
                            << QByteArray(text) << QByteArray(fix);
    };
    const char *const now = "Tue, 19 Jan 2016 11:33:20 GMT";
    row("parameter", "Signature keyId=\"x\",algorithm=\"y\"", now,
        "the Authorization header has no signature=\"...\"", "send Authorization: Signature");
    row("key", authorization(kSha256, "hmac-sha256", "date", "who"), now,
        "no consumer has an hmac-auth credential with key_id \"who\"", "compare keyId");
    row("algorithm", authorization(kSha256, "hmac-md5"), now,
        "algorithm \"hmac-md5\" is not one of hmac-sha1, hmac-sha256, hmac-sha512",
        "allowed_algorithms");
    row("late", authorization(kSha256), "Tue, 19 Jan 2016 11:28:19 GMT",
        "the Date header is 5 min 1 s behind the gateway's clock", "clock_skew");
    row("early", authorization(kSha256), "Tue, 19 Jan 2016 11:38:21 GMT",
        "the Date header is 5 min 1 s ahead of the gateway's clock", "clock_skew");
    row("no date", authorization(kSha256), "yesterday", "\"yesterday\" is not an HTTP date",
        "send a Date header");
    row("unsigned", authorization(kSha256, "hmac-sha256", "@request-target"), now,
        "\"date\" is not among the signed headers, letter by letter", "headers=");
    row("9: the text to be signed is shown",
        authorization(kSha256, "hmac-sha256", "@request-target date x-token"), now,
        "hmac-sha256 does not fit; the gateway signs my-access-key⏎GET /hello?a=b⏎date: Tue, 19 "
        "Jan "
        "2016 11:33:20 GMT⏎x-token: …⏎",
        "with the secret_key of hmac of jack");
}

void tst_HmacAuth::explains()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, date);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, fix);
    PipelineFixture gateway;
    configure(gateway);
    const std::string value = header.toStdString(), when = date.toStdString();
    gateway.get("/hello?a=b", {{"Date", when}, {"X-Token", "t0k"}, {"Authorization", value}});
    const Json trace = traceToJson(gateway.exchange.trace, *gateway.snapshot, {}, {});
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("denied"));
    QCOMPARE(std::string(trace.find("steps")->items().back().stringOr("text", "")),
             text.toStdString());
    const std::string fixes = trace.find("fix")->dump();
    QVERIFY2(fixes.contains(fix.toStdString()), fixes.c_str());
}

void tst_HmacAuth::saysWhenNobodyUsesThePlugin()
{
    PipelineFixture gateway;
    configure(gateway);
    const std::string header = authorization(kSha256, "hmac-sha256", "date", "who");
    const auto notes = [&] {
        gateway.get("/hello", {{"Date", kDate}, {"Authorization", header}});
        return traceToJson(gateway.exchange.trace, *gateway.snapshot, {}, {}).find("notes")->dump();
    };
    QCOMPARE(notes(), std::string("[]"));
    gateway.remove("consumers/jack/credentials/hmac");
    QCOMPARE(notes(), std::string(R"(["no consumer has a login of hmac-auth at all"])"));
}

void tst_HmacAuth::neverTracesSecrets()
{
    PipelineFixture gateway;
    configure(gateway);
    for (const char *signature : {kSha256, kSha1}) {
        const std::string header = authorization(signature);
        gateway.get("/hello", {{"Date", kDate}, {"Authorization", header}});
        QVERIFY(!gateway.traceHolds("my-secret"));
        QVERIFY(!gateway.traceHolds(kSha256)); // what the right signature would be
    }
}

void tst_HmacAuth::everyWorkerHasItsOwnContexts()
{
    PluginEnv env;
    env.workers = 3;
    PipelineFixture gateway(env);
    configure(gateway);
    const std::string header = authorization(kSha256);
    for (const std::size_t worker : {2U, 0U, 1U, 2U}) {
        gateway.exchange.worker = worker;
        QCOMPARE(gateway.get("/hello", {{"Date", kDate}, {"Authorization", header}}), 200);
    }
}

QTEST_GUILESS_MAIN(tst_HmacAuth)
#include "tst_hmac_auth.moc"
