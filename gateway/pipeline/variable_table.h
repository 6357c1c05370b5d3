// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/exchange.h"

#include <optional>
#include <string_view>

namespace postern::gateway {

/// How a variable with a name of its own ("uri", "remote_addr") is read. What it returns lives in
/// the exchange or for ever.
using VariableGetter = std::optional<std::string_view> (*)(Exchange &);

/// \return nullptr if no variable is called so
[[nodiscard]] VariableGetter findVariable(std::string_view name) noexcept;

/// The value of a header by nginx's name for it (lower case, '-' as '_'), fields of one name joined
/// as nginx joins them.
[[nodiscard]] std::optional<std::string_view>
headerVariable(Exchange &exchange, const HeaderList &headers, std::string_view name);

} // namespace postern::gateway
