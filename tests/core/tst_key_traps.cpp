// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/pkey.h"
#include "core/jose/key_data.h"
#include "core/jose/key_import.h"
#include "core/jose/key_lint.h"
#include "core/jose/signature.h"

#include <QTest>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <format>

using namespace postern;

/// What OpenSSL lets through and a verifier must not: each trap by its name. Those of tokens are in
/// tst_jws; weak Edwards points, the point at infinity, PSS salts and DER are in tst_key and
/// tst_signature.
class tst_KeyTraps : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup();
    void refusesRsaNumbers_data();
    void refusesRsaNumbers();
    void smallRsaKeysImportButAreNotUsed();
    void hugeRsaKeysAreRefusedAtOnce();
    void rsaWithoutFactorsIsProvedBySigning();
    void emptySecretsAreRefusedEverywhere();
    void ecdsaNumbersOutOfRange_data();
    void ecdsaNumbersOutOfRange();
    void ecdsaHighSIsAValidSignature();
    void ecdsaSignsDeterministicallyOnDemand();
    void mlDsaSeedMustMakeThePublicKey();
    void mlDsaIsHedgedUnlessAsked();
    void mlDsaReadsEveryFormOfOpenSsl_data();
    void mlDsaReadsEveryFormOfOpenSsl();
    void mlDsaWithoutSeedHasNoPrivateJwk();
    void mlDsaKeysFitTheirOwnSetOnly();
    void rawKeysHaveOneLength();
    void strayPrivateMembersAreNotPublished();
    void publicPartTurnsSignIntoVerify();
    void thumbprintsIgnoreEverythingElse();
    void readsOpenSshPublicKeys_data();
    void readsOpenSshPublicKeys();

private:
    static Json rsa(std::string_view n, std::string_view e);
};

namespace {

std::string numberText(const BigNumber &number)
{
    std::string octets(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char *>(octets.data()));
    return encodeBase64Url(octets);
}

BigNumber powerOfTwo(int exponent)
{
    BigNumber number(BN_new());
    BN_set_bit(number.get(), exponent);
    return number;
}

const Json &goodRsa()
{
    static const Json jwk = Key::generate(Alg::RS256)->toJwk(true);
    return jwk;
}

Key freshMlDsa() { return *Key::generate(Alg::ML_DSA_44); }

} // namespace

void tst_KeyTraps::cleanup() { QCOMPARE(ERR_peek_error(), 0UL); }

Json tst_KeyTraps::rsa(std::string_view n, std::string_view e)
{
    return Json::object({{"kty", "RSA"}, {"n", n}, {"e", e}});
}

void tst_KeyTraps::refusesRsaNumbers_data()
{
    QTest::addColumn<std::string>("n");
    QTest::addColumn<std::string>("e");
    QTest::addColumn<std::string>("reason"); // "" = accepted
    const std::string n(goodRsa().stringOr("n", ""));
    const auto row = [](const char *name, std::string modulus, std::string e, std::string reason) {
        QTest::newRow(name) << modulus << e << reason;
    };
    row("e = 1", n, "AQ", "rsa-exponent");
    row("e = 2", n, "Ag", "rsa-exponent");
    row("e = 3", n, "Aw", "");
    row("e = 0", n, "AA", "rsa-exponent");
    row("e even", n, "AQAA", "rsa-exponent");
    row("e of 64 bits, odd", n, "__________8", "");
    row("e of 65 bits", n, "Af__________", "rsa-exponent");
    row("e empty", n, "", "rsa-exponent");
    row("n empty", "", "AQAB", "rsa-modulus");
    row("n even", numberText(powerOfTwo(2047)), "AQAB", "rsa-modulus");
    row("n of 256 bits", "8" + std::string(41, 'A') + "E", "AQAB", "rsa-modulus");
    row("n with a leading zero octet", encodeBase64Url('\0' + *decodeBase64Url(n)), "AQAB", "");
}

void tst_KeyTraps::refusesRsaNumbers()
{
    QFETCH(const std::string, n);
    QFETCH(const std::string, e);
    QFETCH(const std::string, reason);
    const Result<Key> key = Key::fromJwk(rsa(n, e));
    const std::string got = key ? "" : std::string(slug(key.error().code));
    QCOMPARE(got, reason);
    if (key && e == "Aw")
        QCOMPARE(lintKey(*key).front().id, std::string_view("small-exponent"));
    const bool padded = !n.empty() && decodeBase64Url(n)->front() == '\0';
    if (key)
        QCOMPARE(std::ranges::count(lintKey(*key, rsa(n, e)), "leading-zero", &LintFinding::id),
                 padded ? 1 : 0);
}

// RFC 7518 3.3 and 3.5: 2048 bits; a tool must still be able to show a smaller key.
void tst_KeyTraps::smallRsaKeysImportButAreNotUsed()
{
    const Pkey pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}));
    const Result<Key> key = Key::import(*writePem(pkey, true));
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    for (const Alg alg : {Alg::RS256, Alg::PS256}) {
        QCOMPARE(Verifier::make(alg, *key).error().code, Errc::KeyWeak);
        QCOMPARE(Signer::make(alg, *key).error().code, Errc::KeyWeak);
    }
    const auto findings = lintKey(*key);
    QVERIFY(std::ranges::find(findings, "weak-rsa", &LintFinding::id) != findings.end());
}

void tst_KeyTraps::hugeRsaKeysAreRefusedAtOnce()
{
    BigNumber n = powerOfTwo(16'500);
    BN_add_word(n.get(), 1);
    const Result<Key> key = Key::fromJwk(rsa(numberText(n), "AQAB"));
    QCOMPARE(key.error().code, Errc::LimitExceeded);
    const std::string absurd(1'000'000, 'A');
    QCOMPARE(Key::fromJwk(rsa(absurd, "AQAB")).error().code, Errc::LimitExceeded);
}

// OpenSSL's pairwise check says no to a good key of n, e, d, and takes a wrong d for signing.
void tst_KeyTraps::rsaWithoutFactorsIsProvedBySigning()
{
    Json jwk = goodRsa();
    for (const char *member : {"p", "q", "dp", "dq", "qi"})
        jwk.erase(member);
    const Result<Key> key = Key::fromJwk(jwk);
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    QVERIFY(!key->toJwk(true).contains("p"));
    Result<Signer> signer = Signer::make(Alg::RS256, *key);
    QVERIFY(Verifier::make(Alg::RS256, *key)->fits("input", *signer->sign("input")));
    const Key other = *Key::generate(Alg::RS256);
    jwk.set("d", *other.toJwk(true).find("d"));
    QCOMPARE(Key::fromJwk(jwk).error().code, Errc::KeyMismatch);
    for (const char *member : {"p", "q", "dp", "dq", "qi"}) {
        Json partial = goodRsa();
        partial.erase(member);
        QVERIFY2(!Key::fromJwk(partial), member);
        Json changed = goodRsa();
        changed.set(member, *other.toJwk(true).find(member));
        QVERIFY2(!Key::fromJwk(changed), member);
    }
    Json multi = goodRsa();
    multi.set("oth", Json::array());
    QCOMPARE(Key::fromJwk(multi).error().code, Errc::Unsupported);
}

// EVP_Q_mac and HMAC() take an empty key without a word.
void tst_KeyTraps::emptySecretsAreRefusedEverywhere()
{
    QCOMPARE(Key::fromSecret(Secret()).error().code, Errc::KeyEmpty);
    QCOMPARE(Key::fromJwk(Json::object({{"kty", "oct"}, {"k", ""}})).error().code, Errc::KeyEmpty);
    QCOMPARE(Key::fromRawPublic(Alg::HS256, "").error().code, Errc::KeyEmpty);
}

void tst_KeyTraps::ecdsaNumbersOutOfRange_data()
{
    QTest::addColumn<std::string>("r");
    QTest::addColumn<std::string>("s");
    const std::string zero(64, '0');
    const std::string one = std::string(63, '0') + "1";
    const std::string n = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    const std::string p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    QTest::newRow("r = 0") << zero << one;
    QTest::newRow("s = 0") << one << zero;
    QTest::newRow("both 0") << zero << zero;
    QTest::newRow("r = n") << n << one;
    QTest::newRow("s = n") << one << n;
    QTest::newRow("r = p") << p << one;
    QTest::newRow("all ones") << std::string(64, 'f') << std::string(64, 'f');
}

void tst_KeyTraps::ecdsaNumbersOutOfRange()
{
    QFETCH(const std::string, r);
    QFETCH(const std::string, s);
    const Key key = *Key::generate(Alg::ES256);
    QVERIFY(!Verifier::make(Alg::ES256, key)->fits("input", *decodeHex(r + s)));
}

// JWS has no low-s rule; a verifier that had one would refuse half of all signatures.
void tst_KeyTraps::ecdsaHighSIsAValidSignature()
{
    const Key key = *Key::generate(Alg::ES256);
    std::string signature = *Signer::make(Alg::ES256, key)->sign("input");
    const auto *octets = reinterpret_cast<const unsigned char *>(signature.data());
    BIGNUM *order = nullptr;
    BN_hex2bn(&order, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const BigNumber n(order);
    const BigNumber s(BN_bin2bn(octets + 32, 32, nullptr));
    const BigNumber other(BN_new());
    BN_sub(other.get(), n.get(), s.get());
    BN_bn2binpad(other.get(), reinterpret_cast<unsigned char *>(signature.data()) + 32, 32);
    QVERIFY(Verifier::make(Alg::ES256, key)->fits("input", signature));
}

// RFC 6979 A.2.5, message "sample".
void tst_KeyTraps::ecdsaSignsDeterministicallyOnDemand()
{
    const auto unhexed = [](std::string_view hex) { return encodeBase64Url(*decodeHex(hex)); };
    const Key key = *Key::fromJwk(Json::object(
        {{"kty", "EC"},
         {"crv", "P-256"},
         {"x", unhexed("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6")},
         {"y", unhexed("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")},
         {"d", unhexed("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")}}));
    Result<Signer> signer = Signer::make(Alg::ES256, key, false, Nonce::Deterministic);
    for (int i = 0; i < 2; ++i)
        QCOMPARE(encodeHex(*signer->sign("sample")),
                 std::string("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                             "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"));
    QVERIFY(*Signer::make(Alg::ES256, key)->sign("sample")
            != *Signer::make(Alg::ES256, key)->sign("sample"));
}

void tst_KeyTraps::mlDsaSeedMustMakeThePublicKey()
{
    const Json good = freshMlDsa().toJwk(true);
    QVERIFY(Key::fromJwk(good).has_value());
    const auto code = [&](std::string_view member, Json value) {
        Json jwk = good;
        jwk.set(member, std::move(value));
        return Key::fromJwk(jwk).error_or(Error{}).code;
    };
    const Json other = freshMlDsa().toJwk(true);
    QCOMPARE(code("pub", *other.find("pub")), Errc::KeyMismatch);
    QCOMPARE(code("priv", *other.find("priv")), Errc::KeyMismatch);
    QCOMPARE(code("priv", encodeBase64Url(std::string(31, 'a'))), Errc::AkpLength);
    QCOMPARE(code("priv", encodeBase64Url(std::string(33, 'a'))), Errc::AkpLength);
    QCOMPARE(code("priv", encodeBase64Url(std::string(2560, 'a'))), Errc::AkpLength); // expanded
    QCOMPARE(code("pub", encodeBase64Url(std::string(1311, 'a'))), Errc::AkpLength);
    QCOMPARE(code("alg", "ML-DSA-65"), Errc::AkpLength);
    QCOMPARE(code("alg", "ML-DSA-44-SHAKE"), Errc::AlgUnknown);
    QCOMPARE(code("alg", "ES256"), Errc::AlgUnknown);
    Json nameless = good;
    nameless.erase("alg");
    QCOMPARE(Key::fromJwk(nameless).error().code, Errc::KeyMember);
}

void tst_KeyTraps::mlDsaIsHedgedUnlessAsked()
{
    const Key key = freshMlDsa();
    Result<Signer> hedged = Signer::make(Alg::ML_DSA_44, key);
    const std::string first = *hedged->sign("input");
    const std::string second = *hedged->sign("input");
    QVERIFY(first != second);
    Result<Verifier> verifier = Verifier::make(Alg::ML_DSA_44, key);
    QVERIFY(verifier->fits("input", first) && verifier->fits("input", second));
    Result<Signer> plain = Signer::make(Alg::ML_DSA_44, key, false, Nonce::Deterministic);
    QCOMPARE(*plain->sign("input"), *plain->sign("input"));
    QVERIFY(verifier->fits("input", *plain->sign("input")));
    QVERIFY(verifier->fits("", *plain->sign("")));
}

void tst_KeyTraps::mlDsaReadsEveryFormOfOpenSsl_data()
{
    QTest::addColumn<QByteArray>("alg");
    for (const char *name : {"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"})
        QTest::newRow(name) << QByteArray(name);
}

void tst_KeyTraps::mlDsaReadsEveryFormOfOpenSsl()
{
    QFETCH(const QByteArray, alg);
    const Pkey pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, alg.constData()));
    // OpenSSL's default: seed and expanded key.
    const Bio bio(BIO_new(BIO_s_mem()));
    QCOMPARE(
        PEM_write_bio_PKCS8PrivateKey(bio.get(), pkey.get(), nullptr, nullptr, 0, nullptr, nullptr),
        1);
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    const std::string both(data, static_cast<std::size_t>(size));
    QVERIFY(both.size() > 3000);
    const Result<Key> key = Key::import(both);
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    QCOMPARE(key->curve(), std::string_view(alg.constData()));
    // What we write is the seed alone, of the same key.
    const std::string seedOnly = *key->toPem(true);
    QVERIFY(seedOnly.size() < 200);
    const Key again = *Key::import(seedOnly);
    QCOMPARE(again.thumbprint(), key->thumbprint());
    QCOMPARE(again.toJwk(true), key->toJwk(true));
    QCOMPARE(*again.toPem(true), seedOnly);
    const Secret passphrase(std::string_view("geheim"));
    QCOMPARE(*Key::import(*key->toEncryptedPem(passphrase), "geheim")->toPem(true), seedOnly);
    const std::string seed = *decodeBase64Url(key->toJwk(true).stringOr("priv", ""));
    QCOMPARE(
        Key::fromSeed(*key->possibleAlgs().begin(), Secret(std::string_view(seed)))->thumbprint(),
        key->thumbprint());
}

void tst_KeyTraps::mlDsaWithoutSeedHasNoPrivateJwk()
{
    // The expanded key alone, as another tool may have stored it.
    const Key whole = freshMlDsa();
    const Secret expanded = octetsOf(whole.data().pkey, OSSL_PKEY_PARAM_PRIV_KEY);
    const Pkey pkey(EVP_PKEY_new_raw_private_key_ex(nullptr, "ML-DSA-44", nullptr,
                                                    expanded.bytes().data(), expanded.size()));
    QVERIFY(pkey != nullptr);
    const Result<Key> key = Key::import(*writePem(pkey, true));
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    QVERIFY(key->isPrivate() && !key->hasJwkPrivate());
    QVERIFY(!key->toJwk(true).contains("priv"));
    QVERIFY(whole.hasJwkPrivate());
    QCOMPARE(key->thumbprint(), whole.thumbprint());
    QVERIFY(Verifier::make(Alg::ML_DSA_44, whole)
                ->fits("input", *Signer::make(Alg::ML_DSA_44, *key)->sign("input")));
    QCOMPARE(Key::import(*key->toPem(true))->thumbprint(), whole.thumbprint());
}

void tst_KeyTraps::mlDsaKeysFitTheirOwnSetOnly()
{
    const Key key = *freshMlDsa().publicPart();
    QCOMPARE(key.possibleAlgs(), std::vector{Alg::ML_DSA_44});
    QCOMPARE(Verifier::make(Alg::ML_DSA_65, key).error().code, Errc::AlgKeyMismatch);
    QCOMPARE(Verifier::make(Alg::HS256, key, true).error().code, Errc::AlgKeyMismatch);
    QVERIFY(!Verifier::make(Alg::ML_DSA_44, key)->fits("x", std::string(3309, 'a')));
}

void tst_KeyTraps::rawKeysHaveOneLength()
{
    for (const auto &[alg, size] : {std::pair{Alg::Ed25519, 32},
                                    {Alg::Ed448, 57},
                                    {Alg::ML_DSA_44, 1312},
                                    {Alg::ML_DSA_65, 1952},
                                    {Alg::ML_DSA_87, 2592}}) {
        const auto wanted = static_cast<std::size_t>(size);
        for (const std::size_t wrong : {std::size_t{0}, std::size_t{1}, wanted - 1, wanted + 1})
            QVERIFY(!Key::fromRawPublic(alg, std::string(wrong, '\x09')));
        const Key key = *Key::generate(alg);
        const Secret pub = octetsOf(key.data().pkey, OSSL_PKEY_PARAM_PUB_KEY);
        QCOMPARE(pub.size(), wanted);
        QCOMPARE(Key::fromRawPublic(alg, pub.view())->thumbprint(), key.thumbprint());
    }
    for (const std::size_t wrong : {0, 31, 33})
        QVERIFY(!Key::fromSeed(Alg::Ed25519, Secret(std::string(wrong, 'a'))));
    QCOMPARE(Key::fromRawPublic(Alg::RS256, "x").error().code, Errc::KeyType);
    QCOMPARE(Key::fromSeed(Alg::ES256, Secret(std::string_view("x"))).error().code, Errc::KeyType);
}

// Whatever the key type says, a member of that name is somebody's secret.
void tst_KeyTraps::strayPrivateMembersAreNotPublished()
{
    Json jwk = Key::generate(Alg::ES256)->toJwk(false);
    jwk.set("k", "AAAA");
    jwk.set("p", "AAAA");
    jwk.set("x-note", "kept");
    const Key key = *Key::fromJwk(jwk);
    QVERIFY(!key.toJwk(false).contains("k") && !key.toJwk(false).contains("p"));
    QCOMPARE(key.toJwk(false).stringOr("x-note", ""), std::string_view("kept"));
    QCOMPARE(key.toJwk(true).dump(), jwk.dump());
}

void tst_KeyTraps::publicPartTurnsSignIntoVerify()
{
    Json jwk = Key::generate(Alg::ES256)->toJwk(true);
    jwk.set("key_ops", Json(Json::Array{"sign"}));
    const Key part = *Key::fromJwk(jwk)->publicPart();
    QVERIFY(!part.isPrivate());
    QVERIFY(!part.toPem(true));
    QCOMPARE(part.toJwk(true).find("key_ops")->dump(), std::string(R"(["verify"])"));
    QVERIFY(!part.toJwk(true).contains("d"));
    QVERIFY(part.allows(Alg::ES256, false).has_value());
    QCOMPARE(Key::generate(Alg::HS256)->publicPart().error().code, Errc::KeyType);
}

void tst_KeyTraps::thumbprintsIgnoreEverythingElse()
{
    for (const Alg alg : {Alg::HS256, Alg::ES256, Alg::Ed25519, Alg::ML_DSA_44}) {
        const Key key = *Key::generate(alg);
        Json jwk = key.toJwk(true);
        jwk.set("kid", "other");
        jwk.set("use", "sig");
        jwk.set("x-note", "n");
        QCOMPARE(Key::fromJwk(jwk)->thumbprint(), key.thumbprint());
        if (alg != Alg::HS256)
            QCOMPARE(key.publicPart()->thumbprint(), key.thumbprint());
        QVERIFY(key.thumbprintUri(ThumbprintHash::Sha512)
                == "urn:ietf:params:oauth:jwk-thumbprint:sha-512:"
                    + key.thumbprint(ThumbprintHash::Sha512));
    }
}

void tst_KeyTraps::readsOpenSshPublicKeys_data()
{
    QTest::addColumn<Alg>("alg");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("curve");
    QTest::newRow("RSA") << Alg::RS256 << QByteArray("ssh-rsa") << QByteArray();
    QTest::newRow("P-256") << Alg::ES256 << QByteArray("ecdsa-sha2-nistp256")
                           << QByteArray("nistp256");
    QTest::newRow("P-384") << Alg::ES384 << QByteArray("ecdsa-sha2-nistp384")
                           << QByteArray("nistp384");
    QTest::newRow("P-521") << Alg::ES512 << QByteArray("ecdsa-sha2-nistp521")
                           << QByteArray("nistp521");
    QTest::newRow("Ed25519") << Alg::Ed25519 << QByteArray("ssh-ed25519") << QByteArray();
    QTest::newRow("Ed448") << Alg::Ed448 << QByteArray("ssh-ed448") << QByteArray();
}

// RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4.
void tst_KeyTraps::readsOpenSshPublicKeys()
{
    QFETCH(const Alg, alg);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, curve);
    const Key key = *Key::generate(alg);
    const Json jwk = key.toJwk(false);
    std::string blob;
    const auto put = [&blob](std::string_view octets) {
        for (int shift = 24; shift >= 0; shift -= 8)
            blob += static_cast<char>(octets.size() >> shift & 0xff);
        blob += octets;
    };
    const auto member = [&](std::string_view which) {
        return *decodeBase64Url(jwk.stringOr(which, ""));
    };
    const auto positive = [](std::string number) {
        return static_cast<unsigned char>(number.front()) >= 0x80 ? '\0' + number : number;
    };
    put(name.toStdString());
    if (alg == Alg::RS256) {
        put(positive(member("e")));
        put(positive(member("n")));
    } else if (!curve.isEmpty()) {
        put(curve.toStdString());
        put('\x04' + member("x") + member("y"));
    } else {
        put(member("x"));
    }
    const std::string line =
        std::format("{} {} jack@example\n", name.toStdString(), encodeBase64(blob));
    const Result<Key> read = Key::import(line);
    QVERIFY2(read.has_value(), describe(read.error_or(Error{})).c_str());
    QCOMPARE(read->thumbprint(), key.thumbprint());
    QCOMPARE(importKeys(line)->keys.front().form, std::string_view("OpenSSH"));
    for (std::size_t size = 0; size < blob.size(); size += 7)
        QVERIFY(!Key::import(
            std::format("{} {}", name.toStdString(), encodeBase64(blob.substr(0, size)))));
    QVERIFY(!Key::import(line + line));
}

QTEST_GUILESS_MAIN(tst_KeyTraps)
#include "tst_key_traps.moc"
