// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/times.h"
#include "cli/token_key.h"
#include "core/jose/jwt.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"with a secret",
            "postern token mint --secret text:jack-hs256-secret --ttl 1h | postern token verify "
            "--secret text:jack-hs256-secret"},
    Example{"at another time: this one has expired",
            "postern token mint --secret text:jack-hs256-secret --ttl 1h | postern token verify "
            "--secret text:jack-hs256-secret --clock +2h",
            Needs::Nothing, kNo},
    Example{"a wrong secret, the reason as exit code",
            "postern token mint --secret text:jack-hs256-secret | postern token verify --secret "
            "text:other --exit-reason -q",
            Needs::Nothing, 10},
};

struct Options
{
    std::vector<std::string> tokens;
    TokenKeyOptions key;
    std::vector<std::string> algs, audience, required;
    std::string issuer, subject, type, leeway, maxAge, clock;
    bool strict = false, exitReason = false;
};

Result<JwtPolicy> policyOf(const Options &options, const Key &key)
{
    JwtPolicy policy;
    for (const std::string &name : options.algs) {
        const AlgInfo *const alg = findAlg(name);
        if (alg == nullptr)
            return fail(Errc::AlgUnknown, std::format("\"{}\"", name), "--alg");
        policy.algs.push_back(alg->alg);
    }
    const auto seconds = [](const std::string &text, std::string_view name) {
        return text.empty() ? Result<std::int64_t>(0) : secondsOf(text, name);
    };
    const Result<std::int64_t> leeway = seconds(options.leeway, "--leeway");
    const Result<std::int64_t> maxAge = seconds(options.maxAge, "--max-age");
    if (!leeway || !maxAge)
        return std::unexpected(leeway ? maxAge.error() : leeway.error());
    policy.leeway = *leeway;
    if (!options.maxAge.empty())
        policy.maxAge = *maxAge;
    policy.audience = options.audience;
    policy.required = options.required;
    const auto set = [](std::optional<std::string> &to, const std::string &from) {
        if (!from.empty())
            to = from;
    };
    set(policy.issuer, options.issuer);
    set(policy.subject, options.subject);
    set(policy.type, options.type);
    // A short secret is worth a warning; only --strict refuses to try it.
    policy.relaxed = !options.strict && key.type() == KeyType::Oct;
    return policy;
}

std::string checkText(const Console &console, const JwtCheck &check)
{
    const std::string_view text = check.detail.empty()
        ? (check.ok ? std::string_view("ok") : sentence(check.reason))
        : std::string_view(check.detail);
    return std::format("{}: {}", check.id,
                       console.painted(check.ok ? Paint::Good : Paint::Bad, printable(text)));
}

void printText(const Console &console, const JwtVerdict &verdict)
{
    for (const JwtCheck &check : verdict.checks)
        console.line(checkText(console, check));
    for (const std::string &warning : verdict.warnings)
        console.line(
            std::format("{}: {}", console.painted(Paint::Warn, "warning"), printable(warning)));
    for (const std::string &hint : verdict.hints)
        console.line(std::format("{}: {}", console.painted(Paint::Bold, "hint"), printable(hint)));
}

Json listOf(const std::vector<std::string> &texts)
{
    Json list = Json::array();
    for (const std::string &text : texts)
        list.push_back(text);
    return list;
}

Json toJson(const JwtVerdict &verdict, const Key &key, Timestamp now)
{
    const Json payload = verdict.token ? parsePayload(*verdict.token) : Json();
    Json checks = Json::array();
    for (const JwtCheck &check : verdict.checks) {
        Json row = Json::object({{"id", check.id}, {"ok", check.ok}});
        if (!check.ok)
            row.set("reason", slug(check.reason));
        const Json *const claim = payload.find(check.id);
        if (const auto time = claim ? timeOfClaim(*claim) : std::nullopt; time && !check.ok)
            row.set("by_s",
                    std::int64_t{
                        std::abs(std::chrono::floor<std::chrono::seconds>(now - *time).count())});
        if (!check.detail.empty())
            row.set("detail", check.detail);
        checks.push_back(std::move(row));
    }
    Json keyInfo = Json::object({{"kid", key.kid().empty() ? Json() : Json(key.kid())}});
    if (key.type() != KeyType::Oct) // a secret's thumbprint could be guessed against
        keyInfo.set("thumbprint", key.thumbprint());
    return Json::object({{"version", 1},
                         {"valid", verdict.valid},
                         {"profile", "strict"},
                         {"time", formatTime(now)},
                         {"checks", std::move(checks)},
                         {"warnings", listOf(verdict.warnings)},
                         {"hints", listOf(verdict.hints)},
                         {"key", std::move(keyInfo)}});
}

int exitOf(const JwtVerdict &verdict, bool reason)
{
    if (verdict.valid)
        return kYes;
    if (reason)
        return exitReasonOf(verdict);
    const auto noToken = [](const JwtCheck &check) {
        return !check.ok && meansNoToken(check.reason);
    };
    return std::ranges::any_of(verdict.checks, noToken) ? kInvalid : kNo;
}

int run(Console &console, const Options &options)
{
    ArgumentReader reader(console);
    Result<Timestamp> now = timeOf(options.clock);
    const Result<std::vector<std::string>> tokens =
        now ? reader.tokens(options.tokens) : std::unexpected(now.error());
    if (!tokens)
        return console.fail(tokens.error());
    std::optional<Timestamp> there;
    const auto credential = tokenCredential(options.key, &there);
    if (!credential)
        return console.fail(credential.error());
    if (there && options.clock.empty())
        now = *there;
    const Clock clock(Clock::Mode::Frozen, *now);

    int exit = kYes;
    for (const std::string &token : *tokens) {
        const Result<Key> key =
            *credential ? keyOf(**credential, false) : tokenKey(reader, options.key, token);
        Result<JwtPolicy> policy = key ? policyOf(options, *key) : std::unexpected(key.error());
        if (!policy)
            return console.fail(policy.error());
        if (*credential && policy->algs.empty())
            policy->algs = {(*credential)->alg}; // as the gateway pins it
        const JwtVerdict verdict = verifyJwt(token, *key, *policy, clock);
        if (console.json())
            console.document(toJson(verdict, *key, *now), tokens->size() > 1);
        else if (!console.quiet)
            printText(console, verdict);
        exit = std::max(exit, exitOf(verdict, options.exitReason));
    }
    return exit;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("token", options->tokens, "the token, @file, or standard input");
    addTokenKeyOptions(app, options->key);
    addList(app, "--alg", options->algs, "accept only this algorithm; repeatable");
    addList(app, "--aud", options->audience, "the audience; one of them must match");
    app.add_option("--iss", options->issuer, "the issuer");
    app.add_option("--sub", options->subject, "the subject");
    app.add_option("--typ", options->type, "the header's typ");
    addList(app, "--require", options->required, "a claim that must be there; repeatable");
    app.add_option("--leeway", options->leeway, "tolerance for time claims, as 30s");
    app.add_option("--max-age", options->maxAge, "longest time since iat, as 1h");
    app.add_option("--clock", options->clock, "verify at this time");
    app.add_flag("--strict", options->strict, "refuse secrets shorter than the hash");
    app.add_flag("--exit-reason", options->exitReason,
                 "exit 10 signature, 11 time, 12 claim, 13 policy, 14 malformed");
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command tokenVerifyCommand{"token verify", "check a token's signature and claims", kExamples,
                                 define};

} // namespace postern::cli
