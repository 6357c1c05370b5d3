// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/handle.h"

#include <openssl/ssl.h>

namespace postern::gateway {

// One pointer wide, as in core/crypto/handle.h, for what libssl and the certificate stores own.
using SslContext = OpenSslHandle<SSL_CTX, SSL_CTX_free>;
using SslHandle = OpenSslHandle<SSL, SSL_free>;
using TrustStore = OpenSslHandle<X509_STORE, X509_STORE_free>;

} // namespace postern::gateway
