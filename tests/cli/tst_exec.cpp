// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/processes.h"
#include "cli/exec/templates.h"
#include "gateway_process.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <csignal>
#include <format>
#include <memory>

using namespace postern;
using namespace postern::cli;
using namespace postern::test;

class tst_Exec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }
    void exitCodeComesThrough_data();
    void exitCodeComesThrough();
    void childSeesItsGateway();
    void compatEnvironmentServesExistingScripts();
    void templatesBecomeVariables();
    void expandsTemplates_data();
    void expandsTemplates();
    void timeLimitIsExit124();
    void leftoversAreEnded();
    void wrongConfigurationIsExit125();
    void summaryCountsDecisions();
    void innerRunWins();
    void interruptReachesTheChildAndLeavesNothing();
    void killedExecTakesEverythingWithIt();
    void killedExecEndsAChildThatRefuses();
    void parallelRunsDoNotCollide();

private:
    Ran exec(const std::string &shell, std::vector<std::string> options = {})
    {
        std::vector<std::string> words{"exec"};
        words.insert(words.end(), options.begin(), options.end());
        words.insert(words.end(), {"--", "sh", "-c", shell});
        return runPostern(words, {}, environment());
    }
    [[nodiscard]] Environment environment() const
    {
        return {{"POSTERN_HOME", m_home->path().toStdString()}};
    }
    [[nodiscard]] QString path(const char *name) const
    {
        return m_home->filePath(QString::fromLatin1(name));
    }
    [[nodiscard]] QStringList leftFiles() const
    {
        return QDir(m_home->filePath(QStringLiteral("run")))
            .entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
    }
    QByteArray read(const char *name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
    }
    void write(const char *name, const char *text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    // Starts `sh -c shell` under exec and waits until it has written the file "id".
    // \param grace for a shell that has something to say before it ends, longer than it takes
    void startAndWait(QProcess &process, const std::string &shell,
                      const QString &grace = QStringLiteral("15s"))
    {
        process.setProcessEnvironment(cleanEnvironment(environment()));
        process.setWorkingDirectory(m_home->path());
        // A pipe would break with exec and end the shell before its trap has run.
        process.setProcessChannelMode(QProcess::ForwardedChannels);
        process.start(QStringLiteral(POSTERN_BINARY),
                      {QStringLiteral("exec"), QStringLiteral("--grace"), grace,
                       QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
                       QString::fromStdString("echo $POSTERN_RUN_ID > id.part; "
                                              "echo $POSTERN_PROXY_URL > url; mv id.part id; "
                                              + shell)});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path("id")), 20'000);
    }
    void verifyNothingIsLeft()
    {
        const std::string id = read("id").toStdString();
        QVERIFY(!id.empty());
        QTRY_VERIFY_WITH_TIMEOUT(processesOfRun(id).empty(), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(leftFiles().isEmpty(), 20'000);
        const std::string url = read("url").toStdString();
        const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
        QCOMPARE(call(port, "GET", "/").status, 0);
    }
    std::unique_ptr<QTemporaryDir> m_home;
};

void tst_Exec::exitCodeComesThrough_data()
{
    QTest::addColumn<QString>("shell");
    QTest::addColumn<int>("exit");
    for (const int code : {0, 1, 42, 124})
        QTest::addRow("exit %d", code) << QStringLiteral("exit %1").arg(code) << code;
    QTest::newRow("signal 9") << QStringLiteral("kill -9 $$") << 137;
    QTest::newRow("signal 15") << QStringLiteral("kill -15 $$") << 143;
    QTest::newRow("not found") << QStringLiteral("exec /nonexistent/command") << 127;
}

void tst_Exec::exitCodeComesThrough()
{
    QFETCH(QString, shell);
    QFETCH(int, exit);
    const Ran ran = exec(shell.toStdString());
    QVERIFY2(ran.exit == exit, ran.err.c_str());
    QVERIFY2(ran.err.contains(std::format("; exit {}", exit)), ran.err.c_str());
    QVERIFY(leftFiles().isEmpty());
    if (exit == 127) {
        QCOMPARE(runPostern({"exec", "--", "/nonexistent/x"}, {}, environment()).exit, 127);
        QCOMPARE(runPostern({"exec", "--", "/etc/passwd"}, {}, environment()).exit, 126);
        QCOMPARE(runPostern({"exec"}, {}, environment()).exit, 2);
    }
}

void tst_Exec::childSeesItsGateway()
{
    const Ran ran = exec("curl -s -o a.txt -o b.txt -w '%{http_code} ' $POSTERN_PROXY_URL/get "
                         "$POSTERN_UPSTREAM_URL/get; postern clock show; "
                         "postern consumer add jack; test -n \"$POSTERN_RUN_ID\"",
                         {"-C", m_home->path().toStdString()});
    QVERIFY2(ran.exit == 0 && ran.out.starts_with("404 200 "), (ran.out + ran.err).c_str());
    QVERIFY2(ran.out.contains("mode real") && ran.out.contains("added jack"), ran.out.c_str());
}

void tst_Exec::compatEnvironmentServesExistingScripts()
{
    const std::string script =
        "curl -s -o a.txt -w '%{http_code}' -H \"X-API-KEY: $ADMIN_API_KEY\" "
        "$ADC_SERVER/apisix/admin/routes; "
        "test \"$admin_key$ADC_TOKEN\" = \"$ADMIN_API_KEY$ADMIN_API_KEY\"";
    const Ran with = exec(script, {"--compat-env", "-C", m_home->path().toStdString()});
    QVERIFY2(with.exit == 0 && with.out == "200", with.err.c_str());
    QCOMPARE(exec("test -z \"$ADMIN_API_KEY\"").exit, 0);
}

void tst_Exec::templatesBecomeVariables()
{
    write("gateway.yaml",
          "version: 1\n"
          "exec:\n"
          "  env:\n"
          "    JACK: \"Bearer {{ token('jack', ttl='1h') }}\"\n"
          "    ALICE: \"{{ credential('alice').key }}\"\n"
          "consumers:\n"
          "  - username: jack\n"
          "    credentials:\n"
          "      - { id: c1, plugins: { jwt-auth: { key: jack-key, secret: jack-secret } } }\n"
          "  - username: alice\n"
          "    credentials:\n"
          "      - { id: c2, plugins: { key-auth: { key: alice-key } } }\n"
          "routes:\n"
          "  - id: r\n"
          "    uri: /get\n"
          "    plugins: { jwt-auth: {} }\n"
          "    upstream: { type: roundrobin, nodes: { \"httpbin.org:80\": 1 } }\n");
    const Ran ran = exec("curl -s -o a.txt -w '%{http_code} ' -H \"Authorization: $JACK\" "
                         "$POSTERN_PROXY_URL/get; echo $ALICE",
                         {"-C", m_home->path().toStdString(), "--config", "gateway.yaml"});
    QVERIFY2(ran.out == "200 alice-key\n", (ran.out + ran.err).c_str());
}

void tst_Exec::expandsTemplates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("result"); // null: an error
    QTest::newRow("none") << QStringLiteral("plain } text") << QStringLiteral("plain } text");
    QTest::newRow("call") << QStringLiteral("a{{ f('x') }}b") << QStringLiteral("a<f x>b");
    QTest::newRow("named and member")
        << QStringLiteral("{{f(\"x\", k = 'v').m}}") << QStringLiteral("<f x k=v .m>");
    QTest::newRow("two") << QStringLiteral("{{f()}}{{g()}}") << QStringLiteral("<f><g>");
    for (const char *bad : {"{{ f('x') ", "{{ f }}", "{{ f('x }}", "{{ f('x' 'y') }}", "{{}}"})
        QTest::newRow(bad) << QString::fromLatin1(bad) << QString();
}

void tst_Exec::expandsTemplates()
{
    QFETCH(QString, text);
    QFETCH(QString, result);
    const auto expanded =
        expandTemplates(text.toStdString(), [](const TemplateCall &c) -> Result<std::string> {
            std::string out = "<" + c.function;
            for (const std::string &argument : c.arguments)
                out += " " + argument;
            for (const auto &[name, value] : c.named)
                out += " " + name + "=" + value;
            return out + (c.member.empty() ? "" : " ." + c.member) + ">";
        });
    QCOMPARE(expanded.has_value(), !result.isNull());
    if (expanded)
        QCOMPARE(*expanded, result.toStdString());
}

void tst_Exec::timeLimitIsExit124()
{
    QCOMPARE(exec("sleep 60", {"--timeout", "300ms"}).exit, 124);
    QCOMPARE(
        exec("trap '' TERM; while :; do sleep 1; done", {"--timeout", "300ms", "--grace", "300ms"})
            .exit,
        124);
}

void tst_Exec::leftoversAreEnded()
{
    const Ran ran = exec("echo $POSTERN_RUN_ID; sleep 300 >/dev/null 2>&1 & "
                         "(setsid sleep 301 >/dev/null 2>&1 &); exit 3");
    QCOMPARE(ran.exit, 3);
    QVERIFY2(ran.err.contains("left behind"), ran.err.c_str());
    QVERIFY(processesOfRun(ran.out.substr(0, ran.out.find('\n'))).empty());
}

void tst_Exec::wrongConfigurationIsExit125()
{
    write("bad.yaml", "version: 1\nporxy: 1\n");
    const Ran ran = exec("true", {"--config", path("bad.yaml").toStdString()});
    QCOMPARE(ran.exit, 125);
    QVERIFY2(ran.err.contains("bad.yaml:2:1"), ran.err.c_str());
    QVERIFY(leftFiles().isEmpty());
}

void tst_Exec::summaryCountsDecisions()
{
    write("gateway.yaml",
          "version: 1\n"
          "routes:\n"
          "  - id: open\n"
          "    uri: /get\n"
          "    upstream: { type: roundrobin, nodes: { \"httpbin.org:80\": 1 } }\n"
          "  - id: closed\n"
          "    uri: /headers\n"
          "    plugins: { jwt-auth: {} }\n"
          "    upstream: { type: roundrobin, nodes: { \"httpbin.org:80\": 1 } }\n");
    const Ran ran = exec("for p in get get headers nowhere; do "
                         "curl -s -o a.txt $POSTERN_PROXY_URL/$p; done",
                         {"-C", m_home->path().toStdString(), "--config", "gateway.yaml"});
    QVERIFY2(ran.err.contains("4 requests: 2 allowed, 1 denied (jwt-auth 1), 1 without route; "
                              "exit 0"),
             ran.err.c_str());
}

void tst_Exec::innerRunWins()
{
    const Ran ran = exec("echo $POSTERN_PROXY_URL; postern exec -q -- sh -c 'echo "
                         "$POSTERN_PROXY_URL; exit 7'");
    QCOMPARE(ran.exit, 7);
    const std::size_t line = ran.out.find('\n');
    QVERIFY2(ran.out.substr(0, line) != ran.out.substr(line + 1, line), ran.out.c_str());
}

void tst_Exec::interruptReachesTheChildAndLeavesNothing()
{
    QProcess process;
    startAndWait(process,
                 "trap 'echo yes > interrupted; exit 9' INT; "
                 "echo r > ready; while :; do sleep 0.05; done");
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path("ready")), 20'000);
    kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 9);
    QCOMPARE(read("interrupted"), QByteArray("yes"));
    verifyNothingIsLeft();
}

void tst_Exec::killedExecTakesEverythingWithIt()
{
    QProcess process;
    startAndWait(process,
                 "trap 'echo yes > terminated; exit' TERM; (setsid sleep 300 &); "
                 "echo r > ready; while :; do sleep 0.05; done");
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path("ready")), 20'000);
    process.kill();
    QVERIFY(process.waitForFinished());
    QTRY_COMPARE_WITH_TIMEOUT(read("terminated"), QByteArray("yes"), 20'000);
    verifyNothingIsLeft();
}

void tst_Exec::killedExecEndsAChildThatRefuses()
{
    QProcess process;
    startAndWait(process, "trap '' TERM INT HUP; while :; do sleep 0.05; done",
                 QStringLiteral("500ms"));
    process.kill();
    QVERIFY(process.waitForFinished());
    verifyNothingIsLeft();
}

void tst_Exec::parallelRunsDoNotCollide()
{
    constexpr int kRuns = 20;
    std::vector<std::unique_ptr<QProcess>> runs;
    for (int i = 0; i < kRuns; ++i) {
        auto process = std::make_unique<QProcess>();
        process->setProcessEnvironment(cleanEnvironment(environment()));
        process->start(QStringLiteral(POSTERN_BINARY),
                       {QStringLiteral("exec"), QStringLiteral("--workers"), QStringLiteral("1"),
                        QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
                        QStringLiteral("curl -s -o /dev/null -w %{http_code} "
                                       "$POSTERN_PROXY_URL/get; exit %1")
                            .arg(i)});
        runs.push_back(std::move(process));
    }
    for (int i = 0; i < kRuns; ++i) {
        QVERIFY(runs[static_cast<std::size_t>(i)]->waitForFinished(60'000));
        QCOMPARE(runs[static_cast<std::size_t>(i)]->exitCode(), i);
        QCOMPARE(runs[static_cast<std::size_t>(i)]->readAllStandardOutput(), QByteArray("404"));
    }
    QVERIFY(leftFiles().isEmpty());
}

QTEST_GUILESS_MAIN(tst_Exec)
#include "tst_exec.moc"
