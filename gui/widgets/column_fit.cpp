// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/column_fit.h"

#include <QAbstractItemModel>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QStyle>
#include <QTimer>
#include <QTreeView>

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

constexpr int kSample = 100; // rows around those that are seen

/// What the text of a head needs. The header's own hint keeps room for an arrow in every column,
/// which only one of them has.
int headWidth(const QHeaderView &header, int column)
{
    const QFontMetrics &metrics = header.fontMetrics();
    const QStyle &style = *header.style();
    const int margin = style.pixelMetric(QStyle::PM_HeaderMargin, nullptr, &header);
    const QString text =
        header.model()->headerData(column, header.orientation(), Qt::DisplayRole).toString();
    const bool sorted = header.isSortIndicatorShown() && header.sortIndicatorSection() == column;
    const int arrow =
        sorted ? style.pixelMetric(QStyle::PM_HeaderMarkSize, nullptr, &header) + 2 * margin : 0;
    return std::max(metrics.horizontalAdvance(text) + 3 * margin + arrow,
                    header.minimumSectionSize());
}

} // namespace

ColumnFit::ColumnFit(QTreeView *view, std::vector<Column> columns)
    : QObject(view),
      m_view(view),
      m_columns(std::move(columns))
{
    QHeaderView *const header = view->header();
    // kept with the layout: a last column that stretches means that the widths are the user's
    header->setStretchLastSection(false);
    header->setResizeContentsPrecision(kSample);
    view->viewport()->installEventFilter(this);
    view->installEventFilter(this);
    connect(header, &QHeaderView::sectionResized, this, [this] {
        if (!m_fitting && QGuiApplication::mouseButtons().testFlag(Qt::LeftButton))
            leaveToUser();
    });
    connect(header, &QHeaderView::sectionHandleDoubleClicked, this, &ColumnFit::leaveToUser);
    connect(header, &QHeaderView::sortIndicatorChanged, this, &ColumnFit::later); // or a reset
    const QAbstractItemModel *const model = view->model();
    connect(model, &QAbstractItemModel::rowsInserted, this, &ColumnFit::later);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &ColumnFit::later);
    connect(model, &QAbstractItemModel::modelReset, this, &ColumnFit::later);
    connect(model, &QAbstractItemModel::dataChanged, this, &ColumnFit::later);
    connect(view, &QTreeView::expanded, this, &ColumnFit::later);
    connect(view, &QTreeView::collapsed, this, &ColumnFit::later);
    later();
}

void ColumnFit::leaveToUser() { m_view->header()->setStretchLastSection(true); }

void ColumnFit::later()
{
    if (std::exchange(m_waiting, true))
        return;
    QTimer::singleShot(0, this, [this] {
        m_waiting = false;
        fit();
    });
}

std::vector<int> ColumnFit::widths(int room) const
{
    const QHeaderView &header = *m_view->header();
    const int character = m_view->fontMetrics().averageCharWidth();
    std::vector<int> widths;
    int left = room, stretches = 0;
    for (const Column &column : m_columns) {
        const int head = headWidth(header, column.column);
        const QAbstractItemView &cells = *m_view; // where its size hint is public
        widths.push_back(std::max(head, cells.sizeHintForColumn(column.column)));
        left -= widths.back();
        stretches += column.stretch;
    }
    for (std::size_t i = 0; i < m_columns.size() && left < 0; ++i) {
        const Column &column = m_columns[i];
        if (column.least == 0)
            continue;
        const int least = std::max(headWidth(header, column.column), column.least * character);
        const int given = std::clamp(widths[i] - least, 0, -left);
        widths[i] -= given;
        left += given;
    }
    for (std::size_t i = 0; i < m_columns.size() && left > 0 && stretches > 0; ++i) {
        const int share = left * m_columns[i].stretch / stretches;
        widths[i] += share;
        left -= share;
        stretches -= m_columns[i].stretch;
    }
    return widths;
}

void ColumnFit::fit()
{
    if (!m_view->isVisible() || m_view->header()->stretchLastSection())
        return;
    const std::vector<int> all = widths(m_view->viewport()->width());
    m_fitting = true;
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        m_view->header()->resizeSection(m_columns[i].column, all[i]);
    m_fitting = false;
}

bool ColumnFit::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Resize:
    case QEvent::Show:
    case QEvent::FontChange:
    case QEvent::StyleChange:
        later();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace postern::gui
