// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <vector>

namespace postern::gui {

/// One line of a comparison.
struct DiffLine
{
    enum class Kind : std::uint8_t { Same, Removed, Added };
    Kind kind = Kind::Same;
    QString text;

    bool operator==(const DiffLine &) const = default;
};

/// Compares texts line by line: the longest common subsequence stays. Texts of more than a thousand
/// lines that differ are given as removed and added as a whole.
[[nodiscard]] std::vector<DiffLine> diffLines(const QString &before, const QString &after);

} // namespace postern::gui
