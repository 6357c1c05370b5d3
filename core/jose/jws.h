// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/alg.h"
#include "core/jose/key.h"
#include "core/json/json.h"

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

/// Splits without decoding. \return TokenShape, TokenEncrypted (five parts), TokenCharacters (with
/// offset)
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
};

/// Strict decoding: base64url, UTF-8, JSON object, no duplicate members, `crit` understood.
[[nodiscard]] Result<DecodedJws> decodeJws(std::string_view token);

/// What can be shown of a token, and everything that is wrong with it.
struct InspectedJws
{
    DecodedJws token; ///< the parts that could be decoded; the others are empty
    std::vector<Error> findings; ///< in the order of the parts; empty if decodeJws() accepts it
};

/// Decodes without a key and repairs nothing: for people who look at a token. Never a verdict.
[[nodiscard]] InspectedJws inspectJws(std::string_view token);

/// The algorithm the header names, if the caller accepts it. RFC 8725 3.1: an allow-list, exact
/// names. \param allowed empty: every known algorithm (the key still decides)
/// \return AlgMissing, AlgNone (in any spelling), AlgUnknown, AlgNotAllowed
[[nodiscard]] Result<Alg> selectAlg(const DecodedJws &token, const std::vector<Alg> &allowed);

/// KidMismatch if both the token and the key have a `kid` and they differ.
[[nodiscard]] Result<void> checkKid(const DecodedJws &token, const Key &key);

/// Verifies a compact JWS against one key. RFC 7515 5.2, RFC 8725 3.1.
/// \param allowed the algorithms the caller accepts; empty: those the key declares or allows by
/// type
[[nodiscard]] Result<DecodedJws> verifyJws(std::string_view token, const Key &key,
                                           const std::vector<Alg> &allowed = {});

/// Signs. The header and payload octets are used exactly as given.
/// \return the compact token
[[nodiscard]] Result<std::string> signJws(std::string_view headerText, std::string_view payloadText,
                                          Alg alg, const Key &key, bool relaxed = false);

} // namespace postern
