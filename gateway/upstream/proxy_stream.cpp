// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/proxy_stream.h"

#include "gateway/http/writer.h"
#include "gateway/server/client_connection.h"
#include "gateway/server/worker.h"
#include "gateway/upstream/proxy_head.h"
#include "gateway/upstream/upstream_health.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace postern::gateway {

namespace {

/// Time-outs of at least this are found by the worker's sweep; shorter ones get a timer.
constexpr auto kSweptTimeout = std::chrono::seconds(2);
/// Body octets kept so that a request can be repeated on another connection.
constexpr std::size_t kReplayRoom = 64U * 1024;

} // namespace

ProxyStream::~ProxyStream() { disarm(); }

void ProxyStream::start(ClientConnection &client, Exchange &exchange, Framing framing,
                        std::uint64_t length, bool upgrade)
{
    m_client = &client;
    m_exchange = &exchange;
    m_upstream = exchange.upstream ? *exchange.upstream : exchange.route->upstream;
    m_timeouts = exchange.upstream && !exchange.route->ownTimeouts ? &m_upstream->timeouts
                                                                   : &exchange.route->timeouts;
    m_requestFraming = framing;
    m_requestLength = length;
    m_upgrade = upgrade;
    m_requestSent = exchange.body.complete;
    if (!m_requestSent && !exchange.body.text.empty()) { // the first part, which a plugin has seen
        if (framing == Framing::Chunked)
            appendChunk(m_replay, exchange.body.text);
        else
            m_replay = exchange.body.text;
    }
    m_started = m_worker.reactor().now();
    ++m_generation;
    if (m_upstream->health)
        m_upstream->health->use();
    // Stays valid: a balancer lives as long as somebody holds its upstream.
    m_balancer = &m_worker.balancer(m_upstream);
    const std::size_t nodes = m_upstream->nodes.size();
    m_triesLeft = m_upstream->retries.value_or(nodes ? static_cast<unsigned>(nodes - 1) : 0) + 1;
    if (pickNode())
        tryNode();
    else
        giveUp(Errc::UpstreamNoNodes);
}

/// Writes the head and what is known of the body; on a connecting socket it is queued.
void ProxyStream::sendRequest()
{
    m_head.clear();
    buildUpstreamHead(m_head, *m_exchange, *m_upstream, *m_node->node,
                      {m_requestFraming, m_requestLength, m_upgrade});
    if (CapturedExchange *const kept = m_client->capture()) {
        kept->upstream = m_head;
        if (m_reused)
            kept->upstreamConnected = kept->upstreamTried;
    }
    if (m_reused)
        m_phase = Phase::Head;
    m_parser.reset();
    m_partial.clear();
    if (!m_connection->write(m_head) || (m_reused && !writeKnownBody())) {
        failed(Errc::UpstreamReset, std::strerror(errno));
        return;
    }
    if (m_reused) {
        m_exchange->trace.upstreamReached = true;
        m_connection->watch(EPOLLIN | (m_connection->queued() ? EPOLLOUT : 0U));
        arm(m_timeouts->read, Errc::UpstreamTimeout);
    }
}

bool ProxyStream::writeKnownBody()
{
    const RequestBodyText &ahead = m_exchange->body;
    if (ahead.complete && !ahead.text.empty())
        return m_connection->write(ahead.text);
    return m_connection->write(m_replay);
}

void ProxyStream::connected()
{
    if (const int code = connectError(m_connection->descriptor); code != 0) {
        failed(Errc::UpstreamConnect, std::strerror(code));
        return;
    }
    if (!m_identity)
        opened();
    else if (secure())
        handshake();
}

/// Octets can be sent.
void ProxyStream::opened()
{
    m_connection->connected = true;
    m_phase = Phase::Head;
    if (CapturedExchange *const kept = m_client->capture())
        kept->upstreamConnected = CapturedExchange::Clock::now();
    m_exchange->trace.upstreamReached = true;
    arm(m_timeouts->read, Errc::UpstreamTimeout);
    if (!m_connection->flush() || !writeKnownBody()) {
        failed(Errc::UpstreamReset, std::strerror(errno));
        return;
    }
    m_client->resumeBody();
}

void ProxyStream::body(std::string_view octets)
{
    if (!m_client || octets.empty())
        return;
    if (m_requestFraming == Framing::Chunked) {
        std::string chunk;
        chunk.reserve(octets.size() + 20);
        appendChunk(chunk, octets);
        sendBody(chunk);
    } else {
        sendBody(octets);
    }
}

void ProxyStream::sendBody(std::string_view octets)
{
    const bool open = m_phase == Phase::Head || m_phase == Phase::Body;
    if (open && m_replayable && m_replay.size() + octets.size() > kReplayRoom) {
        m_replayable = false;
        m_replay = {};
    }
    if (m_replayable)
        m_replay.append(octets);
    if (!open)
        return; // sent by connected()
    if (!m_connection->write(octets))
        failed(Errc::UpstreamReset, std::strerror(errno));
    else if (m_phase == Phase::Head)
        arm(m_timeouts->send, Errc::UpstreamTimeout);
}

void ProxyStream::bodyEnd()
{
    if (!m_client)
        return;
    m_requestSent = true;
    if (m_requestFraming == Framing::Chunked)
        sendBody("0\r\n\r\n");
    if (m_phase == Phase::Head)
        arm(m_timeouts->read, Errc::UpstreamTimeout);
}

bool ProxyStream::wantsBody() const noexcept
{
    if (m_phase == Phase::Resolving || m_phase == Phase::Connecting)
        return m_replay.size() < kReplayRoom;
    return !m_connection || m_connection->queued() < m_worker.options().limits.bufferBytes;
}

void ProxyStream::onUpstreamEvents(std::uint32_t events)
{
    if (m_phase == Phase::Connecting) {
        if (m_connection->tls)
            handshake();
        else if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
            connected();
        return;
    }
    if (events & EPOLLOUT) {
        if (!m_connection->flush()) {
            failed(Errc::UpstreamReset, std::strerror(errno));
            return;
        }
        if (m_connection->queued() < m_worker.options().limits.bufferBytes / 4)
            m_client->resumeBody();
        if (!m_connection)
            return;
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP))
        || (m_connection->tls && !m_paused && m_connection->tls->wantsReading()))
        readUpstream();
}

void ProxyStream::clientDrained()
{
    if (!m_paused || !m_connection)
        return;
    m_paused = false;
    const bool poke = m_connection->tls && m_connection->tls->holdsInput();
    m_connection->watch(EPOLLIN | (poke || m_connection->queued() ? EPOLLOUT : 0U));
    arm(m_timeouts->read, Errc::UpstreamTimeout);
}

void ProxyStream::tunnel(std::string_view octets)
{
    m_exchange->trace.requestBytes += octets.size();
    if (!m_connection)
        return;
    if (m_connection->write(octets))
        arm(m_timeouts->read, Errc::UpstreamTimeout);
    else
        responseEnd(false);
}

void ProxyStream::tunnelEnd()
{
    if (m_connection && m_connection->tls)
        m_connection->tls->close();
    if (m_connection)
        ::shutdown(m_connection->descriptor, SHUT_WR);
}

void ProxyStream::arm(std::chrono::nanoseconds in, Errc reason)
{
    m_deadline =
        m_worker.reactor().now() + std::chrono::duration_cast<Reactor::Clock::duration>(in);
    m_timeoutReason = reason;
    if (m_timer)
        m_worker.reactor().cancel(std::exchange(m_timer, 0));
    if (in < kSweptTimeout)
        m_timer = m_worker.reactor().callAfter(in, [this] {
            m_timer = 0;
            checkDeadline(m_deadline);
        });
}

void ProxyStream::disarm() noexcept
{
    m_deadline = Reactor::Clock::time_point::max();
    if (m_timer)
        m_worker.reactor().cancel(std::exchange(m_timer, 0));
}

void ProxyStream::checkDeadline(Reactor::Clock::time_point now)
{
    if (m_client && m_deadline <= now)
        failed(m_timeoutReason, {});
}

void ProxyStream::dropConnection()
{
    if (!m_connection)
        return;
    m_worker.reactor().remove(m_connection->descriptor);
    m_connection->stream = nullptr;
    m_worker.reactor().retire(std::move(m_connection));
}

void ProxyStream::release() noexcept
{
    if (m_counted)
        leaveNode(false);
    ++m_generation;
    m_client = nullptr;
    m_exchange = nullptr;
    m_upstream.reset();
    m_balancer = nullptr;
    m_node = nullptr;
    m_pool = m_source = nullptr;
    m_secured.reset();
    m_identity.reset();
    m_timeouts = nullptr;
    m_replay.clear();
    m_replayable = true;
    m_partial.clear();
    m_statuses.clear();
    m_picks = {};
    m_phase = Phase::Idle;
    m_reused = m_staleRetried = m_requestSent = m_upgrade = m_paused = false;
    m_answerStarted = m_keepUpstream = m_chunkedToClient = m_discard = m_filtered = false;
    m_delimited = true;
}

void ProxyStream::abort()
{
    disarm();
    dropConnection();
    release();
}

} // namespace postern::gateway
