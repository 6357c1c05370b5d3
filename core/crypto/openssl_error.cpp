// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/openssl_error.h"

#include <openssl/err.h>

namespace postern {

Error openSslError(Errc code, std::string_view what)
{
    Error error{code, std::string(what), {}};
    // The queue may hold text from the input; only OpenSSL's own reason strings are shown.
    if (const char *reason = ERR_reason_error_string(ERR_peek_error()))
        error.detail.append(": ").append(reason);
    ERR_clear_error();
    return error;
}

void clearOpenSslErrors() noexcept { ERR_clear_error(); }

} // namespace postern
