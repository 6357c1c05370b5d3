// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gui/models/exchange_fields.h"
#include "gui/models/field_model.h"
#include "gui/models/trace_links.h"
#include "gui/models/trace_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <algorithm>

using namespace postern;
using namespace postern::gui;

class tst_TraceModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsStepsNotesAndFixes();
    void knowsWhatFedAStep_data();
    void knowsWhatFedAStep();
    void showsRequestsWithoutSecrets();
    void marksLines();
    void tellsWhatTheTraceKnowsWithoutARecording();
    void timesAreLocalAndExactInTheTip();
    void comparesDecisionsFirst();
};

namespace {

constexpr std::string_view kRefused =
    R"({"id":"T1","time":"2026-11-22T19:00:00.000Z","method":"GET","target":"/get?a=1",)"
    R"("host":"127.0.0.1:9080","status":403,"route":"r1","consumer":"bob","decision":"denied",)"
    R"("step":"label","reason":"label-not-allowed","message":"The consumer is forbidden.",)"
    R"("upstream":{"reached":false},"revision":3,"steps":[)"
    R"({"step":"route","outcome":"ok","subject":"r1","text":"uri \"/get\"","detail":{}},)"
    R"({"step":"extract","outcome":"ok","subject":"key-auth","text":"header \"apikey\", 7 bytes",)"
    R"("detail":{"where":"header","name":"apikey","bytes":7}},)"
    R"({"step":"lookup","outcome":"ok","subject":"key-auth","text":"bob","detail":{}},)"
    R"({"step":"label","outcome":"failed","subject":"acl","text":"label team is sales","detail":{}}],)"
    R"("notes":["a note"],"fix":["add sales"],"timing":{"total_us":600,"decision_us":500}})";

constexpr std::string_view kToken = // a bracket is spelled \u0029 for the sake of the literal
    R"({"decision":"denied","step":"claims","steps":[)"
    R"({"step":"extract","outcome":"ok","subject":"jwt-auth",)"
    R"("detail":{"where":"header (Bearer\u0029","name":"authorization"}},)"
    R"({"step":"parse","outcome":"ok","subject":"jwt-auth",)"
    R"("detail":{"alg":"HS256","claims":"key, exp"}},)"
    R"({"step":"lookup","outcome":"ok","subject":"jwt-auth","detail":{}},)"
    R"({"step":"signature","outcome":"ok","subject":"jwt-auth","detail":{}},)"
    R"({"step":"claims","outcome":"failed","subject":"jwt-auth","detail":{"claim":"exp"}},)"
    R"({"step":"extract","outcome":"failed","subject":"key-auth",)"
    R"("detail":{"name":"header \"apikey\", query \"apikey\""}}]})";

Json parsed(std::string_view text) { return parseJson(text).value_or(Json()); }

gateway::RecordedExchange exchange()
{
    gateway::RecordedExchange exchange;
    exchange.trace = parsed(kRefused);
    exchange.request = {
        .present = true,
        .method = "GET",
        .target = "/get?a=1",
        .status = 0,
        .headers = {{"Host", "127.0.0.1:9080"}, {"ApiKey", "bob-key"}, {"Accept", "*/*"}},
        .body = {},
        .bodySize = 0};
    return exchange;
}

const FieldRow *find(const std::vector<FieldRow> &rows, const char *name)
{
    const auto found = std::ranges::find(rows, QString::fromUtf8(name), &FieldRow::name);
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

void tst_TraceModel::showsStepsNotesAndFixes()
{
    TraceModel model;
    const QAbstractItemModelTester tester(&model);
    model.setTrace(parsed(kRefused));
    QCOMPARE(model.stepCount(), 4);
    QCOMPARE(model.failedStep(), 3);
    QCOMPARE(model.rowCount(), 7); // a note, what was not reached, a fix
    const QModelIndex failed = model.index(3);
    QCOMPARE(failed.data(TraceModel::SignRole).toString(), QStringLiteral("✗"));
    QVERIFY(failed.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("failed")));
    QCOMPARE(failed.data(TraceModel::TextRole).toString(), QStringLiteral("label team is sales"));
    QCOMPARE(model.index(5).data(TraceModel::TextRole).toString(), QStringLiteral("upstream"));
    QCOMPARE(model.index(6).data(TraceModel::TextRole).toString(), QStringLiteral("add sales"));
    model.setTrace(Json::object());
    QCOMPARE(model.rowCount(), 0);
}

void tst_TraceModel::knowsWhatFedAStep_data()
{
    QTest::addColumn<QByteArray>("trace");
    QTest::addColumn<int>("step");
    QTest::addColumn<QString>("parts");
    const QByteArray refused(kRefused.data(), static_cast<qsizetype>(kRefused.size()));
    const QByteArray token(kToken.data(), static_cast<qsizetype>(kToken.size()));
    QTest::newRow("route") << refused << 0 << QStringLiteral("start header:host");
    QTest::newRow("extraction") << refused << 1 << QStringLiteral("header:apikey");
    QTest::newRow("lookup of the same login") << refused << 2 << QStringLiteral("header:apikey");
    QTest::newRow("a rule looks at no part") << refused << 3 << QString();
    QTest::newRow("out of range") << refused << 9 << QString();
    QTest::newRow("parsing") << token << 1 << QStringLiteral("header:authorization token:header");
    QTest::newRow("key claim") << token << 2 << QStringLiteral("header:authorization claim:key");
    QTest::newRow("signature") << token << 3
                               << QStringLiteral("header:authorization token:signature");
    QTest::newRow("claim") << token << 4 << QStringLiteral("header:authorization claim:exp");
    QTest::newRow("all places looked at")
        << token << 5 << QStringLiteral("header:apikey argument:apikey");
}

void tst_TraceModel::knowsWhatFedAStep()
{
    QFETCH(const QByteArray, trace);
    QFETCH(const int, step);
    QFETCH(const QString, parts);
    const Json json = parsed(trace.toStdString());
    const QStringList keys = partsOfStep(json, step);
    QCOMPARE(keys.join(u' '), parts);
    for (const QString &key : keys)
        QVERIFY(stepsOfPart(json, key).contains(step));
}

void tst_TraceModel::showsRequestsWithoutSecrets()
{
    const auto rows = requestFields(exchange());
    const FieldRow *key = find(rows, "ApiKey");
    QVERIFY(key);
    QCOMPARE(key->value, QStringLiteral("••••••••"));
    QCOMPARE(key->note, QStringLiteral("step 2, 3"));
    QCOMPARE(find(rows, "Accept")->value, QStringLiteral("*/*"));
    QCOMPARE(find(rows, "Argument a")->value, QStringLiteral("1"));
    for (const FieldRow &row : rows)
        QVERIFY(!row.value.contains(QStringLiteral("bob-key")));
}

void tst_TraceModel::marksLines()
{
    FieldModel model;
    const QAbstractItemModelTester tester(&model);
    model.setRows(requestFields(exchange()));
    QCOMPARE(model.mark({QStringLiteral("header:apikey")}), 2);
    QVERIFY(model.index(2, FieldModel::Note).data().toString().startsWith(QStringLiteral("◀")));
    QVERIFY(model.index(2, 0).data(FieldModel::MarkedRole).toBool());
    QCOMPARE(model.mark({}), -1);
    QVERIFY(!model.index(2, 0).data(FieldModel::MarkedRole).toBool());
}

void tst_TraceModel::tellsWhatTheTraceKnowsWithoutARecording()
{
    gateway::RecordedExchange bare;
    bare.trace = parsed(kRefused);
    const auto rows = requestFields(bare);
    QCOMPARE(rows.front().name, QStringLiteral("GET"));
    QCOMPARE(find(rows, "apikey")->value, QStringLiteral("••••••••"));
    const auto response = responseFields(bare);
    QCOMPARE(find(response, "Body")->value, QStringLiteral("The consumer is forbidden."));
    QCOMPARE(upstreamFields(bare).front().name, QStringLiteral("Not reached"));
    QVERIFY(tokenFields(bare).empty());
}

void tst_TraceModel::timesAreLocalAndExactInTheTip()
{
    gateway::RecordedExchange dated = exchange();
    const QString written = QStringLiteral("2024-12-15T02:40:00.250Z");
    dated.trace.set("time", written.toStdString());
    const QDateTime local = QDateTime::fromString(written, Qt::ISODateWithMs).toLocalTime();
    FieldModel model;
    model.setRows(timingFields(dated));
    const QModelIndex value = model.index(0, FieldModel::Value);
    const QString shown = value.data().toString();
    QVERIFY2(shown.endsWith(local.toString(QStringLiteral(" HH:mm:ss.zzz"))), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("2024")), qPrintable(shown));
    QCOMPARE(value.data(Qt::ToolTipRole).toString(), written);
}

void tst_TraceModel::comparesDecisionsFirst()
{
    const gateway::RecordedExchange left = exchange();
    gateway::RecordedExchange right = exchange();
    right.trace.set("status", 200);
    right.request.headers.back().second = "text/html";
    const auto rows = compareExchanges(left, right);
    QCOMPARE(rows.front().section, QStringLiteral("Decision"));
    QStringList different;
    for (const ComparedRow &row : rows) {
        if (row.differs)
            different += row.section + u' ' + row.name;
    }
    QVERIFY(different.contains(QStringLiteral("Decision Status")));
    QVERIFY(different.contains(QStringLiteral("Request Accept")));
    const auto same = compareExchanges(left, exchange());
    QVERIFY(std::ranges::none_of(same, &ComparedRow::differs));
}

QTEST_GUILESS_MAIN(tst_TraceModel)
#include "tst_trace_model.moc"
