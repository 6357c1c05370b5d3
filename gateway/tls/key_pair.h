// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/tls/handle.h"

#include <string_view>
#include <vector>

namespace postern::gateway {

/// A certificate, those that issued it, and its private key.
struct TlsKeyPair
{
    Certificate certificate;
    std::vector<Certificate> chain; ///< as sent behind it; may be empty
    Pkey key;
};

/// Every certificate of a PEM text, the first one's own. Read as strictly as the original does.
/// \return CertificateUnusable with APISIX's text ("failed to parse cert: ...")
[[nodiscard]] Result<std::vector<Certificate>> readCertificates(std::string_view pem);

/// A certificate and the key that belongs to it, both PEM. An encrypted key is refused: nobody is
/// there to type its passphrase.
/// \return CertificateUnusable with APISIX's text ("failed to parse key: ...")
[[nodiscard]] Result<TlsKeyPair> readKeyPair(std::string_view certificate, std::string_view key);

} // namespace postern::gateway
