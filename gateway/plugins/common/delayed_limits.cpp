// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/delayed_limits.h"

#include <algorithm>
#include <utility>

namespace postern::gateway {

DelayedLimits::Entry &DelayedLimits::at(std::string_view identity, Clock::time_point now)
{
    const auto known = m_entries.find(identity);
    if (known != m_entries.end())
        return known->second;
    if (m_entries.size() >= m_sweepAt) {
        std::erase_if(m_entries, [now](const auto &item) {
            const Entry &entry = item.second;
            return entry.end <= now && entry.local == 0 && entry.telling == 0 && !entry.scheduled;
        });
        m_sweepAt = std::max<std::size_t>(1024, m_entries.size() * 2);
    }
    return m_entries.emplace(identity, Entry()).first->second;
}

DelayedLimits::Found DelayedLimits::take(std::string_view identity, std::int64_t cost,
                                         Clock::time_point now)
{
    const std::scoped_lock lock(m_mutex);
    Entry &entry = at(identity, now);
    if (entry.end <= now)
        return {};
    Found found;
    found.known = true;
    found.schedule = !std::exchange(entry.scheduled, true);
    const std::int64_t remaining = entry.remaining - entry.local - entry.telling - cost;
    found.quota.granted = remaining >= 0;
    found.quota.remaining = std::max<std::int64_t>(remaining, 0);
    found.quota.reset = std::chrono::duration<double>(entry.end - now).count();
    if (found.quota.granted)
        entry.local += cost;
    return found;
}

std::int64_t DelayedLimits::collect(std::string_view identity)
{
    const std::scoped_lock lock(m_mutex);
    const auto known = m_entries.find(identity);
    if (known == m_entries.end())
        return 0;
    const std::int64_t count = std::exchange(known->second.local, 0);
    known->second.telling += count;
    return count;
}

void DelayedLimits::told(std::string_view identity, std::int64_t count, const Quota &quota,
                         Clock::time_point now)
{
    const std::scoped_lock lock(m_mutex);
    Entry &entry = at(identity, now);
    entry.telling = std::max<std::int64_t>(entry.telling - count, 0);
    entry.remaining = quota.granted ? quota.remaining : 0;
    entry.end = now
        + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(quota.reset));
}

void DelayedLimits::failed(std::string_view identity, std::int64_t count)
{
    const std::scoped_lock lock(m_mutex);
    const auto known = m_entries.find(identity);
    if (known == m_entries.end())
        return;
    known->second.telling = std::max<std::int64_t>(known->second.telling - count, 0);
    known->second.local += count;
}

void DelayedLimits::intervalEnded(std::string_view identity)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto known = m_entries.find(identity); known != m_entries.end())
        known->second.scheduled = false;
}

std::size_t DelayedLimits::size() const
{
    const std::scoped_lock lock(m_mutex);
    return m_entries.size();
}

} // namespace postern::gateway
