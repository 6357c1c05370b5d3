// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "gui/tokens/key_ring.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace postern::gui {

/// What a new token is to be.
struct MintRequest
{
    std::string consumer, credential; ///< credential empty: the consumer's first
    std::optional<std::int64_t> lifetime; ///< seconds; nullopt: no exp
    std::vector<std::string> claims; ///< as `postern token mint --claim` takes them
    std::string profile = "apisix"; ///< whose key claim is written
};

/// Signs with the credential's key.
/// \return NotFound (no such credential), KeyMissing, or the claim at fault in `where`
[[nodiscard]] Result<std::string> mintToken(const KeyRing &ring, const MintRequest &request,
                                            Timestamp now);

/// The command line that mints such a token.
[[nodiscard]] std::string mintCommand(const KeyRing &ring, const MintRequest &request);

} // namespace postern::gui
