// SPDX-License-Identifier: Apache-2.0
#include "core/jose/lint.h"
#include "core/json/parse.h"
#include "jose_samples.h"

#include "../support/cpu_timer.h"
#include "../support/vectors.h"

#include <QTest>

#include <algorithm>
#include <format>
#include <set>

using namespace postern;

class tst_Lint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void idsAreUniqueAndKebabCase();
    void remarksOnClaimsAndHeader_data();
    void remarksOnClaimsAndHeader();
    void remarksOnTokenText_data();
    void remarksOnTokenText();
    void remarksOnSecrets_data();
    void remarksOnSecrets();
    void saysNothingAboutAGoodToken();
    void findsListedSecrets_data();
    void findsListedSecrets();
    void neverShowsAConfiguredSecret();
    void weakListIsFast();
    void raisesWhatTheStrictnessVectorsName();
};

namespace {

constexpr std::int64_t kNow = 1'700'000'000;
const std::string kSecret = "x7#Lq9!vT2@mW5$zR8%pK1^nB4&cJ6*d";

Key secretKey(std::string_view text) { return *Key::fromSecret(Secret(text)); }

std::string tokenOf(std::string_view payload, std::string_view header = R"({"alg":"HS256"})",
                    std::string_view secret = kSecret)
{
    return *signJws(header, payload, Alg::HS256, secretKey(secret), true);
}

std::string joined(const std::vector<std::string> &ids)
{
    std::string out;
    for (const std::string &id : ids)
        out += id + ' ';
    return out;
}

bool has(const std::vector<std::string> &ids, std::string_view id)
{
    return std::ranges::find(ids, id) != ids.end();
}

} // namespace

void tst_Lint::idsAreUniqueAndKebabCase()
{
    std::set<std::string_view> seen;
    for (const LintRule &rule : lintRules()) {
        QVERIFY2(seen.insert(rule.id).second, std::string(rule.id).c_str());
        QVERIFY(std::ranges::all_of(rule.id, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        }));
        QVERIFY(!rule.help.empty() && !rule.help.ends_with('.'));
    }
    // The names that are promised elsewhere.
    for (const std::string_view id :
         {"alg-none", "weak-secret", "sample-secret", "alg-mismatch", "exp-not-number", "expired",
          "no-exp", "long-life", "nbf-future", "no-key-claim", "no-iat", "no-kid",
          "duplicate-claim", "non-canonical-base64", "nested-too-deep", "secret-looks-base64",
          "private-data"})
        QVERIFY2(seen.contains(id), std::string(id).c_str());
}

void tst_Lint::remarksOnClaimsAndHeader_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("header");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("level");
    const auto row = [](const char *name, const char *payload, const char *id, const char *place,
                        const char *level, const char *header = R"({"alg":"HS256"})") {
        QTest::newRow(name) << QString::fromUtf8(payload) << QString::fromUtf8(header)
                            << QString::fromUtf8(id) << QString::fromUtf8(place)
                            << QString::fromUtf8(level);
    };
    row("no exp", "{}", "no-exp", "payload", "warning");
    row("no iat", "{}", "no-iat", "payload", "info");
    row("expired", R"({"exp":1699999999})", "expired", "payload/exp", "error");
    row("expired at its very second", R"({"exp":1700000000})", "expired", "payload/exp", "error");
    row("exp as string", R"({"exp":"1800000000"})", "exp-not-number", "payload/exp", "error");
    row("nbf as string", R"({"nbf":"1"})", "time-not-number", "payload/nbf", "error");
    row("a day and a second", R"({"exp":1700086401})", "long-life", "payload/exp", "warning");
    row("counted from iat", R"({"exp":1700000100,"iat":1699900000})", "long-life", "payload/exp",
        "warning");
    row("two years", R"({"exp":1763072000})", "exp-far-future", "payload/exp", "warning");
    row("beyond 64 bits", R"({"exp":18446744073709551617})", "exp-far-future", "payload/exp",
        "warning");
    row("milliseconds", R"({"exp":1700000001000})", "exp-looks-like-milliseconds", "payload/exp",
        "warning");
    row("nbf ahead", R"({"nbf":1700000001})", "nbf-future", "payload/nbf", "warning");
    row("nbf after exp", R"({"nbf":1700000300,"exp":1700000200})", "nbf-after-exp", "payload/nbf",
        "warning");
    row("iat ahead", R"({"iat":1700000001})", "iat-future", "payload/iat", "warning");
    row("iat after exp", R"({"iat":1699999000,"exp":1699998000})", "iat-after-exp", "payload/iat",
        "warning");
    row("aud not compared", R"({"aud":"x"})", "aud-not-checked", "payload/aud", "warning");
    row("the key claim", R"({"key":"jack-key"})", "key-claim", "payload/key", "info");
    row("mail address", R"({"mail":"jack@example.org"})", "private-data", "payload/mail",
        "warning");
    row("mail address, nested", R"({"user":{"contact":["jack@example.org"]}})", "private-data",
        "payload/user", "warning");
    row("phone number", R"({"tel":"+49 30 1234567"})", "private-data", "payload/tel", "warning");
    row("password", R"({"password":"hunter2"})", "secret-in-claim", "payload/password", "warning");
    row("token in a claim", R"({"act":"eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.QUJDREVGR0g"})",
        "nested-token", "payload/act", "warning");
    row("zero-width space", "{\"sub\":\"ad\u200bmin\"}", "invisible-characters", "payload/sub",
        "warning");
    row("right-to-left override", "{\"sub\":\"\u202enimda\"}", "invisible-characters",
        "payload/sub", "warning");
    row("Exp", R"({"Exp":1700000100})", "look-alike-claim", "payload/Exp", "warning");
    row("exp with a Cyrillic letter", "{\"\u0435xp\":1}", "look-alike-claim", "payload/\u0435xp",
        "warning");
    row("EdDSA", "{}", "alg-eddsa-deprecated", "header/alg", "warning", R"({"alg":"EdDSA"})");
    row("alg none", "{}", "alg-none", "header/alg", "error", R"({"alg":"none"})");
    row("alg nOnE", "{}", "alg-none", "header/alg", "error", R"({"alg":"nOnE"})");
    row("unknown alg", "{}", "alg-unknown", "header/alg", "error", R"({"alg":"HS257"})");
    row("jku", "{}", "remote-key-url", "header/jku", "warning", R"({"alg":"HS256","jku":"x"})");
    row("embedded key", "{}", "embedded-key", "header/jwk", "warning",
        R"({"alg":"ES256","jwk":{}})");
    row("kid with a path", "{}", "kid-suspicious", "header/kid", "warning",
        R"({"alg":"HS256","kid":"../../dev/null"})");
    row("kid with a quote", "{}", "kid-suspicious", "header/kid", "warning",
        R"({"alg":"HS256","kid":"x' UNION SELECT 'a"})");
    row("no kid", "{}", "no-kid", "header/kid", "info", R"({"alg":"RS256"})");
    row("crit unknown", "{}", "crit-unknown", "header/crit/0", "error",
        R"({"alg":"HS256","crit":["x"],"x":1})");
    row("zip", "{}", "zip-in-jws", "header/zip", "warning", R"({"alg":"HS256","zip":"DEF"})");
}

void tst_Lint::remarksOnClaimsAndHeader()
{
    QFETCH(QString, payload);
    QFETCH(QString, header);
    QFETCH(QString, id);
    QFETCH(QString, place);
    QFETCH(QString, level);
    const std::string token = tokenOf(payload.toStdString(), header.toStdString());
    const std::vector<LintFinding> findings = lint(token, {.now = kNow});
    const auto found = std::ranges::find(findings, id.toStdString(), &LintFinding::id);
    QVERIFY2(found != findings.end(), joined(lintIds(token, {.now = kNow})).c_str());
    QCOMPARE(QString::fromStdString(found->place), place);
    QCOMPARE(std::string(nameOf(found->level)), level.toStdString());
    QVERIFY(!found->text.empty());
}

void tst_Lint::remarksOnTokenText_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("id");
    const auto row = [](const char *name, const std::string &token, const char *id) {
        QTest::newRow(name) << QString::fromStdString(token) << QString::fromLatin1(id);
    };
    const std::string good = tokenOf(R"({"exp":1700000100})");
    row("nothing", "", "malformed");
    row("not a token", "hello world", "malformed");
    row("padded", good + "=", "non-canonical-base64");
    row("five parts", "eyJhbGciOiJkaXIifQ..a.b.c", "encrypted");
    row("unsigned", good.substr(0, good.rfind('.') + 1), "alg-none");
    row("claim twice", tokenOf(R"({"exp":1,"exp":2})"), "duplicate-claim");
    row("the others still look", tokenOf(R"({"a":1,"a":2})"), "no-exp");
    row("too deep", tokenOf(R"({"a":)" + std::string(200, '[') + std::string(200, ']') + "}"),
        "nested-too-deep");
    row("payload no object", tokenOf("[1]"), "malformed");
    row("over 4 KiB", tokenOf(std::format(R"({{"a":"{}"}})", std::string(4096, 'x'))),
        "large-token");
    row("over the limit", std::string(1 << 20, 'e'), "malformed");
}

void tst_Lint::remarksOnTokenText()
{
    QFETCH(QString, token);
    QFETCH(QString, id);
    const std::vector<std::string> ids = lintIds(token.toStdString(), {.now = kNow});
    QVERIFY2(has(ids, id.toStdString()), joined(ids).c_str());
}

void tst_Lint::remarksOnSecrets_data()
{
    QTest::addColumn<QString>("secret");
    QTest::addColumn<bool>("given");
    QTest::addColumn<QString>("id");
    const auto row = [](const char *name, const char *secret, bool given, const char *id) {
        QTest::newRow(name) << QString::fromLatin1(secret) << given << QString::fromLatin1(id);
    };
    row("sample secret found", "your-256-bit-secret", false, "sample-secret");
    row("a found secret's length is known", "your-256-bit-secret", false, "weak-secret");
    row("what the token says", "jack-key", false, "sample-secret");
    row("the algorithm's name", "HS256", false, "sample-secret");
    row("short", "jack-hs256-secret", true, "weak-secret");
    row("one character", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true, "weak-secret");
    row("a sequence", "1234567890123456789012345678901234567890", true, "weak-secret");
    row("few characters", "abababababababababababababababab", true, "guessable-secret");
    row("base64", "mZ8y2fQ0t5wq1cX7rD3nLk6vB9sJ4hG2eU8aYpT0iRo=", true, "secret-looks-base64");
    row("hexadecimal", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", true,
        "secret-looks-base64");
}

void tst_Lint::remarksOnSecrets()
{
    QFETCH(QString, secret);
    QFETCH(bool, given);
    QFETCH(QString, id);
    const std::string token = tokenOf(R"({"key":"jack-key","exp":1700000100})",
                                      R"({"alg":"HS256"})", secret.toStdString());
    const Key key = secretKey(secret.toStdString());
    const std::vector<std::string> ids =
        lintIds(token, {.now = kNow, .key = given ? &key : nullptr});
    QVERIFY2(has(ids, id.toStdString()), joined(ids).c_str());
}

void tst_Lint::saysNothingAboutAGoodToken()
{
    const std::string token = tokenOf(R"({"sub":"jack","iat":1699999990,"exp":1700000290})");
    const Key key = secretKey(kSecret);
    const std::vector<std::string> ids = lintIds(token, {.now = kNow, .key = &key});
    QVERIFY2(ids.empty(), joined(ids).c_str());
}

void tst_Lint::findsListedSecrets_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<bool>("found");
    QTest::newRow("as text") << QStringLiteral("a\nx7#Lq9!vT2@mW5$zR8%pK1^nB4&cJ6*d\nb") << true;
    QTest::newRow("CR LF line ends")
        << QStringLiteral("a\r\nx7#Lq9!vT2@mW5$zR8%pK1^nB4&cJ6*d\r\n") << true;
    QTest::newRow("as base64") << QStringLiteral("eDcjTHE5IXZUMkBtVzUkelI4JXBLMV5uQjQmY0o2KmQ=")
                               << true;
    QTest::newRow("as base64url without padding")
        << QStringLiteral("eDcjTHE5IXZUMkBtVzUkelI4JXBLMV5uQjQmY0o2KmQ") << true;
    QTest::newRow("as hexadecimal")
        << QStringLiteral("7837234c713921765432406d5735247a523825704b315e6e423426634a362a64")
        << true;
    QTest::newRow("not in it") << QStringLiteral("a\nb\n") << false;
    QTest::newRow("empty") << QString() << false;
}

void tst_Lint::findsListedSecrets()
{
    QFETCH(QString, list);
    QFETCH(bool, found);
    const SecretList secrets(list.toStdString());
    const std::vector<std::string> ids = lintIds(tokenOf("{}"), {.now = kNow, .secrets = &secrets});
    QVERIFY2(has(ids, "sample-secret") == found, joined(ids).c_str());
}

void tst_Lint::neverShowsAConfiguredSecret()
{
    const Key key = secretKey("a private but weak one");
    const SecretList secrets("a private but weak one\n");
    const std::string token = tokenOf("{}", R"({"alg":"HS256"})", "a private but weak one");
    for (const LintFinding &finding : lint(token, {.now = kNow, .key = &key, .secrets = &secrets}))
        QVERIFY2(!finding.text.contains("private but"), finding.text.c_str());
}

void tst_Lint::weakListIsFast()
{
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += std::format("candidate-{}\n", i * 7919);
    const SecretList secrets(std::move(text));
    const DecodedJws token = *decodeJws(tokenOf(R"({"key":"jack-key","exp":1700000100})"));
    CpuTimer timer;
    timer.start();
    QVERIFY(!findSecret(token, secrets));
    const qint64 elapsed = timer.elapsed();
    // 60 ms where it was written, much more with a sanitizer
    QVERIFY2(elapsed < 10'000, std::format("{} ms", elapsed).c_str());
    qInfo("100,000 secrets: %lld ms", static_cast<long long>(elapsed));
}

void tst_Lint::raisesWhatTheStrictnessVectorsName()
{
    const Json document = vectors::readJson("own/strictness.json");
    if (!document.isObject())
        QSKIP("own/strictness.json is not at hand");
    const std::int64_t now = *document.find("now")->asInteger();
    int checked = 0;
    for (const Json &testCase : document.find("cases")->items()) {
        const Json *wanted = testCase.find("lint");
        if (!wanted)
            continue;
        const Json *jwk = document.find("keys")->find(testCase.stringOr("key", ""));
        const Result<Key> key = jwk ? Key::fromJwk(*jwk) : Result<Key>(fail(Errc::KeyMissing));
        const std::vector<std::string> ids =
            lintIds(testCase.stringOr("token", ""), {.now = now, .key = key ? &*key : nullptr});
        for (const Json &id : wanted->items()) {
            QVERIFY2(has(ids, id.asString()),
                     std::format("{}: {} not in {}", testCase.stringOr("id", ""), id.asString(),
                                 joined(ids))
                         .c_str());
            ++checked;
        }
    }
    QVERIFY(checked >= 10);
}

QTEST_GUILESS_MAIN(tst_Lint)
#include "tst_lint.moc"
