// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/model/keys.h"
#include "core/secret/reference.h"
#include "gateway/admin/apisix/check.h"
#include "gateway/tls/key_pair.h"

#include <format>

namespace postern::gateway {
namespace {

Result<void> checkIdentity(const Json &tls)
{
    const Json *certificate = tls.find("client_cert");
    const Json *key = tls.find("client_key");
    if (!certificate || !key || isSecretReference(certificate->asString())
        || isSecretReference(key->asString()))
        return {};
    return readKeyPair(certificate->asString(), key->asString()).transform([](const auto &) {});
}

Result<void> checkType(const std::string &id, const CheckContext &context)
{
    const auto document = context.stored(buildStorageKey({"ssls", {}, id}));
    if (!document)
        return std::unexpected(document.error());
    const auto object = *document ? parseJson((*document)->value, {.lastDuplicateWins = true})
                                  : Result<Json>(Json());
    // One that will be written along with this upstream is not looked into.
    if (!*document || (object && object->stringOr("type", "server") == "client"))
        return {};
    return fail(Errc::InvalidArgument,
                std::format("failed to fetch ssl info by ssl id [{}], wrong ssl type", id));
}

} // namespace

Result<void> checkUpstreamTls(const Json &upstream, const CheckContext &context)
{
    const Json *tls = upstream.find("tls");
    if (!tls)
        return {};
    return checkReference(*tls, "client_cert_id", "ssls", "ssl", context)
        .and_then([&]() -> Result<void> {
            const Json *id = tls->find("client_cert_id");
            return id ? checkType(idText(*id), context) : Result<void>();
        })
        .and_then([&] { return checkIdentity(*tls); });
}

} // namespace postern::gateway
