// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace postern::gui {

/// The text of a menu or button as it is read out: without its mnemonic ("&New", "新建(&N)"; "&&"
/// is "&") and without "…" at its end.
[[nodiscard]] QString withoutMnemonic(QString text);
/// The same with its "…": for a button that shows no mnemonic.
[[nodiscard]] QString buttonText(QString text);

} // namespace postern::gui
