// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gui/session/workspace.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QUndoStack>

#include <algorithm>

using namespace postern;
using namespace postern::gui;

using Strings = std::vector<std::string>;

/// A store that answers when it is told to, and keeps times as the gateway does.
class FakeStore
{
public:
    explicit FakeStore(Workspace &workspace) : m_workspace(workspace)
    {
        workspace.setWriter([this](std::vector<Edit> edits, bool dry, const auto &done) {
            ++(dry ? checks : writes);
            if (!refusals.empty()) {
                done(refusals);
                return;
            }
            if (!dry)
                write(std::move(edits));
            done({});
        });
    }
    void put(const std::string &key, const char *json)
    {
        m_workspace.update({{key, *parseJson(json)}}, false);
    }

    int writes = 0, checks = 0;
    Workspace::Refusals refusals;

private:
    void write(std::vector<Edit> edits)
    {
        for (Edit &edit : edits) {
            if (edit.value && !edit.value->contains("update_time"))
                edit.value->set("update_time", ++m_time);
        }
        m_workspace.update(std::move(edits), false);
    }
    Workspace &m_workspace;
    int m_time = 1000;
};

class tst_Workspace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsStagedEditsOnTopOfTheStore();
    void listsACollectionInOrder();
    void stagingWhatIsStoredIsNoEdit();
    void undoAndRedoStaging();
    void typingIsOneStep();
    void typingElsewhereIsAnotherStep();
    void savesAsOneStepAndUndoStagesAgain();
    void tellsStepsThatAreTakenBack();
    void saveKeepsWhatWasTypedMeanwhile();
    void refusedSaveLosesNothing();
    void refusedUndoGoesBack();
    void commitsAtOnceAndBringsTimesBack();
    void deletingAConsumerTakesItsCredentialsAlong();
    void previewIsInAnOrderThatTheGatewayAccepts();
    void previewHasNoTimes();
    void discardsOneObject();
    void checksWhatIsStagedAndForgetsWhenEdited();
    void completeUpdatesRemoveWhatIsNotNamed();
    void anEqualForeignChangeEndsTheEdit();
    void tellsWhatChangedAndNothingElse();
    void clearForgetsEverything();
    void aLockTakesSecretsOutOfMemory();
    void lockedNothingCanBeChanged();
    void whatComesWhileLockedIsSealed();
    void aLockWaitsForWhatIsBeingWritten();

private:
    static Json value(const char *json) { return *parseJson(json); }
};

void tst_Workspace::showsStagedEditsOnTopOfTheStore()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put("/consumers/jack", R"({"username":"jack","update_time":1})");
    QVERIFY(!workspace.isDirty());
    workspace.stage(QStringLiteral("Edit"),
                    {{"/consumers/jack", value(R"({"username":"jack","desc":"x"})")},
                     {"/routes/1", value(R"({"uri":"/"})")}});
    QCOMPARE(workspace.value("/consumers/jack")->stringOr("desc", ""), "x");
    QVERIFY(!workspace.stored("/consumers/jack")->contains("desc"));
    QVERIFY(workspace.value("/routes/1"));
    QVERIFY(!workspace.stored("/routes/1"));
    QVERIFY(workspace.isDirty());
    QCOMPARE(workspace.staged(), (Strings{"/consumers/jack", "/routes/1"}));
    QCOMPARE(store.writes, 0);
}

void tst_Workspace::listsACollectionInOrder()
{
    Workspace workspace;
    FakeStore store(workspace);
    for (const char *key : {"/consumers/b", "/consumers/b-2", "/consumers/b/credentials/x",
                            "/consumers/d", "/consumership/no"})
        store.put(key, "{}");
    workspace.stage({},
                    {{"/consumers/c", value("{}")},
                     {"/consumers/d", std::nullopt},
                     {"/consumers/b/credentials/y", value("{}")}});
    QCOMPARE(workspace.keys("/consumers"),
             (Strings{"/consumers/b", "/consumers/b-2", "/consumers/c"}));
    QCOMPARE(workspace.keys("/consumers/b/credentials"),
             (Strings{"/consumers/b/credentials/x", "/consumers/b/credentials/y"}));
    QCOMPARE(workspace.keys("/routes"), Strings());
}

void tst_Workspace::stagingWhatIsStoredIsNoEdit()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put("/routes/1", R"({"uri":"/a","update_time":5})");
    workspace.stage({}, {{"/routes/1", value(R"({"uri":"/a"})")}});
    QVERIFY(!workspace.isDirty());
    workspace.stage({}, {{"/routes/2", std::nullopt}});
    QVERIFY(!workspace.isDirty());
}

void tst_Workspace::undoAndRedoStaging()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put("/routes/1", R"({"uri":"/a"})");
    workspace.stage(QStringLiteral("Delete route 1"), {{"/routes/1", std::nullopt}});
    QVERIFY(!workspace.value("/routes/1"));
    QCOMPARE(workspace.undoStack()->undoText(), QStringLiteral("Delete route 1"));
    workspace.undoStack()->undo();
    QVERIFY(workspace.value("/routes/1"));
    QVERIFY(!workspace.isDirty());
    workspace.undoStack()->redo();
    QVERIFY(!workspace.value("/routes/1"));
}

void tst_Workspace::typingIsOneStep()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put("/routes/1", R"({"uri":"/"})");
    for (const char *uri : {R"({"uri":"/a"})", R"({"uri":"/ab"})", R"({"uri":"/abc"})"})
        workspace.stageTyping(QStringLiteral("Edit"), {{"/routes/1", value(uri)}}, 7);
    QCOMPARE(workspace.undoStack()->count(), 1);
    QCOMPARE(workspace.value("/routes/1")->stringOr("uri", ""), "/abc");
    workspace.undoStack()->undo();
    QCOMPARE(workspace.value("/routes/1")->stringOr("uri", ""), "/");
}

void tst_Workspace::typingElsewhereIsAnotherStep()
{
    Workspace workspace;
    FakeStore store(workspace);
    workspace.stageTyping({}, {{"/routes/1", value(R"({"uri":"/a"})")}}, 7);
    workspace.stageTyping({}, {{"/routes/2", value(R"({"uri":"/b"})")}}, 8);
    QCOMPARE(workspace.undoStack()->count(), 2);
    // a name that is typed changes the key with each letter
    workspace.stageTyping({}, {{"/routes/2", std::nullopt}, {"/routes/22", value("{}")}}, 8);
    QCOMPARE(workspace.undoStack()->count(), 2);
    QCOMPARE(workspace.keys("/routes"), (Strings{"/routes/1", "/routes/22"}));
    workspace.undoStack()->undo();
    QCOMPARE(workspace.keys("/routes"), Strings{"/routes/1"});
}

void tst_Workspace::savesAsOneStepAndUndoStagesAgain()
{
    Workspace workspace;
    FakeStore store(workspace);
    QSignalSpy saved(&workspace, &Workspace::saved);
    store.put("/routes/1", R"({"uri":"/a","create_time":3,"update_time":5})");
    workspace.stage({}, {{"/routes/1", value(R"({"uri":"/b","create_time":3,"update_time":5})")}});
    workspace.stage({}, {{"/routes/2", value(R"({"uri":"/c"})")}});
    workspace.save();
    QCOMPARE(saved.count(), 1);
    QCOMPARE(saved.front().at(0).toString(), QStringLiteral("Saved 2 change(s)"));
    QVERIFY(!workspace.isDirty());
    QCOMPARE(workspace.stored("/routes/1")->stringOr("uri", ""), "/b");
    QCOMPARE(workspace.stored("/routes/1")->find("create_time")->asInteger(), 3);
    QVERIFY(workspace.stored("/routes/1")->find("update_time")->asInteger() > 1000);
    QCOMPARE(workspace.undoStack()->count(), 3);

    workspace.undoStack()->undo();
    QCOMPARE(*workspace.stored("/routes/1"),
             value(R"({"uri":"/a","create_time":3,"update_time":5})"));
    QVERIFY(!workspace.stored("/routes/2"));
    QCOMPARE(workspace.staged(), (Strings{"/routes/1", "/routes/2"}));
    QCOMPARE(workspace.value("/routes/1")->stringOr("uri", ""), "/b");

    workspace.undoStack()->redo();
    QVERIFY(!workspace.isDirty());
    QCOMPARE(workspace.stored("/routes/1")->stringOr("uri", ""), "/b");
    QVERIFY(workspace.stored("/routes/2"));

    workspace.undoStack()->undo();
    workspace.undoStack()->undo();
    workspace.undoStack()->undo();
    QVERIFY(!workspace.isDirty());
    QVERIFY(!workspace.value("/routes/2"));
}

void tst_Workspace::tellsStepsThatAreTakenBack()
{
    using Step = Workspace::Step;
    Workspace workspace;
    FakeStore store(workspace);
    QList<std::pair<QString, Step>> told;
    const auto note = [&told](const QString &text, Step step) { told.emplace_back(text, step); };
    connect(&workspace, &Workspace::saved, &workspace, note);
    connect(&workspace, &Workspace::stepped, &workspace, note);
    const QString add = QStringLiteral("Add"), edit = QStringLiteral("Edit");
    workspace.commit(add, {{"/routes/1", value("{}")}});
    workspace.stage(edit, {{"/routes/1", value(R"({"uri":"/a"})")}});
    workspace.undo();
    workspace.redo();
    workspace.undo();
    workspace.undo();
    workspace.undo(); // nothing is left
    workspace.redo();
    const QList<std::pair<QString, Step>> wanted{{add, Step::Done},    {edit, Step::Undone},
                                                 {edit, Step::Redone}, {edit, Step::Undone},
                                                 {add, Step::Undone},  {add, Step::Redone}};
    QVERIFY(told == wanted);
}

void tst_Workspace::saveKeepsWhatWasTypedMeanwhile()
{
    Workspace workspace;
    std::function<void(Workspace::Refusals)> finish;
    workspace.setWriter([&finish](const auto &, bool dry, auto done) {
        if (!dry)
            finish = std::move(done);
    });
    workspace.stage({}, {{"/routes/1", value(R"({"uri":"/a"})")}});
    workspace.save();
    workspace.stage({}, {{"/routes/1", value(R"({"uri":"/ab"})")}});
    workspace.update({{"/routes/1", value(R"({"uri":"/a","update_time":1})")}}, false);
    finish({});
    QVERIFY(workspace.isDirty());
    QCOMPARE(workspace.value("/routes/1")->stringOr("uri", ""), "/ab");
}

void tst_Workspace::refusedSaveLosesNothing()
{
    Workspace workspace;
    FakeStore store(workspace);
    QSignalSpy refused(&workspace, &Workspace::refused);
    workspace.stage({}, {{"/routes/1", value("{}")}});
    store.refusals = {{"/routes/1", {Errc::Schema, "uri is missing", {}}}};
    workspace.save();
    QCOMPARE(refused.count(), 1);
    QCOMPARE(refused.front().at(1).value<std::string>(), "/routes/1");
    QVERIFY(workspace.isDirty());
    QVERIFY(workspace.refusal("/routes/1"));
    QCOMPARE(workspace.undoStack()->count(), 1);
}

void tst_Workspace::refusedUndoGoesBack()
{
    Workspace workspace;
    FakeStore store(workspace);
    workspace.commit(QStringLiteral("Add"), {{"/routes/1", value("{}")}});
    store.refusals = {{"", {Errc::Io, "the disk is full", {}}}};
    QSignalSpy refused(&workspace, &Workspace::refused);
    // the refusal arrives after undo() returned, as from the session's thread
    workspace.setWriter([](const auto &, bool, const auto &done) {
        QTimer::singleShot(0, [done] { done({{"", {Errc::Io, "the disk is full", {}}}}); });
    });
    workspace.undo();
    QTRY_COMPARE(refused.count(), 1);
    QCOMPARE(refused.front().at(0).toString(), QStringLiteral("Undo Add"));
    QCOMPARE(workspace.undoStack()->index(), 1);
    QVERIFY(workspace.value("/routes/1"));
}

void tst_Workspace::commitsAtOnceAndBringsTimesBack()
{
    Workspace workspace;
    FakeStore store(workspace);
    const char *const json = R"({"uri":"/a","create_time":3,"update_time":5})";
    store.put("/routes/1", json);
    workspace.stage({}, {{"/routes/9", value("{}")}});
    workspace.commit(QStringLiteral("Delete"), {{"/routes/1", std::nullopt}});
    QVERIFY(!workspace.stored("/routes/1"));
    QCOMPARE(workspace.staged(), Strings{"/routes/9"});
    workspace.undoStack()->undo();
    QCOMPARE(workspace.stored("/routes/1")->dump(), value(json).dump());
}

void tst_Workspace::deletingAConsumerTakesItsCredentialsAlong()
{
    Workspace workspace;
    FakeStore store(workspace);
    for (const char *key : {"/consumers/jack", "/consumers/jack-2", "/consumers/jack/credentials/a",
                            "/consumers/jack/credentials/b"})
        store.put(key, R"({"update_time":5})");
    workspace.stage({},
                    {{"/consumers/jack/credentials/a", value(R"({"desc":"edited"})")},
                     {"/consumers/jack/credentials/c", value("{}")}});
    workspace.commit(QStringLiteral("Delete"), {{"/consumers/jack", std::nullopt}});
    QCOMPARE(workspace.keys("/consumers"), Strings{"/consumers/jack-2"});
    QCOMPARE(workspace.keys("/consumers/jack/credentials"), Strings());
    QVERIFY(!workspace.isDirty());
    workspace.undoStack()->undo();
    QCOMPARE(workspace.keys("/consumers/jack/credentials").size(), 3U);
    QCOMPARE(workspace.value("/consumers/jack/credentials/a")->stringOr("desc", ""), "edited");
    QCOMPARE(workspace.stored("/consumers/jack/credentials/b")->dump(), R"({"update_time":5})");
}

void tst_Workspace::previewIsInAnOrderThatTheGatewayAccepts()
{
    Workspace workspace;
    FakeStore store(workspace);
    for (const char *key :
         {"/consumers/old", "/consumers/old/credentials/x", "/upstreams/u0", "/routes/r0"})
        store.put(key, "{}");
    workspace.stage({},
                    {{"/routes/r1", value("{}")},
                     {"/consumers/new/credentials/k", value("{}")},
                     {"/consumers/new", value("{}")},
                     {"/upstreams/u1", value("{}")},
                     {"/upstreams/u0", std::nullopt},
                     {"/routes/r0", std::nullopt},
                     {"/consumers/old", std::nullopt}});
    QStringList calls;
    for (const AdminCall &call : workspace.preview())
        calls << QString::fromStdString(call.method + " " + call.path);
    QCOMPARE(calls,
             (QStringList{QStringLiteral("PUT /upstreams/u1"), QStringLiteral("PUT /consumers/new"),
                          QStringLiteral("PUT /consumers/new/credentials/k"),
                          QStringLiteral("PUT /routes/r1"), QStringLiteral("DELETE /routes/r0"),
                          QStringLiteral("DELETE /consumers/old"),
                          QStringLiteral("DELETE /upstreams/u0")}));
}

void tst_Workspace::previewHasNoTimes()
{
    Workspace workspace;
    FakeStore store(workspace);
    workspace.stage({}, {{"/routes/1", value(R"({"uri":"/a","create_time":1,"update_time":2})")}});
    QCOMPARE(workspace.preview().size(), 1U);
    QCOMPARE(workspace.preview().front().body.dump(), R"({"uri":"/a"})");
}

void tst_Workspace::discardsOneObject()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put("/routes/1", R"({"uri":"/a"})");
    workspace.stage({}, {{"/routes/1", value(R"({"uri":"/b"})")}, {"/routes/2", value("{}")}});
    workspace.discard("/routes/1");
    QCOMPARE(workspace.value("/routes/1")->stringOr("uri", ""), "/a");
    QVERIFY(workspace.isStaged("/routes/2"));
    workspace.undoStack()->undo();
    QCOMPARE(workspace.value("/routes/1")->stringOr("uri", ""), "/b");
    workspace.discard("/routes/7");
    QVERIFY(!workspace.undoStack()->undoText().contains(QLatin1Char('7')));
}

void tst_Workspace::checksWhatIsStagedAndForgetsWhenEdited()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.refusals = {{"/routes/1", {Errc::Schema, "uri is missing", {}}}};
    workspace.stage({}, {{"/routes/1", value("{}")}});
    QVERIFY(!workspace.refusal("/routes/1"));
    QTRY_VERIFY(workspace.refusal("/routes/1"));
    QCOMPARE(workspace.refusal("/routes/1")->detail, "uri is missing");
    store.refusals.clear();
    workspace.stage({}, {{"/routes/1", value(R"({"uri":"/"})")}});
    QVERIFY(!workspace.refusal("/routes/1"));
    QTRY_COMPARE(store.checks, 2);
    QVERIFY(!workspace.refusal("/routes/1"));
    QCOMPARE(store.writes, 0);
}

void tst_Workspace::completeUpdatesRemoveWhatIsNotNamed()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put("/routes/1", "{}");
    store.put("/routes/2", R"({"uri":"/2"})");
    QSignalSpy changed(&workspace, &Workspace::changed);
    workspace.update({{"/routes/2", value(R"({"uri":"/2"})")}, {"/routes/3", value("{}")}}, true);
    QCOMPARE(workspace.keys("/routes"), (Strings{"/routes/2", "/routes/3"}));
    auto keys = changed.front().front().value<Strings>();
    std::ranges::sort(keys);
    QCOMPARE(keys, (Strings{"/routes/1", "/routes/3"}));
}

void tst_Workspace::anEqualForeignChangeEndsTheEdit()
{
    Workspace workspace;
    FakeStore store(workspace);
    workspace.stage({}, {{"/routes/1", value(R"({"uri":"/a"})")}});
    store.put("/routes/1", R"({"uri":"/other"})");
    QVERIFY(workspace.isDirty());
    QCOMPARE(workspace.value("/routes/1")->stringOr("uri", ""), "/a");
    store.put("/routes/1", R"({"uri":"/a","update_time":4})");
    QVERIFY(!workspace.isDirty());
}

void tst_Workspace::tellsWhatChangedAndNothingElse()
{
    Workspace workspace;
    FakeStore store(workspace);
    QSignalSpy changed(&workspace, &Workspace::changed);
    store.put("/routes/1", "{}");
    QCOMPARE(changed.count(), 1);
    store.put("/routes/1", "{}");
    workspace.update({{"/routes/5", std::nullopt}}, false);
    workspace.update({{"/routes/1", value("{}")}}, true);
    QCOMPARE(changed.count(), 1);
}

void tst_Workspace::clearForgetsEverything()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put("/routes/1", "{}");
    workspace.stage({}, {{"/routes/2", value("{}")}});
    QSignalSpy cleared(&workspace, &Workspace::cleared);
    workspace.clear();
    QCOMPARE(cleared.count(), 1);
    QVERIFY(!workspace.isDirty());
    QCOMPARE(workspace.keys("/routes"), Strings());
    QVERIFY(!workspace.undoStack()->canUndo());
}

namespace {

constexpr auto kKey = "/consumers/jack/credentials/c";

Json login(const char *secret)
{
    return Json::object(
        {{"plugins",
          Json::object({{"jwt-auth", Json::object({{"key", "jack-key"}, {"secret", secret}})}})}});
}

} // namespace

void tst_Workspace::aLockTakesSecretsOutOfMemory()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put("/consumers/jack", R"({"username":"jack"})");
    store.put(kKey, login("first-secret").dump().c_str());
    workspace.commit(QStringLiteral("Rotate"), {{kKey, login("second-secret")}});
    workspace.stage(QStringLiteral("Edit"), {{kKey, login("third-secret")}});
    const std::string stored = workspace.stored(kKey)->dump();
    const QSignalSpy changed(&workspace, &Workspace::changed);

    workspace.setLocked(true);
    QVERIFY(workspace.isLocked());
    QCOMPARE(changed.size(), 1); // models take the secrets out of theirs
    QCOMPARE(changed.front().front().value<Strings>(), (Strings{kKey}));
    QVERIFY(!workspace.stored(kKey)->dump().contains("second-secret"));
    QVERIFY(!workspace.value(kKey)->dump().contains("third-secret"));
    QVERIFY(workspace.value(kKey)->dump().contains("jack-key")); // no secret
    QCOMPARE(workspace.stored("/consumers/jack")->dump(), R"({"username":"jack"})");
    QVERIFY(workspace.isDirty());

    workspace.setLocked(false);
    QCOMPARE(workspace.stored(kKey)->dump(), stored);
    QVERIFY(workspace.value(kKey)->dump().contains("third-secret"));
    // what can be undone was locked with it
    workspace.undoStack()->undo();
    QVERIFY(!workspace.isDirty());
    workspace.undoStack()->undo();
    QVERIFY(workspace.stored(kKey)->dump().contains("first-secret"));
    workspace.undoStack()->redo();
    workspace.undoStack()->redo();
    QVERIFY(workspace.value(kKey)->dump().contains("third-secret"));
}

void tst_Workspace::lockedNothingCanBeChanged()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put(kKey, login("first-secret").dump().c_str());
    workspace.commit(QStringLiteral("Rotate"), {{kKey, login("second-secret")}});
    workspace.stage(QStringLiteral("Edit"), {{kKey, login("third-secret")}});
    workspace.setLocked(true);
    const int writes = store.writes;
    const QSignalSpy refused(&workspace, &Workspace::refused);
    workspace.save();
    workspace.stage({}, {{"/routes/1", value(R"({"uri":"/"})")}});
    workspace.commit({}, {{"/routes/1", value(R"({"uri":"/"})")}});
    workspace.discard(kKey);
    QCOMPARE(refused.size(), 4);
    QVERIFY(!workspace.value("/routes/1"));
    QCOMPARE(workspace.undoStack()->index(), 2);
    workspace.undoStack()->undo(); // only the staging
    workspace.undoStack()->undo(); // would write sealed texts
    QTRY_COMPARE(workspace.undoStack()->index(), 1);
    QCOMPARE(store.writes, writes);
    workspace.setLocked(false);
    QVERIFY(workspace.stored(kKey)->dump().contains("second-secret"));
    workspace.undoStack()->redo();
    QVERIFY(workspace.value(kKey)->dump().contains("third-secret"));
}

void tst_Workspace::whatComesWhileLockedIsSealed()
{
    Workspace workspace;
    FakeStore store(workspace);
    store.put(kKey, login("first-secret").dump().c_str());
    workspace.stage({}, {{kKey, login("other-secret")}});
    workspace.setLocked(true);
    store.put(kKey, login("other-secret").dump().c_str()); // somebody saves the same
    QVERIFY(!workspace.stored(kKey)->dump().contains("other-secret"));
    workspace.setLocked(false);
    QVERIFY(workspace.stored(kKey)->dump().contains("other-secret"));
    QVERIFY(!workspace.isDirty());
}

void tst_Workspace::aLockWaitsForWhatIsBeingWritten()
{
    Workspace workspace;
    std::function<void(Workspace::Refusals)> answer;
    workspace.setWriter([&answer](const std::vector<Edit> &, bool dry, const auto &done) {
        if (!dry)
            answer = done;
    });
    workspace.stage({}, {{kKey, login("first-secret")}});
    workspace.save();
    workspace.setLocked(true);
    QVERIFY(workspace.isLocked());
    workspace.update({{kKey, login("first-secret")}}, false);
    answer({});
    QVERIFY(!workspace.isDirty()); // it is saved
    QVERIFY(!workspace.stored(kKey)->dump().contains("first-secret"));
    workspace.setLocked(false);
    QVERIFY(workspace.stored(kKey)->dump().contains("first-secret"));
}

QTEST_GUILESS_MAIN(tst_Workspace)
#include "tests/support/patience.h"
#include "tst_workspace.moc"
