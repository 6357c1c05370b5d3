// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/client.h"
#include "gui/session/workspace.h"
#include "tests/cli/gateway_process.h"
#include "tests/support/stage.h"

#include <QAbstractItemView>
#include <QAction>
#include <QLabel>
#include <QProcess>
#include <QSignalSpy>
#include <QToolButton>

#include <atomic>
#include <csignal>
#include <thread>

#include <sys/resource.h>

using namespace postern;
using namespace postern::test;
using gui::Session;
using gui::Stage;

/// What goes wrong outside: the window says so, stands, and loses no edit.
class tst_ScenariosHardship : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theGatewayIsKilledUnderTraffic();
    void aGatewayThatNeverAnsweredIsNoStoppedOne();
    void theStoreFileIsRemovedUnderAGateway();
    void theDiskIsFullWhileSaving();
    void anotherStoreDoesNotTakeStagedEditsAlong();

private:
    static void stageTeam(Stage &stage, const char *team);
    /// How many notices on the screen hold this text.
    static qsizetype count(const Stage &stage, const QString &text);
    static bool says(const Stage &stage, const QString &text) { return count(stage, text) > 0; }
};

namespace {

/// Sends requests until it goes out of scope; whether anybody answers does not matter.
class Traffic
{
public:
    explicit Traffic(std::uint16_t port)
        : m_thread([this, port] {
              const gateway::ControlClient client(
                  *gateway::parseServerAddress("http://127.0.0.1:" + std::to_string(port)));
              while (!m_stop)
                  static_cast<void>(client.send({.target = "/nowhere"}));
          })
    {
    }
    ~Traffic()
    {
        m_stop = true;
        m_thread.join();
    }

private:
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
};

bool answers(const gateway::GatewayAddresses &addresses)
{
    const auto proxy = gateway::parseServerAddress(addresses.proxyUrl());
    const auto answer = gateway::ControlClient(*proxy).send({.target = "/nowhere"});
    return answer && answer->status == 404;
}

} // namespace

void tst_ScenariosHardship::initTestCase()
{
    std::signal(SIGXFSZ, SIG_IGN); // a full disk is an error, not a signal
}

void tst_ScenariosHardship::stageTeam(Stage &stage, const char *team)
{
    stage.workspace().stage(
        QStringLiteral("Change labels of jack"),
        {{"/consumers/jack",
          Json::object({{"username", "jack"}, {"labels", Json::object({{"team", team}})}})}});
}

qsizetype tst_ScenariosHardship::count(const Stage &stage, const QString &text)
{
    const auto labels =
        const_cast<Stage &>(stage).window().findChildren<QLabel *>(QStringLiteral("toastText"));
    return std::ranges::count_if(labels, [&text](const QLabel *label) {
        return label->isVisible() && label->text().contains(text);
    });
}

void tst_ScenariosHardship::theGatewayIsKilledUnderTraffic()
{
    Stage stage(Stage::Options{.open = false});
    const std::string control = "unix:" + stage.path(QStringLiteral("g.sock")).toStdString();
    const std::vector<std::string> arguments{"--store", stage.store(), "--control", control};
    auto gateway = std::make_unique<GatewayProcess>(arguments);
    QVERIFY(gateway->ready());
    QCOMPARE(gateway->admin("PUT", "/consumers/jack", R"({"username":"jack"})").status, 201);
    QSignalSpy traces(&stage.session(), &Session::tracesArrived);
    stage.window().attach(control);
    QVERIFY(Stage::wait([&] { return stage.workspace().stored("/consumers/jack") != nullptr; }));
    stage.window().showPage(QStringLiteral("gateway"));
    stageTeam(stage, "sales");
    {
        const Traffic traffic(gateway->port("proxy"));
        const auto *counts = stage.find<QLabel>(QStringLiteral("trafficCounts"));
        QVERIFY(counts);
        QVERIFY(Stage::wait([&] { return !counts->text().startsWith(QStringLiteral("0 ")); }));
        gateway->process().kill();
        QVERIFY(gateway->process().waitForFinished());
        QVERIFY(Stage::wait([&] { return stage.session().state() == Session::State::Lost; }));
    }
    QVERIFY(says(stage, QStringLiteral("does not answer. Changes are kept")));
    QVERIFY(says(stage, QString::fromStdString(control)));
    const auto *state = stage.find<QToolButton>(QStringLiteral("gatewayState"));
    QVERIFY2(state->text().contains(QStringLiteral("does not answer")), qPrintable(state->text()));
    QVERIFY(stage.workspace().isStaged("/consumers/jack"));
    const auto *name = stage.find<QLabel>(QStringLiteral("storeName"));
    QVERIFY(name && name->text().contains(QStringLiteral("changed")));
    auto *const list = stage.find<QAbstractItemView>(QStringLiteral("traffic"));
    list->setCurrentIndex(list->model()->index(0, 0));
    for (const char *const id : {"traffic.repeat", "traffic.repeatFresh", "traffic.repeatAs",
                                 "traffic.repeatBare"}) { // nobody would take it
        const QAction *const action = stage.window().commands().action(QString::fromLatin1(id));
        QVERIFY2(!action->isEnabled(), id);
        QVERIFY2(action->toolTip().contains(QStringLiteral("does not answer")), id);
    }
    QVERIFY(stage.window().commands().action(QStringLiteral("traffic.compare"))->isEnabled());
    QVERIFY2(stage.shoot(QStringLiteral("gateway-killed")), stage.faults());

    stage.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(Stage::wait([&] { return says(stage, QStringLiteral("Nothing was saved")); }));
    QVERIFY(stage.workspace().isStaged("/consumers/jack"));
    for (const char *page : {"consumers", "tokens", "gateway", "access"})
        stage.window().showPage(QString::fromLatin1(page));

    // another process, with another admin key and other ports
    const std::string oldKey(gateway->readyLine().stringOr("admin_key", ""));
    gateway = std::make_unique<GatewayProcess>(arguments);
    QVERIFY(gateway->ready());
    QVERIFY(gateway->readyLine().stringOr("admin_key", "") != oldKey);
    QVERIFY(Stage::wait([&] { return stage.session().state() == Session::State::Attached; }));
    QVERIFY(Stage::wait([&] { return says(stage, QStringLiteral("is back.")); }));
    QVERIFY(stage.window().commands().action(QStringLiteral("traffic.repeat"))->isEnabled());
    QCOMPARE(stage.session().addresses()->proxy.port, gateway->port("proxy"));
    QVERIFY(stage.workspace().isStaged("/consumers/jack"));
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(Stage::wait([&] { return !stage.workspace().isDirty(); }));
    const Answer stored = gateway->admin("GET", "/consumers/jack");
    QVERIFY2(stored.text.contains(R"("team":"sales")"), stored.text.c_str());
    traces.clear();
    const Traffic traffic(gateway->port("proxy"));
    QVERIFY(Stage::wait([&] { return !traces.empty(); }));
}

void tst_ScenariosHardship::aGatewayThatNeverAnsweredIsNoStoppedOne()
{
    Stage stage(Stage::Options{.open = false});
    stage.window().attach("unix:" + stage.path(QStringLiteral("nobody.sock")).toStdString());
    QVERIFY(Stage::wait([&] { return says(stage, QStringLiteral("nobody.sock does not")); }));
    stage.window().showPage(QStringLiteral("gateway"));
    QVERIFY(!stage.find(QStringLiteral("startGateway"))); // it is not ours to start
}

void tst_ScenariosHardship::theStoreFileIsRemovedUnderAGateway()
{
    Stage stage;
    gateway::GatewayOptions options;
    options.proxy.port = options.admin.port = 0;
    stage.session().startGateway(std::move(options));
    QVERIFY(Stage::wait([&] { return stage.session().state() == Session::State::Running; }));
    stage.workspace().commit(QStringLiteral("Add jack"),
                             {{"/consumers/jack", Json::object({{"username", "jack"}})}});
    QVERIFY(Stage::wait([&] { return stage.workspace().stored("/consumers/jack") != nullptr; }));
    stageTeam(stage, "sales");
    const QString file = stage.path(QStringLiteral("scenario.postern"));
    const QString aside = stage.path(QStringLiteral("aside.postern"));
    QVERIFY(QFile::rename(file, aside));
    QVERIFY(Stage::wait([&] { return says(stage, QStringLiteral("the file is gone")); }));
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(Stage::wait([&] { return says(stage, QStringLiteral("Nothing was saved")); }));
    QVERIFY(stage.workspace().isStaged("/consumers/jack"));
    QVERIFY(stage.workspace().stored("/consumers/jack"));
    QCOMPARE(stage.session().state(), Session::State::Running);
    QVERIFY(answers(*stage.session().addresses()));
    QCOMPARE(count(stage, QStringLiteral("the file is gone")), 1); // not again without the edit
    QVERIFY2(stage.shoot(QStringLiteral("store-removed")), stage.faults());

    QVERIFY(QFile::rename(aside, file)); // it comes back
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(Stage::wait([&] { return !stage.workspace().isDirty(); }));
}

void tst_ScenariosHardship::theDiskIsFullWhileSaving()
{
    Stage stage;
    stage.workspace().commit(QStringLiteral("Add jack"),
                             {{"/consumers/jack", Json::object({{"username", "jack"}})}});
    QVERIFY(Stage::wait([&] { return stage.workspace().stored("/consumers/jack") != nullptr; }));
    stageTeam(stage, "sales");
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit none = before;
    none.rlim_cur = 512; // nothing that SQLite writes fits
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &none), 0);
    stage.press(Qt::Key_S, Qt::ControlModifier);
    const bool told = Stage::wait([&] { return says(stage, QStringLiteral("Nothing was saved")); });
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(told);
    QVERIFY(stage.workspace().isStaged("/consumers/jack"));
    QVERIFY(stage.window().isWindowModified());
    QVERIFY2(stage.shoot(QStringLiteral("disk-full")), stage.faults());
    stage.press(Qt::Key_S, Qt::ControlModifier); // there is room again
    QVERIFY(Stage::wait([&] { return !stage.workspace().isDirty(); }));
}

void tst_ScenariosHardship::anotherStoreDoesNotTakeStagedEditsAlong()
{
    Stage stage;
    stage.workspace().stage(QStringLiteral("Add jack"),
                            {{"/consumers/jack", Json::object({{"username", "jack"}})}});
    const QString other = stage.path(QStringLiteral("other.postern"));
    stage.window().openFile(other);
    const auto *question = stage.find(QStringLiteral("closeQuestion"));
    QVERIFY(question);
    QVERIFY(Stage::wait([&] {
        return QApplication::focusWidget() && QApplication::focusWidget()->window() == question;
    }));
    stage.press(Qt::Key_Escape); // Cancel
    QVERIFY(Stage::wait([&] { return !stage.find(QStringLiteral("closeQuestion")); }));
    QVERIFY(stage.workspace().isStaged("/consumers/jack"));
    QCOMPARE(stage.session().store(), stage.store());

    stage.window().openFile(other);
    QVERIFY(Stage::wait([&] {
        const QWidget *focus = QApplication::focusWidget();
        return focus && focus->window() == stage.find(QStringLiteral("closeQuestion"));
    }));
    stage.press(Qt::Key_Return); // Save
    QVERIFY(Stage::wait([&] { return stage.session().store().ends_with("other.postern"); }));
    QVERIFY(!stage.workspace().isDirty());
    stage.window().openFile(stage.path(QStringLiteral("scenario.postern")));
    QVERIFY(Stage::wait([&] { return stage.workspace().stored("/consumers/jack") != nullptr; }));
}

QTEST_MAIN(tst_ScenariosHardship)
#include "tst_scenarios_hardship.moc"
