// SPDX-License-Identifier: Apache-2.0
// The acceptance scenarios of the token page: acted through events only.
#include "core/jose/key.h"
#include "core/json/parse.h"
#include "gui/models/checks_model.h"
#include "gui/tokens/clock_slider.h"
#include "gui/tokens/compare_view.h"
#include "gui/tokens/key_panel.h"
#include "gui/tokens/octet_edit.h"
#include "tests/cli/seed_tokens.h"
#include "tests/gui/token_stage.h"

#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAccessible>
#include <QClipboard>
#include <QComboBox>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

class tst_ScenariosTokens : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_stage = std::make_unique<TokenStage>(); }
    void cleanup() { m_stage.reset(); }

    void g11_sampleSecretIsNamedAndResigned();
    void thePageBeginsWithTheEncodedToken();
    void mintingForNobodySaysWhatIsMissing();
    void g12_droppedKeyAndAnotherTime();
    void encryptedKeyAsksForItsPassphrase_data();
    void encryptedKeyAsksForItsPassphrase();
    void g13_brokenEmptyAndLongTokens();
    void g14_mintedTokenPassesTheGateway();
    void aRemarkIsFixedByItsButton();
    void undoGoesAcrossEdits();
    void prettyChangesOnlyTheView();
    void aWrongSecretIsDescribed();
    void breaksATokenAndComparesIt();
    void lockedPageKnowsNothing();
    void takesTokensAndKeysFromFiles();
    void nothingIsCutOffRightToLeft();
    void everyWidgetHasAName();

private:
    template <class Widget> Widget *find(const char *name) const
    {
        auto *const found = m_stage->page().findChild<Widget *>(QString::fromLatin1(name));
        if (found == nullptr)
            qWarning("no widget \"%s\"", name);
        return found;
    }
    [[nodiscard]] QString verdict() const { return find<QLabel>("tokenVerdict")->text(); }
    [[nodiscard]] QString reason() const { return find<QLabel>("tokenReason")->text(); }
    [[nodiscard]] OctetEdit *encoded() const { return find<OctetEdit>("tokenEncoded"); }
    static void click(QWidget *widget) { QTest::mouseClick(widget, Qt::LeftButton); }
    void paste(const QString &text) const;
    void pick(const char *combo, const QString &text) const;
    void drop(const QString &path) const;
    void setTime(const char *time) const;

    std::unique_ptr<TokenStage> m_stage;
};

void tst_ScenariosTokens::paste(const QString &text) const
{
    QGuiApplication::clipboard()->setText(text);
    OctetEdit *const edit = encoded();
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(edit, Qt::Key_V, Qt::ControlModifier);
}

void tst_ScenariosTokens::pick(const char *combo, const QString &text) const
{
    auto *const box = find<QComboBox>(combo);
    box->setFocus();
    for (int i = 0; i < box->count() && !box->currentText().startsWith(text); ++i)
        QTest::keyClick(box, i == 0 ? Qt::Key_Home : Qt::Key_Down);
    QVERIFY2(box->currentText().startsWith(text), qPrintable(box->currentText()));
}

void tst_ScenariosTokens::drop(const QString &path) const
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QWidget *const target = find<KeyPanel>("tokenKeys");
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target, &event);
    QVERIFY(event.isAccepted());
}

void tst_ScenariosTokens::setTime(const char *time) const
{
    auto *const line = find<QLineEdit>("tokenTime");
    line->setFocus();
    QTest::keyClick(line, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(line, QString::fromLatin1(time));
    QTest::keyClick(line, Qt::Key_Return);
}

void tst_ScenariosTokens::g11_sampleSecretIsNamedAndResigned()
{
    m_stage->addJack();
    paste(QString::fromLatin1(test::kT1));
    pick("tokenKey", u"jack / cred-jack-jwt-auth"_s);
    QVERIFY(verdict().contains(u"refused"));
    QVERIFY(reason().contains(u"signature"));
    QVERIFY(reason().contains(u"well-known sample secret \"your-256-bit-secret\""));
    QVERIFY(find<QLabel>("tokenQuestion")->text().contains(u"jack / cred-jack-jwt-auth"));
    click(find<QPushButton>("tokenFindWhy"));
    auto *const why = find<QLabel>("tokenWhy");
    QTRY_VERIFY(why->text().contains(u"Tried in"));
    QVERIFY(why->text().contains(u"your-256-bit-secret"));
    m_stage->screenshot("G-11");

    auto *const resign = find<QPushButton>("tokenResign");
    QVERIFY(resign->isVisible());
    QVERIFY(resign->text().contains(u"jack"));
    click(resign);
    QCOMPARE(encoded()->octets(), std::string(test::kT8));
    QCOMPARE(m_stage->page().document().text(), std::string(test::kT8));
    QVERIFY(verdict().contains(u"accepted"));
    QVERIFY(find<QLabel>("tokenSignature")->text().contains(u"new"));
    m_stage->screenshot("G-11-resigned");
    auto *const checks = find<QTableView>("tokenChecks"); // down to the verdict, without scrolling
    const QModelIndex last = checks->model()->index(checks->model()->rowCount() - 1, 1);
    QVERIFY(checks->model()->rowCount() > 5);
    QTRY_VERIFY(checks->viewport()->rect().contains(checks->visualRect(last)));
}

void tst_ScenariosTokens::thePageBeginsWithTheEncodedToken()
{
    QTRY_VERIFY(encoded()->hasFocus()); // Ctrl+2 was pressed
    m_stage->press(Qt::Key_1, Qt::ControlModifier);
    m_stage->press(Qt::Key_2, Qt::ControlModifier);
    QTRY_VERIFY(encoded()->hasFocus());
    find<QLineEdit>("tokenTime")->setFocus();
    m_stage->press(Qt::Key_2, Qt::ControlModifier);
    QTRY_VERIFY(encoded()->hasFocus());
    m_stage->type(u"eyJ"_s);
    QCOMPARE(encoded()->octets(), std::string("eyJ"));
}

void tst_ScenariosTokens::mintingForNobodySaysWhatIsMissing()
{
    m_stage->press(Qt::Key_T, Qt::ControlModifier);
    const auto *const fault = find<QLabel>("mintFault");
    QTRY_VERIFY(fault->isVisible());
    QVERIFY2(fault->text().startsWith(u"No consumer has"_s), qPrintable(fault->text()));
}

void tst_ScenariosTokens::g12_droppedKeyAndAnotherTime()
{
    drop(m_stage->file(u"pub.pem"_s, test::kPublicPem));
    paste(QString::fromLatin1(test::kT7));
    QVERIFY(verdict().contains(u"refused"));
    QVERIFY(reason().contains(u"expired"));
    QVERIFY(reason().contains(u"2024-12-15T02:40:00Z"));
    setTime("2024-12-14");
    QVERIFY(verdict().contains(u"accepted"));
    QVERIFY(find<QLabel>("tokenQuestion")->text().contains(u"2024-12-14T00:00:00Z"));
    const auto *const slider = find<ClockSlider>("tokenClock");
    QCOMPARE(slider->ticks().size(), std::size_t{1});
    QCOMPARE(slider->ticks().front().name, u"exp"_s);
    m_stage->screenshot("G-12");

    click(find<QPushButton>("tokenNow"));
    QVERIFY(verdict().contains(u"refused"));
    QVERIFY(reason().contains(u"2024-12-15T02:40:00Z"));
    // The same by the slider: its beginning is before the token expired.
    auto *const keys = find<ClockSlider>("tokenClock");
    keys->setFocus();
    QTest::keyClick(keys, Qt::Key_Home);
    QVERIFY(verdict().contains(u"accepted"));
}

void tst_ScenariosTokens::encryptedKeyAsksForItsPassphrase_data()
{
    QTest::addColumn<bool>("onThePanel");
    QTest::newRow("dropped on the key's place") << true;
    QTest::newRow("opened or dropped elsewhere") << false;
}

void tst_ScenariosTokens::encryptedKeyAsksForItsPassphrase()
{
    QFETCH(const bool, onThePanel);
    const Result<Key> key = Key::generate(Alg::ES256);
    QVERIFY(key);
    const Result<std::string> pem = key->toEncryptedPem(Secret("geheim"));
    QVERIFY(pem);
    const QString path = m_stage->file(u"enc.pem"_s, QByteArray::fromStdString(*pem));
    if (onThePanel) {
        drop(path);
    } else {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QVERIFY(m_stage->page().takeMime(data));
    }
    const auto *const picker = find<QComboBox>("tokenKey");
    const auto type = [this](const QString &passphrase) {
        auto *const dialog = find<QInputDialog>("passphraseDialog");
        QVERIFY(dialog->labelText().contains(u"enc.pem"));
        auto *const line = dialog->findChild<QLineEdit *>();
        QCOMPARE(line->echoMode(), QLineEdit::Password);
        QTest::keyClicks(line, passphrase);
        QTest::keyClick(line, Qt::Key_Return);
    };
    type(u"wrong"_s);
    QVERIFY(!picker->currentText().contains(u"enc.pem"));
    QTRY_COMPARE(m_stage->page().findChildren<QInputDialog *>().size(), 1); // the first is gone
    QVERIFY(find<QInputDialog>("passphraseDialog")->labelText().contains(u"does not open"));
    m_stage->screenshot("tokens-passphrase");
    type(u"geheim"_s);
    QVERIFY2(picker->currentText().contains(u"enc.pem"), qPrintable(picker->currentText()));
}

void tst_ScenariosTokens::g13_brokenEmptyAndLongTokens()
{
    m_stage->addJack();
    QString broken = QString::fromLatin1(test::kT1);
    broken[2] = u'*';
    paste(broken);
    QVERIFY(find<QLabel>("tokenFault")->text().contains(u"Offset 2"));
    QCOMPARE(encoded()->extraSelections().size(), 1);
    QCOMPARE(encoded()->extraSelections().front().cursor.selectionStart(), 2);
    QCOMPARE(find<OctetEdit>("tokenPayload")->octets(),
             std::string(R"({"key":"jack-key","nbf":1729132271})"));
    m_stage->screenshot("G-13-broken");

    OctetEdit *const edit = encoded();
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(edit, Qt::Key_Delete);
    QVERIFY(verdict().contains(u"Paste a token"));
    m_stage->screenshot("G-13-empty");

    const Key key = *Key::fromSecret(Secret("jack-hs256-secret"));
    const Json claims = Json::object({{"key", "jack-key"}, {"pad", std::string(150'000, 'x')}});
    const std::string token = *signJws(R"({"alg":"HS256"})", claims.dump(), Alg::HS256, key, true);
    QVERIFY(token.size() > 200'000);
    QElapsedTimer timer;
    timer.start();
    paste(QString::fromStdString(token));
    qInfo("paste of 200 kB: %lld ms", timer.elapsed());
    QTRY_VERIFY(verdict().contains(u"accepted"));
    QCOMPARE(edit->octets(), token);
    QTest::keyClick(edit, Qt::Key_Home, Qt::ControlModifier);
    timer.restart();
    QTest::keyClick(edit, Qt::Key_Delete);
    QTest::keyClicks(edit, u"e"_s);
    qInfo("two keystrokes in 200 kB: %lld ms", timer.elapsed());
    QCOMPARE(edit->octets(), token);
    QTRY_VERIFY(verdict().contains(u"accepted"));
    QVERIFY(find<QLabel>("tokenSize")->text().contains(u"8 KiB"));
    m_stage->screenshot("G-13-long");

    timer.restart();
    paste(QString(5'000'000, u'e'));
    qInfo("paste of 5 MB: %lld ms", timer.elapsed());
    QTRY_VERIFY(verdict().contains(u"not a token"));
    QCOMPARE(edit->octets().size(), std::size_t{5'000'000});
}

void tst_ScenariosTokens::g14_mintedTokenPassesTheGateway()
{
    m_stage->addJack();
    m_stage->addJwtRoute();
    QVERIFY(m_stage->startGateway());
    m_stage->page().mintFor("jack", {});
    QVERIFY(find<QComboBox>("mintConsumer")->hasFocus());
    click(find<QToolButton>("lifetime30"));
    auto *const claims = find<QPlainTextEdit>("mintClaims");
    claims->setFocus();
    QTest::keyClicks(claims, u"role=user"_s);
    QTest::keyClick(claims, Qt::Key_Return, Qt::ControlModifier);
    const std::string token = QGuiApplication::clipboard()->text().toStdString();
    const auto decoded = decodeJws(token);
    QVERIFY(decoded.has_value());
    const Json payload = *parseJson(decoded->payloadText);
    QCOMPARE(payload.stringOr("role", ""), std::string_view("user"));
    QCOMPARE(payload.stringOr("key", ""), std::string_view("jack-key"));
    QVERIFY(verdict().contains(u"accepted"));
    m_stage->screenshot("G-14");

    find<QMenu>("tokenCopyMenu")->findChild<QAction *>(u"copyCurl"_s)->trigger();
    const QString line = QGuiApplication::clipboard()->text();
    QVERIFY2(line.startsWith(u"curl -i -H 'Authorization: Bearer ey"), qPrintable(line));
    QProcess shell;
    shell.start(u"sh"_s, {u"-c"_s, line});
    QVERIFY(shell.waitForFinished());
    const QByteArray answer = shell.readAllStandardOutput();
    QVERIFY2(answer.startsWith("HTTP/1.1 200"), answer.constData());
    QVERIFY(answer.contains("\"X-Consumer-Username\": \"jack\""));

    find<QMenu>("tokenCopyMenu")->findChild<QAction *>(u"copyCommand"_s)->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             u"postern token mint --consumer jack --credential cred-jack-jwt-auth --ttl 30s "
             "--claim role=user"_s);
}

void tst_ScenariosTokens::aRemarkIsFixedByItsButton()
{
    m_stage->addJack();
    paste(QString::fromLatin1(test::kT8)); // key and nbf, no exp
    auto *const tabs = find<QTabWidget>("tokenTabs");
    tabs->setCurrentIndex(2);
    auto *const remarks = find<QListWidget>("tokenLint");
    auto *const fix = find<QPushButton>("tokenFix");
    const auto rowOf = [remarks](const QString &rule) {
        const auto found = remarks->findItems(u"["_s + rule + u"]"_s, Qt::MatchContains);
        return found.isEmpty() ? -1 : remarks->row(found.first());
    };
    QVERIFY(rowOf(u"no-exp"_s) >= 0);
    remarks->setFocus();
    QTest::keyClick(remarks, Qt::Key_Home);
    while (remarks->currentRow() != rowOf(u"no-exp"_s))
        QTest::keyClick(remarks, Qt::Key_Down);
    QCOMPARE(fix->text(), u"Fi&x: set exp to 1 h from now"_s);
    m_stage->screenshot("tokens-remarks");
    click(fix);
    QVERIFY(find<OctetEdit>("tokenPayload")->octets().contains("\"exp\""));
    QCOMPARE(rowOf(u"no-exp"_s), -1);
    QVERIFY2(verdict().contains(u"accepted"), qPrintable(verdict() + reason()));
    // a remark about the secret is none that the token could be changed for
    QVERIFY(rowOf(u"weak-secret"_s) >= 0);
    remarks->setCurrentRow(rowOf(u"weak-secret"_s));
    QVERIFY(!fix->isEnabled());
}

void tst_ScenariosTokens::undoGoesAcrossEdits()
{
    m_stage->addJack();
    paste(QString::fromLatin1(test::kT1));
    click(find<QPushButton>("tokenResign"));
    auto *const payload = find<OctetEdit>("tokenPayload");
    payload->setFocus();
    QTest::keyClick(payload, Qt::Key_End, Qt::ControlModifier);
    QTest::keyClick(payload, Qt::Key_Left);
    QTest::keyClicks(payload, u",\"a\":1"_s);
    QCOMPARE(m_stage->page().document().view().payloadText(),
             std::string_view(R"({"key":"jack-key","nbf":1729132271,"a":1})"));
    QVERIFY(verdict().contains(u"accepted"));
    QTest::keyClick(payload, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(encoded()->octets(), std::string(test::kT8));
    QTest::keyClick(encoded(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(encoded()->octets(), std::string(test::kT1));
    QTest::keyClick(encoded(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(encoded()->octets(), std::string(test::kT8));
}

void tst_ScenariosTokens::prettyChangesOnlyTheView()
{
    m_stage->addJack();
    paste(QString::fromLatin1(test::kT8));
    auto *const pretty = find<QWidget>("tokenPretty");
    pretty->setFocus();
    QTest::keyClick(pretty, Qt::Key_Space);
    auto *const payload = find<OctetEdit>("tokenPayload");
    QVERIFY(payload->octets().contains("\n  \"key\": \"jack-key\""));
    QCOMPARE(encoded()->octets(), std::string(test::kT8));
    payload->setFocus();
    QTest::keyClick(payload, Qt::Key_End, Qt::ControlModifier);
    QTest::keyClick(payload, Qt::Key_Backspace); // "}": no JSON meanwhile
    QCOMPARE(encoded()->octets(), std::string(test::kT8));
    QVERIFY(find<QLabel>("tokenFault")->text().contains(u"Not taken over"));
    QTest::keyClicks(payload, u"}"_s);
    QCOMPARE(encoded()->octets(), std::string(test::kT8));
}

void tst_ScenariosTokens::aWrongSecretIsDescribed()
{
    paste(QString::fromLatin1(test::kT8));
    QVERIFY(verdict().contains(u"no key"));
    pick("tokenKey", u"A secret"_s);
    auto *const secret = find<QWidget>("tokenSecret")->findChild<QLineEdit *>();
    QVERIFY(secret);
    secret->setFocus();
    QTest::keyClicks(secret, u"your-256-bit-secret"_s);
    const auto *const note = find<QLabel>("tokenKeyNote");
    QVERIFY(note->text().contains(u"well-known sample secret"));
    QVERIFY(note->text().contains(u"19 of 32 bytes for HS256"));
    QVERIFY(verdict().contains(u"refused"));
    pick("tokenSecretKind", u"hex"_s);
    QVERIFY(note->text().contains(u"not hex"));
}

void tst_ScenariosTokens::breaksATokenAndComparesIt()
{
    m_stage->addJack();
    paste(QString::fromLatin1(test::kT8));
    auto *const menu = find<QMenu>("tokenBreakMenu");
    Q_EMIT menu->aboutToShow();
    auto *const none = menu->findChild<QAction *>(u"alg-none"_s);
    QVERIFY(none);
    QVERIFY(!none->toolTip().isEmpty());
    none->trigger();
    auto *const other = find<OctetEdit>("otherToken");
    QVERIFY(other->isVisible());
    QVERIFY(!other->extraSelections().isEmpty());
    QVERIFY(find<QLabel>("otherRemark")->text().contains(u"A strict verifier refuses it"));
    QVERIFY(find<QLabel>("otherDecision")->text().contains(u"≠ strict"));
    const auto *const differences = find<QTreeWidget>("tokenDifferences");
    QVERIFY(!differences->findItems(u"header"_s, Qt::MatchExactly).isEmpty());
    m_stage->screenshot("tokens-break");
    QCOMPARE(encoded()->octets(), std::string(test::kT8)); // the good one stands
}

void tst_ScenariosTokens::lockedPageKnowsNothing()
{
    m_stage->addJack();
    paste(QString::fromLatin1(test::kT8));
    QVERIFY(verdict().contains(u"accepted"));
    m_stage->window().setLocked(true);
    QVERIFY(encoded()->octets().empty());
    QVERIFY(m_stage->page().document().ring().credentials().empty());
    QCOMPARE(find<QTableView>("tokenHistory")->model()->rowCount(), 0);
    m_stage->window().setLocked(false);
    paste(QString::fromLatin1(test::kT8));
    QVERIFY(verdict().contains(u"accepted"));
}

void tst_ScenariosTokens::takesTokensAndKeysFromFiles()
{
    const auto take = [this](const char *name, const QByteArray &content) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(m_stage->file(QString::fromLatin1(name), content))});
        return m_stage->page().takeMime(data);
    };
    QVERIFY(take("token.txt", QByteArray("Authorization: Bearer ") + test::kT7));
    QCOMPARE(encoded()->octets(), std::string(test::kT7));
    QVERIFY(verdict().contains(u"no key"));
    QVERIFY(take("pub.pem", test::kPublicPem));
    QVERIFY(reason().contains(u"expired"));
    QVERIFY(!take("kong.yml", "_format_version: \"3.0\"\n"));
    QVERIFY(!take("picture.png", QByteArray("\x89PNG\r\n\x1a\n\0\0", 10)));
    QCOMPARE(encoded()->octets(), std::string(test::kT7));
}

void tst_ScenariosTokens::nothingIsCutOffRightToLeft()
{
    m_stage.reset();
    gui::Stage stage(gui::Stage::Options{.open = true, .reversed = true, .language = {}});
    stage.window().resize(1280, 800);
    stage.window().showPage(u"tokens"_s);
    auto *const edit = stage.find<OctetEdit>(u"tokenEncoded"_s);
    QVERIFY(edit);
    QTest::qWait(0);
    const QWidget *inner = edit;
    for (const QWidget *outer = edit->parentWidget(); outer; outer = outer->parentWidget()) {
        const QRect place(inner->mapTo(outer, QPoint()), inner->size());
        QVERIFY2(outer->rect().contains(place),
                 qPrintable(u"%1 %2..%3 in %4 0..%5 (%6)"_s
                                .arg(QString::fromUtf8(inner->metaObject()->className()))
                                .arg(place.left())
                                .arg(place.right())
                                .arg(QString::fromUtf8(outer->metaObject()->className()))
                                .arg(outer->width() - 1)
                                .arg(outer->objectName())));
        inner = outer;
    }
    const QRect text(edit->viewport()->pos(), edit->viewport()->size());
    QVERIFY2(edit->rect().adjusted(1, 1, -1, -1).contains(text),
             qPrintable(
                 u"viewport %1..%2 of %3"_s.arg(text.left()).arg(text.right()).arg(edit->width())));
}

void tst_ScenariosTokens::everyWidgetHasAName()
{
    m_stage->addJack();
    for (const QWidget *const widget : m_stage->page().findChildren<QWidget *>()) {
        const bool interactive = widget->focusPolicy() != Qt::NoFocus
            && (qobject_cast<const QAbstractButton *>(widget)
                || qobject_cast<const QLineEdit *>(widget)
                || qobject_cast<const QComboBox *>(widget)
                || qobject_cast<const QPlainTextEdit *>(widget)
                || qobject_cast<const QAbstractItemView *>(widget)
                || qobject_cast<const QAbstractSlider *>(widget));
        const bool inner = widget->objectName().startsWith(u"qt_")
            || qobject_cast<const QComboBox *>(widget->parentWidget())
            || (widget->parentWidget()
                && widget->parentWidget()->inherits("QComboBoxPrivateContainer"));
        if (!interactive || inner)
            continue;
        QAccessibleInterface *const face =
            QAccessible::queryAccessibleInterface(const_cast<QWidget *>(widget));
        QVERIFY2(face && !face->text(QAccessible::Name).isEmpty(),
                 qPrintable(widget->objectName() + u" "_s
                            + QString::fromLatin1(widget->metaObject()->className())));
        QVERIFY2(!widget->objectName().isEmpty() || widget->parentWidget()->inherits("QTabWidget"),
                 widget->metaObject()->className());
    }
}

QTEST_MAIN(tst_ScenariosTokens)
#include "tests/support/patience.h"
#include "tst_scenarios_tokens.moc"
