// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/plugin.h"

#include "core/json/parse.h"
#include "postern_process.h"

#include <QTest>

#include <algorithm>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

/// `postern plugin list` and `plugin show`: what the plugins' table says, for people and programs.
class tst_PluginCli : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void listsEveryPluginByPriority();
    void listsOneKind();
    void showsEveryPlugin_data();
    void showsEveryPlugin();
    void showsFields_data();
    void showsFields();
    void printsExamples();
    void refuses_data();
    void refuses();
};

void tst_PluginCli::listsEveryPluginByPriority()
{
    const Ran ran = runPostern({"plugin", "list", "-o", "json"});
    QCOMPARE(ran.exit, 0);
    const auto document = parseJson(ran.out);
    QVERIFY(document.has_value());
    const Json::Array &rows = document->find("plugins")->items();
    QCOMPARE(rows.size(), builtinPlugins().size());
    std::size_t i = 0;
    for (const PluginSpec *plugin : builtinPlugins()) {
        QCOMPARE(rows[i].stringOr("name", ""), plugin->name);
        QCOMPARE(rows[i].find("priority")->asInteger(), plugin->apisixPriority);
        QVERIFY(rows[i].find("phases")->size() > 0);
        ++i;
    }
    const std::string text = runPostern({"plugin", "list"}).out;
    QVERIFY(text.contains("jwt-auth"));
    QVERIFY(text.find("request-id") < text.find("echo"));
}

void tst_PluginCli::listsOneKind()
{
    const std::string text = runPostern({"plugin", "list", "--kind", "auth"}).out;
    QVERIFY(text.contains("multi-auth"));
    QVERIFY(!text.contains("cors"));
}

void tst_PluginCli::showsEveryPlugin_data()
{
    QTest::addColumn<QString>("name");
    for (const PluginSpec *plugin : builtinPlugins())
        QTest::newRow(plugin->name.data()) << QString::fromStdString(std::string(plugin->name));
}

void tst_PluginCli::showsEveryPlugin()
{
    QFETCH(const QString, name);
    const PluginSpec *const plugin = findPlugin(name.toStdString());
    const Ran text = runPostern({"plugin", "show", name.toStdString()});
    QCOMPARE(text.exit, 0);
    QVERIFY(text.out.contains(plugin->summary));
    QVERIFY(text.out.contains(plugin->example));
    QVERIFY(text.out.contains(plugin->consumerExample));
    const Ran ran = runPostern({"plugin", "show", name.toStdString(), "-o", "json"});
    const auto document = parseJson(ran.out);
    QVERIFY(document.has_value());
    QCOMPARE(document->stringOr("name", ""), plugin->name);
    QCOMPARE(document->contains("consumer"), !plugin->consumerSchema.empty());
    QCOMPARE(document->contains("metadata"), !plugin->metadataSchema.empty());
    const Json &route = *document->find("route");
    QCOMPARE(*route.find("example"), *parseJson(plugin->example));
    QCOMPARE(*route.find("schema"), *parseJson(plugin->schema));
}

void tst_PluginCli::showsFields_data()
{
    QTest::addColumn<QByteArray>("plugin");
    QTest::addColumn<QByteArray>("line");
    const auto row = [](const char *name, const char *plugin, const char *line) {
        QTest::newRow(name) << QByteArray(plugin) << QByteArray(line);
    };
    row("4.1 header and its default", "jwt-auth",
        R"(header                       string = "authorization")");
    row("4.1 public_key of a dependency", "jwt-auth", "public_key                   string");
    row("4.4 key_id", "hmac-auth", "required; at least 1 characters; at most 256 characters");
    row("4.5 one of two lists", "acl", "needs at least one of: allow_labels; deny_labels");
    row("4.5 the separator", "acl",
        "needs external_user_label_field_separator, if external_user_label_field_parser is "
        "\"segmented_text\"");
    row("4.6 by method", "consumer-restriction", "allowed_by_methods[].user");
    row("4.7 rules", "limit-count", "rules[].header_prefix");
    row("4.19 nested", "fault-injection", "abort.http_status            integer");
    row("3.3 _meta", "echo", "_meta: {disable, priority, filter, error_response}");
}

void tst_PluginCli::showsFields()
{
    QFETCH(const QByteArray, plugin);
    QFETCH(const QByteArray, line);
    const Ran ran = runPostern({"plugin", "show", plugin.toStdString()});
    QVERIFY2(ran.out.contains(line.toStdString()), ran.out.c_str());
}

void tst_PluginCli::printsExamples()
{
    const Ran route = runPostern({"plugin", "show", "key-auth", "--example", "route"});
    QCOMPARE(*parseJson(route.out), *parseJson(findPlugin("key-auth")->example));
    QCOMPARE(std::ranges::count(route.out, '\n'), 1);
    const Ran consumer = runPostern({"plugin", "show", "key-auth", "--example", "consumer"});
    QCOMPARE(*parseJson(consumer.out), *parseJson(findPlugin("key-auth")->consumerExample));
}

void tst_PluginCli::refuses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a word that is nearly a plugin")
        << QStringList{QStringLiteral("jwt-aut")} << 1 << QByteArray("did you mean \"jwt-auth\"?");
    QTest::newRow("no name") << QStringList{} << 2 << QByteArray("name");
    QTest::newRow("no consumer part")
        << QStringList{QStringLiteral("acl"), QStringLiteral("--example"),
                       QStringLiteral("consumer")}
        << 1 << QByteArray("nothing to configure in a consumer");
    QTest::newRow("an unknown part")
        << QStringList{QStringLiteral("acl"), QStringLiteral("--example"), QStringLiteral("x")} << 2
        << QByteArray();
}

void tst_PluginCli::refuses()
{
    QFETCH(const QStringList, words);
    QFETCH(const int, exit);
    QFETCH(const QByteArray, text);
    std::vector<std::string> line{"plugin", "show"};
    for (const QString &word : words)
        line.push_back(word.toStdString());
    const Ran ran = runPostern(line);
    QVERIFY2(ran.exit == exit, ran.err.c_str());
    QVERIFY2(ran.err.contains(text.toStdString()), ran.err.c_str());
}

QTEST_GUILESS_MAIN(tst_PluginCli)
#include "tst_plugin_cli.moc"
