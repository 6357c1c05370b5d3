// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace postern::gateway {

/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address is the IPv4 address.
struct IpAddress
{
    std::uint64_t high = 0; ///< of the 128 bits; IPv4 lies in the last 32
    std::uint64_t low = 0;
    bool v6 = false;

    bool operator==(const IpAddress &) const = default;

    /// \return nullopt unless `text` is one address (no zone, no port, no brackets)
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text) noexcept;
};

/// An address or a CIDR block. Bits behind the prefix length are ignored, as in nginx.
class IpRange
{
public:
    /// Reads `10.0.0.0/8`, `::1`, `fe80::/10`.
    [[nodiscard]] static std::optional<IpRange> parse(std::string_view text) noexcept;

    [[nodiscard]] bool contains(const IpAddress &address) const noexcept
    {
        return address.v6 == m_network.v6 && (address.high & m_highMask) == m_network.high
            && (address.low & m_lowMask) == m_network.low;
    }

private:
    IpAddress m_network;
    std::uint64_t m_highMask = 0;
    std::uint64_t m_lowMask = 0;
};

/// True if there is an address and one of the ranges has it.
[[nodiscard]] bool anyContains(std::span<const IpRange> ranges,
                               const std::optional<IpAddress> &address) noexcept;
/// True if the text is such an address.
[[nodiscard]] bool anyContains(std::span<const IpRange> ranges, std::string_view address) noexcept;

} // namespace postern::gateway
