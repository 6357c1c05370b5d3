// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/explain.h"

#include "core/bytes/encoding.h"
#include "core/clock.h"
#include "gateway/pipeline/step_text.h"
#include "gateway/router/router.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <span>
#include <utility>

namespace postern::gateway {

namespace {

std::string_view decisionOf(std::optional<StepView> deciding)
{
    if (!deciding)
        return "allowed";
    switch (deciding->step) {
    case Step::Route:
        return "unmatched";
    case Step::Upstream:
    case Step::Client:
    case Step::Reply:
        return "failed";
    default:
        return "denied";
    }
}

std::string hostNameOf(std::string_view host)
{
    const std::size_t bracket = host.rfind(']');
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket))
        host = host.substr(0, colon);
    std::string name(host);
    std::ranges::transform(name, name.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    });
    return name;
}

/// "credential cred-1 of jack", "route 1".
std::string objectName(std::string_view key)
{
    std::vector<std::string_view> parts;
    while (!key.empty()) {
        const std::size_t slash = std::min(key.find('/'), key.size());
        if (slash > 0)
            parts.push_back(key.substr(0, slash));
        key.remove_prefix(std::min(slash + 1, key.size()));
    }
    if (parts.size() == 5 && parts[3] == "credentials")
        return std::format("credential {} of {}", parts[4], parts[2]);
    if (parts.size() < 3)
        return "the configuration";
    std::string_view kind = parts[1];
    if (kind.ends_with('s'))
        kind.remove_suffix(1);
    return std::format("{} {}", kind, parts[2]);
}

bool isSecretProblem(Errc code) noexcept
{
    return code == Errc::SecretUnresolved || code == Errc::SecretManager
        || code == Errc::SecretMember;
}

std::string secretFix(const Error &error)
{
    switch (error.code) {
    case Errc::SecretManager:
        return "start the secret manager, or correct its object below /apisix/admin/secrets/; the "
               "gateway asks again by itself";
    case Errc::SecretMember:
        return "write that member into the secret manager, or correct the reference; the gateway "
               "asks again by itself";
    case Errc::SecretUnresolved:
        return error.where.starts_with("$secret://")
            ? "write the reference as $secret://vault/{id}/{path}/{member}"
            : "set the variable for the gateway's process and start it again; a shell "
              "variable needs export";
    default:
        return {};
    }
}

void addOnce(Json &list, std::string text)
{
    if (!text.empty() && !std::ranges::contains(list.items(), Json(text)))
        list.push_back(std::move(text));
}

/// Objects that were left out and could be what this request was looking for.
void addProblems(Json &notes, Json &fix, Errc reason, const std::vector<CompileProblem> &problems)
{
    const bool login = reason == Errc::CredentialUnknown || reason == Errc::ConsumerMissing;
    const bool route = reason == Errc::RouteNotFound || reason == Errc::ServiceMissing
        || reason == Errc::UpstreamMissing;
    if (!login && !route)
        return;
    for (const CompileProblem &problem : problems) {
        const bool consumer = problem.key.starts_with("/apisix/consumers/");
        if (consumer != login || !problem.leftOut)
            continue;
        const Error &error = problem.error;
        const std::string detail = error.detail.empty() ? describe(error) : error.detail;
        if (error.code == Errc::SecretManager || error.code == Errc::SecretMember)
            notes.push_back(std::format("the secret of {} could not be resolved: {}",
                                        objectName(problem.key), detail));
        else
            notes.push_back(std::format("{} was left out: {}", objectName(problem.key), detail));
        addOnce(fix, secretFix(error));
    }
}

/// What took part in this request and refers to secrets that could not be had: then the reference's
/// text is used as it stands.
void addUnresolved(Json &notes, Json &fix, const TraceRecord &record,
                   const std::vector<CompileProblem> &problems)
{
    // A route's record does not tell what was merged into it: those kinds are named in any case.
    constexpr std::array<std::string_view, 4> kShared{
        "/apisix/services/", "/apisix/plugin_configs/", "/apisix/global_rules/",
        "/apisix/consumer_groups/"};
    for (const CompileProblem &problem : problems) {
        if (problem.leftOut || !isSecretProblem(problem.error.code))
            continue;
        const std::string_view key = problem.key;
        const bool takesPart =
            key == std::format("/apisix/routes/{}", record.view(record.route, record.routeSize))
            || key
                == std::format("/apisix/consumers/{}",
                               record.view(record.consumer, record.consumerSize))
            || std::ranges::any_of(
                kShared, [key](std::string_view prefix) { return key.starts_with(prefix); });
        if (!takesPart)
            continue;
        notes.push_back(std::format("{} refers to {}: {}", objectName(key), problem.error.where,
                                    problem.error.detail));
        addOnce(fix, secretFix(problem.error));
    }
}

/// APISIX has a reason of its own for this one: "Missing related consumer".
void addUnusedPlugin(Json &notes, std::string_view plugin, const Snapshot &snapshot)
{
    const PluginSpec *spec = findPlugin(plugin);
    if (!spec || !snapshot.consumers)
        return;
    bool used = false;
    snapshot.consumers->forEach([&used, spec](const CompiledConsumer &consumer) {
        used =
            used || std::ranges::contains(consumer.credentials, spec, &CompiledCredential::plugin);
    });
    if (!used)
        notes.push_back(std::format("no consumer has a login of {} at all", plugin));
}

void addNearRoutes(Json &notes, Json &fix, const TraceRecord &record, const Snapshot &snapshot)
{
    if (!snapshot.router)
        return;
    const std::string_view target = record.view(record.target, record.targetSize);
    const std::string path = decodePercent(target.substr(0, target.find('?')));
    const auto near =
        snapshot.router->nearest(record.view(record.method, record.methodSize),
                                 hostNameOf(record.view(record.host, record.hostSize)), path,
                                 record.view(record.peer, record.peerSize));
    for (const NearRoute &route : near)
        notes.push_back(std::format("route {} ({}): {}", route.id, route.pattern, route.detail));
    if (near.empty())
        fix.push_back("no route is configured that comes near; create one for this path");
    else
        fix.push_back(std::format("nearest is route {}: its {} does not match", near.front().id,
                                  near.front().condition));
}

/// The credential the request was about, as far as it was found out.
std::string credentialOf(const TraceRecord &record)
{
    for (std::size_t i = record.events; i-- > 0;) {
        const StepView view = viewOf(record, i);
        if (view.step == Step::Lookup && view.outcome == Outcome::Ok) {
            const std::size_t slash = view.b.find(" / ");
            return slash == std::string_view::npos
                ? std::format("consumer {}", view.b)
                : std::format("{} of {}", view.b.substr(slash + 3), view.b.substr(0, slash));
        }
    }
    return {};
}

/// The id of the credential that the consumer was attached by; empty: inline, anonymous, none.
std::string_view attachedCredential(const TraceRecord &record)
{
    for (std::size_t i = record.events; i-- > 0;) {
        const StepView view = viewOf(record, i);
        if (view.step == Step::Consumer && view.outcome == Outcome::Ok)
            return view.b;
    }
    return {};
}

Json stepsOf(const TraceRecord &record)
{
    Json steps = Json::array();
    for (std::size_t i = 0; i < record.events; ++i) {
        const StepView view = viewOf(record, i);
        Json step = Json::object({{"step", stepName(view.step)},
                                  {"outcome", outcomeName(view.outcome)},
                                  {"reason", nullptr},
                                  {"subject", view.subject},
                                  {"text", stepText(view)},
                                  {"detail", stepDetail(view)}});
        if (view.outcome != Outcome::Ok)
            step.set("reason", slug(view.reason));
        steps.push_back(std::move(step));
    }
    return steps;
}

Json upstreamOf(const TraceRecord &record)
{
    Json upstream = Json::object({{"reached", record.upstreamReached},
                                  {"address", nullptr},
                                  {"node", nullptr},
                                  {"status", nullptr}});
    for (std::size_t i = 0; i < record.events; ++i) {
        const StepView view = viewOf(record, i);
        if (view.step != Step::Upstream || view.outcome == Outcome::Note)
            continue;
        if (!view.a.empty())
            upstream.set("address", view.a);
        if (!view.b.empty())
            upstream.set("node", view.b);
    }
    if (record.upstreamStatus != 0)
        upstream.set("status", static_cast<int>(record.upstreamStatus));
    return upstream;
}

Json textOrNull(std::string_view text) { return text.empty() ? Json() : Json(text); }

} // namespace

std::optional<std::size_t> decidingEvent(const TraceRecord &record)
{
    std::optional<std::size_t> deciding;
    for (std::size_t i = 0; i < record.events; ++i) {
        const TraceEvent &event = record.event[i];
        if (event.outcome == Outcome::Failed)
            deciding = i;
        else if (event.step == Step::Consumer && event.outcome == Outcome::Ok)
            deciding.reset();
        else if (event.step == Step::Upstream && event.outcome == Outcome::Ok && deciding
                 && record.event[*deciding].step == Step::Upstream)
            deciding.reset();
    }
    return deciding;
}

Json traceToJson(const TraceRecord &record, const Snapshot &snapshot,
                 const std::vector<TokenFinding> &findings,
                 const std::vector<CompileProblem> &problems)
{
    const auto text = [&record](std::uint16_t at, std::uint16_t size) {
        return textOrNull(record.view(at, size));
    };
    std::optional<StepView> deciding;
    if (const auto event = decidingEvent(record))
        deciding = viewOf(record, *event);

    Json notes = Json::array();
    Json fix = Json::array();
    for (const TokenFinding &finding : findings) {
        notes.push_back(finding.note);
        if (!finding.fix.empty())
            fix.push_back(finding.fix);
    }
    addUnresolved(notes, fix, record, problems);
    if (deciding) {
        addProblems(notes, fix, deciding->reason, problems);
        if (deciding->reason == Errc::CredentialUnknown)
            addUnusedPlugin(notes, deciding->subject, snapshot);
        if (deciding->reason == Errc::RouteNotFound)
            addNearRoutes(notes, fix, record, snapshot);
        if (std::string words = stepFix(*deciding, credentialOf(record)); !words.empty())
            fix.push_back(std::move(words));
    }

    Json out = Json::object({
        {"id", traceId(record.id)},
        {"time", formatTime(record.received, true)},
        {"method", text(record.method, record.methodSize)},
        {"target", text(record.target, record.targetSize)},
        {"host", text(record.host, record.hostSize)},
        {"peer", text(record.peer, record.peerSize)},
        {"status", static_cast<int>(record.status)},
        {"route", text(record.route, record.routeSize)},
        {"consumer", text(record.consumer, record.consumerSize)},
        {"credential", textOrNull(attachedCredential(record))},
        {"revision", record.revision},
        {"upstream", upstreamOf(record)},
        {"decision", decisionOf(deciding)},
        {"step", deciding ? Json(stepName(deciding->step)) : Json()},
        {"reason", deciding ? Json(slug(deciding->reason)) : Json()},
        {"message", text(record.message, record.messageSize)},
        {"steps", stepsOf(record)},
        {"notes", std::move(notes)},
        {"fix", std::move(fix)},
    });
    out.set("timing",
            Json::object(
                {{"total_us", record.totalNs / 1000}, {"decision_us", record.decisionNs / 1000}}));
    return out;
}

} // namespace postern::gateway
