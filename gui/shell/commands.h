// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QObject>
#include <QString>

#include <functional>
#include <vector>

namespace postern::gui {

/// One command: in a menu, in the palette, in the sheet of shortcuts, nowhere twice.
struct CommandInfo
{
    QString id; ///< "consumer.new": settings and shortcuts.yaml use it
    QString text; ///< "&New consumer"
    QString menu; ///< "File", "Edit", "View", "Consumer", "Token", "Gateway", "Access", "Help"
    QKeySequence shortcut;
    QString icon; ///< of Theme::icon(); may be empty
};

/// Every command of the window. A QAction each, whose `reason` property says why it is disabled.
/// Main thread.
class Commands : public QObject
{
    Q_OBJECT
public:
    explicit Commands(QWidget *window);
    /// Adds a command; its action belongs to the window and works anywhere in it.
    QAction *add(CommandInfo info, std::function<void()> run);
    [[nodiscard]] QAction *action(const QString &id) const; ///< nullptr: there is none
    /// \param reason why not, for the palette and the tool tip; empty: it can be run
    void setReason(const QString &id, const QString &reason);
    [[nodiscard]] const std::vector<CommandInfo> &list() const noexcept;
    /// What a menu of CommandInfo is called in the user's language: "&Consumer".
    void setMenuTitle(const QString &menu, const QString &title);
    [[nodiscard]] QString menuTitle(const QString &menu) const; ///< as read out: "Consumer"
    /// Remaps a shortcut; an empty one takes it away.
    void setShortcut(const QString &id, const QKeySequence &shortcut);

Q_SIGNALS:
    void added(const QString &id);
    void shortcutsChanged();
    void ran(const QString &id);

private:
    QWidget *m_window;
    std::vector<CommandInfo> m_list;
    QHash<QString, QString> m_menuTitles;
};

/// Something the palette finds besides commands: consumers, routes, requests, samples.
struct PaletteItem
{
    QString text, hint; ///< "jack", "consumer"
    QString prefix; ///< "@" consumers, "/" routes, "#" requests; empty: others
    std::function<void()> run;
};

} // namespace postern::gui
