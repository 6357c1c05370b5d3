// SPDX-License-Identifier: Apache-2.0
#include "cli/help/man.h"

#include "cli/help/document.h"
#include "cli/help/topics.h"
#include "core/version.h"

#include <algorithm>
#include <cctype>
#include <format>
#include <ranges>

namespace postern::cli {
namespace {

// man(7): a hyphen that is to be copied is \-, a backslash \e; a dot or quote must not begin a
// line of text.
std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if (c == '~')
            out += "\\(ti";
        else if (c == '^')
            out += "\\(ha";
        else if (c == '`')
            out += "\\(ga";
        else if (c == '\'')
            out += "\\(aq";
        else
            out += c;
    }
    return out;
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
    std::string upper = pageName(command);
    std::ranges::transform(upper, upper.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return std::format(".TH {} 1 \"\" \"Postern {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n",
                       escaped(upper), escaped(kVersion), escaped(pageName(command)),
                       escaped(help));
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

template <class Predicate>
std::string optionSection(std::string_view title, const CommandDocument &document, Predicate fits)
{
    std::string text;
    for (const OptionDocument &option : document.options) {
        if (fits(option))
            text += optionEntry(option);
    }
    return text.empty() ? text : std::format(".SH {}\n{}", title, text);
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
    text += optionSection("ARGUMENTS", document, [](const auto &each) { return each.argument; });
    text += optionSection("OPTIONS", document,
                          [](const auto &each) { return !each.argument && !each.common; });
    text +=
        optionSection("\"COMMON OPTIONS\"", document, [](const auto &each) { return each.common; });
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
