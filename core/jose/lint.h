// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/jws.h"
#include "core/json/json.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// What an experienced reader would remark about a token; advice, never a verdict. Each begins
/// with a short name and a colon ("no exp: the token never expires").
/// \param claims the payload, null if it could not be parsed
/// \param now UNIX seconds
/// \param size of the whole token in bytes
/// \param audienceChecked whether the caller compares `aud`
[[nodiscard]] std::vector<std::string> lintToken(const DecodedJws &token, const Json &claims,
                                                 std::int64_t now, std::size_t size,
                                                 bool audienceChecked);

} // namespace postern
