// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/json_jws.h"
#include "core/jose/jws.h"
#include "core/json/json.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// What a text turns out to be. Partial: a compact JWS with something broken in it. None: nothing
/// that has a JOSE header.
enum class TokenShape : std::uint8_t { Jws, JwsJson, Jwe, Partial, None };
/// "jws", "jws-json", "jwe", "partial", "none".
[[nodiscard]] std::string_view nameOf(TokenShape shape) noexcept;

/// Where a fault is.
struct TokenFault
{
    Error error;
    std::optional<std::size_t> offset; ///< in the token's text
    std::optional<std::size_t> octet; ///< in the part's decoded octets
    std::string part; ///< "header", "payload", "signature"; empty: the whole
};

/// One part between dots.
struct TokenPart
{
    std::string_view name; ///< "header", "payload", "encrypted key", ...; static storage
    std::size_t begin = 0, size = 0; ///< its place in the token's text
    std::string octets = {}; ///< decoded, up to the first character that cannot be
    bool whole = false; ///< everything could be decoded, strictly
};

/// What can be told of an encrypted token without decrypting it. RFC 7516.
struct JweFacts
{
    std::string alg, enc, zip;
    std::string family; ///< "RSA key encryption", "ECDH key agreement", ...
    std::vector<std::string> remarks; ///< deprecated algorithm, iteration count out of bounds, ...
};

/// A token laid open for a reader: byte-faithful, nothing repaired, every fault with its place.
struct TokenView
{
    TokenShape shape = TokenShape::None;
    std::string text; ///< the token as looked at
    std::vector<TokenPart> parts; ///< of a compact token
    DecodedJws jws; ///< of a compact JWS, as far as it could be read
    JsonJws form; ///< of a JWS in JSON form
    JweFacts jwe;
    Json header; ///< of a compact token; null if it is not JSON
    Json payload; ///< null if it is not JSON
    std::vector<TokenFault> faults; ///< in the order of the parts
    std::vector<std::string> disclosures; ///< of an SD-JWT (RFC 9901), decoded; keyBinding apart
    bool isSdJwt = false;

    /// Octets of the header and payload as far as they could be decoded; empty if there are none.
    [[nodiscard]] std::string_view headerText() const noexcept;
    [[nodiscard]] std::string_view payloadText() const noexcept;
};

/// Looks at a text without a key. Never a verdict. Time and memory are linear in the text.
[[nodiscard]] TokenView viewToken(std::string_view text);

/// The text as UTF-8: every octet that is none becomes U+FFFD.
[[nodiscard]] std::string replaceInvalidUtf8(std::string_view text);

} // namespace postern
