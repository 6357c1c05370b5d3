// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/json/json.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>

namespace postern::gateway {

/// An optional `percentage` member.
[[nodiscard]] inline std::optional<int> percentageOf(const Json *value)
{
    if (!value || !value->asInteger())
        return std::nullopt;
    return static_cast<int>(std::clamp<std::int64_t>(*value->asInteger(), 0, 100));
}

/// True in that share of the calls; always without a percentage.
[[nodiscard]] inline bool sampled(std::optional<int> percentage)
{
    if (!percentage)
        return true;
    thread_local std::minstd_rand dice{std::random_device{}()};
    return std::uniform_int_distribution(1, 100)(dice) <= *percentage;
}

/// Seconds, also in fractions, as a duration of at most a day.
[[nodiscard]] inline Duration secondsOf(const Json &value)
{
    const double seconds = std::clamp(value.asDouble(), 0.0, 86'400.0);
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

} // namespace postern::gateway
