// SPDX-License-Identifier: Apache-2.0
#include "cli/help/document.h"

#include "cli/command_app.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <ranges>

namespace postern::cli {
namespace {

struct TopicRow
{
    std::string_view noun;
    std::string_view title;
};

constexpr std::string_view kOther = "More";
constexpr std::array kTopics{
    TopicRow{"gateway", "Gateway"},       TopicRow{"exec", "Gateway"},
    TopicRow{"clock", "Gateway"},         TopicRow{"config", "Gateway"},
    TopicRow{"request", "Requests"},      TopicRow{"acl", "Requests"},
    TopicRow{"explain", "Requests"},      TopicRow{"trace", "Requests"},
    TopicRow{"token", "Tokens"},          TopicRow{"key", "Keys"},
    TopicRow{"cert", "Certificates"},     TopicRow{"consumer", "Consumers and credentials"},
    TopicRow{"plugin", "Plugins"},        TopicRow{"vault", "Secrets"},
    TopicRow{"json", "For tool authors"}, TopicRow{"completion", "About postern"},
    TopicRow{"version", "About postern"}, TopicRow{"help", "About postern"},
};

std::string_view topicOf(const Command &command) noexcept
{
    const std::string_view noun = command.name.substr(0, command.name.find(' '));
    const auto *const row = std::ranges::find(kTopics, noun, &TopicRow::noun);
    return row == kTopics.end() ? kOther : row->title;
}

std::string upper(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

std::string joined(const std::vector<std::string> &parts, std::string_view between)
{
    std::string text;
    for (const std::string &part : parts)
        text.append(text.empty() ? "" : between).append(part);
    return text;
}

// CLI11 tells the members of an IsMember check as "{a,b}".
std::vector<std::string> choicesOf(const CLI::Option &option)
{
    const std::string type = option.get_type_name();
    const std::size_t open = type.find('{');
    const std::size_t close = type.find('}', open == std::string::npos ? 0 : open);
    std::vector<std::string> choices;
    if (open == std::string::npos || close == std::string::npos)
        return choices;
    const std::string_view members = std::string_view(type).substr(open + 1, close - open - 1);
    for (const auto member : std::views::split(members, ','))
        choices.emplace_back(std::string_view(member));
    return choices;
}

OptionDocument documentOf(const Command &command, const CLI::Option &option)
{
    OptionDocument document;
    document.argument = option.get_positional();
    document.help = option.get_description();
    document.variable = option.get_envname();
    document.required = option.get_required();
    document.group = document.argument ? "Arguments" : option.get_group();
    document.common = document.group == kCommonGroup;
    if (document.argument)
        document.names.push_back(option.get_name(true));
    for (const std::string &name : option.get_snames())
        document.names.push_back('-' + name);
    for (const std::string &name : option.get_lnames())
        document.names.push_back("--" + name);
    if (option.get_items_expected_max() == 0) {
        document.kind = ValueKind::Flag;
        return document;
    }
    document.choices = choicesOf(option);
    document.kind = valueKindOf(command.name, document.names.back());
    const std::string type = option.get_type_name();
    if (document.kind == ValueKind::Text && (type.starts_with("INT") || type.starts_with("UINT")))
        document.kind = ValueKind::Number;
    document.repeatable = option.get_items_expected_max() > 1;
    document.placeholder = document.argument ? upper(document.names.front())
        : document.choices.empty()           ? std::string(placeholderOf(document.kind))
                                             : joined(document.choices, "|");
    return document;
}

std::string usageOf(const Command &command, const std::vector<OptionDocument> &options)
{
    std::string text = std::format("postern {}", command.name);
    for (const OptionDocument &option : options) {
        if (!option.argument && option.required)
            text += std::format(" {} {}", option.names.back(), option.placeholder);
    }
    text += " [OPTION]...";
    for (const OptionDocument &option : options) {
        if (!option.argument)
            continue;
        const std::string name =
            (option.kind == ValueKind::Program ? "-- " : "") + option.synopsis();
        text += option.required ? ' ' + name : std::format(" [{}]", name);
    }
    return text;
}

} // namespace

std::string OptionDocument::shownName() const { return argument ? placeholder : names.back(); }

std::string OptionDocument::synopsis() const
{
    if (argument)
        return placeholder + (repeatable ? "..." : "");
    return joined(names, ", ") + (takesValue() ? ' ' + placeholder : std::string());
}

bool OptionDocument::hasName(std::string_view name) const noexcept
{
    return !argument && std::ranges::contains(names, name);
}

std::vector<std::string> CommandDocument::groups() const
{
    std::vector<std::string> titles;
    for (const OptionDocument &option : options) {
        if (!std::ranges::contains(titles, option.group))
            titles.push_back(option.group);
    }
    return titles;
}

const OptionDocument *CommandDocument::find(std::string_view name) const noexcept
{
    const auto option =
        std::ranges::find_if(options, [name](const auto &each) { return each.hasName(name); });
    return option == options.end() ? nullptr : &*option;
}

CommandDocument documentOf(const Command &command)
{
    const CommandApp app(command);
    CommandDocument document{&command, {}, {}};
    for (const CLI::Option *option : app.options())
        document.options.push_back(documentOf(command, *option));
    OptionDocument help;
    help.names = {"-h", "--help"};
    help.help = "print this help";
    help.kind = ValueKind::Flag;
    help.common = true;
    help.group = kCommonGroup;
    document.options.push_back(std::move(help));
    std::ranges::stable_sort(document.options, {}, [](const OptionDocument &option) {
        return option.argument ? 0 : option.common ? 2 : 1;
    });
    document.usage = usageOf(command, document.options);
    return document;
}

std::vector<Topic> commandsByTopic()
{
    std::vector<Topic> topics;
    for (const auto &[noun, title] : kTopics) {
        if (std::ranges::find(topics, title, &Topic::title) == topics.end())
            topics.push_back({title, {}});
    }
    topics.push_back({kOther, {}});
    for (const Command *command : commands()) {
        std::ranges::find(topics, topicOf(*command), &Topic::title)->commands.push_back(command);
    }
    std::erase_if(topics, [](const Topic &topic) { return topic.commands.empty(); });
    return topics;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width)
{
    const std::string margin(indent, ' ');
    std::string out;
    for (const auto paragraph : std::views::split(text, '\n')) {
        std::string line;
        for (const auto piece : std::views::split(std::string_view(paragraph), ' ')) {
            const std::string_view word(piece);
            if (word.empty())
                continue;
            if (!line.empty() && indent + line.size() + 1 + word.size() > width) {
                out += margin + line + '\n';
                line.clear();
            }
            line.append(line.empty() ? "" : " ").append(word);
        }
        out += (line.empty() ? std::string() : margin + line) + '\n';
    }
    return out;
}

} // namespace postern::cli
