// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/proxy_stream.h"

#include "gateway/http/writer.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/server/client_connection.h"
#include "gateway/server/worker.h"
#include "gateway/upstream/proxy_head.h"

#include <algorithm>
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

bool isIdempotent(std::string_view method) noexcept // RFC 9110 9.2.2
{
    return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE"
        || method == "OPTIONS" || method == "TRACE";
}

int statusOf(Errc reason) noexcept
{
    if (reason == Errc::UpstreamTimeout)
        return 504;
    return reason == Errc::UpstreamNoNodes ? 503 : 502;
}

} // namespace

ProxyStream::~ProxyStream() { disarm(); }

void ProxyStream::start(ClientConnection &client, Exchange &exchange, Framing framing,
                        std::uint64_t length, bool upgrade)
{
    m_client = &client;
    m_exchange = &exchange;
    m_upstream = exchange.route->upstream;
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
    // Stays valid: a balancer lives as long as somebody holds its upstream.
    m_balancer = &m_worker.balancer(m_upstream);
    const std::size_t nodes = m_balancer->usableNodes();
    m_triesLeft = m_upstream->retries.value_or(nodes ? static_cast<unsigned>(nodes - 1) : 0) + 1;
    tryNode();
}

void ProxyStream::tryNode()
{
    if (!m_balancer->usableNodes()) {
        giveUp(Errc::UpstreamNoNodes);
        return;
    }
    m_node = m_balancer->pick(m_tried);
    if (!m_node) {
        m_tried = 0; // more retries than nodes: start over
        m_node = m_balancer->pick(m_tried);
    }
    --m_triesLeft;
    m_exchange->node = m_node;
    if (m_worker.locate(*m_node)) {
        connectTo(*m_node);
        return;
    }
    m_phase = Phase::Resolving;
    arm(m_exchange->route->timeouts.connect, Errc::UpstreamTimeout);
    m_worker.resolve(*m_node->node,
                     [this, alive = std::weak_ptr(m_alive), generation = m_generation,
                      upstream = m_upstream](const Result<SocketAddress> &address) {
                         if (alive.expired() || generation != m_generation
                             || m_phase != Phase::Resolving)
                             return;
                         if (!address) {
                             failed(Errc::UpstreamResolve, address.error().detail);
                             return;
                         }
                         m_worker.located(*m_node, *address);
                         connectTo(*m_node);
                     });
}

void ProxyStream::connectTo(NodeState &node)
{
    const bool careful = !isIdempotent(m_exchange->request.method);
    // Where one pooled connection was stale the others are likely to be: the repeat gets a fresh
    // one.
    do {
        m_connection = m_staleRetried ? nullptr : node.pool->take();
        // What must not be repeated is not sent on a connection that the upstream has closed.
    } while (careful && m_connection && !m_connection->stillOpen());
    m_reused = m_connection != nullptr;
    if (m_reused) {
        m_connection->stream = this;
        sendRequest();
        return;
    }
    const auto descriptor = startConnect(*node.address);
    if (!descriptor) {
        failed(Errc::UpstreamConnect, descriptor.error().detail);
        return;
    }
    m_connection =
        std::make_unique<UpstreamConnection>(m_worker.reactor(), *node.pool, *descriptor);
    m_connection->stream = this;
    m_phase = Phase::Connecting;
    m_connection->watch(EPOLLIN | EPOLLOUT);
    arm(m_exchange->route->timeouts.connect, Errc::UpstreamTimeout);
    sendRequest();
}

/// Writes the head and what is known of the body; on a connecting socket it is queued.
void ProxyStream::sendRequest()
{
    m_head.clear();
    buildUpstreamHead(m_head, *m_exchange, *m_upstream, *m_node->node,
                      {m_requestFraming, m_requestLength, m_upgrade});
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
        arm(m_exchange->route->timeouts.read, Errc::UpstreamTimeout);
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
    m_connection->connected = true;
    m_phase = Phase::Head;
    m_exchange->trace.upstreamReached = true;
    arm(m_exchange->route->timeouts.read, Errc::UpstreamTimeout);
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
        arm(m_exchange->route->timeouts.send, Errc::UpstreamTimeout);
}

void ProxyStream::bodyEnd()
{
    if (!m_client)
        return;
    m_requestSent = true;
    if (m_requestFraming == Framing::Chunked)
        sendBody("0\r\n\r\n");
    if (m_phase == Phase::Head)
        arm(m_exchange->route->timeouts.read, Errc::UpstreamTimeout);
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
        if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
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
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP))
        readUpstream();
}

void ProxyStream::readUpstream()
{
    auto &scratch = m_worker.scratch();
    const ssize_t got = ::recv(m_connection->descriptor, scratch.data(), scratch.size(), 0);
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR)
            failed(Errc::UpstreamReset, std::strerror(errno));
        return;
    }
    if (got == 0) {
        upstreamEof();
        return;
    }
    std::string_view octets(scratch.data(), static_cast<std::size_t>(got));
    m_worker.headScratch().clear(); // gathers what goes to the client
    if (m_phase == Phase::Tunnel) {
        m_exchange->trace.responseBytes += octets.size();
        if (!m_client->write(octets))
            return;
    } else {
        if (m_phase == Phase::Head)
            octets = readHead(octets);
        if (m_phase == Phase::Body) {
            readBody(octets);
        } else if (m_phase == Phase::Tunnel && !octets.empty()) { // sent right behind its 101
            m_exchange->trace.responseBytes += octets.size();
            if (!m_client->write(octets))
                return;
        }
    }
    if (!m_client || !m_connection)
        return;
    if (m_client->queued() > m_worker.options().limits.bufferBytes && !m_paused) {
        m_paused = true;
        disarm();
        m_connection->watch(m_connection->queued() ? EPOLLOUT : 0U);
    } else {
        arm(m_exchange->route->timeouts.read, Errc::UpstreamTimeout);
    }
}

/// \return the octets behind the head, if it was complete
std::string_view ProxyStream::readHead(std::string_view octets)
{
    const HeadParser::Limits limits{m_worker.options().limits.headerBytes, 1000, 64U * 1024};
    while (!octets.empty()) {
        std::string_view message = octets;
        if (!m_partial.empty()) {
            m_partial.append(octets);
            message = m_partial;
        }
        const auto state = m_parser.feed(message, octets.size(), limits);
        if (state == HeadParser::State::More) {
            if (m_partial.empty())
                m_partial.assign(octets);
            return {};
        }
        if (state == HeadParser::State::Failed || m_parser.major() != 1) {
            failed(Errc::UpstreamProtocol, m_parser.error().detail);
            return {};
        }
        const std::size_t behind = message.size() - m_parser.headSize();
        const std::string_view rest = octets.substr(octets.size() - behind);
        const int status = m_parser.status();
        if (status < 200 && !(status == 101 && m_upgrade)) {
            if (status == 101) {
                failed(Errc::UpstreamProtocol, "101 without having been asked to switch protocols");
                return {};
            }
            m_parser.reset(); // 100, 103: the gateway answered Expect itself
            m_partial.clear();
            octets = rest;
            continue;
        }
        writeResponseHead(message, !rest.empty());
        return rest;
    }
    return {};
}

void ProxyStream::writeResponseHead(std::string_view message, bool more)
{
    const int status = m_parser.status();
    Exchange &exchange = *m_exchange;
    exchange.trace.upstreamStatus = static_cast<std::uint16_t>(status);
    exchange.trace.status = static_cast<std::uint16_t>(status);
    if (!m_statuses.empty())
        m_statuses.append(", ");
    const bool shown = status >= 500 || m_worker.options().upstreamStatusHeader;
    if (shown || !m_statuses.empty())
        m_statuses.append(std::to_string(status));
    noteUpstream(Outcome::Ok, Errc::Internal);

    ResponseHead head;
    head.status = status;
    m_parser.fields(message, head.headers);
    const bool bodiless = hasNoBody(status) || exchange.request.method == "HEAD";
    m_responseFraming = bodiless ? Framing::None : m_parser.framing();
    m_bodyLeft = m_parser.contentLength();
    m_keepUpstream = m_parser.keepAlive() && m_responseFraming != Framing::UntilClose;
    if (status != 101 && filtersResponse(exchange))
        filterResponse(exchange, head);
    frameAnswer(head, bodiless);

    std::string &out = m_worker.headScratch();
    out.clear();
    appendStatusLine(out, head.status, head.status == status ? m_parser.reason(message) : "");
    appendResponseFields(out, head.headers, status == 101);
    if (!head.headers.contains("date"))
        appendField(out, "Date", m_worker.date().at(exchange.now));
    if (shown)
        appendField(out, "X-APISIX-Upstream-Status", m_statuses);
    if (m_chunkedToClient)
        out.append("Transfer-Encoding: chunked\r\n");
    m_answerStarted = true;
    if (status == 101) {
        out.append("\r\n");
        m_phase = Phase::Tunnel;
        const bool written = m_client->write(out);
        out.clear();
        if (written)
            m_client->becomeTunnel();
        return;
    }
    m_client->finishHead(out, m_delimited);
    m_phase = Phase::Body;
    if (m_responseFraming != Framing::None)
        return;
    endBody(out);
    if (m_client->write(out))
        responseEnd(m_keepUpstream && !more);
    // Otherwise the head waits in the scratch buffer for the first body octets: one send for both.
}

/// How the body travels to the client, which differs from how it comes when a plugin has a say.
void ProxyStream::frameAnswer(ResponseHead &head, bool bodilessUpstream)
{
    const bool bodiless = m_exchange->request.headOnly || hasNoBody(head.status);
    m_filtered = !m_exchange->bodyFilters.empty() && !bodiless;
    m_discard = bodiless && m_responseFraming != Framing::None;
    const bool streamed =
        m_responseFraming == Framing::Chunked || m_responseFraming == Framing::UntilClose;
    m_chunkedToClient = !bodiless && (streamed || m_filtered) && m_client->speaksChunked();
    m_delimited = bodiless || m_chunkedToClient || !(streamed || m_filtered);
    if (!m_exchange->bodyFilters.empty() || (hasNoBody(head.status) && m_discard))
        head.headers.remove("content-length");
    else if (bodilessUpstream && !bodiless) // a plugin changed the status or the method
        head.headers.set("Content-Length", "0");
}

void ProxyStream::passBody(std::string_view content, std::string &gather)
{
    if (m_discard)
        return;
    std::string filtered;
    if (m_filtered) {
        filterBody(*m_exchange, content, false, filtered);
        content = filtered;
    }
    m_exchange->trace.responseBytes += content.size();
    if (m_chunkedToClient)
        appendChunk(gather, content);
    else
        gather.append(content);
}

/// The upstream's body is complete.
void ProxyStream::endBody(std::string &gather)
{
    if (m_filtered) {
        std::string rest;
        filterBody(*m_exchange, {}, true, rest);
        m_exchange->trace.responseBytes += rest.size();
        if (m_chunkedToClient)
            appendChunk(gather, rest);
        else
            gather.append(rest);
    }
    if (m_chunkedToClient)
        gather.append("0\r\n\r\n");
}

void ProxyStream::readBody(std::string_view octets)
{
    if (!m_client || m_phase != Phase::Body)
        return;
    std::string &out = m_worker.headScratch();
    bool done = false;
    bool surplus = false;
    if (m_responseFraming == Framing::Length) {
        const auto piece = octets.substr(0, std::min<std::uint64_t>(m_bodyLeft, octets.size()));
        surplus = piece.size() < octets.size();
        m_bodyLeft -= piece.size();
        passBody(piece, out);
        done = m_bodyLeft == 0;
    } else if (m_responseFraming == Framing::Chunked) {
        auto &pieces = m_worker.pieces();
        pieces.clear();
        std::size_t used = 0;
        const auto state =
            octets.empty() ? HeadParser::State::More : m_parser.feedBody(octets, pieces, used);
        for (const std::string_view piece : pieces)
            passBody(piece, out);
        if (state == HeadParser::State::Failed) {
            m_client->write(std::exchange(out, {}));
            if (m_client)
                failed(Errc::UpstreamProtocol, m_parser.error().detail);
            return;
        }
        done = state == HeadParser::State::Complete;
        surplus = done && used < octets.size();
    } else {
        passBody(octets, out);
    }
    if (done)
        endBody(out);
    const bool written = m_client->write(out);
    out.clear();
    if (written && done)
        responseEnd(m_keepUpstream
                    && !surplus); // octets behind the answer: not to be trusted again
}

void ProxyStream::upstreamEof()
{
    if (m_phase == Phase::Tunnel) {
        responseEnd(false);
        return;
    }
    if (m_phase == Phase::Body && m_responseFraming == Framing::UntilClose) {
        std::string rest;
        endBody(rest);
        if (!rest.empty() && !m_client->write(rest))
            return;
        responseEnd(false);
        return;
    }
    failed(Errc::UpstreamReset, "closed before the answer was complete");
}

void ProxyStream::responseEnd(bool reusable)
{
    ClientConnection *client = m_client;
    const bool delimited = m_delimited;
    const bool tunnel = m_phase == Phase::Tunnel;
    disarm();
    if (reusable && m_requestSent && !m_connection->queued()
        && ++m_connection->served < m_upstream->keepaliveRequests) {
        m_node->pool->put(std::move(m_connection), m_upstream->keepaliveSize);
    } else {
        dropConnection();
    }
    release();
    client->responseDone(delimited && !tunnel);
}

void ProxyStream::clientDrained()
{
    if (!m_paused || !m_connection)
        return;
    m_paused = false;
    m_connection->watch(EPOLLIN | (m_connection->queued() ? EPOLLOUT : 0U));
    arm(m_exchange->route->timeouts.read, Errc::UpstreamTimeout);
}

void ProxyStream::tunnel(std::string_view octets)
{
    m_exchange->trace.requestBytes += octets.size();
    if (!m_connection)
        return;
    if (m_connection->write(octets))
        arm(m_exchange->route->timeouts.read, Errc::UpstreamTimeout);
    else
        responseEnd(false);
}

void ProxyStream::tunnelEnd()
{
    if (m_connection)
        ::shutdown(m_connection->descriptor, SHUT_WR);
}

bool ProxyStream::mayRetry(Errc reason) const noexcept
{
    if (m_answerStarted || !m_replayable)
        return false;
    if (m_upstream->retryTimeout
        && m_worker.reactor().now() - m_started > *m_upstream->retryTimeout)
        return false;
    const bool nothingSent = reason == Errc::UpstreamConnect || reason == Errc::UpstreamResolve
        || m_phase == Phase::Connecting;
    if (nothingSent)
        return m_triesLeft > 0;
    const bool idempotent = isIdempotent(m_exchange->request.method);
    // A pooled connection that the upstream had closed: one more try that does not count.
    if (m_reused && !m_staleRetried && idempotent && reason == Errc::UpstreamReset)
        return true;
    return idempotent && m_triesLeft > 0;
}

void ProxyStream::failed(Errc reason, const std::string &detail)
{
    noteUpstream(Outcome::Failed, reason);
    if (!detail.empty())
        m_exchange->note(Step::Upstream, Outcome::Note, reason, {}, detail);
    const bool retry = mayRetry(reason);
    const bool stale = m_reused && !m_staleRetried && reason == Errc::UpstreamReset;
    if (retry && stale) {
        m_staleRetried = true;
        ++m_triesLeft;
        m_tried = 0;
    } else {
        if (!m_statuses.empty())
            m_statuses.append(", ");
        m_statuses.append(std::to_string(statusOf(reason)));
    }
    disarm();
    dropConnection();
    if (retry) {
        tryNode();
        return;
    }
    giveUp(reason);
}

void ProxyStream::giveUp(Errc reason)
{
    ClientConnection *client = m_client;
    const bool started = m_answerStarted;
    const std::string_view statuses = m_exchange->arena.copy(m_statuses);
    disarm();
    release();
    if (started)
        client->responseBroken();
    else
        client->upstreamFailed(reason, statuses);
}

void ProxyStream::noteUpstream(Outcome outcome, Errc reason)
{
    if (!m_exchange->tracing || !m_node)
        return;
    m_exchange->note(Step::Upstream, outcome, reason, m_node->aliased ? "builtin" : "",
                     m_node->addressText, m_node->nodeText, m_exchange->trace.upstreamStatus);
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
    ++m_generation;
    m_client = nullptr;
    m_exchange = nullptr;
    m_upstream.reset();
    m_balancer = nullptr;
    m_node = nullptr;
    m_replay.clear();
    m_replayable = true;
    m_partial.clear();
    m_statuses.clear();
    m_tried = 0;
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
