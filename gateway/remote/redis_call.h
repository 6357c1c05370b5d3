// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/server/reactor.h"

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// An answer of a Redis server.
struct RedisValue
{
    enum class Type : std::uint8_t { Nil, Integer, Text, Error, Array };

    Type type = Type::Nil;
    std::int64_t integer = 0;
    std::string text; ///< of Text and Error ("WRONGTYPE Operation against ...")
    std::vector<RedisValue> items;

    [[nodiscard]] bool isError() const noexcept { return type == Type::Error; }
    /// True for an error of that code: its first word.
    [[nodiscard]] bool isError(std::string_view code) const noexcept
    {
        return isError() && text.starts_with(code)
            && (text.size() == code.size() || text[code.size()] == ' ');
    }
    /// The number, also one that came as text; `otherwise` if it is none.
    [[nodiscard]] std::int64_t number(std::int64_t otherwise) const noexcept;
};

/// Why there is no answer.
struct RedisFault
{
    enum class Kind : std::uint8_t {
        Unsent, ///< the command never left: it may be sent elsewhere
        Closed, ///< the connection ended after it was sent: it may have been carried out
        TimedOut,
    };

    Kind kind = Kind::Unsent;
    Error error; ///< LimitStore; detail: the reason, where: the server
};

using RedisAnswer = std::expected<RedisValue, RedisFault>;

struct RedisAddress;

/// One command on its way. The worker's thread only.
struct RedisCall
{
    std::vector<std::string> words;
    std::size_t keyWord = 0; ///< which word is the key; 0: it has none
    Reactor::Clock::time_point deadline;
    /// Called once, with the answer and the command's own words.
    std::move_only_function<void(Result<RedisValue>, std::vector<std::string> words)> finish;
    bool asking = false; ///< the slot is moving: say ASKING first
    unsigned tries = 0; ///< how often it was sent again
    const RedisAddress *at = nullptr; ///< the server it was handed to last
};

/// Whoever decides what becomes of an answered command.
class RedisReceiver
{
public:
    RedisReceiver() = default;
    RedisReceiver(const RedisReceiver &) = delete;
    RedisReceiver &operator=(const RedisReceiver &) = delete;
    virtual ~RedisReceiver() = default;
    virtual void answered(std::unique_ptr<RedisCall> call, RedisAnswer answer) = 0;
};

/// Hands the answer over as it is.
void finishCall(RedisCall &call, RedisAnswer answer);

} // namespace postern::gateway
