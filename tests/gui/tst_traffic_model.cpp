// SPDX-License-Identifier: Apache-2.0
#include "gui/models/traffic_feed.h"
#include "gui/models/traffic_filter_model.h"
#include "gui/models/traffic_model.h"
#include "gui/models/traffic_statistics.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace postern;
using namespace postern::gui;

namespace {

QByteArray traceText(int number, int status = 200, std::string_view consumer = "jack")
{
    const bool denied = status >= 400;
    Json steps(Json::Array{
        Json::object({{"step", "route"}, {"outcome", "ok"}, {"subject", "r1"}}),
        Json::object({{"step", "extract"},
                      {"outcome", "ok"},
                      {"subject", "key-auth"},
                      {"detail", Json::object({{"where", "header"}, {"name", "apikey"}})}}),
        Json::object(
            {{"step", "consumer"},
             {"outcome", "ok"},
             {"subject", "key-auth"},
             {"detail", Json::object({{"username", consumer}, {"credential", "cred-1"}})}}),
        Json::object({{"step", "label"},
                      {"outcome", denied ? "failed" : "ok"},
                      {"subject", "acl"},
                      {"reason", "label-not-allowed"}})});
    const Json trace = Json::object({{"id", "T" + std::to_string(number)},
                                     {"time", "2026-11-22T19:00:00.250Z"},
                                     {"method", number % 2 == 0 ? "GET" : "POST"},
                                     {"target", "/get/" + std::to_string(number)},
                                     {"status", status},
                                     {"route", "r1"},
                                     {"consumer", consumer},
                                     {"decision", denied ? "denied" : "allowed"},
                                     {"step", denied ? Json("label") : Json()},
                                     {"reason", denied ? Json("label-not-allowed") : Json()},
                                     {"steps", std::move(steps)},
                                     {"timing", Json::object({{"total_us", 1100}})}});
    return QByteArray::fromStdString(trace.dump());
}

std::vector<QByteArray> traceTexts(int from, int to)
{
    std::vector<QByteArray> texts;
    for (int i = from; i < to; ++i)
        texts.push_back(traceText(i, i % 10 == 0 ? 403 : 200));
    return texts;
}

Filter filterOf(const char *text)
{
    const auto filter = Filter::parse(QString::fromUtf8(text), trafficFields());
    if (!filter)
        qWarning("%s", describe(filter.error()).c_str());
    return filter.value_or(Filter());
}

QString shown(const QAbstractItemModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

} // namespace

class tst_TrafficModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsTheMembersOfATrace();
    void headsAreAlignedAsTheirColumns();
    void givesTracesBack();
    void dropsTheOldestInBatches();
    void clearsAndBringsBack();
    void linksRepeatsThatComeLater();
    void filters_data();
    void filters();
    void filtersWhatComes();
    void marksJoinAndLeaveTheFilter();
    void feedReadsElsewhere();
    void feedWaitsWhilePaused();
    void countsTheLastMinute();
};

void tst_TrafficModel::headsAreAlignedAsTheirColumns()
{
    TrafficModel model;
    model.append(TrafficReader().read({traceText(7, 403)}));
    for (int column = 0; column < TrafficModel::ColumnCount; ++column)
        QCOMPARE(model.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole),
                 model.index(0, column).data(Qt::TextAlignmentRole));
    const QVariant status =
        model.headerData(TrafficModel::Status, Qt::Horizontal, Qt::TextAlignmentRole);
    QVERIFY(status.value<Qt::Alignment>().testFlag(Qt::AlignRight));
}

void tst_TrafficModel::showsTheMembersOfATrace()
{
    TrafficModel model;
    const QAbstractItemModelTester tester(&model);
    model.append(TrafficReader().read({traceText(7, 403), "{}", "not JSON"}));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(shown(model, 0, TrafficModel::Number), QStringLiteral("1"));
    QCOMPARE(shown(model, 0, TrafficModel::Path), QStringLiteral("/get/7"));
    QCOMPARE(shown(model, 0, TrafficModel::Status), QStringLiteral("403"));
    QCOMPARE(shown(model, 0, TrafficModel::Reason), QStringLiteral("label-not-allowed"));
    QCOMPARE(shown(model, 0, TrafficModel::Credential), QStringLiteral("key-auth / cred-1"));
    QCOMPARE(shown(model, 0, TrafficModel::Decision), QStringLiteral("✗ acl"));
    QCOMPARE(shown(model, 0, TrafficModel::Milliseconds), QStringLiteral("1.1"));
    QCOMPARE(model.index(0, TrafficModel::Decision).data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("denied acl"));
    QCOMPARE(shown(model, 1, TrafficModel::Status), QString());
    QCOMPARE(model.index(0, TrafficModel::Status).data(TrafficModel::SortRole).toInt(), 403);
}

void tst_TrafficModel::givesTracesBack()
{
    // one is kept as it is, many are packed
    for (const int count : {1, 300}) {
        TrafficModel model;
        model.append(TrafficReader().read(traceTexts(0, count)));
        QCOMPARE(model.rowCount(), count);
        QCOMPARE(model.row(count - 1).trace().stringOr("id", ""),
                 std::string_view("T" + std::to_string(count - 1)));
        const auto traces = tracesOf({model.row(0), model.row(count - 1)});
        QCOMPARE(traces.back().stringOr("id", ""), model.row(count - 1).id.toStdString());
    }
}

void tst_TrafficModel::dropsTheOldestInBatches()
{
    TrafficModel model;
    TrafficFilterModel filtered(model);
    const auto max = static_cast<int>(TrafficModel::kMaxRows);
    model.append(std::vector<TrafficRow>(TrafficModel::kMaxRows - 1));
    const QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    model.append(TrafficReader().read(traceTexts(0, 5)));
    QCOMPARE(removed.size(), 1);
    QCOMPARE(model.rowCount(), max);
    QCOMPARE(filtered.rowCount(), max);
    QCOMPARE(model.row(0).number, quint64(5));
    QCOMPARE(model.rowOf(quint64(4)), -1);
    QCOMPARE(model.rowOf(quint64(5)), 0);
    QCOMPARE(shown(filtered, max - 1, TrafficModel::Path), QStringLiteral("/get/4"));
}

void tst_TrafficModel::clearsAndBringsBack()
{
    TrafficModel model;
    const QAbstractItemModelTester tester(&model);
    model.append(TrafficReader().read(traceTexts(0, 3)));
    TrafficModel::Rows before = model.takeAll();
    QCOMPARE(model.rowCount(), 0);
    model.append(TrafficReader().read(traceTexts(3, 5)));
    QCOMPARE(model.row(0).number, quint64(4)); // numbers go on
    model.restore(std::move(before));
    QCOMPARE(model.rowCount(), 5);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(model.rowOf(quint64(i + 1)), i);
}

void tst_TrafficModel::linksRepeatsThatComeLater()
{
    TrafficModel model;
    model.append(TrafficReader().read({traceText(1)}));
    model.linkRepeat(QStringLiteral("T2"), 1);
    model.append(TrafficReader().read({traceText(2), traceText(3)}));
    QCOMPARE(model.row(1).repeatOf, quint64(1));
    QCOMPARE(model.row(2).repeatOf, quint64(0));
    model.linkRepeat(QStringLiteral("T3"), 2);
    QCOMPARE(model.row(2).repeatOf, quint64(2));
    QVERIFY(shown(model, 2, TrafficModel::Path).contains(QStringLiteral("#2")));
}

void tst_TrafficModel::filters_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("rows");
    QTest::newRow("all") << QByteArray("") << 20;
    QTest::newRow("status") << QByteArray("status:403") << 2;
    QTest::newRow("status compared") << QByteArray("status:>=400") << 2;
    QTest::newRow("decision") << QByteArray("decision:denied") << 2;
    QTest::newRow("negated") << QByteArray("-decision:denied") << 18;
    QTest::newRow("method") << QByteArray("method:POST") << 10;
    QTest::newRow("path with wildcard") << QByteArray("path:/get/1*") << 11;
    QTest::newRow("consumer") << QByteArray("consumer:jack") << 20;
    QTest::newRow("another consumer") << QByteArray("consumer:bob") << 0;
    QTest::newRow("route") << QByteArray("route:r1") << 20;
    QTest::newRow("plugin") << QByteArray("plugin:acl") << 20;
    QTest::newRow("reason") << QByteArray("reason:label-not-allowed") << 2;
    QTest::newRow("time") << QByteArray("time:>1ms") << 20;
    QTest::newRow("shorter time") << QByteArray("time:<1ms") << 0;
    QTest::newRow("word") << QByteArray("/get/19") << 1;
    QTest::newRow("terms together") << QByteArray("status:403 method:GET") << 2;
    QTest::newRow("marked") << QByteArray("is:marked") << 0;
}

void tst_TrafficModel::filters()
{
    QFETCH(const QByteArray, text);
    QFETCH(const int, rows);
    TrafficModel model;
    TrafficFilterModel filtered(model);
    model.append(TrafficReader().read(traceTexts(0, 20)));
    filtered.setFilter(filterOf(text.constData()));
    QCOMPARE(filtered.rowCount(), rows);
}

void tst_TrafficModel::filtersWhatComes()
{
    TrafficModel model;
    TrafficFilterModel filtered(model);
    const QAbstractItemModelTester tester(&filtered);
    filtered.setFilter(filterOf("status:403"));
    model.append(TrafficReader().read(traceTexts(1, 10)));
    QCOMPARE(filtered.rowCount(), 0);
    model.append(TrafficReader().read(traceTexts(10, 31)));
    QCOMPARE(filtered.rowCount(), 3);
    QCOMPARE(shown(filtered, 2, TrafficModel::Path), QStringLiteral("/get/30"));
    const QModelIndex source = filtered.mapToSource(filtered.index(1, TrafficModel::Path));
    QCOMPARE(source.data().toString(), QStringLiteral("/get/20"));
    QCOMPARE(filtered.mapFromSource(source), filtered.index(1, TrafficModel::Path));
    QVERIFY(!filtered.mapFromSource(model.index(0, 0)).isValid());
    filtered.setFilter({});
    QCOMPARE(filtered.rowCount(), 30);
}

void tst_TrafficModel::marksJoinAndLeaveTheFilter()
{
    TrafficModel model;
    TrafficFilterModel filtered(model);
    const QAbstractItemModelTester tester(&filtered);
    model.append(TrafficReader().read(traceTexts(0, 5)));
    model.setMarked(1, true);
    filtered.setFilter(filterOf("is:marked"));
    QCOMPARE(filtered.rowCount(), 1);
    model.setMarked(3, true);
    model.setMarked(0, true);
    QCOMPARE(filtered.rowCount(), 3);
    QCOMPARE(shown(filtered, 0, TrafficModel::Path), QStringLiteral("/get/0"));
    model.setMarked(1, false);
    QCOMPARE(filtered.rowCount(), 2);
    QCOMPARE(shown(filtered, 1, TrafficModel::Path), QStringLiteral("/get/3"));
    model.setComment(3, QStringLiteral(" look "));
    QVERIFY(shown(filtered, 1, TrafficModel::Reason).contains(QStringLiteral("look")));
}

void tst_TrafficModel::feedReadsElsewhere()
{
    TrafficModel model;
    TrafficFeed feed(model);
    feed.add(traceTexts(0, 6'000)); // more than one batch
    QCOMPARE(model.rowCount(), 0); // nothing is read in this thread
    QTRY_COMPARE(model.rowCount(), 6'000);
    QCOMPARE(shown(model, 5'999, TrafficModel::Path), QStringLiteral("/get/5999"));
}

void tst_TrafficModel::feedWaitsWhilePaused()
{
    TrafficModel model;
    TrafficFeed feed(model);
    feed.setPaused(true);
    feed.add(traceTexts(0, 3));
    QCOMPARE(feed.waiting(), qsizetype(3));
    QCOMPARE(model.rowCount(), 0);
    feed.setPaused(false);
    QTRY_COMPARE(model.rowCount(), 3);
    QCOMPARE(feed.waiting(), qsizetype(0));
}

void tst_TrafficModel::countsTheLastMinute()
{
    TrafficStatistics statistics;
    const auto rows = TrafficReader().read({traceText(1), traceText(2, 403)});
    statistics.add(rows[0], 1000);
    statistics.add(rows[1], 1000);
    statistics.add(rows[0], 1059);
    auto slots_ = statistics.lastMinute(1059);
    QCOMPARE(slots_.front().requests(), 2U);
    QCOMPARE(slots_.front().refused, 1U);
    QCOMPARE(slots_.front().slowest, 1100U);
    QCOMPARE(slots_.back().requests(), 1U);
    slots_ = statistics.lastMinute(1060);
    QCOMPARE(slots_.front().requests(), 0U);
}

QTEST_GUILESS_MAIN(tst_TrafficModel)
#include "tests/support/patience.h"
#include "tst_traffic_model.moc"
