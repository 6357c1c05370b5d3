// SPDX-License-Identifier: Apache-2.0
#include "core/jose/alg.h"

#include <algorithm>
#include <array>
#include <utility>

namespace postern {

namespace {

using enum KeyType;

// In the order of the enumerators, so that info() is an index.
constexpr std::array<AlgInfo, 19> kAlgorithms = {{
    {Alg::HS256, "HS256", Oct, "", "SHA256", 32, 32, false},
    {Alg::HS384, "HS384", Oct, "", "SHA384", 48, 48, false},
    {Alg::HS512, "HS512", Oct, "", "SHA512", 64, 64, false},
    {Alg::RS256, "RS256", Rsa, "", "SHA256", 0, 0, false},
    {Alg::RS384, "RS384", Rsa, "", "SHA384", 0, 0, false},
    {Alg::RS512, "RS512", Rsa, "", "SHA512", 0, 0, false},
    {Alg::PS256, "PS256", Rsa, "", "SHA256", 0, 0, true},
    {Alg::PS384, "PS384", Rsa, "", "SHA384", 0, 0, true},
    {Alg::PS512, "PS512", Rsa, "", "SHA512", 0, 0, true},
    {Alg::ES256, "ES256", Ec, "P-256", "SHA256", 64, 0, false},
    {Alg::ES384, "ES384", Ec, "P-384", "SHA384", 96, 0, false},
    {Alg::ES512, "ES512", Ec, "P-521", "SHA512", 132, 0, false},
    {Alg::ES256K, "ES256K", Ec, "secp256k1", "SHA256", 64, 0, false},
    {Alg::EdDSA, "EdDSA", Okp, "", "", 0, 0, false},
    {Alg::Ed25519, "Ed25519", Okp, "Ed25519", "", 64, 0, false},
    {Alg::Ed448, "Ed448", Okp, "Ed448", "", 114, 0, false},
    {Alg::ML_DSA_44, "ML-DSA-44", Akp, "ML-DSA-44", "", 2420, 0, false},
    {Alg::ML_DSA_65, "ML-DSA-65", Akp, "ML-DSA-65", "", 3309, 0, false},
    {Alg::ML_DSA_87, "ML-DSA-87", Akp, "ML-DSA-87", "", 4627, 0, false},
}};

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < kAlgorithms.size(); ++i) {
        if (std::to_underlying(kAlgorithms[i].alg) != i)
            return false;
    }
    return true;
}
static_assert(inOrder());

} // namespace

std::span<const AlgInfo> algorithms() noexcept { return kAlgorithms; }

const AlgInfo &info(Alg alg) noexcept { return kAlgorithms[std::to_underlying(alg)]; }

const AlgInfo *findAlg(std::string_view name) noexcept
{
    const auto found = std::ranges::find(kAlgorithms, name, &AlgInfo::name);
    return found == kAlgorithms.end() ? nullptr : &*found;
}

} // namespace postern
