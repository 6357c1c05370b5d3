// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/output.h"

#include <string>
#include <string_view>
#include <vector>

namespace postern::cli {

/// The script that a shell reads once; it asks `postern __complete WORD...` from then on.
///
/// The answer: a line for each candidate, `+` (the word is complete) or `=` (more follows in it),
/// the word, a tab, a description; then one line `:SHELL OFFSET` with what the shell adds itself
/// (none, files, directories, programs) and where in the word that begins.
/// \param shell "bash", "zsh" or "fish"
/// \return empty for any other shell
[[nodiscard]] std::string_view completionScript(std::string_view shell) noexcept;

/// Answers `postern __complete`.
/// \param words behind the program's name, the last one being typed; behind "--quoted" they are
/// written as the shell's user did, with quotes and backslashes
/// \return the exit code
int printCompletion(const Console &console, std::vector<std::string> words);

} // namespace postern::cli
