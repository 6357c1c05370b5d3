// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/ip_range.h"

#include <algorithm>
#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstring>

namespace postern::gateway {

namespace {

std::uint64_t bigEndian(const unsigned char *at, std::size_t count) noexcept
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | at[i];
    return value;
}

/// The mask of the first `bits` of 64.
std::uint64_t leadingOnes(unsigned bits) noexcept
{
    return bits == 0 ? 0 : ~std::uint64_t{0} << (64 - bits);
}

} // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept
{
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (text.size() >= buffer.size() || text.contains('\0'))
        return std::nullopt;
    std::memcpy(buffer.data(), text.data(), text.size());

    std::array<unsigned char, 16> octets{};
    if (inet_pton(AF_INET, buffer.data(), octets.data()) == 1)
        return IpAddress{0, bigEndian(octets.data(), 4), false};
    if (inet_pton(AF_INET6, buffer.data(), octets.data()) != 1)
        return std::nullopt;
    const std::uint64_t high = bigEndian(octets.data(), 8);
    const std::uint64_t low = bigEndian(octets.data() + 8, 8);
    if (high == 0 && low >> 32 == 0xffff)
        return IpAddress{0, low & 0xffffffffU, false};
    return IpAddress{high, low, true};
}

std::optional<IpRange> IpRange::parse(std::string_view text) noexcept
{
    const std::size_t slash = text.find('/');
    const std::optional<IpAddress> address = IpAddress::parse(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    const unsigned width = text.contains(':') ? 128 : 32;
    unsigned bits = width;
    if (slash != std::string_view::npos) {
        const char *end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
        if (error != std::errc{} || stop != end || bits > width)
            return std::nullopt;
    }
    // An IPv4 address, however it is written, sits in the last 32 of the 128 bits.
    const unsigned leading = bits + (128 - width);
    if (!address->v6 && leading < 96)
        return std::nullopt; // a block wider than all of IPv4-mapped: not one family any more
    IpRange range;
    range.m_highMask = leadingOnes(leading < 64 ? leading : 64);
    range.m_lowMask = leadingOnes(leading > 64 ? leading - 64 : 0);
    range.m_network = *address;
    range.m_network.high &= range.m_highMask;
    range.m_network.low &= range.m_lowMask;
    return range;
}

bool anyContains(std::span<const IpRange> ranges, const std::optional<IpAddress> &address) noexcept
{
    return address && std::ranges::any_of(ranges, [&address](const IpRange &range) {
               return range.contains(*address);
           });
}

bool anyContains(std::span<const IpRange> ranges, std::string_view address) noexcept
{
    return anyContains(ranges, IpAddress::parse(address));
}

} // namespace postern::gateway
