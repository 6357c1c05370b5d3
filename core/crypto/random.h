// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"

#include <cstddef>
#include <string>

namespace postern {

/// Octets from the system's CSPRNG (OpenSSL's private DRBG). \return Crypto if it fails
[[nodiscard]] Result<Secret> randomOctets(std::size_t count);

/// Sixteen octets as a UUID in lower case, with this version and the variant set in them. RFC
/// 9562 4.
[[nodiscard]] std::string uuidText(std::string octets, unsigned version);

/// A random UUID in lower case. RFC 9562 5.4 (version 4). \return Crypto if there are no numbers
[[nodiscard]] Result<std::string> randomUuid();

} // namespace postern
