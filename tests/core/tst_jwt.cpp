// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jwt.h"
#include "tests/core/jose_samples.h"

#include <QTest>

#include <algorithm>

using namespace postern;

class tst_Jwt : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void judgesTheManualsTokens_data();
    void judgesTheManualsTokens();
    void namesTheSampleSecretThatSigned();
    void refusesShortSecretsUnlessRelaxed();
    void checksEveryClaimIndependently();
    void comparesTimesExactly_data();
    void comparesTimesExactly();
    void checksTextClaims_data();
    void checksTextClaims();
    void warnsWithoutChangingTheVerdict_data();
    void warnsWithoutChangingTheVerdict();
    void neverShowsTheSecret();
};

namespace {

constexpr std::int64_t kNow = 1'700'000'000;

Clock at(std::int64_t seconds)
{
    return Clock(Clock::Mode::Frozen, Timestamp(std::chrono::seconds(seconds)));
}

Key secretKey(std::string_view secret) { return *Key::fromSecret(Secret(secret)); }

const JwtCheck *find(const JwtVerdict &verdict, std::string_view id)
{
    const auto found = std::ranges::find(verdict.checks, id, &JwtCheck::id);
    return found == verdict.checks.end() ? nullptr : &*found;
}

std::string text(const JwtVerdict &verdict)
{
    std::string out;
    for (const JwtCheck &check : verdict.checks)
        out += check.id + ": " + check.detail + "\n";
    for (const std::string &warning : verdict.warnings)
        out += "warning: " + warning + "\n";
    for (const std::string &hint : verdict.hints)
        out += "hint: " + hint + "\n";
    return out;
}

const std::string kSecret = "0123456789abcdef0123456789abcdef";

std::string tokenOf(std::string_view payload, std::string_view header = R"({"alg":"HS256"})")
{
    return *signJws(header, payload, Alg::HS256, secretKey(kSecret));
}

} // namespace

void tst_Jwt::judgesTheManualsTokens_data()
{
    QTest::addColumn<std::string>("token");
    QTest::addColumn<std::string>("secret"); // empty: the page's public key
    QTest::addColumn<std::int64_t>("now");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<std::string>("line");

    constexpr std::int64_t kLater = 1'800'000'000;
    const std::string jack = "jack-hs256-secret";
    const std::string sample = "your-256-bit-secret";
    QTest::newRow("T1 with the page's secret")
        << samples::T1 << jack << kLater << false << std::string("signature: MISMATCH\n");
    QTest::newRow("T1 names the sample secret")
        << samples::T1 << jack << kLater << false
        << std::string("hint: It verifies with the well-known sample secret "
                       "\"your-256-bit-secret\"");
    QTest::newRow("T1 with the sample secret")
        << samples::T1 << sample << kLater << true << std::string("signature: ok (HS256)\n");
    QTest::newRow("T2") << samples::T2 << jack << kLater << false
                        << std::string("exp: expired 2024-09-18T08:54:00Z");
    QTest::newRow("T3") << samples::T3 << jack << kLater << false
                        << std::string("exp: expired 2023-09-19T13:10:44Z");
    QTest::newRow("T4") << samples::T4 << jack << kLater << false
                        << std::string("signature: MISMATCH\n");
    QTest::newRow("T5 with the page's secret")
        << samples::T5 << std::string("vault-hs256-secret") << kLater << false
        << std::string("sample secret \"your-256-bit-secret\"");
    QTest::newRow("T5 with the sample secret")
        << samples::T5 << sample << kLater << true << std::string("signature: ok (HS256)\n");
    QTest::newRow("T5c") << samples::T5c << std::string("vault-hs256-secret") << kLater << true
                         << std::string("signature: ok (HS256)\n");
    QTest::newRow("T6") << samples::T6 << std::string("vault-hs256-secret") << kLater << false
                        << std::string("exp: expired 2023-09-19T15:50:35Z");
    QTest::newRow("T7 after its end") << samples::T7 << std::string() << kLater << false
                                      << std::string("exp: expired 2024-12-15T02:40:00Z");
    QTest::newRow("T7 after its end: signature") << samples::T7 << std::string() << kLater << false
                                                 << std::string("signature: ok (RS256)\n");
    QTest::newRow("T7 one second before its end")
        << samples::T7 << std::string() << std::int64_t{1'734'230'399} << true
        << std::string("exp: ok (2024-12-15T02:40:00Z");
    QTest::newRow("T7 at its end") << samples::T7 << std::string() << std::int64_t{1'734'230'400}
                                   << false << std::string("exp: expired");
    QTest::newRow("T8") << samples::T8 << jack << kLater << true
                        << std::string("nbf: ok (2024-10-17T02:31:11Z)\n");
    QTest::newRow("T8 never expires") << samples::T8 << jack << kLater << true
                                      << std::string("warning: no-exp: the token never expires");
    QTest::newRow("T8 with the sample secret")
        << samples::T8 << sample << kLater << false << std::string("signature: MISMATCH\n");
    QTest::newRow("T8 before its time")
        << samples::T8 << jack << std::int64_t{1'729'132'270} << false
        << std::string("nbf: not valid before 2024-10-17T02:31:11Z, in 1 s");
    QTest::newRow("T8 at its time")
        << samples::T8 << jack << std::int64_t{1'729'132'271} << true << std::string("nbf: ok");
}

void tst_Jwt::judgesTheManualsTokens()
{
    QFETCH(const std::string, token);
    QFETCH(const std::string, secret);
    QFETCH(const std::int64_t, now);
    QFETCH(const bool, valid);
    QFETCH(const std::string, line);

    const Key key = secret.empty() ? *Key::fromPem(samples::kPublicKeyPem) : secretKey(secret);
    JwtPolicy policy;
    policy.relaxed = true; // the manuals' secrets are shorter than the hash
    const Clock clock = at(now);
    const JwtVerdict verdict = verifyJwt(token, key, policy, clock);
    const std::string report = text(verdict);
    QVERIFY2(verdict.valid == valid, report.c_str());
    QVERIFY2(report.contains(line), report.c_str());
}

void tst_Jwt::namesTheSampleSecretThatSigned()
{
    QCOMPARE(sampleSecretOf(samples::T1), std::string("your-256-bit-secret"));
    QCOMPARE(sampleSecretOf(samples::T5), std::string("your-256-bit-secret"));
    QVERIFY(!sampleSecretOf(samples::T8));
    QVERIFY(!sampleSecretOf(samples::T7));
    QVERIFY(!sampleSecretOf("not a token"));
    QVERIFY(sampleSecrets().size() >= 60);
}

void tst_Jwt::refusesShortSecretsUnlessRelaxed()
{
    const Key key = secretKey("jack-hs256-secret");
    const Clock clock = at(1'800'000'000);
    const JwtVerdict strict = verifyJwt(samples::T8, key, {}, clock);
    QVERIFY(!strict.valid);
    QCOMPARE(find(strict, "key")->reason, Errc::KeyWeak);
    QVERIFY(find(strict, "signature")->ok); // it signed the token all the same
    JwtPolicy policy;
    policy.relaxed = true;
    const JwtVerdict relaxed = verifyJwt(samples::T8, key, policy, clock);
    QVERIFY(relaxed.valid);
    QVERIFY(text(relaxed).contains("warning: weak key: the secret has 17 bytes"));
}

void tst_Jwt::checksEveryClaimIndependently()
{
    JwtPolicy policy;
    policy.audience = {"api"};
    policy.issuer = "me";
    policy.type = "at+jwt";
    policy.required = {"scope"};
    const Clock clock = at(kNow);
    const JwtVerdict verdict =
        verifyJwt(tokenOf(R"({"exp":1,"nbf":"x","aud":["other"],"iss":"you","sub":5})",
                          R"({"alg":"HS256","typ":"JWT"})"),
                  secretKey(kSecret + "x"), policy, clock);
    const std::pair<std::string_view, Errc> expected[] = {{"signature", Errc::SignatureMismatch},
                                                          {"typ", Errc::TokenType},
                                                          {"scope", Errc::ClaimMissing},
                                                          {"exp", Errc::TokenExpired},
                                                          {"nbf", Errc::NumericDate},
                                                          {"aud", Errc::Audience},
                                                          {"iss", Errc::Issuer},
                                                          {"sub", Errc::ClaimType}};
    for (const auto &[id, reason] : expected) {
        const JwtCheck *check = find(verdict, id);
        QVERIFY2(check && !check->ok, id.data());
        QCOMPARE(check->reason, reason);
    }
}

void tst_Jwt::comparesTimesExactly_data()
{
    QTest::addColumn<std::string>("payload");
    QTest::addColumn<std::int64_t>("leeway");
    QTest::addColumn<std::string>("failing"); // "" = valid
    const auto row = [](const char *name, std::string payload, std::int64_t leeway,
                        std::string failing) {
        QTest::newRow(name) << payload << leeway << failing;
    };
    row("exp one second ahead", R"({"exp":1700000001})", 0, "");
    row("RFC 7519 4.1.4: exp now is expired", R"({"exp":1700000000})", 0, "exp");
    row("exp a fraction ahead", R"({"exp":1700000000.5})", 0, "");
    row("exp with exponent", R"({"exp":1.7000001e9})", 0, "");
    row("exp with exponent, past", R"({"exp":1.69e9})", 0, "exp");
    row("exp 2^63 does not wrap", R"({"exp":9223372036854775808})", 0, "");
    row("exp 2^64+1 does not wrap to 1", R"({"exp":18446744073709551617})", 0, "");
    row("exp below int64", R"({"exp":-9223372036854775809})", 0, "exp");
    row("exp 1e400 is not finite", R"({"exp":1e400})", 0, "exp");
    row("exp null", R"({"exp":null})", 0, "exp");
    row("exp as text", R"({"exp":"1800000000"})", 0, "exp");
    row("leeway: inside", R"({"exp":1699999941})", 60, "");
    row("leeway: at its end", R"({"exp":1699999940})", 60, "exp");
    row("nbf now", R"({"nbf":1700000000})", 0, "");
    row("nbf a fraction ahead", R"({"nbf":1700000000.5})", 0, "nbf");
    row("nbf inside the leeway", R"({"nbf":1700000060})", 60, "");
    row("nbf outside the leeway", R"({"nbf":1700000061})", 60, "nbf");
    row("iat in the future is only remarked", R"({"iat":1700000500})", 0, "");
    row("iat as text", R"({"iat":"x"})", 0, "iat");
}

void tst_Jwt::comparesTimesExactly()
{
    QFETCH(const std::string, payload);
    QFETCH(const std::int64_t, leeway);
    QFETCH(const std::string, failing);
    JwtPolicy policy;
    policy.leeway = leeway;
    const Clock clock = at(kNow);
    const JwtVerdict verdict = verifyJwt(tokenOf(payload), secretKey(kSecret), policy, clock);
    QVERIFY2(verdict.valid == failing.empty(), text(verdict).c_str());
    if (!failing.empty())
        QVERIFY2(!find(verdict, failing)->ok, text(verdict).c_str());
}

void tst_Jwt::checksTextClaims_data()
{
    QTest::addColumn<std::string>("payload");
    QTest::addColumn<std::string>("header");
    QTest::addColumn<std::string>("failing");
    const std::string plain = R"({"alg":"HS256","typ":"at+jwt"})";
    const auto row = [&](const char *name, std::string payload, std::string failing,
                         std::string header = {}) {
        QTest::newRow(name) << payload << (header.empty() ? plain : header) << failing;
    };
    row("all fit", R"({"aud":["x","api"],"iss":"me","iat":1700000000})", "");
    row("aud as a single string", R"({"aud":"api","iss":"me","iat":1700000000})", "");
    row("aud prefix", R"({"aud":"api2","iss":"me","iat":1700000000})", "aud");
    row("aud empty array never matches", R"({"aud":[],"iss":"me","iat":1700000000})", "aud");
    row("aud with a number in it", R"({"aud":["api",1],"iss":"me","iat":1700000000})", "aud");
    row("aud missing", R"({"iss":"me","iat":1700000000})", "aud");
    row("iss with a slash more", R"({"aud":"api","iss":"me/","iat":1700000000})", "iss");
    row("iss in another case", R"({"aud":"api","iss":"Me","iat":1700000000})", "iss");
    row("max age: iat missing", R"({"aud":"api","iss":"me"})", "iat");
    row("max age: too old", R"({"aud":"api","iss":"me","iat":1699999399})", "iat");
    row("typ: media type prefix, other case", R"({"aud":"api","iss":"me","iat":1700000000})", "",
        R"({"alg":"HS256","typ":"application/AT+JWT"})");
    row("typ missing", R"({"aud":"api","iss":"me","iat":1700000000})", "typ", R"({"alg":"HS256"})");
    row("payload is an array", R"([])", "payload");
    row("payload has a claim twice", R"({"aud":"api","\u0061ud":"api"})", "payload");
}

void tst_Jwt::checksTextClaims()
{
    QFETCH(const std::string, payload);
    QFETCH(const std::string, header);
    QFETCH(const std::string, failing);
    JwtPolicy policy;
    policy.audience = {"api"};
    policy.issuer = "me";
    policy.type = "at+jwt";
    policy.maxAge = 600;
    const Clock clock = at(kNow);
    const JwtVerdict verdict =
        verifyJwt(tokenOf(payload, header), secretKey(kSecret), policy, clock);
    QVERIFY2(verdict.valid == failing.empty(), text(verdict).c_str());
    if (!failing.empty())
        QVERIFY2(!find(verdict, failing)->ok, text(verdict).c_str());
}

void tst_Jwt::warnsWithoutChangingTheVerdict_data()
{
    QTest::addColumn<std::string>("payload");
    QTest::addColumn<std::string>("header");
    QTest::addColumn<std::string>("warning");
    const std::string plain = R"({"alg":"HS256"})";
    QTest::newRow("no exp") << std::string("{}") << plain << std::string("no-exp:");
    QTest::newRow("milliseconds") << std::string(R"({"exp":1700000001000})") << plain
                                  << std::string("exp-looks-like-milliseconds:");
    QTest::newRow("exp far in the future")
        << std::string(R"({"exp":1800000000})") << plain << std::string("exp-far-future:");
    QTest::newRow("aud not checked")
        << std::string(R"({"aud":"x"})") << plain << std::string("aud-not-checked:");
    QTest::newRow("key URL ignored")
        << std::string("{}") << std::string(R"({"alg":"HS256","jku":"http://x"})")
        << std::string("remote-key-url: jku");
    QTest::newRow("hostile kid") << std::string("{}")
                                 << std::string(R"({"alg":"HS256","kid":"../x"})")
                                 << std::string("kid-suspicious:");
}

void tst_Jwt::warnsWithoutChangingTheVerdict()
{
    QFETCH(const std::string, payload);
    QFETCH(const std::string, header);
    QFETCH(const std::string, warning);
    const Clock clock = at(kNow);
    const JwtVerdict verdict = verifyJwt(tokenOf(payload, header), secretKey(kSecret), {}, clock);
    QVERIFY2(verdict.valid, text(verdict).c_str());
    QVERIFY2(text(verdict).contains("warning: " + warning), text(verdict).c_str());
}

void tst_Jwt::neverShowsTheSecret()
{
    JwtPolicy policy;
    policy.relaxed = true;
    const Clock clock = at(kNow);
    const JwtVerdict verdict =
        verifyJwt(samples::T1, secretKey("a very private secret"), policy, clock);
    QVERIFY(!text(verdict).contains("very private"));
}

QTEST_GUILESS_MAIN(tst_Jwt)
#include "tst_jwt.moc"
