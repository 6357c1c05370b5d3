// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gui/models/traffic_row.h"

#include <QAbstractTableModel>
#include <QHash>

#include <cstddef>
#include <deque>
#include <vector>

namespace postern::gui {

/// Requests that a gateway decided, oldest first: a ring of rows that are read elsewhere. Main
/// thread.
class TrafficModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        Number,
        Time,
        Method,
        Path,
        Status,
        Route,
        Consumer,
        Credential,
        Decision,
        Reason,
        Milliseconds,
        ColumnCount
    };
    enum Role {
        SortRole = Qt::UserRole,
        DecisionRole, ///< TrafficDecision as int
        NumberRole,
        MarkedRole,
        FilterRole, ///< "status:403": what "Filter by this" adds; empty: nothing
    };
    static constexpr std::size_t kMaxRows = 100'000;

    explicit TrafficModel(QObject *parent = nullptr);

    /// Appends rows as one batch, gives them numbers, drops the oldest beyond kMaxRows.
    void append(std::vector<TrafficRow> rows);
    using Rows = std::deque<TrafficRow>;
    /// Takes every row out; numbers go on.
    [[nodiscard]] Rows takeAll();
    /// Puts rows that takeAll() gave back before those that came since.
    void restore(Rows rows);

    [[nodiscard]] const TrafficRow &row(int row) const;
    [[nodiscard]] int rowOf(quint64 number) const noexcept; ///< -1: not there any more
    [[nodiscard]] int rowOf(const QString &id) const; ///< of a trace; -1: not there

    void setMarked(int row, bool marked);
    void setComment(int row, const QString &comment);
    /// The request with this trace repeats another one; it may not have arrived yet.
    void linkRepeat(const QString &id, quint64 number);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const final;

private:
    [[nodiscard]] QString display(const TrafficRow &row, int column) const;
    [[nodiscard]] QString toolTip(const TrafficRow &row) const;
    void makeRoom(std::size_t wanted);
    void rowChanged(int row);

    Rows m_rows;
    quint64 m_first = 1; ///< number of the first row; they are consecutive
    QHash<QString, quint64> m_links; ///< trace id -> number, not arrived yet
};

} // namespace postern::gui
