// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <string_view>

namespace postern {

/// True if the text starts as a line of an OpenSSH public key ("ssh-ed25519 AAAA… comment").
[[nodiscard]] bool looksLikeOpenSsh(std::string_view text) noexcept;

/// An OpenSSH public key (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4) as JWK. RSA, the three NIST
/// curves, Ed25519 and Ed448. \return KeyFormat, KeyType (certificates, hardware keys, DSA)
[[nodiscard]] Result<Json> jwkFromOpenSsh(std::string_view text);

} // namespace postern
