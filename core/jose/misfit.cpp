// SPDX-License-Identifier: Apache-2.0
#include "core/jose/misfit.h"

#include "core/jose/key_data.h"
#include "core/jose/signature.h"

#include <format>

namespace postern {

namespace {

using std::chrono::steady_clock;

bool fits(const DecodedJws &token, const AlgInfo *alg, const Key &key)
{
    if (alg == nullptr)
        return false;
    Result<Verifier> verifier = Verifier::make(alg->alg, key, !alg->pss);
    return verifier && verifier->fits(token.signingInput, token.signature);
}

/// What hinders every comparison, before any key was tried.
std::string obstacleOf(const DecodedJws &token, std::span<const WhyCandidate> candidates)
{
    const AlgInfo *const alg = findAlg(token.alg);
    if (alg == nullptr)
        return token.alg.empty()
            ? "the header names no algorithm"
            : std::format("\"{}\" is no algorithm that can be verified", token.alg);
    if (token.signature.empty())
        return "the signature is empty";
    for (const WhyCandidate &candidate : candidates) {
        if (!candidate.expected || !candidate.key)
            continue;
        const auto usable = candidate.key->allows(alg->alg, false, true);
        if (!usable)
            return std::format("{} is {}; the token's {} needs another", candidate.name,
                               describeKey(candidate.key->data()), alg->name);
    }
    return {};
}

} // namespace

Misfit explainMisfit(const DecodedJws &token, std::span<const WhyCandidate> candidates,
                     const WhyOptions &options)
{
    const steady_clock::time_point start = steady_clock::now();
    Misfit misfit{.alg = token.alg, .key = {}, .obstacle = {}, .report = {}};
    const AlgInfo *const alg = findAlg(token.alg);
    for (const WhyCandidate &candidate : candidates) {
        if (!candidate.expected || !candidate.key)
            continue;
        misfit.fits = fits(token, alg, *candidate.key);
        if (misfit.key.empty() || misfit.fits)
            misfit.key = candidate.name;
        if (misfit.fits)
            break;
    }
    if (!misfit.fits) {
        misfit.report = explainSignature(token, candidates, options);
        misfit.obstacle = obstacleOf(token, candidates);
    }
    misfit.took =
        std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start);
    return misfit;
}

} // namespace postern
