// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/crypto/handle.h"
#include "core/error.h"

#include <string>
#include <string_view>

namespace postern {

/// A key read from a file, not yet checked for its use.
struct LoadedPkey
{
    Pkey pkey;
    bool isPrivate = false;
};

/// Reads PEM text: SPKI, PKCS#1, PKCS#8 (encrypted too), SEC1, X.509 certificate (its public key).
/// Never asks on the terminal. \return KeyFormat, KeyPassphrase
[[nodiscard]] Result<LoadedPkey> loadPem(std::string_view text, std::string_view passphrase);

/// Reads the same structures as DER. \return KeyFormat, KeyPassphrase
[[nodiscard]] Result<LoadedPkey> loadDer(std::string_view octets, std::string_view passphrase);

/// SubjectPublicKeyInfo, or unencrypted PKCS#8 if `includePrivate`, as PEM.
[[nodiscard]] Result<std::string> writePem(const Pkey &pkey, bool includePrivate);

/// Octets of a parameter ("n", "priv", "pub", ...), unsigned big-endian and left-padded to `width`
/// for numbers (0: minimal); empty if the key has no such parameter.
[[nodiscard]] Secret numberOf(const Pkey &pkey, const char *name, std::size_t width = 0);
[[nodiscard]] Secret octetsOf(const Pkey &pkey, const char *name);

} // namespace postern
