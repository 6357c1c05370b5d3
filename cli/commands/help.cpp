// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"every command", "postern help"},
    Example{"one command's options and examples", "postern help token verify"},
    Example{"what the exit codes mean", "postern help exit-codes"},
    Example{"everything as JSON, for tools", "postern help -o json"},
};

Json describeCommand(const Command &command)
{
    Json examples = Json::array();
    for (const Example &example : command.examples) {
        examples.push_back(Json::object({{"what", example.what},
                                         {"shell", example.shell},
                                         {"gateway", example.needs == Needs::Gateway},
                                         {"exit", example.exit}}));
    }
    return Json::object({{"name", command.name}, {"help", command.help}, {"examples", examples}});
}

int printAllAsJson(const Console &console)
{
    Json list = Json::array();
    for (const Command *command : commands())
        list.push_back(describeCommand(*command));
    Json codes = Json::array();
    for (const auto &[code, meaning] : exitCodeTable())
        codes.push_back(Json::object({{"code", code}, {"meaning", meaning}}));
    console.document(Json::object({{"version", 1}, {"commands", list}, {"exit_codes", codes}}));
    return kYes;
}

int printExitCodes(const Console &console)
{
    for (const auto &[code, meaning] : exitCodeTable())
        console.line(std::format("{:>4}  {}", code, meaning));
    return kYes;
}

int run(Console &console, const std::vector<std::string> &words)
{
    if (words.empty() && console.json())
        return printAllAsJson(console);
    if (words.empty()) {
        console.raw(overview());
        return kYes;
    }
    if (words.front() == "exit-codes")
        return printExitCodes(console);
    const auto [command, length] = findCommand(words);
    if (command != nullptr && length == words.size()) {
        if (console.json())
            console.document(describeCommand(*command));
        else
            console.raw(helpText(*command));
        return kYes;
    }
    bool any = false;
    for (const Command *candidate : commands()) {
        if (candidate->name.starts_with(words.front() + ' ')) {
            console.line(std::format("  {:<28} {}", candidate->name, candidate->help));
            any = true;
        }
    }
    return any
        ? kYes
        : console.fail({Errc::Usage,
                        std::format("no command '{}'; 'postern help' lists them", words.front()),
                        {}});
}

Run define(CLI::App &app)
{
    const auto words = std::make_shared<std::vector<std::string>>();
    app.add_option("command", *words, "the command to explain");
    return [words](Console &console) { return run(console, *words); };
}

} // namespace

const Command helpCommand{"help", "explain a command", kExamples, define};

} // namespace postern::cli
