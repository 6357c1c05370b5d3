// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/apisix/reply.h"
#include "gateway/server/http_service.h"

#include <functional>
#include <optional>
#include <string>

namespace postern::gateway {

// What the ports that ask for no key have in common: APISIX's control API and its status.

/// Refuses what a page in a browser may have sent: a Host that is a name other than localhost (DNS
/// rebinding), or any Origin. \return 200 if there is nothing to refuse
[[nodiscard]] AdminReply refuseForeign(const ServiceRequest &request);

/// Sends a reply as APISIX's own ports do: JSON unless it says otherwise, and the Server header.
void sendReply(AdminReply reply, const Responder &responder);

/// The status port (apisix.md 7): `GET /status`, `GET /status/ready`; else the 404 page.
/// \param notReady why the gateway is not ready yet; nullopt: it is
[[nodiscard]] AdminReply statusReply(const ServiceRequest &request,
                                     const std::function<std::optional<std::string>()> &notReady);

} // namespace postern::gateway
