// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/jose/jws.h"
#include "core/jose/key.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// What a verifier demands, stated before it sees a token.
struct JwtPolicy
{
    std::vector<Alg> algs; ///< empty: what the key declares or allows by type
    std::int64_t leeway = 0; ///< seconds
    std::vector<std::string> audience; ///< one of these must be in `aud`; empty: not checked
    std::optional<std::string> issuer, subject, type;
    std::vector<std::string> required; ///< claims that must be present
    std::optional<std::int64_t> maxAge; ///< seconds since `iat`
    bool relaxed = false; ///< HMAC keys of any length
};

/// One check of a verification, in the order made.
struct JwtCheck
{
    std::string id; ///< "signature", "exp", "nbf", "aud", "alg", ...
    bool ok = false;
    Errc reason{}; ///< when not ok
    std::string detail; ///< "expired 2024-12-15T02:40:00Z, 706 d ago"
};

/// Every independent problem of a token, not only the first. Claims are never shown as trusted
/// before the signature fitted.
struct JwtVerdict
{
    bool valid = false;
    std::vector<JwtCheck> checks;
    std::vector<std::string> warnings; ///< lint: "no exp: the token never expires"
    std::vector<std::string> hints; ///< "it verifies with the well-known sample secret …"
    std::optional<DecodedJws> token; ///< as far as it could be decoded
};

/// Verifies signature and claims. RFC 7519 7.2, RFC 8725.
[[nodiscard]] JwtVerdict verifyJwt(std::string_view token, const Key &key, const JwtPolicy &policy,
                                   const Clock &clock);

/// A well-known sample secret that signed this token ("your-256-bit-secret"), if one did.
[[nodiscard]] std::optional<std::string> sampleSecretOf(std::string_view token);

/// The sample secrets looked for: debuggers' defaults, manuals' examples, common placeholders.
[[nodiscard]] const std::vector<std::string> &sampleSecrets();

} // namespace postern
