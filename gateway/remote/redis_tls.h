// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <string>

#include <openssl/types.h>

struct redisAsyncContext;

namespace postern::gateway {

/// Reads what TLS to Redis needs (the system's certificate authorities, SSL_CERT_FILE), once in a
/// process. Called where configuration is compiled, so that no worker reads files. Any thread.
void prepareRedisTls();

/// Starts TLS on a connected socket; the handshake goes on with the first reads and writes.
/// \param verify the certificate must be trusted and made out for `host`
/// \param trust authorities to believe; nullptr: the system's
/// \return LimitStore with OpenSSL's reason
[[nodiscard]] Result<void> startRedisTls(redisAsyncContext &context, const std::string &host,
                                         bool verify, X509_STORE *trust);

} // namespace postern::gateway
