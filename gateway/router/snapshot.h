// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/pipeline/plugin.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gateway {

class Expression;
struct UpstreamTls;
class HashRing;
class UpstreamHealth;

/// One plugin in a chain, with what `_meta` says about it.
struct CompiledPlugin
{
    const PluginSpec *spec = nullptr;
    std::shared_ptr<const Plugin> plugin;
    int priority = 0;
    bool disabled = false; ///< hides a lower-precedence configuration, never runs
    std::optional<std::string> errorResponse; ///< `_meta.error_response`, as body text
    bool errorResponseIsJson = false;
    std::shared_ptr<const Expression> filter; ///< `_meta.filter`; nullptr: always runs
    bool onRoute = true; ///< false in a merged chain: contributed by the consumer alone
};

/// Plugins in the order they run. Immutable after construction.
struct PluginChain
{
    std::vector<CompiledPlugin> plugins; ///< enabled ones only, highest priority first
    PhaseSet phases = 0; ///< union, so that empty phases cost nothing
};

/// What runs of plugins that are in their order: those that are not disabled.
[[nodiscard]] PluginChain makeChain(std::span<const CompiledPlugin> sorted);

/// One node of an upstream.
struct UpstreamNode
{
    std::string host; ///< name or address, as configured
    std::uint16_t port = 0;
    int weight = 1;
    int priority = 0;
};

struct UpstreamTimeouts
{
    Duration connect = std::chrono::seconds(60);
    Duration send = std::chrono::seconds(60);
    Duration read = std::chrono::seconds(60);
};

/// Where a request can go. Immutable; the round-robin position lives in the worker.
struct CompiledUpstream
{
    enum class PassHost : std::uint8_t { Pass, Node, Rewrite };
    std::uint64_t uid = 0; ///< unique per compilation: key of worker-local state
    std::string id; ///< storage id, or empty when inline
    std::string type = "roundrobin";
    std::string scheme = "http";
    std::shared_ptr<const UpstreamTls> tls; ///< nullptr: plain
    std::vector<UpstreamNode> nodes;
    PassHost passHost = PassHost::Pass;
    std::string upstreamHost;
    std::optional<unsigned> retries;
    std::optional<Duration> retryTimeout;
    UpstreamTimeouts timeouts;
    unsigned keepaliveSize = 320;
    Duration keepaliveIdle = std::chrono::seconds(60);
    unsigned keepaliveRequests = 1000;
    std::shared_ptr<const HashRing> ring{}; ///< of chash; else nullptr
    std::shared_ptr<UpstreamHealth> health{}; ///< nullptr: it has no checks
};

/// One login of one consumer.
struct CompiledCredential
{
    const PluginSpec *plugin = nullptr;
    std::string id; ///< credential id; empty when inline on the consumer
    CredentialParts parts;
    std::uint64_t uid = 0; ///< unique per compilation
    std::uint64_t order = 0; ///< create revision of its document: of equal logins the last wins
    const CompiledConsumer *consumer = nullptr; ///< its owner
};

struct CompiledConsumer
{
    std::uint64_t uid = 0;
    std::string username;
    Json labels; ///< object, possibly empty
    std::string customId;
    std::string groupId;
    std::vector<CompiledPlugin> plugins; ///< other than authentication
    std::vector<CompiledCredential> credentials;
};

struct CompiledRoute
{
    std::uint64_t uid = 0;
    std::string id, name, serviceId, serviceName;
    PluginChain chain; ///< service, plugin config and route merged
    std::vector<CompiledPlugin> merged; ///< the same with disabled ones, for merging consumers in
    std::shared_ptr<const CompiledUpstream> upstream;
    UpstreamTimeouts timeouts; ///< the route's own, else the upstream's
    bool ownTimeouts = false; ///< they are the route's own
    bool websocket = false;
    /// Why nothing can be proxied (PluginConfigMissing 503, ServiceMissing 404, UpstreamMissing
    /// 502, UpstreamNone 503, UpstreamNoNodes 503), or nullopt.
    std::optional<Errc> defect;

    // what it matches, for explanations
    std::vector<std::string> uris, hosts, methods, remoteAddrs;
    std::shared_ptr<const Expression> vars; ///< nullptr if there are none
    std::int64_t priority = 0;
};

/// Plugins that are named by an id: a plugin config or a consumer group.
struct CompiledPluginSet
{
    std::uint64_t uid = 0;
    std::string id;
    std::vector<CompiledPlugin> plugins;
};

/// By id.
using PluginSets = std::map<std::string, std::shared_ptr<const CompiledPluginSet>, std::less<>>;

/// By id.
using Upstreams = std::map<std::string, std::shared_ptr<const CompiledUpstream>, std::less<>>;

class Router;
class ConsumerIndex;
struct MissingLogins;
class TlsDirectory;

/// The whole configuration, compiled. Immutable; workers hold a pointer and read without locks.
struct Snapshot
{
    std::uint64_t revision = 0;
    std::shared_ptr<const Router> router;
    std::shared_ptr<const ConsumerIndex> consumers;
    std::shared_ptr<const PluginSets> groups{}; ///< consumer groups
    /// The plugins of all global rules; nullptr if there are none. Run before the route's in each
    /// phase, and for requests without a route.
    std::shared_ptr<const PluginChain> globalRules{};
    std::shared_ptr<const TlsDirectory> certificates{}; ///< nullptr if there are none
    std::shared_ptr<const Upstreams> upstreams{}; ///< for plugins that name one
    /// How to get logins whose secrets had not come yet; nullptr if none is missing.
    std::shared_ptr<const MissingLogins> missingLogins{};
};

/// Who logs in with what. Immutable; a change copies one shard, not the whole, so that one PUT with
/// 100,000 consumers stays cheap.
class ConsumerIndex
{
public:
    /// The credential of that plugin with that lookup key. nullptr if none. No allocation.
    /// What is returned lives as long as the snapshot.
    [[nodiscard]] const CompiledCredential *find(const PluginSpec &plugin,
                                                 std::string_view lookup) const noexcept;
    [[nodiscard]] const CompiledConsumer *byName(std::string_view username) const noexcept;
    /// Calls back for every consumer, in no order. For explanations, never on the request path.
    void forEach(const std::function<void(const CompiledConsumer &)> &visit) const;
    [[nodiscard]] std::size_t size() const noexcept;

    struct Data;
    explicit ConsumerIndex(std::shared_ptr<const Data> data) : m_data(std::move(data)) {}

private:
    std::shared_ptr<const Data> m_data;
};

} // namespace postern::gateway
