// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <string_view>

namespace postern::gateway {

/// JSON Schema of limit-count, and of its plugin_metadata. apisix.md 4.7.
extern const std::string_view kLimitCountSchema;
extern const std::string_view kLimitCountMetadataSchema;

/// What the schema leaves open, with APISIX's texts.
[[nodiscard]] Result<void> checkLimitCount(const Json &config);

} // namespace postern::gateway
