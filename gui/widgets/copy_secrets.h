// SPDX-License-Identifier: Apache-2.0
#pragma once

class QAction;
class QSettings;

namespace postern::gui {

class Shell;

/// Whether secrets in copied commands stand as $VARIABLES of the environment; else their values do.
[[nodiscard]] bool copiesVariables(const QSettings &settings);

/// The command by which the user chooses that, the same in every menu; remembered.
[[nodiscard]] QAction *copyVariablesAction(Shell &shell);

} // namespace postern::gui
