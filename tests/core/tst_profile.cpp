// SPDX-License-Identifier: Apache-2.0
#include "core/jose/profile.h"

#include "core/bytes/encoding.h"

#include <QTest>

using namespace postern;

class tst_Profile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void profilesDiffer_data();
    void profilesDiffer();
    void gatewaysAnswerOnTheWire_data();
    void gatewaysAnswerOnTheWire();
    void manualsTokensPass();
    void findsVersionsOfAProduct();
};

namespace {

constexpr std::int64_t kNow = 1'700'000'000;
const std::string kLong = "0123456789abcdef0123456789abcdef";

struct Question
{
    std::string token;
    Key key = *Key::fromSecret(Secret(std::string_view(kLong)));
    JwtPolicy policy = {};
};

ProfileVerdict ask(std::string_view profile, const Question &question)
{
    JwtPolicy policy = question.policy;
    policy.explain = false;
    return verifyAs(*findProfile(profile), question.token, {.keys = {question.key}}, policy, kNow);
}

Question signedBy(const Key &key, std::string_view claims, std::string_view header = {},
                  Alg alg = Alg::HS256)
{
    const std::string text =
        header.empty() ? std::format(R"({{"alg":"{}"}})", info(alg).name) : std::string(header);
    return {.token = *signJws(text, claims, alg, key, true), .key = key};
}

Question hs(std::string_view claims, std::string_view header = {}, std::string_view secret = kLong)
{
    return signedBy(*Key::fromSecret(Secret(secret)), claims, header);
}

Question demanding(Question question, std::vector<std::string> claims, std::int64_t leeway = 0)
{
    question.policy.required = std::move(claims);
    question.policy.leeway = leeway;
    return question;
}

} // namespace

Q_DECLARE_METATYPE(Question)

void tst_Profile::profilesDiffer_data()
{
    QTest::addColumn<Question>("question");
    QTest::addColumn<bool>("strict");
    QTest::addColumn<bool>("apisix");
    QTest::addColumn<bool>("kong");
    const auto row = [](const char *name, Question question, bool strict, bool apisix, bool kong) {
        QTest::newRow(name) << std::move(question) << strict << apisix << kong;
    };
    const std::string both = R"({"key":"k","iss":"k"})";
    row("all accept", hs(both), true, true, true);
    row("HMAC key shorter than the hash", hs(both, {}, "s"), false, true, true);
    row("no key claim", hs(R"({"iss":"k"})"), true, false, true);
    row("no iss", hs(R"({"key":"k"})"), true, true, false);
    row("iss in the header", hs(R"({"key":"k"})", R"({"alg":"HS256","iss":"k"})"), true, true,
        true);
    row("nbf is now", hs(R"({"key":"k","iss":"k","nbf":1700000000})"), true, false, true);
    row("nbf is now, 1 s of leeway",
        demanding(hs(R"({"key":"k","iss":"k","nbf":1700000000})"), {}, 1), true, true, true);
    row("expired: Kong looks only when told", hs(R"({"key":"k","iss":"k","exp":1699999999})"),
        false, false, true);
    row("expired, exp listed", demanding(hs(R"({"key":"k","iss":"k","exp":1699999999})"), {"exp"}),
        false, false, false);
    row("expired, nbf listed: APISIX ignores exp",
        demanding(hs(R"({"key":"k","iss":"k","exp":1699999999,"nbf":1})"), {"nbf"}), false, true,
        true);
    row("exp missing, listed", demanding(hs(both), {"exp"}), false, false, false);
    row("exp as a string", hs(R"({"key":"k","iss":"k","exp":"1800000000"})"), false, false, true);
    row("leeway: Kong has none",
        demanding(hs(R"({"key":"k","iss":"k","exp":1699999999})"), {"exp"}, 5), true, true, false);
    row("duplicate members: the last wins", hs(R"({"key":"k","iss":"k","key":"k"})"), false, true,
        true);
    row("crit is not looked at", hs(both, R"({"alg":"HS256","crit":["x"],"x":1})"), false, true,
        true);
    Question padded = hs(both);
    padded.token = *signJws(R"({"alg":"HS256" })", both, Alg::HS256, padded.key);
    padded.token.insert(padded.token.find('.'), "=");
    row("padding that was not signed", padded, false, false, false);
    const Key edwards = *Key::generate(Alg::Ed25519);
    row("RFC 9864 names", signedBy(edwards, both, {}, Alg::Ed25519), true, false, false);
    row("EdDSA", signedBy(edwards, both, {}, Alg::EdDSA), true, true, true);
    row("ES256K", signedBy(*Key::generate(Alg::ES256K), both, {}, Alg::ES256K), true, false, false);
    row("PS256 of a 4096-bit key", signedBy(*Key::generate(Alg::PS256, 4096), both, {}, Alg::PS256),
        true, false, false);
    Question four = hs(both);
    four.token += ".AA";
    row("four parts", four, false, false, false);
}

void tst_Profile::profilesDiffer()
{
    QFETCH(const Question, question);
    QFETCH(const bool, strict);
    QFETCH(const bool, apisix);
    QFETCH(const bool, kong);
    for (const auto &[name, expected] :
         {std::pair("strict", strict), std::pair("apisix", apisix), std::pair("kong", kong)}) {
        const ProfileVerdict verdict = ask(name, question);
        const JwtCheck *decisive = verdict.verdict.decisive();
        const std::string why = std::format("{}: {} {}", name, verdict.body,
                                            decisive ? decisive->id + ' ' + decisive->detail : "");
        QVERIFY2(verdict.verdict.valid == expected, why.c_str());
        QVERIFY(verdict.verdict.valid == (decisive == nullptr));
    }
}

void tst_Profile::gatewaysAnswerOnTheWire_data()
{
    QTest::addColumn<QString>("profile");
    QTest::addColumn<Question>("question");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body");
    const auto row = [](const char *name, const char *profile, Question question, int status,
                        const char *body) {
        QTest::newRow(name) << QString::fromUtf8(profile) << std::move(question) << status
                            << QString::fromUtf8(body);
    };
    const std::string both = R"({"key":"k","iss":"k"})";
    Question bad = hs(both);
    bad.token.back() = bad.token.back() == 'A' ? 'E' : 'A';
    Question unknown = hs(both);
    unknown.policy.consumerKey = "other";
    row("apisix: no token", "apisix", {.token = "abc"}, 401, R"({"message":"JWT token invalid"})");
    row("apisix: no key claim", "apisix", hs("{}"), 401,
        R"({"message":"missing user key in JWT token"})");
    row("apisix: unknown key", "apisix", unknown, 401,
        R"({"message":"Invalid user key in JWT token"})");
    row("apisix: signature", "apisix", bad, 401, R"({"message":"failed to verify jwt"})");
    row("apisix: fine", "apisix", hs(both), 200, "");
    row("kong: no token", "kong", {.token = "abc"}, 401,
        R"({"message":"Bad token; invalid JSON"})");
    row("kong: alg none", "kong", {.token = encodeBase64Url(R"({"alg":"none"})") + ".e30."}, 401,
        R"({"message":"Bad token; invalid alg"})");
    row("kong: no iss", "kong", hs("{}"), 401, R"({"message":"No mandatory 'iss' in claims"})");
    row("kong: empty iss", "kong", hs(R"({"iss":""})"), 401,
        R"({"message":"Invalid 'iss' in claims"})");
    row("kong: unknown iss", "kong", unknown, 401,
        R"({"message":"No credentials found for given 'iss'"})");
    row("kong: signature", "kong", bad, 401, R"({"message":"Invalid signature"})");
    row("kong: exp", "kong", demanding(hs(R"({"iss":"k","exp":1})"), {"exp"}), 401,
        R"({"exp":"token expired"})");
    row("kong: nbf missing", "kong", demanding(hs(both), {"nbf"}), 401,
        R"({"nbf":"must be a number"})");
    Question ec = signedBy(*Key::generate(Alg::ES256), both, {}, Alg::ES256);
    ec.token.resize(ec.token.rfind('.') + 1);
    ec.token += encodeBase64Url(std::string(63, 'x'));
    row("kong: ECDSA of the wrong length is a server error", "kong", ec, 500,
        R"({"message":"An unexpected error occurred"})");
}

void tst_Profile::gatewaysAnswerOnTheWire()
{
    QFETCH(const QString, profile);
    QFETCH(const Question, question);
    QFETCH(const int, status);
    QFETCH(const QString, body);
    const ProfileVerdict verdict = ask(profile.toStdString(), question);
    QCOMPARE(QString::fromStdString(verdict.body), body);
    QCOMPARE(verdict.status, status);
}

void tst_Profile::manualsTokensPass()
{
    // apisix.md 4.1 and kong.md 3.5, known answers.
    const Question apisix{
        .token = *signJws(R"({"alg":"HS256","typ":"JWT"})",
                          R"({"key":"jack-key","nbf":1729132271})", Alg::HS256,
                          *Key::fromSecret(Secret(std::string_view("jack-hs256-secret"))), true),
        .key = *Key::fromSecret(Secret(std::string_view("jack-hs256-secret")))};
    QVERIFY(apisix.token.ends_with(".hjtSsEILpko14zb8-ibyxrB2tA5biYY9JrFm3do69vs"));
    const Question kong{.token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."
                                 "eyJpc3MiOiJwb3N0ZXJuLWtleSIsImV4cCI6NDEwMjQ0NDgwMH0."
                                 "EDh7AroJA5xKwt8yPcUlEfhb95Ota8bB2cpJjDcoU-M",
                        .key = *Key::fromSecret(Secret(std::string_view("postern-secret")))};
    QVERIFY(ask("kong", kong).verdict.valid);
}

void tst_Profile::findsVersionsOfAProduct()
{
    QCOMPARE(findProfile("apisix-3.17"), findProfile("apisix"));
    QCOMPARE(findProfile("kong-3.9"), findProfile("kong"));
    QVERIFY(findProfile("kongo") == nullptr);
    QVERIFY(findProfile("") == nullptr);
}

QTEST_GUILESS_MAIN(tst_Profile)
#include "tst_profile.moc"
