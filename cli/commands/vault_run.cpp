// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/gateway_options.h"
#include "cli/signals.h"
#include "gateway/vault/dev_vault.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

#include <array>
#include <csignal>
#include <format>
#include <memory>

#include <unistd.h>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"the manuals' store on port 8200, until Ctrl-C",
            "timeout --preserve-status -s INT 1 postern vault run"},
    Example{
        "on a free port, its address as one JSON line",
        "timeout --preserve-status -s INT 1 postern vault run --addr 127.0.0.1:0 --port-file -"},
    Example{"kept in a file",
            "timeout --preserve-status -s INT 1 postern vault run --addr 127.0.0.1:0 --file "
            "secrets.json"},
};

struct Options
{
    std::string address = "127.0.0.1:8200", token, file, portFile;
    bool allowRemote = false;
};

Result<gateway::DevVaultOptions> settingsOf(const Options &options)
{
    const auto address = parseListenAddress(options.address);
    if (!address)
        return fail(Errc::InvalidArgument, "write HOST:PORT or PORT", "--addr");
    if (!isLoopback(address->host) && !options.allowRemote)
        return fail(Errc::InvalidArgument,
                    std::format("{} can be reached from other machines; that wants --allow-remote",
                                address->host),
                    "--addr");
    gateway::DevVaultOptions settings{
        .host = address->host, .port = address->port, .file = options.file};
    // The variable of the original's development server.
    settings.token = options.token.empty() ? environment("VAULT_DEV_ROOT_TOKEN_ID", settings.token)
                                           : options.token;
    return settings;
}

int run(const Console &console, const Options &options)
{
    const Result<gateway::DevVaultOptions> settings = settingsOf(options);
    if (!settings)
        return console.fail(settings.error());
    const SignalWaiter signals({SIGINT, SIGTERM, SIGHUP});
    int argc = 1;
    char name[] = "postern";
    char *argv[] = {name, nullptr};
    const QCoreApplication application(argc, argv);
    const auto running = gateway::DevVault::start(*settings);
    if (!running)
        return console.fail(running.error());
    const std::string url = (*running)->url();
    const Json ready = Json::object({{"ready", true},
                                     {"pid", static_cast<std::int64_t>(::getpid())},
                                     {"address", url},
                                     {"token", settings->token}});
    if (const auto written = writePortFile(options.portFile, ready.dump() + '\n'); !written)
        return console.fail(written.error());
    console.note(std::format("vault ready; VAULT_ADDR={} VAULT_TOKEN={}{}", url, settings->token,
                             settings->file.empty() ? ", in memory" : ""));
    int signal = SIGHUP;
    while (signal == SIGHUP)
        signal = signals.wait();
    console.note("stopping");
    return kYes;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("--addr", options->address, "where to listen (127.0.0.1:8200)");
    app.add_option("--token", options->token, "the root token (root)");
    app.add_option("--file", options->file, "keep what is written here, in clear, mode 0600");
    app.add_option("--port-file", options->portFile,
                   "write one JSON line here when ready; - is stdout");
    app.add_flag("--allow-remote", options->allowRemote,
                 "listen where other machines can reach it");
    return [options](const Console &console) { return run(console, *options); };
}

} // namespace

const Command vaultRunCommand{
    "vault run", "run a Vault-compatible development store until it is interrupted", kExamples,
    define,
    "It speaks the HTTP API of HashiCorp Vault as far as its client needs it for version 1 of the "
    "KV engine; the client itself works with it, too. There is one token and no policy, nothing is "
    "sealed: it is for development. Without --file everything is gone at the end."};

} // namespace postern::cli
