// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/header_list.h"

#include <QTest>

using namespace postern::gateway;

class tst_HeaderList : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void comparesNamesIgnoringCase();
    void findsTheFirstOfSeveral();
    void setReplacesAtThePlaceOfTheFirst();
    void setAppendsWhatIsNew();
    void removeTakesAll();
};

void tst_HeaderList::comparesNamesIgnoringCase()
{
    QVERIFY(equalsIgnoringCase("X-Api-Key", "x-aPI-kEY"));
    QVERIFY(!equalsIgnoringCase("x-api-key", "x-api-ke"));
    QVERIFY(!equalsIgnoringCase("[", "{")); // differ by the case bit, but are no letters
    QVERIFY(!equalsIgnoringCase("\xc0", "\xe0"));
}

void tst_HeaderList::findsTheFirstOfSeveral()
{
    HeaderList list;
    list.append("Accept", "a");
    list.append("accept", "b");
    QCOMPARE(list.value("ACCEPT"), std::string_view("a"));
    QVERIFY(!list.contains("accep"));
    QVERIFY(list.value("missing").empty());
}

void tst_HeaderList::setReplacesAtThePlaceOfTheFirst()
{
    HeaderList list;
    list.append("a", "1");
    list.append("X", "2");
    list.append("b", "3");
    list.append("x", "4");
    list.set("x", "new");
    QCOMPARE(list.size(), 3U);
    QCOMPARE(list.fields()[1].name, std::string_view("x"));
    QCOMPARE(list.fields()[1].value, std::string_view("new"));
    QCOMPARE(list.fields()[2].name, std::string_view("b"));
}

void tst_HeaderList::setAppendsWhatIsNew()
{
    HeaderList list;
    list.append("a", "1");
    list.set("b", "2");
    QCOMPARE(list.size(), 2U);
    QCOMPARE(list.fields()[1].value, std::string_view("2"));
}

void tst_HeaderList::removeTakesAll()
{
    HeaderList list;
    list.append("X", "1");
    list.append("y", "2");
    list.append("x", "3");
    QCOMPARE(list.remove("x"), 2U);
    QCOMPARE(list.remove("x"), 0U);
    QCOMPARE(list.size(), 1U);
}

QTEST_GUILESS_MAIN(tst_HeaderList)
#include "tst_header_list.moc"
