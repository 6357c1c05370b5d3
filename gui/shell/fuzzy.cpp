// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/fuzzy.h"

#include <QList>

#include <algorithm>

namespace postern::gui {

namespace {

bool startsWord(QStringView text, qsizetype at)
{
    return at == 0 || (text.at(at).isLetterOrNumber() && !text.at(at - 1).isLetterOrNumber());
}

/// One word from one place on, greedily.
std::optional<int> scoreFrom(QStringView word, QStringView text, qsizetype start)
{
    int score = 0;
    int row = 0;
    qsizetype at = start;
    for (const QChar letter : word) {
        const qsizetype found = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (found < 0)
            return std::nullopt;
        row = found == at && at != start ? row + 1 : 0;
        score += 1 + (startsWord(text, found) ? 8 : 0) + row * 4
            - static_cast<int>(std::min<qsizetype>(found - at, 6));
        at = found + 1;
    }
    return score;
}

} // namespace

std::optional<int> fuzzyScore(QStringView pattern, QStringView text)
{
    int total = 0;
    const auto words = pattern.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const QStringView word : words) {
        std::optional<int> best;
        for (qsizetype at = text.indexOf(word.front(), 0, Qt::CaseInsensitive); at >= 0;
             at = text.indexOf(word.front(), at + 1, Qt::CaseInsensitive)) {
            const auto score = scoreFrom(word, text, at);
            if (score && (!best || *score > *best))
                best = score;
        }
        if (!best)
            return std::nullopt;
        total += *best;
    }
    return total;
}

} // namespace postern::gui
