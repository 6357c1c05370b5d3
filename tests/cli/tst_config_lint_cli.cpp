// SPDX-License-Identifier: Apache-2.0
#include "gateway_process.h"
#include "test_folder.h"

#include "core/json/parse.h"
#include "core/store/store.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::test;

namespace {

constexpr const char *kConfig = "consumers:\n"
                                "- username: jack\n"
                                "  credentials:\n"
                                "  - id: one\n"
                                "    plugins:\n"
                                "      key-auth: {key: twice-used-key}\n"
                                "- username: bot\n"
                                "  plugins:\n"
                                "    key-auth: {key: twice-used-key}\n";

constexpr const char *kStandalone = "consumers:\n"
                                    "- username: jack\n"
                                    "- id: jack/credentials/one\n"
                                    "  plugins:\n"
                                    "    jwt-auth: {key: k, secret: \"${{LINT_SECRET}}\"}\n"
                                    "#END\n";

} // namespace

/// `config lint`, as a user has it: from files, a store and a running gateway.
class tst_ConfigLintCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsThePlace();
    void readsStandaloneFiles();
    void exits_data();
    void exits();
    void annotates();
    void isReadByPrograms();
    void lintsAStore();
    void lintsARunningGateway();
    void listsItsRules();
};

void tst_ConfigLintCli::tellsThePlace()
{
    const TestFolder folder;
    const std::string path = folder.write("gateway.yaml", kConfig);
    const Ran ran = runPostern({"config", "lint", path});
    QCOMPARE(ran.exit, 1);
    QVERIFY2(ran.out.contains(path
                              + ":6:23: error: duplicate key of plugin key-auth: credential one of "
                                "consumer jack has the same as consumer bot [duplicate-login]\n"),
             ran.out.c_str());
    QVERIFY2(ran.out.contains(path + ":9:21: error: duplicate"), ran.out.c_str());
    QVERIFY2(ran.out.contains(path + ":9:15: info: "), ran.out.c_str());
    QVERIFY(!ran.out.contains("twice-used-key") && !ran.err.contains("twice-used-key"));
}

void tst_ConfigLintCli::readsStandaloneFiles()
{
    const TestFolder folder;
    const std::string path = folder.write("apisix.yaml", kStandalone);
    const Ran ran =
        runPostern({"config", "lint", path}, {}, {{"LINT_SECRET", "your-256-bit-secret"}});
    QCOMPARE(ran.exit, 0);
    QVERIFY2(
        ran.out.starts_with(path + ":5:32: warning: secret of jack / one is a well-known sample"),
        ran.out.c_str());
    QVERIFY(!ran.out.contains("your-256-bit-secret"));
}

void tst_ConfigLintCli::exits_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArrayList>("options");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QByteArray>("told");
    const QByteArray warning = "consumers: [{username: bot}]\n";
    QTest::newRow("nothing to remark") << QByteArray("routes: []\n") << QByteArrayList() << 0
                                       << QByteArray(": nothing to remark\n");
    QTest::newRow("warnings") << warning << QByteArrayList() << 0
                              << QByteArray("[consumer-without-credential]");
    QTest::newRow("--strict") << warning << QByteArrayList{"--strict"} << 1
                              << QByteArray("[consumer-without-credential]");
    QTest::newRow("--ignore") << warning
                              << QByteArrayList{"--strict", "--ignore",
                                                "consumer-without-credential"}
                              << 0 << QByteArray(": nothing to remark\n");
    QTest::newRow("errors") << QByteArray("routes:\n- id: a\n  uri: /\n  plugins: {key-auth: "
                                          "{anonymous_consumer: x}}\n")
                            << QByteArrayList() << 1
                            << QByteArray(":4:44: error: there is no consumer x");
    QTest::newRow("not valid: told, and linted all the same")
        << QByteArray("routes:\n- {id: a, uri: 7}\n- {id: b, uri: /, plugins: {jwt-auth: {}}}\n")
        << QByteArrayList() << 3 << QByteArray("[exp-not-required]");
    QTest::newRow("not valid: the place")
        << QByteArray("routes:\n- {id: a, uri: 7}\n") << QByteArrayList() << 3
        << QByteArray(
               ":2:3: error: the configuration is not valid: invalid configuration: property "
               "\"uri\" validation failed");
    QTest::newRow("secrets.env.allow")
        << QByteArray("secrets: {env: {allow: [JACK_*]}}\nconsumers:\n- username: jack\n  plugins: "
                      "{key-auth: {key: $env://PATH}}\n")
        << QByteArrayList() << 0 << QByteArray("[unset-variable]");
}

void tst_ConfigLintCli::exits()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArrayList, options);
    QFETCH(int, exit);
    QFETCH(QByteArray, told);
    const TestFolder folder;
    std::vector<std::string> line{"config", "lint",
                                  folder.write("gateway.yaml", text.toStdString())};
    for (const QByteArray &option : options)
        line.push_back(option.toStdString());
    const Ran ran = runPostern(line);
    QVERIFY2(ran.exit == exit, (ran.out + ran.err).c_str());
    QVERIFY2(ran.out.contains(told.toStdString()), ran.out.c_str());
}

void tst_ConfigLintCli::annotates()
{
    const TestFolder folder;
    folder.write("gateway.yaml",
                 "consumers:\n- username: bot\n  plugins:\n    key-auth: {key: "
                 "secret}\n");
    const Ran ran = runPostern({"config", "lint", "-C", folder.path(), "gateway.yaml", "--github"});
    QVERIFY2(
        ran.out.contains("::warning file=gateway.yaml,line=4,col=21,title=sample-secret::key of "
                         "bot is a well-known sample"),
        ran.out.c_str());
    QVERIFY2(ran.out.contains("::notice file=gateway.yaml,line=4,col=15,title=inline-login::"),
             ran.out.c_str());
}

void tst_ConfigLintCli::isReadByPrograms()
{
    const TestFolder folder;
    const std::string path = folder.write("gateway.yaml", kConfig);
    const Ran ran = runPostern({"config", "lint", path, "-o", "json"});
    QCOMPARE(ran.exit, 1);
    const auto json = parseJson(ran.out);
    QVERIFY(json);
    QCOMPARE(json->find("version")->asInteger(), std::optional<std::int64_t>(1));
    for (const Json &finding : json->find("findings")->items()) {
        if (finding.stringOr("id", "") != "duplicate-login")
            continue;
        QCOMPARE(finding.stringOr("level", ""), std::string_view("error"));
        QCOMPARE(finding.stringOr("object", ""),
                 std::string_view("/apisix/consumers/jack/credentials/one"));
        QCOMPARE(finding.stringOr("other", ""), std::string_view("/apisix/consumers/bot"));
        QCOMPARE(finding.stringOr("pointer", ""), std::string_view("/plugins/key-auth/key"));
        QCOMPARE(finding.stringOr("where", ""), std::string_view(path + ":6:23"));
        return;
    }
    QFAIL(ran.out.c_str());
}

void tst_ConfigLintCli::lintsAStore()
{
    const TestFolder folder;
    const std::string uri = std::format("sqlite:{}", folder.path("store.db"));
    {
        const auto store = openStore(uri);
        QVERIFY(store);
        const auto done = (*store)->commit(
            {.puts = {{"/apisix/consumers/bot",
                       R"({"username":"bot","plugins":{"key-auth":{"key":"secret"}}})"}},
             .deletes = {},
             .expects = {}});
        QVERIFY(done);
    }
    const Ran ran = runPostern({"config", "lint", "--store", uri});
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).c_str());
    // The store keeps it sealed; lint sees what it is.
    QVERIFY2(ran.out.contains("consumers/bot /plugins/key-auth/key: warning: key of bot is a "
                              "well-known sample: anybody can log in with it [sample-secret]"),
             ran.out.c_str());
    QCOMPARE(runPostern({"config", "lint", "--store", uri, "--strict"}).exit, 1);
}

void tst_ConfigLintCli::lintsARunningGateway()
{
    const GatewayProcess gateway;
    QVERIFY(gateway.ready());
    QCOMPARE(gateway.admin("PUT", "/consumers", R"({"username":"jack"})").status, 201);
    QCOMPARE(gateway
                 .admin("PUT", "/consumers/jack/credentials/one",
                        R"({"plugins":{"jwt-auth":{"key":"k","secret":"jack-hs256-secret"}}})")
                 .status,
             201);
    QCOMPARE(gateway
                 .admin("PUT", "/routes/1",
                        R"({"uri":"/","plugins":{"key-auth":{"anonymous_consumer":"none"}}})")
                 .status,
             201);
    const Ran ran = gateway.postern({"config", "lint"});
    QVERIFY2(ran.exit == 1, (ran.out + ran.err).c_str());
    QVERIFY2(ran.out.contains("consumers/jack/credentials/one /plugins/jwt-auth/secret: warning: "
                              "secret of jack / one has 17 bytes; at least 32 are demanded"),
             ran.out.c_str());
    QVERIFY2(ran.out.contains("routes/1 /plugins/key-auth/anonymous_consumer: error: "),
             ran.out.c_str());
    QVERIFY(!ran.out.contains("jack-hs256-secret"));
}

void tst_ConfigLintCli::listsItsRules()
{
    const Ran ran = runPostern({"config", "lint", "--rules"});
    QCOMPARE(ran.exit, 0);
    QVERIFY(ran.out.contains("invalid") && ran.out.contains("consumer-without-credential"));
    QCOMPARE(runPostern({"config", "lint", "--ignore", "no-such-rule", "x.yaml"}).exit, 2);
}

QTEST_GUILESS_MAIN(tst_ConfigLintCli)
#include "tst_config_lint_cli.moc"
