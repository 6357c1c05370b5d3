// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/gateway.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace postern::gateway {

/// The line that tells programs where a gateway is: {"ready":true,"pid":…,"proxy":…}.
[[nodiscard]] Json readyLine(const GatewayAddresses &addresses, std::string_view profile);

/// The files that a gateway's configuration comes from; empty where it has none.
struct GatewayFiles
{
    std::filesystem::path config; ///< absolute
    std::string store; ///< "sqlite:/absolute/path", "memory:"
};

/// Writes the ready line and the files beside the control socket, mode 0600, for the user's
/// commands. \return Io
[[nodiscard]] Result<void> leaveReadyFile(const GatewayAddresses &addresses,
                                          std::string_view profile, const GatewayFiles &files);
/// What leaveReadyFile() left. \return NotFound, Io, Json
[[nodiscard]] Result<Json> readReadyFile(const std::filesystem::path &socket);
void removeReadyFile(const std::filesystem::path &socket) noexcept;

} // namespace postern::gateway
