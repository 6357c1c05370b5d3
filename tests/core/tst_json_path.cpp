// SPDX-License-Identifier: Apache-2.0
#include "core/json/path.h"

#include "core/json/parse.h"

#include <QTest>

using namespace postern;

class tst_JsonPath : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void selects_data();
    void selects();
    void refuses_data();
    void refuses();
};

void tst_JsonPath::selects_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("found");
    const auto row = [](const char *path, const char *found) {
        QTest::newRow(path) << QByteArray(path) << QByteArray(found);
    };
    row("groups", R"([["a","b"]])");
    row("$.groups", R"([["a","b"]])");
    row("$..groups", R"([["a","b"],"deep",["deeper"]])");
    row("$.realm.groups", R"(["deep"])");
    row("$['realm']['groups']", R"(["deep"])");
    row("$.groups[1]", R"(["b"])");
    row("$.groups[-1]", R"(["b"])");
    row("$.groups[*]", R"(["a","b"])");
    row("$.numbers", "[[1.0,18446744073709551617,1e400]]"); // exactly as written
    row("$.list[?(@.n > 1)].n", "[2,3]");
    row("$",
        R"([{"groups":["a","b"],"realm":{"groups":"deep","x":{"groups":["deeper"]}},)"
        R"("numbers":[1.0,18446744073709551617,1e400],"list":[{"n":1},{"n":2},{"n":3}],)"
        R"("a.b":"dotted"}])");
    row("a.b", R"(["dotted"])"); // a plain name, not a path
    row("missing", "[]");
    row("$.missing", "[]");
    row("$.groups[7]", "[]");
}

void tst_JsonPath::selects()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, found);
    const Result<Json> document =
        parseJson(R"({"groups":["a","b"],"realm":{"groups":"deep","x":{"groups":["deeper"]}},)"
                  R"("numbers":[1.0,18446744073709551617,1e400],"list":[{"n":1},{"n":2},{"n":3}],)"
                  R"("a.b":"dotted"})");
    QVERIFY(document);
    const Result<JsonPath> compiled = JsonPath::compile(path.toStdString());
    QVERIFY2(compiled, compiled ? "" : describe(compiled.error()).c_str());
    QCOMPARE(Json(compiled->select(*document)).dump(), found.toStdString());
    QVERIFY(compiled->select(Json("scalar")).empty() || path == "$");
}

void tst_JsonPath::refuses_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"", "$.", "$[", "$.a[?(", "$['a", "$.a b"})
        QTest::newRow(path) << QByteArray(path);
    QTest::newRow("10,000 open filters") << "$" + QByteArray("[?(@").repeated(10'000);
}

void tst_JsonPath::refuses()
{
    QFETCH(QByteArray, path);
    const Result<JsonPath> compiled = JsonPath::compile(path.toStdString());
    QVERIFY(!compiled);
    QCOMPARE(compiled.error().code, Errc::JsonPath);
    QVERIFY(!compiled.error().detail.empty());
}

QTEST_GUILESS_MAIN(tst_JsonPath)
#include "tst_json_path.moc"
