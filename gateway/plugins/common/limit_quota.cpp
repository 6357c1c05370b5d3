// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/limit_quota.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace postern::gateway {
namespace {

double inSeconds(Duration duration) noexcept
{
    return std::chrono::duration<double>(duration).count();
}

} // namespace

Quota slidingQuota(std::int64_t limit, Duration window, Duration left, std::int64_t before,
                   std::int64_t used, std::int64_t cost) noexcept
{
    const double most = static_cast<double>(limit);
    const double rate = static_cast<double>(std::min(before, limit)) / inSeconds(window);
    const double estimate = rate * inSeconds(left) + static_cast<double>(used);
    if (used >= limit)
        return {false, 0, inSeconds(left)};
    if (estimate >= most) // there is room as soon as enough of the window before has faded
        return {false, 0,
                std::max(inSeconds(left) - (most - static_cast<double>(used)) / rate, 0.0)};
    const auto remaining =
        static_cast<std::int64_t>(std::floor(most - estimate - static_cast<double>(cost)));
    return {true, std::max<std::int64_t>(remaining, 0), inSeconds(left)};
}

} // namespace postern::gateway
