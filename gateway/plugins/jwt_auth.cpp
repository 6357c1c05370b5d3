// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/bytes/secret.h"
#include "core/crypto/pem.h"
#include "core/jose/apisix_rules.h"
#include "core/json/parse.h"
#include "core/json/reader.h"
#include "core/secret/reference.h"
#include "gateway/plugins/common/consumer_auth.h"
#include "gateway/plugins/common/jwt_login.h"
#include "gateway/plugins/common/present_login.h"
#include "gateway/plugins/common/token_cache.h"
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "jwt-auth";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "header": {"type": "string", "default": "authorization"},
    "query": {"type": "string", "default": "jwt"},
    "cookie": {"type": "string", "default": "jwt"},
    "hide_credentials": {"type": "boolean", "default": false},
    "key_claim_name": {"type": "string", "default": "key", "minLength": 1},
    "store_in_ctx": {"type": "boolean", "default": false},
    "claims_to_verify": {
      "type": "array", "uniqueItems": true, "items": {"type": "string", "enum": ["exp", "nbf"]}
    },
    "anonymous_consumer": {"type": "string", "minLength": 1},
    "realm": {"type": "string", "default": "jwt", "minLength": 1, "maxLength": 128,
              "pattern": "^[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]+$"}
  }
})json";

constexpr std::string_view kConsumerSchema = R"json({
  "type": "object",
  "encrypt_fields": ["secret"],
  "properties": {
    "key": {"type": "string", "minLength": 1},
    "secret": {"type": "string", "minLength": 1},
    "algorithm": {
      "type": "string",
      "enum": ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
               "PS256", "PS384", "PS512", "EdDSA"],
      "default": "HS256"
    },
    "exp": {"type": "integer", "minimum": 1, "default": 86400},
    "base64_secret": {"type": "boolean", "default": false},
    "lifetime_grace_period": {"type": "integer", "minimum": 0, "default": 0}
  },
  "dependencies": {
    "algorithm": {
      "oneOf": [
        {"properties": {"algorithm": {"enum": ["HS256", "HS384", "HS512"], "default": "HS256"}}},
        {
          "properties": {
            "public_key": {"type": "string", "minLength": 1},
            "algorithm": {
              "enum": ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
                       "PS256", "PS384", "PS512", "EdDSA"]
            }
          },
          "required": ["public_key"]
        }
      ]
    }
  },
  "required": ["key"]
})json";

constexpr std::string_view kExample =
    R"json({"hide_credentials": true, "claims_to_verify": ["exp"]})json";
constexpr std::string_view kConsumerExample =
    R"json({"key": "jack-key", "secret": "a-secret-of-at-least-32-characters", "algorithm": "HS256"})json";

constexpr std::string_view kSomeTimeClaim = "up to APISIX 3.15 exp or nbf must be there";
constexpr std::size_t kClaimsShown = 240; ///< octets of a stored payload in a trace

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

/// A token and where it was found.
struct Found
{
    std::string_view token;
    std::string_view where;
    std::string_view name;
    Errc defect = Errc::Internal; ///< why it cannot be a token; Internal: none known
};

/// What of a token is looked at. Views into the worker's scratch buffers.
struct Token
{
    std::string_view text;
    std::string_view signingInput;
    std::string_view signature; ///< base64url
    WantedMember alg;
    WantedMember key, exp, nbf;
};

/// Decoded parts of the token at hand; one thread serves one request at a time.
struct Scratch
{
    std::string header, payload, signature;
};

Scratch &scratch()
{
    thread_local Scratch buffers;
    return buffers;
}

TokenCache &tokenCache()
{
    thread_local TokenCache cache;
    return cache;
}

/// A time claim in whole seconds, for display and bounds; what cannot be one saturates.
std::int64_t wholeSeconds(std::string_view lexeme) noexcept
{
    double value = 0;
    std::from_chars(lexeme.data(), lexeme.data() + lexeme.size(), value);
    constexpr double kLimit = 9.2e18;
    if (value >= kLimit || value <= -kLimit)
        return value > 0 ? kForever : -kForever;
    return static_cast<std::int64_t>(value);
}

std::int64_t distance(std::int64_t from, std::int64_t to) noexcept
{
    std::int64_t out = 0;
    return __builtin_sub_overflow(from, to, &out) ? (from > to ? kForever : -kForever) : out;
}

/// The text of a string member; escapes are resolved into the arena.
std::string_view textOf(Exchange &exchange, const WantedMember &member)
{
    return member.escaped ? exchange.arena.copy(unescapeJson(member.text)) : member.text;
}

/// Exactly three parts, none empty. Characters are looked at when the parts are decoded.
bool splitToken(std::string_view text, Token &token, std::string_view &header,
                std::string_view &payload) noexcept
{
    const std::size_t first = text.find('.');
    if (first == std::string_view::npos || first == 0)
        return false;
    const std::size_t second = text.find('.', first + 1);
    if (second == std::string_view::npos || second == first + 1 || second + 1 == text.size()
        || text.find('.', second + 1) != std::string_view::npos)
        return false;
    header = text.substr(0, first);
    payload = text.substr(first + 1, second - first - 1);
    token.text = text;
    token.signingInput = text.substr(0, second);
    token.signature = text.substr(second + 1);
    return true;
}

/// Which time claims are looked at, and whether they must be there.
struct TimeRules
{
    bool exp = true, nbf = true;
    bool required = false;
    bool some = false; ///< one of the two must be there

    TimeRules(const Json *claims, const GatewayProfile &profile) : some(profile.someTimeClaim)
    {
        if (!claims || claims->size() == 0 || profile.listedClaims == ListedClaims::NotKnown)
            return;
        exp = nbf = false;
        required = profile.listedClaims == ListedClaims::Required;
        for (const Json &claim : claims->items())
            (claim.asString() == "exp" ? exp : nbf) = true;
    }
};

class JwtAuth final : public Plugin
{
public:
    JwtAuth(const Json &config, const PluginEnv &env)
        : m_common(readAuthCommon(config, kName, "Bearer")),
          m_header(config.stringOr("header", "authorization")),
          m_query(config.stringOr("query", "jwt")),
          m_cookie(config.stringOr("cookie", "jwt")),
          m_keyClaim(config.stringOr("key_claim_name", "key")),
          m_times(config.find("claims_to_verify"), *env.profile),
          m_useCache(env.tokenCache),
          m_uid(nextUid())
    {
        m_places =
            "header \"" + m_header + "\", query \"" + m_query + "\", cookie \"" + m_cookie + '"';
        const Json *store = config.find("store_in_ctx");
        m_storePayload = store && store->asBool();
        for (std::size_t i = 0; i < m_claimNames.size(); ++i) {
            m_claimNames[i] = (i & 4U) ? m_keyClaim : std::string();
            for (const auto &[bit, name] : {std::pair(1U, "exp"), std::pair(2U, "nbf")}) {
                if (i & bit)
                    m_claimNames[i] += (m_claimNames[i].empty() ? "" : ", ") + std::string(name);
            }
        }
    }

    Verdict rewrite(Exchange &exchange) const override
    {
        const std::string_view refused = authenticate(exchange);
        return refused.empty() ? Verdict::Continue : refuseLogin(exchange, m_common, refused);
    }

    Result<const ClientLogin *> present(std::span<const ClientLogin> logins,
                                        DraftRequest &request) const override
    {
        return presentLogin(logins, jwtAuthPlugin, [&](const ClientLogin &login) -> Result<void> {
            auto token = mintToken(login.config, m_keyClaim, m_times.required, request.time);
            if (!token)
                return std::unexpected(std::move(token.error()));
            if (!request.header(m_header))
                request.addHeader(m_header, "Bearer " + *token);
            else
                request.addArgument(m_query, *token);
            return {};
        });
    }

private:
    // Each step returns the message of the refusal, empty when all is well.

    [[nodiscard]] std::string_view authenticate(Exchange &exchange) const
    {
        const std::optional<Found> found = extract(exchange);
        if (!found) {
            exchange.note(Step::Extract, Outcome::Failed, Errc::CredentialMissing, kName, {},
                          m_places);
            return apisix::kMissingToken;
        }
        if (found->defect != Errc::Internal) {
            exchange.note(Step::Extract, Outcome::Failed, found->defect, kName, found->where,
                          found->name);
            return apisix::kInvalidToken;
        }
        exchange.note(Step::Extract, Outcome::Ok, Errc::Internal, kName, found->where, found->name,
                      static_cast<std::int64_t>(found->token.size()));
        Token token;
        if (const std::string_view refused = parse(exchange, found->token, token); !refused.empty())
            return refused;
        const CompiledCredential *credential = nullptr;
        if (const std::string_view refused = lookUp(exchange, token, credential); !refused.empty())
            return refused;
        if (!credential || !verify(exchange, token, *credential))
            return apisix::kRefused;
        if (m_storePayload) {
            if (auto payload = parseJson(scratch().payload, {.lastDuplicateWins = true})) {
                if (exchange.tracing) {
                    const std::string text = payload->dump();
                    exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, kName,
                                  "store_in_ctx", std::string_view(text).substr(0, kClaimsShown));
                }
                exchange.tokenPayload = std::move(*payload);
            }
        }
        attachConsumer(exchange, kName, *credential->consumer, credential);
        return {};
    }

    /// The first source that is present decides, even if its content is bad: header, query, cookie.
    [[nodiscard]] std::optional<Found> extract(Exchange &exchange) const
    {
        if (const HeaderField *field = exchange.request.headers.find(m_header)) {
            std::string_view text = field->value;
            Found found{text, "header", m_header};
            // exactly these two spellings
            if (text.starts_with("Bearer ") || text.starts_with("bearer ")) {
                found.token.remove_prefix(7);
                found.where = "header (Bearer)";
            }
            if (m_common.hideCredentials)
                exchange.request.headers.remove(m_header);
            return checked(found);
        }
        int count = 0;
        bool hasValue = false;
        if (const auto value = queryArgument(exchange, m_query, &count, &hasValue)) {
            Found found{*value, "query", m_query};
            if (count > 1)
                found.defect = Errc::CredentialRepeated;
            else if (!hasValue)
                found.defect = Errc::CredentialEmpty;
            if (m_common.hideCredentials)
                removeQueryArgument(exchange, m_query);
            return checked(found);
        }
        if (const auto value = cookieValue(exchange, m_cookie)) {
            if (m_common.hideCredentials)
                removeCookie(exchange, m_cookie);
            return checked({*value, "cookie", m_cookie});
        }
        return std::nullopt;
    }

    [[nodiscard]] static Found checked(Found found)
    {
        if (found.defect == Errc::Internal && found.token.empty())
            found.defect = Errc::CredentialEmpty;
        return found;
    }

    [[nodiscard]] std::string_view parse(Exchange &exchange, std::string_view text,
                                         Token &token) const
    {
        std::string_view header, payload;
        if (!splitToken(text, token, header, payload)) {
            exchange.note(Step::Parse, Outcome::Failed, Errc::TokenShape, kName, {}, {},
                          std::ranges::count(text, '.') + 1);
            return apisix::kInvalidToken;
        }
        Scratch &buffers = scratch();
        std::array<WantedMember, 1> wanted{WantedMember{"alg"}};
        if (!decodeBase64AnyInto(header, buffers.header) || !readMembers(buffers.header, wanted)) {
            exchange.note(Step::Parse, Outcome::Failed, Errc::TokenHeader, kName);
            return apisix::kInvalidToken;
        }
        std::array<WantedMember, 3> claims{WantedMember{m_keyClaim}, WantedMember{"exp"},
                                           WantedMember{"nbf"}};
        if (!decodeBase64AnyInto(payload, buffers.payload)
            || !readMembers(buffers.payload, claims)) {
            exchange.note(Step::Parse, Outcome::Failed, Errc::TokenPayload, kName);
            return apisix::kInvalidToken;
        }
        token.alg = wanted[0];
        token.key = claims[0];
        if (token.key.type == Json::Type::Boolean && token.key.text == "false")
            token.key.present = false; // the original asks whether the claim is true
        token.exp = claims[1];
        token.nbf = claims[2];
        const std::size_t present = (token.exp.present ? 1U : 0U) | (token.nbf.present ? 2U : 0U)
            | (token.key.present ? 4U : 0U);
        exchange.note(Step::Parse, Outcome::Ok, Errc::Internal, kName, algName(token),
                      m_claimNames[present]);
        return {};
    }

    [[nodiscard]] static std::string_view algName(const Token &token) noexcept
    {
        return token.alg.present && token.alg.type == Json::Type::String ? token.alg.text
                                                                         : std::string_view();
    }

    [[nodiscard]] std::string_view lookUp(Exchange &exchange, const Token &token,
                                          const CompiledCredential *&credential) const
    {
        if (!token.key.present) {
            exchange.note(Step::Lookup, Outcome::Failed, Errc::ClaimMissing, kName, m_keyClaim);
            return apisix::kMissingKey;
        }
        if (token.key.type != Json::Type::String) {
            exchange.note(Step::Lookup, Outcome::Failed, Errc::ClaimType, kName, m_keyClaim);
            return apisix::kUnknownKey;
        }
        const std::string_view key = textOf(exchange, token.key);
        credential = exchange.snapshot->consumers->find(jwtAuthPlugin, key);
        if (!credential) {
            exchange.note(Step::Lookup, Outcome::Failed, Errc::CredentialUnknown, kName, key,
                          m_keyClaim);
            return apisix::kUnknownKey;
        }
        noteLogin(exchange, kName, key, *credential);
        return {};
    }

    [[nodiscard]] bool verify(Exchange &exchange, const Token &token,
                              const CompiledCredential &credential) const
    {
        const auto &login = static_cast<const JwtLogin &>(*credential.parts.key);
        if (!algFits(exchange, token, login))
            return false;
        const std::int64_t now =
            std::chrono::floor<std::chrono::seconds>(exchange.now).time_since_epoch().count();
        if (!m_useCache || login.alg().keyType == KeyType::Oct)
            return signatureFits(exchange, token, login) && timesFit(exchange, token, login, now);

        const TokenCache::Scope scope{credential.uid, credential.consumer->uid, m_uid};
        const auto digest = TokenCache::digest(token.text);
        if (digest && tokenCache().contains(*digest, scope, now)) {
            exchange.note(Step::Signature, Outcome::Ok, Errc::Internal, kName, login.alg().name,
                          "from cache");
            return timesFit(exchange, token, login, now);
        }
        if (!signatureFits(exchange, token, login) || !timesFit(exchange, token, login, now))
            return false;
        if (digest) {
            const bool expires = token.exp.present && token.exp.type == Json::Type::Number;
            tokenCache().insert(*digest, scope, now,
                                expires ? std::optional(wholeSeconds(token.exp.text))
                                        : std::nullopt);
        }
        return true;
    }

    /// The credential decides the algorithm; the token only may agree. RFC 8725 3.1.
    [[nodiscard]] static bool algFits(Exchange &exchange, const Token &token, const JwtLogin &login)
    {
        if (token.alg.present && token.alg.type == Json::Type::String
            && textOf(exchange, token.alg) == login.alg().name)
            return true;
        exchange.note(Step::Signature, Outcome::Failed,
                      token.alg.present ? Errc::AlgNotAllowed : Errc::AlgMissing, kName,
                      algName(token), login.alg().name);
        return false;
    }

    [[nodiscard]] static bool signatureFits(Exchange &exchange, const Token &token,
                                            const JwtLogin &login)
    {
        const auto refuse = [&](Errc reason, std::string_view detail, std::size_t number) {
            exchange.note(Step::Signature, Outcome::Failed, reason, kName, login.alg().name, detail,
                          static_cast<std::int64_t>(number));
            return false;
        };
        std::string &signature = scratch().signature;
        if (!decodeBase64UrlLaxInto(token.signature, signature))
            return refuse(Errc::Base64, {}, token.signature.size());
        Verifier *verifier = login.verifier(exchange.worker);
        if (!verifier)
            return refuse(login.key() ? Errc::AlgKeyMismatch : login.key().error().code,
                          login.key() ? std::string_view() : login.key().error().detail, 0);
        if (login.signatureSize() != signature.size())
            return refuse(Errc::SignatureLength, {}, signature.size());
        if (!verifier->fits(token.signingInput, signature)) {
            exchange.refusedToken = token.text;
            return refuse(Errc::SignatureMismatch, {}, 0);
        }
        exchange.note(Step::Signature, Outcome::Ok, Errc::Internal, kName, login.alg().name);
        return true;
    }

    /// exp > now - grace and nbf < now + grace, in whole seconds, as APISIX compares.
    [[nodiscard]] bool timesFit(Exchange &exchange, const Token &token, const JwtLogin &login,
                                std::int64_t now) const
    {
        const std::int64_t grace = login.grace();
        if (m_times.some && !token.exp.present && !token.nbf.present) {
            exchange.note(Step::Claims, Outcome::Failed, Errc::ClaimMissing, kName, "exp",
                          kSomeTimeClaim);
            return false;
        }
        if (m_times.exp
            && !timeFits(exchange, "exp", token.exp, now, Errc::TokenExpired,
                         [&](std::string_view exp) { return apisix::expFits(exp, now, grace); }))
            return false;
        if (m_times.nbf
            && !timeFits(exchange, "nbf", token.nbf, now, Errc::TokenNotYetValid,
                         [&](std::string_view nbf) { return apisix::nbfFits(nbf, now, grace); }))
            return false;
        const bool exp = m_times.exp && token.exp.present;
        const bool nbf = m_times.nbf && token.nbf.present;
        const WantedMember &shown = exp ? token.exp : token.nbf;
        exchange.note(Step::Claims, Outcome::Ok, Errc::Internal, kName,
                      m_claimNames[(exp ? 1U : 0U) | (nbf ? 2U : 0U)], {},
                      exp || nbf ? distance(wholeSeconds(shown.text), now) : 0);
        return true;
    }

    template <class Fits>
    [[nodiscard]] bool timeFits(Exchange &exchange, std::string_view name,
                                const WantedMember &claim, std::int64_t now, Errc outside,
                                const Fits &fits) const
    {
        if (!claim.present) {
            if (!m_times.required)
                return true;
            exchange.note(Step::Claims, Outcome::Failed, Errc::ClaimMissing, kName, name);
            return false;
        }
        if (claim.type != Json::Type::Number) {
            exchange.note(Step::Claims, Outcome::Failed, Errc::NumericDate, kName, name);
            return false;
        }
        if (fits(claim.text))
            return true;
        exchange.note(Step::Claims, Outcome::Failed, outside, kName, name, {},
                      distance(wholeSeconds(claim.text), now));
        return false;
    }

    AuthCommon m_common;
    std::string m_header, m_query, m_cookie, m_keyClaim;
    std::string m_places; ///< all three, for the trace
    TimeRules m_times;
    bool m_storePayload = false;
    bool m_useCache;
    std::uint64_t m_uid;
    /// Names of claims present, by bits: exp 1, nbf 2, the key claim 4.
    std::array<std::string, 8> m_claimNames;
};

/// Cross-field rules with APISIX's texts. References are not looked into.
Result<void> checkConsumer(const Json &config)
{
    const AlgInfo *alg = findAlg(config.stringOr("algorithm", "HS256"));
    if (!alg)
        return {};
    const bool hmac = alg->keyType == KeyType::Oct;
    const std::string_view member = hmac ? "secret" : "public_key";
    const Json *value = config.find(member);
    if (hmac && !value)
        return fail(Errc::PluginConfig,
                    "property \"secret\" is required when using HS based algorithms");
    if (!value || isSecretReference(value->asString()))
        return {};
    const Json *base64 = config.find("base64_secret");
    if (base64 && base64->asBool()) {
        const Json *secret = config.find("secret");
        std::string octets;
        const bool wrong = secret && !isSecretReference(secret->asString())
            && !decodeBase64LaxInto(secret->asString(), octets);
        wipe(octets);
        if (wrong)
            return fail(Errc::PluginConfig,
                        "base64_secret required but the secret is not in base64 format");
    }
    if (hmac || !looksLikePem(value->asString()))
        return {};
    // A broken armour is named. What the armour holds is not looked at, as APISIX does not: a token
    // is refused for it, and lint says why.
    if (const Result<PemBlock> block = readPem(value->asString()); !block)
        return fail(Errc::PluginConfig,
                    "property \"public_key\" validation failed: " + describe(block.error()));
    return {};
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    return std::make_shared<const JwtAuth>(config, env);
}

Result<CredentialParts> makeCredential(const Json &config, const PluginEnv &env)
{
    const std::string_view key = config.stringOr("key", "");
    if (key.empty())
        return fail(Errc::PluginConfig, "property \"key\" is required");
    return JwtLogin::make(config, env).transform([key](std::shared_ptr<const JwtLogin> &&login) {
        return CredentialParts{std::string(key), std::move(login)};
    });
}

} // namespace

const PluginSpec jwtAuthPlugin{
    .name = kName,
    .kind = PluginKind::Auth,
    .phases = Phase::Rewrite,
    .apisixPriority = 2510,
    .summary = "Authenticates by a JSON Web Token in a header, query argument or cookie",
    .schema = kSchema,
    .consumerSchema = kConsumerSchema,
    .example = kExample,
    .consumerExample = kConsumerExample,
    .loginMember = "key",
    .checkConsumer = checkConsumer,
    .make = make,
    .makeCredential = makeCredential,
};

} // namespace postern::gateway
