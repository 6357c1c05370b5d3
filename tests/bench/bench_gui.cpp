// SPDX-License-Identifier: Apache-2.0
// The desktop application beside its budgets: traffic, filters, window
#include "gui/models/consumer_edits.h"
#include "gui/models/consumers_filter.h"
#include "gui/models/consumers_model.h"
#include "gui/models/object_lint.h"
#include "gui/models/seen_times.h"
#include "gui/models/traffic_feed.h"
#include "gui/models/traffic_filter_model.h"
#include "gui/session/workspace.h"
#include "gui/shell/main_window.h"
#include "gui/traffic/page.h"

#include <QApplication>
#include <QElapsedTimer>
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

using Row = std::vector<Figure> (*)(const QTemporaryDir &);
constexpr std::array<Row, 3> kRows{windowFigures, trafficFigures, consumerFigures};

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
