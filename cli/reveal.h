// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace postern::cli {

/// Adds `--reveal`, which shows secrets. Where CI is set and stdout is a terminal it is refused,
/// for such a terminal is a log that others read; `--reveal=yes` insists.
/// \param reveal becomes true; must live as long as the app
void addReveal(CLI::App &app, bool &reveal);

} // namespace postern::cli
