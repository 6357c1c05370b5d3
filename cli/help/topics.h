// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::cli {

/// An entry of a help page: a term and what it means.
struct HelpEntry
{
    std::string term;
    std::string meaning;
};

/// A page of `postern help` that is about no single command.
struct HelpPage
{
    std::string_view name; ///< "exit-codes"
    std::string_view title; ///< its heading in postern(1)
    std::string_view help; ///< one line
    std::string_view intro; ///< a sentence above the table
    std::string_view key; ///< of the entries' term in JSON: "code"
    std::vector<HelpEntry> (*entries)();
};

[[nodiscard]] std::span<const HelpPage> helpPages() noexcept;
/// \return nullptr if there is no such page
[[nodiscard]] const HelpPage *findHelpPage(std::string_view name) noexcept;

[[nodiscard]] std::string textOf(const HelpPage &page);
[[nodiscard]] Json jsonOf(const HelpPage &page);

} // namespace postern::cli
