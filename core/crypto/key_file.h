// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

enum class FileSecrecy : std::uint8_t { Public, Private };

/// Writes a key file whole or not at all: into a new file beside it, which is synced and then takes
/// the name. Private files have mode 0600 from their first octet on; public ones 0644 less umask.
/// \param replace otherwise a file (or a link, wherever it points) of that name is left alone
/// \return FileExists, Permission, Io; where is the path
[[nodiscard]] Result<void> writeKeyFile(const std::filesystem::path &path, std::string_view octets,
                                        FileSecrecy secrecy, bool replace = false);

/// "mode 0644: others can read it" if the group or others have any right to the file.
[[nodiscard]] std::optional<std::string> exposureOf(const std::filesystem::path &path);

} // namespace postern
