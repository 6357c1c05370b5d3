// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/http_service.h"

#include "core/bytes/encoding.h"
#include "gateway/server/service_connection.h"
#include "gateway/server/socket.h"

#include <algorithm>
#include <utility>

#include <sys/epoll.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

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
            || connection->phase == Responder::Connection::Phase::Body
            || connection->phase == Responder::Connection::Phase::Linger;
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
