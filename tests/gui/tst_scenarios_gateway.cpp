// SPDX-License-Identifier: Apache-2.0
// The acceptance scenarios of the gateway page: acted through events only.
#include "core/json/parse.h"
#include "gui/models/field_model.h"
#include "gui/models/trace_model.h"
#include "gui/models/traffic_model.h"
#include "gui/models/traffic_row.h"
#include "gui/models/traffic_statistics.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/text/privacy.h"
#include "gui/theme/theme.h"
#include "gui/traffic/compare_dialog.h"
#include "gui/traffic/page.h"
#include "gui/traffic/traffic_plot.h"
#include "tests/support/cpu_timer.h"
#include "tests/support/patience.h"
#include "tests/support/stage.h"

#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QTabWidget>
#include <QTableView>
#include <QTcpServer>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>
#include <QUndoStack>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kRoute =
    R"({"uri":"/get","plugins":{"key-auth":{},"acl":{"allow_labels":{"team":["platform"]}}},)"
    R"("upstream":{"type":"roundrobin","nodes":{"httpbin.org:80":1}}})";

Edit object(const char *key, const char *text) { return {key, parseJson(text).value_or(Json())}; }

} // namespace

class tst_ScenariosGateway : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_stage.reset(); }

    void emptyStatesOfferTheNextStep();
    void g15_takenPort();
    void g16_threeDecisions();
    void timesAndReasonsFitInAnyFont();
    void pathsAreReadableInASmallWindow();
    void whatIsExplainedIsMarked();
    void plotsLookTheSameFromRightToLeft();
    void aPlotOfNearlyNothingIsAQuietLine();
    void g17_stepMarksHeader();
    void g18_curlReproducesTheStatus();
    void copiedCommandsNameTheirSecrets();
    void allowingAConsumerShowsWhatItChanges();
    void decidesAgainAtAnotherTime();
    void g19_editAndRepeat();
    void g20_fiftyThousandRequests();
    void marksCommentsAndClearCanBeUndone();
    void nearestRoutesOfANotFoundPage();
    void pastedCurlOpensTheComposer();
    void pastedCurlWithATokenOpensTheComposer_data();
    void pastedCurlWithATokenOpensTheComposer();
    void clockMoves();
    void routesAreShown();
    void routeIsMadeByHandAndGuards();
    void routeIsEditedAsJson();
    void routesAreDuplicatedRenamedAndDeleted();
    void moreThanAFormHoldsIsLeftToTheJson();
    void lockForgetsWhatWasSent();

private:
    [[nodiscard]] GatewayPage &page() const
    {
        return *m_stage->window().findChild<GatewayPage *>(u"gatewayPage"_s);
    }
    [[nodiscard]] TrafficModel &traffic() const { return page().traffic(); }
    [[nodiscard]] bool startGateway() const;
    [[nodiscard]] bool configure() const;
    /// Opens the composer, picks a consumer and sends. \return the answer's line
    [[nodiscard]] QString sendAs(const QString &consumer) const;
    [[nodiscard]] bool sendThree() const;
    void selectRow(int row) const;

    std::unique_ptr<Stage> m_stage;
};

void tst_ScenariosGateway::init()
{
    m_stage = std::make_unique<Stage>();
    m_stage->window().settings().setValue(u"gateway/proxyPort"_s, 0);
    m_stage->window().settings().setValue(u"gateway/adminPort"_s, 0);
    m_stage->press(Qt::Key_3, Qt::ControlModifier);
    QVERIFY(page().isVisible());
}

bool tst_ScenariosGateway::startGateway() const
{
    m_stage->press(Qt::Key_F5);
    // and records what is sent, which takes another answer
    return Stage::wait([this] {
        return m_stage->session().state() == Session::State::Running
            && m_stage->window().commands().action(u"traffic.record"_s)->isChecked();
    });
}

bool tst_ScenariosGateway::configure() const
{
    m_stage->workspace().commit(
        u"sample"_s,
        {object("/consumers/alice", R"({"username":"alice","labels":{"team":"platform"}})"),
         object("/consumers/alice/credentials/a",
                R"({"plugins":{"key-auth":{"key":"alice-key"}}})"),
         object("/consumers/bob", R"({"username":"bob","labels":{"team":"sales"}})"),
         object("/consumers/bob/credentials/b", R"({"plugins":{"key-auth":{"key":"bob-key"}}})"),
         object("/routes/acl-allow-route", kRoute)});
    return Stage::wait([this] {
        return m_stage->workspace().stored("/routes/acl-allow-route") != nullptr
            && m_stage->workspace().stored("/consumers/bob/credentials/b") != nullptr
            && !m_stage->workspace().isWriting();
    });
}

QString tst_ScenariosGateway::sendAs(const QString &consumer) const
{
    if (!m_stage->find(u"composerUrl"_s))
        m_stage->press(Qt::Key_N, Qt::ControlModifier);
    if (!Stage::wait([this] { return m_stage->find(u"composerUrl"_s) != nullptr; }))
        return u"no composer"_s;
    auto *who = m_stage->find<QComboBox>(u"composerConsumer"_s);
    who->setFocus();
    QTest::keyClick(who, Qt::Key_Home);
    for (int i = 0; i < who->count() && who->currentText() != consumer; ++i)
        QTest::keyClick(who, Qt::Key_Down);
    auto *status = m_stage->find<QLabel>(u"composerStatus"_s);
    const int before = traffic().rowCount();
    m_stage->click(u"composerSend"_s);
    const bool answered = Stage::wait([this, status, before] {
        return (status->text().startsWith(u"✓"_s) || status->text().startsWith(u"✗"_s))
            && traffic().rowCount() > before;
    });
    return answered ? status->text() : u"no answer: "_s + status->text();
}

bool tst_ScenariosGateway::sendThree() const
{
    if (!configure() || !startGateway())
        return false;
    const QStringList answers{sendAs(u"alice"_s), sendAs(u"bob"_s), sendAs(u"nobody"_s)};
    m_stage->press(Qt::Key_Escape);
    const QStringList expected{u"✓ 200"_s, u"✗ 403"_s, u"✗ 401"_s};
    if (answers != expected)
        qWarning("%s", qPrintable(answers.join(u"; "_s)));
    return answers == expected
        && Stage::wait([this] { return m_stage->find(u"composerUrl"_s) == nullptr; });
}

void tst_ScenariosGateway::selectRow(int row) const
{
    m_stage->window().activateWindow();
    auto *table = m_stage->find<QTableView>(u"traffic"_s);
    QVERIFY(table);
    table->setFocus();
    QTRY_VERIFY(table->hasFocus());
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                      table->visualRect(table->model()->index(row, TrafficModel::Method)).center());
    QCOMPARE(table->currentIndex().row(), row);
}

void tst_ScenariosGateway::emptyStatesOfferTheNextStep()
{
    QVERIFY(m_stage->find(u"startGateway"_s));
    QVERIFY2(m_stage->shoot(u"gateway-stopped"_s), m_stage->faults());
    QVERIFY(configure());
    QVERIFY(m_stage->click(u"startGateway"_s));
    QTRY_VERIFY(m_stage->find(u"sendTest"_s));
    QTRY_VERIFY(m_stage->window().commands().action(u"traffic.record"_s)->isChecked());
    QVERIFY2(m_stage->shoot(u"gateway-waiting"_s), m_stage->faults());
    QVERIFY(m_stage->click(u"copyTestCurl"_s));
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(u"curl http://127.0.0.1:"_s));
    QVERIFY(m_stage->click(u"sendTest"_s));
    QTRY_COMPARE(traffic().rowCount(), 1);
    m_stage->press(Qt::Key_F, Qt::ControlModifier);
    m_stage->type(u"status:200"_s);
    QTRY_VERIFY(m_stage->find(u"clearFilter"_s));
    QVERIFY(m_stage->click(u"clearFilter"_s));
    QTRY_VERIFY(m_stage->find(u"traffic"_s));
}

void tst_ScenariosGateway::g15_takenPort()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    m_stage->window().settings().setValue(u"gateway/proxyPort"_s, other.serverPort());
    m_stage->press(Qt::Key_F5);
    QTRY_VERIFY(m_stage->find(u"portTaken"_s));
    const auto *box = m_stage->find<QMessageBox>(u"portTaken"_s);
    QVERIFY2(box->text().contains(QString::number(other.serverPort())), qPrintable(box->text()));
    QVERIFY2(m_stage->shoot(u"G-15"_s), m_stage->faults());
    QVERIFY(m_stage->click(u"useFreePort"_s));
    QTRY_COMPARE(m_stage->session().state(), Session::State::Running);
    const auto port = m_stage->session().addresses()->proxy.port;
    QVERIFY(port != other.serverPort());
    QTRY_VERIFY(
        m_stage->find<QToolButton>(u"gatewayState"_s)->text().contains(QString::number(port)));
}

void tst_ScenariosGateway::g16_threeDecisions()
{
    QVERIFY(sendThree());
    QCOMPARE(traffic().rowCount(), 3);
    const auto decision = [this](int row) {
        return traffic().index(row, TrafficModel::Decision).data().toString();
    };
    QCOMPARE(decision(0), u"✓ allowed"_s);
    QCOMPARE(decision(1), u"✗ acl"_s);
    QCOMPARE(decision(2), u"✗ key-auth"_s);
    selectRow(1);
    m_stage->press(Qt::Key_Return);
    auto *steps = m_stage->find<QListView>(u"traceSteps"_s);
    QTRY_VERIFY(steps->hasFocus());
    QVERIFY(steps->currentIndex().data(TraceModel::TitleRole).toString().contains(u"acl"_s));
    QCOMPARE(steps->currentIndex().data(TraceModel::SignRole).toString(), u"✗"_s);
    QVERIFY(m_stage->find<QLabel>(u"traceTitle"_s)->text().contains(u"#2"_s));
    QVERIFY2(m_stage->shoot(u"G-16"_s), m_stage->faults());
    const QModelIndex last = steps->model()->index(steps->model()->rowCount() - 1, 0);
    QCOMPARE(last.data(TraceModel::LineRole).toInt(), int(TraceModel::Line::Fix));
    QTRY_VERIFY(steps->viewport()->rect().contains(steps->visualRect(last))); // whole
}

void tst_ScenariosGateway::timesAndReasonsFitInAnyFont()
{
    Q_EMIT m_stage->session().tracesArrived(
        {R"({"id":"a","time":"2026-11-22T20:48:08.888Z","target":"/get","decision":"denied",)"
         R"("reason":"subject-not-allowed","steps":[]})"_ba});
    QTRY_COMPARE(traffic().rowCount(), 1);
    for (const char *const family : {"DejaVu Sans", "DejaVu Sans Mono", "DejaVu Serif"}) {
        for (const int weight : {QFont::Normal, QFont::Bold}) {
            page().setFont(QFont(QString::fromLatin1(family), 10, weight));
            const auto *table = m_stage->find<QTableView>(u"traffic"_s);
            QVERIFY(table);
            for (const int column : {TrafficModel::Time, TrafficModel::Reason}) {
                const int wanted = static_cast<const QAbstractItemView *>(table)
                                       ->sizeHintForIndex(table->model()->index(0, column))
                                       .width();
                QVERIFY2(wanted <= table->columnWidth(column), family);
            }
        }
    }
}

void tst_ScenariosGateway::pathsAreReadableInASmallWindow()
{
    Q_EMIT m_stage->session().tracesArrived(
        {R"({"id":"a","target":"/anything/acl","route":"acl-allow-route","steps":[]})"_ba});
    QTRY_COMPARE(traffic().rowCount(), 1);
    const auto *table = m_stage->find<QTableView>(u"traffic"_s);
    const auto isWhole = [table] {
        const QModelIndex path = table->model()->index(0, TrafficModel::Path);
        return static_cast<const QAbstractItemView *>(table)->sizeHintForIndex(path).width()
            <= table->columnWidth(TrafficModel::Path);
    };
    const int wide = table->columnWidth(TrafficModel::Credential);
    QTRY_VERIFY(isWhole());
    m_stage->window().resize(1024, 640);
    QTRY_VERIFY(table->columnWidth(TrafficModel::Credential) < wide);
    QTRY_VERIFY2(isWhole(), qPrintable(QString::number(table->columnWidth(TrafficModel::Path))));
    m_stage->window().resize(1280, 800);
    QTRY_COMPARE(table->columnWidth(TrafficModel::Credential), wide);
}

void tst_ScenariosGateway::whatIsExplainedIsMarked()
{
    page().takeFocus(); // in the list as soon as it is shown
    Q_EMIT m_stage->session().tracesArrived({"{\"id\":\"a\"}", "{\"id\":\"b\"}"});
    QTRY_COMPARE(traffic().rowCount(), 2);
    const auto *table = m_stage->find<QTableView>(u"traffic"_s);
    QTRY_VERIFY(table->hasFocus());
    QVERIFY(table->currentIndex().isValid());
    QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
    QCOMPARE(table->selectionModel()->selectedRows().front().row(), table->currentIndex().row());
}

void tst_ScenariosGateway::plotsLookTheSameFromRightToLeft()
{
    Q_EMIT m_stage->session().tracesArrived({"{\"id\":\"a\"}"});
    QTRY_COMPARE(traffic().rowCount(), 1);
    const auto plots = page().findChildren<TrafficPlot *>();
    QCOMPARE(plots.size(), 2);
    const auto grabs = [&plots] {
        QList<QImage> images;
        for (TrafficPlot *plot : plots)
            images += plot->grab().toImage();
        return images;
    };
    const QList<QImage> before = grabs();
    QGuiApplication::setLayoutDirection(Qt::RightToLeft);
    const QList<QImage> reversed = grabs();
    QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    QVERIFY(reversed == before); // "1/min", not "min/1"
}

void tst_ScenariosGateway::aPlotOfNearlyNothingIsAQuietLine()
{
    const auto painted = [](const TrafficStatistics &statistics, TrafficPlot::Kind kind) {
        TrafficPlot plot(statistics, kind);
        plot.resize(plot.sizeHint());
        const QImage image = plot.grab().toImage().convertToFormat(QImage::Format_RGB32);
        int loud = 0, quiet = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                quiet += pixel == Theme::instance().color(Role::Line) ? 1 : 0;
                loud += pixel == Theme::instance().color(Role::Allowed)
                        || pixel == Theme::instance().color(Role::Denied)
                        || pixel == Theme::instance().color(Role::Accent)
                    ? 1
                    : 0;
            }
        }
        return std::pair(loud, quiet);
    };
    TrafficRow row;
    row.decision = TrafficDecision::Denied;
    row.micros = 900;
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    for (const auto kind : {TrafficPlot::Kind::Throughput, TrafficPlot::Kind::Latency}) {
        TrafficStatistics none, one, two;
        one.add(row, now - 10);
        two.add(row, now - 10);
        two.add(row, now - 20);
        for (const TrafficStatistics *const few : {&none, &one}) {
            const auto [loud, quiet] = painted(*few, kind);
            QCOMPARE(loud, 0);
            QVERIFY(quiet > 50);
        }
        QVERIFY(painted(two, kind).first > 0);
        QVERIFY(painted(two, kind).second > 50);
    }
}

void tst_ScenariosGateway::g17_stepMarksHeader()
{
    QVERIFY(sendThree());
    selectRow(1);
    m_stage->press(Qt::Key_Return);
    auto *steps = m_stage->find<QListView>(u"traceSteps"_s);
    QTRY_VERIFY(steps->hasFocus());
    m_stage->press(Qt::Key_Home);
    while (steps->currentIndex().row() < steps->model()->rowCount() - 1
           && !steps->currentIndex().data(TraceModel::TitleRole).toString().contains(u"key-auth"_s))
        m_stage->press(Qt::Key_Down);
    const auto *lines = m_stage->find<QTableView>(u"requestLines"_s);
    QVERIFY(lines);
    QStringList marked;
    for (int row = 0; row < lines->model()->rowCount(); ++row) {
        const QModelIndex name = lines->model()->index(row, FieldModel::Name);
        if (name.data(FieldModel::MarkedRole).toBool())
            marked += name.data().toString().toLower() + u' '
                + name.siblingAtColumn(FieldModel::Value).data().toString();
    }
    QCOMPARE(marked, QStringList(u"apikey ••••••••"_s));
    QVERIFY2(m_stage->shoot(u"G-17"_s), m_stage->faults());
}

void tst_ScenariosGateway::g18_curlReproducesTheStatus()
{
    QVERIFY(sendThree());
    for (const auto &[row, status] : {std::pair(1, u"403"_s), std::pair(0, u"200"_s)}) {
        selectRow(row);
        QGuiApplication::clipboard()->setText(u"-"_s); // not the line of the row before
        m_stage->press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(u"curl "_s));
        QProcess curl;
        curl.start(
            u"sh"_s,
            {u"-c"_s,
             QGuiApplication::clipboard()->text() + u" -s -o /dev/null -w '%{http_code}'"_s});
        QVERIFY(Stage::wait([&curl] { return curl.state() == QProcess::NotRunning; }));
        QCOMPARE(QString::fromUtf8(curl.readAllStandardOutput()), status);
    }
    QVERIFY2(m_stage->shoot(u"G-18"_s), m_stage->faults());
}

void tst_ScenariosGateway::copiedCommandsNameTheirSecrets()
{
    QVERIFY(sendThree());
    selectRow(0);
    QAction *const choice = m_stage->window().commands().action(u"copy.variables"_s);
    QVERIFY(choice && !choice->isChecked());
    const auto copied = [this] {
        QGuiApplication::clipboard()->setText(u"-"_s);
        m_stage->press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        return Stage::wait([] { return QGuiApplication::clipboard()->text() != u"-"_s; })
            ? QGuiApplication::clipboard()->text()
            : QString();
    };
    QString line = copied();
    QVERIFY2(line.contains(u"alice-key"_s), qPrintable(line));
    choice->trigger();
    QVERIFY(m_stage->window().settings().value(u"clipboard/variables"_s).toBool());
    line = copied();
    QVERIFY2(!line.contains(u"alice-key"_s), qPrintable(line));
    QVERIFY2(line.contains(u"$APIKEY"_s), qPrintable(line));
}

void tst_ScenariosGateway::allowingAConsumerShowsWhatItChanges()
{
    QVERIFY(sendThree());
    QAction *const allow = m_stage->window().commands().action(u"traffic.allow"_s);
    selectRow(2); // nobody
    QVERIFY(!allow->isEnabled());
    selectRow(1); // bob
    QVERIFY(allow->isEnabled());
    QVERIFY2(allow->text().contains(u"bob"_s), qPrintable(allow->text()));
    Privacy::instance().setOn(true);
    const QString hidden = allow->text();
    Privacy::instance().setOn(false);
    QVERIFY2(!hidden.contains(u"bob"_s), qPrintable(hidden));
    m_stage->window().commands().action(u"traffic.clear"_s)->trigger();
    QVERIFY2(!allow->text().contains(u"bob"_s), qPrintable(allow->text())); // he is gone
    m_stage->workspace().undoStack()->undo();
    selectRow(1);
    QVERIFY(m_stage->click(u"traffic.allow.button"_s));
    QTRY_VERIFY(m_stage->find(u"allowDialog"_s));
    const auto *box = m_stage->find<QMessageBox>(u"allowDialog"_s);
    const QString told = box->informativeText();
    QVERIFY2(told.contains(u"add sales to allow_labels.team"_s), qPrintable(told));
    QVERIFY2(told.contains(u"bob on acl-allow-route: ✗ 403 label → ✓"_s), qPrintable(told));
    QVERIFY2(!told.contains(u"alice"_s), qPrintable(told));
    QVERIFY(!m_stage->workspace().isDirty()); // only shown so far
    QVERIFY2(m_stage->shoot(u"gateway-allow"_s), m_stage->faults());
    QVERIFY(m_stage->click(u"stageAllow"_s));
    QTRY_VERIFY(m_stage->workspace().isStaged("/routes/acl-allow-route"));
    QVERIFY(!allow->isEnabled()); // it is let in already, as far as is staged
    m_stage->workspace().undoStack()->undo();
    QVERIFY(!m_stage->workspace().isDirty());
}

void tst_ScenariosGateway::decidesAgainAtAnotherTime()
{
    QVERIFY(sendThree());
    selectRow(0);
    const int before = traffic().rowCount();
    m_stage->window().commands().action(u"traffic.decideAt"_s)->trigger();
    auto *asked = m_stage->window().findChild<QInputDialog *>(u"decideAtDialog"_s);
    QTRY_VERIFY(asked && asked->isVisible());
    asked->setTextValue(u"2031-01-01T00:00:00Z"_s);
    asked->accept();
    const auto comparison = [this] {
        const auto dialogs = m_stage->window().findChildren<CompareDialog *>();
        return dialogs.isEmpty() ? nullptr : dialogs.first();
    };
    QTRY_VERIFY(comparison() && comparison()->isVisible());
    const auto *list = comparison()->findChild<QTreeWidget *>();
    QVERIFY2(list->headerItem()->text(3).contains(u"2031-01-01T00:00:00Z"_s),
             qPrintable(list->headerItem()->text(3)));
    QCOMPARE(traffic().rowCount(), before); // nothing was sent
}

void tst_ScenariosGateway::g19_editAndRepeat()
{
    QVERIFY(sendThree());
    selectRow(1);
    m_stage->press(Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY(m_stage->find(u"composerHeaders"_s));
    auto *headers = m_stage->find<QPlainTextEdit>(u"composerHeaders"_s);
    QTRY_VERIFY(headers->isActiveWindow()); // else Ctrl+Enter is the main window's
    QVERIFY(headers->toPlainText().contains(u"••••••••"_s)); // the key is not shown
    QVERIFY(!headers->toPlainText().contains(u"bob-key"_s));
    headers->setFocus();
    QTest::keyClick(headers, Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(headers, u"X-Test: changed"_s);
    QTest::keyClick(headers, Qt::Key_Return, Qt::ControlModifier);
    auto *status = m_stage->find<QLabel>(u"composerStatus"_s);
    QTRY_COMPARE(status->text(), u"✗ 403"_s); // the untouched dots were sent as the key
    QTRY_COMPARE(traffic().rowCount(), 4);
    const auto *chosen = m_stage->find<QTableView>(u"traffic"_s)->selectionModel();
    QTRY_COMPARE(chosen->currentIndex().row(), 3);
    QCOMPARE(chosen->selectedRows().size(), 1); // though Ctrl was down
    QVERIFY2(m_stage->shoot(u"G-19-composer"_s), m_stage->faults());
    m_stage->press(Qt::Key_Escape);
    QTRY_COMPARE(traffic().row(3).repeatOf, quint64(2));
    selectRow(3);
    QVERIFY(m_stage->find(u"repeatOf"_s));
    QVERIFY(m_stage->click(u"traffic.compare.button"_s));
    QTRY_VERIFY(m_stage->find(u"compareList"_s));
    QTRY_VERIFY(m_stage->find(u"compareList"_s)->isActiveWindow()); // Escape is for it
    const auto *list = m_stage->find<QTreeWidget>(u"compareList"_s);
    const auto found = list->findItems(u"X-Test"_s, Qt::MatchExactly | Qt::MatchRecursive);
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.first()->text(3), u"changed"_s);
    QVERIFY2(m_stage->shoot(u"G-19"_s), m_stage->faults());
    auto *close = m_stage->find(u"compareRequests"_s)->findChild<QDialogButtonBox *>();
    QVERIFY(close && close->button(QDialogButtonBox::Close));
    close->button(QDialogButtonBox::Close)->click();
    QTRY_VERIFY(!m_stage->find(u"compareList"_s));
    QVERIFY(m_stage->click(u"repeatOf"_s)); // leads to the original
    QCOMPARE(m_stage->find<QTableView>(u"traffic"_s)->currentIndex().row(), 1);
}

void tst_ScenariosGateway::g20_fiftyThousandRequests()
{
    constexpr int kRequests = 50'000, kBatch = 500;
    int sent = 0;
    // Work between two turns of the event loop; a busy machine makes it silent for longer.
    std::int64_t longest = 0;
    CpuTimer since;
    QTimer beat;
    connect(&beat, &QTimer::timeout, this, [&] {
        longest = std::max(longest, since.elapsed());
        since.start();
    });
    QTimer source;
    connect(&source, &QTimer::timeout, this, [&] {
        std::vector<QByteArray> batch;
        for (int i = 0; i < kBatch && sent < kRequests; ++i, ++sent)
            batch.push_back(
                R"({"id":"S%1","time":"2026-11-22T19:00:00Z","method":"GET","target":"/get/%1",)"
                R"("status":%2,"route":"r%3","consumer":"jack","decision":"%4","steps":[],)"_ba
                    .replace("%1", QByteArray::number(sent))
                    .replace("%2", sent % 50 == 0 ? "401" : "200")
                    .replace("%3", QByteArray::number(sent % 100))
                    .replace("%4", sent % 50 == 0 ? "denied" : "allowed")
                + R"("timing":{"total_us":700}})");
        Q_EMIT m_stage->session().tracesArrived(batch);
    });
    since.start();
    beat.start(5);
    source.start(20);
    QTRY_COMPARE_WITH_TIMEOUT(traffic().rowCount(), kRequests, 120'000);
    source.stop();
    QVERIFY2(longest < 2'000, qPrintable(QString::number(longest))); // the figure: dev bench gui
    const auto *table = m_stage->find<QTableView>(u"traffic"_s);
    QTRY_COMPARE(table->verticalScrollBar()->value(), table->verticalScrollBar()->maximum());
    QCOMPARE(traffic().row(kRequests - 1).trace().stringOr("id", ""), std::string_view("S49999"));
    m_stage->press(Qt::Key_F, Qt::ControlModifier);
    m_stage->type(u"status:401"_s);
    QTRY_COMPARE(table->model()->rowCount(), kRequests / 50);
    QVERIFY2(m_stage->shoot(u"G-20"_s), m_stage->faults());
    m_stage->press(Qt::Key_Escape);
    QTRY_COMPARE(table->model()->rowCount(), kRequests);
    // scrolled away it no longer follows, and says how many came
    QTest::keyClick(m_stage->find(u"traffic"_s), Qt::Key_Home, Qt::ControlModifier);
    table->verticalScrollBar()->setValue(0);
    Q_EMIT m_stage->session().tracesArrived({"{\"id\":\"new\"}"});
    QTRY_VERIFY(m_stage->find(u"trafficNewer"_s));
    QCOMPARE(table->verticalScrollBar()->value(), 0);
    QVERIFY(m_stage->click(u"trafficNewer"_s));
    QTRY_COMPARE(table->verticalScrollBar()->value(), table->verticalScrollBar()->maximum());
}

void tst_ScenariosGateway::marksCommentsAndClearCanBeUndone()
{
    Q_EMIT m_stage->session().tracesArrived({"{\"id\":\"a\"}", "{\"id\":\"b\"}"});
    QTRY_COMPARE(traffic().rowCount(), 2);
    selectRow(1);
    m_stage->press(Qt::Key_Space);
    QVERIFY(traffic().row(1).marked);
    m_stage->press(Qt::Key_M);
    QTRY_VERIFY(m_stage->find(u"commentDialog"_s));
    auto *comment = m_stage->find<QDialog>(u"commentDialog"_s)->findChild<QLineEdit *>();
    QTest::keyClicks(comment, u"look at this"_s);
    QTest::keyClick(comment, Qt::Key_Return);
    QTRY_COMPARE(traffic().row(1).comment, u"look at this"_s);
    m_stage->window().activateWindow(); // as a desktop does when a dialog goes
    QTRY_VERIFY(m_stage->window().isActiveWindow());
    m_stage->press(Qt::Key_X, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(traffic().rowCount(), 0);
    m_stage->workspace().undoStack()->undo();
    QCOMPARE(traffic().rowCount(), 2);
    QCOMPARE(traffic().row(1).comment, u"look at this"_s);
    m_stage->press(Qt::Key_P, Qt::ControlModifier);
    Q_EMIT m_stage->session().tracesArrived({"{\"id\":\"c\"}"});
    QVERIFY(m_stage->find<QLabel>(u"trafficCounts"_s)->text().contains(u"1 waiting"_s));
    m_stage->press(Qt::Key_P, Qt::ControlModifier);
    QTRY_COMPARE(traffic().rowCount(), 3);
}

void tst_ScenariosGateway::nearestRoutesOfANotFoundPage()
{
    QVERIFY(configure());
    QVERIFY(startGateway());
    m_stage->press(Qt::Key_N, Qt::ControlModifier);
    QTRY_VERIFY(m_stage->find(u"composerUrl"_s));
    auto *url = m_stage->find<QLineEdit>(u"composerUrl"_s);
    url->setFocus();
    QTest::keyClick(url, Qt::Key_End);
    QTest::keyClicks(url, u"s"_s);
    QVERIFY(m_stage->click(u"composerSend"_s));
    QTRY_COMPARE(traffic().rowCount(), 1);
    m_stage->press(Qt::Key_Escape);
    selectRow(0);
    QCOMPARE(traffic().index(0, TrafficModel::Decision).data().toString(), u"? no route"_s);
    const auto *steps = m_stage->find<QListView>(u"traceSteps"_s);
    QString text;
    for (int row = 0; row < steps->model()->rowCount(); ++row)
        text += steps->model()->index(row, 0).data().toString() + u'\n';
    QVERIFY2(text.contains(u"acl-allow-route"_s), qPrintable(text));
    QVERIFY2(m_stage->shoot(u"gateway-no-route"_s), m_stage->faults());
}

void tst_ScenariosGateway::pastedCurlOpensTheComposer()
{
    QGuiApplication::clipboard()->setText(
        u"curl -X POST 'http://127.0.0.1:1/x' \\\n  -H 'A: 1' -d 'body'"_s);
    m_stage->find(u"startGateway"_s)->setFocus();
    m_stage->press(Qt::Key_V, Qt::ControlModifier);
    QTRY_VERIFY(m_stage->find(u"composerUrl"_s));
    QCOMPARE(m_stage->find<QLineEdit>(u"composerUrl"_s)->text(), u"http://127.0.0.1:1/x"_s);
    QCOMPARE(m_stage->find<QComboBox>(u"composerMethod"_s)->currentText(), u"POST"_s);
    QCOMPARE(m_stage->find<QPlainTextEdit>(u"composerBody"_s)->toPlainText(), u"body"_s);
    QVERIFY(m_stage->click(u"composerSend"_s)); // nobody listens there
    auto *status = m_stage->find<QLabel>(u"composerStatus"_s);
    QTRY_VERIFY2(status->text().startsWith(u"Not answered"_s), qPrintable(status->text()));
}

void tst_ScenariosGateway::pastedCurlWithATokenOpensTheComposer_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const QString token =
        u"eyJhbGciOiJIUzI1NiJ9.eyJrZXkiOiJqYWNrLWtleSJ9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"_s;
    const QString line = u"curl http://127.0.0.1:1/x -H 'Authorization: Bearer %1'"_s.arg(token);
    for (const QString &page : {u"consumers"_s, u"tokens"_s, u"gateway"_s, u"access"_s}) {
        QTest::addRow("curl on %s", qPrintable(page)) << page << line << u"gateway"_s;
        QTest::addRow("token on %s", qPrintable(page)) << page << token << u"tokens"_s;
    }
}

void tst_ScenariosGateway::pastedCurlWithATokenOpensTheComposer()
{
    QFETCH(const QString, page);
    QFETCH(const QString, text);
    QFETCH(const QString, shown);
    m_stage->window().showPage(page);
    QGuiApplication::clipboard()->setText(text);
    m_stage->window().commands().action(u"edit.paste"_s)->trigger();
    QVERIFY(m_stage->window().page(shown)->isVisible());
    QCOMPARE(m_stage->find(u"composerUrl"_s) != nullptr, shown == u"gateway"_s);
    if (shown == u"gateway"_s)
        QVERIFY(m_stage->find<QPlainTextEdit>(u"composerHeaders"_s)
                    ->toPlainText()
                    .startsWith(u"Authorization: Bearer eyJ"_s));
}

void tst_ScenariosGateway::clockMoves()
{
    QVERIFY(startGateway());
    const Timestamp before = m_stage->session().now();
    auto *clock = m_stage->find<QToolButton>(u"gatewayClock"_s);
    m_stage->window().commands().action(u"gateway.clock1h"_s)->trigger();
    QTRY_VERIFY(m_stage->session().now() - before > std::chrono::minutes(59));
    QTRY_VERIFY2(clock->text().contains(u"set"_s), qPrintable(clock->text()));
    m_stage->window().commands().action(u"gateway.clockReal"_s)->trigger();
    QTRY_VERIFY2(clock->text().contains(u"real"_s), qPrintable(clock->text()));
}

void tst_ScenariosGateway::routesAreShown()
{
    QVERIFY(configure());
    m_stage->window().openObject("/routes/acl-allow-route");
    const auto *routes = m_stage->find<QTableView>(u"routes"_s);
    QVERIFY(routes);
    QCOMPARE(routes->currentIndex().row(), 0);
    QVERIFY(
        m_stage->find<QPlainTextEdit>(u"routeJson"_s)->toPlainText().contains(u"allow_labels"_s));
    QVERIFY2(m_stage->shoot(u"gateway-routes"_s), m_stage->faults());
}

void tst_ScenariosGateway::routeIsMadeByHandAndGuards()
{
    m_stage->window()
        .page(u"gateway"_s)
        ->findChild<QTabWidget *>(u"gatewayTabs"_s)
        ->setCurrentIndex(1);
    m_stage->press(Qt::Key_1, Qt::ControlModifier);
    m_stage->press(Qt::Key_3, Qt::ControlModifier);
    QVERIFY2(m_stage->shoot(u"gateway-routes-none"_s), m_stage->faults());
    m_stage->press(Qt::Key_Return); // the empty state's button
    QTRY_VERIFY(m_stage->find(u"routeId"_s) && m_stage->find(u"routeId"_s)->hasFocus());
    m_stage->type(u"orders"_s);
    QTRY_VERIFY(m_stage->workspace().isStaged("/routes/orders"));
    QVERIFY(!m_stage->workspace().value("/routes/new-route"));
    m_stage->press(Qt::Key_Tab);
    QVERIFY(m_stage->find(u"routePath"_s)->hasFocus());
    m_stage->press(Qt::Key_A, Qt::ControlModifier);
    m_stage->type(u"/orders/*"_s);
    m_stage->press(Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(m_stage->workspace().stored("/routes/orders"));
    const Json &route = *m_stage->workspace().stored("/routes/orders");
    QCOMPARE(route.stringOr("uri", ""), "/orders/*");
    QVERIFY(route.find("plugins")->contains("key-auth"));
    QVERIFY(startGateway());
    QVERIFY(m_stage->click(u"requestRoute"_s));
    QTRY_VERIFY(m_stage->find(u"composerUrl"_s));
    QVERIFY(m_stage->find<QLineEdit>(u"composerUrl"_s)->text().endsWith(u"/orders/"_s));
    QCOMPARE(sendAs(u"nobody"_s), u"✗ 401"_s);
}

void tst_ScenariosGateway::routeIsEditedAsJson()
{
    QVERIFY(configure());
    m_stage->window().openObject("/routes/acl-allow-route");
    auto *json = m_stage->find<QPlainTextEdit>(u"routeJson"_s);
    QVERIFY(json && !json->isReadOnly());
    json->setFocus();
    QTRY_VERIFY(json->hasFocus());
    json->selectAll();
    m_stage->type(uR"({"uri":"/typed","plugins":{"jwt-auth":{}}})"_s);
    const Json *const route = m_stage->workspace().value("/routes/acl-allow-route");
    QVERIFY(route);
    QCOMPARE(route->stringOr("uri", ""), "/typed");
    QCOMPARE(m_stage->find<QLineEdit>(u"routePath"_s)->text(), u"/typed"_s);
    QCOMPARE(m_stage->find<QComboBox>(u"routeGuard"_s)->currentText(), u"jwt-auth"_s);
    m_stage->type(u"x"_s); // not JSON any more
    QTRY_VERIFY(m_stage->find<QLabel>(u"routeFault"_s));
    QVERIFY(m_stage->find<QLabel>(u"routeFault"_s)->text().startsWith(u"Cannot be saved: "_s));
    QCOMPARE(m_stage->workspace().value("/routes/acl-allow-route")->stringOr("uri", ""), "/typed");
    m_stage->press(Qt::Key_Backspace);
    QVERIFY(!m_stage->find(u"routeFault"_s)
            || !m_stage->find<QLabel>(u"routeFault"_s)->text().contains(u"JSON"_s));
    auto *guard = m_stage->find<QComboBox>(u"routeGuard"_s);
    guard->setFocus();
    QTest::keyClick(guard, Qt::Key_Home); // none
    QVERIFY(!m_stage->workspace().value("/routes/acl-allow-route")->contains("plugins"));
    m_stage->workspace().undoStack()->undo();
    QCOMPARE(guard->currentText(), u"jwt-auth"_s);
}

void tst_ScenariosGateway::routesAreDuplicatedRenamedAndDeleted()
{
    QVERIFY(configure());
    m_stage->window().openObject("/routes/acl-allow-route");
    m_stage->press(Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY(m_stage->find(u"routeId"_s)->hasFocus());
    QVERIFY(m_stage->workspace().isStaged("/routes/acl-allow-route-copy"));
    m_stage->type(u"second"_s);
    QVERIFY(m_stage->workspace().isStaged("/routes/second"));
    QVERIFY(!m_stage->workspace().value("/routes/acl-allow-route-copy"));
    QCOMPARE(m_stage->find<QLineEdit>(u"routeId"_s)->text(), u"second"_s);
    auto *table = m_stage->find<QTableView>(u"routes"_s);
    table->setFocus();
    table->setCurrentIndex(table->model()->index(0, 0));
    QCOMPARE(m_stage->find<QLineEdit>(u"routeId"_s)->text(), u"acl-allow-route"_s);
    m_stage->press(Qt::Key_Delete);
    QTRY_VERIFY(!m_stage->workspace().stored("/routes/acl-allow-route"));
    QTRY_VERIFY(!m_stage->workspace().isWriting());
    QCOMPARE(m_stage->find<QLineEdit>(u"routeId"_s)->text(), u"second"_s);
    m_stage->workspace().undo();
    QTRY_VERIFY(m_stage->workspace().stored("/routes/acl-allow-route"));
}

void tst_ScenariosGateway::moreThanAFormHoldsIsLeftToTheJson()
{
    m_stage->workspace().commit(
        u"sample"_s,
        {object("/routes/many",
                R"({"uris":["/a","/b"],"plugins":{"key-auth":{},"jwt-auth":{}},)"
                R"("upstream":{"type":"roundrobin","nodes":{"a:1":1,"b:2":1}}})")});
    QTRY_VERIFY(m_stage->workspace().stored("/routes/many"));
    m_stage->window().openObject("/routes/many");
    for (const auto &field : {u"routePath"_s, u"routeGuard"_s, u"routeNode"_s})
        QVERIFY2(m_stage->find(field) && !m_stage->find(field)->isEnabled(), qPrintable(field));
    QVERIFY(m_stage->find(u"routeId"_s)->isEnabled());
}

void tst_ScenariosGateway::lockForgetsWhatWasSent()
{
    QVERIFY(sendThree());
    selectRow(0);
    m_stage->press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(m_stage->window().isLocked());
    selectRow(1);
    const auto *lines = m_stage->find<QTableView>(u"requestLines"_s);
    for (int row = 0; row < lines->model()->rowCount(); ++row)
        QVERIFY(!lines->model()
                     ->index(row, FieldModel::Value)
                     .data()
                     .toString()
                     .contains(u"bob-key"_s));
    QGuiApplication::clipboard()->setText(u"mine"_s);
    m_stage->press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"mine"_s); // a curl line would need the key
}

QTEST_MAIN(tst_ScenariosGateway)
#include "tst_scenarios_gateway.moc"
