// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/pipeline.h"

#include "gateway/router/router.h"

#include <algorithm>
#include <chrono>
#include <functional>
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

/// \param consumerOnly only what the consumer contributed: the route's own has run already
Verdict runPhase(Exchange &exchange, Phase phase, PhaseFunction function, bool consumerOnly = false)
{
    const PluginChain &chain = *exchange.chain;
    if (!(chain.phases & phase))
        return Verdict::Continue;
    for (const CompiledPlugin &entry : chain.plugins) {
        if (!(entry.spec->phases & phase) || (consumerOnly && entry.onRoute))
            continue;
        if (((*entry.plugin).*function)(exchange) == Verdict::Respond) {
            replaceErrorBody(exchange, entry);
            return Verdict::Respond;
        }
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

Verdict runChain(Exchange &exchange, MergedChains &merged)
{
    if (!exchange.snapshot || !exchange.snapshot->router)
        return refuseUnmatched(exchange);
    const Router::Match match = exchange.snapshot->router->match(exchange.request);
    if (!match.route)
        return refuseUnmatched(exchange);
    const CompiledRoute &route = *match.route;
    exchange.route = &route;
    exchange.chain = &route.chain;
    rememberRoute(exchange, match);
    if (route.defect == Errc::ServiceMissing)
        return refuseDefect(exchange, *route.defect);

    if (runPhase(exchange, Phase::Rewrite, &Plugin::rewrite) == Verdict::Respond)
        return Verdict::Respond;
    if (exchange.consumer && !exchange.consumer->plugins.empty()) {
        exchange.mergedChain = merged.get(route, *exchange.consumer);
        exchange.chain = exchange.mergedChain.get();
        if (runPhase(exchange, Phase::Rewrite, &Plugin::rewrite, true) == Verdict::Respond)
            return Verdict::Respond;
    }
    if (runPhase(exchange, Phase::Access, &Plugin::access) == Verdict::Respond)
        return Verdict::Respond;
    if (runPhase(exchange, Phase::BeforeProxy, &Plugin::beforeProxy) == Verdict::Respond)
        return Verdict::Respond;
    // plugins come first: an unauthenticated client does not learn that the upstream is missing
    return route.defect ? refuseDefect(exchange, *route.defect) : Verdict::Continue;
}

std::shared_ptr<const PluginChain> mergeChain(const CompiledRoute &route,
                                              const CompiledConsumer &consumer)
{
    auto chain = std::make_shared<PluginChain>();
    const auto configures = [](const std::vector<CompiledPlugin> &plugins, const PluginSpec *spec) {
        return std::ranges::any_of(
            plugins, [spec](const CompiledPlugin &entry) { return entry.spec == spec; });
    };
    for (const CompiledPlugin &entry : route.merged) {
        if (!entry.disabled && !configures(consumer.plugins, entry.spec))
            chain->plugins.push_back(entry);
    }
    for (CompiledPlugin entry : consumer.plugins) {
        // an auth plugin of a consumer is its login, never a plugin of the request
        if (entry.disabled || entry.spec->kind == PluginKind::Auth)
            continue;
        entry.onRoute = configures(route.merged, entry.spec);
        chain->plugins.push_back(std::move(entry));
    }
    std::ranges::stable_sort(chain->plugins, std::ranges::greater(), &CompiledPlugin::priority);
    for (const CompiledPlugin &entry : chain->plugins)
        chain->phases |= entry.spec->phases;
    return chain;
}

} // namespace

std::shared_ptr<const PluginChain> MergedChains::get(const CompiledRoute &route,
                                                     const CompiledConsumer &consumer)
{
    const Key key{route.uid, consumer.uid};
    if (const auto known = m_chains.find(key); known != m_chains.end())
        return known->second;
    if (m_chains.size() >= kMergedChains)
        m_chains.clear();
    return m_chains.emplace(key, mergeChain(route, consumer)).first->second;
}

Verdict decide(Exchange &exchange, MergedChains &merged)
{
    const auto start = std::chrono::steady_clock::now();
    const Verdict verdict = runChain(exchange, merged);
    if (verdict == Verdict::Respond)
        rememberMessage(exchange);
    exchange.trace.decisionNs =
        std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
    return verdict;
}

void filterResponse(Exchange &exchange, ResponseHead &head)
{
    if (!exchange.chain || !(exchange.chain->phases & Phase::HeaderFilter))
        return;
    for (const CompiledPlugin &entry : exchange.chain->plugins) {
        if (entry.spec->phases & Phase::HeaderFilter)
            entry.plugin->headerFilter(exchange, head);
    }
}

void logExchange(const Exchange &exchange)
{
    if (!exchange.chain || !(exchange.chain->phases & Phase::Log))
        return;
    for (const CompiledPlugin &entry : exchange.chain->plugins) {
        if (entry.spec->phases & Phase::Log)
            entry.plugin->log(exchange);
    }
}

} // namespace postern::gateway
