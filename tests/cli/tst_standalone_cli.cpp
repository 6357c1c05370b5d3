// SPDX-License-Identifier: Apache-2.0
#include "gateway_process.h"
#include "test_folder.h"

#include "core/json/parse.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::test;

/// `gateway run --standalone` and `config validate`, as a user has them.
class tst_StandaloneCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void servesTheFile();
    void isReplacedAsAWhole();
    void refusesWhatCannotStart_data();
    void refusesWhatCannotStart();
    void validate_data();
    void validate();
    void validateForPrograms();
};

void tst_StandaloneCli::servesTheFile()
{
    const TestFolder folder;
    const auto version = [](std::string_view body) {
        return std::format(
            "routes:\n- uri: /x\n  plugins: {{mocking: {{response_example: {}}}}}\n#END\n", body);
    };
    const std::string path = folder.write("apisix.yaml", version("one"));
    GatewayProcess gateway({"--standalone", path, "--control-apisix", "0", "--status", "0"});
    QVERIFY(gateway.ready());
    QVERIFY(call(gateway.port("proxy"), "GET", "/x").text.contains("\r\none\r\n"));
    QCOMPARE(call(gateway.port("status"), "GET", "/status/ready").status, 200);
    const std::string routes = call(gateway.port("control_apisix"), "GET", "/v1/routes").text;
    QVERIFY2(routes.contains(R"("key":"/routes/arr_1")"), routes.c_str());
    QCOMPARE(gateway.admin("PUT", "/routes/1", R"({"uri":"/y"})").status, 405);
    folder.write("apisix.yaml", version("two"));
    QTRY_VERIFY_WITH_TIMEOUT(call(gateway.port("proxy"), "GET", "/x").text.contains("\r\ntwo\r\n"),
                             30'000);
}

void tst_StandaloneCli::isReplacedAsAWhole()
{
    GatewayProcess gateway({"--standalone", "api", "--status", "0"});
    QVERIFY(gateway.ready());
    QCOMPARE(call(gateway.port("status"), "GET", "/status/ready").status, 503);
    const std::string key(gateway.readyLine().stringOr("admin_key", ""));
    const Answer put = call(
        gateway.port("admin"), "PUT", "/apisix/admin/configs", {"X-API-KEY: " + key, "X-Digest: 1"},
        R"({"routes":[{"uri":"/x","plugins":{"mocking":{"response_example":"one"}}}]})");
    QCOMPARE(put.status, 202);
    QVERIFY(call(gateway.port("proxy"), "GET", "/x").text.contains("\r\none\r\n"));
    QCOMPARE(call(gateway.port("status"), "GET", "/status/ready").status, 200);
    QCOMPARE(gateway.admin("GET", "/routes").status, 404);
}

void tst_StandaloneCli::refusesWhatCannotStart_data()
{
    QTest::addColumn<QByteArrayList>("arguments");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("no such file") << QByteArrayList{"--standalone", "none.yaml"}
                                  << QByteArray("none.yaml");
    QTest::newRow("broken file") << QByteArrayList{"--standalone", "broken.yaml"}
                                 << QByteArray("broken.yaml:1:");
    QTest::newRow("two sources") << QByteArrayList{"--standalone", "api", "--store", "memory:"}
                                 << QByteArray("--store");
    QTest::newRow("objects in the configuration file, too")
        << QByteArrayList{"--standalone", "api", "--config", "gateway.yaml"}
        << QByteArray("holds objects");
}

void tst_StandaloneCli::refusesWhatCannotStart()
{
    QFETCH(QByteArrayList, arguments);
    QFETCH(QByteArray, told);
    const TestFolder folder;
    folder.write("broken.yaml", "a: [}\n#END\n");
    folder.write("gateway.yaml", "consumers: [{username: jack}]\n");
    std::vector<std::string> line{"gateway", "run", "-C",      folder.path(),
                                  "--proxy", "0",   "--admin", "0"};
    for (const QByteArray &argument : arguments)
        line.push_back(argument.toStdString());
    const Ran ran = runPostern(line, {}, {{"POSTERN_HOME", folder.path()}});
    QVERIFY(ran.exit > 0);
    QVERIFY2(ran.err.contains(told.toStdString()), ran.err.c_str());
}

void tst_StandaloneCli::validate_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QByteArrayList>("lines"); // their parts behind the file's name
    const auto row = [](const char *what, const char *name, const char *text, int exit,
                        const QByteArrayList &lines) {
        QTest::newRow(what) << QByteArray(name) << QByteArray(text) << exit << lines;
    };
    row("valid", "apisix.yaml", "routes: []\n#END\n", 0, {": valid"});
    row("every fault with its place", "apisix.yaml",
        "routes:\n- id: a\n  uri: 7\n  service_id: 1\n- id: b\n  uri: /\n  plugins:\n    x: {}\n"
        "upstreams:\n- id: u\n  nodes: {\"127.0.0.1:1\": 1}\n  colour: red\n#END\n",
        3,
        {":3:8: the configuration is not valid: invalid configuration: property \"uri\" validation "
         "failed: wrong type: expected string, got number",
         ":8:8: the configuration is not valid: unknown plugin [x]",
         ":12:11: the configuration is not valid: invalid configuration: additional properties "
         "forbidden, found colour"});
    row("no end mark", "apisix.yaml", "routes: []\n", 3,
        {": the configuration is not valid: missing valid end flag in file"});
    row("JSON", "apisix.json", "{\"routes\":[\n{\"uri\":7}]}", 3,
        {":2:8: the configuration is not valid: "});
    row("not JSON", "apisix.json", "{\"routes\":[\n}", 3,
        {":2:1: the configuration is not valid: "});
    row("Postern's own", "gateway.yaml", "listen: {proxy: 1}\nconsumers: [{username: jack}]\n", 0,
        {": valid"});
    row("Postern's own with faults", "gateway.yaml",
        "routes:\n- {id: a, uri: 7}\n- {id: b, uri: /, upstream_id: none}\n", 3,
        {":2:3: the configuration is not valid: ",
         ":3:3: the configuration is not valid: failed to fetch upstream info by upstream id "
         "[none]"});
    row("unknown setting", "gateway.yaml", "listn: {}\n", 3, {":1:1: unknown configuration key"});
}

void tst_StandaloneCli::validate()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, text);
    QFETCH(int, exit);
    QFETCH(QByteArrayList, lines);
    const TestFolder folder;
    const std::string path = folder.write(name.constData(), text.toStdString());
    const Ran ran = runPostern({"config", "validate", path});
    QCOMPARE(ran.exit, exit);
    const QByteArrayList told = QByteArray::fromStdString(ran.out).trimmed().split('\n');
    QVERIFY2(told.size() == lines.size(), ran.out.c_str());
    for (qsizetype i = 0; i < lines.size(); ++i)
        QVERIFY2(told[i].startsWith(QByteArray::fromStdString(path) + lines[i]), ran.out.c_str());
    QCOMPARE(runPostern({"config", "validate", "-q", path}).out, std::string());
}

void tst_StandaloneCli::validateForPrograms()
{
    const TestFolder folder;
    const std::string path = folder.write("x.yaml", "routes: [{uri: 7}]\n#END\n");
    const Ran ran = runPostern({"config", "validate", "--as", "standalone", "-o", "json", path});
    QCOMPARE(ran.exit, 3);
    const auto json = parseJson(ran.out);
    QVERIFY(json);
    QVERIFY(!json->find("valid")->asBool(true));
    QCOMPARE(json->find("errors")->items()[0].stringOr("where", ""),
             std::string_view(path + ":1:16"));
}

QTEST_GUILESS_MAIN(tst_StandaloneCli)
#include "tst_standalone_cli.moc"
