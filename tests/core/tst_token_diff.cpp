// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_diff.h"

#include <QTest>

#include <format>

using namespace postern;

class tst_TokenDiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsMeaningFromSpelling_data();
    void tellsMeaningFromSpelling();
    void partsAreComparedApart();
    void textThatIsNoJsonIsComparedWhole();
};

namespace {

DecodedJws jws(std::string header, std::string payload, std::string signature = "s")
{
    DecodedJws out;
    out.headerText = std::move(header);
    out.payloadText = std::move(payload);
    out.signature = std::move(signature);
    return out;
}

} // namespace

void tst_TokenDiff::tellsMeaningFromSpelling_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("relation");
    QTest::addColumn<QString>("differences"); // kind path, one on a line
    const auto row = [](const char *name, const char *before, const char *after,
                        const char *relation, const char *differences) {
        QTest::newRow(name) << QString::fromUtf8(before) << QString::fromUtf8(after)
                            << QString::fromLatin1(relation) << QString::fromUtf8(differences);
    };
    row("same octets", R"({"a":1})", R"({"a":1})", "same", "");
    row("claim added", R"({"a":1})", R"({"a":1,"b":2})", "different", "added /b\n");
    row("claim removed", R"({"a":1,"b":2})", R"({"b":2})", "different", "removed /a\n");
    row("claim changed", R"({"exp":1})", R"({"exp":2})", "different", "changed /exp\n");
    row("type changed", R"({"exp":1})", R"({"exp":"1"})", "different", "changed /exp\n");
    row("nested", R"({"r":{"roles":["a","b"]}})", R"({"r":{"roles":["a","c","d"]}})", "different",
        "changed /r/roles/1\nadded /r/roles/2\n");
    row("member with a slash", R"({"a/b~":1})", R"({"a/b~":2})", "different", "changed /a~1b~0\n");
    row("order only", R"({"a":1,"b":2})", R"({"b":2,"a":1})", "same content", "order \n");
    row("order of a nested object", R"({"x":{"a":1,"b":2}})", R"({"x":{"b":2,"a":1}})",
        "same content", "order /x\n");
    row("white space only", R"({"a":1})", R"({ "a" : 1 })", "same content", "white-space \n");
    row("white space inside a string is content", R"({"a":"x y"})", R"({"a":"xy"})", "different",
        "changed /a\n");
    row("spelling of a number", R"({"a":1.0})", R"({"a":1})", "same content", "spelling /a\n");
    row("beyond 2^53", R"({"a":9007199254740993})", R"({"a":9007199254740992})", "different",
        "changed /a\n");
    row("spelling of a string", R"({"a":"A"})", R"({"a":"\u0041"})", "same content", "spelling \n");
    row("order and a change", R"({"a":1,"b":2})", R"({"b":3,"a":1})", "different",
        "changed /b\norder \n");
}

void tst_TokenDiff::tellsMeaningFromSpelling()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(QString, relation);
    QFETCH(QString, differences);
    const TokenDiff diff =
        diffTokens(jws("{}", before.toStdString()), jws("{}", after.toStdString()));
    std::string found;
    for (const TokenDifference &one : diff.differences)
        found += std::format("{} {}\n", nameOf(one.kind), one.path);
    QCOMPARE(found, differences.toStdString());
    QCOMPARE(std::string(nameOf(diff.payload)), relation.toStdString());
    QCOMPARE(diff.same(), relation == QLatin1String("same"));
}

void tst_TokenDiff::partsAreComparedApart()
{
    const TokenDiff diff =
        diffTokens(jws(R"({"alg":"HS256"})", "{}", "1"), jws(R"({"alg":"HS512"})", "{}", "2"));
    QCOMPARE(std::string(nameOf(diff.header)), std::string("different"));
    QCOMPARE(std::string(nameOf(diff.payload)), std::string("same"));
    QVERIFY(!diff.signatureSame && !diff.same());
    QCOMPARE(diff.differences.at(0).part, std::string("header"));
}

void tst_TokenDiff::textThatIsNoJsonIsComparedWhole()
{
    const TokenDiff diff = diffTokens(jws("{}", "hello"), jws("{}", R"({"a":1})"));
    QCOMPARE(diff.differences.size(), std::size_t{1});
    QCOMPARE(diff.differences.at(0).path, std::string());
}

QTEST_GUILESS_MAIN(tst_TokenDiff)
#include "tst_token_diff.moc"
