// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/admin_access.h"
#include "cli/arguments.h"
#include "core/error.h"
#include "core/jose/jws.h"
#include "core/jose/jwt.h"
#include "core/jose/key.h"

#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace postern::cli {

/// How `token` commands are told their key: one of secret, key, jwks, or a consumer.
struct TokenKeyOptions
{
    std::string secret, key, jwks, kid, passphrase;
    std::string consumer, credential;
    ObjectSource source; ///< where consumer, consumer:NAME and cred:ID are looked up
};

void addTokenKeyOptions(CLI::App &app, TokenKeyOptions &options);

/// The consumer's credential that --consumer, --credential, consumer:NAME or cred:ID name;
/// nullopt if none of them was given.
[[nodiscard]] Result<std::optional<JwtCredential>> tokenCredential(const TokenKeyOptions &options);

/// That credential, and the time that counts: --clock, else that of where the credential was found.
struct CredentialAtTime
{
    std::optional<JwtCredential> credential;
    Timestamp now;
};
/// \param clock the option's text; may be empty
[[nodiscard]] Result<CredentialAtTime> credentialAtTime(const TokenKeyOptions &options,
                                                        std::string_view clock);

/// The key that the options name. \param token chooses among the keys of a set by its kid; may be
/// empty \return Usage unless exactly one key was named
[[nodiscard]] Result<Key> tokenKey(ArgumentReader &reader, const TokenKeyOptions &options,
                                   std::string_view token = {});

/// The keys that the options name, for verifying: of a set every usable key, unless a kid picks
/// one.
/// \return Usage unless exactly one source was named
[[nodiscard]] Result<TrustedKeys> trustedKeys(ArgumentReader &reader,
                                              const TokenKeyOptions &options);

/// The payload as JSON; null if it is none.
[[nodiscard]] Json parsePayload(const DecodedJws &token);

} // namespace postern::cli
