// SPDX-License-Identifier: Apache-2.0
#include "gateway_process.h"

#include "core/json/parse.h"

#include <QTcpSocket>

#include <format>

namespace postern::test {
namespace {

constexpr int kPatienceMs = 30'000;

} // namespace

Answer call(std::uint16_t port, const std::string &method, const std::string &target,
            const std::vector<std::string> &headers, const std::string &body)
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    if (!socket.waitForConnected(kPatienceMs))
        return {};
    std::string request = std::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                                      "Connection: close\r\nContent-Length: {}\r\n",
                                      method, target, port, body.size());
    for (const std::string &header : headers)
        request += header + "\r\n";
    request += "\r\n" + body;
    socket.write(request.data(), static_cast<qint64>(request.size()));
    QByteArray octets;
    while (socket.waitForReadyRead(kPatienceMs))
        octets += socket.readAll();
    octets += socket.readAll();
    const Answer answer{octets.size() > 12 ? octets.mid(9, 3).toInt() : 0, octets.toStdString()};
    return answer;
}

GatewayProcess::GatewayProcess(const std::vector<std::string> &extra)
{
    QStringList arguments{QStringLiteral("gateway"),     QStringLiteral("run"),
                          QStringLiteral("--proxy"),     QStringLiteral("127.0.0.1:0"),
                          QStringLiteral("--admin"),     QStringLiteral("127.0.0.1:0"),
                          QStringLiteral("--port-file"), QStringLiteral("-")};
    for (const std::string &argument : extra)
        arguments << QString::fromStdString(argument);
    m_process.setProcessEnvironment(cleanEnvironment(environment()));
    m_process.setWorkingDirectory(m_home.path());
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral(POSTERN_BINARY), arguments);
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(kPatienceMs))
            return;
    }
    m_ready = parseJson(m_process.readLine().trimmed().toStdString()).value_or(Json());
}

GatewayProcess::~GatewayProcess()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(kPatienceMs))
        m_process.kill();
    m_process.waitForFinished(kPatienceMs);
}

std::uint16_t GatewayProcess::port(const char *member) const
{
    const std::string_view url = m_ready.stringOr(member, "");
    const std::string_view rest = url.substr(std::min(url.rfind(':'), url.size()));
    return rest.empty()
        ? std::uint16_t{0}
        : static_cast<std::uint16_t>(std::atoi(std::string(rest.substr(1)).c_str()));
}

Answer GatewayProcess::admin(const std::string &method, const std::string &path,
                             const std::string &body) const
{
    return call(port("admin"), method, "/apisix/admin" + path,
                {std::format("X-API-KEY: {}", m_ready.stringOr("admin_key", ""))}, body);
}

Ran GatewayProcess::postern(const std::vector<std::string> &arguments) const
{
    return runPostern(arguments, {}, environment());
}

} // namespace postern::test
