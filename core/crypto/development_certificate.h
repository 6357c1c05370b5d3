// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/handle.h"
#include "core/error.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// A certificate and its private key, both PEM.
struct IssuedCertificate
{
    std::string certificate;
    std::string key; ///< PKCS#8; a secret
};

/// A certificate authority for development, self-signed: RSA 3072, made with QCA and signed anew
/// with SHA-256 (QCA's provider still signs with SHA-1).
/// \param subject its common name \return Crypto, Unsupported without QCA's OpenSSL provider
[[nodiscard]] Result<IssuedCertificate> makeAuthority(std::string_view subject,
                                                      std::chrono::days life);

/// A server's certificate from that authority, P-256: QCA has neither EC keys nor addresses among
/// alternative names.
/// \param hosts DNS names (`*.x` too), IPv4 and IPv6 addresses; the first is the common name
/// \return KeyFormat (the authority cannot be read), KeyType (it may not issue), InvalidArgument
/// for a host, Crypto
[[nodiscard]] Result<IssuedCertificate> issueCertificate(const IssuedCertificate &authority,
                                                         const std::vector<std::string> &hosts,
                                                         std::chrono::days life);

/// What a certificate says, for people.
struct CertificateText
{
    std::string subject, issuer; ///< RFC 2253
    std::vector<std::string> hosts; ///< "a.example", "127.0.0.1"
    std::string serial, key, signature, fingerprint; ///< hex, "RSA 3072", "sha256…", SHA-256 hex
    std::int64_t notBefore = 0, notAfter = 0; ///< UNIX seconds
    bool authority = false;
};

/// Every certificate of a PEM text, or the one of DER octets. \return KeyFormat
[[nodiscard]] Result<std::vector<CertificateText>> describeCertificates(std::string_view octets);

} // namespace postern
