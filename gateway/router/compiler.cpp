// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/compiler.h"

#include "core/hash_index.h"
#include "core/json/parse.h"
#include "core/parallel.h"
#include "gateway/router/consumer_compiler.h"
#include "gateway/router/consumer_index.h"
#include "gateway/router/metadata_store.h"
#include "gateway/router/route_compiler.h"
#include "gateway/tls/directory.h"
#include "gateway/upstream/health_monitor.h"

#include <QLoggingCategory>

#include <algorithm>
#include <array>
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

enum class Kind : std::uint8_t {
    Other,
    Route,
    Service,
    Upstream,
    PluginConfig,
    ConsumerGroup,
    GlobalRule,
    PluginMetadata,
    Ssl,
    Consumer,
    Credential
};

/// A storage key taken apart. Views into the key.
struct KeyParts
{
    Kind kind = Kind::Other;
    std::string_view id; ///< the object's id; of a credential: its own
    std::string_view username;
};

KeyParts parseKey(std::string_view key) noexcept
{
    constexpr std::string_view kPrefix = "/apisix/";
    if (!key.starts_with(kPrefix))
        return {};
    key.remove_prefix(kPrefix.size());
    const std::size_t slash = key.find('/');
    if (slash == std::string_view::npos)
        return {};
    const std::string_view collection = key.substr(0, slash);
    const std::string_view rest = key.substr(slash + 1);
    if (rest.empty())
        return {};
    if (collection == "consumers") {
        constexpr std::string_view kCredentials = "/credentials/";
        const std::size_t at = rest.find(kCredentials);
        if (at == std::string_view::npos)
            return {Kind::Consumer, rest, rest};
        return {Kind::Credential, rest.substr(at + kCredentials.size()), rest.substr(0, at)};
    }
    constexpr std::array<std::pair<std::string_view, Kind>, 8> kKinds{{
        {"routes", Kind::Route},
        {"services", Kind::Service},
        {"upstreams", Kind::Upstream},
        {"plugin_configs", Kind::PluginConfig},
        {"consumer_groups", Kind::ConsumerGroup},
        {"global_rules", Kind::GlobalRule},
        {"plugin_metadata", Kind::PluginMetadata},
        {"ssls", Kind::Ssl},
    }};
    for (const auto &[name, kind] : kKinds) {
        if (collection == name)
            return {kind, rest, {}};
    }
    return {};
}

struct TextHash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept
    {
        return std::hash<std::string_view>()(text);
    }
};
template <class T> using ById = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

struct StoredRoute
{
    std::shared_ptr<const Document> document; ///< for services and upstreams that change under it
    RouteReferences references;
    std::shared_ptr<const CompiledRoute> compiled;
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
    RouterFlavour flavour;
    ById<StoredRoute> routes;
    ById<StoredService> services;
    Upstreams upstreams;
    PluginSets pluginConfigs, groups, rules;
    /// Consumers that have credentials stored but no document of their own.
    ById<std::shared_ptr<const CompiledConsumer>> detached;
    MetadataStore metadata; ///< env points into it
    std::map<std::string, Error, std::less<>> problems;
    std::shared_ptr<const ConsumerIndex::Data> index;
    std::shared_ptr<const ConsumerIndex> consumers;
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
            const KeyParts parts = parseKey(change.key);
            if (parts.kind == Kind::PluginMetadata)
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
        forEachParallel(work, [&context](Work &each) {
            StoredRoute &route = *each.route;
            auto compiled = parseJson(route.document->value, {.lastDuplicateWins = true})
                                .and_then([&](Json &&document) {
                                    route.references = referencesOf(document);
                                    return compileRoute(std::move(document), each.id, context);
                                });
            each.problem = compiled.transform([](const auto &) {});
            route.compiled = compiled ? std::move(*compiled) : nullptr;
        });
        for (const Work &each : work)
            report("/apisix/routes/" + std::string(each.id), each.problem);
    }

    /// Stores the change of a route. \return whether it has to be compiled
    bool storeRoute(std::string_view id, const Change &change)
    {
        if (!change.document) {
            routesChanged = routes.erase(std::string(id)) > 0 || routesChanged;
            dropChecks(change.key);
            report(change.key, {});
            return false;
        }
        StoredRoute &route = routes.try_emplace(std::string(id)).first->second;
        route.document = change.document;
        return true;
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

    /// Ties between routes are won by the one created first.
    void buildRouter()
    {
        struct Ordered
        {
            std::uint64_t revision;
            const std::string *id;
            const std::shared_ptr<const CompiledRoute> *route;
        };
        std::vector<Ordered> ordered;
        ordered.reserve(routes.size());
        for (const auto &[id, route] : routes) {
            if (route.compiled)
                ordered.push_back({route.document->createRevision, &id, &route.compiled});
        }
        std::ranges::sort(ordered, [](const Ordered &a, const Ordered &b) {
            return a.revision != b.revision ? a.revision < b.revision : *a.id < *b.id;
        });
        std::vector<std::shared_ptr<const CompiledRoute>> list;
        list.reserve(ordered.size());
        for (const Ordered &entry : ordered)
            list.push_back(*entry.route);
        router = Router::build(std::move(list), flavour);
        routesChanged = false;
    }

    using ConsumerChange = std::pair<KeyParts, const Change *>;

    /// What happened to one consumer and its credentials, and what comes of it.
    struct ConsumerWork
    {
        std::span<const ConsumerChange> changes;
        std::shared_ptr<const CompiledConsumer> known; ///< what it was before
        bool existed = false;
        std::optional<ConsumerDraft> draft = {};
        std::vector<std::pair<std::string_view, Result<void>>> reports = {};

        [[nodiscard]] std::string_view username() const noexcept
        {
            return changes.front().first.username;
        }
    };

    /// What the consumer was before.
    void lookUp(ConsumerWork &work) const
    {
        const ConsumerIndex::Data::Slot *slot = index->find(nullptr, work.username());
        if (slot) {
            work.known = slot->owner;
            work.existed = true;
        } else if (const auto found = detached.find(work.username()); found != detached.end()) {
            work.known = found->second;
        }
    }

    /// Any thread; touches nothing but the work.
    void compile(ConsumerWork &work) const
    {
        work.draft.emplace(work.username(), work.known.get(), work.existed);
        const ReportProblem reporting = [&](std::string_view key, Result<void> problem) {
            if (!problem || !problems.empty())
                work.reports.emplace_back(key, std::move(problem));
        };
        for (const auto &[parts, change] : work.changes) {
            const Document *document = change->document.get();
            if (parts.kind == Kind::Consumer)
                work.draft->applyConsumer(document, change->key, env, reporting);
            else
                work.draft->applyCredential(parts.id, document, change->key, env, reporting);
        }
        work.draft->finish();
    }

    void publish(ConsumerWork &work, ConsumerIndexEdit &edit,
                 std::vector<std::shared_ptr<const CompiledConsumer>> &added)
    {
        for (const auto &[key, problem] : work.reports)
            report(key, problem);
        if (work.existed)
            edit.remove(*work.known);
        else if (work.known)
            detached.erase(detached.find(work.username()));
        for (const auto &[parts, change] : work.changes) {
            if (parts.kind != Kind::Consumer)
                continue;
            const bool holds = !work.draft->consumer->plugins.empty() || !work.draft->exists;
            metadata.noteHolder(change->key, holds ? change->document : nullptr);
        }
        if (work.draft->exists)
            added.push_back(std::move(work.draft->consumer));
        else if (!work.draft->consumer->credentials.empty())
            detached.insert_or_assign(std::string(work.username()), work.draft->consumer);
    }

    /// The changes consumer by consumer. Usually those of one stand together.
    static std::vector<ConsumerWork> groupByConsumer(std::vector<ConsumerChange> &changes)
    {
        const auto username = [](const ConsumerChange &change) { return change.first.username; };
        std::vector<std::uint64_t> names;
        names.reserve(changes.size());
        for (std::size_t i = 0; i < changes.size(); ++i) {
            if (i == 0 || username(changes[i]) != username(changes[i - 1]))
                names.push_back(hashText(username(changes[i])));
        }
        if (anyRepeats(names))
            std::ranges::stable_sort(changes, {}, username);
        std::vector<ConsumerWork> work;
        work.reserve(names.size());
        for (std::size_t from = 0, to = 0; from < changes.size(); from = to) {
            while (to < changes.size() && username(changes[to]) == username(changes[from]))
                ++to;
            work.emplace_back(std::span(changes).subspan(from, to - from));
        }
        return work;
    }

    void applyConsumers(std::vector<ConsumerChange> &changes)
    {
        if (changes.empty())
            return;
        std::vector<ConsumerWork> work = groupByConsumer(changes);
        forEachParallel(work, [this](ConsumerWork &each) {
            lookUp(each);
            compile(each);
        });
        // Each has its name and about one login.
        ConsumerIndexEdit edit(*index, changes.size() * 2);
        std::vector<std::shared_ptr<const CompiledConsumer>> added;
        added.reserve(work.size());
        for (ConsumerWork &each : work)
            publish(each, edit, added);
        edit.add(added);
        index = edit.finish();
        consumers = std::make_shared<const ConsumerIndex>(index);
    }
};

SnapshotCompiler::SnapshotCompiler(const PluginEnv &env, RouterFlavour flavour)
    : m_state(std::make_unique<State>())
{
    m_state->env = env;
    m_state->env.everyMetadata = &m_state->metadata.objects();
    m_state->flavour = flavour;
    m_state->index = std::make_shared<const ConsumerIndex::Data>();
    m_state->consumers = std::make_shared<const ConsumerIndex>(m_state->index);
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
    std::vector<std::pair<KeyParts, const Change *>> routes, consumers;
    const auto take = [&](const Change &change) {
        const KeyParts parts = parseKey(change.key);
        switch (parts.kind) {
        case Kind::Upstream:
            state.applyUpstream(parts.id, change);
            break;
        case Kind::Service:
            state.applyService(parts.id, change);
            break;
        case Kind::PluginConfig:
            state.touchedConfigs.emplace(parts.id);
            state.applyPluginSet(state.pluginConfigs, parts.id, change);
            break;
        case Kind::ConsumerGroup:
            state.applyPluginSet(state.groups, parts.id, change);
            state.publishedGroups = std::make_shared<const PluginSets>(state.groups);
            break;
        case Kind::GlobalRule:
            state.applyPluginSet(state.rules, parts.id, change);
            state.mergeGlobalRules();
            break;
        case Kind::Ssl:
            state.applySsl(parts.id, change);
            break;
        case Kind::Route:
            routes.emplace_back(parts, &change);
            break;
        case Kind::Consumer:
        case Kind::Credential:
            consumers.emplace_back(parts, &change);
            break;
        case Kind::PluginMetadata: // taken in already
        case Kind::Other:
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
    state.applyConsumers(consumers);
    return std::make_shared<const Snapshot>(Snapshot{revision, state.router, state.consumers,
                                                     state.publishedGroups, state.globalRules,
                                                     state.certificates, state.publishedUpstreams});
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
    const CompiledCredential *credential = m_state->consumers->find(plugin, lookup);
    if (!credential)
        return std::nullopt;
    return LoginOwner{credential->consumer->username, credential->id};
}

} // namespace postern::gateway
