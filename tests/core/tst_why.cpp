// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/handle.h"
#include "core/jose/ecdsa.h"
#include "core/jose/key_data.h"
#include "core/jose/signature.h"
#include "core/jose/why.h"

#include "../support/cpu_timer.h"

#include <QTest>

#include <openssl/rsa.h>

#include <algorithm>
#include <format>

using namespace postern;

/// Each classic mistake is made and must be named.
class tst_Why : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheMisreadSecret_data();
    void namesTheMisreadSecret();
    void namesTheRespelledJson_data();
    void namesTheRespelledJson();
    void namesTheOtherConsumersKey();
    void namesTheSampleSecret();
    void namesTheListedSecret();
    void namesEcdsaInDer();
    void namesTheOtherPssSalt();
    void namesTheOtherAlgorithm();
    void namesThePublicKeyUsedAsSecret_data();
    void namesThePublicKeyUsedAsSecret();
    void namesTheCutSignature();
    void namesOtherSigningInputs_data();
    void namesOtherSigningInputs();
    void saysNothingWhereNothingFits();
    void staysWithinItsTime();
    void neverShowsTheSecret();
};

namespace {

const std::string kSecret = "a secret of some length";
const std::string kHeader = R"({"alg":"HS256","typ":"JWT"})";
const std::string kPayload = R"({"sub":"Zoë","url":"https://x/y","n":1.0,"exp":1900000000})";

Key secretKey(std::string_view octets) { return *Key::fromSecret(Secret(octets)); }

DecodedJws decoded(const std::string &token) { return *decodeJws(token); }

WhyCandidate given(Key key, std::string_view text = {})
{
    return {"the given key", std::move(key), Secret(text), true};
}

bool names(const WhyReport &report, std::string_view id)
{
    return std::ranges::any_of(report.found, [&](const WhyFinding &one) { return one.id == id; });
}

std::string textOf(const WhyReport &report)
{
    std::string text;
    for (const WhyFinding &one : report.found)
        text += std::format("[{}] {}\n", one.id, one.sentence);
    return text.empty() ? "nothing" : text;
}

std::string hs256(std::string_view secret, const std::string &payload = kPayload)
{
    return *signJws(kHeader, payload, Alg::HS256, secretKey(secret), true);
}

/// The signature over other texts under the header and payload as they stand.
DecodedJws signedOver(const Key &key, Alg alg, std::string_view header, const std::string &payload,
                      const std::string &input)
{
    const std::string signature = *Signer::make(alg, key, true)->sign(input);
    return decoded(encodeBase64Url(header) + '.' + encodeBase64Url(payload) + '.'
                   + encodeBase64Url(signature));
}

} // namespace

void tst_Why::namesTheMisreadSecret_data()
{
    QTest::addColumn<QByteArray>("signedWith");
    QTest::addColumn<QByteArray>("configured");
    QTest::addColumn<QByteArray>("id");
    const auto row = [](const char *name, const std::string &signer, const std::string &configured,
                        const char *id) {
        QTest::newRow(name) << QByteArray::fromStdString(signer)
                            << QByteArray::fromStdString(configured) << QByteArray(id);
    };
    const std::string s = kSecret;
    row("trailing newline at the signer", s + "\n", s, "secret-newline");
    row("trailing CR LF at the signer", s + "\r\n", s, "secret-newline");
    row("trailing newline at the verifier", s, s + "\n", "secret-blanks");
    row("blanks around it", s, "  " + s + " ", "secret-blanks");
    row("base64 secret given as text", s, encodeBase64(s), "secret-base64");
    row("base64url secret given as text", "\xff\xfe\xfdxyz", encodeBase64Url("\xff\xfe\xfdxyz"),
        "secret-base64");
    row("text where base64 was used", encodeBase64(s), s, "secret-base64-text");
    row("hexadecimal secret given as text", s, encodeHex(s), "secret-hex");
    row("text where hexadecimal was used", encodeHex(s), s, "secret-hex-text");
    row("quotes at the verifier", s, "\"" + s + "\"", "secret-quotes");
    row("single quotes at the verifier", s, "'" + s + "'", "secret-quotes");
    row("quotes at the signer", "\"" + s + "\"", s, "secret-quotes");
    row("\\n not unescaped", "line\nline", "line\\nline", "secret-escapes");
    row("quoted base64", s, "\"" + encodeBase64(s) + "\"", "secret-quotes+secret-base64");
    row("base64 with a newline", s + "1", encodeBase64(s + "1") + "\n",
        "secret-blanks+secret-base64");
    row("decoded, then a newline", s + "\n", encodeBase64(s), "secret-base64+secret-newline");
}

void tst_Why::namesTheMisreadSecret()
{
    QFETCH(QByteArray, signedWith);
    QFETCH(QByteArray, configured);
    QFETCH(QByteArray, id);
    const DecodedJws token = decoded(hs256(signedWith.toStdString()));
    const std::vector candidates{given(secretKey(configured.toStdString()))};
    const WhyReport report = explainSignature(token, candidates);
    QVERIFY2(names(report, id.toStdString()), textOf(report).c_str());
    QVERIFY(!report.tried.empty() && report.attempts > 0);
}

void tst_Why::namesTheRespelledJson_data()
{
    QTest::addColumn<QByteArray>("original"); // what was signed
    QTest::addColumn<QByteArray>("now"); // what stands in the token
    const auto row = [](const char *name, const char *original, const char *now) {
        QTest::newRow(name) << QByteArray(original) << QByteArray(now);
    };
    row("Python's spaces", R"({"sub": "a", "n": [1, 2]})", R"({"sub":"a","n":[1,2]})");
    row("indented by two", "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": []\n  }\n}",
        R"({"a":1,"b":{"c":[]}})");
    row("compact, now indented", R"({"a":1,"b":2})", "{\n    \"a\": 1,\n    \"b\": 2\n}");
    row("members now sorted", R"({"a":1,"b":2})", R"({"b":2,"a":1})");
    row("PHP's slashes", R"({"u":"https:\/\/x\/y"})", R"({"u":"https://x/y"})");
    row("\\u escapes", R"({"n":"Zo\u00eb \ud83d\ude00"})", "{\"n\":\"Zo\u00eb \U0001F600\"}");
    row("1.0 became 1", R"({"n":1})", R"({"n":1.0})");
    row("a line break at the end", "{\"a\":1}\n", R"({"a":1})");
    row("CR LF became LF", "{\"a\":1,\r\n\"b\":2}", "{\"a\":1,\n\"b\":2}");
}

void tst_Why::namesTheRespelledJson()
{
    QFETCH(QByteArray, original);
    QFETCH(QByteArray, now);
    for (const Alg alg : {Alg::HS256, Alg::ES256}) {
        const Key key = alg == Alg::HS256 ? secretKey(kSecret) : *Key::generate(alg);
        const std::string header = std::format(R"({{"alg":"{}"}})", info(alg).name);
        const std::string input =
            encodeBase64Url(header) + '.' + encodeBase64Url(original.toStdString());
        const DecodedJws token = signedOver(key, alg, header, now.toStdString(), input);
        const WhyReport report = explainSignature(token, std::vector{given(key)});
        QVERIFY2(names(report, "payload-reserialised"), textOf(report).c_str());
    }
    // The header alone.
    const Key key = secretKey(kSecret);
    const std::string input =
        encodeBase64Url(R"({"alg": "HS256", "typ": "JWT"})") + '.' + encodeBase64Url(kPayload);
    const WhyReport report = explainSignature(signedOver(key, Alg::HS256, kHeader, kPayload, input),
                                              std::vector{given(key)});
    QVERIFY2(names(report, "header-reserialised"), textOf(report).c_str());
}

void tst_Why::namesTheOtherConsumersKey()
{
    const std::vector candidates{
        given(secretKey("jack's own")),
        WhyCandidate{"carol / cred-carol-jwt-auth", secretKey(kSecret), {}, false},
        WhyCandidate{"bob", secretKey("bob's own"), {}, false},
    };
    const WhyReport report = explainSignature(decoded(hs256(kSecret)), candidates);
    QVERIFY2(names(report, "other-key"), textOf(report).c_str());
    QVERIFY(report.found.at(0).sentence.contains("carol / cred-carol-jwt-auth"));
}

void tst_Why::namesTheSampleSecret()
{
    const DecodedJws token = decoded(hs256("your-256-bit-secret"));
    const WhyReport report = explainSignature(token, std::vector{given(secretKey(kSecret))});
    QVERIFY2(names(report, "sample-secret"), textOf(report).c_str());
    QVERIFY(names(explainSignature(token, {}), "sample-secret")); // without any key, too
}

void tst_Why::namesTheListedSecret()
{
    const SecretList list("one\ntwo of a list\n");
    const WhyReport report =
        explainSignature(decoded(hs256("two of a list")), {}, {.secrets = &list});
    QVERIFY2(names(report, "sample-secret"), textOf(report).c_str());
    QVERIFY(report.found.at(0).sentence.contains("line 2"));
}

void tst_Why::namesEcdsaInDer()
{
    for (const Alg alg : {Alg::ES256, Alg::ES384, Alg::ES512, Alg::ES256K}) {
        const Key key = *Key::generate(alg);
        const std::string header = std::format(R"({{"alg":"{}"}})", info(alg).name);
        DecodedJws token = decoded(*signJws(header, kPayload, alg, key));
        const std::string raw = token.signature;
        const EcdsaDer der = ecdsaToDer(raw);
        token.signature.assign(reinterpret_cast<const char *>(der.octets.data()), der.size);
        WhyReport report = explainSignature(token, std::vector{given(key)});
        QVERIFY2(names(report, "ecdsa-der"), textOf(report).c_str());
        token.signature = raw.substr(raw.size() / 2) + raw.substr(0, raw.size() / 2);
        report = explainSignature(token, std::vector{given(key)});
        QVERIFY2(names(report, "ecdsa-swapped"), textOf(report).c_str());
    }
}

void tst_Why::namesTheOtherPssSalt()
{
    const Key pair = *Key::generate(Alg::PS256);
    DecodedJws token = decoded(*signJws(R"({"alg":"PS256"})", kPayload, Alg::PS256, pair));
    const DigestCtx context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *parameters = nullptr;
    QCOMPARE(EVP_DigestSignInit_ex(context.get(), &parameters, "SHA256", nullptr, nullptr,
                                   pair.data().pkey.get(), nullptr),
             1);
    QCOMPARE(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING), 1);
    QCOMPARE(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_MAX), 1);
    std::size_t size = token.signature.size();
    QCOMPARE(EVP_DigestSign(context.get(),
                            reinterpret_cast<unsigned char *>(token.signature.data()), &size,
                            reinterpret_cast<const unsigned char *>(token.signingInput.data()),
                            token.signingInput.size()),
             1);
    const WhyReport report = explainSignature(token, std::vector{given(pair)});
    QVERIFY2(names(report, "pss-salt"), textOf(report).c_str());
}

void tst_Why::namesTheOtherAlgorithm()
{
    // From PEM: a key that says its algorithm signs with no other.
    const Key pair = *Key::fromPem(*Key::generate(Alg::RS256)->toPem(true));
    const DecodedJws rs = decoded(*signJws(R"({"alg":"RS256"})", kPayload, Alg::PS512, pair));
    const WhyReport report = explainSignature(rs, std::vector{given(pair)});
    QVERIFY2(names(report, "other-algorithm"), textOf(report).c_str());
}

void tst_Why::namesThePublicKeyUsedAsSecret_data()
{
    QTest::addColumn<int>("form");
    QTest::newRow("PEM") << 0;
    QTest::newRow("PEM without the last line break") << 1;
    QTest::newRow("PEM with CR LF") << 2;
    QTest::newRow("DER") << 3;
    QTest::newRow("JWK") << 4;
    QTest::newRow("the file as it is") << 5;
}

void tst_Why::namesThePublicKeyUsedAsSecret()
{
    QFETCH(int, form);
    const Key key = *Key::generate(Alg::RS256);
    const std::string pem = *key.toPem(false);
    std::string dos, body;
    for (const char c : pem)
        dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
    for (const std::string &line : {pem.substr(27, pem.find("-----END") - 27)}) {
        for (const char c : line)
            body += c == '\n' ? std::string() : std::string(1, c);
    }
    const std::string odd = "# our key\n" + pem;
    const std::array<std::string, 6> secrets{
        pem, pem.substr(0, pem.size() - 1), dos, *decodeBase64(body), key.toJwk(false).dump(), odd};
    const DecodedJws token = decoded(hs256(secrets.at(static_cast<std::size_t>(form))));
    const WhyReport report = explainSignature(token, std::vector{given(key, odd)});
    QVERIFY2(names(report, "public-key-as-secret"), textOf(report).c_str());
}

void tst_Why::namesTheCutSignature()
{
    DecodedJws token = decoded(hs256(kSecret));
    token.signature.resize(30);
    const WhyReport report = explainSignature(token, std::vector{given(secretKey(kSecret))});
    QVERIFY2(names(report, "signature-truncated"), textOf(report).c_str());
}

void tst_Why::namesOtherSigningInputs_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("decoded texts") << QByteArray::fromStdString(kHeader + '.' + kPayload);
    QTest::newRow("payload alone") << QByteArray::fromStdString(encodeBase64Url(kPayload));
    QTest::newRow("padded base64")
        << QByteArray::fromStdString(encodeBase64(kHeader) + '.' + encodeBase64(kPayload));
}

void tst_Why::namesOtherSigningInputs()
{
    QFETCH(QByteArray, input);
    const Key key = secretKey(kSecret);
    const WhyReport report =
        explainSignature(signedOver(key, Alg::HS256, kHeader, kPayload, input.toStdString()),
                         std::vector{given(key)});
    QVERIFY2(names(report, "signing-input"), textOf(report).c_str());
}

void tst_Why::saysNothingWhereNothingFits()
{
    const WhyReport report = explainSignature(decoded(hs256("somebody else's secret, 32 octets")),
                                              std::vector{given(secretKey(kSecret))});
    QVERIFY2(report.found.empty(), textOf(report).c_str());
    QVERIFY(report.tried.size() >= 6);
    QVERIFY(!report.outOfTime);
}

void tst_Why::staysWithinItsTime()
{
    // The slowest verification, and a payload with many spellings.
    const Key key = *Key::generate(Alg::ES512);
    DecodedJws token = decoded(*signJws(R"({"alg":"ES512"})", kPayload, Alg::ES512, key));
    token.signature[5] = static_cast<char>(token.signature[5] ^ 1);
    CpuTimer timer;
    timer.start();
    const WhyReport report = explainSignature(token, std::vector{given(key)});
    QVERIFY(report.found.empty());
    const qint64 elapsed = timer.elapsed();
    qInfo("%zu attempts in %lld ms", report.attempts, static_cast<long long>(elapsed));
    QVERIFY(elapsed < 5000); // below a second where it was written
}

void tst_Why::neverShowsTheSecret()
{
    const WhyReport report = explainSignature(decoded(hs256(encodeBase64(kSecret))),
                                              std::vector{given(secretKey(kSecret))});
    QVERIFY(!textOf(report).contains(kSecret));
}

QTEST_GUILESS_MAIN(tst_Why)
#include "tst_why.moc"
