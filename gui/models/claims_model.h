// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/jose/claim_table.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <vector>

namespace postern::gui {

/// The claims of a token: value, type, meaning, who uses them. Main thread.
class ClaimsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Value, Type, Meaning, UsedBy, ColumnCount };
    /// How times are written. Number: with date and distance behind it.
    enum class Times : std::uint8_t { Number, Utc, Local };
    enum Role {
        ExactRole = Qt::UserRole, ///< true: JavaScript readers would see another number
        TimeRole ///< of a time claim: UNIX seconds
    };
    static constexpr std::size_t kMaxRows = 1000;

    using QAbstractTableModel::QAbstractTableModel;

    void setClaims(const Json &payload, Timestamp now);
    void setTimes(Times times);
    [[nodiscard]] Times times() const noexcept { return m_times; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const final;

private:
    [[nodiscard]] QString valueText(const ClaimRow &row) const;
    [[nodiscard]] QString text(const ClaimRow &row, int column) const;

    std::vector<ClaimRow> m_rows;
    Times m_times = Times::Number;
};

} // namespace postern::gui
