// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/fuzzy.h"
#include "gui/shell/palette_model.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <QWidget>

using namespace postern::gui;

class tst_Palette : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fitsByLettersInOrder_data();
    void fitsByLettersInOrder();
    void betterFitsComeFirst();
    void lastUsedComesFirst();
    void prefixesNarrow_data();
    void prefixesNarrow();
    void theCommandItselfComesBeforeItsUndo();
    void disabledCommandsSayWhy();

private:
    static QStringList texts(const PaletteModel &model);
};

QStringList tst_Palette::texts(const PaletteModel &model)
{
    QStringList found;
    for (int row = 0; row < model.rowCount(); ++row)
        found.append(model.index(row).data().toString());
    return found;
}

void tst_Palette::fitsByLettersInOrder_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("fits");
    const auto row = [](const char *name, const char *pattern, const char *text, bool fits) {
        QTest::newRow(name) << QString::fromLatin1(pattern) << QString::fromLatin1(text) << fits;
    };
    row("nothing fits all", "", "Save", true);
    row("case does not matter", "SAVE", "save", true);
    row("gaps are fine", "sv", "Save", true);
    row("words in any order", "jack mint", "Mint a token for jack", true);
    row("every word must fit", "mint bob", "Mint a token for jack", false);
    row("order of letters counts", "vs", "Save", false);
    row("the first letters again later", "ack", "a jack", true);
}

void tst_Palette::fitsByLettersInOrder()
{
    QFETCH(QString, pattern);
    QFETCH(QString, text);
    QFETCH(bool, fits);
    QCOMPARE(fuzzyScore(pattern, text).has_value(), fits);
}

void tst_Palette::betterFitsComeFirst()
{
    const auto score = [](const char *pattern, const char *text) {
        return *fuzzyScore(QString::fromLatin1(pattern), QString::fromLatin1(text));
    };
    QVERIFY(score("mint", "Mint a token") > score("mint", "Main attribute"));
    QVERIFY(score("st", "Save things") > score("st", "last"));
}

void tst_Palette::lastUsedComesFirst()
{
    QWidget window;
    Commands commands(&window);
    for (const char *name : {"alpha", "alpine", "alps"})
        commands.add(
            {QString::fromLatin1(name), QString::fromLatin1(name), QStringLiteral("File"), {}, {}},
            [] {});
    PaletteModel model(commands);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.search(QStringLiteral("alp"), {}, {QStringLiteral("alps"), QStringLiteral("alpine")});
    QCOMPARE(
        texts(model),
        QStringList({QStringLiteral("alps"), QStringLiteral("alpine"), QStringLiteral("alpha")}));
}

void tst_Palette::prefixesNarrow_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("found");
    const QString save = QStringLiteral("save");
    const QString consumer = QStringLiteral("saver");
    const QString route = QStringLiteral("saved");
    const QString request = QStringLiteral("savest");
    QTest::newRow("> commands") << QStringLiteral(">sav") << QStringList{save};
    QTest::newRow("@ consumers") << QStringLiteral("@sav") << QStringList{consumer};
    QTest::newRow("/ routes") << QStringLiteral("/ sav") << QStringList{route};
    QTest::newRow("# requests") << QStringLiteral("#sav") << QStringList{request};
    QTest::newRow("all") << QStringLiteral("sav") << QStringList{save, consumer, route, request};
}

void tst_Palette::prefixesNarrow()
{
    QFETCH(QString, text);
    QFETCH(QStringList, found);
    QWidget window;
    Commands commands(&window);
    commands.add({QStringLiteral("s"), QStringLiteral("save"), {}, {}, {}}, [] {});
    PaletteModel model(commands);
    model.search(text,
                 {{QStringLiteral("saver"), {}, QStringLiteral("@"), [] {}},
                  {QStringLiteral("saved"), {}, QStringLiteral("/"), [] {}},
                  {QStringLiteral("savest"), {}, QStringLiteral("#"), [] {}}},
                 {});
    QCOMPARE(texts(model), found);
}

void tst_Palette::theCommandItselfComesBeforeItsUndo()
{
    QWidget window;
    Commands commands(&window);
    const QString undo = QStringLiteral("Undo Load the sample"),
                  redo = QStringLiteral("Redo Load the sample"),
                  load = QStringLiteral("Load the sample");
    commands.add({QStringLiteral("edit.undo"), undo, {}, {}, {}}, [] {});
    commands.add({QStringLiteral("edit.redo"), redo, {}, {}, {}}, [] {});
    commands.add({QStringLiteral("consumer.sample"), load, {}, {}, {}}, [] {});
    PaletteModel model(commands);
    const QStringList recent{QStringLiteral("edit.undo")};
    for (const char *text : {"sample", ">sample", "load the", "Load the sample"}) {
        model.search(QString::fromLatin1(text), {}, recent);
        QCOMPARE(texts(model), QStringList({load, undo, redo}));
    }
    model.search(QStringLiteral("undo"), {}, {});
    QCOMPARE(texts(model).constFirst(), undo);
    model.search(QStringLiteral("redo sample"), {}, recent);
    QCOMPARE(texts(model).constFirst(), redo);
    model.search({}, {}, recent); // last used first
    QCOMPARE(texts(model).constFirst(), undo);
}

void tst_Palette::disabledCommandsSayWhy()
{
    QWidget window;
    Commands commands(&window);
    commands.add({QStringLiteral("s"), QStringLiteral("save"), {}, {}, {}}, [] {});
    commands.setReason(QStringLiteral("s"), QStringLiteral("Nothing has changed."));
    PaletteModel model(commands);
    model.search({}, {}, {});
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0).data(PaletteModel::ReasonRole).toString(),
             QStringLiteral("Nothing has changed."));
    QVERIFY(model.index(0)
                .data(Qt::AccessibleTextRole)
                .toString()
                .contains(QStringLiteral("Nothing has changed.")));
}

QTEST_MAIN(tst_Palette)
#include "tst_palette.moc"
