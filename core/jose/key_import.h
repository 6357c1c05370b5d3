// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/pkey.h"
#include "core/error.h"
#include "core/jose/jwks.h"
#include "core/jose/key.h"

#include <optional>
#include <string_view>
#include <vector>

namespace postern {

/// A key of a file, and what it was written as.
struct ImportedKey
{
    Key key;
    std::string_view form; ///< "JWK", "SPKI", "PKCS#8", "X.509 certificate", "OpenSSH", …
    std::optional<CertificateInfo> certificate;
};

/// All keys of a file.
struct ImportedKeys
{
    std::vector<ImportedKey> keys;
    std::vector<KeySet::Skipped> skipped; ///< of a JWKS
    bool isSet = false; ///< a JWKS
};

/// Reads every key of a file, detected by content: PEM (all its blocks), DER, PKCS#12, JWK, JWKS,
/// OpenSSH public key. A certificate beside its private key adds its dates, not a second key.
/// \return what Key::import() returns; a file of several blocks fails at its first bad block
[[nodiscard]] Result<ImportedKeys> importKeys(std::string_view octets,
                                              std::string_view passphrase = {});

} // namespace postern
