// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/why.h"

#include <chrono>
#include <span>
#include <string>

namespace postern {

/// Whether a token's signature fits, and if not, what was found out about it.
struct Misfit
{
    std::string alg; ///< the token's, as written
    std::string key; ///< the expected key, in words; empty: none was given
    bool fits = false;
    std::string obstacle; ///< what hinders every comparison; empty: nothing
    WhyReport report;
    std::chrono::milliseconds took{0};
};

/// Tries the expected candidates; where none fits, searches as explainSignature() does.
[[nodiscard]] Misfit explainMisfit(const DecodedJws &token,
                                   std::span<const WhyCandidate> candidates,
                                   const WhyOptions &options = {});

} // namespace postern
