// SPDX-License-Identifier: Apache-2.0
#include "gui/desktop/single_instance.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using postern::gui::SingleInstance;

class tst_SingleInstance : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanupTestCase();
    void handsFilesToTheFirst_data();
    void handsFilesToTheFirst();
    void takesOverFromOneThatIsGone();
    void speaksTheDesktopsInterface();
    void hasValidDesktopFiles_data();
    void hasValidDesktopFiles();

private:
    /// A second start of the application: exits with 0 when somebody else took it.
    [[nodiscard]] int startAgain(const QStringList &files) const;
    /// Not the connection that Qt keeps for good: the rows without a bus come first.
    [[nodiscard]] QDBusConnection bus();
    [[nodiscard]] static QDBusConnection noBus()
    {
        return QDBusConnection(QStringLiteral("nobody"));
    }

    QTemporaryDir m_directory;
    std::unique_ptr<QProcess> m_bus;
};

namespace {

std::filesystem::path socketIn(const QString &directory)
{
    return (directory + QStringLiteral("/desktop.sock")).toStdString();
}

} // namespace

QDBusConnection tst_SingleInstance::bus()
{
    if (!m_bus) {
        m_bus = std::make_unique<QProcess>();
        m_bus->start(QStringLiteral("dbus-daemon"),
                     {QStringLiteral("--session"), QStringLiteral("--nofork"),
                      QStringLiteral("--print-address")});
        if (!m_bus->waitForReadyRead())
            qWarning("no dbus-daemon: %s", qPrintable(m_bus->errorString()));
        qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus->readLine().trimmed());
    }
    return QDBusConnection::connectToBus(qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"),
                                         QStringLiteral("first"));
}

void tst_SingleInstance::cleanupTestCase()
{
    QDBusConnection::disconnectFromBus(QStringLiteral("first"));
    QDBusConnection::disconnectFromBus(QStringLiteral("other"));
    if (m_bus) {
        m_bus->terminate();
        m_bus->waitForFinished();
    }
}

int tst_SingleInstance::startAgain(const QStringList &files) const
{
    QProcess second;
    second.setProcessChannelMode(QProcess::ForwardedChannels);
    second.start(QCoreApplication::applicationFilePath(),
                 QStringList{QStringLiteral("--second"), m_directory.path()} + files);
    QEventLoop loop;
    connect(&second, &QProcess::finished, &loop, &QEventLoop::quit);
    if (!second.waitForStarted())
        return -1;
    if (second.state() != QProcess::NotRunning)
        loop.exec();
    return second.exitCode();
}

void tst_SingleInstance::handsFilesToTheFirst_data()
{
    QTest::addColumn<bool>("overBus");
    QTest::addColumn<QStringList>("files");
    const QStringList two{QStringLiteral("/tmp/a b.postern"), QStringLiteral("/tmp/\u00e4.jwk")};
    QTest::newRow("socket, nothing to open") << false << QStringList();
    QTest::newRow("socket, two files") << false << two;
    QTest::newRow("bus, nothing to open") << true << QStringList();
    QTest::newRow("bus, two files") << true << two;
}

void tst_SingleInstance::handsFilesToTheFirst()
{
    QFETCH(bool, overBus);
    QFETCH(QStringList, files);
    if (!overBus)
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    SingleInstance first(overBus ? bus() : noBus(), socketIn(m_directory.path()));
    QSignalSpy activated(&first, &SingleInstance::activated);
    QSignalSpy opened(&first, &SingleInstance::openRequested);
    QVERIFY(!first.handOver({}));
    QCOMPARE(startAgain(files), 0);
    QTRY_COMPARE(activated.count(), 1);
    if (files.isEmpty()) {
        QVERIFY(opened.isEmpty());
    } else {
        QTRY_COMPARE(opened.count(), 1);
        QCOMPARE(opened.first().first().toStringList(), files);
    }
}

void tst_SingleInstance::takesOverFromOneThatIsGone()
{
    {
        SingleInstance first(noBus(), socketIn(m_directory.path()));
        QVERIFY(!first.handOver({}));
    }
    SingleInstance second(noBus(), socketIn(m_directory.path()));
    QVERIFY(!second.handOver({QStringLiteral("/tmp/x.postern")}));
}

void tst_SingleInstance::speaksTheDesktopsInterface()
{
    SingleInstance first(bus(), socketIn(m_directory.path()));
    QVERIFY(!first.handOver({}));
    QSignalSpy actions(&first, &SingleInstance::actionRequested);
    const QDBusConnection other = QDBusConnection::connectToBus(
        qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("other"));
    QDBusMessage call = QDBusMessage::createMethodCall(
        QStringLiteral("dev.postern.Postern"), QStringLiteral("/dev/postern/Postern"),
        QStringLiteral("org.freedesktop.Application"), QStringLiteral("ActivateAction"));
    call << QStringLiteral("mint-token") << QVariantList() << QVariantMap();
    QVERIFY(other.send(call));
    QTRY_COMPARE(actions.count(), 1);
    QCOMPARE(actions.first().first().toString(), QStringLiteral("mint-token"));
}

void tst_SingleInstance::hasValidDesktopFiles_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QStringList>("arguments");
    const QString folder = QStringLiteral(POSTERN_SOURCE_DIR "/resources/desktop/");
    QTest::newRow("desktop file") << QStringLiteral("desktop-file-validate")
                                  << QStringList{folder
                                                 + QStringLiteral("dev.postern.Postern.desktop")};
    QTest::newRow("metainfo")
        << QStringLiteral("appstreamcli")
        << QStringList{QStringLiteral("validate"), QStringLiteral("--no-net"),
                       QStringLiteral("--override=url-homepage-missing=info"), // there is none
                       folder + QStringLiteral("dev.postern.Postern.metainfo.xml")};
}

void tst_SingleInstance::hasValidDesktopFiles()
{
    QFETCH(QString, program);
    QFETCH(QStringList, arguments);
    QProcess checker;
    checker.setProcessChannelMode(QProcess::MergedChannels);
    checker.start(program, arguments);
    QVERIFY2(checker.waitForFinished(), qPrintable(program));
    QVERIFY2(checker.exitCode() == 0, checker.readAll().constData());
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QStringLiteral("--second")) {
        SingleInstance second(QDBusConnection::sessionBus(), socketIn(arguments.value(2)));
        return second.handOver(arguments.sliced(3)) ? 0 : 1;
    }
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    tst_SingleInstance test;
    return QTest::qExec(&test, argc, argv);
}
#include "tests/support/patience.h"
#include "tst_single_instance.moc"
