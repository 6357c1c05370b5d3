// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/clock_slider.h"

#include "core/jose/claim_table.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"

#include <QPainter>
#include <QStyleOptionSlider>

#include <algorithm>
#include <limits>
#include <utility>

namespace postern::gui {

namespace {

using std::chrono::seconds;

constexpr seconds kLeastSpan{120};

seconds between(Timestamp from, Timestamp to) { return std::chrono::floor<seconds>(to - from); }

} // namespace

ClockSlider::ClockSlider(QWidget *parent) : QSlider(Qt::Horizontal, parent)
{
    setSingleStep(1);
    connect(this, &QSlider::valueChanged, this, [this] {
        if (!m_setting)
            Q_EMIT timeChosen(time());
    });
}

void ClockSlider::setTicks(std::vector<Tick> ticks, Timestamp now)
{
    const Timestamp shown = time();
    m_ticks = std::move(ticks);
    Timestamp first = now, last = now;
    for (const Tick &tick : m_ticks) {
        first = std::min(first, tick.time);
        last = std::max(last, tick.time);
    }
    const seconds span = std::max(between(first, last), kLeastSpan);
    const seconds margin = std::max(span / 12, seconds(30));
    m_setting = true;
    m_begin = first - margin;
    const auto range =
        std::min<std::int64_t>((span + 2 * margin).count(), std::numeric_limits<int>::max() / 4);
    setRange(0, static_cast<int>(range));
    setPageStep(static_cast<int>(std::max<std::int64_t>(range / 20, 1)));
    m_setting = false;
    setTime(shown);
    update();
}

void ClockSlider::setTime(Timestamp time)
{
    m_setting = true;
    const auto offset = std::clamp<std::int64_t>(between(m_begin, time).count(), 0, maximum());
    setValue(static_cast<int>(offset));
    m_setting = false;
}

Timestamp ClockSlider::time() const { return m_begin + seconds(value()); }

int ClockSlider::labelHeight() const { return fontMetrics().height() + 2; }

QSize ClockSlider::sizeHint() const
{
    const QSize size = QSlider::sizeHint();
    return {size.width() * 2, size.height() + labelHeight()};
}

QSize ClockSlider::minimumSizeHint() const
{
    const QSize size = QSlider::minimumSizeHint();
    return {size.width(), size.height() + labelHeight()};
}

int ClockSlider::xOf(Timestamp time) const
{
    QStyleOptionSlider option;
    initStyleOption(&option);
    const int handle = style()->pixelMetric(QStyle::PM_SliderLength, &option, this);
    const auto offset = std::clamp<std::int64_t>(between(m_begin, time).count(), 0, maximum());
    return handle / 2
        + QStyle::sliderPositionFromValue(0, maximum(), static_cast<int>(offset), width() - handle,
                                          option.upsideDown);
}

void ClockSlider::paintEvent(QPaintEvent *event)
{
    QSlider::paintEvent(event);
    QPainter painter(this);
    const Theme &theme = Theme::instance();
    const QFontMetrics metrics = fontMetrics();
    int free = 0; // labels do not overlap
    for (const Tick &tick : m_ticks) {
        const int x = xOf(tick.time);
        painter.setPen(theme.color(Role::Accent));
        painter.drawLine(x, 1, x, height() - labelHeight());
        const int size = metrics.horizontalAdvance(tick.name);
        const int left = std::clamp(x - size / 2, std::max(free, 0), std::max(width() - size, 0));
        painter.setPen(theme.color(Role::Text));
        painter.drawText(left, height() - metrics.descent(), tick.name);
        free = left + size + metrics.averageCharWidth();
    }
}

std::vector<ClockSlider::Tick> ticksOf(const Json &payload)
{
    std::vector<ClockSlider::Tick> ticks;
    for (const char *const name : {"iat", "nbf", "exp"}) {
        const Json *const claim = payload.find(name);
        if (const auto time = claim ? timeOfClaim(*claim) : std::nullopt)
            ticks.push_back({toText(name), *time});
    }
    std::ranges::stable_sort(ticks, {}, &ClockSlider::Tick::time);
    return ticks;
}

} // namespace postern::gui
