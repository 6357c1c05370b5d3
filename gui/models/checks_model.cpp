// SPDX-License-Identifier: Apache-2.0
#include "gui/models/checks_model.h"

#include "core/jose/verdict_table.h"
#include "gui/models/verdict_words.h"
#include "gui/text/qt_bytes.h"

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

QString signOf(ChecksModel::State state)
{
    return state == ChecksModel::Passed ? QStringLiteral("✓")
        : state == ChecksModel::Failed  ? QStringLiteral("✗")
                                        : QStringLiteral("·");
}

} // namespace

ChecksModel::Row ChecksModel::checkRow(const std::string &id) const
{
    Row row{verdictWord(id), checkDiffers(m_verdicts, id), {}};
    for (const ProfileVerdict &one : m_verdicts) {
        const JwtCheck *const check = findCheck(one.verdict, id);
        const std::string text = checkCell(one.verdict, id);
        Cell cell;
        if (text == "-")
            cell.text = tr("not looked at");
        else {
            cell.state = check->ok ? Passed : Failed;
            cell.text = verdictWord(text);
            cell.detail =
                toText(check->detail.empty() && !check->ok ? std::string(sentence(check->reason))
                                                           : check->detail);
        }
        row.cells.push_back(std::move(cell));
    }
    return row;
}

ChecksModel::Row ChecksModel::verdictRow() const
{
    Row row{tr("verdict"), verdictsDiffer(m_verdicts), {}};
    for (const ProfileVerdict &one : m_verdicts)
        row.cells.push_back({one.verdict.valid ? Passed : Failed,
                             one.verdict.valid ? tr("accepted") : tr("refused"),
                             one.profile->isGateway ? toText(answerText(one)) : QString()});
    return row;
}

void ChecksModel::setVerdicts(std::vector<ProfileVerdict> verdicts)
{
    m_verdicts = std::move(verdicts);
    std::vector<Row> rows;
    if (!m_verdicts.empty()) {
        for (const std::string &id : checkIds(m_verdicts))
            rows.push_back(checkRow(id));
        rows.push_back(verdictRow());
    }
    // The same checks at another time: whoever stands on one stays there.
    if (std::ranges::equal(rows, m_rows, {}, &Row::name, &Row::name)) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int ChecksModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ChecksModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 1 + static_cast<int>(tokenProfiles().size());
}

QVariant ChecksModel::nameData(const Row &row, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return row.differs ? QStringLiteral("≠ ") + row.name : row.name;
    case Qt::ToolTipRole:
        return row.differs ? tr("The profiles do not agree here.") : QString();
    case Qt::AccessibleTextRole:
        return row.differs ? tr("%1, the profiles differ").arg(row.name) : row.name;
    default:
        return {};
    }
}

QVariant ChecksModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == DiffersRole)
        return row.differs;
    if (index.column() == 0)
        return nameData(row, role);
    const Cell &cell = row.cells[static_cast<std::size_t>(index.column() - 1)];
    switch (role) {
    case Qt::DisplayRole:
        return QStringLiteral("%1 %2").arg(signOf(cell.state), cell.text);
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
        return cell.detail;
    case StateRole:
        return cell.state;
    default:
        return {};
    }
}

QVariant ChecksModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (section == 0)
        return role == Qt::DisplayRole ? QVariant(tr("Check")) : QVariant();
    const TokenProfile &profile = tokenProfiles()[static_cast<std::size_t>(section - 1)];
    if (role == Qt::DisplayRole)
        return toText(profile.name);
    return role == Qt::ToolTipRole ? QVariant(toText(profile.title)) : QVariant();
}

} // namespace postern::gui
