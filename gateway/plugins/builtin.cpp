// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <array>

namespace postern::gateway {

namespace {

// By APISIX priority, highest first: the order they run in.
constexpr std::array<const PluginSpec *, 9> kPlugins{
    &multiAuthPlugin, // 2600: authentication runs in rewrite, before every access plugin
    &hmacAuthPlugin, // 2530
    &basicAuthPlugin, // 2520
    &jwtAuthPlugin, // 2510
    &keyAuthPlugin, // 2500
    &aclPlugin, // 2410: needs the consumer
    &consumerRestrictionPlugin, // 2400: needs the consumer
    &attachConsumerLabelPlugin, // 2399: needs the consumer
    &limitCountPlugin, // 1002: may count by consumer
};

} // namespace

std::span<const PluginSpec *const> builtinPlugins() noexcept { return kPlugins; }

const PluginSpec *findPlugin(std::string_view name) noexcept
{
    const auto found = std::ranges::find(kPlugins, name, &PluginSpec::name);
    return found != kPlugins.end() ? *found : nullptr;
}

} // namespace postern::gateway
