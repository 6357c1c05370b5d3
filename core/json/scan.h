// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/utf8.h"

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// The lexical grammar of RFC 8259, shared by the parser, the streaming reader and nobody else.
// All functions take [at, end) and never read outside of it.
namespace postern::json {

[[nodiscard]] inline bool isDigit(char c) noexcept
{
    return static_cast<unsigned char>(c - '0') < 10;
}

[[nodiscard]] inline const char *skipSpace(const char *at, const char *end) noexcept
{
    while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        ++at;
    return at;
}

/// First character of a string that is not plain: a quote, a backslash, a control character or the
/// start of a multi-byte sequence.
[[nodiscard]] inline const char *skipPlain(const char *at, const char *end) noexcept
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(' ');
    while (end - at >= 16) {
        const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
        // Signed comparison: octets from 0x80 up are negative and so "below space" too.
        const __m128i special =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(text, quote), _mm_cmpeq_epi8(text, backslash)),
                         _mm_cmplt_epi8(text, space));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
        if (mask != 0)
            return at + __builtin_ctz(mask);
        at += 16;
    }
#endif
    while (at != end && *at != '"' && *at != '\\' && static_cast<signed char>(*at) >= ' ')
        ++at;
    return at;
}

/// Reads four hexadecimal digits. \return the value, or -1
[[nodiscard]] inline int readHex4(const char *at, const char *end) noexcept
{
    if (end - at < 4)
        return -1;
    int value = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = at[i];
        const char lower = static_cast<char>(c | 0x20);
        if (isDigit(c))
            value = value << 4 | (c - '0');
        else if (lower >= 'a' && lower <= 'f')
            value = value << 4 | (lower - 'a' + 10);
        else
            return -1;
    }
    return value;
}

enum class EscapeFault : std::uint8_t { None, Letter, Hex, Surrogate };

/// The escape at `at` (a backslash): its scalar value and where it ends.
struct Escape
{
    const char *next = nullptr;
    char32_t scalar = 0;
    EscapeFault fault = EscapeFault::None;
};

[[nodiscard]] inline Escape readEscape(const char *at, const char *end) noexcept
{
    if (end - at < 2)
        return {at, 0, EscapeFault::Letter};
    switch (at[1]) {
    case '"':
    case '\\':
    case '/':
        return {at + 2, static_cast<char32_t>(at[1])};
    case 'b':
        return {at + 2, U'\b'};
    case 'f':
        return {at + 2, U'\f'};
    case 'n':
        return {at + 2, U'\n'};
    case 'r':
        return {at + 2, U'\r'};
    case 't':
        return {at + 2, U'\t'};
    case 'u':
        break;
    default:
        return {at, 0, EscapeFault::Letter};
    }
    const int first = readHex4(at + 2, end);
    if (first < 0)
        return {at, 0, EscapeFault::Hex};
    if (first < 0xD800 || first > 0xDFFF)
        return {at + 6, static_cast<char32_t>(first)};
    if (first > 0xDBFF || end - at < 12 || at[6] != '\\' || at[7] != 'u')
        return {at, 0, EscapeFault::Surrogate};
    const int second = readHex4(at + 8, end);
    if (second < 0xDC00 || second > 0xDFFF)
        return {at, 0, EscapeFault::Surrogate};
    return {at + 12, static_cast<char32_t>(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))};
}

/// Where a number ends, or, if it is none, the character that should have been a digit.
struct NumberScan
{
    const char *at = nullptr;
    bool valid = false;
};

[[nodiscard]] inline NumberScan skipNumber(const char *at, const char *end) noexcept
{
    const auto skipDigits = [end](const char *p) {
        while (p != end && isDigit(*p))
            ++p;
        return p;
    };
    if (at != end && *at == '-')
        ++at;
    if (at == end || !isDigit(*at))
        return {at, false};
    at = *at == '0' ? at + 1 : skipDigits(at + 1);
    if (at != end && *at == '.') {
        const char *const fraction = at + 1;
        at = skipDigits(fraction);
        if (at == fraction)
            return {at, false};
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-'))
            ++at;
        const char *const exponent = at;
        at = skipDigits(exponent);
        if (at == exponent)
            return {at, false};
    }
    return {at, true};
}

} // namespace postern::json
