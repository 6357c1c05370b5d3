// SPDX-License-Identifier: Apache-2.0
#include "gui/desktop/single_instance.h"

#include "core/runtime_directory.h"
#include "gui/desktop/freedesktop_application.h"
#include "gui/desktop/postern_interface.h"

#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalServer>
#include <QLocalSocket>
#include <QUrl>

namespace postern::gui {
namespace {

constexpr int kPatience = 5000; // ms; the first may be busy
constexpr qint64 kMaxRequest = 1024LL * 1024;

QString objectPath()
{
    return QLatin1Char('/') + QString::fromLatin1(SingleInstance::kId).replace(u'.', u'/');
}

QStringList asUrls(const QStringList &files)
{
    QStringList urls;
    for (const QString &file : files) {
        const QUrl url(file);
        urls += url.scheme().size() > 1
            ? file
            : QUrl::fromLocalFile(QFileInfo(file).absoluteFilePath()).toString();
    }
    return urls;
}

QStringList asPaths(const QStringList &urls)
{
    QStringList paths;
    for (const QString &text : urls) {
        const QUrl url(text);
        paths += url.isLocalFile() ? url.toLocalFile() : text;
    }
    return paths;
}

std::filesystem::path defaultSocket()
{
    const auto directory = runtimeDirectory();
    return directory ? *directory / "desktop.sock" : std::filesystem::path();
}

} // namespace

SingleInstance::SingleInstance(QObject *parent)
    : SingleInstance(QDBusConnection::sessionBus(), defaultSocket(), parent)
{
}

SingleInstance::SingleInstance(QDBusConnection bus, std::filesystem::path socket, QObject *parent)
    : QObject(parent),
      m_bus(std::move(bus)),
      m_socket(std::move(socket)),
      m_interface(new PosternInterface(this, m_bus, objectPath()))
{
    new FreedesktopApplication(this);
}

SingleInstance::~SingleInstance()
{
    if (m_bus.isConnected()) {
        m_bus.unregisterObject(objectPath());
        m_bus.unregisterService(QString::fromLatin1(kId));
    }
}

bool SingleInstance::handOver(const QStringList &files)
{
    return (m_bus.isConnected() ? askOverBus(files) : askOverSocket(files)) == Answer::Taken;
}

SingleInstance::Answer SingleInstance::askOverBus(const QStringList &files)
{
    const QString name = QString::fromLatin1(kId);
    // The object first: whoever sees the name may call at once.
    m_bus.registerObject(objectPath(), this, QDBusConnection::ExportAdaptors);
    const QDBusReply<QDBusConnectionInterface::RegisterServiceReply> owner =
        m_bus.interface()->registerService(name, QDBusConnectionInterface::DontQueueService,
                                           QDBusConnectionInterface::DontAllowReplacement);
    if (owner.isValid() && owner.value() == QDBusConnectionInterface::ServiceRegistered)
        return Answer::Nobody;
    const QVariantMap platformData{
        {QStringLiteral("activation-token"), qEnvironmentVariable("XDG_ACTIVATION_TOKEN")}};
    QDBusMessage call = QDBusMessage::createMethodCall(
        name, objectPath(), QStringLiteral("org.freedesktop.Application"),
        files.isEmpty() ? QStringLiteral("Activate") : QStringLiteral("Open"));
    if (files.isEmpty())
        call << platformData;
    else
        call << asUrls(files) << platformData;
    const QDBusMessage answer = m_bus.call(call, QDBus::Block, kPatience);
    return answer.type() == QDBusMessage::ReplyMessage ? Answer::Taken : Answer::Silent;
}

SingleInstance::Answer SingleInstance::askOverSocket(const QStringList &files)
{
    if (m_socket.empty())
        return Answer::Nobody;
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(m_socket.string()));
    if (!socket.waitForConnected(kPatience)) {
        listen();
        return Answer::Nobody;
    }
    const QJsonObject request{
        {QStringLiteral("open"), QJsonArray::fromStringList(asUrls(files))},
        {QStringLiteral("token"), qEnvironmentVariable("XDG_ACTIVATION_TOKEN")}};
    socket.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
    return socket.waitForReadyRead(kPatience) && socket.readLine() == "ok\n" ? Answer::Taken
                                                                             : Answer::Silent;
}

void SingleInstance::listen()
{
    m_server = std::make_unique<QLocalServer>();
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    const QString name = QString::fromStdString(m_socket.string());
    QLocalServer::removeServer(name); // nobody answers there
    if (m_server->listen(name))
        connect(m_server.get(), &QLocalServer::newConnection, this, &SingleInstance::readRequest);
}

void SingleInstance::readRequest()
{
    QLocalSocket *const socket = m_server->nextPendingConnection();
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
        if (socket->bytesAvailable() > kMaxRequest)
            return socket->abort();
        if (!socket->canReadLine())
            return;
        const QJsonObject request = QJsonDocument::fromJson(socket->readLine()).object();
        QStringList files;
        for (const auto &file : request.value(u"open").toArray())
            files += file.toString();
        socket->write("ok\n");
        socket->disconnectFromServer();
        const QString token = request.value(u"token").toString();
        files.isEmpty() ? activate(token) : open(files, token);
    });
}

void SingleInstance::activate(const QString &token)
{
    if (!token.isEmpty()) // the window system lets the window come to the front only with it
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8());
    Q_EMIT activated();
}

void SingleInstance::open(const QStringList &files, const QString &token)
{
    activate(token);
    Q_EMIT openRequested(asPaths(files));
}

void SingleInstance::runAction(const QString &name, const QString &token)
{
    activate(token);
    Q_EMIT actionRequested(name);
}

} // namespace postern::gui
