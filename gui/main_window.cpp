// SPDX-License-Identifier: Apache-2.0
#include "gui/main_window.h"

#include "core/json/parse.h"
#include "gateway/pipeline/explain.h"
#include "gui/models/traffic_model.h"
#include "gui/traffic/gateway_link.h"

#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSplitter>
#include <QStatusBar>
#include <QTableView>

namespace postern::gui {

MainWindow::MainWindow(const std::string &uri, QWidget *parent)
    : QMainWindow(parent),
      m_model(new TrafficModel(this)),
      m_table(new QTableView),
      m_explanation(new QPlainTextEdit),
      m_state(new QLabel(tr("Looking for a gateway…"))),
      m_link(new GatewayLink(uri, this))
{
    setWindowTitle(tr("Postern: live traffic"));
    m_table->setObjectName(QStringLiteral("traffic"));
    m_table->setAccessibleName(tr("Live traffic"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(TrafficModel::Path, QHeaderView::Stretch);
    m_table->setColumnWidth(TrafficModel::Time, 190);
    m_table->setWordWrap(false);

    m_explanation->setObjectName(QStringLiteral("explanation"));
    m_explanation->setAccessibleName(tr("Why this request was decided so"));
    m_explanation->setReadOnly(true);
    m_explanation->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_explanation->setPlaceholderText(tr("Select a request to see why it was decided so."));

    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_table);
    splitter->addWidget(m_explanation);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    setCentralWidget(splitter);
    m_state->setObjectName(QStringLiteral("state"));
    statusBar()->addWidget(m_state);
    resize(1000, 640);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &MainWindow::explainCurrent);
    connect(m_link, &GatewayLink::traceArrived, this, &MainWindow::addTrace);
    connect(m_link, &GatewayLink::attached, this,
            [this](const QString &where) { m_state->setText(tr("Attached to %1").arg(where)); });
    connect(m_link, &GatewayLink::detached, this, [this](const QString &reason) {
        m_state->setText(tr("Not attached: %1").arg(reason));
    });
    m_link->start();
}

MainWindow::~MainWindow() = default;

void MainWindow::addTrace(const QByteArray &json)
{
    auto trace = parseJson({json.constData(), static_cast<std::size_t>(json.size())});
    if (!trace)
        return;
    const QScrollBar *bar = m_table->verticalScrollBar();
    const bool atEnd = bar->value() == bar->maximum();
    m_model->append(std::move(*trace));
    if (atEnd)
        m_table->scrollToBottom();
}

void MainWindow::explainCurrent()
{
    const QModelIndex current = m_table->currentIndex();
    m_explanation->setPlainText(current.isValid() ? QString::fromStdString(gateway::explainTrace(
                                                        m_model->trace(current.row()), false))
                                                  : QString());
}

} // namespace postern::gui
