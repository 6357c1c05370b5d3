// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <memory>

class QLocalServer;

namespace postern::gui {

class PosternInterface;

/// One window a user: the first start owns the application's name on the user's bus and speaks
/// org.freedesktop.Application (Desktop Entry Specification, "D-Bus Activation"); a later start
/// hands over what it was asked to open and ends. Without a bus a socket in the user's runtime
/// directory does the same. Main thread.
class SingleInstance : public QObject
{
    Q_OBJECT
public:
    /// The application's id: desktop file, icon, bus name. The object path derives from it.
    static constexpr const char *kId = "dev.postern.Postern";

    explicit SingleInstance(QObject *parent = nullptr);
    /// \param bus instead of the user's; one that is not connected stands for none
    /// \param socket instead of the one in the user's runtime directory
    SingleInstance(QDBusConnection bus, std::filesystem::path socket, QObject *parent = nullptr);
    ~SingleInstance() override;

    /// Becomes the first, or hands over to it. A first that does not answer is not waited for
    /// longer than a second: then this start opens a window of its own.
    /// \param files absolute paths or URLs; may be empty
    /// \return true: somebody else has taken it, this process has nothing left to do
    [[nodiscard]] bool handOver(const QStringList &files);

    /// dev.postern.Postern1 at the same object.
    [[nodiscard]] PosternInterface &interface() const noexcept { return *m_interface; }

    /// \name Called over the bus or the socket
    /// @{
    void activate(const QString &token);
    void open(const QStringList &files, const QString &token);
    void runAction(const QString &name, const QString &token);
    /// @}

Q_SIGNALS:
    void activated(); ///< show the window
    void openRequested(const QStringList &files); ///< local paths
    /// An action of the desktop file: "mint-token", "debug-clipboard", "start-gateway".
    void actionRequested(const QString &name);

private:
    enum class Answer { Nobody, Taken, Silent };
    [[nodiscard]] Answer askOverBus(const QStringList &files);
    [[nodiscard]] Answer askOverSocket(const QStringList &files);
    void listen();
    void readRequest();

    QDBusConnection m_bus;
    std::filesystem::path m_socket;
    PosternInterface *m_interface;
    std::unique_ptr<QLocalServer> m_server;
};

} // namespace postern::gui
