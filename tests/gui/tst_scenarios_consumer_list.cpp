// SPDX-License-Identifier: Apache-2.0
// The list of consumers and the form beside it, as they look and as the keyboard finds them.
#include "core/json/parse.h"
#include "gui/consumers/label_chips.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/consumers_model.h"
#include "gui/session/workspace.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/chip.h"
#include "tests/support/stage.h"

#include <QAction>
#include <QApplication>
#include <QHeaderView>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QToolTip>
#include <QTreeView>
#include <QUndoStack>

#include <cmath>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

class tst_ScenariosConsumerList : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void headsAndIdsAreWhole_data();
    void headsAndIdsAreWhole();
    void headsAreWholeInTheSmallestWindow();
    void whatIsCutIsInTheToolTip();
    void widthsOfTheUserStay();
    void labelsLookLikeChips_data();
    void labelsLookLikeChips();
    void chipsGoWithDelOrTheCross();
    void freshConsumersAreNotCalledActive();
    void hiddenNamesHaveOneLength();
    void oneRowIsSelectedWhateverKeysAreDown();
    void cardsThatFitDoNotScroll();
    void aFaultIsToldOnce();
    void nothingNewWhileLocked();
    void theKeyboardIsInTheListAfterTheStart();

private:
    static QTreeView *tree(Stage &stage) { return stage.find<QTreeView>(u"consumers"_s); }
    /// Jack with a key and a JWT login, alice with two labels; all looked at, jack selected and
    /// open.
    static bool withTwo(Stage &stage);
    static bool select(Stage &stage, const char *key);
    static QModelIndex row(Stage &stage, const char *key);
    static QString state(Stage &stage, const char *key);
    static void settle();
    static double contrast(const QColor &one, const QColor &two);
    /// The least contrast of a chip's edges, left and right, to what is around it.
    static double edgeContrast(const QImage &image, const QRect &chip);
};

void tst_ScenariosConsumerList::settle()
{
    for (int turn = 0; turn < 5; ++turn)
        QCoreApplication::processEvents();
}

QModelIndex tst_ScenariosConsumerList::row(Stage &stage, const char *key)
{
    const QAbstractItemModel *const model = tree(stage)->model();
    for (int i = 0; i < model->rowCount(); ++i) {
        const QModelIndex parent = model->index(i, 0);
        for (int n = -1; n < model->rowCount(parent); ++n) {
            const QModelIndex index = n < 0 ? parent : model->index(n, 0, parent);
            if (index.data(ConsumersModel::KeyRole).toString() == QLatin1String(key))
                return index;
        }
    }
    return {};
}

QString tst_ScenariosConsumerList::state(Stage &stage, const char *key)
{
    return row(stage, key).siblingAtColumn(ConsumersModel::State).data().toString();
}

bool tst_ScenariosConsumerList::select(Stage &stage, const char *key)
{
    stage.window().openObject(key);
    tree(stage)->setFocus();
    settle();
    return tree(stage)->currentIndex().data(ConsumersModel::KeyRole).toString()
        == QLatin1String(key);
}

bool tst_ScenariosConsumerList::withTwo(Stage &stage)
{
    const auto value = [](const char *json) { return parseJson(json).value(); };
    stage.workspace().commit(
        u"Prepare"_s,
        {{"/consumers/alice",
          value(R"({"username":"alice","labels":{"team":"platform","floor":"2"}})")},
         {"/consumers/alice/credentials/cred-alice-basic",
          value(R"({"plugins":{"basic-auth":{"username":"alice","password":"p-4711-x-0815"}}})")},
         {"/consumers/jack", value(R"({"username":"jack","labels":{"team":"platform"}})")},
         {"/consumers/jack/credentials/cred-jack-key-auth",
          value(R"({"plugins":{"key-auth":{"key":"q7Vb2LxN9fKw4TzR8mHc3YpD6sGjEa5u"}}})")},
         {"/consumers/jack/credentials/cred-jack-jwt-auth",
          value(R"({"plugins":{"jwt-auth":{"key":"jack-key",)"
                R"("secret":"jack-hs256-secret-of-32-octets-xx"}}})")}});
    return Stage::wait([&] {
               return stage.workspace().undoStack()->count() == 1 && tree(stage)
                   && tree(stage)->model()->rowCount() == 2
                   && !state(stage, "/consumers/jack").contains(u"…"_s);
           })
        && select(stage, "/consumers/jack/credentials/cred-jack-jwt-auth");
}

double tst_ScenariosConsumerList::contrast(const QColor &one, const QColor &two)
{
    const auto luminance = [](const QColor &color) { // WCAG 2.2
        const auto linear = [](double part) {
            return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
            + 0.0722 * linear(color.blueF());
    };
    const double a = luminance(one), b = luminance(two);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

double tst_ScenariosConsumerList::edgeContrast(const QImage &image, const QRect &chip)
{
    const int y = chip.center().y();
    const QColor around = image.pixelColor(std::max(0, chip.left() - 2), y);
    const QColor inside = image.pixelColor(chip.left() + 3, y);
    double least = 21;
    for (const int x : {chip.left(), chip.right()})
        for (const QColor &beside : {around, inside})
            least = std::min(least, contrast(image.pixelColor(x, y), beside));
    return least;
}

void tst_ScenariosConsumerList::headsAndIdsAreWhole_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QSize>("size");
    for (const char *const language : {"en", "de", "zh_CN"}) {
        for (const QSize size : {QSize(1280, 800), QSize(1440, 900)})
            QTest::addRow("%s at %d", language, size.width())
                << QString::fromLatin1(language) << size;
    }
}

void tst_ScenariosConsumerList::headsAndIdsAreWhole()
{
    QFETCH(const QString, language);
    QFETCH(const QSize, size);
    Stage stage(Stage::Options{.language = language == u"en"_s ? QString() : language});
    QVERIFY(withTwo(stage));
    QVERIFY2(stage.shoot(u"consumers-list-"_s + language), stage.faults());
    stage.window().resize(size);
    settle();
    const QTreeView *const view = tree(stage);
    const QHeaderView *const header = view->header();
    const QFontMetrics metrics = header->fontMetrics();
    int all = 0;
    for (int column = 0; column < header->count(); ++column) {
        const QString head = view->model()->headerData(column, Qt::Horizontal).toString();
        const int margin = view->style()->pixelMetric(QStyle::PM_HeaderMargin);
        QVERIFY2(metrics.horizontalAdvance(head) + 2 * margin <= header->sectionSize(column),
                 qPrintable(head));
        all += header->sectionSize(column);
    }
    QVERIFY2(all <= view->viewport()->width(), qPrintable(QString::number(all)));
    for (const char *const key :
         {"/consumers/jack", "/consumers/jack/credentials/cred-jack-jwt-auth",
          "/consumers/jack/credentials/cred-jack-key-auth"}) {
        for (const int column : {ConsumersModel::Name, ConsumersModel::Credentials,
                                 ConsumersModel::Seen, ConsumersModel::State}) {
            const QModelIndex index = row(stage, key).siblingAtColumn(column);
            QVERIFY2(view->visualRect(index).width() >= view->sizeHintForIndex(index).width(),
                     qPrintable(index.data().toString()));
        }
    }
}

void tst_ScenariosConsumerList::headsAreWholeInTheSmallestWindow()
{
    Stage stage(Stage::Options{.language = u"de"_s});
    QVERIFY(withTwo(stage));
    for (const QSize size : {QSize(1024, 640), stage.window().minimumSize()}) {
        stage.window().resize(size);
        settle();
        const QTreeView *const view = tree(stage);
        for (int column = 0; column < view->header()->count(); ++column) {
            const QString head = view->model()->headerData(column, Qt::Horizontal).toString();
            QVERIFY2(view->header()->fontMetrics().horizontalAdvance(head) + 12
                         <= view->header()->sectionSize(column),
                     qPrintable(head));
        }
        const QModelIndex worst =
            row(stage, "/consumers/jack").siblingAtColumn(ConsumersModel::State);
        QVERIFY(view->visualRect(worst).width() >= view->sizeHintForIndex(worst).width());
    }
}

void tst_ScenariosConsumerList::whatIsCutIsInTheToolTip()
{
    Stage stage;
    QVERIFY(withTwo(stage));
    QTreeView *const view = tree(stage);
    const auto tip = [view](const QModelIndex &index) {
        QToolTip::hideText();
        const QPoint place = view->visualRect(index).center();
        QHelpEvent event(QEvent::ToolTip, place, view->viewport()->mapToGlobal(place));
        QApplication::sendEvent(view->viewport(), &event);
        return QToolTip::text();
    };
    const QModelIndex login = row(stage, "/consumers/jack/credentials/cred-jack-jwt-auth");
    QVERIFY(view->visualRect(login).width() >= view->sizeHintForIndex(login).width());
    QVERIFY2(!tip(login).contains(u"cred-jack-jwt-auth"_s), qPrintable(tip(login)));
    // in a narrow list nothing is cut as long as another column has room to give
    auto *const splitter = stage.find<QSplitter>(u"consumersSplitter"_s);
    const int narrow = view->fontMetrics().averageCharWidth() * 65;
    splitter->setSizes({narrow, splitter->width() - narrow});
    settle();
    const QHeaderView &header = *view->header();
    const QModelIndex state = login.siblingAtColumn(ConsumersModel::State);
    QVERIFY(header.sectionSize(ConsumersModel::Name) >= view->sizeHintForIndex(login).width()
            || header.sectionSize(ConsumersModel::State)
                <= view->sizeHintForIndex(state).width() + header.sectionSizeHint(state.column()));
    QVERIFY2(stage.shoot(u"consumers-narrow"_s), stage.faults());
    view->header()->setStretchLastSection(true); // the widths are the user's
    view->setColumnWidth(ConsumersModel::Name, 80);
    QVERIFY2(tip(login).contains(u"cred-jack-jwt-auth"_s), qPrintable(tip(login)));
    const QModelIndex labels =
        row(stage, "/consumers/alice").siblingAtColumn(ConsumersModel::Labels);
    view->setColumnWidth(ConsumersModel::Labels, 80);
    QVERIFY2(tip(labels).contains(u"team=platform"_s) && tip(labels).contains(u"floor=2"_s),
             qPrintable(tip(labels)));
}

void tst_ScenariosConsumerList::widthsOfTheUserStay()
{
    Stage stage;
    QVERIFY(withTwo(stage));
    QTreeView *const view = tree(stage);
    QHeaderView *const header = view->header();
    const int before = header->sectionSize(ConsumersModel::Name);
    const QPoint edge(header->sectionPosition(ConsumersModel::Name) + before - 1,
                      header->height() / 2);
    const QPoint wider = edge + QPoint(40, 0);
    QTest::mousePress(header->viewport(), Qt::LeftButton, {}, edge);
    QMouseEvent move(QEvent::MouseMove, wider, header->viewport()->mapToGlobal(wider), Qt::NoButton,
                     Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(header->viewport(), &move);
    QTest::mouseRelease(header->viewport(), Qt::LeftButton, {}, wider);
    const int after = header->sectionSize(ConsumersModel::Name);
    QCOMPARE(after, before + 40);
    view->collapseAll();
    stage.window().resize(1100, 700);
    settle();
    QCOMPARE(header->sectionSize(ConsumersModel::Name), after);
    stage.window().commands().action(u"view.reset"_s)->trigger();
    settle();
    QVERIFY(header->sectionSize(ConsumersModel::Name) != after);
}

void tst_ScenariosConsumerList::labelsLookLikeChips_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void tst_ScenariosConsumerList::labelsLookLikeChips()
{
    QFETCH(const bool, dark);
    Stage stage;
    QVERIFY(withTwo(stage));
    Theme::instance().setChoice(dark ? Theme::Choice::Dark : Theme::Choice::Light);
    QVERIFY(select(stage, "/consumers/jack"));
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(0);
    settle();
    auto *const chip = stage.find<QToolButton>(u"label-0"_s);
    const QWidget *const form = chip->parentWidget()->parentWidget();
    const QRect place(chip->mapTo(form, QPoint()), chip->size());
    const double inForm = edgeContrast(const_cast<QWidget *>(form)->grab().toImage(), place);
    QVERIFY2(inForm >= 3, qPrintable(QString::number(inForm)));
    // in the list: selected and not
    QTreeView *const view = tree(stage);
    for (const char *const key : {"/consumers/jack", "/consumers/alice"}) {
        const QModelIndex index = row(stage, key).siblingAtColumn(ConsumersModel::Labels);
        const QString first = index.data(ConsumersModel::LabelsRole).toStringList().front();
        const QRect cell = view->visualRect(index);
        const QSize size = Chip::size(view->fontMetrics(), first);
        const QImage image = view->viewport()->grab().toImage();
        // where its left edge is: the first pixel that stands out from the cell
        const int y = cell.top() + (cell.height() - size.height()) / 2 + size.height() / 2;
        const QColor around = image.pixelColor(cell.left() + 1, y);
        int left = cell.left() + 1;
        while (left < cell.right() && contrast(image.pixelColor(left, y), around) < 3)
            ++left;
        QVERIFY2(left < cell.left() + 10, qPrintable(QString::number(left - cell.left())));
        const int right = left + size.width() - 1;
        QVERIFY(contrast(image.pixelColor(right, y), around) >= 3);
    }
    Theme::instance().setChoice(Theme::Choice::Light);
}

void tst_ScenariosConsumerList::chipsGoWithDelOrTheCross()
{
    Stage stage;
    QVERIFY(withTwo(stage));
    QVERIFY(select(stage, "/consumers/alice"));
    stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(0);
    const auto labels = [&stage] {
        QStringList texts;
        for (const auto &[name, text] : labelsOf(*stage.workspace().value("/consumers/alice")))
            texts << toText(name + "=" + text);
        return texts;
    };
    const QStringList both = labels();
    QCOMPARE(both.size(), 2);
    stage.find<QToolButton>(u"label-0"_s)->setFocus();
    stage.press(Qt::Key_Delete);
    QVERIFY(stage.workspace().value("/consumers/alice")); // Del is the chip's here
    QCOMPARE(labels(), both.mid(1));
    QCOMPARE(QApplication::focusWidget()->objectName(), u"label-0"_s); // the next one
    QCOMPARE(stage.workspace().undoStack()->undoText(),
             u"Remove label %1 of alice"_s.arg(both.front()));
    auto *const chip = stage.find<QToolButton>(u"label-0"_s);
    QTest::mouseClick(chip, Qt::LeftButton, {}, {chip->width() - 6, chip->height() / 2});
    QCOMPARE(labels(), QStringList());
    QVERIFY(!stage.find<QLineEdit>(u"labelEdit"_s));
    QCOMPARE(stage.workspace().undoStack()->count(), 3); // a step each
    stage.workspace().undoStack()->undo();
    QCOMPARE(labels(), both.mid(1));
    stage.workspace().undoStack()->undo();
    QCOMPARE(labels(), both);
    QTRY_VERIFY(stage.find<QToolButton>(u"label-1"_s)); // and shown again
}

void tst_ScenariosConsumerList::freshConsumersAreNotCalledActive()
{
    Stage stage;
    QVERIFY(withTwo(stage));
    stage.press(Qt::Key_N, Qt::ControlModifier);
    stage.type(u"mallory"_s);
    QVERIFY2(state(stage, "/consumers/mallory").startsWith(u"…"_s),
             qPrintable(state(stage, "/consumers/mallory")));
    QCOMPARE(state(stage, "/consumers/jack"), u"✓ active"_s); // what is known stays
    QTRY_COMPARE(state(stage, "/consumers/mallory"), u"! no credential"_s);
}

void tst_ScenariosConsumerList::hiddenNamesHaveOneLength()
{
    Stage stage;
    QVERIFY(withTwo(stage));
    Privacy::instance().setOn(true);
    auto *const name = stage.window().findChild<QLineEdit *>(u"userName"_s);
    QStringList shown;
    for (const char *const key : {"/consumers/jack", "/consumers/alice"}) {
        QVERIFY(select(stage, key));
        stage.find<QTabWidget>(u"consumerTabs"_s)->setCurrentIndex(0);
        settle();
        shown << name->displayText();
    }
    Privacy::instance().setOn(false);
    QCOMPARE(shown.at(0), shown.at(1));
    QVERIFY(!shown.at(0).isEmpty() && !shown.at(0).contains(u"jack"_s));
    QCOMPARE(name->displayText(), u"alice"_s); // and all is back
    Privacy::instance().setOn(true);
    stage.press(Qt::Key_F2); // what is typed is the name itself, no mask
    QCOMPARE(QApplication::focusWidget(), name);
    QCOMPARE(name->text(), u"alice"_s);
    stage.type(u"alicia"_s);
    QVERIFY(stage.workspace().value("/consumers/alicia"));
    tree(stage)->setFocus();
    QCOMPARE(name->displayText(), shown.at(0));
    QVERIFY(!stage.find<QLabel>(u"nameFault"_s));
    QTRY_VERIFY(stage.find<QPushButton>(u"apply"_s)->isEnabled());
    QVERIFY2(stage.shoot(u"privacy-consumer"_s), stage.faults());
    Privacy::instance().setOn(false);
}

void tst_ScenariosConsumerList::oneRowIsSelectedWhateverKeysAreDown()
{
    Stage stage;
    QVERIFY(withTwo(stage));
    QVERIFY(select(stage, "/consumers/jack"));
    const auto selected = [&stage] {
        QStringList keys;
        for (const QModelIndex &index : tree(stage)->selectionModel()->selectedRows())
            keys << index.data(ConsumersModel::KeyRole).toString();
        return keys;
    };
    QCOMPARE(selected(), QStringList{u"/consumers/jack"_s});
    stage.press(Qt::Key_D, Qt::ControlModifier);
    QTRY_COMPARE(selected(), QStringList{u"/consumers/jack-copy"_s});
    stage.press(Qt::Key_N, Qt::ControlModifier);
    QTRY_COMPARE(selected(), QStringList{u"/consumers/new-consumer"_s});
    stage.press(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(!stage.workspace().isDirty());
    settle();
    QCOMPARE(selected(), QStringList{u"/consumers/new-consumer"_s});
}

void tst_ScenariosConsumerList::cardsThatFitDoNotScroll()
{
    Stage stage;
    QVERIFY(withTwo(stage));
    QTRY_VERIFY(stage.find<QScrollArea>(u"credentialCards"_s));
    stage.window().resize(1280, 800);
    settle();
    const auto *const area = stage.find<QScrollArea>(u"credentialCards"_s);
    const QWidget *const cards = area->widget();
    QVERIFY2(cards->heightForWidth(cards->width()) <= area->viewport()->height(),
             "two cards fit; else this test says nothing");
    QCOMPARE(area->verticalScrollBar()->maximum(), 0);
    QCOMPARE(area->verticalScrollBar()->value(), 0);
}

void tst_ScenariosConsumerList::aFaultIsToldOnce()
{
    Stage stage;
    QVERIFY(withTwo(stage));
    const char *const key = "/consumers/jack/credentials/cred-jack-jwt-auth";
    stage.find<QWidget>(u"credential-cred-jack-jwt-auth"_s)
        ->findChild<QLineEdit *>(u"key"_s)
        ->setFocus();
    stage.press(Qt::Key_A, Qt::ControlModifier);
    stage.press(Qt::Key_Backspace);
    QTRY_VERIFY(stage.workspace().refusal(key));
    settle();
    QVERIFY2(stage.shoot(u"consumers-empty-key"_s), stage.faults());
    const QString said = toText(stage.workspace().refusal(key)->detail);
    QStringList sentences;
    const auto labels = stage.window().findChildren<QLabel *>();
    for (const QLabel *const label : labels) {
        if (label->isVisible() && label->text().size() > 12)
            sentences << label->text();
    }
    QVERIFY2(sentences.filter(said).size() <= 1, qPrintable(sentences.join(u'\n')));
    QCOMPARE(sentences.removeDuplicates(), 0);
    QVERIFY(!stage.find<QPushButton>(u"apply"_s)->isEnabled());
    QVERIFY(stage.find<QLabel>(u"applyHint"_s)->text().contains(u"cred-jack-jwt-auth"_s));
}

void tst_ScenariosConsumerList::nothingNewWhileLocked()
{
    Stage stage;
    QVERIFY(withTwo(stage));
    stage.press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(stage.window().isLocked());
    const auto *const add = stage.find<QPushButton>(u"new"_s);
    QVERIFY(!add->isEnabled());
    QVERIFY(!add->toolTip().isEmpty());
    for (const char *const id : {"consumer.new", "consumer.import", "consumer.labels",
                                 "consumer.add-key-auth", "consumer.rotate"})
        QVERIFY2(!stage.window().commands().action(QLatin1String(id))->isEnabled(), id);
    stage.press(Qt::Key_N, Qt::ControlModifier);
    QVERIFY(!stage.workspace().isDirty());
    QVERIFY(stage.click(u"unlock"_s));
    QVERIFY(add->isEnabled());
    QVERIFY(stage.window().commands().action(u"consumer.new"_s)->isEnabled());
}

void tst_ScenariosConsumerList::theKeyboardIsInTheListAfterTheStart()
{
    Stage stage;
    QVERIFY(QApplication::focusWidget());
    QCOMPARE(QApplication::focusWidget()->objectName(), u"newConsumer"_s); // an empty store
    stage.press(Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget()->objectName(), u"loadSample"_s);
    stage.press(Qt::Key_Return);
    QTRY_VERIFY(tree(stage));
    QTRY_COMPARE(QApplication::focusWidget(), static_cast<QWidget *>(tree(stage)));
    QVERIFY(tree(stage)->currentIndex().isValid());
    stage.press(Qt::Key_Down);
    QCOMPARE(tree(stage)->currentIndex().row(), 1);
    // another page and back
    stage.press(Qt::Key_2, Qt::ControlModifier);
    stage.press(Qt::Key_1, Qt::ControlModifier);
    QTRY_COMPARE(QApplication::focusWidget(), static_cast<QWidget *>(tree(stage)));
}

QTEST_MAIN(tst_ScenariosConsumerList)
#include "tst_scenarios_consumer_list.moc"
