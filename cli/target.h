// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/admin/access/admin_access.h"
#include "gateway/control/client.h"
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

/// The line that tells programs where a gateway is: {"ready":true,"pid":…,"proxy":…}.
[[nodiscard]] Json readyLine(const gateway::GatewayAddresses &addresses, std::string_view profile);

/// The files that a gateway's configuration comes from; empty where it has none.
struct GatewayFiles
{
    std::filesystem::path config; ///< absolute
    std::string store; ///< "sqlite:/absolute/path", "memory:"
};

/// Writes the ready line and the files beside the control socket, mode 0600, for the user's other
/// commands.
[[nodiscard]] Result<void> leaveReadyFile(const gateway::GatewayAddresses &addresses,
                                          std::string_view profile, const GatewayFiles &files);
/// The files of the gateway that controlAddress() names, read from what it left beside its socket:
/// it is not asked, and may be gone.
[[nodiscard]] GatewayFiles runningGatewayFiles();
void removeReadyFile(const std::filesystem::path &socket) noexcept;

} // namespace postern::cli
