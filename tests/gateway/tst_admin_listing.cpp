// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;

// Filters and pages of lists. apisix.md 1.7.
class tst_AdminListing : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void filters_data();
    void filters();
    void filterIsForRoutesOnly();
    void pages_data();
    void pages();
    void pagesAreSortedByCreation();

private:
    AdminApi m_api;
};

void tst_AdminListing::initTestCase()
{
    const auto put = [this](const char *target, const std::string &body) {
        QCOMPARE(m_api.send("PUT", target, body).status, 201);
    };
    put("upstreams/u", R"({"nodes":{"a:1":1}})");
    put("upstreams/7", R"({"nodes":{"a:1":1}})");
    put("services/s", "{}");
    put("routes/b", R"({"uri":"/b","name":"beta","upstream_id":"u","labels":{"team":"x"}})");
    put("routes/a", R"({"uris":["/a","/shared/a"],"name":"alpha","service_id":"s"})");
    put("routes/c", R"({"uri":"/shared/c","upstream_id":"u","service_id":"s"})");
    put("routes/d", R"({"uri":"/d","name":"delta","upstream_id":7,"labels":{"teams":"x"}})");
}

void tst_AdminListing::filters_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("ids");
    const auto row = [](const char *name, const char *query, const char *ids) {
        QTest::newRow(name) << QByteArray(query) << QByteArray(ids);
    };
    row("1.3: byte order of the keys", "", "a b c d");
    row("1.7: name is a pattern", "name=ta$", "b d");
    row("1.7: name is not anchored", "name=lph", "a");
    row("1.7: no name is the text nil", "name=^nil$", "c");
    row("1.7: a broken pattern matches nothing", "name=%28", "");
    row("1.7: label is an exact key", "label=team", "b");
    row("1.7: uri and uris", "uri=^/shared/", "a c");
    row("1.7: both filters", "uri=shared&name=alpha", "a");
    row("1.7: filter", "filter=service_id%3Ds", "a c");
    row("1.7: filter of two members", "filter=service_id%3Ds%26upstream_id%3Du", "c");
    row("1.7: last of repeated keys", "filter=upstream_id%3Dx%26upstream_id%3Du", "b c");
    row("1.7: numeric stored id never equals", "filter=upstream_id%3D7", "");
    row("1.7: other keys are ignored", "filter=name%3Dno", "a b c d");
}

void tst_AdminListing::filters()
{
    QFETCH(const QByteArray, query);
    QFETCH(const QByteArray, ids);
    const Json body = jsonOf(m_api.send("GET", "routes?" + query.toStdString()));
    QByteArrayList found;
    for (const Json &node : body.find("list")->items())
        found << QByteArray::fromStdString(std::string(node.find("value")->stringOr("id", "")));
    QCOMPARE(found.join(' '), ids);
    QCOMPARE(body.find("total")->asInteger(), found.size());
}

void tst_AdminListing::filterIsForRoutesOnly() // 1.7
{
    const auto total = [this](const char *target) {
        return jsonOf(m_api.send("GET", target)).find("total")->asInteger();
    };
    QCOMPARE(total("upstreams?filter=service_id%3Dx"), 2);
    QCOMPARE(total("services?filter=upstream_id%3Dx"), 1);
    QCOMPARE(total("routes?filter=upstream_id%3Dx"), 0);
}

void tst_AdminListing::pages_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("shown");
    const auto row = [](const char *name, const char *query, int status, int shown) {
        QTest::newRow(name) << QByteArray(query) << status << shown;
    };
    row("1.7: first page", "page=1&page_size=10", 200, 10);
    row("1.7: last page", "page=3&page_size=10", 200, 5);
    row("1.7: page below one", "page=0&page_size=10", 200, 10);
    row("1.7: negative page", "page=-3&page_size=10", 200, 10);
    row("1.7: one argument is no paging", "page=2", 200, 25);
    row("1.7: not a number is no paging", "page=x&page_size=10", 200, 25);
    row("1.7: too small", "page=1&page_size=9", 400, 0);
    row("1.7: too large", "page=1&page_size=501", 400, 0);
    row("1.7: largest", "page=1&page_size=500", 200, 25);
    row("1.7: beyond the end", "page=4&page_size=10", 200, 0);
    row("1.7: far beyond", "page=1e300&page_size=10", 200, 0);
}

void tst_AdminListing::pages()
{
    QFETCH(const QByteArray, query);
    QFETCH(const int, status);
    QFETCH(const int, shown);
    AdminApi api;
    for (int i = 0; i < 25; ++i)
        api.send("PUT", std::format("consumers/c{}", i), std::format(R"({{"username":"c{}"}})", i));
    const AdminReply reply = api.send("GET", "consumers?" + query.toStdString());
    QCOMPARE(reply.status, status);
    if (status == 400) {
        QCOMPARE(QByteArray::fromStdString(reply.body),
                 QByteArray("page_size must be between 10 and 500"));
        return;
    }
    const Json body = jsonOf(reply);
    QCOMPARE(body.find("total")->asInteger(), 25);
    QCOMPARE(body.find("list")->size(), static_cast<std::size_t>(shown));
    QCOMPARE(body.find("list")->isObject(), shown == 0);
}

void tst_AdminListing::pagesAreSortedByCreation()
{
    const Json body = jsonOf(m_api.send("GET", "routes?page=1&page_size=10"));
    QByteArrayList found;
    for (const Json &node : body.find("list")->items())
        found << QByteArray::fromStdString(std::string(node.find("value")->stringOr("id", "")));
    QCOMPARE(found.join(' '), QByteArray("b a c d"));
}

QTEST_GUILESS_MAIN(tst_AdminListing)
#include "tst_admin_listing.moc"
