// SPDX-License-Identifier: Apache-2.0
#include "gui/access/page.h"

#include "gateway/access/toggle_rule.h"
#include "gui/access/matrix_view.h"
#include "gui/access/sender.h"
#include "gui/models/access_filter_model.h"
#include "gui/models/access_model.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/filter_edit.h"

#include <QAccessible>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace postern::gui {
namespace {

constexpr int kListedFlips = 12;
constexpr int kResizedColumns = 40; // more than fit on a screen

std::optional<FilterEdit::Fault> parse(const QString &text, const std::vector<FilterField> &fields,
                                       Filter *out = nullptr)
{
    Result<Filter> filter = Filter::parse(text, fields);
    if (!filter)
        return FilterEdit::Fault{QString::fromStdString(filter.error().where).toLongLong(),
                                 toText(filter.error().detail)};
    if (out)
        *out = std::move(*filter);
    return std::nullopt;
}

FilterEdit *makeFilter(const QString &name, const QString &what,
                       const std::vector<FilterField> &fields)
{
    auto *edit = new FilterEdit;
    edit->setObjectName(name);
    edit->setAccessibleName(what);
    edit->setPlaceholderText(what);
    edit->setClearButtonEnabled(true);
    edit->setGrammar(fields, [&fields](const QString &text) { return parse(text, fields); });
    return edit;
}

QLabel *labelFor(const QString &text, QWidget *buddy)
{
    auto *label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

QPushButton *makeButton(const QString &name, const QString &text, const QString &tip)
{
    auto *button = new QPushButton(text);
    button->setObjectName(name);
    QString spoken = text;
    button->setAccessibleName(spoken.remove(u'&'));
    button->setToolTip(tip);
    return button;
}

} // namespace

AccessPage::AccessPage(Shell &shell, QWidget *parent)
    : Page(shell, parent),
      m_model(new AccessModel(this)),
      m_shown(new AccessFilterModel(m_model, this)),
      m_view(new MatrixView),
      m_stack(new QStackedWidget),
      m_empty(new EmptyState(QStringLiteral("access"), {}))
{
    setObjectName(QStringLiteral("accessPage"));
    m_view->setObjectName(QStringLiteral("matrix"));
    m_view->setAccessibleName(tr("Consumers by routes"));
    m_view->setModel(m_shown);
    m_empty->addButton(QStringLiteral("newRoute"), tr("&New route"),
                       [this] { Page::shell().showPage(QStringLiteral("gateway")); });

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
    recomputed();
}

QWidget *AccessPage::makeTools()
{
    m_method = new QComboBox;
    m_method->setObjectName(QStringLiteral("method"));
    m_method->addItem(tr("Any", "method"), QString());
    for (const char *method : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
        m_method->addItem(QString::fromLatin1(method), QString::fromLatin1(method));
    m_method->setAccessibleName(tr("Method of the requests"));
    m_group = new QComboBox;
    m_group->setObjectName(QStringLiteral("group"));
    m_group->setAccessibleName(tr("Group consumers by label"));
    m_group->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_whatIf = new QCheckBox(tr("&What if saved"));
    m_whatIf->setObjectName(QStringLiteral("whatIf"));
    m_whatIf->setChecked(true);
    m_whatIf->setToolTip(tr("Shows what staged changes would lead to"));
    m_onlyFlipped = new QCheckBox(tr("&Only what changes"));
    m_onlyFlipped->setObjectName(QStringLiteral("onlyFlipped"));
    m_consumerFilter = makeFilter(QStringLiteral("consumerFilter"), tr("Filter consumers"),
                                  AccessFilterModel::consumerFields());
    m_routeFilter = makeFilter(QStringLiteral("routeFilter"), tr("Filter routes"),
                               AccessFilterModel::routeFields());
    m_sendAll =
        makeButton(QStringLiteral("sendAll"), tr("Send &all for real"),
                   tr("Sends a request for every cell shown and marks answers that differ"));
    auto *save = makeButton(QStringLiteral("export"), tr("E&xport…"),
                            tr("Saves the matrix as CSV or Markdown"));

    auto *first = new QHBoxLayout;
    first->addWidget(labelFor(tr("&Method"), m_method));
    first->addWidget(m_method);
    first->addSpacing(12);
    first->addWidget(labelFor(tr("&Group by label"), m_group));
    first->addWidget(m_group);
    first->addStretch();
    first->addWidget(m_sendAll);
    first->addWidget(save);
    auto *second = new QHBoxLayout;
    second->addWidget(m_consumerFilter, 1);
    second->addWidget(m_routeFilter, 1);
    second->addSpacing(12);
    second->addWidget(m_whatIf);
    second->addWidget(m_onlyFlipped);
    auto *tools = new QWidget;
    auto *column = new QVBoxLayout(tools);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(first);
    column->addLayout(second);

    connect(m_method, &QComboBox::currentIndexChanged, this,
            [this] { m_model->setMethod(m_method->currentData().toString()); });
    connect(m_group, &QComboBox::currentIndexChanged, this,
            [this] { m_shown->setGroupLabel(m_group->currentData().toString()); });
    connect(m_whatIf, &QCheckBox::toggled, m_model, &AccessModel::setStaged);
    connect(m_onlyFlipped, &QCheckBox::toggled, m_shown, &AccessFilterModel::setOnlyFlipped);
    connect(m_consumerFilter, &FilterEdit::filterChanged, this, [this](const QString &text) {
        Filter filter;
        if (!parse(text, AccessFilterModel::consumerFields(), &filter))
            m_shown->setConsumerFilter(std::move(filter));
    });
    connect(m_routeFilter, &FilterEdit::filterChanged, this, [this](const QString &text) {
        Filter filter;
        if (!parse(text, AccessFilterModel::routeFields(), &filter))
            m_shown->setRouteFilter(std::move(filter));
    });
    for (FilterEdit *edit : {m_consumerFilter, m_routeFilter})
        connect(edit, &FilterEdit::left, m_view, qOverload<>(&QWidget::setFocus));
    connect(m_sendAll, &QPushButton::clicked, this, &AccessPage::sendAll);
    connect(save, &QPushButton::clicked, this, &AccessPage::chooseExport);
    return tools;
}

QWidget *AccessPage::makeDetails()
{
    m_heading = new QLabel;
    m_heading->setObjectName(QStringLiteral("cellHeading"));
    QFont bold = m_heading->font();
    bold.setBold(true);
    m_heading->setFont(bold);
    m_summary = new QLabel;
    m_summary->setObjectName(QStringLiteral("cellSummary"));
    m_summary->setWordWrap(true);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("cellText"));
    m_text->setAccessibleName(tr("Why the cell is as it is"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(Theme::monospace());
    m_text->setPlaceholderText(tr("Select a cell to see why it is as it is."));
    m_flips = new QLabel;
    m_flips->setObjectName(QStringLiteral("flips"));
    m_flips->setWordWrap(true);
    m_flips->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_send = makeButton(QStringLiteral("sendCell"), tr("&Send it for real"),
                        tr("Sends this request to the running gateway (Ctrl+Enter)"));
    m_toggle = makeButton(QStringLiteral("toggleRule"), tr("&Turn around"),
                          tr("Stages the edit that lets in or keeps out (T)"));
    m_open = makeButton(QStringLiteral("openRoute"), tr("Open &route"), tr("Shows the route"));

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_send);
    buttons->addWidget(m_toggle);
    buttons->addWidget(m_open);
    buttons->addStretch();
    auto *details = new QWidget;
    auto *column = new QVBoxLayout(details);
    column->setContentsMargins(0, 6, 0, 0);
    column->addWidget(m_heading);
    column->addWidget(m_summary);
    column->addWidget(m_text, 1);
    column->addLayout(buttons);
    column->addWidget(m_flips);

    connect(m_send, &QPushButton::clicked, this, &AccessPage::sendSelected);
    connect(m_toggle, &QPushButton::clicked, this, &AccessPage::toggleRule);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const QModelIndex cell = selected(); cell.isValid())
            shell().openObject("/routes/" + m_model->routeAt(cell.column()));
    });
    return details;
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
        m_text->clear();
        updateCommands();
        return;
    }
    m_selected = {m_model->consumerAt(cell.row()), m_model->routeAt(cell.column())};
    m_heading->setText(tr("%1 → %2: %3")
                           .arg(m_model->headerData(cell.row(), Qt::Vertical).toString(),
                                m_model->headerData(cell.column(), Qt::Horizontal).toString(),
                                AccessModel::spoken(detail->cell)));
    m_summary->setText(toText(detail->summary));
    m_text->setPlainText(toText(detail->text));
    updateCommands();
}

void AccessPage::showFlips()
{
    const std::vector<AccessModel::Flip> flips = m_model->flips();
    const bool dirty = shell().session().workspace().isDirty();
    m_flips->setVisible(dirty);
    m_onlyFlipped->setEnabled(dirty);
    if (!dirty)
        return;
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
    const QString noSend = !noCell.isEmpty() ? noCell : !stopped.isEmpty() ? stopped : busy;
    const QString noBatch = stopped.isEmpty() ? busy : stopped;
    m_send->setEnabled(noSend.isEmpty());
    m_toggle->setEnabled(cell);
    m_open->setEnabled(cell);
    m_sendAll->setEnabled(noBatch.isEmpty());
    Commands &commands = shell().commands();
    if (!commands.action(QStringLiteral("access.toggle")))
        return;
    commands.setReason(QStringLiteral("access.toggle"), noCell);
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

void AccessPage::sendSelected()
{
    const QModelIndex cell = selected();
    const auto *addresses = shell().session().addresses();
    auto detail = m_model->explain(cell);
    if (!detail || !addresses || m_batch.running)
        return;
    const QPersistentModelIndex index(cell);
    sendDraft(addresses->proxyUrl(), std::move(detail->request), this,
              [this, index](const Result<int> &status) {
                  if (!status) {
                      shell().notices().show(Notices::Kind::Error, tr("The request failed"),
                                             toText(describe(status.error())));
                  } else if (index.isValid() && m_model->compare(index, *status)) {
                      shell().notices().show(Notices::Kind::Success,
                                             tr("Answered %1, as the matrix says").arg(*status));
                  } else {
                      shell().notices().show(
                          Notices::Kind::Warning,
                          tr("Answered %1: the matrix says otherwise").arg(*status),
                          tr("Staged changes are not on the gateway yet; limits count what was "
                             "sent before."));
                  }
              });
}

void AccessPage::sendAll()
{
    if (m_batch.running || !shell().session().addresses())
        return;
    m_batch = {};
    for (int row = 0; row < m_shown->rowCount(); ++row) {
        for (int column = 0; column < m_shown->columnCount(); ++column)
            m_batch.left.emplace_back(m_shown->mapToSource(m_shown->index(row, column)));
    }
    std::ranges::reverse(m_batch.left);
    m_batch.total = m_batch.left.size();
    m_batch.running = true;
    updateCommands();
    sendNext();
}

void AccessPage::sendNext()
{
    const auto *addresses = shell().session().addresses();
    if (m_batch.left.empty() || !addresses) {
        finishSending();
        return;
    }
    const QPersistentModelIndex index = m_batch.left.back();
    m_batch.left.pop_back();
    auto detail = m_model->explain(index);
    // What depends on luck or on what was sent before proves nothing.
    if (!detail || detail->cell.state == gateway::AccessState::Depends
        || detail->cell.state == gateway::AccessState::NotMatched) {
        QMetaObject::invokeMethod(this, &AccessPage::sendNext, Qt::QueuedConnection);
        return;
    }
    m_sendAll->setText(
        tr("Sending %1 of %2…").arg(m_batch.total - m_batch.left.size()).arg(m_batch.total));
    sendDraft(addresses->proxyUrl(), std::move(detail->request), this,
              [this, index](const Result<int> &status) {
                  if (!status)
                      ++m_batch.failed;
                  else
                      ++m_batch.sent;
                  if (status && index.isValid() && !m_model->compare(index, *status))
                      m_batch.disagreements +=
                          tr("%1 on %2: %3, answered %4")
                              .arg(m_model->headerData(index.row(), Qt::Vertical).toString(),
                                   m_model->headerData(index.column(), Qt::Horizontal).toString(),
                                   index.data().toString())
                              .arg(*status);
                  sendNext();
              });
}

void AccessPage::finishSending()
{
    m_batch.running = false;
    m_sendAll->setText(tr("Send &all for real"));
    updateCommands();
    const int sent = static_cast<int>(m_batch.sent);
    if (m_batch.failed > 0)
        shell().notices().show(
            Notices::Kind::Error,
            tr("%n request(s) failed", nullptr, static_cast<int>(m_batch.failed)));
    if (m_batch.disagreements.isEmpty())
        shell().notices().show(Notices::Kind::Success,
                               tr("%n request(s) sent: no disagreement", nullptr, sent));
    else
        shell().notices().show(Notices::Kind::Warning,
                               tr("%n answer(s) differ from the matrix", nullptr,
                                  static_cast<int>(m_batch.disagreements.size())),
                               m_batch.disagreements.join(u'\n'));
}

void AccessPage::chooseExport()
{
    auto *dialog = new QFileDialog(this, tr("Export the matrix"), QStringLiteral("access.csv"),
                                   tr("CSV (*.csv);;Markdown (*.md)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, &AccessPage::exportTo);
    dialog->open();
}

void AccessPage::exportTo(const QString &path)
{
    QSaveFile file(path);
    const QString text = path.endsWith(QStringLiteral(".md"), Qt::CaseInsensitive)
        ? m_model->markdown()
        : m_model->csv();
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0 || !file.commit())
        shell().notices().show(Notices::Kind::Error, tr("%1 was not written").arg(path),
                               file.errorString());
    else
        shell().notices().show(Notices::Kind::Success, tr("Saved as %1").arg(path));
}

} // namespace postern::gui
