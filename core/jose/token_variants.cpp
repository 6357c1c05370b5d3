// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_variants.h"

#include "core/jose/variant_maker.h"

#include <algorithm>
#include <array>
#include <utility>

namespace postern {

namespace {

constexpr std::array<std::string_view, 4> kUnknownToApisix = {"ES256K", "Ed25519", "Ed448",
                                                              "ML-DSA"};
constexpr unsigned kPssBits = 2048; // APISIX demands PSS signatures of 256 octets

std::uint8_t familyOf(KeyType type) noexcept
{
    constexpr std::array<std::uint8_t, 5> kFamilies = {kHmac, kRsa, kEc, kOkp, kAkp};
    return kFamilies[std::to_underlying(type)];
}

ApisixExpectation answerOf(Wire wire)
{
    constexpr std::array<ApisixExpectation, 6> kAnswers{{
        {200, {}},
        {401, "JWT token invalid"},
        {401, "missing user key in JWT token"},
        {401, "Invalid user key in JWT token"},
        {401, "failed to verify jwt"},
        {401, {}},
    }};
    return kAnswers[std::to_underlying(wire)];
}

/// The rules of this algorithm and key on top of a row's own.
class Expectations
{
public:
    explicit Expectations(const VariantBase &base)
    {
        const AlgInfo &row = info(base.alg);
        const bool known = std::ranges::none_of(
            kUnknownToApisix, [&](std::string_view name) { return row.name.starts_with(name); });
        m_gateway = known && !base.keyClaim.empty();
        m_pssRefused = row.pss && base.key && base.key->bits() != kPssBits;
        m_weakKey =
            base.key && row.keyType == KeyType::Oct && base.key->bits() / 8 < row.minKeyBytes;
    }

    [[nodiscard]] StrictExpectation strict(StrictExpectation row) const
    {
        const bool before = row.stage == "parse" || row.stage == "header";
        return m_weakKey && !before ? atKey("key-weak") : row;
    }
    [[nodiscard]] std::optional<ApisixExpectation> apisix(Wire wire) const
    {
        if (!m_gateway)
            return std::nullopt;
        return answerOf(wire == Wire::Accepted && m_pssRefused ? Wire::Refused : wire);
    }

private:
    bool m_gateway = false, m_pssRefused = false, m_weakKey = false;
};

} // namespace

std::vector<TokenVariant> makeVariants(const VariantBase &base)
{
    const VariantMaker maker(base);
    const Expectations expectations(base);
    const std::uint8_t family = familyOf(info(base.alg).keyType);
    std::vector<TokenVariant> variants;
    for (const std::span<const VariantRow> rows :
         {shapeVariants(), headerVariants(), signatureVariants(), claimVariants()}) {
        for (const VariantRow &row : rows) {
            std::string token = (row.on & family) != 0 ? row.make(maker) : std::string();
            if (token.empty())
                continue;
            variants.push_back({row.id, row.sentence, std::move(token),
                                expectations.strict(row.strict), expectations.apisix(row.wire),
                                row.audience, row.issuer});
        }
    }
    return variants;
}

} // namespace postern
