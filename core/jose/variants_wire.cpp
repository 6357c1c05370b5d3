// SPDX-License-Identifier: Apache-2.0
#include "core/jose/variants_wire.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern {

namespace {

// Both gateways know the same algorithms.
constexpr std::array<std::string_view, 4> kUnknown = {"ES256K", "Ed25519", "Ed448", "ML-DSA"};
constexpr std::size_t kPssOctets = 256; // of a signature, whatever the key

bool isMeant(const VariantBase &base)
{
    const std::string_view name = info(base.alg).name;
    return !base.keyClaim.empty() && std::ranges::none_of(kUnknown, [name](std::string_view one) {
        return name.starts_with(one);
    });
}

/// A variant that demands an issuer names another one; the gateway takes that for its key.
Wire wireOf(const VariantRow &row, const VariantBase &base)
{
    return base.keyClaim == "iss" && !row.issuer.empty() ? Wire::UnknownKey : row.wire;
}

/// What Kong's jwt does, in the order of its checks. kong.md 3.5
enum class Kong : std::uint8_t {
    Json,
    Alg,
    SignatureText,
    NoKey,
    UnknownKey,
    OtherAlg,
    Signature,
    Accepted,
    Unauthorized, ///< one of these
};

struct KongRow
{
    std::string_view id;
    Kong answer;
};

// Where Kong does not do what APISIX does.
constexpr KongRow kKongRows[] = {
    // An empty third part is one, and what follows a third dot belongs to it.
    {"signature-empty", Kong::Signature},
    {"four-parts", Kong::SignatureText},
    {"tab-in-signature", Kong::SignatureText},
    {"signature-alphabet", Kong::SignatureText},
    {"base64-length", Kong::SignatureText},
    {"standard-alphabet", Kong::Json},
    // The names it knows come first, the credential's own later.
    {"alg-none", Kong::Alg},
    {"alg-none-signed", Kong::Alg},
    {"alg-none-capital", Kong::Alg},
    {"alg-none-upper", Kong::Alg},
    {"alg-none-mixed", Kong::Alg},
    {"alg-none-escaped", Kong::Alg},
    {"alg-missing", Kong::Alg},
    {"alg-number", Kong::Alg},
    {"alg-lower-case", Kong::Alg},
    {"duplicate-alg", Kong::Alg},
    {"alg-sibling", Kong::OtherAlg},
    {"alg-asymmetric", Kong::OtherAlg},
    {"alg-confusion", Kong::OtherAlg},
    {"alg-confusion-trimmed", Kong::OtherAlg},
    // Times count only where the route lists them.
    {"expired", Kong::Accepted},
    {"expired-now", Kong::Accepted},
    {"expired-long-ago", Kong::Accepted},
    {"exp-negative", Kong::Accepted},
    {"exp-string", Kong::Accepted},
    {"exp-null", Kong::Accepted},
    {"nbf-future", Kong::Accepted},
    {"nbf-string", Kong::Accepted},
    {"duplicate-exp-reversed", Kong::Accepted},
};

Kong kongOf(const VariantRow &row, const VariantBase &base)
{
    const auto *const known = std::ranges::find(kKongRows, row.id, &KongRow::id);
    if (known != std::end(kKongRows))
        return known->answer;
    constexpr std::array kSame{Kong::Accepted,   Kong::Json,      Kong::NoKey,
                               Kong::UnknownKey, Kong::Signature, Kong::Unauthorized};
    return kSame[std::to_underlying(wireOf(row, base))];
}

/// The size that Kong wants of a signature; 0: any.
std::size_t signatureSize(const AlgInfo &alg)
{
    if (alg.pss)
        return kPssOctets;
    return alg.keyType == KeyType::Ec ? alg.signatureSize : 0;
}

std::size_t octetsOfSignature(std::string_view token)
{
    std::string_view text = token.substr(token.rfind('.') + 1);
    text = text.substr(0, text.find('='));
    return text.size() * 3 / 4;
}

WireExpectation kongText(Kong answer, std::string_view claim)
{
    switch (answer) {
    case Kong::Json:
        return {401, "Bad token; invalid JSON"};
    case Kong::Alg:
        return {401, "Bad token; invalid alg"};
    case Kong::SignatureText:
        return {401, "Bad token; invalid signature"};
    case Kong::NoKey:
        return {401, std::format("No mandatory '{}' in claims", claim)};
    case Kong::UnknownKey:
        return {401, std::format("No credentials found for given '{}'", claim)};
    case Kong::OtherAlg:
        return {401, "Invalid algorithm"};
    case Kong::Signature:
        return {401, "Invalid signature"};
    case Kong::Accepted:
        return {200, {}};
    case Kong::Unauthorized:
        break;
    }
    return {401, {}};
}

} // namespace

std::optional<WireExpectation> apisixAnswer(const VariantRow &row, const VariantBase &base)
{
    if (!isMeant(base))
        return std::nullopt;
    const Wire wire = wireOf(row, base);
    const bool isPssOfOtherSize =
        info(base.alg).pss && base.key && base.key->bits() / 8 != kPssOctets;
    constexpr std::array<std::pair<int, std::string_view>, 6> kAnswers{{
        {200, {}},
        {401, "JWT token invalid"},
        {401, "missing user key in JWT token"},
        {401, "Invalid user key in JWT token"},
        {401, "failed to verify jwt"},
        {401, {}},
    }};
    const auto &[status, message] = kAnswers[std::to_underlying(
        wire == Wire::Accepted && isPssOfOtherSize ? Wire::Refused : wire)];
    return WireExpectation{status, std::string(message)};
}

std::optional<WireExpectation> kongAnswer(const VariantRow &row, const VariantBase &base,
                                          std::string_view token)
{
    if (!isMeant(base))
        return std::nullopt;
    const Kong answer = kongOf(row, base);
    const std::size_t size = signatureSize(info(base.alg));
    const bool isCompared = answer == Kong::Signature || answer == Kong::Accepted;
    if (isCompared && size != 0 && octetsOfSignature(token) != size)
        return WireExpectation{500, "An unexpected error occurred"};
    return kongText(answer, base.keyClaim);
}

} // namespace postern
