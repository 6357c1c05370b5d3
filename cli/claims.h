// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/claim_assignment.h"

namespace postern::cli {

/// As postern::assignClaim(); `k=@file` reads a file of the command line.
[[nodiscard]] Result<void> assignClaim(Json &object, std::string_view specification, Timestamp now,
                                       std::uint64_t number = 1);

} // namespace postern::cli
