// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/vault/dev_vault.h"
#include "gateway_process.h"
#include "test_folder.h"

#include <QProcess>
#include <QTest>

#include <csignal>
#include <format>

#include <sys/stat.h>

using namespace postern;
using namespace postern::test;

/// `postern vault`: the development store, and the commands that the real client has for it.
class tst_VaultCli : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void manualsCommands();
    void values_data();
    void values();
    void answersJson();
    void failures_data();
    void failures();
    void speaksTheClientsApi_data();
    void speaksTheClientsApi();
    void engines();
    void keepsItsFile();
    void brokenFileIsRefused_data();
    void brokenFileIsRefused();
    void runsUntilItIsInterrupted();
    void runRefuses_data();
    void runRefuses();
    void execBringsOne();
};

namespace {

/// A store in this process, and the real binary as its client.
class Store
{
public:
    explicit Store(const gateway::DevVaultOptions &options = {.port = 0})
        : m_vault(gateway::DevVault::start(options)),
          m_token(options.token)
    {
    }
    [[nodiscard]] bool running() const { return m_vault.has_value(); }
    [[nodiscard]] std::string url() const { return (*m_vault)->url(); }
    [[nodiscard]] Ran vault(std::vector<std::string> arguments, const std::string &input = {}) const
    {
        arguments.insert(arguments.begin(), "vault");
        return runPostern(arguments, input, {{"VAULT_ADDR", url()}, {"VAULT_TOKEN", m_token}});
    }
    [[nodiscard]] Answer http(const std::string &method, const std::string &target,
                              const std::string &body = {}, const std::string &token = {}) const
    {
        return call((*m_vault)->port(), method, target,
                    {"X-Vault-Token: " + (token.empty() ? m_token : token)}, body);
    }

private:
    Result<std::unique_ptr<gateway::DevVault>> m_vault;
    std::string m_token;
};

Json bodyOf(const Answer &answer)
{
    const std::size_t end = answer.text.find("\r\n\r\n");
    return end == std::string::npos ? Json()
                                    : parseJson(answer.text.substr(end + 4)).value_or(Json());
}

} // namespace

void tst_VaultCli::manualsCommands()
{
    const Store store;
    QVERIFY(store.running());
    const Ran enabled = store.vault({"enable", "kv", "--version", "1"});
    QCOMPARE(enabled.out, std::string("Success! Enabled the kv secrets engine at: kv/\n"));
    const Ran put = store.vault({"put", "kv/apisix/jack", "jwt-key=jwt-vault-key"});
    QCOMPARE(put.out, std::string("Success! Data written to: kv/apisix/jack\n"));
    QCOMPARE(store.vault({"get", "kv/apisix/jack"}).out,
             std::string("Key        Value\n---        -----\njwt-key    jwt-vault-key\n"));
    QCOMPARE(store.vault({"get", "kv/apisix/jack", "jwt-key"}).out, std::string("jwt-vault-key\n"));
    QCOMPARE(store.vault({"list", "kv"}).out, std::string("apisix/\n"));
    QCOMPARE(store.vault({"list", "kv/apisix/"}).out, std::string("jack\n"));
    QCOMPARE(store.vault({"delete", "kv/apisix/jack"}).out,
             std::string("Success! Data deleted (if it existed) at: kv/apisix/jack\n"));
    QCOMPARE(store.vault({"get", "kv/apisix/jack"}).exit, 1);
    QCOMPARE(store.vault({"list", "kv"}).exit, 1);
}

void tst_VaultCli::values_data()
{
    QTest::addColumn<QByteArray>("argument");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *name, const char *argument, const char *input,
                        const char *value) {
        QTest::newRow(name) << QByteArray(argument) << QByteArray(input) << QByteArray(value);
    };
    row("a literal", "k=v", "", "v");
    row("an equals sign in it", "k=a=b==", "", "a=b==");
    row("empty", "k=", "", "");
    row("what looks like another form is a literal", "k=b64:YQ==", "", "b64:YQ==");
    row("standard input", "k=-", "from outside", "from outside");
    row("other letters", "k=schlüssel ☃", "", "schlüssel ☃");
}

void tst_VaultCli::values()
{
    QFETCH(const QByteArray, argument);
    QFETCH(const QByteArray, input);
    QFETCH(const QByteArray, value);
    const Store store;
    QVERIFY(store.running());
    QCOMPARE(store.vault({"enable", "kv"}).exit, 0);
    const Ran put = store.vault({"put", "kv/a", argument.toStdString()}, input.toStdString());
    QVERIFY2(put.exit == 0, put.err.c_str());
    QCOMPARE(store.vault({"get", "kv/a", "k"}).out, value.toStdString() + "\n");
}

void tst_VaultCli::answersJson()
{
    const Store store;
    QVERIFY(store.running());
    QCOMPARE(parseJson(store.vault({"enable", "kv", "-o", "json"}).out)->stringOr("path", ""),
             std::string_view("kv/"));
    const TestFolder folder;
    const std::string file = folder.write("v.txt", "from a file\n");
    QCOMPARE(store.vault({"put", "kv/a", "k=v", "f=@" + file}).exit, 0);
    const auto all = parseJson(store.vault({"get", "kv/a", "-o", "json"}).out);
    QVERIFY(all);
    QCOMPARE(all->find("version")->asInteger().value_or(0), 1);
    QVERIFY(*all->find("data") == Json::object({{"k", "v"}, {"f", "from a file"}}));
    const auto one = parseJson(store.vault({"get", "kv/a", "k", "-o", "json"}).out);
    QCOMPARE(one->stringOr("value", ""), std::string_view("v"));
    const auto names = parseJson(store.vault({"list", "kv", "-o", "json"}).out);
    QCOMPARE(names->find("keys")->dump(), std::string(R"(["a"])"));
}

void tst_VaultCli::failures_data()
{
    QTest::addColumn<QByteArray>("words");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, const char *words, int exit, const char *says) {
        QTest::newRow(name) << QByteArray(words) << exit << QByteArray(says);
    };
    row("no such secret", "get kv/none", 1, "status 404");
    row("no such member", "get kv/a nope", 1, "it has no member \"nope\"");
    row("no such engine", "put team/a k=v", 1, "no handler for route 'team/a'");
    row("no value", "put kv/a k", 2, "NAME=VALUE");
    row("no name", "put kv/a =v", 2, "NAME=VALUE");
    row("nothing to put", "put kv/a", 2, "MEMBERS is missing");
    row("a path in use", "enable kv", 5, "path is already in use at kv/");
    row("version 2", "enable kv2 --version 2", 5, "only version 1 of the kv engine");
    row("version 3", "enable kv3 --version 3", 2, "--version");
    row("the server's own path", "enable sys/x", 5, "cannot mount under sys/");
    row("an engine is no secret", "put kv k=v", 5, "a secret needs a path below its mount");
    row("no address", "get kv/a --address nowhere", 2, "must be http://host:port");
    row("nobody there", "get kv/a --address http://127.0.0.1:1", 5, "nobody answers there");
}

void tst_VaultCli::failures()
{
    QFETCH(const QByteArray, words);
    QFETCH(const int, exit);
    QFETCH(const QByteArray, says);
    const Store store;
    QVERIFY(store.running());
    QCOMPARE(store.vault({"enable", "kv"}).exit, 0);
    QCOMPARE(store.vault({"put", "kv/a", "k=v"}).exit, 0);
    std::vector<std::string> arguments;
    for (const QByteArray &word : words.split(' '))
        arguments.push_back(word.toStdString());
    const Ran ran = store.vault(arguments);
    QVERIFY2(ran.err.contains(says.toStdString()), ran.err.c_str());
    QCOMPARE(ran.exit, exit);
}

void tst_VaultCli::speaksTheClientsApi_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("member"); ///< a path into the answer
    QTest::addColumn<QByteArray>("value"); ///< its JSON text
    const auto row = [](const char *name, const char *method, const char *target, const char *body,
                        int status, const char *member = "", const char *value = "") {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                            << status << QByteArray(member) << QByteArray(value);
    };
    row("health", "GET", "/v1/sys/health", "", 200, "initialized", "true");
    row("seal status", "GET", "/v1/sys/seal-status", "", 200, "sealed", "false");
    row("leader", "GET", "/v1/sys/leader", "", 200, "ha_enabled", "false");
    row("login", "GET", "/v1/auth/token/lookup-self", "", 200, "data/policies", R"(["root"])");
    row("secrets list", "GET", "/v1/sys/mounts", "", 200, "data/kv//type", "\"kv\"");
    row("secrets list, older clients", "GET", "/v1/sys/mounts", "", 200, "kv//options/version",
        "\"1\"");
    row("kv: which version?", "GET", "/v1/sys/internal/ui/mounts/kv/apisix/jack", "", 200,
        "data/options/version", "\"1\"");
    row("kv: where?", "GET", "/v1/sys/internal/ui/mounts/kv/apisix/jack", "", 200, "data/path",
        "\"kv/\"");
    row("kv: no engine", "GET", "/v1/sys/internal/ui/mounts/x/y", "", 403);
    row("kv put", "PUT", "/v1/kv/b", R"({"k":"v"})", 204);
    row("kv put by POST", "POST", "/v1/kv/b", R"({"k":"v"})", 204);
    row("kv put of nothing", "PUT", "/v1/kv/b", "{}", 400, "errors", R"(["missing data fields"])");
    row("kv put of no JSON", "PUT", "/v1/kv/b", "{", 400);
    row("kv put of an array", "PUT", "/v1/kv/b", "[1]", 400, "errors",
        R"(["failed to parse JSON input: not an object"])");
    row("kv get", "GET", "/v1/kv/a", "", 200, "data/k", "\"v\"");
    row("kv get: a lease", "GET", "/v1/kv/a", "", 200, "lease_duration", "2764800");
    row("kv get: renewable", "GET", "/v1/kv/a", "", 200, "renewable", "false");
    row("kv get: wrap_info", "GET", "/v1/kv/a", "", 200, "wrap_info", "null");
    row("kv get of nothing", "GET", "/v1/kv/none", "", 404, "errors", "[]");
    row("kv list", "GET", "/v1/kv/?list=true", "", 200, "data/keys", R"(["a"])");
    row("kv list without slash", "GET", "/v1/kv?list=true", "", 200, "data/keys", R"(["a"])");
    row("kv list of nothing", "GET", "/v1/kv/none?list=true", "", 404, "errors", "[]");
    row("kv delete", "DELETE", "/v1/kv/a", "", 204);
    row("kv patch", "PATCH", "/v1/kv/a", R"({"k":"w"})", 405, "errors",
        R"(["unsupported operation"])");
    row("secrets enable", "POST", "/v1/sys/mounts/team/kv",
        R"({"type":"kv","options":{"version":"1"}})", 204);
    row("secrets enable of another engine", "POST", "/v1/sys/mounts/x", R"({"type":"pki"})", 400,
        "errors", R"(["plugin not found in the catalog: pki"])");
    row("secrets disable", "DELETE", "/v1/sys/mounts/kv", "", 204);
    row("no API", "GET", "/ui/", "", 404, "errors", "[]");
}

void tst_VaultCli::speaksTheClientsApi()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, body);
    QFETCH(const int, status);
    QFETCH(const QByteArray, member);
    QFETCH(const QByteArray, value);
    const Store store;
    QVERIFY(store.running());
    QCOMPARE(store.http("POST", "/v1/sys/mounts/kv", R"({"type":"kv"})").status, 204);
    QCOMPARE(store.http("PUT", "/v1/kv/a", R"({"k":"v"})").status, 204);
    const Answer answer =
        store.http(method.toStdString(), target.toStdString(), body.toStdString());
    QVERIFY2(answer.status == status, answer.text.c_str());
    if (member.isEmpty())
        return;
    const Json document = bodyOf(answer);
    const Json *found = &document;
    // "kv//type" is member "type" of "kv/".
    QByteArray path = member;
    path.replace("kv//", "kv\x01/");
    for (QByteArray name : path.split('/')) {
        name.replace('\x01', '/');
        found = found ? found->find(name.toStdString()) : nullptr;
    }
    QVERIFY2(found, answer.text.c_str());
    QCOMPARE(found->dump(), value.toStdString());
}

void tst_VaultCli::engines()
{
    const Store store({.port = 0, .token = "mine"});
    QVERIFY(store.running());
    QCOMPARE(store.vault({"enable", "kv/"}).exit, 0);
    QCOMPARE(store.vault({"enable", "kv/team/"}).exit, 0); // one below the other
    QCOMPARE(store.vault({"put", "kv/team/a", "k=v"}).exit, 0);
    QCOMPARE(store.http("DELETE", "/v1/sys/mounts/kv/team").status, 204);
    QCOMPARE(store.http("GET", "/v1/kv/team/a").status, 404);
    for (const char *token : {"root", "min", "mine2"}) {
        const Answer refused = store.http("GET", "/v1/kv/a", {}, token);
        QCOMPARE(refused.status, 403);
        QCOMPARE(bodyOf(refused).dump(), std::string(R"({"errors":["permission denied"]})"));
    }
    const Ran wrong = runPostern({"vault", "get", "kv/a"}, {},
                                 {{"VAULT_ADDR", store.url()}, {"VAULT_TOKEN", "stolen-token"}});
    QVERIFY2(wrong.err.contains("permission denied; is VAULT_TOKEN right?"), wrong.err.c_str());
    QVERIFY(!wrong.err.contains("stolen-token"));
}

void tst_VaultCli::keepsItsFile()
{
    const TestFolder folder;
    const std::string file = folder.path("secrets.json");
    const auto options = [&file] { return gateway::DevVaultOptions{.port = 0, .file = file}; };
    {
        const Store store(options());
        QVERIFY(store.running());
        QCOMPARE(store.vault({"enable", "kv"}).exit, 0);
        QCOMPARE(store.vault({"put", "kv/a/b", "k=v"}).exit, 0);
        QCOMPARE(store.vault({"put", "kv/gone", "k=v"}).exit, 0);
        QCOMPARE(store.vault({"delete", "kv/gone"}).exit, 0);
    }
    struct stat status = {};
    QCOMPARE(stat(file.c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    const Store again(options());
    QVERIFY(again.running());
    QCOMPARE(again.vault({"get", "kv/a/b", "k"}).out, std::string("v\n"));
    QCOMPARE(again.vault({"list", "kv"}).out, std::string("a/\n"));
}

void tst_VaultCli::brokenFileIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("another file") << QByteArray("{}");
    QTest::newRow("an array") << QByteArray("[]");
    QTest::newRow("empty") << QByteArray("");
}

void tst_VaultCli::brokenFileIsRefused()
{
    QFETCH(const QByteArray, text);
    const TestFolder folder;
    const std::string file = folder.write("secrets.json", text.toStdString());
    const Ran ran = runPostern({"vault", "run", "--addr", "127.0.0.1:0", "--file", file});
    QCOMPARE(ran.exit, 3);
    QVERIFY2(ran.err.contains("secrets.json"), ran.err.c_str());
}

void tst_VaultCli::runsUntilItIsInterrupted()
{
    QProcess process;
    process.setProcessEnvironment(cleanEnvironment({}));
    process.start(QStringLiteral(POSTERN_BINARY),
                  {QStringLiteral("vault"), QStringLiteral("run"), QStringLiteral("--addr"),
                   QStringLiteral("127.0.0.1:0"), QStringLiteral("--token"),
                   QStringLiteral("other"), QStringLiteral("--port-file"), QStringLiteral("-")});
    QVERIFY(process.waitForReadyRead());
    const auto ready = parseJson(process.readLine().toStdString());
    QVERIFY(ready);
    QCOMPARE(ready->stringOr("token", ""), std::string_view("other"));
    const Environment environment{{"VAULT_ADDR", std::string(ready->stringOr("address", ""))},
                                  {"VAULT_TOKEN", "other"}};
    QCOMPARE(runPostern({"vault", "enable", "kv"}, {}, environment).exit, 0);
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
}

void tst_VaultCli::runRefuses_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("every address")
        << QByteArray("0.0.0.0:0") << 2 << QByteArray("can be reached from other machines");
    QTest::newRow("no address") << QByteArray("x:y") << 2 << QByteArray("write HOST:PORT");
}

void tst_VaultCli::runRefuses()
{
    QFETCH(const QByteArray, address);
    QFETCH(const int, exit);
    QFETCH(const QByteArray, says);
    const Ran ran = runPostern({"vault", "run", "--addr", address.toStdString()});
    QVERIFY2(ran.err.contains(says.toStdString()), ran.err.c_str());
    QCOMPARE(ran.exit, exit);
}

void tst_VaultCli::execBringsOne()
{
    const TestFolder folder;
    const Ran ran = runShell(
        "postern exec -q --vault -- sh -c 'postern vault enable kv && postern vault put "
        "kv/apisix/jack key=from-vault && postern vault get kv/apisix/jack key && "
        "curl -sS -X PUT -H \"X-API-KEY: $POSTERN_ADMIN_KEY\" $POSTERN_ADMIN_URL/secrets/vault/v "
        "-d \"{\\\"uri\\\":\\\"$VAULT_ADDR\\\",\\\"prefix\\\":\\\"kv/apisix\\\",\\\"token\\\":"
        "\\\"\\$env://VAULT_TOKEN\\\"}\" && "
        "curl -sS -X PUT -H \"X-API-KEY: $POSTERN_ADMIN_KEY\" $POSTERN_ADMIN_URL/consumers "
        "-d \"{\\\"username\\\":\\\"jack\\\",\\\"plugins\\\":{\\\"key-auth\\\":{\\\"key\\\":"
        "\\\"\\$secret://vault/v/jack/key\\\"}}}\" && "
        "curl -sS -X PUT -H \"X-API-KEY: $POSTERN_ADMIN_KEY\" $POSTERN_ADMIN_URL/routes/1 "
        "-d \"{\\\"uri\\\":\\\"/get\\\",\\\"plugins\\\":{\\\"key-auth\\\":{}},\\\"upstream\\\":"
        "{\\\"nodes\\\":{\\\"httpbin.org:80\\\":1}}}\" && "
        "curl -sS -o answer.txt -w \"status %{http_code}\" -H \"apikey: from-vault\" "
        "$POSTERN_PROXY_URL/get'",
        folder.path(), {{"POSTERN_HOME", folder.path("home")}});
    QVERIFY2(ran.exit == 0, ran.err.c_str());
    QVERIFY2(ran.out.starts_with("Success! Enabled"), ran.out.c_str());
    QVERIFY2(ran.out.contains("\nfrom-vault\n"), ran.out.c_str());
    QVERIFY2(ran.out.ends_with("status 200"), ran.out.c_str());
}

QTEST_GUILESS_MAIN(tst_VaultCli)
#include "tst_vault_cli.moc"
