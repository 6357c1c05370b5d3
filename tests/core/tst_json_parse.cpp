// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"

#include "core/bytes/encoding.h"
#include "tests/support/cpu_timer.h"

#include <QFile>
#include <QTest>

#include <format>
#include <map>
#include <memory>

using namespace postern;

namespace {

// An exact-size heap copy, so that the sanitizer sees every read past the end.
class Exact
{
public:
    explicit Exact(std::string_view text) : m_size(text.size()), m_bytes(new char[text.size()])
    {
        std::ranges::copy(text, m_bytes.get());
    }
    [[nodiscard]] std::string_view view() const { return {m_bytes.get(), m_size}; }

private:
    std::size_t m_size;
    std::unique_ptr<char[]> m_bytes;
};

std::string outcome(const Result<Json> &parsed)
{
    return parsed ? parsed->dump() : describe(parsed.error());
}

std::string vectorsFolder()
{
    const QByteArray given = qgetenv("POSTERN_VECTORS");
    return given.isEmpty() ? std::string(POSTERN_SOURCE_DIR "/../shared/vectors")
                           : given.toStdString();
}

} // namespace

class tst_JsonParse : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void agreesWithJsonTestSuite();
    void letsTheLastDuplicateWinOnDemand();
    void hostileTextIsRefusedFast_data();
    void hostileTextIsRefusedFast();
    void limitsAreExact();
    void speaksLikeCjson_data();
    void speaksLikeCjson();
};

void tst_JsonParse::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("dumped");
    QTest::newRow("member order is kept") << QByteArray(R"({"z":1,"a":[true,false,null]})")
                                          << QByteArray(R"({"z":1,"a":[true,false,null]})");
    QTest::newRow("numbers keep their spelling")
        << QByteArray("[1.0,1e3,-0,18446744073709551617,1E+2]")
        << QByteArray("[1.0,1e3,-0,18446744073709551617,1E+2]");
    QTest::newRow("white space of all four kinds")
        << QByteArray(" \t\r\n[ 1 ,\n2 ] ") << QByteArray("[1,2]");
    QTest::newRow("escapes resolve") << QByteArray(R"("\u0041\n\/\u00e9\ud83d\ude00")")
                                     << QByteArray("\"A\\n/\xC3\xA9\xF0\x9F\x98\x80\"");
    QTest::newRow("control characters are escaped again")
        << QByteArray(R"("\u0000\u001f\b\f\"\\")") << QByteArray(R"("\u0000\u001f\b\f\"\\")");
    QTest::newRow("scalar document") << QByteArray("\"x\"") << QByteArray("\"x\"");
    QTest::newRow("empty name") << QByteArray(R"({"":0})") << QByteArray(R"({"":0})");
}

void tst_JsonParse::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, dumped);
    const Exact input(text.toStdString());
    QCOMPARE(outcome(parseJson(input.view())), dumped.toStdString());
}

void tst_JsonParse::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *name, const QByteArray &text, const char *said) {
        QTest::newRow(name) << text << QByteArray(said);
    };
    row("empty", "", "1:1: not valid JSON: expected a value, found end of text");
    row("place counts lines and characters", "{\n \"\xC3\xA9\" x}",
        "2:6: not valid JSON: expected ':' after the member name, found 'x'");
    row("trailing comma in array", "[1,]", "1:4: not valid JSON: expected a value, found ']'");
    row("trailing comma in object", "{\"a\":1,}",
        "1:8: not valid JSON: expected a member name, found '}'");
    row("missing comma", "[1 2]",
        "1:4: not valid JSON: expected ',' or ']' after an array item, found '2'");
    row("open object", "{\"a\":1",
        "1:7: not valid JSON: expected ',' or '}' after a member, found end of text");
    row("unquoted name", "{a:1}", "1:2: not valid JSON: expected a member name or '}', found 'a'");
    row("trailing bytes", "1 x", "1:3: not valid JSON: expected end of text, found 'x'");
    row("trailing NUL", QByteArray("1\0", 2),
        "1:2: not valid JSON: expected end of text, found byte 0x00");
    row("misspelt word", "[trux]", "1:5: not valid JSON: expected 'true', found 'x'");
    row("cut word", "nul", "1:4: not valid JSON: expected 'null', found end of text");
    row("leading zero", "[01]", "1:2: not valid JSON: a number must not start with 0");
    row("no digit after the point", "1.",
        "1:3: not valid JSON: expected a digit, found end of text");
    row("no digit after the exponent", "1e+x", "1:4: not valid JSON: expected a digit, found 'x'");
    row("plus sign", "+1", "1:1: not valid JSON: expected a value, found '+'");
    row("byte order mark", "\xEF\xBB\xBF{}",
        "1:1: not valid JSON: a byte order mark is not allowed");
    row("raw newline in a string", "\"a\nb\"",
        "1:3: not valid JSON: byte 0x0a inside a string must be escaped");
    row("raw NUL in a string", QByteArray("\"\0\"", 3),
        "1:2: not valid JSON: byte 0x00 inside a string must be escaped");
    row("unknown escape", R"("\x")",
        "1:3: not valid JSON: expected one of \"\\/bfnrtu after a backslash, found 'x'");
    row("short unicode escape", R"("\u12")",
        "1:2: not valid JSON: expected four hexadecimal digits after \\u");
    row("lone high surrogate", R"("\ud800")",
        "1:2: not valid JSON: a lone surrogate is not a character");
    row("swapped surrogates", R"("\udc00\ud800")",
        "1:2: not valid JSON: a lone surrogate is not a character");
    row("open string", "\"abc",
        "1:5: not valid JSON: expected '\"' at the end of the string, found end of text");
    row("overlong UTF-8", "[\"\xC0\xAF\"]", "1:3: not valid UTF-8: byte 0xc0 inside a string");
    row("encoded surrogate", "\"\xED\xA0\x80\"", "1:2: not valid UTF-8: byte 0xed inside a string");
    row("cut UTF-8", "\"\xE2\x82", "1:2: not valid UTF-8: byte 0xe2 inside a string");
    row("duplicate member", "{\"a\":1,\n\"b\":2,\"a\":3}",
        "2:7: a JSON object has the same member twice: \"a\"");
    row("duplicate member spelled with an escape", R"({"alg":"HS256","\u0061lg":"none"})",
        "1:16: a JSON object has the same member twice: \"alg\"");
    row("duplicate member in depth", R"([{"x":{"y":1,"y":1}}])",
        "1:14: a JSON object has the same member twice: \"y\"");
}

void tst_JsonParse::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, said);
    const Exact input(text.toStdString());
    QCOMPARE(outcome(parseJson(input.view())), said.toStdString());
}

// JSONTestSuite: accept and reject exactly; the free choices are pinned here.
void tst_JsonParse::agreesWithJsonTestSuite()
{
    QFile file(QString::fromStdString(vectorsFolder() + "/json/jsontestsuite.json"));
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("jsontestsuite.json is not here; set POSTERN_VECTORS to the folder of vectors");
    const Result<Json> suite = parseJson(file.readAll().toStdString());
    QVERIFY2(suite, suite ? "" : describe(suite.error()).c_str());

    // Numbers of any size are kept as written; broken text never passes.
    constexpr std::string_view kAcceptedChoices = "i_number_";
    std::map<std::string, std::pair<int, int>, std::less<>> table; // expect: agree, differ
    for (const Json &test : suite->find("parsing")->items()) {
        const std::string name(test.stringOr("name", {}));
        const std::string_view expect = test.stringOr("expect", {});
        const Result<std::string> bytes = decodeBase64(test.stringOr("base64", {}));
        QVERIFY2(bytes, name.c_str());
        const bool wanted =
            expect == "accept" || (expect == "either" && name.starts_with(kAcceptedChoices));
        const Exact input(*bytes);
        Result<Json> parsed = parseJson(input.view());
        // The suite counts a repeated member as valid grammar; refusing it is our rule on top.
        if (!parsed && parsed.error().code == Errc::JsonDuplicateMember) {
            QVERIFY2(name.contains("duplicated_key"), name.c_str());
            parsed = parseJson(input.view(), {.lastDuplicateWins = true});
        }
        auto &[agree, differ] = table[std::string(expect)];
        ++(parsed.has_value() == wanted ? agree : differ);
        if (parsed.has_value() != wanted)
            qWarning("%s: %s", name.c_str(), outcome(parsed).c_str());
        QVERIFY2(parsed || !parsed.error().where.empty(), name.c_str());
        if (parsed) // what is written reads back as the same value
            QCOMPARE(parseJson(parsed->dump(2)), parsed);
    }
    int differing = 0;
    int all = 0;
    for (const auto &[expect, counts] : table) {
        const auto &[agree, differ] = counts;
        qInfo("%s",
              std::format("jsontestsuite/{:<7} cases {:>3}  agree {:>3}  differ {}", expect,
                          agree + differ, agree, differ)
                  .c_str());
        all += agree + differ;
        differing += differ;
    }
    QVERIFY(all > 0);
    QCOMPARE(differing, 0);
    for (const Json &test : suite->find("transform")->items()) {
        const Result<std::string> bytes = decodeBase64(test.stringOr("base64", {}));
        QVERIFY(bytes);
        if (const Result<Json> parsed = parseJson(*bytes))
            QCOMPARE(parseJson(parsed->dump()), parsed);
    }
}

void tst_JsonParse::letsTheLastDuplicateWinOnDemand()
{
    const JsonLimits likeCjson{.lastDuplicateWins = true};
    QCOMPARE(outcome(parseJson(R"({"a":1,"b":2,"a":3,"\u0061":4})", likeCjson)),
             std::string(R"({"a":4,"b":2})"));
}

void tst_JsonParse::hostileTextIsRefusedFast_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("where");
    const auto row = [](const char *name, const QByteArray &text, Errc code, const char *where) {
        QTest::newRow(name) << text << static_cast<int>(code) << QByteArray(where);
    };
    row("100,000 open arrays", QByteArray(100'000, '['), Errc::JsonDepth, "1:65");
    row("100,000 open objects", QByteArray("{\"a\":").repeated(100'000), Errc::JsonDepth, "1:321");
    QByteArray same = "{\"a\":0";
    QByteArray many = "{\"m\":0";
    for (int i = 0; i < 10'000; ++i) {
        same += ",\"a\":0";
        many += ",\"m" + QByteArray::number(i) + "\":0";
    }
    row("10,000 times the same member", same + "}", Errc::JsonDuplicateMember, "1:8");
    row("10,000 members, the last a duplicate", many + ",\"m\":1}", Errc::JsonDuplicateMember,
        "1:98898");
    row("a megabyte of digits", QByteArray(1'000'000, '1'), Errc::JsonSize, "1:1");
    row("a megabyte of spaces", QByteArray(1'000'000, ' '), Errc::Json, "1:1000001");
    row("a megabyte of backslashes", "\"" + QByteArray(1'000'000, '\\'), Errc::Json, "1:1000002");
}

void tst_JsonParse::hostileTextIsRefusedFast()
{
    QFETCH(QByteArray, text);
    QFETCH(int, code);
    QFETCH(QByteArray, where);
    const Exact input(text.toStdString());
    CpuTimer timer;
    timer.start();
    const Result<Json> parsed = parseJson(input.view());
    QCOMPARE_LT(timer.elapsed(), 5000);
    QVERIFY(!parsed);
    QCOMPARE(slug(parsed.error().code), slug(static_cast<Errc>(code)));
    QCOMPARE(parsed.error().where, where.toStdString());
}

void tst_JsonParse::limitsAreExact()
{
    QVERIFY(parseJson(std::string(64, '[') + std::string(64, ']')));
    QVERIFY(!parseJson(std::string(65, '[') + std::string(65, ']')));
    // The ceiling holds whatever the caller asks for.
    QVERIFY(!parseJson(std::string(5000, '[') + std::string(5000, ']'), {.depth = 100'000}));
    QVERIFY(parseJson("[1]", {.size = 3}));
    QCOMPARE(parseJson("[11]", {.size = 3}).error().code, Errc::JsonSize);
    QVERIFY(parseJson(R"({"a":1,"b":2})", {.members = 2}));
    QCOMPARE(parseJson(R"({"a":1,"b":2,"c":3})", {.members = 2}).error().code, Errc::JsonSize);
    QVERIFY(parseJson("-12", {.lexeme = 3}));
    QCOMPARE(parseJson("-123", {.lexeme = 3}).error().code, Errc::JsonSize);
}

void tst_JsonParse::speaksLikeCjson_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const QByteArray &text, const char *said) {
        QTest::newRow(said) << text << QByteArray(said);
    };
    row("{a", "Expected object key string but found invalid token at character 2");
    row("x", "Expected value but found invalid token at character 1");
    row("", "Expected value but found T_END at character 1");
    row("{", "Expected object key string but found T_END at character 2");
    row("{\"a\":1,}", "Expected object key string but found T_OBJ_END at character 8");
    row("{\"a\" 1}", "Expected colon but found T_NUMBER at character 6");
    row("{\"a\":}", "Expected value but found T_OBJ_END at character 6");
    row("{\"a\":[true}", "Expected comma or array end but found T_OBJ_END at character 11");
    row("{\"a\":null]", "Expected comma or object end but found T_ARR_END at character 10");
    row("{} {", "Expected the end but found T_OBJ_BEGIN at character 4");
    row("{\"a\":1} junk", "Expected the end but found invalid token at character 9");
    row("[1,", "Expected value but found T_END at character 4");
    row("\"ab", "Expected value but found unexpected end of string at character 4");
    row("[\"a\\x\"]", "Expected value but found invalid escape code at character 4");
    row("{\"\\u12\":1}",
        "Expected object key string but found invalid unicode escape code at character 3");
    row("[ -+12 ]", "Expected value but found invalid number at character 3");
    row(" [ \"bad barewood\", test ] ", "Expected value but found invalid token at character 20");
    row(QByteArray(1001, '['), "Found too many nested data structures (1001) at character 1001");
    row("[01]", "1:2: not valid JSON: a number must not start with 0");
    row("[]", "");
}

void tst_JsonParse::speaksLikeCjson()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, said);
    const Exact input(text.toStdString());
    QCOMPARE(cjsonErrorText(input.view()), said.toStdString());
}

QTEST_GUILESS_MAIN(tst_JsonParse)
#include "tst_json_parse.moc"
