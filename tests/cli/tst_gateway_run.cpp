// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_key_file.h"
#include "gateway_process.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <format>

#include <sys/stat.h>

using namespace postern;
using namespace postern::test;

class tst_GatewayRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readyLineTellsWhereItIs();
    void servesTheManualsFirstExample();
    void readsTheConfigurationFile();
    void flagsWinOverTheFile();
    void fillsEmptyAdminKeys_data();
    void fillsEmptyAdminKeys();
    void keepsTheFilledKey();
    void followsAProfile();
    void storeSurvivesARestart();
    void endsGracefullyAndLeavesNothing_data();
    void endsGracefullyAndLeavesNothing();
    void portInUseIsExitFour();
    void wrongConfigurationIsExitThree_data();
    void wrongConfigurationIsExitThree();
    void remoteAddressNeedsConsent();
};

void tst_GatewayRun::fillsEmptyAdminKeys_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<QByteArray>("filled"); // empty: refused
    const auto row = [](const char *name, const char *text, int line, int column,
                        const char *filled) {
        QTest::newRow(name) << QByteArray(text) << line << column << QByteArray(filled);
    };
    row("double quotes", "a:\n  - name: x\n    key: \"\" # none\n", 3, 5,
        "a:\n  - name: x\n    key: \"NEW\" # none\n");
    row("single quotes", "key: ''\r\nb: 1\r\n", 1, 1, "key: \"NEW\"\r\nb: 1\r\n");
    row("nothing", "key:\nb: 1", 1, 1, "key: \"NEW\"\nb: 1");
    row("nothing, at the end", "key: ", 1, 1, "key: \"NEW\"");
    row("nothing but a comment", "key:   # none\n", 1, 1, "key:   \"NEW\" # none\n");
    row("null", "key: null\n", 1, 1, "key: \"NEW\"\n");
    row("tilde", "- { role: admin, key: ~ }", 1, 18, "- { role: admin, key: \"NEW\" }");
    row("in a flow", "- {key: '', role: admin}", 1, 4, "- {key: \"NEW\", role: admin}");
    row("quoted name", "\"key\": ''", 1, 1, "\"key\": \"NEW\"");
    row("JSON", "{\"key\":\"\"}", 1, 2, "{\"key\": \"NEW\"}");
    row("a value", "key: abc", 1, 1, "");
    row("a variable", "key: ${NONE:-}", 1, 1, "");
    row("no such line", "key: ''", 2, 1, "");
    row("no such column", "key: ''", 1, 40, "");
}

void tst_GatewayRun::fillsEmptyAdminKeys()
{
    QFETCH(const QByteArray, text);
    QFETCH(const int, line);
    QFETCH(const int, column);
    QFETCH(const QByteArray, filled);
    const auto changed =
        cli::withValue(text.toStdString(), std::size_t(line), std::size_t(column), "NEW");
    QCOMPARE(changed.has_value(), !filled.isEmpty());
    QCOMPARE(QByteArray::fromStdString(changed.value_or("")), filled);
}

void tst_GatewayRun::keepsTheFilledKey()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("postern.yaml"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("admin: # who may\n  admin_key:\n    - {name: ci, key: \"\", role: admin}\n");
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    std::string key;
    for (int start = 0; start < 2; ++start) {
        GatewayProcess gateway({"--store", "memory:", "--config", path.toStdString()});
        QVERIFY(gateway.ready());
        const std::string now(gateway.readyLine().stringOr("admin_key", ""));
        QCOMPARE(now.size(), std::size_t{32});
        if (start > 0)
            QCOMPARE(now, key);
        key = now;
        QCOMPARE(gateway.admin("GET", "/routes").status, 200);
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().toStdString(),
             "admin: # who may\n  admin_key:\n    - {name: ci, key: \"" + key
                 + "\", role: admin}\n");
    QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOwner),
             QFile::WriteOwner);
}

void tst_GatewayRun::readyLineTellsWhereItIs()
{
    GatewayProcess gateway;
    QVERIFY(gateway.ready());
    const Json &line = gateway.readyLine();
    QCOMPARE(line.find("ready")->asBool(), true);
    QCOMPARE(line.find("pid")->asInteger().value_or(0), gateway.process().processId());
    for (const char *member : {"proxy", "admin", "admin_key", "control", "version", "profile"})
        QVERIFY2(!line.stringOr(member, "").empty(), member);
    QVERIFY(line.stringOr("admin", "").ends_with("/apisix/admin"));
    // Only its user may read the file with the admin key.
    QDir run(QString::fromStdString(gateway.home()) + QStringLiteral("/run"));
    const QStringList files = run.entryList({QStringLiteral("*.json")}, QDir::Files);
    QCOMPARE(files.size(), 1);
    struct stat status = {};
    QCOMPARE(stat(run.filePath(files.front()).toLocal8Bit().constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
}

void tst_GatewayRun::servesTheManualsFirstExample()
{
    GatewayProcess gateway;
    QVERIFY(gateway.ready());
    QCOMPARE(gateway.admin("PUT", "/consumers", R"({"username":"jack"})").status, 201);
    const std::string credential = R"({"id":"cred-jack-jwt-auth","plugins":{"jwt-auth":)"
                                   R"({"key":"jack-key","secret":"jack-hs256-secret"}}})";
    QCOMPARE(gateway.admin("PUT", "/consumers/jack/credentials", credential).status, 201);
    const std::string route = R"({"id":"jwt-route","uri":"/headers","plugins":{"jwt-auth":{}},)"
                              R"("upstream":{"type":"roundrobin","nodes":{"httpbin.org:80":1}}})";
    QCOMPARE(gateway.admin("PUT", "/routes", route).status, 201);

    std::string token =
        gateway.postern({"token", "mint", "--consumer", "jack", "--ttl", "30s", "-q"}).out;
    token.pop_back();
    const std::string header = "Authorization: " + token;
    const Answer good = call(gateway.port("proxy"), "GET", "/headers", {header});
    QCOMPARE(good.status, 200);
    QVERIFY(good.text.contains(R"("X-Consumer-Username": "jack")"));
    QCOMPARE(gateway.postern({"clock", "advance", "31s"}).exit, 0);
    const Answer late = call(gateway.port("proxy"), "GET", "/headers", {header});
    QCOMPARE(late.status, 401);
    QVERIFY(late.text.contains("failed to verify jwt"));
    // A token minted now is minted at the gateway's time.
    token = gateway.postern({"token", "mint", "--consumer", "jack", "--ttl", "30s", "-q"}).out;
    token.pop_back();
    QCOMPARE(call(gateway.port("proxy"), "GET", "/headers", {"Authorization: " + token}).status,
             200);
}

void tst_GatewayRun::readsTheConfigurationFile()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("gateway.yaml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("version: 1\n"
               "clock: { mode: frozen, start: 2030-01-01T00:00:00Z }\n"
               "admin: { key: my-own-key }\n"
               "routes:\n"
               "  - id: open\n"
               "    uri: /get\n"
               "    upstream: { type: roundrobin, nodes: { \"httpbin.org:80\": 1 } }\n");
    file.close();
    GatewayProcess gateway({"--config", file.fileName().toStdString()});
    QVERIFY(gateway.ready());
    QCOMPARE(gateway.readyLine().stringOr("admin_key", ""), std::string_view("my-own-key"));
    QCOMPARE(call(gateway.port("proxy"), "GET", "/get").status, 200);
    QVERIFY(gateway.postern({"clock", "show"}).out.starts_with("2030-01-01T00:00:00Z"));
}

void tst_GatewayRun::followsAProfile()
{
    GatewayProcess gateway({"--store", "memory:", "--profile", "api7"});
    QVERIFY(gateway.ready());
    QCOMPARE(gateway.readyLine().stringOr("profile", ""), std::string_view("api7"));
    QCOMPARE(gateway.admin("PUT", "/consumers", R"({"username":"jack"})").status, 201);
    QCOMPARE(gateway.admin("PUT", "/consumers/jack/credentials/one", "{}").status, 400);

    const Ran unknown = runPostern({"gateway", "run", "--profile", "apisix-2"});
    QCOMPARE(unknown.exit, 2);
    for (const char *name : {"apisix-3.18", "apisix-3.15", "api7"})
        QVERIFY2(unknown.err.contains(name), unknown.err.c_str());
    const Ran variable = runPostern({"gateway", "run"}, {}, {{"POSTERN_PROFILE", "apisix-2"}});
    QCOMPARE(variable.exit, 3);
    QVERIFY2(variable.err.contains("POSTERN_PROFILE: "), variable.err.c_str());
    const Ran shown = runPostern({"help", "profiles"});
    QVERIFY(shown.out.contains("apisix-3.16"));
}

void tst_GatewayRun::flagsWinOverTheFile()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("gateway.yaml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("version: 1\nadmin: { key: from-file }\n");
    file.close();
    GatewayProcess gateway({"--config", file.fileName().toStdString(), "--admin-key",
                            "text:from-flag", "--clock", "2031-01-01T00:00:00Z", "--clock-mode",
                            "frozen"});
    QVERIFY(gateway.ready());
    QCOMPARE(gateway.readyLine().stringOr("admin_key", ""), std::string_view("from-flag"));
    QVERIFY(gateway.postern({"clock", "show"}).out.starts_with("2031-01-01T00:00:00Z"));
}

void tst_GatewayRun::storeSurvivesARestart()
{
    QTemporaryDir folder;
    const std::string uri = "sqlite:" + folder.filePath(QStringLiteral("store.db")).toStdString();
    {
        GatewayProcess gateway({"--store", uri});
        QVERIFY(gateway.ready());
        QCOMPARE(gateway.admin("PUT", "/consumers", R"({"username":"jack"})").status, 201);
    }
    GatewayProcess gateway({"--store", uri});
    QVERIFY(gateway.ready());
    QCOMPARE(gateway.admin("GET", "/consumers/jack").status, 200);
}

void tst_GatewayRun::endsGracefullyAndLeavesNothing_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("INT") << SIGINT;
    QTest::newRow("TERM") << SIGTERM;
}

void tst_GatewayRun::endsGracefullyAndLeavesNothing()
{
    QFETCH(int, signal);
    GatewayProcess gateway;
    QVERIFY(gateway.ready());
    // Twice, as timeout(1) and impatient people do: the second must not cut the end short.
    kill(static_cast<pid_t>(gateway.process().processId()), signal);
    kill(static_cast<pid_t>(gateway.process().processId()), signal);
    QVERIFY(gateway.process().waitForFinished());
    QCOMPARE(gateway.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(gateway.process().exitCode(), 0);
    const QDir run(QString::fromStdString(gateway.home()) + QStringLiteral("/run"));
    const QStringList left = run.entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
    QVERIFY2(left.isEmpty(), qPrintable(left.join(QLatin1Char(' '))));
}

void tst_GatewayRun::portInUseIsExitFour()
{
    GatewayProcess gateway;
    QVERIFY(gateway.ready());
    const std::string taken = std::format("127.0.0.1:{}", gateway.port("proxy"));
    const Ran ran = runPostern(
        {"gateway", "run", "--store", "memory:", "--proxy", taken, "--admin", "127.0.0.1:0"}, {},
        gateway.environment());
    QCOMPARE(ran.exit, 4);
    QVERIFY2(ran.err.contains("[E-port-in-use]"), ran.err.c_str());
}

void tst_GatewayRun::wrongConfigurationIsExitThree_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("unknown key") << QByteArray("version: 1\nlisten:\n  porxy: 1\n")
                                 << QByteArray("gateway.yaml:3:3");
    QTest::newRow("unknown plugin")
        << QByteArray("version: 1\nroutes:\n  - id: r\n    uri: /\n    plugins: { jwt-atuh: {} }\n"
                      "    upstream: { type: roundrobin, nodes: { \"127.0.0.1:1\": 1 } }\n")
        << QByteArray("gateway.yaml:");
    QTest::newRow("no YAML") << QByteArray("version: [\n") << QByteArray("gateway.yaml:");
}

void tst_GatewayRun::wrongConfigurationIsExitThree()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, says);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("gateway.yaml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    const std::string home = folder.filePath(QStringLiteral("home")).toStdString();
    const Ran ran = runPostern({"gateway", "run", "--config", file.fileName().toStdString(),
                                "--proxy", "0", "--admin", "0"},
                               {}, {{"POSTERN_HOME", home}});
    QCOMPARE(ran.exit, 3);
    QVERIFY2(ran.err.contains(says.toStdString()), ran.err.c_str());
}

void tst_GatewayRun::remoteAddressNeedsConsent()
{
    QTemporaryDir folder;
    const Ran ran =
        runPostern({"gateway", "run", "--store", "memory:", "--proxy", "0", "--admin", "0.0.0.0:0"},
                   {}, {{"POSTERN_HOME", folder.path().toStdString()}});
    QCOMPARE(ran.exit, 3);
    QVERIFY2(ran.err.contains("allow_remote"), ran.err.c_str());
}

QTEST_GUILESS_MAIN(tst_GatewayRun)
#include "tst_gateway_run.moc"
