// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/commands.h"
#include "gui/shell/shortcut_file.h"
#include "gui/shell/shortcut_sheet.h"
#include "gui/text/mnemonic.h"

#include <QFile>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace postern::gui;

class tst_Commands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runsByKeys();
    void saysWhyNot();
    void shortcutsCanBeChangedAndAreKept();
    void shortcutsOfOtherVersionsAreKept();
    void aBrokenFileIsSaidAndPutAside_data();
    void aBrokenFileIsSaidAndPutAside();
    void namesAreReadWithoutTheirMnemonic_data();
    void namesAreReadWithoutTheirMnemonic();
    void theSheetFiltersAndRefusesTakenKeys();

private:
    static CommandInfo info(const char *id, const char *text, const char *keys)
    {
        return {QString::fromLatin1(id),
                QString::fromLatin1(text),
                QStringLiteral("File"),
                QKeySequence(QString::fromLatin1(keys)),
                {}};
    }
};

void tst_Commands::runsByKeys()
{
    QWidget window;
    Commands commands(&window);
    int runs = 0;
    commands.add(info("a.b", "&Do it", "Ctrl+J"), [&runs] { ++runs; });
    const QSignalSpy ran(&commands, &Commands::ran);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window, 20'000));
    QTest::keyClick(&window, Qt::Key_J, Qt::ControlModifier);
    QCOMPARE(runs, 1);
    QCOMPARE(ran.size(), 1);
    QCOMPARE(ran.first().first().toString(), QStringLiteral("a.b"));
    QVERIFY(!commands.action(QStringLiteral("none")));
}

void tst_Commands::saysWhyNot()
{
    QWidget window;
    Commands commands(&window);
    const QAction *action = commands.add(info("a.b", "&Do it", "Ctrl+J"), [] {});
    commands.setReason(QStringLiteral("a.b"), QStringLiteral("Nothing is selected."));
    QVERIFY(!action->isEnabled());
    QVERIFY(action->toolTip().contains(QStringLiteral("Nothing is selected.")));
    QVERIFY(action->toolTip().startsWith(QStringLiteral("Do it (Ctrl+J)")));
    commands.setReason(QStringLiteral("a.b"), {});
    QVERIFY(action->isEnabled());
    QVERIFY(!action->toolTip().contains(QStringLiteral("Nothing")));
}

void tst_Commands::shortcutsCanBeChangedAndAreKept()
{
    const QTemporaryDir home;
    ShortcutFile file(home.filePath(QStringLiteral("shortcuts.yaml")));
    QWidget window;
    Commands commands(&window);
    QAction *action = commands.add(info("a.b", "&Do it", "Ctrl+J"), [] {});
    ShortcutSheet::restore(commands, file);
    {
        ShortcutSheet sheet(commands, file);
        sheet.findChild<QKeySequenceEdit *>(QStringLiteral("shortcutKeys"))
            ->setKeySequence(QKeySequence(QStringLiteral("Ctrl+Shift+J")));
        sheet.findChild<QPushButton *>(QStringLiteral("shortcutSet"))->click();
    }
    QCOMPARE(action->shortcut(), QKeySequence(QStringLiteral("Ctrl+Shift+J")));

    file = ShortcutFile(file.path());
    QVERIFY(file.load()); // as the next start does
    QWidget next;
    Commands again(&next);
    action = again.add(info("a.b", "&Do it", "Ctrl+J"), [] {});
    ShortcutSheet::restore(again, file);
    QCOMPARE(action->shortcut(), QKeySequence(QStringLiteral("Ctrl+Shift+J")));
    ShortcutSheet sheet(again, file);
    sheet.findChild<QPushButton *>(QStringLiteral("shortcutReset"))->click();
    QCOMPARE(action->shortcut(), QKeySequence(QStringLiteral("Ctrl+J")));
    QVERIFY(!file.keys(QStringLiteral("a.b")));
    file = ShortcutFile(file.path());
    QVERIFY(file.load());
    QVERIFY(!file.keys(QStringLiteral("a.b")));
}

void tst_Commands::shortcutsOfOtherVersionsAreKept()
{
    const QTemporaryDir home;
    const QString path = home.filePath(QStringLiteral("folder/shortcuts.yaml"));
    {
        ShortcutFile file(path);
        QVERIFY(file.load()); // there is none
        QVERIFY(file.set(QStringLiteral("future.command"), QKeySequence(QStringLiteral("Ctrl+Y"))));
        QVERIFY(file.set(QStringLiteral("a.b"), QKeySequence()));
        QVERIFY(file.set(QStringLiteral("c.d"), QKeySequence(QStringLiteral("F7"))));
        QVERIFY(file.set(QStringLiteral("c.d"), std::nullopt));
    }
    ShortcutFile file(path);
    QVERIFY(file.load());
    QCOMPARE(file.keys(QStringLiteral("future.command")), QKeySequence(QStringLiteral("Ctrl+Y")));
    QCOMPARE(file.keys(QStringLiteral("a.b")), QKeySequence()); // taken away, not its own
    QVERIFY(!file.keys(QStringLiteral("c.d")));
}

void tst_Commands::aBrokenFileIsSaidAndPutAside_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("where");
    QTest::newRow("no YAML") << QByteArray("a.b: [\n") << QByteArray("shortcuts.yaml");
    QTest::newRow("a list") << QByteArray("- a.b\n") << QByteArray("shortcuts.yaml:1");
    QTest::newRow("no keys") << QByteArray("a.b: F2\nc.d: nonsense+\n")
                             << QByteArray("shortcuts.yaml:2:6");
    QTest::newRow("a list of keys") << QByteArray("a.b: [F2]\n") << QByteArray("shortcuts.yaml:1");
}

void tst_Commands::aBrokenFileIsSaidAndPutAside()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, where);
    const QTemporaryDir home;
    const QString path = home.filePath(QStringLiteral("shortcuts.yaml"));
    QFile broken(path);
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write(text);
    broken.close();
    ShortcutFile file(path);
    const auto read = file.load();
    QVERIFY(!read);
    QVERIFY2(read.error().where.contains(where.toStdString()), read.error().where.c_str());
    QVERIFY(!file.keys(QStringLiteral("a.b")));
    QVERIFY(file.set(QStringLiteral("a.b"), QKeySequence(QStringLiteral("F3"))));
    QFile aside(path + QStringLiteral(".broken"));
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), text); // what the user wrote is not lost
    ShortcutFile next(path);
    QVERIFY(next.load());
    QCOMPARE(next.keys(QStringLiteral("a.b")), QKeySequence(QStringLiteral("F3")));
}

void tst_Commands::namesAreReadWithoutTheirMnemonic_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("read");
    const auto row = [](const char *name, const char *text, const char *read) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(read);
    };
    row("in the word", "Copy &as curl", "Copy as curl");
    row("behind, as in Chinese", "设置(&S)…", "设置");
    row("behind the dots", "设置…(&S)", "设置");
    row("an ampersand itself", "Keys && values", "Keys & values");
    row("brackets of the text", "Text (as it was)", "Text (as it was)");
}

void tst_Commands::namesAreReadWithoutTheirMnemonic()
{
    QFETCH(QString, text);
    QFETCH(QString, read);
    QCOMPARE(withoutMnemonic(text), read);
    QWidget window;
    Commands commands(&window);
    const QAction *action = commands.add(
        {QStringLiteral("a.b"), text, QStringLiteral("File"), QKeySequence(), QString()}, [] {});
    QCOMPARE(action->toolTip(), read);
}

void tst_Commands::theSheetFiltersAndRefusesTakenKeys()
{
    const QTemporaryDir home;
    ShortcutFile file(home.filePath(QStringLiteral("shortcuts.yaml")));
    QWidget window;
    Commands commands(&window);
    commands.add(info("a.b", "&Do it", "Ctrl+J"), [] {});
    commands.add(info("c.d", "&Leave it", "Ctrl+M"), [] {});
    ShortcutSheet::restore(commands, file);
    ShortcutSheet sheet(commands, file);
    const auto *list = sheet.findChild<QTreeWidget *>(QStringLiteral("shortcutList"));
    auto *filter = sheet.findChild<QLineEdit *>(QStringLiteral("shortcutFilter"));
    filter->setText(QStringLiteral("ctrl+m"));
    QVERIFY(list->topLevelItem(0)->isHidden());
    QVERIFY(!list->topLevelItem(1)->isHidden());
    filter->clear();
    sheet.findChild<QKeySequenceEdit *>(QStringLiteral("shortcutKeys"))
        ->setKeySequence(QKeySequence(QStringLiteral("Ctrl+M")));
    sheet.findChild<QPushButton *>(QStringLiteral("shortcutSet"))->click();
    QCOMPARE(commands.action(QStringLiteral("a.b"))->shortcut(),
             QKeySequence(QStringLiteral("Ctrl+J")));
    const auto *message = sheet.findChild<QLabel *>(QStringLiteral("shortcutMessage"));
    QVERIFY(message->text().contains(QStringLiteral("Leave it")));
}

QTEST_MAIN(tst_Commands)
#include "tst_commands.moc"
