// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/hash_ring.h"

#include "gateway/router/snapshot.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

namespace postern::gateway {

namespace {

constexpr std::size_t kPointsPerWeight = 160;
/// Beyond this sum weights are scaled down: memory must not follow from a number in a document.
constexpr std::uint64_t kMostWeight = 1024;

constexpr auto kCrcTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1U) != 0 ? 0xedb88320U ^ (value >> 1U) : value >> 1U;
        table[i] = value;
    }
    return table;
}();

std::uint32_t crcUpdate(std::uint32_t crc, unsigned char octet) noexcept
{
    return kCrcTable[(crc ^ octet) & 0xffU] ^ (crc >> 8U);
}

std::uint32_t crcOf(std::string_view text) noexcept
{
    std::uint32_t crc = 0xffffffffU;
    for (const char octet : text)
        crc = crcUpdate(crc, static_cast<unsigned char>(octet));
    return crc ^ 0xffffffffU;
}

std::string idOf(const UpstreamNode &node)
{
    const bool bare = node.host.find(':') != std::string::npos && !node.host.starts_with('[');
    std::string id = (bare ? "[" + node.host + "]" : node.host) + ":" + std::to_string(node.port);
    std::ranges::replace(id, ':', '\0');
    return id;
}

/// Weights in their smallest proportion. Where nothing has a weight, all are alike.
std::vector<std::uint64_t> sharesOf(std::span<const UpstreamNode> nodes)
{
    std::vector<std::uint64_t> shares;
    std::uint64_t divisor = 0, sum = 0;
    for (const UpstreamNode &node : nodes) {
        shares.push_back(static_cast<std::uint64_t>(std::max(node.weight, 0)));
        divisor = std::gcd(divisor, shares.back());
        sum += shares.back();
    }
    if (divisor == 0) {
        std::ranges::fill(shares, 1U);
        return shares;
    }
    sum /= divisor;
    for (std::uint64_t &share : shares) {
        if (share == 0)
            continue;
        share /= divisor;
        if (sum > kMostWeight)
            share = std::max<std::uint64_t>(1, share * kMostWeight / sum);
    }
    return shares;
}

std::string headerVariable(std::string_view name)
{
    std::string variable = "http_";
    for (const char letter : name)
        variable += letter == '-'            ? '_'
            : letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20)
                                             : letter;
    return variable;
}

} // namespace

HashKey::HashKey(std::string_view on, std::string_view key)
{
    if (on == "vars_combinations")
        m_template.emplace(key);
    else if (on == "consumer")
        m_variable.emplace("consumer_name");
    else if (on == "header")
        m_variable.emplace(headerVariable(key));
    else if (on == "cookie")
        m_variable.emplace("cookie_" + std::string(key));
    else
        m_variable.emplace(key);
}

std::string_view HashKey::of(Exchange &exchange) const
{
    std::string_view key;
    if (m_template) {
        if (m_template->resolves(exchange))
            key = m_template->evaluate(exchange);
    } else if (m_variable) {
        key = m_variable->text(exchange).value_or(std::string_view());
    }
    return key.empty() ? exchange.request.peer : key;
}

HashRing::HashRing(std::span<const UpstreamNode> nodes, HashKey key) : m_key(std::move(key))
{
    const std::vector<std::uint64_t> shares = sharesOf(nodes);
    for (std::uint32_t node = 0; node < nodes.size(); ++node) {
        const std::uint32_t base = crcOf(idOf(nodes[node])) ^ 0xffffffffU;
        std::uint32_t hash = 0;
        for (std::size_t i = 0; i < shares[node] * kPointsPerWeight; ++i) {
            const std::uint32_t previous = hash;
            hash = base;
            for (unsigned shift = 0; shift < 32; shift += 8)
                hash = crcUpdate(hash, static_cast<unsigned char>(previous >> shift));
            hash ^= 0xffffffffU;
            m_points.push_back({hash, node});
        }
    }
    std::ranges::stable_sort(m_points, {}, &Point::hash);
}

std::size_t HashRing::find(std::string_view key) const noexcept
{
    const auto found = std::ranges::lower_bound(m_points, crcOf(key), {}, &Point::hash);
    return found == m_points.end() ? 0 : static_cast<std::size_t>(found - m_points.begin());
}

} // namespace postern::gateway
