// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/tls/handle.h"

#include <memory>
#include <string_view>

namespace postern::gateway {

/// The system's authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR; read once for everybody
/// who holds them. Any thread. \return CertificateUnusable
[[nodiscard]] Result<std::shared_ptr<X509_STORE>> systemTrust();

/// Reads APISIX's `ssl_trusted_certificate`: PEM files with commas between them; `system` stands
/// for what systemTrust() gives.
/// \return the authorities; nullptr for `system` alone, which is read when it is needed; or Config
/// with the file in `where`
[[nodiscard]] Result<std::shared_ptr<X509_STORE>> readTrust(std::string_view setting);

} // namespace postern::gateway
