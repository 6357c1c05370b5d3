// SPDX-License-Identifier: Apache-2.0
// The writing half of a client's connection: answers of the gateway's own, and their end.
#include "gateway/server/client_connection.h"

#include "gateway/http/writer.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/server/worker.h"

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <utility>

namespace postern::gateway {

namespace {

/// "01JF8Z6Q3M; denied; step=acl; reason=label-not-allowed"
std::string summaryOf(const TraceRecord &trace)
{
    std::string text = traceId(trace.id);
    const auto events = std::span(trace.event).first(trace.events);
    const auto failed = std::ranges::find(events, Outcome::Failed, &TraceEvent::outcome);
    if (failed == events.end())
        return text + "; allowed";
    text.append("; denied; step=").append(trace.view(failed->subject, failed->subjectSize));
    return text.append("; reason=").append(slug(failed->reason));
}

} // namespace

bool ClientConnection::speaksChunked() const noexcept
{
    return m_stream->exchange.request.minor >= 1;
}

void ClientConnection::finishHead(std::string &head, bool keepAlive)
{
    const ProxyOptions &options = m_worker.options();
    appendField(head, "Server", options.serverToken);
    Exchange &exchange = m_stream->exchange;
    const TraceRecord &trace = exchange.trace;
    if (options.tracing && options.traceHeader == TraceHeader::Id)
        appendField(head, "X-Postern-Trace", traceId(trace.id));
    else if (options.tracing && options.traceHeader == TraceHeader::Summary)
        appendField(head, "X-Postern-Trace", summaryOf(trace));
    if (exchange.debugging)
        appendField(head, "Apisix-Plugins",
                    exchange.ran.empty() ? std::string_view("no plugin") : exchange.ran);
    m_keepAlive = m_keepAlive && keepAlive;
    // An unread request body larger than what is drained ends the connection.
    if (!m_requestDone && m_stream->parser.framing() == Framing::Length
        && m_stream->bodyLeft > kDrainRoom) {
        m_keepAlive = false;
        m_linger = true;
    }
    if (!m_keepAlive)
        head.append("Connection: close\r\n");
    else if (exchange.request.minor == 0)
        head.append("Connection: keep-alive\r\n");
    head.append("\r\n");
    exchange.responseHeadSize = static_cast<std::uint32_t>(head.size());
    if (m_stream->capture)
        m_stream->capture->response = head;
}

void ClientConnection::sendReply()
{
    Exchange &exchange = m_stream->exchange;
    Reply &reply = exchange.reply;
    std::string_view body = reply.page ? errorPage(reply.status) : reply.body;
    std::string_view type = reply.contentType;
    if (type.empty() && !body.empty())
        type = reply.page ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
    if (reply.headers.contains("content-type"))
        type = {};
    ResponseHead head{reply.status, std::exchange(reply.headers, {})};
    if (filtersResponse(exchange)) {
        if (!type.empty())
            head.headers.append("Content-Type", std::exchange(type, {}));
        filterResponse(exchange, head);
    }
    std::string filtered;
    if (!exchange.bodyFilters.empty()) {
        filterBody(exchange, body, true, filtered);
        body = filtered;
        head.headers.remove("content-length");
    }
    const bool bodiless = hasNoBody(head.status);
    // Pages have a length; what a plugin says is sent in chunks (apisix.md 2.9).
    const bool chunked = speaksChunked() && !body.empty() && (!reply.page || !filtered.empty());

    std::string &out = m_worker.headScratch();
    out.clear();
    appendStatusLine(out, head.status);
    appendField(out, "Date", m_worker.date().at(exchange.now));
    if (!type.empty())
        appendField(out, "Content-Type", type);
    for (const HeaderField &field : head.headers.fields())
        appendField(out, field.name, field.value);
    if (chunked && !bodiless)
        appendField(out, "Transfer-Encoding", "chunked");
    else if (!bodiless)
        appendField(out, "Content-Length", body.size());
    finishHead(out, true);
    exchange.trace.status = static_cast<std::uint16_t>(head.status);
    exchange.trace.responseBytes = body.size();
    if (exchange.tracing)
        std::tie(exchange.trace.message, exchange.trace.messageSize) =
            exchange.trace.put(reply.page ? std::string_view{} : body.substr(0, 160));
    if (!exchange.request.headOnly && !bodiless) {
        if (chunked) {
            appendChunk(out, body);
            out.append("0\r\n\r\n");
        } else {
            out.append(body);
        }
        if (m_stream->capture)
            m_worker.captures().append(m_stream->capture->responseBody, body);
    }
    reply.headers = std::move(head.headers); // keeps its room
    if (write(out))
        responseDone(true);
}

/// What every record has, for one that ends before its request was read.
void ClientConnection::open()
{
    Exchange &exchange = m_stream->exchange;
    exchange.now = m_worker.clock().now();
    exchange.trace.received = exchange.now;
    exchange.trace.id = m_worker.nextTraceId();
    exchange.tracing = m_worker.options().tracing;
    exchange.snapshot = m_worker.snapshot();
    exchange.request.peer = m_peer;
    exchange.started = exchange.decided = std::chrono::steady_clock::now();
}

void ClientConnection::refuse(int status, Errc reason, std::string_view detail)
{
    // Nothing sensible can follow on this connection.
    m_keepAlive = false;
    m_linger = true;
    m_requestDone = true;
    const bool early = m_phase == Phase::Head;
    m_phase = Phase::Answering;
    if (!m_stream)
        m_stream = m_worker.takeStream();
    Exchange &exchange = m_stream->exchange;
    if (exchange.trace.status) { // an answer is under way already
        end();
        return;
    }
    if (early && exchange.now == Timestamp{})
        open();
    if (early && !m_stream->capture && m_worker.captures().enabled())
        m_stream->capture = m_worker.captures().begin(m_stream->partial);
    m_responseDone = false;
    exchange.note(Step::Client, Outcome::Failed, reason, {}, exchange.arena.copy(detail), {},
                  status);
    replyWithPage(exchange, status);
    sendReply();
}

void ClientConnection::upstreamFailed(Errc reason, std::string_view statuses, int status)
{
    Exchange &exchange = m_stream->exchange;
    if (status)
        replyWithPage(exchange, status);
    else
        replyForDefect(exchange, reason);
    if (!statuses.empty())
        exchange.reply.headers.set("X-APISIX-Upstream-Status", statuses);
    if (!m_requestDone)
        m_phase = Phase::Drain;
    watch(m_watching | (m_peerDone ? 0U : kReadable));
    sendReply();
}

void ClientConnection::responseBroken()
{
    m_stream->exchange.note(Step::Upstream, Outcome::Failed, Errc::UpstreamReset, {});
    finish();
    m_responseDone = true;
    if (m_tls)
        m_tls->abandon();
    end();
}

void ClientConnection::becomeTunnel()
{
    m_phase = Phase::Tunnel;
    m_keepAlive = false;
    if (!m_pending.empty()) {
        const std::string early = std::exchange(m_pending, {});
        m_stream->proxy.tunnel(early);
    }
}

void ClientConnection::responseDone(bool keepAlive)
{
    m_keepAlive = m_keepAlive && keepAlive;
    m_responseDone = true;
    finish();
    if (!m_requestDone && m_phase == Phase::Body)
        m_phase = Phase::Drain;
    if (!m_requestDone)
        watch(m_watching | (m_peerDone ? 0U : kReadable));
    if (m_requestDone || !m_keepAlive)
        complete();
}

/// The decision is final and written: remember it.
void ClientConnection::finish()
{
    ClientStream &stream = *m_stream;
    Exchange &exchange = stream.exchange;
    TraceRecord &trace = exchange.trace;
    trace.totalNs = (std::chrono::steady_clock::now() - exchange.started).count();
    logExchange(exchange);
    if (exchange.tracing) {
        if (exchange.route)
            std::tie(trace.route, trace.routeSize) = trace.put(exchange.route->id);
        if (exchange.consumer)
            std::tie(trace.consumer, trace.consumerSize) = trace.put(exchange.consumer->username);
        if (exchange.snapshot)
            trace.revision = exchange.snapshot->revision;
    }
    m_worker.record(exchange);
    if (stream.capture)
        m_worker.captures().keep(std::move(stream.capture), trace);
}

/// The connection ends inside a request's head: who captures wants to see what came.
void ClientConnection::keepUnfinished()
{
    if (m_stream->partial.empty())
        return;
    open();
    Exchange &exchange = m_stream->exchange;
    std::tie(exchange.trace.peer, exchange.trace.peerSize) = exchange.trace.put(m_peer);
    exchange.note(Step::Client, Outcome::Failed, Errc::ClientGone, {},
                  "the connection ended inside the request's head");
    m_worker.recordConnection(exchange);
    m_worker.captures().keep(m_worker.captures().begin(m_stream->partial), exchange.trace);
}

} // namespace postern::gateway
