// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/claims.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/times.h"
#include "cli/token_key.h"
#include "core/jose/json_jws.h"
#include "core/jose/jwt.h"
#include "core/jose/token_lines.h"
#include "core/json/parse.h"

#include <CLI/CLI.hpp>

#include <algorithm>
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
    Example{"three tokens, each with an id and a user of its own",
            "postern token mint --secret text:jack-hs256-secret --claim 'jti:@{uuid}' --claim "
            "'sub:@user-{n}' --count 3"},
    Example{"at a fixed time, with exact times, as JSON",
            "postern token mint --secret text:jack-hs256-secret --clock 2030-01-01T00:00:00Z --iat "
            "now --nbf now --exp +1h -o json"},
    Example{"the payload apart from its signature, unencoded",
            "printf 'hello' > body.txt && postern token mint --secret text:jack-hs256-secret "
            "--payload body.txt --detached --b64 false | postern token verify --secret "
            "text:jack-hs256-secret --detached body.txt"},
};

struct Options
{
    TokenKeyOptions key;
    std::vector<std::string> keys, algs; // in pairs, where there are several signatures
    std::string payload, clock, format, b64;
    std::optional<std::string> type;
    std::string ttl, exp, nbf, iat;
    std::string issuer, subject, jwtId;
    std::vector<std::string> audience, claims, unset, header, unprotected;
    std::string curl, variable;
    std::uint64_t count = 1;
    bool headerLine = false, strict = false, detached = false;

    bool isCompact() const { return format.empty() ? keys.size() < 2 : format == "compact"; }
    bool isUnencoded() const { return b64 == "false"; }
};

/// What is printed, and what was signed, octet for octet.
struct Minted
{
    std::string token, header, payload;
};

/// \param index of the key, where there are several; a single --alg is for all
Result<Alg> algorithmOf(const Options &options, const Key &key, std::optional<Alg> wanted,
                        std::size_t index = 0)
{
    if (!options.algs.empty()) {
        const std::string &name = options.algs[std::min(index, options.algs.size() - 1)];
        const AlgInfo *const alg = findAlg(name);
        if (alg == nullptr)
            return fail(Errc::AlgUnknown, std::format("\"{}\"", name), "--alg");
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
                                Timestamp now, std::uint64_t number)
{
    if (!options.payload.empty()) {
        if (hasClaimOptions(options) || options.count > 1)
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
        if (const auto set = assignClaim(claims, claim, now, number); !set)
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
    Json header = Json::object({{"alg", info(alg).name}});
    // What is detached, unencoded or in JSON form is no JWT. RFC 7519 1, RFC 7797 7.
    const bool isJwt = options.isCompact() && !options.detached && !options.isUnencoded();
    if (options.type ? !options.type->empty() : isJwt)
        header.set("typ", options.type.value_or("JWT"));
    if (options.key.kid == "auto") {
        if (key.type() == KeyType::Oct && key.kid().empty())
            return fail(Errc::Usage, "a secret has no thumbprint to publish; name the kid",
                        "--kid auto");
        header.set("kid", key.kid().empty() ? key.thumbprint() : key.kid());
    } else if (!options.key.kid.empty())
        header.set("kid", options.key.kid);
    if (options.isUnencoded()) {
        header.set("b64", false);
        header.set("crit", Json(Json::Array{"b64"}));
    }
    for (const std::string &member : options.header) {
        if (member.starts_with('@') || (!member.contains('=') && !member.contains(":@"))) {
            if (options.header.size() > 1)
                return fail(Errc::Usage, "a header file is signed as it is and stands alone",
                            "--header");
            return readFile(member.substr(member.starts_with('@') ? 1 : 0));
        }
        if (const auto set = assignClaim(header, member, now); !set)
            return std::unexpected(set.error());
    }
    return header.dump();
}

void print(const Console &console, const Options &options, const Minted &minted)
{
    const std::string &token = minted.token;
    if (console.json()) {
        console.document(Json::object(
            {{"version", 1},
             {"token", options.isCompact() ? Json(token) : parseJson(token).value_or(Json(token))},
             {"header", parseJson(minted.header).value_or(Json(minted.header))},
             {"payload", parseJson(minted.payload).value_or(Json(minted.payload))}}));
    } else if (options.headerLine)
        console.line(headerLine(token));
    else if (!options.curl.empty())
        console.line(curlLine(token, options.curl));
    else if (!options.variable.empty())
        console.line(environmentLine(options.variable, token));
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

Result<void> checkUsage(const Options &options)
{
    const bool asLine = options.headerLine || !options.curl.empty() || !options.variable.empty();
    if (!options.isCompact() && asLine)
        return fail(Errc::Usage, "a JSON form is too long for a line; leave --format out");
    if (options.isCompact() && options.keys.size() > 1)
        return fail(Errc::Usage, "several keys sign in --format general");
    if (options.isCompact() && !options.unprotected.empty())
        return fail(Errc::Usage, "a compact token has no unprotected header", "--unprotected");
    return {};
}

void warnOfShortSecret(const Console &console, const Key &key, Alg alg)
{
    if (key.type() == KeyType::Oct && key.bits() / 8 < info(alg).minKeyBytes)
        console.note(std::format("warning: the secret has {} bytes, {} wants {} (RFC 7518 3.2)",
                                 key.bits() / 8, info(alg).name, info(alg).minKeyBytes));
}

/// Everything that signing takes, gathered before anything is signed.
class Mint
{
public:
    Mint(const Console &console, const Options &options)
        : m_console(console),
          m_options(options),
          m_reader(console)
    {
    }

    Result<void> prepare()
    {
        if (const Result<void> usage = checkUsage(m_options); !usage)
            return std::unexpected(usage.error());
        Result<CredentialAtTime> setUp = credentialAtTime(m_options.key, m_options.clock);
        if (!setUp)
            return std::unexpected(setUp.error());
        m_now = setUp->now;
        m_credential = std::move(setUp->credential);
        m_start = startOf(m_console, m_options, m_credential);
        return readSigners();
    }

    /// \param number of the token: 1, 2, ...
    Result<Minted> mint(std::uint64_t number)
    {
        return payloadText(m_reader, m_options, m_start, m_now, number)
            .and_then([this](std::string &&payload) { return sign(std::move(payload)); });
    }

private:
    Result<void> readSigners()
    {
        const std::size_t count = std::max<std::size_t>(m_options.keys.size(), 1);
        for (std::size_t i = 0; i < count; ++i) {
            TokenKeyOptions source = m_options.key;
            if (!m_options.keys.empty())
                source.key = m_options.keys[i];
            Result<Key> key = signingKey(m_reader, source, m_credential);
            if (!key)
                return std::unexpected(key.error());
            const Result<Alg> alg = algorithmOf(
                m_options, *key, m_credential ? std::optional(m_credential->alg) : std::nullopt, i);
            if (!alg)
                return std::unexpected(alg.error());
            Result<std::string> header = headerText(m_options, *key, *alg, m_now);
            if (!header)
                return std::unexpected(header.error());
            const Result<Json> unprotected = unprotectedHeader();
            if (!unprotected)
                return std::unexpected(unprotected.error());
            warnOfShortSecret(m_console, *key, *alg);
            m_signers.push_back({.key = std::move(*key),
                                 .alg = *alg,
                                 .protectedText = std::move(*header),
                                 .unprotected = *unprotected});
        }
        return {};
    }

    Result<Json> unprotectedHeader() const
    {
        Json header;
        for (const std::string &member : m_options.unprotected) {
            if (const auto set = assignClaim(header, member, m_now); !set)
                return std::unexpected(set.error());
        }
        return header;
    }

    Result<Minted> sign(std::string payload) const
    {
        const JsonSigner &first = m_signers.front();
        Minted out{.token = {}, .header = first.protectedText, .payload = std::move(payload)};
        const bool relaxed = !m_options.strict;
        Result<std::string> token = m_options.isCompact()
            ? signJws(first.protectedText, out.payload, first.alg, first.key,
                      relaxed && first.key.type() == KeyType::Oct, m_options.detached)
            : signJsonJws(out.payload, m_signers, m_options.format == "flattened",
                          m_options.detached, relaxed)
                  .transform([](const Json &form) { return form.dump(); });
        if (!token)
            return std::unexpected(token.error());
        out.token = std::move(*token);
        return out;
    }

    const Console &m_console;
    const Options &m_options;
    ArgumentReader m_reader;
    Timestamp m_now;
    std::optional<JwtCredential> m_credential;
    std::vector<JsonSigner> m_signers;
    Json m_start; ///< of the claims
};

int run(Console &console, const Options &options)
{
    Mint mint(console, options);
    if (const Result<void> prepared = mint.prepare(); !prepared)
        return console.fail(prepared.error());
    for (std::uint64_t number = 1; number <= options.count; ++number) {
        const Result<Minted> minted = mint.mint(number);
        if (!minted)
            return console.fail(minted.error());
        print(console, options, *minted);
    }
    return kYes;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addTokenKeyOptions(app, options->key);
    // Here, and only here, it may be given several times.
    app.remove_option(app.get_option("--key"));
    addList(app, "--key", options->keys,
            "key file: PEM, DER, JWK or JWKS; env:NAME, -, consumer:NAME, cred:ID; several sign in "
            "--format general");
    addList(app, "--alg", options->algs, "the algorithm; else the key's own; one for each --key");
    addList(app, "--claim", options->claims,
            "k=text, k:=json, k=@file, k:@{uuid} {now+30m} {n}; paths as realm.roles[0]");
    addList(app, "--unset", options->unset, "leave this claim out");
    addList(app, "--header", options->header,
            "header member as --claim, or a file signed as it is");
    app.add_option("--payload", options->payload, "file that is signed octet for octet, or -");
    app.add_option("--ttl", options->ttl, "lifetime: sets exp, as 30s or 1h");
    app.add_option("--exp", options->exp, "expiry: UNIX seconds, RFC 3339, now, +90s");
    app.add_option("--nbf", options->nbf, "not valid before, same forms");
    app.add_option("--iat", options->iat, "issue time, same forms");
    app.add_option("--iss", options->issuer, "issuer");
    app.add_option("--sub", options->subject, "subject");
    addList(app, "--aud", options->audience, "audience; repeatable");
    app.add_option("--jti", options->jwtId, "token id");
    app.add_option("--typ", options->type, "the header's typ; '' leaves it out");
    app.add_option("--format", options->format, "compact, or a JSON form: flattened, general")
        ->check(CLI::IsMember({"compact", "flattened", "general"}));
    addList(app, "--unprotected", options->unprotected,
            "member of the unprotected header of a JSON form, as --claim");
    app.add_flag("--detached", options->detached, "leave the payload out of the token");
    app.add_option("--b64", options->b64, "false: sign the payload unencoded (RFC 7797)")
        ->check(CLI::IsMember({"true", "false"}));
    app.add_option("--clock", options->clock, "mint at this time");
    app.add_option("--count", options->count, "so many tokens; {n} in a claim counts them")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}));
    app.add_flag("--header-line", options->headerLine, "print an Authorization header line");
    app.add_option("--curl", options->curl, "print a curl line for this URL");
    app.add_option("--env", options->variable, "print NAME=token");
    app.add_flag("--strict", options->strict, "refuse secrets shorter than the hash");
    return [options](Console &console) {
        if (options->keys.size() == 1)
            options->key.key = options->keys.front();
        return run(console, *options);
    };
}

} // namespace

const Command tokenMintCommand{"token mint", "sign a token", kExamples, define};

} // namespace postern::cli
