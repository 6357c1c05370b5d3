// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key_selection.h"
#include "core/jose/token_view.h"
#include "tests/support/token_cases.h"

#include <QTest>

using namespace postern;
using namespace vectors;

class tst_TokenVectors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void agreesWith_data();
    void agreesWith();
};

namespace {

JwtPolicy policyOf(const Json &request)
{
    JwtPolicy policy;
    policy.explain = false;
    const auto text = [&](std::string_view name) -> std::optional<std::string> {
        const Json *member = request.find(name);
        return member ? std::optional(member->asString()) : std::nullopt;
    };
    policy.issuer = text("iss");
    policy.type = text("typ");
    policy.detached = text("detached");
    if (const auto audience = text("aud"))
        policy.audience = {*audience};
    if (const Json *leeway = request.find("leeway"))
        policy.leeway = *leeway->asInteger();
    if (const Json *age = request.find("max_age"))
        policy.maxAge = *age->asInteger();
    if (const Json *algs = request.find("algs")) {
        for (const Json &name : algs->items())
            policy.algs.push_back(findAlg(name.asString())->alg);
    }
    if (const Json *required = request.find("require")) {
        for (const Json &name : required->items())
            policy.required.push_back(name.asString());
    }
    policy.kind = text("kind") == "jws" ? TokenKind::Jws : TokenKind::Jwt;
    return policy;
}

TrustedKeys keysOf(const Json &request)
{
    if (const Json *jwks = request.find("jwks"))
        return trustSet(KeySet::fromJson(*jwks).value_or(KeySet()));
    Result<Key> key = fail(Errc::KeyFormat);
    if (const Json *jwk = request.find("key"))
        key = jwk->isString() ? Key::import(jwk->asString()) : Key::fromJwk(*jwk);
    else if (const Json *secret = request.find("secret_b64u"))
        key = Key::fromSecret(Secret(std::string_view(*decodeBase64Url(secret->asString()))));
    TrustedKeys trusted;
    if (key)
        trusted.keys.push_back(*key);
    else
        trusted.defect = key.error();
    return trusted;
}

std::string tokenOf(const Json &request)
{
    const Json &token = *request.find("token");
    return token.isString() ? token.asString() : token.dump();
}

} // namespace

void tst_TokenVectors::agreesWith_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const TokenSet &set : allTokenSets())
        QTest::newRow(set.name.c_str()) << index++;
}

void tst_TokenVectors::agreesWith()
{
    QFETCH(const int, index);
    const std::vector<TokenSet> sets = allTokenSets();
    const TokenSet &set = sets[static_cast<std::size_t>(index)];
    if (set.cases.empty())
        QSKIP("the vectors are not here; set POSTERN_VECTORS to their folder");
    Tally tally{set.name};
    Tally views{set.name + ", shown"};
    for (const TokenCase &one : set.cases) {
        const std::string token = tokenOf(one.request);
        const Json *now = one.request.find("now");
        const JwtVerdict verdict =
            verifyToken(token, keysOf(one.request), policyOf(one.request),
                        now ? *now->asInteger() : std::int64_t{1'700'000'000});
        const JwtCheck *decisive = verdict.decisive();
        const std::string_view stage = decisive ? stageName(decisive->stage) : "";
        const std::string_view reason = decisive ? slug(decisive->reason) : "";
        tally.note(agrees(one, verdict.valid, stage, reason),
                   std::format("{}: {} {}", one.id, stage, reason));
        if (one.payloadText)
            views.note(viewToken(token).payloadText() == *one.payloadText, one.id);
        if (!one.inspect.empty() && one.inspect != "trim")
            views.note(shapeAgrees(one.inspect, nameOf(viewToken(token).shape), false),
                       std::format("{}: {}", one.id, nameOf(viewToken(token).shape)));
    }
    tally.print();
    views.print();
    QCOMPARE(tally.differ(), 0);
    QCOMPARE(views.differ(), 0);
}

QTEST_GUILESS_MAIN(tst_TokenVectors)
#include "tst_token_vectors.moc"
