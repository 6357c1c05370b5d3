// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

/// `pointer` with one more name behind it, escaped. RFC 6901 3.
[[nodiscard]] inline std::string pointerTo(std::string_view pointer, std::string_view name)
{
    std::string out(pointer);
    out += '/';
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

} // namespace postern
