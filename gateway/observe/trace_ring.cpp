// SPDX-License-Identifier: Apache-2.0
#include "gateway/observe/trace_ring.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace postern::gateway {

namespace {

constexpr std::size_t kOrdinaryRecord = 512;
constexpr std::size_t kFixed = offsetof(TraceRecord, event);

} // namespace

TraceRing::TraceRing(std::size_t keep)
    : m_slots(std::max<std::size_t>(keep, 1)),
      m_capacity(std::max(m_slots.size() * kOrdinaryRecord, 4 * sizeof(TraceRecord)))
{
    // Touched once here, so that the first requests do not pay for fresh pages.
    m_bytes = std::make_unique<char[]>(m_capacity);
}

void TraceRing::dropOldest() noexcept
{
    m_first = (m_first + 1) % m_slots.size();
    --m_count;
}

void TraceRing::push(const TraceRecord &record) noexcept
{
    const std::size_t events = record.events * sizeof(TraceEvent);
    const std::size_t size = kFixed + events + record.used;
    if (m_head + size > m_capacity) {
        // What lies behind the head until the end of the buffer is older than what starts at 0.
        while (m_count && m_slots[m_first].at >= m_head)
            dropOldest();
        m_head = 0;
    }
    while (m_count) {
        const Slot &oldest = m_slots[m_first];
        const bool overlaps = oldest.at < m_head + size && oldest.at + oldest.size > m_head;
        if (!overlaps && m_count < m_slots.size())
            break;
        dropOldest();
    }
    char *at = m_bytes.get() + m_head;
    std::memcpy(at, static_cast<const void *>(&record), kFixed);
    std::memcpy(at + kFixed, record.event.data(), events);
    std::memcpy(at + kFixed + events, record.text.data(), record.used);
    m_slots[(m_first + m_count) % m_slots.size()] = {static_cast<std::uint32_t>(m_head),
                                                     static_cast<std::uint32_t>(size)};
    ++m_count;
    ++m_written;
    m_head += size;
}

void TraceRing::visitNewestFirst(const std::function<bool(const TraceRecord &)> &visit) const
{
    TraceRecord record;
    for (std::size_t i = m_count; i-- > 0;) {
        const Slot &slot = m_slots[(m_first + i) % m_slots.size()];
        const char *at = m_bytes.get() + slot.at;
        std::memcpy(static_cast<void *>(&record), at, kFixed);
        const std::size_t events = record.events * sizeof(TraceEvent);
        std::memcpy(record.event.data(), at + kFixed, events);
        std::memcpy(record.text.data(), at + kFixed + events, record.used);
        if (!visit(record))
            return;
    }
}

} // namespace postern::gateway
