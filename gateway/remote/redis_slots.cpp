// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_slots.h"

#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace postern::gateway {
namespace {

constexpr std::array<std::uint16_t, 256> kCrc16 = [] {
    std::array<std::uint16_t, 256> table{};
    for (unsigned octet = 0; octet < table.size(); ++octet) {
        unsigned crc = octet << 8U;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc << 1U) ^ ((crc & 0x8000U) ? 0x1021U : 0U);
        table[octet] = static_cast<std::uint16_t>(crc);
    }
    return table;
}();

/// A node is [host, port, id, ...]; a host it does not know is null or empty.
std::optional<RedisAddress> nodeOf(const RedisValue &node, const RedisAddress &asked)
{
    if (node.items.size() < 2)
        return std::nullopt;
    const std::int64_t port = node.items[1].number(0);
    if (port < 1 || port > 65535)
        return std::nullopt;
    const std::string &host = node.items[0].text;
    return RedisAddress{host.empty() || host == "?" ? asked.host : host,
                        static_cast<std::uint16_t>(port)};
}

std::optional<RedisSlotRange> rangeOf(const RedisValue &row, const RedisAddress &asked)
{
    if (row.items.size() < 3)
        return std::nullopt;
    const std::int64_t first = row.items[0].number(-1), last = row.items[1].number(-1);
    const auto master = nodeOf(row.items[2], asked);
    if (first < 0 || last < first || last >= static_cast<std::int64_t>(kRedisSlots) || !master)
        return std::nullopt;
    return RedisSlotRange{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last),
                          *master};
}

} // namespace

std::uint16_t redisSlot(std::string_view key) noexcept
{
    if (const std::size_t open = key.find('{'); open != std::string_view::npos) {
        const std::size_t close = key.find('}', open + 1);
        if (close != std::string_view::npos && close != open + 1)
            key = key.substr(open + 1, close - open - 1);
    }
    unsigned crc = 0;
    for (const char c : key)
        crc =
            ((crc << 8U) ^ kCrc16[((crc >> 8U) ^ static_cast<unsigned char>(c)) & 0xffU]) & 0xffffU;
    return static_cast<std::uint16_t>(crc % kRedisSlots);
}

std::optional<std::vector<RedisSlotRange>> parseRedisSlots(const RedisValue &answer,
                                                           const RedisAddress &asked)
{
    std::vector<RedisSlotRange> ranges;
    for (const RedisValue &row : answer.items) {
        auto range = rangeOf(row, asked);
        if (!range)
            return std::nullopt;
        ranges.push_back(std::move(*range));
    }
    if (ranges.empty())
        return std::nullopt;
    return ranges;
}

std::optional<RedisRedirect> parseRedisRedirect(const RedisValue &error, const RedisAddress &asked)
{
    const bool ask = error.isError("ASK");
    if (!ask && !error.isError("MOVED"))
        return std::nullopt;
    const std::string_view text = error.text;
    const std::size_t first = text.find(' ');
    const std::size_t second = text.find(' ', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos)
        return std::nullopt;
    RedisRedirect redirect;
    redirect.ask = ask;
    const auto [end, fault] =
        std::from_chars(text.data() + first + 1, text.data() + second, redirect.slot);
    if (fault != std::errc() || end != text.data() + second || redirect.slot >= kRedisSlots)
        return std::nullopt;
    std::string node(text.substr(second + 1));
    if (node.rfind(':') == 0) // ":7000", not "::1:7000"
        node.insert(0, asked.text().substr(0, asked.text().rfind(':')));
    // "::1:7000" without brackets is how Redis writes it
    auto to = parseRedisAddress(node);
    if (!to)
        return std::nullopt;
    redirect.to = std::move(*to);
    return redirect;
}

} // namespace postern::gateway
