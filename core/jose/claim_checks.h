// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/jwt.h"
#include "core/json/json.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// Appends one check for each claim that the policy or RFC 7519 4.1 speaks of.
/// \param now UNIX seconds
void checkClaims(const Json &claims, const JwtPolicy &policy, std::int64_t now,
                 std::vector<JwtCheck> &checks);

/// The claims of a token, read strictly. \return PayloadJson, TokenPayload (no object),
/// JsonDuplicateMember, JsonDepth, Utf8
[[nodiscard]] Result<Json> parseClaims(std::string_view payloadText);

/// A time claim as a check reads it: a finite number. \return NumericDate with a sentence
[[nodiscard]] Result<void> checkNumericDate(const Json &value);

/// "2024-12-15T02:40:00Z, 706 d": a NumericDate with its distance; only the number where the
/// calendar ends. \param joint between date and distance; what follows the distance is the caller's
[[nodiscard]] std::string dateAndDistance(const Json &number, std::int64_t now,
                                          std::string_view joint, std::string_view behind = {});

/// "a number", "an array": for error texts.
[[nodiscard]] std::string_view typeName(const Json &value) noexcept;

/// a + b, held at the ends of the range.
[[nodiscard]] std::int64_t saturatingSum(std::int64_t a, std::int64_t b) noexcept;

} // namespace postern
