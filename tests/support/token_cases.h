// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/encoding.h"
#include "core/jose/jwt.h"
#include "core/json/json.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <format>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The published token sets as one list of questions, for the library and for the batch commands.
namespace vectors {

struct TokenCase
{
    std::string id;
    postern::Json request; ///< a line of `token verify --batch`, without id
    bool accept = false;
    std::string stage;
    std::vector<std::string> reasons; ///< any of these; empty: not compared
    std::string inspect; ///< "ok", "partial", "trim", "jwe", "jws-json"; empty: not compared
    std::optional<std::string> payloadText;
    std::vector<std::string> lint; ///< all of these must be raised
};

struct TokenSet
{
    std::string name;
    std::vector<TokenCase> cases;
};

/// Reasons that the published set names in its own way.
inline std::vector<std::string> reasonsOf(const postern::Json &row)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOurs = {
        {{"jwe-not-jws", "jwe"},
         {"depth", "json-depth"},
         {"typ-mismatch", "typ"},
         {"missing-claim", "claim-missing"},
         {"key-too-short", "key-weak"},
         {"json", "utf8"}}};
    std::vector<std::string> reasons{std::string(row.stringOr("reason", ""))};
    for (const auto &[theirs, ours] : kOurs) {
        if (reasons.front() == theirs)
            reasons.emplace_back(ours);
    }
    if (const postern::Json *also = row.find("also")) {
        for (const postern::Json &one : also->items())
            reasons.push_back(one.asString());
    }
    return reasons;
}

inline TokenSet strictnessSet()
{
    using postern::Json;
    TokenSet out{"own/strictness.json", {}};
    const Json set = readJson(out.name);
    if (!set.isObject())
        return out;
    for (const Json &row : set.find("cases")->items()) {
        TokenCase one;
        one.id = row.stringOr("id", "");
        one.request = row.contains("verify") ? *row.find("verify") : Json::object();
        one.request.set("token", *row.find("token"));
        one.request.set("key", *set.find("keys")->find(row.stringOr("key", "")));
        one.request.set("now", *set.find("now"));
        for (const std::string_view name : {"kind", "detached"}) {
            if (const Json *member = row.find(name))
                one.request.set(name, *member);
        }
        const std::string_view expect = row.stringOr("expect", "");
        one.accept = (expect == "policy" ? row.stringOr("default", "") : expect) == "accept";
        if (!one.accept) {
            one.stage = row.stringOr("stage", "");
            one.reasons = reasonsOf(row);
        }
        one.inspect = row.stringOr("inspect", "");
        if (const Json *text = row.find("payload_text"))
            one.payloadText = text->asString();
        if (const Json *lint = row.find("lint")) {
            for (const Json &rule : lint->items())
                one.lint.push_back(rule.asString());
        }
        if (row.stringOr("jws", "") == "accept") {
            TokenCase layer;
            layer.id = one.id + " as JWS";
            layer.request = one.request;
            layer.accept = true;
            layer.request.set("kind", "jws");
            out.cases.push_back(std::move(layer));
        }
        out.cases.push_back(std::move(one));
    }
    return out;
}

inline TokenSet jsonWebSignatureSet()
{
    using postern::Json;
    TokenSet out{"wycheproof/json_web_signature_test.json", {}};
    const Json set = readJson(out.name);
    const Json errata = readJson("errata.json");
    if (!set.isObject())
        return out;
    for (const Json &group : set.find("testGroups")->items()) {
        const Json *key = group.find("public") ? group.find("public") : group.find("private");
        for (const Json &test : group.find("tests")->items()) {
            const std::int64_t id = *test.find("tcId")->asInteger();
            const std::string_view erratum = vectors::erratum(errata, out.name, id);
            const std::string_view result = test.stringOr("result", "");
            TokenCase one;
            one.id = std::format("tcId {} {}", id, test.stringOr("comment", ""));
            one.accept = erratum.empty() ? result == "valid" : erratum == "accept";
            one.request =
                Json::object({{"token", *test.find("jws")}, {"key", *key}, {"kind", "jws"}});
            out.cases.push_back(std::move(one));
        }
    }
    return out;
}

/// Key sets: the key is chosen by the token's kid.
inline TokenSet jsonWebKeySet()
{
    using postern::Json;
    TokenSet out{"wycheproof/json_web_key_test.json", {}};
    const Json set = readJson(out.name);
    const Json errata = readJson("errata.json");
    if (!set.isObject())
        return out;
    for (const Json &group : set.find("testGroups")->items()) {
        const Json *keys = group.find("public") ? group.find("public") : group.find("private");
        for (const Json &test : group.find("tests")->items()) {
            const std::int64_t id = *test.find("tcId")->asInteger();
            const std::string_view erratum = vectors::erratum(errata, out.name, id);
            TokenCase one;
            one.id = std::format("tcId {} {}", id, test.stringOr("comment", ""));
            one.accept =
                erratum.empty() ? test.stringOr("result", "") == "valid" : erratum == "accept";
            one.request =
                Json::object({{"token", *test.find("jws")}, {"jwks", *keys}, {"kind", "jws"}});
            out.cases.push_back(std::move(one));
        }
    }
    return out;
}

inline std::string withoutNewline(std::string text)
{
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return text;
}

inline TokenSet rfcExampleSet()
{
    using postern::Json;
    TokenSet out{"rfc-examples", {}};
    const auto add = [&](const char *token, const char *key, bool accept, const char *inspect) {
        const std::optional<std::string> text = readFile(std::format("rfc-examples/{}", token));
        const Json jwk = readJson(std::format("rfc-examples/{}", key));
        if (!text || jwk.isNull())
            return;
        TokenCase one;
        one.id = std::format("{} with {}", token, key);
        one.accept = accept;
        one.inspect = inspect;
        one.request = Json::object({{"token", withoutNewline(*text)},
                                    {jwk.contains("keys") ? "jwks" : "key", jwk},
                                    {"kind", "jws"}});
        out.cases.push_back(std::move(one));
    };
    add("rfc7515_A.1.jwsc", "rfc7515_A.1.jwk", true, "ok");
    add("rfc7515_A.2.jwsc", "rfc7515_A.2.jwk", true, "ok");
    add("rfc7515_A.3.jwsc", "rfc7515_A.3.jwk", true, "ok");
    add("rfc7515_A.4.jwsc", "rfc7515_A.4.jwk", true, "ok");
    add("rfc7515_A.5.jwsc", "rfc7515_A.1.jwk", false, "ok");
    add("rfc7515_A.6.jwsg", "rfc7515_A.6.jwkset", true, "jws-json");
    add("rfc7515_A.6.jwsg", "rfc7515_A.6.1.jwk", true, "jws-json");
    add("rfc7515_A.6.jwsg", "rfc7515_A.6.2.jwk", true, "jws-json");
    add("rfc7515_A.6.jwsg", "rfc7515_A.1.jwk", false, "jws-json");
    add("rfc7515_A.7.jwsf", "rfc7515_A.7.jwk", true, "jws-json");
    add("rfc7515_A.1.jwsc", "rfc7515_A.2.jwk", false, "ok");
    add("rfc7515_A.4.jwsc", "rfc7515_A.3.jwk", false, "ok");
    return out;
}

/// Each output form of each example with its key; what has no payload of its own gets it apart.
inline TokenSet cookbookSet()
{
    using postern::Json;
    TokenSet out{"cookbook", {}};
    for (const char *file :
         {"jws/4_1.rsa_v15_signature", "jws/4_2.rsa-pss_signature", "jws/4_3.ecdsa_signature",
          "jws/4_4.hmac-sha2_integrity_protection", "jws/4_5.signature_with_detached_content",
          "jws/4_6.protecting_specific_header_fields", "jws/4_7.protecting_content_only",
          "jws/4_8.multiple_signatures", "rfc7797/4.2.hmac-sha2_b64_false",
          "rfc7797/hmac-sha2_b64_false", "rfc8037/ed25519-jws"}) {
        const Json set = readJson(std::format("cookbook/{}.json", file));
        if (!set.isObject())
            continue;
        const Json &input = *set.find("input");
        const Json &key = *input.find("key");
        for (const auto &[form, token] : set.find("output")->members()) {
            TokenCase one;
            one.id = std::format("{} {}", file, form);
            // errata.json: made before the RFC, b64 without crit.
            one.accept = !std::string_view(file).contains("4.2.hmac-sha2_b64_false");
            one.inspect = form == "compact" ? "ok" : "jws-json";
            one.request = Json::object({{"token", token}, {"kind", "jws"}});
            one.request.set(key.isArray() ? "jwks" : "key",
                            key.isArray() ? Json::object({{"keys", key}}) : key);
            if (std::string_view(file).contains("detached"))
                one.request.set("detached", *input.find("payload"));
            out.cases.push_back(std::move(one));
        }
    }
    for (const char *file :
         {"5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2",
          "5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm",
          "5_6.direct_encryption_using_aes-gcm", "5_9.compressed_content"}) {
        const Json set = readJson(std::format("cookbook/jwe/{}.json", file));
        if (!set.isObject())
            continue;
        for (const auto &[form, token] : set.find("output")->members()) {
            TokenCase one;
            one.id = std::format("jwe/{} {}", file, form);
            one.inspect = "jwe";
            one.reasons = {"jwe"};
            one.stage = "parse";
            one.request = Json::object({{"token", token},
                                        {"kind", "jws"},
                                        {"key", Json::object({{"kty", "oct"}, {"k", "AAAA"}})}});
            out.cases.push_back(std::move(one));
        }
    }
    return out;
}

inline TokenSet webDebuggerSet()
{
    using postern::Json;
    TokenSet out{"jwtio/default-tokens.json", {}};
    const Json set = readJson(out.name);
    if (!set.isObject())
        return out;
    for (const Json &row : set.find("tokens")->items()) {
        const std::string_view alg = row.stringOr("alg", "");
        const auto add = [&](std::string_view how, std::string_view member, Json key) {
            TokenCase one;
            one.id = std::format("{} {}", alg, how);
            one.accept = alg != "none";
            one.inspect = "ok";
            one.request = Json::object(
                {{"token", *row.find("token")}, {std::string(member), std::move(key)}});
            out.cases.push_back(std::move(one));
        };
        if (const Json *secret = row.find("secret"))
            add("secret", "secret_b64u", postern::encodeBase64Url(secret->asString()));
        for (const std::string_view name : {"jwk", "public_pem"}) {
            if (const Json *key = row.find(name))
                add(name, "key", *key);
        }
    }
    return out;
}

inline std::vector<TokenSet> allTokenSets()
{
    return {strictnessSet(), jsonWebSignatureSet(), jsonWebKeySet(),
            rfcExampleSet(), cookbookSet(),         webDebuggerSet()};
}

/// Whether an answer of the verifier is as expected.
inline bool agrees(const TokenCase &one, bool valid, std::string_view stage,
                   std::string_view reason)
{
    if (valid != one.accept)
        return false;
    return one.reasons.empty()
        || (stage == one.stage && std::ranges::contains(one.reasons, reason));
}

/// Whether a shape is what the set says the decoder must still manage.
inline bool shapeAgrees(std::string_view inspect, std::string_view shape, bool trimmed)
{
    if (inspect.empty())
        return true;
    if (inspect == "trim")
        return trimmed;
    return shape == (inspect == "ok" ? "jws" : inspect);
}

} // namespace vectors
