// SPDX-License-Identifier: Apache-2.0
#include "core/config/yaml.h"
#include "core/config/yaml_format.h"
#include "core/json/parse.h"

#include <QTest>

using namespace postern;

/// JSON written as YAML that every reader takes for the same.
class tst_YamlFormat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void format_data();
    void format();
};

void tst_YamlFormat::format_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("yaml");
    const auto row = [](const char *name, const char *json, const char *yaml) {
        QTest::newRow(name) << QByteArray(json) << QByteArray(yaml);
    };
    row("empty object", "{}", "{}\n");
    row("empty list", "[]", "[]\n");
    row("scalars", R"({"a":1,"b":1.50,"c":true,"d":null,"e":"text"})",
        "a: 1\nb: 1.50\nc: true\nd: null\ne: text\n");
    row("nested", R"({"a":{"b":{"c":[]},"d":{}}})", "a:\n  b:\n    c: []\n  d: {}\n");
    row("list", R"({"a":[1,"x",[2,[3]],{"b":1,"c":[4]}]})",
        "a:\n  - 1\n  - x\n  - - 2\n    - - 3\n  - b: 1\n    c:\n      - 4\n");
    row("list of lists", "[[],[[]],{}]", "- []\n- - []\n- {}\n");
    row("words of YAML 1.1", R"(["yes","No","on","OFF","y","true","null","~"])",
        "- \"yes\"\n- \"No\"\n- \"on\"\n- \"OFF\"\n- \"y\"\n- \"true\"\n- \"null\"\n- \"~\"\n");
    row("what looks like numbers", R"(["1","0x1F","1_000","2024-12-15","-1",".5","1e3"])",
        "- \"1\"\n- \"0x1F\"\n- \"1_000\"\n- \"2024-12-15\"\n- \"-1\"\n- \".5\"\n- \"1e3\"\n");
    row("paths and names", R"(["/a/b","r1","key-auth","a.b_c"])",
        "- /a/b\n- r1\n- key-auth\n- a.b_c\n");
    row("what YAML reads otherwise", R"(["a: b","# c","- d","a b","","x\ny","*a","&b","!t","{"])",
        "- \"a: b\"\n- \"# c\"\n- \"- d\"\n- \"a b\"\n- \"\"\n- \"x\\ny\"\n- \"*a\"\n- \"&b\"\n"
        "- \"!t\"\n- \"{\"\n");
    row("names", R"({"127.0.0.1:1":1,"":2,"yes":3,"<<":{"x":1}})",
        "\"127.0.0.1:1\": 1\n\"\": 2\n\"yes\": 3\n\"<<\":\n  x: 1\n");
    row("letters", R"({"a":"gr\u00fc\u00df"})", "a: \"grüß\"\n");
}

void tst_YamlFormat::format()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, yaml);
    const Json value = parseJson(json.toStdString()).value();
    const std::string text = formatYaml(value);
    QCOMPARE(QByteArray::fromStdString(text), yaml);
    const auto again = parseYaml(text, "f", {});
    QVERIFY2(again, again ? "" : describe(again.error()).c_str());
    QCOMPARE(again->toJson(), value);
}

QTEST_GUILESS_MAIN(tst_YamlFormat)
#include "tst_yaml_format.moc"
