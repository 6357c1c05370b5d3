// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jws.h"
#include "core/json/parse.h"
#include "gateway/plugins/common/jwt_login.h"
#include "gateway/plugins/specs.h"
#include "gateway/router/snapshot.h"

#include <optional>

// The endpoint that jwt-auth of APISIX up to 3.10 offers through public-api: whoever may call it
// gets a consumer's token. Off unless compat.jwt_sign_endpoint asks for it.
namespace postern::gateway {

namespace {

constexpr std::string_view kName = "jwt-auth";

Verdict refuse(Exchange &exchange, int status)
{
    replyWithPage(exchange, status);
    return Verdict::Respond;
}

/// `key` and `exp`, and what the caller adds or has otherwise; nullopt if that is no object.
std::optional<Json> payloadOf(std::string_view key, std::int64_t exp,
                              std::optional<std::string_view> more)
{
    Json payload = Json::object({{"key", key}, {"exp", exp}});
    if (!more)
        return payload;
    const auto extra = parseJson(*more, {.lastDuplicateWins = true});
    if (!extra || !extra->isObject())
        return std::nullopt;
    for (const auto &[name, value] : extra->members())
        payload.set(name, value);
    return payload;
}

Json headerOf(const AlgInfo &alg, const JwtLogin::Signing &signing)
{
    Json header = Json::object({{"typ", "JWT"}, {"alg", alg.name}});
    if (!signing.publicKey.empty())
        header.set("x5c", Json(Json::Array{Json(signing.publicKey)}));
    return header;
}

} // namespace

Verdict serveJwtSign(Exchange &exchange, const Metrics *)
{
    if (exchange.request.method != "GET")
        return refuse(exchange, 404);
    const auto key = queryArgument(exchange, "key");
    if (!key || key->empty()) {
        exchange.note(Step::Extract, Outcome::Failed, Errc::CredentialMissing, kName, {},
                      "query \"key\"");
        return refuse(exchange, 400);
    }
    const CompiledCredential *const credential =
        exchange.snapshot->consumers->find(jwtAuthPlugin, *key);
    const JwtLogin::Signing *const signing =
        credential ? static_cast<const JwtLogin &>(*credential->parts.key).signing() : nullptr;
    if (!signing) {
        exchange.note(Step::Lookup, Outcome::Failed, Errc::CredentialUnknown, kName, *key, "key");
        return refuse(exchange, 404);
    }
    const auto now =
        std::chrono::floor<std::chrono::seconds>(exchange.now).time_since_epoch().count();
    const auto payload =
        payloadOf(*key, now + signing->lifetime, queryArgument(exchange, "payload"));
    if (!payload) {
        exchange.note(Step::Parse, Outcome::Failed, Errc::TokenPayload, kName);
        return refuse(exchange, 400);
    }
    const AlgInfo &alg = static_cast<const JwtLogin &>(*credential->parts.key).alg();
    const Result<std::string> token = signing->key
        ? signJws(headerOf(alg, *signing).dump(), payload->dump(), alg.alg, *signing->key, true)
        : std::unexpected(signing->key.error());
    if (!token) {
        exchange.note(Step::Signature, Outcome::Failed, token.error().code, kName, alg.name);
        return refuse(exchange, 500);
    }
    exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, kName, "made a token for",
                  credential->consumer->username);
    exchange.reply.status = 200;
    exchange.reply.page = false;
    exchange.reply.body = exchange.arena.copy(*token);
    return Verdict::Respond;
}

} // namespace postern::gateway
