// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "gateway/server/reactor.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gateway {

/// A complete request to one of the gateway's own services (Admin API, control API, built-in
/// upstream). The body was read whole, up to the service's limit.
struct ServiceRequest
{
    std::string method;
    std::string target; ///< raw
    std::string path; ///< percent-decoded
    std::string query; ///< raw, without '?'
    std::vector<std::pair<std::string, std::string>> headers; ///< as received, in order
    std::string body;
    std::string peer; ///< client address; "unix" for a unix socket
    std::uint16_t localPort = 0;
    bool toLoopback = true; ///< it was sent to a loopback address of this machine
    bool bodyTooLarge =
        false; ///< the body was cut at the limit; `bodySize` is what was announced or read
    std::uint64_t bodySize = 0;
    std::uint8_t minor = 1;

    /// First header of that name (case-insensitive), or an empty view.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
    [[nodiscard]] bool hasHeader(std::string_view name) const noexcept;
    /// First query argument of that name, decoded; false in `.second` if absent.
    [[nodiscard]] std::pair<std::string, bool> argument(std::string_view name) const;
};

using ServiceHeaders = std::vector<std::pair<std::string, std::string>>;

/// The way back to the client. Cheap to copy; keeps working (doing nothing) when the client is
/// gone. The service's thread only. Answer once: send(), or start() + write()* + finish(), or
/// upgrade().
class Responder
{
public:
    /// Sends a whole answer. Content-Length, Date and Connection are added.
    void send(int status, ServiceHeaders headers, std::string_view body) const;
    /// The same in one chunk (HTTP/1.0: delimited by the connection's end).
    void sendChunked(int status, ServiceHeaders headers, std::string_view body) const;
    /// Starts a streamed answer (chunked for HTTP/1.1, close-delimited for 1.0).
    void start(int status, ServiceHeaders headers) const;
    void write(std::string_view chunk) const;
    void finish() const;
    /// Octets not yet taken by the client's socket: pause writing above some bound.
    [[nodiscard]] std::size_t backlog() const noexcept;
    /// Answers 101 and hands the raw stream over: `onData` gets what the client sends.
    void upgrade(ServiceHeaders headers, std::function<void(std::string_view)> onData) const;
    void close() const;
    [[nodiscard]] bool open() const noexcept;
    /// Called when the connection ends, however it ends. One callback.
    void onClosed(std::function<void()> callback) const;
    [[nodiscard]] Reactor &reactor() const noexcept;

    struct Connection;
    explicit Responder(std::weak_ptr<Connection> connection, Reactor &reactor);

private:
    std::weak_ptr<Connection> m_connection;
    Reactor *m_reactor;
};

struct ServiceOptions
{
    const Clock *clock = nullptr; ///< for the Date header; nullptr: real time
    std::string server; ///< Server header; empty: none unless the handler sets one
    std::size_t maxHeader = 64U * 1024;
    std::size_t maxHeaders = 100;
    std::size_t maxBody = 16U * 1024 * 1024;
    Reactor::Clock::duration headerTimeout = std::chrono::seconds(60);
    Reactor::Clock::duration idleTimeout = std::chrono::seconds(75);
};

/// A small HTTP/1.1 server for the gateway's own services: keep-alive, pipelining, limits. Its
/// handler is called in the reactor's thread. Not the data path.
class HttpService
{
public:
    using Handler = std::function<void(const ServiceRequest &, const Responder &)>;

    HttpService(Reactor &reactor, Handler handler, ServiceOptions options = {});
    ~HttpService();
    HttpService(const HttpService &) = delete;
    HttpService &operator=(const HttpService &) = delete;

    /// Listens on host:port (0 = any free port). Call before the reactor runs, or in its thread.
    /// \return the bound port, or PortInUse, Permission, CannotStart
    Result<std::uint16_t> listen(const std::string &host, std::uint16_t port);
    /// Listens on a unix socket (mode 0600); a stale file of a dead process is replaced.
    Result<void> listenUnix(const std::string &path);
    /// Stops listening and closes every connection.
    void close();

    struct State;

private:
    std::shared_ptr<State> m_state;
};

} // namespace postern::gateway
