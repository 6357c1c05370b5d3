// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/routes_view.h"

#include "core/json/parse.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/logins.h"
#include "gui/models/route_edits.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/page.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/flow_layout.h"
#include "gui/widgets/json_editor.h"

#include <QComboBox>
#include <QFocusEvent>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>
#include <utility>

namespace postern::gui {

namespace {

/// Numbers of the fields, for typing that becomes one step; far from those of the consumers.
enum Field { IdField, PathField, NodeField, JsonField, FieldCount };
constexpr int kFirstMergeId = 1'000'000'000;

} // namespace

RoutesView::RoutesView(Shell &shell, QWidget *parent)
    : QWidget(parent),
      m_shell(shell),
      m_model(new RouteModel(shell.session().workspace(), this)),
      m_table(new QTableView),
      m_id(new QLineEdit),
      m_path(new QLineEdit),
      m_node(new QLineEdit),
      m_guard(new QComboBox),
      m_json(new JsonEditor),
      m_fault(new QLabel),
      m_new(new QPushButton(tr("&New route"))),
      m_duplicate(new QPushButton(tr("D&uplicate"))),
      m_remove(new QPushButton(tr("&Delete"))),
      m_request(new QPushButton(tr("&Send a request…"))),
      m_copy(new QPushButton(tr("Copy &JSON"))),
      m_stack(new QStackedWidget)
{
    m_table->setObjectName(QStringLiteral("routes"));
    m_table->setAccessibleName(tr("Routes"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 3 / 2);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(RouteModel::Plugins, QHeaderView::Stretch);
    const int unit = fontMetrics().averageCharWidth();
    m_table->setColumnWidth(RouteModel::Id, unit * 24);
    m_table->setColumnWidth(RouteModel::Match, unit * 26);
    m_table->setColumnWidth(RouteModel::Upstream, unit * 26);
    m_json->setObjectName(QStringLiteral("routeJson"));
    m_json->setAccessibleName(tr("The route as JSON"));
    m_json->installEventFilter(this);

    auto *empty = new EmptyState(QStringLiteral("route"), tr("There are no routes yet."));
    m_first =
        empty->addButton(QStringLiteral("firstRoute"), tr("&New route"), [this] { createNew(); });
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setObjectName(QStringLiteral("routesSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    auto *below = new QWidget;
    auto *column = new QVBoxLayout(below);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(makeButtons());
    column->addWidget(makeForm());
    column->addWidget(m_fault);
    column->addWidget(m_json, 1);
    splitter->addWidget(below);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    m_stack->addWidget(splitter);
    m_stack->addWidget(empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RoutesView::showCurrent);
    connect(m_model, &QAbstractItemModel::modelReset, this, &RoutesView::selectAgain);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &RoutesView::showCurrent);
    selectAgain();
}

Workspace &RoutesView::workspace() const { return m_shell.session().workspace(); }

QWidget *RoutesView::makeButtons()
{
    auto *buttons = new QWidget;
    auto *row = new FlowLayout(buttons);
    const auto add = [row](QPushButton *button, const char *name, const char *icon) {
        button->setObjectName(QLatin1String(name));
        button->setIcon(Theme::instance().icon(QLatin1String(icon)));
        row->addWidget(button);
    };
    add(m_new, "newRouteHere", "plus");
    add(m_duplicate, "duplicateRoute", "duplicate");
    add(m_remove, "removeRoute", "trash");
    add(m_request, "requestRoute", "send");
    add(m_copy, "copyRouteJson", "copy");
    connect(m_new, &QPushButton::clicked, this, &RoutesView::createNew);
    connect(m_duplicate, &QPushButton::clicked, this, &RoutesView::duplicate);
    connect(m_remove, &QPushButton::clicked, this, &RoutesView::removeSelected);
    connect(m_request, &QPushButton::clicked, this, [this] {
        Q_EMIT requestWanted(m_table->currentIndex().data(RouteModel::UrlPathRole).toString());
    });
    connect(m_copy, &QPushButton::clicked, this, &RoutesView::copyJson);
    return buttons;
}

QWidget *RoutesView::makeForm()
{
    m_form = new QWidget;
    auto *grid = new QGridLayout(m_form);
    grid->setContentsMargins({});
    const auto add = [grid](int place, QWidget *field, const char *name, const QString &label) {
        auto *buddy = new QLabel(label);
        buddy->setBuddy(field);
        field->setObjectName(QLatin1String(name));
        grid->addWidget(buddy, place / 2, place % 2 * 2);
        grid->addWidget(field, place / 2, place % 2 * 2 + 1);
    };
    add(0, m_id, "routeId", tr("&Id"));
    add(1, m_path, "routePath", tr("&Path"));
    add(2, m_guard, "routeGuard", tr("&Login"));
    add(3, m_node, "routeNode", tr("Upst&ream"));
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    m_node->setPlaceholderText(QStringLiteral("localhost:3000"));
    m_guard->addItem(tr("none"), QString());
    for (const LoginKind &kind : loginKinds())
        m_guard->addItem(toText(kind.plugin), toText(kind.plugin));
    m_fault->setObjectName(QStringLiteral("routeFault"));
    m_fault->setTextFormat(Qt::PlainText);
    m_fault->setWordWrap(true);
    const auto paint = [this] {
        QPalette palette = m_fault->palette();
        palette.setColor(QPalette::WindowText, Theme::instance().color(Role::Denied));
        m_fault->setPalette(palette);
    };
    paint();
    connect(&Theme::instance(), &Theme::changed, this, paint);
    connect(m_id, &QLineEdit::textEdited, this, &RoutesView::typeId);
    connect(m_path, &QLineEdit::textEdited, this, &RoutesView::typePath);
    connect(m_node, &QLineEdit::textEdited, this, &RoutesView::typeNode);
    connect(m_guard, &QComboBox::activated, this, &RoutesView::chooseGuard);
    connect(m_json, &JsonEditor::edited, this, &RoutesView::typeJson);
    return m_form;
}

int RoutesView::count() const { return m_model->rowCount(); }

void RoutesView::takeFocus()
{
    if (count() > 0)
        m_table->setFocus(Qt::OtherFocusReason);
    else
        m_first->setFocus(Qt::OtherFocusReason);
}

void RoutesView::select(const std::string &key)
{
    if (const int row = m_model->rowOf(key); row >= 0)
        m_table->setCurrentIndex(m_model->index(row, 0));
}

/// The list was read again: the same route, or the one that has its place.
void RoutesView::selectAgain()
{
    m_stack->setCurrentIndex(count() == 0 ? 1 : 0);
    int row = m_model->rowOf(m_key);
    if (row < 0)
        row = std::min(m_row, count() - 1);
    if (row >= 0)
        m_table->setCurrentIndex(m_model->index(row, 0));
    showCurrent();
    Q_EMIT countChanged(count());
}

void RoutesView::showCurrent()
{
    const QModelIndex current = m_table->currentIndex();
    for (QPushButton *const button : {m_duplicate, m_remove})
        button->setEnabled(current.isValid() && !m_locked);
    for (QPushButton *const button : {m_request, m_copy})
        button->setEnabled(current.isValid());
    m_form->setEnabled(current.isValid() && !m_locked);
    m_json->setReadOnly(!current.isValid() || m_locked);
    const std::string key = current.isValid() ? m_model->key(current.row()) : std::string();
    if (std::exchange(m_key, key) != key) {
        ++m_editing;
        m_typing = false;
        m_json->clearFault(); // of another route
    }
    const Json *const route = workspace().value(m_key);
    if (!route) {
        m_json->setText({});
        m_fault->hide();
        return;
    }
    m_row = current.row();
    showForm(*route);
    showJson(*route);
    showFault();
}

void RoutesView::showForm(const Json &route)
{
    const auto show = [](QLineEdit *field, const std::optional<QString> &text, const QString &why) {
        field->setEnabled(text.has_value());
        field->setToolTip(text ? QString() : why);
        if (field->text() != text.value_or(QString()))
            field->setText(text.value_or(QString()));
    };
    show(m_id, toText(idOf(m_key)), {});
    const bool several = route.contains("uris");
    show(m_path, several ? std::nullopt : std::optional(toText(route.stringOr("uri", ""))),
         tr("There are several paths: see the JSON."));
    show(m_node, nodeOf(route), tr("There is more to the upstream: see the JSON."));
    const auto guard = guardOf(route);
    m_guard->setEnabled(guard.has_value());
    m_guard->setCurrentIndex(guard ? m_guard->findData(toText(*guard)) : -1);
}

void RoutesView::showJson(const Json &route)
{
    const Json shown = shownAs(route, false);
    if (m_json->hasFocus() && !m_json->fault().isEmpty())
        return; // what is being typed stays
    const auto typed = parseJson(toOctets(m_json->toPlainText()));
    if (typed && *typed == shown)
        return;
    if (typed && m_typing && m_json->hasFocus() && means(*typed, route))
        return;
    m_json->setText(toText(shown.dump(2)));
    m_json->clearFault();
}

void RoutesView::showFault()
{
    const Error *const refusal = workspace().refusal(m_key);
    const QString fault = !m_json->fault().isEmpty() ? m_json->fault()
        : refusal                                    ? toText(refusal->detail)
                                                     : QString();
    m_fault->setText(fault.isEmpty() ? QString() : tr("Cannot be saved: %1").arg(fault));
    m_fault->setVisible(!fault.isEmpty());
}

bool RoutesView::eventFilter(QObject *watched, QEvent *event)
{
    // what was typed is written and masked like the rest, once it is left
    if (watched == m_json && event->type() == QEvent::FocusOut
        && static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason
        && m_json->fault().isEmpty())
        QTimer::singleShot(0, this, &RoutesView::showCurrent);
    return QWidget::eventFilter(watched, event);
}

void RoutesView::stageTyping(Json value, int field)
{
    workspace().stageTyping(tr("Edit %1").arg(toText(idOf(m_key))), {{m_key, std::move(value)}},
                            kFirstMergeId + m_editing * FieldCount + field);
}

void RoutesView::typeId(const QString &text)
{
    const std::string to = routeKey(toOctets(text));
    if (text.isEmpty() || text.contains(u'/') || workspace().value(to))
        return m_id->setText(toText(idOf(m_key)));
    std::vector<Edit> edits = renamedRoute(workspace(), m_key, toOctets(text));
    const QString step = tr("Rename %1").arg(toText(idOf(m_key)));
    m_key = to; // what is read again is the same one
    workspace().stageTyping(step, std::move(edits),
                            kFirstMergeId + m_editing * FieldCount + IdField);
}

void RoutesView::typePath(const QString &text)
{
    if (const Json *const route = workspace().value(m_key))
        stageTyping(withMember(*route, {"uri"}, Json(toOctets(text))), PathField);
}

void RoutesView::typeNode(const QString &text)
{
    if (const Json *const route = workspace().value(m_key))
        stageTyping(withNode(*route, text.trimmed()), NodeField);
}

void RoutesView::chooseGuard(int index)
{
    const Json *const route = workspace().value(m_key);
    const std::string plugin = toOctets(m_guard->itemData(index).toString());
    if (!route || guardOf(*route) == plugin)
        return;
    const QString id = toText(idOf(m_key));
    workspace().stage(plugin.empty() ? tr("Take the login away from %1").arg(id)
                                     : tr("Guard %1 with %2").arg(id, toText(plugin)),
                      {{m_key, withGuard(*route, plugin)}});
    ++m_editing; // what is typed next is another step
}

void RoutesView::typeJson()
{
    m_typing = true;
    const Json *const route = workspace().value(m_key);
    const auto typed = parseJson(toOctets(m_json->toPlainText()));
    if (!typed) {
        m_json->setFault(typed.error());
    } else if (!typed->isObject()) {
        m_json->setFault({Errc::Json, toOctets(tr("an object is expected")), "1:1"});
    } else if (route) {
        m_json->clearFault();
        stageTyping(withSecretsOf(*typed, *route), JsonField);
    }
    showFault();
}

void RoutesView::createNew()
{
    if (m_locked)
        return m_shell.notices().show(Notices::Kind::Warning, tr("Secrets are locked."));
    Edit edit = newRoute(workspace());
    const std::string key = edit.key;
    workspace().stage(tr("New route"), {std::move(edit)});
    select(key);
    rename();
}

void RoutesView::duplicate()
{
    if (m_key.empty() || m_locked)
        return;
    Edit copy = duplicatedRoute(workspace(), m_key);
    const std::string key = copy.key;
    workspace().stage(tr("Duplicate %1").arg(toText(idOf(m_key))), {std::move(copy)});
    select(key);
    rename();
}

void RoutesView::removeSelected()
{
    if (m_key.empty() || m_locked)
        return;
    const QString text = tr("Delete route %1").arg(toText(idOf(m_key)));
    // what is not stored is only not staged any more
    if (workspace().stored(m_key))
        workspace().commit(text, {{m_key, std::nullopt}});
    else
        workspace().stage(text, {{m_key, std::nullopt}});
    takeFocus();
}

void RoutesView::rename()
{
    if (m_key.empty() || m_locked)
        return;
    m_id->setFocus();
    m_id->selectAll();
}

void RoutesView::copyName() const
{
    if (!m_key.empty())
        m_shell.clipboard().copyPlain(toText(idOf(m_key)));
}

void RoutesView::copyJson() const
{
    if (const Json *const route = workspace().value(m_key))
        m_shell.clipboard().copySecret(toText(shownAs(*route, false).dump(2)));
}

void RoutesView::setLocked(bool locked)
{
    m_locked = locked;
    m_typing = false;
    showCurrent();
}

void RoutesView::zoom(int steps) { m_json->zoom(steps); }

bool RoutesView::open(const std::string &key)
{
    if (m_model->rowOf(key) < 0)
        return false;
    select(key);
    m_table->setFocus();
    return true;
}

} // namespace postern::gui
