// SPDX-License-Identifier: Apache-2.0
#include "core/json/schema.h"

#include "core/json/parse.h"
#include "tests/support/cpu_timer.h"

#include <QTest>

using namespace postern;

namespace {

Json parsed(std::string_view text)
{
    Result<Json> value = parseJson(text);
    return value ? std::move(*value) : Json("PARSE ERROR " + describe(value.error()));
}

// What validation says of the value; "ok" if nothing.
std::string verdict(std::string_view schemaText, Json value)
{
    const Result<Schema> schema = Schema::compile(parsed(schemaText));
    if (!schema)
        return "schema: " + describe(schema.error());
    const Result<void> valid = schema->validate(value);
    return valid ? "ok" : valid.error().detail;
}

} // namespace

class tst_Schema : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void speaksLikeApisix_data();
    void speaksLikeApisix();
    void writesDefaults_data();
    void writesDefaults();
    void refusesWrongSchemas_data();
    void refusesWrongSchemas();
    void keepsTheDocument();
    void hostileValuesAreFast();
};

void tst_Schema::speaksLikeApisix_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *name, const char *schema, const char *value, const char *said) {
        QTest::addRow("1.13 %s", name)
            << QByteArray(schema) << QByteArray(value) << QByteArray(said);
    };
    row("type", R"({"type":"string"})", "1", "wrong type: expected string, got number");
    row("type: null is userdata", R"({"type":"string"})", "null",
        "wrong type: expected string, got userdata");
    row("type: tables", R"({"type":"boolean"})", "[1]", "wrong type: expected boolean, got table");
    row("type: list", R"({"type":["string","integer"]})", "1.5",
        "wrong type: expected one of string, integer, got number");
    row("type: integer accepts 1.0", R"({"type":"integer"})", "1.0", "ok");
    row("type: integer refuses 1e400", R"({"type":"integer"})", "1e400",
        "wrong type: expected integer, got number");
    row("type: {} is an array", R"({"type":"array"})", "{}", "ok");
    row("type: [] is an object", R"({"type":"object"})", "[]", "ok");
    row("type: [1] is no object", R"({"type":"object"})", "[1]",
        "wrong type: expected object, got table");
    row("type: a member is no array", R"({"type":"array"})", R"({"a":1})",
        "wrong type: expected array, got table");
    row("type: null", R"({"type":"null"})", "null", "ok");
    row("properties", R"({"properties":{"key":{"type":"string"}}})", R"({"key":123})",
        R"(property "key" validation failed: wrong type: expected string, got number)");
    row("properties: nested", R"({"properties":{"a":{"properties":{"b":{"minimum":1}}}}})",
        R"({"a":{"b":0}})",
        R"(property "a" validation failed: property "b" validation failed: expected 0 to be at least 1)");
    row("properties: null is present", R"({"properties":{"a":{"type":"string"}}})", R"({"a":null})",
        R"(property "a" validation failed: wrong type: expected string, got userdata)");
    row("required", R"({"required":["key"]})", R"({"a":1})", R"(property "key" is required)");
    row("required: of a property", R"({"properties":{"key":{}},"required":["key"]})", "{}",
        R"(property "key" is required)");
    row("additionalProperties: false", R"({"properties":{"a":{}},"additionalProperties":false})",
        R"({"a":1,"b":2})", "additional properties forbidden, found b");
    row("additionalProperties: schema", R"({"additionalProperties":{"type":"string"}})",
        R"({"b":2})",
        "failed to validate additional property b: wrong type: expected string, got number");
    row("patternProperties", R"({"patternProperties":{"^x-":{"type":"string"}}})", R"({"x-a":1})",
        R"(failed to validate x-a (matching "^x-"): wrong type: expected string, got number)");
    row("patternProperties: cover names",
        R"({"patternProperties":{"^x-":{}},"additionalProperties":false})", R"({"x-a":1,"y":2})",
        "additional properties forbidden, found y");
    row("dependencies: list", R"({"dependencies":{"a":["b"]}})", R"({"a":1})",
        R"(property "b" is required when "a" is set)");
    row("dependencies: list of a property", R"({"properties":{"a":{}},"dependencies":{"a":["b"]}})",
        R"({"a":1})", R"(property "b" is required when "a" is set)");
    row("dependencies: schema", R"({"dependencies":{"a":{"required":["b"]}}})", R"({"a":1})",
        R"(failed to validate dependent schema for "a": property "b" is required)");
    row("minProperties", R"({"minProperties":2})", R"({"a":1})",
        "expect object to have at least 2 properties");
    row("maxProperties", R"({"maxProperties":1})", R"({"a":1,"b":2})",
        "expect object to have at most 1 properties");
    row("items", R"({"items":{"type":"string"}})", R"(["a",2])",
        "failed to validate item 2: wrong type: expected string, got number");
    row("items: tuple", R"({"items":[{"type":"string"},{"type":"number"}]})", R"(["a","b"])",
        "failed to validate item 2: wrong type: expected number, got string");
    row("minItems", R"({"minItems":1})", "[]", "expect array to have at least 1 items");
    row("maxItems", R"({"maxItems":1})", "[1,2]", "expect array to have at most 1 items");
    row("uniqueItems", R"({"uniqueItems":true})", R"(["a","b","a"])",
        "expected unique items but items 1 and 3 are equal");
    row("uniqueItems: numbers by value", R"({"uniqueItems":true})", "[1,2,1.0]",
        "expected unique items but items 1 and 3 are equal");
    row("uniqueItems: tables in any order", R"({"uniqueItems":true})",
        R"([{"a":1,"b":2},5,{"b":2,"a":1}])", "expected unique items but items 1 and 3 are equal");
    row("uniqueItems: text is not number", R"({"uniqueItems":true})", R"([1,"1"])", "ok");
    row("minLength", R"({"minLength":3})", R"("ab")",
        "string too short, expected at least 3, got 2");
    row("maxLength", R"({"maxLength":2})", R"("abc")",
        "string too long, expected at most 2, got 3");
    row("maxLength: counts characters", R"({"maxLength":2})", "\"\xC3\xA9\xC3\xA9\"", "ok");
    row("pattern", R"({"pattern":"^[a-z]+$"})", R"("A1")",
        R"(failed to match pattern "^[a-z]+$" with "A1")");
    row("pattern: quoted as Lua does", R"({"pattern":"^\\d\"$"})", R"("a\"\\\n")",
        "failed to match pattern \"^\\\\d\\\"$\" with \"a\\\"\\\\\\\n\"");
    row("pattern: is not anchored", R"({"pattern":"b"})", R"("abc")", "ok");
    row("minimum", R"({"minimum":1})", "0", "expected 0 to be at least 1");
    row("maximum", R"({"maximum":599})", "600", "expected 600 to be at most 599");
    row("maximum: numbers print as in Lua", R"({"maximum":0.5})", "18446744073709551615",
        "expected 1.844674407371e+19 to be at most 0.5");
    row("exclusiveMinimum", R"({"exclusiveMinimum":0})", "0", "expected 0 to be greater than 0");
    row("exclusiveMaximum", R"({"exclusiveMaximum":1})", "1.0", "expected 1 to be smaller than 1");
    row("multipleOf", R"({"multipleOf":2})", "3", "expected 3 to be a multiple of 2");
    row("multipleOf: fraction", R"({"multipleOf":0.5})", "1.25",
        "expected 1.25 to be a multiple of 0.5");
    row("multipleOf: holds", R"({"multipleOf":0.5})", "1.5", "ok");
    row("enum", R"({"enum":["a","b"]})", R"("c")", "matches none of the enum values");
    row("enum: number by value", R"({"enum":[1]})", "1.0", "ok");
    row("const", R"({"const":"a"})", R"("b")", "failed to check const value");
    row("allOf", R"({"allOf":[{},{"type":"string"}]})", "1",
        "allOf 2 failed: wrong type: expected string, got number");
    row("anyOf", R"({"anyOf":[{"type":"string"},{"type":"boolean"}]})", "1",
        "object matches none of the required");
    row("anyOf: required lists", R"({"anyOf":[{"required":["a"]},{"required":["b","c"]}]})",
        R"({"d":1})", R"(object matches none of the required: ["a"] or ["b","c"])");
    row("oneOf: none", R"({"oneOf":[{"type":"string"},{"type":"boolean"}]})", "1",
        "value should match only one schema, but matches none");
    row("oneOf: two", R"({"oneOf":[{"type":"string"},{},{"minimum":0}]})", "1",
        "value should match only one schema, but matches both schemas 2 and 3");
    row("if then", R"({"if":{"type":"string"},"then":{"minLength":2}})", R"("a")",
        "then clause did not match");
    row("if else", R"({"if":{"type":"string"},"else":{"minimum":2}})", "1",
        "else clause did not match");
    row("not", R"({"not":{"type":"string"}})", R"("a")", "value wasn't supposed to match schema");
    row("format ipv4", R"({"format":"ipv4"})", R"("1.2.3.256")",
        "expect valid ipv4 format but got: 1.2.3.256");
    row("format ipv6", R"({"format":"ipv6"})", R"("::g")", "expect valid ipv6 format but got: ::g");
    row("format ipv6: holds", R"({"format":"ipv6"})", R"("::1")", "ok");
    row("false schema", R"({"properties":{"a":false}})", R"({"a":1})",
        R"(property "a" validation failed: expect false always)");
    row("$ref",
        R"({"definitions":{"id":{"minLength":2}},"properties":{"a":{"$ref":"#/definitions/id"}}})",
        R"({"a":"x"})",
        R"(property "a" validation failed: string too short, expected at least 2, got 1)");
    row("$ref: recursive", R"({"properties":{"n":{"$ref":"#"}},"additionalProperties":false})",
        R"({"n":{"n":{"x":1}}})",
        R"(property "n" validation failed: property "n" validation failed: additional properties forbidden, found x)");
    row("reference passes a string node", R"({"type":"string","enum":["a"],"minLength":99})",
        R"("$secret://vault/1/k")", "ok");
    row("reference passes in any case", R"({"pattern":"^x"})", R"("$ENV://KEY")", "ok");
    row("reference does not pass a number", R"({"type":"number"})", R"("$env://KEY")",
        "wrong type: expected number, got string");
    row("order: type before enum", R"({"enum":["a"],"type":"string"})", "1",
        "wrong type: expected string, got number");
}

void tst_Schema::speaksLikeApisix()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, said);
    QCOMPARE(verdict(schema.toStdString(), parsed(value.toStdString())), said.toStdString());
}

void tst_Schema::writesDefaults_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, const char *schema, const char *value,
                        const char *after) {
        QTest::newRow(name) << QByteArray(schema) << QByteArray(value) << QByteArray(after);
    };
    row("missing members", R"({"properties":{"a":{"default":1},"b":{"default":false}}})",
        R"({"c":0})", R"({"c":0,"a":1,"b":false})");
    row("an existing member stays", R"({"properties":{"a":{"default":1}}})", R"({"a":2})",
        R"({"a":2})");
    row("nested objects", R"({"properties":{"o":{"properties":{"a":{"default":"x"}}}}})",
        R"({"o":{}})", R"({"o":{"a":"x"}})");
    row("items", R"({"items":{"properties":{"w":{"default":1}}}})", R"([{},{"w":2}])",
        R"([{"w":1},{"w":2}])");
    row("[] becomes an object", R"({"properties":{"a":{"default":{"b":[1]}}}})", "[]",
        R"({"a":{"b":[1]}})");
    row("before combinations of the same node",
        R"({"properties":{"a":{"default":1}},"oneOf":[{"required":["a"]},{"required":["b"]}]})",
        "{}", R"({"a":1})");
}

void tst_Schema::writesDefaults()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, after);
    Json json = parsed(value.toStdString());
    const Result<Schema> compiled = Schema::compile(parsed(schema.toStdString()));
    QVERIFY(compiled);
    QVERIFY(compiled->validate(json));
    QCOMPARE(json.dump(), after.toStdString());
}

void tst_Schema::refusesWrongSchemas_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *schema, const char *said) {
        QTest::newRow(schema) << QByteArray(schema) << QByteArray(said);
    };
    row("[]",
        "schema: /: the value does not match its schema: a schema must be an object, true or "
        "false");
    row(R"({"type":"text"})",
        "schema: /type: the value does not match its schema: must be a type name");
    row(R"({"properties":{"a/b":{"minLength":-1}}})",
        "schema: /properties/a~1b/minLength: the value does not match its schema: must be a whole "
        "number");
    row(R"({"pattern":"("})",
        "schema: /pattern: the value does not match its schema: regular "
        "expression: missing closing parenthesis at offset 1");
    row(R"({"contains":{}})",
        "schema: /: the value does not match its schema: the keyword "
        "\"contains\" is not supported");
    row(R"({"$ref":"#/definitions/x"})",
        "schema: /: the value does not match its schema: $ref \"#/definitions/x\" leads nowhere in "
        "this schema");
    row(R"({"definitions":{"a":{"$ref":"#/definitions/a"}},"not":{"$ref":"#/definitions/a"}})",
        "schema: /definitions/a: the value does not match its schema: $ref \"#/definitions/a\" "
        "leads back to itself");
}

void tst_Schema::refusesWrongSchemas()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, said);
    QCOMPARE(verdict(schema.toStdString(), Json()), said.toStdString());
}

void tst_Schema::keepsTheDocument()
{
    const Json document = parsed(R"({"type":"object","title":"x"})");
    const Result<Schema> schema = Schema::compile(document);
    QVERIFY(schema);
    QCOMPARE(schema->document().dump(), document.dump());
}

void tst_Schema::hostileValuesAreFast()
{
    CpuTimer timer;
    timer.start();
    Json many = Json::array();
    for (int i = 0; i < 20'000; ++i)
        many.push_back(i % 2 == 0 ? Json(i) : Json::object({{"n", i}}));
    QCOMPARE(verdict(R"({"uniqueItems":true})", many), std::string("ok"));
    // A pattern that backtracks without end stops at the step limit and does not match.
    QVERIFY(verdict(R"({"pattern":"^(a+)+$"})", Json(std::string(5000, 'a') + '!')) != "ok");
    // A schema that applies itself to the same value ends.
    QVERIFY(verdict(R"({"allOf":[{"$ref":"#"}]})", Json(1)) != "ok");
    QCOMPARE_LT(timer.elapsed(), 20000);
}

QTEST_GUILESS_MAIN(tst_Schema)
#include "tst_schema.moc"
