// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_variants.h"

#include "core/jose/variant_maker.h"
#include "core/jose/variants_wire.h"

#include <algorithm>
#include <array>
#include <utility>

namespace postern {

namespace {

std::uint8_t familyOf(KeyType type) noexcept
{
    constexpr std::array<std::uint8_t, 5> kFamilies = {kHmac, kRsa, kEc, kOkp, kAkp};
    return kFamilies[std::to_underlying(type)];
}

/// A secret that is too short is refused before anything behind the header is looked at.
StrictExpectation strictOf(const VariantRow &row, const VariantBase &base)
{
    const AlgInfo &alg = info(base.alg);
    const bool isWeak =
        base.key && alg.keyType == KeyType::Oct && base.key->bits() / 8 < alg.minKeyBytes;
    constexpr std::array<std::string_view, 3> kTextClaims{"iss", "sub", "jti"}; // RFC 7519 4.1
    if (row.id == "key-number" && std::ranges::contains(kTextClaims, base.keyClaim))
        return isWeak ? atKey("key-weak") : atClaims("claim-type");
    const bool isBefore = row.strict.stage == "parse" || row.strict.stage == "header";
    return isWeak && !isBefore ? atKey("key-weak") : row.strict;
}

} // namespace

std::vector<TokenVariant> makeVariants(const VariantBase &base)
{
    const VariantMaker maker(base);
    const std::uint8_t family = familyOf(info(base.alg).keyType);
    std::vector<TokenVariant> variants;
    for (const std::span<const VariantRow> rows :
         {shapeVariants(), headerVariants(), signatureVariants(), claimVariants()}) {
        for (const VariantRow &row : rows) {
            std::string token = (row.on & family) != 0 ? row.make(maker) : std::string();
            if (token.empty())
                continue;
            const auto kong = kongAnswer(row, base, token);
            variants.push_back({row.id, row.sentence, std::move(token), strictOf(row, base),
                                apisixAnswer(row, base), kong, row.audience, row.issuer});
        }
    }
    return variants;
}

} // namespace postern
