// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/acceptor.h"

#include <QEventLoop>
#include <QTcpServer>
#include <QThread>

#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace postern::gateway {

class Acceptor::Server : public QTcpServer
{
public:
    explicit Server(const std::function<void(int)> &accepted) : m_accepted(accepted) {}

protected:
    void incomingConnection(qintptr descriptor) override
    {
        const int socket = static_cast<int>(descriptor);
        ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
        m_accepted(socket);
    }

private:
    const std::function<void(int)> &m_accepted;
};

struct Acceptor::State
{
    std::function<void(int)> accepted;
    int descriptor = -1; ///< bound, not yet given to the server
    std::unique_ptr<QThread> thread;
};

Acceptor::Acceptor(std::function<void(int)> accepted) : m_state(std::make_unique<State>())
{
    m_state->accepted = std::move(accepted);
}

Acceptor::~Acceptor() { stop(); }

Result<std::uint16_t> Acceptor::bind(const std::string &host, std::uint16_t port)
{
    const auto descriptor = listenTcp(host, port);
    if (!descriptor)
        return std::unexpected(descriptor.error());
    m_state->descriptor = *descriptor;
    return localAddress(*descriptor).port();
}

void Acceptor::start()
{
    m_state->thread.reset(QThread::create([state = m_state.get()] {
        Server server(state->accepted);
        server.setListenBacklogSize(4096);
        server.setMaxPendingConnections(4096);
        server.setSocketDescriptor(std::exchange(state->descriptor, -1));
        QEventLoop loop;
        loop.exec();
    }));
    m_state->thread->start();
}

void Acceptor::stop()
{
    if (m_state->thread) {
        m_state->thread->quit();
        m_state->thread->wait();
        m_state->thread.reset();
    }
    if (m_state->descriptor >= 0)
        ::close(std::exchange(m_state->descriptor, -1));
}

} // namespace postern::gateway
