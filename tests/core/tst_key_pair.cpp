// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key_pair.h"

#include "core/jose/key.h"
#include "core/json/parse.h"

#include <QTest>

#include <algorithm>

using namespace postern;

class tst_KeyPair : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bothPartsAreOneKey_data();
    void bothPartsAreOneKey();
    void eachAlgorithmGetsAKindThatFits_data();
    void eachAlgorithmGetsAKindThatFits();
    void noTwoAreTheSame();
};

void tst_KeyPair::bothPartsAreOneKey_data()
{
    QTest::addColumn<int>("row");
    for (int row = 0; row < static_cast<int>(keyPairKinds().size()); ++row)
        QTest::newRow(std::string(keyPairKinds()[static_cast<std::size_t>(row)].name).c_str())
            << row;
}

void tst_KeyPair::bothPartsAreOneKey()
{
    QFETCH(const int, row);
    const KeyPairKind &kind = keyPairKinds()[static_cast<std::size_t>(row)];
    const auto pair = generateKeyPair(kind);
    QVERIFY(pair);
    const auto privateKey = Key::fromPem(pair->privatePem.view());
    const auto publicKey = Key::fromPem(pair->publicPem);
    QVERIFY(privateKey && publicKey);
    QVERIFY(privateKey->isPrivate());
    QVERIFY(!publicKey->isPrivate());
    QCOMPARE(privateKey->thumbprint(), publicKey->thumbprint());
    QVERIFY(privateKey->allows(kind.alg, true));
    if (kind.bits > 0)
        QCOMPARE(privateKey->bits(), kind.bits);
    const auto privateJwk = parseJson(pair->privateJwk.view());
    const auto publicJwk = parseJson(pair->publicJwk);
    QVERIFY(privateJwk && publicJwk);
    QVERIFY(privateJwk->contains("d"));
    QVERIFY(!publicJwk->contains("d"));
    QCOMPARE(privateJwk->stringOr("kid", ""), privateKey->thumbprint());
    QCOMPARE(Key::fromJwk(*publicJwk)->thumbprint(), privateKey->thumbprint());
}

void tst_KeyPair::eachAlgorithmGetsAKindThatFits_data()
{
    QTest::addColumn<QByteArray>("algorithm");
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("HMAC has no pair") << QByteArray("HS256") << QByteArray();
    QTest::newRow("RS384 is RSA") << QByteArray("RS384") << QByteArray("RSA 2048");
    QTest::newRow("PS256 is RSA") << QByteArray("PS256") << QByteArray("RSA 2048");
    QTest::newRow("ES384 has its curve") << QByteArray("ES384") << QByteArray("EC P-384");
    QTest::newRow("ES512 is P-521") << QByteArray("ES512") << QByteArray("EC P-521");
    QTest::newRow("EdDSA is Ed25519") << QByteArray("EdDSA") << QByteArray("Ed25519");
    QTest::newRow("ES256K has none here") << QByteArray("ES256K") << QByteArray();
}

void tst_KeyPair::eachAlgorithmGetsAKindThatFits()
{
    QFETCH(const QByteArray, algorithm);
    QFETCH(const QByteArray, kind);
    const AlgInfo *const alg = findAlg(algorithm.toStdString());
    QVERIFY(alg);
    const KeyPairKind *const found = keyPairKindFor(alg->alg);
    QCOMPARE(found ? QByteArray::fromStdString(std::string(found->name)) : QByteArray(), kind);
    if (!found)
        return;
    const auto pair = generateKeyPair(*found);
    QVERIFY(pair);
    QVERIFY(Key::fromPem(pair->privatePem.view())->allows(alg->alg, true));
}

void tst_KeyPair::noTwoAreTheSame()
{
    const KeyPairKind *const kind = keyPairKindFor(Alg::ES256);
    QVERIFY(kind);
    QVERIFY(generateKeyPair(*kind)->publicPem != generateKeyPair(*kind)->publicPem);
}

QTEST_GUILESS_MAIN(tst_KeyPair)
#include "tst_key_pair.moc"
