// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/lint_fix.h"
#include "core/json/parse.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <string>

using namespace postern;

/// Each edit must take away the remark that it answers, and nothing else of the token.
class tst_LintFix : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesTheRemarkAway_data();
    void takesTheRemarkAway();
    void everyRuleWithAnEditIsTried();
    void saysNothingWhereItCannotKnow_data();
    void saysNothingWhereItCannotKnow();
    void keepsOrderAndNumbers();
};

namespace {

constexpr std::int64_t kNow = 1'700'000'000;

struct Case
{
    const char *rule, *header, *payload, *sentence;
    LintProfile profile = LintProfile::Strict;
};

const std::vector<Case> &cases()
{
    using enum LintProfile;
    constexpr auto kHs = R"({"alg":"HS256"})";
    static const std::vector<Case> all{
        {"no-exp", kHs, R"({"sub":"a"})", "set exp to 1 h from now"},
        {"exp-not-number", kHs, R"({"exp":"1700000100"})", "write exp as a number"},
        {"exp-not-number", kHs, R"({"exp":"2030-01-01T00:00:00Z"})",
         "write exp as a number of seconds"},
        {"time-not-number", kHs, R"({"nbf":"1"})", "write nbf as a number"},
        {"expired", kHs, R"({"exp":1699999000})", "set exp to 1 h from now"},
        {"expired", kHs, R"({"iat":1600000000,"exp":1600000060})", "set exp to 1 min from now"},
        {"long-life", kHs, R"({"iat":1699000000,"exp":1701000000})",
         "set iat to now and exp to 1 h from now"},
        {"exp-far-future", kHs, R"({"exp":1900000000})", "set exp to 1 h from now"},
        {"exp-looks-like-milliseconds", kHs, R"({"exp":1700000300000})", "write exp in seconds"},
        {"time-looks-like-milliseconds", kHs, R"({"iat":1699999990123})", "write iat in seconds"},
        {"nbf-future", kHs, R"({"nbf":1700000100})", "set nbf to now"},
        {"nbf-after-exp", kHs, R"({"nbf":1700000300,"exp":1700000200})", "take nbf away"},
        {"iat-future", kHs, R"({"iat":1700000100})", "set iat to now"},
        {"iat-after-exp", kHs, R"({"iat":1700000300,"exp":1700000200})", "set iat to now"},
        {"iat-after-exp", kHs, R"({"iat":1600000300,"exp":1600000200})", "take iat away"},
        {"no-iat", kHs, R"({"exp":1700000100})", "set iat to now"},
        {"no-key-claim", kHs, R"({"sub":"a"})", R"(add key "jack-key")", Apisix},
        {"no-key-claim", kHs, R"({"sub":"a"})", R"(add iss "jack-key")", Kong},
        {"key-claim", kHs, R"({"key":"jack-key"})", "call the claim key iss", Kong},
        {"alg-none", R"({"alg":"none"})", R"({"key":"k"})",
         "set alg to HS256, which the key is for"},
        {"alg-unknown", R"({"alg":"HS999"})", R"({"key":"k"})",
         "set alg to HS256, which the key is for"},
        {"alg-mismatch", R"({"alg":"Ed25519"})", R"({"key":"k"})",
         "set alg to HS256, which the key is for", Apisix},
        {"remote-key-url", R"({"alg":"HS256","jku":"https://x"})", R"({})", "take jku away"},
        {"embedded-key", R"({"alg":"HS256","jwk":{}})", R"({})", "take jwk away"},
        {"kid-suspicious", R"({"alg":"HS256","kid":"../../etc"})", R"({})", "take kid away"},
        {"zip-in-jws", R"({"alg":"HS256","zip":"DEF"})", R"({})", "take zip away"},
        {"private-data", kHs, R"({"mail":"jack@example.com"})", "take mail away"},
        {"secret-in-claim", kHs, R"({"user":{"password":"x"},"password":"x"})",
         "take password away"},
        {"nested-token", kHs, R"({"id":"eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.AAAA"})", "take id away"},
    };
    return all;
}

std::string tokenOf(const Json &header, const Json &payload)
{
    return encodeBase64Url(header.dump()) + '.' + encodeBase64Url(payload.dump()) + ".AAAA";
}

LintOptions optionsOf(LintProfile profile)
{
    return {.now = kNow, .profile = profile, .trySecrets = false};
}

std::vector<LintFinding> findingsOf(const Json &header, const Json &payload, LintProfile profile,
                                    std::string_view rule)
{
    std::vector<LintFinding> all = lint(tokenOf(header, payload), optionsOf(profile));
    std::erase_if(all, [rule](const LintFinding &one) { return one.id != rule; });
    return all;
}

LintFixContext contextOf(LintProfile profile)
{
    return {.now = kNow, .profile = profile, .algorithm = "HS256", .keyClaim = "jack-key"};
}

} // namespace

void tst_LintFix::takesTheRemarkAway_data()
{
    QTest::addColumn<int>("number");
    for (std::size_t i = 0; i < cases().size(); ++i)
        QTest::addRow("%s: %s", cases()[i].rule, cases()[i].sentence) << static_cast<int>(i);
}

void tst_LintFix::takesTheRemarkAway()
{
    QFETCH(const int, number);
    const Case &it = cases()[static_cast<std::size_t>(number)];
    const Json header = parseJson(it.header).value(), payload = parseJson(it.payload).value();
    const auto before = findingsOf(header, payload, it.profile, it.rule);
    QVERIFY2(!before.empty(), "the token of the row does not call for the remark");
    const auto fix = fixFor(before.front(), header, payload, contextOf(it.profile));
    QVERIFY(fix);
    QCOMPARE(fix->sentence, std::string(it.sentence));
    QVERIFY(fix->header != header || fix->payload != payload);
    const auto after = findingsOf(fix->header, fix->payload, it.profile, it.rule);
    QCOMPARE(after.size(), before.size() - 1);
}

void tst_LintFix::everyRuleWithAnEditIsTried()
{
    std::set<std::string_view> tried, known;
    for (const Case &one : cases())
        tried.insert(one.rule);
    for (const LintRule &rule : lintRules())
        known.insert(rule.id);
    for (const std::string_view rule : fixableRules()) {
        QVERIFY2(tried.contains(rule), std::string(rule).c_str());
        QVERIFY2(known.contains(rule), std::string(rule).c_str());
    }
}

void tst_LintFix::saysNothingWhereItCannotKnow_data()
{
    QTest::addColumn<QByteArray>("rule");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("place");
    const auto row = [](const char *name, const char *rule, const char *header, const char *payload,
                        const char *place) {
        QTest::newRow(name) << QByteArray(rule) << QByteArray(header) << QByteArray(payload)
                            << QByteArray(place);
    };
    row("no edit for that rule", "weak-secret", R"({"alg":"HS256"})", R"({})", "key");
    row("a text that is no time", "exp-not-number", R"({"alg":"HS256"})", R"({"exp":"soon"})",
        "payload/exp");
    row("a distance from nobody knows when", "exp-not-number", R"({"alg":"HS256"})",
        R"({"exp":"+1h"})", "payload/exp");
    row("no key of which the algorithm were known", "alg-none", R"({"alg":"none"})", R"({})",
        "header/alg");
    row("no key that a claim could name", "no-key-claim", R"({"alg":"HS256"})", R"({})", "payload");
    row("a payload that is no object", "no-exp", R"({"alg":"HS256"})", "[1]", "payload");
}

void tst_LintFix::saysNothingWhereItCannotKnow()
{
    QFETCH(const QByteArray, rule);
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, payload);
    QFETCH(const QByteArray, place);
    const std::string id = rule.toStdString();
    const LintFinding finding{id, LintLevel::Warning, "", place.toStdString()};
    QVERIFY(!fixFor(
        finding, parseJson(header.toStdString()).value(), parseJson(payload.toStdString()).value(),
        {.now = kNow, .profile = LintProfile::Apisix, .algorithm = {}, .keyClaim = {}}));
}

void tst_LintFix::keepsOrderAndNumbers()
{
    const Json payload =
        parseJson(R"({"big":18446744073709551617,"exp":1700000300000,"z":1.0,"a":1})").value();
    const auto fix = fixFor({"exp-looks-like-milliseconds", LintLevel::Warning, "", "payload/exp"},
                            parseJson(R"({"alg":"HS256"})").value(), payload, contextOf({}));
    QVERIFY(fix);
    QCOMPARE(fix->payload.dump(),
             std::string(R"({"big":18446744073709551617,"exp":1700000300,"z":1.0,"a":1})"));
}

QTEST_GUILESS_MAIN(tst_LintFix)
#include "tst_lint_fix.moc"
