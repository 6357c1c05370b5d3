// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/main_window.h"

#include "gui/consumers/export_dialog.h"
#include "gui/session/workspace.h"
#include "gui/shell/command_palette.h"
#include "gui/shell/layout_memory.h"
#include "gui/shell/lock.h"
#include "gui/shell/navigation.h"
#include "gui/shell/notice_center.h"
#include "gui/shell/preview_dialog.h"
#include "gui/shell/settings_dialog.h"
#include "gui/shell/settings_keys.h"
#include "gui/shell/shortcut_file.h"
#include "gui/shell/shortcut_sheet.h"
#include "gui/text/mnemonic.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QToolBar>
#include <QToolButton>
#include <QUndoStack>

#include <algorithm>
#include <array>

namespace postern::gui {

namespace {

/// What a shortcut means depends on the page that is shown: one row each.
struct PageCommand
{
    const char *id, *text, *menu, *keys, *icon;
    void (Page::*call)();
};

constexpr std::array kPageCommands{
    PageCommand{"file.new", QT_TRANSLATE_NOOP("postern::gui::MainWindow", "&New"), "File", "Ctrl+N",
                "plus", &Page::createNew},
    PageCommand{"edit.copy", QT_TRANSLATE_NOOP("postern::gui::MainWindow", "&Copy"), "Edit",
                "Ctrl+C", "copy", &Page::copyMain},
    PageCommand{"edit.copyAs",
                QT_TRANSLATE_NOOP("postern::gui::MainWindow", "Copy &as curl or JSON"), "Edit",
                "Ctrl+Shift+C", "code", &Page::copyAs},
    PageCommand{"edit.copyName", QT_TRANSLATE_NOOP("postern::gui::MainWindow", "Copy name or &id"),
                "Edit", "Ctrl+B", "label", &Page::copyName},
    PageCommand{"edit.copyUrl", QT_TRANSLATE_NOOP("postern::gui::MainWindow", "Copy UR&L"), "Edit",
                "Ctrl+U", "link", &Page::copyUrl},
    PageCommand{"edit.duplicate", QT_TRANSLATE_NOOP("postern::gui::MainWindow", "&Duplicate"),
                "Edit", "Ctrl+D", "duplicate", &Page::duplicate},
    PageCommand{"edit.rename", QT_TRANSLATE_NOOP("postern::gui::MainWindow", "Re&name"), "Edit",
                "F2", "edit", &Page::rename},
    PageCommand{"edit.delete", QT_TRANSLATE_NOOP("postern::gui::MainWindow", "D&elete"), "Edit",
                "Del", "trash", &Page::removeSelected},
    PageCommand{"edit.filter", QT_TRANSLATE_NOOP("postern::gui::MainWindow", "&Filter"), "Edit",
                "Ctrl+F", "filter", &Page::focusFilter},
    PageCommand{"edit.apply",
                QT_TRANSLATE_NOOP("postern::gui::MainWindow", "&Main action of the page"), "Edit",
                "Ctrl+Return", "send", &Page::mainAction},
    PageCommand{"token.mint",
                QT_TRANSLATE_NOOP("postern::gui::MainWindow", "&Mint for the selected consumer"),
                "Token", "Ctrl+T", "mint", &Page::mint},
    PageCommand{"token.generate",
                QT_TRANSLATE_NOOP("postern::gui::MainWindow", "&Generate a secret…"), "Token",
                "Ctrl+G", "dice", &Page::generate},
    PageCommand{"view.inspector", QT_TRANSLATE_NOOP("postern::gui::MainWindow", "&Inspector"),
                "View", "Ctrl+I", "inspector", &Page::toggleInspector},
};

QString key(const char *text) { return QString::fromLatin1(text); }

/// The menu of a page's own commands: "consumers" -> "Consumer".
QString menuOf(const QString &page)
{
    const QString singular =
        page.endsWith(QLatin1Char('s')) && page != QLatin1String("access") ? page.chopped(1) : page;
    return singular.left(1).toUpper() + singular.mid(1);
}

} // namespace

void MainWindow::buildMenus()
{
    const std::array<std::pair<const char *, QString>, 8> menus{{
        {"File", tr("&File")},
        {"Edit", tr("&Edit")},
        {"View", tr("&View")},
        {"Consumer", tr("&Consumer")},
        {"Token", tr("&Token")},
        {"Gateway", tr("&Gateway")},
        {"Access", tr("&Access")},
        {"Help", tr("&Help")},
    }};
    for (const auto &[id, title] : menus) {
        auto *menu = menuBar()->addMenu(title);
        menu->setObjectName(key(id));
        m_commands->setMenuTitle(key(id), title);
        menu->menuAction()->setVisible(false); // until it has something
        m_menus.push_back(menu);
    }
    connect(m_commands, &Commands::added, this, &MainWindow::addToMenu);
}

void MainWindow::addToMenu(const QString &id)
{
    const auto info = std::ranges::find(m_commands->list(), id, &CommandInfo::id);
    const auto menu = std::ranges::find_if(
        m_menus, [&](const QMenu *candidate) { return candidate->objectName() == info->menu; });
    if (menu == m_menus.end()) {
        qWarning("no menu %s for the command %s", qPrintable(info->menu), qPrintable(id));
        return;
    }
    (*menu)->addAction(m_commands->action(id));
    (*menu)->menuAction()->setVisible(true);
}

void MainWindow::addCommands()
{
    const auto add = [this](const char *id, const QString &text, const char *menu, const char *keys,
                            const char *icon, std::function<void()> run) {
        return m_commands->add({key(id), text, key(menu), QKeySequence(key(keys)), key(icon)},
                               std::move(run));
    };
    const auto separate = [this](std::size_t menu) { m_menus.at(menu)->addSeparator(); };
    addPageCommands();
    addUndoCommands();
    add("edit.paste", tr("&Paste a token, a key or a curl line"), "Edit", "Ctrl+V", "paste",
        [this] { paste(); });
    separate(0);
    add("file.newStore", tr("New s&tore…"), "File", "", "file", [this] { askAndOpen(true); });
    add("file.open", tr("&Open a store or a configuration…"), "File", "Ctrl+O", "folder",
        [this] { askAndOpen(false); });
    add("file.attach", tr("&Attach to a gateway…"), "File", "", "link", [this] { askAndAttach(); });
    separate(0);
    add("file.save", tr("&Save changes"), "File", "Ctrl+S", "save",
        [this] { m_session.workspace().save(); });
    add("file.preview", tr("Pre&view changes…"), "File", "Ctrl+Alt+S", "diff", [this] {
        auto *dialog = new PreviewDialog(m_session.workspace(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    add("file.export", tr("E&xport configuration…"), "File", "Ctrl+Shift+S", "export", [this] {
        auto *dialog = new ExportDialog(*this, {}, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    separate(0);
    add("file.lock", tr("&Lock secrets"), "File", "Ctrl+L", "lock",
        [this] { setLocked(!m_locked); });
    add("file.settings", tr("S&ettings…"), "File", "Ctrl+,", "settings", [this] {
        auto *dialog = new SettingsDialog(*m_settings, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &SettingsDialog::changed, this, &MainWindow::applySettings);
        dialog->open();
    });
    separate(0);
    add("file.quit", tr("&Quit"), "File", "Ctrl+Q", "quit", [this] { close(); });
    addViewCommands();
    add("help.page", tr("&What can be done here"), "Help", "F1", "help", [this] {
        m_palette->open(QLatin1Char('>') + m_commands->menuTitle(menuOf(currentPage()->id())));
    });
    add("help.shortcuts", tr("&Keyboard shortcuts…"), "Help", "Ctrl+/", "keyboard", [this] {
        auto *sheet = new ShortcutSheet(*m_commands, *m_shortcuts, this);
        sheet->setAttribute(Qt::WA_DeleteOnClose);
        sheet->open();
    });
    add("help.about", tr("&About Postern"), "Help", "", "info", [this] {
        auto *box = new QMessageBox(QMessageBox::NoIcon, tr("About Postern"),
                                    tr("Postern %1").arg(QApplication::applicationVersion()),
                                    QMessageBox::Close, this);
        box->setInformativeText(tr("A local API gateway and a token workbench. Nothing leaves this "
                                   "machine unless you send it.\n\nApache License 2.0"));
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
}

void MainWindow::addPageCommands()
{
    for (const PageCommand &row : kPageCommands) {
        QAction *action = m_commands->add(
            {key(row.id), tr(row.text), key(row.menu), QKeySequence(key(row.keys)), key(row.icon)},
            [this, call = row.call] { (currentPage()->*call)(); });
        if (std::string_view(row.id) == "edit.apply") // the other Enter key, too
            action->setShortcuts(
                {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    }
}

void MainWindow::addUndoCommands()
{
    m_menus.at(1)->addSeparator();
    m_commands->add(
        {key("edit.undo"), tr("&Undo"), key("Edit"), QKeySequence(key("Ctrl+Z")), key("undo")},
        [this] { m_session.workspace().undo(); });
    m_commands->add({key("edit.redo"), tr("&Redo"), key("Edit"), QKeySequence(key("Ctrl+Shift+Z")),
                     key("redo")},
                    [this] { m_session.workspace().redo(); });
}

void MainWindow::addViewCommands()
{
    const auto add = [this](const QString &id, const QString &text, const char *keys,
                            const char *icon, std::function<void()> run) {
        return m_commands->add({id, text, key("View"), QKeySequence(key(keys)), key(icon)},
                               std::move(run));
    };
    QMenu *menu = m_menus.at(2);
    menu->addSeparator();
    for (std::size_t index = 0; index < m_pages.size(); ++index) {
        const QString id = m_pages.at(index)->id();
        const std::string keys = "Ctrl+" + std::to_string(index + 1);
        const QByteArray icon = id.toLatin1();
        add(QStringLiteral("view.") + id, m_pages.at(index)->title(), keys.c_str(),
            icon.constData(), [this, id] {
                showPage(id);
                currentPage()->takeFocus(); // from another part of it, too
            });
    }
    add(key("view.back"), tr("&Back"), "Alt+Left", "chevron-left", [this] { go(-1); });
    add(key("view.forward"), tr("&Forward"), "Alt+Right", "chevron-right", [this] { go(1); });
    menu->addSeparator();
    QAction *palette = add(key("view.palette"), tr("&Search or run…"), "Ctrl+K", "search",
                           [this] { m_palette->open(); });
    palette->setShortcuts({QKeySequence(key("Ctrl+K")), QKeySequence(key("Ctrl+Shift+P"))});
    add(key("view.notices"), tr("&Messages…"), "", "bell", [this] { m_notices->openHistory(); });
    menu->addSeparator();
    add(key("view.navigation"), tr("&Navigation: icons or words"), "Ctrl+\\", "sidebar",
        [this] { m_navigation->setCollapsed(!m_navigation->isCollapsed()); });
    add(key("view.secrets"), tr("Show or &hide secrets"), "Ctrl+Shift+H", "eye", [this] {
        m_secretsShown = !m_secretsShown;
        currentPage()->revealSecrets(m_secretsShown);
    });
    add(key("view.privacy"), tr("&Privacy mode"), "", "eye-off", [] {
        Privacy::instance().setOn(!Privacy::instance().isOn());
    })->setCheckable(true);
    add(key("view.zoomIn"), tr("&Larger text"), "Ctrl+=", "plus",
        [this] { currentPage()->zoom(1); });
    add(key("view.zoomOut"), tr("S&maller text"), "Ctrl+-", "minus",
        [this] { currentPage()->zoom(-1); });
    add(key("view.zoomReset"), tr("&Text as it was"), "Ctrl+0", "",
        [this] { currentPage()->zoom(0); });
    menu->addSeparator();
    add(key("view.theme"), tr("Light or &dark"), "", "theme", [this] {
        const bool dark = Theme::instance().isDark();
        m_settings->setValue(setting::kTheme,
                             static_cast<int>(dark ? Theme::Choice::Light : Theme::Choice::Dark));
        applySettings();
    });
    add(key("view.reset"), tr("&Reset layout"), "", "", [this] { resetLayout(); });
}

void MainWindow::buildToolBar()
{
    auto *bar = addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("tools"));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    const auto add = [&](const char *id) {
        QAction *action = m_commands->action(key(id));
        bar->addAction(action);
        auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(action));
        button->setObjectName(QStringLiteral("tool.") + key(id));
        button->setAccessibleName(withoutMnemonic(action->text()));
        button->setFocusPolicy(Qt::TabFocus);
        return button;
    };
    add("file.save")->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    add("file.preview");
    add("edit.undo");
    add("edit.redo");
    auto *left = new QWidget;
    left->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(left);
    auto *search = new QPushButton(Theme::instance().icon(QStringLiteral("search"), Role::Muted),
                                   tr("Search or run…    Ctrl+K"));
    search->setObjectName(QStringLiteral("searchButton"));
    search->setAccessibleName(tr("Search or run"));
    search->setMinimumWidth(fontMetrics().averageCharWidth() * 44);
    connect(search, &QPushButton::clicked, this, [this] { m_palette->open(); });
    bar->addWidget(search);
    auto *right = new QWidget;
    right->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(right);
    add("view.notices");
    add("file.lock");
    add("file.settings");
}

void MainWindow::applySettings()
{
    Theme::instance().setChoice(
        static_cast<Theme::Choice>(m_settings->value(setting::kTheme, 0).toInt()));
    m_clipboard->setSeconds(m_settings->value(setting::kClipboardSeconds, 10).toInt());
    m_idle->setMinutes(m_settings->value(setting::kLockMinutes, 0).toInt());
}

void MainWindow::restoreShortcuts()
{
    m_shortcuts = std::make_unique<ShortcutFile>(
        QFileInfo(m_settings->fileName()).absoluteDir().filePath(QStringLiteral("shortcuts.yaml")));
    if (const auto read = m_shortcuts->load(); !read)
        m_notices->show(Notices::Kind::Warning,
                        tr("Your keyboard shortcuts cannot be read; all are as at first."),
                        toText(describe(read.error())), false);
    ShortcutSheet::restore(*m_commands, *m_shortcuts);
}

void MainWindow::restoreLayout()
{
    resize(1280, 800);
    restoreGeometry(m_settings->value(setting::kGeometry).toByteArray());
    restoreState(m_settings->value(setting::kState).toByteArray());
    m_navigation->setCollapsed(m_settings->value(setting::kCollapsed, false).toBool());
    m_layout = std::make_unique<LayoutMemory>(*m_settings);
    for (const Page *candidate : m_pages)
        m_layout->add(candidate->id(), *candidate);
    const QString last = m_settings->value(setting::kPage).toString();
    showPage(page(last) ? last : m_pages.front()->id());
}

void MainWindow::resetLayout()
{
    m_settings->remove(QStringLiteral("window"));
    m_layout->reset();
    m_navigation->setCollapsed(false);
    resize(1280, 800);
    m_notices->show(Notices::Kind::Info, tr("The layout is as it was at first."), {}, false);
}

} // namespace postern::gui
