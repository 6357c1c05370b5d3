// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/plugin.h"

namespace postern::gateway {

// What each file in gateway/plugins exports; builtin.cpp puts them in order.
extern const PluginSpec aclPlugin;
extern const PluginSpec attachConsumerLabelPlugin;
extern const PluginSpec basicAuthPlugin;
extern const PluginSpec consumerRestrictionPlugin;
extern const PluginSpec hmacAuthPlugin;
extern const PluginSpec jwtAuthPlugin;
extern const PluginSpec keyAuthPlugin;
extern const PluginSpec limitCountPlugin;
extern const PluginSpec multiAuthPlugin;

} // namespace postern::gateway
