// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key_selection.h"

#include "core/jose/json_jws.h"
#include "core/jose/jws.h"

#include <algorithm>
#include <format>
#include <optional>
#include <utility>
#include <vector>

namespace postern {

namespace {

/// What a key is for that says nothing; nothing where its curve says it all.
std::optional<Alg> customaryAlg(const Key &key)
{
    if (key.type() == KeyType::Oct)
        return Alg::HS256;
    return key.type() == KeyType::Rsa ? std::optional(Alg::RS256) : std::nullopt;
}

std::string candidatesOf(const Key &key)
{
    std::string names;
    for (const AlgInfo &row : algorithms()) {
        if (row.keyType == key.type() && couldVerify(key, row.alg))
            names.append(names.empty() ? "" : ", ").append(row.name);
    }
    return names;
}

Result<void> checkNamed(const DecodedJws &jws, const TrustedKeys &trusted)
{
    const AlgInfo *const alg = findAlg(jws.alg);
    if (!alg)
        return {};
    const Result<Key> key = selectKey(trusted, alg->alg, jws.kid);
    if (!key || key->declaredAlg() || !couldVerify(*key, alg->alg))
        return {};
    const std::optional<Alg> customary = customaryAlg(*key);
    if (!customary || *customary == alg->alg)
        return {};
    return fail(Errc::AlgUndecided,
                std::format("the key does not say for which of {} it is, and the token's own word, "
                            "{}, must not decide; name the algorithm with --alg",
                            candidatesOf(*key), alg->name),
                "--alg");
}

} // namespace

bool couldVerify(const Key &key, Alg alg)
{
    const Result<void> allowed = key.allows(alg, false, true);
    return allowed || allowed.error().code == Errc::KeyWeak;
}

Result<Key> selectKey(const TrustedKeys &trusted, Alg alg, std::string_view kid)
{
    if (trusted.set) {
        Result<Key> key =
            trusted.set->select(alg, kid.empty() ? std::nullopt : std::optional(kid), false, true);
        if (key || key.error().code != Errc::KeyMissing || kid.empty())
            return key;
        // A key without a name may be the one that is meant, if it is the only one.
        std::vector<Key> unnamed = trusted.set->candidates(alg, std::nullopt, false, true);
        std::erase_if(unnamed, [](const Key &one) { return !one.kid().empty(); });
        return unnamed.size() == 1 ? Result<Key>(std::move(unnamed.front())) : key;
    }
    if (trusted.keys.empty())
        return fail(Errc::KeyMissing, "no key is trusted");
    return trusted.keys.front();
}

Result<void> checkAlgorithmNamed(std::string_view token, const TrustedKeys &trusted,
                                 const JwtPolicy &policy)
{
    if (!policy.algs.empty() || trusted.defect)
        return {};
    const std::optional<std::string_view> detached =
        policy.detached ? std::optional<std::string_view>(*policy.detached) : std::nullopt;
    if (!token.starts_with('{')) {
        const Result<DecodedJws> jws = decodeJws(token, {.jwt = false, .detached = detached});
        return jws ? checkNamed(*jws, trusted) : Result<void>();
    }
    const Result<JsonJws> form = decodeJsonJws(token, detached);
    if (!form)
        return {};
    for (const JsonSignature &signature : form->signatures) {
        if (const Result<void> named = checkNamed(signature.jws, trusted); !named)
            return named;
    }
    return {};
}

TrustedKeys trustSet(KeySet set)
{
    TrustedKeys out;
    out.keys = {set.keys().begin(), set.keys().end()};
    out.set = std::move(set);
    return out;
}

} // namespace postern
