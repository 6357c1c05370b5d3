// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_call.h"

#include <charconv>
#include <utility>

namespace postern::gateway {

std::int64_t RedisValue::number(std::int64_t otherwise) const noexcept
{
    if (type == Type::Integer)
        return integer;
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole =
        type == Type::Text && fault == std::errc() && end == text.data() + text.size();
    return whole ? value : otherwise;
}

void finishCall(RedisCall &call, RedisAnswer answer)
{
    auto finish = std::move(call.finish);
    if (answer)
        finish(std::move(*answer), std::move(call.words));
    else
        finish(std::unexpected(std::move(answer.error().error)), std::move(call.words));
}

} // namespace postern::gateway
