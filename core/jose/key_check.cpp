// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/digest.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/pkey.h"
#include "core/jose/key_data.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <format>
#include <span>
#include <vector>

namespace postern {

namespace {

constexpr std::array<CurveInfo, 9> kCurves = {{
    {"P-256", "prime256v1", KeyType::Ec, 256, 32},
    {"P-384", "secp384r1", KeyType::Ec, 384, 48},
    {"P-521", "secp521r1", KeyType::Ec, 521, 66},
    {"secp256k1", "secp256k1", KeyType::Ec, 256, 32},
    {"Ed25519", "ED25519", KeyType::Okp, 256, 32},
    {"Ed448", "ED448", KeyType::Okp, 456, 57},
    {"ML-DSA-44", "ML-DSA-44", KeyType::Akp, 10496, 1312},
    {"ML-DSA-65", "ML-DSA-65", KeyType::Akp, 15616, 1952},
    {"ML-DSA-87", "ML-DSA-87", KeyType::Akp, 20736, 2592},
}};

constexpr unsigned kMaxRsaBits = 16384; // above, OpenSSL refuses to verify
constexpr int kMaxExponentBits = 64; // a longer one only costs time

/// Moduli of the flawed generator of CVE-2017-15361 (ROCA) lie, modulo every small prime, in the
/// group that 65537 generates; they can be factored.
bool isRoca(const BIGNUM *modulus)
{
    constexpr std::array<unsigned, 38> kPrimes = {
        3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
        73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
    return std::ranges::all_of(kPrimes, [modulus](unsigned prime) {
        const BN_ULONG residue = BN_mod_word(modulus, prime);
        unsigned power = 1;
        do {
            if (power == residue)
                return true;
            power = power * 65537U % prime;
        } while (power != 1);
        return false;
    });
}

Result<void> checkRsa(Key::Data &data)
{
    data.type = KeyType::Rsa;
    data.bits = static_cast<unsigned>(EVP_PKEY_get_bits(data.pkey.get()));
    data.pssOnly = EVP_PKEY_is_a(data.pkey.get(), "RSA-PSS") == 1;
    BIGNUM *raw = nullptr;
    if (EVP_PKEY_get_bn_param(data.pkey.get(), OSSL_PKEY_PARAM_RSA_E, &raw) != 1)
        return std::unexpected(openSslError(Errc::KeyFormat, "RSA exponent"));
    const BigNumber exponent(raw);
    if (!BN_is_odd(raw) || BN_num_bits(raw) < 2 || BN_num_bits(raw) > kMaxExponentBits)
        return fail(Errc::RsaExponent, "it must be odd, at least 3 and below 2^64", "/e");
    raw = nullptr;
    if (EVP_PKEY_get_bn_param(data.pkey.get(), OSSL_PKEY_PARAM_RSA_N, &raw) != 1)
        return std::unexpected(openSslError(Errc::KeyFormat, "RSA modulus"));
    const BigNumber modulus(raw);
    if (!BN_is_odd(raw) || data.bits < 512)
        return fail(Errc::RsaModulus, "it must be odd and at least 512 bits", "/n");
    if (data.bits > kMaxRsaBits)
        return fail(
            Errc::LimitExceeded,
            std::format("an RSA modulus of {} bits; the limit is {}", data.bits, kMaxRsaBits),
            "/n");
    data.roca = isRoca(raw);
    return {};
}

Result<void> checkEc(Key::Data &data)
{
    data.type = KeyType::Ec;
    std::array<char, 80> name{};
    std::size_t size = 0;
    if (EVP_PKEY_get_utf8_string_param(data.pkey.get(), OSSL_PKEY_PARAM_GROUP_NAME, name.data(),
                                       name.size(), &size)
        != 1) {
        clearOpenSslErrors();
        return fail(Errc::KeyCurve, "an EC key on an unnamed curve");
    }
    const std::string_view group(name.data(), size);
    const auto curve = std::ranges::find_if(
        kCurves, [&](const CurveInfo &row) { return row.openSslName == group; });
    if (curve == kCurves.end())
        return fail(Errc::KeyCurve,
                    std::format("an EC key on the curve {}, which no JWS algorithm "
                                "uses",
                                group));
    data.curve = curve->name;
    data.bits = curve->bits;
    // Keys made from the one-byte infinity encoding import and verify; the check below finds them.
    const PkeyCtx context(EVP_PKEY_CTX_new_from_pkey(nullptr, data.pkey.get(), nullptr));
    if (EVP_PKEY_public_check_quick(context.get()) != 1) {
        clearOpenSslErrors();
        return fail(Errc::KeyFormat, "the EC point is at infinity or not on its curve");
    }
    return {};
}

using Octets32 = std::array<unsigned char, 32>;

constexpr Octets32 filled(unsigned char first, unsigned char middle, unsigned char last)
{
    Octets32 out{};
    out.fill(middle);
    out.front() = first;
    out.back() = last;
    return out;
}

// Encodings of the y coordinates of small-order points, sign bit cleared. Whoever holds such a
// "public key" can make a signature that fits every message.
constexpr std::array<Octets32, 5> kSmallOrder25519 = {{
    filled(0x00, 0x00, 0x00),
    filled(0x01, 0x00, 0x00),
    filled(0xec, 0xff, 0x7f), // p - 1
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
}};

bool isWeak25519(std::span<const unsigned char> x)
{
    Octets32 y{};
    std::ranges::copy(x, y.begin());
    y.back() &= 0x7f;
    if (std::ranges::find(kSmallOrder25519, y) != kSmallOrder25519.end())
        return true;
    // y >= p: a second spelling of a small number, among them the small-order points again.
    return y.back() == 0x7f && y.front() >= 0xed
        && std::all_of(y.begin() + 1, y.end() - 1, [](unsigned char c) { return c == 0xff; });
}

bool isWeak448(std::span<const unsigned char> x)
{
    // p = 2^448 - 2^224 - 1, little-endian: 28 times ff, fe, 27 times ff; byte 56 is the sign.
    const std::span low = x.first(28);
    const std::span high = x.subspan(29, 27);
    const auto all = [](std::span<const unsigned char> part, unsigned char value) {
        return std::ranges::all_of(part, [value](unsigned char c) { return c == value; });
    };
    if ((x[56] & 0x7f) != 0)
        return true;
    if (all(x.subspan(1, 55), 0))
        return x[0] <= 1; // y = 0, y = 1
    if (!all(high, 0xff))
        return false;
    if (x[28] == 0xff)
        return true; // y > p
    // y = p - 1, or y >= p
    return x[28] == 0xfe && low[0] >= 0xfe && all(low.subspan(1), 0xff);
}

Result<void> checkOkp(Key::Data &data)
{
    data.type = KeyType::Okp;
    const bool is25519 = EVP_PKEY_is_a(data.pkey.get(), "ED25519") == 1;
    const CurveInfo &curve = *findCurve(is25519 ? "Ed25519" : "Ed448");
    data.curve = curve.name;
    data.bits = curve.bits;
    const Secret x = octetsOf(data.pkey, OSSL_PKEY_PARAM_PUB_KEY);
    if (x.size() != curve.octets)
        return fail(Errc::OkpLength,
                    std::format("an {} key needs {} bytes", curve.name, curve.octets));
    if (is25519 ? isWeak25519(x.bytes()) : isWeak448(x.bytes()))
        return fail(
            Errc::OkpPoint,
            std::format("the {} point has small order or is not written canonically", curve.name));
    return {};
}

Result<void> checkAkp(Key::Data &data)
{
    data.type = KeyType::Akp;
    const auto set = std::ranges::find_if(kCurves, [&](const CurveInfo &row) {
        return row.type == KeyType::Akp && EVP_PKEY_is_a(data.pkey.get(), row.openSslName) == 1;
    });
    data.curve = set->name;
    data.bits = set->bits;
    if (octetsOf(data.pkey, OSSL_PKEY_PARAM_PUB_KEY).size() != set->octets)
        return fail(Errc::AkpLength,
                    std::format("an {} public key has {} bytes", set->name, set->octets));
    return {};
}

bool isMlDsa(EVP_PKEY *pkey)
{
    return std::ranges::any_of(kCurves, [pkey](const CurveInfo &row) {
        return row.type == KeyType::Akp && EVP_PKEY_is_a(pkey, row.openSslName) == 1;
    });
}

/// One signature made and checked: the only proof for an RSA key given as n, e, d.
bool signsForItself(EVP_PKEY *pkey)
{
    const std::array<unsigned char, 32> probe{1, 2, 3};
    const PkeyCtx signer(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
    const EVP_MD *digest = fetchedDigest("SHA256");
    std::vector<unsigned char> signature(static_cast<std::size_t>(EVP_PKEY_get_size(pkey)));
    std::size_t size = signature.size();
    if (EVP_PKEY_sign_init(signer.get()) != 1
        || EVP_PKEY_CTX_set_signature_md(signer.get(), digest) != 1
        || EVP_PKEY_sign(signer.get(), signature.data(), &size, probe.data(), probe.size()) != 1)
        return false;
    const PkeyCtx verifier(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
    return EVP_PKEY_verify_init(verifier.get()) == 1
        && EVP_PKEY_CTX_set_signature_md(verifier.get(), digest) == 1
        && EVP_PKEY_verify(verifier.get(), signature.data(), size, probe.data(), probe.size()) == 1;
}

Result<void> checkPair(const Key::Data &data)
{
    EVP_PKEY *pkey = data.pkey.get();
    const bool withoutFactors =
        data.type == KeyType::Rsa && numberOf(data.pkey, OSSL_PKEY_PARAM_RSA_FACTOR1).empty();
    const PkeyCtx context(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
    const bool ok =
        withoutFactors ? signsForItself(pkey) : EVP_PKEY_pairwise_check(context.get()) == 1;
    clearOpenSslErrors();
    if (!ok)
        return fail(Errc::KeyMismatch);
    return {};
}

} // namespace

const CurveInfo *findCurve(std::string_view jwkName) noexcept
{
    const auto found = std::ranges::find(kCurves, jwkName, &CurveInfo::name);
    return found == kCurves.end() ? nullptr : &*found;
}

Result<void> checkPkey(Key::Data &data)
{
    EVP_PKEY *pkey = data.pkey.get();
    Result<void> checked;
    if (EVP_PKEY_is_a(pkey, "RSA") == 1 || EVP_PKEY_is_a(pkey, "RSA-PSS") == 1)
        checked = checkRsa(data);
    else if (EVP_PKEY_is_a(pkey, "EC") == 1)
        checked = checkEc(data);
    else if (EVP_PKEY_is_a(pkey, "ED25519") == 1 || EVP_PKEY_is_a(pkey, "ED448") == 1)
        checked = checkOkp(data);
    else if (isMlDsa(pkey))
        checked = checkAkp(data);
    else
        checked = fail(Errc::KeyType,
                       std::format("a key of type {}, which no supported algorithm uses",
                                   EVP_PKEY_get0_type_name(pkey)));
    if (checked && data.isPrivate)
        checked = checkPair(data);
    return checked;
}

} // namespace postern
