// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/jwt.h"
#include "core/jose/signature.h"
#include "tests/support/vector_checks.h"

#include <QTest>

#include <algorithm>
#include <format>

using namespace postern;
using vectors::Tally;

/// Published vectors, 100 % required after errata.json.
class tst_JoseVectors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void wycheproofSignatures();
    void wycheproofKeys();
    void wycheproofPrimitives_data();
    void wycheproofPrimitives();
    void wycheproofHmac();
    void rfcExamples_data();
    void rfcExamples();
    void rfc7638Thumbprint();
    void thumbprints();
    void cookbook_data();
    void cookbook();
    void webDebuggerTokens();
    void jwkImport();
    void strictness();

private:
    Json m_errata;
};

namespace {

Json need(std::string_view path) { return vectors::readJson(path); }

/// Accepted with exactly this key, the token's own algorithm limited to it.
bool accepts(std::string_view token, const Json &jwk)
{
    const Result<Key> key = Key::fromJwk(jwk);
    return key && verifyJws(token, *key).has_value();
}

const Json &publicOrPrivate(const Json &group)
{
    const Json *key = group.find("public");
    return key ? *key : *group.find("private");
}

std::string unhex(std::string_view text) { return *decodeHex(text); }

std::optional<bool> verdictOf(std::string_view result)
{
    if (result == "valid" || result == "accept")
        return true;
    if (result == "invalid" || result == "reject")
        return false;
    return std::nullopt;
}

} // namespace

void tst_JoseVectors::initTestCase() { m_errata = vectors::readJson("errata.json"); }

void tst_JoseVectors::wycheproofSignatures()
{
    constexpr std::string_view kFile = "wycheproof/json_web_signature_test.json";
    const Json set = need(kFile);
    NEED(set);
    Tally tally{std::string(kFile)};
    for (const Json &group : set.find("testGroups")->items()) {
        for (const Json &test : group.find("tests")->items()) {
            const std::int64_t id = *test.find("tcId")->asInteger();
            const std::string_view erratum = vectors::erratum(m_errata, kFile, id);
            const std::optional<bool> expected =
                verdictOf(erratum.empty() ? test.stringOr("result", "") : erratum);
            const Json *jws = test.find("jws");
            const std::string token = jws->isString() ? jws->asString() : jws->dump();
            if (!expected) {
                tally.skip();
                continue;
            }
            tally.note(accepts(token, publicOrPrivate(group)) == *expected,
                       std::format("tcId {} {}", id, test.stringOr("comment", "")));
        }
    }
    ALL_AGREE(tally);
}

void tst_JoseVectors::wycheproofKeys()
{
    constexpr std::string_view kFile = "wycheproof/json_web_key_test.json";
    const Json set = need(kFile);
    NEED(set);
    Tally tally{std::string(kFile)};
    for (const Json &group : set.find("testGroups")->items()) {
        for (const Json &test : group.find("tests")->items()) {
            const std::int64_t id = *test.find("tcId")->asInteger();
            const std::string_view erratum = vectors::erratum(m_errata, kFile, id);
            const std::optional<bool> expected =
                verdictOf(erratum.empty() ? test.stringOr("result", "") : erratum);
            const std::string_view token = test.stringOr("jws", "");
            // Exactly one key of the set with the token's kid, or nothing is chosen.
            const Json::Array &keys = publicOrPrivate(group).find("keys")->items();
            const Result<DecodedJws> jws = decodeJws(token);
            const auto named = [&](const Json &key) {
                return jws && key.stringOr("kid", "") == jws->kid;
            };
            const bool accepted = std::ranges::count_if(keys, named) == 1
                && accepts(token, *std::ranges::find_if(keys, named));
            tally.note(accepted == expected.value_or(false),
                       std::format("tcId {} {}", id, test.stringOr("comment", "")));
        }
    }
    ALL_AGREE(tally);
}

void tst_JoseVectors::wycheproofPrimitives_data()
{
    QTest::addColumn<std::string>("file");
    QTest::addColumn<Alg>("alg");
    const auto row = [](const char *file, Alg alg) {
        QTest::newRow(file) << std::format("wycheproof/{}_test.json", file) << alg;
    };
    row("ecdsa_secp256r1_sha256_p1363", Alg::ES256);
    row("ecdsa_secp521r1_sha512_p1363", Alg::ES512);
    row("ecdsa_secp256k1_sha256_p1363", Alg::ES256K);
    row("ed25519", Alg::Ed25519);
    row("rsa_pss_2048_sha256_mgf1_32", Alg::PS256);
    row("rsa_pss_4096_sha512_mgf1_64", Alg::PS512);
    row("rsa_signature_2048_sha256", Alg::RS256);
}

void tst_JoseVectors::wycheproofPrimitives()
{
    QFETCH(const std::string, file);
    QFETCH(const Alg, alg);
    const Json set = need(file);
    NEED(set);
    Tally tally{file};
    for (const Json &group : set.find("testGroups")->items()) {
        const Json *jwk = group.find("publicKeyJwk");
        if (!jwk)
            jwk = group.find("keyJwk");
        const Result<Key> fromDer = Key::import(unhex(group.stringOr("publicKeyDer", "")));
        const Result<Key> fromPem = Key::import(group.stringOr("publicKeyPem", ""));
        QVERIFY2(fromDer.has_value(), describe(fromDer.error_or(Error{})).c_str());
        QVERIFY2(fromPem.has_value(), describe(fromPem.error_or(Error{})).c_str());
        QCOMPARE(fromPem->thumbprint(), fromDer->thumbprint());
        if (jwk) {
            const Result<Key> fromJwk = Key::fromJwk(*jwk);
            QVERIFY2(fromJwk.has_value(), describe(fromJwk.error_or(Error{})).c_str());
            QCOMPARE(fromJwk->thumbprint(), fromDer->thumbprint());
        }
        Result<Verifier> verifier = Verifier::make(alg, *fromDer);
        QVERIFY2(verifier.has_value(), describe(verifier.error_or(Error{})).c_str());
        for (const Json &test : group.find("tests")->items()) {
            const std::int64_t id = *test.find("tcId")->asInteger();
            const std::string_view erratum = vectors::erratum(m_errata, file, id);
            const std::optional<bool> expected =
                verdictOf(erratum.empty() ? test.stringOr("result", "") : erratum);
            if (!expected) {
                tally.skip();
                continue;
            }
            const bool fits =
                verifier->fits(unhex(test.stringOr("msg", "")), unhex(test.stringOr("sig", "")));
            tally.note(fits == *expected,
                       std::format("tcId {} {}", id, test.stringOr("comment", "")));
        }
    }
    ALL_AGREE(tally);
}

void tst_JoseVectors::wycheproofHmac()
{
    constexpr std::string_view kFile = "wycheproof/hmac_sha256_test.json";
    const Json set = need(kFile);
    NEED(set);
    Tally tally{std::string(kFile)};
    for (const Json &group : set.find("testGroups")->items()) {
        const bool truncated = group.find("tagSize")->asInteger() != 256;
        for (const Json &test : group.find("tests")->items()) {
            const Key key =
                *Key::fromSecret(Secret(std::string_view(unhex(test.stringOr("key", "")))));
            const bool isShort = group.find("keySize")->asInteger() < 256;
            QCOMPARE(Verifier::make(Alg::HS256, key).has_value(), !isShort);
            Result<Verifier> verifier = Verifier::make(Alg::HS256, key, true);
            const bool fits =
                verifier->fits(unhex(test.stringOr("msg", "")), unhex(test.stringOr("tag", "")));
            const bool expected = !truncated && test.stringOr("result", "") == "valid";
            tally.note(fits == expected, test.stringOr("comment", ""));
        }
    }
    ALL_AGREE(tally);
}

void tst_JoseVectors::rfcExamples_data()
{
    QTest::addColumn<std::string>("token");
    QTest::addColumn<std::string>("key");
    QTest::addColumn<bool>("accept");
    const auto row = [](const char *name, const char *key, bool accept) {
        QTest::addRow("%s with key %s", name, key)
            << std::format("rfc-examples/{}.jwsc", name) << std::format("rfc-examples/{}.jwk", key)
            << accept;
    };
    row("rfc7515_A.1", "rfc7515_A.1", true);
    row("rfc7515_A.2", "rfc7515_A.2", true);
    row("rfc7515_A.3", "rfc7515_A.3", true);
    row("rfc7515_A.4", "rfc7515_A.4", true);
    row("rfc7515_A.5", "rfc7515_A.1", false); // alg none
    row("rfc7515_A.1", "rfc7515_A.2", false);
    row("rfc7515_A.4", "rfc7515_A.3", false);
}

void tst_JoseVectors::rfcExamples()
{
    QFETCH(const std::string, token);
    QFETCH(const std::string, key);
    QFETCH(const bool, accept);
    const std::optional<std::string> text = vectors::readFile(token);
    if (!text)
        QSKIP("the vectors are not here; set POSTERN_VECTORS to their folder");
    const Json jwk = vectors::readJson(key);
    QCOMPARE(accepts(*text, jwk), accept);
    const Result<DecodedJws> jws = decodeJws(*text);
    QVERIFY(jws.has_value());
    if (token.contains("A.1"))
        QVERIFY(jws->payloadText.contains("\r\n")); // octets as signed
}

void tst_JoseVectors::rfc7638Thumbprint()
{
    const Json jwk = need("rfc-examples/rfc7638_3.1.jwk");
    NEED(jwk);
    QCOMPARE(Key::fromJwk(jwk)->thumbprint(), *vectors::readFile("rfc-examples/rfc7638_3.1.thp"));
}

void tst_JoseVectors::thumbprints()
{
    const Json set = need("own/thumbprints.json");
    NEED(set);
    Tally tally{"own/thumbprints.json"};
    for (const Json &row : set.find("thumbprints")->items()) {
        const Json *jwk = row.find("jwk");
        if (jwk->stringOr("kty", "") == "AKP") {
            tally.skip();
            continue;
        }
        const Result<Key> key = Key::fromJwk(*jwk);
        tally.note(key && key->thumbprint() == row.stringOr("sha256", ""), row.stringOr("id", ""));
    }
    ALL_AGREE(tally);
}

void tst_JoseVectors::cookbook_data()
{
    QTest::addColumn<std::string>("file");
    for (const char *name :
         {"jws/4_1.rsa_v15_signature", "jws/4_2.rsa-pss_signature", "jws/4_3.ecdsa_signature",
          "jws/4_4.hmac-sha2_integrity_protection", "rfc8037/ed25519-jws"})
        QTest::newRow(name) << std::format("cookbook/{}.json", name);
}

void tst_JoseVectors::cookbook()
{
    QFETCH(const std::string, file);
    const Json set = need(file);
    NEED(set);
    const Json &input = *set.find("input");
    const std::string_view compact = set.find("output")->stringOr("compact", "");
    const Result<Key> key = Key::fromJwk(*input.find("key"));
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    const Result<DecodedJws> jws = verifyJws(compact, *key);
    QVERIFY2(jws.has_value(), describe(jws.error_or(Error{})).c_str());
    QCOMPARE(std::string_view(jws->payloadText), input.stringOr("payload", ""));
    const Json *reproducible = set.find("reproducible");
    if (!reproducible || !reproducible->asBool())
        return;
    const Result<std::string> again =
        signJws(jws->headerText, jws->payloadText, findAlg(jws->alg)->alg, *key);
    QVERIFY2(again.has_value(), describe(again.error_or(Error{})).c_str());
    QCOMPARE(std::string_view(*again), compact);
}

void tst_JoseVectors::webDebuggerTokens()
{
    const Json set = need("jwtio/default-tokens.json");
    NEED(set);
    Tally tally{"jwtio/default-tokens.json"};
    for (const Json &row : set.find("tokens")->items()) {
        const std::string_view name = row.stringOr("alg", "");
        const std::string_view token = row.stringOr("token", "");
        if (name.starts_with("ML-DSA")) {
            tally.skip();
            continue;
        }
        if (name == "none") {
            tally.note(!verifyJws(token, *Key::generate(Alg::HS256)), name);
            continue;
        }
        if (const Json *secret = row.find("secret")) {
            const Key key = *Key::fromSecret(Secret(std::string_view(secret->asString())));
            tally.note(verifyJws(token, key).has_value(), name);
            continue;
        }
        // The JWK, the public and the private PEM are the same key and each verifies.
        const Result<Key> jwk = Key::fromJwk(*row.find("jwk"));
        const Result<Key> publicPem = Key::fromPem(row.stringOr("public_pem", ""));
        const Result<Key> privatePem = Key::fromPem(row.stringOr("private_pem", ""));
        const bool same = jwk && publicPem && privatePem
            && jwk->thumbprint() == publicPem->thumbprint()
            && jwk->thumbprint() == privatePem->thumbprint() && privatePem->isPrivate()
            && !publicPem->isPrivate();
        tally.note(same && verifyJws(token, *publicPem).has_value()
                       && verifyJws(token, *jwk).has_value()
                       && Key::fromJwk(privatePem->toJwk(true))->isPrivate(),
                   name);
    }
    ALL_AGREE(tally);
}

void tst_JoseVectors::jwkImport()
{
    const Json set = need("own/jwk-import.json");
    NEED(set);
    Tally tally{"own/jwk-import.json"};
    for (const Json &row : set.find("keys")->items()) {
        const std::string_view expect = row.stringOr("expect", "");
        const bool expected =
            verdictOf(expect == "policy" ? row.stringOr("default", "") : expect).value();
        const Result<Key> key = Key::fromJwk(*row.find("jwk"));
        tally.note(key.has_value() == expected,
                   std::format("{}: {}", row.stringOr("id", ""),
                               key ? "accepted" : describe(key.error())));
    }
    ALL_AGREE(tally);
}

void tst_JoseVectors::strictness()
{
    const Json set = need("own/strictness.json");
    NEED(set);
    const Json &keys = *set.find("keys");
    const Clock clock(Clock::Mode::Frozen,
                      Timestamp(std::chrono::seconds(*set.find("now")->asInteger())));
    Tally tally{"own/strictness.json"};
    for (const Json &row : set.find("cases")->items()) {
        // Unencoded and detached payloads (RFC 7797) are not part of the compact verifier.
        if (row.contains("detached") || row.stringOr("id", "") == "b64-false-jws") {
            tally.skip();
            continue;
        }
        const std::string_view expect = row.stringOr("expect", "");
        const bool expected =
            verdictOf(expect == "policy" ? row.stringOr("default", "") : expect).value();
        const std::string_view token = row.stringOr("token", "");
        JwtPolicy policy;
        if (const Json *verify = row.find("verify")) {
            if (const Json *aud = verify->find("aud"))
                policy.audience = {aud->asString()};
            if (const Json *iss = verify->find("iss"))
                policy.issuer = iss->asString();
            if (const Json *typ = verify->find("typ"))
                policy.type = typ->asString();
            if (const Json *leeway = verify->find("leeway"))
                policy.leeway = *leeway->asInteger();
            if (const Json *age = verify->find("max_age"))
                policy.maxAge = *age->asInteger();
            if (const Json *algs = verify->find("algs")) {
                for (const Json &name : algs->items())
                    policy.algs.push_back(findAlg(name.asString())->alg);
            }
            if (const Json *require = verify->find("require")) {
                for (const Json &name : require->items())
                    policy.required.push_back(name.asString());
            }
        }
        const Result<Key> key = Key::fromJwk(*keys.find(row.stringOr("key", "")));
        const bool isJws = row.stringOr("kind", "jwt") == "jws";
        bool accepted = false;
        std::string why = key ? "" : describe(key.error());
        if (key && isJws) {
            accepted = verifyJws(token, *key).has_value();
        } else if (key) {
            const JwtVerdict verdict = verifyJwt(token, *key, policy, clock);
            accepted = verdict.valid;
            for (const JwtCheck &check : verdict.checks) {
                if (!check.ok)
                    why += check.id + ": " + check.detail + "; ";
            }
            if (row.stringOr("jws", "") == "accept")
                tally.note(verifyJws(token, *key).has_value(),
                           std::format("{} as JWS", row.stringOr("id", "")));
        }
        tally.note(accepted == expected,
                   std::format("{} expected {}: {}", row.stringOr("id", ""), expect, why));
        // Whatever the verdict, what is shown is what was sent.
        if (const Json *shown = row.find("payload_text"))
            tally.note(inspectJws(token).token.payloadText == shown->asString(),
                       std::format("{} as shown", row.stringOr("id", "")));
    }
    ALL_AGREE(tally);
}

QTEST_GUILESS_MAIN(tst_JoseVectors)
#include "tst_jose_vectors.moc"
