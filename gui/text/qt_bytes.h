// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace postern::gui {

// The one place where the core's octets and Qt's texts meet.

/// UTF-8 as text; octets that are none are shown as \xNN, never dropped.
[[nodiscard]] QString toText(std::string_view octets);
/// Text as UTF-8.
[[nodiscard]] std::string toOctets(QStringView text);

} // namespace postern::gui
