// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStyledItemDelegate>

namespace postern::gui {

/// A cell of a table. What is cut off is shown whole as tool tip, above the model's own; words read
/// from left to right stay in order in a window that goes from right to left.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    /// A text as one piece of the line it stands in, whichever way that is read.
    [[nodiscard]] static QString isolated(const QString &text);
    /// What the pointer is told of a cell. \param option where it is painted
    [[nodiscard]] QString tipOf(const QStyleOptionViewItem &option, const QModelIndex &index) const;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;
};

} // namespace postern::gui
