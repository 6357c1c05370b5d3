// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/signature.h"
#include "tests/core/jose_samples.h"
#include "tests/support/pipeline_fixture.h"

#include <QTest>

#include <array>
#include <format>
#include <map>

using namespace postern;
using namespace postern::gateway;
using namespace postern::gateway::testing;

namespace {

constexpr std::string_view kSecret = "jack-hs256-secret";
constexpr std::int64_t kNow = 1'800'000'000;

std::string token(std::string_view payload) { return mintHs256(payload, kSecret); }

std::string basic() { return token(R"({"key":"jack-key"})"); }

/// header.payload of these texts, with a signature of zeros.
std::string unsignedToken(std::string_view header, std::string_view payload)
{
    return encodeBase64Url(header) + '.' + encodeBase64Url(payload) + '.'
        + encodeBase64Url(std::string(32, '\0'));
}

} // namespace

class tst_JwtAuth : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsTheSources_data();
    void readsTheSources();
    void takesTheFirstOfRepeatedHeaders();
    void refusesWithTheOriginalsMessages_data();
    void refusesWithTheOriginalsMessages();
    void comparesTimes_data();
    void comparesTimes();
    void demandsListedClaims_data();
    void demandsListedClaims();
    void verifiesEveryAlgorithm_data();
    void verifiesEveryAlgorithm();
    void psTakesTwoThousandBitKeysOnly();
    void refusesTheTokensOfTheManual();
    void decodesLeniently();
    void lastDuplicateWins();
    void attachesTheConsumer();
    void hidesTheSourceUsed_data();
    void hidesTheSourceUsed();
    void takesBase64Secrets();
    void readsAnotherClaim();
    void keepsThePayload();
    void fallsBackToTheAnonymousConsumer();
    void keepsEvidenceOfAMismatch();
    void unusableKeysRefuse();
    void resolvesReferences();
    void unresolvedReferencesFailClosed();

private:
    static void configure(PipelineFixture &gateway, std::string_view plugin = "{}",
                          std::string_view credential = {});
};

void tst_JwtAuth::configure(PipelineFixture &gateway, std::string_view plugin,
                            std::string_view credential)
{
    const std::string login = credential.empty()
        ? std::format(R"({{"key":"jack-key","secret":"{}"}})", kSecret)
        : std::string(credential);
    gateway.put("consumers/jack", R"({"username":"jack"})");
    gateway.put("consumers/jack/credentials/cred-jack-jwt-auth",
                R"({"plugins":{"jwt-auth":)" + login + "}}");
    gateway.put("routes/1",
                R"({"uri":"/get","upstream":{"nodes":{"127.0.0.1:1":1}},"plugins":{"jwt-auth":)"
                    + std::string(plugin) + "}}");
}

void tst_JwtAuth::readsTheSources_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("authorization"); // null: not sent; T: the token
    QTest::addColumn<QByteArray>("cookie");
    QTest::addColumn<int>("status");
    const QByteArray none;
    QTest::newRow("header, bare") << QByteArray("/get") << QByteArray("T") << none << 200;
    QTest::newRow("header, Bearer") << QByteArray("/get") << QByteArray("Bearer T") << none << 200;
    QTest::newRow("header, bearer") << QByteArray("/get") << QByteArray("bearer T") << none << 200;
    QTest::newRow("header, BEARER is not cut")
        << QByteArray("/get") << QByteArray("BEARER T") << none << 401;
    QTest::newRow("header, two spaces")
        << QByteArray("/get") << QByteArray("Bearer  T") << none << 401;
    QTest::newRow("query") << QByteArray("/get?jwt=T") << none << none << 200;
    QTest::newRow("query, Bearer is not cut")
        << QByteArray("/get?jwt=Bearer%20T") << none << none << 401;
    QTest::newRow("query names are case-sensitive")
        << QByteArray("/get?JWT=T") << none << none << 401;
    QTest::newRow("cookie") << QByteArray("/get") << none << QByteArray("a=1; jwt=T") << 200;
    QTest::newRow("the header wins")
        << QByteArray("/get?jwt=T") << QByteArray("bad") << none << 401;
    QTest::newRow("an empty header wins too")
        << QByteArray("/get?jwt=T") << QByteArray("") << none << 401;
    QTest::newRow("the query wins over the cookie")
        << QByteArray("/get?jwt=bad") << none << QByteArray("jwt=T") << 401;
}

void tst_JwtAuth::readsTheSources()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, authorization);
    QFETCH(QByteArray, cookie);
    QFETCH(int, status);
    PipelineFixture gateway;
    configure(gateway);
    const QByteArray jwt = QByteArray::fromStdString(basic());
    const std::string path = target.replace("T", target.contains("JWT") ? "T" : jwt).toStdString();
    const std::string header = authorization.replace("T", jwt).toStdString();
    const std::string jar = cookie.replace("T", jwt).toStdString();
    int got = 0;
    if (!authorization.isNull())
        got = gateway.get(path, {{"Authorization", header}});
    else if (!cookie.isNull())
        got = gateway.get(path, {{"Cookie", jar}});
    else
        got = gateway.get(path);
    QCOMPARE(got, status);
}

void tst_JwtAuth::takesTheFirstOfRepeatedHeaders() // 4.1
{
    PipelineFixture gateway;
    configure(gateway);
    const std::string jwt = basic();
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}, {"Authorization", "bad"}}), 200);
    QCOMPARE(gateway.get("/get", {{"Authorization", "bad"}, {"Authorization", jwt}}), 401);
}

void tst_JwtAuth::refusesWithTheOriginalsMessages_data()
{
    QTest::addColumn<QByteArray>("token"); // null: none
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char *name, const std::string &text, const char *message,
                        const char *reason) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(message)
                            << QByteArray(reason);
    };
    const char *invalid = "JWT token invalid";
    const char *unknown = "Invalid user key in JWT token";
    const char *refused = "failed to verify jwt";
    const std::string good = basic();
    const std::string hs = R"({"alg":"HS256"})";
    const std::string jack = R"({"key":"jack-key"})";
    QTest::newRow("nothing") << QByteArray() << QByteArray("Missing JWT token in request")
                             << QByteArray("credential-missing");
    row("empty", "", invalid, "credential-empty");
    row("one part", "abc", invalid, "shape");
    row("two parts", "a.b", invalid, "shape");
    row("four parts", good + ".x", invalid, "shape");
    row("JWE has five", "a.b.c.d.e", invalid, "shape");
    row("empty header", good.substr(good.find('.')), invalid, "shape");
    row("empty signature", good.substr(0, good.rfind('.') + 1), invalid, "shape");
    row("header is not base64", "!!." + good.substr(good.find('.') + 1), invalid, "header");
    row("header is not JSON", unsignedToken("x", jack), invalid, "header");
    row("header is an array", unsignedToken("[]", jack), invalid, "header");
    row("payload is not JSON", unsignedToken(hs, "{\"key\":"), invalid, "payload");
    row("payload is not UTF-8", unsignedToken(hs, "{\"key\":\"\xff\"}"), invalid, "payload");
    row("no key claim", token(R"({"sub":"jack-key"})"), "missing user key in JWT token",
        "claim-missing");
    row("key claim is a number", token(R"({"key":1})"), unknown, "claim-type");
    row("key claim is null", token(R"({"key":null})"), unknown, "claim-type");
    row("key claim is false", token(R"({"key":false})"), "missing user key in JWT token",
        "claim-missing");
    row("key claim is true", token(R"({"key":true})"), unknown, "claim-type");
    row("unknown key", token(R"({"key":"jill-key"})"), unknown, "credential-unknown");
    row("other alg of the family", unsignedToken(R"({"alg":"HS512"})", jack), refused,
        "alg-not-allowed");
    row("alg none", unsignedToken(R"({"alg":"none"})", jack), refused, "alg-not-allowed");
    row("alg is case-sensitive", unsignedToken(R"({"alg":"hs256"})", jack), refused,
        "alg-not-allowed");
    row("alg missing", unsignedToken("{}", jack), refused, "alg-missing");
    row("alg is a number", unsignedToken(R"({"alg":256})", jack), refused, "alg-not-allowed");
    row("wrong signature", unsignedToken(hs, jack), refused, "signature");
    row("short signature",
        good.substr(0, good.rfind('.') + 1) + encodeBase64Url(std::string(31, 'x')), refused,
        "signature-length");
    row("signature in standard base64", good.substr(0, good.size() - 1) + "+", refused, "base64");
    row("signature ended by an = too early", good.substr(0, good.size() - 1) + "=", refused,
        "signature-length");
    row("other secret", mintHs256(jack, "other"), refused, "signature");
    row("changed payload",
        good.substr(0, good.find('.') + 1) + encodeBase64Url(jack + " ")
            + good.substr(good.rfind('.')),
        refused, "signature");
    row("expired", token(std::format(R"({{"key":"jack-key","exp":{}}})", kNow - 3)), refused,
        "expired");
    row("not valid yet", token(std::format(R"({{"key":"jack-key","nbf":{}}})", kNow + 5)), refused,
        "not-yet-valid");
    row("exp is a string", token(R"({"key":"jack-key","exp":"1879318541"})"), refused,
        "numeric-date");
    row("nbf is null", token(R"({"key":"jack-key","nbf":null})"), refused, "numeric-date");
}

void tst_JwtAuth::refusesWithTheOriginalsMessages()
{
    QFETCH(QByteArray, token);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, reason);
    PipelineFixture gateway;
    configure(gateway, R"({"realm":"here"})");
    const std::string text = token.toStdString();
    const int status =
        token.isNull() ? gateway.get("/get") : gateway.get("/get", {{"Authorization", text}});
    QCOMPARE(gateway.failure(), reason.toStdString());
    QCOMPARE(status, 401);
    QCOMPARE(gateway.body(), "{\"message\":\"" + message.toStdString() + "\"}\n");
    QCOMPARE(gateway.replyHeader("WWW-Authenticate"), std::string("Bearer realm=\"here\""));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Consumer-Username"));
    QVERIFY(text.size() < 40 || !gateway.traceHolds(text));
}

void tst_JwtAuth::comparesTimes_data()
{
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<int>("grace");
    QTest::addColumn<bool>("accepted");
    const auto row = [](const char *name, const std::string &claims, int grace, bool accepted) {
        QTest::newRow(name) << QByteArray::fromStdString(claims) << grace << accepted;
    };
    const auto exp = [](std::int64_t by) { return std::format("\"exp\":{}", kNow + by); };
    const auto nbf = [](std::int64_t by) { return std::format("\"nbf\":{}", kNow + by); };
    row("exp in the future", exp(1), 0, true);
    row("exp is now: expired", exp(0), 0, false);
    row("exp a fraction ahead", std::format("\"exp\":{}.5", kNow), 0, true);
    row("exp within grace", exp(-29), 30, true);
    row("exp at the end of grace", exp(-30), 30, false);
    row("nbf in the past", nbf(-1), 0, true);
    row("nbf is now: refused", nbf(0), 0, false);
    row("nbf within grace", nbf(29), 30, true);
    row("nbf at the end of grace", nbf(30), 30, false);
    row("huge exp", "\"exp\":1e300", 0, true);
    row("exp beyond 64 bits", "\"exp\":99999999999999999999999", 0, true);
    row("negative exp", "\"exp\":-1e300", 0, false);
    row("no time claim", "\"iat\":1", 0, true);
}

void tst_JwtAuth::comparesTimes()
{
    QFETCH(QByteArray, claims);
    QFETCH(int, grace);
    QFETCH(bool, accepted);
    PipelineFixture gateway;
    configure(gateway, "{}",
              std::format(R"({{"key":"jack-key","secret":"{}","lifetime_grace_period":{}}})",
                          kSecret, grace));
    const std::string jwt = token(R"({"key":"jack-key",)" + claims.toStdString() + "}");
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), accepted ? 200 : 401);
}

void tst_JwtAuth::demandsListedClaims_data()
{
    QTest::addColumn<QByteArray>("rule");
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<QByteArray>("reason"); // empty: accepted
    const QByteArray expired = QByteArray::fromStdString(std::format(",\"exp\":{}", kNow - 1));
    const QByteArray later = QByteArray::fromStdString(std::format(",\"nbf\":{}", kNow + 1));
    QTest::newRow("empty list is unset") << QByteArray("[]") << expired << QByteArray("expired");
    QTest::newRow("listed but missing")
        << QByteArray("[\"exp\"]") << QByteArray() << QByteArray("claim-missing");
    QTest::newRow("unlisted is ignored")
        << QByteArray("[\"exp\"]") << QByteArray(",\"exp\":1900000000") + later << QByteArray();
    QTest::newRow("nbf only accepts expired tokens")
        << QByteArray("[\"nbf\"]") << QByteArray(",\"nbf\":1") + expired << QByteArray();
    QTest::newRow("both are demanded")
        << QByteArray("[\"nbf\",\"exp\"]") << QByteArray(",\"exp\":1900000000")
        << QByteArray("claim-missing");
}

void tst_JwtAuth::demandsListedClaims()
{
    QFETCH(QByteArray, rule);
    QFETCH(QByteArray, claims);
    QFETCH(QByteArray, reason);
    PipelineFixture gateway;
    configure(gateway, "{\"claims_to_verify\":" + rule.toStdString() + "}");
    const std::string jwt = token(R"({"key":"jack-key")" + claims.toStdString() + "}");
    gateway.get("/get", {{"Authorization", jwt}});
    QCOMPARE(gateway.failure(), reason.toStdString());
}

void tst_JwtAuth::verifiesEveryAlgorithm_data()
{
    QTest::addColumn<int>("alg");
    for (const char *name : {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384",
                             "ES512", "PS256", "PS384", "PS512", "EdDSA"})
        QTest::newRow(name) << static_cast<int>(findAlg(name)->alg);
}

void tst_JwtAuth::verifiesEveryAlgorithm()
{
    QFETCH(int, alg);
    const AlgInfo &algorithm = info(static_cast<Alg>(alg));
    // one RSA key for all rows: making one takes long
    static std::map<std::string, Key> rsa;
    if (algorithm.keyType == KeyType::Rsa && rsa.empty())
        rsa.emplace("rsa", *Key::fromPem(*Key::generate(Alg::RS256)->toPem(true)));
    const Key key =
        algorithm.keyType == KeyType::Rsa ? rsa.at("rsa") : *Key::generate(algorithm.alg);

    const bool hmac = algorithm.keyType == KeyType::Oct;
    std::string member = hmac ? "secret" : "public_key";
    std::string value = hmac ? std::string(key.toJwk(true).stringOr("k", "")) : *key.toPem(false);
    const Key signing = hmac ? *Key::fromSecret(Secret(value)) : key;

    PipelineFixture gateway;
    configure(gateway, "{}",
              std::format(R"({{"key":"jack-key","algorithm":"{}","{}":{}}})", algorithm.name,
                          member, jsonText(value)));
    QVERIFY(gateway.compiler.problems().empty());
    const std::string header = std::format(R"({{"alg":"{}"}})", algorithm.name);
    std::string jwt = mint(header, R"({"key":"jack-key"})", algorithm.alg, signing);
    QVERIFY(!jwt.empty());
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    // one bit of the signature, away from its ends
    char &changed = jwt[jwt.rfind('.') + 10];
    changed = changed == 'A' ? 'B' : 'A';
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 401);
    QCOMPARE(gateway.failure(), std::string("signature"));
}

void tst_JwtAuth::psTakesTwoThousandBitKeysOnly()
{
    const Key key = *Key::generate(Alg::PS256, 3072);
    PipelineFixture gateway;
    configure(gateway, "{}",
              R"({"key":"jack-key","algorithm":"PS256","public_key":)" + jsonText(*key.toPem(false))
                  + "}");
    const std::string jwt = mint(R"({"alg":"PS256"})", R"({"key":"jack-key"})", Alg::PS256, key);
    QVERIFY(!jwt.empty());
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 401);
    QCOMPARE(gateway.failure(), std::string("signature-length"));
}

void tst_JwtAuth::refusesTheTokensOfTheManual()
{
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T8}}), 200);
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T1}}), 401);
    QCOMPARE(gateway.failure(), std::string("signature"));

    configure(gateway, "{}",
              R"({"key":"jack-key","algorithm":"RS256","public_key":)"
                  + jsonText(samples::kPublicKeyPem) + "}");
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T7}}), 401);
    QCOMPARE(gateway.failure(), std::string("expired"));
    gateway.setTime(1'734'134'400); // 2024-12-14
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T7}}), 200);
    // the public key's text as HMAC secret: RFC 8725 2.1
    const std::string confused = mintHs256(R"({"key":"jack-key"})", samples::kPublicKeyPem);
    QCOMPARE(gateway.get("/get", {{"Authorization", confused}}), 401);
    QCOMPARE(gateway.failure(), std::string("alg-not-allowed"));
}

void tst_JwtAuth::decodesLeniently()
{
    PipelineFixture gateway;
    configure(gateway);
    // Header and payload in the standard alphabet with padding; the signature covers that text.
    const std::string header = encodeBase64(R"({"alg":"HS256"})");
    const std::string payload = encodeBase64(R"({"key":"jack-key","x":"???>>>~~"})");
    QVERIFY(payload.find_first_of("+/=") != std::string::npos);
    const std::string input = header + '.' + payload;
    Result<Signer> signer = Signer::make(Alg::HS256, *Key::fromSecret(Secret(kSecret)), true);
    QVERIFY(signer.has_value());
    const std::string jwt = input + '.' + encodeBase64Url(*signer->sign(input));
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
    // nginx's base64url decoder ends at the first '=' and ignores unused bits.
    QCOMPARE(gateway.get("/get", {{"Authorization", basic() + "=x"}}), 200);
    std::string bits = basic();
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    bits.back() = kAlphabet[kAlphabet.find(bits.back()) + 1];
    QCOMPARE(gateway.get("/get", {{"Authorization", bits}}), 200);
}

void tst_JwtAuth::lastDuplicateWins()
{
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/get", {{"Authorization", token(R"({"key":"x","key":"jack-key"})")}}),
             200);
    QCOMPARE(gateway.get("/get", {{"Authorization", token(R"({"key":"jack-key","key":"x"})")}}),
             401);
    QCOMPARE(gateway.get("/get", {{"Authorization", token(R"({"key":"j\u0061ck-key"})")}}), 200);
}

void tst_JwtAuth::attachesTheConsumer()
{
    PipelineFixture gateway;
    configure(gateway);
    QCOMPARE(gateway.get("/get", {{"Authorization", basic()}, {"X-Consumer-Custom-ID", "evil"}}),
             200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("jack"));
    QCOMPARE(gateway.upstreamHeader("X-Credential-Identifier"), std::string("cred-jack-jwt-auth"));
    QVERIFY(!gateway.exchange.request.headers.contains("X-Consumer-Custom-ID"));
    QCOMPARE(gateway.upstreamHeader("Authorization"), basic());
    QCOMPARE(gateway.steps(),
             std::string("route ok; extract ok; parse ok; lookup ok; signature ok; claims ok; "
                         "consumer ok"));
}

void tst_JwtAuth::hidesTheSourceUsed_data()
{
    QTest::addColumn<bool>("valid");
    QTest::newRow("accepted") << true;
    QTest::newRow("hidden at extraction, even if refused") << false;
}

void tst_JwtAuth::hidesTheSourceUsed()
{
    QFETCH(bool, valid);
    PipelineFixture gateway;
    configure(gateway, R"({"hide_credentials":true})");
    const std::string jwt = valid ? basic() : std::string("bad");
    const int status = valid ? 200 : 401;
    QCOMPARE(gateway.get("/get?jwt=x", {{"Authorization", jwt}}), status);
    QVERIFY(!gateway.exchange.request.headers.contains("Authorization"));
    QCOMPARE(gateway.exchange.request.target, std::string_view("/get?jwt=x"));
    QCOMPARE(gateway.get("/get?a=1&jwt=" + jwt), status);
    QCOMPARE(gateway.exchange.request.target, std::string_view("/get?a=1"));
    QCOMPARE(gateway.get("/get", {{"Cookie", "a=1; jwt=" + jwt + "; b=2"}}), status);
    QCOMPARE(gateway.upstreamHeader("Cookie"), std::string("a=1; b=2"));
}

void tst_JwtAuth::takesBase64Secrets()
{
    PipelineFixture gateway;
    configure(gateway, "{}",
              R"({"key":"jack-key","secret":"amFjay1oczI1Ni1zZWNyZXQ=","base64_secret":true})");
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T8}}), 200);
    // nginx's decoder asks for no padding
    configure(gateway, "{}",
              R"({"key":"jack-key","secret":"amFjay1oczI1Ni1zZWNyZXQ","base64_secret":true})");
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T8}}), 200);
    configure(gateway, "{}",
              R"({"key":"jack-key","secret":"jack-hs256-secret","base64_secret":true})");
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T8}}), 401);
}

void tst_JwtAuth::readsAnotherClaim()
{
    PipelineFixture gateway;
    configure(gateway, R"({"key_claim_name":"iss"})");
    QCOMPARE(gateway.get("/get", {{"Authorization", token(R"({"iss":"jack-key"})")}}), 200);
    QCOMPARE(gateway.get("/get", {{"Authorization", basic()}}), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"missing user key in JWT token\"}\n"));
}

void tst_JwtAuth::keepsThePayload()
{
    PipelineFixture gateway;
    configure(gateway, R"({"store_in_ctx":true})");
    QCOMPARE(gateway.get("/get", {{"Authorization", token(R"({"key":"jack-key","role":"x"})")}}),
             200);
    QVERIFY(gateway.exchange.tokenPayload.has_value());
    QCOMPARE(gateway.exchange.tokenPayload->stringOr("role", ""), std::string_view("x"));
    configure(gateway);
    QCOMPARE(gateway.get("/get", {{"Authorization", basic()}}), 200);
    QVERIFY(!gateway.exchange.tokenPayload);
}

void tst_JwtAuth::fallsBackToTheAnonymousConsumer()
{
    PipelineFixture gateway;
    configure(gateway, R"({"anonymous_consumer":"anonymous"})");
    QCOMPARE(gateway.get("/get"), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"Invalid user authorization\"}\n"));
    gateway.put("consumers/anonymous", R"({"username":"anonymous"})");
    for (const std::string &jwt : {samples::T1, std::string("junk"), samples::T2}) {
        QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 200);
        QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("anonymous"));
    }
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T8}}), 200);
    QCOMPARE(gateway.upstreamHeader("X-Consumer-Username"), std::string("jack"));
}

void tst_JwtAuth::keepsEvidenceOfAMismatch()
{
    PipelineFixture gateway;
    configure(gateway);
    gateway.get("/get", {{"Authorization", "Bearer " + samples::T1}});
    QCOMPARE(std::string(gateway.exchange.refusedToken), samples::T1);
    gateway.get("/get", {{"Authorization", "junk"}});
    QVERIFY(gateway.exchange.refusedToken.empty());
}

void tst_JwtAuth::unusableKeysRefuse()
{
    PipelineFixture gateway;
    configure(gateway, "{}", R"({"key":"jack-key","algorithm":"RS256","public_key":"junk"})");
    const std::string jwt = unsignedToken(R"({"alg":"RS256"})", R"({"key":"jack-key"})");
    QCOMPARE(gateway.get("/get", {{"Authorization", jwt}}), 401);
    QCOMPARE(gateway.body(), std::string("{\"message\":\"failed to verify jwt\"}\n"));
    QCOMPARE(gateway.failure(), std::string("key-format"));
}

void tst_JwtAuth::resolvesReferences()
{
    const std::map<std::string, std::string> environment{{"JACK_KEY", "jack-key"},
                                                         {"JACK_SECRET", "jack-hs256-secret"}};
    const SecretResolver secrets([&environment](const std::string &name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
    });
    PluginEnv env;
    env.secrets = &secrets;
    PipelineFixture gateway(env);
    configure(gateway, "{}", R"({"key":"$env://JACK_KEY","secret":"$ENV://JACK_SECRET"})");
    QVERIFY(gateway.compiler.problems().empty());
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T8}}), 200);
}

void tst_JwtAuth::unresolvedReferencesFailClosed()
{
    const SecretResolver secrets([](const std::string &) { return std::nullopt; });
    PluginEnv env;
    env.secrets = &secrets;
    PipelineFixture gateway(env);
    configure(gateway, "{}", R"({"key":"$env://JACK_KEY","secret":"jack-hs256-secret"})");
    QCOMPARE(gateway.get("/get", {{"Authorization", samples::T8}}), 401);
    QCOMPARE(gateway.failure(), std::string("credential-unknown"));
    // the reference's text is no key
    const std::string literal = token(R"({"key":"$env://JACK_KEY"})");
    QCOMPARE(gateway.get("/get", {{"Authorization", literal}}), 401);
    const auto problems = gateway.compiler.problems();
    QCOMPARE(problems.size(), 1U);
    QCOMPARE(problems[0].key, std::string("/apisix/consumers/jack/credentials/cred-jack-jwt-auth"));
    QCOMPARE(problems[0].error.code, Errc::SecretUnresolved);
    QVERIFY(problems[0].error.detail.contains("JACK_KEY"));
}

QTEST_GUILESS_MAIN(tst_JwtAuth)
#include "tst_jwt_auth.moc"
