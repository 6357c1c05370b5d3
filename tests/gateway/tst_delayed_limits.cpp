// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/delayed_limits.h"

#include <QTest>

#include <string>

using namespace postern::gateway;

// limit-count's sync_interval: what is counted here between two tellings. apisix.md 4.7.
class tst_DelayedLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void countsBetweenTellings();
    void forgetsThePast();
};

void tst_DelayedLimits::countsBetweenTellings()
{
    DelayedLimits limits;
    DelayedLimits::Clock::time_point now{};
    const auto take = [&] { return limits.take("k", 1, now); };
    QVERIFY(!take().known);
    QCOMPARE(limits.collect("k"), 0);
    limits.told("k", 0, {true, 3, 10}, now);
    auto found = take();
    QVERIFY(found.known && found.schedule && found.quota.granted);
    QCOMPARE(found.quota.remaining, 2);
    QVERIFY(!take().schedule); // somebody will tell
    QCOMPARE(limits.collect("k"), 2);
    QCOMPARE(take().quota.remaining, 0); // what is being told counts
    QVERIFY(!take().quota.granted);
    limits.failed("k", 2);
    QVERIFY(!take().quota.granted);
    QCOMPARE(limits.collect("k"), 3); // told again
    limits.told("k", 3, {true, 7, 8}, now);
    limits.intervalEnded("k");
    found = take();
    QVERIFY(found.schedule && found.quota.granted);
    QCOMPARE(found.quota.remaining, 6);
    now += std::chrono::seconds(8);
    QVERIFY(!take().known); // the window is over
    limits.told("k", 0, {false, 0, 8}, now);
    QVERIFY(take().known && !take().quota.granted);
}

void tst_DelayedLimits::forgetsThePast()
{
    DelayedLimits limits;
    const DelayedLimits::Clock::time_point now{};
    for (int i = 0; i < 5000; ++i)
        static_cast<void>(limits.take(std::to_string(i), 1, now));
    QVERIFY(limits.size() < 3000);
}

QTEST_GUILESS_MAIN(tst_DelayedLimits)
#include "tst_delayed_limits.moc"
