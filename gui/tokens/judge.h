// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/jose/lint.h"
#include "core/jose/lint_fix.h"
#include "core/jose/misfit.h"
#include "core/jose/profile.h"
#include "gui/tokens/key_ring.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postern::gui {

/// Everything that a verdict depends on. A value; any thread.
struct TokenQuestion
{
    std::string token;
    KeyChoice choice;
    std::shared_ptr<const KeyRing> ring;
    Timestamp now;
    std::string profile = "apisix"; ///< whose verdict is the headline
};

enum class TokenState : std::uint8_t {
    Empty,
    NoToken, ///< cannot be read as one
    Encrypted, ///< a JWE: nothing to verify without its key
    NoKey, ///< no key was given, or none of mine is meant
    KeyMisfit, ///< the key cannot be used with the token's algorithm
    Changed, ///< edited, and no key to sign or verify it anew
    Pending, ///< being looked at
    Refused,
    Accepted
};

/// What is to be said of a token. The question stands beside the answer: which key, which time.
struct TokenAnswer
{
    TokenState state = TokenState::Empty;
    std::string reason; ///< what decided, in a sentence; empty when accepted
    std::string reply; ///< what the gateway's client gets
    std::string key; ///< which key, in words; empty: none
    std::string consumer, credential; ///< whose it is, if it is a consumer's
    std::string signer; ///< who else signed it: "well-known sample secret …"
    bool signatureFits = false;
    std::vector<ProfileVerdict> verdicts; ///< strict first; empty: nothing to verify
    std::vector<LintFinding> lint;
    std::vector<std::optional<LintFix>> fixes; ///< of each finding; nullopt: there is none
    Timestamp now; ///< the time it was judged at
};

/// Verifies with every profile, lints, and names the signer where the signature does not fit.
[[nodiscard]] TokenAnswer judge(const TokenQuestion &question);

/// The key that would sign, and how it is called.
struct TokenSigner
{
    Key key;
    Alg alg;
    std::string name;
};
/// The key of a question that can sign a token of this header: the chosen one, or the credential's
/// that the payload names. \return KeyMissing with what there is to do
[[nodiscard]] Result<TokenSigner> signerFor(const TokenQuestion &question, const Json &header,
                                            const Json &payload);

/// Searches why the signature does not fit: at most 0.8 s, on any thread.
[[nodiscard]] Misfit findMisfit(const TokenQuestion &question);

} // namespace postern::gui
