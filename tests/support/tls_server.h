// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/handle.h"
#include "tests/support/raw_upstream.h"

#include <chrono>
#include <string>

namespace postern::test {

/// A certificate and its key, made for one test.
struct TlsIdentity
{
    Pkey key;
    Certificate certificate;

    [[nodiscard]] std::string pem() const; ///< of the certificate alone
};

/// What a server's certificate says.
struct TlsNames
{
    std::string subject = "server";
    std::string alternatives = "IP:127.0.0.1"; ///< as in OpenSSL's configuration
    std::chrono::hours from{-48}, until{48}; ///< from now
};

[[nodiscard]] TlsIdentity makeAuthority(const std::string &subject);
[[nodiscard]] TlsIdentity issue(const TlsIdentity &authority, const TlsNames &names = {});

/// A script: one TLS handshake, then the first request is answered with these octets and the
/// connection closed. A client that ends the handshake is left alone.
[[nodiscard]] RawUpstream::Script answeringOverTls(const TlsIdentity &identity, std::string octets);

} // namespace postern::test
