// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/config/gateway_profile.h"
#include "core/store/store.h"
#include "gateway/config_service.h"
#include "gateway/pipeline/plugin.h"

#include <memory>
#include <string_view>

namespace postern::gateway {

/// A configuration with nothing in it, to ask what a gateway makes of a file. One thread.
class EmptyGateway
{
public:
    /// \param profile of gatewayProfiles(), whose rules count; the default one if it is none
    explicit EmptyGateway(std::string_view profile = defaultGatewayProfile().name)
        : m_config(openStore("memory:").value(), environmentOf(profile), m_clock,
                   [](const std::shared_ptr<const Snapshot> &) {})
    {
    }

    [[nodiscard]] ConfigService &config() noexcept { return m_config; }

private:
    static PluginEnv environmentOf(std::string_view profile)
    {
        PluginEnv environment;
        if (const GatewayProfile *const known = findGatewayProfile(profile))
            environment.profile = known;
        return environment;
    }

    Clock m_clock;
    ConfigService m_config;
};

} // namespace postern::gateway
