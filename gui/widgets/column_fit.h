// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include <vector>

class QTreeView;

namespace postern::gui {

/// Gives the columns of a list the room that their heads and what is seen of their contents need,
/// and what is left over to those that stretch. Where room is short, columns give way in the order
/// they are named, none beyond its head. Ends when the user drags a column; a reset of the layout
/// begins it again.
class ColumnFit : public QObject
{
    Q_OBJECT
public:
    struct Column
    {
        int column = 0;
        int least = 0; ///< characters that stay when room is short; 0: all there are
        int stretch = 0; ///< its share of what is left over
    };

    /// \param columns all that the list has, the first to give way first
    ColumnFit(QTreeView *view, std::vector<Column> columns);
    void later(); ///< fits with the next turn of the event loop, once
    void fit();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] std::vector<int> widths(int room) const;
    void leaveToUser();

    QTreeView *m_view;
    std::vector<Column> m_columns;
    bool m_waiting = false, m_fitting = false;
};

} // namespace postern::gui
