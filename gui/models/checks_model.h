// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/profile.h"

#include <QAbstractTableModel>

#include <string>
#include <vector>

namespace postern::gui {

/// The checks of a token, one column for each profile; the last row is the verdict. Main thread.
class ChecksModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role {
        StateRole = Qt::UserRole, ///< of a cell: a State
        DiffersRole ///< of a row: the profiles do not agree
    };
    enum State { NotMade, Passed, Failed };
    Q_ENUM(State)

    using QAbstractTableModel::QAbstractTableModel;

    void setVerdicts(std::vector<ProfileVerdict> verdicts);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const final;

private:
    struct Cell
    {
        State state = NotMade;
        QString text, detail;
    };
    struct Row
    {
        QString name;
        bool differs = false;
        std::vector<Cell> cells;
    };
    [[nodiscard]] Row checkRow(const std::string &id) const;
    [[nodiscard]] Row verdictRow() const;
    [[nodiscard]] static QVariant nameData(const Row &row, int role);

    std::vector<ProfileVerdict> m_verdicts;
    std::vector<Row> m_rows;
};

} // namespace postern::gui
