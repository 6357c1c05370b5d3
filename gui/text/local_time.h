// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"

#include <QString>

namespace postern::gui {

/// A time as the user's calendar and clock have it: "11/23/2026 02:48:12". \param millis with them
[[nodiscard]] QString localTime(Timestamp time, bool millis = false);

} // namespace postern::gui
