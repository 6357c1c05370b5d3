// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

namespace postern::gateway {

/// The cross checks behind an upstream's schema: node addresses, pass_host, chash. apisix.md 1.10.
/// \return nothing, or Schema with APISIX's text
[[nodiscard]] Result<void> checkUpstreamSettings(const Json &upstream);

} // namespace postern::gateway
