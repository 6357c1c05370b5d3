// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/variant_maker.h"

#include <optional>

// What gateways answer to a variant. For core/jose only.
namespace postern {

/// APISIX 3.18 jwt-auth, the route as it is by default but for the name of the key claim.
/// \return nothing if it cannot have such a consumer, or none is meant
[[nodiscard]] std::optional<WireExpectation> apisixAnswer(const VariantRow &row,
                                                          const VariantBase &base);

/// Kong 3.x jwt likewise: claims_to_verify is empty, so exp and nbf are not looked at.
/// \param token of the variant: Kong fails on signatures of a wrong size
[[nodiscard]] std::optional<WireExpectation>
kongAnswer(const VariantRow &row, const VariantBase &base, std::string_view token);

} // namespace postern
