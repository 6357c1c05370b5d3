// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/notice_center.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/filter_edit.h"
#include "gui/widgets/flow_layout.h"
#include "gui/widgets/json_editor.h"
#include "gui/widgets/secret_field.h"
#include "gui/widgets/toast.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QTextLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <map>
#include <vector>

using namespace postern;
using namespace postern::gui;

/// The widgets that pages are made of.
class tst_ShellWidgets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyTheNewestChangeOffersUndo();
    void buttonsStandEvenly();
    void aSecretShowsTenDotsWhateverItsLength();
    void aSecretHidesWhenTheFocusLeaves();
    void aHiddenSecretCanBeCopied();
    void typingOverTheDotsReplacesTheSecret();
    void aLockedSecretIsForgotten();
    void aFilterSaysWhatIsWrong();
    void aFilterCompletesFieldsAndValues();
    void escapeClearsTheFilterAndThenLeaves();
    void aFilterTermIsQuotedWhereItMustBe();
    void enterPressesTheFirstButtonOfAnEmptyView();
    void anEditorMarksThePlaceOfAnError();
    void controlTabLeavesTheEditor();
    void anEditorZoomsAndComesBack();
    void aToastOffersUndo();
    void aCellThatIsCutOffTellsItsText();
    void aCellKeepsItsOrderFromRightToLeft();

private:
    static void show(QWidget &widget)
    {
        widget.show();
        widget.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&widget, 20'000));
    }
};

void tst_ShellWidgets::aSecretShowsTenDotsWhateverItsLength()
{
    SecretClipboard clipboard(nullptr, false);
    SecretField field(clipboard, QStringLiteral("Secret"));
    for (const char *secret : {"x", "a much longer secret than that"}) {
        field.setSecret(QString::fromLatin1(secret));
        QCOMPARE(field.edit()->displayText().size(), 10);
        QVERIFY(!field.edit()->text().contains(QString::fromLatin1(secret)));
    }
    field.setSecret({});
    QVERIFY(field.edit()->displayText().isEmpty());
}

void tst_ShellWidgets::aSecretHidesWhenTheFocusLeaves()
{
    SecretClipboard clipboard(nullptr, false);
    QWidget window;
    auto *field = new SecretField(clipboard, QStringLiteral("Secret"));
    auto *other = new QPushButton(QStringLiteral("other"));
    auto *column = new QVBoxLayout(&window);
    column->addWidget(field);
    column->addWidget(other);
    field->setSecret(QStringLiteral("s3cret"));
    show(window);
    auto *eye = field->findChild<QToolButton *>(QStringLiteral("eye"));
    eye->setFocus();
    QTest::keyClick(eye, Qt::Key_Space);
    QCOMPARE(field->edit()->displayText(), QStringLiteral("s3cret"));
    other->setFocus();
    QTRY_VERIFY(!field->isRevealed());
    QVERIFY(!field->edit()->text().contains(QStringLiteral("s3cret")));
}

void tst_ShellWidgets::aHiddenSecretCanBeCopied()
{
    SecretClipboard clipboard(nullptr, false);
    SecretField field(clipboard, QStringLiteral("Secret"));
    field.setSecret(QStringLiteral("s3cret"));
    field.findChild<QToolButton *>(QStringLiteral("copy"))->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("s3cret"));
    QCOMPARE(clipboard.remaining(), 10);
    QVERIFY(!field.isRevealed());
}

void tst_ShellWidgets::typingOverTheDotsReplacesTheSecret()
{
    SecretClipboard clipboard(nullptr, false);
    SecretField field(clipboard, QStringLiteral("Secret"));
    field.setReadOnly(false);
    field.setSecret(QStringLiteral("old"));
    const QSignalSpy edits(&field, &SecretField::edited);
    show(field);
    field.setFocus();
    QTest::keyClicks(field.edit(), QStringLiteral("new1"));
    QCOMPARE(field.secret(), QStringLiteral("new1"));
    QCOMPARE(edits.size(), 4);
    field.setRevealed(true);
    QCOMPARE(field.edit()->displayText(), QStringLiteral("new1"));
}

void tst_ShellWidgets::aLockedSecretIsForgotten()
{
    SecretClipboard clipboard(nullptr, false);
    SecretField field(clipboard, QStringLiteral("Secret"));
    field.setSecret(QStringLiteral("s3cret"));
    field.setRevealed(true);
    field.setLocked(true);
    QVERIFY(field.secret().isEmpty());
    QVERIFY(!field.edit()->text().contains(QStringLiteral("s3cret")));
    field.setRevealed(true);
    QVERIFY(!field.isRevealed());
    field.setSecret(QStringLiteral("again"));
    QVERIFY(field.secret().isEmpty());
    field.setLocked(false);
    field.setSecret(QStringLiteral("again"));
    QCOMPARE(field.secret(), QStringLiteral("again"));
}

void tst_ShellWidgets::aFilterSaysWhatIsWrong()
{
    FilterEdit edit;
    edit.setGrammar({}, [](const QString &text) -> std::optional<FilterEdit::Fault> {
        if (text.endsWith(QLatin1Char(':')))
            return FilterEdit::Fault{text.size(), QStringLiteral("a value is missing")};
        return std::nullopt;
    });
    const QSignalSpy filters(&edit, &FilterEdit::filterChanged);
    edit.setText(QStringLiteral("status:401"));
    QCOMPARE(edit.property("verdict").toString(), QStringLiteral("right"));
    QCOMPARE(filters.size(), 1);
    edit.setText(QStringLiteral("status:"));
    QCOMPARE(edit.property("verdict").toString(), QStringLiteral("wrong"));
    QCOMPARE(edit.message(), QStringLiteral("a value is missing"));
    QCOMPARE(edit.accessibleDescription(), edit.message());
    QCOMPARE(filters.size(), 1); // the list stays as it was
    edit.clear();
    QVERIFY(!edit.property("verdict").isValid());
    QVERIFY(edit.message().isEmpty());
}

void tst_ShellWidgets::aFilterCompletesFieldsAndValues()
{
    FilterEdit edit;
    edit.setGrammar({{.name = QStringLiteral("status"),
                      .kind = FilterField::Kind::Number,
                      .values = {QStringLiteral("200"), QStringLiteral("401")},
                      .help = {}}},
                    {});
    show(edit);
    QTest::keyClicks(&edit, QStringLiteral("jack st"));
    const auto popup = [] { return QApplication::activePopupWidget(); };
    QVERIFY(popup());
    QTest::keyClick(popup(), Qt::Key_Down);
    QTest::keyClick(popup(), Qt::Key_Return);
    QCOMPARE(edit.text(), QStringLiteral("jack status:"));
    QVERIFY(popup()); // its values
    QTest::keyClicks(popup(), QStringLiteral("4"));
    QTest::keyClick(popup(), Qt::Key_Down);
    QTest::keyClick(popup(), Qt::Key_Return);
    QCOMPARE(edit.text(), QStringLiteral("jack status:401"));
}

void tst_ShellWidgets::escapeClearsTheFilterAndThenLeaves()
{
    FilterEdit edit;
    const QSignalSpy left(&edit, &FilterEdit::left);
    show(edit);
    QTest::keyClicks(&edit, QStringLiteral("x"));
    QTest::keyClick(&edit, Qt::Key_Escape);
    QVERIFY(edit.text().isEmpty());
    QCOMPARE(left.size(), 0);
    QTest::keyClick(&edit, Qt::Key_Escape);
    QCOMPARE(left.size(), 1);
}

void tst_ShellWidgets::aFilterTermIsQuotedWhereItMustBe()
{
    FilterEdit edit;
    edit.addTerm(QStringLiteral("route"), QStringLiteral("jwt-route"));
    edit.addTerm(QStringLiteral("path"), QStringLiteral("/a b"), true);
    QCOMPARE(edit.text(), QStringLiteral("route:jwt-route -path:\"/a b\""));
}

void tst_ShellWidgets::enterPressesTheFirstButtonOfAnEmptyView()
{
    EmptyState empty(QStringLiteral("consumers"), QStringLiteral("No consumers yet."));
    QString pressed;
    empty.addButton(QStringLiteral("first"), QStringLiteral("&New consumer"),
                    [&pressed] { pressed = QStringLiteral("first"); });
    empty.addButton(QStringLiteral("second"), QStringLiteral("&Sample"),
                    [&pressed] { pressed = QStringLiteral("second"); });
    show(empty);
    empty.setFocus();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QCOMPARE(pressed, QStringLiteral("first"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QCOMPARE(pressed, QStringLiteral("second"));
}

void tst_ShellWidgets::anEditorMarksThePlaceOfAnError()
{
    JsonEditor editor;
    const QSignalSpy edits(&editor, &JsonEditor::edited);
    editor.setText(QStringLiteral("{\n  \"a\": x\n}"));
    QCOMPARE(edits.size(), 0);
    editor.setFault({Errc::Json, "unexpected x", "2:8"});
    QVERIFY(editor.fault().contains(QStringLiteral("unexpected x")));
    const auto marks = editor.extraSelections();
    QCOMPARE(marks.size(), 2);
    QCOMPARE(marks.at(1).cursor.selectedText(), QStringLiteral("x"));
    editor.clearFault();
    QVERIFY(editor.extraSelections().isEmpty());
    QTest::keyClicks(&editor, QStringLiteral(" "));
    QCOMPARE(edits.size(), 1);
}

void tst_ShellWidgets::controlTabLeavesTheEditor()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *editor = new JsonEditor;
    auto *after = new QPushButton(QStringLiteral("after"));
    column->addWidget(editor);
    column->addWidget(after);
    show(window);
    editor->setFocus();
    QTest::keyClick(editor, Qt::Key_Tab);
    QCOMPARE(editor->toPlainText(), QStringLiteral("  "));
    QTest::keyClick(editor, Qt::Key_Tab, Qt::ControlModifier);
    QVERIFY(after->hasFocus());
}

void tst_ShellWidgets::anEditorZoomsAndComesBack()
{
    JsonEditor editor;
    const qreal size = editor.font().pointSizeF();
    editor.zoom(3);
    QVERIFY(editor.font().pointSizeF() > size);
    editor.zoom(-1);
    editor.zoom(0);
    QCOMPARE(editor.font().pointSizeF(), size);
}

void tst_ShellWidgets::aToastOffersUndo()
{
    QWidget window;
    int undone = 0;
    auto *toast = new Toast(
        Notices::Kind::Success, QStringLiteral("Deleted jack"), QStringLiteral("details"),
        [&undone] { ++undone; }, &window);
    const QSignalSpy closed(toast, &Toast::closed);
    window.show();
    toast->show();
    QVERIFY(toast->accessibleName().contains(QStringLiteral("Done")));
    toast->findChild<QPushButton *>(QStringLiteral("toastUndo"))->click();
    QCOMPARE(undone, 1);
    QCOMPARE(closed.size(), 1);
}

void tst_ShellWidgets::aCellThatIsCutOffTellsItsText()
{
    QTableWidget table(1, 1);
    auto *item = new QTableWidgetItem(QStringLiteral("a text that is longer than its cell"));
    table.setItem(0, 0, item);
    const CellDelegate delegate;
    QStyleOptionViewItem option;
    option.widget = &table;
    option.fontMetrics = table.fontMetrics();
    const QModelIndex index = table.model()->index(0, 0);
    option.rect = QRect(0, 0, 2000, 20);
    QCOMPARE(delegate.tipOf(option, index), QString());
    option.rect = QRect(0, 0, 40, 20);
    QCOMPARE(delegate.tipOf(option, index), item->text());
    item->setToolTip(QStringLiteral("why"));
    QCOMPARE(delegate.tipOf(option, index), item->text() + QStringLiteral("\nwhy"));
    option.rect = QRect(0, 0, 2000, 20);
    QCOMPARE(delegate.tipOf(option, index), QStringLiteral("why"));
}

void tst_ShellWidgets::aCellKeepsItsOrderFromRightToLeft()
{
    class Probe : public CellDelegate
    {
    public:
        using CellDelegate::initStyleOption;
    };
    QTableWidget table(1, 1);
    const QString text = QStringLiteral("✗ 401 no login");
    table.setItem(0, 0, new QTableWidgetItem(text));
    const Probe delegate;
    QStyleOptionViewItem option;
    option.direction = Qt::LeftToRight;
    delegate.initStyleOption(&option, table.model()->index(0, 0));
    QCOMPARE(option.text, text);
    option.direction = Qt::RightToLeft;
    delegate.initStyleOption(&option, table.model()->index(0, 0));
    QCOMPARE(option.text, CellDelegate::isolated(text));
    QTextLayout line(option.text); // the number stands left of the words
    QTextOption reversed;
    reversed.setTextDirection(Qt::RightToLeft);
    line.setTextOption(reversed);
    line.beginLayout();
    const QTextLine first = line.createLine();
    line.endLayout();
    const auto at = [&](const QString &part) {
        return first.cursorToX(static_cast<int>(option.text.indexOf(part)));
    };
    QVERIFY(at(QStringLiteral("401")) < at(QStringLiteral("no")));
    QVERIFY(at(QStringLiteral("no")) < at(QStringLiteral("login")));
}

/// Undo takes back the newest change, whichever notice the button stands on.
void tst_ShellWidgets::onlyTheNewestChangeOffersUndo()
{
    QWidget window;
    int undone = 0;
    NoticeCenter notices(&window, [&undone] { ++undone; });
    const auto shown = [&window] {
        QStringList texts;
        const auto toasts = window.findChildren<Toast *>();
        for (const Toast *toast : toasts) {
            if (!toast->isHidden())
                texts << toast->findChild<QLabel *>(QStringLiteral("toastText"))->text();
        }
        texts.sort();
        return texts;
    };
    const QString first = QStringLiteral("Add jack"), told = QStringLiteral("Exported"),
                  second = QStringLiteral("Delete bob");
    notices.show(Notices::Kind::Success, first, {}, true);
    notices.show(Notices::Kind::Success, told, {}, false);
    QCOMPARE(shown(), QStringList({first, told}));
    notices.show(Notices::Kind::Success, second, {}, true);
    QCOMPARE(shown(), QStringList({second, told}));
    QCOMPARE(notices.history().size(), std::size_t{3});
    notices.withdrawUndo(); // another step
    QCOMPARE(shown(), QStringList({second, told}));
    const auto offers = [](const Toast *toast) {
        const auto *button = toast->findChild<QPushButton *>(QStringLiteral("toastUndo"));
        return !toast->isHidden() && button && !button->isHidden();
    };
    QVERIFY(std::ranges::none_of(window.findChildren<Toast *>(), offers));
    const QString back = QStringLiteral("Undone: Delete bob");
    notices.showStep(back);
    QCOMPARE(shown(), QStringList({told, back}));
    // of two errors that say the same the one that says more stays, whichever came first
    const QString gone = QStringLiteral("the file is gone"),
                  kept = QStringLiteral("Nothing was saved: the file is gone"),
                  other = QStringLiteral("another error");
    for (const QString &text : {gone, other, kept, gone})
        notices.show(Notices::Kind::Error, text, {}, false);
    QCOMPARE(shown().filter(gone), QStringList({kept}));
    QVERIFY(shown().contains(other));
    QCOMPARE(notices.history().back().text, gone); // the history has all
}

void tst_ShellWidgets::buttonsStandEvenly()
{
    QWidget holder;
    auto *const flow = new FlowLayout(&holder, 6);
    flow->setEven(true);
    std::vector<QLabel *> labels;
    for (const int width : {90, 120, 100, 80, 140, 60}) {
        labels.push_back(new QLabel);
        labels.back()->setFixedSize(width, 20);
        flow->addWidget(labels.back());
    }
    const auto lines = [&](int width) {
        holder.resize(width, flow->heightForWidth(width));
        flow->setGeometry(holder.rect());
        std::map<int, int> counts;
        for (const QLabel *const label : labels)
            ++counts[label->y()];
        QList<int> list;
        for (const auto &[y, count] : counts)
            list << count;
        return list;
    };
    QCOMPARE(lines(640), QList<int>({6}));
    QCOMPARE(lines(619), QList<int>({3, 3})); // never five and one
    QCOMPARE(labels[0]->x(), labels[3]->x());
    QCOMPARE(labels[1]->x(), labels[4]->x()); // below each other
    QCOMPARE(lines(270), QList<int>({2, 2, 2}));
    QCOMPARE(flow->heightForWidth(270), 3 * 20 + 2 * 6);
    QCOMPARE(lines(150), QList<int>({1, 1, 1, 1, 1, 1}));
    labels[5]->hide();
    QCOMPARE(flow->heightForWidth(619), 20);
}

QTEST_MAIN(tst_ShellWidgets)
#include "tests/support/patience.h"
#include "tst_shell_widgets.moc"
