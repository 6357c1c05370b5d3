// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/page.h"
#include "gui/shell/secret_clipboard.h"

#include <QMainWindow>
#include <QSettings>
#include <QStringList>

#include <functional>
#include <memory>
#include <vector>

class QMenu;
class QStackedWidget;

namespace postern::gui {

class CommandPalette;
class IdleWatch;
class LayoutMemory;
class LockBanner;
class Navigation;
class NoticeCenter;
class ShortcutFile;
class StatusBar;

/// The window around the pages: menus, palette, navigation, status bar, notices, lock. Owns the
/// session. Main thread.
class MainWindow : public QMainWindow, public Shell
{
    Q_OBJECT
public:
    /// \param clipboardTicks false: tests move the clipboard's time on themselves
    explicit MainWindow(std::unique_ptr<QSettings> settings, bool clipboardTicks = true);
    ~MainWindow() override;

    /// Opens a store ("sqlite:/path"); it is opened again at the next start.
    void openStore(const std::string &store);
    void attach(const std::string &control, const std::string &adminKey = {});
    /// A file from the command line or another start: a store, or what a page takes.
    void openFile(const QString &path);
    /// "mint-token", "debug-clipboard", "start-gateway" of the desktop file.
    void runDesktopAction(const QString &name);
    void quitNow(); ///< without questions, as a signal asks for
    void setLocked(bool locked);
    /// Takes what was dropped or pasted to the page that knows it.
    bool takeMime(const QMimeData &mime);
    [[nodiscard]] Page *page(const QString &id) const;
    [[nodiscard]] Page *currentPage() const;

    [[nodiscard]] Session &session() override { return m_session; }
    [[nodiscard]] Commands &commands() override { return *m_commands; }
    [[nodiscard]] SecretClipboard &clipboard() override { return *m_clipboard; }
    [[nodiscard]] Notices &notices() override;
    [[nodiscard]] QSettings &settings() override { return *m_settings; }
    [[nodiscard]] bool isLocked() const override { return m_locked; }
    void showPage(const QString &id) override;
    void openObject(const std::string &key) override;
    void mintFor(const std::string &consumer, const std::string &credential) override;
    void debugToken(const std::string &token, std::optional<Timestamp> at) override;
    void compose(const std::string &curl) override;

protected:
    bool event(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void addPages();
    void addCommands(); ///< window_commands.cpp
    void addPageCommands();
    void addViewCommands();
    void addUndoCommands();
    void buildMenus();
    void addToMenu(const QString &id);
    void buildToolBar();
    void buildCentre();
    void connectSession();
    void tell(const QString &text, Workspace::Step step); ///< in a notice
    void restoreShortcuts();
    void restoreLayout();
    void resetLayout();
    void applySettings();
    void refreshTitle();
    void refreshSaving();
    void refreshPrivacy();
    void askAndOpen(bool fresh);
    void askAndAttach();
    /// Runs it at once where nothing is staged; else asks first, and saves if that is wanted.
    void whenSaved(const std::function<void()> &then);
    void paste();
    void go(int steps); ///< back and forward between what was shown
    void remember(const QString &pageId, const std::string &key);
    [[nodiscard]] std::vector<PaletteItem> find(const QString &text, int limit);

    std::unique_ptr<QSettings> m_settings;
    Session m_session;
    SecretClipboard *m_clipboard;
    Commands *m_commands;
    NoticeCenter *m_notices;
    IdleWatch *m_idle;
    Navigation *m_navigation = nullptr;
    QStackedWidget *m_stack = nullptr;
    LockBanner *m_banner = nullptr;
    StatusBar *m_status = nullptr;
    CommandPalette *m_palette = nullptr;
    std::vector<Page *> m_pages;
    std::vector<QMenu *> m_menus;
    std::function<void()> m_afterSaving;
    std::unique_ptr<LayoutMemory> m_layout;
    std::unique_ptr<ShortcutFile> m_shortcuts;
    struct Place
    {
        QString page;
        std::string key; ///< empty: the page alone
        bool operator==(const Place &) const = default;
    };
    std::vector<Place> m_places;
    std::size_t m_place = 0; ///< where among them
    bool m_going = false, m_locked = false, m_secretsShown = false, m_closing = false;
};

} // namespace postern::gui
