// SPDX-License-Identifier: Apache-2.0
#include "gui/models/token_history.h"

#include "gui/text/qt_bytes.h"

#include <string_view>

namespace postern::gui {

namespace {

constexpr std::size_t kShown = 96;

/// Header and payload as far as they fit; never the signature.
QString masked(std::string_view token)
{
    const std::size_t end = token.rfind('.');
    const bool hasSignature = end != std::string_view::npos && end != token.find('.');
    const std::string_view open = hasSignature ? token.substr(0, end) : token;
    const bool cut = open.size() > kShown;
    return toText(open.substr(0, kShown)) + (cut ? QStringLiteral("…") : QString())
        + (hasSignature ? QStringLiteral(".•••") : QString());
}

} // namespace

void TokenHistory::add(const std::string &token, TokenSource source, TokenState state,
                       Timestamp now)
{
    if (token.empty())
        return;
    if (!m_entries.empty() && m_entries.front().token == token) {
        m_entries.front().state = state;
        m_entries.front().time = now;
        Q_EMIT dataChanged(index(0, 0), index(0, ColumnCount - 1));
        return;
    }
    beginInsertRows({}, 0, 0);
    m_entries.push_front({token, source, state, now});
    endInsertRows();
    if (m_entries.size() > kMaxRows) {
        const int last = rowCount() - 1;
        beginRemoveRows({}, last, last);
        m_entries.pop_back();
        endRemoveRows();
    }
}

const std::string &TokenHistory::token(int row) const
{
    return m_entries.at(static_cast<std::size_t>(row)).token;
}

void TokenHistory::clear()
{
    beginResetModel();
    m_entries.clear();
    endResetModel();
}

QString TokenHistory::nameOf(TokenSource source)
{
    switch (source) {
    case TokenSource::Pasted:
        return tr("pasted");
    case TokenSource::Typed:
        return tr("typed");
    case TokenSource::Edited:
        return tr("edited");
    case TokenSource::Resigned:
        return tr("signed anew");
    case TokenSource::Minted:
        return tr("minted");
    case TokenSource::Traffic:
        return tr("from traffic");
    case TokenSource::Varied:
        return tr("broken on purpose");
    }
    return {};
}

QString TokenHistory::nameOf(TokenState state)
{
    switch (state) {
    case TokenState::Empty:
        return tr("· no token");
    case TokenState::NoToken:
        return tr("✗ not a token");
    case TokenState::Encrypted:
        return tr("· encrypted");
    case TokenState::NoKey:
        return tr("? no key given");
    case TokenState::KeyMisfit:
        return tr("✗ the key does not fit the algorithm");
    case TokenState::Changed:
        return tr("? not checked, because the token changed");
    case TokenState::Pending:
        return tr("… being checked");
    case TokenState::Refused:
        return tr("✗ refused");
    case TokenState::Accepted:
        return tr("✓ accepted");
    }
    return {};
}

int TokenHistory::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int TokenHistory::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TokenHistory::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::DisplayRole)
        return {};
    const Entry &entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (index.column()) {
    case Time:
        return toText(formatTime(entry.time));
    case Source:
        return nameOf(entry.source);
    case Verdict:
        return nameOf(entry.state);
    case Token:
        return masked(entry.token);
    default:
        return {};
    }
}

QVariant TokenHistory::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Clock");
    case Source:
        return tr("From");
    case Verdict:
        return tr("Verdict");
    case Token:
        return tr("Token");
    default:
        return {};
    }
}

} // namespace postern::gui
