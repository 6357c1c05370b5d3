// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/pkey.h"
#include "core/error.h"

#include <string_view>

namespace postern {

/// Keys that a passphrase protects are read by QCA, in secure memory; QCA knows RSA keys, and reads
/// the old ciphers of PKCS#12 files too. What it has no type for (EC, EdDSA, ML-DSA), and
/// everything where its OpenSSL provider is not installed, is read by OpenSSL itself.

/// Encrypted PEM by QCA. \return the key, or KeyFormat if QCA cannot read it (OpenSSL then may)
[[nodiscard]] Result<LoadedPkey> decryptPem(std::string_view text, std::string_view passphrase);

/// True for the octets of a PKCS#12 file ("PFX", version 3).
[[nodiscard]] bool looksLikePkcs12(std::string_view octets) noexcept;

/// The private key of a PKCS#12 file; without one, the public key of its certificate.
/// \return KeyFormat, KeyPassphrase
[[nodiscard]] Result<LoadedPkey> loadPkcs12(std::string_view octets, std::string_view passphrase);

} // namespace postern
