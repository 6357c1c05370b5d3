// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/batch.h"

namespace postern::cli {

/// `token verify --batch`: {"token","key"|"jwks"|"secret_b64u","now","leeway","aud","iss","sub",
/// "typ","algs","require","max_age","detached","kind","profile"} to
/// {"valid","stage","reason","checks"}; both empty texts when the token is valid. Keys that
/// consecutive lines repeat are read once. One thread.
[[nodiscard]] BatchAnswer verifyAnswers();

/// `token inspect --batch`: {"token","now","key"} to
/// {"shape","header_text","payload_text","lint","trim"}.
[[nodiscard]] BatchAnswer inspectAnswers();

} // namespace postern::cli
