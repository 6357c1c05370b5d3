// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/traffic_plot.h"

#include "gui/theme/theme.h"

#include <QDateTime>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <chrono>
#include <ranges>

namespace postern::gui {

namespace {

/// What fills the height at least: a few requests are not as many as there can be.
constexpr quint32 kLeastRequests = 5, kLeastMicros = 5000;

QString milliseconds(double micros) { return QLocale().toString(micros / 1000, 'f', 1); }

} // namespace

TrafficPlot::TrafficPlot(const TrafficStatistics &statistics, Kind kind, QWidget *parent)
    : QWidget(parent),
      m_statistics(statistics),
      m_kind(kind)
{
    setObjectName(kind == Kind::Throughput ? QStringLiteral("throughput")
                                           : QStringLiteral("latency"));
    setAccessibleName(kind == Kind::Throughput ? tr("Requests a second, last minute")
                                               : tr("Latency, last minute"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_timer.setInterval(std::chrono::seconds(1));
    connect(&m_timer, &QTimer::timeout, this, &TrafficPlot::refresh);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    refresh();
    m_timer.stop(); // nothing moves until something arrives
}

QSize TrafficPlot::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 26, fontMetrics().height() * 2};
}

QSize TrafficPlot::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 16, fontMetrics().height() * 2};
}

void TrafficPlot::refresh()
{
    m_slots = m_statistics.lastMinute(QDateTime::currentSecsSinceEpoch());
    quint64 requests = 0, refused = 0, micros = 0;
    quint32 slowest = 0;
    for (const TrafficStatistics::Slot &slot : m_slots) {
        requests += slot.requests();
        refused += slot.refused;
        micros += slot.micros;
        slowest = std::max(slowest, slot.slowest);
    }
    if (requests == 0)
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start();
    const double average =
        requests == 0 ? 0 : static_cast<double>(micros) / static_cast<double>(requests);
    if (m_kind == Kind::Throughput) {
        m_label = tr("%1/min").arg(QLocale().toString(requests));
        m_summary = tr("%n request(s) in the last minute", nullptr, static_cast<int>(requests))
            + QStringLiteral(", ") + tr("%n of them refused", nullptr, static_cast<int>(refused));
    } else {
        m_label = tr("%1 ms").arg(milliseconds(average));
        m_summary = tr("%1 ms on average in the last minute, %2 ms at most")
                        .arg(milliseconds(average), milliseconds(slowest));
    }
    setToolTip(m_summary);
    setAccessibleDescription(m_summary);
    update();
}

void TrafficPlot::paintEvent(QPaintEvent * /*event*/)
{
    const Theme &theme = Theme::instance();
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight); // time goes to the right, and so does the label
    const int labelWidth =
        fontMetrics().horizontalAdvance(m_label) + fontMetrics().averageCharWidth();
    const QRect area = rect().adjusted(1, 2, -labelWidth, -2);
    const bool throughput = m_kind == Kind::Throughput;
    const auto valueOf = [throughput](const TrafficStatistics::Slot &slot) {
        return throughput ? slot.requests() : slot.slowest;
    };
    const quint32 most = std::max(throughput ? kLeastRequests : kLeastMicros,
                                  std::ranges::max(m_slots | std::views::transform(valueOf)));
    painter.fillRect(QRect(area.left(), area.bottom() - 1, area.width(), 2),
                     theme.color(Role::Line));
    painter.setPen(theme.color(Role::Muted));
    painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, m_label);
    if (std::ranges::count_if(m_slots, [](const auto &slot) { return slot.requests() > 0; }) < 2)
        return; // one bar is no course of anything
    const double width = static_cast<double>(area.width()) / TrafficStatistics::kSlots;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        const double height = static_cast<double>(area.height()) * valueOf(m_slots[i]) / most;
        const double bad =
            throughput ? static_cast<double>(area.height()) * m_slots[i].refused / most : 0;
        const double left = area.left() + width * static_cast<double>(i);
        const double bar = std::max(1.0, width - 1);
        painter.fillRect(QRectF(left, area.bottom() - height, bar, height - bad),
                         theme.color(throughput ? Role::Allowed : Role::Accent));
        painter.fillRect(QRectF(left, area.bottom() - bad, bar, bad), theme.color(Role::Denied));
    }
}

} // namespace postern::gui
