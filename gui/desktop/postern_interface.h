// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDBusAbstractAdaptor>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QString>
#include <QVariantMap>

#include <functional>

namespace postern::gui {

/// What the interface on the bus asks of the application. Main thread.
class DesktopService
{
public:
    virtual ~DesktopService() = default;
    virtual void startGateway() = 0;
    virtual void stopGateway() = 0;
    /// "closed", "stopped", "starting", "running", "attached", "lost".
    [[nodiscard]] virtual QString state() const = 0;
    /// A token for a consumer.
    /// \param options "credential" (s, the first), "ttl" (x, seconds; 300), "claims" (as, as
    /// `postern token mint --claim` takes them)
    /// \param done with the token, or with no token and a sentence why not
    virtual void mintToken(const QString &consumer, const QVariantMap &options,
                           std::function<void(QString token, QString error)> done) = 0;
};

/// The application's own interface on the user's bus. No method gives a stored secret away: what
/// MintToken returns expires.
class PosternInterface : public QDBusAbstractAdaptor
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "dev.postern.Postern1")
    Q_PROPERTY(QString State READ state)
public:
    /// \param object that is registered at `path`
    PosternInterface(QObject *object, QDBusConnection bus, QString path);
    void setService(DesktopService *service) { m_service = service; } ///< nullptr: not yet
    [[nodiscard]] QString state() const;
    void tellState(); ///< it is another one
    void tellDecided(const QVariantMap &request) { Q_EMIT RequestDecided(request); }

public Q_SLOTS:
    // The names are the interface's.
    void StartGateway(const QDBusMessage &message); // NOLINT(readability-identifier-naming)
    void StopGateway(const QDBusMessage &message); // NOLINT(readability-identifier-naming)
    QString MintToken(const QString &consumer, // NOLINT(readability-identifier-naming)
                      const QVariantMap &options, const QDBusMessage &message);

Q_SIGNALS:
    /// id, method, path, host (s), status (u), decision, route, consumer, plugin, reason (s).
    void RequestDecided(const QVariantMap &request); // NOLINT(readability-identifier-naming)

private:
    void answer(const QDBusMessage &message, void (DesktopService::*call)());

    QDBusConnection m_bus;
    QString m_path;
    DesktopService *m_service = nullptr;
};

} // namespace postern::gui
