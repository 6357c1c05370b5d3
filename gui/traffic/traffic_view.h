// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/traffic_feed.h"
#include "gui/models/traffic_filter_model.h"

#include <QList>
#include <QPointer>
#include <QWidget>

class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace postern::gui {

class EmptyState;
class FilterEdit;
class Shell;

/// The list of the live traffic: filter, pause, clear, marks and comments; follows the newest
/// unless the user scrolled away.
class TrafficView : public QWidget
{
    Q_OBJECT
public:
    TrafficView(Shell &shell, TrafficModel &model, TrafficFeed &feed, QWidget *parent = nullptr);

    [[nodiscard]] int currentRow() const; ///< of the model; -1: none
    [[nodiscard]] QList<int> selectedRows() const; ///< of the model, ascending
    void select(int row); ///< of the model; the filter goes if it hides it
    void focusFilter();
    void togglePause();
    void clear(); ///< undo brings the rows back
    void toggleMark();
    void askForComment();
    void updateState(); ///< the gateway's changed

Q_SIGNALS:
    void currentChanged(int row);
    void opened(); ///< Enter or a double click
    void menuWanted(QMenu *menu); ///< fills the menu of a row
    void startWanted();
    void testCurlWanted();
    void testWanted();
    void exportWanted();

protected:
    void focusInEvent(QFocusEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void buildTop();
    void buildTable();
    void measureColumns();
    void keepPathReadable(); ///< in a narrow window names yield to it
    void buildEmptyStates();
    void setFilterText(const QString &text);
    void takeAppended();
    void follow();
    void showMenu(const QPoint &at);
    void updateCounts();

    Shell &m_shell;
    TrafficModel &m_model;
    TrafficFeed &m_feed;
    TrafficFilterModel *m_filtered;
    FilterEdit *m_filter;
    QToolButton *m_pause, *m_clear, *m_export;
    QLabel *m_counts;
    QTableView *m_table;
    QPushButton *m_newer;
    QStackedWidget *m_stack;
    EmptyState *m_stopped, *m_waiting, *m_nothing;
    QPushButton *m_start, *m_test, *m_clearFilter; ///< what has the focus in them
    int m_shownBefore = 0; ///< rows when the user last saw the end
    bool m_following = true, m_squeezed = false;
    QPointer<QWidget> m_focus; ///< what has it when the view gets it
};

} // namespace postern::gui
