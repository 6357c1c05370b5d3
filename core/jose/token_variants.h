// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/alg.h"
#include "core/jose/key.h"
#include "core/json/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// What a strict verifier (RFC 8725) answers that accepts one algorithm and one key.
struct StrictExpectation
{
    bool valid = false;
    std::string_view stage; ///< "parse", "header", "key", "signature", "claims"; empty if valid
    std::string_view reason; ///< slug of core/errors.def; empty if valid
};

/// What a gateway answers, its route as it is by default but for the key claim's name.
struct WireExpectation
{
    int status = 0;
    std::string message; ///< of the body; empty: it depends on the version
};

/// A deliberately broken token and the verdicts it should get. Predicted from the standards and
/// the products' behaviour; no verifier of ours was asked.
struct TokenVariant
{
    std::string_view id; ///< stable: "alg-none"
    std::string_view sentence; ///< what was done to the good token
    std::string token;
    StrictExpectation strict;
    std::optional<WireExpectation> apisix; ///< 3.18, jwt-auth; none if it cannot have the consumer
    std::optional<WireExpectation> kong; ///< 3.x, jwt; likewise
    std::string_view audience, issuer; ///< demanded of this variant; empty: not
};

/// The good token that is varied.
struct VariantBase
{
    Alg alg = Alg::HS256;
    std::optional<Key> key; ///< signs; without a private part only what needs no signing is made
    std::string headerText, payloadText; ///< JSON objects
    std::string signature; ///< octets; used when `key` cannot sign
    std::int64_t now = 0; ///< UNIX seconds
    std::int64_t grace = 0; ///< the consumer's lifetime_grace_period
    std::string keyClaim; ///< by which the gateway finds the consumer; empty: no gateway is meant
};

/// Every variant that applies to the algorithm and can be made with the key; the first, "control",
/// is the good token itself. Verified with `algs` = that algorithm and, if there is a key claim,
/// `require` = that claim, at `now`.
[[nodiscard]] std::vector<TokenVariant> makeVariants(const VariantBase &base);

} // namespace postern
