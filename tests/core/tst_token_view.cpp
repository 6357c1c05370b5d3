// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_view.h"

#include "core/bytes/encoding.h"
#include "core/jose/claim_names.h"
#include "core/jose/jwt.h"
#include "tests/support/cpu_timer.h"

#include <QTest>

#include <format>

using namespace postern;

class tst_TokenView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsTheShape_data();
    void tellsTheShape();
    void marksTheCharacter_data();
    void marksTheCharacter();
    void showsWhatStandsBeforeAFault();
    void describesEncryptedTokens();
    void namesSdJwtAndItsDisclosures();
    void hostileInputIsAnsweredWithAPlace_data();
    void hostileInputIsAnsweredWithAPlace();
    void explainsClaimsOfTheIssuersVendor();
};

namespace {

std::string part(std::string_view text) { return encodeBase64Url(text); }
const std::string kHeader = part(R"({"alg":"HS256"})");
const std::string kPayload = part(R"({"sub":"a"})");

} // namespace

void tst_TokenView::tellsTheShape_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("shape");
    QTest::newRow("compact") << kHeader + '.' + kPayload + ".AA" << std::string("jws");
    QTest::newRow("unsecured") << part(R"({"alg":"none"})") + '.' + kPayload + '.'
                               << std::string("jws");
    QTest::newRow("payload is no JSON")
        << kHeader + '.' + part("text") + ".AA" << std::string("jws");
    QTest::newRow("five parts") << part(R"({"alg":"dir","enc":"A128GCM"})") + ".AA.AA.AA.AA"
                                << std::string("jwe");
    QTest::newRow("JWE in JSON form")
        << std::string(R"({"ciphertext":"AA","header":{"alg":"dir"}})") << std::string("jwe");
    QTest::newRow("JWS in JSON form")
        << std::format(R"({{"payload":"e30","protected":"{}","signature":"AA"}})", kHeader)
        << std::string("jws-json");
    QTest::newRow("two parts") << kHeader + '.' + kPayload << std::string("partial");
    QTest::newRow("only the header") << kHeader << std::string("partial");
    QTest::newRow("padding") << kHeader + "=." + kPayload + ".AA" << std::string("partial");
    QTest::newRow("empty") << std::string() << std::string("none");
    QTest::newRow("a word") << std::string("nonsense") << std::string("none");
}

void tst_TokenView::tellsTheShape()
{
    QFETCH(const std::string, text);
    QFETCH(const std::string, shape);
    QCOMPARE(std::string(nameOf(viewToken(text).shape)), shape);
}

void tst_TokenView::marksTheCharacter_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<Errc>("code");
    QTest::addColumn<int>("offset");
    QTest::newRow("foreign character") << std::string("eyJ*.e30.AA") << Errc::Base64 << 3;
    QTest::newRow("in the payload")
        << kHeader + ".e3 0.AA" << Errc::Base64 << static_cast<int>(kHeader.size()) + 3;
    QTest::newRow("unused bits") << kHeader + ".e30.AB" << Errc::Base64
                                 << static_cast<int>(kHeader.size()) + 6;
    // {"a" 1}: the fault is octet 5, which stands in characters 6 and 7
    QTest::newRow("JSON in the header") << part(R"({"a" 1})") + ".e30.AA" << Errc::Json << 6;
    QTest::newRow("too few parts") << std::string("eyJ9.e30") << Errc::TokenSegments << 8;
}

void tst_TokenView::marksTheCharacter()
{
    QFETCH(const std::string, text);
    QFETCH(const Errc, code);
    QFETCH(const int, offset);
    const TokenView view = viewToken(text);
    for (const TokenFault &fault : view.faults) {
        if (fault.error.code != code)
            continue;
        QVERIFY(fault.offset.has_value());
        QCOMPARE(static_cast<int>(*fault.offset), offset);
        return;
    }
    QFAIL("no such fault");
}

void tst_TokenView::showsWhatStandsBeforeAFault()
{
    const std::string payload = part(R"({"sub":"alice","admin":true})");
    const TokenView view = viewToken(kHeader + '.' + payload.substr(0, 20) + '*' + ".AA");
    QCOMPARE(std::string(view.payloadText()), std::string(R"({"sub":"alice",)"));
    QVERIFY(view.header.isObject());
}

void tst_TokenView::describesEncryptedTokens()
{
    const TokenView view =
        viewToken(part(R"({"alg":"PBES2-HS256+A128KW","enc":"A128GCM","zip":"DEF","p2c":2000000})")
                  + ".AAAA.AAAA.AAAAAA.AAAA");
    QCOMPARE(view.shape, TokenShape::Jwe);
    QCOMPARE(view.jwe.family, std::string("a password"));
    QCOMPARE(view.jwe.zip, std::string("DEF"));
    QCOMPARE(view.jwe.remarks.size(), std::size_t{2});
    QVERIFY(view.jwe.remarks.back().contains("more than the 1200000"));
    QCOMPARE(view.parts[3].octets.size(), std::size_t{4});
    // RFC 8725 bis: an encrypted token never counts as verified.
    const JwtVerdict verdict =
        verifyToken(view.text, {.keys = {*Key::generate(Alg::HS256)}}, {}, 0);
    QVERIFY(!verdict.valid);
    QCOMPARE(verdict.decisive()->reason, Errc::TokenEncrypted);
}

void tst_TokenView::namesSdJwtAndItsDisclosures()
{
    const TokenView view =
        viewToken(kHeader + '.' + kPayload + ".AA~" + part(R"(["salt","name","Ann"])") + '~');
    QVERIFY(view.isSdJwt);
    QCOMPARE(view.disclosures.size(), std::size_t{1});
    QCOMPARE(view.disclosures.front(), std::string(R"(["salt","name","Ann"])"));
    QVERIFY(view.header.isObject());
}

void tst_TokenView::hostileInputIsAnsweredWithAPlace_data()
{
    QTest::addColumn<std::string>("token");
    QTest::addColumn<Errc>("code");
    std::string duplicates = "{";
    for (int i = 1; i < 10'000; ++i)
        duplicates += "\"a\":1,";
    duplicates += "\"a\":1}";
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    QTest::newRow("1 MB token") << kHeader + '.' + std::string(1'000'000, 'A') + ".AA"
                                << Errc::LimitExceeded;
    QTest::newRow("JSON 100000 deep in the payload")
        << kHeader + '.' + part(deep.substr(0, 90'000)) + ".AA" << Errc::JsonDepth;
    QTest::newRow("JSON 100000 deep: the token is too long")
        << kHeader + '.' + part(deep) + ".AA" << Errc::LimitExceeded;
    QTest::newRow("10000 duplicate members")
        << kHeader + '.' + part(duplicates) + ".AA" << Errc::JsonDuplicateMember;
    QTest::newRow("invalid UTF-8 in the header")
        << part("{\"alg\":\"\xff\"}") + ".e30.AA" << Errc::Utf8;
    QTest::newRow("NUL byte in the header")
        << part(std::string_view("{\"alg\":\0}", 9)) + ".e30.AA" << Errc::Json;
    QTest::newRow("NUL byte behind the token")
        << kHeader + '.' + kPayload + ".AA" + '\0' << Errc::Base64;
    QTest::newRow("JSON 100000 deep, as a JSON form")
        << "{\"signatures\":" + deep + '}' << Errc::JsonDepth;
    QTest::newRow("only dots") << std::string(200'000, '.') << Errc::TokenSegments;
}

void tst_TokenView::hostileInputIsAnsweredWithAPlace()
{
    QFETCH(const std::string, token);
    QFETCH(const Errc, code);
    CpuTimer timer;
    timer.start();
    const TokenView view = viewToken(token);
    JwtPolicy policy;
    policy.explain = false;
    const JwtVerdict verdict = verifyToken(
        token,
        {.keys = {*Key::fromSecret(Secret(std::string_view("0123456789abcdef0123456789abcdef")))}},
        policy, 0);
#ifdef NDEBUG
    QVERIFY2(timer.elapsed() < 1000, std::to_string(timer.elapsed()).c_str());
#endif
    QVERIFY(!verdict.valid);
    const auto found = std::ranges::find_if(
        view.faults, [&](const TokenFault &fault) { return fault.error.code == code; });
    QVERIFY(found != view.faults.end());
    QVERIFY(found->offset || !found->error.where.empty() || code == Errc::LimitExceeded);
}

void tst_TokenView::explainsClaimsOfTheIssuersVendor()
{
    const auto has = [](const Json &payload, std::string_view name) {
        return std::ranges::contains(meaningsOf(payload), name, &ClaimMeaning::name);
    };
    const Json entra = Json::object(
        {{"iss", "https://login.microsoftonline.com/x/v2.0"}, {"oid", "1"}, {"sub", "a"}});
    QVERIFY(has(entra, "oid") && has(entra, "sub"));
    QVERIFY(!has(Json::object({{"iss", "https://example.org"}, {"oid", "1"}}), "oid"));
}

QTEST_GUILESS_MAIN(tst_TokenView)
#include "tst_token_view.moc"
