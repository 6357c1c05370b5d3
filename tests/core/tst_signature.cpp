// SPDX-License-Identifier: Apache-2.0
#include "core/jose/signature.h"

#include "core/bytes/encoding.h"
#include "core/crypto/handle.h"
#include "core/jose/ecdsa.h"
#include "core/jose/jws.h"
#include "core/jose/key_data.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include <QTest>

#include <format>
#include <map>

using namespace postern;

class tst_Signature : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup();
    void roundTripsAndRefusesChanges_data();
    void roundTripsAndRefusesChanges();
    void refusesTheWrongLength_data();
    void refusesTheWrongLength();
    void pinsTheAlgorithmToTheKey();
    void edNamesArePeers();
    void pinsThePssSaltUnlessRelaxed();
    void rsaPssKeyNeverSignsPkcs1();
    void relaxedTakesShortSecretsAndSmallRsa();
    void publicKeyCannotSign();
    void namesDer();
    void writesDerAsOpenSslReadsIt_data();
    void writesDerAsOpenSslReadsIt();
    void refusesOddDer_data();
    void refusesOddDer();
    void macKeysStayApartAcrossReuse();
};

namespace {

const Key &keyFor(Alg alg)
{
    static std::map<Alg, Key> keys;
    const auto found = keys.find(alg);
    if (found != keys.end())
        return found->second;
    // One RSA key serves all RSA rows; generation is the slow part.
    if (info(alg).keyType == KeyType::Rsa) {
        static const Key rsa =
            *Key::fromPem(*Key::generate(Alg::RS256)->toPem(true)); // no declared alg
        return keys.emplace(alg, rsa).first->second;
    }
    return keys.emplace(alg, *Key::generate(alg)).first->second;
}

void addAlgorithms()
{
    QTest::addColumn<Alg>("alg");
    for (const AlgInfo &row : algorithms())
        QTest::newRow(std::string(row.name).c_str()) << row.alg;
}

/// A PSS signature with a salt length of the test's choice.
std::string pssSignature(const Key &key, std::string_view input, int saltLength)
{
    const DigestCtx context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *parameters = nullptr;
    EVP_DigestSignInit_ex(context.get(), &parameters, "SHA256", nullptr, nullptr,
                          key.data().pkey.get(), nullptr);
    EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, saltLength);
    std::string out(256, '\0');
    std::size_t size = out.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(out.data()), &size,
                   reinterpret_cast<const unsigned char *>(input.data()), input.size());
    return out;
}

} // namespace

// A failed call that leaves OpenSSL's error queue dirty would confuse a later TLS call.
void tst_Signature::cleanup() { QCOMPARE(ERR_peek_error(), 0UL); }

void tst_Signature::roundTripsAndRefusesChanges_data() { addAlgorithms(); }

void tst_Signature::roundTripsAndRefusesChanges()
{
    QFETCH(const Alg, alg);
    Result<Signer> signer = Signer::make(alg, keyFor(alg));
    QVERIFY2(signer.has_value(), describe(signer.error_or(Error{})).c_str());
    Result<Verifier> verifier = Verifier::make(alg, keyFor(alg));
    QVERIFY2(verifier.has_value(), describe(verifier.error_or(Error{})).c_str());
    // Contexts are prepared once and re-used: several rounds, good and bad mixed.
    for (int round = 0; round < 5; ++round) {
        const std::string input(static_cast<std::size_t>(round) * 97, 'x');
        std::string signature = *signer->sign(input);
        QVERIFY(verifier->fits(input, signature));
        QVERIFY(!verifier->fits(input + "y", signature));
        signature[signature.size() / 2] = static_cast<char>(signature[signature.size() / 2] ^ 1);
        QVERIFY(!verifier->fits(input, signature));
        QCOMPARE(verifier->verify(input, signature).error().code, Errc::SignatureMismatch);
    }
}

void tst_Signature::refusesTheWrongLength_data() { addAlgorithms(); }

void tst_Signature::refusesTheWrongLength()
{
    QFETCH(const Alg, alg);
    Result<Signer> signer = Signer::make(alg, keyFor(alg));
    Result<Verifier> verifier = Verifier::make(alg, keyFor(alg));
    const std::string signature = *signer->sign("input");
    if (info(alg).signatureSize != 0)
        QCOMPARE(signature.size(), info(alg).signatureSize);
    for (const std::string &wrong : {std::string(), signature.substr(1), signature + '\0',
                                     '\0' + signature, signature.substr(0, signature.size() / 2)}) {
        QVERIFY(!verifier->fits("input", wrong));
        QCOMPARE(verifier->verify("input", wrong).error().code, Errc::SignatureLength);
    }
}

void tst_Signature::pinsTheAlgorithmToTheKey()
{
    for (const AlgInfo &ofKey : algorithms()) {
        for (const AlgInfo &ofToken : algorithms()) {
            const bool sameCurve = ofToken.curve.empty() || ofToken.curve == ofKey.curve
                || ofToken.curve == keyFor(ofKey.alg).curve();
            const bool fitting = ofKey.keyType == KeyType::Rsa
                ? ofToken.keyType == KeyType::Rsa
                : (ofKey.keyType == KeyType::Okp
                       ? ofToken.keyType == KeyType::Okp && sameCurve
                       : ofKey.alg == ofToken.alg); // generated keys declare their algorithm
            const Result<Verifier> verifier = Verifier::make(ofToken.alg, keyFor(ofKey.alg));
            QVERIFY2(verifier.has_value() == fitting,
                     std::format("{} key, {} token", ofKey.name, ofToken.name).c_str());
            if (!verifier)
                QCOMPARE(verifier.error().code, Errc::AlgKeyMismatch);
        }
    }
    const Result<Verifier> hmac = Verifier::make(Alg::HS256, keyFor(Alg::RS256), true);
    QCOMPARE(hmac.error().detail,
             "this is an RSA private key of 2048 bits, HS256 needs an HMAC secret");
}

// RFC 9864: three names, two primitives.
void tst_Signature::edNamesArePeers()
{
    const Key &key = keyFor(Alg::Ed25519);
    const std::string signature = *Signer::make(Alg::EdDSA, key)->sign("x");
    QVERIFY(Verifier::make(Alg::Ed25519, key)->fits("x", signature));
    QVERIFY(!Verifier::make(Alg::Ed448, key));
    QVERIFY(Verifier::make(Alg::EdDSA, keyFor(Alg::Ed448)).has_value());
}

// RFC 7518 3.5. OpenSSL's default takes a salt of any length.
void tst_Signature::pinsThePssSaltUnlessRelaxed()
{
    const Key &key = keyFor(Alg::PS256);
    Result<Verifier> strict = Verifier::make(Alg::PS256, key);
    Result<Verifier> relaxed = Verifier::make(Alg::PS256, key, true);
    for (const int salt : {0, 20, 31, 33, 222}) {
        const std::string signature = pssSignature(key, "input", salt);
        QVERIFY(!strict->fits("input", signature));
        QVERIFY(relaxed->fits("input", signature));
    }
    QVERIFY(strict->fits("input", pssSignature(key, "input", 32)));
    // Our own signatures always carry a salt as long as the hash.
    QVERIFY(strict->fits("input", *Signer::make(Alg::PS256, key, true)->sign("input")));
}

// Setting PKCS#1 padding on an id-RSASSA-PSS key fails; who ignores that signs PSS under RS256.
void tst_Signature::rsaPssKeyNeverSignsPkcs1()
{
    const PkeyCtx context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr));
    EVP_PKEY *raw = nullptr;
    EVP_PKEY_keygen_init(context.get());
    EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), 2048);
    QCOMPARE(EVP_PKEY_generate(context.get(), &raw), 1);
    const Pkey pkey(raw);
    unsigned char *der = nullptr;
    const int size = i2d_PrivateKey(raw, &der);
    const Result<Key> key = Key::import(
        std::string_view(reinterpret_cast<char *>(der), static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    QCOMPARE(Signer::make(Alg::RS256, *key).error().code, Errc::AlgKeyMismatch);
    QCOMPARE(Verifier::make(Alg::RS256, *key, true).error().code, Errc::AlgKeyMismatch);
    const std::string signature = *Signer::make(Alg::PS256, *key)->sign("x");
    QVERIFY(Verifier::make(Alg::PS256, *key)->fits("x", signature));
}

void tst_Signature::relaxedTakesShortSecretsAndSmallRsa()
{
    const Key one = *Key::fromSecret(Secret(std::string_view("k")));
    QCOMPARE(Verifier::make(Alg::HS256, one).error().code, Errc::KeyWeak);
    QCOMPARE(Signer::make(Alg::HS256, one).error().code, Errc::KeyWeak);
    const std::string signature = *Signer::make(Alg::HS256, one, true)->sign("x");
    QVERIFY(Verifier::make(Alg::HS256, one, true)->fits("x", signature));

    const Pkey pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}));
    unsigned char *der = nullptr;
    const int size = i2d_PrivateKey(pkey.get(), &der);
    const Key rsa = *Key::import(
        std::string_view(reinterpret_cast<char *>(der), static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    QCOMPARE(Verifier::make(Alg::RS256, rsa).error().code, Errc::KeyWeak);
    QVERIFY(Verifier::make(Alg::RS256, rsa, true)
                ->fits("x", *Signer::make(Alg::RS256, rsa, true)->sign("x")));
}

void tst_Signature::publicKeyCannotSign()
{
    const Key key = *Key::fromPem(*keyFor(Alg::ES256).toPem(false));
    QVERIFY(!key.isPrivate());
    QCOMPARE(Signer::make(Alg::ES256, key).error().code, Errc::KeyType);
    QVERIFY(Verifier::make(Alg::ES256, key).has_value());
}

void tst_Signature::namesDer()
{
    const Key &key = keyFor(Alg::ES256);
    const EcdsaDer der = ecdsaToDer(*Signer::make(Alg::ES256, key)->sign("x"));
    const std::string text(reinterpret_cast<const char *>(der.octets.data()), der.size);
    Result<Verifier> verifier = Verifier::make(Alg::ES256, key);
    const Result<void> verdict = verifier->verify("x", text);
    QCOMPARE(verdict.error().code, Errc::SignatureLength);
    QVERIFY(verdict.error().detail.contains("it is DER, JWS demands r || s"));
}

void tst_Signature::writesDerAsOpenSslReadsIt_data()
{
    QTest::addColumn<std::size_t>("width");
    QTest::addColumn<std::string>("r");
    QTest::addColumn<std::string>("s");
    QTest::addColumn<std::string>("der");
    const auto row = [](const char *name, std::size_t width, const char *r, const char *s,
                        const char *der) {
        QTest::newRow(name) << width << std::string(r) << std::string(s) << std::string(der);
    };
    row("small numbers lose leading zeros", 4, "00000001", "0000007f",
        "3006020101"
        "02017f");
    row("a high bit gets a zero before it", 4, "00000080", "ff000000",
        "300b02020080"
        "020500ff000000");
    row("zero is one octet", 4, "00000000", "00000000",
        "3006020100"
        "020100");
}

void tst_Signature::writesDerAsOpenSslReadsIt()
{
    QFETCH(const std::size_t, width);
    QFETCH(const std::string, r);
    QFETCH(const std::string, s);
    QFETCH(const std::string, der);
    const std::string raw = *decodeHex(r + s);
    const EcdsaDer made = ecdsaToDer(raw);
    const std::string text(reinterpret_cast<const char *>(made.octets.data()), made.size);
    QCOMPARE(encodeHex(text), der);
    QCOMPARE(ecdsaFromDer(text, width), raw);
    // P-521: the body is longer than 127 octets, the length takes two.
    const std::string widest(132, '\xff');
    const EcdsaDer large = ecdsaToDer(widest);
    QCOMPARE(large.size, std::size_t{141});
    QCOMPARE(ecdsaFromDer({reinterpret_cast<const char *>(large.octets.data()), large.size}, 66),
             widest);
}

void tst_Signature::refusesOddDer_data()
{
    QTest::addColumn<std::string>("hex");
    for (const char *hex : {"", "30", "3000", "3003020101", "300602010102017f00",
                            "3007020101"
                            "02017f",
                            "308106020101"
                            "02017f",
                            "3006020181"
                            "02017f",
                            "3006030101"
                            "02017f",
                            "30820006020101"
                            "02017f",
                            "300702050101010101"})
        QTest::newRow(*hex ? hex : "empty") << std::string(hex);
}

void tst_Signature::refusesOddDer()
{
    QFETCH(const std::string, hex);
    const std::string octets = *decodeHex(hex);
    const std::vector<char> exact(octets.begin(), octets.end()); // a heap buffer of this size
    QVERIFY(!ecdsaFromDer({exact.data(), exact.size()}, 4));
}

// One keyed context re-initialised with a null key must stay on its own key.
void tst_Signature::macKeysStayApartAcrossReuse()
{
    const Key a = *Key::fromSecret(Secret(std::string_view("0123456789abcdef0123456789abcdef")));
    const Key b = *Key::fromSecret(Secret(std::string_view("0123456789abcdef0123456789abcdeF")));
    Result<Verifier> ofA = Verifier::make(Alg::HS256, a);
    Result<Verifier> ofB = Verifier::make(Alg::HS256, b);
    const std::string signature = *Signer::make(Alg::HS256, a)->sign("x");
    for (int i = 0; i < 3; ++i) {
        QVERIFY(ofA->fits("x", signature));
        QVERIFY(!ofB->fits("x", signature));
    }
    Verifier moved = std::move(*ofA);
    QVERIFY(moved.fits("x", signature));
}

QTEST_GUILESS_MAIN(tst_Signature)
#include "tst_signature.moc"
