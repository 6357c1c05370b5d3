// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jws.h"

#include "core/bytes/encoding.h"
#include "core/crypto/handle.h"
#include "core/jose/ecdsa.h"
#include "core/jose/hints.h"
#include "core/jose/key_data.h"
#include "core/jose/signature.h"
#include "tests/core/jose_samples.h"

#include <openssl/rsa.h>

#include <QTest>

#include <algorithm>
#include <vector>

using namespace postern;

class tst_Jws : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refusesMalformedTokens_data();
    void refusesMalformedTokens();
    void splitsIntoViews();
    void keepsTheOctetsAsSigned();
    void inspectsWhatCanBeDecoded();
    void refusesAlgorithms_data();
    void refusesAlgorithms();
    void refusesAnotherKid();
    void signsTheBytesGiven();
    void explainsMisreadSecrets_data();
    void explainsMisreadSecrets();
    void explainsMisusedKeys();
    void explainsNothingForARandomSignature();
};

namespace {

const std::string kSecret = "0123456789abcdef0123456789abcdef";

Key secretKey(std::string_view secret) { return *Key::fromSecret(Secret(secret)); }

std::string tokenOf(std::string_view header, std::string_view payload = "{}",
                    std::string_view secret = kSecret)
{
    return *signJws(header, payload, Alg::HS256, secretKey(secret), true);
}

bool mentions(const std::vector<std::string> &hints, std::string_view words)
{
    return std::ranges::any_of(hints,
                               [&](const std::string &hint) { return hint.contains(words); });
}

} // namespace

void tst_Jws::refusesMalformedTokens_data()
{
    QTest::addColumn<std::string>("token");
    QTest::addColumn<Errc>("code");
    const std::string good = tokenOf(R"({"alg":"HS256"})");
    const auto raw = [](std::string_view header) { return encodeBase64Url(header) + ".e30.AA"; };
    QTest::newRow("empty") << std::string() << Errc::TokenSegments;
    QTest::newRow("one part") << std::string("abc") << Errc::TokenSegments;
    QTest::newRow("two parts") << std::string("abc.def") << Errc::TokenSegments;
    QTest::newRow("four parts") << std::string("a.b.c.d") << Errc::TokenSegments;
    QTest::newRow("RFC 7516: five parts are JWE")
        << std::string("a.b.c.d.e") << Errc::TokenEncrypted;
    QTest::newRow("no header") << std::string(".e30.AA") << Errc::TokenSegments;
    QTest::newRow("JSON form") << std::string(R"({"payload":"e30"})") << Errc::TokenNotCompact;
    QTest::newRow("leading blank") << ' ' + good << Errc::TokenCharacters;
    QTest::newRow("line break behind") << good + '\n' << Errc::TokenCharacters;
    QTest::newRow("NUL behind") << good + '\0' << Errc::TokenCharacters;
    QTest::newRow("padding") << good + '=' << Errc::Base64;
    QTest::newRow("RFC 9901: tilde") << good + '~' << Errc::TokenCharacters;
    QTest::newRow("Bearer pasted along") << "Bearer " + good << Errc::TokenCharacters;
    QTest::newRow("length 1 mod 4") << std::string("eyJhbGciOiJIUzI1NiJ9.e30.A") << Errc::Base64;
    QTest::newRow("unused bits set") << std::string("eyJhbGciOiJIUzI1NiJ9.e30.AB") << Errc::Base64;
    QTest::newRow("header is an array") << raw("[]") << Errc::HeaderNotObject;
    QTest::newRow("header with a BOM") << raw("\xef\xbb\xbf{}") << Errc::Json;
    QTest::newRow("header with trailing bytes") << raw("{}x") << Errc::Json;
    QTest::newRow("header member twice, escaped")
        << raw(R"({"alg":"HS256","\u0061lg":"none"})") << Errc::JsonDuplicateMember;
    QTest::newRow("typ is a number") << raw(R"({"alg":"HS256","typ":1})") << Errc::TypType;
    QTest::newRow("kid is a number") << raw(R"({"alg":"HS256","kid":1})") << Errc::KidType;
    QTest::newRow("kid too long") << raw(R"({"alg":"HS256","kid":")" + std::string(1025, 'k')
                                         + "\"}")
                                  << Errc::LimitExceeded;
    QTest::newRow("token too long") << good + std::string(300'000, 'A') << Errc::LimitExceeded;
    QTest::newRow("RFC 7515 4.1.11: empty crit")
        << raw(R"({"alg":"HS256","crit":[]})") << Errc::CritInvalid;
    QTest::newRow("crit is a string")
        << raw(R"({"alg":"HS256","crit":"exp"})") << Errc::CritInvalid;
    QTest::newRow("crit names a base member")
        << raw(R"({"alg":"HS256","crit":["alg"]})") << Errc::CritInvalid;
    QTest::newRow("crit names what is absent")
        << raw(R"({"alg":"HS256","crit":["x"]})") << Errc::CritInvalid;
    QTest::newRow("crit not understood")
        << raw(R"({"alg":"HS256","crit":["x"],"x":1})") << Errc::Crit;
    QTest::newRow("crit names b64 twice")
        << raw(R"({"alg":"HS256","crit":["b64","b64"],"b64":true})") << Errc::CritInvalid;
    QTest::newRow("RFC 7797: b64 false")
        << raw(R"({"alg":"HS256","crit":["b64"],"b64":false})") << Errc::B64InJwt;
    QTest::newRow("b64 as a string")
        << raw(R"({"alg":"HS256","crit":["b64"],"b64":"true"})") << Errc::B64Type;
}

void tst_Jws::refusesMalformedTokens()
{
    QFETCH(const std::string, token);
    QFETCH(const Errc, code);
    const std::vector<char> exact(token.begin(), token.end());
    const Result<DecodedJws> jws = decodeJws({exact.data(), exact.size()});
    QVERIFY(!jws);
    QVERIFY2(jws.error().code == code, describe(jws.error()).c_str());
}

void tst_Jws::splitsIntoViews()
{
    const std::string token = "aa.bbb.cccc";
    const Result<CompactParts> parts = splitCompact(token);
    QCOMPARE(parts->header, std::string_view("aa"));
    QCOMPARE(parts->payload, std::string_view("bbb"));
    QCOMPARE(parts->signature, std::string_view("cccc"));
    QCOMPARE(parts->signingInput, std::string_view("aa.bbb"));
    QCOMPARE(parts->header.data(), token.data());
    QCOMPARE(splitCompact("ab c.d.e").error().detail, std::string("byte 0x20 at offset 2"));
}

void tst_Jws::keepsTheOctetsAsSigned()
{
    const std::string payload = "{ \"z\": 1.0,\r\n \"a\": 18446744073709551617 }";
    const Result<DecodedJws> jws =
        verifyJws(tokenOf("{ \"alg\" : \"HS256\" }", payload), secretKey(kSecret));
    QVERIFY(jws.has_value());
    QCOMPARE(jws->payloadText, payload);
    QCOMPARE(jws->headerText, std::string("{ \"alg\" : \"HS256\" }"));
}

void tst_Jws::inspectsWhatCanBeDecoded()
{
    const InspectedJws none = inspectJws("eyJhbGciOiJub25lIn0.e30.");
    QVERIFY(none.findings.empty());
    QCOMPARE(none.token.alg, std::string("none"));
    const InspectedJws broken = inspectJws("W10.e30.A");
    QCOMPARE(broken.findings.size(), std::size_t{2}); // header is no object, signature no base64
    QCOMPARE(broken.token.payloadText, std::string("{}"));
    QCOMPARE(inspectJws("x").findings.front().code, Errc::TokenSegments);
}

void tst_Jws::refusesAlgorithms_data()
{
    QTest::addColumn<std::string>("header");
    QTest::addColumn<Errc>("code");
    const auto row = [](const char *header, Errc code) {
        QTest::newRow(header) << std::string(header) << code;
    };
    row(R"({})", Errc::AlgMissing);
    row(R"({"alg":256})", Errc::AlgType);
    row(R"({"alg":"none"})", Errc::AlgNone);
    row(R"({"alg":"NoNe"})", Errc::AlgNone);
    row(R"({"alg":"n\u006fne"})", Errc::AlgNone);
    row(R"({"alg":"hs256"})", Errc::AlgUnknown);
    row(R"({"alg":"HS256 "})", Errc::AlgUnknown);
    row(R"({"alg":"HS384"})", Errc::AlgNotAllowed);
    row(R"({"alg":"RS256"})", Errc::AlgNotAllowed);
}

void tst_Jws::refusesAlgorithms()
{
    QFETCH(const std::string, header);
    QFETCH(const Errc, code);
    const Result<DecodedJws> jws =
        verifyJws(tokenOf(header), secretKey(kSecret), {Alg::HS256, Alg::HS512});
    QVERIFY(!jws);
    QVERIFY2(jws.error().code == code, describe(jws.error()).c_str());
    // The MAC is right, so without the check each of these would pass as HS256.
    QVERIFY(verifyJws(tokenOf(R"({"alg":"HS256"})"), secretKey(kSecret), {Alg::HS256}));
}

void tst_Jws::refusesAnotherKid()
{
    const Json jwk =
        Json::object({{"kty", "oct"}, {"kid", "one"}, {"k", encodeBase64Url(kSecret)}});
    const Key key = *Key::fromJwk(jwk);
    QVERIFY(verifyJws(tokenOf(R"({"alg":"HS256","kid":"one"})"), key).has_value());
    QVERIFY(verifyJws(tokenOf(R"({"alg":"HS256"})"), key).has_value());
    QCOMPARE(verifyJws(tokenOf(R"({"alg":"HS256","kid":"two"})"), key).error().code,
             Errc::KidMismatch);
}

void tst_Jws::signsTheBytesGiven()
{
    QCOMPARE(*signJws(R"({"alg":"HS256","typ":"JWT"})", R"({"key":"jack-key","nbf":1729132271})",
                      Alg::HS256, secretKey("jack-hs256-secret"), true),
             samples::T8);
}

void tst_Jws::explainsMisreadSecrets_data()
{
    QTest::addColumn<std::string>("signedWith");
    QTest::addColumn<std::string>("configured");
    QTest::addColumn<std::string>("words");
    const std::string secret = "a secret of some length";
    const std::string base64 = encodeBase64(secret);
    const auto row = [](const char *name, std::string signer, std::string configured,
                        std::string words) {
        QTest::newRow(name) << signer << configured << words;
    };
    row("configured text is base64", secret, base64, "taken as base64:");
    row("configured text is base64url", "\xff\xfe\xfdxyz", encodeBase64Url("\xff\xfe\xfdxyz"),
        "taken as base64url");
    row("configured text is hex", secret, encodeHex(secret), "taken as hexadecimal");
    row("signer used the base64 text", base64, secret, "the base64 text of this secret");
    row("signer used the hex text", encodeHex(secret), secret, "the hexadecimal text");
    row("signer had a trailing newline", secret + "\n", secret, "line break behind the secret");
    row("configured with a trailing newline", secret, secret + "\n", "without the blanks");
    row("configured with quotes", secret, "\"" + secret + "\"", "without the quotes");
    row("signer had quotes", "\"" + secret + "\"", secret, "with quotes around");
    row("sample secret", "your-256-bit-secret", secret,
        "well-known sample secret \"your-256-bit-secret\"");
}

void tst_Jws::explainsMisreadSecrets()
{
    QFETCH(const std::string, signedWith);
    QFETCH(const std::string, configured);
    QFETCH(const std::string, words);
    const DecodedJws jws = *decodeJws(tokenOf(R"({"alg":"HS256"})", "{}", signedWith));
    const std::vector<std::string> hints = explainMismatch(jws, secretKey(configured));
    QVERIFY2(mentions(hints, words), hints.empty() ? "no hint" : hints.front().c_str());
    QVERIFY(mentions(explainMismatch(jws, std::string_view(configured)), words));
    QVERIFY(!mentions(hints, configured)); // the configured secret is never shown
}

void tst_Jws::explainsMisusedKeys()
{
    // The public key's text as HMAC secret.
    const Key rsa = *Key::fromPem(samples::kPublicKeyPem);
    const DecodedJws confused = *decodeJws(tokenOf(R"({"alg":"HS256"})", "{}", *rsa.toPem(false)));
    QVERIFY(mentions(explainMismatch(confused, rsa), "algorithm confusion"));

    // DER and swapped halves.
    const Key ec = *Key::fromPem(*Key::generate(Alg::ES256)->toPem(true));
    DecodedJws es = *decodeJws(*signJws(R"({"alg":"ES256"})", "{}", Alg::ES256, ec));
    const std::string raw = es.signature;
    const EcdsaDer der = ecdsaToDer(raw);
    es.signature.assign(reinterpret_cast<const char *>(der.octets.data()), der.size);
    QVERIFY(mentions(explainMismatch(es, ec), "fits, but is written as DER"));
    es.signature = raw.substr(32) + raw.substr(0, 32);
    QVERIFY(mentions(explainMismatch(es, ec), "r and s swapped"));

    // Another algorithm of the family; a PSS salt of another length.
    const Key pair = *Key::fromPem(*Key::generate(Alg::RS256)->toPem(true));
    const DecodedJws rs = *decodeJws(*signJws(R"({"alg":"RS256"})", "{}", Alg::PS512, pair));
    QVERIFY(mentions(explainMismatch(rs, pair), "It verifies as PS512: the header says RS256"));
    DecodedJws ps = *decodeJws(*signJws(R"({"alg":"PS256"})", "{}", Alg::PS256, pair));
    const DigestCtx context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *parameters = nullptr;
    EVP_DigestSignInit_ex(context.get(), &parameters, "SHA256", nullptr, nullptr,
                          pair.data().pkey.get(), nullptr);
    EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_MAX);
    std::size_t size = ps.signature.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(ps.signature.data()), &size,
                   reinterpret_cast<const unsigned char *>(ps.signingInput.data()),
                   ps.signingInput.size());
    QVERIFY(mentions(explainMismatch(ps, pair), "PSS salt of another length"));
}

void tst_Jws::explainsNothingForARandomSignature()
{
    for (const std::string *token : {&samples::T2, &samples::T3, &samples::T4, &samples::T6})
        QVERIFY(explainMismatch(*decodeJws(*token), secretKey(kSecret)).empty());
}

QTEST_GUILESS_MAIN(tst_Jws)
#include "tst_jws.moc"
