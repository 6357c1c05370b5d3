// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"

#include <cstdint>

namespace postern::gateway {

/// What a counter says about one request.
struct Quota
{
    bool granted = false;
    std::int64_t remaining = 0; ///< what is left after this request
    double reset = 0; ///< seconds until there is room again
};

/// What a sliding window says: the window before counts by what is left of this one. One more
/// request is granted while neither the current count nor the estimate has reached the limit.
/// \param left what is left of the current window
/// \param cost what the request would add
[[nodiscard]] Quota slidingQuota(std::int64_t limit, Duration window, Duration left,
                                 std::int64_t before, std::int64_t used,
                                 std::int64_t cost = 1) noexcept;

} // namespace postern::gateway
