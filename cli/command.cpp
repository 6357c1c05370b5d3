// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include "cli/command_app.h"
#include "cli/completion/scripts.h"
#include "cli/exit_codes.h"
#include "cli/help/text.h"
#include "cli/usage_error.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <format>
#include <ranges>

namespace postern::cli {
namespace {

constexpr std::array kCommands{
    // gateway
    &gatewayRunCommand,
    &gatewayEnvCommand,
    &gatewayReloadSecretsCommand,
    &configValidateCommand,
    &configLintCommand,
    &configExportCommand,
    &configConvertCommand,
    &execCommand,
    &explainCommand,
    &requestCommand,
    &aclMatrixCommand,
    // traces
    &traceListCommand,
    &traceShowCommand,
    &traceTailCommand,
    // clock
    &clockShowCommand,
    &clockAdvanceCommand,
    &clockSetCommand,
    &clockFreezeCommand,
    &clockResumeCommand,
    // tokens
    &tokenMintCommand,
    &tokenInspectCommand,
    &tokenVerifyCommand,
    // keys
    &keyNewCommand,
    &keyShowCommand,
    &keyConvertCommand,
    &keyThumbprintCommand,
    &keyImportCommand,
    &keyJwksAddCommand,
    &keyJwksRemoveCommand,
    &keyJwksMergeCommand,
    &keyJwksPublicCommand,
    &keySignCommand,
    &keyVerifyCommand,
    &tokenLintCommand,
    &tokenDiffCommand,
    &tokenBreakCommand,
    &tokenFindCommand,
    // certificates
    &certDevCommand,
    &certShowCommand,
    // consumers
    &consumerListCommand,
    &consumerGetCommand,
    &consumerAddCommand,
    &consumerSetCommand,
    &consumerRemoveCommand,
    &consumerRotateCommand,
    // credentials
    &credentialListCommand,
    &credentialGetCommand,
    &credentialAddCommand,
    &credentialSetCommand,
    &credentialRemoveCommand,
    // plugins
    &pluginListCommand,
    &pluginShowCommand,
    // secrets
    &vaultRunCommand,
    &vaultEnableCommand,
    &vaultPutCommand,
    &vaultGetCommand,
    &vaultListCommand,
    &vaultDeleteCommand,
    // for tool authors
    &jsonCheckCommand,
    // the tool itself
    &completionCommand,
    &versionCommand,
    &helpCommand,
};

std::vector<std::string_view> split(std::string_view name)
{
    std::vector<std::string_view> words;
    for (const auto word : std::views::split(name, ' '))
        words.emplace_back(word);
    return words;
}

// Old habits and other tools' words; each is said once by its real name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kAliases{
    {{"-h", "help"},
     {"--help", "help"},
     {"--version", "version"},
     {"-V", "version"},
     {"lint", "config lint"},
     {"token decode", "token inspect"},
     {"token encode", "token mint"}}};

void replaceAlias(std::vector<std::string> &words)
{
    for (const auto &[alias, name] : kAliases) {
        const auto from = split(alias);
        if (words.size() < from.size()
            || !std::ranges::equal(from, words | std::views::take(from.size())))
            continue;
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(from.size()));
        const auto to = split(name);
        words.insert(words.begin(), to.begin(), to.end());
        if (!alias.starts_with('-'))
            Console().note(std::format("'{}' is called '{}' here", alias, name));
        return;
    }
}

} // namespace

void addList(CLI::App &app, const std::string &name, std::vector<std::string> &values,
             const std::string &help)
{
    // Otherwise CLI11 lets the option swallow the words behind its value.
    app.add_option(name, values, help)->allow_extra_args(false);
}

std::span<const Command *const> commands() noexcept { return kCommands; }

std::pair<const Command *, std::size_t> findCommand(std::span<const std::string> words) noexcept
{
    std::pair<const Command *, std::size_t> best{nullptr, 0};
    for (const Command *command : commands()) {
        const auto name = split(command->name);
        if (name.size() > best.second && name.size() <= words.size()
            && std::ranges::equal(name, words.first(name.size())))
            best = {command, name.size()};
    }
    return best;
}

int runCommandLine(std::vector<std::string> words)
{
    if (words.empty()) {
        Console().raw(overview());
        return kUsage;
    }
    try {
        // No row of the table: its words are another command line, not options.
        if (words.front() == "__complete") {
            words.erase(words.begin());
            return printCompletion(Console(), std::move(words));
        }
        replaceAlias(words);
        const auto [command, length] = findCommand(words);
        if (command == nullptr)
            return Console().fail(unknownCommand(words));
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(length));
        return CommandApp(*command).run(std::move(words));
    } catch (const std::exception &error) {
        return Console().fail({Errc::Internal, error.what(), {}});
    }
}

} // namespace postern::cli
