// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"
#include "gateway/http/http_date.h"

#include <QTest>

#include <string>

using namespace postern;
using namespace postern::gateway;

class tst_HttpDate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void readsWhatTheClockWrites();
    void survivesEveryPrefix();
};

void tst_HttpDate::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("seconds");
    const auto row = [](const char *name, const char *text, qint64 seconds) {
        QTest::newRow(name) << QByteArray(text) << seconds;
    };
    row("RFC 9110 5.6.7: IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
    row("RFC 9110 5.6.7: rfc850-date", "Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
    row("RFC 9110 5.6.7: asctime-date", "Sun Nov  6 08:49:37 1994", 784111777);
    row("asctime, two digits", "Sun Nov 16 08:49:37 1994", 784975777);
    row("the epoch", "Thu, 01 Jan 1970 00:00:00 GMT", 0);
    row("the manual's", "Tue, 19 Jan 2016 11:33:20 GMT", 1453203200);
    row("leap day", "Thu, 29 Feb 2024 23:59:59 GMT", 1709251199);
    row("rfc850: 70 and later are the last century's", "x, 01-Jan-70 00:00:00 GMT", 0);
    row("rfc850: earlier ones are ours", "x, 01-Jan-69 00:00:00 GMT", 3124224000);
    row("nginx: the zone is not looked at", "Sun, 06 Nov 1994 08:49:37", 784111777);
    row("nginx: nor the day's name", "Fri, 06 Nov 1994 08:49:37 GMT", 784111777);
    row("nginx: blanks before the day", "Sun,    06 Nov 1994 08:49:37 GMT", 784111777);
    row("nginx: none", "Sun,06 Nov 1994 08:49:37 GMT", 784111777);
    for (const auto &[name, number] :
         {std::pair("Jan", 1), std::pair("Feb", 2), std::pair("Mar", 3), std::pair("Apr", 4),
          std::pair("May", 5), std::pair("Jun", 6), std::pair("Jul", 7), std::pair("Aug", 8),
          std::pair("Sep", 9), std::pair("Oct", 10), std::pair("Nov", 11), std::pair("Dec", 12)}) {
        using namespace std::chrono;
        const sys_days day(year(2023) / number / 28);
        row(name, (std::string("x, 28 ") + name + " 2023 00:00:00 GMT").c_str(),
            duration_cast<seconds>(day.time_since_epoch()).count());
    }
}

void tst_HttpDate::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, seconds);
    const auto read = parseHttpDate(text.toStdString());
    QVERIFY(read.has_value());
    QCOMPARE(qint64(*read), seconds);
}

void tst_HttpDate::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             "x",
                             "Sun,",
                             "Sun, ",
                             "1994-11-06T08:49:37Z",
                             "784111777",
                             "Sun, 6 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Xov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 94 08:49:37 GMT",
                             "Sun, 06-Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 24:00:00 GMT",
                             "Sun, 06 Nov 1994 08:60:37 GMT",
                             "Sun, 06 Nov 1994 08:49:60 GMT",
                             "Sun, 31 Nov 1994 08:49:37 GMT",
                             "Sun, 29 Feb 2023 08:49:37 GMT",
                             "Sun, 32 Jan 2023 08:49:37 GMT",
                             "Sun, 06 Nov 1994 8:49:37 GMT",
                             "Sun, 06 Nov 1994 08.49.37 GMT",
                             "Sun, 06 Nov 1994 08:49",
                             "Sun Nov  6 08:49:37",
                             "Sun Nov 06-08:49:37 1994"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_HttpDate::refuses()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseHttpDate(text.toStdString()));
}

void tst_HttpDate::readsWhatTheClockWrites()
{
    for (std::int64_t seconds = 0; seconds < 4'000'000'000; seconds += 7'654'321) {
        const std::string text = formatHttpDate(Timestamp(std::chrono::seconds(seconds)));
        QCOMPARE(parseHttpDate(text).value_or(-1), seconds);
    }
}

void tst_HttpDate::survivesEveryPrefix()
{
    for (const std::string_view whole :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994"}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const std::string exact(whole.substr(0, size)); // the sanitizer sees a view too far
            const bool complete = whole.size() - size <= 4 && whole.ends_with(" GMT");
            QCOMPARE(parseHttpDate(exact).has_value(), complete);
        }
    }
}

QTEST_GUILESS_MAIN(tst_HttpDate)
#include "tst_http_date.moc"
