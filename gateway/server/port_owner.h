// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>

namespace postern::gateway {

/// A program that listens on a port.
struct PortOwner
{
    std::string program; ///< its name, as `ps -o comm` shows it
    pid_t pid = 0;
};

/// Who listens on a TCP port of this machine, on whatever address. Reads /proc: of another user's
/// programs nothing is known, unless one is root.
/// \return nullopt: nobody, or nobody knows
[[nodiscard]] std::optional<PortOwner> portOwner(std::uint16_t port);

/// "nginx (pid 4711) listens there", "another program listens there": the detail of PortInUse.
[[nodiscard]] std::string portInUseText(std::uint16_t port);

} // namespace postern::gateway
