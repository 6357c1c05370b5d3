// SPDX-License-Identifier: Apache-2.0
#include "core/jose/claim_table.h"

#include "core/json/parse.h"

#include <QTest>

#include <algorithm>

using namespace postern;

class tst_ClaimTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsTimes_data();
    void readsTimes();
    void keepsTheOrderOfThePayload();
    void saysWhoChecksTimes();
    void namesNumbersThatDoublesCannotHold();
    void warnsOfLongTokens();
};

void tst_ClaimTable::readsTimes_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a second") << QByteArray("1734230400")
                              << QByteArray("2024-12-15T02:40:00Z, expired 10 s ago");
    QTest::newRow("a fraction") << QByteArray("1734230415.5")
                                << QByteArray("2024-12-15T02:40:15Z, expires in 5 s");
    QTest::newRow("a text") << QByteArray("\"soon\"") << QByteArray("not a number: \"soon\"");
    QTest::newRow("the end of days")
        << QByteArray("1e300") << QByteArray("1e300 is beyond the calendar");
}

void tst_ClaimTable::readsTimes()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, text);
    const Timestamp now{std::chrono::seconds(1'734'230'410)};
    QCOMPARE(timeClaimText("exp", *parseJson(value.toStdString()), now), text.toStdString());
}

void tst_ClaimTable::keepsTheOrderOfThePayload()
{
    const auto rows = claimRows(*parseJson(R"({"z":1,"a":"x","exp":"later"})"), Timestamp{});
    QCOMPARE(rows.size(), std::size_t{3});
    QCOMPARE(rows[0].name, std::string("z"));
    QCOMPARE(rows[1].value, std::string("x"));
    QVERIFY(!rows[2].time.has_value()); // no number: no time
    QVERIFY(claimRows(Json(), Timestamp{}).empty());
    QCOMPARE(claimRows(*parseJson(R"({"a":1,"b":2})"), Timestamp{}, 1).size(), std::size_t{1});
}

void tst_ClaimTable::saysWhoChecksTimes()
{
    const auto rows = claimRows(*parseJson(R"({"exp":1,"iss":"jack"})"), Timestamp{});
    QVERIFY(std::ranges::contains(rows[0].users, std::string("strict: checked")));
    QVERIFY(std::ranges::contains(rows[1].users, std::string("kong: finds the consumer by it")));
}

void tst_ClaimTable::namesNumbersThatDoublesCannotHold()
{
    const auto numbers =
        inexactNumbers(*parseJson(R"({"a":{"b":[1,9007199254740993]},"c":9007199254740992})"));
    QCOMPARE(numbers.size(), std::size_t{1});
    QCOMPARE(numbers.front().path, std::string("a.b[1]"));
    QCOMPARE(numbers.front().javaScript, std::string("9007199254740992"));
}

void tst_ClaimTable::warnsOfLongTokens()
{
    QVERIFY(sizeRemark(4096).empty());
    QVERIFY(sizeRemark(4097).contains("4 KiB"));
    QVERIFY(sizeRemark(8193).contains("8 KiB"));
}

QTEST_GUILESS_MAIN(tst_ClaimTable)
#include "tst_claim_table.moc"
