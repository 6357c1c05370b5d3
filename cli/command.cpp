// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include "cli/exit_codes.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <format>
#include <map>
#include <ranges>

#include <unistd.h>

namespace postern::cli {
namespace {

constexpr std::array kCommands{
    &gatewayRunCommand,       &execCommand,           &explainCommand,
    &traceListCommand,        &traceShowCommand,      &traceTailCommand,
    &clockShowCommand,        &clockAdvanceCommand,   &clockSetCommand,
    &tokenMintCommand,        &tokenInspectCommand,   &tokenVerifyCommand,
    &consumerListCommand,     &consumerGetCommand,    &consumerAddCommand,
    &consumerSetCommand,      &consumerRemoveCommand, &credentialListCommand,
    &credentialGetCommand,    &credentialAddCommand,  &credentialSetCommand,
    &credentialRemoveCommand, &versionCommand,        &helpCommand,
};

std::vector<std::string_view> split(std::string_view name)
{
    std::vector<std::string_view> words;
    for (const auto word : std::views::split(name, ' '))
        words.emplace_back(word);
    return words;
}

std::string examplesText(const Command &command)
{
    if (command.examples.empty())
        return {};
    std::string text = "Examples:\n";
    for (const Example &example : command.examples)
        text += std::format("  # {}\n  {}\n", example.what, example.shell);
    return text;
}

const std::map<std::string, Format> kFormats{{"text", Format::Text}, {"json", Format::Json}};
const std::map<std::string, ColourMode> kColours{
    {"auto", ColourMode::Auto}, {"always", ColourMode::Always}, {"never", ColourMode::Never}};

struct CommonOptions
{
    std::string output;
    std::string colour = "auto";
    std::string directory;
    bool noColour = false;
};

void addCommonOptions(CLI::App &app, CommonOptions &common, Console &console)
{
    constexpr auto kGroup = "Common options";
    app.add_option("-o,--output", common.output, "text (for people) or json (stable)")
        ->check(CLI::IsMember(kFormats))
        ->envname("POSTERN_OUTPUT")
        ->group(kGroup);
    app.add_flag("-q,--quiet", console.quiet, "no talk; the exit code is the answer")
        ->group(kGroup);
    app.add_flag(
           "-v,--verbose", [&console](std::int64_t n) { console.verbosity = static_cast<int>(n); },
           "more talk; repeatable")
        ->group(kGroup);
    app.add_option("--color", common.colour, "auto, always or never")
        ->check(CLI::IsMember(kColours))
        ->group(kGroup);
    app.add_flag("--no-color", common.noColour, "the same as --color never")->group(kGroup);
    app.add_option("-C,--directory", common.directory, "work in this folder")->group(kGroup);
}

Result<void> apply(const CommonOptions &common, Console &console)
{
    if (!common.output.empty())
        console.format = kFormats.at(common.output);
    console.colour = common.noColour ? ColourMode::Never : kColours.at(common.colour);
    if (!common.directory.empty() && chdir(common.directory.c_str()) != 0)
        return fail(Errc::Io, "cannot work in this folder", common.directory);
    return {};
}

std::unique_ptr<CLI::App> makeApp(const Command &command)
{
    auto app = std::make_unique<CLI::App>(std::string(command.help));
    app->name(std::format("postern {}", command.name));
    app->footer(examplesText(command));
    app->set_help_flag("-h,--help", "print this help");
    app->get_formatter()->column_width(34);
    return app;
}

int unknownCommand(const std::vector<std::string> &words)
{
    const Console console;
    if (words.empty()) {
        console.raw(overview());
        return kUsage;
    }
    std::string near;
    for (const Command *command : commands()) {
        if (split(command->name).front() == words.front())
            near += std::format("{}postern {}", near.empty() ? "" : ", ", command->name);
    }
    return console.fail(
        {Errc::Usage,
         near.empty() ? std::format("no command '{}'; 'postern help' lists them", words.front())
                      : std::format("'{}' wants a verb: {}", words.front(), near),
         {}});
}

int parseAndRun(const Command &command, std::vector<std::string> arguments)
{
    Console console;
    CommonOptions common;
    const auto app = makeApp(command);
    const Run run = command.define(*app);
    addCommonOptions(*app, common, console);
    try {
        std::ranges::reverse(arguments); // CLI11 takes its vector back to front
        app->parse(std::move(arguments));
    } catch (const CLI::CallForHelp &) {
        console.raw(app->help());
        return kYes;
    } catch (const CLI::ParseError &error) {
        return console.fail(
            {Errc::Usage,
             std::format("{}; 'postern {} --help' shows the options", error.what(), command.name),
             {}});
    }
    if (const auto applied = apply(common, console); !applied)
        return console.fail(applied.error());
    return run(console);
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

std::string helpText(const Command &command)
{
    Console console;
    CommonOptions common;
    const auto app = makeApp(command);
    const Run run = command.define(*app);
    addCommonOptions(*app, common, console);
    return app->help();
}

std::string overview()
{
    std::string text = "Usage: postern COMMAND [OPTIONS]\n\n";
    for (const Command *command : commands())
        text += std::format("  {:<28} {}\n", command->name, command->help);
    text += "\n'postern help COMMAND' shows a command's options and examples; "
            "'postern help exit-codes' the exit codes.\n";
    return text;
}

int runCommandLine(std::vector<std::string> words)
{
    const std::map<std::string_view, std::string> aliases{
        {"-h", "help"}, {"--help", "help"}, {"--version", "version"}, {"-V", "version"}};
    if (!words.empty()) {
        if (const auto alias = aliases.find(words.front()); alias != aliases.end())
            words.front() = alias->second;
    }
    const auto [command, length] = findCommand(words);
    if (command == nullptr)
        return unknownCommand(words);
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(length));
    try {
        return parseAndRun(*command, std::move(words));
    } catch (const std::exception &error) {
        return Console().fail({Errc::Internal, error.what(), {}});
    }
}

} // namespace postern::cli
