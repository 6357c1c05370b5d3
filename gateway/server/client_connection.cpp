// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/client_connection.h"

#include "gateway/http/uri.h"
#include "gateway/http/writer.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/server/socket.h"
#include "gateway/server/worker.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr std::size_t kPipelineRoom = 64U * 1024;
/// Body octets of a refused request that are read and dropped to keep the connection.
constexpr std::uint64_t kDrainRoom = 1024U * 1024;
/// Room made in advance for a body that a plugin waits for: what is announced may never come.
constexpr std::uint64_t kGatherRoom = 256U * 1024;
/// Time-outs of at least this are found by the worker's sweep; shorter ones get a timer.
constexpr auto kSweptTimeout = std::chrono::seconds(2);
constexpr auto kLinger = std::chrono::seconds(1);
constexpr std::uint32_t kReadable = EPOLLIN | EPOLLRDHUP;

/// "01JF8Z6Q3M; denied; step=acl; reason=label-not-allowed"
std::string summaryOf(const TraceRecord &trace)
{
    std::string text = traceId(trace.id);
    const auto events = std::span(trace.event).first(trace.events);
    const auto failed = std::ranges::find(events, Outcome::Failed, &TraceEvent::outcome);
    if (failed == events.end())
        return text + "; allowed";
    text.append("; denied; step=").append(trace.view(failed->subject, failed->subjectSize));
    return text.append("; reason=").append(slug(failed->reason));
}

/// Put into the record first, so that long operands of later events cannot crowd it out.
void rememberRequest(Exchange &exchange) noexcept
{
    TraceRecord &trace = exchange.trace;
    const Request &request = exchange.request;
    std::tie(trace.method, trace.methodSize) = trace.put(request.method);
    std::tie(trace.target, trace.targetSize) = trace.put(request.path.substr(0, 256));
    std::tie(trace.host, trace.hostSize) = trace.put(request.host.substr(0, 64));
    std::tie(trace.peer, trace.peerSize) = trace.put(request.peer);
}

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

std::string_view ClientConnection::consumeHead(std::string_view octets)
{
    ClientStream &stream = *m_stream;
    const ProxyLimits &limits = m_worker.options().limits;
    std::string_view message = octets;
    if (!stream.partial.empty()) {
        stream.partial.append(octets);
        message = stream.partial;
    }
    const auto state = stream.parser.feed(
        message, octets.size(), {limits.headerBytes, limits.headerFields, limits.targetBytes});
    if (state == HeadParser::State::More) {
        if (stream.partial.empty())
            stream.partial.assign(octets);
        return {};
    }
    if (state == HeadParser::State::Failed) {
        const Error &error = stream.parser.error();
        if (m_worker.captures().enabled())
            stream.capture = m_worker.captures().begin(message);
        const bool large =
            error.code == Errc::HttpHeaderTooLarge || error.code == Errc::HttpTooManyHeaders;
        refuse(error.code == Errc::HttpVersion ? 505 : (large ? 431 : 400), error.code,
               error.detail);
        return {};
    }
    // What follows the head lies at the end of the octets just received.
    const std::size_t behind = message.size() - stream.parser.headSize();
    begin(message.substr(0, stream.parser.headSize()));
    return octets.substr(octets.size() - behind);
}

Result<void> ClientConnection::readRequest(std::string_view head)
{
    HeadParser &parser = m_stream->parser;
    Exchange &exchange = m_stream->exchange;
    Request &request = exchange.request;
    const std::string_view text = exchange.arena.copy(head);
    request.method = parser.method(text);
    request.headOnly = request.method == "HEAD";
    request.target = parser.target(text);
    request.minor = static_cast<std::uint8_t>(parser.minor());
    request.rawTarget = request.target;
    request.peer = request.socketPeer = m_peer;
    request.peerPort = request.socketPeerPort = m_peerPort;
    request.localPort = m_localPort;
    if (m_tls) {
        request.scheme = "https";
        exchange.tls = m_tls.get();
    }
    request.headSize = static_cast<std::uint32_t>(head.size());
    parser.fields(text, request.headers);
    if (parser.major() != 1)
        return fail(Errc::HttpVersion);

    const HeaderField *host = nullptr;
    for (const HeaderField &field : request.headers.fields()) {
        if (field.name.size() != 4 || !equalsIgnoringCase(field.name, "host"))
            continue;
        if (host)
            return fail(Errc::HttpHost, "Host is given twice");
        host = &field;
    }
    if (!host && request.minor >= 1)
        return fail(Errc::HttpHost, "HTTP/1.1 needs a Host header");
    const auto target = splitTarget(request.target);
    if (!target)
        return fail(Errc::HttpSyntax, "the request target is neither a path nor a URL");
    request.query = target->query;
    request.host = host ? host->value : std::string_view{};
    if (!target->authority.empty())
        request.host = target->authority; // RFC 9112 3.2.2
    if (host || !request.host.empty()) {
        const auto name = parseHost(request.host, exchange.arena);
        if (!name)
            return fail(Errc::HttpHost, "not a valid host");
        request.hostName = name->name;
    }
    const PathOptions &paths = m_worker.options().paths;
    if (!normalisePath(target->path, exchange.arena, request.path, paths.keepEncodedSlash))
        return fail(Errc::HttpSyntax, "the path holds a NUL or a broken escape");
    if (paths.servlet && !stripPathParameters(exchange.arena, request.path))
        return fail(Errc::HttpSyntax, "a path segment is empty or dots beside its parameter");
    if (paths.dropTailSlash && request.path.size() > 1 && request.path.ends_with('/'))
        request.path.remove_suffix(1);
    const ProxyOptions &options = m_worker.options();
    if (m_mayNameAddress) {
        if (const auto real = realAddress(options.realIp, request.headers, exchange.arena)) {
            request.peer = real->address;
            request.peerPort = real->port;
        }
    }
    exchange.bareForwardedHost = !options.forwardedHostHasPort;
    if (!options.trusted.empty())
        exchange.forwarding =
            anyContains(options.trusted, m_peer) ? Forwarding::Trusted : Forwarding::Untrusted;
    if (parser.framing() == Framing::Chunked && request.minor == 0)
        return fail(Errc::HttpSyntax, "HTTP/1.0 has no chunked bodies");
    return {};
}

void ClientConnection::begin(std::string_view head)
{
    ClientStream &stream = *m_stream;
    Exchange &exchange = stream.exchange;
    exchange.started = std::chrono::steady_clock::now();
    exchange.descriptor = m_descriptor;
    exchange.debugging = m_worker.options().debugHeader;
    exchange.now = m_worker.clock().now();
    exchange.worker = m_worker.index();
    exchange.snapshot = m_worker.snapshot();
    exchange.tracing = m_worker.options().tracing;
    exchange.trace.id = m_worker.nextTraceId();
    exchange.trace.received = exchange.now;
    m_keepAlive = stream.parser.keepAlive() && !m_lastRequest && !m_worker.stopping();
    m_requestDone = m_responseDone = false;
    if (m_worker.captures().enabled()) {
        stream.capture = m_worker.captures().begin(head);
        stream.capture->parsed = true;
    }

    const auto read = readRequest(head);
    if (exchange.tracing)
        rememberRequest(exchange);
    if (!read) {
        refuse(read.error().code == Errc::HttpVersion ? 505 : 400, read.error().code,
               read.error().detail);
        return;
    }
    if (std::string reason; m_tls && !admits(exchange, reason)) {
        refuse(400, Errc::ClientCertificate, reason);
        return;
    }
    stream.bodyLeft = stream.parser.contentLength();
    if (stream.parser.framing() == Framing::Length
        && stream.bodyLeft > m_worker.options().limits.bodyBytes) {
        refuse(413, Errc::HttpBodyTooLarge,
               "the limit is " + std::to_string(m_worker.options().limits.bodyBytes) + " bytes");
        return;
    }
    if (exchange.request.method == "CONNECT" || exchange.request.method == "TRACE") {
        refuse(405, Errc::Unsupported, "neither CONNECT nor TRACE is served");
        return;
    }
    exchange.body.declared = stream.bodyLeft;
    exchange.body.complete = stream.parser.framing() == Framing::None;
    stream.continued = false;
    m_phase = Phase::Answering;
    decideRequest(exchange.started);
}

/// \param since when the work began that counts as deciding
void ClientConnection::decideRequest(std::chrono::steady_clock::time_point since)
{
    Exchange &exchange = m_stream->exchange;
    const Verdict verdict = decide(exchange, m_worker.mergedChains());
    exchange.decided = std::chrono::steady_clock::now();
    exchange.trace.decisionNs += (exchange.decided - since).count();
    if (m_stream->capture)
        m_stream->capture->decided = exchange.decided;
    m_requestDone = exchange.body.complete;
    switch (verdict) {
    case Verdict::Continue:
        if (!m_requestDone) {
            m_phase = Phase::Body;
            setDeadline(m_worker.options().limits.bodyTimeout);
            if (!sendContinue())
                return;
        }
        startProxy();
        return;
    case Verdict::Respond:
        respond();
        return;
    case Verdict::ReadBody:
        gatherBody();
        return;
    case Verdict::Suspend:
        suspend();
        return;
    }
}

/// A plugin wants the body before it goes on.
void ClientConnection::gatherBody()
{
    m_phase = Phase::Gather;
    RequestBodyText &body = m_stream->exchange.body;
    body.text.reserve(
        static_cast<std::size_t>(std::min({body.declared, body.wanted, kGatherRoom})));
    setDeadline(m_worker.options().limits.bodyTimeout);
    static_cast<void>(sendContinue());
}

bool ClientConnection::sendContinue()
{
    const Request &request = m_stream->exchange.request;
    if (m_stream->continued || request.minor == 0
        || !equalsIgnoringCase(request.headers.value("expect"), "100-continue"))
        return true;
    m_stream->continued = true;
    return write("HTTP/1.1 100 Continue\r\n\r\n");
}

void ClientConnection::suspend()
{
    m_phase = Phase::Answering; // what the client sends meanwhile waits
    Suspension &wait = m_stream->exchange.wait;
    Reactor &reactor = m_worker.reactor();
    m_stream->wakeTimer =
        reactor.callAfter(std::chrono::duration_cast<Reactor::Clock::duration>(wait.limit), [this] {
            Suspension &late = m_stream->exchange.wait;
            m_stream->wakeTimer = 0;
            late.timedOut = true;
            if (late.slot)
                late.slot->close();
            resume();
        });
    if (!wait.slot)
        return;
    wait.slot->bind([this, &reactor, weak = std::weak_ptr(wait.slot)] {
        reactor.post([this, weak] {
            const auto slot = weak.lock();
            std::move_only_function<void()> deliver;
            if (!slot || !slot->take(deliver)) // the connection may be gone, too
                return;
            if (deliver)
                deliver();
            resume();
        });
    });
}

void ClientConnection::resume()
{
    if (m_stream->wakeTimer)
        m_worker.reactor().cancel(std::exchange(m_stream->wakeTimer, 0));
    decideRequest(std::chrono::steady_clock::now());
    if (m_ended || (m_phase != Phase::Gather && m_phase != Phase::Body && m_phase != Phase::Drain))
        return;
    // The rest of the body waited.
    if (m_peerDone && m_pending.empty()) {
        end();
        return;
    }
    watch(m_watching | (m_peerDone ? 0U : kReadable));
    consumePending();
}

void ClientConnection::stopWaiting()
{
    if (m_stream->wakeTimer)
        m_worker.reactor().cancel(std::exchange(m_stream->wakeTimer, 0));
    cancelSuspension(m_stream->exchange);
}

/// The gateway answers itself; what is left of the request's body is thrown away.
void ClientConnection::respond()
{
    if (!m_requestDone) {
        m_phase = Phase::Drain;
        // A client that waits for 100 will not send its body once it has this answer.
        if (!m_stream->continued && m_stream->exchange.request.headers.contains("expect")) {
            m_keepAlive = false;
            m_linger = true;
        }
    }
    sendReply();
}

void ClientConnection::startProxy()
{
    ClientStream &stream = *m_stream;
    const RequestBodyText &body = stream.exchange.body;
    const bool upgrade = stream.parser.upgrade() && stream.exchange.route->websocket;
    Framing framing = stream.parser.framing();
    std::uint64_t length = body.declared;
    if (framing == Framing::Chunked && body.complete) { // known to its end: no need for chunks
        framing = Framing::Length;
        length = body.text.size();
    }
    stream.proxy.start(*this, stream.exchange, framing, length, upgrade);
}

/// A piece of the request's body, free of its transfer coding.
void ClientConnection::passDecoded(std::string_view piece)
{
    if (m_stream->capture)
        m_worker.captures().append(m_stream->capture->requestBody, piece);
    if (m_phase == Phase::Body)
        m_stream->proxy.body(piece);
    else if (m_phase == Phase::Gather)
        m_stream->exchange.body.text.append(piece);
}

std::string_view ClientConnection::consumeBody(std::string_view octets)
{
    ClientStream &stream = *m_stream;
    Exchange &exchange = stream.exchange;
    const ProxyLimits &limits = m_worker.options().limits;
    const bool wanted = m_phase != Phase::Drain;
    bool done = false;
    std::string_view rest;
    std::uint64_t size = 0;
    if (stream.parser.framing() == Framing::Length) {
        const auto piece =
            octets.substr(0, std::min<std::uint64_t>(stream.bodyLeft, octets.size()));
        rest = octets.substr(piece.size());
        stream.bodyLeft -= piece.size();
        size = piece.size();
        done = stream.bodyLeft == 0;
        passDecoded(piece);
    } else {
        auto &pieces = m_worker.pieces();
        pieces.clear();
        std::size_t used = 0;
        const auto state = stream.parser.feedBody(octets, pieces, used);
        if (state == HeadParser::State::Failed) {
            if (stream.proxy.active())
                stream.proxy.abort();
            if (m_responseDone || queued()) {
                end();
                return {};
            }
            refuse(400, stream.parser.error().code, stream.parser.error().detail);
            return {};
        }
        rest = octets.substr(used);
        done = state == HeadParser::State::Complete;
        for (const std::string_view piece : pieces) {
            size += piece.size();
            passDecoded(piece);
            if (m_ended)
                return {};
        }
    }
    if (m_ended || !m_stream)
        return {};
    exchange.trace.requestBytes += size;
    if (wanted && exchange.trace.requestBytes > limits.bodyBytes) {
        if (stream.proxy.active())
            stream.proxy.abort();
        refuse(413, Errc::HttpBodyTooLarge,
               "the limit is " + std::to_string(limits.bodyBytes) + " bytes");
        return {};
    }
    if (m_phase == Phase::Drain) {
        stream.drained += size;
        if (stream.drained > kDrainRoom) {
            m_keepAlive = false;
            m_linger = true;
            done = true;
            rest = {};
        }
    } else {
        setDeadline(limits.bodyTimeout);
        if (m_phase == Phase::Body && !done && !stream.proxy.wantsBody())
            watch(m_watching & ~kReadable);
    }
    if (m_phase == Phase::Gather) {
        if (done)
            exchange.body.complete = true;
        if (done || exchange.body.text.size() > exchange.body.wanted) {
            m_phase = Phase::Answering;
            decideRequest(std::chrono::steady_clock::now());
        }
    } else if (done) {
        bodyComplete();
    }
    return m_ended ? std::string_view{} : rest;
}

void ClientConnection::bodyComplete()
{
    m_requestDone = true;
    const bool passing = m_phase == Phase::Body;
    m_phase = Phase::Answering;
    if (passing)
        m_stream->proxy.bodyEnd();
    if (!m_ended && m_responseDone)
        complete();
}

void ClientConnection::resumeBody()
{
    if (m_phase == Phase::Body || m_phase == Phase::Tunnel)
        watch(m_watching | kReadable);
}

bool ClientConnection::speaksChunked() const noexcept
{
    return m_stream->exchange.request.minor >= 1;
}

void ClientConnection::finishHead(std::string &head, bool keepAlive)
{
    const ProxyOptions &options = m_worker.options();
    appendField(head, "Server", options.serverToken);
    Exchange &exchange = m_stream->exchange;
    const TraceRecord &trace = exchange.trace;
    if (options.tracing && options.traceHeader == TraceHeader::Id)
        appendField(head, "X-Postern-Trace", traceId(trace.id));
    else if (options.tracing && options.traceHeader == TraceHeader::Summary)
        appendField(head, "X-Postern-Trace", summaryOf(trace));
    if (exchange.debugging)
        appendField(head, "Apisix-Plugins",
                    exchange.ran.empty() ? std::string_view("no plugin") : exchange.ran);
    m_keepAlive = m_keepAlive && keepAlive;
    // An unread request body larger than what is drained ends the connection.
    if (!m_requestDone && m_stream->parser.framing() == Framing::Length
        && m_stream->bodyLeft > kDrainRoom) {
        m_keepAlive = false;
        m_linger = true;
    }
    if (!m_keepAlive)
        head.append("Connection: close\r\n");
    else if (exchange.request.minor == 0)
        head.append("Connection: keep-alive\r\n");
    head.append("\r\n");
    exchange.responseHeadSize = static_cast<std::uint32_t>(head.size());
    if (m_stream->capture)
        m_stream->capture->response = head;
}

void ClientConnection::sendReply()
{
    Exchange &exchange = m_stream->exchange;
    Reply &reply = exchange.reply;
    std::string_view body = reply.page ? errorPage(reply.status) : reply.body;
    std::string_view type = reply.contentType;
    if (type.empty() && !body.empty())
        type = reply.page ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
    if (reply.headers.contains("content-type"))
        type = {};
    ResponseHead head{reply.status, std::exchange(reply.headers, {})};
    if (filtersResponse(exchange)) {
        if (!type.empty())
            head.headers.append("Content-Type", std::exchange(type, {}));
        filterResponse(exchange, head);
    }
    std::string filtered;
    if (!exchange.bodyFilters.empty()) {
        filterBody(exchange, body, true, filtered);
        body = filtered;
        head.headers.remove("content-length");
    }
    const bool bodiless = hasNoBody(head.status);
    // Pages have a length; what a plugin says is sent in chunks (apisix.md 2.9).
    const bool chunked = speaksChunked() && !body.empty() && (!reply.page || !filtered.empty());

    std::string &out = m_worker.headScratch();
    out.clear();
    appendStatusLine(out, head.status);
    appendField(out, "Date", m_worker.date().at(exchange.now));
    if (!type.empty())
        appendField(out, "Content-Type", type);
    for (const HeaderField &field : head.headers.fields())
        appendField(out, field.name, field.value);
    if (chunked && !bodiless)
        appendField(out, "Transfer-Encoding", "chunked");
    else if (!bodiless)
        appendField(out, "Content-Length", body.size());
    finishHead(out, true);
    exchange.trace.status = static_cast<std::uint16_t>(head.status);
    exchange.trace.responseBytes = body.size();
    if (exchange.tracing)
        std::tie(exchange.trace.message, exchange.trace.messageSize) =
            exchange.trace.put(reply.page ? std::string_view{} : body.substr(0, 160));
    if (!exchange.request.headOnly && !bodiless) {
        if (chunked) {
            appendChunk(out, body);
            out.append("0\r\n\r\n");
        } else {
            out.append(body);
        }
        if (m_stream->capture)
            m_worker.captures().append(m_stream->capture->responseBody, body);
    }
    reply.headers = std::move(head.headers); // keeps its room
    if (write(out))
        responseDone(true);
}

/// What every record has, for one that ends before its request was read.
void ClientConnection::open()
{
    Exchange &exchange = m_stream->exchange;
    exchange.now = m_worker.clock().now();
    exchange.trace.received = exchange.now;
    exchange.trace.id = m_worker.nextTraceId();
    exchange.tracing = m_worker.options().tracing;
    exchange.snapshot = m_worker.snapshot();
    exchange.request.peer = m_peer;
    exchange.started = exchange.decided = std::chrono::steady_clock::now();
}

void ClientConnection::refuse(int status, Errc reason, std::string_view detail)
{
    // Nothing sensible can follow on this connection.
    m_keepAlive = false;
    m_linger = true;
    m_requestDone = true;
    const bool early = m_phase == Phase::Head;
    m_phase = Phase::Answering;
    if (!m_stream)
        m_stream = m_worker.takeStream();
    Exchange &exchange = m_stream->exchange;
    if (exchange.trace.status) { // an answer is under way already
        end();
        return;
    }
    if (early && exchange.now == Timestamp{})
        open();
    if (early && !m_stream->capture && m_worker.captures().enabled())
        m_stream->capture = m_worker.captures().begin(m_stream->partial);
    m_responseDone = false;
    exchange.note(Step::Client, Outcome::Failed, reason, {}, exchange.arena.copy(detail), {},
                  status);
    replyWithPage(exchange, status);
    sendReply();
}

void ClientConnection::upstreamFailed(Errc reason, std::string_view statuses, int status)
{
    Exchange &exchange = m_stream->exchange;
    if (status)
        replyWithPage(exchange, status);
    else
        replyForDefect(exchange, reason);
    if (!statuses.empty())
        exchange.reply.headers.set("X-APISIX-Upstream-Status", statuses);
    if (!m_requestDone)
        m_phase = Phase::Drain;
    watch(m_watching | (m_peerDone ? 0U : kReadable));
    sendReply();
}

void ClientConnection::responseBroken()
{
    m_stream->exchange.note(Step::Upstream, Outcome::Failed, Errc::UpstreamReset, {});
    finish();
    m_responseDone = true;
    if (m_tls)
        m_tls->abandon();
    end();
}

void ClientConnection::becomeTunnel()
{
    m_phase = Phase::Tunnel;
    m_keepAlive = false;
    if (!m_pending.empty()) {
        const std::string early = std::exchange(m_pending, {});
        m_stream->proxy.tunnel(early);
    }
}

void ClientConnection::responseDone(bool keepAlive)
{
    m_keepAlive = m_keepAlive && keepAlive;
    m_responseDone = true;
    finish();
    if (!m_requestDone && m_phase == Phase::Body)
        m_phase = Phase::Drain;
    if (!m_requestDone)
        watch(m_watching | (m_peerDone ? 0U : kReadable));
    if (m_requestDone || !m_keepAlive)
        complete();
}

/// The decision is final and written: remember it.
void ClientConnection::finish()
{
    ClientStream &stream = *m_stream;
    Exchange &exchange = stream.exchange;
    TraceRecord &trace = exchange.trace;
    trace.totalNs = (std::chrono::steady_clock::now() - exchange.started).count();
    logExchange(exchange);
    if (exchange.tracing) {
        if (exchange.route)
            std::tie(trace.route, trace.routeSize) = trace.put(exchange.route->id);
        if (exchange.consumer)
            std::tie(trace.consumer, trace.consumerSize) = trace.put(exchange.consumer->username);
        if (exchange.snapshot)
            trace.revision = exchange.snapshot->revision;
    }
    m_worker.record(exchange);
    if (stream.capture)
        m_worker.captures().keep(std::move(stream.capture), trace);
}

/// The connection ends inside a request's head: who captures wants to see what came.
void ClientConnection::keepUnfinished()
{
    if (m_stream->partial.empty())
        return;
    open();
    Exchange &exchange = m_stream->exchange;
    std::tie(exchange.trace.peer, exchange.trace.peerSize) = exchange.trace.put(m_peer);
    exchange.note(Step::Client, Outcome::Failed, Errc::ClientGone, {},
                  "the connection ended inside the request's head");
    m_worker.recordConnection(exchange);
    m_worker.captures().keep(m_worker.captures().begin(m_stream->partial), exchange.trace);
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
