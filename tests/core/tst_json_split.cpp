// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/json/split.h"

#include <QTest>

#include <string>

using namespace postern;

/// Texts taken apart without being parsed.
class tst_JsonSplit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void splitsArrays_data();
    void splitsArrays();
    void splitsObjects_data();
    void splitsObjects();
    void stopsWhenTold();
};

namespace {

/// The parts between bars, or "refused".
QByteArray partsOf(const QByteArray &text)
{
    std::string out;
    const bool split = text.startsWith('[')
        ? splitJsonArray(text.toStdString(),
                         [&out](std::string_view item) {
                             out.append("|").append(item);
                             return true;
                         })
        : splitJsonObject(text.toStdString(),
                          [&out](std::string_view name, std::string_view value) {
                              out.append("|").append(name).append("=").append(value);
                              return true;
                          });
    return split ? QByteArray::fromStdString(out) : QByteArray("refused");
}

} // namespace

void tst_JsonSplit::splitsArrays_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("parts");
    const auto row = [](const char *text, const char *parts) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(parts);
    };
    row("[]", "");
    row("[ ]", "");
    row("[1]", "|1");
    row("[ 1 , \"a,b]\" ,{\"c\":[1,2]} , [ ] ] ", "|1|\"a,b]\"|{\"c\":[1,2]}|[ ]");
    row(R"(["\"", "\\", "]"])", R"(|"\""|"\\"|"]")");
    row("[true,null,-1.5e3]", "|true|null|-1.5e3");
    row("[\"\xC3\xA4,\"]", "|\"\xC3\xA4,\"");
    row("[1", "refused");
    row("[1,", "refused");
    row("[\"a]", "refused");
    row("[\"a\\", "refused");
    row("[1]]", "refused");
    row("[1] x", "refused");
    row("[[1]", "refused");
    row("[\"a\" \"b\"]", "refused");
    // Not JSON, and told so by whoever parses the part.
    row("[,]", "||");
    row("[1 2]", "|1 2");
    row("[{]]", "|{]");
}

void tst_JsonSplit::splitsArrays()
{
    QFETCH(QByteArray, text);
    QTEST(partsOf(text), "parts");
}

void tst_JsonSplit::splitsObjects_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("parts");
    const auto row = [](const char *text, const char *parts) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(parts);
    };
    row("{}", "");
    row("{\"a\":1}", "|a=1");
    row("{ \"a\" : \"x\" , \"b\" : { \"c\" : 1 } }", "|a=\"x\"|b={ \"c\" : 1 }");
    row("{\"a:\":\"}\"}", "|a:=\"}\"");
    row("{\"a\":1,}", "refused");
    row("{\"a\"}", "refused");
    row("{a:1}", "refused");
    row("{\"a\\u0062\":1}", "refused");
    row("{\"a\":", "refused");
    row("{\"a\":1", "refused");
    row("{\"a\":}", "|a=");
}

void tst_JsonSplit::splitsObjects()
{
    QFETCH(QByteArray, text);
    QTEST(partsOf(text), "parts");
}

void tst_JsonSplit::stopsWhenTold()
{
    int seen = 0;
    QVERIFY(!splitJsonArray("[1,2,3]", [&seen](std::string_view) { return ++seen < 2; }));
    QCOMPARE(seen, 2);
}

QTEST_GUILESS_MAIN(tst_JsonSplit)
#include "tst_json_split.moc"
