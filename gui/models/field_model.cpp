// SPDX-License-Identifier: Apache-2.0
#include "gui/models/field_model.h"
#include "gui/text/privacy.h"

#include <utility>

namespace postern::gui {

void FieldModel::setRows(std::vector<FieldRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_marked.clear();
    endResetModel();
}

bool FieldModel::isMarked(int row) const
{
    const QString &key = m_rows[static_cast<std::size_t>(row)].key;
    return !key.isEmpty() && m_marked.contains(key);
}

int FieldModel::mark(const QStringList &keys)
{
    m_marked = keys;
    int first = -1;
    for (int row = rowCount() - 1; row >= 0; --row)
        first = isMarked(row) ? row : first;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    return first;
}

namespace {

/// What a header, an argument or a claim holds may say who it is.
QString shownValue(const FieldRow &row)
{
    const Privacy &privacy = Privacy::instance();
    return row.key.contains(u':') ? privacy.value(row.value) : privacy.text(row.value);
}

} // namespace

int FieldModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FieldModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FieldModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const FieldRow &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::ToolTipRole:
        if (index.column() == Value && !row.tip.isEmpty())
            return row.key.contains(u':') ? Privacy::instance().value(row.tip) : row.tip;
        [[fallthrough]];
    case Qt::DisplayRole:
        return index.column() == Name ? row.name
            : index.column() == Value
            ? shownValue(row)
            : (isMarked(index.row()) ? tr("◀ %1").arg(row.note) : row.note);
    case KeyRole:
        return row.key;
    case MarkedRole:
        return isMarked(index.row());
    case HeadingRole:
        return row.heading;
    default:
        return {};
    }
}

QVariant FieldModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    return section == Name ? tr("Name") : section == Value ? tr("Value") : tr("Used by");
}

} // namespace postern::gui
