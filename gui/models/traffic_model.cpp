// SPDX-License-Identifier: Apache-2.0
#include "gui/models/traffic_model.h"
#include "gui/text/privacy.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>
#include <iterator>
#include <utility>

namespace postern::gui {

namespace {

QString timeText(qint64 milliseconds)
{
    return QDateTime::fromMSecsSinceEpoch(milliseconds).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString filterTerm(const char *field, const QString &value)
{
    if (value.isEmpty())
        return {};
    const bool quote = value.contains(u' ') || value.contains(u'|') || value.contains(u'"');
    return QString::fromLatin1(field) + u':' + (quote ? u'"' + value + u'"' : value);
}

QString filterOf(const TrafficRow &row, int column)
{
    switch (column) {
    case TrafficModel::Method:
        return filterTerm("method", row.method);
    case TrafficModel::Path:
        return filterTerm("path", row.path);
    case TrafficModel::Status:
        return filterTerm("status", QString::number(row.status));
    case TrafficModel::Route:
        return filterTerm("route", row.route);
    case TrafficModel::Consumer:
        return filterTerm("consumer", row.consumer);
    case TrafficModel::Credential:
        return filterTerm("credential", row.credential);
    case TrafficModel::Decision:
        return filterTerm("decision", trafficValues(row, QStringLiteral("decision")).value(0));
    case TrafficModel::Reason:
        return filterTerm("reason", row.reason);
    default:
        return {};
    }
}

QVariant alignmentOf(int column)
{
    if (column == TrafficModel::Number || column == TrafficModel::Status
        || column == TrafficModel::Milliseconds)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    return {};
}

} // namespace

TrafficModel::TrafficModel(QObject *parent) : QAbstractTableModel(parent) {}

void TrafficModel::makeRoom(std::size_t wanted)
{
    if (m_rows.size() + wanted <= kMaxRows)
        return;
    const std::size_t gone = std::min(m_rows.size(), m_rows.size() + wanted - kMaxRows);
    beginRemoveRows({}, 0, static_cast<int>(gone) - 1);
    m_rows.erase(m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(gone));
    m_first += gone;
    endRemoveRows();
}

void TrafficModel::append(std::vector<TrafficRow> rows)
{
    if (rows.size() > kMaxRows)
        rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(kMaxRows));
    if (rows.empty())
        return;
    makeRoom(rows.size());
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(rows.size()) - 1);
    quint64 number = m_first + m_rows.size();
    for (TrafficRow &row : rows) {
        row.number = number++;
        if (!m_links.isEmpty())
            row.repeatOf = m_links.take(row.id);
        m_rows.push_back(std::move(row));
    }
    endInsertRows();
}

TrafficModel::Rows TrafficModel::takeAll()
{
    beginResetModel();
    m_first += m_rows.size();
    Rows rows = std::exchange(m_rows, {});
    endResetModel();
    return rows;
}

void TrafficModel::restore(Rows rows)
{
    if (rows.empty())
        return;
    beginResetModel();
    m_first = rows.front().number;
    std::ranges::move(m_rows, std::back_inserter(rows));
    m_rows = std::move(rows);
    if (m_rows.size() > kMaxRows) {
        const auto gone = static_cast<std::ptrdiff_t>(m_rows.size() - kMaxRows);
        m_rows.erase(m_rows.begin(), m_rows.begin() + gone);
        m_first = m_rows.front().number;
    }
    endResetModel();
}

const TrafficRow &TrafficModel::row(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

int TrafficModel::rowOf(quint64 number) const noexcept
{
    return number < m_first || number >= m_first + m_rows.size()
        ? -1
        : static_cast<int>(number - m_first);
}

int TrafficModel::rowOf(const QString &id) const
{
    // it is looked for right after it came
    const auto found = std::ranges::find(m_rows.rbegin(), m_rows.rend(), id, &TrafficRow::id);
    return found == m_rows.rend() ? -1 : static_cast<int>(m_rows.rend() - found) - 1;
}

void TrafficModel::rowChanged(int row)
{
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void TrafficModel::setMarked(int row, bool marked)
{
    m_rows[static_cast<std::size_t>(row)].marked = marked;
    rowChanged(row);
}

void TrafficModel::setComment(int row, const QString &comment)
{
    m_rows[static_cast<std::size_t>(row)].comment = comment.trimmed();
    rowChanged(row);
}

void TrafficModel::linkRepeat(const QString &id, quint64 number)
{
    const int row = rowOf(id);
    if (row < 0) {
        m_links.insert(id, number);
        return;
    }
    m_rows[static_cast<std::size_t>(row)].repeatOf = number;
    rowChanged(row);
}

int TrafficModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int TrafficModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString TrafficModel::display(const TrafficRow &row, int column) const
{
    switch (column) {
    case Number:
        return row.marked ? QStringLiteral("● %1").arg(row.number) : QString::number(row.number);
    case Time:
        return timeText(row.time);
    case Method:
        return row.method;
    case Path:
        return Privacy::instance().text(
            row.repeatOf == 0 ? row.path : tr("↻ #%1  %2").arg(row.repeatOf).arg(row.path));
    case Status:
        return row.status == 0 ? QString() : QString::number(row.status);
    case Route:
        return row.route;
    case Consumer:
        return Privacy::instance().name(row.consumer);
    case Credential:
        return Privacy::instance().name(row.credential);
    case Decision: {
        const QString word = row.decision == TrafficDecision::Denied && !row.plugin.isEmpty()
            ? row.plugin
            : decisionWord(row.decision);
        return word.isEmpty() ? QString() : decisionSign(row.decision) + u' ' + word;
    }
    case Reason:
        return Privacy::instance().text(
            row.comment.isEmpty()      ? row.reason
                : row.reason.isEmpty() ? QStringLiteral("“%1”").arg(row.comment)
                                       : QStringLiteral("%1 “%2”").arg(row.reason, row.comment));
    case Milliseconds:
        return QLocale().toString(row.micros / 1000.0, 'f', 1);
    default:
        return {};
    }
}

QString TrafficModel::toolTip(const TrafficRow &row) const
{
    QStringList lines{row.method + u' ' + row.path};
    if (row.repeatOf != 0)
        lines += tr("Repeat of #%1").arg(row.repeatOf);
    if (!row.comment.isEmpty())
        lines += row.comment;
    return Privacy::instance().text(lines.join(u'\n'));
}

QVariant TrafficModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TrafficRow &row = this->row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return display(row, index.column());
    case Qt::TextAlignmentRole:
        return alignmentOf(index.column());
    case Qt::ToolTipRole:
        return toolTip(row);
    case Qt::AccessibleTextRole:
        if (index.column() == Decision)
            return decisionWord(row.decision) + u' ' + row.plugin;
        return display(row, index.column());
    case DecisionRole:
        return static_cast<int>(row.decision);
    case NumberRole:
        return row.number;
    case MarkedRole:
        return row.marked;
    case FilterRole:
        return filterOf(row, index.column());
    case SortRole:
        if (index.column() == Status)
            return row.status;
        if (index.column() == Milliseconds)
            return row.micros;
        return index.column() == Number || index.column() == Time ? QVariant(row.number)
                                                                  : display(row, index.column());
    default:
        return {};
    }
}

QVariant TrafficModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return alignmentOf(section); // numbers stand below their head
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Number:
        return tr("#");
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
    case Credential:
        return tr("Credential");
    case Decision:
        return tr("Decision");
    case Reason:
        return tr("Reason");
    case Milliseconds:
        return tr("ms");
    default:
        return {};
    }
}

} // namespace postern::gui
