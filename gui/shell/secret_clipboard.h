// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

#include <functional>
#include <memory>

class QTimer;

namespace postern::gui {

/// Puts secrets on the clipboard (and the primary selection where there is one), marked with
/// `x-kde-passwordManagerHint=secret`, and takes them away again, unless something else is there by
/// then. Main thread.
class SecretClipboard : public QObject
{
    Q_OBJECT
public:
    /// \param ticks tests move the time on themselves with tick()
    explicit SecretClipboard(QObject *parent = nullptr, bool ticks = true);
    ~SecretClipboard() override; ///< clears

    void copySecret(const QString &text);
    void copyPlain(const QString &text); ///< nothing secret: stays
    void clearNow();
    /// Seconds until a secret goes; 0 to keep it. Default 10.
    void setSeconds(int seconds);
    [[nodiscard]] int remaining() const noexcept; ///< 0: nothing armed
    void tick(); ///< one second passed

Q_SIGNALS:
    void remainingChanged(int seconds);

private:
    [[nodiscard]] bool holdsOurs(int mode) const; // QClipboard::Mode
    QTimer *m_timer;
    QByteArray m_digest; ///< of what was copied; the text itself is not kept
    int m_seconds = 10;
    int m_remaining = 0;
};

} // namespace postern::gui
