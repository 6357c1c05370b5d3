// SPDX-License-Identifier: Apache-2.0
#include "gui/text/line_diff.h"

#include <QTest>

using namespace postern::gui;

class tst_LineDiff : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void compares_data();
    void compares();
    void longTextsAreShownWhole();

private:
    static QString shown(const std::vector<DiffLine> &lines);
};

QString tst_LineDiff::shown(const std::vector<DiffLine> &lines)
{
    QString text;
    for (const DiffLine &line : lines)
        text += (line.kind == DiffLine::Kind::Same        ? QLatin1String("=")
                     : line.kind == DiffLine::Kind::Added ? QLatin1String("+")
                                                          : QLatin1String("-"))
            + line.text;
    return text;
}

void tst_LineDiff::compares_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *before, const char *after,
                        const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(before) << QString::fromLatin1(after)
                            << QString::fromLatin1(expected);
    };
    row("both empty", "", "", "");
    row("the same", "a\nb", "a\nb", "=a=b");
    row("all new", "", "a\nb", "+a+b");
    row("all gone", "a\nb", "", "-a-b");
    row("a line in the middle changed", "a\nb\nc", "a\nx\nc", "=a-b+x=c");
    row("a line was put in", "a\nc", "a\nb\nc", "=a+b=c");
    row("a line was taken out", "a\nb\nc", "a\nc", "=a-b=c");
    row("two lines changed places", "a\nb", "b\na", "-a=b+a");
}

void tst_LineDiff::compares()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QTEST(shown(diffLines(before, after)), "expected");
}

void tst_LineDiff::longTextsAreShownWhole()
{
    const QString before = QStringLiteral("x\n").repeated(3000);
    const auto lines = diffLines(before, before + QStringLiteral("y"));
    QCOMPARE(lines.size(), 6002U);
    QCOMPARE(diffLines(before, before).front().kind, DiffLine::Kind::Same);
}

QTEST_GUILESS_MAIN(tst_LineDiff)
#include "tst_line_diff.moc"
