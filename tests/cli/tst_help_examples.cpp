// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "postern_process.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <format>

using namespace postern::cli;
using namespace postern::test;

/// Every example of every command's help, as printed.
class tst_HelpExamples : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCommandHasExamples_data();
    void everyCommandHasExamples();
    void runs_data();
    void runs();
};

void tst_HelpExamples::everyCommandHasExamples_data()
{
    QTest::addColumn<QString>("name");
    for (const Command *command : commands()) {
        QTest::newRow(std::string(command->name).c_str())
            << QString::fromStdString(std::string(command->name));
    }
}

void tst_HelpExamples::everyCommandHasExamples()
{
    QFETCH(QString, name);
    std::vector<std::string> words{"help"};
    for (const QString &word : name.split(QLatin1Char(' ')))
        words.push_back(word.toStdString());
    const Ran ran = runPostern(words);
    QCOMPARE(ran.exit, 0);
    QVERIFY2(ran.out.contains("Examples:"), ran.out.c_str());
    const Command *const command = findCommand(std::vector(words.begin() + 1, words.end())).first;
    QVERIFY2(command->examples.size() >= 3, "three examples are the rule");
    words.erase(words.begin());
    words.emplace_back("--help");
    QCOMPARE(runPostern(words).out, ran.out);
}

void tst_HelpExamples::runs_data()
{
    QTest::addColumn<QString>("shell");
    QTest::addColumn<bool>("gateway");
    QTest::addColumn<int>("exit");
    for (const Command *command : commands()) {
        for (const Example &example : command->examples)
            QTest::newRow(std::format("{}: {}", command->name, example.what).c_str())
                << QString::fromStdString(std::string(example.shell))
                << (example.needs == Needs::Gateway) << example.exit;
    }
}

void tst_HelpExamples::runs()
{
    QFETCH(QString, shell);
    QFETCH(bool, gateway);
    QFETCH(int, exit);
    QTemporaryDir folder;
    // The file that examples mean by gateway.yaml.
    QVERIFY(QFile::copy(QStringLiteral(POSTERN_SOURCE_DIR "/tests/cli/data/gateway.yaml"),
                        folder.filePath(QStringLiteral("gateway.yaml"))));
    const std::string home = folder.filePath(QStringLiteral("home")).toStdString();
    std::string line = shell.toStdString();
    if (gateway) {
        const QString quoted = shell.replace(QLatin1Char('\''), QLatin1String("'\\''"));
        line = std::format("postern exec -q --config gateway.yaml -- sh -c '{}'",
                           quoted.toStdString());
    }
    const Ran ran = runShell(line, folder.path().toStdString(), {{"POSTERN_HOME", home}});
    QVERIFY2(ran.exit == exit, std::format("exit {}\n{}\n{}", ran.exit, ran.out, ran.err).c_str());
}

QTEST_GUILESS_MAIN(tst_HelpExamples)
#include "tst_help_examples.moc"
