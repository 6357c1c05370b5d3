// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QObject>

namespace postern::gui {

/// Says when secrets are to be locked because nobody is in front of the screen: it is locked
/// (org.freedesktop.ScreenSaver and org.gnome.ScreenSaver on the user's bus, Lock of the own
/// org.freedesktop.login1 session on the system's) or the machine goes to sleep (PrepareForSleep).
/// Without a bus it says nothing. Main thread; asks nothing that is waited for.
class LockSignals : public QObject
{
    Q_OBJECT
public:
    explicit LockSignals(QObject *parent = nullptr);
    /// \param session, system instead of the user's and the system's bus
    LockSignals(QDBusConnection session, QDBusConnection system, QObject *parent = nullptr);

Q_SIGNALS:
    void lockRequested();

private Q_SLOTS:
    void followScreen(bool locked);
    void followSleep(bool begins);
    void followSession();

private:
    void watchSession();

    QDBusConnection m_session, m_system;
};

} // namespace postern::gui
