// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/target.h"
#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "gateway/pipeline/explain.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kListExamples{
    Example{"the newest requests", "postern trace list", Needs::Gateway},
    Example{"the refused ones of one consumer, as JSON",
            "postern trace list --decision denied --consumer jack -o json", Needs::Gateway},
    Example{"what one route answered with 4xx", "postern trace list --route jwt-route --status 4xx",
            Needs::Gateway},
};
constexpr std::array kShowExamples{
    Example{"the last request, step by step",
            "curl -s -o answer.txt $POSTERN_PROXY_URL/nowhere; postern trace show last",
            Needs::Gateway},
    Example{"a request by the id in its X-Postern-Trace header",
            "postern trace show $(curl -si $POSTERN_PROXY_URL/get | grep -i x-postern-trace | tr "
            "-d '\\r' | cut -d' ' -f2)",
            Needs::Gateway},
    Example{"its reason id, for a script",
            "curl -s -o answer.txt $POSTERN_PROXY_URL/headers; postern trace show last -o json | "
            "grep credential-missing",
            Needs::Gateway},
};
constexpr std::array kTailExamples{
    Example{"each request as it is answered, one JSON line each",
            "(sleep 0.5; curl -s -o answer.txt $POSTERN_PROXY_URL/nowhere) & postern trace tail "
            "--count 1 -o json",
            Needs::Gateway},
    Example{"the next refused one",
            "(sleep 0.5; curl -s -o answer.txt $POSTERN_PROXY_URL/headers) & postern trace tail "
            "--decision denied --count 1",
            Needs::Gateway},
    Example{"those of a route, for a minute",
            "timeout --preserve-status -s INT 1 postern trace tail --route jwt-route",
            Needs::Gateway, 130},
};

struct Filter
{
    std::string decision, consumer, route, status, limit, since;
    std::size_t count = 0;
};

void addFilterOptions(CLI::App &app, Filter &filter)
{
    app.add_option("--decision", filter.decision, "denied or passed")
        ->check(CLI::IsMember({"denied", "passed"}));
    app.add_option("--consumer", filter.consumer, "of this consumer");
    app.add_option("--route", filter.route, "of this route");
    app.add_option("--status", filter.status, "as 401 or 4xx");
    app.add_option("--since", filter.since, "newer than this trace id");
}

std::string queryOf(const Filter &filter)
{
    const std::array<std::pair<std::string_view, const std::string *>, 6> arguments{
        {{"decision", &filter.decision},
         {"consumer", &filter.consumer},
         {"route", &filter.route},
         {"status", &filter.status},
         {"since", &filter.since},
         {"limit", &filter.limit}}};
    std::string query;
    for (const auto &[name, value] : arguments) {
        if (!value->empty())
            query += std::format("{}{}={}", query.empty() ? '?' : '&', name, encodePercent(*value));
    }
    return query;
}

/// Who it was: "  jack / cred-1"; empty for nobody.
std::string whoText(const Json &trace)
{
    const std::string_view consumer = trace.stringOr("consumer", "");
    const std::string_view credential = trace.stringOr("credential", "");
    if (consumer.empty())
        return {};
    return std::format("  {}{}{}", printable(consumer), credential.empty() ? "" : " / ",
                       printable(credential));
}

std::string lineOf(const Console &console, const Json &trace)
{
    const Json *const status = trace.find("status");
    const std::string_view decision = trace.stringOr("decision", "?");
    const std::string_view reason = trace.stringOr("reason", "");
    return std::format(
        "{}  {}  {}  {:<9} {} {}{}{}", trace.stringOr("id", "?"), trace.stringOr("time", "?"),
        status ? status->lexeme() : "?",
        console.painted(decision == "allowed" ? Paint::Good : Paint::Bad, decision),
        printable(trace.stringOr("method", "?")), printable(trace.stringOr("target", "?")),
        reason.empty() ? std::string() : std::format("  [{}]", reason), whoText(trace));
}

Run defineList(CLI::App &app)
{
    const auto filter = std::make_shared<Filter>();
    addFilterOptions(app, *filter);
    app.add_option("--limit", filter->limit, "only the newest so many (100)");
    return [filter](Console &console) -> int {
        const Result<Json> traces = askControl("GET", "/v1/traces" + queryOf(*filter));
        if (!traces)
            return console.fail(traces.error());
        if (console.json()) {
            console.document(*traces);
            return kYes;
        }
        const Json *const list = traces->find("traces");
        for (const Json &trace : list ? list->items() : Json::Array())
            console.line(lineOf(console, trace));
        return kYes;
    };
}

Run defineShow(CLI::App &app)
{
    const auto id = std::make_shared<std::string>();
    app.add_option("id", *id, "the trace id, or last")->required();
    return [id](Console &console) -> int {
        const Result<Json> trace = askControl("GET", "/v1/traces/" + encodePercent(*id));
        if (!trace)
            return console.fail(trace.error());
        if (console.json())
            console.document(*trace);
        else
            console.raw(gateway::explainTrace(*trace, console.coloured()));
        return kYes;
    };
}

int tail(const Console &console, const Filter &filter)
{
    const auto address = controlAddress();
    if (!address)
        return console.fail(address.error());
    std::size_t seen = 0;
    const auto show = [&](const gateway::ServerEvent &event) {
        if (event.event == "dropped")
            console.note(std::format("{} traces were missed", event.data));
        if (event.event != "trace")
            return true;
        if (const Result<Json> trace = parseJson(event.data)) {
            if (console.json())
                console.document(*trace, true);
            else
                console.line(lineOf(console, *trace));
            std::fflush(stdout);
        }
        return filter.count == 0 || ++seen < filter.count;
    };
    gateway::ClientRequest request;
    request.target = "/v1/traces/stream" + queryOf(filter);
    if (const std::string key = environment("POSTERN_ADMIN_KEY");
        !key.empty() && address->unixPath.empty())
        request.headers.emplace_back("X-API-KEY", key);
    // Longer than the stream's heartbeat of 15 seconds.
    const auto listened =
        gateway::ControlClient(*address, std::chrono::seconds(40)).listen(request, show);
    return listened ? kYes : console.fail(listened.error());
}

Run defineTail(CLI::App &app)
{
    const auto filter = std::make_shared<Filter>();
    addFilterOptions(app, *filter);
    app.add_option("--count", filter->count, "end after so many");
    return [filter](Console &console) { return tail(console, *filter); };
}

} // namespace

const Command traceListCommand{"trace list", "list the newest requests", kListExamples, defineList};
const Command traceShowCommand{"trace show", "show one request step by step", kShowExamples,
                               defineShow};
const Command traceTailCommand{"trace tail", "show requests as they are answered", kTailExamples,
                               defineTail};

} // namespace postern::cli
