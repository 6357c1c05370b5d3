// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls/upstream_tls.h"

#include "core/crypto/openssl_error.h"
#include "gateway/tls/directory.h"
#include "gateway/tls/session.h"

#include <mutex>
#include <utility>

namespace postern::gateway {
namespace {

/// Connections that show nothing are all alike: they share a context, and so their pools.
std::shared_ptr<const ClientIdentity> withoutCertificate()
{
    static const std::shared_ptr<const ClientIdentity> shared = [] {
        auto made = std::make_shared<ClientIdentity>(); // uid 0: no other has it
        made->context = makeClientContext();
        return made;
    }();
    return shared;
}

/// The system's authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR; read once for all the
/// upstreams there are.
std::shared_ptr<X509_STORE> systemTrust()
{
    static std::mutex mutex;
    static std::weak_ptr<X509_STORE> known;
    const std::scoped_lock lock(mutex);
    if (auto store = known.lock())
        return store;
    const std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
    if (!store || X509_STORE_set_default_paths(store.get()) != 1)
        return nullptr;
    clearOpenSslErrors();
    known = store;
    return store;
}

Result<std::string> textOf(const Json *value, const SecretResolver &secrets)
{
    const std::string text = value && value->isString() ? value->asString() : std::string();
    return isSecretReference(text) ? secrets.resolve(text) : text;
}

std::string idOf(const Json &id)
{
    return id.isNumber() ? std::string(id.lexeme()) : id.asString();
}

} // namespace

std::shared_ptr<const ClientIdentity> UpstreamTls::shown(const TlsDirectory *directory) const
{
    if (certificateId.empty())
        return identity;
    return directory ? directory->identity(certificateId) : nullptr;
}

Result<std::shared_ptr<const UpstreamTls>> compileUpstreamTls(const Json *tls,
                                                              const SecretResolver &secrets)
{
    auto made = std::make_shared<UpstreamTls>();
    made->identity = withoutCertificate();
    if (!made->identity->context)
        return fail(Errc::Crypto, "TLS cannot be set up");
    if (!tls)
        return made;
    if (const Json *id = tls->find("client_cert_id")) {
        made->certificateId = idOf(*id);
    } else if (const Json *certificate = tls->find("client_cert")) {
        const auto text = textOf(certificate, secrets);
        const auto key = textOf(tls->find("client_key"), secrets);
        if (!text || !key)
            return std::unexpected((text ? key : text).error());
        auto identity = makeClientIdentity(*text, *key);
        if (!identity)
            return std::unexpected(identity.error());
        made->identity = std::move(*identity);
    }
    if (const Json *verify = tls->find("verify"); verify && verify->asBool()) {
        made->trust = systemTrust();
        if (!made->trust)
            return std::unexpected(
                openSslError(Errc::CertificateUnusable, "the system's authorities"));
    }
    return made;
}

} // namespace postern::gateway
