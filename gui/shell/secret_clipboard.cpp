// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/secret_clipboard.h"

#include <QClipboard>
#include <QCryptographicHash>
#include <QGuiApplication>
#include <QMimeData>
#include <QTimer>

#include <algorithm>
#include <array>

namespace postern::gui {

namespace {

constexpr std::array kModes{QClipboard::Clipboard, QClipboard::Selection};

QByteArray digestOf(const QString &text)
{
    return QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256);
}

bool exists(QClipboard::Mode mode)
{
    return mode == QClipboard::Clipboard || QGuiApplication::clipboard()->supportsSelection();
}

} // namespace

SecretClipboard::SecretClipboard(QObject *parent, bool ticks)
    : QObject(parent),
      m_timer(ticks ? new QTimer(this) : nullptr)
{
    if (!m_timer)
        return;
    m_timer->setInterval(1000);
    connect(m_timer, &QTimer::timeout, this, &SecretClipboard::tick);
}

SecretClipboard::~SecretClipboard() { clearNow(); }

void SecretClipboard::copySecret(const QString &text)
{
    for (const QClipboard::Mode mode : kModes) {
        if (!exists(mode))
            continue;
        auto *offer = new QMimeData;
        offer->setText(text);
        // Clipboard managers keep no history of it.
        offer->setData(QStringLiteral("x-kde-passwordManagerHint"), "secret");
        QGuiApplication::clipboard()->setMimeData(offer, mode);
    }
    m_digest = digestOf(text);
    m_remaining = m_seconds;
    if (m_timer && m_remaining > 0)
        m_timer->start();
    Q_EMIT remainingChanged(m_remaining);
}

void SecretClipboard::copyPlain(const QString &text)
{
    m_digest.clear();
    m_remaining = 0;
    if (m_timer)
        m_timer->stop();
    QGuiApplication::clipboard()->setText(text);
    Q_EMIT remainingChanged(0);
}

void SecretClipboard::clearNow()
{
    if (m_digest.isEmpty())
        return;
    for (const QClipboard::Mode mode : kModes) {
        if (holdsOurs(mode))
            QGuiApplication::clipboard()->clear(mode);
    }
    m_digest.clear();
    m_remaining = 0;
    if (m_timer)
        m_timer->stop();
    Q_EMIT remainingChanged(0);
}

void SecretClipboard::setSeconds(int seconds) { m_seconds = std::clamp(seconds, 0, 120); }

int SecretClipboard::remaining() const noexcept { return m_remaining; }

void SecretClipboard::tick()
{
    if (m_remaining == 0)
        return;
    if (--m_remaining == 0)
        clearNow();
    else
        Q_EMIT remainingChanged(m_remaining);
}

bool SecretClipboard::holdsOurs(int mode) const
{
    const auto where = static_cast<QClipboard::Mode>(mode);
    return exists(where) && !m_digest.isEmpty()
        && digestOf(QGuiApplication::clipboard()->text(where)) == m_digest;
}

} // namespace postern::gui
