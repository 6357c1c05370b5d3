// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/commands.h"
#include "gui/shell/shortcut_sheet.h"

#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
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
    QVERIFY(QTest::qWaitForWindowActive(&window));
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
    QSettings settings(home.filePath(QStringLiteral("gui.ini")), QSettings::IniFormat);
    QWidget window;
    Commands commands(&window);
    QAction *action = commands.add(info("a.b", "&Do it", "Ctrl+J"), [] {});
    ShortcutSheet::restore(commands, settings);
    {
        ShortcutSheet sheet(commands, settings);
        sheet.findChild<QKeySequenceEdit *>(QStringLiteral("shortcutKeys"))
            ->setKeySequence(QKeySequence(QStringLiteral("Ctrl+Shift+J")));
        sheet.findChild<QPushButton *>(QStringLiteral("shortcutSet"))->click();
    }
    QCOMPARE(action->shortcut(), QKeySequence(QStringLiteral("Ctrl+Shift+J")));

    QWidget next;
    Commands again(&next);
    action = again.add(info("a.b", "&Do it", "Ctrl+J"), [] {});
    ShortcutSheet::restore(again, settings);
    QCOMPARE(action->shortcut(), QKeySequence(QStringLiteral("Ctrl+Shift+J")));
    ShortcutSheet sheet(again, settings);
    sheet.findChild<QPushButton *>(QStringLiteral("shortcutReset"))->click();
    QCOMPARE(action->shortcut(), QKeySequence(QStringLiteral("Ctrl+J")));
    QVERIFY(!settings.contains(QStringLiteral("shortcuts/a.b")));
}

void tst_Commands::theSheetFiltersAndRefusesTakenKeys()
{
    const QTemporaryDir home;
    QSettings settings(home.filePath(QStringLiteral("gui.ini")), QSettings::IniFormat);
    QWidget window;
    Commands commands(&window);
    commands.add(info("a.b", "&Do it", "Ctrl+J"), [] {});
    commands.add(info("c.d", "&Leave it", "Ctrl+M"), [] {});
    ShortcutSheet::restore(commands, settings);
    ShortcutSheet sheet(commands, settings);
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
