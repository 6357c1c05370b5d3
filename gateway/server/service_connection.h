// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "gateway/http/head_parser.h"
#include "gateway/http/writer.h"
#include "gateway/server/http_service.h"
#include "gateway/server/listener.h"
#include "gateway/server/reactor.h"
#include "gateway/server/socket.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <sys/epoll.h>

// Inside of HttpService: nobody else includes this.

namespace postern::gateway {

/// What the connections of a service share. Its reactor's thread only.
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
        toLoopback = local.isLoopback();
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
    bool toLoopback = true;
    std::uint16_t port = 0;
    std::string input, output;
    std::size_t scanned = 0; ///< of input, already fed to the parser
    HeadParser parser{HeadParser::Kind::Request};
    ServiceRequest request;
    std::function<void(std::string_view)> raw; ///< after an upgrade
    std::function<void()> closed;
    Reactor::Clock::time_point deadline;
    enum class Phase : std::uint8_t {
        Head,
        Body,
        Answering,
        Streaming,
        Raw,
        Linger
    } phase = Phase::Head;
    bool headOnly = false, keepAlive = true, chunked = false, peerDone = false, closing = false;
    bool inAdvance = false;
    bool unread = false; ///< the client may still be sending what nobody wants
};

} // namespace postern::gateway
