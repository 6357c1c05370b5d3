// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/http/head_parser.h"
#include "gateway/observe/capture.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/server/reactor.h"
#include "gateway/tls/session.h"
#include "gateway/upstream/proxy_stream.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <sys/epoll.h>

namespace postern::gateway {

class Worker;
class ClientConnection;

/// What a connection needs only while a request is under way; pooled by the worker, so that an
/// idle connection is small.
struct ClientStream
{
    explicit ClientStream(Worker &worker) : proxy(worker) {}

    HeadParser parser{HeadParser::Kind::Request};
    Exchange exchange;
    ProxyStream proxy;
    std::string partial; ///< a head that came in pieces
    std::unique_ptr<CapturedExchange> capture; ///< nullptr: nothing is kept
    std::uint64_t bodyLeft = 0; ///< of a body with Content-Length
    std::uint64_t drained = 0; ///< body octets thrown away
    Reactor::TimerId wakeTimer = 0; ///< of a suspended exchange
    bool continued = false; ///< 100 (Continue) was sent
};

/// One client: reads requests, has them decided, writes answers. Its worker's thread only.
class ClientConnection final : public EventSource
{
public:
    /// \param tls the session of a connection to the HTTPS listener, before its handshake
    ClientConnection(Worker &worker, int descriptor, std::unique_ptr<TlsSession> tls);
    ~ClientConnection() override;

    void onEvents(std::uint32_t events) override;

    // for ProxyStream
    /// What is kept of this exchange; nullptr: nothing.
    [[nodiscard]] CapturedExchange *capture() noexcept { return m_stream->capture.get(); }
    /// Whether a chunked answer can be sent (HTTP/1.1).
    [[nodiscard]] bool speaksChunked() const noexcept;
    /// Appends the fields every answer has (Server, trace, Connection) and the empty line.
    void finishHead(std::string &head, bool keepAlive);
    /// Sends at once what the socket takes and queues the rest; false if the client is gone.
    bool write(std::string_view octets);
    [[nodiscard]] std::size_t queued() const noexcept { return m_out.size() - m_sent; }
    /// The upstream answered completely. \param keepAlive whether the answer was self-delimiting
    void responseDone(bool keepAlive);
    /// Nothing of an answer was sent yet: answer with the page of this failure.
    /// \param statuses of the tries, for X-APISIX-Upstream-Status
    /// \param status of the answer; 0: what belongs to the reason
    void upstreamFailed(Errc reason, std::string_view statuses, int status);
    /// The answer broke off in the middle: end the connection so that the client notices.
    void responseBroken();
    /// The proxy takes body octets again.
    void resumeBody();
    /// The upstream switched protocols: from now on octets are passed on as they come.
    void becomeTunnel();

    /// Ends the connection, whatever it does.
    void end();
    // for the worker's sweep
    void checkDeadline(Reactor::Clock::time_point now);
    /// What nginx would say it is doing.
    enum class State : std::uint8_t { Reading, Writing, Waiting };
    [[nodiscard]] State state() const noexcept
    {
        if (m_phase == Phase::Idle)
            return State::Waiting;
        return m_phase == Phase::Head ? State::Reading : State::Writing;
    }
    /// Ends it if it is between requests; otherwise after the current one.
    void endWhenIdle();

    ClientConnection *next = nullptr, *previous = nullptr; ///< the worker's list

private:
    enum class Phase : std::uint8_t { Idle, Head, Gather, Body, Drain, Answering, Tunnel, Linger };

    static constexpr std::uint32_t kReadable = EPOLLIN | EPOLLRDHUP;
    /// Body octets of a refused request that are read and dropped to keep the connection.
    static constexpr std::uint64_t kDrainRoom = 1024U * 1024;

    void handshake();
    void handshakeFailed();
    void noteConnection(Errc reason, std::string_view detail);
    void keepUnfinished();
    void open();
    [[nodiscard]] bool admits(const Exchange &exchange, std::string &reason) const;
    void receive();
    void takeIn();
    void consume(std::string_view octets);
    std::string_view consumeHead(std::string_view octets);
    std::string_view consumeBody(std::string_view octets);
    void begin(std::string_view head);
    [[nodiscard]] Result<void> readRequest(std::string_view head);
    void decideRequest(std::chrono::steady_clock::time_point since);
    void gatherBody();
    void suspend();
    void resume();
    void stopWaiting();
    [[nodiscard]] bool sendContinue();
    void respond();
    void startProxy();
    void passDecoded(std::string_view piece);
    void sendReply();
    void refuse(int status, Errc reason, std::string_view detail);
    void bodyComplete();
    void finish();
    void complete();
    void consumePending();
    [[nodiscard]] bool flush();
    void watch(std::uint32_t events);
    void setDeadline(std::chrono::nanoseconds in);
    void late();

    Worker &m_worker;
    std::unique_ptr<ClientStream> m_stream;
    std::unique_ptr<TlsSession> m_tls; ///< nullptr: plain
    std::string m_pending; ///< octets behind the current request
    std::string m_out;
    std::size_t m_sent = 0;
    std::string m_peer;
    Reactor::Clock::time_point m_deadline;
    Reactor::TimerId m_timer = 0;
    int m_descriptor;
    std::uint32_t m_watching = 0;
    std::uint16_t m_peerPort = 0;
    std::uint16_t m_localPort = 0;
    Phase m_phase = Phase::Idle;
    bool m_mayNameAddress = false; ///< its real-ip header is believed
    bool m_keepAlive = true;
    bool m_requestDone = false; ///< read to its end
    bool m_responseDone = false; ///< written or queued to its end
    bool m_peerDone = false; ///< the client sent its FIN
    bool m_consumingPending = false;
    bool m_lastRequest = false;
    bool m_linger = false; ///< read on for a moment before closing
    bool m_ended = false;
};

} // namespace postern::gateway
