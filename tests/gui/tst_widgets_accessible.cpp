// SPDX-License-Identifier: Apache-2.0
#include "gui/session/workspace.h"
#include "gui/shell/notice_center.h"
#include "tests/support/patience.h"
#include "tests/support/stage.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QButtonGroup>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QScrollBar>
#include <QSet>
#include <QSplitter>
#include <QTabBar>
#include <QTextEdit>

#include <vector>

using namespace postern;
using gui::Stage;

/// Every page, empty and with objects: names, buddies, the way of the Tab key, the ring of the
/// focus, the least size of what is clicked.
class tst_WidgetsAccessible : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyWidgetHasAName_data() { pages(); }
    void everyWidgetHasAName();
    void tabReachesEverythingAndIsNeverCaught_data() { pages(); }
    void tabReachesEverythingAndIsNeverCaught();
    void theFocusIsVisible_data() { pages(); }
    void theFocusIsVisible();
    void theFocusIsVisibleOnArrival_data() { pages(); }
    void theFocusIsVisibleOnArrival();
    void nothingIsCutOffInASmallWindow_data() { pages(); }
    void nothingIsCutOffInASmallWindow();
    void noticesCoverNothing_data() { pages(); }
    void noticesCoverNothing();

private:
    static void pages();
    static void prepare(Stage &stage);
    static QList<QWidget *> interactive(const QWidget &root);
    static QString described(const QWidget &widget);
    static QRect shownPart(const QWidget &widget);
    static QStringList underNotices(const QWidget &window);
};

void tst_WidgetsAccessible::pages()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<bool>("filled");
    for (const char *page : {"consumers", "tokens", "gateway", "access"}) {
        for (const bool filled : {false, true})
            QTest::addRow("%s, %s", page, filled ? "with objects" : "empty")
                << QString::fromLatin1(page) << filled;
    }
}

void tst_WidgetsAccessible::prepare(Stage &stage)
{
    QFETCH(QString, page);
    QFETCH(bool, filled);
    if (filled) {
        const Json login = Json::object({{"key", "jack-key"}});
        stage.workspace().commit(
            QStringLiteral("add jack"),
            {{"/consumers/jack", Json::object({{"username", "jack"}})},
             {"/consumers/jack/credentials/k",
              Json::object({{"plugins", Json::object({{"key-auth", login}})}})},
             {"/routes/1",
              Json::object({{"uri", "/get"},
                            {"plugins", Json::object({{"key-auth", Json::object()}})},
                            {"upstream",
                             Json::object({{"type", "roundrobin"},
                                           {"nodes", Json::object({{"httpbin.org:80", 1}})}})}})}});
        QVERIFY(Stage::wait([&] {
            return stage.workspace().stored("/routes/1") && !stage.workspace().isWriting();
        }));
        stage.window().openObject("/consumers/jack");
    }
    stage.window().showPage(page);
    QCoreApplication::processEvents();
}

QList<QWidget *> tst_WidgetsAccessible::interactive(const QWidget &root)
{
    QList<QWidget *> found;
    const auto all = root.findChildren<QWidget *>();
    for (QWidget *widget : all) {
        const bool kind = qobject_cast<QAbstractButton *>(widget)
            || qobject_cast<QLineEdit *>(widget) || qobject_cast<QPlainTextEdit *>(widget)
            || qobject_cast<QTextEdit *>(widget) || qobject_cast<QAbstractItemView *>(widget)
            || qobject_cast<QComboBox *>(widget) || qobject_cast<QAbstractSpinBox *>(widget)
            || qobject_cast<QAbstractSlider *>(widget) || qobject_cast<QTabBar *>(widget);
        const QWidget *parent = widget->parentWidget();
        const bool part = qobject_cast<const QComboBox *>(parent)
            || qobject_cast<const QAbstractSpinBox *>(parent)
            || qobject_cast<const QLineEdit *>(parent) || qobject_cast<const QTabBar *>(parent)
            || qobject_cast<QHeaderView *>(widget) || qobject_cast<QScrollBar *>(widget)
            || qobject_cast<const QAbstractItemView *>(parent)
            || widget->objectName().startsWith(QLatin1String("qt_"));
        if (kind && !part && widget->isVisible())
            found.append(widget);
    }
    return found;
}

QString tst_WidgetsAccessible::described(const QWidget &widget)
{
    return QStringLiteral("%1 \"%2\" in %3")
        .arg(QString::fromLatin1(widget.metaObject()->className()), widget.objectName(),
             widget.parentWidget() ? widget.parentWidget()->objectName() : QString());
}

void tst_WidgetsAccessible::everyWidgetHasAName()
{
    Stage stage;
    prepare(stage);
    QStringList faults;
    const auto widgets = interactive(stage.window());
    QVERIFY(widgets.size() > 8);
    for (const QWidget *widget : widgets) {
        QAccessibleInterface *face =
            QAccessible::queryAccessibleInterface(const_cast<QWidget *>(widget));
        if (!face || face->text(QAccessible::Name).isEmpty())
            faults << QStringLiteral("no accessible name: ") + described(*widget);
        if (widget->objectName().isEmpty() && !qobject_cast<const QTabBar *>(widget))
            faults << QStringLiteral("no object name: ") + described(*widget);
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        if (button && button->text().isEmpty() && button->toolTip().isEmpty())
            faults << QStringLiteral("an icon without tool tip: ") + described(*widget);
        if (button && (button->width() < 24 || button->height() < 22))
            faults << QStringLiteral("too small to hit: ") + described(*widget);
    }
    const auto labels = stage.window().findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (label->isVisible() && label->text().endsWith(QLatin1Char(':')) && !label->buddy()
            && label->focusPolicy() == Qt::NoFocus && label->textFormat() != Qt::RichText
            && label->parentWidget()->findChild<QLineEdit *>(Qt::FindDirectChildrenOnly))
            faults << QStringLiteral("a label without buddy: ") + label->text();
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QStringLiteral("\n"))));
}

void tst_WidgetsAccessible::tabReachesEverythingAndIsNeverCaught()
{
    Stage stage;
    prepare(stage);
    QSet<const QWidget *> reached;
    stage.window().setFocus();
    for (int step = 0; step < 400; ++step) {
        QWidget *before = QApplication::focusWidget();
        QTest::keyClick(before ? before : &stage.window(), Qt::Key_Tab);
        if (before && QApplication::focusWidget() == before)
            QTest::keyClick(before, Qt::Key_Tab, Qt::ControlModifier); // an editor
        QWidget *after = QApplication::focusWidget();
        QVERIFY(after);
        QVERIFY2(after != before, qPrintable(QStringLiteral("caught: ") + described(*after)));
        if (reached.contains(after) && step > 100)
            break;
        reached.insert(after);
    }
    QStringList faults;
    const auto widgets = interactive(stage.window());
    for (const QWidget *widget : widgets) {
        const QWidget *target = widget->focusProxy() ? widget->focusProxy() : widget;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        // The arrow keys lead to the other buttons of a group, and to links of a label.
        const bool ofGroup = button && button->group() && button->group()->exclusive();
        if (widget->isEnabled() && !ofGroup && !reached.contains(target))
            faults << described(*widget);
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QStringLiteral("\n"))));
}

void tst_WidgetsAccessible::theFocusIsVisible()
{
    Stage stage;
    prepare(stage);
    QStringList faults;
    const auto all = interactive(stage.window());
    const std::vector<QPointer<QWidget>> widgets(all.begin(), all.end()); // a notice goes by itself
    for (const QPointer<QWidget> &widget : widgets) {
        if (!widget || !widget->isEnabled() || widget->focusPolicy() == Qt::NoFocus)
            continue;
        stage.window().setFocus();
        QCoreApplication::processEvents();
        if (!widget)
            continue;
        const QImage without = widget->grab().toImage();
        widget->setFocus(Qt::TabFocusReason);
        QCoreApplication::processEvents();
        if (!widget || !widget->hasFocus())
            continue; // it passed the focus on
        if (widget->isVisible() && widget->grab().toImage() == without)
            faults << described(*widget);
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QStringLiteral("\n"))));
}

void tst_WidgetsAccessible::theFocusIsVisibleOnArrival()
{
    Stage stage;
    const auto isSeen = [&stage] {
        QWidget *focus = QApplication::focusWidget();
        const gui::Page *page = stage.window().currentPage();
        if (!focus || !focus->isVisible() || !page->isAncestorOf(focus))
            return false;
        const QImage with = focus->grab().toImage();
        focus->clearFocus();
        const bool differs = focus->grab().toImage() != with;
        focus->setFocus();
        return differs;
    };
    QTRY_VERIFY(isSeen()); // the first page, right after the start
    prepare(stage);
    QTRY_VERIFY2(isSeen(),
                 QApplication::focusWidget() ? qPrintable(described(*QApplication::focusWidget()))
                                             : "nothing has the focus");
}

void tst_WidgetsAccessible::nothingIsCutOffInASmallWindow()
{
    Stage stage;
    prepare(stage);
    stage.window().resize(1024, 640);
    QCoreApplication::processEvents();
    QCOMPARE(stage.window().size(), QSize(1024, 640));
    const QStringList cut = Stage::clipped(stage.window());
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join(QStringLiteral("\n"))));
}

/// Where a widget is seen in its window, as far as its parents show it.
QRect tst_WidgetsAccessible::shownPart(const QWidget &widget)
{
    const QWidget *window = widget.window();
    QRect shown(widget.mapTo(window, QPoint()), widget.size());
    for (const QWidget *at = widget.parentWidget(); at; at = at->parentWidget()) {
        shown &= QRect(at->mapTo(window, QPoint()), at->size());
        if (at == window)
            break;
    }
    return shown;
}

/// What a notice lies over, and notices that are not seen whole.
QStringList tst_WidgetsAccessible::underNotices(const QWidget &window)
{
    QStringList faults;
    const auto widgets = interactive(window);
    const auto notices = window.findChildren<QWidget *>(QStringLiteral("toast"));
    for (const QWidget *notice : notices) {
        if (!notice->isVisible())
            continue;
        const QRect place(notice->mapTo(&window, QPoint()), notice->size());
        if (shownPart(*notice) != place || !Stage::clipped(*notice).isEmpty())
            faults << QStringLiteral("cut off: ") + notice->accessibleName();
        for (const QWidget *widget : widgets) {
            if (!notice->isAncestorOf(widget) && shownPart(*widget).intersects(place))
                faults << notice->accessibleName() + QStringLiteral(" covers ")
                        + described(*widget);
        }
    }
    return faults;
}

void tst_WidgetsAccessible::noticesCoverNothing()
{
    Stage stage;
    prepare(stage);
    auto &notices = static_cast<gui::NoticeCenter &>(stage.window().notices());
    const QString text = QStringLiteral("The gateway at http://127.0.0.1:9180 does not answer. "
                                        "Changes are kept, and the window connects again.");
    for (const QSize size : {QSize(1280, 800), QSize(1024, 640), stage.window().minimumSize()}) {
        stage.window().resize(size);
        for (const int count : {1, 3}) {
            notices.dismissAll();
            for (int i = 0; i < count; ++i)
                notices.show(gui::Notices::Kind::Error, text, text, i == count - 1);
            for (int turn = 0; turn < 5; ++turn)
                QCoreApplication::processEvents();
            QCOMPARE(stage.window().size(), size);
            QVERIFY(stage.find(QStringLiteral("toast")));
            const QStringList faults = underNotices(stage.window());
            QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QStringLiteral("\n"))));
            auto *details = stage.find<QAbstractButton>(QStringLiteral("toastDetails"));
            QVERIFY(details);
            details->click(); // and with what folds out
            for (int turn = 0; turn < 5; ++turn)
                QCoreApplication::processEvents();
            QVERIFY(stage.find(QStringLiteral("toastDetailText")));
            const QStringList more = underNotices(stage.window());
            QVERIFY2(more.isEmpty(), qPrintable(more.join(QStringLiteral("\n"))));
        }
    }
}

QTEST_MAIN(tst_WidgetsAccessible)
#include "tst_widgets_accessible.moc"
