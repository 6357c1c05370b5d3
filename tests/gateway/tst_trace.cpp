// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/trace.h"

#include <QTest>

#include <memory>

using namespace postern;
using namespace postern::gateway;

class tst_Trace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatWasAdded();
    void storesARepeatedSubjectOnce();
    void cutsTextThatDoesNotFit();
    void keepsTheVerdictWhenEventsRunOut();
    void idsReadBack();
    void refusesOtherIds_data();
    void refusesOtherIds();
};

void tst_Trace::keepsWhatWasAdded()
{
    const auto record = std::make_unique<TraceRecord>();
    record->add(Step::Claims, Outcome::Failed, Errc::TokenExpired, "jwt-auth", "exp", {}, -3);
    QCOMPARE(int(record->events), 1);
    const TraceEvent &event = record->event[0];
    QCOMPARE(record->view(event.subject, event.subjectSize), std::string_view("jwt-auth"));
    QCOMPARE(record->view(event.a, event.aSize), std::string_view("exp"));
    QCOMPARE(event.number, -3);
    record->reset();
    QCOMPARE(int(record->events), 0);
    QCOMPARE(int(record->used), 0);
}

void tst_Trace::storesARepeatedSubjectOnce()
{
    const auto record = std::make_unique<TraceRecord>();
    record->add(Step::Extract, Outcome::Ok, {}, "jwt-auth");
    record->add(Step::Parse, Outcome::Ok, {}, "jwt-auth");
    QCOMPARE(int(record->used), 8);
    QCOMPARE(record->event[0].subject, record->event[1].subject);
}

void tst_Trace::cutsTextThatDoesNotFit()
{
    const auto record = std::make_unique<TraceRecord>();
    const std::string longText(TraceRecord::kText + 100, 'x');
    record->add(Step::Plugin, Outcome::Note, {}, "p", longText, "behind");
    QCOMPARE(std::size_t(record->used), TraceRecord::kText);
    QCOMPARE(std::size_t(record->event[0].aSize), TraceRecord::kText - 1);
    QCOMPARE(int(record->event[0].bSize), 0);
}

void tst_Trace::keepsTheVerdictWhenEventsRunOut()
{
    const auto record = std::make_unique<TraceRecord>();
    for (std::size_t i = 0; i < TraceRecord::kEvents + 3; ++i)
        record->add(Step::Plugin, Outcome::Note, {}, "p");
    record->add(Step::Label, Outcome::Failed, Errc::LabelDenied, "acl");
    QCOMPARE(std::size_t(record->events), TraceRecord::kEvents);
    QCOMPARE(record->event.back().reason, Errc::LabelDenied);
}

void tst_Trace::idsReadBack()
{
    for (const std::uint64_t id : {0ULL, 1ULL, 31ULL, 32ULL, (1ULL << 50U) - 1}) {
        const std::string text = traceId(id);
        QCOMPARE(text.size(), 10U);
        QCOMPARE(parseTraceId(text).value_or(~0ULL), id);
    }
    QCOMPARE(parseTraceId("01jf8z6q3m").value_or(0), parseTraceId("OLJF8Z6Q3M").value_or(1));
}

void tst_Trace::refusesOtherIds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("short") << QByteArray("01JF8Z6Q3");
    QTest::newRow("long") << QByteArray("01JF8Z6Q3MM");
    QTest::newRow("U is no digit") << QByteArray("01JF8Z6Q3U");
    QTest::newRow("dash") << QByteArray("01JF8-6Q3M");
}

void tst_Trace::refusesOtherIds()
{
    QFETCH(QByteArray, text);
    const auto id = parseTraceId(text.toStdString());
    QVERIFY(!id);
    QCOMPARE(id.error().code, Errc::InvalidArgument);
}

QTEST_GUILESS_MAIN(tst_Trace)
#include "tst_trace.moc"
