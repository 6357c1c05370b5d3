// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/substitution.h"

#include <algorithm>

namespace postern::gateway {

namespace {

/// How much of the text behind a `$` belongs to it; 0: nothing that could.
std::size_t referenceLength(std::string_view text) noexcept
{
    if (text.starts_with('$'))
        return 1;
    const bool bracket = text.starts_with('{');
    const std::size_t first = bracket ? 1 : 0;
    const std::size_t end = std::min(text.find_first_not_of("0123456789", first), text.size());
    if (end == first)
        return 0;
    if (!bracket)
        return end;
    return text.substr(end).starts_with('}') ? end + 1 : 0;
}

bool isTemplate(std::string_view text) noexcept
{
    for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$')) {
        text.remove_prefix(at + 1);
        const std::size_t length = referenceLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

} // namespace

Result<Pattern> compileSubstitution(std::string_view expression, std::string_view replacement)
{
    auto pattern = Pattern::compile(expression);
    if (pattern && !isTemplate(replacement))
        return fail(Errc::InvalidArgument, "failed to compile the replacement template");
    return pattern;
}

} // namespace postern::gateway
