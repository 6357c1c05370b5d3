// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_tls.h"

#include "core/crypto/handle.h"
#include "core/crypto/openssl_error.h"
#include "gateway/server/socket.h"

#include <hiredis/async.h>
#include <hiredis/hiredis_ssl.h>
#include <openssl/ssl.h>

namespace postern::gateway {
namespace {

using TlsContext = OpenSslHandle<SSL_CTX, SSL_CTX_free>;
using Tls = OpenSslHandle<SSL, SSL_free>;

TlsContext makeContext(bool verify)
{
    TlsContext context(SSL_CTX_new(TLS_client_method()));
    if (!context)
        return context;
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context.get(), verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    if (verify && SSL_CTX_set_default_verify_paths(context.get()) != 1)
        context.reset();
    return context;
}

SSL_CTX *contextFor(bool verify)
{
    static const TlsContext verifying = makeContext(true);
    static const TlsContext trusting = makeContext(false);
    return (verify ? verifying : trusting).get();
}

/// SNI, and the name that the certificate must have.
bool nameHost(SSL *tls, const std::string &host, bool verify)
{
    const bool address = SocketAddress::fromNumeric(host, 0).has_value();
    if (!address && SSL_set_tlsext_host_name(tls, host.c_str()) != 1)
        return false;
    if (!verify)
        return true;
    return address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1
                   : SSL_set1_host(tls, host.c_str()) == 1;
}

} // namespace

void prepareRedisTls()
{
    static_cast<void>(contextFor(true));
    clearOpenSslErrors();
}

Result<void> startRedisTls(redisAsyncContext &context, const std::string &host, bool verify,
                           X509_STORE *trust)
{
    SSL_CTX *const shared = contextFor(verify);
    Tls tls(shared ? SSL_new(shared) : nullptr);
    if (!tls || !nameHost(tls.get(), host, verify))
        return std::unexpected(openSslError(Errc::LimitStore, "TLS cannot be started"));
    if (trust)
        SSL_set1_verify_cert_store(tls.get(), trust);
    if (redisInitiateSSL(&context.c, tls.get()) != REDIS_OK) {
        clearOpenSslErrors();
        return fail(Errc::LimitStore, std::string("TLS: ") + context.c.errstr);
    }
    static_cast<void>(tls.release()); // hiredis frees it with the connection
    return {};
}

} // namespace postern::gateway
