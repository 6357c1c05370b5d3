// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/scripts.h"

#include "cli/command.h"
#include "cli/completion/complete.h"
#include "cli/exit_codes.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"in this bash", "bash -c 'eval \"$(postern completion bash)\"; complete -p postern'"},
    Example{"in every zsh, from a folder of $fpath", "postern completion zsh > _postern"},
    Example{"in every fish",
            "mkdir -p completions && postern completion fish > completions/postern.fish"},
};

// Index = ShellWords.
constexpr std::array<std::string_view, 4> kShellWords{"none", "files", "directories", "programs"};

Run define(CLI::App &app)
{
    const auto shell = std::make_shared<std::string>();
    app.add_option("shell", *shell, "the shell that is to read it")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    return [shell](Console &console) {
        console.raw(completionScript(*shell));
        return kYes;
    };
}

} // namespace

int printCompletion(const Console &console, std::vector<std::string> words)
{
    if (!words.empty() && words.front() == "--quoted") {
        words.erase(words.begin());
        for (std::string &word : words)
            word = unquoted(word);
    }
    const Completion completion = complete(words);
    std::string text;
    for (const auto &[value, help, open] : completion.candidates)
        text += std::format("{}{}\t{}\n", open ? '=' : '+', printable(value), printable(help));
    text += std::format(":{} {}\n", kShellWords.at(static_cast<std::size_t>(completion.shell)),
                        completion.offset);
    console.raw(text);
    return kYes;
}

const Command completionCommand{
    "completion", "print the script that completes words in a shell", kExamples, define,
    "It completes commands, options, values and file names, and the consumers, credentials and "
    "routes of the configuration in reach: that of --config or --store on the line; otherwise that "
    "of the newest running gateway, of POSTERN_CONFIG and of the nearest postern.yaml. Only files "
    "are read; no server is asked."};

} // namespace postern::cli
