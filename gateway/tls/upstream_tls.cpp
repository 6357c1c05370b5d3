// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls/upstream_tls.h"

#include "gateway/tls/directory.h"
#include "gateway/tls/session.h"
#include "gateway/tls/trust.h"

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

Result<std::string> textOf(const Json *value, const SecretResolver &secrets, std::string_view user)
{
    const std::string text = value && value->isString() ? value->asString() : std::string();
    return isSecretReference(text) ? secrets.resolve(text, user) : text;
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

Result<std::shared_ptr<const UpstreamTls>> anonymousTls(bool verify,
                                                        const std::shared_ptr<X509_STORE> &trust)
{
    auto made = std::make_shared<UpstreamTls>();
    made->identity = withoutCertificate();
    if (!made->identity->context)
        return fail(Errc::Crypto, "TLS cannot be set up");
    if (!verify)
        return made;
    auto believed = trust ? Result<std::shared_ptr<X509_STORE>>(trust) : systemTrust();
    if (!believed)
        return std::unexpected(believed.error());
    made->trust = *std::move(believed);
    return made;
}

Result<std::shared_ptr<const UpstreamTls>>
compileUpstreamTls(const Json *tls, const SecretResolver &secrets, std::string_view user,
                   const std::shared_ptr<X509_STORE> &trust)
{
    const Json *verify = tls ? tls->find("verify") : nullptr;
    auto anonymous = anonymousTls(verify && verify->asBool(), trust);
    if (!anonymous || !tls)
        return anonymous;
    UpstreamTls made = **anonymous;
    if (const Json *id = tls->find("client_cert_id")) {
        made.certificateId = idOf(*id);
    } else if (const Json *certificate = tls->find("client_cert")) {
        const auto text = textOf(certificate, secrets, user);
        const auto key = textOf(tls->find("client_key"), secrets, user);
        if (!text || !key)
            return std::unexpected((text ? key : text).error());
        auto identity = makeClientIdentity(*text, *key);
        if (!identity)
            return std::unexpected(identity.error());
        made.identity = std::move(*identity);
    }
    return std::make_shared<const UpstreamTls>(std::move(made));
}

} // namespace postern::gateway
