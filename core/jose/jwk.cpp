// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/pkey.h"
#include "core/jose/key_data.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <format>
#include <span>

namespace postern {

namespace {

/// RSA private members of RFC 7518 6.3.2 beside d, and OpenSSL's names for them.
struct RsaMember
{
    std::string_view jwk;
    const char *openSsl;
};
constexpr std::array<RsaMember, 5> kCrtMembers = {{
    {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
    {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
}};

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

constexpr std::size_t kSeedSize = 32; // FIPS 204: xi

std::string pointer(std::string_view member) { return std::format("/{}", member); }

Result<std::optional<std::string>> optionalString(const Json &jwk, std::string_view member)
{
    const Json *value = jwk.find(member);
    if (!value)
        return std::nullopt;
    if (!value->isString())
        return fail(Errc::KeyFormat, "must be a string", pointer(member));
    return value->asString();
}

/// A required base64url member, decoded.
Result<Secret> octetMember(const Json &jwk, std::string_view member)
{
    const Result<std::optional<std::string>> text = optionalString(jwk, member);
    if (!text)
        return std::unexpected(text.error());
    if (!*text)
        return fail(Errc::KeyFormat, std::format("the member {} is missing", member),
                    pointer(member));
    Result<std::string> octets = decodeBase64Url(**text);
    if (!octets)
        return fail(Errc::KeyFormat, describe(octets.error()), pointer(member));
    Secret secret{std::string_view(*octets)};
    wipe(*octets);
    return secret;
}

/// As octetMember(), of exactly that width. RFC 7518 6.2.1.2: leading zeros are not dropped.
Result<Secret> fixedMember(const Json &jwk, std::string_view member, const CurveInfo &curve)
{
    Result<Secret> octets = octetMember(jwk, member);
    if (octets && octets->size() != curve.octets)
        return fail(
            Errc::KeyFormat,
            std::format("{} bytes, {} needs exactly {}{}", octets->size(), curve.name, curve.octets,
                        octets->size() < curve.octets ? " (were leading zero bytes dropped?)" : ""),
            pointer(member));
    return octets;
}

/// Collects parameters for EVP_PKEY_fromdata; owns the numbers until then.
class Parameters
{
public:
    bool number(const char *name, const Secret &octets)
    {
        m_numbers.emplace_back(BN_secure_new());
        BIGNUM *number = m_numbers.back().get();
        return BN_bin2bn(octets.bytes().data(), static_cast<int>(octets.size()), number)
            && OSSL_PARAM_BLD_push_BN(m_builder.get(), name, number) == 1;
    }
    bool text(const char *name, const char *value)
    {
        return OSSL_PARAM_BLD_push_utf8_string(m_builder.get(), name, value, 0) == 1;
    }
    /// The octets must live until make().
    bool octets(const char *name, std::string_view value)
    {
        return OSSL_PARAM_BLD_push_octet_string(m_builder.get(), name, value.data(), value.size())
            == 1;
    }
    Pkey make(const char *type, bool isPrivate)
    {
        const ParamList list(OSSL_PARAM_BLD_to_param(m_builder.get()));
        const PkeyCtx context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
        EVP_PKEY *raw = nullptr;
        if (!list || EVP_PKEY_fromdata_init(context.get()) != 1
            || EVP_PKEY_fromdata(context.get(), &raw,
                                 isPrivate ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, list.get())
                != 1)
            return nullptr;
        return Pkey(raw);
    }

private:
    ParamBuilder m_builder{OSSL_PARAM_BLD_new()};
    std::vector<BigNumber> m_numbers;
};

Result<void> readRsa(const Json &jwk, Key::Data &data)
{
    if (jwk.contains("oth"))
        return fail(Errc::Unsupported, "RSA keys of more than two primes", "/oth");
    const Result<Secret> n = octetMember(jwk, "n");
    if (!n)
        return std::unexpected(n.error());
    const Result<Secret> e = octetMember(jwk, "e");
    if (!e)
        return std::unexpected(e.error());
    // OpenSSL would spend its time on absurd numbers before it refused them.
    if (n->size() > 2049 || e->size() > 512)
        return fail(Errc::LimitExceeded, "an RSA key of more than 16384 bits", "/n");
    Parameters parameters;
    bool ok = parameters.number(OSSL_PKEY_PARAM_RSA_N, *n)
        && parameters.number(OSSL_PKEY_PARAM_RSA_E, *e);
    const auto present = std::ranges::count_if(
        kCrtMembers, [&](const RsaMember &member) { return jwk.contains(member.jwk); });
    data.isPrivate = jwk.contains("d");
    if (present != 0 && (!data.isPrivate || present != std::ssize(kCrtMembers)))
        return fail(Errc::KeyFormat,
                    "d, p, q, dp, dq and qi must be given together; only d may "
                    "stand alone");
    if (data.isPrivate) {
        const Result<Secret> d = octetMember(jwk, "d");
        if (!d)
            return std::unexpected(d.error());
        ok = ok && parameters.number(OSSL_PKEY_PARAM_RSA_D, *d);
    }
    for (const RsaMember &member : kCrtMembers) {
        if (present == 0)
            break;
        const Result<Secret> value = octetMember(jwk, member.jwk);
        if (!value)
            return std::unexpected(value.error());
        ok = ok && parameters.number(member.openSsl, *value);
    }
    data.pkey = ok ? parameters.make("RSA", data.isPrivate) : nullptr;
    if (!data.pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "not an RSA key"));
    return {};
}

Result<void> readEc(const Json &jwk, const CurveInfo &curve, Key::Data &data)
{
    const Result<Secret> x = fixedMember(jwk, "x", curve);
    if (!x)
        return std::unexpected(x.error());
    const Result<Secret> y = fixedMember(jwk, "y", curve);
    if (!y)
        return std::unexpected(y.error());
    Parameters parameters;
    const std::string point = std::format("\x04{}{}", x->view(), y->view());
    bool ok = parameters.text(OSSL_PKEY_PARAM_GROUP_NAME, curve.openSslName)
        && parameters.octets(OSSL_PKEY_PARAM_PUB_KEY, point);
    data.isPrivate = jwk.contains("d");
    if (data.isPrivate) {
        const Result<Secret> d = fixedMember(jwk, "d", curve);
        if (!d)
            return std::unexpected(d.error());
        ok = ok && parameters.number(OSSL_PKEY_PARAM_PRIV_KEY, *d);
    }
    data.pkey = ok ? parameters.make("EC", data.isPrivate) : nullptr;
    if (!data.pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "not an EC key"));
    return {};
}

Result<void> readOkp(const Json &jwk, const CurveInfo &curve, Key::Data &data)
{
    const Result<Secret> x = fixedMember(jwk, "x", curve);
    if (!x)
        return std::unexpected(x.error());
    data.isPrivate = jwk.contains("d");
    if (!data.isPrivate) {
        data.pkey.reset(EVP_PKEY_new_raw_public_key_ex(nullptr, curve.openSslName, nullptr,
                                                       x->bytes().data(), x->size()));
    } else {
        const Result<Secret> d = fixedMember(jwk, "d", curve);
        if (!d)
            return std::unexpected(d.error());
        // OpenSSL derives the public part from d, so that a wrong x cannot slip in.
        data.pkey.reset(EVP_PKEY_new_raw_private_key_ex(nullptr, curve.openSslName, nullptr,
                                                        d->bytes().data(), d->size()));
        if (data.pkey && octetsOf(data.pkey, OSSL_PKEY_PARAM_PUB_KEY) != *x)
            return fail(Errc::KeyMismatch, "d does not produce x");
    }
    if (!data.pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "not an OKP key"));
    return {};
}

/// RFC 9964 3: `alg` is mandatory and names the parameter set; `priv` is the 32-byte seed.
Result<void> readAkp(const Json &jwk, Key::Data &data)
{
    const Result<std::optional<std::string>> name = optionalString(jwk, "alg");
    if (!name)
        return std::unexpected(name.error());
    if (!*name)
        return fail(Errc::KeyFormat, "the member alg is missing; AKP keys need it", "/alg");
    const CurveInfo *set = findCurve(**name);
    if (!set || set->type != KeyType::Akp)
        return fail(Errc::AlgUnknown, std::format("\"{}\"", **name), "/alg");
    const Result<Secret> pub = fixedMember(jwk, "pub", *set);
    if (!pub)
        return std::unexpected(pub.error());
    Parameters parameters;
    bool ok = parameters.octets(OSSL_PKEY_PARAM_PUB_KEY, pub->view());
    data.isPrivate = jwk.contains("priv");
    Secret seed;
    if (data.isPrivate) {
        Result<Secret> given = octetMember(jwk, "priv");
        if (!given)
            return std::unexpected(given.error());
        if (given->size() != kSeedSize)
            return fail(Errc::KeyFormat,
                        std::format("{} bytes, a seed has exactly {}", given->size(), kSeedSize),
                        "/priv");
        seed = std::move(*given);
        ok = ok && parameters.octets(OSSL_PKEY_PARAM_ML_DSA_SEED, seed.view());
    }
    data.pkey = ok ? parameters.make(set->openSslName, data.isPrivate) : nullptr;
    if (!data.pkey && data.isPrivate) {
        // Sizes fit, so that only a pub of another seed is left.
        clearOpenSslErrors();
        return fail(Errc::KeyMismatch, "priv does not produce pub");
    }
    if (!data.pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "not an AKP key"));
    return {};
}

Result<void> readOct(const Json &jwk, Key::Data &data)
{
    Result<Secret> k = octetMember(jwk, "k");
    if (!k)
        return std::unexpected(k.error());
    if (k->empty())
        return fail(Errc::KeyWeak, "the secret is empty", "/k");
    data.type = KeyType::Oct;
    data.bits = static_cast<unsigned>(k->size() * 8);
    data.isPrivate = true;
    data.secret = std::move(*k);
    return {};
}

Result<const CurveInfo *> curveMember(const Json &jwk, KeyType type)
{
    const Result<std::optional<std::string>> name = optionalString(jwk, "crv");
    if (!name)
        return std::unexpected(name.error());
    if (!*name)
        return fail(Errc::KeyFormat, "the member crv is missing", "/crv");
    if (**name == "X25519" || **name == "X448")
        return fail(Errc::KeyType, std::format("{} keys cannot sign", **name), "/crv");
    const CurveInfo *curve = findCurve(**name);
    if (!curve || curve->type != type)
        return fail(Errc::KeyType, "unknown curve", "/crv");
    return curve;
}

Result<void> readKey(const Json &jwk, Key::Data &data)
{
    const Result<std::optional<std::string>> type = optionalString(jwk, "kty");
    if (!type)
        return std::unexpected(type.error());
    if (!*type)
        return fail(Errc::KeyFormat, "the member kty is missing", "/kty");
    if (**type == "oct")
        return readOct(jwk, data);
    Result<void> read;
    if (**type == "RSA") {
        read = readRsa(jwk, data);
    } else if (**type == "EC" || **type == "OKP") {
        const bool isEc = **type == "EC";
        const Result<const CurveInfo *> curve = curveMember(jwk, isEc ? KeyType::Ec : KeyType::Okp);
        if (!curve)
            return std::unexpected(curve.error());
        read = isEc ? readEc(jwk, **curve, data) : readOkp(jwk, **curve, data);
    } else if (**type == "AKP") {
        read = readAkp(jwk, data);
    } else {
        read = fail(Errc::KeyType, "unknown key type (known: oct, RSA, EC, OKP, AKP)", "/kty");
    }
    return read ? checkPkey(data) : read;
}

/// `use` and `key_ops` must not contradict each other. RFC 7517 4.3.
Result<void> readUse(const Json &jwk, Key::Data &data)
{
    const Result<std::optional<std::string>> use = optionalString(jwk, "use");
    if (!use)
        return std::unexpected(use.error());
    data.use = use->value_or("");
    const Json *operations = jwk.find("key_ops");
    if (!operations)
        return {};
    if (!operations->isArray())
        return fail(Errc::KeyFormat, "must be an array of strings", "/key_ops");
    data.keyOps.emplace();
    for (const Json &operation : operations->items()) {
        if (!operation.isString())
            return fail(Errc::KeyFormat, "must be an array of strings", "/key_ops");
        if (std::ranges::find(*data.keyOps, operation.asString()) != data.keyOps->end())
            return fail(Errc::KeyFormat, "names an operation twice", "/key_ops");
        data.keyOps->push_back(operation.asString());
    }
    const auto isSignature = [](const std::string &name) {
        return name == "sign" || name == "verify";
    };
    const bool contradicts = (data.use == "sig" && !std::ranges::all_of(*data.keyOps, isSignature))
        || (data.use == "enc" && std::ranges::any_of(*data.keyOps, isSignature));
    if (contradicts)
        return fail(Errc::KeyUse, "use and key_ops contradict each other", "/key_ops");
    return {};
}

Result<void> readAlg(const Json &jwk, Key::Data &data)
{
    const Result<std::optional<std::string>> name = optionalString(jwk, "alg");
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

Json encoded(const Secret &octets) { return Json(encodeBase64Url(octets.view())); }

void writeRsa(const Key::Data &data, bool includePrivate, Json &jwk)
{
    jwk.set("n", encoded(numberOf(data.pkey, OSSL_PKEY_PARAM_RSA_N)));
    jwk.set("e", encoded(numberOf(data.pkey, OSSL_PKEY_PARAM_RSA_E)));
    if (!includePrivate)
        return;
    jwk.set("d", encoded(numberOf(data.pkey, OSSL_PKEY_PARAM_RSA_D)));
    for (const RsaMember &member : kCrtMembers) {
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

} // namespace

Result<Key> Key::fromJwk(const Json &jwk)
{
    if (!jwk.isObject())
        return fail(Errc::KeyFormat, "a JWK is a JSON object");
    auto data = std::make_shared<Data>();
    for (const auto read : {readKey, readAlg, readUse}) {
        if (const Result<void> done = read(jwk, *data); !done)
            return std::unexpected(done.error());
    }
    const Result<std::optional<std::string>> kid = optionalString(jwk, "kid");
    if (!kid)
        return std::unexpected(kid.error());
    data->kid = kid->value_or("");
    return Key(std::move(data));
}

Json Key::toJwk(bool includePrivate) const
{
    constexpr std::array<std::string_view, 5> kTypes = {"oct", "RSA", "EC", "OKP", "AKP"};
    const Data &data = *m_data;
    const bool withPrivate = includePrivate && data.isPrivate;
    Json jwk = Json::object();
    jwk.set("kty", kTypes[static_cast<std::size_t>(data.type)]);
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
    return jwk;
}

} // namespace postern
