// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace postern::gateway {

/// A query argument as Lua's tonumber() reads it: decimal with fraction and exponent, blanks
/// around. \return nullopt for anything else, and for infinities
[[nodiscard]] std::optional<double> luaNumber(std::string_view text);

} // namespace postern::gateway
