// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/alg.h"
#include "core/jose/jwt.h"
#include "core/jose/key.h"

#include <span>
#include <string_view>
#include <vector>

namespace postern {

/// Whether type, curve, use, key_ops and alg of the key fit; its strength is judged later.
[[nodiscard]] bool couldVerify(const Key &key, Alg alg);

/// The key that a token of this algorithm and kid is to be verified with. Of a set exactly one key
/// must remain, nothing is tried: by algorithm, then by kid if the token has one. RFC 7517 4.5.
/// \param kid of the token; empty: none
/// \param isSet false: the only key there is; whether it fits is told by later checks
/// \return KeyMissing (with the kids there are), KeyAmbiguous, or why the named key does not fit
[[nodiscard]] Result<const Key *> selectKey(std::span<const Key> keys, Alg alg,
                                            std::string_view kid, bool isSet);

/// The usable keys of a JWK set. \param skipped gets why the others are none; may be nullptr
/// \return KeyFormat if it is no set
[[nodiscard]] Result<TrustedKeys> trustedSet(const Json &document,
                                             std::vector<Error> *skipped = nullptr);

} // namespace postern
