// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <string>
#include <string_view>

namespace postern {

/// The digest of that OpenSSL name ("SHA256", "SHA384", "SHA512", "SHA1"), fetched once per
/// process. \return nullptr for other names. Any thread; never freed by the caller.
[[nodiscard]] const EVP_MD *fetchedDigest(std::string_view name) noexcept;

/// The HMAC implementation, fetched once per process.
[[nodiscard]] EVP_MAC *fetchedHmac() noexcept;

/// SHA-256 of the octets: 32 raw octets. Any thread.
[[nodiscard]] std::string sha256(std::string_view octets);

/// SHA-512 of the octets: 64 raw octets. Any thread.
[[nodiscard]] std::string sha512(std::string_view octets);

} // namespace postern
