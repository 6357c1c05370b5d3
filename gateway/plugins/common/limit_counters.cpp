// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/limit_counters.h"

#include <algorithm>
#include <functional>

namespace postern::gateway {
namespace {

double inSeconds(Duration duration) noexcept
{
    return std::chrono::duration<double>(duration).count();
}

} // namespace

LimitCounters::Shard &LimitCounters::shardOf(std::string_view identity)
{
    return m_shards[Hash()(identity) % m_shards.size()];
}

LimitCounters::Counter &LimitCounters::counterOf(Shard &shard, std::string_view identity,
                                                 Timestamp now)
{
    const auto known = shard.counters.find(identity);
    if (known != shard.counters.end())
        return known->second;
    if (shard.counters.size() >= shard.sweepAt) {
        std::erase_if(shard.counters,
                      [now](const auto &entry) { return entry.second.useless <= now; });
        shard.sweepAt = std::max<std::size_t>(1024, shard.counters.size() * 2);
    }
    return shard.counters.emplace(identity, Counter()).first->second;
}

Quota LimitCounters::takeFixed(std::string_view identity, std::int64_t limit, Duration window,
                               Timestamp now)
{
    Shard &shard = shardOf(identity);
    const std::scoped_lock lock(shard.mutex);
    Counter &counter = counterOf(shard, identity, now);
    // A clock that was set back starts a new window, too.
    if (counter.useless <= now || now < counter.start)
        counter = {now, now + window, 0, 0};
    const bool granted = counter.used < limit;
    if (granted)
        ++counter.used;
    return {granted, std::max<std::int64_t>(limit - counter.used, 0),
            inSeconds(counter.useless - now)};
}

Quota LimitCounters::takeSliding(std::string_view identity, std::int64_t limit, Duration window,
                                 Timestamp now)
{
    Shard &shard = shardOf(identity);
    const std::scoped_lock lock(shard.mutex);
    Counter &counter = counterOf(shard, identity, now);
    const Timestamp start = now - now.time_since_epoch() % window;
    if (counter.start != start) {
        const bool follows = counter.start + window == start;
        counter = {start, start + 2 * window, 0, follows ? counter.used : 0};
    }
    const Quota quota =
        slidingQuota(limit, window, start + window - now, counter.usedBefore, counter.used);
    if (quota.granted)
        ++counter.used;
    return quota;
}

std::size_t LimitCounters::size() const
{
    std::size_t count = 0;
    for (const Shard &shard : m_shards) {
        const std::scoped_lock lock(shard.mutex);
        count += shard.counters.size();
    }
    return count;
}

} // namespace postern::gateway
