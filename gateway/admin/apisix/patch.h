// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <span>
#include <string>

namespace postern::gateway {

/// Merges `patch` into `stored`: null deletes a member; where either side is an array or an empty
/// object the new value replaces the old one; objects merge; everything else replaces.
/// apisix.md 1.6 (not RFC 7396: `{"plugins":{}}` clears).
void mergePatch(Json &stored, const Json &patch);

/// Replaces the value at a path, making missing objects on the way.
/// \param path member names, at least one
/// \return nothing, or InvalidArgument "invalid sub-path: /a" when something on the way is no
/// object
[[nodiscard]] Result<void> replaceAt(Json &stored, std::span<const std::string> path, Json value);

} // namespace postern::gateway
