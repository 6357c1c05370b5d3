// SPDX-License-Identifier: Apache-2.0
#include "core/runtime_directory.h"
#include "gateway/control/socket_registry.h"
#include "gui/session/workspace.h"
#include "gui/shell/navigation.h"
#include "gui/shell/palette_model.h"
#include "gui/text/mnemonic.h"
#include "gui/widgets/toast.h"
#include "tests/support/patience.h"
#include "tests/support/stage.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QLocalServer>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolBar>
#include <QToolButton>
#include <QUndoStack>

#include <map>

#include <unistd.h>

using namespace postern;
using gui::Stage;

class tst_MainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyCommandIsInItsMenu();
    void noTwoCommandsShareKeys();
    void theToolBarIsSmall();
    void helpFindsThePagesCommandsInEachLanguage_data();
    void helpFindsThePagesCommandsInEachLanguage();
    void namesAreReadWithoutMnemonicsInChinese();
    void brokenShortcutsAreSaid();
    void pagesAreReachedByKeys();
    void backAndForwardWalkWhatWasShown();
    void saysWhatIsNotSaved();
    void countsInEachLanguage_data();
    void countsInEachLanguage();
    void saysWhatWasSavedAndTakenBack();
    void saysThatAGatewayIsGone();
    void attachingOffersTheGatewayThatRuns();
    void opensTheFileItIsGiven();
    void keepsTheLayoutAndResetsIt();
    void refusesADropNobodyKnows();
    void asksBeforeLosingChanges();
};

void tst_MainWindow::everyCommandIsInItsMenu()
{
    Stage stage(Stage::Options{.open = false});
    for (const gui::CommandInfo &info : stage.window().commands().list()) {
        const QAction *action = stage.window().commands().action(info.id);
        QVERIFY2(action, qPrintable(info.id));
        const bool inMenu = std::ranges::any_of(action->associatedObjects(), [](QObject *object) {
            return qobject_cast<QMenu *>(object) != nullptr;
        });
        QVERIFY2(inMenu, qPrintable(info.id));
        QVERIFY2(!action->text().isEmpty(), qPrintable(info.id));
    }
}

void tst_MainWindow::noTwoCommandsShareKeys()
{
    Stage stage(Stage::Options{.open = false});
    std::map<QString, QString> owners;
    for (const gui::CommandInfo &info : stage.window().commands().list()) {
        if (info.shortcut.isEmpty())
            continue;
        const auto [owner, fresh] = owners.emplace(info.shortcut.toString(), info.id);
        QVERIFY2(
            fresh,
            qPrintable(QStringLiteral("%1: %2 and %3").arg(owner->first, owner->second, info.id)));
    }
}

void tst_MainWindow::theToolBarIsSmall()
{
    Stage stage(Stage::Options{.open = false});
    const auto *bar = stage.find<QToolBar>(QStringLiteral("tools"));
    QVERIFY(bar);
    int buttons = 0;
    const auto all = bar->findChildren<QAbstractButton *>();
    for (const QAbstractButton *button : all)
        buttons += button->isVisible() ? 1 : 0;
    QVERIFY2(buttons <= 8, qPrintable(QString::number(buttons)));
}

void tst_MainWindow::helpFindsThePagesCommandsInEachLanguage_data()
{
    QTest::addColumn<QString>("language");
    QTest::newRow("English") << QString();
    QTest::newRow("German") << QStringLiteral("de");
    QTest::newRow("Chinese") << QStringLiteral("zh_CN");
}

void tst_MainWindow::helpFindsThePagesCommandsInEachLanguage()
{
    QFETCH(QString, language);
    Stage stage(Stage::Options{.open = false, .language = language});
    const std::array<std::pair<const char *, const char *>, 4> menus{{{"consumers", "Consumer"},
                                                                      {"tokens", "Token"},
                                                                      {"gateway", "Gateway"},
                                                                      {"access", "Access"}}};
    for (const auto &[page, menu] : menus) {
        stage.window().showPage(QString::fromLatin1(page));
        stage.press(Qt::Key_F1);
        const auto *list = stage.find<QListView>(QStringLiteral("paletteList"));
        QVERIFY2(list, page); // an empty one is hidden
        const QString title = stage.window().commands().menuTitle(QString::fromLatin1(menu));
        QStringList hints;
        for (int row = 0; row < list->model()->rowCount(); ++row)
            hints << list->model()->index(row, 0).data(gui::PaletteModel::HintRole).toString();
        QVERIFY2(hints.contains(title), qPrintable(title + hints.join(QLatin1Char('|'))));
        stage.press(Qt::Key_Escape);
    }
    // and the help itself by its name in that language
    const QAction *help = stage.window().commands().action(QStringLiteral("help.page"));
    stage.press(Qt::Key_K, Qt::ControlModifier);
    stage.find<QLineEdit>(QStringLiteral("paletteLine"))
        ->setText(QLatin1Char('>') + gui::withoutMnemonic(help->text())); // letters no key types
    const auto *list = stage.find<QListView>(QStringLiteral("paletteList"));
    QVERIFY(list);
    QCOMPARE(list->currentIndex().data().toString(), gui::withoutMnemonic(help->text()));
    if (language == QLatin1String("de"))
        QVERIFY(help->text() != QStringLiteral("&What can be done here"));
}

void tst_MainWindow::namesAreReadWithoutMnemonicsInChinese()
{
    Stage stage(Stage::Options{.open = false, .language = QStringLiteral("zh_CN")});
    static const QRegularExpression behind(QStringLiteral("\\(&?[A-Z0-9]\\)"));
    int translated = 0;
    for (const gui::CommandInfo &info : stage.window().commands().list()) {
        const QAction *action = stage.window().commands().action(info.id);
        translated += action->text().contains(behind) ? 1 : 0;
        QString tip = action->toolTip();
        tip.remove(
            QStringLiteral("(%1)").arg(action->shortcut().toString(QKeySequence::NativeText)));
        QVERIFY2(!tip.contains(behind), qPrintable(tip));
    }
    QVERIFY(translated > 20);
    const auto buttons = stage.window().findChildren<QAbstractButton *>();
    for (const QAbstractButton *button : buttons)
        QVERIFY2(!button->accessibleName().contains(behind), qPrintable(button->accessibleName()));
    stage.press(Qt::Key_K, Qt::ControlModifier);
    stage.type(QStringLiteral(">"));
    const auto *list = stage.find<QListView>(QStringLiteral("paletteList"));
    for (int row = 0; row < list->model()->rowCount(); ++row) {
        const QModelIndex index = list->model()->index(row, 0);
        QVERIFY2(!index.data().toString().contains(behind), qPrintable(index.data().toString()));
    }
}

void tst_MainWindow::brokenShortcutsAreSaid()
{
    const QTemporaryDir home;
    QFile file(home.filePath(QStringLiteral("shortcuts.yaml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("file.new: [\n");
    file.close();
    Stage stage(Stage::Options{.open = false}); // its directories
    gui::MainWindow window(
        std::make_unique<QSettings>(home.filePath(QStringLiteral("gui.ini")), QSettings::IniFormat),
        false);
    window.show();
    const auto *text = window.findChild<QLabel *>(QStringLiteral("toastText"));
    QVERIFY(text && text->text().contains(QStringLiteral("shortcuts cannot be read")));
    QCOMPARE(window.commands().action(QStringLiteral("file.new"))->shortcut(),
             QKeySequence(QStringLiteral("Ctrl+N")));
}

void tst_MainWindow::pagesAreReachedByKeys()
{
    Stage stage(Stage::Options{.open = false});
    const std::array keys{Qt::Key_1, Qt::Key_2, Qt::Key_3, Qt::Key_4};
    const QStringList ids{QStringLiteral("consumers"), QStringLiteral("tokens"),
                          QStringLiteral("gateway"), QStringLiteral("access")};
    for (std::size_t index = keys.size(); index-- > 0;) {
        stage.press(keys.at(index), Qt::ControlModifier);
        QCOMPARE(stage.window().currentPage()->id(), ids.at(static_cast<qsizetype>(index)));
        const auto *button =
            stage.find<QToolButton>(QStringLiteral("page.") + ids.at(qsizetype(index)));
        QVERIFY(button->isChecked());
    }
}

void tst_MainWindow::backAndForwardWalkWhatWasShown()
{
    Stage stage(Stage::Options{.open = false});
    stage.press(Qt::Key_2, Qt::ControlModifier);
    stage.press(Qt::Key_3, Qt::ControlModifier);
    stage.press(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(stage.window().currentPage()->id(), QStringLiteral("tokens"));
    stage.press(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(stage.window().currentPage()->id(), QStringLiteral("consumers"));
    stage.press(Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(stage.window().currentPage()->id(), QStringLiteral("tokens"));
}

void tst_MainWindow::saysWhatIsNotSaved()
{
    Stage stage;
    auto *save = stage.window().commands().action(QStringLiteral("file.save"));
    QVERIFY(!save->isEnabled());
    QVERIFY(!save->property("reason").toString().isEmpty());
    stage.workspace().stage(QStringLiteral("add jack"),
                            {{"/consumers/jack", Json::object({{"username", "jack"}})}});
    QVERIFY(save->isEnabled());
    QVERIFY(stage.window().isWindowModified());
    const auto *store = stage.find<QLabel>(QStringLiteral("storeName"));
    QVERIFY(store->text().contains(QStringLiteral("changed")));
    const QAction *undo = stage.window().commands().action(QStringLiteral("edit.undo"));
    QVERIFY2(undo->text().contains(QStringLiteral("add jack")), qPrintable(undo->text()));
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(Stage::wait([&] { return !stage.workspace().isDirty(); }));
    QVERIFY(!stage.window().isWindowModified());
    // it is stored before the window hears that saving is done
    QVERIFY(Stage::wait([&] { return stage.find(QStringLiteral("toast")) != nullptr; }));
}

void tst_MainWindow::countsInEachLanguage_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("said");
    QTest::newRow("English") << QStringLiteral("en_GB") << QStringLiteral("Saved 1 change");
    QTest::newRow("German") << QStringLiteral("de_AT") << QStringLiteral("1 Änderung gespeichert");
    QTest::newRow("one that is not translated")
        << QStringLiteral("fr_FR") << QStringLiteral("Saved 1 change");
}

void tst_MainWindow::countsInEachLanguage()
{
    QFETCH(QString, language);
    QFETCH(QString, said);
    Stage stage(Stage::Options{.language = language});
    stage.workspace().stage(QStringLiteral("add jack"),
                            {{"/consumers/jack", Json::object({{"username", "jack"}})}});
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(stage.find<QLabel>(QStringLiteral("toastText")));
    QCOMPARE(stage.find<QLabel>(QStringLiteral("toastText"))->text(), said);
}

void tst_MainWindow::saysWhatWasSavedAndTakenBack()
{
    Stage stage;
    // the notices that are seen; an asterisk: with "Undo"
    const auto said = [&stage] {
        QStringList texts;
        const auto toasts = stage.window().findChildren<gui::Toast *>();
        for (const gui::Toast *toast : toasts) {
            if (!toast->isVisible())
                continue;
            const auto *undo = toast->findChild<QPushButton *>(QStringLiteral("toastUndo"));
            texts << toast->findChild<QLabel *>(QStringLiteral("toastText"))->text()
                    + (undo && undo->isVisible() ? QStringLiteral("*") : QString());
        }
        return texts;
    };
    const auto stageJack = [&stage](const char *text, const char *team) {
        stage.workspace().stage(
            QString::fromLatin1(text),
            {{"/consumers/jack",
              Json::object({{"username", "jack"}, {"labels", Json::object({{"team", team}})}})}});
    };
    stageJack("Add jack", "a");
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE(said(), QStringList{QStringLiteral("Saved 1 change*")});
    stageJack("Move jack", "b"); // what "Undo" would take back now
    QCOMPARE(said(), QStringList{QStringLiteral("Saved 1 change")});
    stage.press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(said(), QStringList{QStringLiteral("Undone: Move jack")});
    stage.press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(said(), QStringList{QStringLiteral("Undone: Save 1 change")});
    stage.press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(said(), QStringList{QStringLiteral("Redone: Save 1 change")});
}

void tst_MainWindow::saysThatAGatewayIsGone()
{
    Stage stage(Stage::Options{.open = false});
    stage.window().attach("unix:" + stage.path(QStringLiteral("nobody.sock")).toStdString());
    const auto *state = stage.find<QToolButton>(QStringLiteral("gatewayState"));
    QVERIFY(Stage::wait([&] { return stage.session().state() == gui::Session::State::Lost; }));
    QVERIFY2(state->text().contains(QStringLiteral("does not answer")), qPrintable(state->text()));
}

void tst_MainWindow::attachingOffersTheGatewayThatRuns()
{
    Stage stage(Stage::Options{.open = false});
    const auto openAttach = [&stage] {
        stage.window().commands().action(QStringLiteral("file.attach"))->trigger();
        return stage.find<QLineEdit>(QStringLiteral("attachControl"));
    };
    auto *control = openAttach();
    QVERIFY(control);
    QCOMPARE(control->text(), QString()); // nothing runs
    control->window()->close();
    QTRY_VERIFY(!stage.find(QStringLiteral("attachControl")));
    const auto directory = runtimeDirectory();
    QVERIFY(directory);
    const auto pathOf = [&directory](pid_t process) {
        return QString::fromStdString(gateway::controlSocketPath(*directory, process).string());
    };
    QLocalServer own;
    QVERIFY2(own.listen(pathOf(::getpid())), qPrintable(own.errorString()));
    control = openAttach();
    QVERIFY(control);
    QCOMPARE(control->text(), QString()); // this window's own
    control->window()->close();
    QTRY_VERIFY(!stage.find(QStringLiteral("attachControl")));
    own.close();
    const QString path = pathOf(::getppid());
    QLocalServer gateway;
    QVERIFY2(gateway.listen(path), qPrintable(gateway.errorString()));
    control = openAttach();
    QVERIFY(control);
    QCOMPARE(control->text(), QStringLiteral("unix:") + path);
    QCOMPARE(control->selectedText(), control->text());
}

void tst_MainWindow::opensTheFileItIsGiven()
{
    Stage stage;
    stage.window().openFile(stage.path(QStringLiteral("other.postern")));
    QVERIFY(Stage::wait([&] { return stage.session().store().ends_with("other.postern"); }));
    QVERIFY(Stage::wait(
        [&] { return stage.window().windowTitle().contains(QStringLiteral("other.postern")); }));
}

void tst_MainWindow::keepsTheLayoutAndResetsIt()
{
    Stage stage(Stage::Options{.open = false});
    auto *navigation = stage.find<gui::Navigation>(QStringLiteral("navigation"));
    const int wide = navigation->width();
    stage.press(Qt::Key_Backslash, Qt::ControlModifier);
    QVERIFY(navigation->isCollapsed());
    QTRY_VERIFY(navigation->width() < wide);
    stage.press(Qt::Key_3, Qt::ControlModifier);
    stage.window().close();
    QCOMPARE(stage.window().settings().value(QStringLiteral("window/page")).toString(),
             QStringLiteral("gateway"));
    stage.window().commands().action(QStringLiteral("view.reset"))->trigger();
    QVERIFY(!navigation->isCollapsed());
    QVERIFY(!stage.window().settings().contains(QStringLiteral("window/page")));
}

void tst_MainWindow::refusesADropNobodyKnows()
{
    Stage stage;
    QMimeData mime;
    mime.setData(QStringLiteral("application/x-nobody"), "?");
    QVERIFY(!stage.window().takeMime(mime));
    const auto *text = stage.find<QLabel>(QStringLiteral("toastText"));
    QVERIFY(text);
    QVERIFY2(text->text().startsWith(QStringLiteral("Nothing here knows")),
             qPrintable(text->text()));
}

void tst_MainWindow::asksBeforeLosingChanges()
{
    Stage stage;
    stage.workspace().stage(QStringLiteral("add jack"),
                            {{"/consumers/jack", Json::object({{"username", "jack"}})}});
    stage.window().close();
    QVERIFY(stage.window().isVisible());
    QVERIFY(stage.find(QStringLiteral("closeQuestion")));
    QVERIFY(Stage::wait([&] {
        const QWidget *focus = QApplication::focusWidget();
        return focus && focus->window() == stage.find(QStringLiteral("closeQuestion"));
    }));
    stage.press(Qt::Key_Return); // Save
    QTRY_VERIFY(!stage.window().isVisible());
    QVERIFY(!stage.workspace().isDirty());
}

QTEST_MAIN(tst_MainWindow)
#include "tst_main_window.moc"
