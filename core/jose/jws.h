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
