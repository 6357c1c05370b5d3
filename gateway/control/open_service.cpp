// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/open_service.h"

#include "gateway/admin/apisix/authentication.h"

#include <algorithm>
#include <utility>

namespace postern::gateway {

AdminReply refuseForeign(const ServiceRequest &request)
{
    if (!hostIsOwn(request))
        return errorReply(403, "the Host header names another server");
    if (request.hasHeader("Origin"))
        return errorReply(403, "web pages may not call this API");
    return {};
}

void sendReply(AdminReply reply, const Responder &responder)
{
    if (!std::ranges::contains(reply.headers, "Content-Type",
                               &std::pair<std::string, std::string>::first))
        reply.headers.emplace_back("Content-Type", "application/json");
    reply.headers.emplace_back("Server", AdminOptions().serverToken);
    responder.send(reply.status, std::move(reply.headers), reply.body);
}

AdminReply statusReply(const ServiceRequest &request,
                       const std::function<std::optional<std::string>()> &notReady)
{
    if (const AdminReply refusal = refuseForeign(request); refusal.status != 200)
        return refusal;
    const bool ready = request.path == "/status/ready";
    if (request.method != "GET" || (!ready && request.path != "/status"))
        return pageReply(404);
    if (ready) {
        if (const auto why = notReady())
            return jsonReply(503, Json::object({{"status", "error"}, {"error", *why}}));
    }
    return jsonReply(200, Json::object({{"status", "ok"}}));
}

} // namespace postern::gateway
