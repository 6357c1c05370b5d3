// SPDX-License-Identifier: Apache-2.0
#include "gui/desktop/lock_signals.h"

#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

#include <utility>

namespace postern::gui {

namespace {

const QString kLogin = QStringLiteral("org.freedesktop.login1");
const QString kLoginPath = QStringLiteral("/org/freedesktop/login1");
const QString kManager = QStringLiteral("org.freedesktop.login1.Manager");

} // namespace

LockSignals::LockSignals(QObject *parent)
    : LockSignals(QDBusConnection::sessionBus(), QDBusConnection::systemBus(), parent)
{
}

LockSignals::LockSignals(QDBusConnection session, QDBusConnection system, QObject *parent)
    : QObject(parent),
      m_session(std::move(session)),
      m_system(std::move(system))
{
    if (m_session.isConnected()) {
        for (const char *name : {"org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"})
            m_session.connect({}, {}, QString::fromLatin1(name), QStringLiteral("ActiveChanged"),
                              this, SLOT(followScreen(bool)));
    }
    if (m_system.isConnected()) {
        m_system.connect(kLogin, kLoginPath, kManager, QStringLiteral("PrepareForSleep"), this,
                         SLOT(followSleep(bool)));
        watchSession();
    }
}

// Other sessions of the machine are locked, too: only the own one counts.
void LockSignals::watchSession()
{
    const QString id = qEnvironmentVariable("XDG_SESSION_ID");
    QDBusMessage call = QDBusMessage::createMethodCall(
        kLogin, kLoginPath, kManager,
        id.isEmpty() ? QStringLiteral("GetSessionByPID") : QStringLiteral("GetSession"));
    if (id.isEmpty())
        call << quint32{0}; // the caller's
    else
        call << id;
    auto *const watcher = new QDBusPendingCallWatcher(m_system.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusObjectPath> path = *watcher;
        if (path.isError())
            return; // started outside of a session: the screen saver says it
        m_system.connect(kLogin, path.value().path(),
                         QStringLiteral("org.freedesktop.login1.Session"), QStringLiteral("Lock"),
                         this, SLOT(followSession()));
    });
}

void LockSignals::followScreen(bool locked)
{
    if (locked)
        Q_EMIT lockRequested();
}

void LockSignals::followSleep(bool begins)
{
    if (begins)
        Q_EMIT lockRequested();
}

void LockSignals::followSession() { Q_EMIT lockRequested(); }

} // namespace postern::gui
