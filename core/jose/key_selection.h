// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/alg.h"
#include "core/jose/jwks.h"
#include "core/jose/jwt.h"
#include "core/jose/key.h"

#include <string_view>

namespace postern {

/// Whether type, curve, use, key_ops and alg of the key fit; its strength is judged later.
[[nodiscard]] bool couldVerify(const Key &key, Alg alg);

/// The key that a token of this algorithm and kid is to be verified with: of a set as
/// KeySet::select() chooses (a key without kid may stand for an unknown one, if no other without
/// kid fits), else the only one there is; whether that fits is told by later checks.
/// \param kid of the token; empty: none
[[nodiscard]] Result<Key> selectKey(const TrustedKeys &trusted, Alg alg, std::string_view kid);

/// Whether it is said which algorithm a token is verified with, when the caller names none: by the
/// key's own `alg` or because only one fits it. A secret that says nothing stands for HS256, an RSA
/// key for RS256; for anything else the token's own `alg` would decide, and that must not be.
/// A token that cannot be read, or that no trusted key is for, passes: its verdict says so.
/// \return AlgUndecided with the candidates
[[nodiscard]] Result<void> checkAlgorithmNamed(std::string_view token, const TrustedKeys &trusted,
                                               const JwtPolicy &policy);

/// The usable keys of a set, and the set itself.
[[nodiscard]] TrustedKeys trustSet(KeySet set);

} // namespace postern
