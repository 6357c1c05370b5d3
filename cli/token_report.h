// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/output.h"
#include "core/clock.h"
#include "core/jose/token_view.h"
#include "core/json/json.h"

#include <string_view>

namespace postern::cli {

/// Prints what a token says, byte-faithfully, with dates, meanings, sizes and every fault marked in
/// the text. Nothing of it was verified, and it says so.
void printView(const Console &console, const TokenView &view, Timestamp now);

/// The same as JSON: {"version":1,"shape",…,"signature":{"checked":false,…}}.
[[nodiscard]] Json viewToJson(const TokenView &view, Timestamp now);

} // namespace postern::cli
