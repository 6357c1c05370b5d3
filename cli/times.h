// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/jose/claim_table.h"

#include <string>
#include <string_view>

namespace postern::cli {

/// The time a command works at: `--clock`, else POSTERN_CLOCK, else the real time.
[[nodiscard]] Result<Timestamp> timeOf(std::string_view option);

/// A duration option as whole seconds. \param name the option, for the error's place
[[nodiscard]] Result<std::int64_t> secondsOf(std::string_view text, std::string_view name);

} // namespace postern::cli
