// SPDX-License-Identifier: Apache-2.0
#include "gui/access/page.h"

#include "gateway/access/toggle_rule.h"
#include "gui/access/matrix_view.h"
#include "gui/models/access_filter_model.h"
#include "gui/models/access_model.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/filter_edit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>
#include <utility>

namespace postern::gui {
namespace {

constexpr int kListedFlips = 12;
constexpr std::chrono::milliseconds kSlice(10); // of looking for flips, between two events
constexpr int kResizedColumns = 40; // more than fit on a screen

} // namespace

AccessPage::AccessPage(Shell &shell, QWidget *parent)
    : Page(shell, parent),
      m_model(new AccessModel(this)),
      m_shown(new AccessFilterModel(m_model, this)),
      m_view(new MatrixView),
      m_stack(new QStackedWidget),
      m_empty(new EmptyState(QStringLiteral("access"), {})),
      m_search(new QTimer(this))
{
    setObjectName(QStringLiteral("accessPage"));
    m_view->setObjectName(QStringLiteral("matrix"));
    m_view->setAccessibleName(tr("Consumers by routes"));
    m_view->setModel(m_shown);
    m_empty->addButton(QStringLiteral("newRoute"), tr("&New route"),
                       [this] { // where routes are made
                           if (QAction *const make =
                                   Page::shell().commands().action(QStringLiteral("route.new")))
                               make->trigger();
                       });

    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setObjectName(QStringLiteral("accessSplitter"));
    splitter->addWidget(m_view);
    splitter->addWidget(makeDetails());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    auto *matrix = new QWidget;
    auto *column = new QVBoxLayout(matrix);
    column->addWidget(makeTools());
    column->addWidget(splitter, 1);
    m_stack->addWidget(matrix);
    m_stack->addWidget(m_empty);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_stack);

    Session &session = Page::shell().session();
    m_model->setClock([&session] { return session.now(); });
    m_model->setWorkspace(&session.workspace());
    connect(m_shown, &QAbstractItemModel::modelReset, this, &AccessPage::recomputed);
    connect(m_model, &AccessModel::recomputed, this, &AccessPage::recomputed, Qt::QueuedConnection);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &AccessPage::explain);
    connect(m_view, &MatrixView::explainRequested, m_text, qOverload<>(&QWidget::setFocus));
    connect(m_view, &MatrixView::toggleRequested, this, &AccessPage::toggleRule);
    connect(&session, &Session::stateChanged, this, &AccessPage::updateCommands);
    connect(&session, &Session::clockChanged, m_model, &AccessModel::refresh);
    connect(&Privacy::instance(), &Privacy::changed, this, &AccessPage::explain);
    m_search->setSingleShot(true);
    m_search->setInterval(0);
    connect(m_search, &QTimer::timeout, this, &AccessPage::showFlips);
    recomputed();
}

void AccessPage::takeFocus()
{
    if (m_stack->currentWidget()->isAncestorOf(m_view))
        m_view->setFocus(Qt::OtherFocusReason);
    else
        Page::takeFocus();
}

void AccessPage::addCommands(Commands &commands)
{
    commands.add({QStringLiteral("access.toggle"),
                  tr("&Turn the cell around"),
                  QStringLiteral("Access"),
                  {},
                  {}},
                 [this] { toggleRule(); });
    commands.add({QStringLiteral("access.send"),
                  tr("&Send the cell for real"),
                  QStringLiteral("Access"),
                  {},
                  {}},
                 [this] { sendSelected(); });
    commands.add({QStringLiteral("access.sendAll"),
                  tr("Send &all cells for real"),
                  QStringLiteral("Access"),
                  {},
                  {}},
                 [this] { sendAll(); });
    commands.add({QStringLiteral("access.export"),
                  tr("&Export the matrix…"),
                  QStringLiteral("Access"),
                  {},
                  {}},
                 [this] { chooseExport(); });
    updateCommands();
}

void AccessPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_model->refresh(); // tokens and dates at the time it is now
}

QModelIndex AccessPage::selected() const { return m_shown->mapToSource(m_view->currentIndex()); }

void AccessPage::recomputed()
{
    const bool routes = m_model->columnCount() > 0;
    m_empty->setSentence(tr("Nothing to compare: there are no routes."));
    m_stack->setCurrentIndex(routes ? 0 : 1);
    const QString group = m_group->currentData().toString();
    QStringList labels = m_shown->labels();
    m_group->blockSignals(true);
    m_group->clear();
    m_group->addItem(tr("none", "group"), QString());
    for (const QString &label : std::as_const(labels))
        m_group->addItem(label, label);
    m_group->setCurrentIndex(std::max(0, m_group->findData(group)));
    m_group->blockSignals(false);
    for (int column = 0; column < std::min(m_shown->columnCount(), kResizedColumns); ++column)
        m_view->resizeColumnToContents(column);

    // The same consumer and route as before, wherever they are now.
    QModelIndex again;
    for (int row = 0; row < m_shown->rowCount() && !again.isValid(); ++row) {
        for (int column = 0; column < m_shown->columnCount(); ++column) {
            const QModelIndex cell = m_shown->mapToSource(m_shown->index(row, column));
            if (m_model->consumerAt(cell.row()) != m_selected.first)
                break;
            if (m_model->routeAt(cell.column()) == m_selected.second)
                again = m_shown->index(row, column);
        }
    }
    if (again.isValid())
        m_view->setCurrentIndex(again);
    else if (m_shown->rowCount() > 0)
        m_view->setCurrentIndex(m_shown->index(0, 0));
    explain();
    showFlips();
}

void AccessPage::explain()
{
    const QModelIndex cell = selected();
    const auto detail = m_model->explain(cell);
    if (!detail) {
        for (QLabel *label : {m_heading, m_summary})
            label->clear();
        m_text->setPlaceholderText(tr("Select a cell to see why it is as it is."));
        m_text->clear();
        updateCommands();
        return;
    }
    m_selected = {m_model->consumerAt(cell.row()), m_model->routeAt(cell.column())};
    m_heading->setText(tr("%1 → %2: %3")
                           .arg(m_model->headerData(cell.row(), Qt::Vertical).toString(),
                                m_model->headerData(cell.column(), Qt::Horizontal).toString(),
                                AccessModel::spoken(detail->cell)));
    const bool hidden = Privacy::instance().isOn();
    m_summary->setText(hidden ? QString() : toText(detail->summary));
    m_summary->setHidden(hidden);
    m_text->setPlaceholderText(hidden ? tr("Hidden in privacy mode: the reasons name users.")
                                      : QString());
    m_text->setPlainText(hidden ? QString() : toText(detail->text));
    updateCommands();
}

void AccessPage::showFlips()
{
    const bool dirty = shell().session().workspace().isDirty();
    m_flips->setVisible(dirty);
    m_onlyFlipped->setEnabled(dirty);
    m_whatIf->setEnabled(dirty);
    m_whatIf->setToolTip(dirty ? tr("What if: the cells as they would be once the staged changes "
                                    "are saved; else as they are now")
                               : tr("Nothing is staged: the cells are as they are now"));
    m_onlyFlipped->setToolTip(dirty ? tr("Hides consumers and routes that staged changes leave "
                                         "as they are")
                                    : m_whatIf->toolTip());
    if (!dirty || !isVisible()) // it is worked out anew when it is shown
        return;
    if (!m_model->findFlips(kSlice)) {
        m_flips->setText(tr("Looking for what staged changes turn around…"));
        m_search->start();
        return;
    }
    const std::vector<AccessModel::Flip> &flips = m_model->flips();
    QStringList lines;
    for (const AccessModel::Flip &flip : flips) {
        if (lines.size() == kListedFlips) {
            lines += tr("and %n more", nullptr,
                        static_cast<int>(flips.size()) - static_cast<int>(kListedFlips));
            break;
        }
        lines += tr("%1 on %2: %3 → %4").arg(flip.consumer, flip.route, flip.before, flip.after);
    }
    const QString heading =
        tr("Staged changes turn %n cell(s) around", nullptr, static_cast<int>(flips.size()));
    m_flips->setText(lines.isEmpty() ? heading
                                     : tr("%1: %2").arg(heading, lines.join(QStringLiteral("; "))));
}

void AccessPage::updateCommands()
{
    const auto *addresses = shell().session().addresses();
    const bool cell = selected().isValid();
    const QString noCell = cell ? QString() : tr("no cell is selected");
    const QString stopped = addresses ? QString() : tr("the gateway is stopped");
    const QString busy = m_batch.running ? tr("requests are under way") : QString();
    const QString sealed = shell().isLocked() ? tr("secrets are locked") : QString();
    const QString locked = sealed.isEmpty() ? stopped : sealed;
    const QString noBatch = locked.isEmpty() ? busy : locked;
    const QString noSend = noCell.isEmpty() ? noBatch : noCell;
    m_send->setEnabled(noSend.isEmpty());
    const QString noEdit = sealed.isEmpty() ? noCell : sealed;
    m_toggle->setEnabled(noEdit.isEmpty());
    m_open->setEnabled(cell);
    m_sendAll->setEnabled(noBatch.isEmpty());
    Commands &commands = shell().commands();
    if (!commands.action(QStringLiteral("access.toggle")))
        return;
    commands.setReason(QStringLiteral("access.toggle"), noEdit);
    commands.setReason(QStringLiteral("access.send"), noSend);
    commands.setReason(QStringLiteral("access.sendAll"), noBatch);
}

void AccessPage::focusFilter()
{
    m_consumerFilter->setFocus();
    m_consumerFilter->selectAll();
}

void AccessPage::mainAction() { sendSelected(); }

void AccessPage::copyMain() { shell().clipboard().copyPlain(m_text->toPlainText()); }

void AccessPage::copyAs() { shell().clipboard().copyPlain(m_model->markdown()); }

void AccessPage::toggleRule()
{
    const QModelIndex cell = selected();
    const auto detail = m_model->explain(cell);
    if (!detail)
        return;
    Workspace &workspace = shell().session().workspace();
    using gateway::AccessState;
    const AccessState state = detail->cell.state;
    Result<gateway::AccessEdit> edit = state == AccessState::Allowed || state == AccessState::Denied
        ? gateway::toggleAccess([&workspace](std::string_view key) { return workspace.value(key); },
                                m_model->routeAt(cell.column()), m_model->consumerAt(cell.row()),
                                state == AccessState::Allowed)
        : fail(Errc::Unsupported, "no access rule decides this cell");
    if (!edit) {
        shell().notices().show(
            Notices::Kind::Warning,
            tr("This cell cannot be turned around: %1").arg(toText(edit.error().detail)));
        return;
    }
    const QString text = tr("%1: %2").arg(toText(edit->key), toText(edit->sentence));
    workspace.stage(text, {Edit{edit->key, std::move(edit->value)}});
}

} // namespace postern::gui
