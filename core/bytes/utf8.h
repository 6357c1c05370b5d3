// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace postern {

/// Length in bytes (1 to 4) of the well-formed UTF-8 sequence at `at`, 0 if there is none before
/// `end`. Refuses overlongs, surrogates and everything above U+10FFFF. Unicode 15, table 3-7.
[[nodiscard]] inline std::size_t utf8SequenceLength(const char *at, const char *end) noexcept
{
    const auto octet = [at](std::size_t i) { return static_cast<unsigned char>(at[i]); };
    const auto between = [&octet](std::size_t i, unsigned low, unsigned high) {
        return octet(i) >= low && octet(i) <= high;
    };
    const auto left = static_cast<std::size_t>(end - at);
    if (left == 0)
        return 0;
    const unsigned first = octet(0);
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    if (first < 0xE0)
        return left >= 2 && between(1, 0x80, 0xBF) ? 2 : 0;
    if (first < 0xF0) {
        const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = first == 0xED ? 0x9F : 0xBF;
        return left >= 3 && between(1, low, high) && between(2, 0x80, 0xBF) ? 3 : 0;
    }
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return left >= 4 && between(1, low, high) && between(2, 0x80, 0xBF) && between(3, 0x80, 0xBF)
        ? 4
        : 0;
}

/// Writes a scalar value as UTF-8. \return the number of bytes, 1 to 4
[[nodiscard]] inline std::size_t encodeUtf8(char32_t scalar, char (&out)[4]) noexcept
{
    const auto tail = [scalar](int shift) {
        return static_cast<char>(0x80U | ((scalar >> shift) & 0x3FU));
    };
    if (scalar < 0x80) {
        out[0] = static_cast<char>(scalar);
        return 1;
    }
    if (scalar < 0x800) {
        out[0] = static_cast<char>(0xC0U | (scalar >> 6));
        out[1] = tail(0);
        return 2;
    }
    if (scalar < 0x10000) {
        out[0] = static_cast<char>(0xE0U | (scalar >> 12));
        out[1] = tail(6);
        out[2] = tail(0);
        return 3;
    }
    out[0] = static_cast<char>(0xF0U | (scalar >> 18));
    out[1] = tail(12);
    out[2] = tail(6);
    out[3] = tail(0);
    return 4;
}

/// Appends a scalar value as UTF-8.
inline void appendUtf8(std::string &out, char32_t scalar)
{
    char octets[4];
    out.append(octets, encodeUtf8(scalar, octets));
}

} // namespace postern
