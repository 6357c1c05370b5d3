// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/pem.h"
#include "core/jose/jwks.h"
#include "core/jose/jws.h"
#include "core/jose/key_import.h"
#include "core/jose/key_lint.h"
#include "core/jose/signature.h"
#include "tests/support/vector_checks.h"

#include <QDir>
#include <QTest>

#include <algorithm>
#include <format>

using namespace postern;
using vectors::Tally;

/// Published sets about keys, 100 % required after errata.json. Those about tokens and the classic
/// primitives are in tst_jose_vectors.
class tst_KeyVectors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void wycheproofKeySets();
    void mlDsaVerifies();
    void mlDsaSignsFromSeeds();
    void mlDsaTokens_data();
    void mlDsaTokens();
    void cookbookKeys_data();
    void cookbookKeys();
    void rfcKeySets();
    void thumbprints();
    void importsKeys();
    void importsSets();
    void webDebuggerKeysBothWays();
    void jsonTestSuite();

private:
    Json m_errata;
};

namespace {

std::string unhex(std::string_view text) { return *decodeHex(text); }

bool expectedOf(const Json &row)
{
    const std::string_view expect = row.stringOr("expect", "");
    return (expect == "policy" ? row.stringOr("default", "") : expect) == "accept";
}

bool hasFlag(const Json &test, std::string_view flag)
{
    return std::ranges::find(test.find("flags")->items(), Json(flag))
        != test.find("flags")->items().end();
}

bool hasContext(const Json &test) { return !test.stringOr("ctx", "").empty(); }

std::vector<std::string> idsOf(const std::vector<LintFinding> &findings)
{
    std::vector<std::string> ids;
    for (const LintFinding &finding : findings)
        ids.emplace_back(finding.id);
    return ids;
}

} // namespace

void tst_KeyVectors::initTestCase() { m_errata = vectors::readJson("errata.json"); }

void tst_KeyVectors::wycheproofKeySets()
{
    constexpr std::string_view kFile = "wycheproof/json_web_key_test.json";
    const Json set = vectors::readJson(kFile);
    NEED(set);
    Tally tally{std::string(kFile) + " by selection"};
    for (const Json &group : set.find("testGroups")->items()) {
        const Json *document = group.find("public");
        const Result<KeySet> keys = KeySet::fromJson(document ? *document : *group.find("private"));
        QVERIFY(keys.has_value());
        for (const Json &test : group.find("tests")->items()) {
            const std::int64_t id = *test.find("tcId")->asInteger();
            const std::string_view erratum = vectors::erratum(m_errata, kFile, id);
            const std::string_view result = erratum.empty() ? test.stringOr("result", "") : erratum;
            const std::string_view token = test.stringOr("jws", "");
            const Result<DecodedJws> jws = decodeJws(token);
            const Result<Key> key = jws.and_then([&](const DecodedJws &decoded) {
                return selectAlg(decoded, {}).and_then([&](Alg alg) {
                    return keys->select(alg,
                                        decoded.header.contains("kid")
                                            ? std::optional<std::string_view>(decoded.kid)
                                            : std::nullopt);
                });
            });
            const bool accepted = key && verifyJws(token, *key).has_value();
            tally.note(accepted == (result == "valid" || result == "accept"),
                       std::format("tcId {} {}: {}", id, test.stringOr("comment", ""),
                                   key ? "a key" : describe(key.error())));
        }
    }
    ALL_AGREE(tally);
}

void tst_KeyVectors::mlDsaVerifies()
{
    constexpr std::string_view kFile = "wycheproof/mldsa_44_verify_test.json";
    const Json set = vectors::readJson(kFile);
    NEED(set);
    Tally tally{std::string(kFile)};
    for (const Json &group : set.find("testGroups")->items()) {
        const Result<Key> raw =
            Key::fromRawPublic(Alg::ML_DSA_44, unhex(group.stringOr("publicKey", "")));
        // A DER of the same key is the same key; one of a wrong length is refused as well.
        const std::string der = unhex(group.stringOr("publicKeyDer", ""));
        QCOMPARE(Key::import(der).has_value(), raw.has_value());
        if (raw) {
            QCOMPARE(Key::import(der)->thumbprint(), raw->thumbprint());
            QCOMPARE(*raw->toDer(false), der);
        }
        std::optional<Verifier> verifier;
        if (raw)
            verifier.emplace(std::move(*Verifier::make(Alg::ML_DSA_44, *raw)));
        for (const Json &test : group.find("tests")->items()) {
            if (test.contains("ctx")) {
                tally.skip();
                continue;
            }
            const bool fits = verifier
                && verifier->fits(unhex(test.stringOr("msg", "")), unhex(test.stringOr("sig", "")));
            tally.note(fits == (test.stringOr("result", "") == "valid"),
                       std::format("tcId {} {}", test.find("tcId")->lexeme(),
                                   test.stringOr("comment", "")));
        }
    }
    ALL_AGREE(tally);
}

void tst_KeyVectors::mlDsaSignsFromSeeds()
{
    constexpr std::string_view kFile = "wycheproof/mldsa_44_sign_seed_test.json";
    const Json set = vectors::readJson(kFile);
    NEED(set);
    Tally tally{std::string(kFile)};
    for (const Json &group : set.find("testGroups")->items()) {
        const std::string seed = unhex(group.stringOr("privateSeed", ""));
        const Result<Key> key = Key::fromSeed(Alg::ML_DSA_44, Secret(std::string_view(seed)));
        if (key) {
            const std::string pub = unhex(group.stringOr("publicKey", ""));
            QCOMPARE(key->thumbprint(), Key::fromRawPublic(Alg::ML_DSA_44, pub)->thumbprint());
            if (const Json *der = group.find("privateKeyPkcs8")) {
                QCOMPARE(*key->toDer(true), unhex(der->asString()));
                QCOMPARE(*Key::import(unhex(der->asString()))->toDer(true), unhex(der->asString()));
            }
        }
        for (const Json &test : group.find("tests")->items()) {
            if (hasFlag(test, "Internal") || hasFlag(test, "Randomized") || hasContext(test)) {
                tally.skip();
                continue;
            }
            const Result<std::string> signature = key.and_then([&](const Key &one) {
                return Signer::make(Alg::ML_DSA_44, one, false, Nonce::Deterministic)
                    .and_then([&](Signer signer) {
                        return signer.sign(unhex(test.stringOr("msg", "")));
                    });
            });
            const bool agrees = test.stringOr("result", "") == "valid"
                ? signature && *signature == unhex(test.stringOr("sig", ""))
                : !signature;
            tally.note(agrees,
                       std::format("tcId {} {}", test.find("tcId")->lexeme(),
                                   test.stringOr("comment", "")));
        }
    }
    ALL_AGREE(tally);
}

void tst_KeyVectors::mlDsaTokens_data()
{
    QTest::addColumn<std::string>("file");
    const QDir folder(QString::fromStdString(vectors::folder() + "/ml-dsa"));
    for (const QString &name : folder.entryList({QStringLiteral("*.json")}, QDir::Files))
        QTest::newRow(name.toUtf8().constData()) << "ml-dsa/" + name.toStdString();
    if (folder.entryList(QDir::Files).isEmpty())
        QTest::newRow("absent") << std::string();
}

void tst_KeyVectors::mlDsaTokens()
{
    QFETCH(const std::string, file);
    if (file.empty())
        QSKIP("the vectors are not here; set POSTERN_VECTORS to their folder");
    const Json set = vectors::readJson(file);
    const Json &jwk = *set.find("jwk");
    const Result<Key> key = Key::fromJwk(jwk);
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    QCOMPARE(key->toJwk(true).dump(), jwk.dump()); // members, order and text
    QCOMPARE(key->kid(), key->thumbprint());
    const std::string raw = unhex(set.stringOr("raw_public_key", ""));
    QCOMPARE(Key::fromRawPublic(*key->declaredAlg(), raw)->thumbprint(), key->thumbprint());
    QVERIFY(verifyJws(set.stringOr("jws", ""), *key).has_value());
    QVERIFY(verifyJws(set.stringOr("jws", ""), *key->publicPart()).has_value());
    Result<Verifier> verifier = Verifier::make(*key->declaredAlg(), *key);
    QVERIFY(verifier->fits(unhex(set.stringOr("raw_to_be_signed", "")),
                           unhex(set.stringOr("raw_signature", ""))));
    // Through PEM and DER and back.
    const Key viaPem = *Key::fromPem(*key->toPem(true));
    QCOMPARE(viaPem.toJwk(true).stringOr("priv", ""), jwk.stringOr("priv", "-"));
    QCOMPARE(*Key::import(*key->toDer(true))->toPem(true), *key->toPem(true));
}

void tst_KeyVectors::cookbookKeys_data()
{
    QTest::addColumn<std::string>("file");
    for (const char *name :
         {"3_1.ec_public_key", "3_2.ec_private_key", "3_3.rsa_public_key", "3_4.rsa_private_key",
          "3_5.symmetric_key_mac_computation", "3_6.symmetric_key_encryption"})
        QTest::newRow(name) << std::format("cookbook/jwk/{}.json", name);
}

void tst_KeyVectors::cookbookKeys()
{
    QFETCH(const std::string, file);
    const Json jwk = vectors::readJson(file);
    NEED(jwk);
    const Result<Key> key = Key::fromJwk(jwk);
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    QCOMPARE(key->toJwk(true).dump(), jwk.dump());
    QCOMPARE(key->isPrivate(), jwk.contains("d") || jwk.contains("k"));
    if (key->type() == KeyType::Oct)
        return;
    const Key viaPem = *Key::fromPem(*key->toPem(key->isPrivate()));
    QCOMPARE(viaPem.thumbprint(), key->thumbprint());
    QCOMPARE(*Key::fromJwk(viaPem.toJwk(true))->toPem(key->isPrivate()),
             *key->toPem(key->isPrivate()));
}

void tst_KeyVectors::rfcKeySets()
{
    int sets = 0;
    const QDir folder(QString::fromStdString(vectors::folder() + "/rfc-examples"));
    for (const QString &name : folder.entryList({QStringLiteral("*.jwkset")}, QDir::Files)) {
        const auto text = vectors::readFile("rfc-examples/" + name.toStdString());
        const Result<KeySet> set = KeySet::parse(*text);
        QVERIFY2(set.has_value(), describe(set.error_or(Error{})).c_str());
        QCOMPARE(set->toJson(true), *parseJson(*text));
        QVERIFY(set->skipped().empty());
        ++sets;
    }
    if (sets == 0)
        QSKIP("the vectors are not here; set POSTERN_VECTORS to their folder");
}

void tst_KeyVectors::thumbprints()
{
    const Json set = vectors::readJson("own/thumbprints.json");
    NEED(set);
    Tally tally{"own/thumbprints.json"};
    for (const Json &row : set.find("thumbprints")->items()) {
        const Result<Key> key = Key::fromJwk(*row.find("jwk"));
        tally.note(key && key->thumbprint() == row.stringOr("sha256", "")
                       && key->thumbprint(ThumbprintHash::Sha512) == row.stringOr("sha512", "")
                       && key->thumbprintUri() == row.stringOr("uri", ""),
                   row.stringOr("id", ""));
    }
    ALL_AGREE(tally);
}

void tst_KeyVectors::importsKeys()
{
    const Json set = vectors::readJson("own/jwk-import.json");
    NEED(set);
    Tally tally{"own/jwk-import.json, keys"};
    // Our slugs where the set suggests others; both are advice.
    const std::vector<std::pair<std::string_view, std::string_view>> names{
        {"private-mismatch", "key-mismatch"}};
    for (const Json &row : set.find("keys")->items()) {
        const Result<Key> key = Key::fromJwk(*row.find("jwk"));
        bool agrees = key.has_value() == expectedOf(row);
        std::string why = key ? "accepted" : describe(key.error());
        if (agrees && !key) {
            std::string_view reason = row.stringOr("reason", "");
            for (const auto &[theirs, ours] : names)
                reason = reason == theirs ? ours : reason;
            agrees = reason == slug(key.error().code);
            why = std::format("{} instead of {}", slug(key.error().code), reason);
        }
        const Json *lint = row.find("lint");
        if (agrees && key && lint) {
            const auto ids = idsOf(lintKey(*key, *row.find("jwk")));
            for (const Json &id : lint->items())
                agrees = agrees && std::ranges::find(ids, id.asString()) != ids.end();
            why = "lint";
        }
        // What is kept survives: every member that was given comes back.
        if (agrees && key) {
            for (const auto &[name, value] : row.find("jwk")->members())
                agrees =
                    agrees && key->toJwk(true).find(name) && *key->toJwk(true).find(name) == value;
        }
        tally.note(agrees, std::format("{}: {}", row.stringOr("id", ""), why));
    }
    ALL_AGREE(tally);
}

void tst_KeyVectors::importsSets()
{
    const Json set = vectors::readJson("own/jwk-import.json");
    NEED(set);
    Tally tally{"own/jwk-import.json, sets"};
    for (const Json &row : set.find("sets")->items()) {
        const Result<KeySet> keys = KeySet::fromJson(*row.find("jwks"));
        Json kids = Json::array();
        if (keys) {
            for (const Key &key : keys->keys())
                kids.push_back(key.kid().empty() ? Json() : Json(key.kid()));
        }
        tally.note(keys.has_value() == expectedOf(row) && (!keys || kids == *row.find("usable")),
                   std::format("{}: {}", row.stringOr("id", ""), kids.dump()));
    }
    ALL_AGREE(tally);
}

void tst_KeyVectors::webDebuggerKeysBothWays()
{
    const Json set = vectors::readJson("jwtio/default-tokens.json");
    NEED(set);
    Tally tally{"jwtio/default-tokens.json, PEM and JWK"};
    for (const Json &row : set.find("tokens")->items()) {
        const Json *jwk = row.find("jwk");
        if (!jwk) {
            tally.skip();
            continue;
        }
        const std::string name(row.stringOr("alg", ""));
        const Result<Key> fromPem = Key::fromPem(row.stringOr("private_pem", ""));
        const Result<Key> publicPem = Key::fromPem(row.stringOr("public_pem", ""));
        const Result<Key> fromJwk = Key::fromJwk(*jwk);
        const bool read = fromPem && publicPem && fromJwk;
        tally.note(read, name + " reads");
        if (!read)
            continue;
        tally.note(fromPem->thumbprint() == fromJwk->thumbprint()
                       && publicPem->thumbprint() == fromJwk->thumbprint(),
                   name + " is one key");
        // PEM to JWK to PEM, and PEM to DER to PEM: the same octets.
        const auto canonical = [&](std::string_view member) {
            return readPem(row.stringOr(member, ""))->text;
        };
        const Result<Key> viaJwk = Key::fromJwk(fromPem->toJwk(true));
        tally.note(viaJwk && *viaJwk->toPem(true) == canonical("private_pem"),
                   name + " private PEM by way of JWK");
        tally.note(*Key::import(*fromPem->toDer(true))->toPem(true) == canonical("private_pem"),
                   name + " private PEM by way of DER");
        tally.note(*Key::fromJwk(publicPem->toJwk(false))->toPem(false) == canonical("public_pem"),
                   name + " public PEM by way of JWK");
        // JWK to PEM to JWK: the same members.
        const bool isPrivate = jwk->contains("d");
        Json back = Key::fromPem(*fromJwk->toPem(isPrivate))->toJwk(isPrivate);
        bool same = true;
        for (const auto &[member, value] : jwk->members())
            same = same && back.find(member) && *back.find(member) == value;
        tally.note(same, name + " JWK by way of PEM");
    }
    ALL_AGREE(tally);
}

void tst_KeyVectors::jsonTestSuite()
{
    const Json set = vectors::readJson("json/jsontestsuite.json");
    NEED(set);
    Tally tally{"json/jsontestsuite.json"};
    for (const Json &row : set.find("parsing")->items()) {
        std::string text;
        if (const Json *repeated = row.find("repeat_base64")) {
            const std::string part = *decodeBase64(repeated->asString());
            const auto length = static_cast<std::size_t>(*row.find("length")->asInteger());
            while (text.size() < length)
                text += part;
            text.resize(length);
        } else {
            text = *decodeBase64(row.stringOr("base64", ""));
        }
        const std::string_view expect = row.stringOr("expect", "");
        // RFC 8259 leaves duplicate names to the reader; everything but a grammar check refuses
        // them.
        const bool accepted = parseJson(text, {.lastDuplicateWins = true}).has_value();
        if (expect == "either")
            tally.skip();
        else
            tally.note(accepted == (expect == "accept"), row.stringOr("name", ""));
    }
    ALL_AGREE(tally);
}

QTEST_GUILESS_MAIN(tst_KeyVectors)
#include "tst_key_vectors.moc"
