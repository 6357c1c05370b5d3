// SPDX-License-Identifier: Apache-2.0
#include "gui/models/traffic_model.h"

#include <array>
#include <string_view>
#include <utility>

namespace postern::gui {

namespace {

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// The member of the trace that a column shows.
constexpr std::array<std::string_view, TrafficModel::ColumnCount> kMembers{
    "time", "method", "target", "status", "route", "consumer", "decision", "reason"};

} // namespace

TrafficModel::TrafficModel(QObject *parent) : QAbstractTableModel(parent) {}

void TrafficModel::append(Json trace)
{
    if (m_traces.size() >= kMaxRows) {
        beginRemoveRows({}, 0, 0);
        m_traces.pop_front();
        endRemoveRows();
    }
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_traces.push_back(std::move(trace));
    endInsertRows();
}

void TrafficModel::clear()
{
    beginResetModel();
    m_traces.clear();
    endResetModel();
}

const Json &TrafficModel::trace(int row) const { return m_traces[static_cast<std::size_t>(row)]; }

int TrafficModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_traces.size());
}

int TrafficModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TrafficModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Json *member =
        trace(index.row()).find(kMembers[static_cast<std::size_t>(index.column())]);
    if (role == Qt::TextAlignmentRole && index.column() == Status)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if ((role != Qt::DisplayRole && role != SortRole) || !member)
        return {};
    if (member->isNumber()) {
        if (role == SortRole)
            return member->asDouble();
        return toQString(member->lexeme());
    }
    return member->isString() ? toQString(member->asString()) : QString();
}

QVariant TrafficModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Time:
        return tr("Time");
    case Method:
        return tr("Method");
    case Path:
        return tr("Path");
    case Status:
        return tr("Status");
    case Route:
        return tr("Route");
    case Consumer:
        return tr("Consumer");
    case Decision:
        return tr("Decision");
    case Reason:
        return tr("Reason");
    default:
        return {};
    }
}

} // namespace postern::gui
