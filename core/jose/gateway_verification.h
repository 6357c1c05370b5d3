// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/profile.h"

namespace postern {

/// Goes through a gateway's checks in its order and stops where it would. Use verifyAs().
[[nodiscard]] ProfileVerdict verifyAsGateway(const TokenProfile &profile, std::string_view token,
                                             const TrustedKeys &trusted, const JwtPolicy &policy,
                                             std::int64_t now);

} // namespace postern
