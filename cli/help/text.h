// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

#include <string>
#include <string_view>
#include <vector>

namespace postern::cli {

/// What `--help` prints: usage, options, examples. The same on a terminal and in a pipe.
[[nodiscard]] std::string helpText(const Command &command);

/// What `postern help` prints: every command with its line, by topic.
[[nodiscard]] std::string overview();

/// The commands whose names start with these words, a line each; empty if there is none.
[[nodiscard]] std::string commandsBelow(const std::vector<std::string> &words);

} // namespace postern::cli
