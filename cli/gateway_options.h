// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/target.h"
#include "core/config/config.h"
#include "core/error.h"
#include "gateway/gateway.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace postern::cli {

/// How a gateway is described on the command line, on top of the configuration file.
struct GatewayArguments
{
    std::string config, store, standalone, proxy, https, admin, control, controlApisix, status,
        adminKey, clock, clockMode, profile, gatewayGroup;
    std::vector<std::string> envFiles;
    std::size_t workers = 0;
    bool noTokenCache = false;
};

/// True for addresses that only this machine reaches.
[[nodiscard]] bool isLoopback(std::string_view host) noexcept;

/// \param listening also the addresses, --store and --standalone
void addGatewayOptions(CLI::App &app, GatewayArguments &arguments, bool listening);

/// The nearest postern.yaml of a folder or of those above it; empty if there is none.
[[nodiscard]] std::filesystem::path nearestConfig(const std::filesystem::path &directory);

/// The file named by --config or POSTERN_CONFIG, else the nearest postern.yaml upwards; empty if
/// there is none.
[[nodiscard]] std::filesystem::path configPath(const GatewayArguments &arguments);

/// The configuration in configPath(), else the defaults. The variables of --env-file are set first.
[[nodiscard]] Result<Config> findConfig(const GatewayArguments &arguments);

/// The configuration's files as absolute names, for a gateway that tells where it comes from.
[[nodiscard]] GatewayFiles filesOf(const GatewayArguments &arguments, std::string_view store);

/// What the engine is told: flag before variable before file before default. The configuration's
/// objects are moved out of it.
/// \return Config, Unsupported (an option of the file that this build has not), InvalidArgument
[[nodiscard]] Result<gateway::GatewayOptions> gatewayOptions(Config &config,
                                                             const GatewayArguments &arguments);

} // namespace postern::cli
