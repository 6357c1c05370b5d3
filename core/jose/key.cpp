// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key.h"

#include "core/bytes/encoding.h"
#include "core/crypto/digest.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/pem.h"
#include "core/crypto/pkey.h"
#include "core/crypto/random.h"
#include "core/jose/jwk_material.h"
#include "core/jose/key_data.h"
#include "core/jose/ssh_key.h"
#include "core/json/parse.h"
#include "core/text/trim.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <format>
#include <ranges>
#include <utility>

namespace postern {

namespace {

constexpr unsigned kMinRsaBits = 2048; // RFC 7518 3.3, 3.5

std::string_view familyName(KeyType type) noexcept
{
    constexpr std::array<std::string_view, 5> kNames = {"an HMAC secret", "an RSA key", "an EC key",
                                                        "an OKP key", "an AKP key"};
    return kNames[std::to_underlying(type)];
}

Error doesNotFit(const AlgInfo &alg, const Key::Data &data)
{
    std::string needs(familyName(alg.keyType));
    if (!alg.curve.empty())
        needs = std::format("{} {} key", alg.keyType == KeyType::Ec ? "an EC" : "an", alg.curve);
    return {Errc::AlgKeyMismatch,
            std::format("this is {}, {} needs {}", describeKey(data), alg.name, needs),
            {}};
}

/// Type and curve only. EdDSA, Ed25519 and Ed448 are names of the same primitives. RFC 9864.
bool fitsType(const AlgInfo &alg, const Key::Data &data) noexcept
{
    return alg.keyType == data.type && (alg.curve.empty() || alg.curve == data.curve)
        && (!data.pssOnly || alg.pss);
}

/// The key's own `alg`: equal, or another name of the same Edwards algorithm.
bool fitsDeclared(const AlgInfo &alg, const Key::Data &data) noexcept
{
    if (data.declaredName.empty() || alg.name == data.declaredName)
        return true;
    return data.declaredAlg && alg.keyType == KeyType::Okp;
}

Result<void> checkUse(const Key::Data &data, bool forSigning)
{
    if (!data.use.empty() && data.use != "sig")
        return fail(Errc::KeyUse, std::format("the key's use is \"{}\"", data.use), "/use");
    if (!data.keyOps)
        return {};
    const auto has = [&](std::string_view operation) {
        return std::ranges::find(*data.keyOps, operation) != data.keyOps->end();
    };
    const bool permitted =
        forSigning ? has("sign") : has("verify") || (data.type == KeyType::Oct && has("sign"));
    if (!permitted)
        return fail(Errc::KeyUse,
                    std::format("the key's key_ops lack \"{}\"", forSigning ? "sign" : "verify"),
                    "/key_ops");
    return {};
}

Result<void> checkSize(const AlgInfo &alg, const Key::Data &data)
{
    if (alg.keyType == KeyType::Oct && data.secret.size() < alg.minKeyBytes)
        return fail(Errc::KeyWeak,
                    std::format("the secret has {} bytes, {} demands {}", data.secret.size(),
                                alg.name, alg.minKeyBytes));
    if (alg.keyType == KeyType::Rsa && data.bits < kMinRsaBits)
        return fail(Errc::KeyWeak,
                    std::format("the RSA key has {} bits, {} demands {}", data.bits, alg.name,
                                kMinRsaBits));
    if (data.roca)
        return fail(Errc::KeyWeak,
                    "the RSA key was made by a flawed generator (CVE-2017-15361, "
                    "ROCA)");
    return {};
}

Result<Key> fromJwkText(std::string_view text)
{
    const Result<Json> json = parseJson(text, {.size = 1024UL * 1024, .depth = 16});
    if (!json)
        return std::unexpected(json.error());
    const Json *keys = json->find("keys");
    if (!keys)
        return Key::fromJwk(*json);
    if (!keys->isArray())
        return fail(Errc::KeyFormat, "must be an array", "/keys");
    if (keys->size() != 1)
        return fail(Errc::KeyFormat,
                    std::format("the key set has {} keys; one must be chosen", keys->size()),
                    "/keys");
    return Key::fromJwk(keys->items().front());
}

Error unrecognised(std::string_view text)
{
    const auto starts = [&](std::string_view prefix) { return text.starts_with(prefix); };
    if (text.empty())
        return {Errc::KeyFormat, "the key is empty", {}};
    if (starts("MI"))
        return {Errc::KeyFormat,
                "this looks like the body of a PEM file; the BEGIN and END lines are missing",
                {}};
    return {Errc::KeyFormat, "neither PEM, DER, JWK nor JWKS", {}};
}

/// A copy to change; the OpenSSL key is shared.
std::shared_ptr<Key::Data> copyOf(const Key::Data &data)
{
    auto copy = std::make_shared<Key::Data>();
    copy->type = data.type;
    copy->curve = data.curve;
    copy->bits = data.bits;
    copy->isPrivate = data.isPrivate;
    copy->pssOnly = data.pssOnly;
    copy->secret = data.secret;
    if (data.pkey && EVP_PKEY_up_ref(data.pkey.get()) == 1)
        copy->pkey.reset(data.pkey.get());
    copy->roca = data.roca;
    copy->kid = data.kid;
    copy->declaredAlg = data.declaredAlg;
    copy->declaredName = data.declaredName;
    copy->use = data.use;
    copy->keyOps = data.keyOps;
    copy->otherMembers = data.otherMembers;
    copy->memberOrder = data.memberOrder;
    return copy;
}

Result<void> hasPart(const Key::Data &data, bool includePrivate)
{
    if (data.type == KeyType::Oct)
        return fail(Errc::KeyType, "an HMAC secret has no PEM or DER form");
    if (includePrivate && !data.isPrivate)
        return fail(Errc::KeyType, "this is a public key; it has no private part");
    return {};
}

/// The curve or parameter set of an algorithm with raw keys; EdDSA tells them apart by length.
Result<const CurveInfo *> rawKind(Alg alg, std::size_t size)
{
    const AlgInfo &row = info(alg);
    if (row.keyType != KeyType::Okp && row.keyType != KeyType::Akp)
        return fail(Errc::KeyType, std::format("{} has no raw keys", row.name));
    const CurveInfo *const ed448 = findCurve("Ed448");
    if (row.curve.empty())
        return size == ed448->octets ? ed448 : findCurve("Ed25519");
    return findCurve(row.curve);
}

Result<void> checkRawSize(const CurveInfo &kind, std::size_t size, std::size_t wanted)
{
    if (size == wanted)
        return {};
    return fail(kind.type == KeyType::Okp ? Errc::OkpLength : Errc::AkpLength,
                std::format("{} bytes, {} needs exactly {}", size, kind.name, wanted));
}

} // namespace

std::string describeKey(const Key::Data &data)
{
    if (data.type == KeyType::Oct)
        return std::format("an HMAC secret of {} bytes", data.secret.size());
    const std::string_view part = data.isPrivate ? "private" : "public";
    if (data.type == KeyType::Rsa)
        return std::format("an {} {} key of {} bits", data.pssOnly ? "RSA-PSS" : "RSA", part,
                           data.bits);
    if (data.type == KeyType::Ec)
        return std::format("an EC {} {} key", data.curve, part);
    return std::format("an {} {} key", data.curve, part);
}

Result<Key> Key::fromSecret(Secret octets)
{
    // HMAC() and EVP_Q_mac take an empty key without a word; every token would then be forgeable.
    if (octets.empty())
        return fail(Errc::KeyEmpty);
    auto data = std::make_shared<Data>();
    data->type = KeyType::Oct;
    data->bits = static_cast<unsigned>(octets.size() * 8);
    data->isPrivate = true;
    data->secret = std::move(octets);
    return Key(std::move(data));
}

Result<Key> keyFromLoaded(LoadedPkey loaded)
{
    auto data = std::make_shared<Key::Data>();
    data->pkey = std::move(loaded.pkey);
    data->isPrivate = loaded.isPrivate;
    if (const Result<void> checked = checkPkey(*data); !checked)
        return std::unexpected(checked.error());
    return Key(std::move(data));
}

Result<Key> Key::fromPem(std::string_view text, std::string_view passphrase)
{
    return (looksLikePem(text) ? loadPem(text, passphrase) : loadDer(text, passphrase))
        .and_then(keyFromLoaded);
}

Result<Key> Key::import(std::string_view octets, std::string_view passphrase)
{
    const std::string_view text = trimmed(octets);
    if (looksLikePem(text))
        return fromPem(octets, passphrase);
    if (text.starts_with('{'))
        return fromJwkText(text);
    if (looksLikeOpenSsh(text))
        return jwkFromOpenSsh(text).and_then(&Key::fromJwk);
    if (looksLikeDer(octets))
        return fromPem(octets, passphrase);
    return std::unexpected(unrecognised(text));
}

Result<Key> Key::fromRawPublic(Alg alg, std::string_view octets)
{
    if (info(alg).keyType == KeyType::Oct)
        return fromSecret(Secret(octets));
    const Result<const CurveInfo *> kind = rawKind(alg, octets.size());
    if (!kind)
        return std::unexpected(kind.error());
    if (auto size = checkRawSize(**kind, octets.size(), (*kind)->octets); !size)
        return std::unexpected(size.error());
    auto data = std::make_shared<Data>();
    data->pkey = rawPublicKey(**kind, octets);
    if (!data->pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "not a public key"));
    if (const Result<void> checked = checkPkey(*data); !checked)
        return std::unexpected(checked.error());
    return Key(std::move(data));
}

Result<Key> Key::fromSeed(Alg alg, const Secret &seed)
{
    const Result<const CurveInfo *> kind = rawKind(alg, seed.size());
    if (!kind)
        return std::unexpected(kind.error());
    if (auto size = checkRawSize(**kind, seed.size(), seedSize(**kind)); !size)
        return std::unexpected(size.error());
    auto data = std::make_shared<Data>();
    data->pkey = seededKey(**kind, seed);
    data->isPrivate = true;
    if (!data->pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, "not a seed"));
    if (const Result<void> checked = checkPkey(*data); !checked)
        return std::unexpected(checked.error());
    return Key(std::move(data));
}

Result<Key> Key::generate(Alg alg, unsigned rsaBits)
{
    const AlgInfo &row = info(alg);
    auto data = std::make_shared<Data>();
    data->isPrivate = true;
    if (row.keyType == KeyType::Oct) {
        Result<Secret> octets = randomOctets(row.minKeyBytes);
        if (!octets)
            return std::unexpected(octets.error());
        data->type = KeyType::Oct;
        data->bits = static_cast<unsigned>(octets->size() * 8);
        data->secret = std::move(*octets);
    } else {
        if (row.keyType == KeyType::Rsa) {
            if (rsaBits < kMinRsaBits || rsaBits > 16384)
                return fail(Errc::InvalidArgument, "RSA keys have 2048 to 16384 bits");
            data->pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{rsaBits}));
        } else {
            const CurveInfo &curve = *findCurve(row.curve.empty() ? "Ed25519" : row.curve);
            data->pkey.reset(row.keyType == KeyType::Ec
                                 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.openSslName)
                                 : EVP_PKEY_Q_keygen(nullptr, nullptr, curve.openSslName));
        }
        if (!data->pkey)
            return std::unexpected(openSslError(Errc::Crypto, "the key cannot be generated"));
        if (const Result<void> checked = checkPkey(*data); !checked)
            return std::unexpected(checked.error());
    }
    data->declaredAlg = alg;
    data->declaredName = row.name;
    data->kid = Key(data).thumbprint();
    return Key(std::move(data));
}

KeyType Key::type() const noexcept { return m_data->type; }

std::string_view Key::curve() const noexcept { return m_data->curve; }

unsigned Key::bits() const noexcept { return m_data->bits; }

bool Key::isPrivate() const noexcept { return m_data->isPrivate; }

const std::string &Key::kid() const noexcept { return m_data->kid; }

std::optional<Alg> Key::declaredAlg() const noexcept { return m_data->declaredAlg; }

Result<void> Key::allows(Alg alg, bool forSigning, bool relaxed) const
{
    const AlgInfo &row = info(alg);
    if (!fitsType(row, *m_data))
        return std::unexpected(doesNotFit(row, *m_data));
    if (!fitsDeclared(row, *m_data))
        return fail(Errc::AlgKeyMismatch,
                    std::format("the key is for {}, not for {}", m_data->declaredName, row.name),
                    "/alg");
    if (const Result<void> use = checkUse(*m_data, forSigning); !use)
        return use;
    if (forSigning && !m_data->isPrivate)
        return fail(Errc::KeyType,
                    std::format("this is {}; signing needs the private key", describeKey(*m_data)));
    if (relaxed)
        return {};
    return checkSize(row, *m_data);
}

std::vector<Alg> Key::possibleAlgs() const
{
    std::vector<Alg> algs;
    for (const AlgInfo &row : algorithms()) {
        if (allows(row.alg, false, true))
            algs.push_back(row.alg);
    }
    return algs;
}

Key Key::withKid(std::string kid) const
{
    std::shared_ptr<Data> data = copyOf(*m_data);
    data->kid = std::move(kid);
    return Key(std::move(data));
}

Result<Key> Key::withAlg(Alg alg) const
{
    const AlgInfo &row = info(alg);
    if (!fitsType(row, *m_data))
        return std::unexpected(doesNotFit(row, *m_data));
    std::shared_ptr<Data> data = copyOf(*m_data);
    data->declaredAlg = alg;
    data->declaredName = row.name;
    return Key(std::move(data));
}

Result<Key> Key::publicPart() const
{
    if (m_data->type == KeyType::Oct)
        return fail(Errc::KeyType, "an HMAC secret has no public part");
    if (!m_data->isPrivate)
        return *this;
    Result<Pkey> pkey = publicPkey(m_data->pkey);
    if (!pkey)
        return std::unexpected(pkey.error());
    std::shared_ptr<Data> data = copyOf(*m_data);
    data->pkey = std::move(*pkey);
    data->isPrivate = false;
    if (data->keyOps) {
        std::vector<std::string> &operations = *data->keyOps;
        std::ranges::replace(operations, "sign", "verify");
        std::ranges::sort(operations);
        operations.erase(std::ranges::unique(operations).begin(), operations.end());
    }
    return Key(std::move(data));
}

bool Key::hasJwkPrivate() const noexcept
{
    return m_data->isPrivate
        && (m_data->type != KeyType::Akp
            || !octetsOf(m_data->pkey, OSSL_PKEY_PARAM_ML_DSA_SEED).empty());
}

Result<std::string> Key::toPem(bool includePrivate) const
{
    if (const Result<void> has = hasPart(*m_data, includePrivate); !has)
        return std::unexpected(has.error());
    return writePem(m_data->pkey, includePrivate);
}

Result<std::string> Key::toDer(bool includePrivate) const
{
    if (const Result<void> has = hasPart(*m_data, includePrivate); !has)
        return std::unexpected(has.error());
    return writeDer(m_data->pkey, includePrivate);
}

Result<std::string> Key::toEncryptedPem(const Secret &passphrase) const
{
    if (const Result<void> has = hasPart(*m_data, true); !has)
        return std::unexpected(has.error());
    if (passphrase.empty())
        return fail(Errc::KeyPassphrase, "the passphrase is empty");
    return writeEncryptedPem(m_data->pkey, passphrase);
}

std::string Key::thumbprint(ThumbprintHash hash) const
{
    // RFC 7638 3: required members only, in lexicographic order, no spaces. The values are
    // base64url or fixed names, so nothing needs escaping.
    const Json jwk = toJwk(m_data->type == KeyType::Oct);
    // Index = KeyType. RFC 7638 3.2, RFC 8037 2, RFC 9964 6.
    constexpr std::array<std::string_view, 5> kMembers = {"k kty", "e kty n", "crv kty x y",
                                                          "crv kty x", "alg kty pub"};
    std::string text;
    for (const auto name : std::views::split(kMembers.at(std::to_underlying(m_data->type)), ' ')) {
        const std::string_view member(name);
        text += std::format(R"({}"{}":"{}")", text.empty() ? '{' : ',', member,
                            jwk.stringOr(member, ""));
    }
    text += '}';
    std::string print =
        encodeBase64Url(hash == ThumbprintHash::Sha256 ? sha256(text) : sha512(text));
    wipe(text);
    return print;
}

std::string Key::thumbprintUri(ThumbprintHash hash) const
{
    return std::format("urn:ietf:params:oauth:jwk-thumbprint:{}:{}",
                       hash == ThumbprintHash::Sha256 ? "sha-256" : "sha-512", thumbprint(hash));
}

} // namespace postern
