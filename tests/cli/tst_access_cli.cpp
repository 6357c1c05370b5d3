// SPDX-License-Identifier: Apache-2.0
#include "cli/env_file.h"
#include "core/config/yaml.h"
#include "core/json/parse.h"
#include "gateway_process.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <format>

using namespace postern;
using namespace postern::test;

namespace {

std::string write(const QTemporaryDir &folder, const char *name, const std::string &text)
{
    QFile file(folder.filePath(QString::fromLatin1(name)));
    if (file.open(QIODevice::WriteOnly))
        file.write(text.c_str());
    return file.fileName().toStdString();
}

Json parsed(const Ran &ran) { return parseJson(ran.out).value_or(Json()); }

std::string lineWith(const std::string &text, const std::string &start)
{
    const std::size_t at = ("\n" + text).find("\n" + start);
    if (at == std::string::npos)
        return {};
    return text.substr(at, text.find('\n', at) - at);
}

} // namespace

/// acl matrix, request, consumer rotate, gateway env and reload-secrets.
class tst_AccessCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void matrixOfAFileAndOfTheGateway_data();
    void matrixOfAFileAndOfTheGateway();
    void matrixForms();
    void matrixRefuses_data();
    void matrixRefuses();

    void requestWithALogin_data();
    void requestWithALogin();
    void requestThatIsSpoilt_data();
    void requestThatIsSpoilt();
    void requestSaysWhy();
    void requestRefuses_data();
    void requestRefuses();

    void rotationKeepsTheOldOneForAWhile_data();
    void rotationKeepsTheOldOneForAWhile();
    void rotationAtOnce();
    void rotationRefuses_data();
    void rotationRefuses();

    void whereTheGatewayIs();
    void configFileForManuals();
    void reloadsNothingWithoutManagers();

    void readsEnvFiles_data();
    void readsEnvFiles();
    void envFileServesTheGateway();

private:
    [[nodiscard]] Ran postern(const std::vector<std::string> &words) const
    {
        return m_gateway->postern(words);
    }
    QTemporaryDir m_folder;
    std::string m_config;
    std::unique_ptr<GatewayProcess> m_gateway;
};

void tst_AccessCli::initTestCase()
{
    m_config = POSTERN_SOURCE_DIR "/tests/cli/data/access.yaml";
    const std::string variables =
        write(m_folder, ".env", "# for the test\nJACK_KEY=key-from-file\n");
    m_gateway = std::make_unique<GatewayProcess>(std::vector<std::string>{
        "--store", "memory:", "--config", m_config, "--env-file", variables});
    QVERIFY(m_gateway->ready());
}

void tst_AccessCli::matrixOfAFileAndOfTheGateway_data()
{
    QTest::addColumn<bool>("file");
    QTest::newRow("A-40 the running gateway") << false;
    QTest::newRow("A-40 a configuration file") << true;
}

void tst_AccessCli::matrixOfAFileAndOfTheGateway()
{
    QFETCH(bool, file);
    std::vector<std::string> words{"acl", "matrix"};
    if (file)
        words.insert(words.end(), {"--config", m_config});
    const Ran ran = file ? runPostern(words, {}, {{"JACK_KEY", "k"}}) : postern(words);
    QVERIFY2(ran.exit == 0, ran.err.c_str());
    const auto cells = [&](const char *who) { return lineWith(ran.out, who); };
    QVERIFY2(cells("alice").contains("✓"), ran.out.c_str());
    QVERIFY2(cells("bob").contains("✗ 403 label"), ran.out.c_str());
    QVERIFY2(cells("jack").contains("✓ 300/30 s"), ran.out.c_str());
    QVERIFY2(cells("(nobody)").contains("✗ 401 no login"), ran.out.c_str());
    QVERIFY2(ran.out.contains("bob × acl-allow: acl: "), ran.out.c_str());
    QVERIFY2(ran.out.contains("allow_labels.team"), ran.out.c_str());
    QVERIFY2(!ran.out.contains("bob-key"), ran.out.c_str());
}

void tst_AccessCli::matrixForms()
{
    const std::vector<std::string> base{"acl", "matrix",  "--consumer",
                                        "bob", "--route", "acl-allow"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), base.begin(), base.end());
        return postern(more);
    };
    QCOMPARE(with({"--csv"}).out, std::string("consumer,acl-allow\r\nbob,✗ 403 label\r\n"));
    QCOMPARE(with({"--markdown"}).out,
             std::string("| consumer | acl-allow |\n|---|---|\n| bob | ✗ 403 label |\n"));
    QCOMPARE(with({"--csv", "--method", "POST"}).out,
             std::string("consumer,acl-allow\r\nbob,✗ 403 label\r\n"));
    const Json document = parsed(with({"-o", "json"}));
    const Json *cells = document.find("cells");
    QVERIFY(cells && cells->size() == 1);
    const Json &cell = cells->items().front();
    QCOMPARE(cell.stringOr("state", ""), "denied");
    QCOMPARE(cell.stringOr("reason", ""), "label-not-allowed");
    QCOMPARE(cell.stringOr("plugin", ""), "acl");
    QVERIFY(cell.stringOr("rule", "").contains("sales"));
    QCOMPARE(postern({"acl", "matrix", "--state", "denied", "--label", "team=platform", "--route",
                      "acl-allow", "--csv"})
                 .out,
             std::string("consumer,acl-allow\r\n"));
}

void tst_AccessCli::matrixRefuses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exit");
    QTest::newRow("an unknown consumer")
        << QStringList{QStringLiteral("--consumer"), QStringLiteral("jak")} << 1;
    QTest::newRow("an unknown route")
        << QStringList{QStringLiteral("--route"), QStringLiteral("nowhere")} << 1;
    QTest::newRow("an unknown state")
        << QStringList{QStringLiteral("--state"), QStringLiteral("good")} << 2;
    QTest::newRow("two forms at once")
        << QStringList{QStringLiteral("--csv"), QStringLiteral("--markdown")} << 2;
}

void tst_AccessCli::matrixRefuses()
{
    QFETCH(QStringList, words);
    QFETCH(int, exit);
    std::vector<std::string> all{"acl", "matrix"};
    for (const QString &word : words)
        all.push_back(word.toStdString());
    const Ran ran = postern(all);
    QCOMPARE(ran.exit, exit);
    QVERIFY(ran.out.empty());
    QVERIFY(!ran.err.empty());
}

void tst_AccessCli::requestWithALogin_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QStringList &words, int status) {
        QTest::newRow(name) << words << status;
    };
    row("C-19 --hmac",
        {QStringLiteral("--hmac"), QStringLiteral("jack-id:jack-secret"), QStringLiteral("--sign"),
         QStringLiteral("digest"), QStringLiteral("/anything/x")},
        200);
    row("C-19 --hmac and another method",
        {QStringLiteral("--hmac"), QStringLiteral("jack-id:jack-secret"), QStringLiteral("--sign"),
         QStringLiteral("digest,x-a"), QStringLiteral("-H"), QStringLiteral("X-A: 1"),
         QStringLiteral("PUT"), QStringLiteral("/anything/x?y=1"), QStringLiteral("-d"),
         QStringLiteral("{}")},
        200);
    row("C-19 --hmac with a wrong secret",
        {QStringLiteral("--hmac"), QStringLiteral("jack-id:wrong"), QStringLiteral("--sign"),
         QStringLiteral("digest"), QStringLiteral("/anything/x")},
        401);
    row("C-19 --hmac with SHA-512",
        {QStringLiteral("--hmac"), QStringLiteral("jack-id:jack-secret"), QStringLiteral("--sign"),
         QStringLiteral("digest"), QStringLiteral("--algorithm"), QStringLiteral("hmac-sha512"),
         QStringLiteral("/anything/x")},
        200);
    row("--key", {QStringLiteral("--key"), QStringLiteral("alice-key"), QStringLiteral("/get")},
        200);
    row("--key of one who may not",
        {QStringLiteral("--key"), QStringLiteral("bob-key"), QStringLiteral("/get")}, 403);
    row("--basic",
        {QStringLiteral("--basic"), QStringLiteral("jack:open-sesame"), QStringLiteral("/ip")},
        200);
    row("nobody", {QStringLiteral("/get")}, 401);
    row("--as, a key",
        {QStringLiteral("--as"), QStringLiteral("alice"), QStringLiteral("GET"),
         QStringLiteral("/get")},
        200);
    row("--as, a key that the ACL refuses",
        {QStringLiteral("--as"), QStringLiteral("bob"), QStringLiteral("/get")}, 403);
    row("--as, a token",
        {QStringLiteral("--as"), QStringLiteral("jack"), QStringLiteral("/headers")}, 200);
    row("--as, a signature over a body",
        {QStringLiteral("--as"), QStringLiteral("jack"), QStringLiteral("POST"),
         QStringLiteral("/anything/a b"), QStringLiteral("-d"), QStringLiteral("x=1")},
        0);
    row("--as, a signature",
        {QStringLiteral("--as"), QStringLiteral("jack"), QStringLiteral("POST"),
         QStringLiteral("/anything/a"), QStringLiteral("-d"), QStringLiteral("x=1")},
        200);
    row("--as, a password", {QStringLiteral("--as"), QStringLiteral("jack"), QStringLiteral("/ip")},
        200);
    row("--as, without a login that fits",
        {QStringLiteral("--as"), QStringLiteral("alice"), QStringLiteral("/ip")}, 401);
}

void tst_AccessCli::requestWithALogin()
{
    QFETCH(QStringList, words);
    QFETCH(int, status);
    std::vector<std::string> all{"request"};
    for (const QString &word : words)
        all.push_back(word.toStdString());
    const Ran ran = postern(all);
    if (status == 0) { // nothing that can be sent
        QCOMPARE(ran.exit, 2);
        return;
    }
    QVERIFY2(ran.out.starts_with(std::to_string(status)), (ran.out + ran.err).c_str());
    QCOMPARE(ran.exit, status < 400 ? 0 : 1);
    QVERIFY2(ran.err.contains(status < 400 ? "allowed" : "denied"), ran.err.c_str());
}

void tst_AccessCli::requestThatIsSpoilt_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("reason");
    for (const auto &[what, reason] :
         {std::pair("date", "signature"), std::pair("path", "signature"),
          std::pair("digest", "signature"), std::pair("body", "digest")})
        QTest::addRow("C-19 altered %s", what)
            << QString::fromLatin1(what) << QString::fromLatin1(reason);
}

void tst_AccessCli::requestThatIsSpoilt()
{
    QFETCH(QString, what);
    QFETCH(QString, reason);
    const Ran ran =
        postern({"request", "--hmac", "jack-id:jack-secret", "--sign", "digest", "--alter",
                 what.toStdString(), "-o", "json", "POST", "/anything/x", "-d", "a=1"});
    QCOMPARE(ran.exit, 1);
    const Json document = parsed(ran);
    QCOMPARE(document.find("status")->asInteger(), std::optional<std::int64_t>(401));
    const Json *trace = document.find("trace");
    QVERIFY(trace);
    QCOMPARE(QString::fromStdString(std::string(trace->stringOr("reason", ""))), reason);
}

void tst_AccessCli::requestSaysWhy()
{
    const Ran ran = postern({"request", "--as", "bob", "/get", "--explain"});
    QCOMPARE(ran.exit, 1);
    QVERIFY2(ran.out.contains("The consumer is forbidden."), ran.out.c_str());
    QVERIFY2(ran.out.contains("allow_labels.team"), ran.out.c_str());
    QVERIFY2(!ran.out.contains("bob-key") && !ran.err.contains("bob-key"), ran.out.c_str());
    const std::string url = std::string(m_gateway->readyLine().stringOr("proxy", "")) + "/get";
    QVERIFY(postern({"request", "--key", "alice-key", url}).out.starts_with("200 OK\n"));
    // from a file that says who bob is, to wherever the URL says
    QVERIFY(runPostern({"request", "--as", "alice", "--config", m_config, url})
                .out.starts_with("200 OK\n"));
}

void tst_AccessCli::requestRefuses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exit");
    const auto row = [](const char *name, const QStringList &words, int exit) {
        QTest::newRow(name) << words << exit;
    };
    row("no target", {}, 2);
    row("a method that is none", {QStringLiteral("get"), QStringLiteral("/x")}, 2);
    row("two logins",
        {QStringLiteral("--key"), QStringLiteral("a"), QStringLiteral("--basic"),
         QStringLiteral("a:b"), QStringLiteral("/x")},
        2);
    row("a signature without a secret",
        {QStringLiteral("--hmac"), QStringLiteral("id"), QStringLiteral("/x")}, 2);
    row("an unknown consumer",
        {QStringLiteral("--as"), QStringLiteral("nobody"), QStringLiteral("/x")}, 1);
    row("no URL", {QStringLiteral("gopher://x/")}, 2);
    row("a header that is none", {QStringLiteral("-H"), QStringLiteral("x"), QStringLiteral("/x")},
        2);
}

void tst_AccessCli::requestRefuses()
{
    QFETCH(QStringList, words);
    QFETCH(int, exit);
    std::vector<std::string> all{"request"};
    for (const QString &word : words)
        all.push_back(word.toStdString());
    const Ran ran = postern(all);
    QVERIFY2(ran.exit == exit, std::format("{} {}", ran.exit, ran.err).c_str());
    QVERIFY(!ran.err.empty());
}

void tst_AccessCli::rotationKeepsTheOldOneForAWhile_data()
{
    QTest::addColumn<QString>("plugin");
    QTest::addColumn<QString>("config");
    QTest::addColumn<QString>("name"); // of the new login; empty: the secret is the name
    QTest::addColumn<QString>("secret"); // its member
    QTest::newRow("E-28 key-auth")
        << QStringLiteral("key-auth") << QStringLiteral(R"({"key":"old"})") << QString()
        << QStringLiteral("key");
    QTest::newRow("E-28 basic-auth")
        << QStringLiteral("basic-auth") << QStringLiteral(R"({"username":"eve","password":"old"})")
        << QStringLiteral("eve-2") << QStringLiteral("password");
    QTest::newRow("E-28 hmac-auth")
        << QStringLiteral("hmac-auth") << QStringLiteral(R"({"key_id":"eve-9","secret_key":"old"})")
        << QStringLiteral("eve-10") << QStringLiteral("secret_key");
    QTest::newRow("E-28 jwt-auth") << QStringLiteral("jwt-auth")
                                   << QStringLiteral(R"({"key":"eve-key","secret":"old-secret"})")
                                   << QStringLiteral("eve-key-2") << QStringLiteral("secret");
}

void tst_AccessCli::rotationKeepsTheOldOneForAWhile()
{
    QFETCH(QString, plugin);
    QFETCH(QString, config);
    QFETCH(QString, name);
    QFETCH(QString, secret);
    QCOMPARE(m_gateway->admin("PUT", "/consumers", R"({"username":"eve"})").status / 100, 2);
    const std::string old = std::format(R"({{"id":"login","plugins":{{"{}":{}}}}})",
                                        plugin.toStdString(), config.toStdString());
    QCOMPARE(m_gateway->admin("PUT", "/consumers/eve/credentials", old).status, 201);
    const Ran hidden =
        postern({"consumer", "rotate", "eve/login", "--overlap", "1h", "-o", "json"});
    QVERIFY2(hidden.exit == 0, hidden.err.c_str());
    const Json document = parsed(hidden);
    QCOMPARE(document.stringOr("id", ""), "login-2");
    QVERIFY(!document.contains(secret.toStdString()));
    QVERIFY(!document.stringOr("ends", "").empty());
    const Json fresh =
        parsed(postern({"consumer", "credential", "get", "eve", "login-2", "--reveal"}));
    const Json *part =
        fresh.find("plugins") ? fresh.find("plugins")->find(plugin.toStdString()) : nullptr;
    QVERIFY(part);
    const std::string value(part->stringOr(secret.toStdString(), ""));
    QVERIFY(value.size() >= 64);
    QVERIFY(!hidden.out.contains(value) && !hidden.err.contains(value));
    if (!name.isEmpty())
        QVERIFY(part->dump().contains('"' + name.toStdString() + '"'));
    // both are there; then the gateway takes the old one away by itself
    QCOMPARE(postern({"consumer", "credential", "get", "eve", "login"}).exit, 0);
    QCOMPARE(postern({"clock", "advance", "59m"}).exit, 0);
    QCOMPARE(postern({"consumer", "credential", "get", "eve", "login"}).exit, 0);
    QCOMPARE(postern({"clock", "advance", "2m"}).exit, 0);
    QTRY_COMPARE_WITH_TIMEOUT(postern({"consumer", "credential", "get", "eve", "login"}).exit, 1,
                              20'000);
    QCOMPARE(postern({"consumer", "credential", "get", "eve", "login-2"}).exit, 0);
    QCOMPARE(postern({"consumer", "rm", "eve"}).exit, 0);
}

void tst_AccessCli::rotationAtOnce()
{
    QCOMPARE(m_gateway->admin("PUT", "/consumers", R"({"username":"eve"})").status / 100, 2);
    QCOMPARE(m_gateway
                 ->admin("PUT", "/consumers/eve/credentials",
                         R"({"id":"login","plugins":{"key-auth":{"key":"eve-old"}}})")
                 .status,
             201);
    const Ran ran = postern({"consumer", "rotate", "eve/login", "--overlap", "0", "--reveal"});
    QVERIFY2(ran.exit == 0, ran.err.c_str());
    const std::string key = lineWith(ran.out, "key: ").substr(5);
    QCOMPARE(postern({"request", "--key", "eve-old", "/uuid"}).out.substr(0, 3), "401");
    QCOMPARE(postern({"request", "--key", key, "/uuid"}).out.substr(0, 3), "200");
    QCOMPARE(postern({"consumer", "rm", "eve"}).exit, 0);
}

void tst_AccessCli::rotationRefuses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exit");
    QTest::newRow("no credential") << QStringList{QStringLiteral("jack")} << 2;
    QTest::newRow("an unknown one") << QStringList{QStringLiteral("jack/nothing")} << 1;
    QTest::newRow("an overlap that is none")
        << QStringList{QStringLiteral("jack/cred-jack-env"), QStringLiteral("--overlap"),
                       QStringLiteral("soon")}
        << 2;
    QTest::newRow("a secret that is kept elsewhere")
        << QStringList{QStringLiteral("jack/cred-jack-env")} << 3;
}

void tst_AccessCli::rotationRefuses()
{
    QFETCH(QStringList, words);
    QFETCH(int, exit);
    std::vector<std::string> all{"consumer", "rotate"};
    for (const QString &word : words)
        all.push_back(word.toStdString());
    const Ran ran = postern(all);
    QVERIFY2(ran.exit == exit, std::format("{} {}", ran.exit, ran.err).c_str());
    QVERIFY(ran.out.empty());
}

void tst_AccessCli::whereTheGatewayIs()
{
    const Ran ran = postern({"gateway", "env"});
    QVERIFY2(ran.exit == 0, ran.err.c_str());
    const Json &ready = m_gateway->readyLine();
    const std::string key(ready.stringOr("admin_key", ""));
    QVERIFY2(ran.out.contains("admin_key='" + key + '\''), ran.out.c_str());
    // what a shell makes of it
    const Ran shell = runShell("eval \"$(postern gateway env)\" && echo $POSTERN_PROXY_URL "
                               "$POSTERN_ADMIN_URL $admin_key",
                               m_folder.path().toStdString(), m_gateway->environment());
    QCOMPARE(
        shell.out,
        std::format("{} {} {}\n", ready.stringOr("proxy", ""), ready.stringOr("admin", ""), key));
    QVERIFY(postern({"gateway", "env", "--format", "dotenv"})
                .out.contains("\nadmin_key=" + key + '\n'));
    QCOMPARE(parsed(postern({"gateway", "env", "--format", "json"})).stringOr("ADMIN_API_KEY", ""),
             key);
    const Ran none =
        runPostern({"gateway", "env"}, {}, {{"POSTERN_HOME", m_folder.path().toStdString()}});
    QCOMPARE(none.exit, 5);
}

void tst_AccessCli::configFileForManuals()
{
    const QString path = m_folder.filePath(QStringLiteral("conf/config.yaml"));
    const Ran ran = postern({"gateway", "env", "--conf", path.toStdString()});
    QVERIFY2(ran.exit == 0, ran.err.c_str());
    QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto yaml = parseYaml(file.readAll().toStdString(), "config.yaml", {});
    QVERIFY(yaml);
    const Json document = yaml->toJson();
    // `.deployment.admin.admin_key[0].key`
    const Json *keys = document.find("deployment")->find("admin")->find("admin_key");
    QVERIFY(keys && keys->size() == 1);
    QCOMPARE(keys->items().front().stringOr("key", ""),
             m_gateway->readyLine().stringOr("admin_key", ""));
    QCOMPARE(
        document.find("apisix")->find("node_listen")->items().front().find("port")->asInteger(),
        std::optional<std::int64_t>(m_gateway->port("proxy")));
}

void tst_AccessCli::reloadsNothingWithoutManagers()
{
    const Ran ran = postern({"gateway", "reload-secrets", "-o", "json"});
    QVERIFY2(ran.exit == 0, ran.err.c_str());
    QCOMPARE(parsed(ran).find("asked")->asInteger(), std::optional<std::int64_t>(0));
}

void tst_AccessCli::readsEnvFiles_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("expected"); // "NAME=value|…", or the place of the fault
    const auto row = [](const char *name, const char *text, const char *expected) {
        QTest::newRow(name) << std::string(text) << std::string(expected);
    };
    row("lines", "A=1\nB=two words\n", "A=1|B=two words|");
    row("comments and empty lines", "# x\n\n  \nA=1 # y\nB=#z\n", "A=1|B=#z|");
    row("export", "export A=1\r\n", "A=1|");
    row("single quotes", "A='a # \\n $B'", "A=a # \\n $B|");
    row("double quotes", "A=\"a\\n\\\"b\\\" # c\" # d", "A=a\n\"b\" # c|");
    row("nothing is expanded", "A=$HOME", "A=$HOME|");
    row("empty", "A=\n", "A=|");
    row("equals signs", "A=b=c==", "A=b=c==|");
    row("no value", "A=1\nB\n", "f:2");
    row("no name", "=1", "f:1");
    row("not a name", "1A=1", "f:1");
    row("open quotes", "\nA='x", "f:2");
    row("text behind quotes", "A='x'y", "f:1");
}

void tst_AccessCli::readsEnvFiles()
{
    QFETCH(std::string, text);
    QFETCH(std::string, expected);
    const auto variables = cli::parseEnvFile(text, "f");
    std::string got;
    if (variables) {
        for (const auto &[name, value] : *variables)
            got += std::format("{}={}|", name, value);
    } else {
        got = variables.error().where;
    }
    QCOMPARE(got, expected);
}

void tst_AccessCli::envFileServesTheGateway()
{
    // J-56: the reference of cred-jack-env
    QCOMPARE(postern({"request", "--key", "key-from-file", "/uuid"}).out.substr(0, 3), "200");
    const Ran ran =
        runPostern({"gateway", "run", "--store", "memory:", "--proxy", "0", "--admin", "0",
                    "--env-file", m_folder.filePath(QStringLiteral("no.env")).toStdString()});
    QVERIFY(ran.exit != 0);
    QVERIFY2(ran.err.contains("no.env"), ran.err.c_str());
}

QTEST_GUILESS_MAIN(tst_AccessCli)
#include "tst_access_cli.moc"
