// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/reveal.h"
#include "cli/times.h"
#include "cli/token_key.h"
#include "core/bytes/encoding.h"
#include "core/jose/key_data.h"
#include "core/jose/profile.h"
#include "core/jose/token_variants.h"
#include "core/json/parse.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <optional>

#include <unistd.h>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"how many of them there are for an HMAC secret",
            "postern token break --secret text:0123456789abcdef0123456789abcdef | wc -l"},
    Example{"for a consumer of a store, as one JSON object a line",
            "postern consumer add jack --store sqlite:b.db && postern consumer credential add jack "
            "--plugin jwt-auth --set key=jack-key --secret text:jack-hs256-secret --store "
            "sqlite:b.db && postern token break --consumer jack --store sqlite:b.db"},
    Example{"what Kong answers, and whether the profile of it agrees",
            "postern token break --secret text:0123456789abcdef0123456789abcdef --consumer-key "
            "jack-key --profile kong | postern token verify --batch -"},
    Example{"what an unsigned token looks like; no key is needed",
            "postern token mint --secret text:s --sub alice | postern token break --only alg-none"},
};

constexpr std::string_view kDescription =
    "Makes a good token wrong in one way at a time and says for each what a correct verifier "
    "answers: 'strict' by RFC 8725 with one key and one algorithm, 'apisix' and 'kong' by the "
    "behaviour of APISIX 3.18 jwt-auth and Kong 3.x jwt with a route's default settings (status "
    "and message), where a consumer is named by --consumer or --consumer-key. They find it by the "
    "claim key or iss; --profile chooses which, and makes 'token verify --batch -' answer as that "
    "gateway.\n\n"
    "On a terminal it prints a table, elsewhere one JSON object a line in the form that 'postern "
    "token verify --batch -' reads. The lines hold the verifying key, for HMAC the secret itself; "
    "--no-key leaves it out, and a terminal never shows it without --reveal.\n\n"
    "The good token is TOKEN, or one made for the consumer or key. Without a key that signs, only "
    "variants that need none are made.";

struct Options
{
    std::vector<std::string> tokens, only;
    TokenKeyOptions key;
    std::string alg, clock, ttl = "1h", keyClaim, consumerKey;
    std::string profile = "strict";
    bool noKey = false, reveal = false;
};

bool hasKeyOptions(const TokenKeyOptions &options)
{
    return !options.secret.empty() || !options.key.empty() || !options.jwks.empty();
}

/// Signs: the given key, else the consumer's own.
Result<std::optional<Key>> keyFor(ArgumentReader &reader, const TokenKeyOptions &options,
                                  const std::optional<JwtCredential> &credential)
{
    const bool named = options.key.starts_with("consumer:") || options.key.starts_with("cred:");
    if (hasKeyOptions(options) && !named)
        return tokenKey(reader, options).transform([](Key &&key) { return std::optional(key); });
    if (!credential)
        return std::nullopt;
    Result<Key> key = keyOf(*credential, true);
    if (!key)
        key = keyOf(*credential, false); // the public one still makes unsigned variants
    if (!key)
        return std::unexpected(key.error());
    return std::optional(std::move(*key));
}

Result<Alg> algorithmOf(const Options &options, const std::optional<Key> &key,
                        const std::optional<JwtCredential> &credential, std::string_view ofToken)
{
    const std::string_view name = !options.alg.empty() ? std::string_view(options.alg) : ofToken;
    if (!name.empty()) {
        const AlgInfo *const alg = findAlg(name);
        return alg ? Result<Alg>(alg->alg)
                   : fail(Errc::AlgUnknown, std::format("\"{}\"", printable(name)),
                          options.alg.empty() ? "header/alg" : "--alg");
    }
    if (credential)
        return credential->alg;
    if (key && key->declaredAlg())
        return *key->declaredAlg();
    const std::vector<Alg> possible = key ? key->possibleAlgs() : std::vector<Alg>();
    if (!possible.empty())
        return possible.front();
    return Alg::HS256; // a short secret
}

/// The good token's texts from the token that was given.
Result<void> takeToken(VariantBase &base, const std::string &token)
{
    Result<DecodedJws> jws = decodeJws(token);
    if (!jws)
        return std::unexpected(jws.error());
    base.headerText = std::move(jws->headerText);
    base.payloadText = std::move(jws->payloadText);
    base.signature = std::move(jws->signature);
    return {};
}

/// The gateway's credential by which it finds the consumer: that of a store, or as told.
std::string consumerKeyOf(const Options &options, const std::optional<JwtCredential> &credential)
{
    return options.consumerKey.empty() && credential ? credential->key : options.consumerKey;
}

/// A good token of our own.
Result<void> makeToken(VariantBase &base, const Options &options,
                       const std::optional<JwtCredential> &credential)
{
    if (!base.key || !base.key->isPrivate())
        return fail(Errc::KeyMissing,
                    credential ? "the consumer's key only verifies; add its private key with "
                                 "--key, or a token to vary"
                               : "name a token to vary, or a key that signs with --secret, --key "
                                 "or --consumer");
    const Result<std::int64_t> ttl = secondsOf(options.ttl, "--ttl");
    if (!ttl)
        return std::unexpected(ttl.error());
    Json header = Json::object({{"alg", info(base.alg).name}, {"typ", "JWT"}});
    if (!base.key->kid().empty())
        header.set("kid", base.key->kid());
    Json claims = Json::object();
    if (!base.keyClaim.empty())
        claims.set(base.keyClaim, consumerKeyOf(options, credential));
    else
        claims.set("sub", "postern");
    claims.set("iat", Json(base.now));
    claims.set("exp", Json(base.now + *ttl));
    base.headerText = header.dump();
    base.payloadText = claims.dump();
    return {};
}

/// The claim by which the gateway finds its consumer; empty: no gateway is meant.
std::string keyClaimOf(const Options &options, const std::optional<JwtCredential> &credential)
{
    if (consumerKeyOf(options, credential).empty())
        return {};
    const std::string_view ofProfile = findProfile(options.profile)->keyClaim;
    if (!options.keyClaim.empty())
        return options.keyClaim;
    return std::string(ofProfile.empty() ? std::string_view("key") : ofProfile);
}

Result<VariantBase> baseOf(ArgumentReader &reader, const Options &options)
{
    const Result<CredentialAtTime> setUp = credentialAtTime(options.key, options.clock);
    if (!setUp)
        return std::unexpected(setUp.error());
    const std::optional<JwtCredential> &credential = setUp->credential;
    VariantBase base;
    base.now = std::chrono::floor<std::chrono::seconds>(setUp->now).time_since_epoch().count();
    const bool fromInput = !hasKeyOptions(options.key) && !credential;
    if (!options.tokens.empty() || fromInput) {
        const auto tokens = reader.tokens(options.tokens);
        if (!tokens)
            return std::unexpected(tokens.error());
        if (const auto taken = takeToken(base, tokens->front()); !taken)
            return std::unexpected(taken.error());
    }
    Result<std::optional<Key>> key = keyFor(reader, options.key, credential);
    if (!key)
        return std::unexpected(key.error());
    base.key = std::move(*key);
    const Json header = parseJson(base.headerText).value_or(Json());
    const Result<Alg> alg = algorithmOf(options, base.key, credential, header.stringOr("alg", ""));
    if (!alg)
        return std::unexpected(alg.error());
    base.alg = *alg;
    base.keyClaim = keyClaimOf(options, credential);
    if (base.headerText.empty()) {
        if (const auto made = makeToken(base, options, credential); !made)
            return std::unexpected(made.error());
    }
    if (credential) {
        const Json *const grace = credential->config.find("lifetime_grace_period");
        base.grace = grace ? grace->asInteger().value_or(0) : 0;
    }
    return base;
}

void addKey(Json &line, const Key &key)
{
    if (key.type() == KeyType::Oct)
        line.set("secret_b64u", encodeBase64Url(key.data().secret.view()));
    else
        line.set("key", key.toJwk(false));
}

Json answerOf(const WireExpectation &expectation)
{
    Json answer = Json::object({{"status", expectation.status}});
    if (!expectation.message.empty())
        answer.set("message", expectation.message);
    return answer;
}

/// What `token verify --batch` is to demand.
void addDemands(Json &line, const TokenVariant &variant, const VariantBase &base)
{
    line.set("algs", Json(Json::Array{info(base.alg).name}));
    line.set("now", Json(base.now));
    if (!base.keyClaim.empty())
        line.set("require", Json(Json::Array{base.keyClaim}));
    if (!variant.audience.empty())
        line.set("aud", variant.audience);
    if (!variant.issuer.empty())
        line.set("iss", variant.issuer);
}

Json lineOf(const TokenVariant &variant, const VariantBase &base, bool withKey)
{
    Json line =
        Json::object({{"id", variant.id}, {"what", variant.sentence}, {"token", variant.token}});
    if (withKey && base.key)
        addKey(line, *base.key);
    addDemands(line, variant, base);
    Json strict = Json::object({{"valid", variant.strict.valid}});
    if (!variant.strict.valid) {
        strict.set("stage", variant.strict.stage);
        strict.set("reason", variant.strict.reason);
    }
    Json expect = Json::object({{"strict", std::move(strict)}});
    if (variant.apisix)
        expect.set("apisix", answerOf(*variant.apisix));
    if (variant.kong)
        expect.set("kong", answerOf(*variant.kong));
    line.set("expect", std::move(expect));
    return line;
}

void printTable(const Console &console, const std::vector<TokenVariant> &variants)
{
    console.line(console.painted(
        Paint::Bold,
        std::format("{:<26}{:<28}{:<8}{:<8}{}", "id", "strict", "apisix", "kong", "what")));
    const auto status = [&console](const std::optional<WireExpectation> &expectation) {
        const std::string text = expectation ? std::to_string(expectation->status) : "-";
        return console.painted(text == "200" ? Paint::Good : Paint::Bad,
                               std::format("{:<8}", text));
    };
    for (const TokenVariant &variant : variants) {
        const std::string strict = variant.strict.valid
            ? "valid"
            : std::format("{}: {}", variant.strict.stage, variant.strict.reason);
        console.line(std::format("{:<26}{}{}{}{}", variant.id,
                                 console.painted(variant.strict.valid ? Paint::Good : Paint::Bad,
                                                 std::format("{:<28}", strict)),
                                 status(variant.apisix), status(variant.kong), variant.sentence));
    }
    console.note(
        std::format("{} variants; piped, each is a JSON line with its token", variants.size()));
}

Result<void> checkNames(const std::vector<std::string> &only,
                        const std::vector<TokenVariant> &variants)
{
    for (const std::string &name : only) {
        if (std::ranges::find(variants, name, &TokenVariant::id) != variants.end())
            continue;
        return fail(
            Errc::NotFound,
            std::format("no variant \"{}\" here; without --only all are printed", printable(name)),
            "--only");
    }
    return {};
}

int run(Console &console, const Options &options)
{
    const TokenProfile *const profile = findProfile(options.profile);
    if (!profile)
        return console.fail(Error{Errc::Usage,
                                  std::format("no profile \"{}\"; there are strict, apisix, kong",
                                              printable(options.profile)),
                                  "--profile"});
    ArgumentReader reader(console);
    const Result<VariantBase> base = baseOf(reader, options);
    if (!base)
        return console.fail(base.error());
    std::vector<TokenVariant> variants = makeVariants(*base);
    if (const auto known = checkNames(options.only, variants); !known)
        return console.fail(known.error());
    std::erase_if(variants, [&](const TokenVariant &variant) {
        return !options.only.empty()
            && std::ranges::find(options.only, variant.id) == options.only.end();
    });
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    if (terminal && !console.json()) {
        printTable(console, variants);
        return kYes;
    }
    const bool secret = base->key && base->key->type() == KeyType::Oct;
    const bool withKey = !options.noKey && (!secret || !terminal || options.reveal);
    const std::string goodKey(
        parseJson(base->payloadText).value_or(Json()).stringOr(base->keyClaim, ""));
    for (const TokenVariant &variant : variants) {
        Json line = lineOf(variant, *base, withKey);
        if (profile->isGateway) {
            line.set("profile", profile->name);
            line.set("consumer_key", goodKey);
        }
        console.document(line, true);
    }
    return kYes;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("token", options->tokens, "the good token, @file, or standard input");
    addTokenKeyOptions(app, options->key);
    app.add_option("--alg", options->alg, "the algorithm; else the token's or the key's own");
    app.add_option("--ttl", options->ttl, "lifetime of the good token that is made");
    app.add_option("--key-claim", options->keyClaim,
                   "the claim by which the gateway finds the consumer (key_claim_name); else key, "
                   "or iss for Kong");
    app.add_option("--consumer-key", options->consumerKey,
                   "the key of the gateway's credential, where no --consumer names it");
    app.add_option("--profile", options->profile,
                   "the lines ask this verifier: strict, apisix or kong");
    addList(app, "--only", options->only, "only this variant; repeatable");
    app.add_option("--clock", options->clock, "the time at which the variants are verified");
    app.add_flag("--no-key", options->noKey, "leave the verifying key out of the lines");
    addReveal(app, options->reveal);
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command tokenBreakCommand{
    "token break", "make a token wrong in every known way, with the verdicts to expect", kExamples,
    define, kDescription};

} // namespace postern::cli
