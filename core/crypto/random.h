// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"

#include <cstddef>

namespace postern {

/// Octets from the system's CSPRNG (OpenSSL's private DRBG). \return Crypto if it fails
[[nodiscard]] Result<Secret> randomOctets(std::size_t count);

} // namespace postern
