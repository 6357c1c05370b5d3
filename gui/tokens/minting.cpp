// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/minting.h"

#include "core/jose/claim_assignment.h"
#include "core/jose/jws.h"
#include "core/jose/profile.h"
#include "core/jose/token_lines.h"

#include <format>

namespace postern::gui {

namespace {

std::string_view keyClaimOf(const std::string &profile)
{
    const TokenProfile *const known = findProfile(profile);
    return known && !known->keyClaim.empty() ? known->keyClaim : std::string_view("key");
}

} // namespace

Result<std::string> mintToken(const KeyRing &ring, const MintRequest &request, Timestamp now)
{
    const gateway::JwtCredential *const credential =
        ring.find(request.consumer, request.credential);
    if (credential == nullptr)
        return fail(Errc::NotFound, "the consumer has no jwt-auth credential", request.consumer);
    const Result<Key> key = gateway::keyOf(*credential, true);
    if (!key)
        return std::unexpected(key.error());
    Json claims =
        gateway::tokenClaimsOf(*credential, now, request.lifetime, keyClaimOf(request.profile));
    for (const std::string &claim : request.claims) {
        if (const Result<void> set = assignClaim(claims, claim, now, 1, {}); !set)
            return std::unexpected(set.error());
    }
    return signJws(gateway::tokenHeaderOf(*credential).dump(), claims.dump(), credential->alg, *key,
                   true);
}

std::string mintCommand(const KeyRing &ring, const MintRequest &request)
{
    std::vector<std::string> words{"postern", "token", "mint", "--consumer", request.consumer};
    if (!request.credential.empty())
        words.insert(words.end(), {"--credential", request.credential});
    if (request.lifetime)
        words.insert(words.end(), {"--ttl", std::format("{}s", *request.lifetime)});
    for (const std::string &claim : request.claims)
        words.insert(words.end(), {"--claim", claim});
    const std::string_view keyClaim = keyClaimOf(request.profile);
    const auto *const credential = ring.find(request.consumer, request.credential);
    if (keyClaim != "key" && credential) // the command writes "key" by itself
        words.insert(
            words.end(),
            {"--unset", "key", "--claim", std::format("{}={}", keyClaim, credential->key)});
    return shellLine(words);
}

} // namespace postern::gui
