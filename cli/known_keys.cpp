// SPDX-License-Identifier: Apache-2.0
#include "cli/known_keys.h"

#include "cli/target.h"
#include "core/jose/secret_list.h"
#include "core/jose/signature.h"

#include <format>

namespace postern::cli {
namespace {

using std::chrono::steady_clock;

bool fits(const DecodedJws &token, Alg alg, const Key &key)
{
    Result<Verifier> verifier = Verifier::make(alg, key, true);
    return verifier && verifier->fits(token.signingInput, token.signature);
}

} // namespace

std::string nameOf(const JwtCredential &credential)
{
    return std::format("{}{}{}", credential.consumer, credential.id.empty() ? "" : " / ",
                       credential.id);
}

std::vector<WhyCandidate> consumerKeys(const ObjectSource &source, std::chrono::milliseconds limit)
{
    const steady_clock::time_point end = steady_clock::now() + limit;
    std::vector<WhyCandidate> keys;
    const bool named = !source.config.empty() || !source.store.empty();
    if (!named && !controlAddress() && !hasEnvironment("POSTERN_ADMIN_URL"))
        return keys;
    const auto admin = openAdmin(source);
    const auto names = admin ? listConsumers(**admin) : std::unexpected(admin.error());
    for (const std::string &name : names.value_or(std::vector<std::string>())) {
        const auto credentials = listJwtCredentials(**admin, name);
        for (const JwtCredential &credential : credentials.value_or(std::vector<JwtCredential>())) {
            if (Result<Key> key = keyOf(credential, false))
                keys.push_back({nameOf(credential), std::move(*key), {}, false});
        }
        if (steady_clock::now() > end)
            break;
    }
    return keys;
}

std::string signerOf(const DecodedJws &token, const std::vector<WhyCandidate> &candidates)
{
    const AlgInfo *const alg = findAlg(token.alg);
    if (alg == nullptr)
        return {};
    for (const WhyCandidate &candidate : candidates) {
        if (candidate.key && fits(token, alg->alg, *candidate.key))
            return candidate.name;
    }
    if (const auto match = findSecret(token, SecretList::builtIn()))
        return std::format("well-known sample secret \"{}\"{}", match->text,
                           match->reading == SecretReading::Text
                               ? ""
                               : std::format(", read as {}", nameOf(match->reading)));
    return {};
}

} // namespace postern::cli
