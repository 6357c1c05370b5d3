// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/admin_access.h"
#include "core/jose/key.h"
#include "core/jose/why.h"

#include <chrono>
#include <string>
#include <vector>

namespace postern::cli {

/// How a credential is called: "jack / cred-jack-jwt-auth".
[[nodiscard]] std::string nameOf(const JwtCredential &credential);

/// The verification keys of every consumer's jwt-auth credentials, as candidates that were not
/// expected to fit: those of the source that is named, else of a running gateway, else none.
/// Credentials whose key cannot be read are left out. \param limit stops asking after this time
[[nodiscard]] std::vector<WhyCandidate>
consumerKeys(const ObjectSource &source,
             std::chrono::milliseconds limit = std::chrono::milliseconds(400));

/// Who signed a token, in words: "jack / cred-jack-jwt-auth", "well-known sample secret \"…\"";
/// empty if none of the candidates fits. Algorithms are taken from the token.
[[nodiscard]] std::string signerOf(const DecodedJws &token,
                                   const std::vector<WhyCandidate> &candidates);

} // namespace postern::cli
