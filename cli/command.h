// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/output.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace postern::cli {

/// What an example needs around it before it can run.
enum class Needs : std::uint8_t { Nothing, Gateway };

/// A shell line that runs as printed; the test suite runs each one.
struct Example
{
    std::string_view what;
    std::string_view shell;
    Needs needs = Needs::Nothing;
    int exit = 0; ///< the exit code it ends with
};

/// Runs a command whose options were read. \return the exit code
using Run = std::function<int(Console &)>;

/// One command: one file in cli/commands, one row of the table.
struct Command
{
    std::string_view name; ///< "token mint"
    std::string_view help; ///< one line, without a trailing dot
    std::span<const Example> examples;
    Run (*define)(CLI::App &app); ///< adds its options; the returned function runs it
    /// What the line of help leaves out, for --help and the manual page; paragraphs are parted by
    /// an empty line. May be empty.
    std::string_view description = {};
};

/// An option that may be given several times, each with one value.
void addList(CLI::App &app, const std::string &name, std::vector<std::string> &values,
             const std::string &help);

/// Every command, in the order of the help.
[[nodiscard]] std::span<const Command *const> commands() noexcept;

/// The command that the words start with, and how many of them its name has; nullptr if none.
[[nodiscard]] std::pair<const Command *, std::size_t>
findCommand(std::span<const std::string> words) noexcept;

/// Parses and runs. \param words the arguments behind the program's name
/// \return the exit code
int runCommandLine(std::vector<std::string> words);

extern const Command tokenMintCommand, tokenInspectCommand, tokenVerifyCommand;
extern const Command keyNewCommand, keyShowCommand, keyConvertCommand, keyThumbprintCommand,
    keyImportCommand, keySignCommand, keyVerifyCommand;
extern const Command keyJwksAddCommand, keyJwksRemoveCommand, keyJwksMergeCommand,
    keyJwksPublicCommand;
extern const Command jsonCheckCommand, configValidateCommand, configLintCommand;
extern const Command configExportCommand, configConvertCommand;
extern const Command certDevCommand, certShowCommand;
extern const Command vaultRunCommand, vaultEnableCommand, vaultPutCommand, vaultGetCommand,
    vaultListCommand, vaultDeleteCommand;
extern const Command tokenLintCommand, tokenDiffCommand, tokenBreakCommand, tokenFindCommand;
extern const Command consumerListCommand, consumerGetCommand, consumerAddCommand,
    consumerSetCommand, consumerRemoveCommand;
extern const Command credentialListCommand, credentialGetCommand, credentialAddCommand,
    credentialSetCommand, credentialRemoveCommand;
extern const Command pluginListCommand, pluginShowCommand;
extern const Command aclMatrixCommand, requestCommand, consumerRotateCommand;
extern const Command gatewayEnvCommand, gatewayReloadSecretsCommand;
extern const Command gatewayRunCommand, execCommand, explainCommand;
extern const Command traceListCommand, traceShowCommand, traceTailCommand;
extern const Command clockShowCommand, clockAdvanceCommand, clockSetCommand;
extern const Command clockFreezeCommand, clockResumeCommand;
extern const Command completionCommand, versionCommand, helpCommand;

} // namespace postern::cli
