// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/key_batch.h"
#include "core/bytes/encoding.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"whether a file is JSON", R"(echo '{"a":1}' > a.json && postern json check a.json)"},
    Example{"where it is not: exit code 1", R"(printf '{"a":\n01}' | postern json check)",
            Needs::Nothing, kNo},
    Example{"many, one answer a line",
            R"(echo '{"id":1,"base64":"eyJhIjoxfQ=="}' | postern json check --batch -)"},
};

struct Options
{
    std::vector<std::string> files;
    std::string batch;
    bool unique = false;
};

int run(const Console &console, const Options &options)
{
    if (!options.batch.empty())
        return runBatch(console, options.batch, jsonCheckAnswer());
    ArgumentReader reader(console);
    const BatchAnswer answer = jsonCheckAnswer();
    int exit = kYes;
    const std::vector<std::string> files =
        options.files.empty() ? std::vector<std::string>{"-"} : options.files;
    for (const std::string &file : files) {
        const Result<std::string> text = file == "-" ? reader.standardInput() : readFile(file);
        if (!text)
            return console.fail(text.error());
        Result<Json> verdict =
            answer(Json::object({{"base64", encodeBase64(*text)}, {"unique", options.unique}}));
        if (!verdict)
            return console.fail(verdict.error());
        const bool accept = verdict->find("accept")->asBool();
        if (!accept)
            exit = kNo;
        if (console.json()) {
            Json document = Json::object({{"version", 1}, {"file", file}});
            for (auto &[name, value] : verdict->members())
                document.set(name, std::move(value));
            console.document(document, true);
        } else if (!console.quiet) {
            const auto number = [&](std::string_view name) {
                const std::string_view lexeme = verdict->find(name)->lexeme();
                return lexeme.empty() ? std::string() : std::format(":{}", lexeme);
            };
            console.line(
                accept ? std::format("{}: ok{}", file,
                                     verdict->contains("lint") ? ", but a name is there twice" : "")
                       : std::format("{}{}{}: {}: {}", file, number("line"), number("column"),
                                     verdict->stringOr("reason", ""),
                                     printable(verdict->stringOr("detail", ""))));
        }
    }
    return exit;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("files", options->files, "files; - (the default) is standard input");
    app.add_flag("--unique", options->unique, "refuse an object that has the same name twice");
    addBatchOption(app, options->batch, "{id, base64}");
    return [options](const Console &console) { return run(console, *options); };
}

} // namespace

const Command jsonCheckCommand{"json check", "whether a text is JSON, by the strict parser",
                               kExamples, define,
                               "The grammar of RFC 8259 and UTF-8, to the octet; says the line and "
                               "column of the first fault."};

} // namespace postern::cli
