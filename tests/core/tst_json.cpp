// SPDX-License-Identifier: Apache-2.0
#include "core/json/json.h"

#include "core/json/parse.h"
#include "tests/support/cpu_timer.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace postern;

namespace {

Json parsed(std::string_view text) { return parseJson(text).value_or(Json("PARSE ERROR")); }

} // namespace

class tst_Json : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void buildsFromPlainValues();
    void comparesByValue_data();
    void comparesByValue();
    void readsIntegersExactly_data();
    void readsIntegersExactly();
    void readsDoublesOutOfRange();
    void setsFindsAndErasesMembers();
    void wrongTypesGiveEmptyValues();
    void dumpsPretty();
    void largeObjectsCompareFast();
};

void tst_Json::buildsFromPlainValues()
{
    QCOMPARE(Json::object({{"a", 1}, {"b", "x"}, {"c", nullptr}, {"d", true}, {"e", 0.5}}).dump(),
             std::string(R"({"a":1,"b":"x","c":null,"d":true,"e":0.5})"));
    QCOMPARE(Json(std::numeric_limits<std::uint64_t>::max()).dump(),
             std::string("18446744073709551615"));
    QCOMPARE(Json(std::numeric_limits<std::int64_t>::min()).dump(),
             std::string("-9223372036854775808"));
    QCOMPARE(Json(5.0).dump(), std::string("5"));
    QCOMPARE(Json(0.1).dump(), std::string("0.1"));
    QVERIFY(Json(std::nan("")).isNull());
    QVERIFY(Json(std::numeric_limits<double>::infinity()).isNull());
    QCOMPARE(Json::number("1.00").dump(), std::string("1.00"));
    QCOMPARE(Json(Json::Array{1, "2"}).dump(), std::string(R"([1,"2"])"));
    static_assert(!std::is_constructible_v<Json, int *>, "a pointer must not become true");
}

void tst_Json::comparesByValue_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<bool>("equal");
    const auto row = [](const char *a, const char *b, bool equal) {
        QTest::addRow("%s and %s", a, b) << QByteArray(a) << QByteArray(b) << equal;
    };
    row("1", "1.0", true);
    row("1", "10e-1", true);
    row("0.1", "1E-1", true);
    row("-0", "0", true);
    row("1e400", "10e399", true);
    row("9007199254740993", "9007199254740992", false); // equal as doubles
    row("18446744073709551617", "1", false);
    row("1", "\"1\"", false);
    row("null", "false", false);
    row("{}", "[]", false);
    row(R"({"a":1,"b":2})", R"({"b":2.0,"a":1})", true);
    row(R"({"a":1,"b":2})", R"({"a":1,"c":2})", false);
    row(R"({"a":1})", R"({"a":1,"b":2})", false);
    row("[1,2]", "[2,1]", false);
}

void tst_Json::comparesByValue()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(bool, equal);
    QCOMPARE(parsed(a.toStdString()) == parsed(b.toStdString()), equal);
    QCOMPARE(parsed(b.toStdString()) == parsed(a.toStdString()), equal);
}

void tst_Json::readsIntegersExactly_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("integer"); // empty: none
    const auto row = [](const char *text, const char *integer) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(integer);
    };
    row("5", "5");
    row("5.0", "5");
    row("5e0", "5");
    row("0.5e1", "5");
    row("5.5", "");
    row("-0", "0");
    row("0e99", "0");
    row("9223372036854775807", "9223372036854775807");
    row("9223372036854775808", "");
    row("-9223372036854775808", "-9223372036854775808");
    row("-9223372036854775808.0", "-9223372036854775808");
    row("-9223372036854775809", "");
    row("922337203685477580.7e1", "9223372036854775807");
    row("1e18", "1000000000000000000");
    row("1e19", "");
    row("1e400", "");
    row("1e-400", "");
    row("\"5\"", "");
}

void tst_Json::readsIntegersExactly()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, integer);
    const auto value = parsed(text.toStdString()).asInteger();
    QCOMPARE(value ? std::to_string(*value) : std::string(), integer.toStdString());
}

void tst_Json::readsDoublesOutOfRange()
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    QCOMPARE(parsed("1.5").asDouble(), 1.5);
    QCOMPARE(parsed("1e400").asDouble(), kInfinity);
    QCOMPARE(parsed("-1e400").asDouble(), -kInfinity);
    QVERIFY(parsed("1e-400").asDouble() == 0);
    QVERIFY(std::signbit(parsed("-1e-400").asDouble()));
    QCOMPARE(parsed("null").asDouble(7), 7.0);
}

void tst_Json::setsFindsAndErasesMembers()
{
    Json object;
    object.set("b", 1);
    object.set("a", 2).set("inner", true);
    object.set("b", 3); // keeps its place
    QCOMPARE(object.dump(), std::string(R"({"b":3,"a":{"inner":true}})"));
    QVERIFY(object.contains("a"));
    QCOMPARE(object.find("b")->lexeme(), std::string_view("3"));
    QVERIFY(object.erase("b"));
    QVERIFY(!object.erase("b"));
    QCOMPARE(object.dump(), std::string(R"({"a":{"inner":true}})"));
    QCOMPARE(parsed(R"({"s":"x","n":1})").stringOr("s", "-"), std::string_view("x"));
    QCOMPARE(parsed(R"({"s":"x","n":1})").stringOr("n", "-"), std::string_view("-"));
    QVERIFY(!Json("x").erase("a"));
}

void tst_Json::wrongTypesGiveEmptyValues()
{
    const Json number(1);
    QVERIFY(number.items().empty());
    QVERIFY(number.members().empty());
    QVERIFY(number.asString().empty());
    QVERIFY(!number.find("a"));
    QVERIFY(Json("x").lexeme().empty());
    QVERIFY(!Json("x").asInteger());
    QCOMPARE(Json("x").asBool(true), true);
    QCOMPARE(number.size(), std::size_t(0));
    Json grown(1);
    grown.push_back("x");
    QCOMPARE(grown.dump(), std::string(R"(["x"])"));
}

void tst_Json::dumpsPretty()
{
    QCOMPARE(parsed(R"({"a":[1,{}],"b":{"c":[]}})").dump(2), std::string(R"({
  "a": [
    1,
    {}
  ],
  "b": {
    "c": []
  }
})"));
    std::string text = "x=";
    parsed("[1,2]").dumpTo(text);
    QCOMPARE(text, std::string("x=[1,2]"));
    QCOMPARE(Json(std::string("\x00\x1f\x7f/\"", 5)).dump(),
             std::string("\"\\u0000\\u001f\x7f/\\\"\""));
}

void tst_Json::largeObjectsCompareFast()
{
    constexpr int kMembers = 50'000;
    Json up = Json::object();
    Json down = Json::object();
    for (int i = 0; i < kMembers; ++i) {
        up.members().emplace_back(std::to_string(i), i);
        down.members().emplace_back(std::to_string(kMembers - 1 - i), kMembers - 1 - i);
    }
    CpuTimer timer;
    timer.start();
    QVERIFY(up == down);
    QCOMPARE_LT(timer.elapsed(), 10000);
}

QTEST_GUILESS_MAIN(tst_Json)
#include "tst_json.moc"
