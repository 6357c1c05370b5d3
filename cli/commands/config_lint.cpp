// SPDX-License-Identifier: Apache-2.0
#include "gateway/lint/config_lint.h"
#include "cli/admin_access.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/times.h"
#include "core/store/store.h"
#include "gateway/lint/lint_sources.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <iterator>
#include <memory>
#include <optional>

namespace postern::cli {
namespace {

using gateway::ConfigFinding;
using gateway::ConfigRule;
using gateway::LintObject;

constexpr std::array kExamples{
    Example{
        "remarks on a file, each with its place",
        "printf 'consumers:\\n- username: bot\\n' > lint.yaml && postern config lint lint.yaml"},
    Example{"for a pre-commit hook: exit code 1 also for warnings",
            "printf 'consumers:\\n- username: bot\\n' > lint.yaml && postern config lint --strict "
            "lint.yaml",
            Needs::Nothing, kNo},
    Example{"what a running gateway serves", "postern config lint", Needs::Gateway},
    Example{"every rule with its level", "postern config lint --rules"},
};

constexpr std::string_view kDescription =
    "Remarks on what is weak, odd or dangerous in a configuration: shared and guessable keys, "
    "consumers that nobody can log in as, references that do not resolve, expired certificates, "
    "rules that refuse everybody. 'postern config validate' says what a gateway refuses; here that "
    "is a remark of rule 'invalid'.\n\n"
    "The exit code is 1 if a remark of level error was made, with --strict also for warnings, and "
    "3 if the file is not valid. Secrets are looked at and never shown. Without files the running "
    "gateway is asked, whose environment variables are not known here.";

constexpr ConfigRule kInvalid{"invalid", LintLevel::Error, "what a gateway refuses"};

struct Options
{
    std::vector<std::string> files, ignored;
    std::string kind, store, clock;
    bool rules = false, strict = false, github = false;
};

/// A finding with its place: "gateway.yaml:14:7", or the object and the pointer into it.
struct Remark
{
    ConfigFinding finding;
    std::string where;
};

Paint paintOf(LintLevel level)
{
    return level == LintLevel::Error ? Paint::Bad
        : level == LintLevel::Info   ? Paint::Dim
                                     : Paint::Warn;
}

std::vector<ConfigRule> allRules()
{
    std::vector<ConfigRule> rules{kInvalid};
    std::ranges::copy(gateway::configRules(), std::back_inserter(rules));
    return rules;
}

int printRules(const Console &console)
{
    Json list = Json::array();
    for (const ConfigRule &rule : allRules()) {
        if (console.json())
            list.push_back(Json::object(
                {{"id", rule.id}, {"level", nameOf(rule.level)}, {"help", rule.help}}));
        else
            console.line(std::format(
                "{}  {:<28}  {}",
                console.painted(paintOf(rule.level), std::format("{:<7}", nameOf(rule.level))),
                rule.id, rule.help));
    }
    if (console.json())
        console.document(Json::object({{"version", 1}, {"rules", std::move(list)}}));
    return kYes;
}

/// "consumers/jack/credentials/x /plugins/jwt-auth/secret"
std::string objectPlace(const ConfigFinding &finding)
{
    constexpr std::string_view kRoot = "/apisix/";
    const std::string_view key = finding.key;
    return std::format("{}{}{}", key.starts_with(kRoot) ? key.substr(kRoot.size()) : key,
                       finding.pointer.empty() ? "" : " ", finding.pointer);
}

Result<std::vector<Remark>> remarksOfFile(const Options &options, const std::string &path,
                                          std::int64_t now)
{
    const auto kind = options.kind.empty() ? gateway::kindOfConfigFile(path)
        : options.kind == "standalone"     ? gateway::ConfigFileKind::Standalone
                                           : gateway::ConfigFileKind::Postern;
    const auto file = gateway::readLintFile(path, kind);
    if (!file)
        return std::unexpected(file.error());
    std::vector<Remark> remarks;
    for (const Error &fault : file->faults)
        remarks.push_back({{.id = kInvalid.id,
                            .level = kInvalid.level,
                            .key = {},
                            .pointer = {},
                            .text = describe({fault.code, fault.detail, {}}),
                            .fix = {},
                            .other = {}},
                           fault.where});
    const SecretResolver secrets(file->environment);
    for (ConfigFinding &finding : gateway::lintConfig(file->objects, {now, &secrets})) {
        std::string where = file->placeOf(finding.object, finding.pointer);
        remarks.push_back({std::move(finding), std::move(where)});
    }
    return remarks;
}

std::vector<Remark> remarksOf(const std::vector<LintObject> &objects, std::int64_t now,
                              const SecretResolver *secrets)
{
    std::vector<Remark> remarks;
    for (ConfigFinding &finding : gateway::lintConfig(objects, {now, secrets})) {
        std::string where = objectPlace(finding);
        remarks.push_back({std::move(finding), std::move(where)});
    }
    return remarks;
}

Result<std::vector<Remark>> remarksOfStore(const std::string &uri, std::int64_t now)
{
    StoreOptions access;
    access.readOnly = true;
    const auto store = openStore(uri, access);
    if (!store)
        return std::unexpected(store.error());
    const auto objects = gateway::readLintObjects(**store);
    if (!objects)
        return std::unexpected(objects.error());
    const SecretResolver secrets;
    return remarksOf(*objects, now, &secrets);
}

Result<std::vector<Remark>> remarksOfGateway(const std::string &clock, std::int64_t now)
{
    const auto admin = openAdmin({});
    if (!admin)
        return std::unexpected(admin.error());
    const auto objects = gateway::readLintObjects(**admin);
    if (!objects)
        return std::unexpected(objects.error());
    if (clock.empty()) {
        if (const auto time = (*admin)->now())
            now = std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
    }
    return remarksOf(*objects, now, nullptr);
}

Json toJson(std::string_view source, const std::vector<Remark> &remarks)
{
    Json list = Json::array();
    for (const auto &[finding, where] : remarks)
        list.push_back(Json::object({{"id", finding.id},
                                     {"level", nameOf(finding.level)},
                                     {"where", printable(where)},
                                     {"object", printable(finding.key)},
                                     {"pointer", printable(finding.pointer)},
                                     {"text", printable(finding.text)},
                                     {"fix", printable(finding.fix)},
                                     {"other", printable(finding.other)}}));
    return Json::object({{"version", 1}, {"source", source}, {"findings", std::move(list)}});
}

void printText(const Console &console, std::string_view source, const std::vector<Remark> &remarks)
{
    for (const auto &[finding, where] : remarks) {
        console.line(std::format("{}: {}: {} [{}]", printable(where),
                                 console.painted(paintOf(finding.level), nameOf(finding.level)),
                                 printable(finding.text), finding.id));
        if (!finding.fix.empty())
            console.line(std::format("    {}", printable(finding.fix)));
    }
    if (remarks.empty())
        console.line(std::format("{}: nothing to remark", printable(source)));
}

/// Line ends and what parts an annotation would end it early.
std::string escaped(std::string_view text, bool property)
{
    std::string out;
    for (const char c : printable(text)) {
        if (c == '%' || c == '\n' || c == '\r' || (property && (c == ':' || c == ',')))
            out += std::format("%{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out;
}

/// "file:14:7" as properties of an annotation.
std::string propertiesOf(std::string_view where)
{
    constexpr std::array<std::string_view, 2> kNames{"col", "line"};
    std::string numbers;
    for (const std::string_view name : kNames) {
        const std::size_t colon = where.rfind(':');
        const std::string_view number =
            colon == std::string_view::npos ? "" : where.substr(colon + 1);
        if (number.empty() || number.find_first_not_of("0123456789") != std::string_view::npos)
            return std::format("file={}", escaped(where, true));
        numbers = std::format(",{}={}{}", name, number, numbers);
        where = where.substr(0, colon);
    }
    return std::format("file={}{}", escaped(where, true), numbers);
}

// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
void printAnnotations(const Console &console, const std::vector<Remark> &remarks)
{
    for (const auto &[finding, where] : remarks) {
        const std::string_view word =
            finding.level == LintLevel::Info ? "notice" : nameOf(finding.level);
        console.line(std::format("::{} {},title={}::{}{}{}", word, propertiesOf(where), finding.id,
                                 escaped(finding.text, false), finding.fix.empty() ? "" : "; ",
                                 escaped(finding.fix, false)));
    }
}

int exitOf(const std::vector<Remark> &remarks, bool strict)
{
    const LintLevel least = strict ? LintLevel::Warning : LintLevel::Error;
    int exit = kYes;
    for (const Remark &remark : remarks) {
        if (remark.finding.id == kInvalid.id)
            return ExitCode::kInvalid;
        if (remark.finding.level >= least)
            exit = kNo;
    }
    return exit;
}

int report(const Console &console, const Options &options, std::string_view source,
           std::vector<Remark> remarks)
{
    std::erase_if(remarks, [&options](const Remark &remark) {
        return std::ranges::contains(options.ignored, remark.finding.id);
    });
    if (console.json())
        console.document(toJson(source, remarks), options.files.size() > 1);
    else if (options.github)
        printAnnotations(console, remarks);
    else if (!console.quiet)
        printText(console, source, remarks);
    return exitOf(remarks, options.strict);
}

int runFiles(const Console &console, const Options &options, std::int64_t now)
{
    int exit = kYes;
    for (const std::string &path : options.files) {
        auto remarks = remarksOfFile(options, path, now);
        exit = std::max(exit,
                        remarks ? report(console, options, path, std::move(*remarks))
                                : console.fail(remarks.error()));
    }
    return exit;
}

int run(const Console &console, const Options &options)
{
    if (options.rules)
        return printRules(console);
    const auto time = timeOf(options.clock);
    if (!time)
        return console.fail(time.error());
    const auto now = std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
    if (!options.files.empty())
        return runFiles(console, options, now);
    auto remarks = options.store.empty() ? remarksOfGateway(options.clock, now)
                                         : remarksOfStore(options.store, now);
    return remarks
        ? report(console, options, options.store.empty() ? "the running gateway" : options.store,
                 std::move(*remarks))
        : console.fail(remarks.error());
}

/// They are too many for a line of help, which is what CLI::IsMember would make of them.
std::string checkRule(const std::string &id)
{
    return std::ranges::contains(allRules(), id, &ConfigRule::id)
        ? std::string()
        : std::format("no rule \"{}\"; --rules lists them", id);
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    auto *const files = app.add_option("files", options->files, "configuration files");
    app.add_option("--as", options->kind,
                   "what they are; by default apisix.* is a standalone configuration")
        ->check(CLI::IsMember({"standalone", "postern"}));
    app.add_option("--store", options->store, "the objects of a store instead: sqlite:PATH")
        ->excludes(files);
    addList(app, "--ignore", options->ignored, "make no remarks of this rule; repeatable");
    app.get_option("--ignore")->check(checkRule);
    app.add_option("--clock", options->clock, "the time that certificates are compared with");
    app.add_flag("--strict", options->strict, "exit 1 also for warnings");
    app.add_flag("--github", options->github, "annotations for GitHub's job log");
    app.add_flag("--rules", options->rules, "list the rules instead");
    return [options](const Console &console) { return run(console, *options); };
}

} // namespace

const Command configLintCommand{"config lint",
                                "remark on what is weak, odd or dangerous in a configuration",
                                kExamples, define, kDescription};

} // namespace postern::cli
