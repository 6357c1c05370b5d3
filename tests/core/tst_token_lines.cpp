// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_lines.h"

#include <QProcess>
#include <QTest>

using namespace postern;

class tst_TokenLines : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesWhatPeoplePaste();
    void wordsReachAShellAsTheyAre_data();
    void wordsReachAShellAsTheyAre();
};

void tst_TokenLines::writesWhatPeoplePaste()
{
    QCOMPARE(headerLine("a.b.c"), std::string("Authorization: Bearer a.b.c"));
    QCOMPARE(environmentLine("TOKEN", "a.b.c"), std::string("TOKEN=a.b.c"));
    QCOMPARE(curlLine("a.b.c", "http://127.0.0.1:9080/get?a=1&b=2"),
             std::string("curl -i -H 'Authorization: Bearer a.b.c' "
                         "'http://127.0.0.1:9080/get?a=1&b=2'"));
    QCOMPARE(curlLineWithVariable("TOKEN", "http://a/get?a=$b"),
             std::string("curl -i -H \"Authorization: Bearer $TOKEN\" 'http://a/get?a=$b'"));
    QCOMPARE(shellLine({"postern", "token", "mint", "--claim", "role=user"}),
             std::string("postern token mint --claim role=user"));
}

void tst_TokenLines::wordsReachAShellAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("plain") << QByteArray("abc");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("blanks") << QByteArray("a  b");
    QTest::newRow("single quotes") << QByteArray("it's 'here'");
    QTest::newRow("substitution") << QByteArray("$(id) `id` $HOME ${x}");
    QTest::newRow("operators") << QByteArray("a;b|c&d>e<f*g?h!i#j~k\\");
    QTest::newRow("line break") << QByteArray("a\nb");
    QTest::newRow("UTF-8") << QByteArray("gr\xc3\xbc\xc3\x9f");
}

void tst_TokenLines::wordsReachAShellAsTheyAre()
{
    QFETCH(const QByteArray, word);
    QProcess shell;
    const std::string line = shellLine({"printf", "%s", word.toStdString()});
    shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), QString::fromStdString(line)});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.readAllStandardOutput(), word);
}

QTEST_GUILESS_MAIN(tst_TokenLines)
#include "tst_token_lines.moc"
