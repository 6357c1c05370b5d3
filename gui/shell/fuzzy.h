// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <optional>

namespace postern::gui {

/// How well a text fits what was typed: every word of `pattern` must occur in `text`, letter by
/// letter in order; letters at the start of words and letters in a row count more. Case is ignored.
/// \return higher is better; nullopt: it does not fit; 0 for an empty pattern
[[nodiscard]] std::optional<int> fuzzyScore(QStringView pattern, QStringView text);

} // namespace postern::gui
