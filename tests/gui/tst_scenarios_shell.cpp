// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/client.h"
#include "gui/session/workspace.h"
#include "gui/theme/theme.h"
#include "tests/support/stage.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QTextEdit>

using namespace postern;
using gui::Stage;

/// Scenarios of the window itself; the pages' are in tst_scenarios_*.
class tst_ScenariosShell : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void g10_palette();
    void g24_lock();
    void privacyModeHidesWhoItIs();
    void g25_secondStartOpensItsFileInTheFirst_data();
    void g25_secondStartOpensItsFileInTheFirst();
    void g26_pagesInOtherClothes_data();
    void g26_pagesInOtherClothes();
    void g26_twiceAsLarge();
    void dialogsLookRight_data();
    void dialogsLookRight();

private:
    static void addJack(Stage &stage);
    static QStringList textsOf(const QWidget &root);
};

namespace {

const QString kSecret = QStringLiteral("jack-hs256-secret-of-32-octets-xx");
const QStringList kPages{QStringLiteral("consumers"), QStringLiteral("tokens"),
                         QStringLiteral("gateway"), QStringLiteral("access")};

} // namespace

void tst_ScenariosShell::addJack(Stage &stage)
{
    const Json login = Json::object({{"key", "jack-key"}, {"secret", kSecret.toStdString()}});
    const Json upstream =
        Json::object({{"type", "roundrobin"}, {"nodes", Json::object({{"httpbin.org:80", 1}})}});
    stage.workspace().commit(
        QStringLiteral("Add jack"),
        {{"/consumers/jack",
          Json::object({{"username", "jack"}, {"labels", Json::object({{"team", "platform"}})}})},
         {"/consumers/jack/credentials/cred-jack-jwt-auth",
          Json::object({{"plugins", Json::object({{"jwt-auth", login}})}})},
         {"/routes/jwt-route",
          Json::object({{"uri", "/headers"},
                        {"plugins", Json::object({{"jwt-auth", Json::object()}})},
                        {"upstream", upstream}})}});
    QVERIFY(Stage::wait([&] {
        return stage.workspace().stored("/routes/jwt-route") && !stage.workspace().isWriting();
    }));
}

/// Every text that a widget shows or holds.
QStringList tst_ScenariosShell::textsOf(const QWidget &root)
{
    QStringList texts;
    const auto widgets = root.findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        if (const auto *line = qobject_cast<const QLineEdit *>(widget))
            texts << line->text();
        if (const auto *edit = qobject_cast<const QPlainTextEdit *>(widget))
            texts << edit->toPlainText();
        if (const auto *edit = qobject_cast<const QTextEdit *>(widget))
            texts << edit->toPlainText();
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            texts << label->text();
        texts << widget->toolTip() << widget->accessibleName();
        const auto *view = qobject_cast<const QAbstractItemView *>(widget);
        if (!view || !view->model())
            continue;
        for (int row = 0; row < view->model()->rowCount(); ++row)
            for (int column = 0; column < view->model()->columnCount(); ++column)
                texts << view->model()->index(row, column).data().toString();
    }
    return texts;
}

void tst_ScenariosShell::g10_palette()
{
    Stage stage;
    addJack(stage);
    stage.press(Qt::Key_K, Qt::ControlModifier);
    stage.type(QStringLiteral("mint ja"));
    QVERIFY2(stage.shoot(QStringLiteral("G-10-palette")), stage.faults());
    stage.press(Qt::Key_Return);
    QVERIFY(!stage.find(QStringLiteral("palette")));
    QCOMPARE(stage.window().currentPage()->id(), QStringLiteral("tokens"));
    QVERIFY(Stage::wait([&] {
        const auto *consumer = stage.find<QComboBox>(QStringLiteral("mintConsumer"));
        return consumer && consumer->currentText().contains(QStringLiteral("jack"));
    }));
    QVERIFY2(stage.shoot(QStringLiteral("G-10")), stage.faults());

    stage.press(Qt::Key_K, Qt::ControlModifier);
    stage.type(QStringLiteral(">save changes"));
    const auto *list = stage.find<QListView>(QStringLiteral("paletteList"));
    QVERIFY(list);
    QVERIFY(list->currentIndex()
                .data(Qt::AccessibleTextRole)
                .toString()
                .contains(QStringLiteral("Nothing has changed.")));
    stage.press(Qt::Key_Escape);
    QVERIFY(!stage.find(QStringLiteral("palette")));
}

void tst_ScenariosShell::g24_lock()
{
    Stage stage;
    addJack(stage);
    gateway::GatewayOptions options;
    options.proxy.port = options.admin.port = 0;
    stage.session().startGateway(std::move(options));
    QVERIFY(Stage::wait([&] { return stage.session().state() == gui::Session::State::Running; }));
    stage.window().openObject("/consumers/jack/credentials/cred-jack-jwt-auth");
    stage.press(Qt::Key_H, Qt::ControlModifier | Qt::ShiftModifier);
    stage.clipboard().copySecret(kSecret);

    stage.press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(stage.window().isLocked());
    QVERIFY(stage.find(QStringLiteral("lockBanner")));
    QVERIFY(QApplication::clipboard()->text().isEmpty());
    for (const QString &page : kPages) {
        stage.window().showPage(page);
        stage.press(Qt::Key_H, Qt::ControlModifier | Qt::ShiftModifier); // tries to reveal
        QVERIFY2(textsOf(stage.window()).filter(kSecret).isEmpty(), qPrintable(page));
    }
    const Json *const sealed =
        stage.workspace().stored("/consumers/jack/credentials/cred-jack-jwt-auth");
    QVERIFY(sealed && !sealed->dump().contains(kSecret.toStdString()));
    const QAction *preview = stage.window().commands().action(QStringLiteral("file.preview"));
    QVERIFY(!preview->isEnabled()); // it would show bodies
    stage.window().showPage(QStringLiteral("consumers"));
    QVERIFY2(stage.shoot(QStringLiteral("G-24")), stage.faults());

    const auto proxy = gateway::parseServerAddress(stage.session().addresses()->proxyUrl());
    QVERIFY(proxy);
    const auto answer = gateway::ControlClient(*proxy).send({.target = "/headers"});
    QVERIFY(answer);
    QCOMPARE(answer->status, 401);

    QVERIFY(stage.click(QStringLiteral("unlock")));
    QVERIFY(!stage.window().isLocked());
    QVERIFY(!stage.find(QStringLiteral("lockBanner")));
    const Json *const open =
        stage.workspace().stored("/consumers/jack/credentials/cred-jack-jwt-auth");
    QVERIFY(open && open->dump().contains(kSecret.toStdString()));
    stage.press(Qt::Key_H, Qt::ControlModifier | Qt::ShiftModifier); // and shown again
    QVERIFY(Stage::wait([&] { return !textsOf(stage.window()).filter(kSecret).isEmpty(); }));
}

void tst_ScenariosShell::privacyModeHidesWhoItIs()
{
    Stage stage;
    addJack(stage);
    gateway::GatewayOptions options;
    options.proxy.port = options.admin.port = 0;
    stage.session().startGateway(std::move(options));
    QVERIFY(Stage::wait([&] { return stage.session().state() == gui::Session::State::Running; }));
    stage.window().openObject("/consumers/jack");
    const auto proxy = gateway::parseServerAddress(stage.session().addresses()->proxyUrl());
    stage.window().showPage(QStringLiteral("gateway"));
    QVERIFY(Stage::wait([&] { // headers of what is sent before are not recorded
        return stage.window().commands().action(QStringLiteral("traffic.record"))->isChecked();
    }));
    const auto traffic = [&stage] {
        return stage.find<QAbstractItemView>(QStringLiteral("traffic"));
    };
    // the stream of traces begins when it is connected: ask until the list has a row
    QVERIFY(Stage::wait([&] {
        return gateway::ControlClient(*proxy).send(
                   {.target = "/headers?who=jack", .headers = {{"X-Own", "header-of-mine"}}})
            && traffic() != nullptr;
    }));
    auto *list = traffic();
    list->setCurrentIndex(list->model()->index(0, 0));
    const QString mine = QStringLiteral("header-of-mine");
    QVERIFY(Stage::wait([&] { return !textsOf(stage.window()).filter(mine).isEmpty(); }));
    static const QRegularExpression jack(QStringLiteral("\\bjack\\b"));
    QVERIFY(!textsOf(stage.window()).filter(jack).isEmpty());

    QAction *command = stage.window().commands().action(QStringLiteral("view.privacy"));
    command->trigger();
    QVERIFY(command->isChecked());
    QVERIFY(stage.find(QStringLiteral("privacyState")));
    for (const QString &page : kPages) {
        stage.window().showPage(page);
        const auto *const reasons = stage.find<QPlainTextEdit>(QStringLiteral("cellText"));
        QVERIFY(!reasons || reasons->placeholderText().contains(QStringLiteral("privacy mode")));
        QVERIFY(!reasons || reasons->toPlainText().isEmpty());
        QVERIFY2(stage.shoot(QStringLiteral("privacy-") + page), stage.faults());
    }
    const auto views = stage.window().findChildren<QAbstractItemView *>();
    for (const QAbstractItemView *view : views) {
        if (view->window() != &stage.window())
            continue; // what a choice pops up is being typed
        for (int row = 0; view->model() && row < view->model()->rowCount(); ++row) {
            for (int column = 0; column < view->model()->columnCount(); ++column) {
                const QString text = view->model()->index(row, column).data().toString();
                QVERIFY2(!text.contains(jack) && !text.contains(mine),
                         qPrintable(view->objectName() + QLatin1Char(' ') + text));
            }
        }
    }
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // notices that are gone
    const auto labels = stage.window().findChildren<QLabel *>();
    for (const QLabel *label : labels)
        QVERIFY2(!label->text().contains(jack),
                 qPrintable(label->objectName() + QStringLiteral(": ") + label->text()));

    QVERIFY(stage.click(QStringLiteral("privacyState"))); // and all is back
    QVERIFY(!command->isChecked());
    QVERIFY(!textsOf(stage.window()).filter(mine).isEmpty());
}

void tst_ScenariosShell::g25_secondStartOpensItsFileInTheFirst_data()
{
    QTest::addColumn<bool>("overBus");
    QTest::newRow("over the user's bus") << true;
    QTest::newRow("over the socket, without a bus") << false;
}

/// The real program, twice.
void tst_ScenariosShell::g25_secondStartOpensItsFileInTheFirst()
{
    QFETCH(bool, overBus);
    const QTemporaryDir home;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
                             "XDG_RUNTIME_DIR", "POSTERN_HOME"}) {
        const QString folder = home.filePath(QString::fromLatin1(name).toLower());
        QVERIFY(QDir().mkpath(folder));
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        environment.insert(QString::fromLatin1(name), folder);
    }
    environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
    QProcess bus;
    if (overBus) {
        bus.start(QStringLiteral("dbus-daemon"),
                  {QStringLiteral("--session"), QStringLiteral("--nofork"),
                   QStringLiteral("--print-address")});
        QVERIFY(bus.waitForReadyRead(60'000));
        environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
                           QString::fromUtf8(bus.readLine().trimmed()));
    }
    const QString program = QStringLiteral(POSTERN_GUI_BINARY);
    QProcess first, second;
    for (QProcess *process : {&first, &second}) {
        process->setProcessEnvironment(environment);
        process->setWorkingDirectory(home.path());
        process->setProcessChannelMode(QProcess::ForwardedChannels);
    }
    first.start(program, QStringList());
    const QString own = home.filePath(QStringLiteral("xdg_data_home/postern/default.postern"));
    const QString settings = home.filePath(QStringLiteral("xdg_config_home/postern/gui.ini"));
    // its event loop writes the settings: from then on it answers a second start in time
    QVERIFY(Stage::wait([&] { return QFile::exists(own) && QFile::exists(settings); }));
    const QString file = home.filePath(QStringLiteral("second.postern"));
    second.start(program, {QStringLiteral("second.postern")}); // as seen from where it starts
    QVERIFY(Stage::wait([&] { return second.state() == QProcess::NotRunning; }));
    QCOMPARE(second.exitStatus(), QProcess::NormalExit);
    QCOMPARE(second.exitCode(), 0); // it opened no window of its own
    QVERIFY(Stage::wait([&] { return QFile::exists(file); }));
    QCOMPARE(first.state(), QProcess::Running);
    first.terminate(); // ends in order, and has kept what it opened last
    QVERIFY(Stage::wait([&] { return first.state() == QProcess::NotRunning; }));
    QCOMPARE(first.exitStatus(), QProcess::NormalExit);
    const QSettings kept(settings, QSettings::IniFormat);
    QCOMPARE(kept.value(QStringLiteral("store/last")).toString(), QStringLiteral("sqlite:") + file);
    bus.terminate();
    QVERIFY(bus.state() == QProcess::NotRunning || bus.waitForFinished());
}

void tst_ScenariosShell::g26_pagesInOtherClothes_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("language");
    QTest::addColumn<bool>("reversed");
    for (const QString &page : kPages) {
        QTest::addRow("%s", qPrintable(page)) << page << QString() << false;
        QTest::addRow("%s, German", qPrintable(page)) << page << QStringLiteral("de") << false;
        QTest::addRow("%s, right to left", qPrintable(page)) << page << QString() << true;
    }
}

void tst_ScenariosShell::g26_pagesInOtherClothes()
{
    QFETCH(QString, page);
    QFETCH(QString, language);
    QFETCH(bool, reversed);
    Stage stage(Stage::Options{.open = true, .reversed = reversed, .language = language});
    addJack(stage);
    stage.window().openObject("/consumers/jack");
    stage.window().showPage(page);
    const QString clothes = reversed ? QStringLiteral("-reversed")
        : language.isEmpty()         ? QString()
                                     : QLatin1Char('-') + language;
    QVERIFY2(stage.shoot(QStringLiteral("G-26-") + page + clothes), stage.faults());
}

/// The scale is read when the application starts: this test starts itself again.
void tst_ScenariosShell::g26_twiceAsLarge()
{
    if (qEnvironmentVariable("QT_SCALE_FACTOR") == QLatin1String("2")) {
        Stage stage;
        QCOMPARE(stage.window().devicePixelRatio(), 2.0);
        addJack(stage);
        for (const QString &page : kPages) {
            stage.window().showPage(page);
            QVERIFY2(stage.shoot(QStringLiteral("G-26-%1-scale2").arg(page)), stage.faults());
        }
        return;
    }
    QProcess again;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("QT_SCALE_FACTOR"), QStringLiteral("2"));
    again.setProcessEnvironment(environment);
    again.setProcessChannelMode(QProcess::MergedChannels);
    again.start(QCoreApplication::applicationFilePath(), {QStringLiteral("g26_twiceAsLarge")});
    QVERIFY(again.waitForFinished(200'000));
    QVERIFY2(again.exitCode() == 0, again.readAll().constData());
}

void tst_ScenariosShell::dialogsLookRight_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("dialog");
    const auto row = [](const char *name, const char *command, const char *dialog) {
        QTest::newRow(name) << QString::fromLatin1(command) << QString::fromLatin1(dialog);
    };
    row("shortcuts", "help.shortcuts", "shortcutSheet");
    row("settings", "file.settings", "settings");
    row("preview", "file.preview", "preview");
    row("attach", "file.attach", "attach");
    row("messages", "view.notices", "noticeHistory");
}

void tst_ScenariosShell::dialogsLookRight()
{
    QFETCH(QString, command);
    QFETCH(QString, dialog);
    Stage stage;
    addJack(stage);
    stage.workspace().stage(
        QStringLiteral("Change labels of jack"),
        {{"/consumers/jack",
          Json::object({{"username", "jack"}, {"labels", Json::object({{"team", "sales"}})}})}});
    stage.window().commands().action(command)->trigger();
    QVERIFY(stage.find(dialog));
    QVERIFY2(stage.shoot(QStringLiteral("dialog-") + dialog), stage.faults());
    stage.press(Qt::Key_Escape);
    QVERIFY(Stage::wait([&] { return !stage.find(dialog); }));
}

QTEST_MAIN(tst_ScenariosShell)
#include "tst_scenarios_shell.moc"
