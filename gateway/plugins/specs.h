// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/plugin.h"

namespace postern::gateway {

// What each file in gateway/plugins exports; builtin.cpp puts them in order.
extern const PluginSpec aclPlugin;
extern const PluginSpec attachConsumerLabelPlugin;
extern const PluginSpec basicAuthPlugin;
extern const PluginSpec consumerRestrictionPlugin;
extern const PluginSpec corsPlugin;
extern const PluginSpec echoPlugin;
extern const PluginSpec faultInjectionPlugin;
extern const PluginSpec hmacAuthPlugin;
extern const PluginSpec ipRestrictionPlugin;
extern const PluginSpec jwtAuthPlugin;
extern const PluginSpec keyAuthPlugin;
extern const PluginSpec limitCountPlugin;
extern const PluginSpec mockingPlugin;
extern const PluginSpec multiAuthPlugin;
extern const PluginSpec prometheusPlugin;
extern const PluginSpec proxyRewritePlugin;
extern const PluginSpec publicApiPlugin;
extern const PluginSpec redirectPlugin;
extern const PluginSpec requestIdPlugin;
extern const PluginSpec responseRewritePlugin;
extern const PluginSpec trafficSplitPlugin;

// Endpoints of theirs, for public-api.
Verdict serveMetrics(Exchange &exchange, const Metrics *metrics);
Verdict serveJwtSign(Exchange &exchange, const Metrics *metrics);

} // namespace postern::gateway
