// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/help/document.h"
#include "cli/help/man.h"
#include "cli/help/text.h"
#include "cli/help/topics.h"
#include "cli/usage_error.h"
#include "core/text/suggest.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <format>
#include <fstream>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"every command, by topic", "postern help"},
    Example{"one command's options and examples", "postern help token verify"},
    Example{"every reason id with its sentence", "postern help reasons"},
    Example{"the manual page of a command", "postern help --man token verify > verify.1"},
    Example{"everything as JSON, for tools", "postern help -o json"},
};

struct Options
{
    std::vector<std::string> words;
    std::string manDirectory;
    bool man = false;
};

Json describeOption(const OptionDocument &option)
{
    Json names = Json::array();
    for (const std::string &name : option.names)
        names.push_back(name);
    Json json = Json::object({{"names", std::move(names)},
                              {"argument", option.argument},
                              {"group", option.group},
                              {"value", option.placeholder},
                              {"help", option.help},
                              {"required", option.required},
                              {"repeatable", option.repeatable}});
    if (!option.choices.empty()) {
        Json choices = Json::array();
        for (const std::string &choice : option.choices)
            choices.push_back(choice);
        json.set("choices", std::move(choices));
    }
    if (!option.variable.empty())
        json.set("variable", option.variable);
    return json;
}

Json describeCommand(const Command &command)
{
    const CommandDocument document = documentOf(command);
    Json options = Json::array();
    for (const OptionDocument &option : document.options)
        options.push_back(describeOption(option));
    Json examples = Json::array();
    for (const Example &example : command.examples) {
        examples.push_back(Json::object({{"what", example.what},
                                         {"shell", example.shell},
                                         {"gateway", example.needs == Needs::Gateway},
                                         {"exit", example.exit}}));
    }
    return Json::object({{"name", command.name},
                         {"help", command.help},
                         {"usage", document.usage},
                         {"options", std::move(options)},
                         {"examples", std::move(examples)}});
}

int printAllAsJson(const Console &console)
{
    Json list = Json::array();
    for (const Command *command : commands()) {
        list.push_back(describeCommand(*command));
    }
    Json codes = Json::array();
    for (const auto &[code, meaning] : exitCodeTable())
        codes.push_back(Json::object({{"code", code}, {"meaning", meaning}}));
    console.document(Json::object({{"version", 1}, {"commands", list}, {"exit_codes", codes}}));
    return kYes;
}

int writeManPages(const Console &console, const std::filesystem::path &directory)
{
    std::error_code code;
    std::filesystem::create_directories(directory, code);
    for (const ManPage &page : manPages()) {
        const std::filesystem::path path = directory / page.file;
        std::ofstream out(path, std::ios::binary | std::ios::trunc);
        out << page.roff;
        if (!out.flush())
            return console.fail({Errc::Io, "cannot be written", path.string()});
    }
    return kYes;
}

int explain(const Console &console, const Options &options)
{
    const auto [command, length] = findCommand(options.words);
    if (command != nullptr && length == options.words.size()) {
        if (options.man)
            console.raw(manPage(*command));
        else if (console.json())
            console.document(describeCommand(*command));
        else
            console.raw(helpText(*command));
        return kYes;
    }
    const std::string below = command == nullptr ? commandsBelow(options.words) : std::string();
    if (below.empty() || options.man)
        return console.fail(unknownCommand(options.words));
    console.raw(below);
    return kYes;
}

// `postern help reasons expired`: one row of a page.
int explainEntry(const Console &console, const HelpPage &page, const std::string &term)
{
    const std::vector<HelpEntry> entries = page.entries();
    const auto entry = std::ranges::find(entries, term, &HelpEntry::term);
    if (entry == entries.end()) {
        std::vector<std::string_view> terms;
        for (const HelpEntry &each : entries)
            terms.emplace_back(each.term);
        return console.fail({Errc::Usage,
                             std::format("'{}' is not in 'postern help {}'{}", printable(term),
                                         page.name, didYouMean(term, terms)),
                             {}});
    }
    if (console.json())
        console.document(Json::object(
            {{"version", 1}, {std::string(page.key), entry->term}, {"meaning", entry->meaning}}));
    else
        console.line(std::format("{}: {}", entry->term, entry->meaning));
    return kYes;
}

int run(Console &console, const Options &options)
{
    if (!options.manDirectory.empty())
        return writeManPages(console, options.manDirectory);
    if (!options.words.empty()) {
        const HelpPage *const page = findHelpPage(options.words.front());
        if (page == nullptr || options.words.size() > 2)
            return explain(console, options);
        if (options.words.size() == 2)
            return explainEntry(console, *page, options.words[1]);
        if (console.json())
            console.document(jsonOf(*page));
        else
            console.raw(textOf(*page));
        return kYes;
    }
    if (options.man)
        console.raw(manPage());
    else if (console.json())
        return printAllAsJson(console);
    else
        console.raw(overview());
    return kYes;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("command", options->words,
                   "the command to explain, or a help page and an entry of it");
    app.add_flag("--man", options->man, "as a manual page, in roff");
    app.add_option("--man-directory", options->manDirectory,
                   "write the manual pages of all commands into this folder");
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command helpCommand{"help", "explain a command", kExamples, define};

} // namespace postern::cli
