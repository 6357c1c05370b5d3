// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <QStringList>

#include <vector>

namespace postern::gui {

/// A line of a message, a token or a timing: name and value, secrets replaced already.
struct FieldRow
{
    QString name, value;
    QString key; ///< what traces call it ("header:apikey", see trace_links.h); may be empty
    QString note; ///< "step 2"
    bool heading = false;
    bool body = false; ///< long: shown apart
    QString tip = {}; ///< of the value, where it is not the value itself
};

/// Lines of the inspector. Some are marked: those that fed the selected step. Main thread.
class FieldModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Value, Note, ColumnCount };
    enum Role { KeyRole = Qt::UserRole, MarkedRole, HeadingRole };

    explicit FieldModel(QObject *parent = nullptr) : QAbstractTableModel(parent) {}

    void setRows(std::vector<FieldRow> rows);
    /// Marks the rows with these keys. \return the first of them; -1: none
    int mark(const QStringList &keys);
    [[nodiscard]] const std::vector<FieldRow> &rows() const noexcept { return m_rows; }
    [[nodiscard]] bool isMarked(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const final;

private:
    std::vector<FieldRow> m_rows;
    QStringList m_marked;
};

} // namespace postern::gui
