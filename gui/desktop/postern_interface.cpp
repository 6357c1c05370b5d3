// SPDX-License-Identifier: Apache-2.0
#include "gui/desktop/postern_interface.h"

#include <utility>

namespace postern::gui {

namespace {

const QString kInterface = QStringLiteral("dev.postern.Postern1");
const QString kNotReady = QStringLiteral("dev.postern.Error.NotReady");
const QString kRefused = QStringLiteral("dev.postern.Error.Refused");

} // namespace

PosternInterface::PosternInterface(QObject *object, QDBusConnection bus, QString path)
    : QDBusAbstractAdaptor(object),
      m_bus(std::move(bus)),
      m_path(std::move(path))
{
}

QString PosternInterface::state() const
{
    return m_service ? m_service->state() : QStringLiteral("closed");
}

void PosternInterface::tellState()
{
    QDBusMessage signal =
        QDBusMessage::createSignal(m_path, QStringLiteral("org.freedesktop.DBus.Properties"),
                                   QStringLiteral("PropertiesChanged"));
    signal << kInterface << QVariantMap{{QStringLiteral("State"), state()}} << QStringList();
    if (m_bus.isConnected())
        m_bus.send(signal);
}

void PosternInterface::answer(const QDBusMessage &message, void (DesktopService::*call)())
{
    if (m_service)
        return (m_service->*call)();
    message.setDelayedReply(true);
    m_bus.send(message.createErrorReply(kNotReady, QStringLiteral("the window is not open yet")));
}

void PosternInterface::StartGateway(const QDBusMessage &message)
{
    answer(message, &DesktopService::startGateway);
}

void PosternInterface::StopGateway(const QDBusMessage &message)
{
    answer(message, &DesktopService::stopGateway);
}

QString PosternInterface::MintToken(const QString &consumer, const QVariantMap &options,
                                    const QDBusMessage &message)
{
    message.setDelayedReply(true);
    if (!m_service) {
        m_bus.send(
            message.createErrorReply(kNotReady, QStringLiteral("the window is not open yet")));
        return {};
    }
    m_service->mintToken(consumer, options,
                         [bus = m_bus, message](const QString &token, const QString &error) {
                             bus.send(token.isEmpty() ? message.createErrorReply(kRefused, error)
                                                      : message.createReply(token));
                         });
    return {};
}

} // namespace postern::gui
