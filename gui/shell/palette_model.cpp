// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/palette_model.h"

#include "gui/shell/fuzzy.h"
#include "gui/text/mnemonic.h"
#include "gui/theme/theme.h"

#include <QRegularExpression>

#include <algorithm>

namespace postern::gui {

namespace {

/// Undo and redo are named after another command: who looks for that one means the command itself.
bool isNamedAfterAnother(const QString &id, const QString &name, const QString &pattern)
{
    const bool step = id == QLatin1String("edit.undo") || id == QLatin1String("edit.redo");
    if (!step || pattern.isEmpty())
        return false;
    const QString own = name.section(u' ', 0, 0);
    const auto words = QStringView(pattern).split(u' ', Qt::SkipEmptyParts);
    return std::ranges::none_of(
        words, [&own](QStringView word) { return fuzzyScore(word, own).has_value(); });
}

struct Scored
{
    int score;
    PaletteModel::Row row;
};

} // namespace

PaletteModel::PaletteModel(const Commands &commands, QObject *parent)
    : QAbstractListModel(parent),
      m_commands(commands)
{
}

std::pair<QString, QString> PaletteModel::split(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (!trimmed.isEmpty() && QStringLiteral(">@/#").contains(trimmed.front()))
        return {trimmed.mid(1).trimmed(), trimmed.left(1)};
    return {trimmed, {}};
}

void PaletteModel::search(const QString &text, std::vector<PaletteItem> found,
                          const QStringList &recent)
{
    const auto [pattern, prefix] = split(text);
    std::vector<Scored> scored;
    if (prefix.isEmpty() || prefix == QLatin1String(">")) {
        for (const CommandInfo &info : m_commands.list()) {
            const QAction *action = m_commands.action(info.id);
            if (!action || !action->isVisible())
                continue;
            const QString name = withoutMnemonic(action->text());
            const QString menu = m_commands.menuTitle(info.menu);
            const auto score = fuzzyScore(pattern, name + QLatin1Char(' ') + menu);
            if (!score)
                continue;
            const qsizetype used = recent.indexOf(info.id);
            const int lead = used < 0 ? 0 : 40 - static_cast<int>(std::min<qsizetype>(used, 30));
            const QString reason = action->property("reason").toString();
            const int lag = (reason.isEmpty() ? 0 : 30) // what can be run goes first
                + (isNamedAfterAnother(info.id, name, pattern) ? 100 : 0);
            scored.push_back(
                {*score + lead - lag,
                 {name, menu, info.shortcut.toString(QKeySequence::NativeText), info.icon, reason,
                  info.id, [action = m_commands.action(info.id)] { action->trigger(); }}});
        }
    }
    for (PaletteItem &item : found) {
        if (!prefix.isEmpty() && item.prefix != prefix)
            continue;
        if (const auto score = fuzzyScore(pattern, item.text + QLatin1Char(' ') + item.hint))
            scored.push_back({*score, {item.text, item.hint, {}, {}, {}, {}, std::move(item.run)}});
    }
    std::ranges::stable_sort(scored, std::ranges::greater(), &Scored::score);
    beginResetModel();
    m_rows.clear();
    for (Scored &entry : scored) {
        if (m_rows.size() >= kLimit)
            break;
        m_rows.push_back(std::move(entry.row));
    }
    endResetModel();
}

const PaletteModel::Row &PaletteModel::row(int index) const
{
    return m_rows.at(static_cast<std::size_t>(index));
}

int PaletteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Row &entry = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return entry.text;
    case Qt::DecorationRole:
        return Theme::instance().icon(
            entry.icon.isEmpty() ? QStringLiteral("chevron-right") : entry.icon, gui::Role::Muted);
    case Qt::AccessibleTextRole:
        return QStringList({entry.text, entry.hint, entry.keys, entry.reason})
            .filter(QRegularExpression(QStringLiteral(".")))
            .join(QStringLiteral(", "));
    case Qt::ToolTipRole:
    case ReasonRole:
        return entry.reason;
    case HintRole:
        return entry.hint;
    case KeysRole:
        return entry.keys;
    default:
        return {};
    }
}

} // namespace postern::gui
