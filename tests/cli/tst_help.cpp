// SPDX-License-Identifier: Apache-2.0
#include "cli/help/document.h"
#include "cli/help/man.h"
#include "cli/help/text.h"
#include "cli/help/topics.h"
#include "core/json/parse.h"
#include "gateway_process.h"
#include "test_folder.h"

#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>
#include <array>
#include <format>
#include <ranges>
#include <set>

using namespace postern;
using namespace postern::cli;
using namespace postern::test;

/// Help, manual pages and what is said about wrong words.
class tst_Help : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void usageErrorsSayWhatToDo_data();
    void usageErrorsSayWhatToDo();
    void mistypedPluginOfAFileIsNamed();
    void aFileIsOnlyLookedInto();
    void withoutGatewayTheFileAtHandIsNamed();
    void oldWordsAreUnderstoodOnce();
    void everyCommandHasATopic();
    void everyReasonHasItsSentence();
    void pagesAsJson_data();
    void pagesAsJson();
    void everyOptionSaysWhatItDoes();
    void helpFitsTheLine_data();
    void helpFitsTheLine();
    void manPagesAreSound_data();
    void manPagesAreSound();
    void colourIsAsked_data();
    void colourIsAsked();
    void revealIsExplicit_data();
    void revealIsExplicit();
    void execJudgesWhatItSaw_data();
    void execJudgesWhatItSaw();
    void clockFindsBackToTheRealTime();
};

void tst_Help::usageErrorsSayWhatToDo_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    QTest::newRow("command") << "tokne mint" << "no command 'tokne'; did you mean \"token\"?";
    QTest::newRow("verb") << "token mnit" << "'token' has no verb 'mnit'; did you mean \"mint\"?";
    QTest::newRow("nested verb") << "consumer credential ad"
                                 << "'consumer credential' has no verb 'ad'; did you mean \"add\"?";
    QTest::newRow("no verb") << "clock" << "'clock' wants a verb: postern clock show";
    QTest::newRow("option before the command") << "-o json version"
                                               << "options go behind the command";
    QTest::newRow("option") << "token mint --tll 3s" << "no option --tll; did you mean \"--ttl\"?";
    QTest::newRow("option's value is not repeated")
        << "token mint --secrte=hunter2" << "no option --secrte; did you mean \"--secret\"?";
    QTest::newRow("value missing") << "token mint --ttl"
                                   << "--ttl wants a value, DURATION: lifetime";
    QTest::newRow("choice") << "clock set --mode rael"
                            << "--mode takes real, ticking or frozen, not \"rael\"; did you mean "
                               "\"real\"?";
    QTest::newRow("number") << "trace tail --count many" << "--count takes a number";
    QTest::newRow("argument missing") << "clock advance" << "DURATION is missing: how far";
    QTest::newRow("one word too many") << "version now" << "\"now\" is one word too many";
    QTest::newRow("rest of a secret is not repeated")
        << "token mint --secret my hunter2" << "a word that no option takes";
    QTest::newRow("help of no command") << "help tokne" << "did you mean \"token\"?";
}

void tst_Help::usageErrorsSayWhatToDo()
{
    QFETCH(QString, line);
    QFETCH(QString, says);
    std::vector<std::string> words;
    for (const QString &word : line.split(QLatin1Char(' ')))
        words.push_back(word.toStdString());
    const Ran ran = runPostern(words);
    QCOMPARE(ran.exit, 2);
    QVERIFY2(ran.err.contains(says.toStdString()), ran.err.c_str());
    QVERIFY2(!ran.err.contains("hunter2"), ran.err.c_str());
    QVERIFY2(ran.err.ends_with("[E-usage]\n"), ran.err.c_str());
    QVERIFY(ran.out.empty());
}

void tst_Help::mistypedPluginOfAFileIsNamed()
{
    const TestFolder folder;
    const std::string file = folder.write("g.yaml",
                                          "version: 1\nroutes:\n  - id: r\n    uri: /a\n"
                                          "    plugins: { jwt-atuh: {} }\n");
    const Ran ran = runPostern({"consumer", "list", "--config", file});
    QCOMPARE(ran.exit, 3);
    QVERIFY2(ran.err.contains("g.yaml:3:5:"), ran.err.c_str());
    QVERIFY2(ran.err.contains("unknown plugin [jwt-atuh]; did you mean \"jwt-auth\"?"),
             ran.err.c_str());
}

void tst_Help::aFileIsOnlyLookedInto()
{
    const std::string file = POSTERN_SOURCE_DIR "/tests/cli/data/gateway.yaml";
    const Ran ran = runPostern({"consumer", "add", "bob", "--config", file});
    QCOMPARE(ran.exit, 3);
    QVERIFY2(ran.err.contains("edit the file"), ran.err.c_str());
    QCOMPARE(runPostern({"consumer", "rm", "jack", "--config", file}).exit, 3);
}

void tst_Help::withoutGatewayTheFileAtHandIsNamed()
{
    const TestFolder folder;
    const Environment home{{"POSTERN_HOME", folder.path("home")}};
    const auto ask = [&] { return runShell("postern consumer list", folder.path(), home); };
    QVERIFY2(ask().err.contains("--config"), ask().err.c_str());
    folder.write("postern.yaml", "version: 1\n");
    QVERIFY2(ask().err.contains("--config postern.yaml"), ask().err.c_str());
    QCOMPARE(ask().exit, 5);
}

void tst_Help::oldWordsAreUnderstoodOnce()
{
    const Ran ran = runPostern({"token", "decode", "x"});
    QVERIFY2(ran.err.starts_with("postern: 'token decode' is called 'token inspect' here\n"),
             ran.err.c_str());
    QCOMPARE(runPostern({"--help"}).out, overview());
    QCOMPARE(runPostern({"--version"}).out, runPostern({"version"}).out);
}

void tst_Help::everyCommandHasATopic()
{
    std::size_t listed = 0;
    for (const Topic &topic : commandsByTopic()) {
        QVERIFY2(topic.title != "More", "a command has no topic: add its noun to the table");
        listed += topic.commands.size();
    }
    QCOMPARE(listed, commands().size());
}

void tst_Help::everyReasonHasItsSentence()
{
    const Ran ran = runPostern({"help", "reasons"});
    QCOMPARE(ran.exit, 0);
    for (const Errc code : {Errc::TokenExpired, Errc::AlgNone, Errc::Remote})
        QVERIFY(ran.out.contains(std::format("  {}", slug(code)))
                && ran.out.contains(sentence(code).substr(0, 30)));
    const HelpPage *const page = findHelpPage("reasons");
    std::set<std::string> ids;
    for (const HelpEntry &entry : page->entries()) {
        QVERIFY2(ids.insert(entry.term).second, "two reasons of one id");
        QVERIFY2(entry.term.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-")
                     == std::string::npos,
                 entry.term.c_str());
    }
    const Ran one = runPostern({"help", "reasons", "expired"});
    QCOMPARE(one.exit, 0);
    QVERIFY2(one.out.starts_with("expired"), one.out.c_str());
    QCOMPARE(runPostern({"help", "reasons", "exipred"}).exit, 2);
}

void tst_Help::pagesAsJson_data()
{
    QTest::addColumn<QString>("name");
    for (const HelpPage &page : helpPages())
        QTest::newRow(std::string(page.name).c_str())
            << QString::fromStdString(std::string(page.name));
}

void tst_Help::pagesAsJson()
{
    QFETCH(QString, name);
    const Ran ran = runPostern({"help", name.toStdString(), "-o", "json"});
    const Result<Json> json = parseJson(ran.out);
    QVERIFY(json && json->find("version"));
    const Json *const list = json->find(name.toStdString());
    QVERIFY(list && list->size() >= 5);
}

void tst_Help::everyOptionSaysWhatItDoes()
{
    for (const Command *command : commands()) {
        const CommandDocument document = documentOf(*command);
        for (const OptionDocument &option : document.options) {
            QVERIFY2(!option.help.empty(),
                     std::format("{} {}", command->name, option.shownName()).c_str());
            QVERIFY2(!option.help.ends_with('.'), option.help.c_str());
        }
    }
}

void tst_Help::helpFitsTheLine_data()
{
    QTest::addColumn<QString>("name");
    for (const Command *command : commands())
        QTest::newRow(std::string(command->name).c_str())
            << QString::fromStdString(std::string(command->name));
}

// Except for examples, which are to be copied as they stand.
void tst_Help::helpFitsTheLine()
{
    QFETCH(QString, name);
    const Command *command = nullptr;
    for (const Command *each : commands()) {
        if (each->name == name.toStdString())
            command = each;
    }
    const std::string text = helpText(*command);
    for (const auto line : std::views::split(std::string_view(text), '\n')) {
        const std::string_view each(line);
        if (each == "Examples:")
            break;
        QVERIFY2(each.size() <= 80, std::string(each).c_str());
    }
}

void tst_Help::manPagesAreSound_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("roff");
    for (const ManPage &page : manPages())
        QTest::newRow(page.file.c_str())
            << QString::fromStdString(page.file) << QByteArray::fromStdString(page.roff);
}

void tst_Help::manPagesAreSound()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, roff);
    constexpr std::array<QByteArrayView, 12> kMacros{".TH", ".SH", ".SS", ".PP", ".TP", ".B ",
                                                     ".BR", ".I ", ".nf", ".fi", ".RS", ".RE"};
    QVERIFY(roff.startsWith(".TH "));
    for (const QByteArray &line : roff.split('\n')) {
        QVERIFY2(!line.startsWith('\''), line.constData());
        if (line.startsWith('.'))
            QVERIFY2(std::ranges::any_of(kMacros,
                                         [&line](auto macro) { return line.startsWith(macro); }),
                     line.constData());
    }
    QCOMPARE(roff.count("\n.nf\n"), roff.count("\n.fi\n"));
    QCOMPARE(roff.count("\n.RS 4\n"), roff.count("\n.RE\n"));
    for (const char *section : {"NAME", "SYNOPSIS", "DESCRIPTION"})
        QVERIFY2(roff.contains(std::format("\n.SH {}\n", section)), section);
    if (QStandardPaths::findExecutable(QStringLiteral("groff")).isEmpty())
        return; // only the text was looked at
    const TestFolder folder;
    const std::string path = folder.write(file.toLatin1().constData(), roff.toStdString());
    const Ran ran = runShell(std::format("groff -man -ww -z {}", path), folder.path());
    QVERIFY2(ran.err.empty(), ran.err.c_str());
}

void tst_Help::colourIsAsked_data()
{
    QTest::addColumn<QString>("flag");
    QTest::addColumn<QString>("noColour");
    QTest::addColumn<bool>("coloured");
    QTest::newRow("a pipe gets none") << "" << "" << false;
    QTest::newRow("always") << "--color=always" << "" << true;
    QTest::newRow("always is more than NO_COLOR") << "--color=always" << "1" << true;
    QTest::newRow("never") << "--color=never" << "" << false;
    QTest::newRow("--no-color is more than always") << "--color=always --no-color" << "" << false;
}

void tst_Help::colourIsAsked()
{
    QFETCH(QString, flag);
    QFETCH(QString, noColour);
    QFETCH(bool, coloured);
    const TestFolder folder;
    const Ran ran =
        runShell(std::format("postern token mint --secret text:s | postern token inspect {}",
                             flag.toStdString()),
                 folder.path(), {{"NO_COLOR", noColour.toStdString()}});
    QCOMPARE(ran.exit, 0);
    QCOMPARE(ran.out.contains('\x1b'), coloured);
}

void tst_Help::revealIsExplicit_data()
{
    QTest::addColumn<QString>("flag");
    QTest::addColumn<bool>("ci");
    QTest::addColumn<bool>("terminal");
    QTest::addColumn<int>("exit");
    QTest::addColumn<bool>("shown");
    QTest::newRow("masked") << "" << false << false << 0 << false;
    QTest::newRow("revealed") << "--reveal" << false << false << 0 << true;
    QTest::newRow("revealed on a terminal") << "--reveal" << false << true << 0 << true;
    QTest::newRow("CI, into a pipe") << "--reveal" << true << false << 0 << true;
    QTest::newRow("CI, into the log") << "--reveal" << true << true << 2 << false;
    QTest::newRow("CI, into the log, insisting") << "--reveal=yes" << true << true << 0 << true;
    QTest::newRow("no other value") << "--reveal=no" << false << false << 2 << false;
}

void tst_Help::revealIsExplicit()
{
    QFETCH(QString, flag);
    QFETCH(bool, ci);
    QFETCH(bool, terminal);
    QFETCH(int, exit);
    QFETCH(bool, shown);
    const TestFolder folder;
    std::string line = std::format("postern consumer credential get jack cred-jack-jwt-auth "
                                   "--config {}/tests/cli/data/gateway.yaml {}",
                                   POSTERN_SOURCE_DIR, flag.toStdString());
    if (terminal) // script(1) gives it a terminal
        line = std::format("script -qec '{}' /dev/null", line);
    if (terminal && QStandardPaths::findExecutable(QStringLiteral("script")).isEmpty())
        QSKIP("script(1) is not installed");
    const Ran ran = runShell(line, folder.path(), {{"CI", ci ? "1" : ""}});
    QVERIFY2(ran.exit == exit, (ran.out + ran.err).c_str());
    QVERIFY2(ran.out.contains("jack-hs256-secret") == shown, ran.out.c_str());
}

void tst_Help::execJudgesWhatItSaw_data()
{
    QTest::addColumn<QString>("flags");
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("says");
    QTest::newRow("denied") << "--fail-on-denied" << "/headers" << 1 << "1 requests were denied";
    QTest::newRow("nothing denied") << "--fail-on-denied" << "/get" << 0 << "";
    QTest::newRow("unmatched") << "--fail-on-unmatched" << "/nowhere" << 1 << "matched no route";
    QTest::newRow("as many as expected") << "--expect-requests 1" << "/get" << 0 << "";
    QTest::newRow("at least one") << "--expect-requests 1.." << "/get" << 0 << "";
    QTest::newRow("too few") << "--expect-requests 2.." << "/get" << 1 << "1 requests came";
    QTest::newRow("too many") << "--expect-requests ..0" << "/get" << 1 << "1 requests came";
    QTest::newRow("no range") << "--expect-requests 3..1" << "/get" << 125 << "the range is empty";
    QTest::newRow("artifacts") << "--artifacts out" << "/headers" << 0 << "";
}

void tst_Help::execJudgesWhatItSaw()
{
    QFETCH(QString, flags);
    QFETCH(QString, path);
    QFETCH(int, exit);
    QFETCH(QString, says);
    const TestFolder folder;
    const Ran ran =
        runShell(std::format("postern exec --config {}/tests/cli/data/gateway.yaml {} -- sh -c "
                             "'curl -s -o /dev/null -H \"Authorization: Bearer x.y.z\" "
                             "$POSTERN_PROXY_URL{}'",
                             POSTERN_SOURCE_DIR, flags.toStdString(), path.toStdString()),
                 folder.path());
    QVERIFY2(ran.exit == exit, ran.err.c_str());
    QVERIFY2(ran.err.contains(says.toStdString()), ran.err.c_str());
    if (!flags.startsWith(QLatin1String("--artifacts")))
        return;
    QFile traces(QString::fromStdString(folder.path("out/traces.ndjson")));
    QVERIFY(traces.open(QIODevice::ReadOnly));
    const Result<Json> trace = parseJson(traces.readLine().trimmed().toStdString());
    QVERIFY(trace);
    QCOMPARE(trace->stringOr("decision", ""), std::string_view("denied"));
    QVERIFY(traces.readLine().isEmpty());
}

void tst_Help::clockFindsBackToTheRealTime()
{
    const GatewayProcess gateway;
    QVERIFY(gateway.ready());
    QCOMPARE(gateway.postern({"clock", "freeze"}).exit, 0);
    const Ran frozen = gateway.postern({"clock", "show", "-o", "json"});
    QVERIFY2(frozen.out.contains("\"mode\": \"frozen\""), frozen.out.c_str());
    QCOMPARE(gateway.postern({"clock", "advance", "1h"}).exit, 0);
    QVERIFY(gateway.postern({"clock", "resume"}).out.contains("mode ticking"));
    const Ran refused = gateway.postern({"clock", "set", "--mode", "real"});
    QCOMPARE(refused.exit, 2);
    QVERIFY2(refused.err.contains("force"), refused.err.c_str());
    QVERIFY(
        gateway.postern({"clock", "set", "--mode", "real", "--force"}).out.contains("mode real"));
    QCOMPARE(gateway.postern({"clock", "set"}).exit, 2);
    QCOMPARE(gateway.postern({"clock", "set", "now", "--mode", "real"}).exit, 2);
}

QTEST_GUILESS_MAIN(tst_Help)
#include "tst_help.moc"
