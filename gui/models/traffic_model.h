// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <QAbstractTableModel>

#include <cstddef>
#include <deque>

namespace postern::gui {

/// Requests that a gateway decided, oldest first, as its control API tells them. Main thread.
class TrafficModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Method, Path, Status, Route, Consumer, Decision, Reason, ColumnCount };
    enum Role { SortRole = Qt::UserRole };
    static constexpr std::size_t kMaxRows = 100'000;

    explicit TrafficModel(QObject *parent = nullptr);

    /// Appends a trace; drops the oldest beyond kMaxRows.
    void append(Json trace);
    void clear();
    /// The trace of a row: what `explainTrace` explains.
    [[nodiscard]] const Json &trace(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const final;

private:
    std::deque<Json> m_traces;
};

} // namespace postern::gui
