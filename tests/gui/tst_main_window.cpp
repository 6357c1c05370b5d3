// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/client.h"
#include "gateway/gateway.h"
#include "gui/main_window.h"

#include <QDir>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace postern;

class tst_MainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsLiveTrafficAndWhy();
    void saysWhenTheGatewayIsGone();

private:
    static std::unique_ptr<gateway::Gateway> startGateway(const QTemporaryDir &directory);
};

std::unique_ptr<gateway::Gateway> tst_MainWindow::startGateway(const QTemporaryDir &directory)
{
    gateway::GatewayOptions options;
    options.proxy.port = options.admin.port = 0;
    options.controlSocket = directory.filePath(QStringLiteral("control.sock")).toStdString();
    auto started = gateway::Gateway::start(std::move(options));
    if (!started) {
        qWarning("%s", describe(started.error()).c_str());
        return nullptr;
    }
    return std::move(*started);
}

void tst_MainWindow::showsLiveTrafficAndWhy()
{
    const QTemporaryDir directory;
    const auto gateway = startGateway(directory);
    QVERIFY(gateway);
    gui::MainWindow window(gateway->addresses().controlUri());
    window.show();
    const auto *state = window.findChild<QLabel *>(QStringLiteral("state"));
    QTRY_VERIFY(state->text().contains(QStringLiteral("Attached")));

    const gateway::ControlClient proxy(
        *gateway::parseServerAddress(gateway->addresses().proxyUrl()));
    QCOMPARE(proxy.send({.target = "/nowhere", .headers = {}, .body = {}})->status, 404);

    auto *table = window.findChild<QTableView *>(QStringLiteral("traffic"));
    QTRY_COMPARE(table->model()->rowCount(), 1);
    table->selectRow(0);
    const auto *why = window.findChild<QPlainTextEdit *>(QStringLiteral("explanation"));
    QTRY_VERIFY(why->toPlainText().contains(QStringLiteral("no-route"))
                || why->toPlainText().contains(QStringLiteral("no route")));
    const QString screens = QStringLiteral(POSTERN_SOURCE_DIR "/build/screens");
    QVERIFY(QDir().mkpath(screens));
    QVERIFY(window.grab().save(screens + QStringLiteral("/traffic.png")));
}

void tst_MainWindow::saysWhenTheGatewayIsGone()
{
    const QTemporaryDir directory;
    auto gateway = startGateway(directory);
    QVERIFY(gateway);
    const gui::MainWindow window(gateway->addresses().controlUri());
    const auto *state = window.findChild<QLabel *>(QStringLiteral("state"));
    QTRY_VERIFY(state->text().contains(QStringLiteral("Attached")));
    gateway.reset();
    QTRY_VERIFY(state->text().contains(QStringLiteral("Not attached")));
    gateway = startGateway(directory);
    QTRY_VERIFY(state->text().startsWith(QStringLiteral("Attached")));
}

QTEST_MAIN(tst_MainWindow)
#include "tst_main_window.moc"
