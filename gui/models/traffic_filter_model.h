// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/traffic_model.h"
#include "gui/text/filter.h"

#include <QAbstractProxyModel>

#include <deque>

namespace postern::gui {

/// The rows of the traffic that a filter lets through. Looks at each row once as it comes; rows
/// that leave or change cost what they are. Main thread.
class TrafficFilterModel : public QAbstractProxyModel
{
    Q_OBJECT
public:
    explicit TrafficFilterModel(TrafficModel &traffic, QObject *parent = nullptr);

    void setFilter(Filter filter);
    [[nodiscard]] const Filter &filter() const noexcept { return m_filter; }

    [[nodiscard]] QModelIndex mapToSource(const QModelIndex &index) const final;
    [[nodiscard]] QModelIndex mapFromSource(const QModelIndex &index) const final;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex &parent = {}) const final;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const final;

private:
    using Numbers = std::deque<quint64>;
    [[nodiscard]] bool lets(const TrafficRow &row) const;
    [[nodiscard]] Numbers matching(int first, int last) const;
    [[nodiscard]] std::ptrdiff_t lowerBound(quint64 number) const;
    void takeInserted(int first, int last);
    void aboutToRemove(int last);
    void removed();
    void takeChanged(int first, int last);

    TrafficModel &m_traffic;
    Filter m_filter;
    Numbers m_shown; ///< numbers of rows, ascending
    std::ptrdiff_t m_leaving = 0;
};

} // namespace postern::gui
