// SPDX-License-Identifier: Apache-2.0
#include "gateway/access/access_words.h"

#include "gateway/pipeline/explain.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/pipeline/step_text.h"

#include <algorithm>
#include <array>
#include <format>

namespace postern::gateway {

namespace {

struct Word
{
    Errc reason;
    std::string_view text;
};

constexpr std::array kWords{
    Word{Errc::LabelNotAllowed, "label"},       Word{Errc::LabelDenied, "deny"},
    Word{Errc::SubjectNotAllowed, "whitelist"}, Word{Errc::SubjectDenied, "blacklist"},
    Word{Errc::MethodNotAllowed, "method"},     Word{Errc::SubjectMissing, "subject"},
    Word{Errc::IpNotAllowed, "address"},        Word{Errc::CredentialMissing, "no login"},
    Word{Errc::NotAuthenticated, "no login"},   Word{Errc::LoginsExhausted, "no login"},
    Word{Errc::CredentialUnknown, "unknown"},   Word{Errc::ConsumerMissing, "no consumer"},
    Word{Errc::FaultInjected, "fault"},         Word{Errc::KeyMissing, "client's key"},
    Word{Errc::RouteNotFound, "no route"},      Word{Errc::UpstreamNone, "no upstream"},
    Word{Errc::UpstreamMissing, "no upstream"}, Word{Errc::UpstreamNoNodes, "no nodes"},
};

/// "key-auth, basic-auth" as "no key/basic".
std::string missingWord(std::string_view plugins)
{
    std::string word;
    while (!plugins.empty()) {
        const std::size_t end = std::min(plugins.find(", "), plugins.size());
        std::string_view name = plugins.substr(0, end);
        plugins.remove_prefix(std::min(end + 2, plugins.size()));
        if (name.ends_with("-auth"))
            name.remove_suffix(5);
        word.append(word.empty() ? "no " : "/").append(name);
    }
    return word;
}

std::string outcomeText(const AccessCell &cell)
{
    if (cell.status == 0)
        return "upstream";
    std::string_view body = cell.message;
    while (body.ends_with('\n'))
        body.remove_suffix(1);
    if (body.empty() || body.starts_with('<'))
        return std::to_string(cell.status);
    return std::format("{} {}", cell.status, body);
}

std::string summaryOf(const AccessDetail &detail)
{
    std::string text;
    const Json *steps = detail.trace.find("steps");
    for (const Json &step : steps ? steps->items() : Json::Array()) {
        const std::string_view name = step.stringOr("step", "");
        if (name == "route" && step.stringOr("outcome", "") == "ok")
            continue;
        const std::string_view subject = step.stringOr("subject", "");
        text +=
            std::format("{}: {} → ", subject.empty() ? name : subject, step.stringOr("text", ""));
    }
    return text + outcomeText(detail.cell);
}

} // namespace

std::string_view accessStateName(AccessState state) noexcept
{
    switch (state) {
    case AccessState::Allowed:
        return "allowed";
    case AccessState::Anonymous:
        return "anonymous";
    case AccessState::Denied:
        return "denied";
    case AccessState::CannotAuthenticate:
        return "cannot-authenticate";
    case AccessState::Depends:
        return "depends";
    case AccessState::NotMatched:
        return "not-matched";
    }
    return {};
}

std::string accessWord(Errc reason)
{
    const auto row = std::ranges::find(kWords, reason, &Word::reason);
    return std::string(row == kWords.end() ? slug(reason) : row->text);
}

std::string limitWords(const TraceRecord &trace)
{
    std::string words;
    for (std::size_t i = 0; i < trace.events; ++i) {
        const StepView view = viewOf(trace, i);
        if (view.outcome != Outcome::Note || view.reason != Errc::LimitReached)
            continue;
        std::string quota(view.b); // "3 in 30 s"
        if (const std::size_t in = quota.find(" in "); in != std::string::npos)
            quota.replace(in, 4, "/");
        words.append(words.empty() ? "" : ", ").append(quota);
    }
    return words;
}

std::string luckWords(const TraceRecord &trace)
{
    for (std::size_t i = 0; i < trace.events; ++i) {
        const StepView view = viewOf(trace, i);
        if (view.outcome == Outcome::Note && view.reason == Errc::FaultInjected && view.number == 0)
            return std::string(view.a.substr(0, view.a.find('%') + 1));
    }
    return {};
}

void judgeRefusal(AccessCell &cell, const TraceRecord &trace, std::size_t deciding,
                  std::string_view missing)
{
    const StepView view = viewOf(trace, deciding);
    const PluginSpec *plugin = findPlugin(view.subject);
    const bool authentication = plugin && plugin->kind == PluginKind::Auth;
    cell.reason = view.reason;
    cell.state = AccessState::Denied;
    cell.word = accessWord(view.reason);
    cell.rule = stepText(view);
    if (plugin)
        cell.plugin = plugin->name;
    if (authentication && !missing.empty()) {
        cell.state = AccessState::CannotAuthenticate;
        cell.word = missingWord(missing);
    }
}

void describeAccess(AccessDetail &detail, const std::optional<std::string> &consumer)
{
    const AccessCell &cell = detail.cell;
    if (cell.state == AccessState::CannotAuthenticate) {
        if (Json *notes = detail.trace.find("notes"))
            notes->push_back(std::format("{} has no login that the route takes ({})",
                                         consumer.value_or("the client"), cell.word));
    }
    if (cell.state == AccessState::Depends && cell.reason == Errc::KeyMissing) {
        if (Json *notes = detail.trace.find("notes"))
            notes->push_back("the login's key is the client's own: what it would get with it is "
                             "not known here");
    }
    detail.summary = summaryOf(detail);
    const std::string who = !consumer ? "" : consumer->empty() ? " as nobody" : " as " + *consumer;
    const std::string explained = explainTrace(detail.trace, false);
    detail.text = std::format("{} {}{} → {}   dry run\n", detail.request.method,
                              detail.request.target, who, outcomeText(cell))
        + explained.substr(std::min(explained.find('\n') + 1, explained.size()));
}

} // namespace postern::gateway
