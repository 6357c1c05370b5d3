// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <string>
#include <string_view>

namespace postern::gateway {

/// Where in an object a validation text points: APISIX's texts name the members on the way, one
/// inside the other (apisix.md 1.13).
///     `property "upstream" validation failed: property "nodes" is required` -> "/upstream"
/// \return a JSON pointer to a value that `object` has; empty for the object itself
[[nodiscard]] std::string faultPointer(std::string_view text, const Json &object);

} // namespace postern::gateway
