// SPDX-License-Identifier: Apache-2.0
// What is dropped on the window, and windows that close while something is imported.
#include "gui/models/import_file.h"
#include "gui/session/workspace.h"
#include "gui/shell/notice_center.h"
#include "gui/text/qt_bytes.h"
#include "tests/support/patience.h"
#include "tests/support/stage.h"

#include "core/store/store.h"

#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QUndoStack>

#include <unistd.h>

#include <format>

#include <sys/stat.h>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

class tst_ScenariosImports : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneClearMessage_data();
    void oneClearMessage();
    void unreadableFileIsNamed();
    void closesWhileAPreviewIsOpen();
    void closesWhenTheImportIsWritten();
    void staysOpenWhenTheImportIsRefused();
    void whatWouldBeRefusedIsNotOffered();
    void whatIsNotValidIsLeftOutByChoice();
    void endsWithAnImportUnderWay();
    void replacingFilesIsOneStep();

private:
    static void drop(Stage &stage, const QString &path)
    {
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&stage.window(), &enter);
        QDropEvent event({10, 10}, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&stage.window(), &event);
    }
    /// The text of the label that stands for a widget.
    static QString captionOf(const QWidget &widget)
    {
        for (const QLabel *const label : widget.window()->findChildren<QLabel *>()) {
            if (label->buddy() == &widget && label->isVisible())
                return label->text();
        }
        return {};
    }
    static bool write(const QString &path, const QByteArray &content)
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    }
    static const std::deque<NoticeCenter::Notice> &history(Stage &stage)
    {
        return static_cast<NoticeCenter &>(stage.window().notices()).history();
    }
    static bool mayImport(const Stage &stage)
    {
        const auto *const button = stage.find<QPushButton>(u"importNow"_s);
        return button && button->isEnabled();
    }
    /// kong.yml with that many consumers, a key each.
    static bool writeConsumers(const QString &path, int number)
    {
        QByteArray text("_format_version: \"3.0\"\nconsumers:\n");
        for (int i = 0; i < number; ++i)
            text += "- username: c" + QByteArray::number(i)
                + "\n  keyauth_credentials:\n  - key: key-" + QByteArray::number(i) + "\n";
        return write(path, text);
    }
    /// How many objects the store's file has, read by somebody else.
    static std::size_t objectsIn(const std::string &uri)
    {
        auto store = openStore(uri);
        const auto documents =
            store ? (*store)->list("/apisix/consumers/") : Result<std::vector<Document>>();
        return documents ? documents->size() : std::size_t(-1);
    }
};

void tst_ScenariosImports::oneClearMessage_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("said");
    for (const char *const page : {"consumers", "tokens", "gateway", "access"}) {
        const auto row = [page](const char *file, const char *said) {
            QTest::addRow("%s on %s", file, page)
                << QString::fromLatin1(page) << QString::fromLatin1(file)
                << QString::fromLatin1(said);
        };
        row("folder.yaml", "folder.yaml is a folder");
        row("folder", "folder is a folder");
        row("pipe.yaml", "pipe.yaml is no file");
        row("pipe.har", "pipe.har is no file");
        row("pipe.pem", "pipe.pem is no file");
        row("pipe.json", "pipe.json is no file");
        row("device.yaml", "device.yaml is no file");
        row("empty.yaml", "empty.yaml is empty");
        row("gone.yaml", "gone.yaml is not there");
        row("dangling.yaml", "dangling.yaml is not there");
        row("huge.yaml", "huge.yaml is larger than 16 MiB");
        row("binary.yaml", "binary.yaml is no configuration");
        row("list.yaml", "list.yaml is no configuration");
        row("broken.yaml", "");
    }
}

void tst_ScenariosImports::oneClearMessage()
{
    QFETCH(const QString, page);
    QFETCH(const QString, file);
    QFETCH(const QString, said);
    Stage stage;
    stage.window().showPage(page);
    const auto path = [&stage](const char *name) { return stage.path(QString::fromLatin1(name)); };
    QVERIFY(QDir().mkpath(path("folder.yaml")) && QDir().mkpath(path("folder")));
    for (const char *const pipe : {"pipe.yaml", "pipe.har", "pipe.pem", "pipe.json"})
        QCOMPARE(::mkfifo(toOctets(path(pipe)).c_str(), 0600), 0);
    QVERIFY(QFile::link(u"/dev/zero"_s, path("device.yaml")));
    QVERIFY(QFile::link(path("nowhere"), path("dangling.yaml")));
    QVERIFY(write(path("empty.yaml"), {}));
    QFile huge(path("huge.yaml"));
    QVERIFY(huge.open(QIODevice::WriteOnly) && huge.resize(17LL * 1024 * 1024));
    huge.close();
    QVERIFY(write(path("binary.yaml"), QByteArray("a: \0\1\2", 6)));
    QVERIFY(write(path("list.yaml"), "- a\n- b\n"));
    QVERIFY(write(path("broken.yaml"), "consumers: [\n"));
    const std::size_t before = history(stage).size();
    drop(stage, stage.path(file));
    QTRY_COMPARE(history(stage).size(), before + 1);
    QVERIFY2(history(stage).back().text.contains(said), qPrintable(history(stage).back().text));
    // and nothing hangs: the session still answers
    bool answered = false;
    stage.session().ask(
        this, [](gateway::AdminAccess &) { return true; }, [&](bool) { answered = true; });
    QTRY_VERIFY(answered);
    QCOMPARE(history(stage).size(), before + 1);
    QVERIFY(!stage.find<QDialog>(u"importDialog"_s));
}

void tst_ScenariosImports::unreadableFileIsNamed()
{
    if (::geteuid() == 0)
        QSKIP("root may read everything");
    Stage stage;
    const QString path = stage.path(u"secret.yaml"_s);
    QVERIFY(write(path, "consumers: []\n"));
    QVERIFY(QFile::setPermissions(path, {}));
    const std::size_t before = history(stage).size();
    drop(stage, path);
    QTRY_COMPARE(history(stage).size(), before + 1);
    QVERIFY(history(stage).back().text.contains(u"secret.yaml may not be read"_s));
}

void tst_ScenariosImports::closesWhileAPreviewIsOpen()
{
    Stage stage;
    QVERIFY(writeConsumers(stage.path(u"kong.yml"_s), 3));
    drop(stage, stage.path(u"kong.yml"_s));
    QTRY_VERIFY(stage.find<QDialog>(u"importDialog"_s));
    QVERIFY(stage.window().close());
    QVERIFY(!stage.window().isVisible());
    QVERIFY(stage.workspace().keys("/consumers").empty()); // nobody said "Import"
}

void tst_ScenariosImports::closesWhenTheImportIsWritten()
{
    Stage stage;
    QVERIFY(writeConsumers(stage.path(u"kong.yml"_s), 200));
    drop(stage, stage.path(u"kong.yml"_s));
    QTRY_VERIFY(mayImport(stage));
    QVERIFY(stage.click(u"importNow"_s));
    QVERIFY(stage.workspace().isWriting());
    QVERIFY(!stage.window().close()); // not yet
    QTRY_VERIFY(!stage.window().isVisible());
    QVERIFY(!stage.workspace().isWriting());
    QCOMPARE(stage.workspace().keys("/consumers").size(), 200U);
    QCOMPARE(objectsIn(stage.store()), 400U);
}

void tst_ScenariosImports::staysOpenWhenTheImportIsRefused()
{
    Stage stage;
    // two consumers with one key: the Admin API takes neither
    QVERIFY(write(stage.path(u"kong.yml"_s),
                  "_format_version: \"3.0\"\nconsumers:\n"
                  "- username: a\n  keyauth_credentials:\n  - key: same\n"
                  "- username: b\n  keyauth_credentials:\n  - key: same\n"));
    const auto preview = readImport(stage.path(u"kong.yml"_s));
    QVERIFY(preview);
    const std::size_t before = history(stage).size();
    // past the dialog, which would not offer it: the store may say no to what was right a moment
    // ago
    stage.workspace().commit(u"Import kong.yml"_s, preview->edits);
    QVERIFY(!stage.window().close());
    QTRY_COMPARE(history(stage).size(), before + 1);
    QVERIFY(history(stage).back().text.contains(u"kong.yml"_s));
    QVERIFY(stage.window().isVisible());
    QCOMPARE(objectsIn(stage.store()), 0U); // all or nothing
    QVERIFY(stage.window().close()); // the next time it does
}

void tst_ScenariosImports::whatWouldBeRefusedIsNotOffered()
{
    Stage stage;
    QVERIFY(write(stage.path(u"kong.yml"_s),
                  "_format_version: \"3.0\"\nconsumers:\n"
                  "- username: a\n  keyauth_credentials:\n  - key: same\n"
                  "- username: b\n  keyauth_credentials:\n  - key: same\n"));
    drop(stage, stage.path(u"kong.yml"_s));
    const auto text = [&stage] {
        const auto *const label = stage.find<QLabel>(u"importState"_s);
        return label ? label->text() : QString();
    };
    QTRY_VERIFY(!text().isEmpty());
    QVERIFY(!mayImport(stage)); // neither while it is checked
    QTRY_VERIFY(text().contains(u"refuse"_s));
    QVERIFY(!mayImport(stage));
    QVERIFY(!stage.find<QPushButton>(u"importNow"_s)->toolTip().isEmpty());
    const auto *const list = stage.find<QListWidget>(u"importWarnings"_s);
    QCOMPARE(list->count(), 1);
    QVERIFY2(list->item(0)->text().startsWith(u"✗"_s), qPrintable(list->item(0)->text()));
    QCOMPARE(captionOf(*list), u"1 fault"_s); // it stands in the way: no mere warning
    const auto *const objects = stage.find<QListWidget>(u"importObjects"_s);
    QVERIFY(!captionOf(*objects).isEmpty());
    QVERIFY2(stage.shoot(u"import-refused"_s), stage.faults());
    stage.press(Qt::Key_Return);
    QVERIFY(stage.find<QDialog>(u"importDialog"_s));
    QVERIFY(!stage.workspace().isWriting());
}

void tst_ScenariosImports::whatIsNotValidIsLeftOutByChoice()
{
    Stage stage;
    QVERIFY(write(stage.path(u"apisix.yaml"_s),
                  "consumers:\n- username: bob\n  plugins:\n    key-auth: {key: bob-key}\n"
                  "routes:\n- id: 1\n  uri: /get\n  upstream:\n    type: roundrobin\n"
                  "    nodes: {\"httpbin.org:80\": 1}\n- id: 2\n  uri: 7\n#END\n"));
    drop(stage, stage.path(u"apisix.yaml"_s));
    QTRY_VERIFY(stage.find<QCheckBox>(u"leaveOut"_s));
    const auto *const state = stage.find<QLabel>(u"importState"_s);
    QTRY_VERIFY(state->text().contains(u"1 object of the file is not valid"_s));
    QVERIFY(!mayImport(stage));
    QVERIFY2(stage.shoot(u"import-invalid"_s), stage.faults());
    stage.find<QCheckBox>(u"leaveOut"_s)->click();
    QVERIFY(mayImport(stage));
    QVERIFY(stage.click(u"importNow"_s));
    QTRY_VERIFY(stage.workspace().stored("/consumers/bob"));
    QVERIFY(stage.workspace().stored("/routes/1"));
    QVERIFY(!stage.workspace().stored("/routes/2"));
}

void tst_ScenariosImports::endsWithAnImportUnderWay()
{
    // the window goes without being asked: what was begun is written whole or not at all
    auto stage = std::make_unique<Stage>();
    QVERIFY(writeConsumers(stage->path(u"kong.yml"_s), 200));
    const auto preview = readImport(stage->path(u"kong.yml"_s));
    QVERIFY(preview);
    QTemporaryDir elsewhere;
    const std::string store = "sqlite:" + toOctets(elsewhere.filePath(u"kept.postern"_s));
    stage->session().open(store);
    QTRY_COMPARE(stage->session().store(), store);
    stage->workspace().commit(u"Import"_s, preview->edits);
    drop(*stage, stage->path(u"kong.yml"_s)); // and one that is only being read
    stage.reset();
    QCOMPARE(objectsIn(store), 400U);
}

void tst_ScenariosImports::replacingFilesIsOneStep()
{
    Stage stage;
    QVERIFY(writeConsumers(stage.path(u"kong.yml"_s), 2));
    const auto import = [&stage](std::size_t steps) {
        drop(stage, stage.path(u"kong.yml"_s));
        return Stage::wait([&] { return mayImport(stage) && stage.click(u"importNow"_s); })
            && Stage::wait([&] {
                   return stage.workspace().undoStack()->count() == static_cast<int>(steps);
               });
    };
    QVERIFY(import(1));
    QVERIFY(write(stage.path(u"kong.yml"_s),
                  "_format_version: \"3.0\"\nconsumers:\n- username: c0\n  custom_id: other\n"));
    QVERIFY(import(2));
    QVERIFY(stage.workspace().stored("/consumers/c0")->contains("labels"));
    QVERIFY(stage.workspace().stored("/consumers/c1")); // what is not in the file stays
    stage.window().activateWindow();
    QTRY_VERIFY(stage.window().isActiveWindow());
    stage.press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(!stage.workspace().stored("/consumers/c0")->contains("labels"));
}

QTEST_MAIN(tst_ScenariosImports)
#include "tst_scenarios_imports.moc"
