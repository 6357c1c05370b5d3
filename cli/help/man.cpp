// SPDX-License-Identifier: Apache-2.0
#include "cli/help/man.h"

#include "cli/help/document.h"
#include "cli/help/topics.h"
#include "core/version.h"

#include <QString>

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <ranges>

namespace postern::cli {
namespace {

struct Escape
{
    char32_t character;
    std::string_view roff;
};
// man(7): what is to be copied from the page must not become a typographic character.
constexpr std::array kEscapes{Escape{U'\\', "\\e"},  Escape{U'-', "\\-"},   Escape{U'~', "\\(ti"},
                              Escape{U'^', "\\(ha"}, Escape{U'`', "\\(ga"}, Escape{U'\'', "\\(aq"}};

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char32_t character : QString::fromUtf8(text).toStdU32String()) {
        const auto *const row = std::ranges::find(kEscapes, character, &Escape::character);
        if (row != kEscapes.end())
            out += row->roff;
        else if (character < 0x80)
            out += static_cast<char>(character);
        else
            out += std::format("\\[u{:04X}]", static_cast<std::uint32_t>(character));
    }
    return out;
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

std::string textLine(std::string_view text)
{
    const bool guarded = text.starts_with('.') || text.starts_with('\'');
    return (guarded ? "\\&" : "") + escaped(text) + '\n';
}

std::string paragraphs(std::string_view text)
{
    std::string out;
    for (const auto piece : std::views::split(text, '\n')) {
        const std::string_view line(piece);
        out += line.empty() ? ".PP\n" : textLine(line);
    }
    return out;
}

std::string pageName(std::string_view command)
{
    std::string name = "postern";
    if (!command.empty())
        name += '-';
    for (const char c : command)
        name += c == ' ' ? '-' : c;
    return name;
}

std::string heading(std::string_view command, std::string_view help)
{
    return std::format(".TH {} 1 \"\" \"Postern {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n",
                       escaped(upper(pageName(command))), escaped(kVersion),
                       escaped(pageName(command)), escaped(help));
}

std::string entry(std::string_view term, std::string_view meaning)
{
    return std::format(".TP\n.B {}\n{}", escaped(term), textLine(meaning));
}

std::string optionEntry(const OptionDocument &option)
{
    std::string names;
    for (const std::string &name : option.names)
        names += (names.empty() ? "" : ", ") + std::format("\\fB{}\\fR", escaped(name));
    if (option.argument)
        names = std::format("\\fI{}\\fR{}", escaped(option.placeholder),
                            option.repeatable ? "..." : "");
    else if (option.takesValue())
        names += std::format(" \\fI{}\\fR", escaped(option.placeholder));
    std::string help = option.help;
    if (!option.variable.empty())
        help += std::format(" (variable {})", option.variable);
    if (option.required && !option.argument)
        help += "; required";
    return std::format(".TP\n{}\n{}", names, textLine(help));
}

std::string optionSection(const CommandDocument &document, const std::string &group)
{
    std::string text = std::format(".SH \"{}\"\n", upper(group));
    for (const OptionDocument &option : document.options) {
        if (option.group == group)
            text += optionEntry(option);
    }
    return text;
}

std::string examplesSection(const Command &command)
{
    std::string text = ".SH EXAMPLES\n";
    for (const Example &example : command.examples) {
        std::string what(example.what);
        what.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(what.front())));
        text += std::format(".PP\n{}.PP\n.nf\n.RS 4\n{}.RE\n.fi\n", textLine(what + ':'),
                            textLine(example.shell));
    }
    return text;
}

std::string table(std::string_view title, const std::vector<HelpEntry> &entries)
{
    std::string text = std::format(".SH \"{}\"\n", title);
    for (const HelpEntry &each : entries)
        text += entry(each.term, each.meaning);
    return text;
}

} // namespace

std::string manPage(const Command &command)
{
    const CommandDocument document = documentOf(command);
    std::string text = heading(command.name, command.help);
    text += std::format(".SH SYNOPSIS\n.B {}\n", escaped(document.usage));
    text += ".SH DESCRIPTION\n";
    std::string summary(command.help);
    summary.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(summary.front())));
    text += textLine(summary + '.');
    if (!command.description.empty())
        text += ".PP\n" + paragraphs(command.description);
    for (const std::string &group : document.groups())
        text += optionSection(document, group);
    text += examplesSection(command);
    text += ".SH \"EXIT STATUS\"\n0 yes, 1 no, 2 wrong usage, 3 invalid input, 4 cannot start, "
            "5 remote problem, 6 time\\-out, 7 internal error; see\n.BR postern (1).\n";
    return text + ".SH \"SEE ALSO\"\n.BR postern (1)\n";
}

std::string manPage()
{
    std::string text = heading({}, "test API gateway, JSON web tokens and keys");
    text += ".SH SYNOPSIS\n.B postern\n.I COMMAND\n[OPTION]... [ARGUMENT]...\n";
    text += ".SH DESCRIPTION\n"
            "Postern runs an API gateway for tests in one process, and mints, shows and checks "
            "JSON web tokens and keys.\n";
    for (const Topic &topic : commandsByTopic()) {
        text += std::format(".SS \"{}\"\n", escaped(topic.title));
        for (const Command *command : topic.commands)
            text += entry(command->name, command->help);
    }
    for (const HelpPage &page : helpPages()) {
        text += table(page.title, page.entries());
    }
    text += ".SH \"SEE ALSO\"\n";
    std::string separator;
    for (const Command *command : commands()) {
        text += std::format("{}.BR {} (1)", separator, escaped(pageName(command->name)));
        separator = ",\n";
    }
    text += '\n';
    return text;
}

std::vector<ManPage> manPages()
{
    std::vector<ManPage> pages{{"postern.1", manPage()}};
    for (const Command *command : commands()) {
        pages.push_back({pageName(command->name) + ".1", manPage(*command)});
    }
    return pages;
}

} // namespace postern::cli
