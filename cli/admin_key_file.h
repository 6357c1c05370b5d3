// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/config.h"

namespace postern::cli {

class Console;

/// As APISIX at its start (apisix.md 1.1): an admin's entry of `admin_key` whose key is empty gets
/// a generated one, which is written into the file where the empty one stands, so that it is the
/// same at the next start. Comments and all the rest of the file stay. Where that cannot be done
/// (a read-only file, a key that is not written on one line) the console is told, and the key
/// holds for this run.
/// \return Crypto if there are no random numbers
[[nodiscard]] Result<void> fillAdminKeys(Config &config, const Console &console);

/// The text with `value` where the empty value of the member at `line`:`column` (from 1) stands.
/// \return Config if there is no empty value on that line
[[nodiscard]] Result<std::string> withValue(std::string_view text, std::size_t line,
                                            std::size_t column, std::string_view value);

} // namespace postern::cli
