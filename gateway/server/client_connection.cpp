// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/client_connection.h"

#include "gateway/server/socket.h"
#include "gateway/server/worker.h"

#include <cerrno>
#include <string>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr std::size_t kPipelineRoom = 64U * 1024;
/// Time-outs of at least this are found by the worker's sweep; shorter ones get a timer.
constexpr auto kSweptTimeout = std::chrono::seconds(2);
constexpr auto kLinger = std::chrono::seconds(1);

} // namespace

ClientConnection::ClientConnection(Worker &worker, int descriptor, std::unique_ptr<TlsSession> tls)
    : m_worker(worker),
      m_tls(std::move(tls)),
      m_descriptor(descriptor),
      m_watching(kReadable),
      m_localPort(localAddress(descriptor).port())
{
    const SocketAddress peer = peerAddress(descriptor);
    m_peer = peer.host();
    m_peerPort = peer.port();
    m_mayNameAddress = worker.options().realIp.trusts(m_peer);
    setDeadline(worker.options().limits.headerTimeout);
    static_cast<void>(worker.reactor().add(descriptor, this, m_watching));
}

ClientConnection::~ClientConnection() { ::close(m_descriptor); }

void ClientConnection::watch(std::uint32_t events)
{
    if (events == m_watching || m_ended)
        return;
    // What TLS has read ahead makes no event of its own; room to write does.
    if (m_tls && m_tls->holdsInput() && (events & ~m_watching & EPOLLIN) != 0)
        events |= EPOLLOUT;
    m_watching = events;
    m_worker.reactor().modify(m_descriptor, this, events);
}

void ClientConnection::setDeadline(std::chrono::nanoseconds in)
{
    m_deadline =
        m_worker.reactor().now() + std::chrono::duration_cast<Reactor::Clock::duration>(in);
    if (m_timer)
        m_worker.reactor().cancel(std::exchange(m_timer, 0));
    if (in < kSweptTimeout)
        m_timer = m_worker.reactor().callAfter(in, [this] {
            m_timer = 0;
            late();
        });
}

void ClientConnection::checkDeadline(Reactor::Clock::time_point now)
{
    if (m_deadline <= now)
        late();
    else if (m_stream)
        m_stream->proxy.checkDeadline(now);
}

void ClientConnection::late()
{
    if (m_phase == Phase::Head || m_phase == Phase::Gather || m_phase == Phase::Body) {
        const bool answering = m_stream->proxy.active();
        if (answering)
            m_stream->proxy.abort();
        refuse(408, Errc::HttpTimeout,
               m_phase == Phase::Head ? "the request head was not complete in time"
                                      : "the request body stopped coming");
        return;
    }
    if (m_tls && !m_tls->established()) {
        noteConnection(Errc::HttpTimeout, "the TLS handshake was not complete in time");
        end();
        return;
    }
    if (m_phase == Phase::Idle || m_phase == Phase::Drain || m_phase == Phase::Linger || queued())
        end();
    else
        setDeadline(
            m_worker.options().limits.sendTimeout); // the upstream side has its own time-outs
}

void ClientConnection::end()
{
    if (std::exchange(m_ended, true))
        return;
    if (m_timer)
        m_worker.reactor().cancel(std::exchange(m_timer, 0));
    if (m_stream) {
        stopWaiting();
        if (m_stream->proxy.active())
            m_stream->proxy.abort();
        if (m_phase == Phase::Head && m_worker.captures().enabled())
            keepUnfinished();
        if (m_phase != Phase::Idle && m_phase != Phase::Head && !m_responseDone) {
            m_stream->exchange.note(Step::Client, Outcome::Failed, Errc::ClientGone, {});
            finish();
        }
        m_worker.giveStream(std::move(m_stream));
    }
    if (m_tls)
        m_tls->close();
    m_worker.reactor().remove(m_descriptor);
    m_worker.connectionClosed(*this);
    m_worker.reactor().retire(std::unique_ptr<EventSource>(this));
}

void ClientConnection::endWhenIdle()
{
    m_lastRequest = true;
    if (m_phase == Phase::Idle && !queued())
        end();
}

void ClientConnection::onEvents(std::uint32_t events)
{
    if (events & (EPOLLHUP | EPOLLERR)) {
        end();
        return;
    }
    if (m_tls && !m_tls->established()) {
        handshake();
        return;
    }
    if ((events & EPOLLOUT) && !flush())
        return;
    if (!m_ended && ((events & (EPOLLIN | EPOLLRDHUP)) || (m_tls && m_tls->wantsReading())))
        receive();
}

void ClientConnection::receive()
{
    takeIn();
    while (m_tls && !m_ended && (m_watching & EPOLLIN) && m_tls->holdsInput())
        takeIn();
}

void ClientConnection::takeIn()
{
    auto &scratch = m_worker.scratch();
    const ssize_t got = receiveFrom(m_descriptor, m_tls.get(), scratch.data(), scratch.size());
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR)
            end();
        else if (m_tls && m_tls->readWantsWrite())
            watch(m_watching | EPOLLOUT);
        return;
    }
    if (got == 0) {
        m_peerDone = true;
        const bool waiting = m_phase == Phase::Idle && (queued() || !m_pending.empty());
        if (m_phase != Phase::Answering && m_phase != Phase::Tunnel && !waiting) {
            end();
            return;
        }
        // Half-closed: the answer is still wanted. Level-triggered epoll must not spin on the FIN.
        watch(m_watching & ~kReadable);
        if (m_phase == Phase::Tunnel)
            m_stream->proxy.tunnelEnd();
        else if (waiting && m_pending.empty())
            m_keepAlive = false; // flush() ends it
        return;
    }
    const std::string_view octets(scratch.data(), static_cast<std::size_t>(got));
    consume(octets);
}

void ClientConnection::consume(std::string_view octets)
{
    while (!octets.empty() && !m_ended) {
        switch (m_phase) {
        case Phase::Idle:
            // Requests are cheap to send and answers are not: who does not read is not served on.
            if (queued() > m_worker.options().limits.bufferBytes) {
                m_pending.append(octets);
                watch(m_watching & ~kReadable);
                return;
            }
            m_stream = m_worker.takeStream();
            m_phase = Phase::Head;
            setDeadline(m_worker.options().limits.headerTimeout);
            [[fallthrough]];
        case Phase::Head:
            octets = consumeHead(octets);
            break;
        case Phase::Gather:
        case Phase::Body:
        case Phase::Drain:
            octets = consumeBody(octets);
            break;
        case Phase::Answering:
            m_pending.append(octets);
            if (m_pending.size() >= kPipelineRoom)
                watch(m_watching & ~kReadable);
            octets = {};
            break;
        case Phase::Tunnel:
            m_stream->proxy.tunnel(octets);
            if (!m_ended && m_stream && !m_stream->proxy.wantsBody())
                watch(m_watching & ~kReadable);
            octets = {};
            break;
        case Phase::Linger:
            octets = {};
            break;
        }
    }
}

/// Request read and response handed to the kernel or queued: on to the next one.
void ClientConnection::complete()
{
    const bool lastOne = m_peerDone && m_pending.empty() && !m_consumingPending;
    if (!m_keepAlive || m_lastRequest || lastOne) {
        m_keepAlive = false;
        m_phase = Phase::Answering;
        if (queued())
            return; // flush() ends it
        if (!m_linger || m_peerDone) {
            end();
            return;
        }
        // The client may still be sending: closing now would reset the connection before it has
        // read the answer. RFC 9112 9.6.
        if (m_tls)
            m_tls->close();
        ::shutdown(m_descriptor, SHUT_WR);
        m_phase = Phase::Linger;
        watch(kReadable);
        setDeadline(kLinger);
        return;
    }
    m_worker.giveStream(std::move(m_stream));
    m_phase = Phase::Idle;
    setDeadline(m_worker.options().limits.idleTimeout);
    watch((m_watching & EPOLLOUT) | (m_peerDone ? 0U : kReadable));
    consumePending();
}

/// Goes on with what was received behind an earlier request.
void ClientConnection::consumePending()
{
    if (m_pending.empty())
        return;
    const std::string pending = std::exchange(m_pending, {});
    m_consumingPending = true;
    consume(pending);
    m_consumingPending = false;
    if (m_ended || !m_peerDone || !m_pending.empty())
        return;
    // Nothing follows any more: a request that is not complete will never be.
    if (m_phase == Phase::Idle || m_phase == Phase::Head) {
        m_keepAlive = false;
        m_responseDone = true;
        complete();
    } else if (m_phase == Phase::Gather || m_phase == Phase::Body || m_phase == Phase::Drain) {
        end();
    }
}

bool ClientConnection::write(std::string_view octets)
{
    if (m_ended)
        return false;
    if (!queued()) {
        while (!octets.empty()) {
            const ssize_t sent = sendTo(m_descriptor, m_tls.get(), octets.data(), octets.size());
            if (sent < 0) {
                if (errno == EINTR)
                    continue;
                if (errno != EAGAIN) {
                    end();
                    return false;
                }
                break;
            }
            octets.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    if (!octets.empty()) {
        if (!queued())
            setDeadline(m_worker.options().limits.sendTimeout);
        m_out.append(octets);
        watch(m_watching | EPOLLOUT);
    }
    return true;
}

bool ClientConnection::flush()
{
    while (queued()) {
        const ssize_t sent = sendTo(m_descriptor, m_tls.get(), m_out.data() + m_sent, queued());
        if (sent < 0) {
            if (errno == EINTR)
                continue;
            if (errno == EAGAIN)
                return true;
            end();
            return false;
        }
        m_sent += static_cast<std::size_t>(sent);
        setDeadline(m_worker.options().limits.sendTimeout);
    }
    m_out.clear();
    m_out.shrink_to_fit();
    m_sent = 0;
    watch(m_watching & ~static_cast<std::uint32_t>(EPOLLOUT));
    if (m_stream && m_stream->proxy.active()) {
        m_stream->proxy.clientDrained();
        return !m_ended;
    }
    if (m_responseDone && !m_keepAlive) {
        complete();
        return false;
    }
    if (m_phase == Phase::Idle) {
        setDeadline(m_worker.options().limits.idleTimeout);
        watch(m_watching | (m_peerDone ? 0U : kReadable));
        consumePending();
    }
    return !m_ended;
}

} // namespace postern::gateway
