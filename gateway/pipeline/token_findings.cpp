// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/bytes/secret.h"
#include "core/jose/jws.h"
#include "core/jose/jwt.h"
#include "core/json/parse.h"
#include "gateway/pipeline/explain.h"
#include "gateway/plugins/common/jwt_login.h"
#include "gateway/plugins/specs.h"

#include <format>
#include <optional>

namespace postern::gateway {

namespace {

constexpr std::size_t kOthersShown = 3;

struct Refused
{
    CompactParts parts;
    std::string signature;
    const AlgInfo *alg;
    Json payload;
};

std::optional<Refused> take(std::string_view token)
{
    const auto parts = splitCompact(token);
    std::string header, payload, signature;
    if (!parts || !decodeBase64AnyInto(parts->header, header)
        || !decodeBase64AnyInto(parts->payload, payload)
        || !decodeBase64UrlLaxInto(parts->signature, signature))
        return std::nullopt;
    const auto head = parseJson(header, {.lastDuplicateWins = true});
    auto claims = parseJson(payload, {.lastDuplicateWins = true});
    if (!head || !claims)
        return std::nullopt;
    const AlgInfo *alg = findAlg(head->stringOr("alg", ""));
    if (!alg)
        return std::nullopt;
    return Refused{*parts, std::move(signature), alg, std::move(*claims)};
}

bool fits(const Refused &refused, const Key &key)
{
    Result<Verifier> verifier = Verifier::make(refused.alg->alg, key, true);
    return verifier && verifier->fits(refused.parts.signingInput, refused.signature);
}

bool fitsSecret(const Refused &refused, std::string_view octets)
{
    const Result<Key> key = Key::fromSecret(Secret(octets));
    return key && fits(refused, *key);
}

std::string nameOf(const CompiledCredential &credential)
{
    return credential.id.empty()
        ? std::format("consumer {}", credential.consumer->username)
        : std::format("credential {} of consumer {}", credential.id, credential.consumer->username);
}

/// The credential whose key the token names, in whichever claim the route looks.
const CompiledCredential *addressed(const Refused &refused, const Snapshot &snapshot)
{
    for (const auto &[name, value] : refused.payload.members()) {
        if (!value.isString())
            continue;
        if (const auto *credential = snapshot.consumers->find(jwtAuthPlugin, value.asString()))
            return credential;
    }
    return nullptr;
}

/// People sign with the text and configure the decoded bytes, or the other way round.
std::optional<TokenFinding> findReading(const Refused &refused,
                                        const CompiledCredential &credential)
{
    const auto &login = static_cast<const JwtLogin &>(*credential.parts.key);
    if (!login.key() || login.key()->type() != KeyType::Oct || refused.alg != &login.alg())
        return std::nullopt;
    const Json jwk = login.key()->toJwk(true);
    Result<std::string> octets = decodeBase64Url(jwk.stringOr("k", ""));
    if (!octets)
        return std::nullopt;

    struct Reading
    {
        std::string text;
        std::string_view note, fix;
    };
    std::vector<Reading> readings;
    readings.push_back({*octets + '\n', "it was signed with the secret and a line break behind it",
                        "sign without the line break (printf instead of echo)"});
    if (login.base64Secret())
        readings.push_back({encodeBase64(*octets),
                            "it was signed with the base64 text of the secret, not with its octets",
                            "decode the secret before signing, or switch base64_secret off"});
    for (auto decoded : {decodeBase64(*octets), decodeBase64Url(*octets)}) {
        if (decoded)
            readings.push_back(
                {std::move(*decoded),
                 "it was signed with the octets that the secret stands for in base64",
                 "set base64_secret on the credential, or sign with the text"});
    }
    if (auto decoded = decodeHex(*octets))
        readings.push_back({std::move(*decoded),
                            "it was signed with the octets that the secret stands for in hex",
                            "sign with the text of the secret"});
    std::optional<TokenFinding> found;
    for (Reading &reading : readings) {
        if (!found && fitsSecret(refused, reading.text))
            found = TokenFinding{std::string(reading.note), std::string(reading.fix)};
        wipe(reading.text);
    }
    wipe(*octets);
    return found;
}

void findOthers(std::vector<TokenFinding> &findings, const Refused &refused,
                const Snapshot &snapshot)
{
    std::size_t shown = 0;
    snapshot.consumers->forEach([&](const CompiledConsumer &consumer) {
        for (const CompiledCredential &credential : consumer.credentials) {
            if (shown == kOthersShown || credential.plugin != &jwtAuthPlugin)
                continue;
            const auto &login = static_cast<const JwtLogin &>(*credential.parts.key);
            if (&login.alg() != refused.alg || !login.key() || !fits(refused, *login.key()))
                continue;
            ++shown;
            findings.push_back(
                {std::format("it fits the {}", nameOf(credential)),
                 std::format("put that credential's key (\"{}\") into the token, or sign with the "
                             "key of the one it names",
                             credential.parts.lookup)});
        }
    });
}

} // namespace

std::vector<TokenFinding> analyseRefusedToken(std::string_view token, const Snapshot &snapshot)
{
    std::vector<TokenFinding> findings;
    const std::optional<Refused> refused = take(token);
    if (!refused || !snapshot.consumers)
        return findings;
    const CompiledCredential *credential = addressed(*refused, snapshot);
    if (const auto sample = sampleSecretOf(token)) {
        findings.push_back(
            {std::format("it matches the well-known sample secret \"{}\"", *sample),
             credential ? std::format("sign with the secret of the {} instead", nameOf(*credential))
                        : "sign with the credential's secret instead"});
    }
    if (credential) {
        if (auto reading = findReading(*refused, *credential))
            findings.push_back(std::move(*reading));
    }
    findOthers(findings, *refused, snapshot);
    return findings;
}

} // namespace postern::gateway
