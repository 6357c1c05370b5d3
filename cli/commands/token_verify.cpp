// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/batch.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/times.h"
#include "cli/token_batch.h"
#include "cli/token_key.h"
#include "cli/token_verdict.h"
#include "core/jose/key_selection.h"
#include "core/jose/profile.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <ranges>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"with a secret",
            "postern token mint --secret text:jack-hs256-secret --ttl 1h | postern token verify "
            "--secret text:jack-hs256-secret"},
    Example{"with a key set and an audience; the key is chosen by kid",
            "postern key new --alg ES256 --out es256 -q && postern key jwks add keys.json "
            "es256-private.pem && postern token mint --key es256-private.pem --kid auto --aud api "
            "--ttl 5m | postern token verify --jwks keys.json --aud api"},
    Example{"at another time: this one has expired",
            "postern token mint --secret text:jack-hs256-secret --ttl 1h | postern token verify "
            "--secret text:jack-hs256-secret --clock +2h",
            Needs::Nothing, kNo},
    Example{"a wrong secret, the reason as exit code",
            "postern token mint --secret text:jack-hs256-secret | postern token verify --secret "
            "text:other --exit-reason -q",
            Needs::Nothing, 10},
    Example{"what strict rules and two gateways make of it, side by side",
            "postern token mint --secret text:jack-hs256-secret --claim key=jack-key --ttl 1h | "
            "postern token verify --secret text:jack-hs256-secret --profile strict,apisix,kong",
            Needs::Nothing, kNo},
    Example{"one answer a line, for tools",
            "echo '{\"id\":1,\"token\":\"a.b.c\",\"secret_b64u\":\"c2VjcmV0\"}' | postern token "
            "verify --batch -"},
};

constexpr std::string_view kDescription =
    "Checks everything that can be checked, not only up to the first fault. Exit code 0 is valid, "
    "1 is not valid, 3 is no token, no readable key, or an algorithm that nobody names.\n\n"
    "The algorithm is what --alg says, else the consumer's credential, else the key: its own alg, "
    "or the only one that fits it. A secret that says nothing stands for HS256, an RSA key for "
    "RS256; a token of another algorithm is not looked at, and the candidates are listed. The "
    "token's own alg decides nothing, and none of the keys it carries or points to is used.";

struct Options
{
    std::vector<std::string> tokens;
    TokenKeyOptions key;
    std::vector<std::string> algs, audience, required, profiles;
    std::string issuer, subject, type, leeway, maxAge, clock, detached, kind, batch;
    bool strict = false, exitReason = false;
};

Result<std::vector<Alg>> algsOf(const std::vector<std::string> &lists)
{
    std::vector<Alg> algs;
    for (const std::string &list : lists) {
        for (const auto part : std::views::split(list, ',')) {
            const AlgInfo *const alg = findAlg(std::string_view(part));
            if (alg == nullptr)
                return fail(Errc::AlgUnknown, std::format("\"{}\"", std::string_view(part)),
                            "--alg");
            algs.push_back(alg->alg);
        }
    }
    return algs;
}

template <class T> const Error *faultOf(const Result<T> &result)
{
    return result ? nullptr : &result.error();
}

Result<void> setDetached(ArgumentReader &reader, const Options &options, JwtPolicy &policy)
{
    if (options.kind == "jws" || !options.detached.empty())
        policy.kind = TokenKind::Jws;
    if (options.detached.empty())
        return {};
    Result<std::string> octets =
        options.detached == "-" ? reader.standardInput() : readFile(options.detached);
    if (!octets)
        return std::unexpected(octets.error());
    policy.detached = std::move(*octets);
    return {};
}

Result<JwtPolicy> policyOf(ArgumentReader &reader, const Options &options)
{
    JwtPolicy policy;
    const auto seconds = [](const std::string &text, std::string_view name) {
        return text.empty() ? Result<std::int64_t>(0) : secondsOf(text, name);
    };
    Result<std::vector<Alg>> algs = algsOf(options.algs);
    const Result<std::int64_t> leeway = seconds(options.leeway, "--leeway");
    const Result<std::int64_t> maxAge = seconds(options.maxAge, "--max-age");
    const Result<void> detached = setDetached(reader, options, policy);
    for (const Error *error :
         {faultOf(algs), faultOf(leeway), faultOf(maxAge), faultOf(detached)}) {
        if (error)
            return std::unexpected(*error);
    }
    policy.algs = std::move(*algs);
    policy.leeway = *leeway;
    if (!options.maxAge.empty())
        policy.maxAge = *maxAge;
    policy.audience = options.audience;
    for (const std::string &list : options.required) {
        for (const auto part : std::views::split(list, ','))
            policy.required.emplace_back(std::string_view(part));
    }
    const auto set = [](std::optional<std::string> &to, const std::string &from) {
        if (!from.empty())
            to = from;
    };
    set(policy.issuer, options.issuer);
    set(policy.subject, options.subject);
    set(policy.type, options.type);
    // A short secret is worth a warning; who asks for strict rules gets them.
    policy.relaxed = !options.strict && options.profiles.empty();
    return policy;
}

Result<std::vector<const TokenProfile *>> profilesOf(const Options &options)
{
    std::vector<const TokenProfile *> profiles;
    for (const std::string &list : options.profiles) {
        for (const auto part : std::views::split(list, ',')) {
            const std::string_view name(part);
            const TokenProfile *profile = findProfile(name);
            if (!profile)
                return fail(Errc::Usage,
                            std::format("no profile \"{}\"; there are strict, apisix, kong", name),
                            "--profile");
            profiles.push_back(profile);
        }
    }
    if (profiles.empty())
        profiles.push_back(findProfile("strict"));
    return profiles;
}

/// The keys to trust and the policy, from the options or a consumer's credential.
struct Demands
{
    TrustedKeys trusted;
    JwtPolicy policy;
    Timestamp now;
};

Result<Demands> demandsOf(ArgumentReader &reader, const Options &options)
{
    const Result<CredentialAtTime> setUp = credentialAtTime(options.key, options.clock);
    if (!setUp)
        return std::unexpected(setUp.error());
    const std::optional<JwtCredential> &credential = setUp->credential;
    Result<JwtPolicy> policy = policyOf(reader, options);
    if (!policy)
        return std::unexpected(policy.error());
    Demands demands{.trusted = {}, .policy = std::move(*policy), .now = setUp->now};
    if (!credential) {
        Result<TrustedKeys> trusted = trustedKeys(reader, options.key);
        if (!trusted)
            return std::unexpected(trusted.error());
        demands.trusted = std::move(*trusted);
        return demands;
    }
    Result<Key> key = keyOf(*credential, false);
    if (!key)
        return std::unexpected(key.error());
    demands.trusted.keys = {std::move(*key)};
    if (demands.policy.algs.empty())
        demands.policy.algs = {credential->alg}; // as the gateway pins it
    demands.policy.consumerKey = credential->key;
    return demands;
}

int run(Console &console, const Options &options)
{
    if (!options.batch.empty())
        return runBatch(console, options.batch, verifyAnswers());
    ArgumentReader reader(console);
    const auto profiles = profilesOf(options);
    if (!profiles)
        return console.fail(profiles.error());
    const Result<std::vector<std::string>> tokens = reader.tokens(options.tokens);
    if (!tokens)
        return console.fail(tokens.error());
    const Result<Demands> demands = demandsOf(reader, options);
    if (!demands)
        return console.fail(demands.error());
    const std::int64_t now =
        std::chrono::floor<std::chrono::seconds>(demands->now).time_since_epoch().count();

    // A gateway's credential says its algorithm; only the strict rules ask for it.
    const bool isStrict = !std::ranges::all_of(*profiles, &TokenProfile::isGateway);
    int exit = kYes;
    for (const std::string &token : *tokens) {
        const Result<void> named = isStrict
            ? checkAlgorithmNamed(token, demands->trusted, demands->policy)
            : Result<void>();
        if (!named) {
            exit = std::max(exit, console.fail(named.error()));
            continue;
        }
        std::vector<ProfileVerdict> verdicts;
        for (const TokenProfile *profile : *profiles)
            verdicts.push_back(verifyAs(*profile, token, demands->trusted, demands->policy, now));
        if (console.json())
            console.document(verdictsToJson(verdicts, now), tokens->size() > 1);
        else if (!console.quiet)
            printVerdicts(console, verdicts);
        exit = std::max(exit, exitOf(verdicts, options.exitReason));
    }
    return exit;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("token", options->tokens, "the token, @file, or standard input");
    addTokenKeyOptions(app, options->key);
    addList(app, "--alg", options->algs,
            "accept only these algorithms; repeatable; else the key's own");
    addList(app, "--aud", options->audience, "the audience; one of them must match");
    app.add_option("--iss", options->issuer, "the issuer");
    app.add_option("--sub", options->subject, "the subject");
    app.add_option("--typ", options->type, "the header's typ");
    addList(app, "--require", options->required, "claims that must be there; repeatable");
    app.add_option("--leeway", options->leeway, "tolerance for time claims, as 30s");
    app.add_option("--max-age", options->maxAge, "longest time since iat, as 1h");
    app.add_option("--clock,--now", options->clock, "verify at this time");
    addList(app, "--profile", options->profiles,
            "whose rules: strict, apisix, kong; several side by side, as strict,apisix");
    app.add_option("--detached", options->detached, "file with the payload of a detached JWS");
    app.add_option("--kind", options->kind, "jwt, or jws: signature only, JSON forms too")
        ->check(CLI::IsMember({"jwt", "jws"}));
    addBatchOption(app, options->batch,
                   "token, key|jwks|secret_b64u, now, leeway, aud, iss, sub, typ, algs, require, "
                   "max_age, detached, kind, profile");
    app.add_flag("--strict", options->strict, "refuse secrets shorter than the hash");
    app.add_flag("--exit-reason", options->exitReason,
                 "exit 10 signature, 11 time, 12 claim, 13 policy, 14 malformed");
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command tokenVerifyCommand{"token verify", "check a token's signature and claims", kExamples,
                                 define, kDescription};

} // namespace postern::cli
