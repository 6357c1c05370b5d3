// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/parse.h"

namespace postern {

/// As parseJson(), but control characters inside strings may stand there as they are, except NUL:
/// lua-cjson takes them, so bodies for the Admin API have line breaks in proto files and keys.
/// \return the value, or parseJson()'s error
[[nodiscard]] Result<Json> parseCjson(std::string_view text, const JsonLimits &limits = {});

} // namespace postern
