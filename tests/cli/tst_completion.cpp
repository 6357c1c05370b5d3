// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/complete.h"

#include "bash_terminal.h"
#include "cli/command.h"
#include "core/store/store.h"
#include "gateway_process.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <format>

using namespace postern;
using namespace postern::test;

/// The words that shells are offered, by the real binary and by a real bash.
class tst_Completion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void offers_data();
    void offers();
    void leavesToTheShell_data();
    void leavesToTheShell();
    void everyCommandCompletes_data();
    void everyCommandCompletes();
    void bashCompletes_data();
    void bashCompletes();
    void unquotesAsTheShellDoes_data();
    void unquotesAsTheShellDoes();
    void readsAStoreWithoutItsKey();
    void knowsTheRunningGatewaysStore();
    void answersFromLargeStores_data();
    void answersFromLargeStores();
    void scriptsAreSound_data();
    void scriptsAreSound();

private:
    [[nodiscard]] std::string path(const char *name) const
    {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }
    /// What `postern __complete` answers in the folder, one line each.
    [[nodiscard]] QStringList ask(const std::string &line) const;
    [[nodiscard]] Environment environment() const { return {{"POSTERN_HOME", path("home")}}; }

    QTemporaryDir m_folder;
};

namespace {

QStringList words(const QString &line) { return line.split(QLatin1Char(' ')); }

// The candidates alone, without mark and description.
QStringList values(const QStringList &answer)
{
    QStringList found;
    for (const QString &line : answer) {
        if (!line.startsWith(QLatin1Char(':')))
            found << line.mid(1, line.indexOf(QLatin1Char('\t')) - 1);
    }
    return found;
}

} // namespace

void tst_Completion::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QVERIFY(QFile::copy(QStringLiteral(POSTERN_SOURCE_DIR "/tests/cli/data/gateway.yaml"),
                        m_folder.filePath(QStringLiteral("postern.yaml"))));
    QVERIFY(QDir(m_folder.path()).mkdir(QStringLiteral("subdir")));
    for (const char *name : {"secret.txt", "other.txt", "with space.txt", "subdir/in.txt"}) {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
}

QStringList tst_Completion::ask(const std::string &line) const
{
    // The words are the test's own and have no quotes in them.
    const Ran ran = runShell(std::format("postern __complete {}", line),
                             m_folder.path().toStdString(), environment());
    if (ran.exit != 0)
        return {QStringLiteral("exit %1").arg(ran.exit)};
    return QString::fromStdString(ran.out).trimmed().split(QLatin1Char('\n'));
}

void tst_Completion::offers_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("candidates"); // exactly these
    QTest::newRow("commands") << "tok" << "token";
    QTest::newRow("verbs") << "clock ''" << "show advance set freeze resume";
    QTest::newRow("verbs of a noun that has nouns") << "consumer credential ''"
                                                    << "list get add set rm";
    QTest::newRow("a verb that is begun") << "consumer c" << "credential";
    QTest::newRow("options") << "clock set --m" << "--mode";
    QTest::newRow("an option is offered once") << "clock set --force --f" << "";
    QTest::newRow("a repeatable option again") << "token mint --aud a --au" << "--aud";
    QTest::newRow("choices") << "clock set --mode ''" << "real ticking frozen";
    QTest::newRow("choices behind =") << "token mint --color=a" << "--color=auto --color=always";
    QTest::newRow("choices of a short option") << "version -o ''" << "text json ndjson";
    QTest::newRow("shells") << "completion ''" << "bash zsh fish";
    QTest::newRow("consumers of postern.yaml") << "consumer get ''" << "alice jack";
    QTest::newRow("consumers by their beginning") << "token mint --consumer ja" << "jack";
    QTest::newRow("consumers as keys") << "token verify --key consumer:a" << "consumer:alice";
    QTest::newRow("credentials of the consumer") << "consumer credential get jack ''"
                                                 << "cred-jack-jwt-auth cred-jack-key-auth";
    QTest::newRow("credentials of --consumer") << "token mint --consumer alice --credential ''"
                                               << "cred-alice-key-auth";
    QTest::newRow("all credentials") << "token mint --key cred:"
                                     << "cred:cred-alice-key-auth cred:cred-jack-jwt-auth "
                                        "cred:cred-jack-key-auth";
    QTest::newRow("a new consumer has no name yet") << "consumer add a" << "";
    QTest::newRow("routes") << "trace list --route ''" << "jwt-route open-route";
    QTest::newRow("nothing of a file that is not there")
        << "consumer get --config nowhere.yaml j" << "";
    QTest::newRow("algorithms") << "token mint --alg ES" << "ES256 ES384 ES512 ES256K";
    QTest::newRow("auth plugins for a credential") << "consumer credential add jack --plugin ''"
                                                   << "hmac-auth basic-auth jwt-auth key-auth";
    QTest::newRow("names of variables") << "token mint --secret env:POSTERN_HO"
                                        << "env:POSTERN_HOME";
    QTest::newRow("pages of the help") << "help rea" << "reasons";
    QTest::newRow("reason ids") << "help reasons expi" << "expired";
    QTest::newRow("nothing behind an unknown command") << "nonsense ''" << "";
    QTest::newRow("option values are no arguments")
        << "consumer credential get --config postern.yaml jack cred-jack-k" << "cred-jack-key-auth";
}

void tst_Completion::offers()
{
    QFETCH(QString, line);
    QFETCH(QString, candidates);
    QCOMPARE(values(ask(line.toStdString())).join(QLatin1Char(' ')), candidates);
}

void tst_Completion::leavesToTheShell_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("shell");
    QTest::newRow("files") << "token verify --jwks ''" << ":files 0";
    QTest::newRow("files behind =") << "token verify --jwks=x" << ":files 7";
    QTest::newRow("files of a secret") << "token verify --secret @s" << ":files 1";
    QTest::newRow("files of an attached secret") << "token verify --secret=@s" << ":files 10";
    QTest::newRow("files of a store") << "consumer list --store sqlite:p" << ":files 7";
    QTest::newRow("files of a claim") << "token mint --claim data=@p" << ":files 6";
    QTest::newRow("folders") << "version -C ''" << ":directories 0";
    QTest::newRow("the command of exec") << "exec -- cu" << ":programs 0";
    QTest::newRow("its arguments") << "exec -- curl -" << ":files 0";
    QTest::newRow("nothing") << "clock set --mode ''" << ":none 0";
}

void tst_Completion::leavesToTheShell()
{
    QFETCH(QString, line);
    QFETCH(QString, shell);
    QCOMPARE(ask(line.toStdString()).last(), shell);
}

void tst_Completion::everyCommandCompletes_data()
{
    QTest::addColumn<QString>("name");
    for (const cli::Command *command : cli::commands()) {
        const std::string name(command->name);
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

// From its first letter on, and then its options.
void tst_Completion::everyCommandCompletes()
{
    QFETCH(QString, name);
    std::vector<std::string> line;
    for (const QString &word : words(name)) {
        line.push_back(word.left(1).toStdString());
        const auto found = cli::complete(line).candidates;
        QVERIFY(std::ranges::contains(found, word.toStdString(), &cli::Candidate::value));
        line.back() = word.toStdString();
    }
    line.emplace_back("--");
    const auto options = cli::complete(line).candidates;
    for (const char *option : {"--output", "--color", "--help"})
        QVERIFY2(std::ranges::contains(options, std::string(option), &cli::Candidate::value),
                 option);
}

void tst_Completion::bashCompletes_data()
{
    QTest::addColumn<QString>("keys");
    QTest::addColumn<QString>("line"); // words parted by |
    QTest::newRow("a command") << "postern versi\t" << "postern|version";
    QTest::newRow("a command and its verb") << "postern tok\tmi\t" << "postern|token|mint";
    QTest::newRow("every verb") << "postern clock \x1b*"
                                << "postern|clock|show|advance|set|freeze|resume";
    QTest::newRow("a consumer") << "postern consumer get ja\t" << "postern|consumer|get|jack";
    QTest::newRow("behind a colon") << "postern token mint --key consumer:ja\t"
                                    << "postern|token|mint|--key|consumer:jack";
    QTest::newRow("a form stays open") << "postern token mint --key cons\tja\t"
                                       << "postern|token|mint|--key|consumer:jack";
    QTest::newRow("behind an equals sign") << "postern token mint --consumer=ja\t"
                                           << "postern|token|mint|--consumer=jack";
    QTest::newRow("a file behind an at sign") << "postern token mint --secret @secr\t"
                                              << "postern|token|mint|--secret|@secret.txt";
    QTest::newRow("a file behind both") << "postern token mint --secret=@secr\t"
                                        << "postern|token|mint|--secret=@secret.txt";
    QTest::newRow("a folder behind an at sign stays open")
        << "postern token mint --secret @sub\tin\t" << "postern|token|mint|--secret|@subdir/in.txt";
    QTest::newRow("a file with a space") << "postern token verify --jwks wi\t"
                                         << "postern|token|verify|--jwks|with space.txt";
    QTest::newRow("a file in quotes") << "postern token verify --jwks \"with s\t"
                                      << "postern|token|verify|--jwks|with space.txt";
    QTest::newRow("a file beside forms") << "postern token verify --key secr\t"
                                         << "postern|token|verify|--key|secret.txt";
    QTest::newRow("a file of a store") << "postern consumer list --store sqlite:oth\t"
                                       << "postern|consumer|list|--store|sqlite:other.txt";
    QTest::newRow("in the middle of the line")
        << "postern consumer get ja -q\x1b[D\x1b[D\x1b[D\t" << "postern|consumer|get|jack|-q";
    QTest::newRow("behind another command") << "true; postern versi\t" << "true; postern|version";
    QTest::newRow("quoted words before it") << "postern consumer get --config 'postern.yaml' ja\t"
                                            << "postern|consumer|get|--config|postern.yaml|jack";
}

void tst_Completion::bashCompletes()
{
    QFETCH(QString, keys);
    QFETCH(QString, line);
    CompletedLine done =
        typeIntoBash(keys.toStdString(), m_folder.path().toStdString(), environment());
    QVERIFY2(done.ready, done.screen.c_str());
    QStringList got;
    for (const std::string &word : done.words)
        got << QString::fromStdString(word);
    // printf stands before the first command only.
    if (line.startsWith(QLatin1String("true;")))
        QVERIFY2(done.screen.find("profile") != std::string::npos, done.screen.c_str());
    else
        QVERIFY2(got.join(QLatin1Char('|')) == line, done.screen.c_str());
}

void tst_Completion::unquotesAsTheShellDoes_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("meant");
    QTest::newRow("plain") << "jack" << "jack";
    QTest::newRow("open quotes") << "\"my fi" << "my fi";
    QTest::newRow("single quotes keep backslashes") << R"('a\b')" << R"(a\b)";
    QTest::newRow("backslash") << R"(my\ file)" << "my file";
    QTest::newRow("apostrophe in quotes") << R"("it's")" << "it's";
    QTest::newRow("quotes in the middle") << R"(--secret='a b'c)" << "--secret=a bc";
}

void tst_Completion::unquotesAsTheShellDoes()
{
    QFETCH(QString, word);
    QFETCH(QString, meant);
    QCOMPARE(QString::fromStdString(cli::unquoted(word.toStdString())), meant);
}

void tst_Completion::readsAStoreWithoutItsKey()
{
    const std::string store = "sqlite:" + path("sealed.db");
    QCOMPARE(runPostern({"consumer", "add", "carol", "--store", store}).exit, 0);
    QCOMPARE(runPostern({"consumer", "credential", "add", "carol", "--plugin", "jwt-auth", "--set",
                         "key=c", "--secret", "text:carols-secret", "--store", store})
                 .exit,
             0);
    QVERIFY(QFile::remove(QString::fromStdString(path("sealed.db.key"))));
    QCOMPARE(values(ask("consumer get --store sqlite:sealed.db ''")).join(QLatin1Char(' ')),
             QStringLiteral("carol"));
    QCOMPARE(values(ask("consumer credential get carol --store sqlite:sealed.db ''"))
                 .join(QLatin1Char(' ')),
             QStringLiteral("cred-carol-jwt-auth"));
    QCOMPARE(values(ask("consumer get --store sqlite:missing.db ''")), QStringList());
    QVERIFY2(!QFile::exists(QString::fromStdString(path("missing.db"))), "it was made");
}

void tst_Completion::knowsTheRunningGatewaysStore()
{
    QTemporaryDir elsewhere;
    const std::string store = elsewhere.filePath(QStringLiteral("s.db")).toStdString();
    QCOMPARE(runPostern({"consumer", "add", "dora", "--store", "sqlite:" + store}).exit, 0);
    const GatewayProcess gateway({"--store", "sqlite:" + store});
    QVERIFY(gateway.ready());
    const Ran ran = gateway.postern({"__complete", "consumer", "get", "d"});
    QVERIFY2(ran.out.starts_with("+dora\t"), ran.out.c_str());
}

void tst_Completion::answersFromLargeStores_data()
{
    QTest::addColumn<QString>("line");
    QTest::newRow("commands") << "''";
    QTest::newRow("options") << "token mint --";
    QTest::newRow("consumers of a file") << "consumer get ''";
    QTest::newRow("consumers of a store of 20,000") << "consumer get --store sqlite:large.db ''";
    QTest::newRow("one of them") << "consumer get --store sqlite:large.db user1999";
}

// 50 ms are promised: the log says what the best of five took.
void tst_Completion::answersFromLargeStores()
{
    QFETCH(QString, line);
    if (line.contains(QLatin1String("large.db"))
        && !QFile::exists(QString::fromStdString(path("large.db")))) {
        const auto store = openStore("sqlite:" + path("large.db"));
        QVERIFY(store.has_value());
        Transaction transaction;
        for (int i = 0; i < 20'000; ++i)
            transaction.puts.push_back({std::format("/apisix/consumers/user{}", i),
                                        std::format(R"({{"username":"user{}"}})", i)});
        QVERIFY((*store)->commit(transaction).has_value());
    }
    qint64 best = 1'000'000;
    for (int round = 0; round < 5; ++round) {
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!ask(line.toStdString()).isEmpty());
        best = std::min(best, timer.elapsed());
    }
    qInfo("%s: %lld ms", qPrintable(line), best);
}

void tst_Completion::scriptsAreSound_data()
{
    QTest::addColumn<QString>("shell");
    QTest::addColumn<QStringList>("contains");
    QTest::newRow("bash") << "bash"
                          << QStringList{QStringLiteral("complete -o nosort -F _postern")};
    QTest::newRow("zsh") << "zsh"
                         << QStringList{QStringLiteral("#compdef postern\n"),
                                        QStringLiteral("compdef _postern postern")};
    QTest::newRow("fish") << "fish" << QStringList{QStringLiteral("complete -c postern -f")};
}

// The shell's own syntax check where the shell is there.
void tst_Completion::scriptsAreSound()
{
    QFETCH(QString, shell);
    QFETCH(QStringList, contains);
    const Ran ran = runPostern({"completion", shell.toStdString()});
    QCOMPARE(ran.exit, 0);
    const QString script = QString::fromStdString(ran.out);
    for (const QString &text : contains)
        QVERIFY2(script.contains(text), qPrintable(text));
    QVERIFY(script.contains(QLatin1String("__complete")));
    QCOMPARE(script.count(QLatin1Char('{')), script.count(QLatin1Char('}')));
    if (QStandardPaths::findExecutable(shell).isEmpty())
        QSKIP("the shell is not installed; only the text was looked at");
    const Ran checked = runShell(
        std::format("postern completion {0} > script && {0} -n script", shell.toStdString()),
        m_folder.path().toStdString());
    QVERIFY2(checked.exit == 0 && checked.err.empty(), checked.err.c_str());
}

QTEST_GUILESS_MAIN(tst_Completion)
#include "tst_completion.moc"
