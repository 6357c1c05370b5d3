// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/traffic_view.h"

#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/page.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/traffic/traffic_delegate.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/filter_edit.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QUndoCommand>
#include <QUndoStack>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace postern::gui {

namespace {

/// Undo brings the rows back, before those that came since.
class ClearTraffic : public QUndoCommand
{
public:
    explicit ClearTraffic(TrafficModel &model)
        : QUndoCommand(TrafficView::tr("clear traffic")),
          m_model(&model)
    {
    }
    void redo() override
    {
        if (m_model)
            m_rows = m_model->takeAll();
    }
    void undo() override
    {
        if (m_model)
            m_model->restore(std::exchange(m_rows, {}));
    }

private:
    QPointer<TrafficModel> m_model;
    TrafficModel::Rows m_rows;
};

/// What a column has room for, in the order of TrafficModel::Column: times and usual reasons are
/// seen whole, names if they are not long.
constexpr std::array<const char *, TrafficModel::ColumnCount> kWidest{
    "● 00000",       "00:00:00.000",        "DELETE",   "/anything",
    "000",           "acl-allow-route",     "FetchBot", "key-auth / alice",
    "✗ limit-count", "subject-not-allowed", "1,000.0"};

QToolButton *toolButton(const QString &name, const QString &text, const QString &icon)
{
    auto *made = new QToolButton;
    made->setObjectName(name);
    made->setText(text);
    made->setAccessibleName(text);
    made->setIcon(Theme::instance().icon(icon));
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    made->setFocusPolicy(Qt::TabFocus);
    return made;
}

} // namespace

TrafficView::TrafficView(Shell &shell, TrafficModel &model, TrafficFeed &feed, QWidget *parent)
    : QWidget(parent),
      m_shell(shell),
      m_model(model),
      m_feed(feed),
      m_filtered(new TrafficFilterModel(model, this)),
      m_filter(new FilterEdit),
      m_pause(toolButton(QStringLiteral("trafficPause"), tr("Pause"), QStringLiteral("pause"))),
      m_clear(toolButton(QStringLiteral("trafficClear"), tr("Clear"), QStringLiteral("trash"))),
      m_export(
          toolButton(QStringLiteral("trafficExport"), tr("Export HAR"), QStringLiteral("export"))),
      m_counts(new QLabel),
      m_table(new QTableView),
      m_newer(new QPushButton(m_table)),
      m_stack(new QStackedWidget)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    buildTop();
    buildTable();
    buildEmptyStates();
    layout->addWidget(m_stack, 1);
    connect(&feed, &TrafficFeed::appended, this, &TrafficView::takeAppended);
    connect(&feed, &TrafficFeed::waitingChanged, this, &TrafficView::updateCounts);
    connect(&feed, &TrafficFeed::pausedChanged, this, [this](bool paused) {
        m_pause->setText(paused ? tr("Resume") : tr("Pause"));
        m_pause->setAccessibleName(m_pause->text());
        m_pause->setIcon(
            Theme::instance().icon(paused ? QStringLiteral("start") : QStringLiteral("pause")));
        updateCounts();
    });
    connect(&model, &QAbstractItemModel::modelReset, this, &TrafficView::updateState);
    updateState();
}

void TrafficView::buildTop()
{
    auto *top = new QHBoxLayout;
    m_filter->setObjectName(QStringLiteral("trafficFilter"));
    m_filter->setAccessibleName(tr("Filter of the traffic"));
    m_filter->setPlaceholderText(tr("Filter: decision:denied status:>=400 consumer:jack"));
    m_filter->setGrammar(trafficFields(),
                         [](const QString &text) -> std::optional<FilterEdit::Fault> {
                             const auto filter = Filter::parse(text, trafficFields());
                             if (filter)
                                 return {};
                             return FilterEdit::Fault{toText(filter.error().where).toLongLong(),
                                                      toText(filter.error().detail)};
                         });
    m_counts->setObjectName(QStringLiteral("trafficCounts"));
    m_pause->setToolTip(tr("Pause or resume (Ctrl+P)"));
    m_clear->setToolTip(tr("Clear the list; undo brings it back (Ctrl+Shift+X)"));
    m_export->setToolTip(tr("Save the selected requests, or all, as HTTP archive"));
    top->addWidget(m_filter, 1);
    top->addWidget(m_pause);
    top->addWidget(m_clear);
    top->addWidget(m_export);
    top->addWidget(m_counts);
    static_cast<QVBoxLayout *>(layout())->addLayout(top);
    connect(m_filter, &FilterEdit::filterChanged, this, &TrafficView::setFilterText);
    connect(m_filter, &FilterEdit::left, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_pause, &QToolButton::clicked, this, &TrafficView::togglePause);
    connect(m_clear, &QToolButton::clicked, this, &TrafficView::clear);
    connect(m_export, &QToolButton::clicked, this, &TrafficView::exportWanted);
}

void TrafficView::buildTable()
{
    m_table->setObjectName(QStringLiteral("traffic"));
    m_table->setAccessibleName(tr("Live traffic"));
    m_table->setModel(m_filtered);
    m_table->setItemDelegate(new TrafficDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 3 / 2);
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    measureColumns();
    header->setSectionResizeMode(TrafficModel::Path, QHeaderView::Stretch);
    m_table->installEventFilter(this);

    m_newer->setObjectName(QStringLiteral("trafficNewer"));
    m_newer->setFocusPolicy(Qt::TabFocus);
    m_newer->hide();
    connect(m_newer, &QPushButton::clicked, this, [this] { m_table->scrollToBottom(); });
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        m_following = value >= m_table->verticalScrollBar()->maximum();
        follow();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &now) {
                // The focus alone makes a row the current one: what is explained is marked.
                QItemSelectionModel *chosen = m_table->selectionModel();
                if (now.isValid() && !chosen->hasSelection())
                    chosen->select(now, QItemSelectionModel::Select | QItemSelectionModel::Rows);
                Q_EMIT currentChanged(currentRow());
            });
    connect(m_table, &QTableView::doubleClicked, this, &TrafficView::opened);
    connect(m_table, &QWidget::customContextMenuRequested, this, &TrafficView::showMenu);
    connect(m_filtered, &QAbstractItemModel::modelReset, this, [this] {
        m_shownBefore = m_filtered->rowCount();
        Q_EMIT currentChanged(-1);
        updateState();
        m_following = true;
        m_table->scrollToBottom();
    });
}

void TrafficView::measureColumns()
{
    const QFontMetrics metrics = m_table->fontMetrics();
    const int margin =
        2 * (style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, m_table) + 1);
    for (int column = 0; column < TrafficModel::ColumnCount; ++column) {
        const QString widest = QString::fromUtf8(kWidest.at(static_cast<std::size_t>(column)));
        const int text = metrics.horizontalAdvance(widest) + margin + metrics.averageCharWidth();
        m_table->setColumnWidth(
            column, std::max(text, m_table->horizontalHeader()->sectionSizeHint(column)));
    }
}

void TrafficView::keepPathReadable()
{
    // Those first whose text matters least; a reason only where nothing else is left to give.
    constexpr std::array kYielding{TrafficModel::Credential, TrafficModel::Route,
                                   TrafficModel::Consumer,   TrafficModel::Number,
                                   TrafficModel::Decision,   TrafficModel::Reason};
    QHeaderView *header = m_table->horizontalHeader();
    if (std::exchange(m_squeezed, false))
        measureColumns();
    const int wanted = m_table->fontMetrics().averageCharWidth() * 18;
    int lack = wanted + 2 * m_table->frameWidth() + m_table->verticalScrollBar()->sizeHint().width()
        - m_table->width();
    for (int column = 0; column < TrafficModel::ColumnCount; ++column)
        lack += column == TrafficModel::Path ? 0 : header->sectionSize(column);
    for (const int column : kYielding) {
        const int width = header->sectionSize(column);
        const int least = std::max(header->sectionSizeHint(column), width * 2 / 3);
        const int given = std::clamp(width - least, 0, std::max(lack, 0));
        if (given == 0)
            continue;
        header->resizeSection(column, width - given);
        lack -= given;
        m_squeezed = true;
    }
}

void TrafficView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        measureColumns();
    QWidget::changeEvent(event);
}

void TrafficView::buildEmptyStates()
{
    const QString icon = QStringLiteral("gateway");
    m_stopped = new EmptyState(icon, tr("The gateway is stopped."));
    m_start = m_stopped->addButton(QStringLiteral("startGateway"), tr("&Start"),
                                   [this] { Q_EMIT startWanted(); });
    m_waiting = new EmptyState(icon, {});
    m_test = m_waiting->addButton(QStringLiteral("sendTest"), tr("Send one &now"),
                                  [this] { Q_EMIT testWanted(); });
    m_waiting->addButton(QStringLiteral("copyTestCurl"), tr("&Copy test curl"),
                         [this] { Q_EMIT testCurlWanted(); });
    m_nothing = new EmptyState(QStringLiteral("filter"), {});
    m_clearFilter =
        m_nothing->addButton(QStringLiteral("clearFilter"), tr("&Clear filter"), [this] {
            m_filter->clear();
            m_table->setFocus();
        });
    for (QWidget *page : std::initializer_list<QWidget *>{m_table, m_stopped, m_waiting, m_nothing})
        m_stack->addWidget(page);
}

void TrafficView::focusInEvent(QFocusEvent * /*event*/)
{
    // Not a focus proxy: with one, Tab would pass by the filter and its buttons.
    if (m_focus)
        m_focus->setFocus(Qt::OtherFocusReason);
}

void TrafficView::updateState()
{
    const auto *addresses = m_shell.session().addresses();
    if (addresses)
        m_waiting->setSentence(tr("Waiting for requests on %1:%2.")
                                   .arg(toText(addresses->proxy.host))
                                   .arg(addresses->proxy.port));
    const bool lost = m_shell.session().state() == Session::State::Lost;
    m_stopped->setSentence(lost ? tr("The gateway does not answer. It is asked until it does.")
                                : tr("The gateway is stopped."));
    m_start->setVisible(!lost);
    m_nothing->setSentence(tr("No request matches “%1”.").arg(m_filter->text()));
    const auto show = [this](QWidget *page, QWidget *focus) {
        const QWidget *before = QApplication::focusWidget();
        const bool had = before
            && (before == m_stack->currentWidget()
                || m_stack->currentWidget()->isAncestorOf(before));
        m_stack->setCurrentWidget(page);
        m_focus = focus;
        if (had && !focus->hasFocus())
            focus->setFocus();
    };
    if (m_model.rowCount() == 0 && addresses)
        show(m_waiting, m_test);
    else if (m_model.rowCount() == 0)
        show(m_stopped, m_start);
    else if (m_filtered->rowCount() == 0)
        show(m_nothing, m_clearFilter);
    else
        show(m_table, m_table);
    updateCounts();
}

void TrafficView::updateCounts()
{
    const QLocale locale;
    QString text =
        tr("%1 shown / %2")
            .arg(locale.toString(m_filtered->rowCount()), locale.toString(m_model.rowCount()));
    if (m_feed.isPaused())
        text +=
            QStringLiteral("  ") + tr("%n waiting", nullptr, static_cast<int>(m_feed.waiting()));
    m_counts->setText(text);
}

void TrafficView::takeAppended()
{
    updateState();
    follow();
}

void TrafficView::follow()
{
    if (m_following) {
        m_table->scrollToBottom();
        m_shownBefore = m_filtered->rowCount();
        m_newer->hide();
        return;
    }
    const int fresh = m_filtered->rowCount() - m_shownBefore;
    m_newer->setVisible(fresh > 0);
    m_newer->setText(tr("%n new ↓", nullptr, fresh));
    m_newer->setAccessibleName(tr("%n new, go to the end", nullptr, fresh));
    m_newer->adjustSize();
    const QRect area = m_table->viewport()->geometry();
    m_newer->move(area.center().x() - m_newer->width() / 2,
                  area.bottom() - m_newer->height() - m_newer->fontMetrics().height() / 2);
}

void TrafficView::setFilterText(const QString &text)
{
    auto filter = Filter::parse(text, trafficFields());
    if (!filter)
        return; // the line says what is wrong; the list stays
    const int current = currentRow();
    m_filtered->setFilter(std::move(*filter));
    const QModelIndex same = current < 0
        ? QModelIndex()
        : m_filtered->mapFromSource(m_model.index(current, TrafficModel::Path));
    if (same.isValid()) {
        m_table->setCurrentIndex(same);
        m_table->scrollTo(same);
    }
}

int TrafficView::currentRow() const
{
    const QModelIndex index = m_filtered->mapToSource(m_table->currentIndex());
    return index.isValid() ? index.row() : -1;
}

QList<int> TrafficView::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        rows += m_filtered->mapToSource(index).row();
    std::ranges::sort(rows);
    return rows;
}

void TrafficView::select(int row)
{
    QModelIndex index = m_filtered->mapFromSource(m_model.index(row, TrafficModel::Path));
    if (!index.isValid()) {
        m_filter->clear();
        index = m_filtered->mapFromSource(m_model.index(row, TrafficModel::Path));
    }
    updateState();
    // Not setCurrentIndex(): it adds to the selection while Ctrl of Ctrl+Enter is still down.
    m_table->selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_table->scrollTo(index);
}

void TrafficView::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void TrafficView::togglePause() { m_feed.setPaused(!m_feed.isPaused()); }

void TrafficView::clear()
{
    if (m_model.rowCount() == 0)
        return;
    m_shell.session().workspace().undoStack()->push(new ClearTraffic(m_model));
    m_shell.notices().show(Notices::Kind::Info, tr("The traffic is cleared."), {}, true);
}

void TrafficView::toggleMark()
{
    for (const int row : selectedRows())
        m_model.setMarked(row, !m_model.row(row).marked);
}

void TrafficView::askForComment()
{
    const int row = currentRow();
    if (row < 0)
        return;
    auto *dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("commentDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const quint64 number = m_model.row(row).number;
    dialog->setWindowTitle(tr("Comment on #%1").arg(number));
    dialog->setLabelText(tr("&Comment:"));
    dialog->setTextValue(m_model.row(row).comment);
    connect(dialog, &QInputDialog::textValueSelected, this, [this, number](const QString &text) {
        if (const int at = m_model.rowOf(number); at >= 0)
            m_model.setComment(at, text);
    });
    dialog->open();
}

void TrafficView::showMenu(const QPoint &at)
{
    const QModelIndex index = m_table->indexAt(at);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString term = index.data(TrafficModel::FilterRole).toString();
    if (!term.isEmpty()) {
        const auto add = [this](const QString &more) {
            const QString text = m_filter->text().trimmed();
            m_filter->setText(text.isEmpty() ? more : text + u' ' + more);
        };
        menu->addAction(tr("&Filter by this"), this, [add, term] { add(term); });
        menu->addAction(tr("E&xclude this"), this, [add, term] { add(u'-' + term); });
        menu->addSeparator();
    }
    menu->addAction(tr("&Mark (Space)"), this, &TrafficView::toggleMark);
    menu->addAction(tr("C&omment… (M)"), this, &TrafficView::askForComment);
    menu->addSeparator();
    Q_EMIT menuWanted(menu);
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

bool TrafficView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::Resize) {
        keepPathReadable();
        follow();
    }
    if (watched != m_table || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (key->modifiers() != Qt::NoModifier && key->modifiers() != Qt::KeypadModifier)
        return false;
    switch (key->key()) {
    case Qt::Key_Space:
        toggleMark();
        return true;
    case Qt::Key_M:
        askForComment();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT opened();
        return true;
    default:
        return false;
    }
}

} // namespace postern::gui
