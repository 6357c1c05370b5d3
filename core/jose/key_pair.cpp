// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key_pair.h"

#include "core/jose/key.h"

#include <algorithm>
#include <array>
#include <utility>

namespace postern {
namespace {

constexpr std::array<KeyPairKind, 7> kKinds{{{"RSA 2048", Alg::RS256, 2048, 112},
                                             {"RSA 3072", Alg::RS256, 3072, 128},
                                             {"RSA 4096", Alg::RS256, 4096, 152},
                                             {"EC P-256", Alg::ES256, 0, 128},
                                             {"EC P-384", Alg::ES384, 0, 192},
                                             {"EC P-521", Alg::ES512, 0, 256},
                                             {"Ed25519", Alg::Ed25519, 0, 128}}};

} // namespace

std::span<const KeyPairKind> keyPairKinds() noexcept { return kKinds; }

const KeyPairKind *keyPairKindFor(Alg alg) noexcept
{
    const auto *const found =
        std::ranges::find_if(kKinds, [alg](const KeyPairKind &kind) { return fits(kind, alg); });
    return found == kKinds.end() ? nullptr : found;
}

bool fits(const KeyPairKind &kind, Alg alg) noexcept
{
    const AlgInfo &ours = info(kind.alg), &wanted = info(alg);
    // EdDSA names no curve: Ed25519 is one of its two
    return ours.keyType == wanted.keyType
        && (ours.curve == wanted.curve || (alg == Alg::EdDSA && kind.alg == Alg::Ed25519));
}

Result<GeneratedKeyPair> generateKeyPair(const KeyPairKind &kind)
{
    const auto made = Key::generate(kind.alg, kind.bits == 0 ? 2048 : kind.bits);
    if (!made)
        return std::unexpected(made.error());
    const Key key = made->withKid(made->thumbprint());
    auto privatePem = key.toPem(true);
    auto publicPem = key.toPem(false);
    if (!privatePem || !publicPem)
        return std::unexpected((privatePem ? publicPem : privatePem).error());
    return GeneratedKeyPair{Secret(*privatePem), std::move(*publicPem),
                            Secret(key.toJwk(true).dump(2)), key.toJwk(false).dump(2)};
}

} // namespace postern
