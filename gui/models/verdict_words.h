// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <string_view>

namespace postern::gui {

/// A word of a verdict on a token in the user's language: the name of a check ("signature") or the
/// code of a reason ("expired"); claims and codes that have no word are shown as they are.
[[nodiscard]] QString verdictWord(std::string_view code);

/// Likewise a word of the access table: "no login", "whitelist".
[[nodiscard]] QString accessWordText(std::string_view word);

} // namespace postern::gui
