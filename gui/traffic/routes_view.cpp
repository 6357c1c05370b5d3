// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/routes_view.h"

#include "gateway/admin/access/admin_access.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/page.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/json_editor.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace postern::gui {

RoutesView::RoutesView(Shell &shell, QWidget *parent)
    : QWidget(parent),
      m_shell(shell),
      m_model(new RouteModel(shell.session().workspace(), this)),
      m_table(new QTableView),
      m_json(new JsonEditor),
      m_request(new QPushButton(tr("&Send a request…"))),
      m_copy(new QPushButton(tr("&Copy JSON"))),
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
    m_table->setColumnWidth(RouteModel::Id, unit * 20);
    m_table->setColumnWidth(RouteModel::Match, unit * 26);
    m_table->setColumnWidth(RouteModel::Upstream, unit * 26);
    m_json->setObjectName(QStringLiteral("routeJson"));
    m_json->setAccessibleName(tr("The route as JSON"));
    m_json->setReadOnly(true);
    m_request->setObjectName(QStringLiteral("requestRoute"));
    m_copy->setObjectName(QStringLiteral("copyRouteJson"));

    auto *empty = new EmptyState(QStringLiteral("route"), tr("There are no routes yet."));
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_table);
    auto *below = new QWidget;
    auto *column = new QVBoxLayout(below);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_json, 1);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_request);
    buttons->addWidget(m_copy);
    buttons->addStretch();
    column->addLayout(buttons);
    splitter->addWidget(below);
    m_stack->addWidget(splitter);
    m_stack->addWidget(empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RoutesView::showCurrent);
    connect(m_model, &QAbstractItemModel::modelReset, this, &RoutesView::countRows);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &RoutesView::showCurrent);
    connect(m_request, &QPushButton::clicked, this, [this] {
        Q_EMIT requestWanted(m_table->currentIndex().data(RouteModel::UrlPathRole).toString());
    });
    connect(m_copy, &QPushButton::clicked, this,
            [this] { m_shell.clipboard().copySecret(m_json->toPlainText()); });
    countRows();
}

int RoutesView::count() const { return m_model->rowCount(); }

void RoutesView::countRows()
{
    m_stack->setCurrentIndex(count() == 0 ? 1 : 0);
    showCurrent();
    Q_EMIT countChanged(count());
}

void RoutesView::showCurrent()
{
    const QModelIndex current = m_table->currentIndex();
    m_request->setEnabled(current.isValid());
    m_copy->setEnabled(current.isValid());
    const Json *route = current.isValid()
        ? m_shell.session().workspace().value(m_model->key(current.row()))
        : nullptr;
    if (!route) {
        m_json->setText({});
        return;
    }
    Json shown = *route;
    gateway::maskSecrets(shown);
    m_json->setText(toText(shown.dump(2)));
}

bool RoutesView::open(const std::string &key)
{
    const int row = m_model->rowOf(key);
    if (row < 0)
        return false;
    m_table->setCurrentIndex(m_model->index(row, 0));
    m_table->setFocus();
    return true;
}

} // namespace postern::gui
