// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/jose/jwks.h"
#include "core/jose/jws.h"
#include "core/jose/key.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// How far a verification had come. RFC 7515 5.2, RFC 7519 7.2.
enum class Stage : std::uint8_t { Parse, Header, Key, Signature, Claims };
/// "parse", "header", "key", "signature", "claims": an interface like the reasons' names.
[[nodiscard]] std::string_view stageName(Stage stage) noexcept;

/// A JWS stops behind its signature; a JWT is compact, holds its payload and has claims.
enum class TokenKind : std::uint8_t { Jwt, Jws };

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
    TokenKind kind = TokenKind::Jwt;
    std::optional<std::string> detached; ///< the payload of a JWS, if it travels apart
    /// The credential's key, for profiles that find their consumer by a claim; not given: any.
    std::optional<std::string> consumerKey;
    bool explain = true; ///< search for why a signature does not fit: about a hundred tries
};

/// One check of a verification, in the order made.
struct JwtCheck
{
    std::string id; ///< "signature", "exp", "nbf", "aud", "alg", ...
    bool ok = false;
    Errc reason{}; ///< when not ok
    std::string detail; ///< "expired 2024-12-15T02:40:00Z, 706 d ago"
    Stage stage = Stage::Parse;
};

/// Every independent problem of a token, not only the first. Claims are never shown as trusted
/// before the signature fitted.
struct JwtVerdict
{
    bool valid = false;
    std::vector<JwtCheck> checks;
    std::vector<std::string> warnings; ///< lint: "no-exp: the token never expires"
    std::vector<std::string> hints; ///< "it verifies with the well-known sample secret …"
    std::optional<DecodedJws> token; ///< as far as it could be decoded
    std::optional<Key> key; ///< the key that was tried

    /// The failed check of the earliest stage; nullptr if none failed.
    [[nodiscard]] const JwtCheck *decisive() const noexcept;
};

/// The keys that a verifier trusts. A token's own `jwk`, `jku`, `x5u`, `x5c` are never among them.
struct TrustedKeys
{
    std::vector<Key> keys = {};
    /// Where `keys` come from a JWKS: the token chooses by kid and algorithm, never by trying.
    std::optional<KeySet> set = {};
    std::optional<Error> defect = {}; ///< why there is no key, if one was configured but unusable
};

/// Verifies signature and, for a JWT, claims. RFC 7515 5.2, RFC 7519 7.2, RFC 8725. A JWS may be in
/// JSON form: valid if it has a signature of a trusted key and none that a trusted key refuses.
/// \param now UNIX seconds
[[nodiscard]] JwtVerdict verifyToken(std::string_view token, const TrustedKeys &trusted,
                                     const JwtPolicy &policy, std::int64_t now);

/// The same with one key, at the clock's time.
[[nodiscard]] JwtVerdict verifyJwt(std::string_view token, const Key &key, const JwtPolicy &policy,
                                   const Clock &clock);

/// A well-known sample secret that signed this token ("your-256-bit-secret"), if one did.
[[nodiscard]] std::optional<std::string> sampleSecretOf(std::string_view token);

/// The sample secrets looked for: debuggers' defaults, manuals' examples, common placeholders.
[[nodiscard]] const std::vector<std::string> &sampleSecrets();

} // namespace postern
