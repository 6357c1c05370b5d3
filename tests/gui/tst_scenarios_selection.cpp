// SPDX-License-Identifier: Apache-2.0
// What is done to several selected consumers at once.
#include "core/json/parse.h"
#include "gateway/lint/lint_sources.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/consumers_model.h"
#include "gui/models/import_file.h"
#include "gui/session/workspace.h"
#include "gui/text/qt_bytes.h"
#include "tests/support/patience.h"
#include "tests/support/stage.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QRadioButton>
#include <QTreeView>
#include <QUndoStack>

#include <algorithm>
#include <map>
#include <memory>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

class tst_ScenariosSelection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void labelsAreOneStep();
    void labelThatNotAllHaveStaysUnlessChosen();
    void newLabelMustBeOne();
    void deletingIsOneStep();
    void exportAsksHowSecretsAreWritten();
    void exportIsImportedAgain_data();
    void exportIsImportedAgain();
    void exportThatCannotBeWrittenSaysSo();
    void lockedExportsNoSecret();
    void commandsSayWhatTheyNeed();

private:
    static QTreeView *tree(Stage &stage) { return stage.find<QTreeView>(u"consumers"_s); }
    /// Alice, bob and carol, alice and bob with a key each, all selected.
    static bool withThree(Stage &stage);
    static void run(Stage &stage, const char *command)
    {
        stage.window().commands().action(QLatin1String(command))->trigger();
    }
    static std::string label(Stage &stage, const char *consumer, std::string_view name)
    {
        const Json *const value = stage.workspace().value(consumerKey(consumer));
        for (const auto &[known, text] : labelsOf(value ? *value : Json::object())) {
            if (known == name)
                return text;
        }
        return {};
    }
};

bool tst_ScenariosSelection::withThree(Stage &stage)
{
    const auto value = [](const char *json) { return parseJson(json).value(); };
    stage.workspace().commit(
        u"Prepare"_s,
        {{"/consumers/alice",
          value(R"({"username":"alice","labels":{"team":"platform","floor":"2"}})")},
         {"/consumers/alice/credentials/key-of-alice",
          value(R"({"plugins":{"key-auth":{"key":"q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"}}})")},
         {"/consumers/bob", value(R"({"username":"bob","labels":{"team":"platform"}})")},
         {"/consumers/bob/credentials/login-of-bob",
          value(R"({"plugins":{"basic-auth":{"username":"bob","password":"p-${X}-4711"}}})")},
         {"/consumers/carol", value(R"({"username":"carol","labels":{"team":"platform"}})")}});
    if (!Stage::wait([&] { return stage.workspace().undoStack()->count() == 1; }))
        return false;
    stage.window().openObject("/consumers/alice");
    tree(stage)->setFocus();
    tree(stage)->collapseAll();
    tree(stage)->selectAll();
    return tree(stage)->selectionModel()->selectedRows().size() == 3;
}

void tst_ScenariosSelection::labelsAreOneStep()
{
    Stage stage;
    QVERIFY(withThree(stage));
    run(stage, "consumer.labels");
    QTRY_VERIFY(stage.find<QDialog>(u"labelsDialog"_s));
    QTRY_VERIFY(stage.find<QDialog>(u"labelsDialog"_s)->isActiveWindow());
    QCOMPARE(QApplication::focusWidget()->objectName(), u"newLabel"_s);
    stage.type(u"tier=gold"_s);
    QVERIFY2(stage.shoot(u"consumers-labels"_s), stage.faults());
    QVERIFY(stage.click(u"applyLabels"_s));
    QTRY_VERIFY(!stage.find<QDialog>(u"labelsDialog"_s));
    QCOMPARE(stage.workspace().staged().size(), 3U);
    for (const char *const name : {"alice", "bob", "carol"})
        QCOMPARE(label(stage, name, "tier"), "gold");
    QCOMPARE(label(stage, "alice", "floor"), "2");
    QCOMPARE(stage.workspace().undoStack()->undoText(), u"Label 3 consumers"_s);
    stage.workspace().undoStack()->undo();
    QVERIFY(!stage.workspace().isDirty());
}

void tst_ScenariosSelection::labelThatNotAllHaveStaysUnlessChosen()
{
    Stage stage;
    QVERIFY(withThree(stage));
    run(stage, "consumer.labels");
    QTRY_VERIFY(stage.find<QListWidget>(u"labelList"_s));
    auto *list = stage.find<QListWidget>(u"labelList"_s);
    QCOMPARE(list->count(), 2);
    QListWidgetItem *const floor = list->item(0), *const team = list->item(1);
    QCOMPARE(floor->text(), u"floor=2"_s);
    QCOMPARE(floor->checkState(), Qt::PartiallyChecked);
    QCOMPARE(team->checkState(), Qt::Checked);
    QVERIFY(!stage.find<QPushButton>(u"applyLabels"_s)->isEnabled()); // nothing would change
    team->setCheckState(Qt::Unchecked);
    QVERIFY(stage.click(u"applyLabels"_s));
    QTRY_VERIFY(!stage.find<QDialog>(u"labelsDialog"_s));
    QCOMPARE(label(stage, "alice", "floor"), "2");
    QCOMPARE(label(stage, "bob", "floor"), "");
    for (const char *const name : {"alice", "bob", "carol"})
        QCOMPARE(label(stage, name, "team"), "");
    // and for everybody, when it is
    run(stage, "consumer.labels");
    QTRY_VERIFY(stage.find<QListWidget>(u"labelList"_s));
    stage.find<QListWidget>(u"labelList"_s)->item(0)->setCheckState(Qt::Checked);
    QVERIFY(stage.click(u"applyLabels"_s));
    QTRY_COMPARE(label(stage, "carol", "floor"), "2");
    QCOMPARE(stage.workspace().undoStack()->undoText(), u"Label 2 consumers"_s); // alice had it
}

void tst_ScenariosSelection::newLabelMustBeOne()
{
    Stage stage;
    QVERIFY(withThree(stage));
    run(stage, "consumer.labels");
    QTRY_VERIFY(stage.find<QLineEdit>(u"newLabel"_s));
    stage.find<QLineEdit>(u"newLabel"_s)->setText(u"no label"_s);
    QVERIFY(!stage.find<QPushButton>(u"applyLabels"_s)->isEnabled());
    QVERIFY(stage.find<QLabel>(u"newLabelFault"_s)->text().contains(u"name=value"_s));
    stage.press(Qt::Key_Escape);
    QVERIFY(!stage.workspace().isDirty());
}

void tst_ScenariosSelection::deletingIsOneStep()
{
    Stage stage;
    QVERIFY(withThree(stage));
    stage.press(Qt::Key_Delete);
    QTRY_VERIFY(stage.workspace().keys("/consumers").empty());
    QTRY_COMPARE(stage.workspace().undoStack()->count(), 2);
    QCOMPARE(stage.workspace().undoStack()->undoText(), u"Delete 3 consumers"_s);
    stage.press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(stage.workspace().keys("/consumers").size(), 3U);
    QVERIFY(stage.workspace().stored("/consumers/alice/credentials/key-of-alice"));
    QVERIFY(stage.workspace().stored("/consumers/bob/credentials/login-of-bob"));
}

void tst_ScenariosSelection::exportAsksHowSecretsAreWritten()
{
    Stage stage;
    QVERIFY(withThree(stage));
    run(stage, "consumer.export");
    QTRY_VERIFY(stage.find<QDialog>(u"exportDialog"_s));
    QVERIFY(!stage.find<QPushButton>(u"exportSave"_s)->isEnabled());
    QVERIFY(!stage.find<QPushButton>(u"exportCopy"_s)->isEnabled());
    stage.find<QRadioButton>(u"secretReferences"_s)->click();
    QVERIFY(stage.find<QPushButton>(u"exportSave"_s)->isEnabled());
    const QString hint = stage.find<QLabel>(u"exportHint"_s)->text();
    QVERIFY2(hint.contains(u"ALICE_KEY_OF_ALICE_KEY, BOB_LOGIN_OF_BOB_PASSWORD"_s),
             qPrintable(hint));
    QVERIFY2(stage.shoot(u"consumers-export"_s), stage.faults());
    QVERIFY(stage.click(u"exportCopy"_s));
    const QMimeData *const copied = QApplication::clipboard()->mimeData();
    QVERIFY(copied->text().contains(u"$env://ALICE_KEY_OF_ALICE_KEY"_s));
    QVERIFY(!copied->text().contains(u"q7Vb2"_s));
    QVERIFY(!copied->hasFormat(u"x-kde-passwordManagerHint"_s)); // nothing secret

    run(stage, "consumer.export");
    QTRY_VERIFY(stage.find<QRadioButton>(u"secretValues"_s));
    QVERIFY(!stage.find<QRadioButton>(u"secretValues"_s)->isChecked()); // asked each time
    stage.find<QRadioButton>(u"secretValues"_s)->click();
    QVERIFY(stage.click(u"exportCopy"_s));
    QVERIFY(QApplication::clipboard()->text().contains(u"q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"_s));
    QVERIFY(QApplication::clipboard()->mimeData()->hasFormat(u"x-kde-passwordManagerHint"_s));
}

void tst_ScenariosSelection::exportIsImportedAgain_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("postern.yaml") << 0;
    QTest::newRow("apisix.yaml") << 1;
}

void tst_ScenariosSelection::exportIsImportedAgain()
{
    QFETCH(const int, kind);
    Stage stage;
    QVERIFY(withThree(stage));
    run(stage, "consumer.export");
    QTRY_VERIFY(stage.find<QComboBox>(u"exportKind"_s));
    stage.find<QComboBox>(u"exportKind"_s)->setCurrentIndex(kind);
    stage.find<QRadioButton>(u"secretValues"_s)->click();
    QVERIFY(stage.click(u"exportSave"_s));
    QTRY_VERIFY(stage.window().findChild<QFileDialog *>(u"exportFile"_s));
    auto *dialog = stage.window().findChild<QFileDialog *>(u"exportFile"_s);
    const QString path = stage.path(QString::fromLatin1(QTest::currentDataTag()));
    Q_EMIT dialog->fileSelected(path);
    dialog->close();
    QTRY_VERIFY(!stage.find<QDialog>(u"exportDialog"_s));
    QVERIFY(QFile::exists(path));
    QCOMPARE(QFile(path).permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther),
             QFileDevice::Permissions());

    const auto values = [&stage] {
        std::map<std::string, std::string> all;
        for (const std::string &consumer : stage.workspace().keys("/consumers")) {
            all[consumer] = stage.workspace().value(consumer)->find("labels")->dump();
            for (const std::string &key : stage.workspace().keys(consumer + "/credentials")) {
                for (const auto &[plugin, config] :
                     stage.workspace().value(key)->find("plugins")->members())
                    all[key] = plugin + std::string(config.stringOr("key", ""))
                        + std::string(config.stringOr("password", ""));
            }
        }
        return all;
    };
    const auto before = values();
    QCOMPARE(before.size(), 5U);
    stage.workspace().undoStack()->undo();
    QTRY_VERIFY(stage.workspace().keys("/consumers").empty());
    const auto read = readImport(path);
    QVERIFY2(read, read ? "" : describe(read.error()).c_str());
    QCOMPARE(read->warnings, QStringList());
    stage.workspace().commit(u"Import"_s, read->edits);
    QTRY_COMPARE(stage.workspace().keys("/consumers").size(), 3U);
    QVERIFY(values() == before);
}

void tst_ScenariosSelection::exportThatCannotBeWrittenSaysSo()
{
    Stage stage;
    QVERIFY(withThree(stage));
    run(stage, "consumer.export");
    QTRY_VERIFY(stage.find<QRadioButton>(u"secretReferences"_s));
    stage.find<QRadioButton>(u"secretReferences"_s)->click();
    QVERIFY(stage.click(u"exportSave"_s));
    QTRY_VERIFY(stage.window().findChild<QFileDialog *>(u"exportFile"_s));
    auto *dialog = stage.window().findChild<QFileDialog *>(u"exportFile"_s);
    Q_EMIT dialog->fileSelected(stage.path(u"no-such-folder/postern.yaml"_s));
    dialog->close();
    QTRY_VERIFY(std::ranges::any_of(
        stage.window().findChildren<QWidget *>(u"toast"_s), [](const QWidget *toast) {
            return toast->isVisible()
                && toast->accessibleName().contains(u"postern.yaml could not be written"_s);
        }));
    QVERIFY(stage.find<QDialog>(u"exportDialog"_s)); // to try another place
}

void tst_ScenariosSelection::lockedExportsNoSecret()
{
    Stage stage;
    QVERIFY(withThree(stage));
    stage.window().setLocked(true);
    tree(stage)->selectAll();
    run(stage, "consumer.export");
    QTRY_VERIFY(stage.find<QRadioButton>(u"secretValues"_s));
    QVERIFY(!stage.find<QRadioButton>(u"secretValues"_s)->isEnabled());
    QVERIFY(stage.find<QRadioButton>(u"secretReferences"_s)->isEnabled());
}

void tst_ScenariosSelection::commandsSayWhatTheyNeed()
{
    Stage stage;
    for (const char *const id : {"consumer.labels", "consumer.export"}) {
        const QAction *const action = stage.window().commands().action(QLatin1String(id));
        QVERIFY(action);
        QVERIFY(!action->isEnabled());
        QVERIFY(!action->property("reason").toString().isEmpty());
    }
    QVERIFY(withThree(stage));
    for (const char *const id : {"consumer.labels", "consumer.export"})
        QVERIFY(stage.window().commands().action(QLatin1String(id))->isEnabled());
}

QTEST_MAIN(tst_ScenariosSelection)
#include "tst_scenarios_selection.moc"
