// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/page.h"

#include "gateway/request/curl_line.h"
#include "gateway/request/redact.h"
#include "gateway/request/snippet.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/traffic/composer.h"
#include "gui/traffic/gateway_bar.h"
#include "gui/traffic/inspector.h"
#include "gui/traffic/routes_view.h"
#include "gui/traffic/traffic_plot.h"
#include "gui/traffic/traffic_view.h"
#include "gui/widgets/copy_secrets.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QSplitter>
#include <QTabWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace postern::gui {

namespace {

/// Commands that need a selected request.
constexpr std::array kOnRequest{"traffic.edit", "traffic.mark", "traffic.comment",
                                "traffic.decideAt"};
/// And a gateway that takes it.
constexpr std::array kRepeats{"traffic.repeat", "traffic.repeatFresh", "traffic.repeatAs",
                              "traffic.repeatBare"};

QString key(const char *text) { return QString::fromLatin1(text); }

} // namespace

GatewayPage::GatewayPage(Shell &shell, QWidget *parent)
    : Page(shell, parent),
      m_model(new TrafficModel(this)),
      m_feed(new TrafficFeed(*m_model, this)),
      m_sender(new RequestSender(this)),
      m_bar(new GatewayBar(shell)),
      m_throughput(new TrafficPlot(m_statistics, TrafficPlot::Kind::Throughput)),
      m_latency(new TrafficPlot(m_statistics, TrafficPlot::Kind::Latency)),
      m_tabs(new QTabWidget),
      m_view(new TrafficView(shell, *m_model, *m_feed)),
      m_inspector(new Inspector(shell)),
      m_routes(new RoutesView(shell))
{
    build();
    connectParts();
}

GatewayPage::~GatewayPage() = default;

void GatewayPage::build()
{
    auto *top = new QHBoxLayout;
    top->addWidget(m_bar, 1);
    top->addWidget(m_throughput);
    top->addWidget(m_latency);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setObjectName(QStringLiteral("trafficSplitter"));
    splitter->addWidget(m_view);
    splitter->addWidget(m_inspector);
    splitter->setStretchFactor(0, 9);
    splitter->setStretchFactor(1, 11);
    splitter->setSizes({900, 1100}); // a trace has more lines than one looks at requests at once
    splitter->setChildrenCollapsible(false);
    m_tabs->setObjectName(QStringLiteral("gatewayTabs"));
    m_tabs->setAccessibleName(tr("Traffic and routes"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(splitter, tr("Tra&ffic"));
    m_tabs->addTab(m_routes, tr("R&outes (%1)").arg(m_routes->count()));
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(m_tabs, 1);
}

bool GatewayPage::showsRoutes() const { return m_tabs->currentWidget() == m_routes; }

void GatewayPage::takeFocus()
{
    if (showsRoutes())
        m_routes->takeFocus();
    else
        m_view->setFocus(Qt::OtherFocusReason);
}

void GatewayPage::connectParts()
{
    Session &session = shell().session();
    connect(&session, &Session::tracesArrived, m_feed, &TrafficFeed::add);
    connect(&session, &Session::tracesDropped, this, [this](quint64 count) {
        shell().notices().show(Notices::Kind::Warning,
                               tr("%n request(s) came too fast and are not in the list.", nullptr,
                                  static_cast<int>(std::min<quint64>(count, 1'000'000))));
    });
    connect(&session, &Session::stateChanged, m_view, &TrafficView::updateState);
    connect(&session, &Session::stateChanged, this, &GatewayPage::refreshCommands);
    connect(&session, &Session::stateChanged, this, [this] {
        m_recording = false;
        // somebody else's gateway records when the user says so
        if (shell().session().state() == Session::State::Running)
            setRecording(true);
    });
    connect(m_feed, &TrafficFeed::appended, this, &GatewayPage::countArrived);
    connect(&Privacy::instance(), &Privacy::changed, this, &GatewayPage::showCurrent);
    connect(m_view, &TrafficView::currentChanged, this, &GatewayPage::showCurrent);
    connect(m_view, &TrafficView::opened, m_inspector, [this] {
        m_inspector->setVisible(true);
        m_inspector->focusTrace();
    });
    connect(m_view, &TrafficView::menuWanted, this, &GatewayPage::fillMenu);
    connect(m_view, &TrafficView::startWanted, m_bar, &GatewayBar::start);
    connect(m_view, &TrafficView::testWanted, this, &GatewayPage::sendTest);
    connect(m_view, &TrafficView::testCurlWanted, this, &GatewayPage::copyTestCurl);
    connect(m_view, &TrafficView::exportWanted, this, &GatewayPage::exportHar);
    connect(m_inspector, &Inspector::numberWanted, this, [this](quint64 number) {
        if (const int row = m_model->rowOf(number); row >= 0)
            m_view->select(row);
    });
    connect(&session.workspace(), &Workspace::changed, this, [this] {
        if (m_commands)
            refreshAllow(m_view->currentRow());
    });
    connect(m_routes, &RoutesView::countChanged, this,
            [this](int count) { m_tabs->setTabText(1, tr("R&outes (%1)").arg(count)); });
    connect(m_routes, &RoutesView::requestWanted, this, [this](const QString &path) {
        gateway::WebRequest request;
        request.url = origin() + toOctets(path);
        composer().edit(request, 0);
    });
}

void GatewayPage::addCommands(Commands &commands)
{
    m_commands = &commands;
    addGatewayCommands(commands);
    addTrafficCommands(commands);
    QList<QAction *> actions;
    for (const char *id : {"traffic.allow", "traffic.repeat", "traffic.edit", "traffic.compare"})
        actions += commands.action(key(id));
    m_inspector->setActions(actions);
    refreshCommands();
}

void GatewayPage::addGatewayCommands(Commands &commands)
{
    const auto add = [&commands](const char *id, const QString &text, const char *keys,
                                 const char *icon, std::function<void()> run) {
        commands.add({key(id), text, key("Gateway"), QKeySequence(key(keys)), key(icon)},
                     std::move(run));
    };
    add("gateway.start", tr("&Start or restart"), "F5", "start", [this] { m_bar->restart(); });
    add("gateway.stop", tr("S&top"), "Shift+F5", "stop", [this] { m_bar->stop(); });
    const auto advance = [this](const char *by) {
        shell().session().setClock(Json::object({{"advance", by}}));
    };
    add("gateway.clock30s", tr("Clock: +30 s"), "", "clock", [advance] { advance("30s"); });
    add("gateway.clock1h", tr("Clock: +1 &h"), "", "clock", [advance] { advance("1h"); });
    add("gateway.clockReal", tr("Clock: rea&l time"), "", "clock",
        [this] { shell().session().setClock(Json::object({{"mode", "real"}, {"force", true}})); });
    add("request.new", tr("&New request…"), "", "send", [this] { compose({}); });
    add("route.new", tr("New ro&ute"), "", "route", [this] {
        shell().showPage(id());
        m_tabs->setCurrentWidget(m_routes);
        m_routes->createNew();
    });
}

void GatewayPage::addTrafficCommands(Commands &commands)
{
    const auto add = [&commands](const char *id, const QString &text, const char *keys,
                                 const char *icon, std::function<void()> run) {
        commands.add({key(id), text, key("Gateway"), QKeySequence(key(keys)), key(icon)},
                     std::move(run));
    };
    add("traffic.pause", tr("&Pause or resume traffic"), "Ctrl+P", "pause",
        [this] { m_view->togglePause(); });
    add("traffic.clear", tr("&Clear traffic"), "Ctrl+Shift+X", "trash",
        [this] { m_view->clear(); });
    add("traffic.repeat", tr("&Repeat"), "Ctrl+R", "repeat", [this] { repeat(Login::AsItWas); });
    add("traffic.repeatFresh", tr("Repeat with a &fresh login"), "", "repeat",
        [this] { repeat(Login::Fresh); });
    add("traffic.repeatAs", tr("Repeat &as another consumer…"), "", "user", [this] { askWhom(); });
    add("traffic.repeatBare", tr("Repeat &without login"), "", "repeat",
        [this] { repeat(Login::None); });
    add("traffic.decideAt", tr("Decide again at another &time…"), "", "clock",
        [this] { askWhen(); });
    add("traffic.allow", tr("A&llow…"), "", "allowed", [this] { allowConsumer(); });
    add("traffic.edit", tr("&Edit and repeat…"), "Ctrl+E", "edit", [this] { editAndRepeat(); });
    add("traffic.compare", tr("C&ompare"), "", "diff", [this] { compareSelected(); });
    add("traffic.mark", tr("&Mark the request"), "", "star", [this] { m_view->toggleMark(); });
    add("traffic.comment", tr("Comment on the re&quest…"), "", "comment",
        [this] { m_view->askForComment(); });
    QAction *record = commands.add({key("traffic.record"), tr("Record headers and &bodies"),
                                    key("Gateway"), QKeySequence(), key("record")},
                                   [this] { setRecording(!m_recording); });
    record->setCheckable(true);
    add("traffic.export", tr("E&xport HTTP archive…"), "", "export", [this] { exportHar(); });
    add("traffic.import", tr("&Import HTTP archive…"), "", "import", [this] { importHar(); });
}

void GatewayPage::refreshCommands()
{
    if (!m_commands)
        return;
    const QString noRequest = m_view->currentRow() < 0 ? tr("No request is selected.") : QString();
    for (const char *id : kOnRequest)
        m_commands->setReason(key(id), noRequest);
    const QString noGateway = shell().session().addresses() ? QString()
        : shell().session().state() == Session::State::Lost ? tr("The gateway does not answer.")
                                                            : tr("No gateway runs.");
    for (const char *id : kRepeats)
        m_commands->setReason(key(id), noRequest.isEmpty() ? noGateway : noRequest);
    refreshAllow(m_view->currentRow());
    m_commands->setReason(key("traffic.compare"),
                          !noRequest.isEmpty()          ? noRequest
                              : m_model->rowCount() < 2 ? tr("There is only one request.")
                                                        : QString());
    m_commands->action(key("traffic.record"))->setChecked(m_recording);
    m_commands->setReason(key("traffic.record"), noGateway);
    const Session::State state = shell().session().state();
    m_commands->setReason(key("gateway.stop"),
                          state == Session::State::Running ? QString()
                                                           : tr("No gateway runs in this window."));
    m_commands->setReason(key("gateway.start"),
                          state == Session::State::Running || state == Session::State::Stopped
                              ? QString()
                              : tr("There is no store to run a gateway on."));
}

std::vector<PaletteItem> GatewayPage::find(const QString &text, int limit)
{
    std::vector<PaletteItem> items;
    for (const std::string &route : shell().session().workspace().keys("/routes")) {
        const QString id = toText(std::string_view(route).substr(8));
        if (static_cast<int>(items.size()) < limit && id.contains(text, Qt::CaseInsensitive))
            items.push_back({id, tr("route"), QStringLiteral("/"),
                             [this, route] { shell().openObject(route); }});
    }
    constexpr int kRecent = 500;
    const int oldest = std::max(0, m_model->rowCount() - kRecent);
    for (int i = m_model->rowCount() - 1; i >= oldest; --i) {
        if (static_cast<int>(items.size()) >= limit)
            break;
        const TrafficRow &row = m_model->row(i);
        const QString line = QStringLiteral("#%1 %2 %3 %4")
                                 .arg(row.number)
                                 .arg(row.method, row.path, QString::number(row.status));
        if (line.contains(text, Qt::CaseInsensitive))
            items.push_back({line, tr("request"), QStringLiteral("#"), [this, number = row.number] {
                                 shell().showPage(id());
                                 m_tabs->setCurrentIndex(0);
                                 if (const int at = m_model->rowOf(number); at >= 0)
                                     m_view->select(at);
                             }});
    }
    return items;
}

void GatewayPage::countArrived(int rows)
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const int count = m_model->rowCount();
    for (int i = std::max(0, count - rows); i < count; ++i)
        m_statistics.add(m_model->row(i), now);
    m_throughput->refresh();
    m_latency->refresh();
    if (!m_awaited.isEmpty()) {
        if (const int row = m_model->rowOf(m_awaited); row >= 0) {
            m_awaited.clear();
            m_view->select(row);
        }
    }
    refreshCommands();
}

void GatewayPage::showCurrent()
{
    refreshCommands();
    const int row = m_view->currentRow();
    if (row < 0) {
        m_shownNumber = 0;
        m_inspector->clear();
        return;
    }
    const TrafficRow &shown = m_model->row(row);
    m_shownNumber = shown.number;
    m_inspector->show(exchangeOf(row), shown.number, shown.repeatOf);
    fetchRecording(shown.id);
}

void GatewayPage::setRecording(bool wanted)
{
    const Json settings =
        Json::object({{"enabled", wanted}, {"secrets", wanted && !shell().isLocked()}});
    shell().session().askControl("POST", "/v1/capture", settings, this,
                                 [this, wanted](const Result<Json> &answer) {
                                     m_recording = answer && wanted;
                                     refreshCommands();
                                 });
}

void GatewayPage::fetchRecording(const QString &id)
{
    if (!m_recording || id.isEmpty() || m_exchanges.find(id))
        return;
    // Credentials are asked for to repeat a request as it was; they are never shown.
    const std::string reveal = shell().isLocked() ? "" : "?reveal=true";
    shell().session().askControl("GET", "/v1/exchanges/" + toOctets(id) + reveal, {}, this,
                                 [this, id](const Result<Json> &answer) {
                                     if (!answer || m_exchanges.find(id))
                                         return; // not kept any more
                                     gateway::RecordedExchange exchange;
                                     gateway::readCapture(*answer, exchange);
                                     m_exchanges.put(id, std::move(exchange));
                                     if (const int row = m_model->rowOf(m_shownNumber);
                                         row >= 0 && m_model->row(row).id == id)
                                         showCurrent();
                                 });
}

void GatewayPage::fillMenu(QMenu *menu)
{
    if (!m_commands)
        return;
    for (const char *id :
         {"traffic.repeat", "traffic.repeatFresh", "traffic.repeatAs", "traffic.repeatBare",
          "traffic.edit", "traffic.decideAt", "traffic.allow", "traffic.compare"})
        menu->addAction(m_commands->action(key(id)));
    auto *copy = menu->addMenu(tr("Copy &as"));
    for (const gateway::SnippetInfo &kind : gateway::snippetKinds())
        copy->addAction(toText(kind.name), this,
                        [this, id = static_cast<int>(kind.kind)] { copySnippet(id); });
    copy->addAction(tr("Trace (JSON)"), this, [this] { copyTrace(); });
    copy->addSeparator();
    copy->addAction(copyVariablesAction(shell()));
    copy->setEnabled(m_view->currentRow() >= 0);
    menu->addAction(m_commands->action(key("traffic.export")));
}

void GatewayPage::createNew()
{
    if (showsRoutes())
        m_routes->createNew();
    else
        compose({});
}

void GatewayPage::duplicate()
{
    if (showsRoutes())
        m_routes->duplicate();
}

void GatewayPage::removeSelected()
{
    if (showsRoutes())
        m_routes->removeSelected();
}

void GatewayPage::rename()
{
    if (showsRoutes())
        m_routes->rename();
}

void GatewayPage::focusFilter()
{
    m_tabs->setCurrentIndex(0);
    m_view->focusFilter();
}

void GatewayPage::mainAction()
{
    if (showsRoutes())
        shell().session().workspace().save();
    else
        sendTest();
}

void GatewayPage::copyMain()
{
    if (showsRoutes())
        m_routes->copyName();
    else
        copyUrl();
}

void GatewayPage::copyAs()
{
    if (showsRoutes())
        m_routes->copyJson();
    else
        copySnippet(static_cast<int>(gateway::SnippetKind::Curl));
}

void GatewayPage::copyName()
{
    if (showsRoutes())
        return m_routes->copyName();
    if (const int row = m_view->currentRow(); row >= 0)
        shell().clipboard().copyPlain(m_model->row(row).id);
}

void GatewayPage::copyUrl()
{
    if (const int row = m_view->currentRow(); row >= 0) {
        const auto places = gateway::SecretPlaces::of(m_model->row(row).trace());
        shell().clipboard().copyPlain(
            toText(origin() + gateway::redactTarget(toOctets(m_model->row(row).path), places)));
    }
}

void GatewayPage::toggleInspector() { m_inspector->setVisible(!m_inspector->isVisible()); }

void GatewayPage::revealSecrets(bool shown)
{
    if (m_composer && m_composer->isVisible())
        m_composer->setRevealed(shown);
}

void GatewayPage::zoom(int steps) { m_routes->zoom(steps); }

bool GatewayPage::openObject(const std::string &key)
{
    if (!key.starts_with("/routes/") || !m_routes->open(key))
        return false;
    m_tabs->setCurrentWidget(m_routes);
    return true;
}

bool GatewayPage::takeMime(const QMimeData &mime)
{
    if (!mime.hasUrls()) {
        const std::string text = toOctets(mime.text());
        if (!gateway::looksLikeCurl(text))
            return false;
        shell().showPage(id());
        compose(text);
        return true;
    }
    bool taken = false;
    for (const QUrl &url : mime.urls()) {
        const QString path = url.toLocalFile();
        if (!path.endsWith(QStringLiteral(".har"), Qt::CaseInsensitive))
            continue;
        readHarFile(path);
        taken = true;
    }
    if (taken)
        shell().showPage(id());
    return taken;
}

void GatewayPage::setLocked(bool locked)
{
    m_routes->setLocked(locked);
    if (m_recording)
        setRecording(true); // with or without credentials
    if (!locked)
        return;
    m_exchanges = {};
    delete m_composer;
    showCurrent();
}

} // namespace postern::gui
