// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::cli {

/// Reads `NAME=value` lines: empty lines and those that begin with '#' are passed over, so is the
/// word `export`. A value in single quotes is taken as it stands; in double quotes \n, \t, \" and
/// \\ are escapes; without quotes it ends at " #" and loses the blanks around it. Nothing is
/// expanded.
/// \param file for messages
/// \return in the order of the file; Config with "file:line"
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>>
parseEnvFile(std::string_view text, std::string_view file);

/// Adds the variables of these files to the process's environment, for `$env://` references and
/// `${NAME}`. What is set already stays; of two files the first counts. Before any thread starts.
[[nodiscard]] Result<void> useEnvFiles(const std::vector<std::string> &files);

} // namespace postern::cli
