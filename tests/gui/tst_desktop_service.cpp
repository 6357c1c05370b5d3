// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/client.h"
#include "gui/desktop/lock_signals.h"
#include "gui/desktop/single_instance.h"
#include "gui/desktop/window_service.h"
#include "gui/session/workspace.h"
#include "tests/support/stage.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCall>
#include <QDBusVariant>
#include <QProcess>
#include <QSignalSpy>

#include <memory>

using namespace postern;
using gui::LockSignals;
using gui::Session;
using gui::SingleInstance;
using gui::Stage;

/// As much of org.freedesktop.login1 as is asked for.
class FakeLogin : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")
public Q_SLOTS:
    QDBusObjectPath GetSessionByPID(quint32) // NOLINT(readability-identifier-naming)
    {
        asked = true;
        return QDBusObjectPath(QStringLiteral("/org/freedesktop/login1/session/_37"));
    }

public:
    bool asked = false;
};

/// Hears what is told on the bus.
class Listener : public QObject
{
    Q_OBJECT
public:
    QList<QVariantMap> decided;
    QStringList states;
public Q_SLOTS:
    void take(const QVariantMap &request) { decided << request; }
    void changed(const QString &, const QVariantMap &values, const QStringList &)
    {
        states << values.value(QStringLiteral("State")).toString();
    }
};

/// A bus of its own, and what is said over it.
class tst_DesktopService : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void locksWhenTheScreenDoes_data();
    void locksWhenTheScreenDoes();
    void startsAndStopsTheGateway();
    void mintsATokenAndNoSecret();
    void tellsWhatWasDecided();
    void refusesBeforeThereIsAWindow();

private:
    [[nodiscard]] QDBusConnection connection(const char *name) const
    {
        return QDBusConnection::connectToBus(m_address, QString::fromLatin1(name));
    }
    /// What was sent before it has reached the bus by then.
    [[nodiscard]] static bool roundTrip(const QDBusConnection &bus);
    /// Asks the application over the bus. \return the answer; an error message too
    [[nodiscard]] QDBusMessage ask(const char *interface, const char *method,
                                   const QVariantList &arguments = {}) const;

    QProcess m_bus;
    QString m_address;
};

void tst_DesktopService::initTestCase()
{
    m_bus.start(QStringLiteral("dbus-daemon"),
                {QStringLiteral("--session"), QStringLiteral("--nofork"),
                 QStringLiteral("--print-address")});
    QVERIFY(m_bus.waitForReadyRead());
    m_address = QString::fromUtf8(m_bus.readLine().trimmed());
    qunsetenv("XDG_SESSION_ID");
}

void tst_DesktopService::cleanupTestCase()
{
    for (const char *name : {"first", "other", "login"})
        QDBusConnection::disconnectFromBus(QString::fromLatin1(name));
    m_bus.terminate();
    m_bus.waitForFinished();
}

bool tst_DesktopService::roundTrip(const QDBusConnection &bus)
{
    const QDBusPendingCall call = bus.asyncCall(QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
        QStringLiteral("org.freedesktop.DBus"), QStringLiteral("GetId")));
    return Stage::wait([&] { return call.isFinished(); });
}

QDBusMessage tst_DesktopService::ask(const char *interface, const char *method,
                                     const QVariantList &arguments) const
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        QStringLiteral("dev.postern.Postern"), QStringLiteral("/dev/postern/Postern"),
        QString::fromLatin1(interface), QString::fromLatin1(method));
    call.setArguments(arguments);
    const QDBusPendingCall pending = connection("other").asyncCall(call);
    if (!Stage::wait([&] { return pending.isFinished(); }))
        return {};
    return pending.reply();
}

void tst_DesktopService::locksWhenTheScreenDoes_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("interface");
    QTest::addColumn<QString>("signal");
    QTest::addColumn<QVariantList>("arguments");
    QTest::addColumn<bool>("locks");
    const auto row = [](const char *name, const char *path, const char *interface,
                        const char *signal, const QVariantList &arguments, bool locks) {
        QTest::newRow(name) << QString::fromLatin1(path) << QString::fromLatin1(interface)
                            << QString::fromLatin1(signal) << arguments << locks;
    };
    constexpr auto kManager = "org.freedesktop.login1.Manager";
    constexpr auto kSession = "org.freedesktop.login1.Session";
    row("the screen is locked", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver",
        "ActiveChanged", {true}, true);
    row("the screen is unlocked", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver",
        "ActiveChanged", {false}, false);
    row("GNOME's screen is locked", "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver",
        "ActiveChanged", {true}, true);
    row("the machine goes to sleep", "/org/freedesktop/login1", kManager, "PrepareForSleep", {true},
        true);
    row("the machine wakes up", "/org/freedesktop/login1", kManager, "PrepareForSleep", {false},
        false);
    row("the own session is locked", "/org/freedesktop/login1/session/_37", kSession, "Lock", {},
        true);
    row("another session is locked", "/org/freedesktop/login1/session/_38", kSession, "Lock", {},
        false);
}

void tst_DesktopService::locksWhenTheScreenDoes()
{
    QFETCH(QString, path);
    QFETCH(QString, interface);
    QFETCH(QString, signal);
    QFETCH(QVariantList, arguments);
    QFETCH(bool, locks);
    QDBusConnection desktop = connection("login");
    FakeLogin login;
    QVERIFY(desktop.registerObject(QStringLiteral("/org/freedesktop/login1"), &login,
                                   QDBusConnection::ExportAllSlots));
    QVERIFY(desktop.registerService(QStringLiteral("org.freedesktop.login1")));
    const LockSignals watch(connection("first"), connection("first"));
    QSignalSpy spy(&watch, &LockSignals::lockRequested);
    QVERIFY(Stage::wait([&] { return login.asked; }));
    // the answer has gone out, has come in, and what it made known is known to the bus
    for (const char *name : {"login", "first", "first"}) {
        QVERIFY(roundTrip(connection(name)));
        QCoreApplication::processEvents();
    }
    QDBusMessage message = QDBusMessage::createSignal(path, interface, signal);
    message.setArguments(arguments);
    QVERIFY(desktop.send(message));
    // this one counts always, and comes after it
    QDBusMessage last = QDBusMessage::createSignal(QStringLiteral("/x"),
                                                   QStringLiteral("org.freedesktop.ScreenSaver"),
                                                   QStringLiteral("ActiveChanged"));
    last << true;
    QVERIFY(desktop.send(last));
    QVERIFY(Stage::wait([&] { return spy.count() >= (locks ? 2 : 1); }));
    QCoreApplication::processEvents();
    QCOMPARE(spy.count(), locks ? 2 : 1);
    desktop.unregisterObject(QStringLiteral("/org/freedesktop/login1"));
    desktop.unregisterService(QStringLiteral("org.freedesktop.login1"));
}

void tst_DesktopService::startsAndStopsTheGateway()
{
    Stage stage;
    SingleInstance instance(connection("first"), {});
    QVERIFY(!instance.handOver({}));
    const gui::WindowService service(instance, stage.window());
    Listener listener;
    QVERIFY(connection("other").connect(
        QStringLiteral("dev.postern.Postern"), QStringLiteral("/dev/postern/Postern"),
        QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("PropertiesChanged"),
        &listener, SLOT(changed(QString, QVariantMap, QStringList))));
    const auto state = [this] {
        const QDBusMessage answer =
            ask("org.freedesktop.DBus.Properties", "Get",
                {QStringLiteral("dev.postern.Postern1"), QStringLiteral("State")});
        return answer.arguments().value(0).value<QDBusVariant>().variant().toString();
    };
    QCOMPARE(state(), QStringLiteral("stopped"));
    QCOMPARE(ask("dev.postern.Postern1", "StartGateway").type(), QDBusMessage::ReplyMessage);
    // the usual ports may be another program's: then the window asks, as at its own button
    QVERIFY(Stage::wait([&] {
        return stage.session().state() == Session::State::Running
            || QApplication::activeModalWidget();
    }));
    if (stage.session().state() != Session::State::Running) {
        QApplication::activeModalWidget()->close();
        gateway::GatewayOptions options;
        options.proxy.port = options.admin.port = 0;
        stage.session().startGateway(std::move(options));
        QVERIFY(Stage::wait([&] { return stage.session().state() == Session::State::Running; }));
    }
    QCOMPARE(state(), QStringLiteral("running"));
    QVERIFY(Stage::wait([&] { return listener.states.contains(QStringLiteral("running")); }));
    QCOMPARE(ask("dev.postern.Postern1", "StopGateway").type(), QDBusMessage::ReplyMessage);
    QVERIFY(Stage::wait([&] { return stage.session().state() == Session::State::Stopped; }));
    QCOMPARE(state(), QStringLiteral("stopped"));
}

void tst_DesktopService::mintsATokenAndNoSecret()
{
    Stage stage;
    SingleInstance instance(connection("first"), {});
    QVERIFY(!instance.handOver({}));
    const gui::WindowService service(instance, stage.window());
    const std::string secret = "jack-hs256-secret-of-32-octets-xx";
    stage.workspace().commit(
        {},
        {{"/consumers/jack", Json::object({{"username", "jack"}})},
         {"/consumers/jack/credentials/c",
          Json::object(
              {{"plugins",
                Json::object(
                    {{"jwt-auth", Json::object({{"key", "jack-key"}, {"secret", secret}})}})}})}});
    QVERIFY(Stage::wait([&] { return stage.workspace().stored("/consumers/jack/credentials/c"); }));
    const QVariantMap options{{QStringLiteral("ttl"), qint64{60}},
                              {QStringLiteral("claims"), QStringList{QStringLiteral("role=user")}}};
    const QDBusMessage minted =
        ask("dev.postern.Postern1", "MintToken", {QStringLiteral("jack"), options});
    QCOMPARE(minted.type(), QDBusMessage::ReplyMessage);
    const QString token = minted.arguments().value(0).toString();
    const QByteArray payload =
        QByteArray::fromBase64(token.section(u'.', 1, 1).toUtf8(), QByteArray::Base64UrlEncoding);
    QVERIFY2(payload.contains("\"key\":\"jack-key\""), payload.constData());
    QVERIFY2(payload.contains("\"role\":\"user\""), payload.constData());
    QVERIFY(!token.contains(QString::fromStdString(secret)));
    const QDBusMessage nobody =
        ask("dev.postern.Postern1", "MintToken", {QStringLiteral("nobody"), QVariantMap()});
    QCOMPARE(nobody.type(), QDBusMessage::ErrorMessage);
    QCOMPARE(nobody.errorName(), QStringLiteral("dev.postern.Error.Refused"));
    stage.window().setLocked(true);
    const QDBusMessage locked =
        ask("dev.postern.Postern1", "MintToken", {QStringLiteral("jack"), options});
    QCOMPARE(locked.type(), QDBusMessage::ErrorMessage);
}

void tst_DesktopService::tellsWhatWasDecided()
{
    Stage stage;
    SingleInstance instance(connection("first"), {});
    QVERIFY(!instance.handOver({}));
    const gui::WindowService service(instance, stage.window());
    Listener listener;
    QVERIFY(connection("other").connect(
        QStringLiteral("dev.postern.Postern"), QStringLiteral("/dev/postern/Postern"),
        QStringLiteral("dev.postern.Postern1"), QStringLiteral("RequestDecided"), &listener,
        SLOT(take(QVariantMap))));
    gateway::GatewayOptions options;
    options.proxy.port = options.admin.port = 0;
    stage.session().startGateway(std::move(options));
    QVERIFY(Stage::wait([&] { return stage.session().state() == Session::State::Running; }));
    const gateway::ControlClient proxy(
        *gateway::parseServerAddress(stage.session().addresses()->proxyUrl()));
    // the stream of traces begins when it is connected: ask until it is
    QVERIFY(Stage::wait(
        [&] { return proxy.send({.target = "/nowhere"}) && !listener.decided.empty(); }));
    const QVariantMap &request = listener.decided.front();
    QCOMPARE(request.value(QStringLiteral("path")).toString(), QStringLiteral("/nowhere"));
    QCOMPARE(request.value(QStringLiteral("method")).toString(), QStringLiteral("GET"));
    QCOMPARE(request.value(QStringLiteral("status")).toUInt(), 404U);
    QVERIFY(!request.value(QStringLiteral("id")).toString().isEmpty());
}

void tst_DesktopService::refusesBeforeThereIsAWindow()
{
    SingleInstance instance(connection("first"), {});
    QVERIFY(!instance.handOver({}));
    for (const char *method : {"StartGateway", "StopGateway"}) {
        const QDBusMessage answer = ask("dev.postern.Postern1", method);
        QCOMPARE(answer.type(), QDBusMessage::ErrorMessage);
        QCOMPARE(answer.errorName(), QStringLiteral("dev.postern.Error.NotReady"));
    }
}

QTEST_MAIN(tst_DesktopService)
#include "tst_desktop_service.moc"
