// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json/json.h"

#include <optional>
#include <string>
#include <string_view>

namespace postern::cli {

/// The time a command works at: `--clock`, else POSTERN_CLOCK, else the real time.
[[nodiscard]] Result<Timestamp> timeOf(std::string_view option);

/// A duration option as whole seconds. \param name the option, for the error's place
[[nodiscard]] Result<std::int64_t> secondsOf(std::string_view text, std::string_view name);

/// A NumericDate claim as a time; nullopt if it is no number or beyond the years 1678 to 2262.
[[nodiscard]] std::optional<Timestamp> timeOfClaim(const Json &claim);

/// "in 59 min", "3 s ago", "now".
[[nodiscard]] std::string distanceText(Timestamp time, Timestamp now);

} // namespace postern::cli
