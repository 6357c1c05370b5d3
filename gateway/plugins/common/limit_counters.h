// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "gateway/plugins/common/delayed_limits.h"
#include "gateway/plugins/common/limit_quota.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace postern::gateway {

/// The counters of limit-count in this process, shared by all workers. They outlive snapshots: a
/// counter belongs to an identity, not to a compiled plugin. Any thread.
class LimitCounters
{
public:
    /// A window that starts with the first request of a key.
    [[nodiscard]] Quota takeFixed(std::string_view identity, std::int64_t limit, Duration window,
                                  Timestamp now);
    /// Windows aligned to the wall clock; the previous one counts by what is left of this one.
    [[nodiscard]] Quota takeSliding(std::string_view identity, std::int64_t limit, Duration window,
                                    Timestamp now);
    /// How many counters are kept.
    [[nodiscard]] std::size_t size() const;
    /// Those that are told to a store from time to time.
    [[nodiscard]] DelayedLimits &delayed() noexcept { return m_delayed; }

private:
    struct Counter
    {
        Timestamp start{}; ///< of the current window
        Timestamp useless{}; ///< from here on the counter says nothing any more
        std::int64_t used = 0;
        std::int64_t usedBefore = 0; ///< in the window before; sliding only
    };
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>()(text);
        }
    };
    struct Shard
    {
        mutable std::mutex mutex;
        std::unordered_map<std::string, Counter, Hash, std::equal_to<>> counters;
        std::size_t sweepAt = 1024; ///< counters, before those of the past are thrown out
    };

    [[nodiscard]] Shard &shardOf(std::string_view identity);
    [[nodiscard]] static Counter &counterOf(Shard &shard, std::string_view identity, Timestamp now);

    std::array<Shard, 64> m_shards;
    DelayedLimits m_delayed;
};

} // namespace postern::gateway
