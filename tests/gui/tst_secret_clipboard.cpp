// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/secret_clipboard.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace postern::gui;

class tst_SecretClipboard : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QGuiApplication::clipboard()->clear(); }
    void saysThatItIsASecret();
    void countsDownAndClears();
    void keepsWhatSomebodyElseCopied();
    void clearsThePrimarySelectionToo();
    void clearsAtOnceAndWhenItEnds();
    void zeroSecondsKeepsIt();
    void plainTextStays();

private:
    static QString held() { return QGuiApplication::clipboard()->text(); }
};

void tst_SecretClipboard::saysThatItIsASecret()
{
    SecretClipboard clipboard(nullptr, false);
    clipboard.copySecret(QStringLiteral("s3cret"));
    QCOMPARE(held(), QStringLiteral("s3cret"));
    QCOMPARE(
        QGuiApplication::clipboard()->mimeData()->data(QStringLiteral("x-kde-passwordManagerHint")),
        QByteArray("secret"));
}

void tst_SecretClipboard::countsDownAndClears()
{
    SecretClipboard clipboard(nullptr, false);
    const QSignalSpy told(&clipboard, &SecretClipboard::remainingChanged);
    clipboard.copySecret(QStringLiteral("s3cret"));
    QCOMPARE(clipboard.remaining(), 10);
    for (int second = 0; second < 9; ++second)
        clipboard.tick();
    QCOMPARE(held(), QStringLiteral("s3cret"));
    QCOMPARE(clipboard.remaining(), 1);
    clipboard.tick();
    QCOMPARE(held(), QString());
    QCOMPARE(clipboard.remaining(), 0);
    QCOMPARE(told.size(), 11);
    QCOMPARE(told.last().first().toInt(), 0);
}

void tst_SecretClipboard::keepsWhatSomebodyElseCopied()
{
    SecretClipboard clipboard(nullptr, false);
    clipboard.setSeconds(1);
    clipboard.copySecret(QStringLiteral("s3cret"));
    QGuiApplication::clipboard()->setText(QStringLiteral("mine"));
    clipboard.tick();
    QCOMPARE(held(), QStringLiteral("mine"));
}

void tst_SecretClipboard::clearsThePrimarySelectionToo()
{
    if (!QGuiApplication::clipboard()->supportsSelection())
        QSKIP("this platform has no primary selection");
    SecretClipboard clipboard(nullptr, false);
    clipboard.setSeconds(1);
    clipboard.copySecret(QStringLiteral("s3cret"));
    QCOMPARE(QGuiApplication::clipboard()->text(QClipboard::Selection), QStringLiteral("s3cret"));
    clipboard.tick();
    QCOMPARE(QGuiApplication::clipboard()->text(QClipboard::Selection), QString());
}

void tst_SecretClipboard::clearsAtOnceAndWhenItEnds()
{
    {
        SecretClipboard clipboard(nullptr, false);
        clipboard.copySecret(QStringLiteral("s3cret"));
        clipboard.clearNow();
        QCOMPARE(held(), QString());
        clipboard.copySecret(QStringLiteral("another"));
    }
    QCOMPARE(held(), QString());
}

void tst_SecretClipboard::zeroSecondsKeepsIt()
{
    SecretClipboard clipboard(nullptr, false);
    clipboard.setSeconds(0);
    clipboard.copySecret(QStringLiteral("s3cret"));
    clipboard.tick();
    QCOMPARE(held(), QStringLiteral("s3cret"));
}

void tst_SecretClipboard::plainTextStays()
{
    SecretClipboard clipboard(nullptr, false);
    clipboard.setSeconds(1);
    clipboard.copySecret(QStringLiteral("s3cret"));
    clipboard.copyPlain(QStringLiteral("http://127.0.0.1:9080"));
    clipboard.tick();
    clipboard.clearNow();
    QCOMPARE(held(), QStringLiteral("http://127.0.0.1:9080"));
}

QTEST_MAIN(tst_SecretClipboard)
#include "tst_secret_clipboard.moc"
