// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_access.h"
#include "cli/command.h"
#include "cli/exec/child.h"
#include "cli/exec/guardian.h"
#include "cli/exec/observations.h"
#include "cli/exec/processes.h"
#include "cli/exec/templates.h"
#include "cli/exit_codes.h"
#include "cli/gateway_options.h"
#include "cli/signals.h"
#include "cli/target.h"
#include "cli/times.h"
#include "core/bytes/encoding.h"
#include "core/crypto/random.h"
#include "core/json/parse.h"
#include "gateway/vault/dev_vault.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <format>
#include <map>
#include <memory>
#include <thread>

#include <sys/prctl.h>
#include <unistd.h>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"a gateway around a command",
            "postern exec -- sh -c 'curl -s -o answer.txt $POSTERN_PROXY_URL/get'"},
    Example{"existing scripts with the manual's variables",
            "postern exec --compat-env -- sh -c 'curl -s -o answer.txt -H \"X-API-KEY: "
            "$ADMIN_API_KEY\" $ADC_SERVER/apisix/admin/routes'"},
    Example{"a test must be refused nothing, and leaves its traces",
            "postern exec --config gateway.yaml --fail-on-denied --artifacts out -- sh -c 'curl -s "
            "-o answer.txt $POSTERN_PROXY_URL/headers'",
            Needs::Nothing, kNo},
    Example{"with a secret manager beside it",
            "postern exec --vault -- sh -c 'postern vault enable kv && postern vault put kv/jack "
            "key=secret'"},
    Example{"the command's exit code comes through", "postern exec -- sh -c 'exit 42'",
            Needs::Nothing, 42},
};

struct Options
{
    GatewayArguments gateway;
    ObservationOptions observations;
    std::string timeout, grace, portFile;
    bool fixedPorts = false, https = false, compatEnv = false, vault = false;
    std::vector<std::string> command;
};

using Variables = std::map<std::string, std::string>;

/// What belongs to one run and is gone with it.
struct RunScope
{
    std::string id;
    std::filesystem::path directory;
    ~RunScope()
    {
        std::error_code code;
        if (!directory.empty())
            std::filesystem::remove_all(directory, code);
    }
    RunScope() = default;
    RunScope(const RunScope &) = delete;
    RunScope &operator=(const RunScope &) = delete;
};

int failed(const Console &console, const Error &error)
{
    console.fail(error);
    return kExecFailed;
}

Result<gateway::GatewayOptions> settingsOf(Config &config, const Options &options,
                                           const std::filesystem::path &directory)
{
    constexpr std::size_t kWorkers = 2;
    GatewayArguments arguments = options.gateway;
    arguments.store = "memory:";
    arguments.control = "unix:" + (directory / "control.sock").string();
    if (!options.fixedPorts) {
        arguments.proxy = arguments.admin = "127.0.0.1:0";
        for (auto *port :
             {&config.listen.controlApisix, &config.listen.status, &config.listen.metrics}) {
            if (*port)
                (*port)->port = 0;
        }
    } else {
        if (!config.listen.controlApisix)
            config.listen.controlApisix = ListenAddress{"127.0.0.1", 9090};
        if (!config.listen.metrics) // where APISIX exports its metrics
            config.listen.metrics = ListenAddress{"127.0.0.1", 9091};
    }
    const bool https = options.https || options.fixedPorts || config.listen.proxyTls.has_value();
    if (https && (!options.fixedPorts || !config.listen.proxyTls))
        arguments.https = options.fixedPorts ? "127.0.0.1:9443" : "127.0.0.1:0";
    if (arguments.workers == 0 && config.workers == 0)
        arguments.workers = std::min<std::size_t>(kWorkers, std::thread::hardware_concurrency());
    return gatewayOptions(config, arguments);
}

Result<std::string> credentialMember(AdminAccess &admin, const TemplateCall &call)
{
    const std::string path =
        std::format("/consumers/{}/credentials", encodePercent(call.arguments.front()));
    const Result<Json> answer = admin.request("GET", path);
    if (!answer)
        return std::unexpected(answer.error());
    const Json *const list = answer->find("list");
    for (const Json &node : list ? list->items() : Json::Array()) {
        const Json *const value = node.find("value");
        const Json *const plugins = value ? value->find("plugins") : nullptr;
        if (plugins == nullptr
            || (call.arguments.size() > 1 && value->stringOr("id", "") != call.arguments[1]))
            continue;
        for (const auto &[name, config] : plugins->members()) {
            if (const Json *const member = config.find(call.member); member && member->isString())
                return member->asString();
        }
    }
    return fail(Errc::NotFound, std::format("no credential has \"{}\"", call.member),
                call.arguments.front());
}

Result<std::string> evaluate(AdminAccess &admin, const TemplateCall &call)
{
    if (call.arguments.empty())
        return fail(Errc::Config, "name the consumer", call.function);
    if (call.function == "credential" && !call.member.empty())
        return credentialMember(admin, call);
    if (call.function != "token" || !call.member.empty())
        return fail(Errc::Config, "there is token('jack', ttl='1h') and credential('jack').key",
                    call.function);
    std::optional<std::int64_t> ttl;
    if (const auto named = call.named.find("ttl"); named != call.named.end()) {
        const Result<std::int64_t> seconds = secondsOf(named->second, "ttl");
        if (!seconds)
            return std::unexpected(seconds.error());
        ttl = *seconds;
    }
    return mintForConsumer(admin, call.arguments.front(),
                           call.arguments.size() > 1 ? call.arguments[1] : std::string(), ttl);
}

Result<Variables> variablesOf(const Config &config, const Options &options,
                              const gateway::GatewayAddresses &addresses, const std::string &runId)
{
    Variables variables{{"POSTERN_PROXY_URL", addresses.proxyUrl()},
                        {"POSTERN_ADMIN_URL", addresses.adminUrl()},
                        {"POSTERN_ADMIN_KEY", addresses.adminKey},
                        {"POSTERN_SOCKET", addresses.controlSocket},
                        {"POSTERN_RUN_ID", runId}};
    if (const std::string https = addresses.httpsUrl(); !https.empty())
        variables["POSTERN_HTTPS_URL"] = https;
    if (const std::string upstream = addresses.upstreamUrl(); !upstream.empty())
        variables["POSTERN_UPSTREAM_URL"] = upstream;
    if (options.compatEnv || config.exec.compatEnv) {
        const std::string url = addresses.adminUrl();
        variables["ADMIN_API_KEY"] = variables["admin_key"] = addresses.adminKey;
        variables["ADC_TOKEN"] = addresses.adminKey;
        variables["ADC_SERVER"] = url.substr(0, url.find("/apisix/admin"));
    }
    if (config.exec.environment.empty())
        return variables;
    // Templates look into this gateway, not into one that our own environment names.
    setenv("POSTERN_SOCKET", addresses.controlSocket.c_str(), 1);
    const auto admin = openAdminAt({addresses.adminUrl(), addresses.adminKey});
    for (const auto &[name, text] : config.exec.environment) {
        Result<std::string> value = expandTemplates(
            text, [&admin](const TemplateCall &call) { return evaluate(*admin, call); });
        if (!value) {
            value.error().where = std::format("exec.env.{}: {}", name, value.error().where);
            return std::unexpected(value.error());
        }
        variables[name] = std::move(*value);
    }
    return variables;
}

std::vector<std::string> environmentWith(const Variables &variables)
{
    std::vector<std::string> out;
    for (char **entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (!variables.contains(std::string(text.substr(0, text.find('=')))))
            out.emplace_back(text);
    }
    for (const auto &[name, value] : variables)
        out.push_back(std::format("{}={}", name, value));
    return out;
}

// " (jwt-auth 5, acl 3)": which plugin refused how many, as far as traces are kept.
std::string deniedBy(const std::string &socket)
{
    const gateway::ControlClient client(gateway::ServerAddress{socket, {}, 0, {}});
    gateway::ClientRequest request;
    request.target = "/v1/traces?decision=denied&limit=10000";
    const auto response = client.send(request);
    const Result<Json> json = response ? parseJson(response->body) : fail(Errc::Remote);
    const Json *const traces = json ? json->find("traces") : nullptr;
    std::map<std::string, std::size_t> counts;
    for (const Json &trace : traces ? traces->items() : Json::Array()) {
        const Json *const steps = trace.find("steps");
        for (const Json &step : steps ? steps->items() : Json::Array()) {
            if (step.stringOr("outcome", "") == "failed" && !step.stringOr("subject", "").empty()
                && step.stringOr("step", "") != "route") {
                ++counts[std::string(step.stringOr("subject", ""))];
                break;
            }
        }
    }
    std::string text;
    for (const auto &[plugin, count] : counts)
        text += std::format("{}{} {}", text.empty() ? " (" : ", ", plugin, count);
    return text.empty() ? text : text + ')';
}

std::string summary(const gateway::GatewayTotals &totals, const std::string &socket, int exit)
{
    std::string text =
        std::format("{} requests: {} allowed, {} denied{}", totals.requests, totals.allowed,
                    totals.denied, totals.denied > 0 ? deniedBy(socket) : std::string());
    if (totals.unmatched > 0)
        text += std::format(", {} without route", totals.unmatched);
    if (totals.failed > 0)
        text += std::format(", {} failed", totals.failed);
    return text + std::format("; exit {}", exit);
}

Result<ChildOptions> childOptions(const Options &options, const Config &config)
{
    ChildOptions child;
    child.command = options.command;
    child.grace = config.exec.grace;
    if (!options.timeout.empty()) {
        const Result<Duration> timeout = parseDuration(options.timeout);
        if (!timeout)
            return fail(timeout.error().code, timeout.error().detail, "--timeout");
        child.timeout = *timeout;
    }
    if (!options.grace.empty()) {
        const Result<Duration> grace = parseDuration(options.grace);
        if (!grace)
            return fail(grace.error().code, grace.error().detail, "--grace");
        child.grace = *grace;
    }
    return child;
}

// A request is counted behind its last octet: the command may have ended before. Every worker
// answers this question, and does so after what it was at.
void awaitCounts(const std::string &socket)
{
    const gateway::ControlClient client(gateway::ServerAddress{socket, {}, 0, {}});
    gateway::ClientRequest request;
    request.target = "/v1/traces?limit=1";
    static_cast<void>(client.send(request));
}

// The command's exit code, or 1 where it succeeded and the gateway saw what it must not.
int judge(const Console &console, const ObservationOptions &options,
          const gateway::Gateway &running, int exit)
{
    const std::string socket = running.addresses().controlSocket;
    awaitCounts(socket);
    const gateway::GatewayTotals totals = running.totals();
    const auto range = parseRequestRange(options.expectRequests);
    const std::vector<std::string> unmet =
        unmetDemands(options, range.value_or(RequestRange{}), totals);
    for (const std::string &demand : unmet)
        console.note(demand);
    const int code = exit == kYes && !unmet.empty() ? kNo : exit;
    console.note(summary(totals, socket, code));
    if (!options.artifacts.empty()) {
        if (const auto written = writeArtifacts(options.artifacts, socket); !written)
            return failed(console, written.error());
    }
    return code;
}

// Its variables are set before the gateway starts, which reads references to them at any time.
Result<std::unique_ptr<gateway::DevVault>> startVault(const Options &options)
{
    if (!options.vault)
        return nullptr;
    gateway::DevVaultOptions settings;
    if (!options.fixedPorts)
        settings.port = 0;
    settings.token = environment("VAULT_TOKEN", settings.token);
    auto vault = gateway::DevVault::start(settings);
    if (vault) {
        setenv("VAULT_ADDR", (*vault)->url().c_str(), 1);
        setenv("VAULT_TOKEN", settings.token.c_str(), 1);
    }
    return vault;
}

int runInside(const Console &console, const Options &options, Config &config, ChildOptions child,
              const RunScope &scope)
{
    const auto begin = std::chrono::steady_clock::now();
    const SignalWaiter signals({SIGINT, SIGTERM, SIGHUP, SIGCHLD});
    Result<gateway::GatewayOptions> settings = settingsOf(config, options, scope.directory);
    if (!settings)
        return failed(console, settings.error());
    int argc = 1;
    char name[] = "postern";
    char *argv[] = {name, nullptr};
    const QCoreApplication application(argc, argv);
    const auto vault = startVault(options);
    if (!vault)
        return failed(console, vault.error());
    const auto running = gateway::Gateway::start(std::move(*settings));
    if (!running)
        return failed(console, running.error());
    const gateway::GatewayAddresses addresses = (*running)->addresses();
    // For completion in a shell inside; gone with the run's directory.
    if (const auto left =
            leaveReadyFile(addresses, config.profile, filesOf(options.gateway, "memory:"));
        !left)
        return failed(console, left.error());
    const Result<Variables> variables = variablesOf(config, options, addresses, scope.id);
    if (!variables)
        return failed(console, variables.error());
    const std::string line = readyLine(addresses, config.profile).dump() + '\n';
    if (const auto written = writePortFile(options.portFile, line); !written)
        return failed(console, written.error());
    child.environment = environmentWith(*variables);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    console.note(std::format("gateway ready in {} ms  proxy {}  admin {}  profile {}", took.count(),
                             addresses.proxyUrl(), addresses.adminUrl(), config.profile));

    // Orphans of the command become our children, so that none escapes the count below.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const Result<ChildEnd> end = runChild(child, signals);
    const std::size_t left = endProcessesOfRun(
        scope.id, std::chrono::duration_cast<std::chrono::milliseconds>(child.grace));
    if (left > 0)
        console.note(std::format("ended {} process(es) that the command left behind", left));
    if (!options.portFile.empty() && options.portFile != "-")
        ::unlink(options.portFile.c_str());
    if (!end)
        return failed(console, end.error());
    if (!end->problem.empty()) {
        console.fail({Errc::CannotStart, end->problem, {}});
        return end->exit;
    }
    const int exit = judge(console, options.observations, **running, end->exit);
    (*running)->stop();
    return exit;
}

int run(Console &console, const Options &options)
{
    Result<Config> config = findConfig(options.gateway);
    if (const auto range = parseRequestRange(options.observations.expectRequests); !range)
        return failed(console, range.error());
    Result<ChildOptions> child =
        config ? childOptions(options, *config) : std::unexpected(config.error());
    if (!child)
        return failed(console, child.error());
    RunScope scope;
    Result<std::filesystem::path> directory = makeRunDirectory();
    const auto octets = randomOctets(8);
    if (!directory || !octets)
        return failed(console, directory ? octets.error() : directory.error());
    scope.directory = std::move(*directory);
    scope.id = encodeHex(octets->view());
    const Result<Guardian> guardian =
        Guardian::start(scope.id, scope.directory,
                        std::chrono::duration_cast<std::chrono::milliseconds>(child->grace));
    if (!guardian)
        return failed(console, guardian.error());
    return runInside(console, options, *config, std::move(*child), scope);
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addGatewayOptions(app, options->gateway, false);
    app.add_flag("--fixed-ports", options->fixedPorts,
                 "9080, 9443, 9180, 9090 and 9091 (metrics), or the file's ports");
    app.add_flag("--https", options->https, "also listen for TLS: POSTERN_HTTPS_URL");
    app.add_flag("--compat-env", options->compatEnv,
                 "also set ADMIN_API_KEY, admin_key, ADC_SERVER, ADC_TOKEN");
    app.add_flag("--vault", options->vault,
                 "also run 'postern vault'; sets VAULT_ADDR and VAULT_TOKEN");
    app.add_option("--timeout", options->timeout, "end the command after this time; exit 124");
    app.add_option("--grace", options->grace, "time between asking and forcing (5s)");
    app.add_option("--port-file", options->portFile,
                   "write one JSON line here when ready; - is stdout");
    addObservationOptions(app, options->observations);
    app.add_option("command", options->command, "the command and its arguments, behind --")
        ->required();
    app.positionals_at_end();
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command execCommand{"exec", "run a command with a gateway around it", kExamples, define};

} // namespace postern::cli
