// SPDX-License-Identifier: Apache-2.0
#include "cli/usage_error.h"

#include "cli/help/document.h"
#include "cli/output.h"
#include "core/text/suggest.h"

#include <algorithm>
#include <format>
#include <optional>
#include <ranges>
#include <set>

namespace postern::cli {
namespace {

std::string_view optionPart(std::string_view word) noexcept
{
    return word.starts_with("--") ? word.substr(0, word.find('=')) : word;
}

// A secret with a space in it, unquoted, leaves its rest among the words that nothing takes.
bool givesSecret(const CommandDocument &document, const std::vector<std::string> &given)
{
    return std::ranges::any_of(given, [&document](const std::string &word) {
        const OptionDocument *const option = document.find(optionPart(word));
        return option != nullptr && isSecret(option->kind);
    });
}

std::string unknownOption(const CommandDocument &document, std::string_view word)
{
    std::vector<std::string_view> names;
    for (const OptionDocument &option : document.options) {
        if (!option.argument)
            names.insert(names.end(), option.names.begin(), option.names.end());
    }
    const std::string name = printable(optionPart(word));
    return std::format("no option {}{}", name, didYouMean(optionPart(word), names));
}

std::string tooMany(const CommandDocument &document, const std::vector<std::string> &given,
                    const std::string &word)
{
    const auto arguments =
        std::ranges::count_if(document.options, [](const auto &each) { return each.argument; });
    const std::string what = givesSecret(document, given)
        ? std::string("a word that no option takes")
        : std::format("\"{}\" is one word too many", printable(word));
    return arguments == 0 ? what + "; the command takes options only" : what;
}

std::optional<std::string_view> between(std::string_view text, std::string_view before,
                                        std::string_view behind)
{
    const std::size_t begin = text.find(before);
    if (begin == std::string_view::npos)
        return std::nullopt;
    text.remove_prefix(begin + before.size());
    const std::size_t end = text.find(behind);
    return end == std::string_view::npos ? std::nullopt : std::optional(text.substr(0, end));
}

std::string listed(const std::vector<std::string> &choices)
{
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const bool last = i + 1 == choices.size();
        text += (i == 0 ? "" : last ? " or " : ", ") + choices[i];
    }
    return text;
}

std::string wrongChoice(const OptionDocument &option, std::string_view parserText)
{
    const std::string value(between(parserText, ": ", " not in {").value_or(""));
    const std::vector<std::string_view> choices(option.choices.begin(), option.choices.end());
    return std::format("{} takes {}, not \"{}\"{}", option.shownName(), listed(option.choices),
                       printable(value), didYouMean(value, choices));
}

// The option that the parser's text begins with or ends in.
const OptionDocument *namedOption(const CommandDocument &document, std::string_view parserText)
{
    for (const OptionDocument &option : document.options) {
        for (const std::string &name : option.names) {
            if (parserText.starts_with(name + ':') || parserText.starts_with(name + ' ')
                || parserText.contains(std::format(" {} =", name)))
                return &option;
        }
    }
    return nullptr;
}

std::string complaint(const CommandDocument &document, std::string_view parserText)
{
    const OptionDocument *const option = namedOption(document, parserText);
    if (option == nullptr)
        return printable(parserText);
    if (!option->choices.empty() && parserText.contains(" not in {"))
        return wrongChoice(*option, parserText);
    if (parserText.ends_with("is required"))
        return std::format("{} is missing: {}", option->shownName(), option->help);
    if (parserText.contains(" required ") && parserText.ends_with("missing"))
        return std::format("{} wants a value, {}: {}", option->shownName(), option->placeholder,
                           option->help);
    if (parserText.starts_with("Could not convert") && option->kind == ValueKind::Number)
        return std::format("{} takes a number", option->shownName());
    if (isSecret(option->kind))
        return std::format("{}: this value is not accepted", option->shownName());
    return printable(parserText);
}

/// The words that may follow `begin` ("consumer ") in a command's name, and those commands.
struct Next
{
    std::vector<std::string_view> words;
    std::string list;
};

Next nextWords(std::string_view begin)
{
    std::set<std::string_view> words;
    Next next;
    for (const Command *command : commands()) {
        if (!command->name.starts_with(begin))
            continue;
        const std::string_view rest = command->name.substr(begin.size());
        words.insert(rest.substr(0, rest.find(' ')));
        next.list += std::format("{}postern {}", next.list.empty() ? "" : ", ", command->name);
    }
    next.words.assign(words.begin(), words.end());
    return next;
}

} // namespace

Error usageError(const Command &command, const std::vector<std::string> &given,
                 const std::vector<std::string> &extra, std::string_view parserText)
{
    const CommandDocument document = documentOf(command);
    std::string text;
    const auto option = std::ranges::find_if(
        extra, [](const std::string &word) { return word.starts_with('-') && word != "-"; });
    if (option != extra.end())
        text = unknownOption(document, *option);
    else if (!extra.empty())
        text = tooMany(document, given, extra.front());
    else
        text = complaint(document, parserText);
    return {Errc::Usage,
            std::format("{}{} 'postern {} --help' shows the options", text,
                        text.ends_with('?') ? "" : ";", command.name),
            {}};
}

Error unknownCommand(const std::vector<std::string> &words)
{
    std::string begin;
    std::size_t known = 0;
    while (known < words.size() && !nextWords(begin + words[known] + ' ').words.empty())
        begin += words[known++] + ' ';
    const Next next = nextWords(begin);
    const std::string noun = begin.substr(0, begin.empty() ? 0 : begin.size() - 1);
    if (begin.empty() && words.front().starts_with('-'))
        return {Errc::Usage,
                "options go behind the command: postern COMMAND [OPTION]...; 'postern help' lists "
                "the commands",
                {}};
    if (known == words.size() || words[known].starts_with('-'))
        return {Errc::Usage, std::format("'{}' wants a verb: {}", noun, next.list), {}};
    const std::string word = printable(words[known]);
    const std::string near = didYouMean(words[known], next.words);
    if (begin.empty())
        return {Errc::Usage,
                std::format("no command '{}'{} 'postern help' lists them", word,
                            near.empty() ? ";" : near),
                {}};
    return {Errc::Usage,
            near.empty() ? std::format("'{}' has no verb '{}': {}", noun, word, next.list)
                         : std::format("'{}' has no verb '{}'{}", noun, word, near),
            {}};
}

} // namespace postern::cli
