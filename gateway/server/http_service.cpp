// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/http_service.h"

#include "core/bytes/encoding.h"
#include "gateway/http/head_parser.h"
#include "gateway/http/writer.h"
#include "gateway/server/listener.h"
#include "gateway/server/socket.h"

#include <array>
#include <cerrno>
#include <optional>
#include <unordered_set>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr std::size_t kReadChunk = 64U * 1024;
constexpr auto kSweep = std::chrono::milliseconds(250);

/// Gives a shared connection to the reactor, which owns its sources singly.
template <class T> struct Hook final : EventSource
{
    explicit Hook(std::shared_ptr<T> to) : target(std::move(to)) {}
    void onEvents(std::uint32_t events) override
    {
        const std::shared_ptr<T> keep = target;
        keep->onEvents(events);
    }
    std::shared_ptr<T> target;
};

} // namespace

std::string_view ServiceRequest::header(std::string_view name) const noexcept
{
    for (const auto &[field, value] : headers) {
        if (equalsIgnoringCase(field, name))
            return value;
    }
    return {};
}

bool ServiceRequest::hasHeader(std::string_view name) const noexcept
{
    for (const auto &[field, value] : headers) {
        if (equalsIgnoringCase(field, name))
            return true;
    }
    return false;
}

std::pair<std::string, bool> ServiceRequest::argument(std::string_view name) const
{
    std::string_view rest = query;
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        if (decodePercent(pair.substr(0, equals), true) != name)
            continue;
        return {equals == std::string_view::npos ? std::string{}
                                                 : decodePercent(pair.substr(equals + 1), true),
                true};
    }
    return {{}, false};
}

struct HttpService::State : std::enable_shared_from_this<HttpService::State>
{
    State(Reactor &to, Handler calls, ServiceOptions with)
        : reactor(to),
          handler(std::move(calls)),
          options(std::move(with))
    {
    }

    Result<void> watch(int descriptor)
    {
        listeners.push_back(std::make_unique<Listener>(reactor, descriptor,
                                                       [this](int accepted) { accept(accepted); }));
        return listeners.back()->start();
    }
    void accept(int descriptor);
    void sweep();
    void close();

    Reactor &reactor;
    Handler handler;
    ServiceOptions options;
    std::vector<std::unique_ptr<Listener>> listeners;
    std::unordered_set<std::shared_ptr<Responder::Connection>> connections;
    std::string unixPath;
    bool sweeping = false;
    const Clock realClock;
    DateCache date;
};

/// One client connection of a service: reads a request, waits for its answer, goes on.
struct Responder::Connection : std::enable_shared_from_this<Responder::Connection>
{
    Connection(HttpService::State &to, int fd)
        : state(&to),
          descriptor(fd),
          deadline(to.reactor.now() + to.options.headerTimeout)
    {
        const SocketAddress local = localAddress(fd);
        peer = local.storage.ss_family == AF_UNIX ? "unix" : peerAddress(fd).host();
        port = local.port();
    }

    void onEvents(std::uint32_t events);
    void receive();
    void deliverRaw(std::string_view octets);
    void advance();
    bool readHead();
    bool readBody();
    void dispatch();
    void answered();
    void flush();
    void refuse(int status, std::string_view text);
    void end();
    void watch(std::uint32_t events);
    void appendHead(int status, const ServiceHeaders &headers, std::optional<std::size_t> length);

    HttpService::State *state; ///< nullptr once ended
    int descriptor;
    EventSource *hook = nullptr;
    std::uint32_t watching = EPOLLIN;
    std::string peer;
    std::uint16_t port = 0;
    std::string input, output;
    std::size_t scanned = 0; ///< of input, already fed to the parser
    HeadParser parser{HeadParser::Kind::Request};
    ServiceRequest request;
    std::function<void(std::string_view)> raw; ///< after an upgrade
    std::function<void()> closed;
    Reactor::Clock::time_point deadline;
    enum class Phase : std::uint8_t { Head, Body, Answering, Streaming, Raw } phase = Phase::Head;
    bool headOnly = false, keepAlive = true, chunked = false, peerDone = false, closing = false;
    bool inAdvance = false;
};

void HttpService::State::accept(int descriptor)
{
    setNoDelay(descriptor);
    auto connection = std::make_shared<Responder::Connection>(*this, descriptor);
    auto hook = std::make_unique<Hook<Responder::Connection>>(connection);
    connection->hook = hook.get();
    if (!reactor.add(descriptor, hook.get(), EPOLLIN)) {
        ::close(descriptor);
        return;
    }
    hook.release(); // NOLINT(bugprone-unused-return-value): back under ownership in end()
    connections.insert(std::move(connection));
    if (!sweeping) {
        sweeping = true;
        reactor.callAfter(kSweep, [self = shared_from_this()] { self->sweep(); });
    }
}

void HttpService::State::sweep()
{
    sweeping = false;
    std::vector<std::shared_ptr<Responder::Connection>> late;
    for (const auto &connection : connections) {
        const bool waiting = connection->phase == Responder::Connection::Phase::Head
            || connection->phase == Responder::Connection::Phase::Body;
        if (waiting && connection->deadline < reactor.now())
            late.push_back(connection);
    }
    for (const auto &connection : late)
        connection->end();
    if (!connections.empty()) {
        sweeping = true;
        reactor.callAfter(kSweep, [self = shared_from_this()] { self->sweep(); });
    }
}

void HttpService::State::close()
{
    listeners.clear();
    if (!unixPath.empty())
        ::unlink(unixPath.c_str());
    const auto all = connections;
    for (const auto &connection : all)
        connection->end();
}

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
        if (phase == Phase::Head || phase == Phase::Body || phase == Phase::Raw)
            end();
        else
            watch(watching & ~static_cast<std::uint32_t>(EPOLLIN));
        return;
    }
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
    while (state && (phase == Phase::Head || phase == Phase::Body)) {
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
        // Drain what the client still sends, so that a reset does not eat the answer.
        std::array<char, 4096> sink;
        while (::recv(descriptor, sink.data(), sink.size(), 0) > 0) {}
        end();
    }
}

Responder::Responder(std::weak_ptr<Connection> connection, Reactor &reactor)
    : m_connection(std::move(connection)),
      m_reactor(&reactor)
{
}

void Responder::send(int status, ServiceHeaders headers, std::string_view body) const
{
    const auto connection = m_connection.lock();
    if (!connection || !connection->state)
        return;
    connection->appendHead(status, headers, body.size());
    if (!connection->headOnly && status != 204 && status != 304)
        connection->output.append(body);
    connection->answered();
}

void Responder::sendChunked(int status, ServiceHeaders headers, std::string_view body) const
{
    const auto connection = m_connection.lock();
    if (!connection || !connection->state)
        return;
    connection->appendHead(status, headers, std::nullopt);
    if (!connection->headOnly) {
        if (connection->chunked) {
            appendChunk(connection->output, body);
            connection->output.append("0\r\n\r\n");
        } else {
            connection->output.append(body);
        }
    }
    connection->answered();
}

void Responder::start(int status, ServiceHeaders headers) const
{
    const auto connection = m_connection.lock();
    if (!connection || !connection->state)
        return;
    connection->phase = Connection::Phase::Streaming;
    connection->appendHead(status, headers, std::nullopt);
    connection->flush();
}

void Responder::write(std::string_view chunk) const
{
    const auto connection = m_connection.lock();
    if (!connection || !connection->state)
        return;
    if (connection->phase == Connection::Phase::Streaming && connection->headOnly)
        return;
    if (connection->phase == Connection::Phase::Streaming && connection->chunked)
        appendChunk(connection->output, chunk);
    else
        connection->output.append(chunk);
    connection->flush();
}

void Responder::finish() const
{
    const auto connection = m_connection.lock();
    if (!connection || !connection->state)
        return;
    if (connection->phase == Connection::Phase::Raw) {
        connection->closing = true;
        connection->phase = Connection::Phase::Answering;
        connection->flush();
        return;
    }
    if (connection->chunked && !connection->headOnly)
        connection->output.append("0\r\n\r\n");
    connection->answered();
}

std::size_t Responder::backlog() const noexcept
{
    const auto connection = m_connection.lock();
    return connection ? connection->output.size() : 0;
}

void Responder::upgrade(ServiceHeaders headers, std::function<void(std::string_view)> onData) const
{
    const auto connection = m_connection.lock();
    if (!connection || !connection->state)
        return;
    connection->appendHead(101, headers, std::nullopt);
    connection->phase = Connection::Phase::Raw;
    connection->raw = std::move(onData);
    connection->flush();
    if (connection->state && !connection->input.empty()) {
        const std::string early = std::exchange(connection->input, {});
        connection->deliverRaw(early);
    }
}

void Responder::close() const
{
    if (const auto connection = m_connection.lock())
        connection->end();
}

bool Responder::open() const noexcept
{
    const auto connection = m_connection.lock();
    return connection && connection->state;
}

void Responder::onClosed(std::function<void()> callback) const
{
    if (const auto connection = m_connection.lock(); connection && connection->state)
        connection->closed = std::move(callback);
}

Reactor &Responder::reactor() const noexcept { return *m_reactor; }

HttpService::HttpService(Reactor &reactor, Handler handler, ServiceOptions options)
    : m_state(std::make_shared<State>(reactor, std::move(handler), std::move(options)))
{
}

HttpService::~HttpService() { close(); }

Result<std::uint16_t> HttpService::listen(const std::string &host, std::uint16_t port)
{
    const auto descriptor = listenTcp(host, port);
    if (!descriptor)
        return std::unexpected(descriptor.error());
    if (const auto watched = m_state->watch(*descriptor); !watched)
        return std::unexpected(watched.error());
    return localAddress(*descriptor).port();
}

Result<void> HttpService::listenUnix(const std::string &path)
{
    const auto descriptor = listenUnixSocket(path);
    if (!descriptor)
        return std::unexpected(descriptor.error());
    m_state->unixPath = path;
    return m_state->watch(*descriptor);
}

void HttpService::close() { m_state->close(); }

} // namespace postern::gateway
