// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/traffic_row.h"

#include <array>
#include <cstdint>
#include <vector>

namespace postern::gui {

/// Requests and latencies of the last minute, a second a slot. By the time they arrived: the
/// gateway's own clock may stand still. Main thread.
class TrafficStatistics
{
public:
    static constexpr std::size_t kSlots = 60;

    struct Slot
    {
        quint32 passed = 0, refused = 0;
        quint32 slowest = 0; ///< microseconds
        quint64 micros = 0; ///< altogether
        [[nodiscard]] quint32 requests() const noexcept { return passed + refused; }
    };

    void add(const TrafficRow &row, qint64 second);
    /// The slots up to `second`, oldest first.
    [[nodiscard]] std::array<Slot, kSlots> lastMinute(qint64 second) const;

private:
    std::array<Slot, kSlots> m_slots{};
    std::array<qint64, kSlots> m_seconds{};
};

} // namespace postern::gui
