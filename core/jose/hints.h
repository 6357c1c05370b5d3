// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/jws.h"
#include "core/jose/key.h"

#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// Why a signature does not fit: tries the usual misreadings and names those under which it does
/// fit. Secrets: well-known sample secrets, the secret as base64, base64url or hex or the other way
/// round, a trailing newline, quotes around it. Keys: the public key's PEM text as HMAC secret,
/// another algorithm of the family, ECDSA in DER, PSS salt of another length.
/// \param key the key that was expected to fit
/// \return one sentence per reading that fits; never holds the configured secret. For people:
/// tries about a hundred signatures, so never on the request path
[[nodiscard]] std::vector<std::string> explainMismatch(const DecodedJws &token, const Key &key);

/// The same for a secret given as text, without a Key: also for empty ones.
[[nodiscard]] std::vector<std::string> explainMismatch(const DecodedJws &token,
                                                       std::string_view secret);

} // namespace postern
