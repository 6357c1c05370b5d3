// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/route_compiler.h"

#include "gateway/pipeline/expression.h"
#include "gateway/pipeline/plugin_config.h"
#include "gateway/tls/upstream_tls.h"
#include "gateway/upstream/balancer.h"
#include "gateway/upstream/hash_ring.h"
#include "gateway/upstream/health_monitor.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::array<std::string_view, 3> kUnsupported{"filter_func", "script", "script_id"};

Duration seconds(const Json *value, Duration otherwise)
{
    if (!value || !value->isNumber())
        return otherwise;
    constexpr double kLongest = 365.0 * 86'400; // a document may say 1e300
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(std::clamp(value->asDouble(), 0.0, kLongest)));
}

/// An id member may be written as a number.
std::string idOf(const Json &document, std::string_view member)
{
    const Json *id = document.find(member);
    if (!id)
        return {};
    return id->isNumber() ? std::string(id->lexeme()) : id->asString();
}

std::vector<std::string> strings(const Json *list)
{
    std::vector<std::string> out;
    if (!list)
        return out;
    out.reserve(list->size());
    for (const Json &item : list->items())
        out.push_back(item.asString());
    return out;
}

/// "uri" or "uris", "host" or "hosts".
std::vector<std::string> oneOrMany(const Json &document, std::string_view one,
                                   std::string_view many)
{
    if (const Json *single = document.find(one))
        return {single->asString()};
    return strings(document.find(many));
}

UpstreamTimeouts timeoutsOf(const Json *timeout, const UpstreamTimeouts &otherwise)
{
    if (!timeout)
        return otherwise;
    return {seconds(timeout->find("connect"), otherwise.connect),
            seconds(timeout->find("send"), otherwise.send),
            seconds(timeout->find("read"), otherwise.read)};
}

std::uint16_t defaultPort(std::string_view scheme) noexcept
{
    return scheme == "https" || scheme == "grpcs" || scheme == "tls" ? 443 : 80;
}

/// "host", "host:port", "[::1]:port".
UpstreamNode parseNode(std::string_view text, std::uint16_t port)
{
    UpstreamNode node;
    node.port = port;
    const std::size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
    const std::size_t from = bracket == std::string_view::npos ? 0 : bracket;
    std::size_t colon = text.find(':', from);
    if (bracket == std::string_view::npos && colon != text.rfind(':'))
        colon = std::string_view::npos; // a bare IPv6 address
    node.host = text.substr(0, colon);
    if (colon != std::string_view::npos)
        std::from_chars(text.data() + colon + 1, text.data() + text.size(), node.port);
    if (bracket != std::string_view::npos)
        node.host = text.substr(1, bracket - 1);
    return node;
}

int smallNumber(const Json *value, int otherwise)
{
    if (!value)
        return otherwise;
    return static_cast<int>(
        std::clamp<std::int64_t>(value->asInteger().value_or(otherwise), -1'000'000, 1'000'000));
}

std::vector<UpstreamNode> nodesOf(const Json *nodes, std::uint16_t port)
{
    std::vector<UpstreamNode> out;
    if (!nodes)
        return out;
    for (const auto &[address, weight] : nodes->members()) {
        out.push_back(parseNode(address, port));
        out.back().weight = smallNumber(&weight, 1);
    }
    for (const Json &item : nodes->items()) {
        UpstreamNode node = parseNode(item.stringOr("host", ""), port);
        if (const Json *own = item.find("port"))
            node.port = static_cast<std::uint16_t>(smallNumber(own, port));
        node.weight = smallNumber(item.find("weight"), 1);
        node.priority = smallNumber(item.find("priority"), 0);
        out.push_back(std::move(node));
    }
    return out;
}

CompiledUpstream::PassHost passHostOf(std::string_view text) noexcept
{
    if (text == "node")
        return CompiledUpstream::PassHost::Node;
    return text == "rewrite" ? CompiledUpstream::PassHost::Rewrite
                             : CompiledUpstream::PassHost::Pass;
}

Result<void> refuseUnsupported(const Json &document)
{
    for (const std::string_view member : kUnsupported) {
        if (document.contains(member))
            return fail(Errc::Unsupported, std::string(member) + " is not evaluated here",
                        '/' + std::string(member));
    }
    return {};
}

/// Whole plugin objects replace each other by name: what the route has stays.
void addMissing(std::vector<CompiledPlugin> &merged, const std::vector<CompiledPlugin> &others)
{
    for (const CompiledPlugin &entry : others) {
        if (!std::ranges::contains(merged, entry.spec, &CompiledPlugin::spec))
            merged.push_back(entry);
    }
}

void mergePlugins(CompiledRoute &route, const CompiledPluginSet *config,
                  const CompiledService *service)
{
    if (config)
        addMissing(route.merged, config->plugins);
    if (service)
        addMissing(route.merged, service->plugins);
    std::ranges::stable_sort(route.merged, std::ranges::greater(), &CompiledPlugin::priority);
    route.chain = makeChain(route.merged);
}

/// The route's inline upstream hides both of the service's forms; of two forms the id wins.
Result<void> resolveUpstream(CompiledRoute &route, const Json &document,
                             const CompiledService *service, const RouteContext &context)
{
    std::string id = idOf(document, "upstream_id");
    const Json *own = document.find("upstream");
    if (id.empty() && !own && service)
        id = service->upstreamId;
    if (!id.empty()) {
        route.upstream = context.upstream(id);
        if (!route.upstream)
            route.defect = Errc::UpstreamMissing;
    } else if (own) {
        auto compiled = compileUpstream(*own, {}, context.env, "/apisix/routes/" + route.id);
        if (!compiled)
            return std::unexpected(std::move(compiled.error()));
        route.upstream = std::move(*compiled);
    } else if (service) {
        route.upstream = service->upstream;
    }
    if (route.upstream)
        route.defect = defectOf(*route.upstream);
    else if (!route.defect)
        route.defect = Errc::UpstreamNone;
    return {};
}

Result<void> compileChecks(CompiledUpstream &upstream, const Json *document, const PluginEnv &env,
                           const std::string &resource)
{
    HealthMonitor *const health = env.health.get();
    if (!health || resource.empty())
        return {};
    if (!document) {
        health->drop(resource);
        return {};
    }
    HealthChecks checks = HealthChecks::compile(*document);
    if (checks.type == HealthChecks::Type::Https) {
        auto tls = anonymousTls(checks.verify, env.trust);
        if (!tls)
            return std::unexpected(std::move(tls.error()));
        checks.tls = *std::move(tls);
    }
    upstream.health = health->adopt(resource, std::move(checks), upstream);
    return {};
}

} // namespace

Result<std::vector<CompiledPlugin>> compilePlugins(Json *plugins, const PluginEnv &env,
                                                   std::string_view parent)
{
    PluginEnv own = env;
    own.parent = parent;
    std::vector<CompiledPlugin> out;
    if (!plugins || !plugins->isObject())
        return out;
    out.reserve(plugins->size());
    for (auto &[name, config] : plugins->members()) {
        auto compiled = compilePlugin(name, std::move(config), own);
        if (!compiled)
            return std::unexpected(std::move(compiled.error()));
        out.push_back(std::move(*compiled));
    }
    return out;
}

std::optional<Errc> defectOf(const CompiledUpstream &upstream) noexcept
{
    if (upstream.nodes.empty())
        return Errc::UpstreamNoNodes;
    // With one node there is nothing to choose, and the original does not look.
    if (upstream.nodes.size() > 1 && !knowsBalancer(upstream.type))
        return Errc::UpstreamType;
    return std::nullopt;
}

Result<std::shared_ptr<const CompiledUpstream>> compileUpstream(const Json &document,
                                                                std::string_view id,
                                                                const PluginEnv &env,
                                                                const std::string &resource)
{
    if (document.contains("service_name"))
        return fail(Errc::Unsupported, "service discovery is not available here", "/service_name");
    auto made = std::make_shared<CompiledUpstream>();
    made->uid = nextUid();
    made->id = id;
    made->type = document.stringOr("type", made->type);
    made->scheme = document.stringOr("scheme", made->scheme);
    made->nodes = nodesOf(document.find("nodes"), defaultPort(made->scheme));
    made->passHost = passHostOf(document.stringOr("pass_host", "pass"));
    made->upstreamHost = document.stringOr("upstream_host", "");
    if (const Json *retries = document.find("retries"))
        made->retries = static_cast<unsigned>(std::max(0, smallNumber(retries, 0)));
    if (const Json *deadline = document.find("retry_timeout"); deadline && deadline->asDouble() > 0)
        made->retryTimeout = seconds(deadline, {});
    made->timeouts = timeoutsOf(document.find("timeout"), made->timeouts);
    if (const Json *pool = document.find("keepalive_pool")) {
        made->keepaliveSize = static_cast<unsigned>(smallNumber(pool->find("size"), 320));
        made->keepaliveIdle = seconds(pool->find("idle_timeout"), made->keepaliveIdle);
        made->keepaliveRequests = static_cast<unsigned>(smallNumber(pool->find("requests"), 1000));
    }
    if (made->type == "chash")
        made->ring = std::make_shared<const HashRing>(
            made->nodes,
            HashKey(document.stringOr("hash_on", "vars"), document.stringOr("key", "")));
    if (made->scheme == "https") {
        static const SecretResolver noSecrets;
        auto tls = compileUpstreamTls(document.find("tls"), env.secrets ? *env.secrets : noSecrets,
                                      resource, env.trust);
        if (!tls)
            return std::unexpected(std::move(tls.error()));
        made->tls = std::move(*tls);
    }
    if (const auto checked = compileChecks(*made, document.find("checks"), env, resource); !checked)
        return std::unexpected(checked.error());
    return made;
}

Result<CompiledService> compileService(Json document, std::string_view id, const PluginEnv &env)
{
    if (const Result<void> supported = refuseUnsupported(document); !supported)
        return std::unexpected(supported.error());
    CompiledService made;
    made.id = id;
    made.name = document.stringOr("name", "");
    made.hosts = strings(document.find("hosts"));
    made.upstreamId = idOf(document, "upstream_id");
    if (const Json *websocket = document.find("enable_websocket"))
        made.websocket = websocket->asBool();
    if (const Json *upstream = document.find("upstream")) {
        auto compiled = compileUpstream(*upstream, {}, env, "/apisix/services/" + std::string(id));
        if (!compiled)
            return std::unexpected(std::move(compiled.error()));
        made.upstream = std::move(*compiled);
    }
    auto plugins =
        compilePlugins(document.find("plugins"), env, "/apisix/services/" + std::string(id));
    if (!plugins)
        return std::unexpected(std::move(plugins.error()));
    made.plugins = std::move(*plugins);
    return made;
}

Result<std::shared_ptr<const CompiledPluginSet>>
compilePluginSet(Json document, std::string_view key, std::string_view id, const PluginEnv &env)
{
    return compilePlugins(document.find("plugins"), env, key)
        .transform([id](std::vector<CompiledPlugin> &&plugins) {
            return std::make_shared<const CompiledPluginSet>(nextUid(), std::string(id),
                                                             std::move(plugins));
        });
}

RouteReferences referencesOf(const Json &document)
{
    return {idOf(document, "service_id"), idOf(document, "upstream_id"),
            idOf(document, "plugin_config_id")};
}

Result<std::shared_ptr<const CompiledRoute>> compileRoute(Json document, std::string_view id,
                                                          const RouteContext &context)
{
    if (const Json *status = document.find("status"); status && status->asInteger() == 0)
        return nullptr;
    if (const Result<void> supported = refuseUnsupported(document); !supported)
        return std::unexpected(supported.error());

    auto made = std::make_shared<CompiledRoute>();
    made->uid = nextUid();
    made->id = id;
    made->name = document.stringOr("name", "");
    made->serviceId = idOf(document, "service_id");
    const CompiledService *service =
        made->serviceId.empty() ? nullptr : context.service(made->serviceId);
    if (service)
        made->serviceName = service->name;
    made->uris = oneOrMany(document, "uri", "uris");
    made->hosts = oneOrMany(document, "host", "hosts");
    if (made->hosts.empty() && service)
        made->hosts = service->hosts;
    made->methods = strings(document.find("methods"));
    made->remoteAddrs = oneOrMany(document, "remote_addr", "remote_addrs");
    if (const Json *priority = document.find("priority"))
        made->priority = priority->asInteger().value_or(0);

    if (const Json *vars = document.find("vars"); vars && vars->size() > 0) {
        auto compiled = Expression::compile(*vars);
        if (!compiled)
            return fail(Errc::Config, std::move(compiled.error().detail), "/vars");
        made->vars = std::make_shared<const Expression>(std::move(*compiled));
    }
    auto plugins =
        compilePlugins(document.find("plugins"), context.env, "/apisix/routes/" + std::string(id));
    if (!plugins)
        return std::unexpected(std::move(plugins.error()));
    made->merged = std::move(*plugins);
    const std::string configId = idOf(document, "plugin_config_id");
    const CompiledPluginSet *config = configId.empty() ? nullptr : context.pluginConfig(configId);
    mergePlugins(*made, config, service);
    if (const Result<void> upstream = resolveUpstream(*made, document, service, context); !upstream)
        return std::unexpected(upstream.error());
    if (!made->serviceId.empty() && !service)
        made->defect = Errc::ServiceMissing;
    if (!configId.empty() && !config)
        made->defect = Errc::PluginConfigMissing;
    made->ownTimeouts = document.contains("timeout");
    made->timeouts = timeoutsOf(document.find("timeout"),
                                made->upstream ? made->upstream->timeouts : UpstreamTimeouts());
    const Json *websocket = document.find("enable_websocket");
    made->websocket =
        websocket ? websocket->asBool() : service && service->websocket.value_or(false);
    return made;
}

} // namespace postern::gateway
