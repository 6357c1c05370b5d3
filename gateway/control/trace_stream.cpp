// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/trace_stream.h"

#include "gateway/pipeline/explain.h"

#include <format>
#include <string>
#include <utility>

namespace postern::gateway {

void TraceStream::start(ControlHost &host, const Responder &responder, const TraceFilter &filter,
                        bool replay)
{
    const std::shared_ptr<TraceStream> stream(new TraceStream(host, responder, filter));
    TraceQuery query{.since = filter.since, .limit = replay ? 0U : 1U, .id = {}, .cursor = {}};
    host.collectTraces(query,
                       [stream, replay](const TracePage &page) { stream->begin(page, replay); });
}

void TraceStream::begin(const TracePage &page, bool replay)
{
    m_cursor = page.cursor;
    m_lastWrite = m_responder.reactor().now();
    // Weak: the connection keeps its callback, the callback must not keep the stream.
    m_responder.onClosed([weak = weak_from_this()] {
        if (const auto stream = weak.lock())
            stream->m_responder.reactor().cancel(stream->m_timer);
    });
    m_responder.start(200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}});
    m_responder.write(": postern traces\n\n");
    if (replay)
        deliver(page, m_filter.since);
    schedule();
}

void TraceStream::schedule()
{
    if (m_responder.open())
        m_timer =
            m_responder.reactor().callAfter(kPoll, [self = shared_from_this()] { self->poll(); });
}

void TraceStream::poll()
{
    if (!m_responder.open())
        return;
    m_host.collectTraces({.since = 0, .limit = 0, .id = {}, .cursor = m_cursor},
                         [self = shared_from_this()](const TracePage &page) {
                             self->m_cursor = page.cursor;
                             self->m_dropped += page.lost;
                             self->deliver(page, 0);
                             self->schedule();
                         });
}

void TraceStream::deliver(const TracePage &page, std::uint64_t since)
{
    const auto snapshot = m_host.snapshot();
    const std::vector<CompileProblem> problems = m_host.problems();
    for (const TraceView &trace : page.traces) {
        if (trace.record->id <= since || !m_filter.matches(*trace.record))
            continue;
        const Json json = traceToJson(*trace.record, *snapshot, trace.findings, problems);
        if (!m_filter.matches(json))
            continue;
        if (m_responder.backlog() > kMaxBacklog) {
            ++m_dropped;
            continue;
        }
        reportDropped();
        m_responder.write(std::format("id: {}\nevent: trace\ndata: {}\n\n",
                                      traceId(trace.record->id), json.dump()));
        m_lastWrite = m_responder.reactor().now();
    }
    if (m_responder.backlog() > kMaxBacklog)
        return;
    reportDropped();
    if (m_responder.reactor().now() - m_lastWrite >= kHeartbeat) {
        m_responder.write(": still here\n\n");
        m_lastWrite = m_responder.reactor().now();
    }
}

void TraceStream::reportDropped()
{
    if (const std::uint64_t count = std::exchange(m_dropped, 0); count > 0)
        m_responder.write(std::format("event: dropped\ndata: {{\"count\":{}}}\n\n", count));
}

} // namespace postern::gateway
