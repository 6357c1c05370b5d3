// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/explain.h"
#include "tests/core/jose_samples.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

namespace {

constexpr std::string_view kRoute =
    R"({"uri":"/headers","methods":["GET"],"upstream":{"nodes":{"127.0.0.1:1":1}},)"
    R"("plugins":{"jwt-auth":{}}})";

void configure(PipelineFixture &gateway)
{
    gateway.put("consumers/jack", R"({"username":"jack"})");
    gateway.put("consumers/jack/credentials/cred-jack-jwt-auth",
                R"({"plugins":{"jwt-auth":{"key":"jack-key","secret":"jack-hs256-secret"}}})");
    gateway.put("routes/jwt-route", kRoute);
}

Json explain(PipelineFixture &gateway)
{
    gateway.exchange.trace.status = static_cast<std::uint16_t>(gateway.exchange.reply.status);
    return traceToJson(gateway.exchange.trace, *gateway.snapshot,
                       analyseRefusedToken(gateway.exchange.refusedToken, *gateway.snapshot),
                       gateway.compiler.problems());
}

bool holds(const Json &list, std::string_view text)
{
    return std::ranges::any_of(list.items(),
                               [text](const Json &item) { return item.asString().contains(text); });
}

std::string lastText(const Json &trace)
{
    return std::string(trace.find("steps")->items().back().stringOr("text", ""));
}

} // namespace

class tst_Explain : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void explainsTheManualsToken();
    void says_data();
    void says();
    void findsWhoseKeyFits();
    void findsReadingsOfTheSecret_data();
    void findsReadingsOfTheSecret();
    void namesUnsetVariables();
    void namesNearRoutes();
    void tellsAllowedFromDenied();
    void survivesAnEmptyRecord();
};

void tst_Explain::explainsTheManualsToken()
{
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/headers", {{"Authorization", samples::T1}}), 401);
    gateway.exchange.trace.decisionNs = 12'345;
    const Json trace = explain(gateway);
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("denied"));
    QCOMPARE(trace.stringOr("step", ""), std::string_view("signature"));
    QCOMPARE(trace.stringOr("reason", ""), std::string_view("signature"));
    QCOMPARE(trace.stringOr("route", ""), std::string_view("jwt-route"));
    QVERIFY(trace.find("consumer")->isNull());

    const std::string text = explainTrace(trace, false);
    const std::string expected =
        "GET /headers → 401 {\"message\":\"failed to verify jwt\"}   12 µs in plugins, upstream "
        "not "
        "reached\n"
        " 1 ✓ route      jwt-route            uri \"/headers\"\n"
        " 2 ✓ extract    jwt-auth             header \"authorization\", 128 bytes, no Bearer "
        "prefix\n"
        " 3 ✓ parse      jwt-auth             alg HS256, claims key, nbf\n"
        " 4 ✓ lookup     jwt-auth             claim key = \"jack-key\" → jack / "
        "cred-jack-jwt-auth\n"
        " 5 ✗ signature  jwt-auth             does not match the credential's secret\n"
        "     note       it matches the well-known sample secret \"your-256-bit-secret\"\n"
        " 6 – claims, consumer plugins, upstream: not reached\n";
    QCOMPARE(text.substr(0, expected.size()), expected);
    QVERIFY(text.contains("Fix: sign with the secret of"));
    QVERIFY(explainTrace(trace, true).contains("\x1b["));
}

void tst_Explain::says_data()
{
    QTest::addColumn<QByteArray>("token"); // null: none
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const std::string &token, const char *text) {
        QTest::newRow(name) << QByteArray::fromStdString(token) << QByteArray(text);
    };
    const auto signedToken = [](const std::string &payload) {
        return mintHs256(payload, "jack-hs256-secret");
    };
    constexpr std::int64_t kNow = 1'800'000'000;
    QTest::newRow("missing") << QByteArray()
                             << QByteArray("nothing found in header \"authorization\", query "
                                           "\"jwt\", cookie \"jwt\"");
    row("expired", signedToken(std::format(R"({{"key":"jack-key","exp":{}}})", kNow - 3)),
        "expired 3 s ago");
    row("not yet", signedToken(std::format(R"({{"key":"jack-key","nbf":{}}})", kNow + 5)),
        "valid in 5 s only (nbf)");
    row("empty", "Bearer ", "header \"authorization\" is present but empty");
    row("parts", "a.b", "three parts expected, 2 found");
    row("claim", signedToken("{}"), "the payload has no claim \"key\"");
    row("unknown", signedToken(R"({"key":"jill"})"),
        "no consumer has a jwt-auth credential with key \"jill\" (claim key)");
    row("alg",
        mint(R"({"alg":"HS512"})", R"({"key":"jack-key"})", Alg::HS512,
             *Key::fromSecret(Secret(std::string_view("x")))),
        "the token says alg \"HS512\"; the credential takes HS256");
    row("text as time", signedToken(R"({"key":"jack-key","exp":"1"})"),
        "claim \"exp\" is not a number");
}

void tst_Explain::says()
{
    QFETCH(QByteArray, token);
    QFETCH(QByteArray, text);
    PipelineFixture gateway;
    configure(gateway);
    const std::string value = token.toStdString();
    if (token.isNull())
        gateway.get("/headers");
    else
        gateway.get("/headers", {{"Authorization", value}});
    const Json trace = explain(gateway);
    QCOMPARE(lastText(trace), text.toStdString());
    QVERIFY(trace.find("fix")->size() > 0);
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("denied"));
}

void tst_Explain::findsWhoseKeyFits()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/jill", R"({"username":"jill"})");
    gateway.put("consumers/jill/credentials/cred-jill",
                R"({"plugins":{"jwt-auth":{"key":"jill-key","secret":"jills-own"}}})");
    const std::string jwt = mintHs256(R"({"key":"jack-key"})", "jills-own");
    gateway.get("/headers", {{"Authorization", jwt}});
    const Json trace = explain(gateway);
    QVERIFY(holds(*trace.find("notes"), "it fits the credential cred-jill of consumer jill"));
    QVERIFY(holds(*trace.find("fix"), "jill-key"));
}

void tst_Explain::findsReadingsOfTheSecret_data()
{
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<bool>("base64");
    QTest::addColumn<QByteArray>("signedWith");
    QTest::addColumn<QByteArray>("note");
    QTest::newRow("line break") << QByteArray("a secret") << false << QByteArray("a secret\n")
                                << QByteArray("line break");
    QTest::newRow("octets") << QByteArray("b2N0ZXRzIQ==") << false << QByteArray("octets!")
                            << QByteArray("octets that the secret stands for in base64");
    QTest::newRow("base64 text") << QByteArray("b2N0ZXRzIQ==") << true << QByteArray("b2N0ZXRzIQ==")
                                 << QByteArray("base64 text");
    QTest::newRow("hex") << QByteArray("6f637465747321ff") << false << QByteArray("octets!\xff")
                         << QByteArray("in hex");
}

void tst_Explain::findsReadingsOfTheSecret()
{
    QFETCH(QByteArray, stored);
    QFETCH(bool, base64);
    QFETCH(QByteArray, signedWith);
    QFETCH(QByteArray, note);
    PipelineFixture gateway;
    configure(gateway);
    gateway.put("consumers/jack/credentials/cred-jack-jwt-auth",
                std::format(R"({{"plugins":{{"jwt-auth":{{"key":"jack-key","secret":"{}",)"
                            R"("base64_secret":{}}}}}}})",
                            stored.toStdString(), base64));
    const std::string jwt = mintHs256(R"({"key":"jack-key"})", signedWith.toStdString());
    QCOMPARE(gateway.get("/headers", {{"Authorization", jwt}}), 401);
    const Json trace = explain(gateway);
    QVERIFY2(holds(*trace.find("notes"), note.toStdString()), trace.dump(2).c_str());
}

void tst_Explain::namesUnsetVariables()
{
    const SecretResolver secrets([](const std::string &) { return std::nullopt; });
    PluginEnv env;
    env.secrets = &secrets;
    PipelineFixture gateway(env);
    configure(gateway);
    gateway.put("consumers/jack/credentials/cred-jack-jwt-auth",
                R"({"plugins":{"jwt-auth":{"key":"$env://JACK_JWT_AUTH_KEY","secret":"s"}}})");
    gateway.get("/headers", {{"Authorization", samples::T8}});
    const Json trace = explain(gateway);
    QVERIFY2(holds(*trace.find("notes"),
                   "credential cred-jack-jwt-auth of jack was left out: environment variable "
                   "JACK_JWT_AUTH_KEY is not set in the gateway process"),
             trace.dump(2).c_str());
}

void tst_Explain::namesNearRoutes()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.send("POST", "/headers?x=1");
    const Json trace = explain(gateway);
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("unmatched"));
    QVERIFY2(holds(*trace.find("notes"), "route jwt-route (/headers)"), trace.dump(2).c_str());
    QVERIFY(holds(*trace.find("fix"), "method"));
}

void tst_Explain::tellsAllowedFromDenied()
{
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/headers", {{"Authorization", "Bearer " + samples::T8}}), 200);
    const Json trace = explain(gateway);
    QCOMPARE(trace.stringOr("decision", ""), std::string_view("allowed"));
    QCOMPARE(trace.stringOr("consumer", ""), std::string_view("jack"));
    QCOMPARE(trace.stringOr("credential", ""), std::string_view("cred-jack-jwt-auth"));
    QVERIFY(trace.find("reason")->isNull());
    QCOMPARE(trace.find("fix")->size(), 0U);
    QVERIFY(explainTrace(trace, false).contains("Bearer prefix removed"));
    QVERIFY(!explainTrace(trace, false).contains(": not reached"));

    // a refusal that the anonymous consumer undid is not the decision
    gateway.put("consumers/guest", R"({"username":"guest"})");
    gateway.put("routes/jwt-route",
                R"({"uri":"/headers","upstream":{"nodes":{"127.0.0.1:1":1}},)"
                R"("plugins":{"jwt-auth":{"anonymous_consumer":"guest"}}})");
    QCOMPARE(gateway.get("/headers"), 200);
    QCOMPARE(explain(gateway).stringOr("decision", ""), std::string_view("allowed"));
}

void tst_Explain::survivesAnEmptyRecord()
{
    PipelineFixture gateway;
    const auto record = std::make_unique<TraceRecord>();
    const Json trace = traceToJson(*record, *gateway.snapshot, {});
    QVERIFY(!explainTrace(trace, false).empty());
    QVERIFY(!explainTrace(Json::object(), false).empty());
    QVERIFY(analyseRefusedToken("", *gateway.snapshot).empty());
    QVERIFY(analyseRefusedToken("a.b.c", *gateway.snapshot).empty());
}

QTEST_GUILESS_MAIN(tst_Explain)
#include "tst_explain.moc"
