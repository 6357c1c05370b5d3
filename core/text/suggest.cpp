// SPDX-License-Identifier: Apache-2.0
#include "core/text/suggest.h"

#include <algorithm>
#include <vector>

namespace postern {
namespace {

/// Optimal string alignment distance. Words are short; three rows are enough.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

} // namespace

std::string_view closestWord(std::string_view word, std::span<const std::string_view> candidates)
{
    constexpr std::size_t kLongest = 64;
    if (word.size() > kLongest)
        return {};
    std::size_t best = std::min<std::size_t>(2, word.size() / 2) + 1;
    std::string_view found;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kLongest)
            continue;
        const std::size_t edits = distance(word, candidate);
        if (edits < best) {
            best = edits;
            found = candidate;
        }
    }
    return found;
}

std::string didYouMean(std::string_view word, std::span<const std::string_view> candidates)
{
    const std::string_view found = closestWord(word, candidates);
    if (found.empty())
        return {};
    return std::string("; did you mean \"").append(found).append("\"?");
}

} // namespace postern
