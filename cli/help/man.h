// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

#include <string>
#include <vector>

namespace postern::cli {

/// A manual page of section 1 in roff (man macros), from the same table as `--help`.
struct ManPage
{
    std::string file; ///< "postern-token-mint.1"
    std::string roff;
};

/// The page of one command.
[[nodiscard]] std::string manPage(const Command &command);
/// The page of the tool: postern(1).
[[nodiscard]] std::string manPage();
/// Every page.
[[nodiscard]] std::vector<ManPage> manPages();

} // namespace postern::cli
