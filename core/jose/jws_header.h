// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/json/parse.h"

#include <cstddef>
#include <string_view>

// The rules of a JOSE header that all serialisations share. RFC 7515 4, RFC 7797 6.
namespace postern {

/// What a token may be made of; a limit that is hit is named in the error.
inline constexpr std::size_t kMaxTokenSize = 256UL * 1024;
inline constexpr std::size_t kMaxPayloadSize = 192UL * 1024;
inline constexpr std::size_t kMaxKidSize = 1024;
inline constexpr std::size_t kMaxCritNames = 16;
inline constexpr std::size_t kMaxSignatures = 16;
inline constexpr JsonLimits kHeaderLimits{
    .size = 16UL * 1024, .depth = 64, .members = 1000, .lexeme = 64};
inline constexpr JsonLimits kClaimLimits{
    .size = kMaxPayloadSize, .depth = 64, .members = 10'000, .lexeme = 64};

/// Parses the octets of a header, strictly. \return HeaderNotObject, Json, JsonDuplicateMember, ...
/// with where = "header:line:column"
[[nodiscard]] Result<Json> parseJoseHeader(std::string_view text);

/// typ, cty and kid are strings, kid is of sensible length. \return TypType, CtyType, KidType,
/// LimitExceeded with where = "header/name"
[[nodiscard]] Result<void> checkHeaderTypes(const Json &header);

/// crit and b64 of an integrity-protected header. RFC 7515 4.1.11, RFC 7797 6.
/// \param header where the members that crit names may stand
/// \return CritInvalid, Crit (not understood), B64Type, B64NotCritical with where = "header/…"
[[nodiscard]] Result<void> checkCritical(const Json &header);

/// Whether the header says that the payload stands unencoded: b64 is false. RFC 7797 3.
[[nodiscard]] bool isUnencoded(const Json &header) noexcept;

} // namespace postern
