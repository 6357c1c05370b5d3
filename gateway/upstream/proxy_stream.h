// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/http/head_parser.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/server/reactor.h"
#include "gateway/upstream/balancer.h"
#include "gateway/upstream/connection_pool.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace postern::gateway {

class ClientConnection;
class Worker;
struct ClientIdentity;

/// The upstream half of one exchange: picks a node, connects or re-uses a connection, sends the
/// request, streams the answer to the client, retries where that is safe. Worker's thread only.
class ProxyStream
{
public:
    explicit ProxyStream(Worker &worker) noexcept : m_worker(worker) {}
    ~ProxyStream();
    ProxyStream(const ProxyStream &) = delete;
    ProxyStream &operator=(const ProxyStream &) = delete;

    /// Starts proxying. `framing` and `length` describe the request's body: what was read ahead of
    /// it (exchange.body) is taken from there, the rest follows by body().
    void start(ClientConnection &client, Exchange &exchange, Framing framing, std::uint64_t length,
               bool upgrade);
    /// Body octets of the request.
    void body(std::string_view octets);
    void bodyEnd();
    /// False while the upstream does not take more: the client must not be read.
    [[nodiscard]] bool wantsBody() const noexcept;

    /// The client took what was queued: read on from the upstream.
    void clientDrained();
    /// Raw octets from the client, after an upgrade.
    void tunnel(std::string_view octets);
    /// The client sent its FIN in a tunnel.
    void tunnelEnd();

    void onUpstreamEvents(std::uint32_t events);
    /// Lets go of everything; the upstream connection is closed.
    void abort();
    /// Called by the worker's sweep for time-outs of seconds; shorter ones have a timer.
    void checkDeadline(Reactor::Clock::time_point now);
    [[nodiscard]] bool active() const noexcept { return m_client != nullptr; }

private:
    enum class Phase : std::uint8_t { Idle, Resolving, Connecting, Head, Body, Tunnel };

    void tryNode();
    [[nodiscard]] bool pickNode();
    void notePick();
    void leaveNode(bool answered);
    void reportFailure(Errc reason, bool last);
    void connect();
    [[nodiscard]] bool chooseSource();
    [[nodiscard]] bool secure();
    void handshake();
    void opened();
    [[nodiscard]] Result<std::unique_ptr<UpstreamConnection>> openConnection();
    void connected();
    [[nodiscard]] bool writeKnownBody();
    void sendRequest();
    void readUpstream();
    void readOnce();
    void upstreamEof();
    std::string_view readHead(std::string_view octets);
    void writeResponseHead(std::string_view message, bool more);
    void sendBody(std::string_view octets);
    void readBody(std::string_view octets);
    void frameAnswer(ResponseHead &head, bool bodilessUpstream);
    void passBody(std::string_view content, std::string &gather);
    void endBody(std::string &gather);
    void responseEnd(bool reusable);
    void failed(Errc reason, const std::string &detail);
    void giveUpAllTried(Errc reason);
    /// \param status of the answer; 0: what belongs to the reason
    void giveUp(Errc reason, int status = 0);
    [[nodiscard]] bool mayRetry(Errc reason) const noexcept;
    void noteUpstream(Outcome outcome, Errc reason);
    void arm(std::chrono::nanoseconds in, Errc reason);
    void disarm() noexcept;
    void dropConnection();
    void release() noexcept;

    Worker &m_worker;
    ClientConnection *m_client = nullptr;
    Exchange *m_exchange = nullptr;
    std::shared_ptr<const CompiledUpstream> m_upstream;
    Balancer *m_balancer = nullptr;
    NodeState *m_node = nullptr;
    ConnectionPool *m_pool = nullptr; ///< of the address that is tried
    ConnectionPool *m_source = nullptr; ///< where its connections come from: m_pool or m_secured
    std::shared_ptr<ConnectionPool> m_secured; ///< of TLS connections
    std::shared_ptr<const ClientIdentity> m_identity; ///< shown to the upstream; nullptr: plain
    const UpstreamTimeouts *m_timeouts = nullptr;
    std::unique_ptr<UpstreamConnection> m_connection;
    HeadParser m_parser{HeadParser::Kind::Response};
    std::string m_head; ///< of the request, kept until the answer begins
    std::string m_replay; ///< the body as sent so far, while the request may be repeated
    std::string m_partial; ///< of the response
    std::string m_statuses; ///< "502, 502" for X-APISIX-Upstream-Status
    Picks m_picks;
    std::uint64_t m_requestLength = 0;
    std::uint64_t m_bodyLeft = 0; ///< of the response
    std::uint64_t m_generation = 0; ///< tells a late resolver answer from a current one
    /// Gone with the stream, which a late resolver answer may outlive.
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
    Reactor::Clock::time_point m_started, m_picked, m_deadline;
    Reactor::TimerId m_timer = 0;
    unsigned m_triesLeft = 0;
    std::size_t m_addressesLeft = 0; ///< of the node, while connecting fails
    Phase m_phase = Phase::Idle;
    Framing m_requestFraming = Framing::None;
    Framing m_responseFraming = Framing::None;
    Errc m_timeoutReason = Errc::UpstreamTimeout;
    bool m_chunkedToClient = false;
    bool m_delimited = true; ///< the client can tell where the answer ends
    bool m_discard = false; ///< the upstream's body does not go to the client
    bool m_filtered = false; ///< it goes through body filters
    bool m_counted = false; ///< the balancer counts the try as under way
    bool m_reused = false; ///< the connection came from the pool
    bool m_staleRetried = false;
    bool m_replayable = true; ///< m_replay holds the whole body so far
    bool m_requestSent = false; ///< completely, body included
    bool m_upgrade = false;
    bool m_paused = false; ///< the client is too slow: upstream not read
    bool m_answerStarted = false;
    bool m_keepUpstream = false;
};

} // namespace postern::gateway
