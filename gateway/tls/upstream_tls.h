// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/secret/reference.h"
#include "gateway/tls/ssl_object.h"

#include <memory>
#include <string>
#include <string_view>

namespace postern::gateway {

class TlsDirectory;

/// How connections of an https upstream are made. Immutable after construction; any thread.
struct UpstreamTls
{
    std::shared_ptr<const ClientIdentity> identity; ///< with or without a certificate
    std::string certificateId; ///< an `ssls` object to use instead; or empty
    std::shared_ptr<X509_STORE> trust; ///< nullptr: the upstream's certificate is not verified

    /// What is shown to the upstream. \return nullptr if the `ssls` object is not there
    [[nodiscard]] std::shared_ptr<const ClientIdentity> shown(const TlsDirectory *directory) const;
};

/// Connections that show no certificate.
/// \param verify the server's certificate against `trust` (nullptr: the system's authorities)
/// \return CertificateUnusable, Crypto
[[nodiscard]] Result<std::shared_ptr<const UpstreamTls>>
anonymousTls(bool verify, const std::shared_ptr<X509_STORE> &trust);

/// \param tls the upstream's member of that name, or nullptr. apisix.md 1.10
/// \param user storage key of the object that has it: compiled anew when a secret of it changes
/// \param trust authorities of the server; nullptr: the system's
/// \return CertificateUnusable, SecretUnresolved, SecretManager, SecretMember, Crypto
[[nodiscard]] Result<std::shared_ptr<const UpstreamTls>>
compileUpstreamTls(const Json *tls, const SecretResolver &secrets, std::string_view user,
                   const std::shared_ptr<X509_STORE> &trust);

} // namespace postern::gateway
