// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/alg.h"
#include "core/jose/key.h"
#include "core/json/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// The three parts of a compact JWS as views into the token. RFC 7515 7.1. Views die with the
/// token.
struct CompactParts
{
    std::string_view header; ///< base64url text
    std::string_view payload; ///< base64url text
    std::string_view signature; ///< base64url text
    std::string_view signingInput; ///< header "." payload
};

/// Splits without decoding. \return TokenSegments, TokenEncrypted (five parts), TokenNotCompact
/// (JSON), TokenCharacters, Base64 (padding or the ordinary alphabet), each with the offset;
/// LimitExceeded
[[nodiscard]] Result<CompactParts> splitCompact(std::string_view token);

/// A decoded, still unverified JWS. Keeps the original octets.
struct DecodedJws
{
    std::string headerText; ///< octets of the protected header
    std::string payloadText; ///< octets of the payload, never re-encoded
    std::string signature; ///< raw octets
    std::string signingInput;
    Json header;
    std::string alg; ///< header member `alg`; empty if absent or not a string
    std::string kid;
    bool unencoded = false; ///< `b64` is false: the payload stands in the signing input as it is
};

/// How a JWS is to be read.
struct JwsReading
{
    /// By the rules of a JWT: the payload inside the token and base64url. RFC 7519, RFC 7797 7.
    bool jwt = true;
    /// The payload, if it travels apart from the token. RFC 7515 appendix F. Not for a JWT.
    std::optional<std::string_view> detached = {};
};

/// Strict decoding: base64url, UTF-8, JSON object, no duplicate members, `crit` understood.
/// \return TokenSegments, TokenCharacters, Base64, Json, CritInvalid, B64InJwt, ... (jws_header.h)
[[nodiscard]] Result<DecodedJws> decodeJws(std::string_view token, const JwsReading &reading = {});

/// What can be shown of a token, and everything that is wrong with it.
struct InspectedJws
{
    DecodedJws token; ///< the parts that could be decoded; the others are empty
    std::vector<Error> findings; ///< in the order of the parts; empty if decodeJws() accepts it
};

/// Decodes without a key and repairs nothing: for people who look at a token. Never a verdict.
[[nodiscard]] InspectedJws inspectJws(std::string_view token, const JwsReading &reading = {});

/// The algorithm the header names, if the caller accepts it. RFC 8725 3.1: an allow-list, exact
/// names. \param allowed empty: every known algorithm (the key still decides)
/// \return AlgMissing, AlgType, AlgNone (in any spelling), AlgUnknown, AlgNotAllowed
[[nodiscard]] Result<Alg> selectAlg(const DecodedJws &token, const std::vector<Alg> &allowed);

/// KidMismatch if both the token and the key have a `kid` and they differ.
[[nodiscard]] Result<void> checkKid(const DecodedJws &token, const Key &key);

/// Verifies a decoded signature against one key: algorithm, key id, key, signature.
[[nodiscard]] Result<void> verifySignature(const DecodedJws &jws, const Key &key,
                                           const std::vector<Alg> &allowed = {});

/// Verifies a compact JWS against one key. RFC 7515 5.2, RFC 8725 3.1.
/// \param allowed the algorithms the caller accepts; empty: those the key declares or allows by
/// type
[[nodiscard]] Result<DecodedJws> verifyJws(std::string_view token, const Key &key,
                                           const std::vector<Alg> &allowed = {},
                                           const JwsReading &reading = {.jwt = false});

/// Signs. The header and payload octets are used exactly as given; a header with `b64` false leaves
/// the payload unencoded (RFC 7797).
/// \param detached leave the payload out of the token
/// \return the compact token; InvalidArgument for an unencoded payload with a dot inside the token
[[nodiscard]] Result<std::string> signJws(std::string_view headerText, std::string_view payloadText,
                                          Alg alg, const Key &key, bool relaxed = false,
                                          bool detached = false);

/// header "." payload, as it is signed. \param header the base64url text
[[nodiscard]] std::string signingInputOf(std::string_view header, std::string_view payloadText,
                                         bool unencoded);

} // namespace postern
