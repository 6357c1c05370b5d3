// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <filesystem>

#include <sys/types.h>

namespace postern::gateway {

/// `<directory>/postern-<pid>.sock`: where a gateway's control API listens.
[[nodiscard]] std::filesystem::path controlSocketPath(const std::filesystem::path &directory,
                                                      pid_t pid);

/// Makes the socket the user's default: `default.sock` beside it becomes a link to it. Call when
/// the socket is listening.
Result<void> announceControlSocket(const std::filesystem::path &socket);

/// Removes a socket and, if it was the default, gives that place to the newest one left.
void withdrawControlSocket(const std::filesystem::path &socket) noexcept;

/// The newest socket in the directory that somebody listens on. Sockets of processes that are gone
/// are removed on the way.
/// \return its path, or NotFound
[[nodiscard]] Result<std::filesystem::path>
findControlSocket(const std::filesystem::path &directory);

} // namespace postern::gateway
