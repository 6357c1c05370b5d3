// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jwk.h"

#include "core/bytes/encoding.h"
#include "core/crypto/pkey.h"
#include "core/jose/jwk_material.h"
#include "core/jose/key_data.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <format>
#include <ranges>
#include <utility>

namespace postern {

namespace {

constexpr std::array<RsaMember, 5> kCrtMembers = {{
    {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
    {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
}};

// Indexed by KeyType.
constexpr std::array<std::string_view, 5> kTypes = {"oct", "RSA", "EC", "OKP", "AKP"};

// What Key::Data models of every key, and of each type (index = KeyType).
constexpr std::array<std::string_view, 5> kCommonMembers = {"kty", "kid", "alg", "use", "key_ops"};
constexpr std::array<std::string_view, 5> kTypeMembers = {"k", "n e d p q dp dq qi", "crv x y d",
                                                          "crv x d", "pub priv"};

/// Names of private members, whatever the type: a stray one must not be published either.
constexpr std::array<std::string_view, 9> kPrivateMembers = {"d",  "p",   "q", "dp",  "dq",
                                                             "qi", "oth", "k", "priv"};

bool isModelled(KeyType type, std::string_view member) noexcept
{
    if (std::ranges::find(kCommonMembers, member) != kCommonMembers.end())
        return true;
    return std::ranges::any_of(
        kTypeMembers.at(static_cast<std::size_t>(type)) | std::views::split(' '),
        [member](const auto &name) { return std::string_view(name) == member; });
}

constexpr std::size_t kMaxKid = 1024;

// Registered `alg` values that are not for signatures: such a key imports, but allows nothing.
constexpr std::array<std::string_view, 22> kEncryptionAlgs = {"RSA1_5",
                                                              "RSA-OAEP",
                                                              "RSA-OAEP-256",
                                                              "RSA-OAEP-384",
                                                              "RSA-OAEP-512",
                                                              "A128KW",
                                                              "A192KW",
                                                              "A256KW",
                                                              "dir",
                                                              "ECDH-ES",
                                                              "ECDH-ES+A128KW",
                                                              "ECDH-ES+A192KW",
                                                              "ECDH-ES+A256KW",
                                                              "A128GCMKW",
                                                              "A192GCMKW",
                                                              "A256GCMKW",
                                                              "A128GCM",
                                                              "PBES2-HS256+A128KW",
                                                              "PBES2-HS384+A192KW",
                                                              "PBES2-HS512+A256KW",
                                                              "A192GCM",
                                                              "A256GCM"};

std::string pointer(std::string_view member) { return std::format("/{}", member); }

/// `use` and `key_ops` must not contradict each other. RFC 7517 4.3.
Result<void> readUse(const Json &jwk, Key::Data &data)
{
    const Result<std::optional<std::string>> use = optionalText(jwk, "use");
    if (!use)
        return std::unexpected(use.error());
    data.use = use->value_or("");
    const Json *operations = jwk.find("key_ops");
    if (!operations)
        return {};
    if (!operations->isArray())
        return fail(Errc::KeyMemberType, "must be an array of strings", "/key_ops");
    data.keyOps.emplace();
    for (const Json &operation : operations->items()) {
        if (!operation.isString())
            return fail(Errc::KeyMemberType, "must be an array of strings", "/key_ops");
        if (std::ranges::find(*data.keyOps, operation.asString()) != data.keyOps->end())
            return fail(Errc::KeyOps, "names an operation twice", "/key_ops");
        data.keyOps->push_back(operation.asString());
    }
    const auto isSignature = [](const std::string &name) {
        return name == "sign" || name == "verify";
    };
    const bool contradicts = (data.use == "sig" && !std::ranges::all_of(*data.keyOps, isSignature))
        || (data.use == "enc" && std::ranges::any_of(*data.keyOps, isSignature));
    if (contradicts)
        return fail(Errc::KeyOps, {}, "/key_ops");
    return {};
}

Result<void> readAlg(const Json &jwk, Key::Data &data)
{
    const Result<std::optional<std::string>> name = optionalText(jwk, "alg");
    if (!name)
        return std::unexpected(name.error());
    if (!*name)
        return {};
    data.declaredName = **name;
    const AlgInfo *alg = findAlg(**name);
    if (!alg) {
        if (std::ranges::find(kEncryptionAlgs, data.declaredName) != kEncryptionAlgs.end())
            return {};
        return fail(Errc::AlgUnknown, std::format("\"{}\"", data.declaredName), "/alg");
    }
    if (alg->keyType != data.type || (!alg->curve.empty() && alg->curve != data.curve))
        return fail(Errc::AlgKeyMismatch,
                    std::format("{} cannot be used with {}", alg->name, describeKey(data)), "/alg");
    data.declaredAlg = alg->alg;
    return {};
}

/// Members of other documents (x5c, exp, ext, …) survive a round trip, and so does the order.
void keepTheRest(const Json &jwk, Key::Data &data)
{
    for (const auto &[name, value] : jwk.members()) {
        data.memberOrder.push_back(name);
        if (!isModelled(data.type, name))
            data.otherMembers.set(name, value);
    }
}

Json encoded(const Secret &octets) { return Json(encodeBase64Url(octets.view())); }

void writeRsa(const Key::Data &data, bool includePrivate, Json &jwk)
{
    jwk.set("n", encoded(numberOf(data.pkey, OSSL_PKEY_PARAM_RSA_N)));
    jwk.set("e", encoded(numberOf(data.pkey, OSSL_PKEY_PARAM_RSA_E)));
    if (!includePrivate)
        return;
    jwk.set("d", encoded(numberOf(data.pkey, OSSL_PKEY_PARAM_RSA_D)));
    for (const RsaMember &member : rsaCrtMembers()) {
        const Secret value = numberOf(data.pkey, member.openSsl);
        if (!value.empty())
            jwk.set(member.jwk, encoded(value));
    }
}

void writeCurve(const Key::Data &data, bool includePrivate, Json &jwk)
{
    const CurveInfo &curve = *findCurve(data.curve);
    jwk.set("crv", data.curve);
    if (data.type == KeyType::Ec) {
        jwk.set("x", encoded(numberOf(data.pkey, OSSL_PKEY_PARAM_EC_PUB_X, curve.octets)));
        jwk.set("y", encoded(numberOf(data.pkey, OSSL_PKEY_PARAM_EC_PUB_Y, curve.octets)));
    } else {
        jwk.set("x", encoded(octetsOf(data.pkey, OSSL_PKEY_PARAM_PUB_KEY)));
    }
    if (includePrivate)
        jwk.set("d",
                encoded(data.type == KeyType::Ec
                            ? numberOf(data.pkey, OSSL_PKEY_PARAM_PRIV_KEY, curve.octets)
                            : octetsOf(data.pkey, OSSL_PKEY_PARAM_PRIV_KEY)));
}

void writeAkp(const Key::Data &data, bool includePrivate, Json &jwk)
{
    jwk.set("alg", data.curve);
    jwk.set("pub", encoded(octetsOf(data.pkey, OSSL_PKEY_PARAM_PUB_KEY)));
    const Secret seed =
        includePrivate ? octetsOf(data.pkey, OSSL_PKEY_PARAM_ML_DSA_SEED) : Secret();
    if (!seed.empty())
        jwk.set("priv", encoded(seed));
}

/// Members in the order of the document that the key came from; the others behind.
Json inOrder(Json jwk, const std::vector<std::string> &order)
{
    if (order.empty())
        return jwk;
    Json::Object sorted;
    for (const std::string &name : order) {
        if (Json *value = jwk.find(name)) {
            sorted.emplace_back(name, std::move(*value));
            jwk.erase(name);
        }
    }
    for (Json::Member &member : jwk.members())
        sorted.push_back(std::move(member));
    return Json(std::move(sorted));
}

} // namespace

const std::array<RsaMember, 5> &rsaCrtMembers() noexcept { return kCrtMembers; }

std::string_view keyTypeName(KeyType type) noexcept
{
    return kTypes.at(static_cast<std::size_t>(type));
}

bool isPrivateMember(std::string_view member) noexcept
{
    return std::ranges::find(kPrivateMembers, member) != kPrivateMembers.end();
}

Result<std::optional<std::string>> optionalText(const Json &jwk, std::string_view member)
{
    const Json *value = jwk.find(member);
    if (!value)
        return std::nullopt;
    if (!value->isString())
        return fail(Errc::KeyMemberType, "must be a string", pointer(member));
    return value->asString();
}

Result<Secret> octetMember(const Json &jwk, std::string_view member)
{
    const Json *value = jwk.find(member);
    if (!value)
        return fail(Errc::KeyMember, std::string(member), pointer(member));
    if (!value->isString())
        return fail(Errc::KeyMemberType, "must be a base64url string", pointer(member));
    Result<std::string> octets = decodeBase64Url(value->asString());
    if (!octets) {
        octets.error().where = pointer(member);
        return std::unexpected(std::move(octets.error()));
    }
    Secret secret{std::string_view(*octets)};
    wipe(*octets);
    return secret;
}

Result<Key> Key::fromJwk(const Json &jwk)
{
    if (!jwk.isObject())
        return fail(Errc::KeyFormat, "a JWK is a JSON object");
    auto data = std::make_shared<Data>();
    for (const auto read : {readMaterial, readAlg, readUse}) {
        if (const Result<void> done = read(jwk, *data); !done)
            return std::unexpected(done.error());
    }
    const Result<std::optional<std::string>> kid = optionalText(jwk, "kid");
    if (!kid)
        return std::unexpected(kid.error());
    if (*kid && (*kid)->size() > kMaxKid)
        return fail(Errc::LimitExceeded, std::format("a kid of more than {} bytes", kMaxKid),
                    "/kid");
    data->kid = kid->value_or("");
    keepTheRest(jwk, *data);
    return Key(std::move(data));
}

Json Key::toJwk(bool includePrivate) const
{
    const Data &data = *m_data;
    const bool withPrivate = includePrivate && data.isPrivate;
    Json jwk = Json::object();
    jwk.set("kty", keyTypeName(data.type));
    switch (data.type) {
    case KeyType::Oct:
        if (withPrivate)
            jwk.set("k", encoded(data.secret));
        break;
    case KeyType::Rsa:
        writeRsa(data, withPrivate, jwk);
        break;
    case KeyType::Ec:
    case KeyType::Okp:
        writeCurve(data, withPrivate, jwk);
        break;
    case KeyType::Akp:
        writeAkp(data, withPrivate, jwk);
        break;
    }
    if (!data.kid.empty())
        jwk.set("kid", data.kid);
    if (!data.declaredName.empty())
        jwk.set("alg", data.declaredName);
    if (!data.use.empty())
        jwk.set("use", data.use);
    if (data.keyOps) {
        Json operations = Json::array();
        for (const std::string &operation : *data.keyOps)
            operations.push_back(operation);
        jwk.set("key_ops", std::move(operations));
    }
    for (const auto &[name, value] : data.otherMembers.members()) {
        if (includePrivate || !isPrivateMember(name))
            jwk.set(name, value);
    }
    return inOrder(std::move(jwk), data.memberOrder);
}

} // namespace postern
