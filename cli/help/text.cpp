// SPDX-License-Identifier: Apache-2.0
#include "cli/help/text.h"

#include "cli/help/document.h"
#include "cli/help/topics.h"

#include <algorithm>
#include <format>

namespace postern::cli {
namespace {

constexpr std::size_t kHelpColumn = 30;

std::string optionText(const OptionDocument &option)
{
    std::string help = option.help;
    if (!option.variable.empty())
        help += std::format(" [{}]", option.variable);
    if (option.required && !option.argument)
        help += " (required)";
    std::string text = "  " + option.synopsis();
    std::string body = wrapped(help, kHelpColumn);
    if (text.size() + 2 > kHelpColumn)
        return text + '\n' + body;
    text.resize(kHelpColumn, ' ');
    return text + body.substr(std::min(kHelpColumn, body.size()));
}

std::string section(const CommandDocument &document, const std::string &group)
{
    std::string text = std::format("\n{}:\n", group);
    for (const OptionDocument &option : document.options) {
        if (option.group == group)
            text += optionText(option);
    }
    return text;
}

std::string examplesText(const Command &command)
{
    if (command.examples.empty())
        return {};
    std::string text = "\nExamples:\n";
    for (const Example &example : command.examples)
        text += std::format("  # {}\n  {}\n", example.what, example.shell);
    return text;
}

std::string lineOf(const Command &command)
{
    return std::format("  {:<26} {}\n", command.name, command.help);
}

} // namespace

std::string helpText(const Command &command)
{
    const CommandDocument document = documentOf(command);
    std::string text = std::format("Usage: {}\n\n", document.usage);
    std::string summary(command.help);
    summary.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(summary.front())));
    text += wrapped(summary + '.', 0);
    if (!command.description.empty())
        text += '\n' + wrapped(command.description, 0);
    for (const std::string &group : document.groups())
        text += section(document, group);
    text += examplesText(command);
    return text;
}

std::string overview()
{
    std::string text = "Usage: postern COMMAND [OPTION]... [ARGUMENT]...\n";
    for (const Topic &topic : commandsByTopic()) {
        text += std::format("\n{}:\n", topic.title);
        for (const Command *command : topic.commands)
            text += lineOf(*command);
    }
    text += "\nHelp pages:\n";
    for (const HelpPage &page : helpPages())
        text += std::format("  help {:<21} {}\n", page.name, page.help);
    text += "\n'postern COMMAND --help' shows a command's options and examples.\n";
    return text;
}

std::string commandsBelow(const std::vector<std::string> &words)
{
    std::string prefix;
    for (const std::string &word : words)
        prefix += word + ' ';
    std::string text;
    for (const Command *command : commands()) {
        if (command->name.starts_with(prefix))
            text += lineOf(*command);
    }
    return text;
}

} // namespace postern::cli
