// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace postern::gui {

/// Why nothing can be read from a path that was dropped or named, as a sentence: it is gone, a
/// folder, a pipe or a device, empty, or not for this user. Opens nothing: a pipe would hang.
/// \return empty: it can be read
[[nodiscard]] QString fileFault(const QString &path);

} // namespace postern::gui
