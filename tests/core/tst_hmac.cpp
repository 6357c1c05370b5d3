// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/hmac.h"

#include <QTest>

#include <string>

using namespace postern;

class tst_Hmac : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knownAnswers_data();
    void knownAnswers();
    void refusesUnknownDigests();
};

void tst_Hmac::knownAnswers_data()
{
    QTest::addColumn<QByteArray>("digest");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("hex");
    const QByteArray jefe("Jefe"), what("what do ya want for nothing?"), hi("Hi There");
    QTest::newRow("RFC 2202 3, case 1") << QByteArray("SHA1") << QByteArray(20, '\x0b') << hi
                                        << QByteArray("b617318655057264e28bc0b6fb378c8ef146be00");
    QTest::newRow("RFC 2202 3, case 2") << QByteArray("SHA1") << jefe << what
                                        << QByteArray("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    QTest::newRow("RFC 4231 4.2")
        << QByteArray("SHA256") << QByteArray(20, '\x0b') << hi
        << QByteArray("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    QTest::newRow("RFC 4231 4.3, 512")
        << QByteArray("SHA512") << jefe << what
        << QByteArray("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                      "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    QTest::newRow("RFC 4231 4.7: a key longer than the block")
        << QByteArray("SHA256") << QByteArray(131, '\xaa')
        << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
        << QByteArray("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    QTest::newRow("empty key and text")
        << QByteArray("SHA256") << QByteArray("") << QByteArray("")
        << QByteArray("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

void tst_Hmac::knownAnswers()
{
    QFETCH(QByteArray, digest);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, hex);
    auto hmac = Hmac::make(digest.toStdString(), key.toStdString());
    QVERIFY(hmac.has_value());
    // whole, then octet by octet with the same context
    QVERIFY(hmac->begin());
    QVERIFY(hmac->update(text.toStdString()));
    QCOMPARE(encodeHex(hmac->finish()), hex.toStdString());
    QVERIFY(hmac->begin());
    for (const char c : text)
        QVERIFY(hmac->update({&c, 1}));
    QCOMPARE(encodeHex(hmac->finish()), hex.toStdString());
}

void tst_Hmac::refusesUnknownDigests() { QVERIFY(!Hmac::make("MD17", "key")); }

QTEST_GUILESS_MAIN(tst_Hmac)
#include "tst_hmac.moc"
