// SPDX-License-Identifier: Apache-2.0
#include "gui/models/claims_model.h"

#include "gui/text/qt_bytes.h"

#include <QDateTime>
#include <QLocale>
#include <QStringList>

#include <string_view>

namespace postern::gui {

namespace {

constexpr std::size_t kShown = 400; // octets of a value in a cell

qint64 secondsOf(Timestamp time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

QString shortened(const std::string &value)
{
    if (value.size() <= kShown)
        return toText(value);
    return toText(std::string_view(value).substr(0, kShown)) + QStringLiteral("…");
}

QString joined(const std::vector<std::string> &texts)
{
    QStringList list;
    for (const std::string &text : texts)
        list.push_back(toText(text));
    return list.join(QStringLiteral("; "));
}

} // namespace

void ClaimsModel::setClaims(const Json &payload, Timestamp now)
{
    std::vector<ClaimRow> rows = claimRows(payload, now, kMaxRows);
    const bool sameShape = rows.size() == m_rows.size();
    if (!sameShape)
        beginResetModel();
    m_rows = std::move(rows);
    if (!sameShape)
        endResetModel();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void ClaimsModel::setTimes(Times times)
{
    m_times = times;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, Value), index(rowCount() - 1, Value));
}

int ClaimsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ClaimsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ClaimsModel::valueText(const ClaimRow &row) const
{
    if (!row.time)
        return shortened(row.value);
    if (m_times == Times::Utc)
        return toText(formatTime(*row.time));
    if (m_times == Times::Local)
        return QLocale().toString(QDateTime::fromSecsSinceEpoch(secondsOf(*row.time)),
                                  QLocale::LongFormat);
    return tr("%1 = %2, %3")
        .arg(toText(row.value), toText(formatTime(*row.time)), toText(row.distance));
}

QString ClaimsModel::text(const ClaimRow &row, int column) const
{
    switch (column) {
    case Name:
        return shortened(row.name);
    case Value:
        return row.remark.empty() ? valueText(row) : tr("%1 (exact)").arg(valueText(row));
    case Type:
        return toText(row.type);
    case Meaning:
        return row.source.empty() ? toText(row.meaning)
                                  : tr("%1 (%2)").arg(toText(row.meaning), toText(row.source));
    case UsedBy:
        return joined(row.users);
    default:
        return {};
    }
}

QVariant ClaimsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ClaimRow &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        return row.remark.empty() ? text(row, index.column()) : toText(row.remark);
    case Qt::AccessibleDescriptionRole:
        return toText(row.remark);
    case ExactRole:
        return !row.remark.empty();
    case TimeRole:
        return row.time ? QVariant(secondsOf(*row.time)) : QVariant();
    default:
        return {};
    }
}

QVariant ClaimsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Claim");
    case Value:
        return tr("Value");
    case Type:
        return tr("Type");
    case Meaning:
        return tr("Meaning");
    case UsedBy:
        return tr("Used by");
    default:
        return {};
    }
}

} // namespace postern::gui
