// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/pipeline.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;

class tst_Exchange : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsQueryArguments_data();
    void readsQueryArguments();
    void countsQueryArguments();
    void removesQueryArguments_data();
    void removesQueryArguments();
    void readsCookies();
    void removesCookies();
    void repliesWithCompactJson();
    void escapesMessages();
    void pagesAreThoseOfTheOriginal();
};

void tst_Exchange::readsQueryArguments_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("value"); // null: absent
    QTest::newRow("alone") << QByteArray("jwt=a") << QByteArray("a");
    QTest::newRow("first of two") << QByteArray("jwt=a&jwt=b") << QByteArray("a");
    QTest::newRow("among others") << QByteArray("x=1&&jwt=a=b&y") << QByteArray("a=b");
    QTest::newRow("escapes") << QByteArray("jwt=a%2eb%20c+d") << QByteArray("a.b c d");
    QTest::newRow("escaped name") << QByteArray("%6Awt=a") << QByteArray("a");
    QTest::newRow("no value") << QByteArray("jwt") << QByteArray("");
    QTest::newRow("case-sensitive") << QByteArray("JWT=a") << QByteArray();
    QTest::newRow("prefix is not enough") << QByteArray("jwtx=a&jw=b") << QByteArray();
    QTest::newRow("empty query") << QByteArray("") << QByteArray();
}

void tst_Exchange::readsQueryArguments()
{
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, value);
    Exchange exchange;
    const std::string text = query.toStdString();
    exchange.request.query = text;
    const auto found = queryArgument(exchange, "jwt");
    QCOMPARE(found.has_value(), !value.isNull());
    if (found)
        QCOMPARE(std::string(*found), value.toStdString());
}

void tst_Exchange::countsQueryArguments()
{
    Exchange exchange;
    exchange.request.query = "k&k=1&other&k=2";
    int count = 0;
    bool hasValue = true;
    QVERIFY(queryArgument(exchange, "k", &count, &hasValue).has_value());
    QCOMPARE(count, 3);
    QVERIFY(!hasValue);
    QVERIFY(!queryArgument(exchange, "z", &count));
    QCOMPARE(count, 0);
}

void tst_Exchange::removesQueryArguments_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("only one") << QByteArray("/get?jwt=a") << QByteArray("/get")
                              << QByteArray("/get");
    QTest::newRow("every occurrence")
        << QByteArray("/get?jwt=a&b=%20c&jwt") << QByteArray("/get") << QByteArray("/get?b=%20c");
    QTest::newRow("the path is encoded again")
        << QByteArray("/a%20b%2Fc?jwt=1&x=2") << QByteArray("/a b/c") << QByteArray("/a%20b/c?x=2");
    QTest::newRow("absent: untouched")
        << QByteArray("/a%20b?x=2") << QByteArray("/a b") << QByteArray("/a%20b?x=2");
}

void tst_Exchange::removesQueryArguments()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, expected);
    Exchange exchange;
    const std::string text = target.toStdString();
    const std::string decoded = path.toStdString();
    exchange.request.target = text;
    exchange.request.path = decoded;
    exchange.request.query = std::string_view(text).substr(text.find('?') + 1);
    removeQueryArgument(exchange, "jwt");
    QCOMPARE(std::string(exchange.request.target), expected.toStdString());
    QCOMPARE(exchange.request.targetChanged, target != expected);
    QVERIFY(!queryArgument(exchange, "jwt"));
}

void tst_Exchange::readsCookies()
{
    Exchange exchange;
    exchange.request.headers.append("Cookie", "a=1; jwt=x.y.z;b=2");
    exchange.request.headers.append("cookie", "c=3");
    QCOMPARE(cookieValue(exchange, "jwt").value_or(""), std::string_view("x.y.z"));
    QCOMPARE(cookieValue(exchange, "b").value_or(""), std::string_view("2"));
    QCOMPARE(cookieValue(exchange, "c").value_or(""), std::string_view("3"));
    QVERIFY(!cookieValue(exchange, "JWT"));
    QVERIFY(!cookieValue(exchange, "w"));
}

void tst_Exchange::removesCookies()
{
    Exchange exchange;
    exchange.request.headers.append("Cookie", "a=1;jwt=x;  b=2; jwt=y");
    removeCookie(exchange, "jwt");
    QCOMPARE(exchange.request.headers.value("cookie"), std::string_view("a=1; b=2"));
    removeCookie(exchange, "a");
    removeCookie(exchange, "b");
    QVERIFY(!exchange.request.headers.contains("cookie"));
}

void tst_Exchange::repliesWithCompactJson()
{
    Exchange exchange;
    replyWithMessage(exchange, 401, "Missing API key in request");
    QCOMPARE(exchange.reply.status, 401);
    QCOMPARE(exchange.reply.body,
             std::string_view("{\"message\":\"Missing API key in request\"}\n"));
    QVERIFY(!exchange.reply.page);
}

void tst_Exchange::escapesMessages()
{
    Exchange exchange;
    replyWithMessage(exchange, 403, "no \"x\"\n");
    QCOMPARE(exchange.reply.body, std::string_view("{\"message\":\"no \\\"x\\\"\\n\"}\n"));
}

void tst_Exchange::pagesAreThoseOfTheOriginal()
{
    // Content-Length of APISIX's own answers
    QCOMPARE(errorPage(301).size(), 241U);
    QCOMPARE(errorPage(400).size(), 229U);
    QCOMPARE(errorPage(413).size(), 255U);
    QVERIFY(errorPage(404).contains("<center><h1>404 Not Found</h1></center>\r\n"));
    QVERIFY(errorPage(504).contains("<h1>504 Gateway Time-out</h1>"));
    QVERIFY(errorPage(200).empty());
    QVERIFY(errorPage(999).empty());
    QCOMPARE(reasonPhrase(401), std::string_view("Unauthorized"));
    QVERIFY(reasonPhrase(799).empty());
}

QTEST_GUILESS_MAIN(tst_Exchange)
#include "tst_exchange.moc"
