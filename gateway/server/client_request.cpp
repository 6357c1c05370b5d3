// SPDX-License-Identifier: Apache-2.0
// The reading half of a client's connection: a request's head and body, and what is decided on it.
#include "gateway/server/client_connection.h"

#include "gateway/http/uri.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/server/worker.h"

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <utility>

namespace postern::gateway {

namespace {

/// What a client that nobody trusts says about itself is not told to plugins, and not to the
/// upstream: what is there later was put there by a plugin.
void forgetForwarding(Request &request)
{
    const auto claims = [](const HeaderField &field) {
        return (field.name.size() == 16 || field.name.size() == 17)
            && equalsIgnoringCase(field.name.substr(0, 12), "x-forwarded-");
    };
    if (std::ranges::none_of(request.headers.fields(), claims))
        return;
    if (request.headers.contains("x-forwarded-proto"))
        request.headers.set("X-Forwarded-Proto", request.scheme);
    request.headers.remove("x-forwarded-host");
    request.headers.remove("x-forwarded-port");
}

/// Room made in advance for a body that a plugin waits for: what is announced may never come.
constexpr std::uint64_t kGatherRoom = 256U * 1024;

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
    if (exchange.forwarding != Forwarding::Trusted)
        forgetForwarding(request);
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

} // namespace postern::gateway
