// SPDX-License-Identifier: Apache-2.0
#include "gui/text/line_diff.h"

#include <QStringList>

#include <algorithm>

namespace postern::gui {

namespace {

constexpr qsizetype kMostLines = 1000;

/// Length of the longest common subsequence of before[i…] and after[j…], for every i and j.
class CommonLengths
{
public:
    CommonLengths(const QStringList &before, const QStringList &after)
        : m_columns(static_cast<std::size_t>(after.size()) + 1),
          m_lengths((static_cast<std::size_t>(before.size()) + 1) * m_columns)
    {
        for (qsizetype i = before.size() - 1; i >= 0; --i)
            for (qsizetype j = after.size() - 1; j >= 0; --j)
                m_lengths[place(i, j)] = before.at(i) == after.at(j)
                    ? at(i + 1, j + 1) + 1
                    : std::max(at(i + 1, j), at(i, j + 1));
    }
    [[nodiscard]] int at(qsizetype i, qsizetype j) const { return m_lengths[place(i, j)]; }

private:
    [[nodiscard]] std::size_t place(qsizetype i, qsizetype j) const
    {
        return static_cast<std::size_t>(i) * m_columns + static_cast<std::size_t>(j);
    }
    std::size_t m_columns;
    std::vector<int> m_lengths;
};

QStringList linesOf(const QString &text)
{
    return text.isEmpty() ? QStringList() : text.split(QLatin1Char('\n'));
}

} // namespace

std::vector<DiffLine> diffLines(const QString &before, const QString &after)
{
    const QStringList left = linesOf(before);
    const QStringList right = linesOf(after);
    std::vector<DiffLine> result;
    const bool whole = std::max(left.size(), right.size()) > kMostLines;
    if (whole && before != after) {
        for (const QString &line : left)
            result.push_back({DiffLine::Kind::Removed, line});
        for (const QString &line : right)
            result.push_back({DiffLine::Kind::Added, line});
        return result;
    }
    if (before == after) {
        for (const QString &line : left)
            result.push_back({DiffLine::Kind::Same, line});
        return result;
    }
    const CommonLengths common(left, right);
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < left.size() || j < right.size()) {
        if (i < left.size() && j < right.size() && left.at(i) == right.at(j)) {
            result.push_back({DiffLine::Kind::Same, left.at(i)});
            ++i;
            ++j;
        } else if (j >= right.size()
                   || (i < left.size() && common.at(i + 1, j) >= common.at(i, j + 1))) {
            result.push_back({DiffLine::Kind::Removed, left.at(i++)});
        } else {
            result.push_back({DiffLine::Kind::Added, right.at(j++)});
        }
    }
    return result;
}

} // namespace postern::gui
