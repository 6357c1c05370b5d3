// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/commands.h"

#include "gui/text/mnemonic.h"
#include "gui/theme/theme.h"

#include <QWidget>

#include <algorithm>

namespace postern::gui {

namespace {

/// What the pointer is told: the name without its mnemonic, and why not.
QString toolTip(const QAction &action, const QString &reason)
{
    const QString name = withoutMnemonic(action.text());
    const QString keys = action.shortcut().toString(QKeySequence::NativeText);
    const QString tip = keys.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, keys);
    return reason.isEmpty() ? tip : QStringLiteral("%1\n%2").arg(tip, reason);
}

} // namespace

Commands::Commands(QWidget *window) : QObject(window), m_window(window) {}

QAction *Commands::add(CommandInfo info, std::function<void()> run)
{
    auto *action = new QAction(info.text, m_window);
    action->setObjectName(info.id);
    action->setShortcut(info.shortcut);
    action->setShortcutContext(Qt::WindowShortcut);
    action->setMenuRole(QAction::NoRole);
    if (!info.icon.isEmpty())
        action->setIcon(Theme::instance().icon(info.icon));
    action->setIconText(buttonText(action->text()));
    action->setToolTip(toolTip(*action, {}));
    connect(action, &QAction::changed, this, [action] { // "Undo" is not always of the same
        action->setIconText(buttonText(action->text()));
        action->setToolTip(toolTip(*action, action->property("reason").toString()));
    });
    m_window->addAction(action);
    const QString id = info.id;
    connect(action, &QAction::triggered, this, [this, id, run = std::move(run)] {
        run();
        Q_EMIT ran(id);
    });
    m_list.push_back(std::move(info));
    Q_EMIT added(id);
    return action;
}

QAction *Commands::action(const QString &id) const
{
    return m_window->findChild<QAction *>(id, Qt::FindDirectChildrenOnly);
}

void Commands::setReason(const QString &id, const QString &reason)
{
    QAction *found = action(id);
    if (!found)
        return;
    found->setEnabled(reason.isEmpty());
    found->setProperty("reason", reason);
    found->setToolTip(toolTip(*found, reason));
}

const std::vector<CommandInfo> &Commands::list() const noexcept { return m_list; }

void Commands::setMenuTitle(const QString &menu, const QString &title)
{
    m_menuTitles.insert(menu, withoutMnemonic(title));
}

QString Commands::menuTitle(const QString &menu) const { return m_menuTitles.value(menu, menu); }

void Commands::setShortcut(const QString &id, const QKeySequence &shortcut)
{
    const auto info = std::ranges::find(m_list, id, &CommandInfo::id);
    if (info == m_list.end() || info->shortcut == shortcut)
        return;
    info->shortcut = shortcut;
    QAction *found = action(id);
    found->setShortcut(shortcut);
    found->setToolTip(toolTip(*found, found->property("reason").toString()));
    Q_EMIT shortcutsChanged();
}

} // namespace postern::gui
