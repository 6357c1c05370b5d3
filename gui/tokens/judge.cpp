// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/judge.h"

#include "core/jose/key_data.h"
#include "core/jose/signature.h"
#include "core/jose/token_view.h"
#include "core/jose/verdict_table.h"

#include <algorithm>
#include <format>
#include <utility>

namespace postern::gui {

namespace {

using gateway::JwtCredential;

/// The key that a question comes down to for one token.
struct Chosen
{
    TrustedKeys trusted;
    const JwtCredential *credential = nullptr;
    std::string name; ///< empty: no key
};

const JwtCredential *namedBy(const Json &payload, const KeyRing &ring)
{
    for (const TokenProfile &profile : tokenProfiles()) {
        if (profile.keyClaim.empty())
            continue;
        if (const auto *const found =
                gateway::credentialNamedBy(payload, ring.credentials(), profile.keyClaim))
            return found;
    }
    return nullptr;
}

/// Of all my credentials the one that the token names, else the one whose key fits.
const JwtCredential *mineFor(const TokenView &view, const KeyRing &ring)
{
    if (const JwtCredential *const named = namedBy(view.payload, ring))
        return named;
    const AlgInfo *const alg = findAlg(view.jws.alg);
    if (alg == nullptr)
        return nullptr;
    for (const WhyCandidate &candidate : ring.candidates()) {
        Result<Verifier> verifier = Verifier::make(alg->alg, *candidate.key, true);
        if (!verifier || !verifier->fits(view.jws.signingInput, view.jws.signature))
            continue;
        const auto found = std::ranges::find_if(ring.credentials(), [&](const JwtCredential &one) {
            return gateway::nameOf(one) == candidate.name;
        });
        if (found != ring.credentials().end())
            return &*found;
    }
    return nullptr;
}

Chosen withCredential(const JwtCredential *credential)
{
    Chosen chosen;
    chosen.credential = credential;
    if (credential == nullptr)
        return chosen;
    chosen.name = gateway::nameOf(*credential);
    if (Result<Key> key = gateway::keyOf(*credential, false))
        chosen.trusted.keys.push_back(std::move(*key));
    else
        chosen.trusted.defect = key.error();
    return chosen;
}

Result<Key> keyOfSecret(const KeyChoice &choice)
{
    Result<std::string> octets = secretOctets(choice.secret.view(), choice.secretKind);
    if (!octets)
        return std::unexpected(octets.error());
    Result<Key> key = Key::fromSecret(Secret(*octets));
    wipe(*octets);
    return key;
}

Chosen withSecret(const KeyChoice &choice)
{
    Chosen chosen;
    if (choice.secret.empty())
        return chosen;
    if (Result<Key> key = keyOfSecret(choice)) {
        chosen.name = std::format("the secret of {} bytes", key->bits() / 8);
        chosen.trusted.keys.push_back(std::move(*key));
    } else {
        chosen.name = "the secret";
        chosen.trusted.defect = key.error();
    }
    return chosen;
}

Chosen choose(const TokenQuestion &question, const TokenView &view)
{
    static const KeyRing empty;
    const KeyRing &ring = question.ring ? *question.ring : empty;
    const KeyChoice &choice = question.choice;
    switch (choice.kind) {
    case KeyChoice::Kind::AllMine:
        return withCredential(mineFor(view, ring));
    case KeyChoice::Kind::Credential:
        return withCredential(ring.find(choice.consumer, choice.credential));
    case KeyChoice::Kind::Secret:
        return withSecret(choice);
    case KeyChoice::Kind::Imported:
        return {choice.imported, nullptr, choice.name};
    }
    return {};
}

JwtPolicy policyFor(const JwtCredential *credential)
{
    JwtPolicy policy;
    policy.relaxed = true; // a short secret is a remark; the check is made all the same
    policy.explain = false; // the signer is named apart
    if (credential == nullptr)
        return policy;
    policy.algs = {credential->alg};
    policy.consumerKey = credential->key;
    if (const Json *const grace = credential->config.find("lifetime_grace_period"))
        policy.leeway = grace->asInteger().value_or(0);
    return policy;
}

LintProfile lintProfile(std::string_view name)
{
    return name == "apisix" ? LintProfile::Apisix
        : name == "kong"    ? LintProfile::Kong
                            : LintProfile::Strict;
}

/// Whether the token's algorithm cannot be had with any of the keys.
bool isMisfit(const TrustedKeys &trusted, std::string_view algName)
{
    const AlgInfo *const alg = findAlg(algName);
    return alg != nullptr && !trusted.keys.empty()
        && std::ranges::none_of(trusted.keys, [alg](const Key &key) {
               return key.allows(alg->alg, false, true).has_value();
           });
}

/// What a fix may rely on: the key that the verdict is about, else the only one there is.
LintFixContext fixContext(const TokenQuestion &question, const Chosen &chosen,
                          const LintOptions &options)
{
    LintFixContext context{options.now, options.profile, {}, {}};
    const JwtCredential *credential = chosen.credential;
    if (credential == nullptr && question.choice.kind == KeyChoice::Kind::AllMine && question.ring
        && question.ring->credentials().size() == 1)
        credential = &question.ring->credentials().front();
    if (credential) {
        context.algorithm = info(credential->alg).name;
        context.keyClaim = credential->key;
    } else if (!chosen.trusted.keys.empty()) {
        const Key &key = chosen.trusted.keys.front();
        const std::vector<Alg> algs = key.possibleAlgs();
        if (const auto declared = key.declaredAlg(); declared || !algs.empty())
            context.algorithm = info(declared.value_or(algs.front())).name;
        else if (key.type() == KeyType::Oct)
            context.algorithm = "HS256"; // a short secret, which is a remark of its own
    }
    return context;
}

std::string sentenceOf(const JwtCheck &check)
{
    const std::string_view text = check.detail.empty() ? sentence(check.reason) : check.detail;
    return std::format("{}: {}", check.id, text);
}

void headline(TokenAnswer &answer, const Chosen &chosen, const TokenQuestion &question,
              const TokenView &view)
{
    const TokenProfile *const wanted = findProfile(question.profile);
    const auto found = std::ranges::find(answer.verdicts, wanted, &ProfileVerdict::profile);
    const ProfileVerdict &verdict =
        found == answer.verdicts.end() ? answer.verdicts.front() : *found;
    answer.reply = verdict.profile->isGateway ? answerText(verdict) : std::string();
    const JwtCheck *const decisive = verdict.verdict.decisive();
    if (decisive) { // the RFCs' profile says more about the same thing, as the date
        const JwtCheck *const told = findCheck(answer.verdicts.front().verdict, decisive->id);
        answer.reason = sentenceOf(told && !told->ok ? *told : *decisive);
    }
    if (chosen.name.empty())
        answer.state = TokenState::NoKey;
    else if (isMisfit(chosen.trusted, view.jws.alg))
        answer.state = TokenState::KeyMisfit;
    else
        answer.state = verdict.verdict.valid ? TokenState::Accepted : TokenState::Refused;
}

bool hasFitting(const TokenAnswer &answer)
{
    return std::ranges::any_of(answer.verdicts, [](const ProfileVerdict &one) {
        const JwtCheck *const check = findCheck(one.verdict, "signature");
        return check && check->ok;
    });
}

} // namespace

TokenAnswer judge(const TokenQuestion &question)
{
    TokenAnswer answer;
    answer.now = question.now;
    if (question.token.empty())
        return answer;
    const TokenView view = viewToken(question.token);
    if (view.shape == TokenShape::Jwe) {
        answer.state = TokenState::Encrypted;
        return answer;
    }
    const std::int64_t now =
        std::chrono::floor<std::chrono::seconds>(question.now).time_since_epoch().count();
    const Chosen chosen = choose(question, view);
    LintOptions options{.now = now, .profile = lintProfile(question.profile)};
    if (!chosen.trusted.keys.empty())
        options.key = &chosen.trusted.keys.front();
    if (view.shape != TokenShape::JwsJson)
        answer.lint = lint(question.token, options);
    const LintFixContext context = fixContext(question, chosen, options);
    for (const LintFinding &finding : answer.lint)
        answer.fixes.push_back(fixFor(finding, view.header, view.payload, context));
    if (view.shape == TokenShape::None) {
        answer.state = TokenState::NoToken;
        answer.reason = view.faults.empty() ? std::string() : describe(view.faults.front().error);
        return answer;
    }
    const JwtPolicy policy = policyFor(chosen.credential);
    for (const TokenProfile &profile : tokenProfiles())
        answer.verdicts.push_back(verifyAs(profile, question.token, chosen.trusted, policy, now));
    answer.key = chosen.name;
    if (chosen.credential) {
        answer.consumer = chosen.credential->consumer;
        answer.credential = chosen.credential->id;
    }
    headline(answer, chosen, question, view);
    answer.signatureFits = hasFitting(answer);
    if (!answer.signatureFits && !view.jws.signature.empty())
        answer.signer = gateway::signerOf(
            view.jws, question.ring ? question.ring->candidates() : std::vector<WhyCandidate>());
    return answer;
}

Result<TokenSigner> signerFor(const TokenQuestion &question, const Json &header,
                              const Json &payload)
{
    static const KeyRing empty;
    const KeyRing &ring = question.ring ? *question.ring : empty;
    const KeyChoice &choice = question.choice;
    const JwtCredential *const credential = choice.kind == KeyChoice::Kind::AllMine
        ? namedBy(payload, ring)
        : choice.kind == KeyChoice::Kind::Credential ? ring.find(choice.consumer, choice.credential)
                                                     : nullptr;
    Result<Key> key = fail(Errc::KeyMissing, "choose a consumer or type a secret to sign with");
    std::string name;
    if (credential) {
        key = gateway::keyOf(*credential, true);
        name = gateway::nameOf(*credential);
    } else if (choice.kind == KeyChoice::Kind::Secret && !choice.secret.empty()) {
        key = keyOfSecret(choice);
        name = "the secret";
    } else if (choice.kind == KeyChoice::Kind::Imported && !choice.imported.keys.empty()) {
        key = choice.imported.keys.front();
        name = choice.name;
    }
    if (!key)
        return std::unexpected(key.error());
    if (!key->isPrivate())
        return fail(Errc::KeyMissing, "this key verifies, but cannot sign");
    const AlgInfo *const alg = findAlg(header.stringOr("alg", ""));
    if (alg == nullptr)
        return fail(Errc::AlgUnknown, "the header names no algorithm that can be signed with");
    if (const auto allowed = key->allows(alg->alg, true, true); !allowed)
        return std::unexpected(allowed.error());
    return TokenSigner{std::move(*key), alg->alg, std::move(name)};
}

Misfit findMisfit(const TokenQuestion &question)
{
    const TokenView view = viewToken(question.token);
    const Chosen chosen = choose(question, view);
    std::vector<WhyCandidate> candidates;
    for (const Key &key : chosen.trusted.keys)
        candidates.push_back({chosen.name, key, question.choice.octets, true});
    if (question.ring) {
        for (const WhyCandidate &one : question.ring->candidates()) {
            if (one.name != chosen.name)
                candidates.push_back(one);
        }
    }
    return explainMisfit(view.jws, candidates);
}

} // namespace postern::gui
