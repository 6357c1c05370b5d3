// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/cell_delegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QTextDocument>
#include <QToolTip>

namespace postern::gui {

QString CellDelegate::isolated(const QString &text)
{
    constexpr QChar kFirstStrongIsolate(0x2068), kPopDirectionalIsolate(0x2069);
    return text.isEmpty() ? text : kFirstStrongIsolate + text + kPopDirectionalIsolate;
}

void CellDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (option->direction == Qt::RightToLeft)
        option->text = isolated(option->text);
}

QString CellDelegate::tipOf(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QString tip = index.data(Qt::ToolTipRole).toString();
    const QString text = displayText(index.data(Qt::DisplayRole), option.locale);
    if (sizeHint(option, index).width() <= option.rect.width() || tip.contains(text))
        return tip;
    return tip.isEmpty() ? text : text + u'\n' + tip;
}

bool CellDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view,
                             const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (!event || event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const QString tip = tipOf(option, index);
    QToolTip::showText(event->globalPos(),
                       Qt::mightBeRichText(tip) ? Qt::convertFromPlainText(tip) : tip, view);
    return true;
}

} // namespace postern::gui
