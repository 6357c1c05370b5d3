// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/secret/reference.h"
#include "core/text/pattern.h"
#include "gateway/tls/handle.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// What an `ssls` object of type server shows to clients. Immutable after construction; any thread.
struct ServedCertificate
{
    /// Whom it lets in. apisix.md 1.10, `client`.
    struct ClientCheck
    {
        int depth = 1; ///< certificates between the client's and the authority
        std::vector<Pattern> exempt; ///< paths for which no client certificate is needed
    };

    std::uint64_t uid = 0; ///< unique per compilation: sessions do not outlive it
    std::string id;
    SslContext context; ///< its certificates (RSA and ECDSA side by side), chains and authorities
    std::optional<ClientCheck> client;
    int oldest = TLS1_2_VERSION; ///< ssl_protocols
    int newest = TLS1_3_VERSION;
    std::uint64_t without = 0; ///< SSL_OP_NO_*: versions between the two that are left out
};

/// What an `ssls` object of type client shows to upstreams. Immutable; any thread.
struct ClientIdentity
{
    std::uint64_t uid = 0;
    SslContext context;
};

/// An `ssls` object, compiled. Both pointers are empty for one that is switched off.
struct SslObject
{
    std::vector<std::string> names; ///< lower case, with their wildcards
    std::shared_ptr<const ServedCertificate> served;
    std::shared_ptr<const ClientIdentity> identity;
};

/// Checks certificates, keys and authorities of an object that fits its schema. References to
/// secrets are passed over. \return CertificateUnusable with APISIX's text
[[nodiscard]] Result<void> checkSslObject(const Json &object);

/// \return the object ready for handshakes, or CertificateUnusable, SecretUnresolved
[[nodiscard]] Result<SslObject> compileSslObject(const Json &object, std::string_view id,
                                                 const SecretResolver &secrets);

/// A client's context with that certificate and key. \return CertificateUnusable
[[nodiscard]] Result<std::shared_ptr<const ClientIdentity>>
makeClientIdentity(std::string_view certificate, std::string_view key);

} // namespace postern::gateway
