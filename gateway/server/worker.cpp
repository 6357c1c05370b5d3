// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/worker.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr auto kSweep = std::chrono::seconds(1);
constexpr std::size_t kSpareStreams = 256;
constexpr auto kNameLifetime = std::chrono::seconds(10);
constexpr unsigned kSequenceBits = 26;
constexpr unsigned kWorkerBits = 6;

} // namespace

Worker::Worker(std::size_t index, WorkerShared &shared)
    : m_index(index),
      m_shared(shared),
      m_traces(shared.options.tracing ? shared.options.traceKeep : 1)
{
}

Worker::~Worker()
{
    if (m_thread.joinable()) {
        m_reactor.stop();
        m_thread.join();
    }
    while (m_first)
        m_first->end();
}

void Worker::start()
{
    m_thread = std::thread([this] {
        // A peer that went away is an error to be handled, also where a library writes.
        sigset_t pipe;
        ::sigemptyset(&pipe);
        ::sigaddset(&pipe, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        m_reactor.run();
    });
}

void Worker::stop(Duration grace)
{
    m_reactor.post([this, grace] {
        m_stopping = true;
        for (ClientConnection *connection = m_first; connection;) {
            ClientConnection *const following = connection->next;
            connection->endWhenIdle();
            connection = following;
        }
        if (!m_open) {
            m_reactor.stop();
            return;
        }
        m_reactor.callAfter(grace, [this] {
            while (m_first)
                m_first->end();
            m_reactor.stop();
        });
    });
    if (m_thread.joinable())
        m_thread.join();
}

void Worker::adopt(int descriptor, bool tls)
{
    m_reactor.post([this, descriptor, tls] {
        if (m_stopping) {
            ::close(descriptor);
            --m_shared.connections;
            return;
        }
        setNoDelay(descriptor);
        std::unique_ptr<TlsSession> session;
        if (tls) {
            session = TlsSession::serve(m_shared.tls.get(), descriptor,
                                        m_snapshot ? m_snapshot->certificates : nullptr,
                                        clock().now(), options().fallbackServerName);
            if (!session) {
                ::close(descriptor);
                --m_shared.connections;
                return;
            }
        }
        // Owned through the reactor: end() retires it.
        auto connection = std::make_unique<ClientConnection>(*this, descriptor, std::move(session));
        connectionOpened(*connection.release()); // NOLINT(bugprone-unused-return-value)
    });
}

void Worker::publish(std::shared_ptr<const Snapshot> snapshot, std::function<void()> confirmed)
{
    m_reactor.post([this, snapshot = std::move(snapshot), confirmed = std::move(confirmed)] {
        useSnapshot(snapshot);
        confirmed();
    });
}

void Worker::useSnapshot(std::shared_ptr<const Snapshot> snapshot)
{
    m_merged.clear();
    m_snapshot = std::move(snapshot);
    std::erase_if(m_balancers, [](const auto &entry) {
        return entry.second->upstream().use_count() == 1; // nobody else knows this upstream
    });
}

std::unique_ptr<ClientStream> Worker::takeStream()
{
    if (m_streams.empty())
        return std::make_unique<ClientStream>(*this);
    auto stream = std::move(m_streams.back());
    m_streams.pop_back();
    return stream;
}

void Worker::giveStream(std::unique_ptr<ClientStream> stream)
{
    stream->exchange.clear();
    stream->capture.reset();
    stream->parser.reset();
    stream->partial.clear();
    if (stream->partial.capacity() > 4096)
        stream->partial.shrink_to_fit();
    stream->drained = 0;
    m_streams.push_back(std::move(stream));
}

std::uint64_t Worker::nextTraceId() noexcept
{
    const std::uint64_t sequence = ++m_sequence & ((std::uint64_t{1} << kSequenceBits) - 1);
    return m_shared.runId << (kWorkerBits + kSequenceBits) | sequence << kWorkerBits
        | (m_index & ((1U << kWorkerBits) - 1));
}

std::size_t Worker::indexOf(std::uint64_t traceId) noexcept
{
    return traceId & ((1U << kWorkerBits) - 1);
}

void Worker::record(Exchange &exchange)
{
    const TraceRecord &record = exchange.trace;
    ++m_counters.requests;
    if (!exchange.route && record.status == 404)
        ++m_counters.unmatched;
    else if (record.upstreamReached || (record.status < 400 && record.status))
        ++m_counters.allowed;
    else if (exchange.reply.status)
        ++m_counters.denied;
    else
        ++m_counters.failed;
    if (!exchange.tracing)
        return;
    m_traces.push(record);
    if (!exchange.refusedToken.empty() && m_shared.refusedToken)
        m_shared.refusedToken(record.id, exchange.refusedToken, exchange.snapshot);
}

void Worker::recordConnection(const Exchange &exchange)
{
    if (exchange.tracing)
        m_traces.push(exchange.trace);
}

Balancer &Worker::balancer(const std::shared_ptr<const CompiledUpstream> &upstream)
{
    std::unique_ptr<Balancer> &found = m_balancers[upstream->uid];
    if (!found)
        found = makeBalancer(upstream);
    return *found;
}

bool Worker::isBuiltin(const ConnectionPool &pool) const noexcept
{
    return m_shared.builtinPort != 0 && pool.address().port() == m_shared.builtinPort
        && pool.address().host() == "127.0.0.1";
}

ConnectionPool &Worker::pool(const SocketAddress &address)
{
    std::unique_ptr<ConnectionPool> &found = m_pools[address.text()];
    if (!found)
        found = std::make_unique<ConnectionPool>(m_reactor, address);
    return *found;
}

void Worker::located(NodeState &node, const std::vector<SocketAddress> &addresses)
{
    node.nodeText = node.node->host + ":" + std::to_string(node.node->port);
    node.pools.clear();
    for (const SocketAddress &address : addresses) {
        ConnectionPool *found = &pool(address);
        if (!std::ranges::contains(node.pools, found))
            node.pools.push_back(found);
    }
}

bool Worker::locate(NodeState &node)
{
    if (!node.pools.empty() && m_reactor.now() < node.resolvedUntil)
        return true;
    const std::string name = node.node->host + ":" + std::to_string(node.node->port);
    node.resolvedUntil = Reactor::Clock::time_point::max();
    if (const auto alias = m_shared.aliases.find(name); alias != m_shared.aliases.end()) {
        node.aliased = true;
        located(node, {alias->second});
        return true;
    }
    if (const auto numeric = SocketAddress::fromNumeric(
            node.node->host == "localhost" ? "127.0.0.1" : node.node->host, node.node->port)) {
        located(node, {*numeric});
        return true;
    }
    node.resolvedUntil = m_reactor.now() + kNameLifetime;
    return false;
}

void Worker::resolve(const UpstreamNode &node, Resolver::Done done)
{
    m_shared.resolver->resolve(
        node.host, node.port, [this, done = std::move(done)](Resolver::Found found) {
            m_reactor.post([done, found = std::move(found)] { done(found); });
        });
}

void Worker::connectionOpened(ClientConnection &connection)
{
    connection.next = m_first;
    if (m_first)
        m_first->previous = &connection;
    m_first = &connection;
    ++m_open;
    scheduleSweep();
}

void Worker::connectionClosed(ClientConnection &connection) noexcept
{
    if (connection.previous)
        connection.previous->next = connection.next;
    else
        m_first = connection.next;
    if (connection.next)
        connection.next->previous = connection.previous;
    connection.next = connection.previous = nullptr;
    --m_open;
    --m_shared.connections;
    if (m_stopping && !m_open)
        m_reactor.stop();
}

void Worker::scheduleSweep()
{
    if (m_sweeping)
        return;
    m_sweeping = true;
    m_reactor.callAfter(kSweep, [this] { sweep(); });
}

/// Ends those whose time is up, counts the others.
void Worker::visitConnections(Reactor::Clock::time_point now)
{
    std::array<std::uint64_t, 3> states{};
    for (ClientConnection *connection = m_first; connection;) {
        ClientConnection *const following = connection->next;
        ++states.at(static_cast<std::size_t>(connection->state()));
        connection->checkDeadline(now);
        connection = following;
    }
    for (std::size_t i = 0; i < states.size(); ++i)
        m_counters.states[i].store(states[i], std::memory_order_relaxed);
}

void Worker::sweep()
{
    m_sweeping = false;
    const auto now = m_reactor.now();
    visitConnections(now);
    // Not trimmed earlier: a stream is given back from within its own member functions.
    if (m_streams.size() > kSpareStreams)
        m_streams.resize(kSpareStreams);
    bool pooled = false;
    for (const auto &[address, pool] : m_pools) {
        pool->dropIdle(now);
        pooled = pooled || pool->size();
    }
    if (m_open || pooled || m_streams.size() > kSpareStreams)
        scheduleSweep();
}

} // namespace postern::gateway
