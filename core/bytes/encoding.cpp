// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"

#include "core/bytes/utf8.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <format>

namespace postern {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::uint8_t kBad = 0x80;

using DecodeTable = std::array<std::uint8_t, 256>;

constexpr DecodeTable tableOf(std::string_view alphabet, std::string_view second = {})
{
    DecodeTable table{};
    table.fill(kBad);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    for (std::size_t i = 0; i < second.size(); ++i)
        table[static_cast<unsigned char>(second[i])] = static_cast<std::uint8_t>(i);
    return table;
}

constexpr DecodeTable kUrlTable = tableOf(kUrl);
constexpr DecodeTable kStandardTable = tableOf(kStandard);
constexpr DecodeTable kAnyTable = tableOf(kStandard, kUrl);

std::string encode(std::string_view octets, std::string_view alphabet, bool pad)
{
    std::string out;
    out.reserve((octets.size() + 2) / 3 * 4);
    const auto octet = [&](std::size_t i) -> std::uint32_t {
        return i < octets.size() ? static_cast<unsigned char>(octets[i]) : 0U;
    };
    for (std::size_t i = 0; i < octets.size(); i += 3) {
        const std::uint32_t group = octet(i) << 16 | octet(i + 1) << 8 | octet(i + 2);
        const std::size_t digits = octets.size() - i >= 3 ? 4 : octets.size() - i + 1;
        for (std::size_t digit = 0; digit < digits; ++digit)
            out.push_back(alphabet[(group >> (18 - 6 * digit)) & 63]);
        if (pad)
            out.append(4 - digits, '=');
    }
    return out;
}

// Decodes text without padding. The verdict is collected, not branched on: valid input, the usual
// case, runs straight through. \return the number of octets written, or npos
std::size_t decodeGroups(std::string_view text, const DecodeTable &table, bool unusedBitsZero,
                         char *out) noexcept
{
    const auto *in = reinterpret_cast<const unsigned char *>(text.data());
    const std::size_t groups = text.size() / 4;
    const std::size_t rest = text.size() % 4;
    if (rest == 1)
        return std::string::npos;
    char *at = out;
    std::uint32_t bad = 0;
    const auto group = [&table, &bad](const unsigned char *digits) {
        const std::uint32_t a = table[digits[0]], b = table[digits[1]], c = table[digits[2]],
                            d = table[digits[3]];
        bad |= a | b | c | d;
        return a << 18 | b << 12 | c << 6 | d;
    };
    for (std::size_t i = 0; i < groups; ++i, in += 4, at += 3) {
        const std::uint32_t bits = group(in);
        at[0] = static_cast<char>(bits >> 16);
        at[1] = static_cast<char>(bits >> 8);
        at[2] = static_cast<char>(bits);
    }
    if (rest != 0) {
        const std::uint32_t a = table[in[0]], b = table[in[1]], c = rest == 3 ? table[in[2]] : 0U;
        bad |= a | b | c;
        const std::uint32_t bits = a << 18 | b << 12 | c << 6;
        *at++ = static_cast<char>(bits >> 16);
        if (rest == 3)
            *at++ = static_cast<char>(bits >> 8);
        if (unusedBitsZero && (bits & (rest == 3 ? 0xFFU : 0xFFFFU)) != 0)
            bad |= kBad;
    }
    return (bad & kBad) != 0 ? std::string::npos : static_cast<std::size_t>(at - out);
}

bool decodeInto(std::string_view text, const DecodeTable &table, bool unusedBitsZero,
                std::string &out)
{
    std::size_t written = 0;
    out.clear();
    out.resize_and_overwrite(text.size() / 4 * 3 + 2, [&](char *buffer, std::size_t) {
        written = decodeGroups(text, table, unusedBitsZero, buffer);
        return written == std::string::npos ? 0 : written;
    });
    return written != std::string::npos;
}

std::string describeOctet(char c)
{
    const auto octet = static_cast<unsigned char>(c);
    return octet > 0x20 && octet < 0x7F ? std::format("'{}'", c)
                                        : std::format("octet 0x{:02x}", octet);
}

// Why decodeInto() refused `text`; `offset` is where the text starts in what the user gave.
std::unexpected<Error> base64Failure(std::string_view text, const DecodeTable &table)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (table[static_cast<unsigned char>(text[i])] == kBad)
            return fail(Errc::Base64,
                        std::format("{} at offset {} is not allowed", describeOctet(text[i]), i));
    }
    if (text.size() % 4 == 1)
        return fail(Errc::Base64,
                    std::format("one character too many at offset {}: no text has "
                                "this length",
                                text.size() - 1));
    return fail(
        Errc::Base64,
        std::format("unused bits are set in the last character at offset {}", text.size() - 1));
}

} // namespace

std::string encodeBase64Url(std::string_view octets) { return encode(octets, kUrl, false); }

std::string encodeBase64(std::string_view octets) { return encode(octets, kStandard, true); }

Result<std::string> decodeBase64Url(std::string_view text)
{
    std::string out;
    if (!decodeInto(text, kUrlTable, true, out))
        return base64Failure(text, kUrlTable);
    return out;
}

bool decodeBase64UrlInto(std::string_view text, std::string &out)
{
    return decodeInto(text, kUrlTable, true, out);
}

bool decodeBase64UrlLaxInto(std::string_view text, std::string &out)
{
    return decodeInto(text.substr(0, text.find('=')), kUrlTable, false, out);
}

bool decodeBase64LaxInto(std::string_view text, std::string &out)
{
    return decodeInto(text.substr(0, text.find('=')), kStandardTable, false, out);
}

bool decodeBase64AnyInto(std::string_view text, std::string &out)
{
    // nginx's decoder, which APISIX uses, stops at the first '=' whatever follows it.
    return decodeInto(text.substr(0, text.find('=')), kAnyTable, false, out);
}

Result<std::string> decodeBase64(std::string_view text)
{
    std::string_view digits = text;
    for (int pads = 0; pads < 2 && digits.ends_with('='); ++pads)
        digits.remove_suffix(1);
    std::string out;
    if (!decodeInto(digits, kStandardTable, true, out))
        return base64Failure(digits, kStandardTable);
    if (text.size() % 4 != 0)
        return fail(Errc::Base64, std::format("padding is missing at offset {}", text.size()));
    return out;
}

std::string encodeHex(std::string_view octets)
{
    std::string out;
    out.reserve(octets.size() * 2);
    for (const char c : octets) {
        out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
        out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
    }
    return out;
}

namespace {

constexpr DecodeTable kHexTable = tableOf(kHex, "0123456789ABCDEF");

int hexValue(char c) noexcept
{
    const std::uint8_t value = kHexTable[static_cast<unsigned char>(c)];
    return value == kBad ? -1 : value;
}

constexpr bool isUnreserved(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
        || c == '.' || c == '_' || c == '~';
}

} // namespace

Result<std::string> decodeHex(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (hexValue(text[i]) < 0)
            return fail(Errc::Hex,
                        std::format("{} at offset {} is not allowed", describeOctet(text[i]), i));
    }
    if (text.size() % 2 != 0)
        return fail(Errc::Hex, std::format("odd number of digits: {}", text.size()));
    std::string out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2)
        out.push_back(static_cast<char>(hexValue(text[i]) << 4 | hexValue(text[i + 1])));
    return out;
}

std::string decodePercent(std::string_view text, bool plusIsSpace)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && text.size() - i > 2 && hexValue(text[i + 1]) >= 0
            && hexValue(text[i + 2]) >= 0) {
            out.push_back(static_cast<char>(hexValue(text[i + 1]) << 4 | hexValue(text[i + 2])));
            i += 2;
        } else {
            out.push_back(plusIsSpace && text[i] == '+' ? ' ' : text[i]);
        }
    }
    return out;
}

std::string encodePercent(std::string_view text, std::string_view keep)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (isUnreserved(c) || keep.find(c) != std::string_view::npos) {
            out.push_back(c);
            continue;
        }
        out += std::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

bool isUtf8(std::string_view octets) noexcept
{
    const char *at = octets.data();
    const char *const end = at + octets.size();
    while (at != end) {
        std::uint64_t eight = 0;
        while (end - at >= 8) {
            std::memcpy(&eight, at, 8);
            if ((eight & 0x8080808080808080U) != 0)
                break;
            at += 8;
        }
        if (at == end)
            break;
        const std::size_t length = utf8SequenceLength(at, end);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

} // namespace postern
