// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/access/jwt_credentials.h"

#include "core/bytes/encoding.h"
#include "core/jose/secret_list.h"
#include "core/jose/signature.h"
#include "core/secret/reference.h"

#include <algorithm>
#include <format>
#include <utility>

namespace postern::gateway {
namespace {

using std::chrono::steady_clock;

const Json *jwtAuthOf(const Json &object)
{
    const Json *const plugins = object.find("plugins");
    return plugins ? plugins->find("jwt-auth") : nullptr;
}

Result<JwtCredential> credentialFrom(std::string_view consumer, std::string_view id,
                                     const Json &config)
{
    JwtCredential credential{std::string(consumer), std::string(id), {}, Alg::HS256, config};
    const SecretResolver resolver;
    if (const auto resolved = resolver.resolveAll(credential.config); !resolved)
        return std::unexpected(resolved.error());
    credential.key = credential.config.stringOr("key", "");
    const std::string_view name = credential.config.stringOr("algorithm", "HS256");
    const AlgInfo *const alg = findAlg(name);
    if (alg == nullptr)
        return fail(Errc::AlgUnknown, std::format("\"{}\"", name), std::string(id));
    credential.alg = alg->alg;
    return credential;
}

Result<std::string> consumerOfCredential(AdminAccess &admin, std::string_view credential)
{
    const Result<Json> consumers = admin.request("GET", "/consumers");
    if (!consumers)
        return std::unexpected(consumers.error());
    const Json *const list = consumers->find("list");
    for (const Json &node : list ? list->items() : Json::Array()) {
        const Json *const value = node.find("value");
        const std::string name(value ? value->stringOr("username", "") : "");
        if (!name.empty()
            && admin.request("GET",
                             std::format("/consumers/{}/credentials/{}", encodePercent(name),
                                         encodePercent(credential))))
            return name;
    }
    return fail(Errc::NotFound, "no consumer has this credential", std::string(credential));
}

struct JwtConfig
{
    std::string id; ///< empty: inline on the consumer
    Json config;
};

void addConfig(std::vector<JwtConfig> &configs, const Json *value, std::string_view id)
{
    if (const Json *const config = value ? jwtAuthOf(*value) : nullptr)
        configs.push_back({std::string(id), *config});
}

std::vector<JwtCredential> readable(std::string_view consumer,
                                    const std::vector<JwtConfig> &configs)
{
    std::vector<JwtCredential> credentials;
    for (const JwtConfig &one : configs) {
        if (Result<JwtCredential> credential = credentialFrom(consumer, one.id, one.config))
            credentials.push_back(std::move(*credential));
    }
    return credentials;
}

/// As configured, the consumer's inline one last; not yet read.
Result<std::vector<JwtConfig>> jwtConfigs(AdminAccess &admin, const std::string &consumer)
{
    const std::string path = "/consumers/" + encodePercent(consumer);
    const Result<Json> found = admin.request("GET", path);
    if (!found)
        return found.error().code == Errc::NotFound
            ? fail(Errc::NotFound, "no such consumer; 'postern consumer list' shows them", consumer)
            : std::unexpected(found.error());
    std::vector<JwtConfig> configs;
    const Result<Json> stored = admin.request("GET", path + "/credentials");
    const Json *const list = stored ? stored->find("list") : nullptr;
    for (const Json &node : list ? list->items() : Json::Array()) {
        const Json *const value = node.find("value");
        addConfig(configs, value, value ? value->stringOr("id", "") : "");
    }
    addConfig(configs, found->find("value"), {});
    return configs;
}

bool fits(const DecodedJws &token, Alg alg, const Key &key)
{
    Result<Verifier> verifier = Verifier::make(alg, key, true);
    return verifier && verifier->fits(token.signingInput, token.signature);
}

} // namespace

Result<std::vector<JwtCredential>> listJwtCredentials(AdminAccess &admin, std::string_view consumer)
{
    const Result<std::vector<JwtConfig>> configs = jwtConfigs(admin, std::string(consumer));
    if (!configs)
        return std::unexpected(configs.error());
    return readable(consumer, *configs);
}

std::vector<JwtCredential>
listJwtCredentials(std::string_view consumer, const Json &consumerValue,
                   const std::vector<std::pair<std::string, Json>> &credentials)
{
    std::vector<JwtConfig> configs;
    for (const auto &[id, value] : credentials)
        addConfig(configs, &value, id);
    addConfig(configs, &consumerValue, {});
    return readable(consumer, configs);
}

const JwtCredential *credentialNamedBy(const Json &payload,
                                       const std::vector<JwtCredential> &credentials,
                                       std::string_view keyClaim)
{
    const std::string_view key = payload.stringOr(keyClaim, "");
    const auto found = std::ranges::find(credentials, key, &JwtCredential::key);
    return key.empty() || found == credentials.end() ? nullptr : &*found;
}

Result<JwtCredential> findJwtCredential(AdminAccess &admin, std::string_view consumer,
                                        std::string_view credential)
{
    std::string name(consumer);
    if (name.empty()) {
        Result<std::string> owner = consumerOfCredential(admin, credential);
        if (!owner)
            return std::unexpected(owner.error());
        name = std::move(*owner);
    }
    const Result<std::vector<JwtConfig>> configs = jwtConfigs(admin, name);
    if (!configs)
        return std::unexpected(configs.error());
    const auto wanted = std::ranges::find_if(*configs, [credential](const JwtConfig &one) {
        return credential.empty() || one.id == credential;
    });
    if (wanted != configs->end())
        return credentialFrom(name, wanted->id, wanted->config);
    return fail(Errc::NotFound,
                credential.empty()
                    ? std::string("the consumer has no jwt-auth credential; add one with 'postern "
                                  "consumer credential add'")
                    : std::format("no jwt-auth credential \"{}\"", credential),
                name);
}

Result<Key> keyOf(const JwtCredential &credential, bool forSigning)
{
    const auto where = std::format("{}/{}", credential.consumer, credential.id);
    if (info(credential.alg).keyType == KeyType::Oct) {
        std::string secret(credential.config.stringOr("secret", ""));
        const Json *const base64 = credential.config.find("base64_secret");
        if (base64 && base64->asBool()) {
            std::string octets;
            if (!decodeBase64AnyInto(secret, octets))
                return fail(Errc::Base64, "base64_secret is set, but the secret is not base64",
                            where);
            secret = std::move(octets);
        }
        return Key::fromSecret(Secret(secret));
    }
    const std::string_view member = forSigning ? "private_key" : "public_key";
    const std::string_view pem = credential.config.stringOr(member, "");
    if (pem.empty())
        return fail(Errc::KeyMissing,
                    std::format("the credential has no {}; give the key with --key", member),
                    where);
    return Key::fromPem(pem);
}

std::string nameOf(const JwtCredential &credential)
{
    return std::format("{}{}{}", credential.consumer, credential.id.empty() ? "" : " / ",
                       credential.id);
}

Json tokenHeaderOf(const JwtCredential &credential)
{
    return Json::object({{"alg", info(credential.alg).name}, {"typ", "JWT"}});
}

Json tokenClaimsOf(const JwtCredential &credential, Timestamp now, std::optional<std::int64_t> ttl,
                   std::string_view keyClaim)
{
    Json claims = Json::object({{std::string(keyClaim), credential.key}});
    const std::int64_t start =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    if (ttl)
        claims.set("exp", Json(start + *ttl));
    return claims;
}

Result<std::string> mintForConsumer(AdminAccess &admin, std::string_view consumer,
                                    std::string_view credential, std::optional<std::int64_t> ttl)
{
    const Result<JwtCredential> found = findJwtCredential(admin, consumer, credential);
    if (!found)
        return std::unexpected(found.error());
    const Result<Key> key = keyOf(*found, true);
    if (!key)
        return std::unexpected(key.error());
    const Result<Timestamp> now = ttl ? admin.now() : Timestamp{};
    if (!now)
        return std::unexpected(now.error());
    return signJws(tokenHeaderOf(*found).dump(), tokenClaimsOf(*found, *now, ttl).dump(),
                   found->alg, *key, true);
}

std::vector<WhyCandidate> consumerKeys(AdminAccess &admin, std::chrono::milliseconds limit)
{
    const steady_clock::time_point end = steady_clock::now() + limit;
    std::vector<WhyCandidate> keys;
    const auto names = listConsumers(admin);
    for (const std::string &name : names.value_or(std::vector<std::string>())) {
        const auto credentials = listJwtCredentials(admin, name);
        for (const JwtCredential &credential : credentials.value_or(std::vector<JwtCredential>())) {
            if (Result<Key> key = keyOf(credential, false))
                keys.push_back({nameOf(credential), std::move(*key), {}, false});
        }
        if (steady_clock::now() > end)
            break;
    }
    return keys;
}

std::string signerOf(const DecodedJws &token, const std::vector<WhyCandidate> &candidates)
{
    const AlgInfo *const alg = findAlg(token.alg);
    if (alg == nullptr)
        return {};
    for (const WhyCandidate &candidate : candidates) {
        if (candidate.key && fits(token, alg->alg, *candidate.key))
            return candidate.name;
    }
    if (const auto match = findSecret(token, SecretList::builtIn()))
        return std::format("well-known sample secret \"{}\"{}", match->text,
                           match->reading == SecretReading::Text
                               ? ""
                               : std::format(", read as {}", postern::nameOf(match->reading)));
    return {};
}

} // namespace postern::gateway
