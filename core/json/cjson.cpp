// SPDX-License-Identifier: Apache-2.0
#include "core/json/cjson.h"

#include <format>
#include <iterator>
#include <string>

namespace postern {
namespace {

/// The same text with its raw control characters escaped; what is outside of strings stays.
std::string withControlsEscaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 64);
    bool inString = false, escaped = false;
    for (const char octet : text) {
        const auto code = static_cast<unsigned char>(octet);
        if (inString && code < 0x20 && code != 0 && !escaped) {
            std::format_to(std::back_inserter(out), "\\u{:04x}", code);
            continue;
        }
        out += octet;
        if (escaped)
            escaped = false;
        else if (inString && octet == '\\')
            escaped = true;
        else if (octet == '"')
            inString = !inString;
    }
    return out;
}

} // namespace

Result<Json> parseCjson(std::string_view text, const JsonLimits &limits)
{
    auto strict = parseJson(text, limits);
    if (strict || strict.error().code != Errc::Json)
        return strict;
    auto lax = parseJson(withControlsEscaped(text), limits);
    return lax ? lax : strict;
}

} // namespace postern
