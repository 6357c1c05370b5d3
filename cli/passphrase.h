// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"

#include <string_view>

namespace postern::cli {

/// True if there is a terminal to ask on (standard input may still be a pipe).
[[nodiscard]] bool canAsk() noexcept;

/// Asks on the terminal, not on the standard streams, without showing what is typed; the
/// terminal's settings come back whatever happens, also on Ctrl-C.
/// \return KeyPassphrase if there is no terminal or nothing was typed
[[nodiscard]] Result<Secret> askPassphrase(std::string_view prompt);

/// Asks for a new passphrase, twice. \return also InvalidArgument if the two differ
[[nodiscard]] Result<Secret> askNewPassphrase();

} // namespace postern::cli
