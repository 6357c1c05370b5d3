// SPDX-License-Identifier: Apache-2.0
// The desktop application beside its budgets: traffic, filters, window
#include "core/bytes/encoding.h"
#include "core/jose/jws.h"
#include "gui/models/access_model.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/consumers_filter.h"
#include "gui/models/consumers_model.h"
#include "gui/models/object_lint.h"
#include "gui/models/seen_times.h"
#include "gui/models/traffic_feed.h"
#include "gui/models/traffic_filter_model.h"
#include "gui/session/workspace.h"
#include "gui/shell/main_window.h"
#include "gui/tokens/document.h"
#include "gui/tokens/octet_edit.h"
#include "gui/tokens/page.h"
#include "gui/traffic/page.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QLabel>
#include <QSettings>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

using namespace postern;
using namespace postern::gui;

namespace {

constexpr int kRequests = 50'000;

/// One line of the report. Add a function to kRows for a figure of your own.
struct Figure
{
    const char *name;
    double value;
    double budget;
    const char *unit;
};

QByteArray traceText(int number)
{
    const bool denied = number % 50 == 0;
    const Json steps(Json::Array{
        Json::object({{"step", "route"},
                      {"outcome", "ok"},
                      {"reason", nullptr},
                      {"subject", "r" + std::to_string(number % 100)},
                      {"text", "uri \"/get/*\""},
                      {"detail", Json::object({{"pattern", "/get/*"}})}}),
        Json::object({{"step", "extract"},
                      {"outcome", "ok"},
                      {"reason", nullptr},
                      {"subject", "key-auth"},
                      {"text", "header \"apikey\", 20 bytes"},
                      {"detail", Json::object({{"where", "header"}, {"name", "apikey"}})}}),
        Json::object({{"step", "consumer"},
                      {"outcome", denied ? "failed" : "ok"},
                      {"reason", nullptr},
                      {"subject", "key-auth"},
                      {"text", "jack / cred-1"},
                      {"detail", Json::object({{"username", "jack"}})}})});
    return QByteArray::fromStdString(
        Json::object({{"id", "B" + std::to_string(number)},
                      {"time", "2026-11-22T19:00:00.000Z"},
                      {"method", "GET"},
                      {"target", "/get/" + std::to_string(number)},
                      {"host", "127.0.0.1:9080"},
                      {"status", denied ? 401 : 200},
                      {"route", "r" + std::to_string(number % 100)},
                      {"consumer", "jack"},
                      {"decision", denied ? "denied" : "allowed"},
                      {"steps", steps},
                      {"notes", Json::array()},
                      {"fix", Json::array()},
                      {"timing", Json::object({{"total_us", 700}, {"decision_us", 12}})}})
            .dump());
}

double residentMegabytes()
{
    std::ifstream file("/proc/self/status");
    std::string word;
    while (file >> word) {
        double kilobytes = 0;
        if (word == "VmRSS:" && file >> kilobytes)
            return kilobytes / 1024;
    }
    return 0;
}

std::unique_ptr<MainWindow> makeWindow(const QTemporaryDir &home)
{
    auto settings =
        std::make_unique<QSettings>(home.filePath(QStringLiteral("gui.ini")), QSettings::IniFormat);
    auto window = std::make_unique<MainWindow>(std::move(settings), false);
    window->resize(1280, 800);
    window->show();
    QApplication::processEvents();
    return window;
}

/// Runs the event loop until `done`, or a minute.
void runUntil(const std::function<bool()> &done)
{
    QElapsedTimer limit;
    limit.start();
    while (!done() && limit.elapsed() < 60'000)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
}

std::vector<Figure> windowFigures(const QTemporaryDir &home)
{
    QElapsedTimer timer;
    timer.start();
    const auto window = makeWindow(home);
    return {{"time to a window that can be used", static_cast<double>(timer.elapsed()), 400, "ms"}};
}

std::vector<Figure> trafficFigures(const QTemporaryDir &home)
{
    const auto window = makeWindow(home);
    window->showPage(QStringLiteral("gateway"));
    auto *page = window->findChild<GatewayPage *>();
    TrafficModel &model = page->traffic();
    std::vector<std::vector<QByteArray>> batches(100); // 20 a second for 5 s
    for (int i = 0; i < kRequests; ++i)
        batches[static_cast<std::size_t>(i) / (kRequests / 100)].push_back(traceText(i));
    const double before = residentMegabytes();
    std::size_t next = 0;
    qint64 longest = 0;
    QElapsedTimer since, all;
    QTimer beat, source;
    QObject::connect(&beat, &QTimer::timeout, page,
                     [&] { longest = std::max(longest, since.restart()); });
    QObject::connect(&source, &QTimer::timeout, page, [&] {
        if (next < batches.size())
            Q_EMIT window->session().tracesArrived(batches[next++]);
    });
    since.start();
    all.start();
    beat.start(1);
    source.start(50);
    runUntil([&] { return model.rowCount() == kRequests; });
    const auto elapsed = static_cast<double>(all.elapsed());
    batches.clear();
    const double grown = residentMegabytes() - before;
    const auto filter = Filter::parse(u"status:401 path:/get/*", trafficFields());
    TrafficFilterModel filtered(model);
    QElapsedTimer timer;
    timer.start();
    filtered.setFilter(filter.value_or(Filter()));
    const auto answer = static_cast<double>(timer.elapsed());
    return {
        {"50,000 requests in 5 s: all in the list after", elapsed, 6'000, "ms"},
        {"longest silence of the event loop meanwhile", static_cast<double>(longest), 100, "ms"},
        {"filter over 50,000 requests", answer, 200, "ms"},
        {"memory of 50,000 requests", grown, 100, "MB"}};
}

std::vector<Figure> consumerFigures(const QTemporaryDir &)
{
    constexpr int kConsumers = 10'000;
    Session session;
    ObjectLint lint(session);
    SeenTimes seen(session);
    ConsumersModel model(session, lint, seen);
    std::vector<Edit> edits;
    for (int i = 0; i < kConsumers; ++i) {
        const std::string name = "consumer-" + std::to_string(i);
        const std::string key = "key-of-" + std::to_string(i) + "-with-enough-letters";
        const Json labels = Json::object({{"team", "team-" + std::to_string(i % 100)}});
        edits.push_back(
            {consumerKey(name), Json::object({{"username", name}, {"labels", labels}})});
        const Json config = Json::object({{"key-auth", Json::object({{"key", key}})}});
        edits.push_back({credentialKey(name, "one"), Json::object({{"plugins", config}})});
    }
    session.workspace().update(std::move(edits), true);
    runUntil([&lint] { return !lint.isBusy(); });
    ConsumersFilter proxy;
    proxy.setSourceModel(&model);
    proxy.sort(ConsumersModel::Name);
    double worst = 0;
    for (const char16_t *const text :
         {u"77", u"label:team=team-7", u"type:jwt-auth", u"is:weak", u"-is:weak type:key-auth 9"}) {
        auto filter = Filter::parse(text, ConsumersModel::filterFields());
        QElapsedTimer timer;
        timer.start();
        proxy.setFilter(filter.value_or(Filter()));
        worst = std::max(worst, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    return {{"filter over 10,000 consumers, the slowest of 5", worst, 50, "ms"}};
}

constexpr std::string_view kSecret = "a-secret-of-at-least-thirty-two-octets";

std::string signedToken(std::size_t size)
{
    const Json claims = Json::object({{"key", "jack-key"},
                                      {"exp", 4'000'000'000},
                                      {"text", std::string(size * 3 / 4 - 90, 'x')}});
    const Result<Key> key = Key::fromSecret(Secret(kSecret));
    return signJws(R"({"alg":"HS256","typ":"JWT"})", claims.dump(), Alg::HS256, key.value(), true)
        .value_or("");
}

/// The longest of some keystrokes, each with the verdict shown.
double keystroke(TokensPage &page, OctetEdit &edit)
{
    constexpr int kStrokes = 10;
    TokenDocument &document = page.document();
    const auto answered = [&document] { return document.answer().state != TokenState::Pending; };
    edit.setFocus();
    edit.moveCursor(QTextCursor::End);
    edit.moveCursor(QTextCursor::Left); // in the payload before the last brace
    double worst = 0;
    for (int i = 0; i <= kStrokes; ++i) {
        runUntil(answered);
        const std::string before = document.text();
        QKeyEvent press(QEvent::KeyPress, Qt::Key_Space, Qt::NoModifier,
                        &edit == page.findChild<OctetEdit *>(QStringLiteral("tokenEncoded"))
                            ? QStringLiteral("A")
                            : QStringLiteral(" "));
        QElapsedTimer timer;
        timer.start();
        QApplication::sendEvent(&edit, &press);
        runUntil(answered);
        QApplication::processEvents(); // painted
        if (document.text() == before)
            std::fprintf(stderr, "a keystroke changed nothing\n");
        if (i > 0) // the first one loads what is loaded once
            worst = std::max(worst, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    return worst;
}

std::vector<Figure> tokenFigures(const QTemporaryDir &home)
{
    const auto window = makeWindow(home);
    const Json config = Json::object(
        {{"jwt-auth", Json::object({{"key", "jack-key"}, {"secret", std::string(kSecret)}})}});
    window->session().workspace().update(
        {{consumerKey("jack"), Json::object({{"username", "jack"}})},
         {credentialKey("jack", "one"), Json::object({{"plugins", config}})}},
        true);
    window->showPage(QStringLiteral("tokens"));
    auto *page = window->findChild<TokensPage *>();
    runUntil([page] { return !page->document().ring().credentials().empty(); });
    struct Size
    {
        std::size_t bytes;
        double budget;
        std::array<const char *, 2> names;
    };
    std::vector<Figure> figures;
    for (const Size &size :
         {Size{1'000,
               16,
               {"1 kB token: keystroke to verdict", "1 kB token: the same in its payload"}},
          Size{200'000,
               100,
               {"200 kB token: keystroke to verdict", "200 kB token: the same in its payload"}}}) {
        for (std::size_t i = 0; i < 2; ++i) {
            page->document().setText(signedToken(size.bytes), TokenSource::Pasted);
            auto *edit = page->findChild<OctetEdit *>(i == 0 ? QStringLiteral("tokenEncoded")
                                                             : QStringLiteral("tokenPayload"));
            figures.push_back({size.names[i], keystroke(*page, *edit), size.budget, "ms"});
        }
    }
    return figures;
}

/// Notes when a widget was painted.
class PaintWatch : public QObject
{
public:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        m_painted = m_painted || event->type() == QEvent::Paint;
        return QObject::eventFilter(watched, event);
    }
    [[nodiscard]] bool painted() const noexcept { return m_painted; }
    void reset() noexcept { m_painted = false; }

private:
    bool m_painted = false;
};

std::vector<Edit> matrixObjects()
{
    constexpr int kConsumers = 500, kRoutes = 200;
    std::vector<Edit> edits;
    for (int i = 0; i < kConsumers; ++i) {
        const std::string name = "consumer-" + std::to_string(i);
        edits.push_back(
            {consumerKey(name),
             Json::object(
                 {{"username", name},
                  {"labels", Json::object({{"team", "team-" + std::to_string(i % 20)}})},
                  {"plugins",
                   Json::object({{"key-auth", Json::object({{"key", name + "-key"}})}})}})});
    }
    for (int i = 0; i < kRoutes; ++i) {
        const std::string id = "r" + std::to_string(i);
        const Json teams(Json::Array{Json("team-" + std::to_string(i % 20))});
        edits.push_back(
            {"/routes/" + id,
             Json::object({{"uri", "/service/" + id},
                           {"plugins",
                            Json::object({{"key-auth", Json::object()},
                                          {"acl",
                                           Json::object({{"allow_labels",
                                                          Json::object({{"team", teams}})}})}})},
                           {"upstream",
                            Json::object({{"type", "roundrobin"},
                                          {"nodes", Json::object({{"127.0.0.1:1", 1}})}})}})});
    }
    return edits;
}

std::vector<Figure> matrixFigures(const QTemporaryDir &home)
{
    const auto window = makeWindow(home);
    window->showPage(QStringLiteral("consumers"));
    window->session().workspace().update(matrixObjects(), true);
    const auto *model = window->findChild<AccessModel *>();
    const auto *view = window->findChild<QTableView *>(QStringLiteral("matrix"));
    for (int i = 0; i < 10; ++i) // as after a while
        QApplication::processEvents();
    PaintWatch watch;
    view->viewport()->installEventFilter(&watch);
    bool recomputed = false;
    QObject::connect(model, &AccessModel::recomputed, &watch, [&recomputed] { recomputed = true; });
    QElapsedTimer timer;
    timer.start();
    window->showPage(QStringLiteral("access"));
    runUntil([&] { return watch.painted() && model->columnCount() == 200; });
    const auto first = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    runUntil([&] { return recomputed; });
    QApplication::processEvents();
    const auto settled = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    double slowest = 0;
    for (int i = 0; i < 20; ++i) {
        QKeyEvent press(QEvent::KeyPress, i % 2 == 0 ? Qt::Key_PageDown : Qt::Key_Right,
                        Qt::NoModifier);
        timer.start();
        QApplication::sendEvent(const_cast<QTableView *>(view), &press);
        QApplication::processEvents();
        slowest = std::max(slowest, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    Json route = *window->session().workspace().value("/routes/r1");
    route.set("plugins", Json::object({{"key-auth", Json::object()}}));
    window->session().workspace().stage(QStringLiteral("open"), {{"/routes/r1", std::move(route)}});
    const auto *flips = window->findChild<QLabel *>(QStringLiteral("flips"));
    QElapsedTimer all;
    all.start();
    double silence = 0;
    while (!flips->text().contains(QStringLiteral("r1")) && all.elapsed() < 60'000) {
        timer.start();
        QApplication::processEvents(QEventLoop::AllEvents, 1);
        silence = std::max(silence, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    return {{"matrix 500 x 200: first paint", first, 100, "ms"},
            {"matrix 500 x 200: decided anew and painted", settled, 200, "ms"},
            {"matrix 500 x 200: a keystroke that moves", slowest, 50, "ms"},
            {"matrix 500 x 200: silence while an edit is staged", silence, 100, "ms"}};
}

using Row = std::vector<Figure> (*)(const QTemporaryDir &);
constexpr std::array<Row, 5> kRows{windowFigures, trafficFigures, consumerFigures, tokenFigures,
                                   matrixFigures};

} // namespace

int main(int argc, char **argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QTemporaryDir home;
    for (const char *name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
                             "XDG_RUNTIME_DIR"})
        qputenv(name, home.path().toLocal8Bit());
    const QApplication application(argc, argv);
    std::printf("%-48s %10s %10s\n", "", "measured", "budget");
    bool within = true;
    for (const Row row : kRows) {
        for (const Figure &figure : row(home)) {
            std::printf("%-48s %7.1f %s %7.0f %s\n", figure.name, figure.value, figure.unit,
                        figure.budget, figure.unit);
            within = within && figure.value <= figure.budget;
        }
    }
    return within ? 0 : 1;
}
