// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/consumer_delegate.h"

#include "gui/models/consumers_model.h"
#include "gui/widgets/chip.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QTextDocument>
#include <QToolTip>

#include <algorithm>

namespace postern::gui {

namespace {

constexpr int kGap = 4; // between two chips
constexpr int kMargin = 4;
constexpr int kLeast = 3; // characters of a chip that is cut

QStringList labelsOf(const QModelIndex &index)
{
    return index.column() == ConsumersModel::Labels
        ? index.data(ConsumersModel::LabelsRole).toStringList()
        : QStringList();
}

/// How many of them fit, the "+2" for the others included.
qsizetype fitting(const QStringList &labels, const QFontMetrics &metrics, int room)
{
    int used = 0;
    for (qsizetype i = 0; i < labels.size(); ++i) {
        used += Chip::size(metrics, labels.at(i)).width() + (i > 0 ? kGap : 0);
        const qsizetype others = labels.size() - i - 1;
        const int rest =
            others > 0 ? metrics.horizontalAdvance(QStringLiteral("+%1").arg(others)) + kGap : 0;
        if (used + rest > room)
            return i;
    }
    return labels.size();
}

} // namespace

void ConsumerDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const QStringList labels = labelsOf(index);
    if (labels.isEmpty())
        return QStyledItemDelegate::paint(painter, option, index);
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    cell.text.clear();
    cell.widget->style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    const QFontMetrics &metrics = cell.fontMetrics;
    const QRect room = cell.rect.adjusted(kMargin, 0, -kMargin, 0);
    const qsizetype shown = fitting(labels, metrics, room.width());
    painter->save();
    painter->setFont(cell.font);
    painter->setLayoutDirection(cell.direction);
    int x = room.left();
    const auto place = [&](int width, int height) {
        const QRect box(x, room.top() + (room.height() - height) / 2, width, height);
        x += width + kGap;
        return QStyle::visualRect(cell.direction, room, box);
    };
    for (qsizetype i = 0; i < shown; ++i) {
        const QSize size = Chip::size(metrics, labels.at(i));
        Chip::paint(*painter, place(size.width(), size.height()), labels.at(i), Role::Window);
    }
    if (shown == 0) { // the first is cut rather than left out
        const QSize size = Chip::size(metrics, labels.front());
        const int others = labels.size() > 1
            ? metrics.horizontalAdvance(QStringLiteral("+%1").arg(labels.size() - 1)) + kGap
            : 0;
        const int width =
            std::max(room.width() - others, kLeast * metrics.averageCharWidth() + 2 * kMargin);
        Chip::paint(*painter, place(std::min(width, size.width()), size.height()), labels.front(),
                    Role::Window);
    }
    if (const qsizetype left = labels.size() - std::max<qsizetype>(shown, 1); left > 0) {
        painter->setPen(cell.palette.color(QPalette::Text));
        painter->drawText(place(room.right() - x, metrics.height()),
                          QStyle::visualAlignment(cell.direction, Qt::AlignLeft),
                          QStringLiteral("+%1").arg(left));
    }
    painter->restore();
}

QSize ConsumerDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    const QStringList labels = labelsOf(index);
    if (labels.isEmpty())
        return size;
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    int width = 2 * kMargin - kGap;
    for (const QString &label : labels)
        width += Chip::size(cell.fontMetrics, label).width() + kGap;
    return {width, size.height()};
}

bool ConsumerDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view,
                                 const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (!event || event->type() != QEvent::ToolTip || !index.isValid()
        || sizeHint(option, index).width() <= option.rect.width())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const QString whole = index.data().toString(), more = index.data(Qt::ToolTipRole).toString();
    QToolTip::showText(
        event->globalPos(),
        Qt::convertFromPlainText(more.isEmpty() ? whole : whole + QLatin1Char('\n') + more),
        view->viewport(), option.rect);
    return true;
}

} // namespace postern::gui
