// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/json/schema_fields.h"

#include <QTest>

#include <algorithm>

using namespace postern;

class tst_SchemaFields : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rows_data();
    void rows();
    void rules_data();
    void rules();
};

void tst_SchemaFields::rows_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("row"); // type | default | constraint
    const auto row = [](const char *name, const char *schema, const char *path, const char *text) {
        QTest::newRow(name) << QByteArray(schema) << QByteArray(path) << QByteArray(text);
    };
    row("a plain member", R"({"properties": {"a": {"type": "string"}}})", "a", "string||");
    row("default", R"({"properties": {"a": {"type": "integer", "default": 5}}})", "a",
        "integer|5|");
    row("required", R"({"properties": {"a": {}}, "required": ["a"]})", "a", "||required");
    row("bounds", R"({"properties": {"a": {"type": "integer", "minimum": 6, "maximum": 9}}})", "a",
        "integer||at least 6; at most 9");
    row("lengths and pattern",
        R"({"properties": {"a": {"type": "string", "minLength": 1, "pattern": "^x"}}})", "a",
        "string||at least 1 characters; matches ^x");
    row("enum", R"({"properties": {"a": {"enum": ["x", 2]}}})", "a", "||one of x, 2");
    row("array of constrained items",
        R"({"properties": {"a": {"type": "array", "minItems": 1, "uniqueItems": true,
            "items": {"type": "string", "maxLength": 3}}}})",
        "a", "array of string||at least 1 items; no item twice; each item: at most 3 characters");
    row("nested", R"({"properties": {"a": {"type": "object", "required": ["b"],
            "properties": {"b": {"type": "number"}}}}})",
        "a.b", "number||required");
    row("inside array items", R"({"properties": {"a": {"type": "array", "items":
            {"type": "object", "properties": {"b": {"type": "boolean"}}}}}})",
        "a[].b", "boolean||");
    row("any name", R"({"properties": {"a": {"type": "object", "additionalProperties":
            {"type": "string"}}}})",
        "a.*", "string||");
    row("any name by pattern", R"({"properties": {"a": {"patternProperties":
            {".*": {"oneOf": [{"type": "string"}, {"type": "number"}]}}}}})",
        "a.*", "string|number||");
    row("alternatives of a type", R"({"properties": {"a": {"oneOf":
            [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]}}})",
        "a", "integer|string||integer greater than 0");
    row("a definition", R"({"properties": {"a": {"$ref": "#/definitions/d"}},
            "definitions": {"d": {"type": "string", "format": "ipv4"}}})",
        "a", "string||an address: ipv4");
    row("a dependency's members", R"({"properties": {"a": {"type": "string"}}, "dependencies":
            {"a": {"oneOf": [{}, {"properties": {"b": {"type": "string"}}, "required": ["b"]}]}}})",
        "b", "string||required");
    row("an alternative's narrower word comes second", R"({"properties": {"a": {"type": "string"}},
            "oneOf": [{"properties": {"a": {"enum": ["x"]}}}]})",
        "a", "string||");
}

void tst_SchemaFields::rows()
{
    QFETCH(const QByteArray, schema);
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, row);
    const auto fields = schemaFields(*parseJson(schema.toStdString()));
    const auto found = std::ranges::find(fields, path.toStdString(), &SchemaField::path);
    QVERIFY(found != fields.end());
    QCOMPARE(found->type + '|' + found->byDefault + '|' + found->constraint, row.toStdString());
    QCOMPARE(std::ranges::count(fields, path.toStdString(), &SchemaField::path), 1);
}

void tst_SchemaFields::rules_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *schema, const char *text) {
        QTest::newRow(name) << QByteArray(schema) << QByteArray(text);
    };
    row("anyOf", R"({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]})",
        "at least one of: a; b");
    row("oneOf", R"({"oneOf": [{"required": ["a", "b"]}, {"required": ["c"]}]})",
        "exactly one of: a and b; c");
    row("if and then", R"({"if": {"properties": {"p": {"const": "x"}}}, "then":
            {"required": ["h"]}})",
        "h, if p is \"x\"");
    row("if and then inside allOf", R"({"allOf": [{"if": {"properties": {"p": {"enum":
            ["x", "y"]}}}, "then": {"required": ["h"]}}]})",
        "h, if p is one of x, y");
    row("else leads on", R"({"if": {"properties": {"p": {"const": "x"}}}, "else": {"if":
            {"properties": {"p": {"const": "y"}}}, "then": {"required": ["h"]}}})",
        "h, if p is \"y\"");
    row("minProperties", R"({"minProperties": 1})", "at least 1 of them");
    row("nothing", R"({"type": "object"})", "");
}

void tst_SchemaFields::rules()
{
    QFETCH(const QByteArray, schema);
    QFETCH(const QByteArray, text);
    std::string all;
    for (const std::string &rule : schemaRules(*parseJson(schema.toStdString())))
        all.append(all.empty() ? "" : " / ").append(rule);
    QCOMPARE(all, text.toStdString());
}

QTEST_GUILESS_MAIN(tst_SchemaFields)
#include "tst_schema_fields.moc"
