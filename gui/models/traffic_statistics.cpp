// SPDX-License-Identifier: Apache-2.0
#include "gui/models/traffic_statistics.h"

#include <algorithm>

namespace postern::gui {

namespace {

std::size_t slotOf(qint64 second) noexcept
{
    return static_cast<std::size_t>(second) % TrafficStatistics::kSlots;
}

} // namespace

void TrafficStatistics::add(const TrafficRow &row, qint64 second)
{
    const std::size_t at = slotOf(second);
    if (m_seconds[at] != second) {
        m_seconds[at] = second;
        m_slots[at] = {};
    }
    Slot &slot = m_slots[at];
    const bool passed =
        row.decision == TrafficDecision::Allowed || row.decision == TrafficDecision::Anonymous;
    ++(passed ? slot.passed : slot.refused);
    slot.slowest = std::max(slot.slowest, row.micros);
    slot.micros += row.micros;
}

std::array<TrafficStatistics::Slot, TrafficStatistics::kSlots>
TrafficStatistics::lastMinute(qint64 second) const
{
    std::array<Slot, kSlots> last{};
    for (std::size_t i = 0; i < kSlots; ++i) {
        const qint64 wanted = second - static_cast<qint64>(kSlots - 1 - i);
        if (m_seconds[slotOf(wanted)] == wanted)
            last[i] = m_slots[slotOf(wanted)];
    }
    return last;
}

} // namespace postern::gui
