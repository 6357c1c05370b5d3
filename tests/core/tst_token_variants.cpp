// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"
#include "core/jose/jwt.h"
#include "core/jose/profile.h"
#include "core/jose/token_variants.h"

#include <QTest>

#include <algorithm>
#include <format>
#include <set>

using namespace postern;

/// The predictions of `token break` against the strict verifier, for every algorithm.
class tst_TokenVariants : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strictVerifierAnswersAsPredicted_data();
    void strictVerifierAnswersAsPredicted();
    void gatewayProfilesAnswerAsPredicted_data();
    void gatewayProfilesAnswerAsPredicted();
    void weakSecretsAreRefusedBeforeTheSignature();
    void publicKeyStillGivesUnsignedVariants();
    void withoutKeyTheGivenTokenIsVaried();
    void pssOfLargeKeysIsRefusedByApisix();
    void algorithmsUnknownToApisixHaveNoPrediction();
};

namespace {

constexpr std::int64_t kNow = 1'800'000'000;

VariantBase baseFor(Alg alg, Key key)
{
    VariantBase base;
    base.alg = alg;
    base.now = kNow;
    base.keyClaim = "key";
    Json header = Json::object({{"alg", info(alg).name}, {"typ", "JWT"}});
    if (!key.kid().empty())
        header.set("kid", key.kid());
    base.headerText = header.dump();
    base.payloadText = std::format(R"({{"key":"jack-key","iat":{},"exp":{}}})", kNow, kNow + 3600);
    base.key = std::move(key);
    return base;
}

const TokenVariant *find(const std::vector<TokenVariant> &variants, std::string_view id)
{
    const auto found = std::ranges::find(variants, id, &TokenVariant::id);
    return found == variants.end() ? nullptr : &*found;
}

JwtVerdict verdictOf(const TokenVariant &variant, const VariantBase &base)
{
    JwtPolicy policy;
    policy.algs = {base.alg};
    policy.required = {base.keyClaim};
    if (!variant.audience.empty())
        policy.audience = {std::string(variant.audience)};
    if (!variant.issuer.empty())
        policy.issuer = std::string(variant.issuer);
    const Clock clock(Clock::Mode::Frozen, Timestamp(std::chrono::seconds(kNow)));
    return verifyJwt(variant.token, *base.key, policy, clock);
}

std::string textOf(const JwtVerdict &verdict)
{
    const JwtCheck *check = verdict.decisive();
    return check
        ? std::format("{}: {} ({})", stageName(check->stage), slug(check->reason), check->detail)
        : std::string("valid");
}

} // namespace

void tst_TokenVariants::strictVerifierAnswersAsPredicted_data()
{
    QTest::addColumn<QString>("alg");
    QTest::addColumn<int>("least");
    QTest::addColumn<std::string>("claim");
    for (const AlgInfo &row : algorithms())
        QTest::newRow(std::string(row.name).c_str())
            << QString::fromStdString(std::string(row.name))
            << (row.keyType == KeyType::Oct ? 70 : 55) << std::string("key");
    QTest::newRow("consumer by iss, as Kong has it")
        << QStringLiteral("HS256") << 70 << std::string("iss");
}

void tst_TokenVariants::strictVerifierAnswersAsPredicted()
{
    QFETCH(QString, alg);
    QFETCH(int, least);
    QFETCH(const std::string, claim);
    const Alg algorithm = findAlg(alg.toStdString())->alg;
    VariantBase base = baseFor(algorithm, *Key::generate(algorithm));
    base.keyClaim = claim;
    base.payloadText =
        std::format(R"({{"{}":"jack-key","iat":{},"exp":{}}})", claim, kNow, kNow + 3600);
    const std::vector<TokenVariant> variants = makeVariants(base);
    QVERIFY2(static_cast<int>(variants.size()) >= least,
             std::format("{} variants", variants.size()).c_str());
    std::set<std::string_view> ids;
    std::set<std::string> tokens; // with what is demanded
    for (const TokenVariant &variant : variants) {
        QVERIFY2(ids.insert(variant.id).second, std::string(variant.id).c_str());
        QVERIFY2(tokens.insert(variant.token + std::string(variant.audience)).second,
                 std::string(variant.id).c_str());
        const JwtVerdict verdict = verdictOf(variant, base);
        const std::string message =
            std::format("{}: {}, predicted {} {}", variant.id, textOf(verdict),
                        variant.strict.stage, variant.strict.reason);
        QVERIFY2(verdict.valid == variant.strict.valid, message.c_str());
        if (verdict.valid)
            continue;
        QVERIFY2(stageName(verdict.decisive()->stage) == variant.strict.stage, message.c_str());
        QVERIFY2(slug(verdict.decisive()->reason) == variant.strict.reason, message.c_str());
    }
    QVERIFY(find(variants, "control"));
}

void tst_TokenVariants::gatewayProfilesAnswerAsPredicted_data()
{
    QTest::addColumn<QString>("profile");
    QTest::addColumn<Alg>("alg");
    QTest::addColumn<unsigned>("bits");
    const auto row = [](const char *profile, Alg alg, unsigned bits = 2048) {
        QTest::addRow("%s %s %u", profile, std::string(info(alg).name).c_str(), bits)
            << QString::fromLatin1(profile) << alg << bits;
    };
    for (const char *profile : {"apisix", "kong"}) {
        for (const Alg alg : {Alg::HS256, Alg::HS512, Alg::PS256, Alg::ES256, Alg::EdDSA})
            row(profile, alg);
    }
    row("kong", Alg::RS256);
    row("kong", Alg::ES512);
    row("kong", Alg::PS256, 3072); // no signature of it has the size that Kong wants
}

// The predictions come from the products' behaviour, the profile from a table of its own.
void tst_TokenVariants::gatewayProfilesAnswerAsPredicted()
{
    QFETCH(const QString, profile);
    QFETCH(const Alg, alg);
    QFETCH(const unsigned, bits);
    const TokenProfile *const gateway = findProfile(profile.toStdString());
    VariantBase base = baseFor(alg, *Key::generate(alg, bits));
    base.keyClaim = gateway->keyClaim;
    base.payloadText =
        std::format(R"({{"{}":"jack-key","iat":{},"exp":{}}})", base.keyClaim, kNow, kNow + 3600);
    JwtPolicy policy;
    policy.algs = {alg};
    policy.consumerKey = "jack-key";
    policy.explain = false;
    const TrustedKeys trusted{.keys = {*base.key}};
    int cases = 0;
    for (const TokenVariant &variant : makeVariants(base)) {
        const auto &expected = profile == u"kong" ? variant.kong : variant.apisix;
        const ProfileVerdict verdict = verifyAs(*gateway, variant.token, trusted, policy, kNow);
        const std::string what =
            std::format("{}: {} {}, predicted {} {}", variant.id, verdict.status, verdict.body,
                        expected->status, expected->message);
        QVERIFY2(verdict.status == expected->status, what.c_str());
        QVERIFY2(verdict.body.contains(expected->message), what.c_str());
        ++cases;
    }
    QVERIFY(cases >= 50);
}

void tst_TokenVariants::weakSecretsAreRefusedBeforeTheSignature()
{
    const VariantBase base =
        baseFor(Alg::HS256, *Key::fromSecret(Secret(std::string_view("jack-hs256-secret"))));
    for (const TokenVariant &variant : makeVariants(base)) {
        QVERIFY(!variant.strict.valid);
        const JwtVerdict verdict = verdictOf(variant, base);
        QVERIFY2(!verdict.valid, std::string(variant.id).c_str());
        QVERIFY2(
            slug(verdict.decisive()->reason) == variant.strict.reason,
            std::format("{}: {}, predicted {}", variant.id, textOf(verdict), variant.strict.reason)
                .c_str());
    }
}

void tst_TokenVariants::publicKeyStillGivesUnsignedVariants()
{
    const Key pair = *Key::generate(Alg::ES256);
    VariantBase base = baseFor(Alg::ES256, pair);
    const std::vector<TokenVariant> all = makeVariants(base);
    base.signature = "x";
    base.key = Key::fromPem(*pair.toPem(false)).value();
    const std::vector<TokenVariant> some = makeVariants(base);
    QVERIFY(some.size() < all.size());
    for (const char *id : {"alg-none", "alg-confusion", "signature-bit", "payload-changed"})
        QVERIFY2(find(some, id), id);
    QVERIFY(!find(some, "expired")); // needs a signature
}

void tst_TokenVariants::withoutKeyTheGivenTokenIsVaried()
{
    VariantBase base;
    base.headerText = R"({"alg":"HS256"})";
    base.payloadText = R"({"sub":"alice"})";
    base.signature = std::string(32, 'x');
    const std::vector<TokenVariant> variants = makeVariants(base);
    QVERIFY(find(variants, "alg-none"));
    QVERIFY(find(variants, "secret-sample")); // signed with a secret that everybody has
    QVERIFY(!find(variants, "nbf-future"));
    QVERIFY(!find(variants, "control")->apisix); // no consumer is meant
}

void tst_TokenVariants::pssOfLargeKeysIsRefusedByApisix()
{
    const VariantBase small = baseFor(Alg::PS256, *Key::generate(Alg::PS256, 2048));
    const VariantBase large = baseFor(Alg::PS256, *Key::generate(Alg::PS256, 3072));
    QCOMPARE(find(makeVariants(small), "control")->apisix->status, 200);
    QCOMPARE(find(makeVariants(large), "control")->apisix->status, 401);
}

void tst_TokenVariants::algorithmsUnknownToApisixHaveNoPrediction()
{
    for (const Alg alg : {Alg::ES256K, Alg::Ed25519, Alg::ML_DSA_44})
        QVERIFY(!find(makeVariants(baseFor(alg, *Key::generate(alg))), "control")->apisix);
    QVERIFY(find(makeVariants(baseFor(Alg::EdDSA, *Key::generate(Alg::EdDSA))), "control")->apisix);
}

QTEST_GUILESS_MAIN(tst_TokenVariants)
#include "tst_token_variants.moc"
