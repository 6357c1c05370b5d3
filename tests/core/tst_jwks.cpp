// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jwks.h"

#include <QTest>

#include <format>

using namespace postern;

class tst_Jwks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void selects_data();
    void selects();
    void aTokenWithoutKidNeedsOneFittingKey();
    void secondKeyOfOneNameIsAmbiguous();
    void brokenMembersAreSkippedAndNamed();
    void addsOnceAndUpgrades();
    void mergesRemovesPublishes();
    void keepsOtherMembers();
    void isBounded();

private:
    std::vector<Key> m_keys;
    KeySet m_set;
};

void tst_Jwks::initTestCase()
{
    const auto named = [](Alg alg, const char *kid, std::string_view more, std::string_view value) {
        Json jwk = Key::generate(alg)->toJwk(true);
        jwk.erase("alg");
        jwk.set("kid", kid);
        if (!more.empty())
            jwk.set(more, value);
        return *Key::fromJwk(jwk);
    };
    m_keys = {named(Alg::ES256, "ec", "", ""),         named(Alg::ES384, "ec384", "alg", "ES384"),
              named(Alg::Ed25519, "ed", "use", "sig"), named(Alg::ES256, "enc", "use", "enc"),
              named(Alg::HS256, "hs", "alg", "HS256"), *Key::generate(Alg::ML_DSA_44)};
    for (const Key &key : m_keys)
        QVERIFY(m_set.add(key).has_value());
}

void tst_Jwks::selects_data()
{
    QTest::addColumn<Alg>("alg");
    QTest::addColumn<QByteArray>("kid"); // null: the token names none
    QTest::addColumn<int>("index"); // of the key; -1: refused
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char *name, Alg alg, const char *kid, int index, const char *reason) {
        QTest::newRow(name) << alg << QByteArray(kid) << index << QByteArray(reason);
    };
    row("by kid", Alg::ES256, "ec", 0, "");
    row("without kid: the only one that fits (the other is for encryption)", Alg::ES256, nullptr, 0,
        "");
    row("without kid, another curve", Alg::ES384, nullptr, 1, "");
    row("kid of another curve", Alg::ES256, "ec384", -1, "alg-key-mismatch");
    row("kid of another family: no HMAC with a public key", Alg::HS256, "ec", -1,
        "alg-key-mismatch");
    row("kid of an encryption key", Alg::ES256, "enc", -1, "key-use");
    row("kid is compared exactly", Alg::ES256, "EC", -1, "no-key");
    row("kid empty", Alg::ES256, "", -1, "no-key");
    row("unknown kid", Alg::ES256, "nobody", -1, "no-key");
    row("no key of the type", Alg::RS256, nullptr, -1, "no-key");
    row("EdDSA names the same key", Alg::EdDSA, "ed", 2, "");
    row("Ed25519", Alg::Ed25519, nullptr, 2, "");
    row("Ed448", Alg::Ed448, nullptr, -1, "no-key");
    row("HS512 with a key for HS256", Alg::HS512, "hs", -1, "alg-key-mismatch");
    row("ML-DSA-44", Alg::ML_DSA_44, nullptr, 5, "");
    row("ML-DSA-65", Alg::ML_DSA_65, nullptr, -1, "no-key");
}

void tst_Jwks::selects()
{
    QFETCH(const Alg, alg);
    QFETCH(const QByteArray, kid);
    QFETCH(const int, index);
    QFETCH(const QByteArray, reason);
    const auto name = kid.isNull() ? std::nullopt : std::optional(kid.toStdString());
    const Result<Key> key = m_set.select(alg, name);
    QCOMPARE(key.has_value(), index >= 0);
    if (key)
        QCOMPARE(key->thumbprint(), m_keys.at(static_cast<std::size_t>(index)).thumbprint());
    else
        QCOMPARE(QByteArray(slug(key.error().code).data()), reason);
}

void tst_Jwks::aTokenWithoutKidNeedsOneFittingKey()
{
    KeySet set;
    QVERIFY(set.add(*Key::generate(Alg::ES256)).has_value());
    QVERIFY(set.add(*Key::generate(Alg::ES256)).has_value());
    const Result<Key> key = set.select(Alg::ES256, std::nullopt);
    QCOMPARE(key.error().code, Errc::KeyAmbiguous);
    QVERIFY(key.error().detail.contains(set.keys()[0].kid()));
    QCOMPARE(set.candidates(Alg::ES256, std::nullopt).size(), 2UL);
}

void tst_Jwks::secondKeyOfOneNameIsAmbiguous()
{
    const auto named = [](Alg alg) { return Key::generate(alg)->withKid("k").toJwk(false); };
    const Json a = named(Alg::ES256);
    const Json b = named(Alg::ES256);
    const Json c = named(Alg::Ed25519);
    const auto set = [](Json::Array keys) {
        return *KeySet::fromJson(Json::object({{"keys", Json(std::move(keys))}}));
    };
    QCOMPARE(set({a, b}).select(Alg::ES256, "k").error().code, Errc::KeyAmbiguous);
    QVERIFY(set({a, a}).select(Alg::ES256, "k").has_value()); // one key, twice
    QCOMPARE(set({a, a}).keys().size(), 1UL);
    QVERIFY(set({a, c}).select(Alg::ES256, "k").has_value()); // told apart by type
    // The one that cannot be read may have been the one that is meant.
    Json broken = b;
    broken.set("x", "AAAA");
    QCOMPARE(set({a, broken}).select(Alg::ES256, "k").error().code, Errc::KeyAmbiguous);
    QCOMPARE(set({broken}).select(Alg::ES256, "k").error().code, Errc::KeyMissing);
    QCOMPARE(set({broken, c}).select(Alg::ES256, "other").error().code, Errc::KeyMissing);
}

void tst_Jwks::brokenMembersAreSkippedAndNamed()
{
    const Json good = Key::generate(Alg::ES256)->toJwk(false);
    const Json document =
        Json::object({{"keys",
                       Json(Json::Array{Json::object({{"kty", "LWE"}, {"kid", "new"}}), Json(5),
                                        good, Json::object({{"kty", "oct"}, {"k", ""}})})}});
    const Result<KeySet> set = KeySet::fromJson(document);
    QVERIFY(set.has_value());
    QCOMPARE(set->keys().size(), 1UL);
    QCOMPARE(set->skipped().size(), 3UL);
    QCOMPARE(set->skipped()[0].kid, std::string("new"));
    QCOMPARE(set->skipped()[0].error.code, Errc::KeyTypeUnknown);
    QCOMPARE(set->skipped()[0].error.where, std::string("/keys/0/kty"));
    QCOMPARE(set->skipped()[2].error.where, std::string("/keys/3/k"));
    for (const char *bad : {"[]", "{}", R"({"keys":{}})", R"({"keys":null})", R"({"Keys":[]})"})
        QVERIFY2(!KeySet::parse(bad), bad);
    QCOMPARE(KeySet::parse(R"({"keys":{}})").error().code, Errc::KeySetShape);
    QVERIFY(!KeySet::parse(good.dump()));
    QVERIFY(KeySet::parse(good.dump(), true).has_value());
    QCOMPARE(KeySet::parse(R"({"keys":[]})")->select(Alg::ES256, {}).error().code,
             Errc::KeyMissing);
}

void tst_Jwks::addsOnceAndUpgrades()
{
    const Key key = *Key::generate(Alg::ES256);
    KeySet set;
    QVERIFY(set.add(*key.publicPart()).has_value());
    QVERIFY(set.add(key.withKid({})).has_value()); // the same, now with its private part
    QCOMPARE(set.keys().size(), 1UL);
    QVERIFY(set.keys()[0].isPrivate());
    QCOMPARE(set.keys()[0].kid(), key.kid());
    QVERIFY(set.add(*key.publicPart()).has_value());
    QVERIFY(set.keys()[0].isPrivate());
    QCOMPARE(set.add(Key::generate(Alg::ES256)->withKid(key.kid())).error().code, Errc::Conflict);
}

void tst_Jwks::mergesRemovesPublishes()
{
    KeySet set = m_set;
    KeySet more;
    QVERIFY(more.add(*Key::generate(Alg::ES512)).has_value());
    QVERIFY(more.add(m_keys[0]).has_value());
    QVERIFY(set.merge(more).has_value());
    QCOMPARE(set.keys().size(), m_keys.size() + 1);
    QCOMPARE(set.publicPart().error().code, Errc::KeyType); // the HMAC secret
    const KeySet open = *set.publicPart(true);
    QCOMPARE(open.keys().size(), m_keys.size());
    const std::string text = open.toJson(true).dump();
    for (const char *member : {"\"d\"", "\"k\"", "\"priv\""})
        QVERIFY2(!text.contains(member), member);
    QCOMPARE(set.remove("hs"), 1UL);
    QCOMPARE(set.remove(m_keys[0].thumbprint()), 1UL);
    QCOMPARE(set.remove("hs"), 0UL);
    QVERIFY(set.publicPart().has_value());
}

void tst_Jwks::keepsOtherMembers()
{
    Json jwk = Key::generate(Alg::ES256)->toJwk(false);
    jwk.set("x5t#S256", "abc");
    jwk.set("exp", Json::number("1.0e3"));
    const Json document =
        Json::object({{"keys", Json(Json::Array{jwk})}, {"issuer", "https://a.example"}});
    QCOMPARE(KeySet::fromJson(document)->toJson(false).dump(), document.dump());
}

void tst_Jwks::isBounded()
{
    Json keys = Json::array();
    for (std::size_t i = 0; i <= KeySet::kMaxKeys; ++i)
        keys.push_back(Json::object({{"kty", "none"}}));
    QCOMPARE(KeySet::fromJson(Json::object({{"keys", keys}})).error().code, Errc::LimitExceeded);
    QCOMPARE(KeySet::parse(std::string(KeySet::kMaxSize + 1, ' ')).error().code, Errc::JsonSize);
}

QTEST_GUILESS_MAIN(tst_Jwks)
#include "tst_jwks.moc"
