// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/control/control_host.h"
#include "gateway/control/trace_filter.h"
#include "gateway/server/http_service.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace postern::gateway {

/// One client of /v1/traces/stream: server-sent events `trace` (id, JSON), a comment every 15
/// seconds, and `dropped` with a count when the client or the reader was too slow. Lives as long as
/// its connection. The control thread only.
class TraceStream : public std::enable_shared_from_this<TraceStream>
{
public:
    static constexpr auto kPoll = std::chrono::milliseconds(100);
    static constexpr auto kHeartbeat = std::chrono::seconds(15);
    /// Octets that may wait for a slow client.
    static constexpr std::size_t kMaxBacklog = 1024U * 1024;

    /// Answers with a stream. The head is sent when the rings' position is known: what is answered
    /// after that will be in the stream.
    /// \param replay whether kept traces after filter.since come first
    static void start(ControlHost &host, const Responder &responder, const TraceFilter &filter,
                      bool replay);

private:
    TraceStream(ControlHost &host, const Responder &responder, const TraceFilter &filter)
        : m_host(host),
          m_responder(responder),
          m_filter(filter)
    {
    }

    void begin(const TracePage &page, bool replay);
    void poll();
    void schedule();
    void deliver(const TracePage &page, std::uint64_t since);
    void reportDropped();

    ControlHost &m_host;
    Responder m_responder;
    TraceFilter m_filter;
    TraceCursor m_cursor;
    std::uint64_t m_dropped = 0;
    Reactor::Clock::time_point m_lastWrite;
    Reactor::TimerId m_timer = 0;
};

} // namespace postern::gateway
