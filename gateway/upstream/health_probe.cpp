// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/health_probe.h"

#include "gateway/tls/upstream_tls.h"

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

HealthProbe::HealthProbe(Reactor &reactor, Running &running, int descriptor, ProbeQuestion question,
                         Done done)
    : m_reactor(reactor),
      m_running(running),
      m_done(std::move(done)),
      m_question(std::move(question)),
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
                        ProbeQuestion question, Done done)
{
    const auto descriptor = startConnect(address);
    if (!descriptor) {
        reactor.post([done = std::move(done)] { done({ProbeOutcome::Kind::Failed}); });
        return;
    }
    std::unique_ptr<HealthProbe> probe(
        new HealthProbe(reactor, running, *descriptor, std::move(question), std::move(done)));
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
    const auto limit = std::chrono::duration_cast<Reactor::Clock::duration>(m_question.limit);
    m_timer = m_reactor.callAfter(limit, [this] {
        m_timer = 0;
        // The original takes whatever ends a handshake for a failure of the connection.
        if (m_step == Step::Securing)
            finish({ProbeOutcome::Kind::Failed, 0, "TLS: no answer"});
        else
            finish({ProbeOutcome::Kind::TimedOut});
    });
}

void HealthProbe::onEvents(std::uint32_t events)
{
    switch (m_step) {
    case Step::Connecting:
        connected();
        break;
    case Step::Securing:
        handshake();
        break;
    case Step::Sending:
        send();
        break;
    case Step::Receiving:
        if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            receive();
        break;
    }
}

void HealthProbe::connected()
{
    if (connectError(m_descriptor) != 0) {
        finish({ProbeOutcome::Kind::Failed});
        return;
    }
    if (m_question.request.empty()) {
        finish({ProbeOutcome::Kind::Connected});
        return;
    }
    if (!m_question.tls) {
        ask();
        return;
    }
    m_tls = TlsSession::connect(m_question.tls->identity->context.get(), m_descriptor,
                                {m_question.serverName, m_question.tls->trust.get()});
    if (!m_tls) {
        finish({ProbeOutcome::Kind::Failed, 0, "TLS cannot be set up"});
        return;
    }
    m_step = Step::Securing;
    arm();
    handshake();
}

void HealthProbe::handshake()
{
    switch (m_tls->handshake()) {
    case TlsSession::Step::WantsRead:
        m_reactor.modify(m_descriptor, this, EPOLLIN);
        break;
    case TlsSession::Step::WantsWrite:
        m_reactor.modify(m_descriptor, this, EPOLLOUT);
        break;
    case TlsSession::Step::Failed:
        finish({ProbeOutcome::Kind::Failed, 0, "TLS: " + m_tls->failure()});
        break;
    case TlsSession::Step::Done:
        m_reactor.modify(m_descriptor, this, EPOLLOUT);
        ask();
        break;
    }
}

void HealthProbe::ask()
{
    m_step = Step::Sending;
    arm();
    send();
}

void HealthProbe::send()
{
    const std::string &request = m_question.request;
    const ssize_t sent =
        sendTo(m_descriptor, m_tls.get(), request.data() + m_sent, request.size() - m_sent);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR)
            finish({ProbeOutcome::Kind::Failed});
        return;
    }
    m_sent += static_cast<std::size_t>(sent);
    if (m_sent < request.size())
        return;
    m_step = Step::Receiving;
    m_reactor.modify(m_descriptor, this, EPOLLIN);
    arm();
    if (m_tls && m_tls->holdsInput()) // read with the handshake: no event will tell
        receive();
}

void HealthProbe::receive()
{
    std::array<char, 1024> buffer;
    const ssize_t got = receiveFrom(m_descriptor, m_tls.get(), buffer.data(), buffer.size());
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
    else if (m_tls && m_tls->holdsInput())
        receive();
}

void HealthProbe::finish(ProbeOutcome outcome)
{
    if (m_tls)
        m_tls->close();
    m_reactor.remove(m_descriptor);
    const Done done = std::move(m_done);
    auto self = m_running.extract(this);
    m_reactor.retire(std::move(self.mapped()));
    done(outcome);
}

} // namespace postern::gateway
