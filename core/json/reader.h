// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace postern {

/// One member of interest of an object read by readMembers(). Set `name` before the call.
struct WantedMember
{
    std::string_view name = {};
    Json::Type type = Json::Type::Null; ///< valid if `present`
    bool present = false; ///< the other results are meaningless without it
    bool escaped = false; ///< a string that holds escapes; use unescapeJson()
    std::string_view text = {}; ///< the value's raw text; for strings without the quotes
};

/// Reads one JSON object in one strict pass without building anything: grammar, UTF-8 and nesting
/// are checked over the whole text, and the members asked for are picked out of the top level.
/// Duplicate members: the last one wins (as APISIX's parser does). The request path's reader.
/// \param depth nested arrays and objects allowed; at most 64
/// \return false if the text is not a JSON object
[[nodiscard]] bool readMembers(std::string_view text, std::span<WantedMember> wanted,
                               std::size_t depth = 64) noexcept;

/// Resolves the escapes of a raw JSON string (without quotes) that was already validated.
[[nodiscard]] std::string unescapeJson(std::string_view raw);

/// Compares a JSON number's text with a bound, exactly: fractions, exponents and numbers of any
/// size are never rounded. \return -1, 0, 1
[[nodiscard]] int compareNumber(std::string_view lexeme, std::int64_t bound) noexcept;

} // namespace postern
