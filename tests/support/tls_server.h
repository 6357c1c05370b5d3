// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/handle.h"
#include "tests/support/raw_upstream.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace postern::test {

/// A certificate and its key, made for one test.
struct TlsIdentity
{
    Pkey key;
    Certificate certificate;

    [[nodiscard]] std::string pem() const; ///< of the certificate alone
    [[nodiscard]] std::string keyPem() const; ///< PKCS#8
};

/// What a server's certificate says.
struct TlsNames
{
    std::string subject = "server";
    std::string alternatives = "IP:127.0.0.1"; ///< as in OpenSSL's configuration
    std::chrono::hours from{-48}, until{48}; ///< from now
    bool rsa = false; ///< otherwise P-256
    bool authority = false; ///< an intermediate one
};

[[nodiscard]] TlsIdentity makeAuthority(const std::string &subject);
[[nodiscard]] TlsIdentity issue(const TlsIdentity &authority, const TlsNames &names = {});

/// What a TLS server of a test saw.
struct TlsMeetings
{
    std::mutex mutex;
    std::vector<std::string> names; ///< SNI of each connection; empty: none
    std::vector<std::string> clients; ///< subject of the client's certificate; empty: none
    std::vector<std::string> requests; ///< heads, "<connection>:GET ..."
};

/// A script: TLS, then every request's head is answered with what `answer` makes of it, the
/// connection kept. Client certificates are asked for and never verified.
[[nodiscard]] RawUpstream::Script
servingOverTls(const TlsIdentity &identity, std::shared_ptr<TlsMeetings> meetings,
               std::function<std::string(const std::string &head)> answer);

/// A script: TLS, then every request is answered with 200 and its own head as body, the connection
/// kept. Client certificates are asked for and never verified.
[[nodiscard]] RawUpstream::Script echoingOverTls(const TlsIdentity &identity,
                                                 std::shared_ptr<TlsMeetings> meetings);

/// A script: one TLS handshake, then the first request is answered with these octets and the
/// connection closed. A client that ends the handshake is left alone.
[[nodiscard]] RawUpstream::Script answeringOverTls(const TlsIdentity &identity, std::string octets);

} // namespace postern::test
