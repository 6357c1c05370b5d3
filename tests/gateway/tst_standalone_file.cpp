// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/store/memory_store.h"
#include "gateway/control/client.h"
#include "gateway/standalone/file.h"
#include "tests/support/gateway_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <map>
#include <set>

#include <sys/stat.h>
#include <unistd.h>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

namespace {

/// A route that answers by itself.
std::string mock(std::string_view id, std::string_view uri, std::string_view body)
{
    return std::format("- id: {}\n  uri: {}\n  plugins:\n    mocking: {{response_example: {}, "
                       "content_type: text/plain, with_mock_header: false}}\n",
                       id, uri, body);
}

std::string oneRoute(std::string_view body)
{
    return "routes:\n" + mock("r1", "/r", body) + "#END\n";
}

} // namespace

/// apisix.md 6.1: a gateway whose configuration is a file.
class tst_StandaloneFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void items_data();
    void items();
    void endMark_data();
    void endMark();
    void variables_data();
    void variables();
    void hostileFilesAreRefused_data();
    void hostileFilesAreRefused();
    void hugeFilesAreRefusedOrRead();
    void startsWithWhatTheFileSays();
    void doesNotStartWithAFileThatCannotBeUsed_data();
    void doesNotStartWithAFileThatCannotBeUsed();
    void waitsForAFileThatIsBeingWritten();
    void followsTheFile();
    void keepsTheOldVersion_data();
    void keepsTheOldVersion();
    void modifiedIndexHoldsAnItemBack();
    void seesVersionsOfOneClockTick();
    void tellsWhatItLeftOut();
    void theAdminApiOnlyReads();
    void nothingIsEncrypted();
    void offersThePluginsOfItsList();

private:
    std::string path(const char *name = "apisix.yaml") const
    {
        return m_folder->filePath(QString::fromUtf8(name)).toStdString();
    }
    void write(std::string_view text, const char *name = "apisix.yaml") const
    {
        std::ofstream(path(name), std::ios::binary | std::ios::trunc) << text;
    }
    void start(GatewayFixture &gateway, const char *name = "apisix.yaml") const
    {
        gateway.options.store = "file:" + path(name);
        gateway.options.standalonePoll = std::chrono::milliseconds(10);
        QVERIFY(gateway.start());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_StandaloneFile::init() { m_folder = std::make_unique<QTemporaryDir>(); }

void tst_StandaloneFile::items_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArrayList>("keys");
    QTest::addColumn<QByteArrayList>("faults"); // "line:column text"

    const auto row = [](const char *name, QByteArray text, const QByteArrayList &keys,
                        const QByteArrayList &faults = {}) {
        QTest::newRow(name) << text + "#END\n" << keys << faults;
    };
    const QByteArray upstream = "upstream: {nodes: {\"127.0.0.1:1\": 1}}";
    row("6.1 nothing", "", {});
    row("6.1 lists may be empty", "routes: []\nservices:\n", {});
    row("6.1 routes", "routes:\n- {id: r1, uri: /a, " + upstream + "}\n", {"/apisix/routes/r1"});
    row("6.1 services", "services:\n- {id: s1, " + upstream + "}\n", {"/apisix/services/s1"});
    row("6.1 upstreams", "upstreams:\n- {id: 1, nodes: {\"127.0.0.1:1\": 1}}\n",
        {"/apisix/upstreams/1"});
    row("6.1 consumer_groups", "consumer_groups:\n- {id: g, plugins: {}}\n",
        {"/apisix/consumer_groups/g"});
    row("6.1 plugin_configs", "plugin_configs:\n- {id: p, plugins: {}}\n",
        {"/apisix/plugin_configs/p"});
    row("6.1 global_rules", "global_rules:\n- {id: 1, plugins: {echo: {body: x}}}\n",
        {"/apisix/global_rules/1"});
    row("6.1 plugin_metadata", "plugin_metadata:\n- {id: key-auth, note: 1}\n",
        {"/apisix/plugin_metadata/key-auth"});
    row("6.1 plugin_metadata of an unknown plugin", "plugin_metadata:\n- {id: nonsense}\n", {},
        {"2:3 invalid plugin name"});
    row("6.1 protos", "protos:\n- {id: 1, content: 'syntax = \"proto3\";'}\n",
        {"/apisix/protos/1"});
    row("6.1 secrets",
        "secrets:\n- {id: vault/1, uri: 'http://127.0.0.1:8200', prefix: kv/apisix, token: root}\n",
        {"/apisix/secrets/vault/1"});
    row("6.1 secrets are checked", "secrets:\n- {id: vault/1, uri: x, prefix: p, token: t}\n", {},
        {"2:22 invalid configuration: property \"uri\" validation failed: failed to match pattern "
         "\"^[^\\\\/]+:\\\\/\\\\/([\\\\da-zA-Z.-]+|\\\\[[\\\\da-fA-F:]+\\\\])(:\\\\d+)?\" with "
         "\"x\""});
    row("6.1 ssls are checked", "ssls:\n- {id: 1, sni: a.example, cert: x, key: y}\n", {},
        {"2:33 invalid configuration: property \"cert\" validation failed: string too short, "
         "expected at least 128, got 1"});
    row("6.1 a secret has its manager in its id", "secrets:\n- {id: one, uri: 'http://x'}\n", {},
        {"2:3 invalid secret id: one"});
    row("6.1 references are not looked at",
        "routes:\n- {id: 1, uri: /a, service_id: none, upstream_id: none}\n", {"/apisix/routes/1"});
    row("6.1 consumers by user name",
        "consumers:\n- {username: jack, plugins: {key-auth: {key: k}}}\n",
        {"/apisix/consumers/jack"});
    row("6.1 without id: arr_<n>",
        "routes:\n- {uri: /a, " + upstream + "}\n- {uri: /b, " + upstream + "}\n",
        {"/apisix/routes/arr_1", "/apisix/routes/arr_2"});
    row("6.1 numbers are ids", "routes:\n- {id: 17, uri: /a, " + upstream + "}\n",
        {"/apisix/routes/17"});
    row("6.1 an invalid item is skipped alone",
        "routes:\n- {id: r1, uri: /a, " + upstream + "}\n- {id: r2, uri: 7, " + upstream
            + "}\n- {id: r3, uri: /c, " + upstream + "}\n",
        {"/apisix/routes/r1", "/apisix/routes/r3"},
        {"3:17 invalid configuration: property \"uri\" validation failed: wrong type: expected "
         "string, got number"});
    row("6.1 an unknown plugin invalidates the item",
        "routes:\n- id: r1\n  uri: /a\n  plugins:\n    echo: {body: x}\n    nonsense: {}\n", {},
        {"6:15 unknown plugin [nonsense]"});
    row("6.1 a plugin's configuration is checked",
        "routes:\n- id: r1\n  uri: /a\n  plugins:\n    limit-count:\n      count: -1\n      "
        "time_window: 1\n",
        {},
        {"6:14 failed to check the configuration of plugin limit-count err: property \"count\" "
         "validation failed: value should match only one schema, but matches none"});
    row("6.1 an item is an object", "routes:\n- text\n", {},
        {"2:3 invalid configuration: wrong type: expected object, got string"});
    row("6.1 a list is a list", "routes: 7\n", {}, {"1:9 routes is a list of items"});
    row("6.1 a bad id", "routes:\n- {id: 'a b', uri: /a, " + upstream + "}\n", {},
        {"2:8 invalid configuration: property \"id\" validation failed: object matches none of the "
         "required"});
    row("6.1 the same id twice",
        "routes:\n- {id: r1, uri: /a, " + upstream + "}\n- {id: r1, uri: /b, " + upstream + "}\n",
        {"/apisix/routes/r1"}, {"3:3 found duplicate id r1 in routes"});
    row("6.1 the same user name twice", "consumers:\n- username: u\n- username: u\n",
        {"/apisix/consumers/u"}, {"3:3 found duplicate username u in consumers"});
    row("6.1 a consumer may say its user name as its id, too",
        "consumers:\n- id: rose/credentials/c1\n  plugins: {key-auth: {key: k}}\n- id: rose\n"
        "  username: rose\n",
        {"/apisix/consumers/rose", "/apisix/consumers/rose/credentials/c1"});
    row("6.1 a consumer has no other id", "consumers:\n- id: r\n  username: rose\n", {},
        {"2:7 invalid configuration: additional properties forbidden, found id"});
    row("6.1 modifiedIndex", "routes:\n- {id: r1, modifiedIndex: 3, uri: /a, " + upstream + "}\n",
        {"/apisix/routes/r1"});
    row("6.1 modifiedIndex is an integer",
        "routes:\n- {id: r1, modifiedIndex: x, uri: /a, " + upstream + "}\n", {},
        {"2:27 invalid configuration: property \"modifiedIndex\" validation failed: wrong type: "
         "expected integer, got string"});
    row("6.1 credentials among the consumers",
        "consumers:\n- username: jack\n- id: jack/credentials/c1\n  plugins: {key-auth: {key: "
        "k}}\n",
        {"/apisix/consumers/jack", "/apisix/consumers/jack/credentials/c1"});
    row("6.1 a credential may come first",
        "consumers:\n- id: jack/credentials/c1\n  plugins: {key-auth: {key: k}}\n- username: "
        "jack\n",
        {"/apisix/consumers/jack", "/apisix/consumers/jack/credentials/c1"});
    row("6.1 the same credential twice",
        "consumers:\n- id: jack/credentials/c1\n- id: jack/credentials/c1\n",
        {"/apisix/consumers/jack/credentials/c1"},
        {"3:3 found duplicate credential id jack/credentials/c1 in consumers"});
    row("6.1 a credential's id has 15 characters", "consumers:\n- id: j/credentials/\n", {},
        {"2:7 invalid configuration: property \"id\" validation failed: string too short, expected "
         "at least 15, got 14"});
    row("6.1 a credential's id has 128 characters",
        "consumers:\n- id: jack/credentials/" + QByteArray(112, 'x') + "\n", {},
        {"2:7 invalid configuration: property \"id\" validation failed: string too long, expected "
         "at most 128, got 129"});
    row("6.1 a credential's id has a pattern", "consumers:\n- id: j ck/credentials/c1\n", {},
        {"2:7 invalid configuration: property \"id\" validation failed: failed to match pattern "
         "\"^[a-zA-Z0-9-_]+/credentials/[a-zA-Z0-9-_.]+$\" with \"j ck/credentials/c1\""});
    row("6.1 a credential has one plugin at most",
        "consumers:\n- id: jack/credentials/c1\n  plugins: {key-auth: {key: k}, basic-auth: "
        "{username: u, password: p}}\n",
        {},
        {"3:12 invalid configuration: property \"plugins\" validation failed: expect object to "
         "have "
         "at most 1 properties"});
    row("6.1 a credential's plugin is for logins",
        "consumers:\n- id: jack/credentials/c1\n  plugins: {echo: {body: x}}\n", {},
        {"2:3 only supports auth type plugins in consumer credential"});
    row("6.1 key-auth: without a value is {}",
        "routes:\n- id: r1\n  uri: /a\n  plugins:\n    key-auth:\n", {"/apisix/routes/r1"});
    row("6.1 plugins: without a value is {}",
        "routes:\n- id: r1\n  uri: /a\n  plugins:\n  service_id: 1\n", {"/apisix/routes/r1"});
    row("6.1 stream_routes", "stream_routes:\n- {id: 1, server_port: 1}\n", {},
        {"2:3 stream mode is disabled, can not add stream routes"});
    row("6.1 plugins enables",
        "plugins:\n- name: echo\nroutes:\n- {id: r1, uri: /a, plugins: {echo: {body: x}}}\n",
        {"/apisix/routes/r1"});
    row("6.1 plugins leaves out",
        "plugins:\n- name: echo\n- {name: mqtt-proxy, stream: true}\nroutes:\n- {id: r1, uri: /a, "
        "plugins: {key-auth: {}}}\n",
        {}, {"5:41 unknown plugin [key-auth]"});
    row("4.7 members of a limit-count group agree",
        "routes:\n"
        "- {id: a, uri: /a, plugins: {limit-count: {group: g, count: 1, time_window: 9}}}\n"
        "- {id: b, uri: /b, plugins: {limit-count: {group: g, count: 2, time_window: 9}}}\n"
        "- {id: c, uri: /c, plugins: {limit-count: {count: 1, group: g, time_window: 9}}}\n",
        {"/apisix/routes/a", "/apisix/routes/c"},
        {"3:43 failed to check the configuration of plugin limit-count err: group conf "
         "mismatched"});
    row("6.1 plugins has a schema", "plugins:\n- echo\n", {},
        {"2:1 invalid configuration: failed to validate item 1: wrong type: expected object, got "
         "string"});
    row("6.1 members that are no list of items do not matter", "x-note: 1\n", {});
    row("CRLF", QByteArray("routes:\r\n- {id: r1, uri: /a, " + upstream + "}\r\n"),
        {"/apisix/routes/r1"});
    row("6.1 arr_<n> may be taken",
        "routes:\n- {uri: /a, " + upstream + "}\n- {id: arr_1, uri: /b, " + upstream + "}\n",
        {"/apisix/routes/arr_1"}, {"3:3 found duplicate id arr_1 in routes"});
    row("a text may end as the file does",
        "routes:\n- {id: r1, uri: /a, " + upstream + "}\nx-note: \"the mark is #END\"\n",
        {"/apisix/routes/r1"});
    row("anchors",
        "x-up: &up {nodes: {\"127.0.0.1:1\": 1}}\nroutes:\n- {id: r1, uri: /a, upstream: *up}\n",
        {"/apisix/routes/r1"});
    row("${NAME} is text", "routes:\n- {id: r1, uri: /a, desc: \"${HOME}\", " + upstream + "}\n",
        {"/apisix/routes/r1"});
}

void tst_StandaloneFile::items()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArrayList, keys);
    QFETCH(QByteArrayList, faults);

    write(text.toStdString());
    Clock clock;
    ConfigService config(std::make_unique<MemoryStore>(), {}, clock,
                         [](const std::shared_ptr<const Snapshot> &) {});
    StandaloneFile file(config, path());
    const auto loaded = file.load();
    QVERIFY2(loaded, loaded ? "" : describe(loaded.error()).c_str());
    QVERIFY(file.loaded());
    QByteArrayList stored;
    const auto documents = config.store().list("/");
    for (const Document &document : *documents)
        stored.append(QByteArray::fromStdString(document.key));
    QCOMPARE(stored, keys);
    QByteArrayList told;
    for (const CompileProblem &problem : config.problems()) {
        if (problem.error.where.starts_with(path()))
            told.append(QByteArray::fromStdString(problem.error.where.substr(path().size() + 1)
                                                  + " " + problem.error.detail));
    }
    QCOMPARE(told, faults);
}

void tst_StandaloneFile::endMark_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("complete");
    QTest::newRow("6.1 #END at the end") << QByteArray("routes: []\n#END") << true;
    QTest::newRow("6.1 white space behind it") << QByteArray("routes: []\n#END \r\n\t\n") << true;
    QTest::newRow("6.1 none") << QByteArray("routes: []\n") << false;
    QTest::newRow("6.1 empty") << QByteArray() << false;
    QTest::newRow("6.1 only that") << QByteArray("#END") << true;
    QTest::newRow("6.1 text behind it") << QByteArray("#END\nx: 1") << false;
    QTest::newRow("6.1 further than ten octets from the end")
        << QByteArray("#END" + QByteArray(7, '\n')) << false;
    QTest::newRow("6.1 within ten octets") << QByteArray("#END" + QByteArray(6, '\n')) << true;
    QTest::newRow("6.1 cut") << QByteArray("routes: []\n#EN") << false;
    QTest::newRow("6.1 in lower case") << QByteArray("#end\n") << false;
}

void tst_StandaloneFile::endMark()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, complete);
    QCOMPARE(hasEndMark(std::string_view(text.data(), static_cast<std::size_t>(text.size()))),
             complete);
}

void tst_StandaloneFile::variables_data()
{
    QTest::addColumn<bool>("json");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected"); // JSON, or "line:column text"
    const auto yaml = [](const char *name, const char *text, const char *expected) {
        QTest::newRow(name) << false << QByteArray(text) << QByteArray(expected);
    };
    const auto json = [](const char *name, const char *text, const char *expected) {
        QTest::newRow(name) << true << QByteArray(text) << QByteArray(expected);
    };
    yaml("6.1 YAML", "a: ${{WORD}}", R"({"a":"hello"})");
    yaml("6.1 YAML inside of text", "a: x-${{WORD}}-${{WORD}}", R"({"a":"x-hello-hello"})");
    yaml("6.1 YAML without quotes: a number", "a: ${{NUMBER}}", R"({"a":17})");
    yaml("6.1 YAML in quotes: text", "a: \"${{NUMBER}}\"", R"({"a":"17"})");
    yaml("6.1 YAML without quotes: a boolean", "a: ${{YES}}", R"({"a":true})");
    yaml("6.1 YAML blanks inside", "a: ${{ WORD }}", R"({"a":"hello"})");
    yaml("6.1 YAML default", "a: ${{NONE:=spare}}", R"({"a":"spare"})");
    yaml("6.1 YAML default, but it is set", "a: ${{WORD:=spare}}", R"({"a":"hello"})");
    yaml("6.1 YAML empty default", "a: \"${{NONE:=}}\"", R"({"a":""})");
    yaml("6.1 YAML default with a colon", "a: ${{NONE:=http://x}}", R"({"a":"http://x"})");
    yaml("6.1 YAML names", "${{WORD}}: 1", R"({"hello":1})");
    yaml("6.1 YAML structure", "a: ${{LIST}}", R"({"a":[1,2]})");
    yaml("6.1 YAML not set", "a: 1\nb: ${{NONE}}",
         "2:4 failed to handle configuration: can't find environment variable NONE");
    yaml("6.1 YAML no name", "a: '${{}} ${{-}} ${{'", R"({"a":"${{}} ${{-}} ${{"})");
    yaml("6.1 YAML JSON", "{\"a\": ${{NUMBER}}}\n#END", R"({"a":17})");
    json("6.1 JSON", R"({"a":"${{WORD}}"})", R"({"a":"hello"})");
    json("6.1 JSON a number", R"({"a":"${{NUMBER}}"})", R"({"a":17})");
    json("6.1 JSON a boolean", R"({"a":"${{YES}}"})", R"({"a":true})");
    json("6.1 JSON text with a number", R"({"a":"n${{NUMBER}}"})", R"({"a":"n17"})");
    json("6.1 JSON plain numbers in quotes stay text", R"({"a":"17"})", R"({"a":"17"})");
    json("6.1 JSON after parsing", R"({"a":"${{LIST}}"})", R"({"a":"[1, 2]"})");
    json("6.1 JSON names", R"({"x${{NUMBER}}":{"y":["${{WORD}}"]}})", R"({"x17":{"y":["hello"]}})");
    json("6.1 JSON default", R"({"a":"${{NONE:=1.5}}"})", R"({"a":1.5})");
    json("6.1 JSON not set", "{\"a\":1,\n \"b\":\"${{NONE}}\"}",
         "2:7 failed to handle configuration: can't find environment variable NONE");
}

void tst_StandaloneFile::variables()
{
    QFETCH(bool, json);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    const std::map<std::string, std::string> set{
        {"WORD", "hello"}, {"NUMBER", "17"}, {"YES", "true"}, {"LIST", "[1, 2]"}};
    const auto document = parseStandalone(
        text.toStdString(), "f", json ? StandaloneSyntax::Json : StandaloneSyntax::Yaml,
        [&set](const std::string &name) {
            const auto found = set.find(name);
            return found == set.end() ? std::nullopt : std::optional(found->second);
        });
    const std::string told = document
        ? document->root.dump()
        : document.error().where.substr(2) + " " + document.error().detail;
    QCOMPARE(QByteArray::fromStdString(told), expected);
}

void tst_StandaloneFile::hostileFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("told"); // part of it
    const auto row = [](const char *name, const QByteArray &text, const char *told) {
        QTest::newRow(name) << text << QByteArray("apisix.yaml") << QByteArray(told);
    };
    QByteArray garbage;
    for (int i = 0; i < 4096; ++i)
        garbage += static_cast<char>((i * 197 + 31) & 0xff);
    row("binary garbage", garbage + "\n#END\n", ":");
    row("NUL octets", QByteArray("routes:\n- \0\0\0\n#END\n", 19), ":");
    row("not UTF-8", "routes:\n- {id: \"\xff\xfe\"}\n#END\n", ":");
    row("a name that is not UTF-8", "\"\xc0\xaf\": 1\n#END\n", "UTF-8");
    row("the same name twice", "routes: []\nroutes: []\n#END\n", "is there twice");
    row("nested too deep", "a: " + QByteArray(10'000, '[') + "\n#END\n", ":1:");
    row("nested too deep in blocks", QByteArray("- ").repeated(5'000) + "x\n#END\n", "deeper");
    QByteArray bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
    for (char c = 'b'; c < 'k'; ++c) {
        const QByteArray last(1, static_cast<char>(c - 1));
        bomb += QByteArray(1, c) + ": &" + c + " [" + ("*" + last + ",").repeated(9) + "*" + last
            + "]\n";
    }
    row("aliases that multiply", bomb + "#END\n", "aliases expand");
    row("an alias inside its own anchor", "a: &a [*a]\n#END\n", ":");
    row("a list instead of a mapping", "- 1\n#END\n", "mapping");
    row("text", "hello\n#END\n", "mapping");
    row("two documents", "a: 1\n---\nb: 1\n#END\n", "one YAML document");
    row("unknown tag", "a: !python/object x\n#END\n", "unknown tag");
    row("a quote that is not closed", "a: \"x\n#END\n", "the quote is not closed");
    row("tab", "routes:\n\t- x\n#END\n", ":");
    QTest::newRow("JSON that is none")
        << QByteArray("{\"routes\":[}") << QByteArray("apisix.json") << QByteArray(":1:");
    QTest::newRow("JSON with a name twice")
        << QByteArray(R"({"a":1,"a":2})") << QByteArray("apisix.json") << QByteArray(":1:");
    QTest::newRow("JSON empty") << QByteArray() << QByteArray("apisix.json") << QByteArray(":1:1");
    QTest::newRow("JSON nested too deep")
        << QByteArray(10'000, '[') << QByteArray("apisix.json") << QByteArray("nested");
    QTest::newRow("JSON not UTF-8")
        << QByteArray("{\"a\":\"\xff\"}") << QByteArray("apisix.json") << QByteArray("UTF-8");
    QTest::newRow("JSON list") << QByteArray("[]") << QByteArray("apisix.json")
                               << QByteArray("mapping");
}

void tst_StandaloneFile::hostileFilesAreRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, told);
    write({text.data(), static_cast<std::size_t>(text.size())}, name.constData());
    Clock clock;
    ConfigService config(std::make_unique<MemoryStore>(), {}, clock,
                         [](const std::shared_ptr<const Snapshot> &) {});
    const auto checked = checkStandaloneFile(config, path(name.constData()));
    QVERIFY(!checked);
    QCOMPARE(checked.error().code, Errc::Config);
    QVERIFY(checked.error().where.starts_with(path(name.constData())));
    QVERIFY2(describe(checked.error()).contains(told.toStdString()),
             describe(checked.error()).c_str());
    QVERIFY(config.store().list("/").value().empty());
}

void tst_StandaloneFile::hugeFilesAreRefusedOrRead()
{
    constexpr std::size_t kHuge = 100U * 1024 * 1024;
    Clock clock;
    ConfigService config(std::make_unique<MemoryStore>(), {}, clock,
                         [](const std::shared_ptr<const Snapshot> &) {});
    write("a: 1\n" + std::string(kHuge, ' ') + "\n#END\n");
    const auto yaml = checkStandaloneFile(config, path());
    QVERIFY(!yaml);
    QVERIFY(yaml.error().detail.contains("longer than 32 MiB"));
    write("{" + std::string(kHuge, ' ') + "\"routes\":[{\"uri\":7}]}", "apisix.json");
    const auto json = checkStandaloneFile(config, path("apisix.json"));
    QVERIFY2(json, json ? "" : describe(json.error()).c_str());
    QCOMPARE(json->faults.size(), std::size_t{1});
    QVERIFY(json->faults[0].where.ends_with("/routes/0/uri"));
}

void tst_StandaloneFile::startsWithWhatTheFileSays()
{
    write(oneRoute("one"));
    GatewayFixture gateway;
    start(gateway);
    QCOMPARE(gateway.get("/r").body, std::string("one"));
    QCOMPARE(gateway.get("/other").status(), 404);
    // JSON is the same without the mark.
    write(R"({"routes":[{"uri":"/r","plugins":{"mocking":{"response_example":"json"}}}]})",
          "apisix.json");
    GatewayFixture other;
    start(other, "apisix.json");
    QCOMPARE(other.get("/r").body, std::string("json"));
}

void tst_StandaloneFile::doesNotStartWithAFileThatCannotBeUsed_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("code");
    QTest::newRow("not there") << QByteArray("none.yaml") << int(Errc::NotFound);
    QTest::newRow("a folder") << QByteArray("folder") << int(Errc::Io);
    QTest::newRow("a pipe") << QByteArray("pipe") << int(Errc::Io);
    QTest::newRow("not YAML") << QByteArray("broken.yaml") << int(Errc::Config);
}

void tst_StandaloneFile::doesNotStartWithAFileThatCannotBeUsed()
{
    QFETCH(QByteArray, name);
    QFETCH(int, code);
    std::filesystem::create_directory(path("folder"));
    QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
    write("a: [\n#END\n", "broken.yaml");
    GatewayFixture gateway;
    gateway.options.store = "file:" + path(name.constData());
    const auto started = Gateway::start(gateway.options);
    QVERIFY(!started);
    QCOMPARE(int(started.error().code), code);
    QVERIFY(started.error().where.starts_with(path(name.constData())));
}

void tst_StandaloneFile::waitsForAFileThatIsBeingWritten()
{
    write("routes:\n");
    GatewayFixture gateway;
    start(gateway);
    QCOMPARE(gateway.get("/r").status(), 404);
    write(oneRoute("late"));
    QTRY_COMPARE_WITH_TIMEOUT(gateway.get("/r").body, std::string("late"), 20'000);
}

void tst_StandaloneFile::followsTheFile()
{
    write(oneRoute("one"));
    GatewayFixture gateway;
    start(gateway);
    QCOMPARE(gateway.get("/r").body, std::string("one"));
    // written in place
    write("routes:\n" + mock("r1", "/r", "two") + mock("r2", "/s", "new") + "#END\n");
    QTRY_COMPARE_WITH_TIMEOUT(gateway.get("/r").body, std::string("two"), 20'000);
    QCOMPARE(gateway.get("/s").body, std::string("new")); // one step, not item by item
    // renamed over
    write(oneRoute("three"), "next.yaml");
    std::filesystem::rename(path("next.yaml"), path());
    QTRY_COMPARE_WITH_TIMEOUT(gateway.get("/r").body, std::string("three"), 20'000);
    QCOMPARE(gateway.get("/s").status(), 404); // what is gone from the file is gone
    // a link that is set anew, as Kubernetes does it
    write(oneRoute("four"), "fourth.yaml");
    std::filesystem::create_symlink(path("fourth.yaml"), path("link"));
    std::filesystem::rename(path("link"), path());
    QTRY_COMPARE_WITH_TIMEOUT(gateway.get("/r").body, std::string("four"), 20'000);
    // nothing in it
    write("#END\n", "fourth.yaml");
    QTRY_COMPARE_WITH_TIMEOUT(gateway.get("/r").status(), 404, 20'000);
}

void tst_StandaloneFile::keepsTheOldVersion_data()
{
    QTest::addColumn<QByteArray>("text"); // null: other means
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("6.1 without end mark")
        << QByteArray("routes: []\n") << QByteArray("missing valid end flag in file");
    QTest::newRow("6.1 broken YAML") << QByteArray("routes: [\n#END\n") << QByteArray("YAML");
    QTest::newRow("6.1 a variable that is not set")
        << QByteArray("routes: ${{POSTERN_NOT_SET}}\n#END\n")
        << QByteArray("can't find environment variable POSTERN_NOT_SET");
    QTest::newRow("empty") << QByteArray("") << QByteArray("missing valid end flag");
    QTest::newRow("removed") << QByteArray() << QByteArray("No such file");
    QTest::newRow("a folder instead") << QByteArray() << QByteArray("not a regular file");
    QTest::newRow("not readable") << QByteArray() << QByteArray("Permission denied");
}

void tst_StandaloneFile::keepsTheOldVersion()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, told);
    if (told.startsWith("Permission") && ::geteuid() == 0)
        QSKIP("root reads everything");
    write(oneRoute("old"));
    Clock clock;
    ConfigService config(std::make_unique<MemoryStore>(), {}, clock,
                         [](const std::shared_ptr<const Snapshot> &) {});
    StandaloneFile file(config, path());
    QVERIFY(file.load());
    QCOMPARE(config.problems().size(), std::size_t{0});
    const auto revision = config.store().revision().value();

    if (!text.isNull()) {
        write(text.toStdString());
    } else if (told.startsWith("Permission")) {
        ::chmod(path().c_str(), 0);
    } else {
        std::filesystem::remove(path());
        if (told.startsWith("not a"))
            std::filesystem::create_directory(path());
    }
    for (int i = 0; i < 3; ++i)
        file.poll();
    QCOMPARE(config.store().revision().value(), revision);
    QCOMPARE(config.store().list("/").value().size(), std::size_t{1});
    QCOMPARE(config.problems().size(), std::size_t{1});
    QCOMPARE(config.problems()[0].key, std::string("apisix.yaml"));
    QVERIFY2(describe(config.problems()[0].error).contains(told.toStdString()),
             describe(config.problems()[0].error).c_str());

    // The next good version is taken, and the problem is over.
    std::filesystem::remove_all(path());
    write("routes:\n" + mock("r2", "/s", "new") + "#END\n");
    file.poll();
    QCOMPARE(config.problems().size(), std::size_t{0});
    QCOMPARE(config.store().list("/").value()[0].key, std::string("/apisix/routes/r2"));
}

void tst_StandaloneFile::modifiedIndexHoldsAnItemBack()
{
    const auto version = [](int index, std::string_view body) {
        return std::format("routes:\n{}  modifiedIndex: {}\n#END\n", mock("r1", "/r", body), index);
    };
    write(version(1, "one"));
    Clock clock;
    ConfigService config(std::make_unique<MemoryStore>(), {}, clock,
                         [](const std::shared_ptr<const Snapshot> &) {});
    StandaloneFile file(config, path());
    QVERIFY(file.load());
    const auto stored = [&config] {
        return config.store().get("/apisix/routes/r1").value()->value;
    };
    QVERIFY(stored().contains("one"));
    QVERIFY(!stored().contains("modifiedIndex"));
    write(version(1, "another"));
    file.poll();
    QVERIFY(stored().contains("one"));
    write(version(2, "another"));
    file.poll();
    QVERIFY(stored().contains("another"));
}

void tst_StandaloneFile::seesVersionsOfOneClockTick()
{
    const auto version = [](int n) {
        return std::format("routes:\n{}#END\n", mock("r1", "/r", std::format("body-{:03}", n)));
    };
    write(version(0));
    Clock clock;
    ConfigService config(std::make_unique<MemoryStore>(), {}, clock,
                         [](const std::shared_ptr<const Snapshot> &) {});
    StandaloneFile file(config, path());
    QVERIFY(file.load());
    for (int n = 1; n <= 50; ++n) {
        write(version(n)); // in place, of the same length, often within the same tick
        file.poll();
        const auto stored = config.store().get("/apisix/routes/r1").value()->value;
        QVERIFY2(stored.contains(std::format("body-{:03}", n)), stored.c_str());
    }
}

void tst_StandaloneFile::tellsWhatItLeftOut()
{
    write("routes:\n- {id: bad, uri: /bad, plugins: {nonsense: {}}}\n#END\n");
    GatewayFixture gateway;
    start(gateway);
    QCOMPARE(gateway.get("/bad").status(), 404);
    const auto ask = [&gateway](const char *target) {
        const auto address = parseServerAddress(gateway.gateway().addresses().controlUri());
        const auto answer = ControlClient(*address).send({"GET", target, {}, {}});
        return answer ? answer->body : describe(answer.error());
    };
    const std::string problems = ask("/v1/problems");
    QVERIFY2(problems.contains("/apisix/routes/bad"), problems.c_str());
    QVERIFY2(problems.contains("unknown plugin [nonsense]"), problems.c_str());
    QVERIFY2(problems.contains("apisix.yaml:2:"), problems.c_str());
    const std::string trace = ask("/v1/traces/last");
    QVERIFY2(trace.contains("was left out: unknown plugin [nonsense]"), trace.c_str());
    write(oneRoute("good"));
    QTRY_COMPARE_WITH_TIMEOUT(gateway.get("/r").body, std::string("good"), 20'000);
    QVERIFY(!ask("/v1/problems").contains("nonsense"));
}

void tst_StandaloneFile::theAdminApiOnlyReads()
{
    write(oneRoute("one"));
    GatewayFixture gateway;
    start(gateway);
    QCOMPARE(gateway.admin("GET", "/routes/r1").status(), 200);
    for (const char *method : {"PUT", "POST", "PATCH", "DELETE"}) {
        const RawMessage answer = gateway.admin(method, "/routes/r1", R"({"uri":"/x"})");
        QCOMPARE(answer.status(), 405);
        QVERIFY(answer.body.contains("standalone file"));
    }
    QCOMPARE(gateway.get("/r").body, std::string("one"));
}

// 1.14: a secret that looks as the Admin API would store "auth-one" is the secret itself.
void tst_StandaloneFile::nothingIsEncrypted()
{
    write("consumers:\n- username: jack\n"
          "  plugins: {key-auth: {key: 4y+JvURBE6ZwRbbgaryrhg==}}\n"
          "routes:\n- id: r1\n  uri: /r\n"
          "  plugins: {key-auth: {}, mocking: {response_example: ok}}\n#END\n");
    GatewayFixture gateway;
    start(gateway);
    const auto status = [&gateway](std::string_view key) {
        return gateway
            .ask(std::format("GET /r HTTP/1.1\r\nHost: a.example\r\napikey: {}\r\n\r\n", key))
            .status();
    };
    QCOMPARE(status("auth-one"), 401);
    QCOMPARE(status("4y+JvURBE6ZwRbbgaryrhg=="), 200);
}

// 6.1 plugins: what is not in the list is not there, for those who ask either.
void tst_StandaloneFile::offersThePluginsOfItsList()
{
    constexpr std::string_view kList = "plugins:\n- name: mocking\n- {name: key-auth}\n"
                                       "- {name: echo, stream: true}\n";
    write(std::string(kList) + oneRoute("one"));
    GatewayFixture gateway;
    gateway.options.controlApisix = Endpoint{"127.0.0.1", 0};
    start(gateway);
    const auto schemas = [&gateway] {
        const auto address = parseServerAddress(gateway.gateway().addresses().controlApisixUrl());
        const auto answer = ControlClient(*address).send({"GET", "/v1/schema", {}, {}});
        const auto schema = answer ? parseJson(answer->body) : std::unexpected(answer.error());
        const Json *plugins = schema ? schema->find("plugins") : nullptr;
        std::set<std::string> names;
        if (plugins) {
            for (const auto &[name, about] : plugins->members())
                names.insert(name);
        }
        return names;
    };
    QCOMPARE(schemas(), (std::set<std::string>{"key-auth", "mocking"}));
    QCOMPARE(gateway.admin("GET", "/plugins/list").body,
             std::string("[\"mocking\",\"key-auth\"]\n"));
    QCOMPARE(gateway.admin("GET", "/plugins/mocking").status(), 200);
    QCOMPARE(gateway.admin("GET", "/plugins/echo").status(), 404);
    QCOMPARE(gateway.get("/r").body, std::string("one"));
    write(oneRoute("two"));
    QTRY_COMPARE_WITH_TIMEOUT(gateway.get("/r").body, std::string("two"), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(schemas().contains("echo"), 20'000);
    QCOMPARE(gateway.admin("GET", "/plugins/echo").status(), 200);
}

QTEST_GUILESS_MAIN(tst_StandaloneFile)
#include "tst_standalone_file.moc"
