// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/times.h"
#include "core/jose/jws.h"
#include "core/jose/lint.h"
#include "core/json/parse.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
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
};

constexpr std::array<std::string_view, 4> kTimeClaims{"iat", "nbf", "exp", "auth_time"};

struct Options
{
    std::vector<std::string> tokens;
    std::string clock;
};

/// A decoded token, its payload where it is JSON, and what is to be said about it.
struct View
{
    InspectedJws jws;
    Json payload;
    std::vector<std::string> warnings;
};

View viewOf(const std::string &token, Timestamp now)
{
    View view{inspectJws(token), {}, {}};
    Result<Json> payload = parseJson(view.jws.token.payloadText);
    if (payload)
        view.payload = std::move(*payload);
    else if (!view.jws.token.payloadText.empty())
        view.jws.findings.push_back(
            {payload.error().code, payload.error().detail, "payload:" + payload.error().where});
    const std::int64_t seconds =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    if (!view.jws.token.signingInput.empty())
        view.warnings = lintToken(view.jws.token, view.payload, seconds, token.size(), false);
    return view;
}

// Indented when the text is clean JSON, as it stands otherwise: inspecting repairs nothing.
std::string shown(const std::string &text, const Json &json)
{
    const std::string body = json.isNull() ? printable(text) : printable(json.dump(2));
    std::string out = "  ";
    for (const char c : body)
        out += c == '\n' ? std::string("\n  ") : std::string(1, c);
    return out;
}

std::string timeText(std::string_view name, const Json &claim, Timestamp now)
{
    if (!claim.isNumber())
        return std::format("not a number: {}", printable(claim.dump()));
    const auto time = timeOfClaim(claim);
    if (!time)
        return std::format("{} is beyond the calendar", claim.lexeme());
    const bool past = *time <= now;
    const std::string_view word = name != "exp" ? "" : past ? "expired " : "expires ";
    return std::format("{}, {}{}", formatTime(*time), word, distanceText(*time, now));
}

void printText(const Console &console, const View &view, Timestamp now)
{
    const DecodedJws &token = view.jws.token;
    console.line(console.painted(Paint::Bold, "header"));
    console.line(shown(token.headerText, token.header));
    console.line(console.painted(Paint::Bold, "payload"));
    console.line(shown(token.payloadText, view.payload));
    for (const std::string_view name : kTimeClaims) {
        if (const Json *const claim = view.payload.find(name))
            console.line(std::format("{}: {}", name, timeText(name, *claim, now)));
    }
    console.line(std::format("signature: {} ({} bytes{}{}); 'postern token verify' checks it",
                             console.painted(Paint::Warn, "not checked"), token.signature.size(),
                             token.alg.empty() ? "" : ", ", printable(token.alg)));
    for (const Error &finding : view.jws.findings)
        console.line(std::format("{}: {} [{}]", console.painted(Paint::Bad, "finding"),
                                 printable(describe(finding)), slug(finding.code)));
    for (const std::string &warning : view.warnings)
        console.line(
            std::format("{}: {}", console.painted(Paint::Warn, "warning"), printable(warning)));
}

Json toJson(const View &view, Timestamp now)
{
    const DecodedJws &token = view.jws.token;
    const auto part = [](const std::string &text, const Json &json) {
        return json.isNull() ? Json(printable(text)) : json;
    };
    Json times = Json::object();
    for (const std::string_view name : kTimeClaims) {
        const Json *const claim = view.payload.find(name);
        const auto time = claim ? timeOfClaim(*claim) : std::nullopt;
        if (!time)
            continue;
        times.set(
            name,
            Json::object(
                {{"value", *claim},
                 {"time", formatTime(*time)},
                 {"in_s",
                  std::int64_t{std::chrono::floor<std::chrono::seconds>(*time - now).count()}}}));
    }
    Json findings = Json::array();
    for (const Error &finding : view.jws.findings)
        findings.push_back(Json::object({{"id", slug(finding.code)},
                                         {"where", finding.where},
                                         {"detail", printable(finding.detail)}}));
    Json warnings = Json::array();
    for (const std::string &warning : view.warnings)
        warnings.push_back(printable(warning));
    return Json::object(
        {{"version", 1},
         {"header", part(token.headerText, token.header)},
         {"payload", part(token.payloadText, view.payload)},
         {"signature",
          Json::object({{"checked", false}, {"bytes", std::uint64_t{token.signature.size()}}})},
         {"times", std::move(times)},
         {"findings", std::move(findings)},
         {"warnings", std::move(warnings)}});
}

int run(Console &console, const Options &options)
{
    ArgumentReader reader(console);
    const Result<Timestamp> now = timeOf(options.clock);
    const Result<std::vector<std::string>> tokens =
        now ? reader.tokens(options.tokens) : std::unexpected(now.error());
    if (!tokens)
        return console.fail(tokens.error());
    int exit = kYes;
    for (const std::string &token : *tokens) {
        const View view = viewOf(token, *now);
        const bool nothing = view.jws.token.signingInput.empty();
        if (nothing && !console.json()) {
            exit = std::max(exit, console.fail(view.jws.findings.front()));
            continue;
        }
        if (nothing)
            exit = kInvalid;
        if (console.json())
            console.document(toJson(view, *now), tokens->size() > 1);
        else
            printText(console, view, *now);
    }
    return exit;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("token", options->tokens, "the token, @file, or standard input");
    app.add_option("--clock", options->clock, "the time that dates are compared with");
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command tokenInspectCommand{"token inspect", "show what a token says, without verifying it",
                                  kExamples, define};

} // namespace postern::cli
