// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key.h"

#include "core/bytes/encoding.h"
#include "core/crypto/digest.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/pem.h"
#include "core/crypto/pkey.h"
#include "core/crypto/random.h"
#include "core/jose/key_data.h"
#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <format>
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

std::string_view trimmed(std::string_view text) noexcept
{
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
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
    if (starts("ssh-") || starts("ecdsa-sha2-"))
        return {Errc::KeyFormat,
                "an OpenSSH public key: convert it with `ssh-keygen -e -m PKCS8 -f FILE`",
                {}};
    if (starts("MI"))
        return {Errc::KeyFormat,
                "this looks like the body of a PEM file; the BEGIN and END lines are missing",
                {}};
    return {Errc::KeyFormat, "neither PEM, DER, JWK nor JWKS", {}};
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
        return fail(Errc::KeyWeak, "the secret is empty");
    auto data = std::make_shared<Data>();
    data->type = KeyType::Oct;
    data->bits = static_cast<unsigned>(octets.size() * 8);
    data->isPrivate = true;
    data->secret = std::move(octets);
    return Key(std::move(data));
}

Result<Key> Key::fromPem(std::string_view text, std::string_view passphrase)
{
    Result<LoadedPkey> loaded =
        looksLikePem(text) ? loadPem(text, passphrase) : loadDer(text, passphrase);
    if (!loaded)
        return std::unexpected(loaded.error());
    auto data = std::make_shared<Data>();
    data->pkey = std::move(loaded->pkey);
    data->isPrivate = loaded->isPrivate;
    if (const Result<void> checked = checkPkey(*data); !checked)
        return std::unexpected(checked.error());
    return Key(std::move(data));
}

Result<Key> Key::import(std::string_view octets, std::string_view passphrase)
{
    const std::string_view text = trimmed(octets);
    if (looksLikePem(text))
        return fromPem(octets, passphrase);
    if (text.starts_with('{'))
        return fromJwkText(text);
    if (octets.starts_with('\x30') && octets.size() > 2
        && (static_cast<unsigned char>(octets[1]) >= 0x80 || octets.size() < 130))
        return fromPem(octets, passphrase);
    return std::unexpected(unrecognised(text));
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

Result<std::string> Key::toPem(bool includePrivate) const
{
    if (m_data->type == KeyType::Oct)
        return fail(Errc::KeyType, "an HMAC secret has no PEM form");
    if (includePrivate && !m_data->isPrivate)
        return fail(Errc::KeyType, "this is a public key; it has no private part");
    return writePem(m_data->pkey, includePrivate);
}

std::string Key::thumbprint() const
{
    // RFC 7638 3: required members only, in lexicographic order, no spaces. The values are
    // base64url or fixed names, so nothing needs escaping.
    const Json jwk = toJwk(m_data->type == KeyType::Oct);
    constexpr std::array<std::string_view, 9> kMembers = {"alg", "crv", "e", "k", "kty",
                                                          "n",   "pub", "x", "y"};
    std::string text = "{";
    for (const std::string_view member : kMembers) {
        // `alg` is a required member of AKP keys only. RFC 9964 6.
        if (member == "alg" && m_data->type != KeyType::Akp)
            continue;
        if (const Json *value = jwk.find(member)) {
            if (text.size() > 1)
                text += ',';
            text += std::format(R"("{}":"{}")", member, value->asString());
        }
    }
    text += '}';
    std::string print = encodeBase64Url(sha256(text));
    wipe(text);
    return print;
}

} // namespace postern
