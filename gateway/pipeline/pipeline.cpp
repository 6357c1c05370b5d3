// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/pipeline.h"

#include "gateway/pipeline/expression.h"
#include "gateway/pipeline/missing_logins.h"
#include "gateway/router/route_compiler.h"
#include "gateway/router/router.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <tuple>

namespace postern::gateway {

namespace {

constexpr std::size_t kMergedChains = 8192;
constexpr std::size_t kMessageShown = 160;

using PhaseFunction = Verdict (Plugin::*)(Exchange &) const;

/// `_meta.error_response` replaces the body whenever its plugin ends a request with 400 or more.
void replaceErrorBody(Exchange &exchange, const CompiledPlugin &entry)
{
    if (!entry.errorResponse || exchange.reply.status < 400)
        return;
    exchange.reply.body = *entry.errorResponse;
    exchange.reply.page = false;
    exchange.reply.contentType = {};
}

/// A plugin's own function, or what it left to be done after a wait.
Verdict call(Exchange &exchange, const Plugin &plugin, PhaseFunction function)
{
    if (!exchange.wait.then)
        return (plugin.*function)(exchange);
    Continuation then = std::move(exchange.wait.then);
    exchange.wait.then = nullptr;
    exchange.wait.cancelled = nullptr;
    exchange.wait.slot.reset();
    return then(exchange);
}

/// What to do with a plugin that has `_meta.filter`. The answer of its first phase holds for all.
enum class Filtered : std::uint8_t { Run, Skip, ReadBody };

Filtered applyFilter(Exchange &exchange, const CompiledPlugin &entry, bool mayRead)
{
    const auto known =
        std::ranges::find(exchange.filters, entry.plugin.get(), &FilterResult::plugin);
    if (known != exchange.filters.end())
        return known->runs ? Filtered::Run : Filtered::Skip;
    if (mayRead && entry.filter->needsBody()
        && requestBody(exchange, kVariableBodyLimit) == BodyState::Unread)
        return Filtered::ReadBody;
    const bool runs = entry.filter->holds(exchange);
    exchange.filters.push_back({entry.plugin.get(), runs});
    if (!runs)
        exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, entry.spec->name,
                      "skipped: _meta.filter does not hold");
    return runs ? Filtered::Run : Filtered::Skip;
}

/// For phases that cannot wait any more.
bool filteredOut(Exchange &exchange, const CompiledPlugin &entry)
{
    return entry.filter && applyFilter(exchange, entry, false) == Filtered::Skip;
}

/// Whether a global rule's plugin leaves the request to the route's own.
bool yields(const Exchange &exchange, const CompiledPlugin &entry)
{
    return entry.spec->yieldsToRoute && exchange.route && exchange.chain
        && std::ranges::contains(exchange.chain->plugins, entry.spec, &CompiledPlugin::spec);
}

void rememberRun(Exchange &exchange, const CompiledPlugin &entry, std::string_view phase)
{
    if (!exchange.ran.empty())
        exchange.ran += ", ";
    exchange.ran.append(entry.spec->name).append("#").append(phase);
}

/// One pass over one chain. The order of the stages is APISIX's (3.18, request pipeline).
struct StageRow
{
    Phase phase;
    PhaseFunction function;
    enum Chain : std::uint8_t { Global, Route, Consumer } chain;
    std::string_view name;
};

constexpr std::array kStages{
    StageRow{Phase::Rewrite, &Plugin::rewrite, StageRow::Global, "rewrite"},
    StageRow{Phase::Rewrite, &Plugin::rewrite, StageRow::Route, "rewrite"},
    StageRow{Phase::Rewrite, &Plugin::rewrite, StageRow::Consumer, "rewrite"},
    StageRow{Phase::Access, &Plugin::access, StageRow::Global, "access"},
    StageRow{Phase::Access, &Plugin::access, StageRow::Route, "access"},
    StageRow{Phase::BeforeProxy, &Plugin::beforeProxy, StageRow::Global, "before_proxy"},
    StageRow{Phase::BeforeProxy, &Plugin::beforeProxy, StageRow::Route, "before_proxy"},
};

/// Goes on with the chain at exchange.progress.plugin.
Verdict runStage(Exchange &exchange, const PluginChain &chain, const StageRow &row)
{
    // what the consumer replaced has run with the route's configuration already
    const bool consumerOnly = row.chain == StageRow::Consumer;
    std::uint32_t &at = exchange.progress.plugin;
    for (; at < chain.plugins.size(); ++at) {
        const CompiledPlugin &entry = chain.plugins[at];
        if (!(entry.spec->phases & row.phase) || (consumerOnly && entry.onRoute))
            continue;
        if (entry.filter && !exchange.wait.then) {
            const Filtered filtered = applyFilter(exchange, entry, true);
            if (filtered == Filtered::ReadBody)
                return Verdict::ReadBody;
            if (filtered == Filtered::Skip)
                continue;
        }
        if (row.chain == StageRow::Global && yields(exchange, entry))
            continue;
        const bool begins = !exchange.wait.then;
        const std::uint8_t events = exchange.trace.events;
        const Verdict verdict = call(exchange, *entry.plugin, row.function);
        if (exchange.debugging && begins && verdict != Verdict::ReadBody)
            rememberRun(exchange, entry, row.name);
        if (verdict == Verdict::Continue)
            continue;
        if (verdict == Verdict::Respond && couldBeMissing(exchange, entry))
            return awaitLogins(exchange, entry, row.function, events);
        if (verdict == Verdict::Respond)
            replaceErrorBody(exchange, entry);
        return verdict;
    }
    return Verdict::Continue;
}

void rememberMessage(Exchange &exchange)
{
    if (!exchange.tracing || exchange.reply.page)
        return;
    TraceRecord &trace = exchange.trace;
    std::string_view body = exchange.reply.body.substr(0, kMessageShown);
    if (body.ends_with('\n'))
        body.remove_suffix(1);
    std::tie(trace.message, trace.messageSize) = trace.put(body);
}

void rememberRoute(Exchange &exchange, const Router::Match &match)
{
    exchange.note(Step::Route, Outcome::Ok, Errc::Internal, match.route->id, match.pattern);
    TraceRecord &trace = exchange.trace;
    if (exchange.tracing && trace.events > 0) {
        trace.route = trace.event[trace.events - 1U].subject;
        trace.routeSize = trace.event[trace.events - 1U].subjectSize;
    }
}

Verdict refuseUnmatched(Exchange &exchange)
{
    exchange.note(Step::Route, Outcome::Failed, Errc::RouteNotFound, {});
    exchange.reply.status = 404;
    exchange.reply.body = "{\"error_msg\":\"404 Route Not Found\"}\n";
    return Verdict::Respond;
}

Verdict refuseDefect(Exchange &exchange, Errc defect)
{
    exchange.note(Step::Upstream, Outcome::Failed, defect, exchange.route->id);
    replyForDefect(exchange, defect);
    return Verdict::Respond;
}

Verdict refuseGroup(Exchange &exchange)
{
    exchange.note(Step::Consumer, Outcome::Failed, Errc::ConsumerGroupMissing,
                  exchange.consumer->username, exchange.consumer->groupId);
    replyForDefect(exchange, Errc::ConsumerGroupMissing);
    return Verdict::Respond;
}

/// The consumer's group; nullptr if it has none, or if it is not there.
const CompiledPluginSet *groupOf(const Exchange &exchange) noexcept
{
    const auto &groups = exchange.snapshot->groups;
    if (!exchange.consumer || exchange.consumer->groupId.empty() || !groups)
        return nullptr;
    const auto found = groups->find(exchange.consumer->groupId);
    return found == groups->end() ? nullptr : found->second.get();
}

/// \return nullptr if the stage has nothing to run
const PluginChain *chainOf(Exchange &exchange, MergedChains &merged, const StageRow &row)
{
    const PluginChain *chain = exchange.chain;
    if (row.chain == StageRow::Global) {
        chain = exchange.snapshot->globalRules.get();
    } else if (row.chain == StageRow::Consumer) {
        const CompiledConsumer *consumer = exchange.consumer;
        if (!chain || !consumer || (consumer->plugins.empty() && consumer->groupId.empty()))
            return nullptr;
        if (!exchange.mergedChain) {
            exchange.mergedChain = merged.get(*exchange.route, *consumer, groupOf(exchange));
            exchange.chain = exchange.mergedChain.get();
        }
        chain = exchange.chain;
    }
    return chain && (chain->phases & row.phase) ? chain : nullptr;
}

Verdict runStages(Exchange &exchange, MergedChains &merged)
{
    PhaseProgress &progress = exchange.progress;
    for (; progress.stage < kStages.size(); ++progress.stage, progress.plugin = 0) {
        const StageRow &row = kStages[progress.stage];
        if (row.chain == StageRow::Consumer && exchange.consumer
            && !exchange.consumer->groupId.empty() && !groupOf(exchange))
            return refuseGroup(exchange);
        const PluginChain *chain = chainOf(exchange, merged, row);
        if (!chain)
            continue;
        if (const Verdict verdict = runStage(exchange, *chain, row); verdict != Verdict::Continue)
            return verdict;
    }
    return Verdict::Continue;
}

void findRoute(Exchange &exchange)
{
    if (!exchange.snapshot || !exchange.snapshot->router)
        return;
    const Router::Match match = exchange.snapshot->router->match(exchange.request, &exchange);
    if (!match.route)
        return;
    exchange.route = match.route;
    exchange.chain = &match.route->chain;
    exchange.matchedPattern = match.pattern;
    rememberRoute(exchange, match);
}

/// Without its plugins a route would be open.
bool refusesAtOnce(const CompiledRoute &route) noexcept
{
    return route.defect == Errc::ServiceMissing || route.defect == Errc::PluginConfigMissing;
}

Verdict runChain(Exchange &exchange, MergedChains &merged)
{
    const bool begins = exchange.progress.stage == 0 && exchange.progress.plugin == 0;
    if (begins && !exchange.route) {
        if (exchange.snapshot && exchange.snapshot->router && exchange.snapshot->router->needsBody()
            && requestBody(exchange, kVariableBodyLimit) == BodyState::Unread)
            return Verdict::ReadBody;
        findRoute(exchange);
    }
    if (begins && exchange.route && refusesAtOnce(*exchange.route))
        return refuseDefect(exchange, *exchange.route->defect);
    if (exchange.snapshot) {
        const Verdict verdict = runStages(exchange, merged);
        if (verdict != Verdict::Continue)
            return verdict;
    }
    if (!exchange.route)
        return refuseUnmatched(exchange);
    // plugins come first: an unauthenticated client does not learn that the upstream is missing
    const std::optional<Errc> defect =
        exchange.upstream ? defectOf(**exchange.upstream) : exchange.route->defect;
    return defect ? refuseDefect(exchange, *defect) : Verdict::Continue;
}

void filterHead(Exchange &exchange, ResponseHead &head, const PluginChain *chain)
{
    if (!chain || !(chain->phases & Phase::HeaderFilter))
        return;
    for (const CompiledPlugin &entry : chain->plugins) {
        if (!(entry.spec->phases & Phase::HeaderFilter) || filteredOut(exchange, entry))
            continue;
        if (exchange.debugging)
            rememberRun(exchange, entry, "header_filter");
        entry.plugin->headerFilter(exchange, head);
    }
}

const PluginChain *globalRules(const Exchange &exchange) noexcept
{
    return exchange.snapshot ? exchange.snapshot->globalRules.get() : nullptr;
}

void logChain(Exchange &exchange, const PluginChain *chain, bool global)
{
    if (!chain || !(chain->phases & Phase::Log))
        return;
    for (const CompiledPlugin &entry : chain->plugins) {
        if (!(entry.spec->phases & Phase::Log) || filteredOut(exchange, entry)
            || (global && yields(exchange, entry)))
            continue;
        entry.plugin->log(exchange);
    }
}

bool configures(const std::vector<CompiledPlugin> &plugins, const PluginSpec *spec)
{
    return std::ranges::contains(plugins, spec, &CompiledPlugin::spec);
}

/// Whole plugin objects replace each other by name: consumer before group before route.
std::shared_ptr<const PluginChain> mergeChain(const CompiledRoute &route,
                                              const CompiledConsumer &consumer,
                                              const CompiledPluginSet *group)
{
    std::vector<CompiledPlugin> own = consumer.plugins;
    if (group) {
        std::ranges::copy_if(group->plugins, std::back_inserter(own),
                             [&consumer](const CompiledPlugin &entry) {
                                 return !configures(consumer.plugins, entry.spec);
                             });
    }
    std::vector<CompiledPlugin> merged;
    std::ranges::copy_if(
        route.merged, std::back_inserter(merged),
        [&own](const CompiledPlugin &entry) { return !configures(own, entry.spec); });
    for (CompiledPlugin &entry : own) {
        // an auth plugin of a consumer is its login, never a plugin of the request
        if (entry.spec->kind == PluginKind::Auth)
            continue;
        entry.onRoute = configures(route.merged, entry.spec);
        merged.push_back(std::move(entry));
    }
    std::ranges::stable_sort(merged, std::ranges::greater(), &CompiledPlugin::priority);
    return std::make_shared<const PluginChain>(makeChain(merged));
}

} // namespace

std::shared_ptr<const PluginChain> MergedChains::get(const CompiledRoute &route,
                                                     const CompiledConsumer &consumer,
                                                     const CompiledPluginSet *group)
{
    const Key key{route.uid, consumer.uid, group ? group->uid : 0};
    if (const auto known = m_chains.find(key); known != m_chains.end())
        return known->second;
    if (m_chains.size() >= kMergedChains)
        m_chains.clear();
    return m_chains.emplace(key, mergeChain(route, consumer, group)).first->second;
}

Verdict decide(Exchange &exchange, MergedChains &merged)
{
    const Verdict verdict = runChain(exchange, merged);
    if (verdict == Verdict::Respond)
        rememberMessage(exchange);
    return verdict;
}

bool filtersResponse(const Exchange &exchange) noexcept
{
    const PluginChain *global = globalRules(exchange);
    const bool filters = (exchange.chain && (exchange.chain->phases & Phase::HeaderFilter))
        || (global && (global->phases & Phase::HeaderFilter));
    // what is missing is found before any plugin's turn comes
    return filters && !(exchange.route && refusesAtOnce(*exchange.route));
}

void filterResponse(Exchange &exchange, ResponseHead &head)
{
    exchange.response = &head;
    filterHead(exchange, head, globalRules(exchange));
    filterHead(exchange, head, exchange.chain);
    exchange.response = nullptr;
}

void filterBody(Exchange &exchange, std::string_view piece, bool last, std::string &out)
{
    std::string passed, next;
    const auto &filters = exchange.bodyFilters;
    for (std::size_t i = 0; i < filters.size(); ++i) {
        if (i + 1 == filters.size()) {
            filters[i]->pass(piece, last, out);
            return;
        }
        next.clear();
        filters[i]->pass(piece, last, next);
        passed.swap(next);
        piece = passed;
    }
}

void logExchange(Exchange &exchange)
{
    logChain(exchange, globalRules(exchange), true);
    logChain(exchange, exchange.chain, false);
}

} // namespace postern::gateway
