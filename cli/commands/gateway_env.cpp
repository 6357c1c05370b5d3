// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/target.h"
#include "gateway/control/client.h"

#include <CLI/CLI.hpp>

#include <array>
#include <filesystem>
#include <format>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace postern::cli {
namespace {

constexpr std::array kEnvExamples{
    Example{"set the variables of this shell",
            "eval \"$(postern gateway env)\" && curl -s -o "
            "answer.txt $POSTERN_PROXY_URL/get",
            Needs::Gateway},
    Example{"for a .env file", "postern gateway env --format dotenv > .env", Needs::Gateway},
    Example{"APISIX's config.yaml with the admin key, where manuals look for it",
            "postern gateway env --conf conf/config.yaml -q && grep -A2 admin_key conf/config.yaml",
            Needs::Gateway},
};
constexpr std::array kReloadExamples{
    Example{"ask the secret managers again, now", "postern gateway reload-secrets", Needs::Gateway},
    Example{"and say nothing", "postern gateway reload-secrets -q", Needs::Gateway},
    Example{"for programs", "postern gateway reload-secrets -o json", Needs::Gateway},
};

using Variables = std::vector<std::pair<std::string, std::string>>;

struct Options
{
    std::string format = "shell", conf;
};

struct Whereabouts
{
    AdminTarget admin;
    std::string proxy, https, control;
};

Result<Whereabouts> whereabouts()
{
    auto admin = adminTarget();
    if (!admin)
        return std::unexpected(admin.error());
    const Result<Json> health = askControl("GET", "/v1/healthcheck");
    if (!health)
        return std::unexpected(health.error());
    return Whereabouts{std::move(*admin), std::string(health->stringOr("proxy", "")),
                       std::string(health->stringOr("https", "")),
                       std::string(health->stringOr("control", ""))};
}

/// The names that exec gives its child, those of other tools included.
Variables variablesOf(const Whereabouts &where)
{
    const std::string &url = where.admin.url;
    Variables variables{{"POSTERN_PROXY_URL", where.proxy},
                        {"POSTERN_ADMIN_URL", url},
                        {"POSTERN_ADMIN_KEY", where.admin.key},
                        {"POSTERN_SOCKET", where.control}};
    if (!where.https.empty())
        variables.emplace_back("POSTERN_HTTPS_URL", where.https);
    for (const char *name : {"admin_key", "ADMIN_API_KEY", "ADC_TOKEN"})
        variables.emplace_back(name, where.admin.key);
    variables.emplace_back("ADC_SERVER", url.substr(0, url.find("/apisix/admin")));
    return variables;
}

std::string shellQuoted(std::string_view text)
{
    std::string quoted = "'";
    for (const char c : text)
        quoted.append(c == '\'' ? std::string_view("'\\''") : std::string_view(&c, 1));
    return quoted + '\'';
}

std::string endpointYaml(std::string_view url, std::string_view indent, bool item)
{
    const auto address = gateway::parseServerAddress(url);
    if (!address)
        return {};
    return std::format("{0}{1}ip: \"{2}\"\n{0}{3}port: {4}\n", indent, item ? "- " : "",
                       address->host, item ? "  " : "", address->port);
}

/// As much of APISIX's conf/config.yaml as says where it listens and what its key is.
std::string configYaml(const Whereabouts &where)
{
    std::string key;
    for (const char c : where.admin.key)
        key.append(c == '\'' ? 2 : 1, c);
    return "# Where the running gateway is, as APISIX's configuration says it.\n"
           "apisix:\n  node_listen:\n"
        + endpointYaml(where.proxy, "    ", true)
        + "deployment:\n  role: traditional\n  admin:\n    admin_listen:\n"
        + endpointYaml(where.admin.url, "      ", false)
        + std::format(
               "    admin_key:\n      - name: admin\n        key: '{}'\n        role: admin\n",
               key);
}

/// For its owner only: it holds the key.
Result<void> writePrivate(const std::filesystem::path &path, const std::string &text)
{
    std::error_code code;
    if (path.has_parent_path())
        std::filesystem::create_directories(path.parent_path(), code);
    std::filesystem::path fresh = path;
    fresh += std::format(".{}", ::getpid());
    const int descriptor =
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail(Errc::Io, "the file cannot be written", path.string());
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(descriptor);
    if (written)
        std::filesystem::rename(fresh, path, code);
    if (written && !code)
        return {};
    std::filesystem::remove(fresh, code);
    return fail(Errc::Io, "the file cannot be written", path.string());
}

int env(const Console &console, const Options &options)
{
    const Result<Whereabouts> where = whereabouts();
    if (!where)
        return console.fail(where.error());
    if (!options.conf.empty()) {
        if (const auto written = writePrivate(options.conf, configYaml(*where)); !written)
            return console.fail(written.error());
        console.note(std::format("wrote {}", options.conf));
        return kYes;
    }
    const Variables variables = variablesOf(*where);
    if (console.json() || options.format == "json") {
        Json document = Json::object({{"version", 1}});
        for (const auto &[name, value] : variables)
            document.set(name, value);
        console.document(document);
        return kYes;
    }
    for (const auto &[name, value] : variables) {
        if (options.format == "shell")
            console.line(std::format("export {}={}", name, shellQuoted(value)));
        else
            console.line(std::format("{}={}", name, value));
    }
    return kYes;
}

Run defineEnv(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("--format", options->format,
                   "shell (for eval), dotenv, github (for $GITHUB_ENV), json")
        ->check(CLI::IsMember({"shell", "dotenv", "github", "json"}))
        ->capture_default_str();
    app.add_option("--conf", options->conf,
                   "write a configuration file of APISIX's form here instead, mode 0600");
    return [options](const Console &console) { return env(console, *options); };
}

Run defineReload(CLI::App &)
{
    return [](const Console &console) -> int {
        const Result<Json> done = askControl("POST", "/v1/secrets/reload");
        if (!done)
            return console.fail(done.error());
        const Json *asked = done->find("asked");
        const Json *problems = done->find("problems");
        if (console.json())
            console.document(Json::object({{"version", 1},
                                           {"asked", asked ? *asked : Json(0)},
                                           {"problems", problems ? *problems : Json::array()}}));
        else if (!console.quiet)
            console.line(std::format("{} asked for again", asked ? asked->lexeme() : "0"));
        for (const Json &problem : problems ? problems->items() : Json::Array())
            console.note(printable(std::format("{}: {}", problem.stringOr("key", ""),
                                               problem.stringOr("message", ""))));
        return problems && problems->size() > 0 ? kNo : kYes;
    };
}

} // namespace

const Command gatewayEnvCommand{
    "gateway env", "print where the running gateway is, as variables", kEnvExamples, defineEnv,
    "Prints POSTERN_PROXY_URL, POSTERN_ADMIN_URL, POSTERN_ADMIN_KEY and POSTERN_SOCKET, and the "
    "names under which manuals and other tools look for the key (admin_key, ADMIN_API_KEY, "
    "ADC_SERVER, ADC_TOKEN)."};
const Command gatewayReloadSecretsCommand{
    "gateway reload-secrets", "ask the secret managers for every secret again, at once",
    kReloadExamples, defineReload,
    "Values of secret managers are kept for 300 seconds. This asks for each again and returns "
    "when the gateway works with the answers. Exit code 1: some reference still has no value; "
    "which, is said on stderr."};

} // namespace postern::cli
