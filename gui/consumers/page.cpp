// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/page.h"

#include "gui/consumers/consumer_delegate.h"
#include "gui/consumers/consumer_pane.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/consumers_filter.h"
#include "gui/models/consumers_model.h"
#include "gui/models/object_lint.h"
#include "gui/models/seen_times.h"
#include "gui/session/session.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/column_fit.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/filter_edit.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

#include <utility>

namespace postern::gui {

namespace {

/// Where the left side of the page is.
enum LeftPage { ListPage, NonePage, NoMatchPage };

} // namespace

ConsumersPage::ConsumersPage(Shell &shell, QWidget *parent)
    : Page(shell, parent),
      m_lint(new ObjectLint(shell.session(), this)),
      m_seen(new SeenTimes(shell.session(), this)),
      m_model(new ConsumersModel(shell.session(), *m_lint, *m_seen, this)),
      m_proxy(new ConsumersFilter(this)),
      m_filter(new FilterEdit),
      m_new(new QPushButton(Theme::instance().icon(QStringLiteral("plus")), tr("Ne&w"))),
      m_tree(new QTreeView),
      m_summary(new QLabel),
      m_pane(new ConsumerPane(shell, *m_lint)),
      m_left(new QStackedWidget),
      m_right(new QStackedWidget)
{
    setObjectName(QStringLiteral("consumersPage"));
    auto *splitter = new QSplitter;
    splitter->setObjectName(QStringLiteral("consumersSplitter"));
    splitter->setChildrenCollapsible(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 4);
    column->addWidget(splitter);
    buildEmptyStates();
    buildList(splitter);
    m_right->addWidget(m_pane);
    m_right->addWidget(m_noSelection);
    splitter->addWidget(m_right);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({1100, 1000}); // Qt scales them
    connectModels();
    refreshList();
    showCurrent();
}

Workspace &ConsumersPage::workspace() const { return shell().session().workspace(); }

void ConsumersPage::buildEmptyStates()
{
    m_none = new EmptyState(QStringLiteral("consumers"), tr("No consumers yet."));
    m_none->setObjectName(QStringLiteral("noConsumers"));
    m_none->addButton(QStringLiteral("newConsumer"), tr("&New consumer"), [this] { createNew(); });
    m_none->addButton(QStringLiteral("loadSample"), tr("&Load the sample \"petstore\""),
                      [this] { loadSample(); });
    m_noMatch = new EmptyState(QStringLiteral("filter"), QString());
    m_noMatch->setObjectName(QStringLiteral("noMatch"));
    m_noMatch->addButton(QStringLiteral("clearFilter"), tr("&Clear filter"), [this] {
        m_filter->clear();
        m_tree->setFocus();
    });
    m_noSelection = new EmptyState(QStringLiteral("user"), tr("Select a consumer to edit it."));
    m_noSelection->setObjectName(QStringLiteral("noSelection"));
}

void ConsumersPage::buildList(QSplitter *splitter)
{
    auto *left = new QWidget;
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins({});
    auto *bar = new QHBoxLayout;
    m_new->setObjectName(QStringLiteral("new"));
    m_new->setAccessibleName(tr("New consumer"));
    connect(m_new, &QPushButton::clicked, this, [this] { createNew(); });
    bar->addWidget(m_new);
    m_filter->setObjectName(QStringLiteral("consumersFilter"));
    m_filter->setPlaceholderText(tr("Filter, as type:jwt-auth is:weak"));
    m_filter->setGrammar(
        ConsumersModel::filterFields(),
        [](const QString &text) -> std::optional<FilterEdit::Fault> {
            const auto filter = Filter::parse(text, ConsumersModel::filterFields());
            if (filter)
                return std::nullopt;
            const QString place = toText(filter.error().where);
            return FilterEdit::Fault{place.toLongLong(), toText(filter.error().detail)};
        });
    bar->addWidget(m_filter, 1);
    column->addLayout(bar);
    m_proxy->setSourceModel(m_model);
    m_tree->setObjectName(QStringLiteral("consumers"));
    m_tree->setAccessibleName(tr("Consumers"));
    m_tree->setModel(m_proxy);
    m_tree->setSortingEnabled(true);
    m_tree->sortByColumn(ConsumersModel::Name, Qt::AscendingOrder);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setDragDropMode(QAbstractItemView::DragDrop);
    m_tree->setDefaultDropAction(Qt::MoveAction);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setItemDelegate(new ConsumerDelegate(m_tree));
    m_tree->header()->setObjectName(QStringLiteral("consumersHeader"));
    new ColumnFit(m_tree,
                  {{.column = ConsumersModel::Labels, .least = 10, .stretch = 1},
                   {.column = ConsumersModel::Credentials, .least = 6},
                   {.column = ConsumersModel::Name, .least = 14, .stretch = 1},
                   {.column = ConsumersModel::Seen},
                   {.column = ConsumersModel::State}});
    m_left->addWidget(m_tree);
    m_left->addWidget(m_none);
    m_left->addWidget(m_noMatch);
    column->addWidget(m_left, 1);
    m_summary->setObjectName(QStringLiteral("consumersSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    column->addWidget(m_summary);
    splitter->addWidget(left);
}

void ConsumersPage::connectModels()
{
    connect(m_filter, &FilterEdit::filterChanged, this, [this](const QString &text) {
        if (auto filter = Filter::parse(text, ConsumersModel::filterFields()))
            m_proxy->setFilter(std::move(*filter));
        if (m_proxy->isFiltering())
            m_tree->expandAll();
        refreshList();
    });
    connect(m_filter, &FilterEdit::left, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ConsumersPage::showCurrent);
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ConsumersPage::refreshReasons);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &ConsumersPage::showMenu);
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, &ConsumersPage::refreshList);
    connect(m_proxy, &QAbstractItemModel::rowsRemoved, this, &ConsumersPage::refreshList);
    connect(m_proxy, &QAbstractItemModel::modelReset, this, &ConsumersPage::refreshList);
    connect(m_model, &ConsumersModel::moveWanted, this, &ConsumersPage::moveCredentials);
    connect(m_lint, &ObjectLint::changed, this, [this] {
        m_pane->refresh();
        refreshSummary();
    });
    connect(m_pane, &ConsumerPane::renaming, this, [this] { m_following = true; });
    connect(m_pane, &ConsumerPane::selectWanted, this,
            [this](const std::string &key) { select(key); });
    connect(m_pane, &ConsumerPane::removeWanted, this,
            [this](const std::string &key, const std::string &plugin) { remove({{key, plugin}}); });
    // counts are right only when all models have followed
    connect(&workspace(), &Workspace::changed, this, &ConsumersPage::refreshList,
            Qt::QueuedConnection);
    connect(&workspace(), &Workspace::changed, this, [this] {
        // the selection follows a consumer whose name is typed
        if (std::exchange(m_following, false))
            select(m_pane->consumer());
        if (!workspace().value(m_pane->object()))
            showCurrent();
    });
}

QModelIndex ConsumersPage::current() const { return m_proxy->mapToSource(m_tree->currentIndex()); }

std::vector<QModelIndex> ConsumersPage::selected() const
{
    std::vector<QModelIndex> rows;
    for (const QModelIndex &index : m_tree->selectionModel()->selectedRows())
        rows.push_back(m_proxy->mapToSource(index));
    if (rows.empty() && current().isValid())
        rows.push_back(current());
    return rows;
}

void ConsumersPage::select(const std::string &key, const std::string &plugin)
{
    const QModelIndex index = m_model->find(key, plugin);
    if (!index.isValid())
        return;
    if (!m_proxy->mapFromSource(index).isValid())
        m_filter->clear();
    const QModelIndex shown = m_proxy->mapFromSource(index);
    if (shown.parent().isValid())
        m_tree->expand(shown.parent());
    selectRow(shown);
    m_tree->scrollTo(shown);
    showCurrent();
}

void ConsumersPage::selectRow(const QModelIndex &index)
{
    // the view's own setCurrentIndex() adds to the selection while Ctrl is down
    m_tree->selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void ConsumersPage::showCurrent()
{
    if (m_following)
        return;
    const QModelIndex index = current();
    m_right->setCurrentWidget(index.isValid() ? static_cast<QWidget *>(m_pane) : m_noSelection);
    if (index.isValid())
        m_pane->show(m_model->keyOf(index), m_model->pluginOf(index));
}

void ConsumersPage::refreshList()
{
    const int all = m_model->rowCount(), shown = m_proxy->rowCount();
    m_noMatch->setSentence(tr("No consumer matches \"%1\".").arg(m_filter->text()));
    m_left->setCurrentIndex(all == 0 ? NonePage : shown == 0 ? NoMatchPage : ListPage);
    m_right->setVisible(all > 0);
    if (all > 0 && shown > 0 && !m_tree->currentIndex().isValid() && !m_following)
        selectRow(m_proxy->index(0, 0));
    // a list that gets the focus makes a row current without selecting it
    if (!m_following && !m_tree->selectionModel()->hasSelection())
        selectRow(m_tree->currentIndex());
    refreshSummary();
}

void ConsumersPage::refreshSummary()
{
    const int all = m_model->rowCount(), shown = m_proxy->rowCount();
    const QString consumers = m_proxy->isFiltering()
        ? tr("%1 of %n consumer(s)", nullptr, all).arg(shown)
        : tr("%n consumer(s)", nullptr, all);
    const auto warnings = static_cast<int>(m_lint->warnings());
    m_summary->setText(warnings == 0 ? consumers
                                     : QStringLiteral("%1 · %2").arg(
                                           consumers, tr("! %n warning(s)", nullptr, warnings)));
}

} // namespace postern::gui
