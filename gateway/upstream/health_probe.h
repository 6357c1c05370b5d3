// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "gateway/server/reactor.h"
#include "gateway/server/socket.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace postern::gateway {

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
};

/// One active check of one address: connects, sends a request, reads a status line. Never blocks;
/// each step has the whole time limit, as in the original. The reactor's thread only.
class HealthProbe final : public EventSource
{
public:
    using Done = std::function<void(ProbeOutcome)>;

    /// The checks under way; ends them with itself.
    using Running = std::map<const HealthProbe *, std::unique_ptr<HealthProbe>>;

    /// \param request empty: connecting is enough
    /// \param done called once, not before begin() returns; never when `running` ends first
    static void begin(Reactor &reactor, Running &running, const SocketAddress &address,
                      std::string request, Duration limit, Done done);

    ~HealthProbe() override;
    void onEvents(std::uint32_t events) override;

private:
    HealthProbe(Reactor &reactor, Running &running, int descriptor, std::string request,
                Duration limit, Done done);
    void arm();
    void send();
    void receive();
    void finish(ProbeOutcome outcome);

    Reactor &m_reactor;
    Running &m_running;
    Done m_done;
    std::string m_request, m_line;
    std::size_t m_sent = 0;
    Duration m_limit;
    Reactor::TimerId m_timer = 0;
    int m_descriptor;
    bool m_connected = false;
};

} // namespace postern::gateway
