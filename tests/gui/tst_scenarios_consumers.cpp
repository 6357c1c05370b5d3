// SPDX-License-Identifier: Apache-2.0
// Acceptance scenarios of the consumers page.
#include "core/bytes/encoding.h"
#include "core/crypto/development_certificate.h"
#include "core/jose/key.h"
#include "core/json/parse.h"
#include "gui/consumers/page.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/consumers_model.h"
#include "gui/models/logins.h"
#include "gui/session/workspace.h"
#include "gui/shell/notice_center.h"
#include "gui/text/qt_bytes.h"
#include "gui/widgets/filter_edit.h"
#include "gui/widgets/json_editor.h"
#include "gui/widgets/secret_field.h"
#include "tests/support/patience.h"
#include "tests/support/stage.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>
#include <QUndoStack>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

class tst_ScenariosConsumers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void g01_firstStart();
    void g02_newConsumer();
    void g03_badName();
    void g04_newJwtCredential();
    void g05_duplicateKey();
    void g06_deleteAndUndo();
    void g07_editLabelInPlace();
    void g08_unknownField();
    void g09_filter();
    void g23_dropFiles();

    void secretIsTypedInTheJson();
    void longNamesTakeNoRoomFromTheList();
    void invalidJsonKeepsTheForm();
    void brokenJsonCanBeDiscarded_data();
    void brokenJsonCanBeDiscarded();
    void generatorShowsSecretsWhole();
    void generatorFillsTheCredential();
    void generatorFillsAKeyPair_data();
    void generatorFillsAKeyPair();
    void keyPairCanBeCopied();
    void rotatesAKeyPair();
    void noticesCoverNoButton();
    void cardsEndWithTheirButtons();
    void lockedShowsNoSecret();
    void usableInASmallWindow();

private:
    static Json value(const char *json) { return *parseJson(json); }
    static QTreeView *tree(Stage &stage) { return stage.find<QTreeView>(u"consumers"_s); }
    /// Jack with a key, in the store and selected.
    static bool withJack(Stage &stage);
    static bool select(Stage &stage, const char *key);
    static QString state(Stage &stage, const char *key);
    static void drop(Stage &stage, const QString &path);
    static bool write(const QString &path, const QByteArray &content);
};

bool tst_ScenariosConsumers::select(Stage &stage, const char *key)
{
    stage.window().openObject(key);
    QTreeView *const view = tree(stage);
    if (!view)
        return false;
    view->setFocus();
    return view->currentIndex().data(ConsumersModel::KeyRole).toString() == QLatin1String(key);
}

bool tst_ScenariosConsumers::withJack(Stage &stage)
{
    stage.workspace().commit(
        u"Prepare"_s,
        {{"/consumers/jack",
          value(R"({"username":"jack","labels":{"team":"platform"},"create_time":1700000000})")},
         {"/consumers/jack/credentials/cred-jack-key",
          value(R"({"plugins":{"key-auth":{"key":"q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"}},)"
                R"("create_time":1700000001})")}});
    return Stage::wait([&] { return stage.workspace().undoStack()->count() == 1; })
        && select(stage, "/consumers/jack");
}

QString tst_ScenariosConsumers::state(Stage &stage, const char *key)
{
    const QAbstractItemModel *const model = tree(stage)->model();
    for (int i = 0; i < model->rowCount(); ++i) {
        const QModelIndex row = model->index(i, 0);
        for (int n = -1; n < model->rowCount(row); ++n) {
            const QModelIndex index = n < 0 ? row : model->index(n, 0, row);
            if (index.data(ConsumersModel::KeyRole).toString() == QLatin1String(key))
                return index.siblingAtColumn(ConsumersModel::State).data().toString();
        }
    }
    return {};
}

void tst_ScenariosConsumers::drop(Stage &stage, const QString &path)
{
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&stage.window(), &enter);
    QDropEvent event({10, 10}, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&stage.window(), &event);
}

bool tst_ScenariosConsumers::write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

void tst_ScenariosConsumers::g01_firstStart()
{
    Stage stage;
    auto *button = stage.find<QPushButton>(u"loadSample"_s);
    QVERIFY(button);
    QVERIFY2(stage.shoot(u"consumers-empty"_s), stage.faults());
    button->setFocus();
    stage.press(Qt::Key_Return);
    QTRY_VERIFY(stage.workspace().stored("/routes/petstore"));
    QVERIFY(stage.workspace().stored("/consumers/FetchBot"));
    QVERIFY(stage.workspace().stored("/consumers/JohnDoe"));
    QVERIFY(!stage.workspace().isDirty());
    QTRY_COMPARE(stage.workspace().undoStack()->count(), 1);
    QVERIFY2(stage.shoot(u"G-01"_s), stage.faults());
    QCOMPARE(stage.workspace().undoStack()->count(), 1); // new colours are no edit
    stage.press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(stage.workspace().keys("/consumers").empty());
    QVERIFY(!stage.workspace().stored("/routes/petstore"));
    QTRY_VERIFY(stage.find<QPushButton>(u"loadSample"_s));
}

void tst_ScenariosConsumers::g02_newConsumer()
{
    Stage stage;
    stage.press(Qt::Key_N, Qt::ControlModifier);
    QCOMPARE(QApplication::focusWidget()->objectName(), u"userName"_s);
    stage.type(u"jack"_s);
    QCOMPARE(stage.workspace().staged(), std::vector<std::string>{"/consumers/jack"});
    for (int i = 0; i < 3; ++i)
        stage.press(Qt::Key_Tab);
    QVERIFY(QApplication::focusWidget()->objectName() != u"userName"_s);
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(stage.workspace().stored("/consumers/jack"));
    QVERIFY(!stage.workspace().isDirty());
    QString answer;
    stage.session().ask(
        this, [](gateway::AdminAccess &admin) { return admin.request("GET", "/consumers/jack"); },
        [&answer](const Result<Json> &found) {
            answer = toText(found ? found->find("value")->stringOr("username", "")
                                  : describe(found.error()));
        });
    QTRY_COMPARE(answer, u"jack"_s);
    QTRY_VERIFY(stage.find<QLabel>(u"times"_s));
    const auto *times = stage.find<QLabel>(u"times"_s); // E-28: how old it is
    QTRY_VERIFY2(times->toolTip().startsWith(u"Created 20"_s), qPrintable(times->toolTip()));
    QVERIFY2(times->text().startsWith(u"Created "_s), qPrintable(times->text()));
    QVERIFY2(!times->text().contains(u'Z'), qPrintable(times->text())); // the user's own clock
    QVERIFY2(stage.shoot(u"G-02"_s), stage.faults());
}

void tst_ScenariosConsumers::g03_badName()
{
    Stage stage;
    stage.press(Qt::Key_N, Qt::ControlModifier);
    stage.type(u"bad name"_s);
    const auto *fault = stage.find<QLabel>(u"nameFault"_s);
    QVERIFY(fault);
    QVERIFY2(fault->text().contains(u"\"_\""_s), qPrintable(fault->text()));
    const auto *apply = stage.find<QPushButton>(u"apply"_s);
    QVERIFY(!apply->isEnabled());
    QVERIFY(!apply->toolTip().isEmpty());
    QCOMPARE(QApplication::focusWidget()->objectName(), u"userName"_s);
    QTRY_VERIFY(stage.workspace().refusal("/consumers/bad name"));
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QVERIFY(!stage.workspace().stored("/consumers/bad name"));
    QVERIFY2(stage.shoot(u"G-03"_s), stage.faults());
    stage.press(Qt::Key_A, Qt::ControlModifier);
    stage.type(u"good_name"_s);
    QVERIFY(!stage.find<QLabel>(u"nameFault"_s));
    QTRY_VERIFY(stage.find<QPushButton>(u"apply"_s)->isEnabled());
}

void tst_ScenariosConsumers::g04_newJwtCredential()
{
    Stage stage;
    QVERIFY(withJack(stage));
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(1);
    QVERIFY(stage.click(u"add-jwt-auth"_s));
    const std::string key = "/consumers/jack/credentials/cred-jack-jwt-auth";
    const Json *const credential = stage.workspace().value(key);
    QVERIFY(credential);
    const QString secret = toText(loginConfig(*credential, "jwt-auth")->stringOr("secret", ""));
    const auto octets = decodeBase64Url(toOctets(secret));
    QVERIFY(octets);
    QCOMPARE(octets->size() * 8, 256U);
    QTRY_VERIFY(stage.find<SecretField>(u"secret"_s)); // shown with the next turn
    auto *field = stage.find<SecretField>(u"secret"_s);
    QVERIFY(!field->edit()->text().contains(secret)); // masked
    QVERIFY(!field->isRevealed());

    tree(stage)->setFocus();
    stage.press(Qt::Key_C, Qt::ControlModifier);
    QClipboard *const clipboard = QApplication::clipboard();
    QCOMPARE(clipboard->text(), secret);
    QCOMPARE(clipboard->mimeData()->data(u"x-kde-passwordManagerHint"_s), "secret");
    QVERIFY2(stage.shoot(u"G-04"_s), stage.faults());
    for (int second = 0; second < 10; ++second)
        stage.clipboard().tick();
    QVERIFY(clipboard->text().isEmpty());

    stage.press(Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(clipboard->text(), secret);
    clipboard->setText(u"my own"_s);
    for (int second = 0; second < 10; ++second)
        stage.clipboard().tick();
    QCOMPARE(clipboard->text(), u"my own"_s);
}

void tst_ScenariosConsumers::g05_duplicateKey()
{
    Stage stage;
    QVERIFY(withJack(stage));
    stage.workspace().commit(u"Add alice"_s,
                             {{"/consumers/alice", value(R"({"username":"alice"})")}});
    QTRY_VERIFY(stage.workspace().stored("/consumers/alice"));
    QVERIFY(select(stage, "/consumers/alice"));
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(1);
    QVERIFY(stage.click(u"addFirstKey"_s));
    QTRY_VERIFY(stage.find<SecretField>(u"key"_s)); // shown with the next turn
    auto *field = stage.find<SecretField>(u"key"_s);
    field->edit()->setFocus();
    stage.press(Qt::Key_A, Qt::ControlModifier);
    stage.type(u"q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"_s);
    QCOMPARE(field->secret(), u"q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"_s);
    const char *const mine = "/consumers/alice/credentials/cred-alice-key-auth";
    const char *const other = "/consumers/jack/credentials/cred-jack-key";
    QTRY_VERIFY(state(stage, other).contains(u"duplicate"_s));
    // the dry run refuses it, too: the worst is shown in the list, both in the form
    QTRY_VERIFY(stage.workspace().refusal(mine));
    QVERIFY(!state(stage, mine).contains(u"active"_s));
    QTRY_VERIFY(stage.find<QPushButton>(u"goToOther"_s));
    const QList<QLabel *> told = stage.window().findChildren<QLabel *>(u"finding"_s);
    QCOMPARE(std::ranges::count_if(told, [](const QLabel *label) { return label->isVisible(); }),
             1); // once
    QVERIFY2(stage.shoot(u"G-05"_s), stage.faults());
    QVERIFY(stage.click(u"goToOther"_s));
    QCOMPARE(tree(stage)->currentIndex().data(ConsumersModel::KeyRole).toString(),
             QLatin1String(other));
}

void tst_ScenariosConsumers::g06_deleteAndUndo()
{
    Stage stage;
    QVERIFY(withJack(stage));
    stage.workspace().commit(
        u"Add a credential"_s,
        {{"/consumers/jack/credentials/second",
          value(R"({"plugins":{"basic-auth":{"username":"jack","password":"p-4711-xyz"}},)"
                R"("create_time":1700000002})")}});
    QTRY_COMPARE(stage.workspace().undoStack()->count(), 2);
    const auto texts = [&stage] {
        std::string all;
        for (const char *key : {"/consumers/jack", "/consumers/jack/credentials/cred-jack-key",
                                "/consumers/jack/credentials/second"}) {
            const Json *const object = stage.workspace().stored(key);
            all += object ? object->dump() + "\n" : "none\n";
        }
        return all;
    };
    const std::string before = texts();
    QVERIFY(!before.contains("none"));
    QVERIFY(select(stage, "/consumers/jack"));
    stage.press(Qt::Key_Delete);
    QTRY_COMPARE(stage.workspace().undoStack()->count(), 3);
    QCOMPARE(texts(), "none\nnone\nnone\n");
    QCOMPARE(stage.workspace().undoStack()->undoText(), u"Delete jack"_s);
    stage.press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(texts(), before);
    QVERIFY2(stage.shoot(u"G-06"_s), stage.faults());
}

void tst_ScenariosConsumers::g07_editLabelInPlace()
{
    Stage stage;
    QVERIFY(withJack(stage));
    const auto edit = [&stage](const QString &text) {
        auto *chip = stage.find<QToolButton>(u"label-0"_s);
        chip->setFocus();
        stage.press(Qt::Key_Return);
        stage.press(Qt::Key_A, Qt::ControlModifier);
        stage.type(text);
    };
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(0);
    edit(u"team=sales"_s);
    QVERIFY(stage.workspace().isDirty());
    stage.press(Qt::Key_Escape);
    QVERIFY(!stage.workspace().isDirty());
    QCOMPARE(stage.find<QToolButton>(u"label-0"_s)->text(), u"team=platform"_s);
    edit(u"team=ops"_s);
    const auto preview = stage.workspace().preview();
    QCOMPARE(preview.size(), 1U);
    QCOMPARE(preview.front().method, "PUT");
    QCOMPARE(preview.front().path, "/consumers/jack");
    QCOMPARE(preview.front().body.dump(), R"({"username":"jack","labels":{"team":"ops"}})");
    stage.press(Qt::Key_S, Qt::ControlModifier | Qt::AltModifier);
    QTRY_VERIFY(QApplication::activeModalWidget());
    QTRY_VERIFY(QApplication::activeModalWidget()->isActiveWindow()); // Escape is for it
    QVERIFY2(stage.shoot(u"G-07"_s), stage.faults());
    stage.press(Qt::Key_Escape);
    QTRY_VERIFY(!QApplication::activeModalWidget());
    stage.window().activateWindow(); // as a desktop does when a dialog goes
    QTRY_VERIFY(stage.window().isActiveWindow());
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(!stage.workspace().isDirty());
    QCOMPARE(labelsOf(*stage.workspace().stored("/consumers/jack")).front().second, "ops");
}

void tst_ScenariosConsumers::g08_unknownField()
{
    Stage stage;
    const char *const key = "/consumers/jack/credentials/cred-jack-key";
    QVERIFY(withJack(stage));
    QVERIFY(select(stage, key));
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(3);
    auto *json = stage.find<JsonEditor>(u"json"_s);
    QVERIFY(json);
    QVERIFY(!json->toPlainText().contains(u"q7Vb2"_s)); // masked here, too
    json->setFocus();
    // typed behind the secret's member: the text is kept as it is, and the rest grows
    QTextCursor cursor = json->document()->find(u"\"***\""_s);
    QVERIFY(!cursor.isNull());
    cursor.setPosition(cursor.selectionEnd());
    json->setTextCursor(cursor);
    stage.type(u", \"x-team\": \"blue\""_s);
    QCOMPARE(json->fault(), QString());
    QVERIFY2(stage.shoot(u"G-08"_s), stage.faults());
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(!stage.workspace().isDirty());
    const auto isKept = [&](const char *secret) {
        const Json *const object = stage.workspace().stored(key);
        const Json *const config = object ? loginConfig(*object, "key-auth") : nullptr;
        return config && config->stringOr("x-team", "") == "blue"
            && config->stringOr("key", "") == secret;
    };
    QVERIFY(isKept("q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"));
    stage.session().open(stage.store());
    QTRY_VERIFY(isKept("q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"));
    // and when the form changes what is beside it
    QVERIFY(select(stage, key));
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(1);
    auto *field = stage.find<SecretField>(u"key"_s);
    QVERIFY(field);
    field->edit()->setFocus();
    stage.press(Qt::Key_A, Qt::ControlModifier);
    stage.type(u"another-key-of-32-characters-000"_s);
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(isKept("another-key-of-32-characters-000"));
}

void tst_ScenariosConsumers::g09_filter()
{
    Stage stage;
    QVERIFY(withJack(stage));
    const auto certificate = makeAuthority("expired test", std::chrono::days(30));
    QVERIFY(certificate);
    Json login = Json::object({{"key", "carol-key"}, {"algorithm", "RS256"}});
    login.set("public_key", certificate->certificate);
    stage.workspace().commit(u"Add carol"_s,
                             {{"/consumers/carol", value(R"({"username":"carol"})")},
                              {"/consumers/carol/credentials/c",
                               Json::object({{"plugins", Json::object({{"jwt-auth", login}})}})}});
    QTRY_VERIFY(stage.workspace().stored("/consumers/carol/credentials/c"));
    stage.session().setClock(Json::object({{"set", "2190-01-01T00:00:00Z"}}));
    QTRY_VERIFY(state(stage, "/consumers/carol").contains(u"expired"_s));
    stage.press(Qt::Key_F, Qt::ControlModifier);
    auto *filter = stage.find<FilterEdit>(u"consumersFilter"_s);
    QVERIFY(filter->hasFocus());
    stage.type(u"is:expired"_s);
    const QAbstractItemModel *const list = tree(stage)->model();
    QTRY_COMPARE(list->rowCount(), 1);
    QCOMPARE(list->index(0, 0).data().toString(), u"carol"_s);
    QVERIFY(filter->message().isEmpty());
    QVERIFY2(stage.shoot(u"G-09a"_s), stage.faults());

    QApplication::clipboard()->setText(u"is:expired status:"_s);
    stage.press(Qt::Key_A, Qt::ControlModifier);
    stage.press(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(filter->text(), u"is:expired status:"_s);
    QVERIFY(filter->message().contains(u"status"_s));
    QCOMPARE(filter->property("verdict").toString(), u"wrong"_s);
    QCOMPARE(list->rowCount(), 1);
    QVERIFY2(stage.shoot(u"G-09"_s), stage.faults());
    stage.press(Qt::Key_Escape);
    QTRY_COMPARE(list->rowCount(), 2);
}

void tst_ScenariosConsumers::g23_dropFiles()
{
    Stage stage;
    QVERIFY(write(stage.path(u"kong.yml"_s),
                  "_format_version: \"3.0\"\n"
                  "services:\n- name: s\n  url: http://httpbin.org\n  routes:\n  - name: r\n"
                  "consumers:\n- username: alice\n  keyauth_credentials:\n"
                  "  - key: alice-key\n- username: bad name\n"));
    QVERIFY(write(stage.path(u"apisix.yaml"_s),
                  "consumers:\n- username: bob\n  plugins:\n    key-auth: {key: bob-key}\n"
                  "routes:\n- id: 1\n  uri: /get\n  upstream:\n    type: roundrobin\n"
                  "    nodes: {\"httpbin.org:80\": 1}\n- id: 2\n  uri: 7\n#END\n"));
    QVERIFY(write(stage.path(u"adc.yaml"_s),
                  "services:\n- name: s\n  routes:\n  - name: r\n    uris: [/get]\n"
                  "consumers:\n- username: carol\n  credentials:\n  - name: one\n"
                  "    type: key-auth\n    config: {key: carol-key}\n"));
    QImage picture(8, 8, QImage::Format_RGB32);
    picture.fill(Qt::red);
    QVERIFY(picture.save(stage.path(u"logo.png"_s)));

    const auto counts = [&stage] {
        const auto *label = stage.find<QLabel>(u"importCounts"_s);
        return label ? label->text() : QString();
    };
    const auto warnings = [&stage] {
        const auto *list = stage.find<QListWidget>(u"importWarnings"_s);
        return list ? list->count() : 0;
    };
    drop(stage, stage.path(u"kong.yml"_s));
    QTRY_COMPARE(counts(), u"1 consumer · 1 credential"_s);
    QCOMPARE(warnings(), 3); // a service, a route, a name
    QVERIFY2(stage.shoot(u"G-23"_s), stage.faults());
    QTRY_VERIFY(stage.find<QPushButton>(u"importNow"_s)->isEnabled()); // checked
    stage.press(Qt::Key_Return);
    QTRY_VERIFY(stage.workspace().stored("/consumers/alice/credentials/cred-alice-key-auth"));
    QTRY_VERIFY(!stage.find<QDialog>(u"importDialog"_s));

    drop(stage, stage.path(u"apisix.yaml"_s));
    QTRY_VERIFY(counts().contains(u"1 consumer"_s));
    QTRY_VERIFY(warnings() >= 1); // uri: 7
    QVERIFY2(stage.shoot(u"G-23b"_s), stage.faults());
    stage.press(Qt::Key_Escape);
    QTRY_VERIFY(!stage.find<QDialog>(u"importDialog"_s));
    QVERIFY(!stage.workspace().stored("/consumers/bob"));

    drop(stage, stage.path(u"adc.yaml"_s));
    QTRY_COMPARE(counts(), u"1 consumer · 1 credential"_s);
    QCOMPARE(warnings(), 2);
    QVERIFY2(stage.shoot(u"G-23c"_s), stage.faults());
    stage.press(Qt::Key_Escape);
    QTRY_VERIFY(!stage.find<QDialog>(u"importDialog"_s));

    const auto &notices = static_cast<NoticeCenter &>(stage.window().notices());
    const std::size_t before = notices.history().size();
    drop(stage, stage.path(u"logo.png"_s));
    QTRY_VERIFY(notices.history().size() > before);
    QVERIFY(notices.history().back().text.contains(u"logo.png is no configuration"_s));
    QVERIFY(!stage.find<QDialog>(u"importDialog"_s));
    drop(stage, stage.path(QString()));
    QTRY_VERIFY(notices.history().back().text.contains(u"folder"_s));
    QVERIFY2(stage.shoot(u"G-23d"_s), stage.faults());
}

void tst_ScenariosConsumers::secretIsTypedInTheJson()
{
    Stage stage;
    const char *const key = "/consumers/jack/credentials/cred-jack-key";
    QVERIFY(withJack(stage));
    QVERIFY(select(stage, key));
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(3);
    auto *json = stage.find<JsonEditor>(u"json"_s);
    QVERIFY(json);
    json->setFocus();
    QTRY_VERIFY(json->hasFocus());
    QTextCursor cursor = json->document()->find(u"***"_s);
    QVERIFY(!cursor.isNull());
    json->setTextCursor(cursor);
    stage.type(u"typed-key-of-some-length"_s);
    QVERIFY2(json->toPlainText().contains(u"\"typed-key-of-some-length\""_s),
             qPrintable(json->toPlainText()));
    const auto staged = [&] {
        return loginConfig(*stage.workspace().value(key), "key-auth")->stringOr("key", "");
    };
    QCOMPARE(staged(), "typed-key-of-some-length");
    stage.find(u"apply"_s)->setFocus(); // left: masked as it was
    QTRY_VERIFY(json->toPlainText().contains(u"\"***\""_s));
    QVERIFY(!json->toPlainText().contains(u"typed-key"_s));
    QCOMPARE(staged(), "typed-key-of-some-length");
}

void tst_ScenariosConsumers::longNamesTakeNoRoomFromTheList()
{
    Stage stage;
    QVERIFY(withJack(stage));
    auto *tabs = stage.find<QTabWidget>(u"consumerTabs"_s);
    const auto widths = [&] {
        QList<int> all;
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            QCoreApplication::processEvents();
            all += tree(stage)->width();
        }
        return all;
    };
    const QString name(200, u'n');
    stage.press(Qt::Key_N, Qt::ControlModifier);
    const QList<int> before = widths();
    stage.press(Qt::Key_F2); // its name
    QCOMPARE(QApplication::focusWidget()->objectName(), u"userName"_s);
    stage.type(name);
    QVERIFY(stage.workspace().isStaged("/consumers/" + name.toStdString()));
    QCOMPARE(widths(), before);
    const auto *title = stage.find<QLabel>(u"consumerTitle"_s);
    QVERIFY2(title->text().endsWith(u'…'), qPrintable(title->text()));
    QCOMPARE(title->toolTip(), name);
}

void tst_ScenariosConsumers::invalidJsonKeepsTheForm()
{
    Stage stage;
    QVERIFY(withJack(stage));
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(3);
    auto *json = stage.find<JsonEditor>(u"json"_s);
    json->setFocus();
    stage.press(Qt::Key_A, Qt::ControlModifier);
    stage.type(u"{\"username\": \"jack\","_s);
    stage.press(Qt::Key_Return);
    stage.type(u"\"desc\" 1}"_s);
    QVERIFY(json->fault().contains(u"2:"_s));
    QVERIFY(!stage.find<QPushButton>(u"apply"_s)->isEnabled());
    QCOMPARE(stage.workspace().value("/consumers/jack")->stringOr("username", ""), "jack");
    QVERIFY(stage.workspace().value("/consumers/jack")->contains("labels"));
    QVERIFY2(stage.shoot(u"consumers-json-fault"_s), stage.faults());
}

void tst_ScenariosConsumers::brokenJsonCanBeDiscarded_data()
{
    QTest::addColumn<int>("tab");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("staged");
    QTest::newRow("object") << 3 << u"json"_s << false;
    QTest::newRow("object, after an edit") << 3 << u"json"_s << true;
    QTest::newRow("plugins") << 2 << u"pluginsJson"_s << false;
}

void tst_ScenariosConsumers::brokenJsonCanBeDiscarded()
{
    QFETCH(const int, tab);
    QFETCH(const QString, name);
    QFETCH(const bool, staged);
    Stage stage;
    QVERIFY(withJack(stage));
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(tab);
    auto *const json = stage.find<JsonEditor>(name);
    const QString before = json->toPlainText();
    const auto *const discard = stage.find<QPushButton>(u"discardHere"_s);
    QVERIFY(!discard->isEnabled());
    if (staged)
        stage.workspace().stage(u"Describe"_s,
                                {{"/consumers/jack", value(R"({"username":"jack","desc":"x"})")}});
    json->setFocus();
    stage.press(Qt::Key_A, Qt::ControlModifier);
    stage.type(u"{\"username\": 1,"_s);
    QVERIFY(!json->fault().isEmpty());
    QVERIFY(discard->isEnabled());
    QVERIFY(!stage.find<QPushButton>(u"apply"_s)->isEnabled());
    if (!staged) { // mended by hand there is nothing to discard, either
        stage.press(Qt::Key_A, Qt::ControlModifier);
        QApplication::clipboard()->setText(before);
        stage.press(Qt::Key_V, Qt::ControlModifier);
        QVERIFY(json->fault().isEmpty());
        QCOMPARE(discard->isEnabled(), stage.workspace().isDirty());
        stage.press(Qt::Key_A, Qt::ControlModifier);
        stage.type(u"{\"username\": 1,"_s);
    }
    QVERIFY(stage.click(u"discardHere"_s));
    QCOMPARE(json->toPlainText(), before);
    QVERIFY(json->fault().isEmpty());
    QVERIFY(!discard->isEnabled());
    QVERIFY(!stage.workspace().isDirty());
    const auto *const hint = stage.find<QLabel>(u"applyHint"_s);
    QVERIFY(!hint || hint->text().isEmpty());
}

void tst_ScenariosConsumers::generatorShowsSecretsWhole()
{
    Stage stage;
    stage.press(Qt::Key_G, Qt::ControlModifier);
    QTRY_VERIFY(stage.find<QComboBox>(u"secretKind"_s));
    for (const auto &kind : {u"HS256 secret"_s, u"HS512 secret"_s, u"HS256 secret, hex"_s}) {
        stage.find<QComboBox>(u"secretKind"_s)->setCurrentText(kind);
        auto *const edit = stage.find<SecretField>(u"newSecret"_s)->edit();
        const auto whole = [edit] { // what is before the last pixels of the frame
            const QPoint end(edit->width() - 8, edit->height() / 2);
            return edit->cursorPositionAt(end) == edit->text().size();
        };
        QTRY_VERIFY2(whole(), qPrintable(kind));
    }
}

void tst_ScenariosConsumers::generatorFillsTheCredential()
{
    Stage stage;
    const char *const key = "/consumers/jack/credentials/cred-jack-key";
    QVERIFY(withJack(stage));
    QVERIFY(select(stage, key));
    stage.press(Qt::Key_G, Qt::ControlModifier);
    QTRY_VERIFY(stage.find<QDialog>(u"generator"_s));
    QTRY_VERIFY(stage.find<QDialog>(u"generator"_s)->isActiveWindow());
    const QString first = stage.find<SecretField>(u"newSecret"_s)->secret();
    QCOMPARE(first.size(), 32);
    stage.press(Qt::Key_R, Qt::ControlModifier);
    // the key presses a button, which takes its time
    QTRY_VERIFY(stage.find<SecretField>(u"newSecret"_s)->secret() != first);
    const QString second = stage.find<SecretField>(u"newSecret"_s)->secret();
    QCOMPARE(second.size(), 32);
    QVERIFY2(stage.shoot(u"consumers-generator"_s), stage.faults());
    QVERIFY(stage.click(u"useSecret"_s));
    QTRY_VERIFY(!stage.find<QDialog>(u"generator"_s));
    QCOMPARE(toText(loginConfig(*stage.workspace().value(key), "key-auth")->stringOr("key", "")),
             second);
}

void tst_ScenariosConsumers::generatorFillsAKeyPair_data()
{
    QTest::addColumn<QByteArray>("algorithm");
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("RS256") << QByteArray("RS256") << QByteArray("RSA 2048 key pair");
    QTest::newRow("ES256") << QByteArray("ES256") << QByteArray("EC P-256 key pair");
    QTest::newRow("EdDSA") << QByteArray("EdDSA") << QByteArray("Ed25519 key pair");
}

void tst_ScenariosConsumers::generatorFillsAKeyPair()
{
    QFETCH(const QByteArray, algorithm);
    QFETCH(const QByteArray, kind);
    Stage stage;
    const char *const key = "/consumers/jack/credentials/pair";
    QVERIFY(withJack(stage));
    stage.workspace().stage(
        u"Add"_s,
        {{key,
          Json::object(
              {{"plugins",
                Json::object({{"jwt-auth",
                               Json::object({{"key", "jack-key"},
                                             {"algorithm", algorithm.toStdString()}})}})}})}});
    QVERIFY(select(stage, key));
    stage.press(Qt::Key_G, Qt::ControlModifier);
    QTRY_VERIFY(stage.find<QDialog>(u"generator"_s));
    auto *box = stage.find<QComboBox>(u"secretKind"_s);
    QCOMPARE(box->currentText(), QString::fromLatin1(kind));
    QTRY_VERIFY(stage.find<QPushButton>(u"useSecret"_s)->isEnabled());
    QVERIFY(stage.find<QLabel>(u"entropy"_s)->text().contains(u"bits of security"_s));
    QVERIFY(!stage.find<SecretField>(u"newSecret"_s)->isRevealed());
    QVERIFY2(stage.shoot(u"consumers-generator-"_s + QString::fromLatin1(algorithm)),
             stage.faults());
    // a secret is nothing for it, and another curve neither
    const int fitting = box->currentIndex();
    for (const auto &other : {u"API key"_s, u"EC P-384 key pair"_s}) {
        box->setCurrentText(other);
        QVERIFY(!stage.find<QPushButton>(u"useSecret"_s)->isEnabled());
        QVERIFY(!stage.find<QPushButton>(u"useSecret"_s)->toolTip().isEmpty());
    }
    box->setCurrentIndex(fitting);
    QTRY_VERIFY(stage.find<QPushButton>(u"useSecret"_s)->isEnabled());
    QVERIFY(stage.click(u"useSecret"_s));
    const Json &config = *loginConfig(*stage.workspace().value(key), "jwt-auth");
    const auto privateKey = Key::fromPem(config.stringOr("private_key", ""));
    const auto publicKey = Key::fromPem(config.stringOr("public_key", ""));
    QVERIFY(privateKey && publicKey);
    QCOMPARE(privateKey->thumbprint(), publicKey->thumbprint());
    QVERIFY(privateKey->allows(findAlg(algorithm.toStdString())->alg, true));
    // one step, and the gateway takes it
    stage.window().activateWindow();
    QTRY_VERIFY(stage.window().isActiveWindow());
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(!stage.workspace().isDirty());
    QVERIFY(stage.workspace().stored(key));
    QTRY_VERIFY(stage.find<SecretField>(u"private_key"_s));
    QVERIFY(!stage.find<SecretField>(u"secret"_s));
    QTRY_COMPARE(state(stage, key), u"! warning"_s); // as its card says
    QVERIFY2(stage.shoot(u"consumers-key-pair-"_s + QString::fromLatin1(algorithm)),
             stage.faults());
}

void tst_ScenariosConsumers::keyPairCanBeCopied()
{
    Stage stage;
    stage.press(Qt::Key_G, Qt::ControlModifier);
    QTRY_VERIFY(stage.find<QComboBox>(u"secretKind"_s));
    stage.find<QComboBox>(u"secretKind"_s)->setCurrentText(u"Ed25519 key pair"_s);
    QTRY_VERIFY(stage.find<QPushButton>(u"copyPublicKey"_s)->isEnabled());
    QVERIFY(!stage.find<QPushButton>(u"useSecret"_s)->isEnabled()); // no credential
    QVERIFY(stage.click(u"copyPublicKey"_s));
    const QString pem = QApplication::clipboard()->text();
    const auto publicKey = Key::fromPem(toOctets(pem));
    QVERIFY(publicKey && !publicKey->isPrivate());
    stage.find<SecretField>(u"newSecret"_s)->copy();
    QVERIFY(QApplication::clipboard()->mimeData()->hasFormat(u"x-kde-passwordManagerHint"_s));
    QCOMPARE(Key::fromPem(toOctets(QApplication::clipboard()->text()))->thumbprint(),
             publicKey->thumbprint());
    stage.find<QComboBox>(u"pairForm"_s)->setCurrentText(u"JWK"_s);
    const auto jwk = parseJson(toOctets(stage.find<SecretField>(u"newSecret"_s)->secret()));
    QVERIFY(jwk && jwk->contains("d"));
    QCOMPARE(Key::fromJwk(*jwk)->thumbprint(), publicKey->thumbprint());
}

void tst_ScenariosConsumers::rotatesAKeyPair()
{
    Stage stage;
    const char *const key = "/consumers/jack/credentials/pair";
    QVERIFY(withJack(stage));
    stage.workspace().stage(
        u"Add"_s, {{key, value(R"({"plugins":{"jwt-auth":{"key":"j","algorithm":"ES256"}}})")}});
    QVERIFY(select(stage, key));
    stage.window().commands().action(u"consumer.rotate"_s)->trigger();
    const Json &config = *loginConfig(*stage.workspace().value(key), "jwt-auth");
    QVERIFY(Key::fromPem(config.stringOr("private_key", ""))->allows(Alg::ES256, true));
    QVERIFY(!config.contains("secret")); // which nothing would read
}

void tst_ScenariosConsumers::noticesCoverNoButton()
{
    Stage stage;
    QVERIFY(withJack(stage)); // the commit is told in a notice
    QVERIFY(select(stage, "/consumers/jack/credentials/cred-jack-key"));
    QTRY_VERIFY(stage.find<QWidget>(u"toast"_s));
    const auto *toast = stage.find<QWidget>(u"toast"_s);
    for (const char *const name : {"add-key-auth", "add-jwt-auth", "add-basic-auth",
                                   "add-hmac-auth", "rotate", "generate"}) {
        const auto *button = stage.find<QPushButton>(QLatin1String(name));
        QVERIFY2(button, name);
        const QRect place(button->mapTo(&stage.window(), QPoint()), button->size());
        QVERIFY2(!place.intersects({toast->mapTo(&stage.window(), QPoint()), toast->size()}), name);
    }
}

void tst_ScenariosConsumers::cardsEndWithTheirButtons()
{
    Stage stage;
    QVERIFY(withJack(stage));
    QVERIFY(select(stage, "/consumers/jack/credentials/cred-jack-key"));
    QTRY_VERIFY(stage.find<QWidget>(u"credential-cred-jack-key"_s));
    QVERIFY2(stage.shoot(u"consumers-one-credential"_s), stage.faults());
    const auto *card = stage.find<QWidget>(u"credential-cred-jack-key"_s);
    const auto *last = stage.find<QPushButton>(u"remove"_s);
    const int foot = card->height() - last->mapTo(card, QPoint(0, last->height())).y();
    QVERIFY2(foot < last->height(), qPrintable(QString::number(foot)));
}

void tst_ScenariosConsumers::lockedShowsNoSecret()
{
    Stage stage;
    QVERIFY(withJack(stage));
    QVERIFY(select(stage, "/consumers/jack/credentials/cred-jack-key"));
    stage.press(Qt::Key_L, Qt::ControlModifier);
    stage.press(Qt::Key_H, Qt::ControlModifier | Qt::ShiftModifier);
    const QList<QLineEdit *> edits = stage.window().findChildren<QLineEdit *>();
    for (const QLineEdit *edit : edits)
        QVERIFY2(!edit->text().contains(u"q7Vb2"_s), qPrintable(edit->objectName()));
    const QList<JsonEditor *> editors = stage.window().findChildren<JsonEditor *>();
    for (const JsonEditor *editor : editors)
        QVERIFY2(!editor->toPlainText().contains(u"q7Vb2"_s), qPrintable(editor->objectName()));
}

void tst_ScenariosConsumers::usableInASmallWindow()
{
    Stage stage;
    QVERIFY(withJack(stage));
    stage.window().resize(1024, 640);
    for (int tab = 0; tab < 4; ++tab) {
        stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(tab);
        QTest::qWait(1);
        QCOMPARE(stage.window().size(), QSize(1024, 640));
        QCOMPARE(Stage::clipped(*stage.window().currentPage()), QStringList());
    }
}

QTEST_MAIN(tst_ScenariosConsumers)
#include "tst_scenarios_consumers.moc"
