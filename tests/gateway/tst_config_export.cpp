// SPDX-License-Identifier: Apache-2.0
#include "gateway/convert/config_export.h"

#include "core/config/config.h"
#include "core/crypto/development_certificate.h"
#include "core/json/parse.h"
#include "core/store/store.h"
#include "gateway/admin/access/admin_access.h"
#include "gateway/lint/empty_gateway.h"
#include "gateway/standalone/file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <format>
#include <map>
#include <memory>

#include <csignal>
#include <sys/resource.h>

using namespace postern;
using namespace postern::gateway;

class tst_ConfigExport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isReadBackAsTheSame_data() { addKinds(); }
    void isReadBackAsTheSame();
    void referencesHoldNoSecret_data() { addKinds(); }
    void referencesHoldNoSecret();
    void variablesAreUnique();
    void takesOnlyWhatWasAskedFor();
    void wholeConfigurationIsReadBack_data();
    void wholeConfigurationIsReadBack();
    void everySecretBecomesAReference_data() { addFormats(); }
    void everySecretBecomesAReference();
    void maskedHoldsNoSecretAndNoVariable();
    void textsThatLookLikeVariablesStay_data() { addFormats(); }
    void textsThatLookLikeVariablesStay();
    void whatNoGatewayTakesIsNamed_data() { addFormats(); }
    void whatNoGatewayTakesIsNamed();
    void whatRefersToNothingGoesOnlyFromOwnFiles();
    void profileIsWritten();
    void manyConsumers();
    void fullDiskLeavesTheOldFile();
    void secretsAreForTheOwnerOnly();

private:
    static void addFormats()
    {
        QTest::addColumn<ExportFormat>("format");
        QTest::newRow("postern.yaml") << ExportFormat::Postern;
        QTest::newRow("apisix.yaml") << ExportFormat::Standalone;
        QTest::newRow("apisix.json") << ExportFormat::StandaloneJson;
    }
    static std::vector<ObjectChange> everything();
    /// What a gateway that starts with the file has, by "/routes/1". \param faults what it refuses
    static std::map<std::string, Json> load(const ExportedConfig &config, ExportFormat format,
                                            std::vector<std::string> *faults = nullptr);
    static QByteArray differences(const std::vector<ObjectChange> &before,
                                  const std::map<std::string, Json> &after);

    static void addKinds()
    {
        QTest::addColumn<ConfigFileKind>("kind");
        QTest::newRow("postern.yaml") << ConfigFileKind::Postern;
        QTest::newRow("apisix.yaml") << ConfigFileKind::Standalone;
    }
    static std::vector<ObjectChange> objects();
    static std::map<std::string, Json> read(const ExportedConfig &config, ConfigFileKind kind);
    /// Without what an import fills in.
    static Json plain(Json value)
    {
        for (const char *const member : {"create_time", "update_time", "id"})
            value.erase(member);
        return value;
    }
};

std::vector<ObjectChange> tst_ConfigExport::objects()
{
    const auto object = [](const char *key, const char *json) {
        return ObjectChange{key, parseJson(json).value(), 0};
    };
    return {
        object("/consumers/jack", R"({"username":"jack","desc":"yes: \"quoted\" # and\nmore",
            "labels":{"team":"platform","floor":"007"},"create_time":1700000000,
            "plugins":{"basic-auth":{"username":"jack","password":"p${HOME}-4711"}}})"),
        object("/consumers/jack/credentials/cred-jack-key",
               R"({"id":"cred-jack-key","plugins":{"key-auth":{"key":"q7Vb2LxN9fKw4TzR"}},)"
               R"("update_time":1700000001})"),
        object("/consumers/jack/credentials/cred-jack-jwt",
               R"({"plugins":{"jwt-auth":{"key":"iss","secret":"$env://KNOWN"}}})"),
        object("/consumers/rose", R"({"username":"rose"})"),
    };
}

std::map<std::string, Json> tst_ConfigExport::read(const ExportedConfig &config,
                                                   ConfigFileKind kind)
{
    const QTemporaryDir directory;
    const QString path =
        directory.filePath(kind == ConfigFileKind::Standalone ? QStringLiteral("apisix.yaml")
                                                              : QStringLiteral("postern.yaml"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(config.text.c_str()) < 0)
        return {};
    file.close();
    auto back = readLintFile(path.toStdString(), kind);
    std::map<std::string, Json> all;
    for (const Error &fault : back ? back->faults : std::vector<Error>{back.error()})
        qWarning("%s", describe(fault).c_str());
    for (LintObject &object : back ? back->objects : std::vector<LintObject>())
        all.emplace(object.key, std::move(object.value));
    return all;
}

void tst_ConfigExport::isReadBackAsTheSame()
{
    QFETCH(const ConfigFileKind, kind);
    const ExportedConfig config = exportConsumers(objects(), kind, SecretForm::Values);
    QVERIFY(config.variables.empty());
    const auto back = read(config, kind);
    QVERIFY2(back.size() == objects().size(), config.text.c_str());
    for (const ObjectChange &object : objects()) {
        const auto found = back.find("/apisix" + object.key);
        QVERIFY2(found != back.end(), object.key.c_str());
        // standalone items may get defaults: what went in is there
        const Json before = plain(object.value), after = plain(found->second);
        for (const auto &[name, value] : before.members()) {
            const Json *const member = after.find(name);
            QVERIFY2(member, name.c_str());
            if (name != "plugins") {
                QCOMPARE(member->dump(), value.dump());
                continue;
            }
            for (const auto &[plugin, settings] : value.members()) {
                for (const auto &[setting, text] : settings.members()) {
                    const Json *const same = member->find(plugin)->find(setting);
                    QVERIFY2(same, setting.c_str());
                    QCOMPARE(same->dump(), text.dump());
                }
            }
        }
    }
}

void tst_ConfigExport::referencesHoldNoSecret()
{
    QFETCH(const ConfigFileKind, kind);
    const ExportedConfig config = exportConsumers(objects(), kind, SecretForm::References);
    QVERIFY(!config.text.contains("4711"));
    QVERIFY(!config.text.contains("q7Vb2LxN9fKw4TzR"));
    QCOMPARE(config.variables,
             (std::vector<std::string>{"JACK_BASIC_AUTH_PASSWORD", "JACK_CRED_JACK_KEY_KEY"}));
    const auto back = read(config, kind);
    const Json &key = back.at("/apisix/consumers/jack/credentials/cred-jack-key");
    QCOMPARE(key.find("plugins")->find("key-auth")->stringOr("key", ""),
             "$env://JACK_CRED_JACK_KEY_KEY");
    const Json &jwt = back.at("/apisix/consumers/jack/credentials/cred-jack-jwt");
    QCOMPARE(jwt.find("plugins")->find("jwt-auth")->stringOr("secret", ""), "$env://KNOWN");
}

void tst_ConfigExport::variablesAreUnique()
{
    const Json key = parseJson(R"({"plugins":{"key-auth":{"key":"k-1"}}})").value();
    const std::vector<ObjectChange> objects{
        {"/consumers/7a", parseJson(R"({"username":"7a"})").value(), 0},
        {"/consumers/7a/credentials/x.y", key, 0},
        {"/consumers/7a/credentials/x-y", key, 0}};
    const auto config = exportConsumers(objects, ConfigFileKind::Postern, SecretForm::References);
    QCOMPARE(config.variables, (std::vector<std::string>{"_7A_X_Y_KEY", "_7A_X_Y_KEY_2"}));
}

void tst_ConfigExport::takesOnlyWhatWasAskedFor()
{
    const Json route = parseJson(R"({"uri":"/get"})").value();
    const Json key = parseJson(R"({"plugins":{"key-auth":{"key":"other"}}})").value();
    const std::vector<ObjectChange> objects{
        {"/routes/1", route, 0},
        {"/consumers/jack", parseJson(R"({"username":"jack"})").value(), 0},
        {"/consumers/jackson/credentials/k", key, 0},
        {"/consumers/rose", Json(), 0}};
    const auto config = exportConsumers(objects, ConfigFileKind::Postern, SecretForm::Values);
    QCOMPARE(config.text, "consumers:\n  - username: jack\n");
}

std::vector<ObjectChange> tst_ConfigExport::everything()
{
    static const IssuedCertificate certificate = [] {
        const std::chrono::days life(2);
        return issueCertificate(makeAuthority("tests", life).value(), {"a.example"}, life).value();
    }();
    const auto object = [](std::string key, std::string_view json) {
        return ObjectChange{std::move(key), parseJson(json).value(), 0};
    };
    std::vector<ObjectChange> all = objects();
    all.insert(
        all.end(),
        {object("/consumer_groups/gold", R"({"id":"gold","plugins":{"limit-count":{"count":9,
            "time_window":60,"rejected_code":429,"policy":"local"}},"create_time":1700000000})"),
         object("/consumers/gina", R"({"username":"gina","group_id":"gold"})"),
         object("/global_rules/1", R"({"id":1,"plugins":{"request-id":{}}})"),
         object("/plugin_configs/pc.1-x_y", R"({"id":"pc.1-x_y","desc":"007",
            "plugins":{"key-auth":{"header":"on","_meta":{"disable":false}}}})"),
         object("/plugin_metadata/prometheus",
                R"({"metrics":{"http_status":{"extra_labels":[{"route":"$route_id"}]}}})"),
         object("/protos/p", R"({"id":"p","content":"syntax = \"proto3\";\npackage a;\n"})"),
         object("/routes/1", R"({"id":"1","uri":"/get*","name":"yes","priority":-3,
            "methods":["GET"],"service_id":"s","plugin_config_id":"pc.1-x_y",
            "vars":[["arg_x","==","a: b # c"]],"status":1,"create_time":1700000000})"),
         object("/routes/2024-12-15", R"({"id":"2024-12-15","uris":["/a","/b/*"],
            "hosts":["*.example.com"],"upstream_id":77,
            "plugins":{"proxy-rewrite":{"headers":{"set":{"X-Weird":"\u0001\u007f\u2028 \ufeff"}}},
                       "limit-count":{"count":2,"time_window":60,"policy":"redis",
                            "redis_host":"127.0.0.1","redis_password":"r3dis-4711"}}})"),
         object("/secrets/vault/prod", R"({"id":"vault/prod","uri":"http://127.0.0.1:8200",
            "prefix":"kv/apisix","token":"root-4711"})"),
         object("/services/s", R"({"id":"s","upstream":{"type":"roundrobin","nodes":
            {"127.0.0.1:1980":1,"[::1]:80":2}},"hosts":["a.example"]})"),
         object("/upstreams/77", R"({"id":77,"nodes":[{"host":"127.0.0.1","port":1980,"weight":1}],
            "timeout":{"connect":0.5,"send":1,"read":1e1},"type":"chash","key":"uri"})")});
    Json ssl = Json::object({{"id", "cert"}, {"snis", Json(Json::Array{Json("a.example")})}});
    ssl.set("cert", certificate.certificate);
    ssl.set("key", certificate.key);
    all.push_back({"/ssls/cert", ssl, 0});
    return all;
}

std::map<std::string, Json> tst_ConfigExport::load(const ExportedConfig &config,
                                                   ExportFormat format,
                                                   std::vector<std::string> *faults)
{
    const QTemporaryDir directory;
    const std::string path =
        directory.filePath(QString::fromStdString(std::string(usualFileName(format))))
            .toStdString();
    std::map<std::string, Json> all;
    if (!saveConfig(path, config.text, SecretForm::Values))
        return all;
    if (format == ExportFormat::Postern) {
        auto file = loadConfig(path);
        if (!file) {
            qWarning("%s", describe(file.error()).c_str());
            return all;
        }
        const auto admin = openStoreAdmin({}, std::move(file->objects));
        const auto feed = admin ? (*admin)->objects(0) : std::unexpected(admin.error());
        if (!feed)
            qWarning("%s", describe(feed.error()).c_str());
        for (const ObjectChange &object : feed ? feed->changes : std::vector<ObjectChange>())
            all.emplace(object.key, object.value);
        return all;
    }
    EmptyGateway gateway;
    const auto file = checkStandaloneFile(gateway.config(), path);
    if (!file)
        qWarning("%s", describe(file.error()).c_str());
    for (const Error &fault : file ? file->faults : std::vector<Error>()) {
        if (faults)
            faults->push_back(describe(fault));
        else
            qWarning("%s", describe(fault).c_str());
    }
    if (file) {
        for (const StandaloneItem &item : file->items.items)
            all.emplace(item.key.substr(std::string_view("/apisix").size()),
                        parseJson(item.value).value());
    }
    return all;
}

QByteArray tst_ConfigExport::differences(const std::vector<ObjectChange> &before,
                                         const std::map<std::string, Json> &after)
{
    QByteArray told;
    const auto settled = [](const std::string &key, Json value) {
        for (const char *const member : {"create_time", "update_time"})
            value.erase(member);
        // these have their name from elsewhere
        if (key.starts_with("/secrets/") || key.contains("/credentials/")
            || key.starts_with("/plugin_metadata/"))
            value.erase("id");
        else if (const Json *const id = value.find("id"); id && id->isNumber())
            value.set("id", id->lexeme()); // as gateways keep it
        return value;
    };
    for (const ObjectChange &object : before) {
        const auto found = after.find(object.key);
        if (found == after.end())
            told += object.key + " is gone\n";
        else if (!(settled(object.key, found->second) == settled(object.key, object.value)))
            told += object.key + ": " + found->second.dump() + "\n";
    }
    if (after.size() != before.size())
        told += QByteArray::number(after.size()) + " objects\n";
    return told;
}

void tst_ConfigExport::wholeConfigurationIsReadBack_data()
{
    QTest::addColumn<ExportFormat>("format");
    QTest::addColumn<SecretForm>("secrets");
    for (const ExportFormat format :
         {ExportFormat::Postern, ExportFormat::Standalone, ExportFormat::StandaloneJson}) {
        const std::string name(usualFileName(format));
        QTest::newRow(name.c_str()) << format << SecretForm::Values;
        QTest::newRow((name + " with references").c_str()) << format << SecretForm::References;
    }
}

void tst_ConfigExport::wholeConfigurationIsReadBack()
{
    QFETCH(const ExportFormat, format);
    QFETCH(const SecretForm, secrets);
    const ExportedConfig config =
        exportConfig(everything(), {.format = format, .secrets = secrets});
    for (const NotExported &left : config.leftOut)
        qWarning("%s: %s", left.key.c_str(), left.why.c_str());
    QVERIFY(config.leftOut.empty());
    QCOMPARE(config.objects, everything().size());
    const auto after = load(config, format);
    if (secrets == SecretForm::Values) {
        const QByteArray told = differences(everything(), after);
        QVERIFY2(told.isEmpty(), told + config.text.c_str());
        QVERIFY(config.variables.empty());
    } else {
        QVERIFY2(after.size() == everything().size(), config.text.c_str());
    }
}

void tst_ConfigExport::everySecretBecomesAReference()
{
    QFETCH(const ExportFormat, format);
    const ExportedConfig config =
        exportConfig(everything(), {.format = format, .secrets = SecretForm::References});
    for (const char *const secret : {"4711", "q7Vb2LxN9fKw4TzR", "PRIVATE KEY"})
        QVERIFY2(!config.text.contains(secret), secret);
    for (const char *const name : {"JACK_BASIC_AUTH_PASSWORD", "JACK_CRED_JACK_KEY_KEY",
                                   "ROUTE_2024_12_15_LIMIT_COUNT_REDIS_PASSWORD",
                                   "SECRET_VAULT_PROD_TOKEN", "SSL_CERT_KEY"}) {
        QVERIFY2(std::ranges::contains(config.variables, name), name);
        QVERIFY2(config.text.contains(std::string("$env://") + name), name);
    }
    QCOMPARE(config.variables.size(), 5U);
}

void tst_ConfigExport::maskedHoldsNoSecretAndNoVariable()
{
    const ExportedConfig config = exportConfig(
        everything(), {.format = ExportFormat::Postern, .secrets = SecretForm::Masked});
    QVERIFY(config.variables.empty());
    QVERIFY(config.text.contains("redis_password: \"********\""));
    QVERIFY(!config.text.contains("4711"));
    QVERIFY(config.text.contains("$env://KNOWN")); // tells nothing
}

void tst_ConfigExport::textsThatLookLikeVariablesStay()
{
    QFETCH(const ExportFormat, format);
    const std::vector<ObjectChange> objects{
        {"/routes/v",
         parseJson(R"({"id":"v","uri":"/v","desc":"${HOME} $${HOME} ${{HOME}} ${{NO_SUCH_9}} ${",
            "labels":{"${{HOME}}":"x"},
            "plugins":{"response-rewrite":{"headers":{"set":{"X-${HOME}":"a${{ HOME }}"}}}},
            "upstream":{"nodes":{"127.0.0.1:1980":1},"type":"roundrobin"}})")
             .value(),
         0}};
    const ExportedConfig config =
        exportConfig(objects, {.format = format, .secrets = SecretForm::Values});
    QVERIFY(config.leftOut.empty());
    const QByteArray told = differences(objects, load(config, format));
    QVERIFY2(told.isEmpty(), told + config.text.c_str());
}

void tst_ConfigExport::whatNoGatewayTakesIsNamed()
{
    QFETCH(const ExportFormat, format);
    std::vector<ObjectChange> objects = everything();
    Json deep = Json::object();
    for (int i = 0; i < 60; ++i)
        deep = Json::object({{"a", std::move(deep)}});
    objects.push_back({"/routes/deep", Json::object({{"uri", "/d"}, {"vars", deep}}), 0});
    objects.push_back({"/routes/odd", parseJson(R"({"id":"odd","uri":7})").value(), 0});
    objects.push_back({"/stream_routes/1", parseJson(R"({"server_port":1})").value(), 0});
    objects.push_back({"/consumers/nobody/credentials/lost", Json::object(), 0});
    objects.push_back({"/routes/gone", Json(), 0});
    const ExportedConfig config =
        exportConfig(objects, {.format = format, .secrets = SecretForm::Values});
    std::vector<std::string> keys;
    for (const NotExported &left : config.leftOut) {
        QVERIFY2(!left.why.empty(), left.key.c_str());
        keys.push_back(left.key);
    }
    std::ranges::sort(keys);
    QCOMPARE(keys,
             (std::vector<std::string>{"/consumers/nobody/credentials/lost", "/routes/deep",
                                       "/routes/odd", "/stream_routes/1"}));
    QCOMPARE(differences(everything(), load(config, format)), QByteArray()); // all the rest
}

void tst_ConfigExport::whatRefersToNothingGoesOnlyFromOwnFiles()
{
    const auto object = [](const char *key, const char *json) {
        return ObjectChange{key, parseJson(json).value(), 0};
    };
    const std::vector<ObjectChange> objects{
        object("/routes/a", R"({"id":"a","uri":"/a","service_id":"s"})"),
        object("/routes/b", R"({"id":"b","uri":"/b","upstream":{"nodes":{"127.0.0.1:1":1},
            "type":"roundrobin"}})"),
        object("/services/s", R"({"id":"s","upstream_id":"lost"})")};
    // a gateway refuses the whole file: the service goes, and the route with it
    const ExportedConfig own =
        exportConfig(objects, {.format = ExportFormat::Postern, .secrets = SecretForm::Values});
    QCOMPARE(own.leftOut.size(), 2U);
    QCOMPARE(own.leftOut.front().key, "/services/s");
    QVERIFY2(own.leftOut.front().why.contains("lost"), own.leftOut.front().why.c_str());
    QCOMPARE(own.leftOut.back().key, "/routes/a");
    QCOMPARE(load(own, ExportFormat::Postern).size(), 1U);
    // APISIX takes them, and answers 503 as it did before
    const ExportedConfig standalone =
        exportConfig(objects, {.format = ExportFormat::Standalone, .secrets = SecretForm::Values});
    QVERIFY(standalone.leftOut.empty());
    QCOMPARE(load(standalone, ExportFormat::Standalone).size(), 3U);
}

void tst_ConfigExport::profileIsWritten()
{
    const auto names = gatewayProfileNames();
    const auto other = std::ranges::find_if(
        names, [](std::string_view name) { return name != defaultGatewayProfile().name; });
    QVERIFY(other != names.end());
    const auto first = [](std::string_view profile) {
        const ExportedConfig config = exportConfig(objects(),
                                                   {.format = ExportFormat::Postern,
                                                    .secrets = SecretForm::Values,
                                                    .profile = std::string(profile)});
        return parseConfig(config.text, "postern.yaml").value().profile;
    };
    QCOMPARE(first(*other), std::string(*other));
    QCOMPARE(first(defaultGatewayProfile().name), std::string(defaultGatewayProfile().name));
    QVERIFY(!exportConfig(objects(),
                          {.format = ExportFormat::Standalone,
                           .secrets = SecretForm::Values,
                           .profile = std::string(*other)})
                 .text.contains("profile"));
}

void tst_ConfigExport::manyConsumers()
{
    // each looked up among all others would not end
    constexpr int kMany = 10'000;
    std::vector<ObjectChange> objects;
    for (int i = 0; i < kMany; ++i) {
        const std::string name = std::format("user{}", i);
        objects.push_back({"/consumers/" + name, Json::object({{"username", name}}), 0});
        objects.push_back(
            {std::format("/consumers/{}/credentials/key", name),
             parseJson(std::format(R"({{"plugins":{{"key-auth":{{"key":"k{}"}}}}}})", i)).value(),
             0});
    }
    const ExportedConfig config = exportConfig(
        objects, {.format = ExportFormat::StandaloneJson, .secrets = SecretForm::References});
    QCOMPARE(config.objects, std::size_t{2 * kMany});
    QCOMPARE(config.variables.size(), std::size_t{kMany});
    QCOMPARE(load(config, ExportFormat::StandaloneJson).size(), std::size_t{2 * kMany});
    const ExportedConfig own =
        exportConfig(objects, {.format = ExportFormat::Postern, .secrets = SecretForm::Values});
    QVERIFY(own.leftOut.empty());
    QCOMPARE(load(own, ExportFormat::Postern).size(), std::size_t{2 * kMany});
}

void tst_ConfigExport::fullDiskLeavesTheOldFile()
{
    const QTemporaryDir directory;
    const std::string path = directory.filePath(QStringLiteral("postern.yaml")).toStdString();
    QVERIFY(saveConfig(path, "before\n", SecretForm::References));
    // A limit of the process stands for the end of the disk.
    rlimit usual = {};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &usual), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = usual;
    small.rlim_cur = 4096;
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto saved = saveConfig(path, std::string(100'000, 'x'), SecretForm::Values);
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &usual), 0);
    std::signal(SIGXFSZ, handler);
    QVERIFY(!saved);
    QCOMPARE(saved.error().where, path);
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "before\n");
    QCOMPARE(QDir(directory.path()).entryList(QDir::Files).size(), 1); // nothing half written
}

void tst_ConfigExport::secretsAreForTheOwnerOnly()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("postern.yaml"));
    QVERIFY(saveConfig(path.toStdString(), "a\n", SecretForm::References));
    QVERIFY(QFile::setPermissions(path, QFile::permissions(path) | QFileDevice::ReadOther));
    // also where others could read what it replaces
    QVERIFY(saveConfig(path.toStdString(), "b\n", SecretForm::Values));
    QCOMPARE(QFile::permissions(path)
                 & (QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteOther),
             QFileDevice::Permissions());
}

QTEST_GUILESS_MAIN(tst_ConfigExport)
#include "tst_config_export.moc"
