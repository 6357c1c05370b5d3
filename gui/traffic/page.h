// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/access/toggle_rule.h"
#include "gateway/request/redact.h"
#include "gui/models/exchange_store.h"
#include "gui/models/traffic_feed.h"
#include "gui/models/traffic_model.h"
#include "gui/models/traffic_statistics.h"
#include "gui/models/what_if.h"
#include "gui/shell/page.h"
#include "gui/traffic/request_sender.h"

#include <QPointer>

#include <string>

class QAction;
class QMenu;
class QTabWidget;

namespace postern::gui {

class Composer;
class GatewayBar;
class Inspector;
class RoutesView;
class TrafficPlot;
class TrafficView;

/// The gateway, its live traffic and why each request was decided so.
class GatewayPage : public Page
{
    Q_OBJECT
public:
    explicit GatewayPage(Shell &shell, QWidget *parent = nullptr);
    ~GatewayPage() override;

    [[nodiscard]] QString id() const override { return QStringLiteral("gateway"); }
    [[nodiscard]] QString title() const override { return tr("Gateway"); }
    void addCommands(Commands &commands) override;
    [[nodiscard]] std::vector<PaletteItem> find(const QString &text, int limit) override;

    void createNew() override; ///< a request; among the routes, a route
    void duplicate() override; ///< the route
    void removeSelected() override; ///< the route
    void rename() override; ///< the route
    void focusFilter() override;
    void mainAction() override; ///< sends a test request; among the routes, saves
    void copyMain() override; ///< the URL, or the route's id
    void copyAs() override; ///< curl; of a route, JSON
    void copyName() override; ///< the trace's id, or the route's
    void copyUrl() override;
    void toggleInspector() override;
    void revealSecrets(bool shown) override;
    void zoom(int steps) override;
    bool openObject(const std::string &key) override; ///< "/routes/1"
    bool takeMime(const QMimeData &mime) override; ///< HTTP archives
    void setLocked(bool locked) override;
    /// The request composer. \param curl a command line to take apart; empty: a new request
    void compose(const std::string &curl) override;

    void takeFocus() override;
    [[nodiscard]] TrafficModel &traffic() noexcept { return *m_model; }

private:
    [[nodiscard]] bool showsRoutes() const;
    enum class Login : std::uint8_t { AsItWas, Fresh, None };
    void build();
    void connectParts();
    void addGatewayCommands(Commands &commands);
    void addTrafficCommands(Commands &commands);
    void refreshCommands();
    void showCurrent();
    void fillMenu(QMenu *menu);
    void countArrived(int rows);

    void setRecording(bool wanted);
    void fetchRecording(const QString &id);

    // page_requests.cpp
    [[nodiscard]] std::string origin() const;
    [[nodiscard]] gateway::RecordedExchange exchangeOf(int row) const;
    [[nodiscard]] bool isRecorded(int row) const;
    [[nodiscard]] gateway::WebRequest testRequest() const;
    void repeat(Login login);
    void repeatAs(const std::string &consumer);
    void askWhom();
    void editAndRepeat();
    void compareSelected();
    void copySnippet(int kind);
    /// Copies a command; its secrets as the user likes them.
    void copyRequest(int kind, const gateway::WebRequest &request, int status,
                     const gateway::SecretPlaces &places);
    void copyTrace();
    void sendTest();
    void copyTestCurl();
    /// Adds a consumer's login off the main thread, then goes on with the request.
    void withLogin(gateway::WebRequest request, const std::string &consumer,
                   std::function<void(Result<gateway::WebRequest>)> then);
    void send(const gateway::WebRequest &request, const std::string &consumer, quint64 repeatOf,
              bool fromComposer);
    void takeAnswer(const gateway::WebRequest &sent, const Result<gateway::ClientResponse> &answer,
                    quint64 repeatOf, bool fromComposer);
    // page_what_if.cpp
    /// The edit that would let the row's consumer pass.
    [[nodiscard]] Result<gateway::AccessEdit> allowingEdit(int row) const;
    void refreshAllow(int row);
    void allowConsumer();
    void askToAllow(const QString &consumer, const gateway::AccessEdit &edit,
                    const std::vector<AccessFlip> &flips);
    void askWhen();
    void decideAt(Timestamp time);

    // page_requests.cpp
    void exportHar();
    void writeHarFile(const QString &path, const QList<int> &rows);
    void importHar();
    void readHarFile(const QString &path);
    Composer &composer();

    TrafficModel *m_model;
    TrafficFeed *m_feed;
    TrafficStatistics m_statistics;
    ExchangeStore m_exchanges;
    RequestSender *m_sender;
    GatewayBar *m_bar;
    TrafficPlot *m_throughput, *m_latency;
    QTabWidget *m_tabs;
    TrafficView *m_view;
    Inspector *m_inspector;
    RoutesView *m_routes;
    QPointer<Composer> m_composer;
    Commands *m_commands = nullptr;
    QString m_awaited; ///< trace id of what this page sent last: selected when it comes
    quint64 m_shownNumber = 0;
    int m_imported = 0;
    bool m_recording = false; ///< the gateway keeps whole exchanges for us
};

} // namespace postern::gui
