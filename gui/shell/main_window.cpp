// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/main_window.h"

#include "core/bytes/encoding.h"
#include "core/runtime_directory.h"
#include "gateway/control/socket_registry.h"
#include "gui/access/page.h"
#include "gui/consumers/page.h"
#include "gui/models/readable_file.h"
#include "gui/session/workspace.h"
#include "gui/shell/attach_dialog.h"
#include "gui/shell/command_palette.h"
#include "gui/shell/layout_memory.h"
#include "gui/shell/lock.h"
#include "gui/shell/navigation.h"
#include "gui/shell/notice_center.h"
#include "gui/shell/settings_keys.h"
#include "gui/shell/shortcut_file.h"
#include "gui/shell/status_bar.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/tokens/page.h"
#include "gui/traffic/page.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSet>
#include <QStackedWidget>
#include <QStatusTipEvent>
#include <QUndoStack>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace postern::gui {

MainWindow::MainWindow(std::unique_ptr<QSettings> settings, bool clipboardTicks)
    : m_settings(std::move(settings)),
      m_clipboard(new SecretClipboard(this, clipboardTicks)),
      m_commands(new Commands(this)),
      m_notices(new NoticeCenter(this,
                                 [this] {
                                     if (!m_locked)
                                         m_session.workspace().undo();
                                 })),
      m_idle(new IdleWatch(this))
{
    Theme::instance().setChoice(
        static_cast<Theme::Choice>(m_settings->value(setting::kTheme, 0).toInt()));
    setObjectName(QStringLiteral("window"));
    setAcceptDrops(true);
    setMinimumSize(720, 480);
    buildCentre();
    addPages();
    buildMenus();
    addCommands();
    for (Page *page : m_pages)
        page->addCommands(*m_commands);
    restoreShortcuts();
    buildToolBar();
    m_palette = new CommandPalette(
        *m_commands, *m_settings,
        [this](const QString &text, int limit) { return find(text, limit); }, this);
    connectSession();
    connect(m_idle, &IdleWatch::idle, this, [this] { setLocked(true); });
    applySettings();
    restoreLayout();
    refreshTitle();
    refreshSaving();
}

MainWindow::~MainWindow()
{
    // The session goes before the child widgets would: nobody may ask it then.
    m_session.disconnect(this);
    m_session.workspace().disconnect(this);
    m_session.workspace().undoStack()->disconnect(this);
    for (const Page *page : m_pages)
        delete page;
    delete m_status;
}

Notices &MainWindow::notices() { return *m_notices; }

void MainWindow::buildCentre()
{
    m_navigation = new Navigation;
    m_stack = new QStackedWidget;
    m_stack->setObjectName(QStringLiteral("pages"));
    m_banner = new LockBanner;
    m_banner->hide();
    auto *line = new QFrame;
    line->setFrameShape(QFrame::VLine);
    line->setFixedWidth(1);
    auto *column = new QVBoxLayout;
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    auto *row = new QHBoxLayout;
    row->setContentsMargins({});
    row->setSpacing(0);
    row->addWidget(m_navigation);
    row->addWidget(line);
    row->addLayout(column, 1);
    auto *centre = new QWidget;
    auto *rows = new QVBoxLayout(centre);
    rows->setContentsMargins({});
    rows->setSpacing(0);
    rows->addLayout(row, 1);
    rows->addWidget(m_notices->strip());
    setCentralWidget(centre);
    m_status = new StatusBar(m_session, *m_clipboard, this);
    setStatusBar(m_status);
    connect(m_navigation, &Navigation::chosen, this, &MainWindow::showPage);
    connect(m_banner, &LockBanner::unlockRequested, this, [this] { setLocked(false); });
}

void MainWindow::addPages()
{
    m_pages = {new ConsumersPage(*this), new TokensPage(*this), new GatewayPage(*this),
               new AccessPage(*this)};
    for (Page *page : m_pages) {
        page->setObjectName(page->id() + QStringLiteral("Page"));
        page->setAccessibleName(page->title());
        m_stack->addWidget(page);
        m_navigation->add(page->id(), page->title());
    }
}

void MainWindow::connectSession()
{
    Workspace &workspace = m_session.workspace();
    connect(&m_session, &Session::stateChanged, this, &MainWindow::refreshTitle);
    connect(&m_session, &Session::failed, this, [this](const Error &error) {
        m_notices->show(Notices::Kind::Error, toText(describe(error)), {}, false);
    });
    connect(&m_session, &Session::lost, this, [this](const Error &error) {
        const QString control = toText(m_session.control());
        const bool silent = error.code == Errc::Remote || error.code == Errc::Timeout;
        m_notices->show(
            Notices::Kind::Error,
            (silent ? tr("The gateway at %1 does not answer. Changes are kept, and the window "
                         "connects again as soon as it is back.")
                    : tr("The gateway at %1 refuses this window. Changes are kept; attach again "
                         "with its admin key."))
                .arg(control),
            toText(describe(error)) + QLatin1Char('\n')
                + tr("To start it: %1")
                      .arg(QStringLiteral("postern gateway run --control ") + control),
            false);
    });
    connect(&m_session, &Session::found, this, [this] {
        m_notices->show(Notices::Kind::Success,
                        tr("The gateway at %1 is back.").arg(toText(m_session.control())), {},
                        false);
    });
    const auto refresh = [this] {
        refreshTitle();
        refreshSaving();
        if (Privacy::instance().isOn())
            refreshPrivacy();
    };
    connect(&Privacy::instance(), &Privacy::changed, this, [this] {
        refreshPrivacy();
        Q_EMIT m_session.workspace().changed(m_session.workspace().keys("/consumers"));
    });
    connect(&workspace, &Workspace::changed, this, refresh);
    connect(&workspace, &Workspace::cleared, this, refresh);
    connect(workspace.undoStack(), &QUndoStack::indexChanged, this, refresh);
    connect(workspace.undoStack(), &QUndoStack::indexChanged, m_notices,
            &NoticeCenter::withdrawUndo);
    connect(&workspace, &Workspace::stepped, this, &MainWindow::tell);
    connect(&workspace, &Workspace::saved, this, [this](const QString &text, Workspace::Step step) {
        tell(text, step);
        if (const auto then = std::exchange(m_afterSaving, {}))
            then();
    });
    connect(
        &workspace, &Workspace::refused, this,
        [this](const QString &text, const std::string &key, const Error &error) {
            m_afterSaving = {};
            if (key.empty()) // not one object is wrong: nothing could be written
                m_notices->show(
                    Notices::Kind::Error,
                    tr("Nothing was saved, the changes are kept: %1").arg(toText(describe(error))),
                    text, false);
            else
                m_notices->show(Notices::Kind::Error,
                                tr("Refused: %1").arg(text.isEmpty() ? toText(key) : text),
                                toText(key + "\n" + describe(error)), false);
        });
}

void MainWindow::tell(const QString &text, Workspace::Step step)
{
    switch (step) {
    case Workspace::Step::Done:
        return m_notices->show(Notices::Kind::Success, text, {}, true);
    case Workspace::Step::Undone:
        return m_notices->showStep(tr("Undone: %1").arg(text));
    case Workspace::Step::Redone:
        return m_notices->showStep(tr("Redone: %1").arg(text));
    }
}

Page *MainWindow::page(const QString &id) const
{
    const auto found =
        std::ranges::find_if(m_pages, [&id](const Page *page) { return page->id() == id; });
    return found == m_pages.end() ? nullptr : *found;
}

Page *MainWindow::currentPage() const { return static_cast<Page *>(m_stack->currentWidget()); }

void MainWindow::showPage(const QString &id)
{
    Page *wanted = page(id);
    if (!wanted)
        return;
    const bool there = m_stack->currentWidget() == wanted;
    m_stack->setCurrentWidget(wanted); // moves the focus anywhere
    m_navigation->setCurrent(id);
    m_status->showHint({});
    if (!there || !wanted->isAncestorOf(focusWidget()))
        wanted->takeFocus();
    remember(id, {});
    refreshTitle();
}

void MainWindow::openObject(const std::string &key)
{
    for (Page *candidate : m_pages) {
        if (!candidate->openObject(key))
            continue;
        showPage(candidate->id());
        remember(candidate->id(), key);
        return;
    }
    m_notices->show(Notices::Kind::Info, tr("No page shows %1.").arg(toText(key)), {}, false);
}

void MainWindow::mintFor(const std::string &consumer, const std::string &credential)
{
    showPage(QStringLiteral("tokens"));
    page(QStringLiteral("tokens"))->mintFor(consumer, credential);
}

void MainWindow::debugToken(const std::string &token, std::optional<Timestamp> at)
{
    showPage(QStringLiteral("tokens"));
    page(QStringLiteral("tokens"))->debugToken(token, at);
}

void MainWindow::compose(const std::string &curl)
{
    showPage(QStringLiteral("gateway"));
    page(QStringLiteral("gateway"))->compose(curl);
}

void MainWindow::remember(const QString &pageId, const std::string &key)
{
    if (m_going)
        return;
    Place place{pageId, key};
    if (!m_places.empty()) {
        if (m_places.at(m_place) == place)
            return;
        m_places.resize(m_place + 1);
        if (m_places.back().page == pageId && m_places.back().key.empty())
            m_places.pop_back(); // the page was only the way to the object
    }
    m_places.push_back(std::move(place));
    m_place = m_places.size() - 1;
}

void MainWindow::go(int steps)
{
    const auto next = static_cast<std::ptrdiff_t>(m_place) + steps;
    if (next < 0 || next >= std::ssize(m_places))
        return;
    m_place = static_cast<std::size_t>(next);
    m_going = true;
    const Place place = m_places.at(m_place);
    showPage(place.page);
    if (!place.key.empty())
        openObject(place.key);
    m_going = false;
}

std::vector<PaletteItem> MainWindow::find(const QString &text, int limit)
{
    std::vector<PaletteItem> found;
    for (Page *candidate : m_pages) {
        std::vector<PaletteItem> more = candidate->find(text, limit);
        std::ranges::move(more, std::back_inserter(found));
    }
    for (PaletteItem &item : found)
        item.text = Privacy::instance().text(item.text);
    const std::vector<std::string> consumers = m_session.workspace().keys("/consumers");
    for (const std::string &key : consumers) {
        const std::string name = key.substr(key.rfind('/') + 1);
        found.push_back({tr("Mint a token for %1").arg(Privacy::instance().name(toText(name))),
                         tr("consumer"), QStringLiteral("@"), [this, name] { mintFor(name, {}); }});
    }
    return found;
}

void MainWindow::openStore(const std::string &store)
{
    whenSaved([this, store] {
        m_settings->setValue(setting::kStore, toText(store));
        m_session.open(store);
    });
}

void MainWindow::attach(const std::string &control, const std::string &adminKey)
{
    whenSaved([this, control, adminKey] { m_session.attach(control, adminKey); });
}

void MainWindow::openFile(const QString &path)
{
    const QFileInfo file(path);
    if (file.suffix() == QLatin1String("postern"))
        return openStore("sqlite:" + toOctets(file.absoluteFilePath()));
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(file.absoluteFilePath())});
    takeMime(mime);
}

void MainWindow::runDesktopAction(const QString &name)
{
    if (name == QLatin1String("mint-token"))
        return showPage(QStringLiteral("tokens"));
    if (name == QLatin1String("debug-clipboard"))
        return paste();
    QAction *start = m_commands->action(QStringLiteral("gateway.start"));
    if (name == QLatin1String("start-gateway") && start)
        start->trigger();
}

void MainWindow::quitNow()
{
    m_closing = true;
    close();
    QApplication::quit();
}

void MainWindow::askAndOpen(bool fresh)
{
    auto *dialog = new QFileDialog(
        this, fresh ? tr("New store") : tr("Open a store"),
        QFileInfo(m_settings->value(setting::kStore).toString().section(QLatin1Char(':'), 1))
            .absolutePath(),
        fresh
            ? tr("Postern stores (*.postern *.db);;All files (*)")
            : tr("Stores and configurations (*.postern *.db *.yaml *.yml *.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("storeDialog"));
    dialog->setAcceptMode(fresh ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(fresh ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    dialog->setDefaultSuffix(QStringLiteral("postern"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, fresh](const QString &path) {
        // a configuration is shown before it is imported, as one that is dropped
        const bool isText =
            QStringList{QStringLiteral("yaml"), QStringLiteral("yml"), QStringLiteral("json")}
                .contains(QFileInfo(path).suffix().toLower());
        if (isText && !fresh)
            openFile(path);
        else
            openStore("sqlite:" + toOctets(path));
    });
    dialog->open();
}

void MainWindow::askAndAttach()
{
    auto *dialog = new AttachDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (const auto directory = runtimeDirectory()) {
        const auto own = static_cast<pid_t>(QCoreApplication::applicationPid());
        const auto socket = gateway::findControlSocket(*directory);
        if (socket && *socket != gateway::controlSocketPath(*directory, own))
            dialog->suggest(toText("unix:" + socket->string()));
    }
    connect(dialog, &AttachDialog::chosen, this,
            [this](const QString &control, const QString &key) {
                attach(toOctets(control), toOctets(key));
            });
    dialog->open();
}

void MainWindow::setLocked(bool locked)
{
    if (m_locked == locked)
        return;
    m_locked = locked;
    m_secretsShown = false;
    m_clipboard->clearNow();
    // pages take what is typed out of their hands first, and get it back last
    if (!locked)
        m_session.workspace().setLocked(false);
    for (Page *candidate : m_pages)
        candidate->setLocked(locked);
    if (locked) {
        m_session.workspace().setLocked(true);
        m_notices->dismissAll(); // their "Undo" is out of reach
    }
    m_banner->setVisible(locked);
    if (locked)
        m_banner->setFocus();
    m_commands->action(QStringLiteral("file.lock"))
        ->setText(locked ? tr("Un&lock secrets") : tr("&Lock secrets"));
    const QString reason = locked ? tr("Secrets are locked.") : QString();
    m_commands->setReason(QStringLiteral("view.secrets"), reason);
    refreshSaving();
}

void MainWindow::refreshPrivacy()
{
    const Privacy &privacy = Privacy::instance();
    QSet<QString> names;
    if (privacy.isOn()) {
        for (const std::string &consumer : m_session.workspace().keys("/consumers"))
            names.insert(toText(decodePercent(consumer.substr(consumer.rfind('/') + 1))));
    }
    Privacy::instance().setNames(names);
    m_commands->action(QStringLiteral("view.privacy"))->setChecked(privacy.isOn());
    const auto views = findChildren<QAbstractItemView *>();
    for (QAbstractItemView *view : views)
        view->viewport()->update();
    const auto headers = findChildren<QHeaderView *>();
    for (QHeaderView *header : headers)
        header->viewport()->update();
}

void MainWindow::refreshTitle()
{
    const QString store =
        QFileInfo(toText(m_session.store().empty() ? m_session.control() : m_session.store()))
            .fileName();
    const Page *current = currentPage();
    QString title = current ? current->title() : QString();
    if (!store.isEmpty())
        title = tr("%1[*] – %2").arg(store, title);
    setWindowTitle(tr("%1 – Postern").arg(title));
    setWindowModified(m_session.workspace().isDirty() && !store.isEmpty());
}

void MainWindow::refreshSaving()
{
    const bool dirty = m_session.workspace().isDirty();
    const auto setReason = [this](const char *id, bool possible, const QString &reason) {
        const QString why = m_locked ? tr("Secrets are locked.") : reason;
        m_commands->setReason(QString::fromLatin1(id), possible && !m_locked ? QString() : why);
    };
    setReason("file.save", dirty, tr("Nothing has changed."));
    setReason("file.preview", dirty, tr("Nothing has changed."));
    const QUndoStack &steps = *m_session.workspace().undoStack();
    setReason("edit.undo", steps.canUndo(), tr("There is nothing to undo."));
    setReason("edit.redo", steps.canRedo(), tr("There is nothing to redo."));
    m_commands->action(QStringLiteral("edit.undo"))
        ->setText(steps.canUndo() ? tr("&Undo %1").arg(steps.undoText()) : tr("&Undo"));
    m_commands->action(QStringLiteral("edit.redo"))
        ->setText(steps.canRedo() ? tr("&Redo %1").arg(steps.redoText()) : tr("&Redo"));
}

bool MainWindow::takeMime(const QMimeData &mime)
{
    for (const QUrl &url : mime.urls()) {
        if (const QString fault = fileFault(url.toLocalFile());
            url.isLocalFile() && !fault.isEmpty()) {
            m_notices->show(Notices::Kind::Warning, fault, url.toLocalFile(), false);
            return false;
        }
    }
    if (currentPage()->takeMime(mime))
        return true;
    for (Page *candidate : m_pages) {
        if (candidate == currentPage() || !candidate->takeMime(mime))
            continue;
        showPage(candidate->id());
        return true;
    }
    const QString name = mime.hasUrls() ? mime.urls().constFirst().fileName() : QString();
    m_notices->show(Notices::Kind::Info,
                    name.isEmpty() ? tr("Nothing here knows this text.")
                                   : tr("Nothing here knows how to open %1.").arg(name),
                    tr("Tokens, keys (PEM, JWK), curl lines and configurations can be dropped or "
                       "pasted."),
                    false);
    return false;
}

void MainWindow::paste()
{
    if (const QMimeData *mime = QApplication::clipboard()->mimeData())
        takeMime(*mime);
}

bool MainWindow::event(QEvent *event)
{
    if (event->type() == QEvent::StatusTip) {
        m_status->showHint(static_cast<QStatusTipEvent *>(event)->tip());
        return true;
    }
    return QMainWindow::event(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls() || event->mimeData()->hasText())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    takeMime(*event->mimeData());
    event->acceptProposedAction();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_session.workspace().isDirty() && !m_closing) {
        event->ignore();
        return whenSaved([this] {
            m_closing = true;
            close();
        });
    }
    if (m_session.workspace().isWriting()) { // an import, say: it may be refused yet
        event->ignore();
        m_afterSaving = [this, asked = std::exchange(m_closing, false)] {
            m_closing = asked;
            close();
        };
        return;
    }
    m_settings->setValue(setting::kGeometry, saveGeometry());
    m_settings->setValue(setting::kState, saveState());
    m_settings->setValue(setting::kPage, currentPage()->id());
    m_settings->setValue(setting::kCollapsed, m_navigation->isCollapsed());
    m_layout->save();
    m_clipboard->clearNow();
    event->accept();
}

void MainWindow::whenSaved(const std::function<void()> &then)
{
    if (!m_session.workspace().isDirty())
        return then();
    auto *box = new QMessageBox(QMessageBox::Question, tr("Save changes?"),
                                tr("There are changes that are not saved."), {}, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(QStringLiteral("closeQuestion"));
    QPushButton *save = box->addButton(tr("&Save"), QMessageBox::AcceptRole);
    const QPushButton *drop = box->addButton(tr("&Don't save"), QMessageBox::DestructiveRole);
    box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(save);
    connect(save, &QPushButton::clicked, this, [this, then] {
        m_afterSaving = then;
        m_session.workspace().save();
    });
    connect(drop, &QPushButton::clicked, this, then);
    box->open();
}

} // namespace postern::gui
