// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/traffic_statistics.h"

#include <QTimer>
#include <QWidget>

namespace postern::gui {

/// The last minute in small: requests a second (refused ones below their line) and the slowest of
/// each second. Says the same in words to screen readers and the pointer.
class TrafficPlot : public QWidget
{
    Q_OBJECT
public:
    enum class Kind : std::uint8_t { Throughput, Latency };

    TrafficPlot(const TrafficStatistics &statistics, Kind kind, QWidget *parent = nullptr);
    [[nodiscard]] QString summary() const { return m_summary; }
    void refresh();
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const TrafficStatistics &m_statistics;
    Kind m_kind;
    std::array<TrafficStatistics::Slot, TrafficStatistics::kSlots> m_slots{};
    QString m_summary, m_label;
    QTimer m_timer;
};

} // namespace postern::gui
