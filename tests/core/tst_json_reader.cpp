// SPDX-License-Identifier: Apache-2.0
#include "core/json/reader.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "tests/support/cpu_timer.h"

#include <QFile>
#include <QTest>

#include <array>
#include <limits>
#include <memory>

using namespace postern;

namespace {

bool readCopy(std::string_view text, std::span<WantedMember> wanted, std::size_t depth = 64)
{
    const std::unique_ptr<char[]> exact(new char[text.size()]);
    std::ranges::copy(text, exact.get());
    return readMembers({exact.get(), text.size()}, wanted, depth);
}

} // namespace

class tst_JsonReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void picksMembersOfTheTopLevel();
    void refuses_data();
    void refuses();
    void agreesWithTheParser();
    void depthIsLimited();
    void hostileTextIsRefusedFast();
    void comparesNumbersExactly_data();
    void comparesNumbersExactly();
};

void tst_JsonReader::picksMembersOfTheTopLevel()
{
    constexpr std::string_view kText =
        R"( {"deep":{"exp":1,"a":[{"exp":2}]},"iss":"a\u0062c","\u0065xp":3.50 ,"x":null,)"
        R"("list":[ 1, "]" ],"ok":true,"exp":4,"sub":"jack"} )";
    std::array<WantedMember, 7> wanted{};
    const std::array<std::string_view, 7> names{"exp", "iss", "deep", "list", "ok", "none", "x"};
    for (std::size_t i = 0; i < names.size(); ++i)
        wanted[i].name = names[i];
    QVERIFY(readMembers(kText, wanted));
    const auto &[exp, iss, deep, list, ok, none, x] = wanted;
    QVERIFY(exp.present);
    QCOMPARE(exp.text, std::string_view("4")); // the last duplicate wins
    QCOMPARE(exp.type, Json::Type::Number);
    QVERIFY(iss.escaped);
    QCOMPARE(unescapeJson(iss.text), std::string("abc"));
    QCOMPARE(deep.text, std::string_view(R"({"exp":1,"a":[{"exp":2}]})"));
    QCOMPARE(deep.type, Json::Type::Object);
    QCOMPARE(list.text, std::string_view(R"([ 1, "]" ])"));
    QCOMPARE(ok.type, Json::Type::Boolean);
    QVERIFY(!none.present);
    QVERIFY(x.present);
    QCOMPARE(x.type, Json::Type::Null);
    QVERIFY(readMembers("{}", wanted)); // results of an earlier call do not stay
    QVERIFY(!exp.present);
}

void tst_JsonReader::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             " ",
                             "[]",
                             "\"x\"",
                             "{",
                             "{}x",
                             "{} {}",
                             "{\"a\"}",
                             "{\"a\":}",
                             "{\"a\":1,}",
                             "{\"a\":1 \"b\":2}",
                             "{a:1}",
                             "{\"a\":01}",
                             "{\"a\":1.}",
                             "{\"a\":tru}",
                             "{\"a\":[1,]}",
                             "{\"a\":[1}",
                             "{\"a\":{]}}",
                             "{\"a\":{\"b\":1,}}",
                             "{\"a\":{\"b\"}}",
                             "{\"a\":\"\\x\"}",
                             "{\"a\":\"\\ud800\"}",
                             "{\"a\":\"\n\"}",
                             "{\"a\":\"\xC0\xAF\"}",
                             "{\"\xFF\":1}",
                             "\xEF\xBB\xBF{}",
                             "{\"a\":[",
                             "{\"a\":[[]",
                             "{\"a\":{\"b\":",
                             "{\"a",
                             "{\"a\":\"b"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("trailing NUL") << QByteArray("{}\0", 3);
    QTest::newRow("NUL in a string") << QByteArray("{\"a\":\"\0\"}", 9);
}

void tst_JsonReader::refuses()
{
    QFETCH(QByteArray, text);
    std::array<WantedMember, 1> wanted{{{.name = "a"}}};
    QVERIFY(!readCopy(text.toStdString(), wanted));
}

// Whatever JSONTestSuite holds, put into an object: the reader and the parser give one verdict.
void tst_JsonReader::agreesWithTheParser()
{
    const QByteArray given = qgetenv("POSTERN_VECTORS");
    QFile file((given.isEmpty() ? QStringLiteral(POSTERN_SOURCE_DIR "/../shared/vectors")
                                : QString::fromLocal8Bit(given))
               + QStringLiteral("/json/jsontestsuite.json"));
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("jsontestsuite.json is not here; set POSTERN_VECTORS to the folder of vectors");
    const Result<Json> suite = parseJson(file.readAll().toStdString());
    QVERIFY(suite);
    int compared = 0;
    for (const Json &test : suite->find("parsing")->items()) {
        const std::string bytes = decodeBase64(test.stringOr("base64", {})).value_or("");
        for (const std::string &text : {bytes, "{\"a\":" + bytes + "}"}) {
            const Result<Json> parsed = parseJson(text, {.lastDuplicateWins = true});
            std::array<WantedMember, 1> wanted{{{.name = "a"}}};
            QVERIFY2(readCopy(text, wanted) == (parsed && parsed->isObject()),
                     std::string(test.stringOr("name", {})).c_str());
            ++compared;
        }
    }
    QVERIFY(compared > 0);
}

void tst_JsonReader::depthIsLimited()
{
    const auto nested = [](std::size_t levels) {
        return "{\"a\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
    };
    std::array<WantedMember, 1> wanted{{{.name = "a"}}};
    QVERIFY(readCopy(nested(64), wanted));
    QVERIFY(!readCopy(nested(65), wanted));
    QVERIFY(!readCopy(nested(65), wanted, 1000));
    QVERIFY(readCopy(nested(3), wanted, 3));
    QVERIFY(!readCopy(nested(4), wanted, 3));
    QVERIFY(readCopy("{\"a\":0}", wanted, 1));
}

void tst_JsonReader::hostileTextIsRefusedFast()
{
    CpuTimer timer;
    timer.start();
    std::array<WantedMember, 1> wanted{{{.name = "a"}}};
    QVERIFY(!readCopy("{\"a\":" + std::string(100'000, '['), wanted));
    std::string same = "{\"a\":0";
    for (int i = 0; i < 10'000; ++i)
        same += ",\"a\":" + std::to_string(i);
    same += "}";
    QVERIFY(readMembers(same, wanted));
    QCOMPARE(wanted[0].text, std::string_view("9999"));
    QVERIFY(!readCopy("{\"" + std::string(1'000'000, '\\'), wanted));
    QCOMPARE_LT(timer.elapsed(), 5000);
}

void tst_JsonReader::comparesNumbersExactly_data()
{
    QTest::addColumn<QByteArray>("lexeme");
    QTest::addColumn<qint64>("bound");
    QTest::addColumn<int>("order");
    constexpr qint64 kMax = std::numeric_limits<qint64>::max();
    constexpr qint64 kMin = std::numeric_limits<qint64>::min();
    const auto row = [](const char *lexeme, qint64 bound, int order) {
        QTest::addRow("%s against %lld", lexeme, bound) << QByteArray(lexeme) << bound << order;
    };
    row("5", 5, 0);
    row("-5", 5, -1);
    row("5.0", 5, 0);
    row("50e-1", 5, 0);
    row("0.5e1", 5, 0);
    row("1726649640.5", 1726649640, 1);
    row("1726649640.5", 1726649641, -1);
    row("-1726649640.5", -1726649640, -1);
    row("18446744073709551617", 1, 1); // must not wrap
    row("-18446744073709551617", 1, -1);
    row("9223372036854775807", kMax, 0);
    row("9223372036854775808", kMax, 1);
    row("9223372036854775806.9999999999", kMax, -1);
    row("-9223372036854775808", kMin, 0);
    row("-9223372036854775808.1", kMin, -1);
    row("-9223372036854775809", kMin, -1);
    row("1e400", kMax, 1);
    row("-1e400", kMin, -1);
    row("1e-400", 0, 1);
    row("-1e-400", 0, -1);
    row("0e999999999999999999999", 0, 0);
    row("-0", 0, 0);
    row("-0.000", 0, 0);
    row("0.0001e4", 1, 0);
    row("1e99999999999999999999999999", kMax, 1);
    row("1e-99999999999999999999999999", 0, 1);
    row("1000000000000000000000e-21", 1, 0);
    row("0.00000000000000000000001e23", 1, 0);
    row("100", 1, 1);
    row("10", 100, -1);
}

void tst_JsonReader::comparesNumbersExactly()
{
    QFETCH(QByteArray, lexeme);
    QFETCH(qint64, bound);
    QFETCH(int, order);
    QCOMPARE(compareNumber(lexeme.toStdString(), bound), order);
}

QTEST_GUILESS_MAIN(tst_JsonReader)
#include "tst_json_reader.moc"
