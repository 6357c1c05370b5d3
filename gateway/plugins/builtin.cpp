// SPDX-License-Identifier: Apache-2.0
#include "gateway/observe/metrics.h"
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <array>

namespace postern::gateway {

namespace {

// By APISIX priority, highest first: the order they run in.
constexpr auto kPlugins = std::to_array<const PluginSpec *>({
    &requestIdPlugin, // 12015: whatever happens has an id
    &faultInjectionPlugin, // 11000: before authentication
    &mockingPlugin, // 10900
    &corsPlugin, // 4000: a preflight carries no credential
    &ipRestrictionPlugin, // 3000
    &multiAuthPlugin, // 2600: authentication runs in rewrite, before every access plugin
    &hmacAuthPlugin, // 2530
    &basicAuthPlugin, // 2520
    &jwtAuthPlugin, // 2510
    &keyAuthPlugin, // 2500
    &aclPlugin, // 2410: needs the consumer
    &consumerRestrictionPlugin, // 2400: needs the consumer
    &attachConsumerLabelPlugin, // 2399: needs the consumer
    &proxyRewritePlugin, // 1008
    &limitCountPlugin, // 1002: may count by consumer
    &trafficSplitPlugin, // 966
    &redirectPlugin, // 900
    &responseRewritePlugin, // 899
    &publicApiPlugin, // 501
    &prometheusPlugin, // 500: when all is said
    &echoPlugin, // 412
});

constexpr std::array kPublicApis{
    PublicApi{Metrics::kUri, serveMetrics},
    PublicApi{"/apisix/plugin/jwt/sign", serveJwtSign, &PluginEnv::signEndpoint}};

} // namespace

std::span<const PublicApi> publicApis() noexcept { return kPublicApis; }

std::span<const PluginSpec *const> builtinPlugins() noexcept { return kPlugins; }

const PluginSpec *findPlugin(std::string_view name) noexcept
{
    const auto found = std::ranges::find(kPlugins, name, &PluginSpec::name);
    return found != kPlugins.end() ? *found : nullptr;
}

} // namespace postern::gateway
