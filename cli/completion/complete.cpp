// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/complete.h"

#include "cli/completion/values.h"
#include "cli/help/document.h"
#include "cli/help/topics.h"
#include "cli/output.h"

#include <algorithm>
#include <format>
#include <set>
#include <span>

namespace postern::cli {
namespace {

/// The words between a command's name and the one that is being typed.
struct Line
{
    const OptionDocument *waiting = nullptr; ///< the option whose value comes next
    std::set<std::string> used; ///< options, by their last spelling
    std::size_t arguments = 0;
    bool onlyArguments = false; ///< behind "--"
    LineContext context;
};

std::string joined(std::span<const std::string> words)
{
    std::string text;
    for (const std::string &word : words)
        text += word + ' ';
    return text;
}

void take(Line &line, const OptionDocument &option, const std::string &value)
{
    const std::string &name = option.names.back();
    if (name == "--config")
        line.context.reach.config = value;
    else if (name == "--store")
        line.context.reach.store = value;
    else if (name == "--directory")
        line.context.reach.directory = value;
    else if (option.kind == ValueKind::Consumer)
        line.context.consumer = value;
}

const OptionDocument *argumentAt(const CommandDocument &document, std::size_t position)
{
    const OptionDocument *last = nullptr;
    for (const OptionDocument &option : document.options) {
        if (!option.argument)
            continue;
        if (position-- == 0)
            return &option;
        last = &option;
    }
    return last != nullptr && last->repeatable ? last : nullptr;
}

Line read(const CommandDocument &document, std::span<const std::string> words)
{
    Line line;
    line.context.command = document.command->name;
    for (const std::string &word : words) {
        if (line.waiting != nullptr) {
            take(line, *line.waiting, word);
            line.waiting = nullptr;
        } else if (word == "--" && !line.onlyArguments)
            line.onlyArguments = true;
        else if (word.starts_with('-') && word != "-" && !line.onlyArguments) {
            const std::size_t sign = word.starts_with("--") ? word.find('=') : std::string::npos;
            const OptionDocument *const option = document.find(word.substr(0, sign));
            if (option == nullptr)
                continue;
            line.used.insert(option->names.back());
            if (sign != std::string::npos)
                take(line, *option, word.substr(sign + 1));
            else if (option->takesValue())
                line.waiting = option;
        } else {
            if (const OptionDocument *const argument = argumentAt(document, line.arguments))
                take(line, *argument, word);
            ++line.arguments;
        }
    }
    return line;
}

// The words of the command table that may follow: "token" → mint, inspect, verify.
void addCommandWords(Completion &completion, const std::string &begin, std::string_view text)
{
    std::vector<Candidate> found;
    for (const Command *command : commands()) {
        if (!command->name.starts_with(begin))
            continue;
        const std::string_view rest = command->name.substr(begin.size());
        const std::string_view word = rest.substr(0, rest.find(' '));
        if (!word.starts_with(text))
            continue;
        const std::string help(word == rest ? command->help : rest.substr(word.size() + 1));
        const auto known = std::ranges::find(found, word, &Candidate::value);
        if (known == found.end())
            found.push_back({std::string(word), help, false});
        else
            known->help += ", " + help;
    }
    completion.candidates.insert(completion.candidates.end(), found.begin(), found.end());
}

void addHelpPages(Completion &completion, std::string_view text)
{
    for (const HelpPage &page : helpPages()) {
        if (page.name.starts_with(text))
            completion.candidates.push_back({std::string(page.name), std::string(page.help)});
    }
}

Completion optionNames(const CommandDocument &document, const Line &line, std::string_view text)
{
    Completion completion;
    for (const OptionDocument &option : document.options) {
        const std::string &name = option.names.back();
        if (option.argument || !name.starts_with(text)
            || (line.used.contains(name) && !option.repeatable))
            continue;
        completion.candidates.push_back({name, option.help});
    }
    return completion;
}

// `--color=al`: the word keeps its beginning.
Completion attachedValue(const CommandDocument &document, const Line &line, const std::string &word,
                         std::size_t sign)
{
    const OptionDocument *const option = document.find(word.substr(0, sign));
    if (option == nullptr || !option->takesValue())
        return {};
    Completion completion =
        valuesFor(*option, std::string_view(word).substr(sign + 1), line.context);
    for (Candidate &candidate : completion.candidates)
        candidate.value.insert(0, word.substr(0, sign + 1));
    completion.offset += sign + 1;
    return completion;
}

Completion helpWords(std::span<const std::string> words, const std::string &text)
{
    Completion completion;
    if (words.size() == 1 && words.front() == "reasons") {
        OptionDocument reason;
        reason.kind = ValueKind::Reason;
        return valuesFor(reason, text, {});
    }
    addCommandWords(completion, joined(words), text);
    if (words.empty())
        addHelpPages(completion, text);
    return completion;
}

} // namespace

Completion complete(const std::vector<std::string> &words)
{
    if (words.empty())
        return {};
    const std::string &text = words.back();
    const std::span before(words.data(), words.size() - 1);
    const auto [command, length] = findCommand(before);
    Completion completion;
    if (command == nullptr || before.size() == length)
        addCommandWords(completion, joined(before), text);
    if (command == nullptr)
        return completion;

    const CommandDocument document = documentOf(*command);
    Line line = read(document, before.subspan(length));
    if (line.waiting != nullptr)
        return valuesFor(*line.waiting, text, line.context);
    if (text.starts_with('-') && !line.onlyArguments) {
        const std::size_t sign = text.find('=');
        return sign == std::string::npos ? optionNames(document, line, text)
                                         : attachedValue(document, line, text, sign);
    }
    if (command->name == "help")
        return helpWords(before.subspan(length), text);
    const OptionDocument *const option = argumentAt(document, line.arguments);
    if (option == nullptr) // an option always fits
        return text.empty() && completion.candidates.empty() && !line.onlyArguments
            ? optionNames(document, line, text)
            : completion;
    line.context.position = line.arguments;
    Completion values = valuesFor(*option, text, line.context);
    std::ranges::move(values.candidates, std::back_inserter(completion.candidates));
    completion.shell = values.shell;
    completion.offset = values.offset;
    return completion;
}

std::string unquoted(const std::string &word)
{
    std::string out;
    char quote = '\0';
    for (std::size_t i = 0; i < word.size(); ++i) {
        const char c = word[i];
        if (quote == '\'' || c == '\'') {
            if (c != '\'')
                out += c;
            else if (quote != '"')
                quote = quote == '\'' ? '\0' : '\'';
            else
                out += c;
        } else if (c == '"')
            quote = quote == '"' ? '\0' : '"';
        else if (c == '\\' && i + 1 < word.size())
            out += word[++i];
        else
            out += c;
    }
    return out;
}

} // namespace postern::cli
