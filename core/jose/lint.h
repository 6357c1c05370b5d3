// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/jws.h"
#include "core/jose/key.h"
#include "core/jose/secret_list.h"
#include "core/json/json.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

enum class LintLevel : std::uint8_t { Info, Warning, Error };
/// "info", "warning", "error".
[[nodiscard]] std::string_view nameOf(LintLevel level) noexcept;

/// A rule as it is documented. Ids are an interface: add, never rename.
struct LintRule
{
    std::string_view id; ///< "no-exp"
    LintLevel level;
    std::string_view help; ///< one line, what the rule looks for
};
/// Every rule, header first, then claims, then secrets and keys.
[[nodiscard]] std::vector<LintRule> lintRules();

/// What an experienced reader would remark about a token; advice, never a verdict.
struct LintFinding
{
    std::string_view id; ///< of its rule; static storage
    LintLevel level;
    std::string text; ///< for people, never holds a configured secret
    std::string place; ///< "header/kid", "payload/exp", "signature"; empty: the whole token
};

/// Whose rules for claims and algorithms count.
enum class LintProfile : std::uint8_t { Strict, Apisix, Kong };

struct LintOptions
{
    std::int64_t now = 0; ///< UNIX seconds
    LintProfile profile = LintProfile::Strict;
    bool audienceChecked = false; ///< the caller compares `aud`, or does not verify at all
    const Key *key = nullptr; ///< the key that verifies the token, if it is known
    const SecretList *secrets = nullptr; ///< tried besides the built-in list; nullptr: none
    bool trySecrets = true; ///< whether HMAC secrets are tried at all
};

/// Lints any text, also one that is no token ("malformed"). Of an HMAC token the well-known sample
/// secrets are tried: about 0.2 ms.
[[nodiscard]] std::vector<LintFinding> lint(std::string_view token, const LintOptions &options);

/// The ids alone, each once, for batch answers.
[[nodiscard]] std::vector<std::string> lintIds(std::string_view token, const LintOptions &options);

/// The warnings that a verdict or a view does not tell anyway, as "no-exp: the token never
/// expires". No secrets are tried.
/// \param claims the payload, null if it could not be parsed
/// \param now UNIX seconds
/// \param size of the whole token in bytes
/// \param audienceChecked whether the caller compares `aud`
[[nodiscard]] std::vector<std::string> lintToken(const DecodedJws &token, const Json &claims,
                                                 std::int64_t now, std::size_t size,
                                                 bool audienceChecked);

} // namespace postern
