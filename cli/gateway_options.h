// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/config.h"
#include "core/error.h"
#include "gateway/gateway.h"

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace postern::cli {

/// How a gateway is described on the command line, on top of the configuration file.
struct GatewayArguments
{
    std::string config, store, proxy, admin, control, adminKey, clock, clockMode;
    std::size_t workers = 0;
    bool noTokenCache = false;
};

/// \param listening also --proxy, --admin, --control, --store
void addGatewayOptions(CLI::App &app, GatewayArguments &arguments, bool listening);

/// The file named by --config or POSTERN_CONFIG, else the nearest postern.yaml upwards, else the
/// defaults.
[[nodiscard]] Result<Config> findConfig(const GatewayArguments &arguments);

/// What the engine is told: flag before variable before file before default. The configuration's
/// objects are moved out of it.
/// \return Config, Unsupported (an option of the file that this build has not), InvalidArgument
[[nodiscard]] Result<gateway::GatewayOptions> gatewayOptions(Config &config,
                                                             const GatewayArguments &arguments);

} // namespace postern::cli
