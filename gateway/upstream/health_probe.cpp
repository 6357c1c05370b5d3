// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/health_probe.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

/// A status line has not more; what comes without a line end is no HTTP.
constexpr std::size_t kLongestLine = 4096;

/// "HTTP/1.1 200 OK": 200; 0 if it is something else.
int statusOf(std::string_view line) noexcept
{
    if (!line.starts_with("HTTP/"))
        return 0;
    line.remove_prefix(std::min(line.size(), line.find(' ')));
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
    int status = 0;
    const auto read = std::from_chars(line.data(), line.data() + line.size(), status);
    return read.ec == std::errc() && status >= 100 && status < 1000 ? status : 0;
}

} // namespace

HealthProbe::HealthProbe(Reactor &reactor, Running &running, int descriptor, std::string request,
                         Duration limit, Done done)
    : m_reactor(reactor),
      m_running(running),
      m_done(std::move(done)),
      m_request(std::move(request)),
      m_limit(limit),
      m_descriptor(descriptor)
{
}

HealthProbe::~HealthProbe()
{
    if (m_timer)
        m_reactor.cancel(m_timer);
    ::close(m_descriptor);
}

void HealthProbe::begin(Reactor &reactor, Running &running, const SocketAddress &address,
                        std::string request, Duration limit, Done done)
{
    const auto descriptor = startConnect(address);
    if (!descriptor) {
        reactor.post([done = std::move(done)] { done({ProbeOutcome::Kind::Failed}); });
        return;
    }
    std::unique_ptr<HealthProbe> probe(
        new HealthProbe(reactor, running, *descriptor, std::move(request), limit, std::move(done)));
    if (!reactor.add(*descriptor, probe.get(), EPOLLOUT)) {
        reactor.post([done = std::move(probe->m_done)] { done({ProbeOutcome::Kind::Failed}); });
        return;
    }
    probe->arm();
    running.emplace(probe.get(), std::move(probe));
}

void HealthProbe::arm()
{
    if (m_timer)
        m_reactor.cancel(m_timer);
    m_timer =
        m_reactor.callAfter(std::chrono::duration_cast<Reactor::Clock::duration>(m_limit), [this] {
            m_timer = 0;
            finish({ProbeOutcome::Kind::TimedOut});
        });
}

void HealthProbe::onEvents(std::uint32_t events)
{
    if (!m_connected) {
        if (connectError(m_descriptor) != 0) {
            finish({ProbeOutcome::Kind::Failed});
            return;
        }
        m_connected = true;
        if (m_request.empty()) {
            finish({ProbeOutcome::Kind::Connected});
            return;
        }
        arm();
    }
    if (m_sent < m_request.size())
        send();
    else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        receive();
}

void HealthProbe::send()
{
    const ssize_t sent =
        ::send(m_descriptor, m_request.data() + m_sent, m_request.size() - m_sent, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR)
            finish({ProbeOutcome::Kind::Failed});
        return;
    }
    m_sent += static_cast<std::size_t>(sent);
    if (m_sent == m_request.size()) {
        m_reactor.modify(m_descriptor, this, EPOLLIN);
        arm();
    }
}

void HealthProbe::receive()
{
    std::array<char, 1024> buffer;
    const ssize_t got = ::recv(m_descriptor, buffer.data(), buffer.size(), 0);
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR)
            finish({ProbeOutcome::Kind::Failed});
        return;
    }
    if (got == 0) { // closed before the line was there
        finish({ProbeOutcome::Kind::Failed});
        return;
    }
    m_line.append(buffer.data(), static_cast<std::size_t>(got));
    const std::size_t end = m_line.find('\n');
    if (end != std::string::npos)
        finish({ProbeOutcome::Kind::Answered, statusOf(std::string_view(m_line).substr(0, end))});
    else if (m_line.size() > kLongestLine)
        finish({ProbeOutcome::Kind::Answered, 0});
}

void HealthProbe::finish(ProbeOutcome outcome)
{
    m_reactor.remove(m_descriptor);
    const Done done = std::move(m_done);
    auto self = m_running.extract(this);
    m_reactor.retire(std::move(self.mapped()));
    done(outcome);
}

} // namespace postern::gateway
