// SPDX-License-Identifier: Apache-2.0
#include "gateway_process.h"
#include "test_folder.h"

#include "core/json/parse.h"
#include "core/store/store.h"

#include <QTest>

#include <format>
#include <utility>

using namespace postern;
using namespace postern::test;

/// `config export` and `config convert`, and that gateways run from what they write.
class tst_ConfigExportCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runningGatewayIsRunAgain_data();
    void runningGatewayIsRunAgain();
    void referencesNeedTheirVariables();
    void storeIsExportedWithoutGateway();
    void kindsAreChosen();
    void whatIsLeftOutIsTold();
    void isReadByPrograms();
    void kongIsConverted();
    void ownFileIsConvertedAndBack();
    void failuresLeaveTheFile();
};

namespace {

constexpr const char *kKey = "correct-horse-battery-9";

/// A guarded route and its consumer.
void fill(const GatewayProcess &gateway)
{
    const auto put = [&gateway](const char *path, const char *body) {
        const Answer answer = gateway.admin("PUT", path, body);
        QVERIFY2(answer.status == 201, answer.text.c_str());
    };
    put("/upstreams/77", R"({"type":"roundrobin","nodes":{"httpbin.org:80":1}})");
    put("/services/s", R"({"upstream_id":"77","plugins":{"key-auth":{}}})");
    put("/routes/guarded", R"({"uri":"/get","service_id":"s","desc":"${HOME} ${{HOME}}"})");
    put("/routes/open", R"({"uri":"/ip","upstream_id":"77"})");
    put("/consumers", R"({"username":"jack"})");
    put("/consumers/jack/credentials/one",
        R"({"plugins":{"key-auth":{"key":"correct-horse-battery-9"}}})");
    put("/secrets/vault/prod",
        R"({"uri":"http://127.0.0.1:8200","prefix":"kv","token":"root-token"})");
}

/// As the routes of fill() answer.
void decides(const GatewayProcess &gateway)
{
    QVERIFY(gateway.ready());
    const auto status = [&gateway](const char *path, const std::vector<std::string> &headers) {
        return call(gateway.port("proxy"), "GET", path, headers).status;
    };
    QCOMPARE(status("/get", {std::format("apikey: {}", kKey)}), 200);
    QCOMPARE(status("/get", {"apikey: wrong"}), 401);
    QCOMPARE(status("/get", {}), 401);
    QCOMPARE(status("/ip", {}), 200);
    QCOMPARE(status("/nothing", {}), 404);
}

} // namespace

void tst_ConfigExportCli::runningGatewayIsRunAgain_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("option");
    QTest::newRow("postern") << "postern" << "copy.yaml" << "--config";
    QTest::newRow("apisix") << "apisix" << "apisix.yaml" << "--standalone";
    QTest::newRow("apisix-json") << "apisix-json" << "apisix.json" << "--standalone";
}

void tst_ConfigExportCli::runningGatewayIsRunAgain()
{
    QFETCH(const QString, format);
    QFETCH(const QString, file);
    QFETCH(const QString, option);
    const TestFolder folder;
    const std::string path = folder.path(file.toLatin1());
    {
        const GatewayProcess gateway;
        fill(gateway);
        decides(gateway);
        const Ran ran = gateway.postern(
            {"config", "export", "--reveal", "--to", format.toStdString(), "--out", path});
        QVERIFY2(ran.exit == 0, ran.err.c_str());
        QVERIFY2(ran.err.contains("7 objects, mode 0600"), ran.err.c_str());
        QVERIFY(!ran.err.contains("left out"));
        QCOMPARE(QFile::permissions(QString::fromStdString(path))
                     & (QFileDevice::ReadGroup | QFileDevice::ReadOther),
                 QFileDevice::Permissions());
    }
    const Ran valid = runPostern({"config", "validate", path});
    QVERIFY2(valid.exit == 0, valid.out.c_str());
    const GatewayProcess again({option.toStdString(), path});
    decides(again);
    const Answer route = again.admin("GET", "/routes/guarded");
    QVERIFY2(route.text.contains("${HOME} ${{HOME}}"), route.text.c_str());
    QVERIFY(again.admin("GET", "/secrets/vault/prod").text.contains("root-token"));
}

void tst_ConfigExportCli::referencesNeedTheirVariables()
{
    const TestFolder folder;
    const std::string path = folder.path("copy.yaml");
    {
        const GatewayProcess gateway;
        fill(gateway);
        const Ran ran = gateway.postern({"config", "export", "--out", path});
        QCOMPARE(ran.exit, 0);
        QVERIFY2(ran.err.contains("the gateway that reads it needs JACK_ONE_KEY, "
                                  "SECRET_VAULT_PROD_TOKEN"),
                 ran.err.c_str());
        const Ran shown = gateway.postern({"config", "export", "-q"});
        QVERIFY(!shown.out.contains(kKey));
        QVERIFY(!shown.out.contains("root-token"));
        QVERIFY(shown.out.contains("key: \"$env://JACK_ONE_KEY\""));
        QCOMPARE(shown.err, "");
    }
    qputenv("JACK_ONE_KEY", kKey);
    const GatewayProcess again({"--config", path});
    qunsetenv("JACK_ONE_KEY");
    decides(again);
}

void tst_ConfigExportCli::storeIsExportedWithoutGateway()
{
    const TestFolder folder;
    const std::string store = "sqlite:" + folder.path("postern.db");
    const auto run = [&store](std::vector<std::string> words) {
        words.insert(words.end(), {"--store", store});
        return runPostern(words);
    };
    QCOMPARE(run({"consumer", "add", "bob"}).exit, 0);
    {
        auto opened = openStore(store, {});
        QVERIFY(opened);
        Transaction transaction;
        transaction.puts.push_back({"/postern/leases/apisix/consumers/bob", R"({"ends":1})"});
        QVERIFY((*opened)->commit(std::move(transaction)));
    }
    const Ran ran = run({"config", "export"});
    QVERIFY2(ran.exit == 0, ran.err.c_str());
    QCOMPARE(ran.out, "consumers:\n  - username: bob\n");
    QVERIFY2(ran.err.contains("/consumers/bob ends by itself in the store, not in the file"),
             ran.err.c_str());
    const Ran missing =
        runPostern({"config", "export", "--store", "sqlite:" + folder.path("no-such.db")});
    QVERIFY(missing.exit != 0);
    QVERIFY(!QFile::exists(QString::fromStdString(folder.path("no-such.db"))));
}

void tst_ConfigExportCli::kindsAreChosen()
{
    const GatewayProcess gateway;
    fill(gateway);
    const Ran ran = gateway.postern({"config", "export", "--kind", "consumers"});
    QCOMPARE(ran.exit, 0);
    QVERIFY2(ran.out.contains("credentials:") && !ran.out.contains("routes:"), ran.out.c_str());
    // what they refer to is not there, which is no fault
    const Ran routes = gateway.postern({"config", "export", "--kind", "routes", "--strict"});
    QVERIFY2(routes.exit == 0, routes.err.c_str());
    QVERIFY(routes.out.contains("service_id: s"));
    QCOMPARE(gateway.postern({"config", "export", "--kind", "houses"}).exit, 2);
}

void tst_ConfigExportCli::whatIsLeftOutIsTold()
{
    const TestFolder folder;
    const std::string uri = "sqlite:" + folder.path("postern.db");
    {
        auto store = openStore(uri, {});
        QVERIFY(store);
        Transaction transaction;
        transaction.puts = {{"/apisix/routes/lost", R"({"id":"lost","uri":"/a","service_id":"s"})"},
                            {"/apisix/consumers/bob", R"({"username":"bob"})"}};
        QVERIFY((*store)->commit(std::move(transaction)));
    }
    const Ran ran = runPostern({"config", "export", "--store", uri});
    QCOMPARE(ran.exit, 0);
    QVERIFY2(ran.err.contains("left out: /routes/lost: "), ran.err.c_str());
    QCOMPARE(ran.out, "consumers:\n  - username: bob\n");
    QCOMPARE(runPostern({"config", "export", "--strict", "--store", uri}).exit, 1);
}

void tst_ConfigExportCli::isReadByPrograms()
{
    const GatewayProcess gateway;
    fill(gateway);
    const Ran ran = gateway.postern({"config", "export", "-o", "json"});
    const auto document = parseJson(ran.out);
    QVERIFY2(document, ran.out.c_str());
    QCOMPARE(document->find("version")->asInteger(), 1);
    QCOMPARE(document->find("objects")->asInteger(), 7);
    QCOMPARE(document->find("variables")->dump(), R"(["JACK_ONE_KEY","SECRET_VAULT_PROD_TOKEN"])");
    QCOMPARE(document->find("left_out")->size(), 0U);
    QVERIFY(document->stringOr("text", "").contains("upstreams:"));
}

void tst_ConfigExportCli::kongIsConverted()
{
    const TestFolder folder;
    const std::string path = folder.write("kong.yml",
                                          "_format_version: \"3.0\"\n"
                                          "services:\n- name: a\n  url: http://x\n"
                                          "  routes: [{paths: [/a]}]\n"
                                          "consumers:\n- username: bob\n  keyauth_credentials:\n"
                                          "  - key: bobs-key-4711\n  acls: [{group: g}]\n");
    const Ran ran = runPostern({"config", "convert", path, "--reveal"});
    QVERIFY2(ran.exit == 0, ran.err.c_str());
    QVERIFY2(ran.out.contains("key: bobs-key-4711"), ran.out.c_str());
    for (const char *const told : {"left out: 1 services", "left out: 1 routes",
                                   "left out: groups and plugins of consumer bob"})
        QVERIFY2(ran.err.contains(told), ran.err.c_str());
    QVERIFY(!runPostern({"config", "convert", path}).out.contains("4711"));
    QCOMPARE(runPostern({"config", "convert", path, "--strict"}).exit, 1);
}

void tst_ConfigExportCli::ownFileIsConvertedAndBack()
{
    const TestFolder folder;
    const std::string own = folder.write("gateway.yaml",
                                         "upstreams:\n- id: u\n  type: roundrobin\n"
                                         "  nodes: {\"httpbin.org:80\": 1}\n"
                                         "routes:\n- id: r\n  uri: /get\n  upstream_id: u\n"
                                         "consumers:\n- username: jack\n  credentials:\n"
                                         "  - id: one\n    plugins: {key-auth: {key: k-4711}}\n");
    const std::string standalone = folder.path("converted.yaml");
    QCOMPARE(
        runPostern({"config", "convert", own, "--to", "apisix", "--reveal", "--out", standalone})
            .exit,
        0);
    const Ran direct = runPostern({"config", "convert", own, "--reveal"});
    // by its end mark, whatever its name
    const Ran back = runPostern({"config", "convert", standalone, "--reveal"});
    QVERIFY2(back.exit == 0, back.err.c_str());
    QCOMPARE(back.out, direct.out);
    QVERIFY(back.out.contains("k-4711"));
}

void tst_ConfigExportCli::failuresLeaveTheFile()
{
    const TestFolder folder;
    const Ran nowhere = runPostern({"config", "convert", folder.write("a.yaml", "routes: []\n"),
                                    "--out", folder.path("no-such-folder/b.yaml")});
    QVERIFY2(nowhere.exit != 0 && nowhere.err.contains("no-such-folder/b.yaml"),
             nowhere.err.c_str());
    const std::string old = folder.write("old.yaml", "old\n");
    const Ran invalid =
        runPostern({"config", "convert", folder.write("bad.yaml", "routes: 7\n"), "--out", old});
    QCOMPARE(invalid.exit, 3);
    QFile file(QString::fromStdString(old));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "old\n");
}

QTEST_GUILESS_MAIN(tst_ConfigExportCli)
#include "tst_config_export_cli.moc"
