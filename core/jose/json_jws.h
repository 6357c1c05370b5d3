// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/alg.h"
#include "core/jose/jws.h"
#include "core/jose/key.h"
#include "core/json/json.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// One signature of a JWS in JSON form.
struct JsonSignature
{
    DecodedJws jws; ///< `header` joins protected and unprotected; `headerText` is the protected one
    Json unprotected; ///< null if there is none
    std::vector<Error> findings; ///< what is wrong with this signature
};

/// A JWS in general or flattened JSON form, still unverified. RFC 7515 7.2.
struct JsonJws
{
    bool flattened = false;
    bool detached = false; ///< it has no payload of its own
    std::string payloadText; ///< octets of the payload
    std::vector<JsonSignature> signatures;
    std::vector<Error> findings; ///< what is wrong with the whole
};

/// Decodes as far as possible and notes every fault; repairs nothing. Never a verdict.
/// \param detached the payload, if it travels apart
[[nodiscard]] JsonJws inspectJsonJws(std::string_view text,
                                     std::optional<std::string_view> detached = {});

/// Strict decoding: every signature must be well-formed. \return the first fault: Json,
/// JsonDuplicateMember, TokenShape, SignatureMissing, Base64, HeaderNotDisjoint, CritInvalid, ...
[[nodiscard]] Result<JsonJws> decodeJsonJws(std::string_view text,
                                            std::optional<std::string_view> detached = {});

/// Who signs, and with which header.
struct JsonSigner
{
    Key key;
    Alg alg = Alg::HS256;
    std::string protectedText; ///< octets of the protected header, signed as they are; may be empty
    Json unprotected = {}; ///< null: none
};

/// Signs in JSON form. All protected headers must agree on `b64`.
/// \param flattened one signature without the array; InvalidArgument with several signers
/// \param detached leave the payload out
/// \param relaxed HMAC keys of any length
[[nodiscard]] Result<Json> signJsonJws(std::string_view payloadText,
                                       std::span<const JsonSigner> signers, bool flattened,
                                       bool detached = false, bool relaxed = false);

} // namespace postern
