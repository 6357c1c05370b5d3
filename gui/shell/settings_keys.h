// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace postern::gui::setting {

// Names in gui.ini, in one place.
inline constexpr auto kTheme = "appearance/theme"; ///< Theme::Choice as a number
inline constexpr auto kLanguage = "appearance/language"; ///< "de"; empty: the system's
inline constexpr auto kClipboardSeconds = "clipboard/seconds"; ///< 0 to 120; default 10
inline constexpr auto kCopyVariables = "clipboard/variables"; ///< secrets of commands as $NAMES
inline constexpr auto kLockMinutes = "lock/minutes"; ///< of doing nothing; 0: never
inline constexpr auto kGeometry = "window/geometry";
inline constexpr auto kState = "window/state";
inline constexpr auto kPage = "window/page";
inline constexpr auto kCollapsed = "window/navigationCollapsed";
inline constexpr auto kStore = "store/last"; ///< as Session::open() takes it

} // namespace postern::gui::setting
