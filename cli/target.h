// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/admin/access/admin_access.h"
#include "gateway/control/client.h"
#include "gateway/control/ready_file.h"
#include "gateway/gateway.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace postern::cli {

/// The running gateway that client commands talk to: POSTERN_SOCKET, else the newest one in the
/// user's runtime directory.
/// \return its control API's address, or Remote that says how to start one
[[nodiscard]] Result<gateway::ServerAddress> controlAddress();

/// Sends a request to the control API of that gateway.
/// \param body null: none
/// \return the answer's JSON; Remote, Timeout, or what the API said
[[nodiscard]] Result<Json> askControl(std::string_view method, std::string_view target,
                                      const Json &body = {});

using gateway::AdminTarget;
/// POSTERN_ADMIN_URL and POSTERN_ADMIN_KEY; what is missing is asked of the gateway that
/// controlAddress() names, which leaves its key in a file that only its user can read.
[[nodiscard]] Result<AdminTarget> adminTarget();

using gateway::GatewayFiles;
using gateway::leaveReadyFile;
using gateway::readyLine;
using gateway::removeReadyFile;

/// The files of the gateway that controlAddress() names, read from what it left beside its socket:
/// it is not asked, and may be gone.
[[nodiscard]] GatewayFiles runningGatewayFiles();

} // namespace postern::cli
