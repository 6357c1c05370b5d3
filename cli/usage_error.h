// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "core/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace postern::cli {

/// What is wrong with a command's words, naming the option and what to do. Repeats no value where
/// a secret was given.
/// \param given the words behind the command's name
/// \param extra those of them that nothing takes
/// \param parserText what the parser says, for its other complaints
[[nodiscard]] Error usageError(const Command &command, const std::vector<std::string> &given,
                               const std::vector<std::string> &extra, std::string_view parserText);

/// What is wrong with words that name no command.
[[nodiscard]] Error unknownCommand(const std::vector<std::string> &words);

} // namespace postern::cli
