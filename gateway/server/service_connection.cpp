// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/service_connection.h"

#include "core/bytes/encoding.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr std::size_t kReadChunk = 64U * 1024;
constexpr auto kLinger = std::chrono::seconds(30);

} // namespace

void Responder::Connection::watch(std::uint32_t events)
{
    if (state && events != watching) {
        watching = events;
        state->reactor.modify(descriptor, hook, events);
    }
}

void Responder::Connection::end()
{
    if (!state)
        return;
    HttpService::State *from = state;
    state = nullptr;
    from->reactor.remove(descriptor);
    ::close(descriptor);
    const auto keep = shared_from_this();
    from->connections.erase(keep);
    from->reactor.retire(std::unique_ptr<EventSource>(hook));
    raw = {};
    if (const auto callback = std::exchange(closed, {}))
        callback();
}

void Responder::Connection::onEvents(std::uint32_t events)
{
    if (events & (EPOLLHUP | EPOLLERR)) {
        end();
        return;
    }
    if (events & EPOLLOUT)
        flush();
    if (state && (events & EPOLLIN))
        receive();
}

void Responder::Connection::receive()
{
    std::array<char, kReadChunk> chunk;
    const ssize_t got = ::recv(descriptor, chunk.data(), chunk.size(), 0);
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR)
            end();
        return;
    }
    if (got == 0) {
        peerDone = true;
        if (phase == Phase::Head || phase == Phase::Body || phase == Phase::Raw
            || phase == Phase::Linger)
            end();
        else
            watch(watching & ~static_cast<std::uint32_t>(EPOLLIN));
        return;
    }
    if (phase == Phase::Linger)
        return;
    const std::string_view octets(chunk.data(), static_cast<std::size_t>(got));
    if (phase == Phase::Raw) {
        deliverRaw(octets);
        return;
    }
    input.append(octets);
    if (phase == Phase::Answering || phase == Phase::Streaming) {
        if (input.size() > state->options.maxHeader) // pipelined far ahead: let the kernel hold it
            watch(watching & ~static_cast<std::uint32_t>(EPOLLIN));
        return;
    }
    advance();
}

// The callback may end the connection, which drops the callback: it must outlive its own call.
void Responder::Connection::deliverRaw(std::string_view octets)
{
    auto callback = std::exchange(raw, {});
    callback(octets);
    if (state && !raw)
        raw = std::move(callback);
}

void Responder::Connection::advance()
{
    if (inAdvance)
        return; // answered from within the handler: the loop below goes on
    inAdvance = true;
    while (state && !closing && (phase == Phase::Head || phase == Phase::Body)) {
        if (phase == Phase::Head && !readHead())
            break;
        if (!state || !readBody())
            break;
        dispatch();
    }
    inAdvance = false;
}

bool Responder::Connection::readHead()
{
    if (scanned == input.size())
        return false;
    const ServiceOptions &options = state->options;
    const HeadParser::Limits limits{options.maxHeader, options.maxHeaders, options.maxHeader};
    const auto found = parser.feed(input, input.size() - scanned, limits);
    scanned = input.size();
    if (found == HeadParser::State::More)
        return false;
    if (found == HeadParser::State::Failed) {
        const bool large = parser.error().code == Errc::HttpHeaderTooLarge
            || parser.error().code == Errc::HttpTooManyHeaders;
        refuse(large ? 431 : 400, describe(parser.error()));
        return false;
    }
    request = {};
    request.method = parser.method(input);
    request.target = parser.target(input);
    HeaderList fields;
    parser.fields(input, fields);
    for (const HeaderField &field : fields.fields())
        request.headers.emplace_back(field.name, field.value);
    std::string_view target = request.target;
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos && scheme < 6) {
        const auto slash = target.find('/', scheme + 3);
        target = slash == std::string_view::npos ? "/" : target.substr(slash);
    }
    const std::size_t question = target.find('?');
    request.path = decodePercent(target.substr(0, question));
    if (question != std::string_view::npos)
        request.query = target.substr(question + 1);
    request.peer = peer;
    request.localPort = port;
    request.toLoopback = toLoopback;
    request.minor = static_cast<std::uint8_t>(parser.minor());
    keepAlive = parser.keepAlive();
    headOnly = request.method == "HEAD";
    if (parser.major() != 1) {
        refuse(505, "HTTP/1.0 and HTTP/1.1 are spoken here");
        return false;
    }
    if (parser.framing() == Framing::Length) {
        request.bodySize = parser.contentLength();
        request.bodyTooLarge = request.bodySize > options.maxBody;
    }
    if (parser.framing() != Framing::None && !request.bodyTooLarge
        && parser.expectsContinue(input)) {
        output.append("HTTP/1.1 100 Continue\r\n\r\n");
        flush();
    }
    input.erase(0, parser.headSize());
    scanned = 0;
    phase = Phase::Body;
    return true;
}

bool Responder::Connection::readBody()
{
    if (request.bodyTooLarge) {
        keepAlive = false;
        unread = true;
        return true;
    }
    if (parser.framing() == Framing::Length) {
        if (input.size() < parser.contentLength())
            return false;
        request.body = input.substr(0, parser.contentLength());
        input.erase(0, parser.contentLength());
        return true;
    }
    if (parser.framing() != Framing::Chunked)
        return true;
    if (input.empty())
        return false;
    std::vector<std::string_view> content;
    std::size_t used = 0;
    const auto found = parser.feedBody(input, content, used);
    for (const std::string_view piece : content) {
        request.bodySize += piece.size();
        if (request.bodySize <= state->options.maxBody)
            request.body.append(piece);
    }
    input.erase(0, used);
    if (found == HeadParser::State::Failed) {
        refuse(400, describe(parser.error()));
        return false;
    }
    if (request.bodySize > state->options.maxBody) {
        request.bodyTooLarge = true;
        keepAlive = false;
        unread = true;
        return true;
    }
    return found == HeadParser::State::Complete;
}

void Responder::Connection::dispatch()
{
    phase = Phase::Answering;
    parser.reset();
    const ServiceRequest current = std::move(request);
    HttpService::State &service = *state;
    service.handler(current, Responder(weak_from_this(), service.reactor));
}

void Responder::Connection::refuse(int status, std::string_view text)
{
    keepAlive = false;
    unread = true;
    headOnly = false;
    phase = Phase::Answering;
    const std::string body = std::string(text) + "\n";
    appendHead(status, {{"Content-Type", "text/plain; charset=utf-8"}}, body.size());
    output.append(body);
    answered();
}

void Responder::Connection::appendHead(int status, const ServiceHeaders &headers,
                                       std::optional<std::size_t> length)
{
    const ServiceOptions &options = state->options;
    appendStatusLine(output, status);
    bool server = options.server.empty(), date = false;
    for (const auto &[name, value] : headers) {
        appendField(output, name, value);
        server = server || equalsIgnoringCase(name, "server");
        date = date || equalsIgnoringCase(name, "date");
    }
    if (!server)
        appendField(output, "Server", options.server);
    if (!date) {
        const Clock &clock = options.clock ? *options.clock : state->realClock;
        appendField(output, "Date", state->date.at(clock.now()));
    }
    if (status == 101) {
        output.append("\r\n");
        return;
    }
    const bool bodiless = status < 200 || status == 204 || status == 304;
    if (length) {
        if (!bodiless)
            appendField(output, "Content-Length", *length);
    } else if (request.minor >= 1 && !bodiless) {
        chunked = true;
        appendField(output, "Transfer-Encoding", "chunked");
    } else {
        keepAlive = false;
    }
    appendField(output, "Connection", keepAlive ? "keep-alive" : "close");
    output.append("\r\n");
}

void Responder::Connection::answered()
{
    closing = !keepAlive || peerDone;
    phase = Phase::Head;
    chunked = false;
    deadline = state->reactor.now() + state->options.idleTimeout;
    flush();
    if (!state || closing)
        return;
    watch(watching | EPOLLIN);
    if (!input.empty()) {
        scanned = 0;
        advance();
    }
}

void Responder::Connection::flush()
{
    while (!output.empty()) {
        const ssize_t sent = ::send(descriptor, output.data(), output.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EINTR)
                continue;
            if (errno != EAGAIN) {
                end();
                return;
            }
            watch(watching | EPOLLOUT);
            return;
        }
        output.erase(0, static_cast<std::size_t>(sent));
    }
    watch(watching & ~static_cast<std::uint32_t>(EPOLLOUT));
    if (closing && phase != Phase::Raw) {
        ::shutdown(descriptor, SHUT_WR);
        if (unread && !peerDone) {
            // Many clients send all of a body before they read: closing now would break their
            // sending, and the answer would never be seen. RFC 9112 9.6.
            input = {};
            phase = Phase::Linger;
            deadline = state->reactor.now() + kLinger;
            watch(EPOLLIN);
            return;
        }
        // Drain what the client still sends, so that a reset does not eat the answer.
        std::array<char, 4096> sink;
        while (::recv(descriptor, sink.data(), sink.size(), 0) > 0) {}
        end();
    }
}

} // namespace postern::gateway
