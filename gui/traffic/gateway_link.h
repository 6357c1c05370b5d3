// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QString>
#include <QThread>

#include <atomic>
#include <memory>
#include <string>

namespace postern::gui {

/// Follows a running gateway's traces through its control API, on a thread of its own; connects
/// again when the gateway is gone. Signals arrive in the receiver's thread.
class GatewayLink : public QObject
{
    Q_OBJECT
public:
    /// \param uri "unix:/path" or "http://host:port"; empty: POSTERN_SOCKET, else the user's newest
    /// gateway, looked for at each attempt
    explicit GatewayLink(std::string uri, QObject *parent = nullptr);
    ~GatewayLink() override;

    void start();

Q_SIGNALS:
    /// The gateway answers; `uri` is where.
    void attached(const QString &uri);
    /// Nobody answers, or not any more; `reason` is for people.
    void detached(const QString &reason);
    /// One decided request, as the control API's JSON text.
    void traceArrived(const QByteArray &json);

private:
    void follow();
    void followOnce();

    std::string m_uri;
    std::atomic<bool> m_stop{false};
    std::unique_ptr<QThread> m_thread;
};

} // namespace postern::gui
