// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/secret.h"
#include "tests/support/cpu_timer.h"

#include <QCoreApplication>
#include <QTest>

#include <qca_core.h>

#include <array>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

using namespace postern;

class tst_Secret : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsOctets();
    void comparesContent_data();
    void comparesContent();
    void copiesAndMoves();
    void outlivesTheApplication();
    void startsFast();
    void wipesText();
};

void tst_Secret::keepsOctets()
{
    const Secret secret(std::string_view("k\0y", 3));
    QCOMPARE(secret.size(), std::size_t(3));
    QCOMPARE(secret.view(), std::string_view("k\0y", 3));
    QCOMPARE(secret.bytes().size(), std::size_t(3));
    QCOMPARE(secret.bytes()[2], static_cast<unsigned char>('y'));
    const std::array<std::byte, 2> octets{std::byte{0xFF}, std::byte{0}};
    QCOMPARE(Secret(std::span<const std::byte>(octets)).view(), std::string_view("\xFF\0", 2));
    QVERIFY(Secret().empty());
    QVERIFY(Secret(std::string_view()).view().empty());
    static_assert(!std::is_convertible_v<std::string_view, Secret>);
}

void tst_Secret::comparesContent_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<bool>("equal");
    QTest::newRow("same") << QByteArray("abc") << QByteArray("abc") << true;
    QTest::newRow("last octet differs") << QByteArray("abc") << QByteArray("abd") << false;
    QTest::newRow("prefix") << QByteArray("abc") << QByteArray("ab") << false;
    QTest::newRow("behind NUL") << QByteArray("a\0b", 3) << QByteArray("a\0c", 3) << false;
    QTest::newRow("both empty") << QByteArray() << QByteArray() << true;
    QTest::newRow("one empty") << QByteArray("a") << QByteArray() << false;
}

void tst_Secret::comparesContent()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(bool, equal);
    QCOMPARE(Secret(a.toStdString()) == Secret(b.toStdString()), equal);
    QCOMPARE(equalConstantTime(a.toStdString(), b.toStdString()), equal);
}

void tst_Secret::copiesAndMoves()
{
    Secret first(std::string_view("one"));
    const Secret copy = first;
    const Secret moved = std::move(first);
    QCOMPARE(copy.view(), std::string_view("one"));
    QVERIFY(copy == moved);
    first = Secret(std::string_view("two"));
    QCOMPARE(copy.view(), std::string_view("one"));
}

// QCA cleans up when the application object ends; that must not free what secrets hold.
void tst_Secret::outlivesTheApplication()
{
    const Secret before(std::string_view("before"));
    {
        int argc = 1;
        std::string name = "tst_secret";
        char *argv[] = {name.data(), nullptr};
        const QCoreApplication application(argc, argv);
    }
    QCOMPARE(before.view(), std::string_view("before"));
    QCOMPARE(Secret(std::string_view("after")).view(), std::string_view("after"));
    QVERIFY(QCA::haveSecureMemory());
    static const Secret untilExit(std::string_view("until exit")); // released last of all
    QCOMPARE(untilExit.size(), std::size_t(10));
}

void tst_Secret::startsFast()
{
    // The gateway starts in less than 20 ms with thousands of credentials.
    CpuTimer timer;
    timer.start();
    std::vector<Secret> many;
    for (int i = 0; i < 10'000; ++i)
        many.emplace_back(std::to_string(i));
    QCOMPARE_LT(timer.elapsed(), 5000);
    QCOMPARE(many[77].view(), std::string_view("77"));
}

void tst_Secret::wipesText()
{
    std::string text = "a long enough secret that lives on the heap";
    const char *octets = text.data();
    const std::size_t capacity = text.capacity();
    text.resize(4); // what was cut off is wiped too
    wipe(text);
    QVERIFY(text.empty());
    QCOMPARE(text.capacity(), capacity);
    QCOMPARE(std::string(octets, capacity), std::string(capacity, '\0'));
}

QTEST_APPLESS_MAIN(tst_Secret) // the test makes its own application
#include "tst_secret.moc"
