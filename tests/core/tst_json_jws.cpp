// SPDX-License-Identifier: Apache-2.0
#include "core/jose/json_jws.h"

#include "core/bytes/encoding.h"
#include "core/jose/jwt.h"
#include "core/jose/key_selection.h"

#include <QTest>

#include <array>

using namespace postern;

class tst_JsonJws : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void severalKeysSignOnePayload();
    void flattenedKeepsTheUnprotectedHeader();
    void detachedPayloadsAreGivenApart();
    void unencodedPayloadsAreSignedAsTheyAre();
    void refuses_data();
    void refuses();
    void oneWrongSignatureOfATrustedKeySpoilsAll();
    void strangersSignaturesArePassedOver();
    void compactFollowsRfc7797_data();
    void compactFollowsRfc7797();
};

namespace {

const std::string kSecret = "0123456789abcdef0123456789abcdef";

Key secretKey(std::string_view secret = kSecret) { return *Key::fromSecret(Secret(secret)); }

JsonSigner signer(Alg alg, const Key &key, std::string header = {})
{
    if (header.empty())
        header = std::format(R"({{"alg":"{}"}})", info(alg).name);
    return {.key = key, .alg = alg, .protectedText = std::move(header)};
}

JwtVerdict verify(const std::string &token, const std::vector<Key> &keys,
                  std::optional<std::string> detached = {})
{
    JwtPolicy policy;
    policy.kind = TokenKind::Jws;
    policy.detached = std::move(detached);
    policy.explain = false;
    KeySet set;
    for (const Key &key : keys)
        (void)set.add(key);
    return verifyToken(token, trustSet(std::move(set)), policy, 0);
}

} // namespace

void tst_JsonJws::severalKeysSignOnePayload()
{
    const std::array keys = {*Key::generate(Alg::ES256), *Key::generate(Alg::Ed25519), secretKey()};
    const std::string payload("octets\r\n\0kept", 13);
    const std::array signers = {signer(Alg::ES256, keys[0]), signer(Alg::Ed25519, keys[1]),
                                signer(Alg::HS256, keys[2])};
    const Result<Json> form = signJsonJws(payload, signers, false);
    QVERIFY(form.has_value());
    QCOMPARE(form->find("signatures")->size(), std::size_t{3});
    const Result<JsonJws> decoded = decodeJsonJws(form->dump());
    QVERIFY(decoded.has_value());
    QCOMPARE(decoded->payloadText, payload);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t j = 0; j < keys.size(); ++j)
            QCOMPARE(verifySignature(decoded->signatures[i].jws, keys[j]).has_value(), i == j);
    }
    QVERIFY(verify(form->dump(), {keys.begin(), keys.end()}).valid);
}

void tst_JsonJws::flattenedKeepsTheUnprotectedHeader()
{
    JsonSigner one = signer(Alg::HS256, secretKey());
    one.unprotected = Json::object({{"kid", "k1"}});
    const Result<Json> form = signJsonJws("{}", std::array{one}, true);
    QVERIFY(form.has_value());
    QVERIFY(!form->contains("signatures"));
    const Result<JsonJws> decoded = decodeJsonJws(form->dump());
    QVERIFY(decoded.has_value());
    QVERIFY(decoded->flattened);
    QCOMPARE(decoded->signatures.front().jws.kid, std::string("k1"));
    QVERIFY(verifySignature(decoded->signatures.front().jws, secretKey()).has_value());
}

void tst_JsonJws::detachedPayloadsAreGivenApart()
{
    const Result<Json> form =
        signJsonJws("payload", std::array{signer(Alg::HS256, secretKey())}, true, true);
    QVERIFY(form.has_value());
    QVERIFY(!form->contains("payload"));
    QVERIFY(verify(form->dump(), {secretKey()}, "payload").valid);
    QVERIFY(!verify(form->dump(), {secretKey()}, "payloaD").valid);
    QVERIFY(!verify(form->dump(), {secretKey()}).valid);
}

void tst_JsonJws::unencodedPayloadsAreSignedAsTheyAre()
{
    const JsonSigner raw =
        signer(Alg::HS256, secretKey(), R"({"alg":"HS256","b64":false,"crit":["b64"]})");
    const Result<Json> form = signJsonJws("$.02 \"quoted\"", std::array{raw}, true);
    QVERIFY(form.has_value());
    QCOMPARE(form->stringOr("payload", ""), std::string_view("$.02 \"quoted\""));
    QVERIFY(verify(form->dump(), {secretKey()}).valid);
    // All must agree. RFC 7797 3.
    QVERIFY(!signJsonJws("x", std::array{raw, signer(Alg::HS256, secretKey())}, false));
    QVERIFY(!signJsonJws("\xff", std::array{raw}, true));
    QVERIFY(signJsonJws("\xff", std::array{raw}, true, true).has_value());
}

void tst_JsonJws::refuses_data()
{
    QTest::addColumn<std::string>("form");
    QTest::addColumn<Errc>("code");
    const std::string header = encodeBase64Url(R"({"alg":"HS256"})");
    const auto flat = [&](std::string_view more) {
        return std::format(R"({{"payload":"e30","protected":"{}","signature":"AA"{}}})", header,
                           more);
    };
    QTest::newRow("trailing bytes") << flat("") + "x" << Errc::Json;
    QTest::newRow("a member twice") << flat(R"(,"payload":"e30")") << Errc::JsonDuplicateMember;
    QTest::newRow("RFC 7515 7.2.2: signature beside signatures")
        << flat(R"(,"signatures":[])") << Errc::TokenShape;
    QTest::newRow("no signature") << std::string(R"({"payload":"e30"})") << Errc::SignatureMissing;
    QTest::newRow("no signatures")
        << std::string(R"({"payload":"e30","signatures":[]})") << Errc::SignatureMissing;
    QTest::newRow("RFC 7515 7.2.1: a member in both headers")
        << flat(R"(,"header":{"alg":"HS256"})") << Errc::HeaderNotDisjoint;
    QTest::newRow("RFC 7515 4.1.11: crit unprotected")
        << flat(R"(,"header":{"crit":["b64"]})") << Errc::CritInvalid;
    QTest::newRow("RFC 7797 3: b64 unprotected")
        << flat(R"(,"header":{"b64":false})") << Errc::CritInvalid;
    QTest::newRow("payload is a number")
        << std::format(R"({{"payload":1,"protected":"{}","signature":"AA"}})", header)
        << Errc::TokenShape;
    QTest::newRow("padding in the payload")
        << std::format(R"({{"payload":"e30=","protected":"{}","signature":"AA"}})", header)
        << Errc::Base64;
    QTest::newRow("JWE in JSON form")
        << std::string(R"({"ciphertext":"AA"})") << Errc::TokenEncrypted;
    std::string many = R"({"payload":"e30","signatures":[)";
    for (int i = 0; i < 17; ++i)
        many += std::format(R"({}{{"protected":"{}","signature":"AA"}})", i ? "," : "", header);
    QTest::newRow("limit: 17 signatures") << many + "]}" << Errc::LimitExceeded;
}

void tst_JsonJws::refuses()
{
    QFETCH(const std::string, form);
    QFETCH(const Errc, code);
    const Result<JsonJws> decoded = decodeJsonJws(form);
    QVERIFY(!decoded);
    QVERIFY2(decoded.error().code == code, describe(decoded.error()).c_str());
    QVERIFY(!verify(form, {secretKey()}).valid);
}

void tst_JsonJws::oneWrongSignatureOfATrustedKeySpoilsAll()
{
    const Key ec = *Key::generate(Alg::ES256);
    const std::array signers = {signer(Alg::HS256, secretKey()), signer(Alg::ES256, ec)};
    Json form = *signJsonJws("payload", signers, false);
    QVERIFY(verify(form.dump(), {secretKey(), ec}).valid);
    form.find("signatures")->items()[0].set("signature", encodeBase64Url(std::string(32, 'x')));
    QVERIFY(!verify(form.dump(), {secretKey(), ec}).valid);
}

void tst_JsonJws::strangersSignaturesArePassedOver()
{
    const Key ec = *Key::generate(Alg::ES256);
    const std::array signers = {signer(Alg::HS256, secretKey()), signer(Alg::ES256, ec)};
    const std::string form = signJsonJws("payload", signers, false)->dump();
    QVERIFY(verify(form, {ec}).valid);
    const JwtVerdict none = verify(form, {*Key::generate(Alg::Ed25519)});
    QVERIFY(!none.valid);
    QCOMPARE(none.decisive()->reason, Errc::KeyMissing);
}

void tst_JsonJws::compactFollowsRfc7797_data()
{
    QTest::addColumn<std::string>("payload");
    QTest::addColumn<bool>("detached");
    QTest::addColumn<bool>("possible");
    QTest::newRow("inside") << std::string("This is the payload string!") << false << true;
    QTest::newRow("5.2: a dot inside") << std::string("$.02") << false << false;
    QTest::newRow("a dot, detached") << std::string("$.02") << true << true;
    QTest::newRow("any octets, detached") << std::string("\xff\0.", 3) << true << true;
}

void tst_JsonJws::compactFollowsRfc7797()
{
    QFETCH(const std::string, payload);
    QFETCH(const bool, detached);
    QFETCH(const bool, possible);
    const Result<std::string> token = signJws(R"({"alg":"HS256","b64":false,"crit":["b64"]})",
                                              payload, Alg::HS256, secretKey(), false, detached);
    QCOMPARE(token.has_value(), possible);
    if (!possible)
        return;
    JwsReading reading{.jwt = false};
    if (detached)
        reading.detached = payload;
    const Result<DecodedJws> verified = verifyJws(*token, secretKey(), {}, reading);
    QVERIFY2(verified.has_value(), describe(verified.error_or(Error{})).c_str());
    QCOMPARE(verified->payloadText, payload);
    // 7: never in a JWT.
    QVERIFY(!decodeJws(*token));
}

QTEST_GUILESS_MAIN(tst_JsonJws)
#include "tst_json_jws.moc"
