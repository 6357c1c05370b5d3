// SPDX-License-Identifier: Apache-2.0
#include "core/jose/secret_strength.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace postern {

bool isCharacterSequence(std::string_view text) noexcept
{
    if (text.size() < 2)
        return true;
    const int step = text[1] - text[0];
    if (step < -1 || step > 1)
        return false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        // 7890: sequences of digits go on at zero.
        const bool wraps = step == 1 && text[i - 1] == '9' && text[i] == '0';
        if (text[i] - text[i - 1] != step && !wraps)
            return false;
    }
    return true;
}

double estimatedBits(std::string_view text) noexcept
{
    bool lower = false, upper = false, digit = false, other = false;
    std::array<bool, 256> seen{};
    for (const char c : text) {
        seen[static_cast<unsigned char>(c)] = true;
        lower = lower || (c >= 'a' && c <= 'z');
        upper = upper || (c >= 'A' && c <= 'Z');
        digit = digit || (c >= '0' && c <= '9');
        other = other || !(((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9'));
    }
    const double alphabet =
        (lower ? 26.0 : 0) + (upper ? 26.0 : 0) + (digit ? 10.0 : 0) + (other ? 33.0 : 0);
    const auto distinct = static_cast<double>(std::ranges::count(seen, true));
    const auto size = static_cast<double>(text.size());
    // Few different characters: they count, not the alphabet they come from.
    return size * std::log2(std::max(2.0, std::min(alphabet, 2 * distinct)));
}

bool isPrintableText(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace postern
