// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/access/toggle_rule.h"

#include <QTest>

#include <map>

using namespace postern;

class tst_ToggleRule : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void turnsAnAnswerAround_data();
    void turnsAnAnswerAround();
    void changesTheRuleWhereItStands();
    void keepsWhatItDoesNotKnow();
};

namespace {

using Objects = std::map<std::string, Json, std::less<>>;

Json json(const char *text) { return parseJson(text).value_or(Json()); }

Result<gateway::AccessEdit> toggle(const Objects &objects, bool allowed)
{
    return gateway::toggleAccess(
        [&objects](std::string_view key) {
            const auto found = objects.find(key);
            return found == objects.end() ? nullptr : &found->second;
        },
        "1", "bob", allowed);
}

} // namespace

void tst_ToggleRule::turnsAnAnswerAround_data()
{
    QTest::addColumn<QByteArray>("labels");
    QTest::addColumn<QByteArray>("plugins");
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QByteArray>("changed"); ///< the plugins, or the refusal
    QTest::addColumn<QByteArray>("sentence");

    const QByteArray sales = R"({"team":"sales"})";
    const QByteArray onlyPlatform = R"({"acl":{"allow_labels":{"team":["platform"]}}})";
    QTest::newRow("acl: a value joins the allow list")
        << sales << onlyPlatform << false
        << QByteArray(R"({"acl":{"allow_labels":{"team":["platform","sales"]}}})")
        << QByteArray("add sales to allow_labels.team");
    QTest::newRow("acl: a value leaves the allow list")
        << sales << QByteArray(R"({"acl":{"allow_labels":{"team":["platform","sales"]}}})") << true
        << onlyPlatform << QByteArray("take sales from allow_labels.team");
    QTest::newRow("acl: the last value of an allow list stays, the deny list wins")
        << sales << QByteArray(R"({"acl":{"allow_labels":{"team":["sales"]}}})") << true
        << QByteArray(
               R"({"acl":{"allow_labels":{"team":["sales"]},"deny_labels":{"team":["sales"]}}})")
        << QByteArray("add sales to deny_labels.team");
    QTest::newRow("acl: an empty deny list leaves, and the plugin with it")
        << sales << QByteArray(R"({"acl":{"deny_labels":{"team":["sales"]}},"key-auth":{}})")
        << false << QByteArray(R"({"key-auth":{}})")
        << QByteArray("take sales from deny_labels.team");
    QTest::newRow("acl: every value of a list label is taken off")
        << QByteArray(R"({"team":"sales,ops"})")
        << QByteArray(R"({"acl":{"allow_labels":{"team":["ops","platform","sales"]}}})") << true
        << onlyPlatform
        << QByteArray("take sales from allow_labels.team, ops from allow_labels.team");
    QTest::newRow("acl: denied and not allowed are both mended")
        << sales
        << QByteArray(
               R"({"acl":{"allow_labels":{"team":["x"]},"deny_labels":{"team":["sales","y"]}}})")
        << false
        << QByteArray(
               R"({"acl":{"allow_labels":{"team":["x","sales"]},"deny_labels":{"team":["y"]}}})")
        << QByteArray("take sales from deny_labels.team, add sales to allow_labels.team");
    QTest::newRow("acl: without a label that is asked for")
        << QByteArray(R"({"role":"guest"})") << onlyPlatform << false << QByteArray()
        << QByteArray("bob has none of the labels that allow_labels asks for: team; give it one");
    QTest::newRow("consumer-restriction: off the blacklist")
        << QByteArray() << QByteArray(R"({"consumer-restriction":{"blacklist":["bob","eve"]}})")
        << false << QByteArray(R"({"consumer-restriction":{"blacklist":["eve"]}})")
        << QByteArray("take bob from its blacklist");
    QTest::newRow("consumer-restriction: the only name of a blacklist takes the plugin along")
        << QByteArray() << QByteArray(R"({"consumer-restriction":{"blacklist":["bob"]}})") << false
        << QByteArray("{}") << QByteArray("take bob from its blacklist");
    QTest::newRow("consumer-restriction: onto the whitelist")
        << QByteArray() << QByteArray(R"({"consumer-restriction":{"whitelist":["eve"]}})") << false
        << QByteArray(R"({"consumer-restriction":{"whitelist":["eve","bob"]}})")
        << QByteArray("add bob to its whitelist");
    QTest::newRow("consumer-restriction: the only name of a whitelist is blacklisted")
        << QByteArray() << QByteArray(R"({"consumer-restriction":{"whitelist":["bob"]}})") << true
        << QByteArray(R"({"consumer-restriction":{"whitelist":["bob"],"blacklist":["bob"]}})")
        << QByteArray("add bob to its blacklist");
    QTest::newRow("no rule: a blacklist is made")
        << QByteArray() << QByteArray(R"({"key-auth":{}})") << true
        << QByteArray(R"({"key-auth":{},"consumer-restriction":{"blacklist":["bob"]}})")
        << QByteArray("add bob to its blacklist");
    QTest::newRow("no rule refuses it")
        << QByteArray() << QByteArray(R"({"key-auth":{}})") << false << QByteArray()
        << QByteArray("no access rule of this route refuses it");
    QTest::newRow("a restriction of another kind")
        << QByteArray()
        << QByteArray(R"({"consumer-restriction":{"type":"route_id","whitelist":["1"]}})") << true
        << QByteArray() << QByteArray("the consumer-restriction plugin there does not go by names");
}

void tst_ToggleRule::turnsAnAnswerAround()
{
    QFETCH(QByteArray, labels);
    QFETCH(QByteArray, plugins);
    QFETCH(bool, allowed);
    QFETCH(QByteArray, changed);
    QFETCH(QByteArray, sentence);
    Objects objects{{"/routes/1", Json::object({{"plugins", json(plugins.constData())}})},
                    {"/consumers/bob", Json::object({{"username", "bob"}})}};
    if (!labels.isEmpty())
        objects["/consumers/bob"].set("labels", json(labels.constData()));
    const auto edit = toggle(objects, allowed);
    QCOMPARE(edit.has_value(), !changed.isEmpty());
    if (!edit) {
        QCOMPARE(edit.error().code, Errc::Unsupported);
        QCOMPARE(QByteArray::fromStdString(edit.error().detail), sentence);
        return;
    }
    QCOMPARE(edit->key, std::string("/routes/1"));
    QCOMPARE(QByteArray::fromStdString(edit->value.find("plugins")->dump()), changed);
    QCOMPARE(QByteArray::fromStdString(edit->sentence), sentence);
}

void tst_ToggleRule::changesTheRuleWhereItStands()
{
    Objects objects{
        {"/routes/1", json(R"({"plugin_config_id":7,"service_id":"s"})")},
        {"/plugin_configs/7", json(R"({"plugins":{"acl":{"deny_labels":{"team":["sales"]}}}})")},
        {"/services/s", json(R"({"plugins":{"acl":{"deny_labels":{"team":["sales"]}}}})")},
        {"/consumers/bob", json(R"({"username":"bob","labels":{"team":"sales"}})")}};
    QCOMPARE(toggle(objects, false)->key, std::string("/plugin_configs/7"));
    objects.erase("/plugin_configs/7");
    QCOMPARE(toggle(objects, false)->key, std::string("/services/s"));
    objects.erase("/services/s");
    QCOMPARE(toggle(objects, true)->key, std::string("/routes/1"));
}

void tst_ToggleRule::keepsWhatItDoesNotKnow()
{
    const Objects objects{
        {"/routes/1",
         json(R"({"uri":"/a","x-team":[1.0],"create_time":1,"update_time":2,"plugins":{"b":{}}})")},
        {"/consumers/bob", json(R"({"username":"bob"})")}};
    const auto edit = toggle(objects, true);
    QVERIFY(edit);
    const std::string expected =
        R"({"uri":"/a","x-team":[1.0],"plugins":{"b":{},"consumer-restriction":{"blacklist":["bob"]}}})";
    QCOMPARE(edit->value.dump(), expected);
}

QTEST_GUILESS_MAIN(tst_ToggleRule)
#include "tst_toggle_rule.moc"
