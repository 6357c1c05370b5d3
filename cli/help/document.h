// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "cli/value_kind.h"

#include <string>
#include <vector>

namespace postern::cli {

/// An option or argument as it is shown and completed.
struct OptionDocument
{
    std::vector<std::string> names; ///< "-o", "--output"; an argument's name alone
    std::string placeholder; ///< "FILE", "json|text"; empty for a flag
    std::string help;
    std::string group; ///< title of its section: "Options"
    std::string variable; ///< the environment variable that sets it; may be empty
    std::vector<std::string> choices; ///< the only values; empty: any
    ValueKind kind = ValueKind::Text;
    bool argument = false; ///< told by its place
    bool required = false;
    bool repeatable = false;
    bool common = false; ///< every command has it

    /// The spelling that messages use: "--output", "TOKEN".
    [[nodiscard]] std::string shownName() const;
    /// "-o, --output json|text", "TOKEN...".
    [[nodiscard]] std::string synopsis() const;
    [[nodiscard]] bool takesValue() const noexcept { return kind != ValueKind::Flag; }
    [[nodiscard]] bool hasName(std::string_view name) const noexcept;
};

/// A command as help, manual pages and completion tell it; all three are made from this.
struct CommandDocument
{
    const Command *command = nullptr;
    std::string usage; ///< "postern token mint [OPTION]..."
    std::vector<OptionDocument> options; ///< arguments first, common options last

    /// The titles of its options' sections, in their order; "Arguments" first where there are any.
    [[nodiscard]] std::vector<std::string> groups() const;
    /// The option of that spelling; nullptr if there is none.
    [[nodiscard]] const OptionDocument *find(std::string_view name) const noexcept;
};

[[nodiscard]] CommandDocument documentOf(const Command &command);

/// A group of commands in the overview.
struct Topic
{
    std::string_view title;
    std::vector<const Command *> commands;
};
/// Every command, by topic.
[[nodiscard]] std::vector<Topic> commandsByTopic();

/// Lines of at most `width` characters, indented by `indent` spaces each. Words longer than a line
/// stay whole; '\n' ends a line. The width of the terminal plays no part: what is piped is stable.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent,
                                  std::size_t width = 80);

} // namespace postern::cli
