// SPDX-License-Identifier: Apache-2.0
#include "gui/models/traffic_filter_model.h"

#include <algorithm>
#include <utility>

namespace postern::gui {

TrafficFilterModel::TrafficFilterModel(TrafficModel &traffic, QObject *parent)
    : QAbstractProxyModel(parent),
      m_traffic(traffic)
{
    setSourceModel(&traffic);
    m_shown = matching(0, traffic.rowCount() - 1);
    connect(&traffic, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { takeInserted(first, last); });
    connect(&traffic, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex &, int, int last) { aboutToRemove(last); });
    connect(&traffic, &QAbstractItemModel::rowsRemoved, this, &TrafficFilterModel::removed);
    connect(&traffic, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &from, const QModelIndex &to) {
                takeChanged(from.row(), to.row());
            });
    connect(&traffic, &QAbstractItemModel::modelAboutToBeReset, this,
            [this] { beginResetModel(); });
    connect(&traffic, &QAbstractItemModel::modelReset, this, [this] {
        m_shown = matching(0, m_traffic.rowCount() - 1);
        endResetModel();
    });
}

void TrafficFilterModel::setFilter(Filter filter)
{
    beginResetModel();
    m_filter = std::move(filter);
    m_shown = matching(0, m_traffic.rowCount() - 1);
    endResetModel();
}

bool TrafficFilterModel::lets(const TrafficRow &row) const
{
    return m_filter.isEmpty()
        || m_filter.matches([&row](const QString &field) { return trafficValues(row, field); });
}

TrafficFilterModel::Numbers TrafficFilterModel::matching(int first, int last) const
{
    Numbers numbers;
    for (int i = first; i <= last; ++i) {
        const TrafficRow &row = m_traffic.row(i);
        if (lets(row))
            numbers.push_back(row.number);
    }
    return numbers;
}

std::ptrdiff_t TrafficFilterModel::lowerBound(quint64 number) const
{
    return std::ranges::lower_bound(m_shown, number) - m_shown.begin();
}

void TrafficFilterModel::takeInserted(int first, int last)
{
    const Numbers fresh = matching(first, last); // rows come at the end only
    if (fresh.empty())
        return;
    const int at = rowCount();
    beginInsertRows({}, at, at + static_cast<int>(fresh.size()) - 1);
    m_shown.insert(m_shown.end(), fresh.begin(), fresh.end());
    endInsertRows();
}

void TrafficFilterModel::aboutToRemove(int last)
{
    m_leaving = lowerBound(m_traffic.row(last).number + 1); // rows leave at the front only
    if (m_leaving > 0)
        beginRemoveRows({}, 0, static_cast<int>(m_leaving) - 1);
}

void TrafficFilterModel::removed()
{
    if (m_leaving == 0)
        return;
    m_shown.erase(m_shown.begin(), m_shown.begin() + std::exchange(m_leaving, 0));
    endRemoveRows();
}

void TrafficFilterModel::takeChanged(int first, int last)
{
    for (int i = first; i <= last; ++i) {
        const TrafficRow &row = m_traffic.row(i);
        const std::ptrdiff_t at = lowerBound(row.number);
        const bool shown =
            at < std::ssize(m_shown) && m_shown[static_cast<std::size_t>(at)] == row.number;
        const int line = static_cast<int>(at);
        if (const bool wanted = lets(row); wanted && shown) {
            Q_EMIT dataChanged(index(line, 0), index(line, columnCount() - 1));
        } else if (wanted) {
            beginInsertRows({}, line, line);
            m_shown.insert(m_shown.begin() + at, row.number);
            endInsertRows();
        } else if (shown) {
            beginRemoveRows({}, line, line);
            m_shown.erase(m_shown.begin() + at);
            endRemoveRows();
        }
    }
}

QModelIndex TrafficFilterModel::mapToSource(const QModelIndex &index) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const int row = m_traffic.rowOf(m_shown[static_cast<std::size_t>(index.row())]);
    return row < 0 ? QModelIndex() : m_traffic.index(row, index.column());
}

QModelIndex TrafficFilterModel::mapFromSource(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const quint64 number = m_traffic.row(index.row()).number;
    const std::ptrdiff_t at = lowerBound(number);
    if (at == std::ssize(m_shown) || m_shown[static_cast<std::size_t>(at)] != number)
        return {};
    return this->index(static_cast<int>(at), index.column());
}

int TrafficFilterModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int TrafficFilterModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : TrafficModel::ColumnCount;
}

QModelIndex TrafficFilterModel::index(int row, int column, const QModelIndex &parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex TrafficFilterModel::parent(const QModelIndex & /*child*/) const { return {}; }

QVariant TrafficFilterModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    // without rows the base class would have no column to ask for
    return m_traffic.headerData(section, orientation, role);
}

} // namespace postern::gui
