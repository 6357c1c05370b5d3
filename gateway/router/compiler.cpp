// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/compiler.h"

#include "core/json/parse.h"
#include "core/parallel.h"
#include "gateway/router/consumer_set.h"
#include "gateway/router/metadata_store.h"
#include "gateway/router/object_key.h"
#include "gateway/router/route_compiler.h"
#include "gateway/tls/directory.h"
#include "gateway/upstream/health_monitor.h"

#include <QLoggingCategory>

#include <algorithm>
#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>

namespace postern::gateway {

namespace {

Q_LOGGING_CATEGORY(lcCompile, "postern.compile")

struct TextHash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept
    {
        return std::hash<std::string_view>()(text);
    }
};
template <class T> using ById = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// Objects without the label are of every group.
bool isOfGroup(const Json &route, std::string_view group)
{
    const Json *const labels = group.empty() ? nullptr : route.find("labels");
    return !labels || labels->stringOr("gateway_group", group) == group;
}

struct StoredRoute
{
    std::shared_ptr<const Document> document; ///< for services and upstreams that change under it
    RouteReferences references;
    std::shared_ptr<const CompiledRoute> compiled;
};

/// A route's place in the order of trial: of two that tie the one created first wins.
struct Rank
{
    std::uint64_t createRevision;
    std::string_view id; ///< of the key in State::routes

    auto operator<=>(const Rank &) const = default;
};

struct StoredService
{
    std::string upstreamId;
    CompiledService compiled;
};

} // namespace

struct SnapshotCompiler::State
{
    PluginEnv env;
    Routing routing;
    ById<StoredRoute> routes;
    /// The same in order: sorting all of them at each change would cost more than the router.
    std::map<Rank, const StoredRoute *> ranked;
    ById<StoredService> services;
    Upstreams upstreams;
    PluginSets pluginConfigs, groups, rules;
    MetadataStore metadata; ///< env points into it
    std::map<std::string, Error, std::less<>> problems;
    ConsumerSet consumers;
    std::shared_ptr<const Router> router;
    std::shared_ptr<const PluginSets> publishedGroups;
    std::shared_ptr<const Upstreams> publishedUpstreams;
    std::shared_ptr<const PluginChain> globalRules;
    TlsDirectory::Objects ssls;
    std::shared_ptr<const TlsDirectory> certificates;

    // what the changes at hand touch
    std::set<std::string, std::less<>> touchedServices, touchedUpstreams, touchedConfigs;
    bool routesChanged = false;
    bool sslsChanged = false;

    void report(std::string_view key, const Result<void> &result)
    {
        if (result) {
            if (!problems.empty()) {
                if (const auto known = problems.find(key); known != problems.end())
                    problems.erase(known);
            }
            return;
        }
        qCWarning(lcCompile, "%s is left out: %s", std::string(key).c_str(),
                  describe(result.error()).c_str());
        problems.insert_or_assign(std::string(key), result.error());
    }

    /// Takes in what changes of plugin metadata. \return those whose plugins have to be compiled
    /// again for it, as if they had been written
    std::vector<Change> applyMetadata(const std::vector<Change> &changes)
    {
        MetadataChange touched;
        for (const Change &change : changes) {
            const ObjectKey parts = parseObjectKey(change.key);
            if (parts.kind == ObjectKind::Metadata)
                report(change.key, metadata.apply(parts.id, change.document.get(), touched));
        }
        if (touched.plugins.empty())
            return {};
        for (const Change &change : changes)
            touched.written.insert(change.key);
        metadata.addUsers(touched);
        for (const auto &[id, route] : routes)
            touched.add("/apisix/routes/" + id, route.document);
        return std::move(touched.users);
    }

    /// The object is gone: nothing of it is checked any more.
    void dropChecks(std::string_view key) const
    {
        if (env.health)
            env.health->drop(key);
    }

    void applyUpstream(std::string_view id, const Change &change)
    {
        touchedUpstreams.emplace(id);
        upstreams.erase(std::string(id));
        if (!change.document) {
            dropChecks(change.key);
            report(change.key, {});
            return;
        }
        auto compiled = parseJson(change.document->value, {.lastDuplicateWins = true})
                            .and_then([&](const Json &document) {
                                return compileUpstream(document, id, env, change.key);
                            });
        if (compiled)
            upstreams.emplace(id, std::move(*compiled));
        report(change.key, compiled.transform([](const auto &) {}));
    }

    void applyService(std::string_view id, const Change &change)
    {
        touchedServices.emplace(id);
        services.erase(std::string(id));
        metadata.noteHolder(change.key, change.document);
        if (!change.document) {
            dropChecks(change.key);
            report(change.key, {});
            return;
        }
        auto compiled = parseJson(change.document->value, {.lastDuplicateWins = true})
                            .and_then([this, id](Json &&document) {
                                return compileService(std::move(document), id, env);
                            });
        if (compiled) {
            std::string upstreamId = compiled->upstreamId;
            services.emplace(id, StoredService{std::move(upstreamId), std::move(*compiled)});
        }
        report(change.key, compiled.transform([](const auto &) {}));
    }

    void applyPluginSet(PluginSets &sets, std::string_view id, const Change &change)
    {
        sets.erase(std::string(id));
        metadata.noteHolder(change.key, change.document);
        if (!change.document) {
            report(change.key, {});
            return;
        }
        auto compiled = parseJson(change.document->value, {.lastDuplicateWins = true})
                            .and_then([&](Json &&document) {
                                return compilePluginSet(std::move(document), change.key, id, env);
                            });
        if (compiled)
            sets.emplace(id, std::move(*compiled));
        report(change.key, compiled.transform([](const auto &) {}));
    }

    void applySsl(std::string_view id, const Change &change)
    {
        sslsChanged = true;
        ssls.erase(std::string(id));
        if (!change.document) {
            report(change.key, {});
            return;
        }
        static const SecretResolver noSecrets;
        auto compiled =
            parseJson(change.document->value, {.lastDuplicateWins = true})
                .and_then([&](const Json &document) {
                    return compileSslObject(document, id, env.secrets ? *env.secrets : noSecrets);
                });
        if (compiled)
            ssls.emplace(id, std::move(*compiled));
        report(change.key, compiled.transform([](const auto &) {}));
    }

    /// All global rules as one chain. A plugin that stands in two of them runs in none.
    void mergeGlobalRules()
    {
        std::vector<CompiledPlugin> merged;
        std::map<const PluginSpec *, int> uses;
        for (const auto &[id, rule] : rules) {
            for (const CompiledPlugin &entry : rule->plugins) {
                if (++uses[entry.spec] == 1)
                    merged.push_back(entry);
            }
        }
        std::erase_if(merged, [&](const CompiledPlugin &entry) { return uses[entry.spec] > 1; });
        std::ranges::stable_sort(merged, std::ranges::greater(), &CompiledPlugin::priority);
        globalRules =
            merged.empty() ? nullptr : std::make_shared<const PluginChain>(makeChain(merged));
    }

    /// Compiles routes whose text is stored already; ids that are gone are passed over.
    void compileRoutes(const std::vector<std::string_view> &ids)
    {
        struct Work
        {
            std::string_view id;
            StoredRoute *route;
            Result<void> problem;
        };
        std::vector<Work> work;
        std::set<const StoredRoute *> queued;
        for (const std::string_view id : ids) {
            const auto found = routes.find(id);
            if (found != routes.end() && queued.insert(&found->second).second)
                work.push_back({found->first, &found->second, {}});
        }
        routesChanged = routesChanged || !work.empty();
        const RouteContext context{
            env,
            [this](std::string_view wanted) {
                const auto found = services.find(wanted);
                return found == services.end() ? nullptr : &found->second.compiled;
            },
            [this](std::string_view wanted) {
                const auto found = upstreams.find(wanted);
                return found == upstreams.end() ? nullptr : found->second;
            },
            [this](std::string_view wanted) {
                const auto found = pluginConfigs.find(wanted);
                return found == pluginConfigs.end() ? nullptr : found->second.get();
            }};
        forEachParallel(work, [this, &context](Work &each) {
            StoredRoute &route = *each.route;
            auto compiled = parseJson(route.document->value, {.lastDuplicateWins = true})
                                .and_then([&](Json &&document) {
                                    route.references = referencesOf(document);
                                    if (!isOfGroup(document, routing.gatewayGroup))
                                        return Result<std::shared_ptr<const CompiledRoute>>();
                                    return compileRoute(std::move(document), each.id, context);
                                });
            each.problem = compiled.transform([](const auto &) {});
            route.compiled = compiled ? std::move(*compiled) : nullptr;
        });
        for (const Work &each : work) {
            const std::string key = "/apisix/routes/" + std::string(each.id);
            if (!each.route->compiled)
                dropChecks(key);
            report(key, each.problem);
        }
    }

    /// Stores the change of a route. \return whether it has to be compiled
    bool storeRoute(std::string_view id, const Change &change)
    {
        const auto known = routes.find(id);
        if (known != routes.end())
            ranked.erase(rankOf(*known));
        if (!change.document) {
            if (known != routes.end()) {
                routes.erase(known);
                routesChanged = true;
            }
            dropChecks(change.key);
            report(change.key, {});
            return false;
        }
        auto &stored = known != routes.end() ? *known : *routes.try_emplace(std::string(id)).first;
        stored.second.document = change.document;
        ranked.emplace(rankOf(stored), &stored.second);
        return true;
    }

    static Rank rankOf(const ById<StoredRoute>::value_type &stored)
    {
        return {stored.second.document->createRevision, stored.first};
    }

    /// Routes whose service or upstream changed under them.
    void addDependents(std::vector<std::string_view> &ids)
    {
        if (touchedServices.empty() && touchedUpstreams.empty() && touchedConfigs.empty())
            return;
        for (const auto &[id, service] : services) {
            if (touchedUpstreams.contains(service.upstreamId))
                touchedServices.insert(id);
        }
        for (const auto &[id, route] : routes) {
            if (touchedServices.contains(route.references.serviceId)
                || touchedUpstreams.contains(route.references.upstreamId)
                || touchedConfigs.contains(route.references.pluginConfigId))
                ids.push_back(id);
        }
        touchedServices.clear();
        touchedUpstreams.clear();
        touchedConfigs.clear();
    }

    void buildRouter()
    {
        std::vector<std::shared_ptr<const CompiledRoute>> list;
        list.reserve(ranked.size());
        for (const auto &[rank, route] : ranked) {
            if (route->compiled)
                list.push_back(route->compiled);
        }
        router = Router::build(std::move(list), routing.flavour);
        routesChanged = false;
    }
};

SnapshotCompiler::SnapshotCompiler(const PluginEnv &env, Routing routing)
    : m_state(std::make_unique<State>())
{
    m_state->env = env;
    m_state->env.everyMetadata = &m_state->metadata.objects();
    m_state->routing = std::move(routing);
    m_state->publishedGroups = std::make_shared<const PluginSets>();
    m_state->publishedUpstreams = std::make_shared<const Upstreams>();
    m_state->buildRouter();
}

SnapshotCompiler::~SnapshotCompiler() = default;

std::shared_ptr<const Snapshot> SnapshotCompiler::apply(const std::vector<Change> &changes,
                                                        std::uint64_t revision)
{
    State &state = *m_state;
    // Plugin metadata comes first of all, then services and upstreams: what a route refers to may
    // stand behind it in the list.
    const std::vector<Change> users = state.applyMetadata(changes);
    std::vector<std::pair<ObjectKey, const Change *>> routes;
    std::vector<ConsumerSet::Change> consumers;
    const auto take = [&](const Change &change) {
        const ObjectKey parts = parseObjectKey(change.key);
        switch (parts.kind) {
        case ObjectKind::Upstream:
            state.applyUpstream(parts.id, change);
            break;
        case ObjectKind::Service:
            state.applyService(parts.id, change);
            break;
        case ObjectKind::PluginConfig:
            state.touchedConfigs.emplace(parts.id);
            state.applyPluginSet(state.pluginConfigs, parts.id, change);
            break;
        case ObjectKind::ConsumerGroup:
            state.applyPluginSet(state.groups, parts.id, change);
            state.publishedGroups = std::make_shared<const PluginSets>(state.groups);
            break;
        case ObjectKind::GlobalRule:
            state.applyPluginSet(state.rules, parts.id, change);
            state.mergeGlobalRules();
            break;
        case ObjectKind::Ssl:
            state.applySsl(parts.id, change);
            break;
        case ObjectKind::Route:
            routes.emplace_back(parts, &change);
            break;
        case ObjectKind::Consumer:
        case ObjectKind::Credential:
            consumers.push_back({parts, &change});
            break;
        case ObjectKind::Metadata: // taken in already
        case ObjectKind::Other:
            break;
        }
    };
    std::ranges::for_each(changes, take);
    std::ranges::for_each(users, take);
    if (!state.touchedUpstreams.empty())
        state.publishedUpstreams = std::make_shared<const Upstreams>(state.upstreams);
    std::vector<std::string_view> touchedRoutes;
    for (const auto &[parts, change] : routes) {
        if (state.storeRoute(parts.id, *change))
            touchedRoutes.push_back(parts.id);
    }
    state.addDependents(touchedRoutes);
    state.compileRoutes(touchedRoutes);
    if (state.routesChanged)
        state.buildRouter();
    if (std::exchange(state.sslsChanged, false))
        state.certificates =
            state.ssls.empty() ? nullptr : std::make_shared<const TlsDirectory>(state.ssls);
    state.consumers.apply(consumers,
                          {state.env, state.metadata, !state.problems.empty(),
                           [&state](std::string_view key, const Result<void> &problem) {
                               state.report(key, problem);
                           }});
    return std::make_shared<const Snapshot>(
        Snapshot{revision, state.router, state.consumers.index(), state.publishedGroups,
                 state.globalRules, state.certificates, state.publishedUpstreams});
}

std::vector<CompileProblem> SnapshotCompiler::problems() const
{
    std::vector<CompileProblem> out;
    out.reserve(m_state->problems.size());
    for (const auto &[key, error] : m_state->problems)
        out.push_back({key, error});
    return out;
}

std::optional<LoginOwner> SnapshotCompiler::loginOwner(const PluginSpec &plugin,
                                                       std::string_view lookup) const
{
    const CompiledCredential *credential = m_state->consumers.index()->find(plugin, lookup);
    if (!credential)
        return std::nullopt;
    return LoginOwner{credential->consumer->username, credential->id};
}

} // namespace postern::gateway
