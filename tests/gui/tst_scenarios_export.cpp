// SPDX-License-Identifier: Apache-2.0
// Job 6 of the desktop application: a working configuration is handed to CI.
#include "core/json/parse.h"
#include "gui/session/workspace.h"
#include "gui/shell/notice_center.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "tests/cli/gateway_process.h"
#include "tests/support/stage.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QUndoStack>

#include <format>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;
using test::GatewayProcess;

class tst_ScenariosExport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void job6HandsAWorkingConfigurationToCi_data();
    void job6HandsAWorkingConfigurationToCi();
    void everyPageExports_data();
    void everyPageExports();
    void whatIsLeftOutIsNamed();
    void scopeIsChosen();
    void manyObjectsArePreparedAside();
    void openingAFileShowsItsImport();

private:
    static Json value(const char *json) { return parseJson(json).value(); }
    /// A guarded route, whose consumer's key is still to be saved.
    static bool prepare(Stage &stage);
    static bool openDialog(Stage &stage)
    {
        // without a window manager nobody does it when a dialog closes
        stage.window().activateWindow();
        if (!Stage::wait([&] { return stage.window().isActiveWindow(); }))
            return false;
        stage.press(Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        return Stage::wait([&] {
            const auto *const dialog = stage.find<QDialog>(u"exportDialog"_s);
            return dialog && dialog->isActiveWindow();
        });
    }
    static bool save(Stage &stage, const QString &path)
    {
        if (!stage.click(u"exportSave"_s)
            || !Stage::wait([&] { return stage.window().findChild<QFileDialog *>(); }))
            return false;
        auto *const dialog = stage.window().findChild<QFileDialog *>(u"exportFile"_s);
        Q_EMIT dialog->fileSelected(path);
        dialog->close();
        return Stage::wait([&] { return !stage.find<QDialog>(u"exportDialog"_s); });
    }
};

bool tst_ScenariosExport::prepare(Stage &stage)
{
    stage.workspace().commit(
        u"Prepare"_s,
        {{"/upstreams/u", value(R"({"type":"roundrobin","nodes":{"httpbin.org:80":1}})")},
         {"/services/s", value(R"({"upstream_id":"u","plugins":{"key-auth":{}}})")},
         {"/routes/guarded", value(R"({"uri":"/get","service_id":"s"})")},
         {"/global_rules/1", value(R"({"plugins":{"request-id":{}}})")},
         {"/consumers/jack", value(R"({"username":"jack"})")}});
    if (!Stage::wait([&] { return stage.workspace().undoStack()->count() == 1; }))
        return false;
    stage.workspace().stage(
        u"Add a key"_s,
        {{"/consumers/jack/credentials/one",
          value(R"({"plugins":{"key-auth":{"key":"q7Vb2LxN9fKw4TzR8mHc3YpD"}}})")}});
    return stage.workspace().isDirty();
}

void tst_ScenariosExport::job6HandsAWorkingConfigurationToCi_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("option");
    QTest::addColumn<bool>("values");
    QTest::newRow("postern.yaml") << 0 << u"postern.yaml"_s << u"--config"_s << true;
    QTest::newRow("postern.yaml with references")
        << 0 << u"postern.yaml"_s << u"--config"_s << false;
    QTest::newRow("apisix.yaml") << 1 << u"apisix.yaml"_s << u"--standalone"_s << true;
    QTest::newRow("apisix.json") << 2 << u"apisix.json"_s << u"--standalone"_s << true;
}

void tst_ScenariosExport::job6HandsAWorkingConfigurationToCi()
{
    QFETCH(const int, format);
    QFETCH(const QString, file);
    QFETCH(const QString, option);
    QFETCH(const bool, values);
    Stage stage;
    QVERIFY(prepare(stage));
    QVERIFY(openDialog(stage));
    QVERIFY(!stage.find<QPushButton>(u"exportSave"_s)->isEnabled());
    const QString counted = stage.find<QLabel>(u"exportCount"_s)->text();
    QVERIFY2(counted.contains(u"1 credential, 4 other objects"_s), qPrintable(counted));
    QVERIFY2(counted.contains(u"not saved yet"_s), qPrintable(counted));
    stage.find<QComboBox>(u"exportKind"_s)->setCurrentIndex(format);
    stage.find<QRadioButton>(values ? u"secretValues"_s : u"secretReferences"_s)->click();
    const QString shown = stage.find<QPlainTextEdit>(u"exportPreview"_s)->toPlainText();
    QVERIFY2(shown.contains(u"service_id"_s), qPrintable(shown));
    QVERIFY(!shown.contains(u"q7Vb2"_s)); // masked, whatever the file holds
    QVERIFY(!stage.find<QListWidget>(u"exportLeftOut"_s)); // nothing
    if (format == 0)
        QVERIFY2(stage.shoot(values ? u"export-configuration"_s : u"export-references"_s),
                 stage.faults());
    const QString path = stage.path(file);
    QVERIFY(save(stage, path));
    QCOMPARE(static_cast<NoticeCenter &>(stage.window().notices()).history().back().text,
             u"Exported to "_s + file);
    QVERIFY(stage.workspace().isDirty()); // an export saves nothing

    const test::Ran checked = test::runPostern({"config", "validate", toOctets(path)}, {}, {});
    QVERIFY2(checked.exit == 0, checked.out.c_str());
    if (!values)
        qputenv("JACK_ONE_KEY", "q7Vb2LxN9fKw4TzR8mHc3YpD");
    const GatewayProcess gateway({toOctets(option), toOctets(path)});
    qunsetenv("JACK_ONE_KEY");
    QVERIFY(gateway.ready());
    const auto status = [&gateway](const std::vector<std::string> &headers) {
        return test::call(gateway.port("proxy"), "GET", "/get", headers).status;
    };
    QCOMPARE(status({"apikey: q7Vb2LxN9fKw4TzR8mHc3YpD"}), 200);
    QCOMPARE(status({"apikey: another"}), 401);
    QCOMPARE(status({}), 401);
}

void tst_ScenariosExport::everyPageExports_data()
{
    QTest::addColumn<QString>("page");
    for (const char *const page : {"consumers", "tokens", "gateway", "access"})
        QTest::newRow(page) << QString::fromLatin1(page);
}

void tst_ScenariosExport::everyPageExports()
{
    QFETCH(const QString, page);
    Stage stage;
    stage.window().showPage(page);
    QVERIFY(openDialog(stage));
    // a store with nothing in it
    stage.find<QRadioButton>(u"secretReferences"_s)->click();
    QVERIFY(!stage.find<QPushButton>(u"exportSave"_s)->isEnabled());
    QCOMPARE(stage.find<QLabel>(u"exportHint"_s)->text(), u"There is nothing to export."_s);
    stage.press(Qt::Key_Escape);
    QTRY_VERIFY(!stage.find<QDialog>(u"exportDialog"_s));
    const QAction *const action = stage.window().commands().action(u"file.export"_s);
    QVERIFY(action);
    QCOMPARE(action->shortcut(), QKeySequence(u"Ctrl+Shift+S"_s));
    QVERIFY(action->isEnabled());
}

void tst_ScenariosExport::whatIsLeftOutIsNamed()
{
    Stage stage;
    QVERIFY(prepare(stage));
    stage.workspace().stage(u"Odd"_s,
                            {{"/routes/lost", value(R"({"uri":"/lost","service_id":"no-such"})")}});
    QVERIFY(openDialog(stage));
    stage.find<QRadioButton>(u"secretValues"_s)->click();
    auto *const list = stage.find<QListWidget>(u"exportLeftOut"_s);
    QVERIFY(list);
    QCOMPARE(list->count(), 1);
    QVERIFY2(list->item(0)->text().startsWith(u"/routes/lost: "_s),
             qPrintable(list->item(0)->text()));
    const QString counted = stage.find<QLabel>(u"exportCount"_s)->text();
    QVERIFY2(counted.contains(u"4 other objects"_s), qPrintable(counted)); // without it
    QVERIFY2(stage.shoot(u"export-left-out"_s), stage.faults());
    // the original lets it be
    stage.find<QComboBox>(u"exportKind"_s)->setCurrentIndex(1);
    QVERIFY(!stage.find<QListWidget>(u"exportLeftOut"_s));
    QVERIFY(stage.find<QPlainTextEdit>(u"exportPreview"_s)->toPlainText().contains(u"no-such"_s));
}

void tst_ScenariosExport::scopeIsChosen()
{
    Stage stage;
    QVERIFY(prepare(stage));
    QVERIFY(openDialog(stage));
    auto *const scope = stage.find<QComboBox>(u"exportScope"_s);
    QCOMPARE(scope->count(), 2); // nothing is selected
    stage.find<QRadioButton>(u"secretReferences"_s)->click();
    const auto *const preview = stage.find<QPlainTextEdit>(u"exportPreview"_s);
    QVERIFY(preview->toPlainText().contains(u"routes:"_s));
    scope->setCurrentIndex(1);
    QVERIFY(!preview->toPlainText().contains(u"routes:"_s));
    QVERIFY(preview->toPlainText().contains(u"$env://JACK_ONE_KEY"_s));
    QVERIFY(stage.click(u"exportCopy"_s));
    QCOMPARE(QApplication::clipboard()->text(), preview->toPlainText());
}

void tst_ScenariosExport::manyObjectsArePreparedAside()
{
    Stage stage;
    std::vector<Edit> edits;
    constexpr int kMany = 1500;
    for (int i = 0; i < kMany; ++i) {
        const std::string name = std::format("user{}", i);
        edits.push_back({"/consumers/" + name, Json::object({{"username", name}})});
    }
    stage.workspace().commit(u"Many"_s, std::move(edits));
    QTRY_VERIFY_WITH_TIMEOUT(stage.workspace().undoStack()->count() == 1, 60'000);
    QVERIFY(openDialog(stage));
    stage.find<QRadioButton>(u"secretReferences"_s)->click();
    QVERIFY(!stage.find<QPushButton>(u"exportSave"_s)->isEnabled());
    QCOMPARE(stage.find<QLabel>(u"exportHint"_s)->text(), u"Being made…"_s);
    // closed while it is on its way: nobody is told
    stage.press(Qt::Key_Escape);
    QTRY_VERIFY(!stage.find<QDialog>(u"exportDialog"_s));
    QVERIFY(openDialog(stage));
    stage.find<QRadioButton>(u"secretReferences"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(stage.find<QPushButton>(u"exportSave"_s)->isEnabled(), 60'000);
    const QString path = stage.path(u"postern.yaml"_s);
    QVERIFY(save(stage, path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().count("username:"), kMany);
}

void tst_ScenariosExport::openingAFileShowsItsImport()
{
    Stage stage;
    const QString path = stage.path(u"postern.yaml"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("consumers:\n- username: bob\n");
    file.close();
    stage.press(Qt::Key_O, Qt::ControlModifier);
    QTRY_VERIFY(stage.window().findChild<QFileDialog *>(u"storeDialog"_s));
    auto *const dialog = stage.window().findChild<QFileDialog *>(u"storeDialog"_s);
    Q_EMIT dialog->fileSelected(path);
    dialog->close();
    QTRY_VERIFY(stage.find<QDialog>(u"importDialog"_s));
    QVERIFY(stage.workspace().keys("/consumers").empty()); // shown, not taken
}

QTEST_MAIN(tst_ScenariosExport)
#include "tst_scenarios_export.moc"
