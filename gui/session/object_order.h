// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gui/session/workspace.h"

#include <string>
#include <string_view>
#include <vector>

namespace postern::gui {

/// "/consumers/jack/credentials/x" -> "/consumers/jack"; empty for what belongs to nothing.
[[nodiscard]] std::string ownerOf(std::string_view key);
/// Whether `key` lies below `owner` ("/consumers/jack" owns "/consumers/jack/credentials/x").
[[nodiscard]] bool isBelow(std::string_view key, std::string_view owner) noexcept;

/// The object without the times that the gateway keeps.
[[nodiscard]] Json withoutTimes(const Json &object);
/// Equal, times aside: two objects that differ in nothing that a user writes.
[[nodiscard]] bool isSameObject(const Json &one, const Json &other);

/// The edits as Admin API calls in an order in which each finds what it refers to: referenced
/// kinds are written first and deleted last. What goes with its deleted owner is left out.
[[nodiscard]] std::vector<AdminCall> callsOf(const std::vector<Edit> &edits);

} // namespace postern::gui
