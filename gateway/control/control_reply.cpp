// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/control_reply.h"

#include <utility>

namespace postern::gateway {

namespace {

int statusOf(Errc code) noexcept
{
    switch (code) {
    case Errc::NotFound:
        return 404;
    case Errc::Permission:
        return 403;
    case Errc::CredentialMissing:
    case Errc::CredentialUnknown:
        return 401;
    case Errc::HttpBodyTooLarge:
        return 413;
    case Errc::Unsupported:
        return 405;
    case Errc::Io:
    case Errc::StoreOpen:
    case Errc::StoreLocked:
    case Errc::StoreCorrupt:
    case Errc::StoreSeal:
        return 503;
    default:
        return 400;
    }
}

} // namespace

void sendJson(const Responder &responder, int status, const Json &value, ServiceHeaders headers)
{
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Cache-Control", "no-store");
    responder.send(status, std::move(headers), value.dump() + "\n");
}

void sendError(const Responder &responder, const Error &error, ServiceHeaders headers)
{
    const Json body = Json::object({{"code", slug(error.code)}, {"message", describe(error)}});
    sendJson(responder, statusOf(error.code), Json::object({{"error", body}}), std::move(headers));
}

} // namespace postern::gateway
