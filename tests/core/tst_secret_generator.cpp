// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/secret_generator.h"

#include "core/bytes/encoding.h"

#include <QTest>

#include <algorithm>
#include <cctype>

using namespace postern;

class tst_SecretGenerator : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void kinds_data();
    void kinds();
    void passwordsUseEveryClass();
    void neverTheSameTwice();
};

void tst_SecretGenerator::kinds_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("size");
    QTest::addColumn<double>("bits");
    const auto row = [](const char *name, SecretKind kind, int size, double bits) {
        QTest::newRow(name) << static_cast<int>(kind) << size << bits;
    };
    row("an API key is 32 letters and digits", SecretKind::ApiKey, 32, 190);
    row("an admin key is 32 letters", SecretKind::AdminKey, 32, 182);
    row("HS256: 32 octets", SecretKind::Hs256, 43, 256);
    row("HS384: 48 octets", SecretKind::Hs384, 64, 384);
    row("HS512: 64 octets", SecretKind::Hs512, 86, 512);
    row("hexadecimal: 32 octets", SecretKind::HexSecret, 64, 256);
    row("a password is 20 characters", SecretKind::Password, 20, 121);
}

void tst_SecretGenerator::kinds()
{
    QFETCH(int, kind);
    QFETCH(int, size);
    QFETCH(double, bits);
    const auto secret = generateSecret(static_cast<SecretKind>(kind));
    QVERIFY(secret);
    QCOMPARE(static_cast<int>(secret->text.view().size()), size);
    QVERIFY2(secret->bits >= bits && secret->bits < bits + 2,
             qPrintable(QString::number(secret->bits)));
    QVERIFY(std::ranges::all_of(secret->text.view(), [](char letter) {
        return std::isgraph(static_cast<unsigned char>(letter)) != 0;
    }));
    QCOMPARE(
        std::ranges::contains(secretKinds(), static_cast<SecretKind>(kind), &SecretKindInfo::kind),
        kind != static_cast<int>(SecretKind::AdminKey));
}

void tst_SecretGenerator::passwordsUseEveryClass()
{
    for (int i = 0; i < 100; ++i) {
        const auto secret = generateSecret(SecretKind::Password);
        QVERIFY(secret);
        const std::string_view text = secret->text.view();
        const auto has = [text](int (*isOne)(int)) {
            return std::ranges::any_of(
                text, [isOne](char letter) { return isOne(static_cast<unsigned char>(letter)); });
        };
        QVERIFY(has(std::islower) && has(std::isupper) && has(std::isdigit) && has(std::ispunct));
        QCOMPARE(text.find_first_of("lI1O0o"), std::string_view::npos);
    }
}

void tst_SecretGenerator::neverTheSameTwice()
{
    for (const SecretKindInfo &info : secretKinds()) {
        const auto one = generateSecret(info.kind), two = generateSecret(info.kind);
        QVERIFY(one && two && one->text.view() != two->text.view());
    }
}

QTEST_GUILESS_MAIN(tst_SecretGenerator)
#include "tst_secret_generator.moc"
