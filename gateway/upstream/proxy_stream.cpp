// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/proxy_stream.h"

#include "gateway/http/writer.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/server/client_connection.h"
#include "gateway/server/worker.h"
#include "gateway/upstream/proxy_head.h"
#include "gateway/upstream/upstream_health.h"

#include <algorithm>
#include <array>
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

/// Whether a request may be sent again after it was sent once: nginx's rule for "next upstream".
bool isRepeatable(std::string_view method) noexcept
{
    return method != "POST" && method != "LOCK" && method != "PATCH";
}

/// "127.0.0.1:80 unhealthy (2 tcp failures)"
std::string describe(const HealthTarget &target)
{
    const HealthCounters counters = target.counters();
    std::string text = target.host() + ":" + std::to_string(target.port()) + " "
        + std::string(healthStatusName(target.status()));
    const std::array<std::pair<std::string_view, unsigned>, 3> kinds{{
        {"http", counters.httpFailure},
        {"tcp", counters.tcpFailure},
        {"timeout", counters.timeoutFailure},
    }};
    std::string why;
    for (const auto &[name, count] : kinds) {
        if (count > 0)
            why.append(why.empty() ? "" : ", ")
                .append(std::to_string(count))
                .append(" ")
                .append(name)
                .append(count == 1 ? " failure" : " failures");
    }
    return why.empty() ? text : text + " (" + why + ")";
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

/// \return false when every usable node was tried
bool ProxyStream::pickNode()
{
    m_picked = m_worker.reactor().now();
    NodeState *picked =
        m_balancer->usableNodes() ? m_balancer->pick(m_picks, *m_exchange, m_picked) : nullptr;
    if (!picked)
        return false;
    m_node = picked;
    m_pool = nullptr;
    m_counted = m_balancer->counts();
    m_exchange->node = m_node;
    if (m_exchange->tracing && m_upstream->nodes.size() > 1)
        notePick();
    return true;
}

/// Which nodes were left out, and how the choice among the others was made.
void ProxyStream::notePick()
{
    if (const UpstreamHealth *health = m_upstream->health.get()) {
        std::string out;
        std::size_t count = 0;
        for (std::size_t i = 0; i < m_upstream->nodes.size(); ++i) {
            if (!health->out(i))
                continue;
            ++count;
            out.append(out.empty() ? "" : "; ").append(describe(health->target(i)));
        }
        if (count > 0)
            m_exchange->note(Step::Upstream, Outcome::Note, Errc::UpstreamUnhealthy, "checks", out,
                             {}, count == m_upstream->nodes.size() ? 1 : 0);
    }
    if (m_node->nodeText.empty())
        m_node->nodeText = m_node->node->host + ":" + std::to_string(m_node->node->port);
    m_exchange->note(Step::Upstream, Outcome::Note, Errc::Internal, m_balancer->name(),
                     m_node->nodeText, m_picks.key);
}

/// The try on the node is over: what its balancer counts goes on without it.
void ProxyStream::leaveNode(bool answered)
{
    if (!std::exchange(m_counted, false))
        return;
    const auto now = m_worker.reactor().now();
    m_balancer->left(*m_node, answered ? std::optional(now - m_picked) : std::nullopt, now);
}

void ProxyStream::tryNode()
{
    --m_triesLeft;
    if (m_worker.locate(*m_node)) {
        m_addressesLeft = m_node->pools.size();
        connect();
        return;
    }
    m_phase = Phase::Resolving;
    arm(m_timeouts->connect, Errc::UpstreamTimeout);
    m_worker.resolve(*m_node->node,
                     [this, alive = std::weak_ptr(m_alive), generation = ++m_generation,
                      upstream = m_upstream](const Resolver::Found &found) {
                         if (alive.expired() || generation != m_generation
                             || m_phase != Phase::Resolving)
                             return;
                         if (!found) {
                             failed(Errc::UpstreamResolve, found.error().detail);
                             return;
                         }
                         m_worker.located(*m_node, *found);
                         m_addressesLeft = m_node->pools.size();
                         connect();
                     });
}

/// Connects to the node's next address, or takes a connection that is open.
void ProxyStream::connect()
{
    if (CapturedExchange *const kept = m_client->capture()) {
        kept->upstreamTried = CapturedExchange::Clock::now();
        kept->upstreamConnected = {};
    }
    const bool careful = !isRepeatable(m_exchange->request.method);
    m_pool = m_source = m_node->nextPool();
    if (m_upstream->tls && !chooseSource())
        return;
    // Where one pooled connection was stale the others are likely to be: the repeat gets a fresh
    // one.
    do {
        m_connection = m_staleRetried ? nullptr : m_source->take();
        // What must not be repeated is not sent on a connection that the upstream has closed.
    } while (careful && m_connection && !m_connection->stillOpen());
    m_reused = m_connection != nullptr;
    m_exchange->nodeAddress = m_pool->text();
    if (m_reused) {
        m_connection->stream = this;
        sendRequest();
        return;
    }
    auto opened = openConnection();
    if (!opened) {
        failed(Errc::UpstreamConnect, opened.error().detail);
        return;
    }
    m_connection = std::move(*opened);
    m_connection->stream = this;
    m_phase = Phase::Connecting;
    m_connection->watch(EPOLLIN | EPOLLOUT);
    arm(m_timeouts->connect, Errc::UpstreamTimeout);
    sendRequest();
}

/// An address that cannot even be tried (no route to its network) is passed over.
Result<std::unique_ptr<UpstreamConnection>> ProxyStream::openConnection()
{
    for (;;) {
        --m_addressesLeft;
        const auto descriptor = startConnect(m_pool->address());
        if (descriptor)
            return std::make_unique<UpstreamConnection>(m_worker.reactor(), *m_source, *descriptor);
        if (m_addressesLeft == 0)
            return std::unexpected(descriptor.error());
        m_pool = m_source = m_node->nextPool();
        if (m_identity) // it was there a moment ago: this cannot fail
            static_cast<void>(chooseSource());
        m_exchange->nodeAddress = m_pool->text();
    }
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

void ProxyStream::readUpstream()
{
    readOnce();
    // What TLS has read ahead makes no further event.
    while (m_client && m_connection && m_connection->tls && m_connection->tls->holdsInput()
           && !m_paused && m_phase != Phase::Connecting)
        readOnce();
}

void ProxyStream::readOnce()
{
    auto &scratch = m_worker.scratch();
    const ssize_t got = receiveFrom(m_connection->descriptor, m_connection->tls.get(),
                                    scratch.data(), scratch.size());
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
        arm(m_timeouts->read, Errc::UpstreamTimeout);
    }
}

/// \return the octets behind the head, if it was complete
std::string_view ProxyStream::readHead(std::string_view octets)
{
    const HeadParser::Limits limits{m_worker.options().limits.headerBytes, 1000, 64U * 1024};
    if (CapturedExchange *const kept = m_client->capture(); kept && m_partial.empty())
        kept->upstreamFirstByte = CapturedExchange::Clock::now();
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
    if (m_upstream->health)
        m_upstream->health->reportStatus(m_node->index, status);

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
        if (CapturedExchange *const kept = m_client->capture())
            kept->response = out;
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
    if (CapturedExchange *const kept = m_client->capture())
        m_worker.captures().append(kept->responseBody, content);
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
        if (CapturedExchange *const kept = m_client->capture())
            m_worker.captures().append(kept->responseBody, rest);
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
    if (CapturedExchange *const kept = client->capture())
        kept->upstreamLastByte = CapturedExchange::Clock::now();
    const bool delimited = m_delimited;
    const bool tunnel = m_phase == Phase::Tunnel;
    disarm();
    leaveNode(true);
    if (reusable && m_requestSent && !m_connection->queued()
        && ++m_connection->served < m_upstream->keepaliveRequests) {
        // An idle time of 0 is no limit, as in the original.
        const auto idle =
            std::chrono::duration_cast<Reactor::Clock::duration>(m_upstream->keepaliveIdle);
        m_connection->pool().put(std::move(m_connection), m_upstream->keepaliveSize,
                                 idle == Reactor::Clock::duration::zero()
                                     ? Reactor::Clock::time_point::max()
                                     : m_worker.reactor().now() + idle);
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

bool ProxyStream::mayRetry(Errc reason) const noexcept
{
    if (m_answerStarted || !m_replayable)
        return false;
    const bool nothingSent = reason == Errc::UpstreamConnect || reason == Errc::UpstreamResolve
        || m_phase == Phase::Connecting;
    if (nothingSent)
        return m_triesLeft > 0;
    const bool repeatable = isRepeatable(m_exchange->request.method);
    // A pooled connection that the upstream had closed: one more try that does not count.
    if (m_reused && !m_staleRetried && repeatable && reason == Errc::UpstreamReset)
        return true;
    return repeatable && m_triesLeft > 0;
}

/// Passive checks. \param last the client gets this failure: its status may be one that counts
void ProxyStream::reportFailure(Errc reason, bool last)
{
    UpstreamHealth *health = m_upstream->health.get();
    if (!health || !m_node || reason == Errc::UpstreamResolve)
        return;
    const bool spoken =
        reason == Errc::UpstreamProtocol || (last && health->counts(statusOf(reason)));
    health->reportFailure(m_node->index,
                          spoken                                ? HealthResult::HttpFailure
                              : reason == Errc::UpstreamTimeout ? HealthResult::Timeout
                                                                : HealthResult::TcpFailure);
}

void ProxyStream::failed(Errc reason, const std::string &detail)
{
    noteUpstream(Outcome::Failed, reason);
    if (!detail.empty())
        m_exchange->note(Step::Upstream, Outcome::Note, reason, {}, detail);
    if (reason == Errc::UpstreamConnect && m_addressesLeft > 0) { // the name has other addresses
        disarm();
        dropConnection();
        connect();
        return;
    }
    // A node whose name stands for nothing is passed over: that is no try.
    const bool unresolved = reason == Errc::UpstreamResolve;
    if (unresolved && m_balancer->usableNodes() > 1)
        ++m_triesLeft;
    const bool retry = mayRetry(reason);
    const bool stale = m_reused && !m_staleRetried && reason == Errc::UpstreamReset;
    disarm();
    dropConnection();
    if (retry && stale) {
        m_staleRetried = true;
        ++m_triesLeft;
        m_addressesLeft = 1;
        tryNode();
        return;
    }
    if (!unresolved)
        m_statuses.append(m_statuses.empty() ? "" : ", ").append(std::to_string(statusOf(reason)));
    reportFailure(reason, !retry);
    leaveNode(false);
    if (!retry)
        giveUp(reason);
    else if (m_upstream->retryTimeout
             && m_worker.reactor().now() - m_started > *m_upstream->retryTimeout)
        giveUp(Errc::RetryDeadline);
    else if (pickNode())
        tryNode();
    else
        giveUpAllTried(reason);
}

/// Every node that is in use was tried; others may have been left out.
void ProxyStream::giveUpAllTried(Errc reason)
{
    const UpstreamHealth *health = m_upstream->health.get();
    bool out = false;
    for (std::size_t i = 0; health && i < m_upstream->nodes.size(); ++i)
        out = out || health->out(i);
    if (out)
        m_exchange->note(Step::Upstream, Outcome::Failed, Errc::UpstreamUnhealthy, {});
    giveUp(reason, m_statuses.empty() ? 0 : 502); // empty: no node had an address
}

void ProxyStream::giveUp(Errc reason, int status)
{
    ClientConnection *client = m_client;
    const bool started = m_answerStarted;
    const std::string_view statuses = m_exchange->arena.copy(m_statuses);
    if (reason == Errc::RetryDeadline)
        m_exchange->note(Step::Upstream, Outcome::Failed, reason, {});
    disarm();
    release();
    if (started)
        client->responseBroken();
    else
        client->upstreamFailed(reason, statuses, status);
}

void ProxyStream::noteUpstream(Outcome outcome, Errc reason)
{
    if (!m_exchange->tracing || !m_node)
        return;
    m_exchange->note(Step::Upstream, outcome, reason, m_node->aliased ? "builtin" : "",
                     m_pool ? std::string_view(m_pool->text()) : std::string_view(),
                     m_node->nodeText, m_exchange->trace.upstreamStatus);
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
