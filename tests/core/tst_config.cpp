// SPDX-License-Identifier: Apache-2.0
#include "core/config/config.h"

#include <QTemporaryDir>
#include <QTest>

#include <format>
#include <fstream>

using namespace postern;
using namespace std::chrono_literals;

namespace {

std::optional<std::string> variable(const std::string &name)
{
    if (name == "PORT")
        return "9999";
    if (name == "TEXT")
        return "a: b\nc";
    if (name == "EMPTY")
        return "";
    return std::nullopt;
}

Result<Config> parse(std::string_view text) { return parseConfig(text, "f.yaml", variable); }

std::string yamlJson(std::string_view text)
{
    const auto node = parseYaml(text, "f.yaml", variable);
    return node ? node->toJson().dump() : describe(node.error());
}

void write(const std::filesystem::path &path, std::string_view text)
{
    std::ofstream(path, std::ios::binary) << text;
}

/// tests/data/config/every_setting.yaml
std::string everySetting()
{
    std::ifstream file(std::filesystem::path(POSTERN_SOURCE_DIR)
                       / "tests/data/config/every_setting.yaml");
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

class tst_Config : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hasDefaultsWithoutAFile();
    void readsEverySetting();
    void ordersObjects();
    void saysWhereAndWhy_data();
    void saysWhereAndWhy();
    void readsYamlValues_data();
    void readsYamlValues();
    void refusesYaml_data();
    void refusesYaml();
    void boundsAliases();
    void readsAddresses_data();
    void readsAddresses();
    void readsSizes_data();
    void readsSizes();
    void readsStorePaths();
    void findsPlacesInsideObjects();
    void includesFiles();
    void reportsFileTrouble();
    void readsLargeJsonAsYamlDoes();
};

void tst_Config::hasDefaultsWithoutAFile()
{
    for (const char *text : {"", "# nothing\n", "version: 1", "listen:\nadmin:\nroutes:\n"}) {
        const auto config = parse(text);
        QVERIFY2(config, config ? "" : describe(config.error()).c_str());
        QCOMPARE(config->listen.proxy->port, 9080);
        QCOMPARE(config->listen.admin->host, std::string("127.0.0.1"));
        QVERIFY(!config->listen.proxyTls);
        QCOMPARE(config->store.uri, std::string("memory:"));
        QVERIFY(config->objects.empty());
        QVERIFY(config->admin.requireKey && !config->admin.allowRemote);
        QVERIFY(config->admin.keys.empty() && !config->admin.allow && !config->admin.version2);
        QVERIFY(config->dataEncryption.enabled && config->dataEncryption.keyring.empty());
        QCOMPARE(config->apisix.trustedCertificate, std::string("system"));
        QCOMPARE(config->nginx.realIpHeader, std::string("X-Real-IP"));
        QVERIFY(!config->nginx.realIpRecursive);
    }
    // as APISIX reads it: no keys at all, no check at all
    const auto open = parse("admin:\n  admin_key:\n");
    QVERIFY(open && !open->admin.requireKey);
}

void tst_Config::readsEverySetting()
{
    const auto config = parse(everySetting());
    QVERIFY2(config, config ? "" : describe(config.error()).c_str());
    QCOMPARE(config->profile, std::string("apisix-3.17"));
    QVERIFY(config->compat.jwtSignEndpoint);
    QCOMPARE(formatListenAddress(*config->listen.kongProxy), std::string("127.0.0.1:8000"));
    QCOMPARE(formatListenAddress(*config->listen.kongAdmin), std::string("[::1]:8001"));
    QCOMPARE(formatListenAddress(*config->listen.controlApisix), std::string("127.0.0.1:9090"));
    QCOMPARE(formatListenAddress(*config->listen.status), std::string("[::1]:7085"));
    QVERIFY(!config->listen.proxyTls);
    QCOMPARE(config->listen.metrics->port, 9091);
    QCOMPARE(config->apisix.router, Config::Apisix::Router::UriWithParameter);
    QVERIFY(config->apisix.deleteUriTailSlash && config->apisix.normalizeUriLikeServlet
            && config->apisix.matchUriEncodedSlash && config->apisix.showUpstreamStatus
            && config->apisix.debug);
    QCOMPARE(config->apisix.trustedAddresses.size(), 2U);
    QCOMPARE(config->apisix.fallbackSni, std::string("A.example"));
    QCOMPARE(config->apisix.trustedCertificate, std::string("system,/etc/ca.pem"));
    QCOMPARE(config->nginx.realIpHeader, std::string("X-Forwarded-For"));
    QCOMPARE(config->nginx.realIpFrom, (std::vector<std::string>{"unix:", "10.0.0.0/8"}));
    QVERIFY(config->nginx.realIpRecursive);
    QCOMPARE(config->admin.viewerKey, std::string());
    QCOMPARE(config->admin.keys.size(), 3U);
    QCOMPARE(config->admin.keys[0].name, std::string("a"));
    QCOMPARE(config->admin.keys[0].key, std::string("one"));
    QVERIFY(!config->admin.keys[0].viewer && config->admin.keys[1].viewer);
    QVERIFY(config->admin.keys[2].key.empty());
    QCOMPARE(config->admin.allow.value_or(std::vector<std::string>()).size(), 1U);
    QVERIFY(config->admin.version2 && !config->admin.cors && !config->admin.serverTokens);
    QVERIFY(!config->dataEncryption.enabled);
    QCOMPARE(config->dataEncryption.keyring.at(0), std::string("0123456789abcdef"));
    const auto asApisix = parse("apisix:\n  data_encryption:\n    enable_encrypt_fields: false\n"
                                "    keyring: [ edd1c9f0985e76a2 ]\n");
    QVERIFY(asApisix.has_value());
    QVERIFY(!asApisix->dataEncryption.enabled);
    QCOMPARE(asApisix->dataEncryption.keyring.at(0), std::string("edd1c9f0985e76a2"));
    QCOMPARE(config->clock.mode, Clock::Mode::Frozen);
    QCOMPARE(config->upstream.aliases.size(), 2U);
    QCOMPARE(config->upstream.aliases[1].second, std::string("127.0.0.1:7000"));
    QCOMPARE(config->upstream.sendTimeout, Duration(250ms));
    QCOMPARE(config->upstream.readTimeout, Duration(60s));
    QCOMPARE(config->trace.header, Config::Trace::Header::Summary);
    QCOMPARE(config->trace.keep, 50U);
    QCOMPARE(config->store.uri, std::string("sqlite:/tmp/p.db"));
    QCOMPARE(config->secrets.environment.front(), std::string("A_*"));
    QCOMPARE(config->limits.header, 65'536U);
    QCOMPARE(config->limits.traceBody, 1'000U);
    QCOMPARE(config->exec.environment[1].second, std::string("2"));
    QVERIFY(config->exec.compatEnv);
    QCOMPARE(config->kong.dump(), std::string(R"({"services":[{"name":"s"}]})"));
}

void tst_Config::ordersObjects()
{
    const auto config = parse(everySetting());
    QVERIFY(config);
    std::string order;
    for (const ConfigObject &object : config->objects)
        order += std::format("{}/{}/{} ", object.kind, object.parent, object.id);
    const std::string expected =
        "secrets/vault/1 upstreams//u consumers//jack credentials/jack/cred-1 routes//1 ";
    QCOMPARE(order, expected);
    const std::string consumer = R"({"username":"jack","labels":{"custom_id":"495aec6a"}})";
    QCOMPARE(config->objects[2].value.dump(), consumer);
}

void tst_Config::saysWhereAndWhy_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const char *text, Errc code, const char *message) {
        QTest::newRow(name) << QByteArray(text) << int(code) << QByteArray(message);
    };
    row("unknown key, with a suggestion", "listen:\n  porxy: 1\n", Errc::ConfigUnknownKey,
        "f.yaml:2:3: unknown configuration key: \"listen.porxy\"; did you mean \"proxy\"?");
    row("real_ip_header", "nginx_config:\n  http:\n    real_ip_header: proxy_protocol\n",
        Errc::Config,
        "f.yaml:3:21: the configuration is not valid: expected the name of a header; the PROXY "
        "protocol is not supported");
    row("unknown list", "route: []", Errc::ConfigUnknownKey,
        "f.yaml:1:1: unknown configuration key: \"route\"; did you mean \"routes\"?");
    row("unknown key, no suggestion", "wibblewobble: 1", Errc::ConfigUnknownKey,
        "f.yaml:1:1: unknown configuration key: \"wibblewobble\"");
    row("deep", "upstream: { timeout: { conect: 1s } }", Errc::ConfigUnknownKey,
        "f.yaml:1:24: unknown configuration key: \"upstream.timeout.conect\"; did you mean "
        "\"connect\"?");
    row("router", "apisix: { router: { http: radix } }", Errc::Config, "f.yaml:1:27: ");
    row("boolean", "admin:\n  require_key: yes\n", Errc::Config,
        "f.yaml:2:16: the configuration is not valid: expected true or false");
    row("admin_key: role", "admin: { admin_key: [ { key: a, role: root } ] }", Errc::Config,
        "\"root\" is not one of admin, viewer");
    row("admin_key: no role", "admin: { admin_key: [ { key: a } ] }", Errc::Config,
        "needs a role, admin or viewer");
    row("admin_key: viewer without key", "admin: { admin_key: [ { role: viewer } ] }", Errc::Config,
        "a viewer needs a key");
    row("admin_key: unknown member", "admin: { admin_key: [ { rule: admin } ] }",
        Errc::ConfigUnknownKey, "\"admin.admin_key.rule\"");
    row("admin_key: no list", "admin: { admin_key: abc }", Errc::Config, "expected a list");
    row("admin_api_version", "admin: { admin_api_version: v4 }", Errc::Config, "is not one of v3");
    row("keyring", "data_encryption: { keyring: [ short ] }", Errc::Config,
        "a key of the keyring has 16 or 32 characters");
    row("duration", "exec: { grace: soon }", Errc::Config, "f.yaml:1:16: ");
    row("negative duration", "exec: { grace: -1s }", Errc::Config,
        "f.yaml:1:16: the configuration is not valid: a duration must not be negative");
    row("size", "limits: { header: 64KB }", Errc::Config, "\"64KB\" is not a size");
    row("address", "listen: { proxy: localhost }", Errc::Config, "is not an address");
    row("port", "listen: { proxy: \"127.0.0.1:70000\" }", Errc::Config, "is not an address");
    row("version", "version: 2", Errc::Config, "f.yaml:1:10: ");
    row("profile", "profile: apisix-3.71", Errc::Config, "did you mean \"apisix-3.1");
    row("mapping wanted", "listen: 9080", Errc::Config, "expected a mapping below \"listen\"");
    row("list wanted", "routes: {}", Errc::Config, "routes is a list of objects");
    row("object wanted", "routes: [ 1 ]", Errc::Config, "f.yaml:1:11: ");
    row("no id", "routes:\n  - uri: /x\n", Errc::Config, "f.yaml:2:5: ");
    row("repeated id", "routes: [ { id: a }, { id: a } ]", Errc::Config,
        "f.yaml:1:22: the configuration is not valid: routes \"a\" is there twice");
    row("secrets manager id", "secrets_managers: [ { id: vault } ]", Errc::Config, "vault/1");
    row("root", "[]", Errc::Config, "the file is a mapping");
    row("variable", "admin:\n  key: ${NOPE}\n", Errc::Config,
        "f.yaml:2:8: the configuration is not valid: environment variable NOPE is not set");
}

void tst_Config::saysWhereAndWhy()
{
    QFETCH(QByteArray, text);
    QFETCH(int, code);
    QFETCH(QByteArray, message);
    const auto config = parse(text.toStdString());
    QVERIFY(!config);
    const std::string said = describe(config.error());
    QVERIFY2(said.contains(message.toStdString()), said.c_str());
    QCOMPARE(int(config.error().code), code);
}

void tst_Config::readsYamlValues_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char *name, const char *yaml, const char *json) {
        QTest::newRow(name) << QByteArray(yaml) << QByteArray(json);
    };
    row("YAML 1.2.2 10.3: null", "[null, ~, Null, '', \"null\"]", R"([null,null,null,"","null"])");
    row("empty value", "a:", R"({"a":null})");
    row("YAML 1.2.2 10.3: booleans", "[true, False, yes, on, off, 'true']",
        R"([true,false,"yes","on","off","true"])");
    row("numbers keep their spelling", "[1, 1.50, 1e3, 18446744073709551617, -0]",
        "[1,1.50,1e3,18446744073709551617,-0]");
    row("numbers are respelled for JSON", "[+5, 007, .5, 5., 0x1F, 0o17, -.5]",
        "[5,7,0.5,5,31,15,-0.5]");
    row("no numbers", "[1_000, 1.2.3, 0x, 0b1, 12:30, '5', 1e, 495aec6a, -, 127.0.0.1]",
        R"(["1_000","1.2.3","0x","0b1","12:30","5","1e","495aec6a","-","127.0.0.1"])");
    row("explicit string", "!!str 5", "\"5\"");
    row("order is kept", "{b: 1, a: 2}", R"({"b":1,"a":2})");
    row("names are texts", "{1: a, true: b, 'null': c}", R"({"1":"a","true":"b","null":"c"})");
    row("block text", "|\n  a\n  b\n", R"("a\nb\n")");
    row("anchor and alias", "a: &x {n: 1}\nb: *x\n", R"({"a":{"n":1},"b":{"n":1}})");
    row("merge", "a: &x {n: 1, m: 1}\nb:\n  <<: *x\n  n: 2\n",
        R"({"a":{"n":1,"m":1},"b":{"n":2,"m":1}})");
    row("variable in a plain scalar has a type", "${PORT}", "9999");
    row("variable in quotes is a text", "\"${PORT}\"", "\"9999\"");
    row("variable inside text", "http://h:${PORT}/x", R"("http://h:9999/x")");
    row("a variable cannot change the structure", "a: ${TEXT}", R"({"a":"a: b\nc"})");
    row("default", "[\"${NOPE:-d}\", \"${EMPTY:-e}\", \"${NOPE:-}\"]", R"(["d","e",""])");
    row("literal ${", "\"$${PORT}\"", R"("${PORT}")");
    row("references stay", "$env://NAME", R"("$env://NAME")");
}

void tst_Config::readsYamlValues()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, json);
    QCOMPARE(yamlJson(yaml.toStdString()), json.toStdString());
}

void tst_Config::refusesYaml_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char *name, const QByteArray &yaml, const char *says) {
        QTest::newRow(name) << yaml << QByteArray(says);
    };
    row("syntax", "a: [1\nb: 2", "YAML: ");
    row("tab", "a:\n\tb: 1", "f.yaml:2:");
    row("repeated name", "{a: 1, a: 2}", "f.yaml:1:8: the configuration is not valid: \"a\" is");
    row("no scalar as name", "{[1]: 2}", "a name must be a scalar");
    row("null as name", "{null: 1}", "null is no name");
    row("alias as name", "a: &x b\n*x : c\n", "a name must be written out");
    row("infinite", "[.inf]", "JSON has no such number");
    row("hexadecimal too long", "[0x11111111111111111]", "JSON has no such number");
    row("unknown tag", "!thing 5", "unknown tag");
    row("two documents", "a: 1\n---\nb: 2\n", "only one YAML document");
    row("alias in its own anchor", "&x [*x]", "the alias lies inside its own anchor");
    row("unknown alias", "[*x]", "f.yaml:1:2");
    row("too deep", QByteArray(80, '[') + QByteArray(80, ']'), "nested deeper than 64");
    row("far too deep", QByteArray(100'000, '['), "f.yaml");
    row("open variable", "'${X'", "without }");
    row("bad variable name", "'${A B}'", "no variable name");
    row("merging a scalar", "{<<: 1}", "merges mappings only");
    row("not UTF-8", "a: \"\xff\"", "f.yaml");
}

void tst_Config::refusesYaml()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, says);
    const auto node = parseYaml(yaml.toStdString(), "f.yaml", variable);
    QVERIFY2(!node, node ? node->toJson().dump().c_str() : "");
    const std::string said = describe(node.error());
    QVERIFY2(said.contains(says.toStdString()), said.c_str());
}

void tst_Config::boundsAliases()
{
    std::string laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 12; ++i) {
        laughs += std::format("a{0}: &a{0} [", i);
        for (int j = 0; j < 9; ++j)
            laughs += std::format("*a{},", i - 1);
        laughs += "]\n";
    }
    const auto node = parseYaml(laughs, "f.yaml", variable);
    QVERIFY(!node);
    QVERIFY(node.error().detail.contains("aliases expand"));
}

void tst_Config::readsAddresses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("address"); // empty: refused
    const auto row = [](const char *text, const char *address) {
        QTest::newRow(*text ? text : "empty") << QByteArray(text) << QByteArray(address);
    };
    row("127.0.0.1:9080", "127.0.0.1:9080");
    row("0.0.0.0:0", "0.0.0.0:0");
    row("9080", "127.0.0.1:9080");
    row("0", "127.0.0.1:0");
    row("[::1]:80", "[::1]:80");
    row("localhost:80", "localhost:80");
    row("", "");
    row("::1:80", "");
    row(":80", "");
    row("a:", "");
    row("a:65536", "");
    row("a:-1", "");
    row("a:+1", "");
    row("http://a:80", "");
    row("[a]:80", "");
}

void tst_Config::readsAddresses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, address);
    const auto read = parseListenAddress(text.toStdString());
    QCOMPARE(read ? formatListenAddress(*read) : std::string(), address.toStdString());
}

void tst_Config::readsSizes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qlonglong>("octets"); // -1: refused
    const auto row = [](const char *text, qlonglong octets) {
        QTest::newRow(*text ? text : "empty") << QByteArray(text) << octets;
    };
    row("512", 512);
    row("0", 0);
    row("64KiB", 65'536);
    row("64 MiB", 67'108'864);
    row("1GiB", 1'073'741'824);
    row("10kB", 10'000);
    row("5B", 5);
    row("", -1);
    row("KiB", -1);
    row("64kib", -1);
    row("-1", -1);
    row("1.5MiB", -1);
    row("99999999999GiB", -1);
}

void tst_Config::readsSizes()
{
    QFETCH(QByteArray, text);
    QFETCH(qlonglong, octets);
    const auto read = parseSize(text.toStdString());
    QCOMPARE(read ? qlonglong(*read) : -1, octets);
}

void tst_Config::readsStorePaths()
{
    const auto uri = [](std::string_view path) {
        const auto config = parse(std::format("store: {{ path: \"{}\" }}", path));
        return config ? config->store.uri : describe(config.error());
    };
    QCOMPARE(uri("memory"), std::string("memory:"));
    QCOMPARE(uri("p.db"), std::string("sqlite:p.db"));
    QCOMPARE(uri("sqlite:p.db"), std::string("sqlite:p.db"));
    const std::string etcd = "etcd://127.0.0.1:2379";
    QCOMPARE(uri(etcd), etcd);
}

void tst_Config::findsPlacesInsideObjects()
{
    const auto config = parse("routes:\n  - id: r\n    plugins:\n      jwt-atuh: {}\n");
    QVERIFY(config);
    const ConfigObject &route = config->objects.front();
    QCOMPARE(placeIn(route, ""), std::string("f.yaml:2:5"));
    QCOMPARE(placeIn(route, "/plugins/jwt-atuh"), std::string("f.yaml:4:17"));
    QCOMPARE(placeIn(route, "/plugins/jwt-atuh/no/such"), std::string("f.yaml:4:17"));
}

void tst_Config::includesFiles()
{
    const QTemporaryDir dir;
    const std::filesystem::path folder = dir.path().toStdString();
    write(folder / "main.yaml",
          "include: [more-*.yaml, last.yaml]\n"
          "routes: [ { id: a, uri: /main }, { id: b, uri: /main } ]\n");
    write(folder / "more-1.yaml",
          "routes: [ { id: b, uri: /more1 }, { id: c, uri: /more1 } ]\n"
          "upstreams: [ { id: u } ]\n");
    write(folder / "more-2.yaml", "routes: [ { id: c, uri: /more2 } ]\n");
    write(folder / "last.yaml", "version: 1\nx-note: hello\n");
    const auto config = loadConfig(folder / "main.yaml", variable);
    QVERIFY2(config, config ? "" : describe(config.error()).c_str());
    std::string seen;
    for (const ConfigObject &object : config->objects)
        seen += std::format("{}:{} ", object.id, object.value.stringOr("uri", "-"));
    const std::string expected = "u:- a:/main b:/more1 c:/more2 ";
    QCOMPARE(seen, expected);
    QVERIFY(placeIn(config->objects[2], "/uri").ends_with("more-1.yaml:1:25"));
    write(folder / "last.yaml", "admin: { key: x }\n");
    QCOMPARE(loadConfig(folder / "main.yaml", variable).error().code, Errc::Config);
    std::filesystem::remove(folder / "last.yaml");
    QCOMPARE(loadConfig(folder / "main.yaml", variable).error().code, Errc::NotFound);
}

void tst_Config::reportsFileTrouble()
{
    const QTemporaryDir dir;
    const std::filesystem::path folder = dir.path().toStdString();
    QCOMPARE(loadConfig(folder / "none.yaml").error().code, Errc::NotFound);
    QCOMPARE(loadConfig(folder).error().code, Errc::Io);
}

void tst_Config::readsLargeJsonAsYamlDoes()
{
    std::string text = R"({"version": 1, "trace": {"keep": 7}, "consumers": [)";
    for (int i = 0; i < 3000; ++i)
        text += (i ? ", " : "")
            + std::format(R"({{"username": "c{0}", "plugins": {{"key-auth": {{"key": "k{0}"}}}},)"
                          R"( "credentials": [{{"id": "j{0}", "plugins": {{}}}}]}})",
                          i);
    text += R"(], "routes": [{"id": 1, "uri": "/a", "priority": 1.50}]})";
    auto json = parse(text);
    auto yaml = parse("# read by the other reader\n" + text);
    QVERIFY2(json, json ? "" : describe(json.error()).c_str());
    QVERIFY2(yaml, yaml ? "" : describe(yaml.error()).c_str());
    QCOMPARE(json->trace.keep, 7U);
    QCOMPARE(json->objects.size(), 6001U);
    QCOMPARE(json->objects.size(), yaml->objects.size());
    for (std::size_t i = 0; i < json->objects.size(); ++i) {
        ConfigObject &a = json->objects[i], &b = yaml->objects[i];
        QVERIFY(a.kind == b.kind && a.parent == b.parent && a.id == b.id);
        QCOMPARE(takeValue(a)->dump(), takeValue(b)->dump());
    }
    QVERIFY(placeIn(json->objects.front(), {}).ends_with(": consumers/c0"));

    // Objects without credentials are not parsed before they are wanted.
    ConfigObject &route = json->objects.back();
    QCOMPARE(placeIn(route, {}), formatPlace("f.yaml", {1, text.find(R"({"id": 1)") + 1}));
    std::string broken = text;
    broken.replace(broken.find("1.50"), 4, "\n1.x ");
    auto late = parse(broken);
    QVERIFY(late);
    QCOMPARE(late->objects.back().id, std::string("1"));
    const auto value = takeValue(late->objects.back());
    QVERIFY(!value);
    QCOMPARE(value.error().where, std::string("f.yaml:2:3"));
    QVERIFY(value.error().detail.starts_with("not valid JSON: "));

    // What is wrong is found by the reader that knows places.
    const std::size_t at = text.find(R"("c7")");
    const auto twice = parse(std::string(text).replace(at, 4, R"("c6")"));
    QVERIFY(!twice);
    QCOMPARE(twice.error().where, formatPlace("f.yaml", {1, at - 12}));
}

QTEST_GUILESS_MAIN(tst_Config)
#include "tst_config.moc"
