// SPDX-License-Identifier: Apache-2.0
#include "gateway/observe/trace_ring.h"

#include <QTest>

#include <random>
#include <string>
#include <vector>

using namespace postern;
using namespace postern::gateway;

namespace {

TraceRecord makeRecord(std::uint64_t id, std::size_t text)
{
    TraceRecord record;
    record.reset();
    record.id = id;
    record.add(Step::Route, Outcome::Ok, Errc::Internal, "route-" + std::to_string(id),
               std::string(text, 'x'));
    return record;
}

} // namespace

class tst_TraceRing : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsTheNewest();
    void survivesRecordsOfAnySize();
};

void tst_TraceRing::keepsTheNewest()
{
    TraceRing ring(3);
    for (std::uint64_t id = 1; id <= 5; ++id)
        ring.push(makeRecord(id, 10));
    std::vector<std::uint64_t> seen;
    ring.visitNewestFirst([&seen](const TraceRecord &record) {
        seen.push_back(record.id);
        return true;
    });
    QCOMPARE(seen, (std::vector<std::uint64_t>{5, 4, 3}));
    QCOMPARE(ring.written(), 5U);
}

void tst_TraceRing::survivesRecordsOfAnySize()
{
    std::mt19937 random(7);
    std::uniform_int_distribution<std::size_t> size(0, TraceRecord::kText);
    TraceRing ring(50);
    for (std::uint64_t id = 1; id <= 20'000; ++id) {
        ring.push(makeRecord(id, size(random)));
        if (id % 97)
            continue;
        std::uint64_t expected = id;
        bool good = true;
        ring.visitNewestFirst([&](const TraceRecord &record) {
            const TraceEvent &event = record.event[0];
            good = good && record.id == expected-- && record.events == 1
                && record.view(event.subject, event.subjectSize)
                    == "route-" + std::to_string(record.id);
            return good;
        });
        QVERIFY(good);
        QVERIFY(ring.size() >= 4);
    }
}

QTEST_GUILESS_MAIN(tst_TraceRing)
#include "tst_trace_ring.moc"
