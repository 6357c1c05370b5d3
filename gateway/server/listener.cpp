// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/listener.h"

#include <cerrno>
#include <chrono>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr auto kRest = std::chrono::milliseconds(100);

} // namespace

class Listener::Source final : public EventSource
{
public:
    Source(Reactor &reactor, int descriptor, std::function<void(int)> accepted)
        : m_reactor(reactor),
          m_descriptor(descriptor),
          m_accepted(std::move(accepted))
    {
    }
    ~Source() override { stop(); }

    Result<void> start() { return m_reactor.add(m_descriptor, this, EPOLLIN); }
    void stop() noexcept
    {
        if (m_descriptor < 0)
            return;
        m_reactor.cancel(m_resting);
        m_reactor.remove(m_descriptor);
        ::close(std::exchange(m_descriptor, -1));
    }

    void onEvents(std::uint32_t) override
    {
        // The callee may end this listener.
        while (m_descriptor >= 0) {
            const int accepted =
                ::accept4(m_descriptor, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (accepted >= 0) {
                m_accepted(accepted);
                continue;
            }
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            if (errno != EAGAIN && errno != EWOULDBLOCK)
                rest();
            return;
        }
    }

private:
    void rest()
    {
        m_reactor.modify(m_descriptor, this, 0);
        m_resting =
            m_reactor.callAfter(kRest, [this] { m_reactor.modify(m_descriptor, this, EPOLLIN); });
    }

    Reactor &m_reactor;
    int m_descriptor;
    std::function<void(int)> m_accepted;
    Reactor::TimerId m_resting = 0;
};

Listener::Listener(Reactor &reactor, int descriptor, std::function<void(int)> accepted)
    : m_reactor(reactor),
      m_source(std::make_unique<Source>(reactor, descriptor, std::move(accepted)))
{
}

Listener::~Listener()
{
    m_source->stop();
    m_reactor.retire(std::move(m_source));
}

Result<void> Listener::start() { return m_source->start(); }

} // namespace postern::gateway
