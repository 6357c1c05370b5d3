// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/flow_layout.h"

#include <QStyle>
#include <QWidget>

#include <algorithm>
#include <numeric>

namespace postern::gui {

namespace {

/// How wide each column is if so many items stand on a line.
std::vector<int> columnWidths(const std::vector<QLayoutItem *> &items, std::size_t columns)
{
    std::vector<int> widths(columns);
    for (std::size_t i = 0; i < items.size(); ++i)
        widths[i % columns] = std::max(widths[i % columns], items[i]->sizeHint().width());
    return widths;
}

} // namespace

FlowLayout::FlowLayout(QWidget *parent, int spacing) : QLayout(parent)
{
    setContentsMargins({});
    setSpacing(spacing);
}

FlowLayout::~FlowLayout() = default;

void FlowLayout::setEven(bool even)
{
    m_even = even;
    invalidate();
}

void FlowLayout::addItem(QLayoutItem *item) { m_items.emplace_back(item); }

QLayoutItem *FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem *FlowLayout::takeAt(int index)
{
    if (index < 0 || index >= count())
        return nullptr;
    QLayoutItem *const item = m_items[static_cast<std::size_t>(index)].release();
    m_items.erase(m_items.begin() + index);
    return item;
}

int FlowLayout::heightForWidth(int width) const { return arrange({0, 0, width, 0}, false); }

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const auto &item : m_items)
        size = size.expandedTo(item->minimumSize());
    return size;
}

void FlowLayout::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

std::vector<QLayoutItem *> FlowLayout::shownItems() const
{
    std::vector<QLayoutItem *> items;
    for (const auto &item : m_items) {
        if (!item->isEmpty())
            items.push_back(item.get());
    }
    return items;
}

int FlowLayout::arrangeEvenly(const QRect &rect, bool place) const
{
    const std::vector<QLayoutItem *> items = shownItems();
    const auto fits = [&](std::size_t columns) {
        const std::vector<int> widths = columnWidths(items, columns);
        const int gaps = spacing() * static_cast<int>(columns - 1);
        return std::accumulate(widths.begin(), widths.end(), gaps) <= rect.width();
    };
    std::size_t columns = std::max<std::size_t>(items.size(), 1);
    while (columns > 1 && !fits(columns))
        --columns;
    const std::size_t lines = (items.size() + columns - 1) / columns;
    if (const std::size_t even = lines == 0 ? 1 : (items.size() + lines - 1) / lines; fits(even))
        columns = even;
    const std::vector<int> widths = columnWidths(items, columns);
    const Qt::LayoutDirection direction =
        parentWidget() ? parentWidget()->layoutDirection() : Qt::LeftToRight;
    int x = 0, y = 0, line = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::size_t column = i % columns;
        if (column == 0 && i > 0) {
            x = 0;
            y += line + spacing();
            line = 0;
        }
        const QSize size(std::min(widths[column], std::max(rect.width(), 1)),
                         items[i]->sizeHint().height());
        if (place)
            items[i]->setGeometry(
                QStyle::visualRect(direction, rect, {rect.topLeft() + QPoint(x, y), size}));
        x += size.width() + spacing();
        line = std::max(line, size.height());
    }
    return y + line;
}

int FlowLayout::arrange(const QRect &rect, bool place) const
{
    if (m_even)
        return arrangeEvenly(rect, place);
    int x = 0, y = 0, line = 0;
    const Qt::LayoutDirection direction =
        parentWidget() ? parentWidget()->layoutDirection() : Qt::LeftToRight;
    for (const auto &item : m_items) {
        if (item->isEmpty())
            continue;
        const QSize size = item->sizeHint().boundedTo({std::max(rect.width(), 1), QWIDGETSIZE_MAX});
        if (x > 0 && x + size.width() > rect.width()) {
            x = 0;
            y += line + spacing();
            line = 0;
        }
        if (place)
            item->setGeometry(
                QStyle::visualRect(direction, rect, {rect.topLeft() + QPoint(x, y), size}));
        x += size.width() + spacing();
        line = std::max(line, size.height());
    }
    return y + line;
}

} // namespace postern::gui
