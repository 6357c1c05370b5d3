// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

#include <QTest>

#include <thread>

using namespace postern;
using namespace std::chrono_literals;

namespace {

Timestamp at(std::int64_t seconds, Duration more = {})
{
    return Timestamp(std::chrono::seconds(seconds)) + more;
}

} // namespace

class tst_Clock : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsTimes_data();
    void readsTimes();
    void refusesTimes_data();
    void refusesTimes();
    void readsDurations_data();
    void readsDurations();
    void refusesDurations_data();
    void refusesDurations();
    void formatsTimes();
    void formatsHttpDates();
    void formatsDistances_data();
    void formatsDistances();
    void frozenClockMovesByAdvanceOnly();
    void tickingClockRunsOn();
    void realClockBecomesTicking();
    void movesBackOnlyWithForce();
    void freezesAndResumes();
    void refusesToLeaveItsRange();
    void readersNeverSeeATornFreeze();
};

void tst_Clock::readsTimes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("nanoseconds");
    const auto row = [](const char *name, const char *text, qint64 seconds, qint64 nano = 0) {
        QTest::newRow(name) << QByteArray(text) << seconds * 1'000'000'000 + nano;
    };
    row("now", "now", 1'000);
    row("ahead", "+90s", 1'090);
    row("back", "-1h", 1'000 - 3'600);
    row("bare number after a sign is seconds", "+5", 1'005);
    row("UNIX seconds", "1734230400", 1'734'230'400);
    row("UNIX seconds with a fraction", "1734230400.25", 1'734'230'400, 250'000'000);
    row("RFC 3339 5.8: UTC", "2024-12-15T02:40:00Z", 1'734'230'400);
    row("RFC 3339 5.6: lower case", "2024-12-15t02:40:00z", 1'734'230'400);
    row("RFC 3339 5.6: space", "2024-12-15 02:40:00Z", 1'734'230'400);
    row("RFC 3339 5.6: offset east", "2024-12-15T04:40:00+02:00", 1'734'230'400);
    row("RFC 3339 5.6: offset west", "2024-12-14T21:10:00-05:30", 1'734'230'400);
    row("RFC 3339 5.6: fraction", "2024-12-15T02:40:00.125Z", 1'734'230'400, 125'000'000);
    row("RFC 3339 5.7: leap second", "2016-12-31T23:59:60Z", 1'483'228'800);
    row("before 1970", "1969-12-31T23:59:59Z", -1);
    row("leap day", "2024-02-29T00:00:00Z", 1'709'164'800);
}

void tst_Clock::readsTimes()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, nanoseconds);
    const Result<Timestamp> time = parseTime(text.toStdString(), at(1'000));
    QVERIFY2(time, time ? "" : describe(time.error()).c_str());
    QCOMPARE(time->time_since_epoch().count(), nanoseconds);
}

void tst_Clock::refusesTimes_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             " ",
                             "tomorrow",
                             "2024-12-15",
                             "2024-12-15T02:40:00",
                             "2024-13-01T00:00:00Z",
                             "2023-02-29T00:00:00Z",
                             "2024-12-15T24:00:00Z",
                             "2024-12-15T00:60:00Z",
                             "2024-12-15T00:00:61Z",
                             "2024-12-15T00:00:00.Z",
                             "2024-12-15T00:00:00+0200",
                             "2024-12-15T00:00:00Zx",
                             "9999-01-01T00:00:00Z",
                             "1.",
                             ".5",
                             "1e9",
                             "+",
                             "-",
                             "+5x",
                             "99999999999999999999",
                             "9999999999999999999",
                             "+9999999999999s",
                             "--5",
                             "0x10"})
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
}

void tst_Clock::refusesTimes()
{
    QFETCH(QByteArray, text);
    const Result<Timestamp> time = parseTime(text.toStdString(), at(1'000));
    QVERIFY(!time);
    QCOMPARE(time.error().code, Errc::InvalidArgument);
}

void tst_Clock::readsDurations_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("nanoseconds");
    const auto row = [](const char *text, Duration duration) {
        QTest::newRow(text) << QByteArray(text) << qint64(duration.count());
    };
    row("0", 0s);
    row("30", 30s);
    row("1.5", 1500ms);
    row("250ms", 250ms);
    row("30s", 30s);
    row("5m", 5min);
    row("1h30m", 90min);
    row("2d", 48h);
    row("1d2h3m4s5ms", 26h + 3min + 4s + 5ms);
    row("1.5h", 90min);
    row("-1h", -1h);
    row("+10s", 10s);
    row("7us", 7us);
    row("3ns", 3ns);
}

void tst_Clock::readsDurations()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, nanoseconds);
    const Result<Duration> duration = parseDuration(text.toStdString());
    QVERIFY(duration);
    QCOMPARE(duration->count(), nanoseconds);
}

void tst_Clock::refusesDurations_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "s", "5 s", "5S", "30m1h", "1h2h", "1h30", "five", "1..5s", "-",
                             "1w", "200000000000d", "99999999999999999999999999999999999999999s"})
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
}

void tst_Clock::refusesDurations()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseDuration(text.toStdString()));
}

void tst_Clock::formatsTimes()
{
    QCOMPARE(formatTime(at(1'734'230'400)), std::string("2024-12-15T02:40:00Z"));
    QCOMPARE(formatTime(at(1'734'230'400, 999ms)), std::string("2024-12-15T02:40:00Z"));
    QCOMPARE(formatTime(at(1'734'230'400, 7ms), true), std::string("2024-12-15T02:40:00.007Z"));
    QCOMPARE(formatTime(at(-1)), std::string("1969-12-31T23:59:59Z"));
    QCOMPARE(*parseTime(formatTime(Timestamp::max()), {}),
             Timestamp(std::chrono::floor<std::chrono::seconds>(Timestamp::max())));
}

void tst_Clock::formatsHttpDates()
{
    // RFC 9110 5.6.7, its own example.
    QCOMPARE(formatHttpDate(at(784'111'777)), std::string("Sun, 06 Nov 1994 08:49:37 GMT"));
}

void tst_Clock::formatsDistances_data()
{
    QTest::addColumn<qint64>("nanoseconds");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *text, Duration distance) {
        QTest::newRow(text) << qint64(distance.count()) << QByteArray(text);
    };
    row("0 s", 0s);
    row("40 ms", 40ms);
    row("3 s", 3s);
    row("1 min 30 s", 90s);
    row("59 min", 59min + 59s);
    row("2 h", 2h);
    row("2 h 5 min", 125min);
    row("12 d", 12 * 24h + 3h);
    QTest::newRow("the sign is dropped") << qint64(-3'000'000'000) << QByteArray("3 s");
    QTest::newRow("smallest") << qint64(Duration::min().count()) << QByteArray("106751 d");
}

void tst_Clock::formatsDistances()
{
    QFETCH(qint64, nanoseconds);
    QFETCH(QByteArray, text);
    QCOMPARE(formatDistance(Duration(nanoseconds)), text.toStdString());
}

void tst_Clock::frozenClockMovesByAdvanceOnly()
{
    Clock clock(Clock::Mode::Frozen, at(100, 900ms));
    QCOMPARE(clock.now(), at(100, 900ms));
    QCOMPARE(clock.now(), clock.now());
    QCOMPARE(clock.unixSeconds(), 100);
    QVERIFY(clock.advance(31s));
    QCOMPARE(clock.now(), at(131, 900ms));
    QVERIFY(clock.set(at(500)));
    QCOMPARE(clock.now(), at(500));
    QCOMPARE(clock.mode(), Clock::Mode::Frozen);
    const Clock before(Clock::Mode::Frozen, at(-1, 1ns));
    QCOMPARE(before.unixSeconds(), -1);
}

void tst_Clock::tickingClockRunsOn()
{
    Clock clock(Clock::Mode::Ticking, at(1'000));
    const Timestamp first = clock.now();
    QVERIFY(first >= at(1'000) && first < at(1'060));
    QVERIFY(QTest::qWaitFor([&] { return clock.now() > first; }, 20'000));
    QVERIFY(clock.advance(1h));
    QVERIFY(clock.now() >= first + 1h);
    QCOMPARE(clock.mode(), Clock::Mode::Ticking);
}

void tst_Clock::realClockBecomesTicking()
{
    Clock clock;
    QCOMPARE(clock.mode(), Clock::Mode::Real);
    const Timestamp real = std::chrono::system_clock::now();
    QVERIFY(clock.now() >= real && clock.now() < real + 60s);
    QVERIFY(clock.advance(24h));
    QCOMPARE(clock.mode(), Clock::Mode::Ticking);
    QVERIFY(clock.now() >= real + 24h);
}

void tst_Clock::movesBackOnlyWithForce()
{
    Clock clock(Clock::Mode::Frozen, at(100));
    QCOMPARE(clock.advance(-1s).error().code, Errc::InvalidArgument);
    QCOMPARE(clock.set(at(99)).error().code, Errc::InvalidArgument);
    QCOMPARE(clock.now(), at(100));
    QVERIFY(clock.advance(-1s, true));
    QVERIFY(clock.set(at(5), true));
    QCOMPARE(clock.now(), at(5));
}

void tst_Clock::freezesAndResumes()
{
    Clock clock(Clock::Mode::Ticking, at(1'000));
    clock.freeze();
    const Timestamp frozen = clock.now();
    QCOMPARE(clock.mode(), Clock::Mode::Frozen);
    QCOMPARE(clock.now(), frozen);
    QVERIFY(clock.advance(10s));
    clock.resume();
    QCOMPARE(clock.mode(), Clock::Mode::Ticking);
    QVERIFY(clock.now() >= frozen + 10s && clock.now() < frozen + 70s);
}

void tst_Clock::refusesToLeaveItsRange()
{
    Clock clock(Clock::Mode::Frozen, at(100));
    QVERIFY(!clock.advance(Duration::max()));
    QCOMPARE(clock.now(), at(100));
}

void tst_Clock::readersNeverSeeATornFreeze()
{
    Clock clock(Clock::Mode::Ticking, at(4'000'000'000));
    std::atomic<bool> stop = false;
    std::atomic<bool> torn = false;
    std::thread reader([&] {
        while (!stop) {
            const Timestamp now = clock.now();
            if (now < at(4'000'000'000) || now > at(4'000'003'600))
                torn = true;
        }
    });
    for (int i = 0; i < 20'000; ++i) {
        clock.freeze();
        clock.resume();
    }
    stop = true;
    reader.join();
    QVERIFY(!torn);
}

QTEST_GUILESS_MAIN(tst_Clock)
#include "tst_clock.moc"
