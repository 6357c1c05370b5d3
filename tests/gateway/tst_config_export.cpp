// SPDX-License-Identifier: Apache-2.0
#include "gateway/convert/config_export.h"

#include "core/json/parse.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>

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

private:
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

QTEST_GUILESS_MAIN(tst_ConfigExport)
#include "tst_config_export.moc"
