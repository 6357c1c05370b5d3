// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/crypto/handle.h"
#include "core/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

/// What a certificate says besides its key. It is shown, never checked.
struct CertificateInfo
{
    std::string subject; ///< RFC 2253 text
    std::string issuer;
    std::int64_t notBefore = 0; ///< UNIX seconds
    std::int64_t notAfter = 0;
};

/// A key read from a file, not yet checked for its use.
struct LoadedPkey
{
    Pkey pkey;
    bool isPrivate = false;
    std::string_view form; ///< "PKCS#8", "SPKI", "X.509 certificate", …; static storage
    std::optional<CertificateInfo> certificate;
};

/// Reads PEM text: SPKI, PKCS#1, PKCS#8 (encrypted too), SEC1, X.509 certificate (its public key).
/// Never asks on the terminal. \return KeyFormat, KeyPassphrase
[[nodiscard]] Result<LoadedPkey> loadPem(std::string_view text, std::string_view passphrase);

/// True if the octets start as a DER SEQUENCE of about their length.
[[nodiscard]] bool looksLikeDer(std::string_view octets) noexcept;

/// Reads the same structures as DER, and PKCS#12. \return KeyFormat, KeyPassphrase
[[nodiscard]] Result<LoadedPkey> loadDer(std::string_view octets, std::string_view passphrase);

/// The key of a certificate, as loadPem() and loadDer() give it.
[[nodiscard]] Result<LoadedPkey> fromCertificate(const Certificate &certificate,
                                                 std::string_view what);

/// SubjectPublicKeyInfo, or unencrypted PKCS#8 if `includePrivate`, as PEM. An ML-DSA key that has
/// its seed is written as the seed alone (RFC 9881 6), so that what is written is what JWK holds.
[[nodiscard]] Result<std::string> writePem(const Pkey &pkey, bool includePrivate);
/// The same as DER.
[[nodiscard]] Result<std::string> writeDer(const Pkey &pkey, bool includePrivate);
/// EncryptedPrivateKeyInfo as PEM: PBES2, AES-256-CBC, PBKDF2 with HMAC-SHA-256, 210,000 rounds.
[[nodiscard]] Result<std::string> writeEncryptedPem(const Pkey &pkey, const Secret &passphrase);

/// A key with the public part only.
[[nodiscard]] Result<Pkey> publicPkey(const Pkey &pkey);

/// Octets of a parameter ("n", "priv", "pub", ...), unsigned big-endian and left-padded to `width`
/// for numbers (0: minimal); empty if the key has no such parameter.
[[nodiscard]] Secret numberOf(const Pkey &pkey, const char *name, std::size_t width = 0);
[[nodiscard]] Secret octetsOf(const Pkey &pkey, const char *name);

} // namespace postern
