// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jwk_material.h"

#include "core/crypto/openssl_error.h"
#include "core/crypto/pkey.h"
#include "core/jose/jwk.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <format>
#include <vector>

namespace postern {

namespace {

constexpr std::size_t kMlDsaSeed = 32; // FIPS 204: xi

std::string pointer(std::string_view member) { return std::format("/{}", member); }

Errc lengthError(KeyType type) noexcept
{
    if (type == KeyType::Ec)
        return Errc::EcLength;
    return type == KeyType::Okp ? Errc::OkpLength : Errc::AkpLength;
}

/// As octetMember(), of exactly that width. RFC 7518 6.2.1.2: leading zeros are not dropped.
Result<Secret> fixedMember(const Json &jwk, std::string_view member, const CurveInfo &curve,
                           std::size_t width)
{
    Result<Secret> octets = octetMember(jwk, member);
    if (octets && octets->size() != width) {
        const bool stripped = curve.type == KeyType::Ec && octets->size() < width;
        return fail(lengthError(curve.type),
                    std::format("{} bytes, {} needs exactly {}{}", octets->size(), curve.name,
                                width, stripped ? " (were leading zero bytes dropped?)" : ""),
                    pointer(member));
    }
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
    if (n->empty())
        return fail(Errc::RsaModulus, "the modulus is empty", "/n");
    if (n->size() > 2049 || e->size() > 512)
        return fail(Errc::LimitExceeded, "an RSA key of more than 16384 bits", "/n");
    Parameters parameters;
    bool ok = parameters.number(OSSL_PKEY_PARAM_RSA_N, *n)
        && parameters.number(OSSL_PKEY_PARAM_RSA_E, *e);
    const auto present = std::ranges::count_if(
        rsaCrtMembers(), [&](const RsaMember &member) { return jwk.contains(member.jwk); });
    data.isPrivate = jwk.contains("d");
    if (present != 0 && (!data.isPrivate || present != std::ssize(rsaCrtMembers())))
        return fail(Errc::KeyFormat,
                    "d, p, q, dp, dq and qi must be given together; only d may "
                    "stand alone");
    if (data.isPrivate) {
        const Result<Secret> d = octetMember(jwk, "d");
        if (!d)
            return std::unexpected(d.error());
        ok = ok && parameters.number(OSSL_PKEY_PARAM_RSA_D, *d);
    }
    for (const RsaMember &member : rsaCrtMembers()) {
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
    if (!jwk.contains("y"))
        return fail(Errc::KeyMember, "y (compressed points are not for JWK)", "/y");
    const Result<Secret> x = fixedMember(jwk, "x", curve, curve.octets);
    if (!x)
        return std::unexpected(x.error());
    const Result<Secret> y = fixedMember(jwk, "y", curve, curve.octets);
    if (!y)
        return std::unexpected(y.error());
    Parameters parameters;
    const std::string point = std::format("\x04{}{}", x->view(), y->view());
    bool ok = parameters.text(OSSL_PKEY_PARAM_GROUP_NAME, curve.openSslName)
        && parameters.octets(OSSL_PKEY_PARAM_PUB_KEY, point);
    data.isPrivate = jwk.contains("d");
    if (data.isPrivate) {
        const Result<Secret> d = fixedMember(jwk, "d", curve, curve.octets);
        if (!d)
            return std::unexpected(d.error());
        ok = ok && parameters.number(OSSL_PKEY_PARAM_PRIV_KEY, *d);
    }
    data.pkey = ok ? parameters.make("EC", data.isPrivate) : nullptr;
    if (!data.pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "not an EC key"));
    return {};
}

/// A seed makes the whole key, so that a public part of another key cannot slip in.
Result<void> takePair(const CurveInfo &curve, const Secret &pub, const Secret &seed,
                      std::string_view what, Key::Data &data)
{
    data.pkey = seededKey(curve, seed);
    if (data.pkey && octetsOf(data.pkey, OSSL_PKEY_PARAM_PUB_KEY) != pub)
        return fail(Errc::KeyMismatch, std::string(what));
    return {};
}

Result<void> readOkp(const Json &jwk, const CurveInfo &curve, Key::Data &data)
{
    const Result<Secret> x = fixedMember(jwk, "x", curve, curve.octets);
    if (!x)
        return std::unexpected(x.error());
    data.isPrivate = jwk.contains("d");
    if (!data.isPrivate) {
        data.pkey = rawPublicKey(curve, x->view());
    } else {
        const Result<Secret> d = fixedMember(jwk, "d", curve, curve.octets);
        if (!d)
            return std::unexpected(d.error());
        if (auto pair = takePair(curve, *x, *d, "d does not produce x", data); !pair)
            return pair;
    }
    if (!data.pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "not an OKP key"));
    return {};
}

/// RFC 9964 3: `alg` is mandatory and names the parameter set; `priv` is the 32-byte seed.
Result<void> readAkp(const Json &jwk, Key::Data &data)
{
    const Result<std::optional<std::string>> name = optionalText(jwk, "alg");
    if (!name)
        return std::unexpected(name.error());
    if (!*name)
        return fail(Errc::KeyMember, "an AKP key must say its alg", "/alg");
    const CurveInfo *set = findCurve(**name);
    if (!set || set->type != KeyType::Akp)
        return fail(Errc::AlgUnknown, std::format("\"{}\" is no algorithm of AKP keys", **name),
                    "/alg");
    const Result<Secret> pub = fixedMember(jwk, "pub", *set, set->octets);
    if (!pub)
        return std::unexpected(pub.error());
    data.isPrivate = jwk.contains("priv");
    if (!data.isPrivate) {
        data.pkey = rawPublicKey(*set, pub->view());
    } else {
        const Result<Secret> seed = fixedMember(jwk, "priv", *set, kMlDsaSeed);
        if (!seed)
            return std::unexpected(seed.error());
        if (auto pair = takePair(*set, *pub, *seed, "priv does not produce pub", data); !pair)
            return pair;
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
        return fail(Errc::KeyEmpty, {}, "/k");
    data.type = KeyType::Oct;
    data.bits = static_cast<unsigned>(k->size() * 8);
    data.isPrivate = true;
    data.secret = std::move(*k);
    return {};
}

Result<const CurveInfo *> curveMember(const Json &jwk, KeyType type)
{
    const Result<std::optional<std::string>> name = optionalText(jwk, "crv");
    if (!name)
        return std::unexpected(name.error());
    if (!*name)
        return fail(Errc::KeyMember, "crv", "/crv");
    if (**name == "X25519" || **name == "X448")
        return fail(Errc::KeyCurveUse, std::format("{} is for key agreement", **name), "/crv");
    const CurveInfo *curve = findCurve(**name);
    if (!curve || curve->type != type)
        return fail(Errc::KeyCurve, std::format("\"{}\"", **name), "/crv");
    return curve;
}

} // namespace

Pkey rawPublicKey(const CurveInfo &curve, std::string_view octets)
{
    return Pkey(EVP_PKEY_new_raw_public_key_ex(
        nullptr, curve.openSslName, nullptr, reinterpret_cast<const unsigned char *>(octets.data()),
        octets.size()));
}

Pkey seededKey(const CurveInfo &curve, const Secret &seed)
{
    if (curve.type == KeyType::Okp)
        return Pkey(EVP_PKEY_new_raw_private_key_ex(nullptr, curve.openSslName, nullptr,
                                                    seed.bytes().data(), seed.size()));
    Parameters parameters;
    if (!parameters.octets(OSSL_PKEY_PARAM_ML_DSA_SEED, seed.view()))
        return nullptr;
    return parameters.make(curve.openSslName, true);
}

std::size_t seedSize(const CurveInfo &curve) noexcept
{
    return curve.type == KeyType::Akp ? kMlDsaSeed : curve.octets;
}

Result<void> readMaterial(const Json &jwk, Key::Data &data)
{
    const Result<std::optional<std::string>> type = optionalText(jwk, "kty");
    if (!type)
        return std::unexpected(type.error());
    if (!*type)
        return fail(Errc::KeyTypeUnknown, "the member is missing", "/kty");
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
        read = fail(Errc::KeyTypeUnknown,
                    std::format("\"{}\" (known: oct, RSA, EC, OKP, AKP)", **type), "/kty");
    }
    return read ? checkPkey(data) : read;
}

} // namespace postern
