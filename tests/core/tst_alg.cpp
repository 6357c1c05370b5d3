// SPDX-License-Identifier: Apache-2.0
#include "core/jose/alg.h"

#include <QTest>

#include <set>

using namespace postern;

class tst_Alg : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsExactNamesOnly_data();
    void findsExactNamesOnly();
    void tableIsConsistent();
};

void tst_Alg::findsExactNamesOnly_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<bool>("known");
    for (const char *name : {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384",
                             "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519",
                             "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"})
        QTest::newRow(name) << std::string(name) << true;
    for (const char *name :
         {"none", "None", "nOnE", "", "hs256", "HS256 ", " HS256", "HS1", "RS256\t", "ES521",
          "EdDsa", "ed25519", "ml-dsa-44", "ML-DSA-44-ph", "HashML-DSA-44"})
        QTest::addRow("not \"%s\"", name) << std::string(name) << false;
    QTest::newRow("not HS256 NUL") << std::string("HS256\0", 6) << false;
}

void tst_Alg::findsExactNamesOnly()
{
    QFETCH(const std::string, name);
    QFETCH(const bool, known);
    const AlgInfo *row = findAlg(name);
    QCOMPARE(row != nullptr, known);
    if (row)
        QCOMPARE(row->name, std::string_view(name));
}

void tst_Alg::tableIsConsistent()
{
    std::set<std::string_view> names;
    for (const AlgInfo &row : algorithms()) {
        QVERIFY(names.insert(row.name).second);
        QCOMPARE(info(row.alg).name, row.name);
        QCOMPARE(row.minKeyBytes != 0, row.keyType == KeyType::Oct);
        QCOMPARE(row.digest.empty(), row.keyType == KeyType::Okp || row.keyType == KeyType::Akp);
        if (row.keyType == KeyType::Oct)
            QCOMPARE(row.minKeyBytes, row.signatureSize); // RFC 7518 3.2
    }
}

QTEST_GUILESS_MAIN(tst_Alg)
#include "tst_alg.moc"
