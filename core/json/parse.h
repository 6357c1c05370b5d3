// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace postern {

/// Limits and choices of the strict parser. RFC 8259 grammar always; UTF-8 always.
struct JsonLimits
{
    std::size_t size = 16U * 1024 * 1024; ///< bytes of text
    std::size_t depth = 64; ///< nested arrays and objects; more than 1024 is taken as 1024
    std::size_t members = 100'000; ///< members of one object
    std::size_t lexeme = 1024; ///< bytes of one number
    bool lastDuplicateWins = false; ///< true: as cjson does; false: duplicates are refused
};

/// Parses one JSON text, strictly: no BOM, no trailing bytes, no duplicate members (also when
/// spelled with escapes), no lone surrogates, no invalid UTF-8. Does not recurse without bound.
/// \return the value, or Json, JsonDuplicateMember, JsonDepth, JsonSize, Utf8 with where =
/// "line:column"
[[nodiscard]] Result<Json> parseJson(std::string_view text, const JsonLimits &limits = {});

/// What lua-cjson 2.1 (OpenResty) says about an invalid text: the Admin API's clients match on it.
/// "Expected value but found T_END at character 1"; the character is a 1-based byte offset.
/// Where lua-cjson would have accepted the text (raw control characters, bad UTF-8, leading zeros)
/// the text of parseJson()'s error is given.
[[nodiscard]] std::string cjsonErrorText(std::string_view text);

} // namespace postern
