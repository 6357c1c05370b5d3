// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_access.h"

#include "cli/arguments.h"
#include "cli/gateway_options.h"
#include "cli/output.h"
#include "core/config/config.h"

#include <CLI/CLI.hpp>

#include <format>

namespace postern::cli {
namespace {

Result<std::unique_ptr<AdminAccess>> openSource(const ObjectSource &source)
{
    std::vector<ConfigObject> objects;
    const GatewayProfile *profile = nullptr;
    if (!source.config.empty()) {
        auto config = loadConfig(source.config);
        if (!config)
            return std::unexpected(config.error());
        profile = findGatewayProfile(config->profile);
        objects = std::move(config->objects);
    }
    return gateway::openStoreAdmin(source.store, std::move(objects),
                                   profile ? *profile : defaultGatewayProfile());
}

Result<Timestamp> gatewayTime()
{
    const Result<Json> clock = askControl("GET", "/v1/clock");
    if (!clock) // a gateway without control API, as a real APISIX
        return Clock().now();
    return parseTime(clock->stringOr("now", ""), Clock().now());
}

} // namespace

void addObjectSourceOptions(CLI::App &app, ObjectSource &source)
{
    app.add_option("--config", source.config,
                   "configuration file to look in, instead of the running gateway");
    app.add_option("--store", source.store, "store to work on: memory:, sqlite:PATH");
}

Result<std::unique_ptr<AdminAccess>> openAdmin(const ObjectSource &source)
{
    if (!source.config.empty() || !source.store.empty())
        return openSource(source);
    auto target = adminTarget();
    if (!target) {
        // Not taken by itself: what a gateway has and what its file says may differ.
        std::error_code code;
        const auto near = nearestConfig(std::filesystem::current_path(code));
        if (target.error().code == Errc::Remote)
            target.error().detail += near.empty()
                ? std::string("; or name its file with --config, its store with --store")
                : std::format(
                      "; or look into the file with --config {}",
                      near.lexically_proximate(std::filesystem::current_path(code)).string());
        return std::unexpected(target.error());
    }
    return openAdminAt(std::move(*target));
}

std::unique_ptr<AdminAccess> openAdminAt(AdminTarget target)
{
    return gateway::openRemoteAdmin(std::move(target), gatewayTime);
}

std::vector<WhyCandidate> consumerKeys(const ObjectSource &source)
{
    const bool named = !source.config.empty() || !source.store.empty();
    if (!named && !controlAddress() && !hasEnvironment("POSTERN_ADMIN_URL"))
        return {};
    const auto admin = openAdmin(source);
    return admin ? gateway::consumerKeys(**admin) : std::vector<WhyCandidate>();
}

} // namespace postern::cli
