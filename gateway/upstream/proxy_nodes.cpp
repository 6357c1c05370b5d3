// SPDX-License-Identifier: Apache-2.0
// Which node a request is sent to, over which connection, and what follows when that fails.
#include "gateway/upstream/proxy_stream.h"

#include "gateway/server/client_connection.h"
#include "gateway/server/worker.h"
#include "gateway/upstream/upstream_health.h"

#include <array>
#include <string>
#include <utility>

namespace postern::gateway {

namespace {

/// Whether a request may be sent again after it was sent once: nginx's rule for "next upstream".
bool isRepeatable(std::string_view method) noexcept
{
    return method != "POST" && method != "LOCK" && method != "PATCH";
}

/// "127.0.0.1:80 unhealthy (2 tcp failures)"
std::string describe(const HealthTarget &target)
{
    const HealthCounters counters = target.counters();
    std::string text = target.host() + ":" + std::to_string(target.port()) + " "
        + std::string(healthStatusName(target.status()));
    const std::array<std::pair<std::string_view, unsigned>, 3> kinds{{
        {"http", counters.httpFailure},
        {"tcp", counters.tcpFailure},
        {"timeout", counters.timeoutFailure},
    }};
    std::string why;
    for (const auto &[name, count] : kinds) {
        if (count > 0)
            why.append(why.empty() ? "" : ", ")
                .append(std::to_string(count))
                .append(" ")
                .append(name)
                .append(count == 1 ? " failure" : " failures");
    }
    return why.empty() ? text : text + " (" + why + ")";
}

int statusOf(Errc reason) noexcept
{
    if (reason == Errc::UpstreamTimeout)
        return 504;
    return reason == Errc::UpstreamNoNodes ? 503 : 502;
}

} // namespace

/// \return false when every usable node was tried
bool ProxyStream::pickNode()
{
    m_picked = m_worker.reactor().now();
    NodeState *picked =
        m_balancer->usableNodes() ? m_balancer->pick(m_picks, *m_exchange, m_picked) : nullptr;
    if (!picked)
        return false;
    m_node = picked;
    m_pool = nullptr;
    m_counted = m_balancer->counts();
    m_exchange->node = m_node;
    if (m_exchange->tracing && m_upstream->nodes.size() > 1)
        notePick();
    return true;
}

/// Which nodes were left out, and how the choice among the others was made.
void ProxyStream::notePick()
{
    if (const UpstreamHealth *health = m_upstream->health.get()) {
        std::string out;
        std::size_t count = 0;
        for (std::size_t i = 0; i < m_upstream->nodes.size(); ++i) {
            if (!health->out(i))
                continue;
            ++count;
            out.append(out.empty() ? "" : "; ").append(describe(health->target(i)));
        }
        if (count > 0)
            m_exchange->note(Step::Upstream, Outcome::Note, Errc::UpstreamUnhealthy, "checks", out,
                             {}, count == m_upstream->nodes.size() ? 1 : 0);
    }
    if (m_node->nodeText.empty())
        m_node->nodeText = m_node->node->host + ":" + std::to_string(m_node->node->port);
    m_exchange->note(Step::Upstream, Outcome::Note, Errc::Internal, m_balancer->name(),
                     m_node->nodeText, m_picks.key);
}

/// The try on the node is over: what its balancer counts goes on without it.
void ProxyStream::leaveNode(bool answered)
{
    if (!std::exchange(m_counted, false))
        return;
    const auto now = m_worker.reactor().now();
    m_balancer->left(*m_node, answered ? std::optional(now - m_picked) : std::nullopt, now);
}

void ProxyStream::tryNode()
{
    --m_triesLeft;
    if (m_worker.locate(*m_node)) {
        m_addressesLeft = m_node->pools.size();
        connect();
        return;
    }
    m_phase = Phase::Resolving;
    arm(m_timeouts->connect, Errc::UpstreamTimeout);
    m_worker.resolve(*m_node->node,
                     [this, alive = std::weak_ptr(m_alive), generation = ++m_generation,
                      upstream = m_upstream](const Resolver::Found &found) {
                         if (alive.expired() || generation != m_generation
                             || m_phase != Phase::Resolving)
                             return;
                         if (!found) {
                             failed(Errc::UpstreamResolve, found.error().detail);
                             return;
                         }
                         m_worker.located(*m_node, *found);
                         m_addressesLeft = m_node->pools.size();
                         connect();
                     });
}

/// Connects to the node's next address, or takes a connection that is open.
void ProxyStream::connect()
{
    if (CapturedExchange *const kept = m_client->capture()) {
        kept->upstreamTried = CapturedExchange::Clock::now();
        kept->upstreamConnected = {};
    }
    const bool careful = !isRepeatable(m_exchange->request.method);
    m_pool = m_source = m_node->nextPool();
    if (m_upstream->tls && !chooseSource())
        return;
    // Where one pooled connection was stale the others are likely to be: the repeat gets a fresh
    // one.
    do {
        m_connection = m_staleRetried ? nullptr : m_source->take();
        // What must not be repeated is not sent on a connection that the upstream has closed.
    } while (careful && m_connection && !m_connection->stillOpen());
    m_reused = m_connection != nullptr;
    m_exchange->nodeAddress = m_pool->text();
    if (m_reused) {
        m_connection->stream = this;
        sendRequest();
        return;
    }
    auto opened = openConnection();
    if (!opened) {
        failed(Errc::UpstreamConnect, opened.error().detail);
        return;
    }
    m_connection = std::move(*opened);
    m_connection->stream = this;
    m_phase = Phase::Connecting;
    m_connection->watch(EPOLLIN | EPOLLOUT);
    arm(m_timeouts->connect, Errc::UpstreamTimeout);
    sendRequest();
}

/// An address that cannot even be tried (no route to its network) is passed over.
Result<std::unique_ptr<UpstreamConnection>> ProxyStream::openConnection()
{
    for (;;) {
        --m_addressesLeft;
        const auto descriptor = startConnect(m_pool->address());
        if (descriptor)
            return std::make_unique<UpstreamConnection>(m_worker.reactor(), *m_source, *descriptor);
        if (m_addressesLeft == 0)
            return std::unexpected(descriptor.error());
        m_pool = m_source = m_node->nextPool();
        if (m_identity) // it was there a moment ago: this cannot fail
            static_cast<void>(chooseSource());
        m_exchange->nodeAddress = m_pool->text();
    }
}

bool ProxyStream::mayRetry(Errc reason) const noexcept
{
    if (m_answerStarted || !m_replayable)
        return false;
    const bool nothingSent = reason == Errc::UpstreamConnect || reason == Errc::UpstreamResolve
        || m_phase == Phase::Connecting;
    if (nothingSent)
        return m_triesLeft > 0;
    const bool repeatable = isRepeatable(m_exchange->request.method);
    // A pooled connection that the upstream had closed: one more try that does not count.
    if (m_reused && !m_staleRetried && repeatable && reason == Errc::UpstreamReset)
        return true;
    return repeatable && m_triesLeft > 0;
}

/// Passive checks. \param last the client gets this failure: its status may be one that counts
void ProxyStream::reportFailure(Errc reason, bool last)
{
    UpstreamHealth *health = m_upstream->health.get();
    if (!health || !m_node || reason == Errc::UpstreamResolve)
        return;
    const bool spoken =
        reason == Errc::UpstreamProtocol || (last && health->counts(statusOf(reason)));
    health->reportFailure(m_node->index,
                          spoken                                ? HealthResult::HttpFailure
                              : reason == Errc::UpstreamTimeout ? HealthResult::Timeout
                                                                : HealthResult::TcpFailure);
}

void ProxyStream::failed(Errc reason, const std::string &detail)
{
    noteUpstream(Outcome::Failed, reason);
    if (!detail.empty())
        m_exchange->note(Step::Upstream, Outcome::Note, reason, {}, detail);
    if (reason == Errc::UpstreamConnect && m_addressesLeft > 0) { // the name has other addresses
        disarm();
        dropConnection();
        connect();
        return;
    }
    // A node whose name stands for nothing is passed over: that is no try.
    const bool unresolved = reason == Errc::UpstreamResolve;
    if (unresolved && m_balancer->usableNodes() > 1)
        ++m_triesLeft;
    const bool retry = mayRetry(reason);
    const bool stale = m_reused && !m_staleRetried && reason == Errc::UpstreamReset;
    disarm();
    dropConnection();
    if (retry && stale) {
        m_staleRetried = true;
        ++m_triesLeft;
        m_addressesLeft = 1;
        tryNode();
        return;
    }
    if (!unresolved)
        m_statuses.append(m_statuses.empty() ? "" : ", ").append(std::to_string(statusOf(reason)));
    reportFailure(reason, !retry);
    leaveNode(false);
    if (!retry)
        giveUp(reason);
    else if (m_upstream->retryTimeout
             && m_worker.reactor().now() - m_started > *m_upstream->retryTimeout)
        giveUp(Errc::RetryDeadline);
    else if (pickNode())
        tryNode();
    else
        giveUpAllTried(reason);
}

/// Every node that is in use was tried; others may have been left out.
void ProxyStream::giveUpAllTried(Errc reason)
{
    const UpstreamHealth *health = m_upstream->health.get();
    bool out = false;
    for (std::size_t i = 0; health && i < m_upstream->nodes.size(); ++i)
        out = out || health->out(i);
    if (out)
        m_exchange->note(Step::Upstream, Outcome::Failed, Errc::UpstreamUnhealthy, {});
    giveUp(reason, m_statuses.empty() ? 0 : 502); // empty: no node had an address
}

void ProxyStream::giveUp(Errc reason, int status)
{
    ClientConnection *client = m_client;
    const bool started = m_answerStarted;
    const std::string_view statuses = m_exchange->arena.copy(m_statuses);
    if (reason == Errc::RetryDeadline)
        m_exchange->note(Step::Upstream, Outcome::Failed, reason, {});
    disarm();
    release();
    if (started)
        client->responseBroken();
    else
        client->upstreamFailed(reason, statuses, status);
}

void ProxyStream::noteUpstream(Outcome outcome, Errc reason)
{
    if (!m_exchange->tracing || !m_node)
        return;
    m_exchange->note(Step::Upstream, outcome, reason, m_node->aliased ? "builtin" : "",
                     m_pool ? std::string_view(m_pool->text()) : std::string_view(),
                     m_node->nodeText, m_exchange->trace.upstreamStatus);
}

} // namespace postern::gateway
