// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/explain.h"

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/target.h"
#include "core/bytes/encoding.h"

#include <CLI/CLI.hpp>

#include <array>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"why was the last request refused?",
            "curl -s -o answer.txt $POSTERN_PROXY_URL/nowhere; postern explain --last",
            Needs::Gateway, kNo},
    Example{"a request by the id in its X-Postern-Trace header",
            "postern explain $(curl -si $POSTERN_PROXY_URL/nowhere | grep -i x-postern-trace | cut "
            "-d' ' -f2)",
            Needs::Gateway, kNo},
    Example{"a consumer's request that was allowed",
            "curl -s -o answer.txt -H \"$(postern token mint --consumer jack --header-line)\" "
            "$POSTERN_PROXY_URL/headers; postern explain --last",
            Needs::Gateway},
};

struct Options
{
    std::string id;
    bool last = false;
};

int run(Console &console, const Options &options)
{
    if (options.last != options.id.empty())
        return console.fail({Errc::Usage, "name a trace id or --last", {}});
    std::string id = options.id;
    while (!id.empty() && (id.back() == '\r' || id.back() == '\n')) // cut out of a header line
        id.pop_back();
    const Result<Json> trace =
        askControl("GET", "/v1/traces/" + (options.last ? "last" : encodePercent(id)));
    if (!trace)
        return console.fail(trace.error());
    if (console.json())
        console.document(*trace);
    else if (!console.quiet)
        console.raw(gateway::explainTrace(*trace, console.coloured()));
    return trace->stringOr("decision", "") == "allowed" ? kYes : kNo;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("id", options->id, "the trace id of an X-Postern-Trace header");
    app.add_flag("--last", options->last, "the last request that was answered");
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command explainCommand{"explain", "say why a request was allowed or refused", kExamples,
                             define};

} // namespace postern::cli
