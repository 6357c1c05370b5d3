// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/page.h"

#include "gui/models/checks_model.h"
#include "gui/models/claims_model.h"
#include "gui/models/token_history.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/tokens/clock_slider.h"
#include "gui/tokens/compare_view.h"
#include "gui/tokens/document.h"
#include "gui/tokens/key_panel.h"
#include "gui/tokens/octet_edit.h"
#include "gui/tokens/state_delegate.h"
#include "gui/tokens/verdict_bar.h"
#include "gui/widgets/cell_delegate.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace postern::gui {

namespace {

constexpr int kQuiet = 1000; // milliseconds without a keystroke until a token is worth noting

/// What each profile says about a check, one line each.
QString detailsOf(const QModelIndex &check)
{
    QStringList lines;
    const QAbstractItemModel *const model = check.model();
    for (int column = 1; model && column < model->columnCount(); ++column) {
        const QString detail =
            check.siblingAtColumn(column).data(Qt::AccessibleDescriptionRole).toString();
        if (!detail.isEmpty())
            lines.push_back(QStringLiteral("%1: %2").arg(
                model->headerData(column, Qt::Horizontal).toString(), detail));
    }
    return lines.join(u'\n');
}

void writeIn(Role role, QLabel *label)
{
    const auto paint = [label, role] {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText, Theme::instance().color(role));
        label->setPalette(palette);
    };
    paint();
    QObject::connect(&Theme::instance(), &Theme::changed, label, paint);
}

QLabel *heading(const QString &text, QWidget *buddy, Role role)
{
    auto *label = new QLabel(text);
    label->setBuddy(buddy);
    writeIn(role, label);
    return label;
}

} // namespace

TokensPage::TokensPage(Shell &shell, QWidget *parent)
    : Page(shell, parent),
      m_document(new TokenDocument(this)),
      m_checks(new ChecksModel(this)),
      m_claims(new ClaimsModel(this)),
      m_history(new TokenHistory(this)),
      m_encoded(new OctetEdit(std::nullopt)),
      m_header(new OctetEdit(Role::JwtHeader)),
      m_payload(new OctetEdit(Role::JwtPayload)),
      m_size(new QLabel),
      m_fault(new QLabel),
      m_signature(new QLabel),
      m_time(new QLineEdit),
      m_pretty(new QCheckBox(tr("Pre&tty"))),
      m_keys(new KeyPanel(*m_document, shell.clipboard())),
      m_verdict(new VerdictBar(*m_document)),
      m_slider(new ClockSlider),
      m_now(new QPushButton(tr("No&w"))),
      m_tabs(new QTabWidget),
      m_lint(new QListWidget),
      m_fix(new QPushButton),
      m_mint(new MintPanel(*m_document)),
      m_compare(new CompareView(*m_document)),
      m_break(new QMenu(this)),
      m_tick(new QTimer(this)),
      m_quiet(new QTimer(this)),
      m_ringTimer(new QTimer(this))
{
    nameParts();
    build();
    connectDocument();
    connectSession();
    showText();
    showAnswer();
    showClock();
}

TokensPage::~TokensPage() = default;

void TokensPage::nameParts()
{
    m_encoded->setObjectName(QStringLiteral("tokenEncoded"));
    m_encoded->setAccessibleName(tr("Encoded token"));
    m_encoded->setPlaceholderText(tr("Paste a token, a header line or a curl line here."));
    m_header->setObjectName(QStringLiteral("tokenHeader"));
    m_header->setAccessibleName(tr("Header"));
    m_payload->setObjectName(QStringLiteral("tokenPayload"));
    m_payload->setAccessibleName(tr("Payload"));
    m_signature->setObjectName(QStringLiteral("tokenSignature"));
    m_size->setObjectName(QStringLiteral("tokenSize"));
    m_fault->setObjectName(QStringLiteral("tokenFault"));
    writeIn(Role::Denied, m_fault);
    m_time->setObjectName(QStringLiteral("tokenTime"));
    m_time->setAccessibleName(tr("Time of the clock"));
    m_time->setFont(Theme::monospace());
    m_time->setToolTip(tr("A date, a UTC time, UNIX seconds, +1h, -30s, or now"));
    const QString widest = QStringLiteral("2024-12-15T02:40:00Z  ");
    m_time->setFixedWidth(m_time->fontMetrics().horizontalAdvance(widest) + 16);
    m_pretty->setObjectName(QStringLiteral("tokenPretty"));
    m_pretty->setToolTip(tr("Indents what is shown; the token keeps its octets."));
    m_slider->setObjectName(QStringLiteral("tokenClock"));
    m_slider->setAccessibleName(tr("Clock"));
    m_now->setObjectName(QStringLiteral("tokenNow"));
    m_now->setToolTip(tr("Judge at the session's time again"));
    m_tabs->setObjectName(QStringLiteral("tokenTabs"));
    m_tabs->setAccessibleName(tr("About the token"));
    m_lint->setObjectName(QStringLiteral("tokenLint"));
    m_lint->setAccessibleName(tr("Remarks"));
    m_lint->setWordWrap(true);
    m_fix->setObjectName(QStringLiteral("tokenFix"));
    m_fix->setIcon(Theme::instance().icon(QStringLiteral("wrench")));
    m_break->setObjectName(QStringLiteral("tokenBreakMenu"));
    m_pretty->setChecked(shell().settings().value(QStringLiteral("tokens/pretty"), false).toBool());
    for (QLabel *const label : {m_size, m_fault, m_signature}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
}

QWidget *TokensPage::encodedSide()
{
    auto *side = new QWidget;
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins({});
    QLabel *const top = heading(tr("&Encoded"), m_encoded, Role::Text);
    top->setMinimumHeight(m_pretty->sizeHint().height()); // level with what is beside it
    column->addWidget(top);
    column->addWidget(m_encoded, 1);
    column->addWidget(m_fault);
    column->addWidget(m_size);
    return side;
}

QWidget *TokensPage::decodedSide()
{
    auto *side = new QWidget;
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins({});
    auto *top = new QHBoxLayout;
    top->addWidget(heading(tr("&Header"), m_header, Role::JwtHeader), 1);
    top->addWidget(m_pretty);
    column->addLayout(top);
    m_header->setMinimumHeight(m_header->fontMetrics().height() * 2 + 12);
    m_payload->setMinimumHeight(m_payload->fontMetrics().height() * 2 + 12);
    column->addWidget(m_header, 2);
    column->addWidget(heading(tr("Pa&yload"), m_payload, Role::JwtPayload));
    column->addWidget(m_payload, 3);
    column->addWidget(m_signature);
    return side;
}

QWidget *TokensPage::clockRow()
{
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins({});
    line->addWidget(heading(tr("Cloc&k"), m_slider, Role::Text));
    line->addWidget(m_slider, 1);
    line->addWidget(m_time);
    line->addWidget(m_now);
    return row;
}

QTableView *TokensPage::table(const QString &name, const QString &title)
{
    auto *view = new QTableView;
    view->setObjectName(name);
    view->setAccessibleName(title);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setTabKeyNavigation(false);
    view->setShowGrid(false);
    view->setItemDelegate(new CellDelegate(view));
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + 8);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return view;
}

QWidget *TokensPage::remarksTab()
{
    auto *tab = new QWidget;
    auto *column = new QVBoxLayout(tab);
    column->setContentsMargins({});
    column->addWidget(m_lint, 1);
    column->addWidget(m_fix, 0, Qt::AlignLeading);
    connect(m_lint, &QListWidget::currentRowChanged, this, &TokensPage::showFix);
    connect(m_lint, &QListWidget::itemActivated, this, &TokensPage::applyFix);
    connect(m_fix, &QPushButton::clicked, this, &TokensPage::applyFix);
    showFix();
    return tab;
}

QWidget *TokensPage::tabs()
{
    auto *checks = table(QStringLiteral("tokenChecks"), tr("Checks"));
    checks->setModel(m_checks);
    checks->setItemDelegate(new StateDelegate(checks));
    checks->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    auto *rule = new QLabel;
    rule->setObjectName(QStringLiteral("tokenCheckDetail"));
    rule->setTextFormat(Qt::PlainText);
    rule->setWordWrap(true);
    connect(checks->selectionModel(), &QItemSelectionModel::currentChanged, rule,
            [rule](const QModelIndex &current) {
                rule->setText(detailsOf(current));
                rule->setHidden(rule->text().isEmpty());
            });
    rule->hide();
    auto *checksTab = new QWidget;
    auto *checksColumn = new QVBoxLayout(checksTab);
    checksColumn->setContentsMargins({});
    checksColumn->addWidget(checks, 1);
    checksColumn->addWidget(rule);
    auto *claims = table(QStringLiteral("tokenClaims"), tr("Claims"));
    claims->setModel(m_claims);
    claims->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    claims->horizontalHeader()->setSectionResizeMode(ClaimsModel::Meaning, QHeaderView::Stretch);
    connect(claims, &QTableView::clicked, this, [this](const QModelIndex &index) {
        if (index.column() == ClaimsModel::Value && index.data(ClaimsModel::TimeRole).isValid())
            cycleTimes();
    });
    auto *history = table(QStringLiteral("tokenHistory"), tr("History"));
    history->setModel(m_history);
    history->horizontalHeader()->setStretchLastSection(true);
    history->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    connect(history, &QTableView::activated, this,
            [this](const QModelIndex &index) { openHistory(index.row()); });

    auto *mint = new QScrollArea; // large text must not make the window larger
    mint->setWidget(m_mint);
    mint->setWidgetResizable(true);
    mint->setFrameShape(QFrame::NoFrame);
    m_tabs->addTab(checksTab, tr("Checks"));
    m_tabs->addTab(claims, tr("Claims"));
    m_tabs->addTab(remarksTab(), tr("Remarks"));
    m_tabs->addTab(mint, tr("Mint"));
    m_tabs->addTab(m_compare, tr("Compare"));
    m_tabs->addTab(history, tr("History"));
    return m_tabs;
}

QWidget *TokensPage::toolRow()
{
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins({});
    line->addWidget(m_keys, 1);
    const auto button = [line](const QString &name, const QString &text, const QString &icon,
                               QMenu *menu) {
        auto *tool = new QToolButton;
        tool->setObjectName(name);
        tool->setText(text);
        tool->setIcon(Theme::instance().icon(icon));
        tool->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        tool->setFocusPolicy(Qt::StrongFocus);
        if (menu) {
            tool->setMenu(menu);
            tool->setPopupMode(QToolButton::InstantPopup);
        }
        line->addWidget(tool, 0, Qt::AlignTop);
        return tool;
    };
    connect(button(QStringLiteral("tokenMint"), tr("Mint"), QStringLiteral("mint"), nullptr),
            &QToolButton::clicked, this, &TokensPage::mint);
    button(QStringLiteral("tokenBreak"), tr("Break"), QStringLiteral("wrench"), m_break)
        ->setToolTip(tr("Make the token wrong in a known way, to test a verifier"));
    button(QStringLiteral("tokenCopyAs"), tr("Copy as"), QStringLiteral("copy"), copyMenu());
    return row;
}

void TokensPage::build()
{
    auto *editors = new QSplitter(Qt::Horizontal);
    editors->addWidget(encodedSide());
    editors->addWidget(decodedSide());
    editors->setChildrenCollapsible(false);
    editors->setSizes({1000, 1000});
    auto *lower = new QWidget;
    auto *lowerColumn = new QVBoxLayout(lower);
    lowerColumn->setContentsMargins({});
    lowerColumn->addWidget(m_verdict);
    lowerColumn->addWidget(tabs(), 1);
    auto *halves = new QSplitter(Qt::Vertical);
    halves->addWidget(editors);
    halves->addWidget(lower);
    halves->setChildrenCollapsible(false);
    halves->setSizes({1000, 1600}); // all checks of a usual token are seen

    auto *offline = new QLabel(tr("Works offline. Nothing on this page is sent."));
    offline->setObjectName(QStringLiteral("tokenOffline"));
    offline->setForegroundRole(QPalette::PlaceholderText);
    auto *column = new QVBoxLayout(this);
    column->addWidget(toolRow());
    column->addWidget(halves, 1);
    column->addWidget(clockRow());
    column->addWidget(offline);
}

void TokensPage::connectDocument()
{
    connect(m_encoded, &OctetEdit::edited, this,
            [this] { m_document->setText(m_encoded->octets(), TokenSource::Typed); });
    connect(m_encoded, &OctetEdit::replaced, this, &TokensPage::paste);
    for (OctetEdit *const part : {m_header, m_payload}) {
        const auto edit = [this, part] { editPart(*part, part == m_header); };
        connect(part, &OctetEdit::edited, this, edit);
        connect(part, &OctetEdit::replaced, this, edit);
    }
    for (const OctetEdit *const edit : {m_encoded, m_header, m_payload}) {
        connect(edit, &OctetEdit::undoRequested, m_document->undoStack(), &QUndoStack::undo);
        connect(edit, &OctetEdit::redoRequested, m_document->undoStack(), &QUndoStack::redo);
    }
    connect(m_document, &TokenDocument::textChanged, this, &TokensPage::showText);
    connect(m_document, &TokenDocument::answerChanged, this, &TokensPage::showAnswer);
    connect(m_document, &TokenDocument::clockChanged, this, &TokensPage::showClock);
    connect(m_pretty, &QCheckBox::toggled, this, [this](bool on) {
        shell().settings().setValue(QStringLiteral("tokens/pretty"), on);
        showParts();
    });
    connect(m_slider, &ClockSlider::timeChosen, m_document,
            [this](Timestamp time) { m_document->setClock(time); });
    connect(m_time, &QLineEdit::returnPressed, this, &TokensPage::takeTime);
    connect(m_now, &QPushButton::clicked, m_document, [this] { m_document->setClock({}); });
    connect(m_keys, &KeyPanel::refused, this, [this](const QString &reason) {
        shell().notices().show(Notices::Kind::Error, reason);
    });
    connect(m_mint, &MintPanel::copyRequested, this, [this] { copy(CopyForm::Token); });
    connect(m_break, &QMenu::aboutToShow, this, &TokensPage::fillBreakMenu);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        m_lintTexts.clear(); // the same words in other colours
        showLint();
        showSignature();
    });
    m_quiet->setSingleShot(true);
    m_quiet->setInterval(kQuiet);
    connect(m_quiet, &QTimer::timeout, this, &TokensPage::noteInHistory);
}

void TokensPage::connectSession()
{
    Session &session = shell().session();
    m_ringTimer->setSingleShot(true);
    m_ringTimer->setInterval(0); // many objects change at once
    connect(m_ringTimer, &QTimer::timeout, this, &TokensPage::refreshKeys);
    connect(&session.workspace(), &Workspace::changed, this,
            [this](const std::vector<std::string> &keys) {
                const auto concerns = [](const std::string &key) {
                    return key.starts_with("/consumers") || key.starts_with("/routes");
                };
                if (std::ranges::any_of(keys, concerns))
                    m_ringTimer->start();
            });
    connect(&session.workspace(), &Workspace::cleared, m_ringTimer, qOverload<>(&QTimer::start));
    const auto tick = [this] { m_document->setSessionTime(shell().session().now()); };
    connect(&session, &Session::clockChanged, this, tick);
    connect(&session, &Session::stateChanged, this, [this, tick] {
        m_document->setProfile(shell().session().profile());
        refreshUrl();
        tick();
    });
    m_tick->setInterval(1000);
    connect(m_tick, &QTimer::timeout, this, [this, tick] {
        if (isVisible() && !m_document->text().empty())
            tick();
    });
    m_tick->start();
    m_document->setProfile(session.profile());
    tick();
    refreshKeys();
}

} // namespace postern::gui
