// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStyledItemDelegate>
#include <QTableView>

namespace postern::gui {

/// Paints a cell of the matrix in the colour of its state; a changed one is underlaid and says what
/// it was, one that a real request contradicted has a warning sign.
class MatrixDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
};

/// Consumers × routes with fixed headers. Enter and the space bar explain, T asks to turn a cell
/// around.
class MatrixView : public QTableView
{
    Q_OBJECT
public:
    explicit MatrixView(QWidget *parent = nullptr);

Q_SIGNALS:
    void explainRequested();
    void toggleRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace postern::gui
