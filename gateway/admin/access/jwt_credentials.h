// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/jose/jws.h"
#include "core/jose/key.h"
#include "core/jose/why.h"
#include "core/json/json.h"
#include "gateway/admin/access/admin_access.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gateway {

/// A jwt-auth credential of a consumer, references resolved.
struct JwtCredential
{
    std::string consumer;
    std::string id; ///< empty: inline on the consumer
    std::string key; ///< the value of the key claim
    Alg alg = Alg::HS256;
    Json config; ///< as configured
};

/// A consumer's jwt-auth credential.
/// \param consumer may be empty if `credential` is not
/// \param credential empty: the consumer's first
/// \return NotFound that says what there is
[[nodiscard]] Result<JwtCredential> findJwtCredential(AdminAccess &admin, std::string_view consumer,
                                                      std::string_view credential);
/// Every jwt-auth credential of a consumer, its inline one last.
/// \return NotFound if there is no such consumer
[[nodiscard]] Result<std::vector<JwtCredential>> listJwtCredentials(AdminAccess &admin,
                                                                    std::string_view consumer);
/// The same of objects that are at hand: the consumer's own plugins last. Those that cannot be read
/// are left out.
/// \param credentials ids and values of the consumer's credentials
[[nodiscard]] std::vector<JwtCredential>
listJwtCredentials(std::string_view consumer, const Json &consumerValue,
                   const std::vector<std::pair<std::string, Json>> &credentials);
/// The credential that a token names by its key claim; nullptr: none.
/// \param keyClaim "key" for APISIX
[[nodiscard]] const JwtCredential *credentialNamedBy(const Json &payload,
                                                     const std::vector<JwtCredential> &credentials,
                                                     std::string_view keyClaim = "key");
/// The key that signs or verifies its tokens. \return KeyMissing for signing with a public key
[[nodiscard]] Result<Key> keyOf(const JwtCredential &credential, bool forSigning);

/// How a credential is called: "jack / cred-jack-jwt-auth".
[[nodiscard]] std::string nameOf(const JwtCredential &credential);

/// How its tokens begin: the header, and the claims without those of the user's own.
/// \param ttl seconds until exp; nullopt: no exp
[[nodiscard]] Json tokenHeaderOf(const JwtCredential &credential);
[[nodiscard]] Json tokenClaimsOf(const JwtCredential &credential, Timestamp now,
                                 std::optional<std::int64_t> ttl,
                                 std::string_view keyClaim = "key");

/// A token that the gateway accepts for a consumer: its credential's key, algorithm and key claim,
/// at the gateway's time.
/// \param credential empty: the consumer's first jwt-auth credential
/// \param ttl seconds until exp; nullopt: no exp
[[nodiscard]] Result<std::string> mintForConsumer(AdminAccess &admin, std::string_view consumer,
                                                  std::string_view credential,
                                                  std::optional<std::int64_t> ttl);

/// The verification keys of every consumer's jwt-auth credentials, as candidates that were not
/// expected to fit. Credentials whose key cannot be read are left out.
/// \param limit stops asking after this time
[[nodiscard]] std::vector<WhyCandidate>
consumerKeys(AdminAccess &admin, std::chrono::milliseconds limit = std::chrono::milliseconds(400));

/// Who signed a token, in words: "jack / cred-jack-jwt-auth", "well-known sample secret \"…\"";
/// empty if none of the candidates fits. Algorithms are taken from the token.
[[nodiscard]] std::string signerOf(const DecodedJws &token,
                                   const std::vector<WhyCandidate> &candidates);

} // namespace postern::gateway
