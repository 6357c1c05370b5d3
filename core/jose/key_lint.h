// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/key.h"
#include "core/jose/lint.h"
#include "core/json/json.h"

#include <vector>

namespace postern {

/// Remarks about a usable key: advice, never a verdict. The ids are stable: small-exponent,
/// unknown-use, key-ops-unusable, private-material, weak-rsa, roca, short-secret, …
/// \param jwk the document it came from, null if there was none: for what the key itself no longer
/// shows (a modulus written with a leading zero)
[[nodiscard]] std::vector<LintFinding> lintKey(const Key &key, const Json &jwk = {});

} // namespace postern
