// SPDX-License-Identifier: Apache-2.0
#include "tests/support/redis_server.h"

#include "gateway/server/socket.h"

#include <QDeadlineTimer>
#include <QFile>

#include <csignal>
#include <cstdio>

#include <sys/prctl.h>
#include <unistd.h>

namespace postern::test {
namespace {

constexpr int kPatience = 60'000; // ms
constexpr int kAttempts = 5; // somebody may take the port in between

QString number(std::uint16_t port) { return QString::number(port); }

} // namespace

std::uint16_t freePort()
{
    const auto descriptor = gateway::listenTcp("127.0.0.1", 0);
    if (!descriptor)
        return 0;
    const std::uint16_t port = gateway::localAddress(*descriptor).port();
    ::close(*descriptor);
    return port;
}

RedisServer::~RedisServer() { kill(); }

bool RedisServer::start(const QStringList &options, Kind kind)
{
    m_options = options;
    m_kind = kind;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        do
            m_port = freePort();
        while (m_port > 50'000); // a cluster's bus is 10,000 above
        if (run())
            return true;
    }
    return false;
}

bool RedisServer::startAgain() { return run(); }

bool RedisServer::run()
{
    const QString configuration = m_directory.filePath(QStringLiteral("redis.conf"));
    QFile file(configuration); // a sentinel needs one, to write to
    const QString text = m_options.filter(QStringLiteral("sentinel "))
                             .join(QLatin1Char('\n')); // one directive a line
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
        return false;
    file.close();
    QStringList arguments{configuration,
                          m_kind == Kind::Tls ? QStringLiteral("--tls-port")
                                              : QStringLiteral("--port"),
                          number(m_port),
                          QStringLiteral("--bind"),
                          QStringLiteral("127.0.0.1"),
                          QStringLiteral("--dir"),
                          m_directory.path(),
                          QStringLiteral("--logfile"),
                          QString()};
    if (m_kind == Kind::Tls)
        arguments << QStringLiteral("--port") << QStringLiteral("0");
    if (m_kind == Kind::Cluster)
        // A node that merely gets no processor must not be taken for a dead one.
        arguments << QStringLiteral("--cluster-enabled") << QStringLiteral("yes")
                  << QStringLiteral("--cluster-node-timeout") << QStringLiteral("15000");
    if (m_kind == Kind::Sentinel)
        arguments << QStringLiteral("--sentinel");
    else
        arguments << QStringLiteral("--save") << QString();
    for (const QString &option : m_options) {
        if (!option.startsWith(QLatin1String("sentinel ")))
            arguments << option;
    }
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process->start(QStringLiteral("redis-server"), arguments);
    QByteArray output;
    const QByteArray ready = m_kind == Kind::Sentinel ? "monitor master" : "Ready to accept";
    while (m_process->state() != QProcess::NotRunning || m_process->bytesAvailable() > 0) {
        if (!m_process->waitForReadyRead(kPatience))
            break;
        output += m_process->readAll();
        if (output.contains(ready))
            return true;
    }
    std::fprintf(stderr, "redis-server: %s\n%s\n", qPrintable(m_process->errorString()),
                 output.constData());
    m_process->kill();
    m_process->waitForFinished(kPatience);
    return false;
}

void RedisServer::kill()
{
    if (!m_process)
        return;
    m_process->kill();
    m_process->waitForFinished(kPatience);
    m_process.reset();
}

void RedisServer::freeze() { ::kill(static_cast<pid_t>(m_process->processId()), SIGSTOP); }

void RedisServer::thaw() { ::kill(static_cast<pid_t>(m_process->processId()), SIGCONT); }

std::string RedisServer::command(std::initializer_list<const char *> words,
                                 const QStringList &login) const
{
    QStringList arguments{QStringLiteral("-p"), number(m_port),
                          QStringLiteral("--no-auth-warning")};
    arguments << login;
    if (m_kind == Kind::Tls)
        arguments << QStringLiteral("--tls") << QStringLiteral("--insecure");
    for (const char *word : words)
        arguments << QString::fromUtf8(word);
    QProcess client;
    client.start(QStringLiteral("redis-cli"), arguments);
    if (!client.waitForFinished(kPatience))
        return "redis-cli: " + client.errorString().toStdString();
    std::string text = client.readAllStandardOutput().toStdString();
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

bool RedisServer::eventually(std::initializer_list<const char *> words, std::string_view text,
                             const QStringList &login) const
{
    const QDeadlineTimer deadline(kPatience);
    while (!deadline.hasExpired()) {
        if (command(words, login).contains(text)) // a process each time: this does not spin
            return true;
    }
    std::fprintf(stderr, "redis-cli: %s\n", command(words, login).c_str());
    return false;
}

} // namespace postern::test
