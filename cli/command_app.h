// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace postern::cli {

/// The group that the options of every command are in.
inline constexpr auto kCommonGroup = "Common options";

/// A command with its options defined, ready to parse words or to be described.
class CommandApp
{
public:
    explicit CommandApp(const Command &command);
    ~CommandApp();
    CommandApp(const CommandApp &) = delete;
    CommandApp &operator=(const CommandApp &) = delete;

    /// Its options in the order of their definition, common ones last, `--help` left out.
    [[nodiscard]] std::vector<const CLI::Option *> options() const;

    /// Parses and runs. \return the exit code
    int run(std::vector<std::string> arguments);

private:
    struct CommonOptions;

    void addCommonOptions();
    [[nodiscard]] Result<void> applyCommonOptions();

    const Command &m_command;
    Console m_console;
    std::unique_ptr<CommonOptions> m_common;
    std::unique_ptr<CLI::App> m_app;
    Run m_run;
};

} // namespace postern::cli
