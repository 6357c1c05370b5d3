// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "core/config/config.h"
#include "gateway/admin/apisix/import.h"
#include "gateway/standalone/file.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"a standalone file, every fault with its line and column",
            "printf 'routes:\\n- id: r1\\n  uri: /a\\n  plugins: {key-auth: }\\n#END\\n' > "
            "apisix.yaml && postern config validate apisix.yaml"},
    Example{"one that has faults: exit code 3",
            R"(echo '{"routes":[{"id":"r1","uri":7}]}' > apisix.json && )"
            "postern config validate apisix.json",
            Needs::Nothing, kInvalid},
    Example{"Postern's own configuration file, for programs",
            "printf 'listen: {proxy: 8080}\\n' > gateway.yaml && postern config validate "
            "gateway.yaml -o json"},
};

struct Options
{
    std::vector<std::string> files;
    std::string kind;
};

/// What a gateway with nothing in it says about a file.
class Validator
{
public:
    explicit Validator(const GatewayProfile &profile = defaultGatewayProfile())
        : m_config(openStore("memory:").value(), environmentOf(profile), m_clock,
                   [](const std::shared_ptr<const gateway::Snapshot> &) {})
    {
    }

    std::vector<Error> standalone(const std::string &file)
    {
        auto checked = gateway::checkStandaloneFile(m_config, file);
        return checked ? std::move(checked->faults) : std::vector{checked.error()};
    }

    /// Checked by the profile that the file asks for.
    static std::vector<Error> own(const std::string &file)
    {
        Result<Config> config = loadConfig(file);
        if (!config)
            return {config.error()};
        const GatewayProfile *const profile = findGatewayProfile(config->profile);
        return Validator(profile ? *profile : defaultGatewayProfile()).objects(*config);
    }

private:
    static gateway::PluginEnv environmentOf(const GatewayProfile &profile)
    {
        gateway::PluginEnv environment;
        environment.profile = &profile;
        return environment;
    }

    std::vector<Error> objects(Config &config)
    {
        const auto imported = gateway::importObjects(m_config, std::move(config.objects));
        return imported ? std::vector<Error>() : imported.error();
    }

    Clock m_clock;
    gateway::ConfigService m_config;
};

bool isStandalone(const std::string &file, const std::string &kind)
{
    if (!kind.empty())
        return kind == "standalone";
    return std::filesystem::path(file).stem() == "apisix";
}

Json documentOf(const std::string &file, const std::vector<Error> &faults)
{
    Json errors = Json::array();
    for (const Error &fault : faults)
        errors.push_back(Json::object({{"code", slug(fault.code)},
                                       {"message", describe({fault.code, fault.detail, {}})},
                                       {"where", fault.where}}));
    return Json::object(
        {{"version", 1}, {"file", file}, {"valid", faults.empty()}, {"errors", std::move(errors)}});
}

int run(const Console &console, const Options &options)
{
    int exit = kYes;
    for (const std::string &file : options.files) {
        // Each for itself: what one holds does not count for the next.
        const std::vector<Error> faults =
            isStandalone(file, options.kind) ? Validator().standalone(file) : Validator::own(file);
        if (console.json())
            console.document(documentOf(file, faults), true);
        else if (faults.empty() && !console.quiet)
            console.line(std::format("{}: valid", file));
        for (const Error &fault : faults) {
            if (!console.json() && !console.quiet)
                console.line(printable(describe(fault)));
            exit = std::max<int>(exit, exitCodeOf(fault.code));
        }
    }
    return exit;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("files", options->files, "configuration files")->required();
    app.add_option("--as", options->kind,
                   "what they are; by default apisix.* is a standalone configuration")
        ->check(CLI::IsMember({"standalone", "postern"}));
    return [options](const Console &console) { return run(console, *options); };
}

} // namespace

const Command configValidateCommand{
    "config validate", "check configuration files without starting a gateway", kExamples, define,
    "Every fault is a line with its place in the file, in the words of the Admin API. In "
    "standalone "
    "configurations (apisix.yaml, apisix.json) what an object refers to need not exist, as APISIX "
    "has it; in Postern's own files it must."};

} // namespace postern::cli
