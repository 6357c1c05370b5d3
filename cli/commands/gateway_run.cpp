// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_key_file.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/gateway_options.h"
#include "cli/signals.h"
#include "cli/target.h"
#include "core/large_heap.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{
        "a configuration file, until Ctrl-C",
        "timeout --preserve-status -s INT 1 postern gateway run --config gateway.yaml --proxy 0 "
        "--admin 0"},
    Example{"on free ports, nothing kept, addresses as one JSON line",
            "timeout --preserve-status -s INT 1 postern gateway run --store memory: --proxy 0 "
            "--admin 0 --port-file -"},
    Example{"also over TLS, with the certificates of its ssls objects",
            "timeout --preserve-status -s INT 1 postern gateway run --store memory: --proxy 0 "
            "--admin 0 --https 0 --port-file -"},
    Example{"a store that stays, at a fixed time",
            "timeout --preserve-status -s INT 1 postern gateway run --store sqlite:postern.db "
            "--proxy 0 --admin 0 --clock 2030-01-01T00:00:00Z --port-file ports.json"},
    Example{
        "APISIX's standalone file, which is read again when it changes",
        "printf 'routes:\\n- {uri: /*, upstream: {nodes: {\"httpbin.org:80\": 1}}}\\n#END\\n' > "
        "apisix.yaml && timeout --preserve-status -s INT 1 postern gateway run --standalone "
        "apisix.yaml --proxy 0 --admin 0"},
    Example{"APISIX's own control API and its status, too",
            "timeout --preserve-status -s INT 1 postern gateway run --standalone api --proxy 0 "
            "--admin 0 --control-apisix 0 --status 0 --port-file -"},
};

struct Options
{
    GatewayArguments gateway;
    std::string portFile;
};

int run(Console &console, const Options &options)
{
    const auto begin = std::chrono::steady_clock::now();
    Result<Config> config = findConfig(options.gateway);
    if (config) {
        if (const auto filled = fillAdminKeys(*config, console); !filled)
            return console.fail(filled.error());
    }
    Result<gateway::GatewayOptions> settings =
        config ? gatewayOptions(*config, options.gateway) : std::unexpected(config.error());
    if (!settings)
        return console.fail(settings.error());
    if (settings->workers == 1 && console.verbosity > 0)
        console.note("one worker");

    // Before any thread starts, so that every thread has them blocked and only this one takes them.
    const SignalWaiter signals({SIGINT, SIGTERM, SIGHUP});
    const GatewayFiles files = filesOf(options.gateway, settings->store);
    int argc = 1;
    char name[] = "postern";
    char *argv[] = {name, nullptr};
    const QCoreApplication application(argc, argv);
    const auto running = gateway::Gateway::start(std::move(*settings));
    if (!running)
        return console.fail(running.error());
    const gateway::GatewayAddresses addresses = (*running)->addresses();
    if (const auto left = leaveReadyFile(addresses, config->profile, files); !left)
        console.note(describe(left.error()));
    const std::string line = readyLine(addresses, config->profile).dump() + '\n';
    if (const auto written = writePortFile(options.portFile, line); !written) {
        removeReadyFile(addresses.controlSocket);
        return console.fail(written.error());
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    const std::string https = addresses.httpsUrl();
    console.note(std::format("gateway ready in {} ms  proxy {}{}{}  admin {}  profile {}",
                             took.count(), addresses.proxyUrl(), https.empty() ? "" : "  https ",
                             https, addresses.adminUrl(), config->profile));
    trimLargeHeap();
    int signal = SIGHUP;
    while (signal == SIGHUP) // a closed terminal is no reason to end a service
        signal = signals.wait();
    console.note("stopping");
    removeReadyFile(addresses.controlSocket);
    (*running)->stop();
    return kYes;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addGatewayOptions(app, options->gateway, true);
    app.add_option("--port-file", options->portFile,
                   "write one JSON line here when ready; - is stdout");
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command gatewayRunCommand{"gateway run", "run a gateway until it is interrupted", kExamples,
                                define,
                                "With --standalone FILE the configuration is a file in APISIX's "
                                "format, which is read again when it changes; it ends with #END, "
                                "and ${{NAME}} and ${{NAME:=default}} are variables of the "
                                "environment. With --standalone api it is replaced as a whole by "
                                "PUT /apisix/admin/configs. 'postern config validate' checks such "
                                "files."};

} // namespace postern::cli
