// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/remote/redis_call.h"
#include "gateway/remote/redis_settings.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace postern::gateway {

inline constexpr std::size_t kRedisSlots = 16384;

/// The hash slot of a key: CRC16 (XMODEM) of what is in its first non-empty braces, or of all of
/// it. Redis cluster specification, "Key distribution model".
[[nodiscard]] std::uint16_t redisSlot(std::string_view key) noexcept;

/// Slots and the master that has them.
struct RedisSlotRange
{
    std::uint16_t first = 0, last = 0;
    RedisAddress master;

    bool operator==(const RedisSlotRange &) const = default;
};

/// Reads the answer to CLUSTER SLOTS. \param asked stands for a node that does not know its name
/// \return nothing if it is no such answer, or names no slot
[[nodiscard]] std::optional<std::vector<RedisSlotRange>> parseRedisSlots(const RedisValue &answer,
                                                                         const RedisAddress &asked);

/// "MOVED 3999 127.0.0.1:6381", "ASK 3999 ...".
struct RedisRedirect
{
    std::uint16_t slot = 0;
    RedisAddress to;
    bool ask = false;
};
/// \return nothing if the error is no redirection
[[nodiscard]] std::optional<RedisRedirect> parseRedisRedirect(const RedisValue &error,
                                                              const RedisAddress &asked);

} // namespace postern::gateway
