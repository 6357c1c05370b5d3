// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/token_key.h"
#include "core/jose/lint.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <optional>
#include <ranges>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"what an experienced reader would remark",
            "postern token mint --secret text:jack-hs256-secret --claim key=jack-key | postern "
            "token lint"},
    Example{"a token signed with a manual's secret is an error",
            "postern token mint --secret text:your-256-bit-secret --ttl 1h | postern token lint "
            "--profile apisix",
            Needs::Nothing, kNo},
    Example{"with a list of secrets of your own",
            "printf 'letmein\\nhunter2\\n' > weak.txt && postern token mint --secret text:hunter2 "
            "--ttl 1h | postern token lint --weak-list weak.txt",
            Needs::Nothing, kNo},
    Example{"every rule with its level", "postern token lint --rules"},
};

constexpr std::string_view kDescription =
    "Remarks are advice and change no verdict; 'postern token verify' judges. The exit code is 1 "
    "if a remark of level error was made, with --strict also for warnings.\n\n"
    "HMAC tokens are tried with well-known sample secrets. With a key (--secret, --key, "
    "--consumer) its strength is judged too.";

// In the order of LintProfile.
const std::vector<std::string> kProfiles{"strict", "apisix", "kong"};

struct Options
{
    std::vector<std::string> tokens;
    TokenKeyOptions key;
    std::string weakList, profile = "strict", clock;
    bool rules = false, strict = false;
};

Paint paintOf(LintLevel level)
{
    return level == LintLevel::Error ? Paint::Bad
        : level == LintLevel::Info   ? Paint::Dim
                                     : Paint::Warn;
}

/// Columns first, colour after: escapes have no width.
std::string levelText(const Console &console, LintLevel level)
{
    return console.painted(paintOf(level), std::format("{:<7}", nameOf(level)));
}

int printRules(const Console &console)
{
    Json list = Json::array();
    for (const LintRule &rule : lintRules()) {
        if (console.json())
            list.push_back(Json::object(
                {{"id", rule.id}, {"level", nameOf(rule.level)}, {"help", rule.help}}));
        else
            console.line(
                std::format("{}  {:<28}  {}", levelText(console, rule.level), rule.id, rule.help));
    }
    if (console.json())
        console.document(Json::object({{"version", 1}, {"rules", std::move(list)}}));
    return kYes;
}

Json toJson(const std::vector<LintFinding> &findings)
{
    Json list = Json::array();
    for (const LintFinding &finding : findings)
        list.push_back(Json::object({{"id", finding.id},
                                     {"level", nameOf(finding.level)},
                                     {"place", printable(finding.place)},
                                     {"text", printable(finding.text)}}));
    return Json::object({{"version", 1}, {"findings", std::move(list)}});
}

void printText(const Console &console, const std::vector<LintFinding> &findings)
{
    for (const LintFinding &finding : findings)
        console.line(std::format(
            "{}  {:<22}  {}{}", levelText(console, finding.level), finding.id,
            printable(finding.text),
            finding.place.empty() ? "" : std::format(" ({})", printable(finding.place))));
    if (findings.empty())
        console.line("nothing to remark");
}

/// The key that was named, if one was; none is needed.
Result<std::optional<Key>> keyFor(ArgumentReader &reader, const TokenKeyOptions &options,
                                  const std::optional<JwtCredential> &credential,
                                  const std::string &token)
{
    if (credential)
        return keyOf(*credential, false).transform([](Key &&key) { return std::optional(key); });
    if (options.secret.empty() && options.key.empty() && options.jwks.empty())
        return std::nullopt;
    return tokenKey(reader, options, token).transform([](Key &&key) { return std::optional(key); });
}

int exitOf(const std::vector<LintFinding> &findings, bool strict)
{
    const LintLevel least = strict ? LintLevel::Warning : LintLevel::Error;
    return std::ranges::any_of(findings, [&](const LintFinding &one) { return one.level >= least; })
        ? kNo
        : kYes;
}

int run(Console &console, const Options &options)
{
    if (options.rules)
        return printRules(console);
    ArgumentReader reader(console);
    const Result<CredentialAtTime> setUp = credentialAtTime(options.key, options.clock);
    const Result<std::vector<std::string>> tokens =
        setUp ? reader.tokens(options.tokens) : std::unexpected(setUp.error());
    if (!tokens)
        return console.fail(tokens.error());
    std::optional<SecretList> secrets;
    if (!options.weakList.empty()) {
        Result<std::string> text = readFile(options.weakList);
        if (!text)
            return console.fail(text.error());
        secrets.emplace(std::move(*text));
    }

    LintOptions lintOptions{
        .now = std::chrono::floor<std::chrono::seconds>(setUp->now).time_since_epoch().count(),
        .profile = static_cast<LintProfile>(std::ranges::find(kProfiles, options.profile)
                                            - kProfiles.begin()),
        .audienceChecked = true, // nobody verifies here
        .secrets = secrets ? &*secrets : nullptr};
    int exit = kYes;
    for (const std::string &token : *tokens) {
        const Result<std::optional<Key>> key =
            keyFor(reader, options.key, setUp->credential, token);
        if (!key)
            return console.fail(key.error());
        lintOptions.key = *key ? &**key : nullptr;
        const std::vector<LintFinding> findings = lint(token, lintOptions);
        if (console.json())
            console.document(toJson(findings), tokens->size() > 1);
        else if (!console.quiet)
            printText(console, findings);
        exit = std::max(exit, exitOf(findings, options.strict));
    }
    return exit;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("token", options->tokens, "the token, @file, or standard input");
    addTokenKeyOptions(app, options->key);
    app.add_option("--weak-list", options->weakList,
                   "file of secrets, one on a line, tried besides the well-known ones");
    app.add_option("--profile", options->profile, "whose rules for claims and algorithms count")
        ->check(CLI::IsMember(kProfiles));
    app.add_option("--clock", options->clock, "the time that dates are compared with");
    app.add_flag("--strict", options->strict, "exit 1 also for warnings");
    app.add_flag("--rules", options->rules, "list the rules instead");
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command tokenLintCommand{"token lint", "remark on what is weak, odd or dangerous in a token",
                               kExamples, define, kDescription};

} // namespace postern::cli
