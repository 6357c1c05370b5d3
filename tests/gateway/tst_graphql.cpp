// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/graphql.h"

#include <QTest>

#include <memory>
#include <string>

using namespace postern::gateway;

/// What routing reads of a GraphQL document. GraphQL (October 2021), 2; APISIX 3.18, 2.4.
class tst_Graphql : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void nestingCostsNothing();
};

namespace {

/// "operation name: field, field", or "-"; the text lies in a buffer of its exact size.
std::string summary(std::string_view text)
{
    const std::unique_ptr<char[]> exact(new char[text.size()]);
    text.copy(exact.get(), text.size());
    const auto found = parseGraphql({exact.get(), text.size()});
    if (!found)
        return "-";
    std::string made = found->operation + " " + found->name + ":";
    for (const std::string &field : found->rootFields)
        made += " " + field;
    return made;
}

} // namespace

void tst_Graphql::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("made");
    const auto row = [](const char *name, const char *text, const char *made) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(made);
    };
    row("2.3 a query in short", "{ owner }", "query : owner");
    row("2.3 named", "query getRepo { owner { name } repo(id: 1) { id } }",
        "query getRepo: owner repo");
    row("2.3 without a name", "query { owner }", "query : owner");
    row("2.3 mutation", "mutation like { like(id: 1) { n } }", "mutation like: like");
    row("2.3 subscription", "subscription S { s }", "subscription S: s");
    row("2.10 variables", "query q($a: [Int!]! = [1, 2], $b: T = {c: \"}\"}) { x(a: $a) }",
        "query q: x");
    row("2.7 aliases are not names", "{ mine: owner theirs: owner }", "query : owner owner");
    row("2.6 arguments", "{ a(x: \"){\", y: {z: [1]}) { b } c }", "query : a c");
    row("2.12 directives", "query q @d(a: \"{\") { a @include(if: $x) { b } c }", "query q: a c");
    row("2.8 a spread, by its fragment's name", "{ a ...More }", "query : a More");
    row("2.8 an inline fragment is no field", "{ ... on T { x } ... @d { y } a }", "query : a");
    row("2.8 fragments first", "fragment F on T @d { x { y } } query q { a }", "query q: a");
    row("2.1 comments, commas, blanks", "# {\n{ a,, b #}\n c }", "query : a b c");
    row("2.1 byte order mark", "\xef\xbb\xbf{ a }", "query : a");
    row("2.9.4 block strings", "{ a(x: \"\"\" } \" \\\"\"\" ) \"\"\") b }", "query : a b");
    row("2.9.4 escapes", R"({ a(x: "\"}\\") b })", "query : a b");
    row("the first of several operations", "query a { x } query b { y }", "query a: x");
}

void tst_Graphql::reads()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, made);
    QCOMPARE(summary(text.toStdString()), made.toStdString());
}

void tst_Graphql::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"", "   ", "{", "{ }", "{ a", "{ a( }", "{ a(x: \"no end) }", "query", "query q",
          "query q(", "nothing { a }", "fragment F { a }", "fragment F on T { a }", "{ a: }",
          "{ ... on { a } }", "{ @d }", "{ 1 }", "{ a(x: \"\"\" \") }", "query q @ { a }"})
        QTest::newRow(*text ? text : "(empty)") << QByteArray(text);
}

void tst_Graphql::refuses()
{
    QFETCH(const QByteArray, text);
    QCOMPARE(summary(text.toStdString()), std::string("-"));
}

void tst_Graphql::nestingCostsNothing()
{
    const std::size_t depth = 100'000;
    std::string text = "{ a ";
    for (std::size_t i = 0; i < depth; ++i)
        text += "{ b ";
    QCOMPARE(summary(text), std::string("-"));
    text.append(depth + 1, '}');
    QCOMPARE(summary(text), std::string("query : a"));
}

QTEST_GUILESS_MAIN(tst_Graphql)
#include "tst_graphql.moc"
