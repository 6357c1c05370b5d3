// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "gateway/server/reactor.h"
#include "gateway/server/socket.h"
#include "gateway/tls/session.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace postern::gateway {

struct UpstreamTls;

/// What one active check found.
struct ProbeOutcome
{
    enum class Kind : std::uint8_t {
        Connected, ///< nothing more was asked for
        Answered, ///< `status` of the answer; 0: no HTTP
        Failed, ///< on the TCP level
        TimedOut,
    };
    Kind kind;
    int status = 0;
    std::string why = {}; ///< Failed, when TLS is to blame
};

/// What a check asks.
struct ProbeQuestion
{
    std::string request; ///< empty: connecting is enough
    Duration limit; ///< of each step
    std::shared_ptr<const UpstreamTls> tls = {}; ///< nullptr: plain
    std::string serverName = {}; ///< over TLS
};

/// One active check of one address: connects, shakes hands over TLS, sends a request, reads a
/// status line. Never blocks; each step has the whole time limit, as in the original. The reactor's
/// thread only.
class HealthProbe final : public EventSource
{
public:
    using Done = std::function<void(ProbeOutcome)>;

    /// The checks under way; ends them with itself.
    using Running = std::map<const HealthProbe *, std::unique_ptr<HealthProbe>>;

    /// \param done called once, not before begin() returns; never when `running` ends first
    static void begin(Reactor &reactor, Running &running, const SocketAddress &address,
                      ProbeQuestion question, Done done);

    ~HealthProbe() override;
    void onEvents(std::uint32_t events) override;

private:
    enum class Step : std::uint8_t { Connecting, Securing, Sending, Receiving };

    HealthProbe(Reactor &reactor, Running &running, int descriptor, ProbeQuestion question,
                Done done);
    void arm();
    void connected();
    void handshake();
    void ask();
    void send();
    void receive();
    void finish(ProbeOutcome outcome);

    Reactor &m_reactor;
    Running &m_running;
    Done m_done;
    ProbeQuestion m_question;
    std::unique_ptr<TlsSession> m_tls;
    std::string m_line;
    std::size_t m_sent = 0;
    Reactor::TimerId m_timer = 0;
    int m_descriptor;
    Step m_step = Step::Connecting;
};

} // namespace postern::gateway
