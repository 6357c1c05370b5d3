// SPDX-License-Identifier: Apache-2.0
#include "core/jose/ecdsa.h"

#include <algorithm>

namespace postern {

namespace {

constexpr unsigned char kSequence = 0x30;
constexpr unsigned char kInteger = 0x02;

/// Writes one non-negative INTEGER; returns the place behind it.
unsigned char *writeInteger(unsigned char *out, std::string_view number) noexcept
{
    while (number.size() > 1 && number.front() == 0)
        number.remove_prefix(1);
    const bool pad = static_cast<unsigned char>(number.front()) >= 0x80;
    *out++ = kInteger;
    *out++ = static_cast<unsigned char>(number.size() + pad);
    if (pad)
        *out++ = 0;
    return std::ranges::copy(number, out).out;
}

/// Reads a length below 256; advances. \return nothing if it is not minimal DER
std::optional<std::size_t> readLength(std::string_view &der) noexcept
{
    if (der.empty())
        return std::nullopt;
    std::size_t length = static_cast<unsigned char>(der.front());
    der.remove_prefix(1);
    if (length == 0x81) {
        if (der.empty() || static_cast<unsigned char>(der.front()) < 0x80)
            return std::nullopt;
        length = static_cast<unsigned char>(der.front());
        der.remove_prefix(1);
    } else if (length >= 0x80) {
        return std::nullopt;
    }
    return length;
}

/// Reads one non-negative INTEGER into `out`, right-aligned; advances.
bool readInteger(std::string_view &der, std::span<char> out) noexcept
{
    if (der.empty() || static_cast<unsigned char>(der.front()) != kInteger)
        return false;
    der.remove_prefix(1);
    const std::optional<std::size_t> length = readLength(der);
    if (!length || *length == 0 || *length > der.size())
        return false;
    std::string_view number = der.substr(0, *length);
    der.remove_prefix(*length);
    if (static_cast<unsigned char>(number.front()) >= 0x80)
        return false; // negative
    while (!number.empty() && number.front() == 0)
        number.remove_prefix(1);
    if (number.size() > out.size())
        return false;
    std::ranges::copy(number, out.end() - static_cast<std::ptrdiff_t>(number.size()));
    return true;
}

} // namespace

EcdsaDer ecdsaToDer(std::string_view raw) noexcept
{
    // The body first, at the place it has behind the longest header.
    EcdsaDer der;
    constexpr std::size_t kHeader = 3;
    const std::size_t half = raw.size() / 2;
    unsigned char *const body = der.octets.data() + kHeader;
    unsigned char *const end =
        writeInteger(writeInteger(body, raw.substr(0, half)), raw.substr(half));
    const auto size = static_cast<std::size_t>(end - body);
    const bool isLong = size >= 0x80;
    unsigned char header[kHeader] = {kSequence, static_cast<unsigned char>(isLong ? 0x81 : size),
                                     static_cast<unsigned char>(size)};
    const std::size_t headerSize = isLong ? 3 : 2;
    if (!isLong)
        std::copy(body, end, der.octets.data() + headerSize);
    std::copy_n(header, headerSize, der.octets.data());
    der.size = headerSize + size;
    return der;
}

std::optional<std::string> ecdsaFromDer(std::string_view der, std::size_t width)
{
    if (der.empty() || static_cast<unsigned char>(der.front()) != kSequence)
        return std::nullopt;
    der.remove_prefix(1);
    const std::optional<std::size_t> length = readLength(der);
    if (!length || *length != der.size())
        return std::nullopt;
    std::string raw(2 * width, '\0');
    const std::span<char> out(raw);
    if (!readInteger(der, out.first(width)) || !readInteger(der, out.subspan(width))
        || !der.empty())
        return std::nullopt;
    return raw;
}

} // namespace postern
