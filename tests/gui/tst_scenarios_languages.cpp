// SPDX-License-Identifier: Apache-2.0
// Every page and dialog in the languages the application speaks, for eyes: pictures of each, and
// nothing cut off.
#include "core/json/parse.h"
#include "gui/models/consumers_model.h"
#include "gui/session/workspace.h"
#include "gui/text/mnemonic.h"
#include "tests/support/stage.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QFontDatabase>
#include <QKeySequence>
#include <QLabel>
#include <QMap>
#include <QPushButton>
#include <QRegularExpression>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>
#include <QXmlStreamReader>

#include <tuple>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

class tst_ScenariosLanguages : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void pages_data();
    void pages();
    void dialogs_data();
    void dialogs();
    void keysAreNamedAsOnTheKeyboard();
    void chineseHasOneWordForSecrets();

private:
    /// Two consumers, one that is refused on a route, one without credential; all looked at.
    static bool fill(Stage &stage);
    /// A key that two of a dialog's controls have: it only moves the focus between them.
    static QString doubledMnemonic(const QWidget &dialog);
};

void tst_ScenariosLanguages::initTestCase()
{
    if (QFontDatabase::families(QFontDatabase::SimplifiedChinese).isEmpty())
        QSKIP("no font for Chinese here: its pictures would show boxes");
}

bool tst_ScenariosLanguages::fill(Stage &stage)
{
    const auto value = [](const char *json) { return parseJson(json).value(); };
    stage.workspace().commit(
        u"petstore.yaml"_s,
        {{"/consumers/alice",
          value(R"({"username":"alice","labels":{"team":"platform","floor":"2"}})")},
         {"/consumers/alice/credentials/cred-alice-key-auth",
          value(R"({"plugins":{"key-auth":{"key":"q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"}}})")},
         {"/consumers/jack", value(R"({"username":"jack","labels":{"team":"sales"}})")},
         {"/consumers/jack/credentials/cred-jack-jwt-auth",
          value(R"({"plugins":{"jwt-auth":{"key":"jack-key","secret":"your-256-bit-secret"}}})")},
         {"/consumers/mallory", value(R"({"username":"mallory"})")},
         {"/routes/acl-route",
          value(R"({"uri":"/get","plugins":{"key-auth":{},"acl":{"allow_labels":)"
                R"({"team":["platform"]}}},"upstream":{"type":"roundrobin",)"
                R"("nodes":{"httpbin.org:80":1}}})")},
         {"/routes/jwt-route",
          value(R"({"uri":"/headers","plugins":{"jwt-auth":{}},"upstream":)"
                R"({"type":"roundrobin","nodes":{"httpbin.org:80":1}}})")}});
    const bool known = Stage::wait([&] {
        const auto *const list = stage.find<QTreeView>(u"consumers"_s);
        if (!list || list->model()->rowCount() != 3)
            return false;
        const QModelIndex last = list->model()->index(2, ConsumersModel::State);
        return last.data().toString().startsWith(u'!'); // no credential
    });
    stage.window().openObject("/consumers/jack");
    return known;
}

QString tst_ScenariosLanguages::doubledMnemonic(const QWidget &dialog)
{
    QMap<QString, QString> taken;
    for (const QWidget *const widget : dialog.findChildren<QWidget *>()) {
        const auto *const button = qobject_cast<const QAbstractButton *>(widget);
        const auto *const label = qobject_cast<const QLabel *>(widget);
        const QString text = button              ? button->text()
            : label && label->buddy() != nullptr ? label->text()
                                                 : QString();
        const QString key = QKeySequence::mnemonic(text).toString();
        if (key.isEmpty() || !widget->isVisibleTo(&dialog))
            continue;
        if (taken.contains(key))
            return u"%1: \"%2\" and \"%3\""_s.arg(key, taken.value(key), text);
        taken.insert(key, text);
    }
    return {};
}

void tst_ScenariosLanguages::pages_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("page");
    for (const char *const language : {"de", "zh_CN"}) {
        for (const char *const page : {"consumers", "tokens", "gateway", "access"})
            QTest::addRow("%s, %s", page, language)
                << QString::fromLatin1(language) << QString::fromLatin1(page);
    }
}

void tst_ScenariosLanguages::pages()
{
    QFETCH(const QString, language);
    QFETCH(const QString, page);
    Stage stage(Stage::Options{.language = language});
    QVERIFY(fill(stage));
    stage.window().showPage(page);
    const QString name = u"lang-%1-%2"_s.arg(language, page);
    if (page == u"consumers"_s) {
        for (int tab = 0; tab < 4; ++tab) {
            stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(tab);
            QVERIFY2(stage.shoot(u"%1-%2"_s.arg(name).arg(tab)), stage.faults());
        }
    } else if (page == u"tokens"_s) {
        stage.window().debugToken(
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJrZXkiOiJqYWNrLWtleSIsImV4cCI6MTczMjI3MX0."
            "0VDKUzNkSaa_H5g_rGNbNtDcKJ9fBGgcGC56AsVsV-I",
            std::nullopt);
        QVERIFY2(stage.shoot(name), stage.faults());
    } else {
        QVERIFY2(stage.shoot(name), stage.faults());
    }
    static const QRegularExpression mnemonic(u"\\(&?[A-Z]\\)"_s); // that nothing underlines
    for (const QToolButton *const button : stage.window().findChildren<QToolButton *>())
        QVERIFY2(!button->text().contains(mnemonic), qPrintable(button->text()));
    if (const auto *const size = stage.find<QLabel>(u"tokenSize"_s))
        QVERIFY2(!size->text().contains(u"payload"_s), qPrintable(size->text()));
}

void tst_ScenariosLanguages::dialogs_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("dialog");
    const std::pair<const char *, const char *> dialogs[]{
        {"consumer.labels", "labelsDialog"}, {"consumer.export", "exportDialog"},
        {"token.generate", "generator"},     {"", "importDialog"},
        {"help.shortcuts", "shortcutSheet"}, {"file.settings", "settings"},
        {"file.preview", "preview"},         {"file.attach", "attach"},
        {"view.notices", "noticeHistory"}};
    for (const char *const language : {"en", "de", "zh_CN"}) {
        for (const auto &[command, dialog] : dialogs)
            QTest::addRow("%s, %s", dialog, language)
                << QString::fromLatin1(language) << QString::fromLatin1(command)
                << QString::fromLatin1(dialog);
    }
}

void tst_ScenariosLanguages::dialogs()
{
    QFETCH(const QString, language);
    QFETCH(const QString, command);
    QFETCH(const QString, dialog);
    Stage stage(Stage::Options{.language = language});
    QVERIFY(fill(stage));
    stage.window().openObject("/consumers/jack/credentials/cred-jack-jwt-auth");
    stage.workspace().stage(
        u"sales → ops"_s,
        {{"/consumers/jack", parseJson(R"({"username":"jack","labels":{"team":"ops"}})").value()}});
    if (command.isEmpty()) {
        QFile file(stage.path(u"apisix.yaml"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("consumers:\n- username: bob\n  plugins:\n    key-auth: {key: bob-key}\n"
                   "- username: alice\nroutes:\n- id: 2\n  uri: 7\n#END\n");
        file.close();
        stage.window().openFile(file.fileName());
        QVERIFY(Stage::wait([&] {
            const auto *const button = stage.find<QPushButton>(u"importNow"_s);
            return button && !button->toolTip().isEmpty();
        }));
    } else {
        stage.window().commands().action(command)->trigger();
    }
    QVERIFY(Stage::wait([&] { return stage.find(dialog) != nullptr; }));
    QVERIFY2(stage.shoot(u"lang-%1-%2"_s.arg(language, dialog)), stage.faults());
    const auto buttons = stage.find(dialog)->findChildren<QPushButton *>();
    for (const QPushButton *const button : buttons) {
        const QString text = withoutMnemonic(button->text());
        QVERIFY2(language == u"en"_s || (text != u"Cancel"_s && text != u"Close"_s),
                 qPrintable(text)); // Qt's own words
    }
    const QString doubled = doubledMnemonic(*stage.find(dialog));
    QVERIFY2(doubled.isEmpty(), qPrintable(doubled));
    const auto *const kinds = stage.find<QComboBox>(u"secretKind"_s);
    if (kinds && language != u"en"_s) {
        QVERIFY(kinds->findText(u"API key"_s) < 0);
        QVERIFY(kinds->findText(u"HS256 secret"_s) < 0);
    }
    stage.press(Qt::Key_Escape);
    QVERIFY(Stage::wait([&] { return !stage.find(dialog); }));
}

void tst_ScenariosLanguages::keysAreNamedAsOnTheKeyboard()
{
    const QKeySequence save(Qt::CTRL | Qt::SHIFT | Qt::Key_S), remove(Qt::Key_Delete);
    for (const auto &[language, keys, key] :
         {std::tuple(u"de"_s, u"Strg+Umschalt+S"_s, u"Entf"_s),
          std::tuple(u"zh_CN"_s, u"Ctrl+Shift+S"_s, u"Delete"_s),
          std::tuple(u"en"_s, u"Ctrl+Shift+S"_s, u"Del"_s)}) {
        Stage stage(Stage::Options{.language = language});
        QCOMPARE(save.toString(QKeySequence::NativeText), keys);
        QCOMPARE(remove.toString(QKeySequence::NativeText), key);
        for (const CommandInfo &info : stage.window().commands().list()) // and are read again
            QCOMPARE(QKeySequence(info.shortcut.toString(QKeySequence::NativeText),
                                  QKeySequence::NativeText),
                     info.shortcut);
    }
}

void tst_ScenariosLanguages::chineseHasOneWordForSecrets()
{
    QFile file(QStringLiteral(POSTERN_SOURCE_DIR "/resources/translations/postern_zh_CN.ts"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&file);
    static const QRegularExpression secret(u"\\bs&?ecrets?\\b"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression key(u"\\bkeys?\\b"_s,
                                        QRegularExpression::CaseInsensitiveOption);
    QString source, text;
    int checked = 0;
    while (xml.readNextStartElement() || !xml.atEnd()) {
        if (!xml.isStartElement())
            continue;
        if (xml.name() == u"source"_s)
            source = xml.readElementText().remove(u'&');
        else if (xml.name() == u"translation"_s)
            text = xml.readElementText(QXmlStreamReader::IncludeChildElements);
        else
            continue;
        if (text.isEmpty())
            continue;
        if (source.contains(secret)) {
            QVERIFY2(text.contains(u"机密"_s), qPrintable(source));
            QVERIFY2(source.contains(key) || !text.contains(u"密钥"_s), qPrintable(source));
            ++checked;
        } else {
            QVERIFY2(!text.contains(u"机密"_s), qPrintable(source));
        }
        text.clear();
    }
    QVERIFY(checked > 20);
}

QTEST_MAIN(tst_ScenariosLanguages)
#include "tst_scenarios_languages.moc"
