// SPDX-License-Identifier: Apache-2.0
// The upstream's answer, read and passed on to the client.
#include "gateway/upstream/proxy_stream.h"

#include "gateway/http/writer.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/server/client_connection.h"
#include "gateway/server/worker.h"
#include "gateway/upstream/proxy_head.h"
#include "gateway/upstream/upstream_health.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace postern::gateway {

void ProxyStream::readUpstream()
{
    readOnce();
    // What TLS has read ahead makes no further event.
    while (m_client && m_connection && m_connection->tls && m_connection->tls->holdsInput()
           && !m_paused && m_phase != Phase::Connecting)
        readOnce();
}

void ProxyStream::readOnce()
{
    auto &scratch = m_worker.scratch();
    const ssize_t got = receiveFrom(m_connection->descriptor, m_connection->tls.get(),
                                    scratch.data(), scratch.size());
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR)
            failed(Errc::UpstreamReset, std::strerror(errno));
        return;
    }
    if (got == 0) {
        upstreamEof();
        return;
    }
    std::string_view octets(scratch.data(), static_cast<std::size_t>(got));
    m_worker.headScratch().clear(); // gathers what goes to the client
    if (m_phase == Phase::Tunnel) {
        m_exchange->trace.responseBytes += octets.size();
        if (!m_client->write(octets))
            return;
    } else {
        if (m_phase == Phase::Head)
            octets = readHead(octets);
        if (m_phase == Phase::Body) {
            readBody(octets);
        } else if (m_phase == Phase::Tunnel && !octets.empty()) { // sent right behind its 101
            m_exchange->trace.responseBytes += octets.size();
            if (!m_client->write(octets))
                return;
        }
    }
    if (!m_client || !m_connection)
        return;
    if (m_client->queued() > m_worker.options().limits.bufferBytes && !m_paused) {
        m_paused = true;
        disarm();
        m_connection->watch(m_connection->queued() ? EPOLLOUT : 0U);
    } else {
        arm(m_timeouts->read, Errc::UpstreamTimeout);
    }
}

/// \return the octets behind the head, if it was complete
std::string_view ProxyStream::readHead(std::string_view octets)
{
    const HeadParser::Limits limits{m_worker.options().limits.headerBytes, 1000, 64U * 1024};
    if (CapturedExchange *const kept = m_client->capture(); kept && m_partial.empty())
        kept->upstreamFirstByte = CapturedExchange::Clock::now();
    while (!octets.empty()) {
        std::string_view message = octets;
        if (!m_partial.empty()) {
            m_partial.append(octets);
            message = m_partial;
        }
        const auto state = m_parser.feed(message, octets.size(), limits);
        if (state == HeadParser::State::More) {
            if (m_partial.empty())
                m_partial.assign(octets);
            return {};
        }
        if (state == HeadParser::State::Failed || m_parser.major() != 1) {
            failed(Errc::UpstreamProtocol, m_parser.error().detail);
            return {};
        }
        const std::size_t behind = message.size() - m_parser.headSize();
        const std::string_view rest = octets.substr(octets.size() - behind);
        const int status = m_parser.status();
        if (status < 200 && !(status == 101 && m_upgrade)) {
            if (status == 101) {
                failed(Errc::UpstreamProtocol, "101 without having been asked to switch protocols");
                return {};
            }
            m_parser.reset(); // 100, 103: the gateway answered Expect itself
            m_partial.clear();
            octets = rest;
            continue;
        }
        writeResponseHead(message, !rest.empty());
        return rest;
    }
    return {};
}

void ProxyStream::writeResponseHead(std::string_view message, bool more)
{
    const int status = m_parser.status();
    Exchange &exchange = *m_exchange;
    exchange.trace.upstreamStatus = static_cast<std::uint16_t>(status);
    exchange.trace.status = static_cast<std::uint16_t>(status);
    if (!m_statuses.empty())
        m_statuses.append(", ");
    const bool shown = status >= 500 || m_worker.options().upstreamStatusHeader;
    if (shown || !m_statuses.empty())
        m_statuses.append(std::to_string(status));
    noteUpstream(Outcome::Ok, Errc::Internal);
    if (m_upstream->health)
        m_upstream->health->reportStatus(m_node->index, status);

    ResponseHead head;
    head.status = status;
    m_parser.fields(message, head.headers);
    const bool bodiless = hasNoBody(status) || exchange.request.method == "HEAD";
    m_responseFraming = bodiless ? Framing::None : m_parser.framing();
    m_bodyLeft = m_parser.contentLength();
    m_keepUpstream = m_parser.keepAlive() && m_responseFraming != Framing::UntilClose;
    if (status != 101 && filtersResponse(exchange))
        filterResponse(exchange, head);
    frameAnswer(head, bodiless);

    std::string &out = m_worker.headScratch();
    out.clear();
    appendStatusLine(out, head.status, head.status == status ? m_parser.reason(message) : "");
    appendResponseFields(out, head.headers, status == 101);
    if (!head.headers.contains("date"))
        appendField(out, "Date", m_worker.date().at(exchange.now));
    if (shown)
        appendField(out, "X-APISIX-Upstream-Status", m_statuses);
    if (m_chunkedToClient)
        out.append("Transfer-Encoding: chunked\r\n");
    m_answerStarted = true;
    if (status == 101) {
        appendField(out, "Server", m_worker.options().serverToken);
        out.append("\r\n");
        if (CapturedExchange *const kept = m_client->capture())
            kept->response = out;
        m_phase = Phase::Tunnel;
        const bool written = m_client->write(out);
        out.clear();
        if (written)
            m_client->becomeTunnel();
        return;
    }
    m_client->finishHead(out, m_delimited);
    m_phase = Phase::Body;
    if (m_responseFraming != Framing::None)
        return;
    endBody(out);
    if (m_client->write(out))
        responseEnd(m_keepUpstream && !more);
    // Otherwise the head waits in the scratch buffer for the first body octets: one send for both.
}

/// How the body travels to the client, which differs from how it comes when a plugin has a say.
void ProxyStream::frameAnswer(ResponseHead &head, bool bodilessUpstream)
{
    const bool bodiless = m_exchange->request.headOnly || hasNoBody(head.status);
    m_filtered = !m_exchange->bodyFilters.empty() && !bodiless;
    m_discard = bodiless && m_responseFraming != Framing::None;
    const bool streamed =
        m_responseFraming == Framing::Chunked || m_responseFraming == Framing::UntilClose;
    m_chunkedToClient = !bodiless && (streamed || m_filtered) && m_client->speaksChunked();
    m_delimited = bodiless || m_chunkedToClient || !(streamed || m_filtered);
    if (!m_exchange->bodyFilters.empty() || (hasNoBody(head.status) && m_discard))
        head.headers.remove("content-length");
    else if (bodilessUpstream && !bodiless) // a plugin changed the status or the method
        head.headers.set("Content-Length", "0");
}

void ProxyStream::passBody(std::string_view content, std::string &gather)
{
    if (m_discard)
        return;
    std::string filtered;
    if (m_filtered) {
        filterBody(*m_exchange, content, false, filtered);
        content = filtered;
    }
    m_exchange->trace.responseBytes += content.size();
    if (CapturedExchange *const kept = m_client->capture())
        m_worker.captures().append(kept->responseBody, content);
    if (m_chunkedToClient)
        appendChunk(gather, content);
    else
        gather.append(content);
}

/// The upstream's body is complete.
void ProxyStream::endBody(std::string &gather)
{
    if (m_filtered) {
        std::string rest;
        filterBody(*m_exchange, {}, true, rest);
        m_exchange->trace.responseBytes += rest.size();
        if (CapturedExchange *const kept = m_client->capture())
            m_worker.captures().append(kept->responseBody, rest);
        if (m_chunkedToClient)
            appendChunk(gather, rest);
        else
            gather.append(rest);
    }
    if (m_chunkedToClient)
        gather.append("0\r\n\r\n");
}

void ProxyStream::readBody(std::string_view octets)
{
    if (!m_client || m_phase != Phase::Body)
        return;
    std::string &out = m_worker.headScratch();
    bool done = false;
    bool surplus = false;
    if (m_responseFraming == Framing::Length) {
        const auto piece = octets.substr(0, std::min<std::uint64_t>(m_bodyLeft, octets.size()));
        surplus = piece.size() < octets.size();
        m_bodyLeft -= piece.size();
        passBody(piece, out);
        done = m_bodyLeft == 0;
    } else if (m_responseFraming == Framing::Chunked) {
        auto &pieces = m_worker.pieces();
        pieces.clear();
        std::size_t used = 0;
        const auto state =
            octets.empty() ? HeadParser::State::More : m_parser.feedBody(octets, pieces, used);
        for (const std::string_view piece : pieces)
            passBody(piece, out);
        if (state == HeadParser::State::Failed) {
            m_client->write(std::exchange(out, {}));
            if (m_client)
                failed(Errc::UpstreamProtocol, m_parser.error().detail);
            return;
        }
        done = state == HeadParser::State::Complete;
        surplus = done && used < octets.size();
    } else {
        passBody(octets, out);
    }
    if (done)
        endBody(out);
    const bool written = m_client->write(out);
    out.clear();
    if (written && done)
        responseEnd(m_keepUpstream
                    && !surplus); // octets behind the answer: not to be trusted again
}

void ProxyStream::upstreamEof()
{
    if (m_phase == Phase::Tunnel) {
        responseEnd(false);
        return;
    }
    if (m_phase == Phase::Body && m_responseFraming == Framing::UntilClose) {
        std::string rest;
        endBody(rest);
        if (!rest.empty() && !m_client->write(rest))
            return;
        responseEnd(false);
        return;
    }
    failed(Errc::UpstreamReset, "closed before the answer was complete");
}

void ProxyStream::responseEnd(bool reusable)
{
    ClientConnection *client = m_client;
    if (CapturedExchange *const kept = client->capture())
        kept->upstreamLastByte = CapturedExchange::Clock::now();
    const bool delimited = m_delimited;
    const bool tunnel = m_phase == Phase::Tunnel;
    disarm();
    leaveNode(true);
    if (reusable && m_requestSent && !m_connection->queued()
        && ++m_connection->served < m_upstream->keepaliveRequests) {
        // An idle time of 0 is no limit, as in the original.
        const auto idle =
            std::chrono::duration_cast<Reactor::Clock::duration>(m_upstream->keepaliveIdle);
        m_connection->pool().put(std::move(m_connection), m_upstream->keepaliveSize,
                                 idle == Reactor::Clock::duration::zero()
                                     ? Reactor::Clock::time_point::max()
                                     : m_worker.reactor().now() + idle);
    } else {
        dropConnection();
    }
    release();
    client->responseDone(delimited && !tunnel);
}

} // namespace postern::gateway
