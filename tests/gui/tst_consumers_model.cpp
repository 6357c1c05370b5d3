// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/consumers_filter.h"
#include "gui/models/consumers_model.h"
#include "gui/models/logins.h"
#include "gui/models/object_lint.h"
#include "gui/models/seen_times.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"

#include <QAbstractItemModelTester>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QUndoStack>

#include <algorithm>
#include <format>
#include <memory>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

using Condition = ConsumersModel::Condition;

namespace {

Json value(const char *json) { return *parseJson(json); }

const char *const kStrongKey =
    R"({"plugins":{"key-auth":{"key":"q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"}}})";

struct Bench
{
    Session session;
    ObjectLint lint{session};
    SeenTimes seen{session};
    ConsumersModel model{session, lint, seen};
    QAbstractItemModelTester tester{&model};

    Workspace &workspace() { return session.workspace(); }
    void put(const std::string &key, const char *json)
    {
        workspace().update({{key, value(json)}}, false);
    }
    [[nodiscard]] QString text(std::string_view key, ConsumersModel::Column column) const
    {
        return model.find(key).siblingAtColumn(column).data().toString();
    }
    [[nodiscard]] bool is(std::string_view key, Condition condition) const
    {
        return std::ranges::contains(model.conditionsOf(model.find(key)), condition);
    }
};

} // namespace

class tst_ConsumersModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void listsConsumersAndTheirLogins();
    void followsEveryKindOfChange();
    void findsStates();
    void whatIsNotLookedAtYetHasNoState();
    void disabledAndUnusedAreStates();
    void draggingMovesACredential();
    void filters_data();
    void filters();
    void filterSeesWhatChanged();
    void manyConsumersAtOnce();

    void renamingTakesCredentialsAlong();
    void rotatingChangesTheSecretAlone();
    void newCredentialsAreStrong_data();
    void newCredentialsAreStrong();
    void labelsOfSeveralChange();
    void draggedConsumersAreYamlWithoutSecrets();
    void unknownMembersStay();
    void maskedSecretsAreKeptWhenTyped();
    void userNames_data();
    void userNames();
    void movingKeepsTheObject();
};

void tst_ConsumersModel::listsConsumersAndTheirLogins()
{
    Bench bench;
    bench.put("/consumers/jack", R"({"username":"jack","labels":{"team":"platform","a":"b"}})");
    bench.put("/consumers/jack/credentials/c1",
              R"({"plugins":{"jwt-auth":{"key":"jack-key","algorithm":"RS256"}}})");
    bench.put("/consumers/alice",
              R"({"username":"alice","plugins":{"key-auth":{"key":"x"},"limit-count":{}}})");
    QCOMPARE(bench.model.rowCount(), 2);
    QCOMPARE(bench.text("/consumers/alice", ConsumersModel::Name), u"alice"_s);
    QCOMPARE(bench.text("/consumers/alice", ConsumersModel::Credentials), u"key"_s);
    QCOMPARE(bench.text("/consumers/jack", ConsumersModel::Credentials), u"jwt"_s);
    QCOMPARE(bench.text("/consumers/jack", ConsumersModel::Labels), u"team=platform, a=b"_s);
    QCOMPARE(bench.text("/consumers/jack/credentials/c1", ConsumersModel::Credentials), u"RS256"_s);
    QCOMPARE(bench.model.rowCount(bench.model.find("/consumers/alice")), 1); // inline
    QVERIFY(bench.model.find("/consumers/alice", "key-auth").parent().isValid());
}

void tst_ConsumersModel::followsEveryKindOfChange()
{
    Bench bench;
    Workspace &workspace = bench.workspace();
    for (const char *name : {"b", "d", "a", "c"})
        bench.put(consumerKey(name), "{}");
    QCOMPARE(bench.model.rowCount(), 4);
    workspace.stage(
        {}, {{"/consumers/bb", value("{}")}, {"/consumers/b/credentials/k", value(kStrongKey)}});
    QCOMPARE(bench.model.rowCount(), 5);
    QCOMPARE(bench.model.rowCount(bench.model.find("/consumers/b")), 1);
    QVERIFY(bench.model.find("/consumers/bb").data(ConsumersModel::StagedRole).toBool());
    workspace.stage({}, {{"/consumers/b", std::nullopt}});
    QVERIFY(!bench.model.find("/consumers/b").isValid());
    workspace.undoStack()->undo();
    QCOMPARE(bench.model.rowCount(bench.model.find("/consumers/b")), 1);
    workspace.update({{"/consumers/d", value("{}")}}, true);
    workspace.undoStack()->undo();
    QCOMPARE(bench.model.rowCount(), 1);
    workspace.clear();
    QCOMPARE(bench.model.rowCount(), 0);
}

void tst_ConsumersModel::findsStates()
{
    Bench bench;
    bench.put("/consumers/nobody", R"({"username":"nobody"})");
    bench.put("/consumers/good", R"({"username":"good"})");
    bench.put("/consumers/good/credentials/k", kStrongKey);
    for (const char *name : {"one", "two"}) {
        bench.put(consumerKey(name), "{}");
        bench.put(credentialKey(name, "k"), R"({"plugins":{"key-auth":{"key":"same"}}})");
    }
    bench.put("/consumers/vault", R"({"username":"vault"})");
    bench.put("/consumers/vault/credentials/k",
              R"({"plugins":{"key-auth":{"key":"$secret://vault/none/a/b"}}})");
    bench.put("/consumers/sample", R"({"username":"sample"})");
    bench.put("/consumers/sample/credentials/k",
              R"({"plugins":{"jwt-auth":{"key":"s","secret":"your-256-bit-secret"}}})");
    bench.put("/consumers/pair", R"({"username":"pair"})");
    bench.put("/consumers/pair/credentials/k",
              R"({"plugins":{"jwt-auth":{"key":"p","algorithm":"ES256","public_key":"$env://PATH",)"
              R"("private_key":"$env://PATH"}}})");
    QTRY_VERIFY(bench.is("/consumers/nobody", Condition::NoLogin));
    // a rule with no word of its own: the summary counts it, so it is no "active"
    for (const char *const key : {"/consumers/pair", "/consumers/pair/credentials/k"}) {
        QVERIFY(bench.is(key, Condition::Warned));
        QVERIFY(!bench.is(key, Condition::Active));
    }
    QVERIFY(!bench.is("/consumers/nobody", Condition::Warned));
    QCOMPARE(bench.model.conditionsOf(bench.model.find("/consumers/good")),
             std::vector{Condition::Active});
    QCOMPARE(bench.text("/consumers/good", ConsumersModel::State), u"✓ active"_s);
    QVERIFY(bench.is("/consumers/one/credentials/k", Condition::Duplicate));
    QVERIFY(bench.is("/consumers/two/credentials/k", Condition::Duplicate));
    QCOMPARE(bench.text("/consumers/two", ConsumersModel::State), u"✗ duplicate"_s);
    QVERIFY(bench.is("/consumers/one", Condition::Weak));
    QVERIFY(bench.is("/consumers/vault", Condition::Unresolved));
    QVERIFY(bench.is("/consumers/sample/credentials/k", Condition::Weak));
    const QString tip =
        bench.model.find("/consumers/sample/credentials/k").data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(u"sample"_s) && !tip.contains(u"your-256"_s), qPrintable(tip));
}

void tst_ConsumersModel::whatIsNotLookedAtYetHasNoState()
{
    Bench bench;
    bench.put("/consumers/sample", R"({"username":"sample"})");
    bench.put("/consumers/sample/credentials/k",
              R"({"plugins":{"jwt-auth":{"key":"s","secret":"your-256-bit-secret"}}})");
    QCOMPARE(bench.text("/consumers/sample", ConsumersModel::State), u"… checking"_s);
    QVERIFY(!bench.is("/consumers/sample/credentials/k", Condition::Active));
    QTRY_COMPARE(bench.text("/consumers/sample", ConsumersModel::State), u"! weak"_s);
    // a second one is not known because the first is; nor is what another store has
    QSignalSpy changes(&bench.model, &ConsumersModel::dataChanged);
    bench.put("/consumers/good", R"({"username":"good"})");
    bench.put("/consumers/good/credentials/k", kStrongKey);
    QCOMPARE(bench.text("/consumers/good", ConsumersModel::State), u"… checking"_s);
    QVERIFY(!bench.is("/consumers/sample", Condition::Unknown));
    QTRY_COMPARE(bench.text("/consumers/good", ConsumersModel::State), u"✓ active"_s);
    QVERIFY(!changes.isEmpty()); // and views are told
    const auto last = changes.constLast();
    QCOMPARE(last.at(0).toModelIndex().column(), int(ConsumersModel::State));
    bench.workspace().clear();
    bench.put("/consumers/good", R"({"username":"good"})");
    QVERIFY(bench.is("/consumers/good", Condition::Unknown));
}

void tst_ConsumersModel::disabledAndUnusedAreStates()
{
    Bench bench;
    bench.put("/consumers/off", R"({"username":"off","plugins":
        {"key-auth":{"key":"q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u","_meta":{"disable":true}}}})");
    bench.put("/consumers/old", R"({"username":"old","create_time":1600000000})");
    bench.put("/consumers/old/credentials/k", kStrongKey);
    QVERIFY(bench.is("/consumers/off", Condition::Disabled));
    QVERIFY(bench.is("/consumers/old", Condition::Unused));
    Q_EMIT bench.session.tracesArrived({R"({"consumer":"old","time":"2026-01-01T00:00:00.000Z"})"});
    QTRY_VERIFY(!bench.is("/consumers/old", Condition::Unused));
    QVERIFY(bench.text("/consumers/old", ConsumersModel::Seen) != u"—"_s); // E-28: last use
}

void tst_ConsumersModel::draggingMovesACredential()
{
    Bench bench;
    bench.put("/consumers/a", "{}");
    bench.put("/consumers/a/credentials/k", kStrongKey);
    bench.put("/consumers/b", R"({"plugins":{"key-auth":{"key":"inline"}}})");
    const QModelIndex credential = bench.model.find("/consumers/a/credentials/k");
    QVERIFY(bench.model.flags(credential).testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(!bench.model.flags(bench.model.find("/consumers/b", "key-auth"))
                 .testFlag(Qt::ItemIsDragEnabled));
    const std::unique_ptr<QMimeData> mime(bench.model.mimeData({credential}));
    QSignalSpy moved(&bench.model, &ConsumersModel::moveWanted);
    bench.model.dropMimeData(mime.get(), Qt::MoveAction, -1, -1, bench.model.find("/consumers/b"));
    QCOMPARE(moved.count(), 1);
    QCOMPARE(moved.front().at(0).toStringList(), QStringList{u"/consumers/a/credentials/k"_s});
    QCOMPARE(moved.front().at(1).toString(), u"b"_s);
    QVERIFY(!bench.model.canDropMimeData(mime.get(), Qt::MoveAction, -1, -1, {}));
}

void tst_ConsumersModel::filters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("names");
    const auto row = [](const char *name, const QString &text, const QStringList &names) {
        QTest::newRow(name) << text << names;
    };
    row("everything", u""_s, {u"alice"_s, u"bob"_s, u"carol"_s});
    row("a name", u"ali"_s, {u"alice"_s});
    row("a credential's id", u"cred-bob"_s, {u"bob"_s});
    row("a label", u"label:team=platform"_s, {u"alice"_s});
    row("a label's wildcard", u"label:team=*"_s, {u"alice"_s, u"bob"_s});
    row("a type", u"type:jwt-auth"_s, {u"bob"_s});
    row("two types", u"type:jwt-auth|key-auth"_s, {u"alice"_s, u"bob"_s});
    row("without credential", u"-has:credential"_s, {u"carol"_s});
    row("a reference", u"has:env-ref"_s, {u"bob"_s});
    row("a state", u"is:nologin"_s, {u"carol"_s});
    row("what was changed", u"is:changed"_s, {u"carol"_s});
    row("all at once", u"type:key-auth label:team=platform -is:weak"_s, {u"alice"_s});
    row("nobody", u"type:hmac-auth"_s, {});
}

void tst_ConsumersModel::filters()
{
    QFETCH(QString, text);
    QFETCH(QStringList, names);
    Bench bench;
    bench.put("/consumers/alice", R"({"username":"alice","labels":{"team":"platform"}})");
    bench.put("/consumers/alice/credentials/k", kStrongKey);
    bench.put("/consumers/bob", R"({"username":"bob","labels":{"team":"sales"}})");
    bench.put("/consumers/bob/credentials/cred-bob",
              R"({"plugins":{"jwt-auth":{"key":"bob","secret":"$env://BOB_SECRET"}}})");
    bench.workspace().stage({}, {{"/consumers/carol", value(R"({"username":"carol"})")}});
    QTRY_VERIFY(bench.is("/consumers/carol", Condition::NoLogin));
    ConsumersFilter proxy;
    proxy.setSourceModel(&bench.model);
    proxy.sort(0);
    auto filter = Filter::parse(text, ConsumersModel::filterFields());
    QVERIFY2(filter, filter ? "" : filter.error().detail.c_str());
    proxy.setFilter(std::move(*filter));
    QStringList shown;
    for (int i = 0; i < proxy.rowCount(); ++i)
        shown << proxy.index(i, 0).data().toString();
    QCOMPARE(shown, names);
}

void tst_ConsumersModel::filterSeesWhatChanged()
{
    Bench bench;
    bench.put("/consumers/Zoe", R"({"username":"Zoe","desc":"old"})");
    bench.put("/consumers/alice", R"({"username":"alice","desc":"old"})");
    bench.put("/consumers/alice/credentials/k", kStrongKey);
    ConsumersFilter proxy;
    proxy.setSourceModel(&bench.model);
    proxy.sort(ConsumersModel::Name);
    QCOMPARE(proxy.index(0, 0).data().toString(), u"alice"_s); // case does not count
    proxy.setFilter(*Filter::parse(u"fresh", ConsumersModel::filterFields()));
    QCOMPARE(proxy.rowCount(), 0);
    bench.put("/consumers/alice", R"({"username":"alice","desc":"fresh"})");
    QCOMPARE(proxy.rowCount(), 1);
    proxy.setFilter(*Filter::parse(u"team=ops", ConsumersModel::filterFields()));
    QCOMPARE(proxy.rowCount(), 0);
    bench.put("/consumers/alice", R"({"username":"alice","labels":{"team":"ops"}})");
    QCOMPARE(proxy.rowCount(), 1);
    proxy.setFilter(*Filter::parse(u"second", ConsumersModel::filterFields()));
    QCOMPARE(proxy.rowCount(), 0);
    bench.put("/consumers/alice/credentials/second", kStrongKey);
    QCOMPARE(proxy.rowCount(), 1);
    bench.workspace().update({{"/consumers/alice/credentials/second", std::nullopt}}, false);
    QCOMPARE(proxy.rowCount(), 0);
}

void tst_ConsumersModel::manyConsumersAtOnce()
{
    Bench bench;
    std::vector<Edit> edits;
    for (int i = 0; i < 1000; ++i)
        edits.push_back({std::format("/consumers/c{:04}", i), value("{}")});
    bench.workspace().update(edits, true);
    QCOMPARE(bench.model.rowCount(), 1000);
    QCOMPARE(bench.model.index(999, 0).data().toString(), u"c0999"_s);
}

void tst_ConsumersModel::renamingTakesCredentialsAlong()
{
    Bench bench;
    bench.put("/consumers/jack", R"({"username":"jack","desc":"d"})");
    bench.put("/consumers/jack/credentials/k", kStrongKey);
    bench.workspace().stage({}, renamed(bench.workspace(), "/consumers/jack", "john"));
    QVERIFY(!bench.workspace().value("/consumers/jack"));
    QCOMPARE(bench.workspace().value("/consumers/john")->dump(),
             R"({"username":"john","desc":"d"})");
    QCOMPARE(*bench.workspace().value("/consumers/john/credentials/k"), value(kStrongKey));
    QCOMPARE(bench.workspace().keys("/consumers/jack/credentials").size(), 0U);
}

void tst_ConsumersModel::rotatingChangesTheSecretAlone()
{
    const Json before =
        value(R"({"id":"x","plugins":{"jwt-auth":{"key":"jack-key","secret":"old","x":1}}})");
    const auto after = rotated(before, "jwt-auth");
    QVERIFY(after);
    QVERIFY(loginConfig(*after, "jwt-auth")->stringOr("secret", "") != "old");
    QCOMPARE(withMember(*after, {"plugins", "jwt-auth", "secret"}, Json("old")), before);
    QVERIFY(!rotated(before, "key-auth"));
}

void tst_ConsumersModel::newCredentialsAreStrong_data()
{
    QTest::addColumn<QByteArray>("plugin");
    for (const LoginKind &kind : loginKinds()) {
        const QByteArray name = QByteArray::fromStdString(std::string(kind.plugin));
        QTest::newRow(name.constData()) << name;
    }
}

void tst_ConsumersModel::newCredentialsAreStrong()
{
    QFETCH(QByteArray, plugin);
    Bench bench;
    bench.put("/consumers/jack", R"({"username":"jack"})");
    auto edit = newCredential(bench.workspace(), "jack", plugin.toStdString());
    QVERIFY(edit);
    const std::string key = edit->key;
    bench.workspace().stage({}, {*edit});
    const auto again = newCredential(bench.workspace(), "jack", plugin.toStdString());
    QVERIFY(again && again->key != key);
    QTRY_VERIFY(!bench.lint.isBusy());
    QCOMPARE(bench.model.conditionsOf(bench.model.find(key)), std::vector{Condition::Active});
}

void tst_ConsumersModel::labelsOfSeveralChange()
{
    Bench bench;
    bench.put("/consumers/a", R"({"username":"a","labels":{"team":"x","old":"1"}})");
    bench.put("/consumers/b", R"({"username":"b"})");
    bench.put("/consumers/c", R"({"username":"c","labels":{"team":"y"}})");
    const auto edits =
        relabelled(bench.workspace(), {"/consumers/a", "/consumers/b", "/consumers/c"},
                   {{{"team", "y"}}, {{"old", "1"}, {"old", "2"}}});
    QCOMPARE(edits.size(), 2U); // c is as it was
    QCOMPARE(edits[0].value->dump(), R"({"username":"a","labels":{"team":"y"}})");
    QCOMPARE(edits[1].value->dump(), R"({"username":"b","labels":{"team":"y"}})");
}

void tst_ConsumersModel::draggedConsumersAreYamlWithoutSecrets()
{
    Bench bench;
    bench.put("/consumers/a", R"({"username":"a"})");
    bench.put("/consumers/a/credentials/k", R"({"plugins":{"key-auth":{"key":"q7Vb2LxN9f"}}})");
    bench.put("/consumers/b", R"({"username":"b"})");
    const QModelIndex a = bench.model.find("/consumers/a");
    QVERIFY(bench.model.flags(a).testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(bench.model.supportedDragActions().testFlag(Qt::CopyAction));
    const std::unique_ptr<QMimeData> mime(
        bench.model.mimeData({a, a.siblingAtColumn(ConsumersModel::Labels)}));
    QCOMPARE(mime->data(u"text/yaml"_s),
             "# Read from the gateway's environment: A_K_KEY\n"
             "consumers:\n  - username: a\n    credentials:\n      - id: k\n        plugins:\n"
             "          key-auth:\n            key: \"$env://A_K_KEY\"\n");
    QCOMPARE(mime->text(), QString::fromUtf8(mime->data(u"text/yaml"_s)));
    // a consumer is no credential that another one could take
    QVERIFY(!bench.model.canDropMimeData(mime.get(), Qt::MoveAction, -1, -1,
                                         bench.model.find("/consumers/b")));
}

void tst_ConsumersModel::unknownMembersStay()
{
    const Json before = value(R"({"username":"jack","x-team":[1.0],"labels":{"a":"b"}})");
    const Json after = withLabels(before, {{"a", "c"}});
    QCOMPARE(after.dump(), R"({"username":"jack","x-team":[1.0],"labels":{"a":"c"}})");
    QVERIFY(!withLabels(before, {}).contains("labels"));
}

void tst_ConsumersModel::maskedSecretsAreKeptWhenTyped()
{
    const Json before = value(
        R"({"plugins":{"jwt-auth":{"key":"k","secret":"s3cret"}},"create_time":1,"update_time":2})");
    Json shown = shownAs(before, false);
    QCOMPARE(shown.dump(), R"({"plugins":{"jwt-auth":{"key":"k","secret":"***"}}})");
    shown = withMember(shown, {"plugins", "jwt-auth", "key"}, Json("other"));
    QCOMPARE(withSecretsOf(shown, before).dump(),
             R"({"plugins":{"jwt-auth":{"key":"other","secret":"s3cret"}}})");
    const Json typed = withMember(shown, {"plugins", "jwt-auth", "secret"}, Json("new"));
    QCOMPARE(withSecretsOf(typed, before), typed);
}

void tst_ConsumersModel::userNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("good");
    QTest::newRow("letters") << u"jack"_s << true;
    QTest::newRow("digits, bar and minus") << u"Jack_2-b"_s << true;
    QTest::newRow("a space") << u"bad name"_s << false;
    QTest::newRow("a dot") << u"a.b"_s << false;
    QTest::newRow("a slash") << u"a/b"_s << false;
    QTest::newRow("an umlaut") << u"jörg"_s << false;
    QTest::newRow("nothing") << QString() << false;
}

void tst_ConsumersModel::userNames()
{
    QFETCH(QString, name);
    QFETCH(bool, good);
    QCOMPARE(userNameFault(name).isEmpty(), good);
}

void tst_ConsumersModel::movingKeepsTheObject()
{
    Bench bench;
    const char *const json = R"({"id":"k","plugins":{"key-auth":{"key":"x"}},"create_time":7})";
    bench.put("/consumers/a/credentials/k", json);
    bench.put("/consumers/b/credentials/k", kStrongKey);
    const auto edits = moved(bench.workspace(), "/consumers/a/credentials/k", "b");
    QCOMPARE(edits.size(), 2U);
    QVERIFY(!edits[0].value);
    QCOMPARE(edits[1].key, "/consumers/b/credentials/k-2");
    QCOMPARE(edits[1].value->find("create_time")->asInteger(), 7);
    QVERIFY(moved(bench.workspace(), "/consumers/a/credentials/k", "a").empty());
}

QTEST_GUILESS_MAIN(tst_ConsumersModel)
#include "tests/support/patience.h"
#include "tst_consumers_model.moc"
