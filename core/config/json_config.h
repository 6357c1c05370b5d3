// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/config.h"

#include <optional>
#include <string_view>

namespace postern {

/// Reads a configuration of megabytes that is written in JSON, which YAML's reader would take
/// seconds for. Without places: whatever is not as it should be is left to the YAML reader (JSON is
/// YAML), which says where.
/// \return nullopt if the text is small, not JSON, holds `${`, or has any fault
[[nodiscard]] std::optional<Config> parseLargeJsonConfig(std::string_view text,
                                                         std::string_view file);

} // namespace postern
