// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/inspector.h"

#include "gateway/pipeline/explain.h"
#include "gateway/request/redact.h"
#include "gateway/request/snippet.h"
#include "gui/models/exchange_fields.h"
#include "gui/models/trace_links.h"
#include "gui/shell/page.h"
#include "gui/text/mnemonic.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/traffic/trace_delegate.h"
#include "gui/traffic/traffic_delegate.h"
#include "gui/widgets/flow_layout.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

constexpr qsizetype kShownBody = 1'000'000; // characters; more only slows the window down

QPlainTextEdit *textView(const QString &name, const QString &title)
{
    auto *text = new QPlainTextEdit;
    text->setObjectName(name);
    text->setAccessibleName(title);
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setFont(Theme::monospace());
    text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    return text;
}

} // namespace

MessagePane::MessagePane(const QString &name, const QString &title, QWidget *parent)
    : QWidget(parent),
      m_model(new FieldModel(this)),
      m_table(new QTableView),
      m_body(textView(name + QStringLiteral("Body"), tr("Body of: %1").arg(title)))
{
    setObjectName(name + QStringLiteral("Pane"));
    m_table->setObjectName(name);
    m_table->setAccessibleName(title);
    m_table->setModel(m_model);
    m_table->setItemDelegate(new FieldDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 3 / 2);
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(FieldModel::Value, QHeaderView::Stretch);
    m_table->setColumnWidth(FieldModel::Name, fontMetrics().averageCharWidth() * 22);
    m_table->setColumnWidth(FieldModel::Note, fontMetrics().averageCharWidth() * 16);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_table);
    splitter->addWidget(m_body);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { Q_EMIT keySelected(currentKey()); });
}

void MessagePane::setRows(std::vector<FieldRow> rows)
{
    QString body;
    const auto long_ = std::ranges::find(rows, true, &FieldRow::body);
    if (long_ != rows.end()) {
        body = long_->value.left(kShownBody);
        rows.erase(long_);
    }
    m_body->setPlainText(body);
    m_body->setVisible(!body.isEmpty());
    m_model->setRows(std::move(rows));
}

int MessagePane::mark(const QStringList &keys)
{
    const int first = m_model->mark(keys);
    if (first >= 0)
        m_table->scrollTo(m_model->index(first, 0));
    int count = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        count += m_model->isMarked(row) ? 1 : 0;
    return count;
}

QString MessagePane::currentKey() const
{
    return m_table->currentIndex().data(FieldModel::KeyRole).toString();
}

Inspector::Inspector(Shell &shell, QWidget *parent)
    : QWidget(parent),
      m_shell(shell),
      m_title(new QLabel),
      m_hint(new QLabel),
      m_original(new QPushButton),
      m_openRoute(new QPushButton(tr("Open &route"))),
      m_openConsumer(new QPushButton(tr("Open &consumer"))),
      m_debug(new QPushButton(tr("Open in &debugger"))),
      m_steps(new QListView),
      m_trace(new TraceModel(this)),
      m_buttons(new FlowLayout),
      m_tabs(new QTabWidget),
      m_raw(textView(QStringLiteral("rawExchange"), tr("Raw exchange")))
{
    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->setObjectName(QStringLiteral("inspectorSplitter"));
    auto *left = new QWidget;
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    buildTrace();
    auto *first = new QHBoxLayout;
    first->addWidget(m_title, 1);
    first->addWidget(m_original);
    column->addLayout(first);
    column->addWidget(m_steps, 1);
    m_buttons->setEven(true);
    m_buttons->addWidget(m_openRoute);
    m_buttons->addWidget(m_openConsumer);
    column->addLayout(m_buttons);
    buildTabs();
    splitter->addWidget(left);
    splitter->addWidget(m_tabs);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    const int half = fontMetrics().averageCharWidth() * 80;
    splitter->setSizes({half, half});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    clear();
}

void Inspector::buildTrace()
{
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setObjectName(QStringLiteral("traceTitle"));
    m_steps->setObjectName(QStringLiteral("traceSteps"));
    m_steps->setAccessibleName(tr("Why this request was decided so"));
    m_steps->setModel(m_trace);
    m_steps->setItemDelegate(new TraceDelegate(m_steps));
    m_steps->setResizeMode(QListView::Adjust);
    m_steps->setWordWrap(true);
    m_steps->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_steps->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_original->setObjectName(QStringLiteral("repeatOf"));
    m_openRoute->setObjectName(QStringLiteral("openRoute"));
    m_openConsumer->setObjectName(QStringLiteral("openConsumer"));
    connect(m_steps->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &Inspector::selectStep);
    connect(m_original, &QPushButton::clicked, this, [this] { Q_EMIT numberWanted(m_repeatOf); });
    connect(m_openRoute, &QPushButton::clicked, this, [this] {
        m_shell.openObject("/routes/" + std::string(m_trace->trace().stringOr("route", "")));
    });
    connect(m_openConsumer, &QPushButton::clicked, this, [this] {
        m_shell.openObject("/consumers/" + std::string(m_trace->trace().stringOr("consumer", "")));
    });
}

void Inspector::buildTabs()
{
    m_tabs->setObjectName(QStringLiteral("inspectorTabs"));
    m_tabs->setAccessibleName(tr("Parts of the exchange"));
    m_tabs->setDocumentMode(true);
    const std::array<std::pair<QString, QString>, TabCount> names{
        std::pair(QStringLiteral("requestLines"), tr("Request")),
        std::pair(QStringLiteral("responseLines"), tr("Response")),
        std::pair(QStringLiteral("upstreamLines"), tr("To upstream")),
        std::pair(QStringLiteral("timingLines"), tr("Timing")),
        std::pair(QStringLiteral("tokenLines"), tr("Token"))};
    for (std::size_t i = 0; i < TabCount; ++i) {
        m_panes[i] = new MessagePane(names[i].first, names[i].second);
        m_tabs->addTab(m_panes[i], names[i].second);
        connect(m_panes[i], &MessagePane::keySelected, this, &Inspector::selectKey);
    }
    m_hint->setObjectName(QStringLiteral("recordingHint"));
    m_hint->setWordWrap(true);
    m_panes[Request]->layout()->addWidget(m_hint);
    m_debug->setObjectName(QStringLiteral("debugToken"));
    m_panes[Token]->layout()->addWidget(m_debug);
    connect(m_debug, &QPushButton::clicked, this, [this] {
        const auto time = parseTime(m_trace->trace().stringOr("time", ""), Timestamp{});
        m_shell.debugToken(m_token, time ? std::optional(*time) : std::nullopt);
    });
    m_tabs->addTab(m_raw, tr("Raw"));
}

QString Inspector::headline(const Json &trace, quint64 number) const
{
    const std::string_view decision = trace.stringOr("decision", "");
    if (decision == "denied")
        return tr("✗ Why #%1 was refused").arg(number);
    if (decision == "unmatched")
        return tr("? Why #%1 found no route").arg(number);
    if (decision == "failed")
        return tr("! Why #%1 failed").arg(number);
    if (decision == "allowed")
        return tr("✓ Why #%1 was allowed").arg(number);
    return tr("#%1, read from an archive").arg(number);
}

void Inspector::show(const gateway::RecordedExchange &exchange, quint64 number, quint64 repeatOf)
{
    const Json &trace = exchange.trace;
    m_title->setText(headline(trace, number));
    m_repeatOf = repeatOf;
    m_original->setText(tr("Repeat of #%1").arg(repeatOf));
    m_original->setVisible(repeatOf != 0);
    m_trace->setTrace(trace);
    m_openRoute->setEnabled(!trace.stringOr("route", "").empty());
    m_openConsumer->setEnabled(!trace.stringOr("consumer", "").empty());
    m_panes[Request]->setRows(requestFields(exchange));
    m_panes[Response]->setRows(responseFields(exchange));
    m_panes[Upstream]->setRows(upstreamFields(exchange));
    m_panes[Timing]->setRows(timingFields(exchange));
    m_panes[Token]->setRows(tokenFields(exchange));
    m_token = tokenOf(exchange);
    m_debug->setEnabled(!m_token.empty());
    m_hint->setText(exchange.request.present
                        ? QString()
                        : tr("This request was not recorded: here is what its trace tells. See "
                             "“Record headers and bodies” in the menu Gateway."));
    m_hint->setVisible(!m_hint->text().isEmpty());
    showRaw(exchange);
    if (m_trace->failedStep() >= 0)
        m_steps->setCurrentIndex(m_trace->index(m_trace->failedStep()));
    m_steps->setEnabled(true);
    revealFix();
}

void Inspector::revealFix()
{
    if (m_trace->failedStep() < 0)
        return;
    m_steps->scrollToBottom();
    m_steps->scrollTo(m_trace->index(m_trace->failedStep())); // which counts most
}

void Inspector::clear()
{
    m_title->setText(tr("Select a request to see why it was decided so."));
    m_trace->setTrace(Json::object());
    for (MessagePane *pane : m_panes)
        pane->setRows({});
    m_raw->clear();
    m_hint->hide();
    m_original->hide();
    m_token.clear();
    for (QPushButton *button : {m_openRoute, m_openConsumer, m_debug})
        button->setEnabled(false);
}

void Inspector::setActions(const QList<QAction *> &actions)
{
    for (QAction *action : actions) {
        auto *button = new QPushButton;
        button->setObjectName(action->objectName() + QStringLiteral(".button"));
        button->setFocusPolicy(Qt::TabFocus);
        const auto follow = [action, button] { // "Allow bob…" is not always of the same
            button->setText(action->iconText());
            button->setIcon(action->icon());
            button->setAccessibleName(withoutMnemonic(action->text()));
            button->setToolTip(action->toolTip());
            button->setEnabled(action->isEnabled());
        };
        follow();
        connect(action, &QAction::changed, button, follow);
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        m_buttons->addWidget(button);
    }
}

void Inspector::focusTrace()
{
    m_steps->setFocus();
    const int failed = m_trace->failedStep();
    if (m_trace->rowCount() > 0)
        m_steps->setCurrentIndex(m_trace->index(std::max(failed, 0)));
}

void Inspector::selectStep()
{
    if (std::exchange(m_linking, true))
        return;
    const QStringList keys = partsOfStep(m_trace->trace(), m_steps->currentIndex().row());
    int best = -1;
    for (std::size_t i = 0; i < TabCount; ++i) {
        if (m_panes[i]->mark(keys) > 0 && best < 0)
            best = static_cast<int>(i);
    }
    const bool visible = m_tabs->currentIndex() < TabCount
        && m_panes[static_cast<std::size_t>(m_tabs->currentIndex())]->mark(keys) > 0;
    if (best >= 0 && !visible)
        m_tabs->setCurrentIndex(best);
    m_linking = false;
}

void Inspector::selectKey(const QString &key)
{
    if (key.isEmpty() || std::exchange(m_linking, true))
        return;
    for (MessagePane *pane : m_panes)
        pane->mark({key});
    if (const QList<int> steps = stepsOfPart(m_trace->trace(), key); !steps.isEmpty())
        m_steps->setCurrentIndex(m_trace->index(steps.first()));
    m_linking = false;
}

void Inspector::showRaw(const gateway::RecordedExchange &exchange)
{
    const auto places = gateway::SecretPlaces::of(exchange.trace);
    const gateway::WebRequest request = gateway::redactRequest(
        exchange.asRequest("http://" + std::string(exchange.trace.stringOr("host", ""))), places);
    QString text = toText(gateway::snippet(gateway::SnippetKind::Raw, request)).left(kShownBody);
    text.remove(u'\r');
    if (exchange.response.present) {
        text += QStringLiteral("\n\nHTTP/1.1 %1\n").arg(exchange.response.status);
        for (const auto &[name, value] : exchange.response.headers)
            text += toText(name) + QStringLiteral(": ") + toText(gateway::redactHeader(name, value))
                + u'\n';
        text += u'\n' + toText(exchange.response.body).left(kShownBody);
    }
    text += QStringLiteral("\n\n") + toText(gateway::explainTrace(exchange.trace, false));
    m_raw->setPlainText(Privacy::instance().isOn() ? tr("Hidden in privacy mode.") : text);
}

} // namespace postern::gui
