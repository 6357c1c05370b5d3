// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace postern {

// A token as people paste it elsewhere, one line each.

/// "Authorization: Bearer …".
[[nodiscard]] std::string headerLine(std::string_view token);
/// A curl command that sends it. \param url quoted for the shell
[[nodiscard]] std::string curlLine(std::string_view token, std::string_view url);
/// The same with the token in a variable of the environment.
[[nodiscard]] std::string curlLineWithVariable(std::string_view name, std::string_view url);
/// "TOKEN=…".
[[nodiscard]] std::string environmentLine(std::string_view name, std::string_view token);

/// The words as a command line of a POSIX shell, quoted where they must be.
[[nodiscard]] std::string shellLine(const std::vector<std::string> &words);

} // namespace postern
