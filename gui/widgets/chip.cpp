// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/chip.h"

#include <QPainter>
#include <QStyle>

namespace postern::gui {

namespace {

constexpr qreal kRadius = 6;

int padding(const QFontMetrics &metrics) { return metrics.averageCharWidth(); }

} // namespace

QSize Chip::size(const QFontMetrics &metrics, const QString &text, int extra)
{
    return {metrics.horizontalAdvance(text) + 2 * padding(metrics) + extra, metrics.height() + 4};
}

void Chip::paint(QPainter &painter, const QRect &box, const QString &text, Role fill, bool focus,
                 int extra)
{
    const Theme &theme = Theme::instance();
    const qreal width = focus ? 2 : 1, inset = width / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.color(focus ? Role::Accent : kEdge), width));
    painter.setBrush(theme.color(fill));
    painter.drawRoundedRect(QRectF(box).adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
    painter.setPen(theme.color(Role::Text));
    const QFontMetrics metrics = painter.fontMetrics();
    const Qt::LayoutDirection direction = painter.layoutDirection();
    const QRect room = QStyle::visualRect(
        direction, box,
        box.adjusted(padding(metrics), 0, -padding(metrics) - extra, 0)); // elided at its end
    painter.drawText(room, QStyle::visualAlignment(direction, Qt::AlignLeft | Qt::AlignVCenter),
                     metrics.elidedText(text, Qt::ElideRight, room.width() + 1));
    painter.restore();
}

} // namespace postern::gui
