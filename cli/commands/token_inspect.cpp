// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/batch.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/times.h"
#include "cli/token_batch.h"
#include "cli/token_report.h"
#include "cli/token_why.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"header, payload and dates; nothing is verified",
            "postern token mint --secret text:s --claim key=jack-key --ttl 1h | postern token "
            "inspect"},
    Example{"out of a pasted header line",
            "echo \"Authorization: Bearer $(postern token mint --secret text:s --sub alice)\" | "
            "postern token inspect"},
    Example{"one claim, for a script",
            "postern token mint --secret text:s --exp 1900000000 | postern token inspect -o json | "
            "grep 1900000000"},
    Example{"why its signature does not fit: here the secret was base64",
            "postern token mint --secret text:jack-hs256-secret | postern token inspect --why "
            "--secret text:amFjay1oczI1Ni1zZWNyZXQ="},
};

struct Options
{
    std::vector<std::string> tokens;
    std::string clock, batch;
    WhyArguments why;
};

int run(Console &console, const Options &options)
{
    if (!options.batch.empty())
        return runBatch(console, options.batch, inspectAnswers());
    ArgumentReader reader(console);
    const Result<Timestamp> now = timeOf(options.clock);
    const Result<std::vector<std::string>> tokens =
        now ? reader.tokens(options.tokens) : std::unexpected(now.error());
    if (!tokens)
        return console.fail(tokens.error());
    if (options.why.wanted)
        return explainTokens(console, reader, *tokens, options.why);
    int exit = kYes;
    for (const std::string &token : *tokens) {
        const TokenView view = viewToken(token);
        const bool nothing = view.shape == TokenShape::None;
        if (nothing && !console.json()) {
            exit = std::max(exit, console.fail(view.faults.front().error));
            continue;
        }
        if (nothing)
            exit = kInvalid;
        if (console.json())
            console.document(viewToJson(view, *now), tokens->size() > 1);
        else
            printView(console, view, *now);
    }
    return exit;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("token", options->tokens, "the token, @file, or standard input");
    app.add_option("--clock,--now", options->clock, "the time that dates are compared with");
    addWhyOptions(app, options->why);
    addBatchOption(app, options->batch, "token, now, key");
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command tokenInspectCommand{"token inspect", "show what a token says, without verifying it",
                                  kExamples, define};

} // namespace postern::cli
