// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/plugins/common/limit_quota.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace postern::gateway {

/// limit-count with `sync_interval`: requests are counted here, and the store is told from time to
/// time. What one process grants between two tellings the others do not know of. Shared by all
/// workers, outlives snapshots. Any thread.
class DelayedLimits
{
public:
    using Clock = std::chrono::steady_clock;

    /// What a request finds.
    struct Found
    {
        bool known = false; ///< the quota counts; else the store must be asked first
        bool schedule = false; ///< the caller must tell the store after the interval
        Quota quota;
    };

    [[nodiscard]] Found take(std::string_view identity, std::int64_t cost, Clock::time_point now);
    /// What the store has to be told; it counts as told until failed() or told().
    [[nodiscard]] std::int64_t collect(std::string_view identity);
    /// The store was told `count` and said this.
    void told(std::string_view identity, std::int64_t count, const Quota &quota,
              Clock::time_point now);
    void failed(std::string_view identity, std::int64_t count);
    /// The interval is over: the next request starts another one.
    void intervalEnded(std::string_view identity);
    [[nodiscard]] std::size_t size() const;

private:
    struct Entry
    {
        std::int64_t remaining = 0; ///< what the store said last
        std::int64_t local = 0; ///< granted here since
        std::int64_t telling = 0; ///< on its way to the store
        Clock::time_point end{}; ///< of the window; then what the store said is void
        bool scheduled = false;
    };
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>()(text);
        }
    };

    [[nodiscard]] Entry &at(std::string_view identity, Clock::time_point now);

    mutable std::mutex m_mutex;
    std::unordered_map<std::string, Entry, Hash, std::equal_to<>> m_entries;
    std::size_t m_sweepAt = 1024; ///< entries, before those of the past are thrown out
};

} // namespace postern::gateway
