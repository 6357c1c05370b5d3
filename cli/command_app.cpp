// SPDX-License-Identifier: Apache-2.0
#include "cli/command_app.h"

#include "cli/exit_codes.h"
#include "cli/help/text.h"
#include "cli/usage_error.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <format>

#include <unistd.h>

namespace postern::cli {
namespace {

// In the order of the enumerations.
const std::vector<std::string> kFormats{"text", "json", "ndjson"};
const std::vector<std::string> kColours{"auto", "always", "never"};

template <class Choice>
Choice choiceOf(const std::vector<std::string> &names, const std::string &name)
{
    return static_cast<Choice>(std::ranges::find(names, name) - names.begin());
}

} // namespace

struct CommandApp::CommonOptions
{
    std::string output;
    std::string colour = "auto";
    std::string directory;
    bool noColour = false;
};

CommandApp::CommandApp(const Command &command)
    : m_command(command),
      m_common(std::make_unique<CommonOptions>()),
      m_app(std::make_unique<CLI::App>(std::string(command.help)))
{
    m_app->name(std::format("postern {}", command.name));
    m_app->set_help_flag("-h,--help", "print this help");
    m_run = command.define(*m_app);
    addCommonOptions();
}

CommandApp::~CommandApp() = default;

void CommandApp::addCommonOptions()
{
    m_app
        ->add_option("-o,--output", m_common->output,
                     "text is for people, json is stable, ndjson is json on one line")
        ->check(CLI::IsMember(kFormats))
        ->envname("POSTERN_OUTPUT")
        ->group(kCommonGroup);
    m_app->add_flag("-q,--quiet", m_console.quiet, "no talk; the exit code is the answer")
        ->group(kCommonGroup);
    m_app
        ->add_flag(
            "-v,--verbose", [this](std::int64_t n) { m_console.verbosity = static_cast<int>(n); },
            "more talk; repeatable")
        ->group(kCommonGroup);
    m_app
        ->add_option("--color", m_common->colour,
                     "colour in the output; auto: on a terminal without NO_COLOR")
        ->check(CLI::IsMember(kColours))
        ->group(kCommonGroup);
    m_app->add_flag("--no-color", m_common->noColour, "the same as --color never")
        ->group(kCommonGroup);
    m_app->add_option("-C,--directory", m_common->directory, "work in this folder")
        ->group(kCommonGroup);
}

Result<void> CommandApp::applyCommonOptions()
{
    if (!m_common->output.empty())
        m_console.format = choiceOf<Format>(kFormats, m_common->output);
    m_console.colour =
        m_common->noColour ? ColourMode::Never : choiceOf<ColourMode>(kColours, m_common->colour);
    if (!m_common->directory.empty() && chdir(m_common->directory.c_str()) != 0)
        return fail(Errc::Io, "cannot work in this folder", m_common->directory);
    return {};
}

std::vector<const CLI::Option *> CommandApp::options() const
{
    const CLI::App &app = *m_app;
    std::vector<const CLI::Option *> options;
    for (const CLI::Option *option : app.get_options()) {
        if (option != app.get_help_ptr())
            options.push_back(option);
    }
    return options;
}

int CommandApp::run(std::vector<std::string> arguments)
{
    const std::vector<std::string> given = arguments;
    try {
        std::ranges::reverse(arguments); // CLI11 takes its vector back to front
        m_app->parse(std::move(arguments));
    } catch (const CLI::CallForHelp &) {
        m_console.raw(helpText(m_command));
        return kYes;
    } catch (const CLI::ParseError &error) {
        return m_console.fail(usageError(m_command, given, m_app->remaining(), error.what()));
    }
    if (const auto applied = applyCommonOptions(); !applied)
        return m_console.fail(applied.error());
    return m_run(m_console);
}

} // namespace postern::cli
