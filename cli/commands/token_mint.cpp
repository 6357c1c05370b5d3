// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/claims.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/times.h"
#include "cli/token_key.h"
#include "core/jose/jwt.h"
#include "core/json/parse.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>
#include <optional>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"a token that lives 30 seconds",
            "postern token mint --secret text:jack-hs256-secret --claim key=jack-key --ttl 30s"},
    Example{"typed and nested claims, as a header line",
            "postern token mint --secret text:jack-hs256-secret --claim admin:=true --claim "
            "'realm.roles[0]=user' --header-line"},
    Example{"for a consumer, with its credential's secret",
            "postern consumer add jack --store sqlite:p.db && postern consumer credential add jack "
            "--plugin jwt-auth --set key=jack-key --secret text:jack-hs256-secret --store "
            "sqlite:p.db && postern token mint --consumer jack --ttl 30s --store sqlite:p.db"},
    Example{"at a fixed time, with exact times, as JSON",
            "postern token mint --secret text:jack-hs256-secret --clock 2030-01-01T00:00:00Z --iat "
            "now --nbf now --exp +1h -o json"},
};

struct Options
{
    TokenKeyOptions key;
    std::string alg, payload, clock;
    std::string ttl, exp, nbf, iat;
    std::string issuer, subject, jwtId;
    std::vector<std::string> audience, claims, unset, header;
    std::string curl, variable;
    bool headerLine = false, strict = false;
};

/// What is signed, octet for octet.
struct Texts
{
    std::string header, payload;
};

Result<Alg> algorithmOf(const Options &options, const Key &key, std::optional<Alg> wanted)
{
    if (!options.alg.empty()) {
        const AlgInfo *const alg = findAlg(options.alg);
        if (alg == nullptr)
            return fail(Errc::AlgUnknown, std::format("\"{}\"", options.alg), "--alg");
        return alg->alg;
    }
    if (wanted)
        return *wanted;
    if (const auto declared = key.declaredAlg())
        return *declared;
    const std::vector<Alg> possible = key.possibleAlgs();
    if (!possible.empty())
        return possible.front();
    if (key.type() == KeyType::Oct) // shorter than any hash; signing says so
        return Alg::HS256;
    return fail(Errc::KeyType, "no algorithm fits this key");
}

Result<void> addTimes(Json &claims, const Options &options, Timestamp now)
{
    const std::array<std::pair<std::string_view, const std::string *>, 3> times{
        {{"iat", &options.iat}, {"nbf", &options.nbf}, {"exp", &options.exp}}};
    for (const auto &[name, text] : times) {
        if (text->empty())
            continue;
        Result<Json> date = numericDate(*text, now);
        if (!date) {
            date.error().where = std::format("--{}", name);
            return std::unexpected(date.error());
        }
        claims.set(name, std::move(*date));
    }
    if (options.ttl.empty())
        return {};
    const Result<std::int64_t> lifetime = secondsOf(options.ttl, "--ttl");
    if (!lifetime)
        return std::unexpected(lifetime.error());
    const std::int64_t start =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    claims.set("exp", Json(start + *lifetime));
    return {};
}

bool hasClaimOptions(const Options &options)
{
    return !options.claims.empty() || !options.unset.empty() || !options.ttl.empty()
        || !options.exp.empty() || !options.nbf.empty() || !options.iat.empty()
        || !options.issuer.empty() || !options.subject.empty() || !options.jwtId.empty()
        || !options.audience.empty();
}

Result<std::string> payloadText(ArgumentReader &reader, const Options &options, Json claims,
                                Timestamp now)
{
    if (!options.payload.empty()) {
        if (hasClaimOptions(options))
            return fail(Errc::Usage, "--payload is signed as it is and takes no claims beside it");
        return options.payload == "-" ? reader.standardInput() : readFile(options.payload);
    }
    const std::array<std::pair<std::string_view, const std::string *>, 3> texts{
        {{"iss", &options.issuer}, {"sub", &options.subject}, {"jti", &options.jwtId}}};
    for (const auto &[name, text] : texts) {
        if (!text->empty())
            claims.set(name, *text);
    }
    if (options.audience.size() == 1)
        claims.set("aud", options.audience.front());
    for (const std::string &audience : options.audience) {
        if (options.audience.size() > 1) {
            if (!claims.contains("aud"))
                claims.set("aud", Json::array());
            claims.find("aud")->push_back(audience);
        }
    }
    if (const auto added = addTimes(claims, options, now); !added)
        return std::unexpected(added.error());
    for (const std::string &claim : options.claims) {
        if (const auto set = assignClaim(claims, claim, now); !set)
            return std::unexpected(set.error());
    }
    for (const std::string &path : options.unset) {
        if (const auto removed = unsetClaim(claims, path); !removed)
            return std::unexpected(removed.error());
    }
    return claims.dump();
}

Result<std::string> headerText(const Options &options, const Key &key, Alg alg, Timestamp now)
{
    Json header = Json::object({{"alg", info(alg).name}, {"typ", "JWT"}});
    if (options.key.kid == "auto") {
        if (key.type() == KeyType::Oct && key.kid().empty())
            return fail(Errc::Usage, "a secret has no thumbprint to publish; name the kid",
                        "--kid auto");
        header.set("kid", key.kid().empty() ? key.thumbprint() : key.kid());
    } else if (!options.key.kid.empty())
        header.set("kid", options.key.kid);
    for (const std::string &member : options.header) {
        if (member.starts_with('@')) {
            if (options.header.size() > 1)
                return fail(Errc::Usage, "a header file is signed as it is and stands alone",
                            "--header");
            return readFile(member.substr(1));
        }
        if (const auto set = assignClaim(header, member, now); !set)
            return std::unexpected(set.error());
    }
    return header.dump();
}

void print(const Console &console, const Options &options, const std::string &token,
           const Texts &texts)
{
    if (console.json()) {
        console.document(
            Json::object({{"version", 1},
                          {"token", token},
                          {"header", parseJson(texts.header).value_or(Json(texts.header))},
                          {"payload", parseJson(texts.payload).value_or(Json(texts.payload))}}));
    } else if (options.headerLine)
        console.line(std::format("Authorization: Bearer {}", token));
    else if (!options.curl.empty())
        console.line(
            std::format("curl -i -H 'Authorization: Bearer {}' '{}'", token, options.curl));
    else if (!options.variable.empty())
        console.line(std::format("{}={}", options.variable, token));
    else
        console.line(token);
}

Result<Key> signingKey(ArgumentReader &reader, TokenKeyOptions options,
                       const std::optional<JwtCredential> &credential)
{
    if (options.kid == "auto")
        options.kid.clear();
    const bool elsewhere = !options.secret.empty() || !options.jwks.empty()
        || (!options.key.empty() && !options.key.starts_with("consumer:")
            && !options.key.starts_with("cred:"));
    return credential && !elsewhere ? keyOf(*credential, true) : tokenKey(reader, options);
}

// The claim by which the gateway finds the consumer.
Json startOf(const Console &console, const Options &options,
             const std::optional<JwtCredential> &credential)
{
    Json claims = Json::object();
    if (credential && options.payload.empty()) {
        claims.set("key", credential->key);
        console.note(std::format("added the claim key of {}{}{}", credential->consumer,
                                 credential->id.empty() ? "" : " / ", credential->id));
    }
    return claims;
}

int run(Console &console, const Options &options)
{
    ArgumentReader reader(console);
    Result<Timestamp> now = timeOf(options.clock);
    if (!now)
        return console.fail(now.error());
    std::optional<Timestamp> there;
    const auto credential = tokenCredential(options.key, &there);
    if (!credential)
        return console.fail(credential.error());
    if (there && options.clock.empty())
        now = *there;
    const Result<Key> key = signingKey(reader, options.key, *credential);
    if (!key)
        return console.fail(key.error());
    const Result<Alg> alg =
        algorithmOf(options, *key, *credential ? std::optional((*credential)->alg) : std::nullopt);
    Result<std::string> header =
        alg ? headerText(options, *key, *alg, *now) : std::unexpected(alg.error());
    Result<std::string> payload = header
        ? payloadText(reader, options, startOf(console, options, *credential), *now)
        : std::unexpected(header.error());
    const bool relaxed = !options.strict && key->type() == KeyType::Oct;
    Result<std::string> token = payload ? signJws(*header, *payload, *alg, *key, relaxed)
                                        : std::unexpected(payload.error());
    if (!token)
        return console.fail(token.error());
    if (relaxed && key->bits() / 8 < info(*alg).minKeyBytes)
        console.note(std::format("warning: the secret has {} bytes, {} wants {} (RFC 7518 3.2)",
                                 key->bits() / 8, info(*alg).name, info(*alg).minKeyBytes));
    print(console, options, *token, {std::move(*header), std::move(*payload)});
    return kYes;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addTokenKeyOptions(app, options->key);
    app.add_option("--alg", options->alg, "the algorithm; else the key's own");
    addList(app, "--claim", options->claims, "k=text, k:=json, k=@file; paths as realm.roles[0]");
    addList(app, "--unset", options->unset, "leave this claim out");
    addList(app, "--header", options->header, "header member as --claim, or @file signed as it is");
    app.add_option("--payload", options->payload, "file that is signed octet for octet, or -");
    app.add_option("--ttl", options->ttl, "lifetime: sets exp, as 30s or 1h");
    app.add_option("--exp", options->exp, "expiry: UNIX seconds, RFC 3339, now, +90s");
    app.add_option("--nbf", options->nbf, "not valid before, same forms");
    app.add_option("--iat", options->iat, "issue time, same forms");
    app.add_option("--iss", options->issuer, "issuer");
    app.add_option("--sub", options->subject, "subject");
    addList(app, "--aud", options->audience, "audience; repeatable");
    app.add_option("--jti", options->jwtId, "token id");
    app.add_option("--clock", options->clock, "mint at this time");
    app.add_flag("--header-line", options->headerLine, "print an Authorization header line");
    app.add_option("--curl", options->curl, "print a curl line for this URL");
    app.add_option("--env", options->variable, "print NAME=token");
    app.add_flag("--strict", options->strict, "refuse secrets shorter than the hash");
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command tokenMintCommand{"token mint", "sign a token", kExamples, define};

} // namespace postern::cli
