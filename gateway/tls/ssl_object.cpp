// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls/ssl_object.h"

#include "core/crypto/openssl_error.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/tls/key_pair.h"
#include "gateway/tls/session.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern::gateway {
namespace {

struct Protocol
{
    std::string_view name;
    int version;
    std::uint64_t without;
};
constexpr std::array kProtocols{
    Protocol{"TLSv1.1", TLS1_1_VERSION, SSL_OP_NO_TLSv1_1},
    Protocol{"TLSv1.2", TLS1_2_VERSION, SSL_OP_NO_TLSv1_2},
    Protocol{"TLSv1.3", TLS1_3_VERSION, SSL_OP_NO_TLSv1_3},
};

bool isClient(const Json &object) { return object.stringOr("type", "server") == "client"; }

/// A member's text with its reference resolved. Absent: empty.
Result<std::string> textOf(const Json *value, const SecretResolver &secrets)
{
    if (!value || !value->isString())
        return std::string();
    if (isSecretReference(value->asString()))
        return secrets.resolve(value->asString());
    return value->asString();
}

/// cert and key, then certs and keys pair by pair.
struct PairTexts
{
    const Json *certificate;
    const Json *key;
};
std::vector<PairTexts> pairsOf(const Json &object)
{
    std::vector<PairTexts> pairs{{object.find("cert"), object.find("key")}};
    const Json *certificates = object.find("certs");
    const Json *keys = object.find("keys");
    const std::size_t count =
        certificates && keys ? std::min(certificates->size(), keys->size()) : 0;
    for (std::size_t i = 0; i < count; ++i)
        pairs.push_back({&certificates->items()[i], &keys->items()[i]});
    return pairs;
}

bool refers(const Json *value)
{
    return value && value->isString() && isSecretReference(value->asString());
}

std::unexpected<Error> inPair(std::size_t index, const Error &error)
{
    const std::string detail = index == 0
        ? error.detail
        : std::format("failed to handle cert-key pair[{}]: {}", index, error.detail);
    return fail(error.code, detail);
}

Result<TrustStore> authorities(SSL_CTX *context, std::string_view pem)
{
    auto certificates = readCertificates(pem);
    if (!certificates)
        return fail(certificates.error().code,
                    "failed to validate client_cert: " + certificates.error().detail);
    TrustStore store(X509_STORE_new());
    for (const Certificate &authority : *certificates) {
        if (!store || X509_STORE_add_cert(store.get(), authority.get()) != 1)
            return std::unexpected(openSslError(Errc::CertificateUnusable, "the client's ca"));
        if (context) // named in the handshake, so that browsers can offer what fits
            SSL_CTX_add_client_CA(context, authority.get());
    }
    return store;
}

bool usePair(SSL_CTX *context, const TlsKeyPair &pair)
{
    using Chain = OpenSslHandle<STACK_OF(X509), OSSL_STACK_OF_X509_free>;
    const Chain chain(sk_X509_new_null());
    for (const Certificate &further : pair.chain) {
        if (!chain || X509_add_cert(chain.get(), further.get(), X509_ADD_FLAG_UP_REF) != 1)
            return false;
    }
    return SSL_CTX_use_cert_and_key(context, pair.certificate.get(), pair.key.get(), chain.get(), 1)
        == 1;
}

Result<void> usePairs(SSL_CTX *context, const Json &object, const SecretResolver &secrets)
{
    std::size_t index = 0;
    for (const PairTexts &texts : pairsOf(object)) {
        const auto certificate = textOf(texts.certificate, secrets);
        const auto key = textOf(texts.key, secrets);
        if (!certificate || !key)
            return std::unexpected((certificate ? key : certificate).error());
        const auto pair = readKeyPair(*certificate, *key);
        if (!pair)
            return inPair(index, pair.error());
        if (!usePair(context, *pair))
            return std::unexpected(
                openSslError(Errc::CertificateUnusable, "the certificate cannot be served"));
        ++index;
    }
    return {};
}

void setProtocols(ServedCertificate &made, const Json *protocols)
{
    if (!protocols || protocols->size() == 0)
        return;
    made.oldest = made.newest = 0;
    for (const Protocol &protocol : kProtocols) {
        const bool wanted = std::ranges::any_of(
            protocols->items(), [&](const Json &name) { return name.asString() == protocol.name; });
        if (!wanted) {
            made.without |= protocol.without;
            continue;
        }
        made.newest = protocol.version;
        if (made.oldest == 0)
            made.oldest = protocol.version;
    }
    if (made.oldest < TLS1_2_VERSION) // its signatures are SHA-1: below OpenSSL's usual level
        SSL_CTX_set_security_level(made.context.get(), 0);
}

Result<void> setClientCheck(ServedCertificate &made, const Json &client,
                            const SecretResolver &secrets)
{
    const auto pem = textOf(client.find("ca"), secrets);
    if (!pem)
        return std::unexpected(pem.error());
    auto store = authorities(made.context.get(), *pem);
    if (!store)
        return std::unexpected(store.error());
    SSL_CTX_set1_cert_store(made.context.get(), store->get());
    ServedCertificate::ClientCheck &check = made.client.emplace();
    if (const Json *depth = client.find("depth"))
        check.depth = static_cast<int>(std::min<std::int64_t>(depth->asInteger().value_or(1), 100));
    if (const Json *expressions = client.find("skip_mtls_uri_regex")) {
        for (const Json &expression : expressions->items()) {
            auto pattern = Pattern::compile(expression.asString());
            if (!pattern)
                return std::unexpected(pattern.error());
            check.exempt.push_back(std::move(*pattern));
        }
    }
    return {};
}

std::vector<std::string> namesOf(const Json &object)
{
    std::vector<std::string> names;
    const auto add = [&names](const Json &name) {
        std::string &made = names.emplace_back(name.asString());
        std::ranges::transform(made, made.begin(), [](char octet) {
            return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet + 32) : octet;
        });
        if (made.starts_with('[') && made.ends_with(']')) // an IPv6 address
            made = made.substr(1, made.size() - 2);
        else if (made.ends_with('.')) // what a client says is taken without it, too
            made.pop_back();
    };
    if (const Json *name = object.find("sni"))
        add(*name);
    else if (const Json *list = object.find("snis"))
        std::ranges::for_each(list->items(), add);
    return names;
}

} // namespace

Result<void> checkSslObject(const Json &object)
{
    const Json *certificates = object.find("certs");
    const Json *keys = object.find("keys");
    std::size_t index = 0;
    for (const PairTexts &texts : pairsOf(object)) {
        if (!refers(texts.certificate) && !refers(texts.key)) {
            const auto pair = readKeyPair(
                texts.certificate ? std::string_view(texts.certificate->asString())
                                  : std::string_view(),
                texts.key ? std::string_view(texts.key->asString()) : std::string_view());
            if (!pair)
                return inPair(index, pair.error());
        }
        if (index == 0 && isClient(object))
            return {};
        // Behind the first pair's faults and before the others', as in the original.
        if (index == 0 && (certificates ? certificates->size() : 0) != (keys ? keys->size() : 0))
            return fail(Errc::CertificateUnusable, "mismatched number of certs and keys");
        ++index;
    }
    const Json *client = object.find("client");
    if (!client || refers(client->find("ca")))
        return {};
    if (const auto store = authorities(nullptr, client->stringOr("ca", "")); !store)
        return std::unexpected(store.error());
    if (const Json *expressions = client->find("skip_mtls_uri_regex")) {
        for (const Json &expression : expressions->items()) {
            if (const auto pattern = Pattern::compile(expression.asString()); !pattern)
                return fail(Errc::CertificateUnusable,
                            "invalid skip_mtls_uri_regex: " + pattern.error().detail);
        }
    }
    return {};
}

Result<SslObject> compileSslObject(const Json &stored, std::string_view id,
                                   const SecretResolver &secrets)
{
    SslObject out;
    if (const Json *status = stored.find("status"); status && status->asInteger() == 0)
        return out;
    // In the object's name: it is compiled anew when a secret comes.
    Json object = stored;
    if (auto done = secrets.resolveAll(object, std::format("/apisix/ssls/{}", id)); !done)
        return std::unexpected(std::move(done.error()));
    if (isClient(object)) {
        const auto certificate = textOf(object.find("cert"), secrets);
        const auto key = textOf(object.find("key"), secrets);
        if (!certificate || !key)
            return std::unexpected((certificate ? key : certificate).error());
        auto identity = makeClientIdentity(*certificate, *key);
        if (!identity)
            return std::unexpected(identity.error());
        out.identity = std::move(*identity);
        return out;
    }
    auto made = std::make_shared<ServedCertificate>();
    made->uid = nextUid();
    made->id = id;
    made->context = makeServerContext();
    if (!made->context)
        return std::unexpected(openSslError(Errc::Crypto, "TLS cannot be set up"));
    setProtocols(*made, object.find("ssl_protocols"));
    if (auto used = usePairs(made->context.get(), object, secrets); !used)
        return std::unexpected(used.error());
    if (const Json *client = object.find("client")) {
        if (auto set = setClientCheck(*made, *client, secrets); !set)
            return std::unexpected(set.error());
    }
    out.names = namesOf(object);
    out.served = std::move(made);
    return out;
}

Result<std::shared_ptr<const ClientIdentity>> makeClientIdentity(std::string_view certificate,
                                                                 std::string_view key)
{
    const auto pair = readKeyPair(certificate, key);
    if (!pair)
        return std::unexpected(pair.error());
    auto made = std::make_shared<ClientIdentity>();
    made->uid = nextUid();
    made->context = makeClientContext();
    if (!made->context || !usePair(made->context.get(), *pair))
        return std::unexpected(
            openSslError(Errc::CertificateUnusable, "the client's certificate cannot be used"));
    return made;
}

} // namespace postern::gateway
